/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "vaetest.h"

#include <glib/gstdio.h>
#include <string.h>

#define PATIENCE (30 * GST_SECOND)

/* --- series ------------------------------------------------------------- */

Series *
series_new (guint channels, gsize n_rows, guint64 seed)
{
  Series *series = g_new0 (Series, 1);
  VaeSynthParams params;
  VaeSynth *synth;

  vae_synth_params_init (&params);
  params.features = channels;
  params.seed = seed;
  synth = vae_synth_new (&params, NULL);
  fail_unless (synth != NULL);

  series->channels = channels;
  series->n_rows = n_rows;
  series->data = g_new (gfloat, n_rows * channels);
  series->labels = g_new (guint8, n_rows);
  vae_synth_execute (synth, 0, n_rows, series->data, series->labels);
  vae_synth_free (synth);
  return series;
}

void
series_free (Series * series)
{
  g_free (series->data);
  g_free (series->labels);
  g_free (series);
}

GstVaeTensorsInfo
series_info (const Series * series, guint rows, gboolean labelled)
{
  const GstVaeTensorsInfo info = {
    .n_tensors = labelled ? 2 : 1,
    .tensors = {{GST_VAE_FLOAT32, series->channels, rows},
        {GST_VAE_UINT8, 1, rows}},
    .fps_n = 0,
    .fps_d = 1,
  };

  return info;
}

static void
fill (GstBuffer * buffer, guint index, gconstpointer data)
{
  GstMemory *memory = gst_buffer_peek_memory (buffer, index);
  GstMapInfo map;

  fail_unless (gst_memory_map (memory, &map, GST_MAP_WRITE));
  memcpy (map.data, data, map.size);
  gst_memory_unmap (memory, &map);
}

GstBuffer *
series_buffer (const Series * series, gsize first_row, guint rows,
    gboolean labelled)
{
  GstVaeTensorsInfo info = series_info (series, rows, labelled);
  GstBuffer *buffer = gst_vae_tensors_buffer_new (&info);

  fill (buffer, 0, series->data + first_row * series->channels);
  if (labelled)
    fill (buffer, 1, series->labels + first_row);
  GST_BUFFER_PTS (buffer) = first_row * GST_MSECOND;
  GST_BUFFER_DURATION (buffer) = rows * GST_MSECOND;
  GST_BUFFER_OFFSET (buffer) = first_row;
  return buffer;
}

void
push_caps (GstHarness * harness, const GstVaeTensorsInfo * info)
{
  GstCaps *caps = gst_vae_tensors_to_caps (info);
  GstCaps *current = gst_pad_get_current_caps (harness->srcpad);

  if (!current)
    gst_harness_set_src_caps (harness, gst_caps_ref (caps));
  else if (!gst_caps_is_equal (caps, current))
    gst_harness_push_event (harness, gst_event_new_caps (caps));
  gst_caps_replace (&current, NULL);
  gst_caps_unref (caps);
}

void
push_series (GstHarness * harness, const Series * series, gsize first_row,
    gsize n, guint rows, gboolean labelled)
{
  for (gsize end = first_row + n; first_row < end; first_row += rows) {
    GstVaeTensorsInfo info;

    rows = MIN (rows, end - first_row);
    info = series_info (series, rows, labelled);
    push_caps (harness, &info);
    fail_unless_equals_int (gst_harness_push (harness,
            series_buffer (series, first_row, rows, labelled)), GST_FLOW_OK);
  }
}

/* --- files -------------------------------------------------------------- */

gchar *
folder_new (void)
{
  gchar *folder = g_dir_make_tmp ("gst-vae-XXXXXX", NULL);

  fail_unless (folder != NULL);
  return folder;
}

void
folder_free (gchar * folder)
{
  GDir *dir = g_dir_open (folder, 0, NULL);
  const gchar *name;

  while (dir && (name = g_dir_read_name (dir))) {
    gchar *path = g_build_filename (folder, name, NULL);

    g_remove (path);
    g_free (path);
  }
  g_clear_pointer (&dir, g_dir_close);
  g_rmdir (folder);
  g_free (folder);
}

