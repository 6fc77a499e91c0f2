/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstvaetensor.h"

#include <string.h>

#define MEDIA_TYPE "other/tensors"

/* NNStreamer's NNS_TENSOR_RANK_LIMIT. */
#define MAX_RANK 16

static const struct
{
  const gchar *name;
  gsize size;
} element_types[] = {
  [GST_VAE_INT8] = {"int8", 1},
  [GST_VAE_UINT8] = {"uint8", 1},
  [GST_VAE_INT16] = {"int16", 2},
  [GST_VAE_UINT16] = {"uint16", 2},
  [GST_VAE_INT32] = {"int32", 4},
  [GST_VAE_UINT32] = {"uint32", 4},
  [GST_VAE_INT64] = {"int64", 8},
  [GST_VAE_UINT64] = {"uint64", 8},
  [GST_VAE_FLOAT16] = {"float16", 2},
  [GST_VAE_FLOAT32] = {"float32", 4},
  [GST_VAE_FLOAT64] = {"float64", 8},
};

/* --- caps --------------------------------------------------------------- */

static gboolean
refuse_caps (GError ** error, const gchar * format, ...)
G_GNUC_PRINTF (2, 3);

     static gboolean refuse_caps (GError ** error, const gchar * format, ...)
{
  va_list args;

  va_start (args, format);
  g_autofree gchar *reason = g_strdup_vprintf (format, args);
  va_end (args);

  g_set_error (error, GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION,
      "Tensor caps: %s", reason);
  return FALSE;
}

static gboolean
parse_type (const gchar * name, GstVaeTensorType * type, GError ** error)
{
  for (guint i = 0; i < G_N_ELEMENTS (element_types); i++) {
    if (strcmp (name, element_types[i].name) == 0) {
      *type = (GstVaeTensorType) i;
      return TRUE;
    }
  }
  return refuse_caps (error, "unknown element type \"%s\"", name);
}

/* Dimensions come innermost first. Those after the second one must be 1: a
 * tensor is a table of rows here. */
static gboolean
parse_dimensions (const gchar * text, GstVaeTensor * tensor, GError ** error)
{
  g_auto (GStrv) parts = g_strsplit (text, ":", -1);
  guint rank = g_strv_length (parts);
  guint64 size[2] = { 1, 1 };

  if (rank > MAX_RANK)
    return refuse_caps (error, "\"%s\" has more than %d dimensions", text,
        MAX_RANK);

  for (guint i = 0; i < rank; i++) {
    guint64 n;

    if (!g_ascii_string_to_unsigned (g_strstrip (parts[i]), 10, 1, G_MAXINT,
            &n, NULL))
      return refuse_caps (error,
          "dimension \"%s\" of \"%s\" is not a number from 1 to %d", parts[i],
          text, G_MAXINT);
    if (i >= G_N_ELEMENTS (size) && n != 1)
      return refuse_caps (error,
          "\"%s\" has more than two dimensions: only channels:rows can be read",
          text);
    if (i < G_N_ELEMENTS (size))
      size[i] = n;
  }

  tensor->cols = (guint) size[0];
  tensor->rows = (guint) size[1];
  return TRUE;
}

static gchar **
split_list (const gchar * list)
{
  gchar **entries = g_strsplit_set (list, ",.", -1);

  for (gchar ** entry = entries; *entry; entry++)
    g_strstrip (*entry);
  return entries;
}

static gboolean
parse_tensors (GstVaeTensorsInfo * info, const gchar * dimensions,
    const gchar * types, GError ** error)
{
  g_auto (GStrv) dimension_list = split_list (dimensions);
  g_auto (GStrv) type_list = split_list (types);
  gsize total = 0;

  if (g_strv_length (dimension_list) != info->n_tensors)
    return refuse_caps (error, "num_tensors=%u but dimensions=\"%s\"",
        info->n_tensors, dimensions);
  if (g_strv_length (type_list) != info->n_tensors)
    return refuse_caps (error, "num_tensors=%u but types=\"%s\"",
        info->n_tensors, types);

  for (guint i = 0; i < info->n_tensors; i++) {
    GstVaeTensor *tensor = &info->tensors[i];
    gsize size;

    if (!parse_type (type_list[i], &tensor->type, error)
        || !parse_dimensions (dimension_list[i], tensor, error))
      return FALSE;
    if (!g_size_checked_mul (&size, tensor->cols, tensor->rows)
        || !g_size_checked_mul (&size, size, element_types[tensor->type].size)
        || !g_size_checked_add (&total, total, size)
        || total > G_MAXSSIZE)
      return refuse_caps (error, "\"%s\" is larger than the address space",
          dimensions);
  }
  return TRUE;
}

