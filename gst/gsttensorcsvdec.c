/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/**
 * SECTION:element-tensorcsvdec
 * @title: tensorcsvdec
 * @see_also: tensorcsvenc, vaetrain, vaescore, rocmetric
 *
 * Reads CSV text, cut into buffers in any way, and makes tensors of its rows:
 * the channels as float32, and the label, if there is one, as uint8. Delimiter,
 * header, label and time are found by themselves, or as the properties say. A
 * cell that is empty or says NaN, NA, N/A, null or ? is missing, a NaN. The
 * first cell that is wrong ends it with an error that names line and column,
 * unless #GstTensorCsvDec:on-error says otherwise.
 *
 * ## Example launch lines
 *
 * |[
 * gst-launch-1.0 filesrc location=train.csv ! tensorcsvdec ! vaetrain model=m.bin
 * ]|
 * Trains a model on a file.
 *
 * |[
 * gst-launch-1.0 filesrc location=test.csv ! tensorcsvdec label-column=label ! vaescore model=m.bin ! rocmetric
 * ]|
 * Scores another file, and tells how well the scores agree with its labels.
 *
 * Since: 0.1
 */

#include "gsttensorcsvdec.h"

#include <math.h>
#include <string.h>

#include "csv.h"
#include "csvcolumns.h"
#include "gsttensorcsvdecsettings.h"
#include "gstvaeelements.h"
#include "gstvaeerror.h"
#include "gstvaetensor.h"

GST_DEBUG_CATEGORY_STATIC (tensorcsvdec_debug);
#define GST_CAT_DEFAULT tensorcsvdec_debug

#define MAX_BUFFER_BYTES (256 * 1024 * 1024)

/* Rows on their way into a buffer. */
typedef struct
{
  GstBuffer *buffer;            /* NULL if there is no row yet */
  GstMapInfo data;
  GstMapInfo labels;
  guint n_rows;
  guint64 first_row;
  gint64 time;                  /* of the first row; nanoseconds */
} Batch;

struct _GstTensorCsvDec
{
  GstElement parent;

  GstPad *sinkpad;
  GstPad *srcpad;

  GstTensorCsvDecSettings properties;   /* under the object lock */
  GstTensorCsvDecSettings settings;     /* the same, while streaming */

  /* The streaming thread's. */
  CsvParser *parser;
  guint64 n_bytes;
  CsvColumns columns;           /* none until the first row is there */
  GstVaeTensorsInfo full;       /* of a full buffer */

  Batch batch;
  Batch waiting;                /* full, until the next row's time is known */
  guint64 n_rows;
  gint64 first_time;
  gint64 last_time;
  guint64 last_line;
  CsvTime time_kind;
  GstClockTime last_step;       /* between the last two rows */

  guint64 n_dropped_lines;
  guint64 n_voided_cells;
  guint n_voided_in_row;
  gchar *first_problem;

  guint sent_rows;              /* the rows that the last caps said; 0 = none */
  guint32 segment_seqnum;
  GQueue held_events;           /* until there are caps and a segment */
  GstFlowReturn flow;           /* once it is not OK it stays */
};

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS,
    GST_STATIC_CAPS ("text/csv; text/plain; application/octet-stream"));

static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE ("src",
    GST_PAD_SRC, GST_PAD_ALWAYS,
    GST_STATIC_CAPS ("other/tensors, format = (string) static, "
        "num_tensors = (int) [ 1, 2 ], "
        "types = (string) { \"float32\", \"float32,uint8\" }, "
        "framerate = (fraction) [ 0/1, max ]"));

G_DEFINE_TYPE (GstTensorCsvDec, gst_tensor_csv_dec, GST_TYPE_ELEMENT);
GST_ELEMENT_REGISTER_DEFINE (tensorcsvdec, "tensorcsvdec", GST_RANK_NONE,
    GST_TYPE_TENSOR_CSV_DEC);

