/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/**
 * SECTION:element-tensorcsvenc
 * @title: tensorcsvenc
 * @see_also: tensorcsvdec, vaescore
 *
 * Writes the rows of tensors as CSV text: a header, then a line per row with
 * the channels, the label, if there is one, and what else there is, the score
 * last. The text does not depend on the locale, and reads back as the same
 * floats: each number has as few digits as that takes. A missing value is an
 * empty cell.
 *
 * ## Example launch lines
 *
 * |[
 * gst-launch-1.0 vaesynth ! tensorcsvenc ! filesink location=series.csv
 * ]|
 * Writes a synthetic series with its labels.
 *
 * |[
 * gst-launch-1.0 filesrc location=test.csv ! tensorcsvdec ! vaescore model=m.bin ! tensorcsvenc ! filesink location=scores.csv
 * ]|
 * Scores a file, and writes it again with the scores.
 *
 * Since: 0.1
 */

#include "gsttensorcsvenc.h"

#include <math.h>

#include "csvnumber.h"
#include "gstvaeelements.h"
#include "gstvaeerror.h"
#include "gstvaetensor.h"

GST_DEBUG_CATEGORY_STATIC (tensorcsvenc_debug);
#define GST_CAT_DEFAULT tensorcsvenc_debug

struct _GstTensorCsvEnc
{
  GstElement parent;

  GstPad *sinkpad;
  GstPad *srcpad;

  GstVaeTensorsInfo info;       /* no tensors before the first caps */
  gboolean header_written;
};

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS (GST_VAE_TENSORS_CAPS));

static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE ("src",
    GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS ("text/csv"));

G_DEFINE_TYPE (GstTensorCsvEnc, gst_tensor_csv_enc, GST_TYPE_ELEMENT);
GST_ELEMENT_REGISTER_DEFINE (tensorcsvenc, "tensorcsvenc", GST_RANK_NONE,
    GST_TYPE_TENSOR_CSV_ENC);

/* --- header ------------------------------------------------------------- */

static gboolean
is_float_with_columns (const GstVaeTensor * tensor, guint cols)
{
  return tensor->type == GST_VAE_FLOAT32 && tensor->cols == cols;
}

/* The first tensor behind the data with a number for each channel, unless it is
 * the score of a single channel. */
static gboolean
has_contributions (const GstVaeTensorsInfo * info, guint index)
{
  for (guint i = 1; i < index; i++) {
    if (is_float_with_columns (&info->tensors[i], info->tensors[0].cols))
      return FALSE;
  }
  return is_float_with_columns (&info->tensors[index], info->tensors[0].cols);
}

static gboolean
has_score (const GstVaeTensorsInfo * info, guint index)
{
  return index == info->n_tensors - 1
      && is_float_with_columns (&info->tensors[index], 1);
}

static void
append_name (GString * header, const GstVaeTensorsInfo * info, guint tensor,
    guint column)
{
  if (tensor == 0)
    g_string_append_printf (header, "c%u", column);
  else if (gst_vae_tensors_find_label (info) == (gint) tensor)
    g_string_append (header, "label");
  else if (has_score (info, tensor))
    g_string_append (header, "score");
  else if (has_contributions (info, tensor))
    g_string_append_printf (header, "c%u_contribution", column);
  else
    g_string_append_printf (header, "t%u_%u", tensor, column);
}

static void
append_header (GString * text, const GstVaeTensorsInfo * info)
{
  for (guint i = 0; i < info->n_tensors; i++) {
    for (guint k = 0; k < info->tensors[i].cols; k++) {
      if (i > 0 || k > 0)
        g_string_append_c (text, ',');
      append_name (text, info, i, k);
    }
  }
  g_string_append_c (text, '\n');
}

/* --- rows --------------------------------------------------------------- */

static gsize
count_cells (const GstVaeTensorsInfo * info)
{
  gsize n = 0;

  for (guint i = 0; i < info->n_tensors; i++)
    n += info->tensors[i].cols;
  return n;
}

static gchar *
write_floats (gchar * p, const gfloat * values, guint n)
{
  for (guint k = 0; k < n; k++) {
    if (!isnan (values[k]))
      p += csv_number_write (values[k], p);
    *p++ = ',';
  }
  return p;
}

static gchar *
write_bytes (gchar * p, const guint8 *values, guint n)
{
  for (guint k = 0; k < n; k++) {
    p += csv_number_write (values[k], p);
    *p++ = ',';
  }
  return p;
}

/* The last comma becomes the line's end. An empty line would be no row, so a
 * missing value that is all of it is spelled out. */
static gchar *
write_row (gchar * text, const GstVaeTensorsInfo * info,
    const GstVaeTensorsMap * map, guint row)
{
  gchar *p = text;

  for (guint i = 0; i < info->n_tensors; i++) {
    const GstVaeTensor *tensor = &info->tensors[i];
    gsize first = (gsize) row * tensor->cols;

    if (tensor->type == GST_VAE_FLOAT32)
      p = write_floats (p, (const gfloat *) map->data[i] + first, tensor->cols);
    else
      p = write_bytes (p, (const guint8 *) map->data[i] + first, tensor->cols);
  }
  if (p == text + 1)
    p += csv_number_write (NAN, text);
  p[-1] = '\n';
  return p;
}

static void
append_row (GString * text, const GstVaeTensorsInfo * info,
    const GstVaeTensorsMap * map, guint row)
{
  gsize length = text->len;
  gsize at_most = count_cells (info) * CSV_NUMBER_SIZE;

  g_string_set_size (text, length + at_most);
  g_string_truncate (text,
      write_row (text->str + length, info, map, row) - text->str);
}