gboolean
gst_vae_tensors_from_caps (GstVaeTensorsInfo * info, const GstCaps * caps,
    GError ** error)
{
  if (!gst_caps_is_fixed (caps))
    return refuse_caps (error, "not fixed");

  const GstStructure *structure = gst_caps_get_structure (caps, 0);
  const gchar *format = gst_structure_get_string (structure, "format");
  const gchar *dimensions = gst_structure_get_string (structure, "dimensions");
  const gchar *types = gst_structure_get_string (structure, "types");
  gint n_tensors;

  if (!gst_structure_has_name (structure, MEDIA_TYPE))
    return refuse_caps (error, "%s is not " MEDIA_TYPE,
        gst_structure_get_name (structure));
  if (gst_structure_has_field (structure, "format")
      && g_strcmp0 (format, "static") != 0)
    return refuse_caps (error, "format=%s, only static can be read",
        GST_STR_NULL (format));
  if (!gst_structure_get_int (structure, "num_tensors", &n_tensors))
    return refuse_caps (error, "num_tensors is missing");
  if (n_tensors < 1 || n_tensors > GST_VAE_MAX_TENSORS)
    return refuse_caps (error, "num_tensors=%d is not within 1 to %d",
        n_tensors, GST_VAE_MAX_TENSORS);
  if (!dimensions || !types)
    return refuse_caps (error, "%s is missing",
        dimensions ? "types" : "dimensions");

  *info = (GstVaeTensorsInfo) {
  .n_tensors = (guint) n_tensors};
  if (!gst_structure_get_fraction (structure, "framerate", &info->fps_n,
          &info->fps_d)) {
    info->fps_n = 0;
    info->fps_d = 1;
  }
  if (info->fps_n < 0)
    return refuse_caps (error, "framerate=%d/%d is negative", info->fps_n,
        info->fps_d);

  return parse_tensors (info, dimensions, types, error);
}

GstCaps *
gst_vae_tensors_to_caps (const GstVaeTensorsInfo * info)
{
  g_autoptr (GString) dimensions = g_string_new (NULL);
  g_autoptr (GString) types = g_string_new (NULL);

  for (guint i = 0; i < info->n_tensors; i++) {
    const GstVaeTensor *tensor = &info->tensors[i];
    const gchar *separator = i > 0 ? "," : "";

    g_string_append_printf (dimensions, "%s%u:%u", separator, tensor->cols,
        tensor->rows);
    g_string_append_printf (types, "%s%s", separator,
        element_types[tensor->type].name);
  }

  return gst_caps_new_simple (MEDIA_TYPE,
      "format", G_TYPE_STRING, "static",
      "num_tensors", G_TYPE_INT, (gint) info->n_tensors,
      "dimensions", G_TYPE_STRING, dimensions->str,
      "types", G_TYPE_STRING, types->str,
      "framerate", GST_TYPE_FRACTION, info->fps_n, info->fps_d, NULL);
}

void
gst_vae_tensors_set_rows (GstVaeTensorsInfo * info, guint rows)
{
  guint old_rows = info->tensors[0].rows;

  for (guint i = 0; i < info->n_tensors; i++) {
    if (info->tensors[i].rows == old_rows)
      info->tensors[i].rows = rows;
  }

  if (!gst_util_fraction_multiply (info->fps_n, info->fps_d, (gint) old_rows,
          (gint) rows, &info->fps_n, &info->fps_d)) {
    info->fps_n = 0;
    info->fps_d = 1;
  }
}