/* --- problems ----------------------------------------------------------- */

/* Says what is wrong with a line, once; takes the text. FALSE, so that the line
 * is dropped. */
static gboolean
refuse (GstTensorCsvDec * self, gchar * problem)
{
  GST_DEBUG_OBJECT (self, "%s", problem);
  if (!self->first_problem)
    self->first_problem = problem;
  else
    g_free (problem);
  return FALSE;
}

static gboolean
refuse_cell (GstTensorCsvDec * self, guint column, const gchar * reason)
{
  g_autofree gchar *description = csv_columns_describe (&self->columns, column);
  g_autofree gchar *cell = csv_parser_dup_cell (self->parser);

  return refuse (self, g_strdup_printf ("Line %" G_GUINT64_FORMAT
          ", %s: \"%s\" %s", csv_parser_get_line (self->parser), description,
          cell, reason));
}

static gboolean
refuse_length (GstTensorCsvDec * self, guint n_cells)
{
  const CsvColumns *columns = &self->columns;
  const gchar *whose = columns->names ? "the header's" : "the first line's";
  guint64 line = csv_parser_get_line (self->parser);

  if (n_cells > columns->n_columns)
    return refuse (self, g_strdup_printf ("Line %" G_GUINT64_FORMAT
            " goes on after %s %u columns", line, whose, columns->n_columns));
  return refuse (self, g_strdup_printf ("Line %" G_GUINT64_FORMAT
          " ends after %u of %s %u columns", line, n_cells, whose,
          columns->n_columns));
}

static gboolean
refuse_line (GstTensorCsvDec * self, CsvStatus status)
{
  guint64 line = csv_parser_get_line (self->parser);

  switch (status) {
    case CSV_TOO_LONG:
      return refuse (self, g_strdup_printf ("Line %" G_GUINT64_FORMAT
              " is longer than %d bytes (a quote that is never closed, or not "
              "a text?)", line, CSV_MAX_LINE));
    case CSV_NUL:
      return refuse (self, g_strdup_printf ("Line %" G_GUINT64_FORMAT
              " has NUL bytes: not a text in UTF-8 (UTF-16? save it as UTF-8)",
              line));
    default:
      return refuse (self, g_strdup_printf ("Line %" G_GUINT64_FORMAT
              " opens a quote that is never closed", line));
  }
}

/* What becomes of a line that was refused. */
static GstFlowReturn
drop_line (GstTensorCsvDec * self)
{
  if (self->settings.on_error == GST_TENSOR_CSV_DEC_FAIL) {
    GST_ELEMENT_ERROR (self, STREAM, DECODE, ("%s.", self->first_problem),
        ("Correct the text, or set on-error to skip such lines or to take "
            "such cells as missing, or columns to those that are wanted."));
    return GST_FLOW_ERROR;
  }
  self->n_dropped_lines += csv_parser_get_n_lines (self->parser);
  return GST_FLOW_OK;
}

static void
warn_of_problems (GstTensorCsvDec * self)
{
  if (!self->first_problem)
    return;
  GST_ELEMENT_WARNING (self, STREAM, DECODE, ("%" G_GUINT64_FORMAT
          " lines were left out and %" G_GUINT64_FORMAT " cells taken as "
          "missing; the first: %s.", self->n_dropped_lines,
          self->n_voided_cells, self->first_problem), (NULL));
}

/* --- the table ---------------------------------------------------------- */

static void
set_info (GstTensorCsvDec * self)
{
  GstVaeTensorsInfo *info = &self->full;

  *info = (GstVaeTensorsInfo) {
  .n_tensors = self->columns.has_label ? 2 : 1};
  info->tensors[0] = (GstVaeTensor) {
  GST_VAE_FLOAT32, self->columns.n_channels, 1};
  info->tensors[1] = (GstVaeTensor) {
  GST_VAE_UINT8, 1, 1};
  info->fps_n = self->columns.has_time ? 0 : self->settings.rate_n;
  info->fps_d = self->columns.has_time ? 1 : self->settings.rate_d;
  gst_vae_tensors_set_rows (info, self->settings.rows_per_buffer);
}