/* --- pads --------------------------------------------------------------- */

static GstFlowReturn
gst_tensor_csv_enc_chain (GstPad * pad, GstObject * parent, GstBuffer * buffer)
{
  GstTensorCsvEnc *self = GST_TENSOR_CSV_ENC (parent);
  g_autoptr (GstBuffer) input = buffer;
  g_autoptr (GError) error = NULL;
  GstVaeTensorsMap map;

  if (self->info.n_tensors == 0) {
    GST_ELEMENT_ERROR (self, CORE, NEGOTIATION,
        ("Rows came without caps that say what they are."), (NULL));
    return GST_FLOW_NOT_NEGOTIATED;
  }
  if (!gst_vae_tensors_map (&map, input, &self->info, &error)) {
    gst_vae_element_error (self, error, GST_RESOURCE_ERROR_READ);
    return GST_FLOW_ERROR;
  }

  GString *text = g_string_new (NULL);

  if (!self->header_written)
    append_header (text, &self->info);
  self->header_written = TRUE;
  for (guint row = 0; row < self->info.tensors[0].rows; row++)
    append_row (text, &self->info, &map, row);
  gst_vae_tensors_unmap (&map);

  gsize length = text->len;
  GstBuffer *output =
      gst_buffer_new_wrapped (g_string_free (text, FALSE), length);

  GST_BUFFER_PTS (output) = GST_BUFFER_PTS (input);
  GST_BUFFER_DURATION (output) = GST_BUFFER_DURATION (input);
  return gst_pad_push (self->srcpad, output);
}

static gboolean
check_types (const GstVaeTensorsInfo * info, GError ** error)
{
  if (!gst_vae_tensors_check_data (info, 0, error))
    return FALSE;
  for (guint i = 1; i < info->n_tensors; i++) {
    GstVaeTensorType type = info->tensors[i].type;

    if (type == GST_VAE_FLOAT32 || type == GST_VAE_UINT8)
      continue;
    g_set_error (error, GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION,
        "Tensor %u is neither float32 nor uint8, which can be written", i);
    return FALSE;
  }
  return TRUE;
}

/* The header has been written: other columns can't follow, though rows of
 * buffers of another size can. */
static gboolean
take_caps (GstTensorCsvEnc * self, const GstCaps * caps, GError ** error)
{
  GstVaeTensorsInfo info;

  if (!gst_vae_tensors_from_caps (&info, caps, error)
      || !check_types (&info, error))
    return FALSE;
  if (self->header_written && !gst_vae_tensors_same_stream (&self->info, &info)) {
    g_set_error (error, GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION,
        "The rows had %" G_GSIZE_FORMAT " columns and now have %"
        G_GSIZE_FORMAT ", or others: one text has one kind of rows",
        count_cells (&self->info), count_cells (&info));
    return FALSE;
  }
  self->info = info;
  return TRUE;
}

static gboolean
take_caps_event (GstTensorCsvEnc * self, GstEvent * event)
{
  g_autoptr (GstEvent) owned = event;
  g_autoptr (GError) error = NULL;
  GstCaps *caps;

  gst_event_parse_caps (owned, &caps);
  if (!take_caps (self, caps, &error)) {
    gst_vae_element_error (self, error, GST_RESOURCE_ERROR_READ);
    return FALSE;
  }
  if (gst_pad_has_current_caps (self->srcpad))
    return TRUE;

  g_autoptr (GstCaps) text_caps = gst_caps_new_empty_simple ("text/csv");

  return gst_pad_push_event (self->srcpad, gst_event_new_caps (text_caps));
}

static gboolean
gst_tensor_csv_enc_sink_event (GstPad * pad, GstObject * parent,
    GstEvent * event)
{
  if (GST_EVENT_TYPE (event) == GST_EVENT_CAPS)
    return take_caps_event (GST_TENSOR_CSV_ENC (parent), event);
  return gst_pad_event_default (pad, parent, event);
}

/* --- the element -------------------------------------------------------- */

static GstStateChangeReturn
gst_tensor_csv_enc_change_state (GstElement * element,
    GstStateChange transition)
{
  GstTensorCsvEnc *self = GST_TENSOR_CSV_ENC (element);

  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED) {
    self->info.n_tensors = 0;
    self->header_written = FALSE;
  }
  return GST_ELEMENT_CLASS (gst_tensor_csv_enc_parent_class)->change_state
      (element, transition);
}

static void
gst_tensor_csv_enc_class_init (GstTensorCsvEncClass * klass)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (tensorcsvenc_debug, "tensorcsvenc", 0,
      "tensors to CSV text");

  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class,
      "Tensors to CSV", "Codec/Encoder/Tensor",
      "Writes the rows of tensors as CSV text", "the gst-vae authors");

  element_class->change_state =
      GST_DEBUG_FUNCPTR (gst_tensor_csv_enc_change_state);
}

static void
gst_tensor_csv_enc_init (GstTensorCsvEnc * self)
{
  self->sinkpad = gst_pad_new_from_static_template (&sink_template, "sink");
  gst_pad_set_chain_function (self->sinkpad,
      GST_DEBUG_FUNCPTR (gst_tensor_csv_enc_chain));
  gst_pad_set_event_function (self->sinkpad,
      GST_DEBUG_FUNCPTR (gst_tensor_csv_enc_sink_event));
  gst_vae_tensors_accept_generously (self->sinkpad);
  gst_element_add_pad (GST_ELEMENT (self), self->sinkpad);

  self->srcpad = gst_pad_new_from_static_template (&src_template, "src");
  gst_pad_use_fixed_caps (self->srcpad);
  gst_element_add_pad (GST_ELEMENT (self), self->srcpad);
}