gboolean
gst_vae_tensors_same_stream (const GstVaeTensorsInfo * a,
    const GstVaeTensorsInfo * b)
{
  if (a->n_tensors != b->n_tensors)
    return FALSE;

  for (guint i = 0; i < a->n_tensors; i++) {
    if (a->tensors[i].type != b->tensors[i].type
        || a->tensors[i].cols != b->tensors[i].cols)
      return FALSE;
  }
  return TRUE;
}

gboolean
gst_vae_tensors_check_data (const GstVaeTensorsInfo * info, guint data_tensor,
    GError ** error)
{
  if (data_tensor >= info->n_tensors)
    return refuse_caps (error, "there is no tensor %u among %u", data_tensor,
        info->n_tensors);

  const GstVaeTensor *data = &info->tensors[data_tensor];

  if (data->type != GST_VAE_FLOAT32)
    return refuse_caps (error, "the data, tensor %u, is %s and not float32",
        data_tensor, element_types[data->type].name);

  for (guint i = 0; i < info->n_tensors; i++) {
    if (info->tensors[i].rows != data->rows)
      return refuse_caps (error,
          "tensor %u has %u rows, but the data, tensor %u, has %u", i,
          info->tensors[i].rows, data_tensor, data->rows);
  }
  return TRUE;
}

gint
gst_vae_tensors_find_label (const GstVaeTensorsInfo * info)
{
  const GstVaeTensor *label = &info->tensors[1];

  return info->n_tensors > 1 && label->type == GST_VAE_UINT8
      && label->cols == 1 && label->rows == info->tensors[0].rows ? 1 : -1;
}

gsize
gst_vae_tensor_get_size (const GstVaeTensor * tensor)
{
  return element_types[tensor->type].size * tensor->cols * tensor->rows;
}

/* --- pads --------------------------------------------------------------- */

typedef struct
{
  GstPadQueryFunction inherited;
} Acceptance;

static gboolean
accept_caps (GstPad * pad, GstObject * parent, GstQuery * query)
{
  const Acceptance *acceptance = pad->querydata;

  if (GST_QUERY_TYPE (query) != GST_QUERY_ACCEPT_CAPS)
    return acceptance->inherited (pad, parent, query);

  g_autoptr (GstCaps) template_caps = gst_pad_get_pad_template_caps (pad);
  GstCaps *caps;

  gst_query_parse_accept_caps (query, &caps);
  gst_query_set_accept_caps_result (query,
      gst_caps_can_intersect (caps, template_caps));
  return TRUE;
}

void
gst_vae_tensors_accept_generously (GstPad * sinkpad)
{
  Acceptance *acceptance = g_new (Acceptance, 1);

  acceptance->inherited = GST_PAD_QUERYFUNC (sinkpad);
  gst_pad_set_query_function_full (sinkpad, accept_caps, acceptance, g_free);
}

/* --- buffers ------------------------------------------------------------ */

static gboolean
refuse_buffer (GstBuffer * buffer, const GstVaeTensorsInfo * info,
    GError ** error)
{
  g_autoptr (GString) found = g_string_new (NULL);
  g_autoptr (GString) expected = g_string_new (NULL);

  for (guint i = 0; i < gst_buffer_n_memory (buffer); i++)
    g_string_append_printf (found, "%s%" G_GSIZE_FORMAT, i > 0 ? " + " : "",
        gst_memory_get_sizes (gst_buffer_peek_memory (buffer, i), NULL, NULL));
  for (guint i = 0; i < info->n_tensors; i++)
    g_string_append_printf (expected, "%s%" G_GSIZE_FORMAT, i > 0 ? " + " : "",
        gst_vae_tensor_get_size (&info->tensors[i]));

  g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
      "The buffer holds %s bytes in its memories where the caps say %s",
      found->len > 0 ? found->str : "no", expected->str);
  return FALSE;
}

static gboolean
is_split (GstBuffer * buffer, const GstVaeTensorsInfo * info)
{
  if (gst_buffer_n_memory (buffer) != info->n_tensors)
    return FALSE;

  for (guint i = 0; i < info->n_tensors; i++) {
    if (gst_memory_get_sizes (gst_buffer_peek_memory (buffer, i), NULL, NULL)
        != gst_vae_tensor_get_size (&info->tensors[i]))
      return FALSE;
  }
  return TRUE;
}