static gboolean
begin_table (GstTensorCsvDec * self)
{
  const CsvChoice choice = {
    self->settings.label_column, self->settings.time_column,
    self->settings.columns
  };
  g_autoptr (GError) error = NULL;

  if (!csv_columns_find (&self->columns, self->parser, &choice, &error)) {
    if (g_error_matches (error, CSV_COLUMNS_ERROR, CSV_COLUMNS_ERROR_CHOICE))
      GST_ELEMENT_ERROR (self, LIBRARY, SETTINGS, ("%s.", error->message),
          (NULL));
    else
      GST_ELEMENT_ERROR (self, STREAM, FORMAT, ("%s.", error->message), (NULL));
    return FALSE;
  }

  guint64 row_bytes = self->columns.n_channels * sizeof (gfloat) + 1;

  if (self->settings.rows_per_buffer > MAX_BUFFER_BYTES / row_bytes) {
    GST_ELEMENT_ERROR (self, LIBRARY, SETTINGS,
        ("rows-per-buffer is %u: with %u channels it must be 1 to %"
            G_GUINT64_FORMAT ".", self->settings.rows_per_buffer,
            self->columns.n_channels, MAX_BUFFER_BYTES / row_bytes), (NULL));
    return FALSE;
  }
  set_info (self);
  GST_DEBUG_OBJECT (self, "%u columns, %u channels, label %d, time %d",
      self->columns.n_columns, self->columns.n_channels,
      self->columns.has_label, self->columns.has_time);
  return TRUE;
}

/* --- events before the first buffer -------------------------------------- */

static void
send_segment (GstTensorCsvDec * self)
{
  GstSegment segment;
  GstEvent *event;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  event = gst_event_new_segment (&segment);
  if (self->segment_seqnum != GST_SEQNUM_INVALID)
    gst_event_set_seqnum (event, self->segment_seqnum);
  gst_pad_push_event (self->srcpad, event);
}

/* A date as the start of the time stamps would be lost otherwise. */
static void
send_date (GstTensorCsvDec * self)
{
  GstDateTime *date = gst_date_time_new_from_unix_epoch_utc_usecs
      (self->first_time / 1000);

  if (!date)
    return;
  gst_pad_push_event (self->srcpad,
      gst_event_new_tag (gst_tag_list_new (GST_TAG_DATE_TIME, date, NULL)));
  gst_date_time_unref (date);
}

static void
send_held_events (GstTensorCsvDec * self)
{
  GstEvent *event;

  while ((event = g_queue_pop_head (&self->held_events)))
    gst_pad_push_event (self->srcpad, event);
}

static void
send_caps (GstTensorCsvDec * self, guint rows)
{
  gboolean first = self->sent_rows == 0;

  if (self->sent_rows == rows)
    return;

  GstVaeTensorsInfo info = self->full;

  gst_vae_tensors_set_rows (&info, rows);
  g_autoptr (GstCaps) caps = gst_vae_tensors_to_caps (&info);

  gst_pad_push_event (self->srcpad, gst_event_new_caps (caps));
  self->sent_rows = rows;
  if (!first)
    return;
  send_segment (self);
  if (self->time_kind == CSV_TIME_DATE)
    send_date (self);
  send_held_events (self);
}

/* --- buffers ------------------------------------------------------------ */

static void
begin_batch (GstTensorCsvDec * self)
{
  Batch *batch = &self->batch;

  batch->buffer = gst_vae_tensors_buffer_new (&self->full);
  gst_buffer_map_range (batch->buffer, 0, 1, &batch->data, GST_MAP_WRITE);
  if (self->columns.has_label)
    gst_buffer_map_range (batch->buffer, 1, 1, &batch->labels, GST_MAP_WRITE);
  batch->n_rows = 0;
}