void
fail_unless_same_file (const gchar * a, const gchar * b)
{
  gchar *contents[2];
  gsize lengths[2];

  fail_unless (g_file_get_contents (a, &contents[0], &lengths[0], NULL), "%s",
      a);
  fail_unless (g_file_get_contents (b, &contents[1], &lengths[1], NULL), "%s",
      b);
  fail_unless_equals_int (lengths[0], lengths[1]);
  fail_unless (memcmp (contents[0], contents[1], lengths[0]) == 0,
      "%s and %s differ", a, b);
  g_free (contents[0]);
  g_free (contents[1]);
}

void
train_model (const VaeParams * params, const Series * series,
    const gchar * path)
{
  const VaeRows rows = {.data = series->data,.n_rows = series->n_rows };
  VaeParams all = *params;
  GError *error = NULL;
  VaeModel *model;

  all.channels = series->channels;
  model = vae_train (&all, &rows, 1, NULL, NULL, NULL, &error);
  fail_unless (model != NULL, "%s", error ? error->message : "no error set");
  fail_unless (vae_model_save (model, path, NULL));
  vae_model_unref (model);
}

/* --- messages ----------------------------------------------------------- */

GstBus *
bus_new (GstElement * element)
{
  GstBus *bus = gst_bus_new ();

  gst_element_set_bus (element, bus);
  return bus;
}

void
bus_free (GstBus * bus, GstElement * element)
{
  gst_element_set_bus (element, NULL);
  gst_object_unref (bus);
}

GstMessage *
wait_for (GstBus * bus, GstMessageType types)
{
  return gst_bus_timed_pop_filtered (bus, PATIENCE, types);
}

GstMessage *
wait_for_event (GstBus * bus, const gchar * event)
{
  GstMessage *message;

  while ((message = wait_for (bus, GST_MESSAGE_ELEMENT))) {
    const GstStructure *structure = gst_message_get_structure (message);

    if (g_strcmp0 (gst_structure_get_string (structure, "event"), event) == 0)
      return message;
    gst_message_unref (message);
  }
  return NULL;
}

guint
count_messages (GstBus * bus, GstMessageType type)
{
  GstMessage *message;
  guint n = 0;

  while ((message = gst_bus_pop (bus))) {
    n += GST_MESSAGE_TYPE (message) == type;
    gst_message_unref (message);
  }
  return n;
}

void
expect_error (GstBus * bus, GQuark domain, gint code, const gchar * text)
{
  GstMessage *message = wait_for (bus, GST_MESSAGE_ERROR);
  GError *error;

  fail_unless (message != NULL, "no error that says \"%s\"", text);
  gst_message_parse_error (message, &error, NULL);
  fail_unless (g_error_matches (error, domain, code), "%s: %s, code %d",
      error->message, g_quark_to_string (error->domain), error->code);
  fail_unless (strstr (error->message, text) != NULL,
      "\"%s\" does not say \"%s\"", error->message, text);
  g_error_free (error);
  gst_message_unref (message);
}

/* --- pipelines ---------------------------------------------------------- */

GstElement *
pipeline_new (const gchar * format, ...)
{
  GError *error = NULL;
  GstElement *pipeline;
  gchar *description;
  va_list args;

  va_start (args, format);
  description = g_strdup_vprintf (format, args);
  va_end (args);
  pipeline = gst_parse_launch (description, &error);
  fail_unless (pipeline != NULL && error == NULL, "%s: %s", description,
      error ? error->message : "");
  g_free (description);
  g_object_set (pipeline, "auto-flush-bus", FALSE, NULL);
  return pipeline;
}

GstMessageType
pipeline_run (GstElement * pipeline)
{
  GstBus *bus = gst_element_get_bus (pipeline);
  GstMessageType type = GST_MESSAGE_UNKNOWN;
  GQueue messages = G_QUEUE_INIT;
  GstMessage *message;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  while (type != GST_MESSAGE_EOS && type != GST_MESSAGE_ERROR) {
    message = wait_for (bus, GST_MESSAGE_ANY);
    fail_unless (message != NULL, "neither EOS nor an error");
    type = GST_MESSAGE_TYPE (message);
    g_queue_push_tail (&messages, message);
  }
  gst_element_set_state (pipeline, GST_STATE_NULL);
  while ((message = g_queue_pop_head (&messages)))
    gst_bus_post (bus, message);
  gst_object_unref (bus);
  return type;
}

void
pipeline_free (GstElement * pipeline)
{
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_bus_set_flushing (GST_ELEMENT_BUS (pipeline), TRUE);
  gst_object_unref (pipeline);
}