static gboolean
is_flattened (GstBuffer * buffer, const GstVaeTensorsInfo * info)
{
  gsize total = 0;

  for (guint i = 0; i < info->n_tensors; i++)
    total += gst_vae_tensor_get_size (&info->tensors[i]);
  return gst_buffer_n_memory (buffer) == 1
      && gst_buffer_get_size (buffer) == total;
}

/* Maps a memory and takes the reference. */
static guint8 *
map_memory (GstVaeTensorsMap * map, GstMemory * memory, GstMapFlags flags)
{
  GstMapInfo *info = &map->maps[map->n_maps];

  if (!gst_memory_map (memory, info, flags)) {
    gst_memory_unref (memory);
    return NULL;
  }
  map->memories[map->n_maps++] = memory;
  return info->data;
}

static guint8 *
copy_aligned (GstVaeTensorsMap * map, const guint8 *data, gsize size)
{
  guint8 *copy = map_memory (map, gst_allocator_alloc (NULL, size, NULL),
      GST_MAP_READWRITE);

  if (copy)
    memcpy (copy, data, size);
  return copy;
}

static gboolean
is_aligned (const guint8 *data, GstVaeTensorType type)
{
  return ((guintptr) data) % element_types[type].size == 0;
}

static gboolean
map_tensors (GstVaeTensorsMap * map, GstBuffer * buffer,
    const GstVaeTensorsInfo * info)
{
  gboolean flattened = gst_buffer_n_memory (buffer) < info->n_tensors;
  const guint8 *next = NULL;

  for (guint i = 0; i < info->n_tensors; i++) {
    const GstVaeTensor *tensor = &info->tensors[i];
    gsize size = gst_vae_tensor_get_size (tensor);

    if (i == 0 || !flattened)
      next = map_memory (map, gst_buffer_get_memory (buffer, i), GST_MAP_READ);
    if (!next)
      return FALSE;

    map->data[i] = is_aligned (next, tensor->type) ? next
        : copy_aligned (map, next, size);
    if (!map->data[i])
      return FALSE;
    next += size;
  }
  map->n_tensors = info->n_tensors;
  return TRUE;
}

gboolean
gst_vae_tensors_map (GstVaeTensorsMap * map, GstBuffer * buffer,
    const GstVaeTensorsInfo * info, GError ** error)
{
  map->n_tensors = map->n_maps = 0;

  if (!is_split (buffer, info) && !is_flattened (buffer, info))
    return refuse_buffer (buffer, info, error);

  if (!map_tensors (map, buffer, info)) {
    gst_vae_tensors_unmap (map);
    g_set_error_literal (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
        "The memories of the buffer can't be read");
    return FALSE;
  }
  return TRUE;
}

void
gst_vae_tensors_unmap (GstVaeTensorsMap * map)
{
  for (guint i = 0; i < map->n_maps; i++) {
    gst_memory_unmap (map->memories[i], &map->maps[i]);
    gst_memory_unref (map->memories[i]);
  }
  map->n_tensors = map->n_maps = 0;
}

GstBuffer *
gst_vae_tensors_buffer_new (const GstVaeTensorsInfo * info)
{
  GstBuffer *buffer = gst_buffer_new ();

  for (guint i = 0; i < info->n_tensors; i++)
    gst_buffer_append_memory (buffer, gst_allocator_alloc (NULL,
            gst_vae_tensor_get_size (&info->tensors[i]), NULL));
  return buffer;
}

gboolean
gst_vae_tensors_split (GstBuffer * buffer, const GstVaeTensorsInfo * info,
    GError ** error)
{
  if (is_split (buffer, info))
    return TRUE;
  if (!is_flattened (buffer, info))
    return refuse_buffer (buffer, info, error);

  g_autoptr (GstBuffer) flattened = gst_buffer_copy (buffer);
  gsize offset = 0;

  gst_buffer_remove_all_memory (buffer);
  for (guint i = 0; i < info->n_tensors; i++) {
    gsize size = gst_vae_tensor_get_size (&info->tensors[i]);

    gst_buffer_copy_into (buffer, flattened, GST_BUFFER_COPY_MEMORY, offset,
        size);
    offset += size;
  }
  return TRUE;
}