static GstBuffer *
end_batch (GstTensorCsvDec * self, Batch * batch)
{
  GstBuffer *buffer = g_steal_pointer (&batch->buffer);

  gst_buffer_unmap (buffer, &batch->data);
  if (self->columns.has_label)
    gst_buffer_unmap (buffer, &batch->labels);
  return buffer;
}

static void
drop_batch (GstTensorCsvDec * self, Batch * batch)
{
  if (batch->buffer)
    gst_buffer_unref (end_batch (self, batch));
}

static GstClockTime
time_of_row (GstTensorCsvDec * self, guint64 row)
{
  return gst_util_uint64_scale (row, GST_SECOND * self->settings.rate_d,
      self->settings.rate_n);
}

/* A buffer lasts until the next one, which begins with the row that has just
 * been read; the last one, as long after its last row as that was after the one
 * before. */
static void
set_times (GstTensorCsvDec * self, GstBuffer * buffer, const Batch * batch,
    gboolean last)
{
  if (!self->columns.has_time) {
    GST_BUFFER_PTS (buffer) = time_of_row (self, batch->first_row);
    GST_BUFFER_DURATION (buffer) =
        time_of_row (self, batch->first_row + batch->n_rows)
        - GST_BUFFER_PTS (buffer);
    return;
  }
  GST_BUFFER_PTS (buffer) = (guint64) batch->time - (guint64) self->first_time;
  GST_BUFFER_DURATION (buffer) =
      (guint64) self->last_time - (guint64) batch->time;
  if (last && self->n_rows == 1)
    GST_BUFFER_DURATION (buffer) = GST_CLOCK_TIME_NONE;
  else if (last)
    GST_BUFFER_DURATION (buffer) += self->last_step;
}

static GstFlowReturn
push_batch (GstTensorCsvDec * self, Batch * batch, gboolean last)
{
  GstBuffer *buffer = end_batch (self, batch);
  const GstVaeTensorsInfo *full = &self->full;

  for (guint i = 0;
      i < full->n_tensors && batch->n_rows < full->tensors[i].rows; i++) {
    GstVaeTensor tensor = full->tensors[i];

    tensor.rows = batch->n_rows;
    gst_memory_resize (gst_buffer_peek_memory (buffer, i), 0,
        gst_vae_tensor_get_size (&tensor));
  }
  set_times (self, buffer, batch, last);
  GST_BUFFER_OFFSET (buffer) = batch->first_row;
  GST_BUFFER_OFFSET_END (buffer) = batch->first_row + batch->n_rows;
  if (batch->first_row == 0)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  send_caps (self, batch->n_rows);
  GST_LOG_OBJECT (self, "pushing %" GST_PTR_FORMAT, buffer);
  return gst_pad_push (self->srcpad, buffer);
}

/* --- rows --------------------------------------------------------------- */

/* A cell that is no number: refused, or missing. */
static gboolean
void_cell (GstTensorCsvDec * self, guint column, CsvCell cell, gfloat * value)
{
  if (cell == CSV_CELL_NONE)
    refuse_length (self, column);
  else if (cell == CSV_CELL_RANGE)
    refuse_cell (self, column, "is beyond the range of float32");
  else
    refuse_cell (self, column, "is not a number");
  if (self->settings.on_error != GST_TENSOR_CSV_DEC_MISSING)
    return FALSE;
  *value = NAN;
  self->n_voided_in_row++;
  return TRUE;
}

static gboolean
read_label (GstTensorCsvDec * self, guint column, guint8 *label)
{
  gboolean value;

  switch (csv_parser_next_boolean (self->parser, &value)) {
    case CSV_CELL_NUMBER:
      *label = (guint8) value;
      return TRUE;
    case CSV_CELL_NONE:
      return refuse_length (self, column);
    case CSV_CELL_MISSING:
      return refuse_cell (self, column, "is a missing label");
    default:
      return refuse_cell (self, column,
          "is not a label: 0 or 1, false or true");
  }
}

static gboolean
read_time (GstTensorCsvDec * self, guint column, gint64 *time)
{
  gboolean found = csv_parser_has_cell (self->parser);
  CsvTime kind = csv_parser_next_time (self->parser, time);

  if (!found)
    return refuse_length (self, column);
  if (kind == CSV_TIME_NONE || (self->n_rows > 0 && kind != self->time_kind))
    return refuse_cell (self, column,
        self->n_rows > 0 && self->time_kind == CSV_TIME_SECONDS
        ? "is not a time in seconds below 9.2e9"
        : self->n_rows > 0 ? "is not an ISO 8601 date"
        : "is neither an ISO 8601 date nor a time in seconds below 9.2e9");
  if (self->n_rows > 0 && *time < self->last_time) {
    g_autofree gchar *reason = g_strdup_printf ("is before the time of line %"
        G_GUINT64_FORMAT, self->last_line);

    return refuse_cell (self, column, reason);
  }
  if (self->n_rows > 0
      && (guint64) *time - (guint64) self->first_time > G_MAXINT64)
    return refuse_cell (self, column, "is centuries after the first time");
  self->time_kind = kind;
  return TRUE;
}

/* Reads the row's cells to where they belong. A line that ends too soon has
 * cells missing; one that goes on too long can't be trusted, unless it only
 * ends with a delimiter. */
static gboolean
read_row (GstTensorCsvDec * self, gfloat * data, guint8 *label, gint64 *time)
{
  const CsvColumns *columns = &self->columns;
  CsvParser *parser = self->parser;
  CsvCell cell;
  gfloat value;

  for (guint i = 0; i < columns->n_columns; i++) {
    const CsvColumn *column = &columns->columns[i];

    if (G_LIKELY (column->role == CSV_ROLE_CHANNEL)) {
      gfloat *to = &data[column->channel];

      cell = csv_parser_next_number (parser, to);
      if (G_UNLIKELY (cell != CSV_CELL_NUMBER && cell != CSV_CELL_MISSING)
          && !void_cell (self, i, cell, to))
        return FALSE;
    } else if (column->role == CSV_ROLE_LABEL) {
      if (!read_label (self, i, label))
        return FALSE;
    } else if (column->role == CSV_ROLE_TIME) {
      if (!read_time (self, i, time))
        return FALSE;
    } else if (!csv_parser_skip_cell (parser)
        && !void_cell (self, i, CSV_CELL_NONE, &value)) {
      return FALSE;
    }
  }
  cell = csv_parser_next_number (parser, &value);
  if (G_UNLIKELY (cell != CSV_CELL_NONE)
      && (cell != CSV_CELL_MISSING || csv_parser_has_cell (parser)))
    return refuse_length (self, columns->n_columns + 1);
  return TRUE;
}

/* The row has been read: the buffer before it is complete now. */
static GstFlowReturn
add_row (GstTensorCsvDec * self, gint64 time)
{
  Batch *batch = &self->batch;
  GstFlowReturn flow = GST_FLOW_OK;

  self->last_step = self->n_rows > 0
      ? (guint64) time - (guint64) self->last_time : 0;
  self->last_time = time;
  self->last_line = csv_parser_get_line (self->parser);
  if (self->n_rows == 0)
    self->first_time = time;
  if (self->waiting.buffer)
    flow = push_batch (self, &self->waiting, FALSE);
  if (batch->n_rows == 0) {
    batch->first_row = self->n_rows;
    batch->time = time;
  }
  batch->n_rows++;
  self->n_rows++;
  if (batch->n_rows < self->settings.rows_per_buffer || flow != GST_FLOW_OK)
    return flow;
  if (!self->columns.has_time)
    return push_batch (self, batch, FALSE);
  self->waiting = *batch;
  batch->buffer = NULL;
  return GST_FLOW_OK;
}

static GstFlowReturn
take_row (GstTensorCsvDec * self)
{
  Batch *batch = &self->batch;
  gint64 time = 0;

  if (!self->columns.columns && !begin_table (self))
    return GST_FLOW_ERROR;
  if (!batch->buffer)
    begin_batch (self);

  gfloat *data = (gfloat *) batch->data.data
      + (gsize) batch->n_rows * self->columns.n_channels;
  guint8 *label = self->columns.has_label
      ? batch->labels.data + batch->n_rows : NULL;

  self->n_voided_in_row = 0;
  if (!read_row (self, data, label, &time))
    return drop_line (self);
  self->n_voided_cells += self->n_voided_in_row;
  return add_row (self, time);
}

static GstFlowReturn
take_rows (GstTensorCsvDec * self)
{
  GstFlowReturn flow = GST_FLOW_OK;
  CsvStatus status;

  while (flow == GST_FLOW_OK
      && (status = csv_parser_next_row (self->parser)) != CSV_END) {
    if (status == CSV_ROW) {
      flow = take_row (self);
    } else {
      refuse_line (self, status);
      flow = drop_line (self);
    }
  }
  return flow;
}

/* --- the end ------------------------------------------------------------ */

static GstFlowReturn
refuse_emptiness (GstTensorCsvDec * self)
{
  if (self->n_bytes == 0)
    GST_ELEMENT_ERROR (self, STREAM, FORMAT,
        ("There is no data: not a single byte came before the end."), (NULL));
  else if (self->first_problem)
    GST_ELEMENT_ERROR (self, STREAM, FORMAT,
        ("There is no row that could be read; the first problem: %s.",
            self->first_problem), (NULL));
  else
    GST_ELEMENT_ERROR (self, STREAM, FORMAT, ("There is no row of data%s.",
            csv_parser_get_names (self->parser) ? " after the header" : ""),
        (NULL));
  return GST_FLOW_ERROR;
}

static GstFlowReturn
finish (GstTensorCsvDec * self)
{
  GstFlowReturn flow;

  csv_parser_finish (self->parser);
  flow = take_rows (self);
  if (flow == GST_FLOW_OK && self->n_rows == 0)
    return refuse_emptiness (self);
  if (flow == GST_FLOW_OK && self->waiting.buffer)
    flow = push_batch (self, &self->waiting, TRUE);
  if (flow == GST_FLOW_OK && self->batch.buffer && self->batch.n_rows > 0)
    flow = push_batch (self, &self->batch, TRUE);
  if (flow == GST_FLOW_OK)
    warn_of_problems (self);
  return flow;
}

static void
clear (GstTensorCsvDec * self)
{
  drop_batch (self, &self->batch);
  drop_batch (self, &self->waiting);
  csv_columns_clear (&self->columns);
  g_clear_pointer (&self->parser, csv_parser_free);
  g_clear_pointer (&self->first_problem, g_free);
  g_queue_clear_full (&self->held_events, (GDestroyNotify) gst_event_unref);
}

static void
reset (GstTensorCsvDec * self)
{
  clear (self);
  self->parser =
      csv_parser_new (gst_tensor_csv_dec_settings_get_delimiter
      (&self->settings));
  self->n_bytes = 0;
  self->n_rows = 0;
  self->time_kind = CSV_TIME_NONE;
  self->n_dropped_lines = 0;
  self->n_voided_cells = 0;
  self->sent_rows = 0;
  self->flow = GST_FLOW_OK;
}

/* --- pads --------------------------------------------------------------- */

static GstFlowReturn
gst_tensor_csv_dec_chain (GstPad * pad, GstObject * parent, GstBuffer * buffer)
{
  GstTensorCsvDec *self = GST_TENSOR_CSV_DEC (parent);
  GstMapInfo map;

  if (self->flow == GST_FLOW_OK && gst_buffer_map (buffer, &map, GST_MAP_READ)) {
    self->n_bytes += map.size;
    csv_parser_push (self->parser, (const char *) map.data, map.size);
    self->flow = take_rows (self);
    gst_buffer_unmap (buffer, &map);
  } else if (self->flow == GST_FLOW_OK) {
    GST_ELEMENT_ERROR (self, RESOURCE, READ, ("A buffer can't be read."),
        ("%" GST_PTR_FORMAT, buffer));
    self->flow = GST_FLOW_ERROR;
  }
  gst_buffer_unref (buffer);
  return self->flow;
}

/* After an error EOS goes no further: what lies behind must not take half a
 * text for a whole one. */
static gboolean
take_eos (GstTensorCsvDec * self, GstEvent * event)
{
  if (self->flow == GST_FLOW_OK)
    self->flow = finish (self);
  if (self->flow == GST_FLOW_OK || self->flow == GST_FLOW_EOS) {
    self->flow = GST_FLOW_EOS;
    return gst_pad_push_event (self->srcpad, event);
  }
  gst_event_unref (event);
  return FALSE;
}

/* Another stream is another text. */
static gboolean
take_stream_start (GstTensorCsvDec * self, GstEvent * event)
{
  if (self->flow == GST_FLOW_OK && self->n_bytes > 0)
    self->flow = finish (self);
  if (self->flow == GST_FLOW_ERROR) {
    gst_event_unref (event);
    return FALSE;
  }
  reset (self);
  return gst_pad_push_event (self->srcpad, event);
}

static gboolean
gst_tensor_csv_dec_sink_event (GstPad * pad, GstObject * parent,
    GstEvent * event)
{
  GstTensorCsvDec *self = GST_TENSOR_CSV_DEC (parent);

  GST_DEBUG_OBJECT (self, "%" GST_PTR_FORMAT, event);
  switch (GST_EVENT_TYPE (event)) {
    case GST_EVENT_STREAM_START:
      return take_stream_start (self, event);
    case GST_EVENT_EOS:
      return take_eos (self, event);
    case GST_EVENT_CAPS:
      gst_event_unref (event);
      return TRUE;
    case GST_EVENT_SEGMENT:    /* of bytes; ours is of time */
      self->segment_seqnum = gst_event_get_seqnum (event);
      gst_event_unref (event);
      return TRUE;
    case GST_EVENT_FLUSH_STOP:
      reset (self);
      break;
    default:
      if (GST_EVENT_IS_SERIALIZED (event) && self->sent_rows == 0) {
        g_queue_push_tail (&self->held_events, event);
        return TRUE;
      }
      break;
  }
  return gst_pad_event_default (pad, parent, event);
}

/* A place in time says nothing about a place in the text. */
static gboolean
gst_tensor_csv_dec_src_event (GstPad * pad, GstObject * parent,
    GstEvent * event)
{
  if (GST_EVENT_TYPE (event) == GST_EVENT_SEEK) {
    gst_event_unref (event);
    return FALSE;
  }
  return gst_pad_event_default (pad, parent, event);
}

static gboolean
gst_tensor_csv_dec_src_query (GstPad * pad, GstObject * parent,
    GstQuery * query)
{
  GstFormat format;

  if (GST_QUERY_TYPE (query) != GST_QUERY_SEEKING)
    return gst_pad_query_default (pad, parent, query);
  gst_query_parse_seeking (query, &format, NULL, NULL, NULL);
  gst_query_set_seeking (query, format, FALSE, 0, -1);
  return TRUE;
}

/* --- the element -------------------------------------------------------- */

static gboolean
take_settings (GstTensorCsvDec * self)
{
  g_autoptr (GError) error = NULL;

  GST_OBJECT_LOCK (self);
  gst_tensor_csv_dec_settings_copy (&self->settings, &self->properties);
  GST_OBJECT_UNLOCK (self);
  if (gst_tensor_csv_dec_settings_check (&self->settings, &error))
    return TRUE;
  gst_vae_element_error (self, error, GST_RESOURCE_ERROR_FAILED);
  return FALSE;
}

static GstStateChangeReturn
gst_tensor_csv_dec_change_state (GstElement * element,
    GstStateChange transition)
{
  GstTensorCsvDec *self = GST_TENSOR_CSV_DEC (element);
  GstStateChangeReturn ret;

  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED) {
    if (!take_settings (self))
      return GST_STATE_CHANGE_FAILURE;
    reset (self);
  }
  ret = GST_ELEMENT_CLASS (gst_tensor_csv_dec_parent_class)->change_state
      (element, transition);
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY)
    clear (self);
  return ret;
}

static void
gst_tensor_csv_dec_set_property (GObject * object, guint prop_id,
    const GValue * value, GParamSpec * pspec)
{
  GstTensorCsvDec *self = GST_TENSOR_CSV_DEC (object);

  GST_OBJECT_LOCK (self);
  if (!gst_tensor_csv_dec_settings_set (&self->properties, prop_id, value))
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  GST_OBJECT_UNLOCK (self);
}

static void
gst_tensor_csv_dec_get_property (GObject * object, guint prop_id,
    GValue * value, GParamSpec * pspec)
{
  GstTensorCsvDec *self = GST_TENSOR_CSV_DEC (object);

  GST_OBJECT_LOCK (self);
  if (!gst_tensor_csv_dec_settings_get (&self->properties, prop_id, value))
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  GST_OBJECT_UNLOCK (self);
}

static void
gst_tensor_csv_dec_finalize (GObject * object)
{
  GstTensorCsvDec *self = GST_TENSOR_CSV_DEC (object);

  clear (self);
  gst_tensor_csv_dec_settings_clear (&self->settings);
  gst_tensor_csv_dec_settings_clear (&self->properties);
  G_OBJECT_CLASS (gst_tensor_csv_dec_parent_class)->finalize (object);
}

static void
gst_tensor_csv_dec_class_init (GstTensorCsvDecClass * klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (tensorcsvdec_debug, "tensorcsvdec", 0,
      "CSV text to tensors");

  object_class->set_property = gst_tensor_csv_dec_set_property;
  object_class->get_property = gst_tensor_csv_dec_get_property;
  object_class->finalize = gst_tensor_csv_dec_finalize;
  gst_tensor_csv_dec_settings_install (object_class);

  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class,
      "CSV to tensors", "Codec/Decoder/Tensor",
      "Reads the rows of a CSV text as tensors", "the gst-vae authors");

  element_class->change_state =
      GST_DEBUG_FUNCPTR (gst_tensor_csv_dec_change_state);
}

static void
gst_tensor_csv_dec_init (GstTensorCsvDec * self)
{
  gst_tensor_csv_dec_settings_init (&self->properties);
  g_queue_init (&self->held_events);

  self->sinkpad = gst_pad_new_from_static_template (&sink_template, "sink");
  gst_pad_set_chain_function (self->sinkpad,
      GST_DEBUG_FUNCPTR (gst_tensor_csv_dec_chain));
  gst_pad_set_event_function (self->sinkpad,
      GST_DEBUG_FUNCPTR (gst_tensor_csv_dec_sink_event));
  gst_element_add_pad (GST_ELEMENT (self), self->sinkpad);

  self->srcpad = gst_pad_new_from_static_template (&src_template, "src");
  gst_pad_set_event_function (self->srcpad,
      GST_DEBUG_FUNCPTR (gst_tensor_csv_dec_src_event));
  gst_pad_set_query_function (self->srcpad,
      GST_DEBUG_FUNCPTR (gst_tensor_csv_dec_src_query));
  gst_pad_use_fixed_caps (self->srcpad);
  gst_element_add_pad (GST_ELEMENT (self), self->srcpad);
}
