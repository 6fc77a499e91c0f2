/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/*
 * An application that embeds the elements: it trains a model on rows of its own,
 * then scores live rows one by one and is told of what is wrong with them. embed.py
 * is the same in Python.
 *
 *   embed [MODEL]     (embed.bin)
 */

#include <gst/app/app.h>
#include <math.h>

#define CHANNELS 5
#define TRAINING_ROWS 2000
#define LIVE_ROWS 200
#define FIRST_FAULTY_ROW 2100
#define N_FAULTY_ROWS 5
#define ROWS_PER_SECOND 10

/* No more than this waits to be trained on or scored: pushing waits, too. */
#define QUEUE_BYTES "65536"

#define CAPS "other/tensors, format=(string)static, num_tensors=(int)1, " \
    "dimensions=(string)\"5:1\", types=(string)\"float32\", " \
    "framerate=(fraction)0/1"

/* Five sensors that swing out of step, with a little noise. Stands for what the
 * application measures. */
static void
measure (guint row, gboolean faulty, gfloat values[CHANNELS])
{
  for (guint i = 0; i < CHANNELS; i++)
    values[i] = (gfloat) (sin (0.01 * row + i)
        + 0.1 * sin (1e4 * (row * CHANNELS + i)));
  if (faulty)
    values[2] = 4.0f;
}

static gboolean
is_faulty (guint row)
{
  return row >= FIRST_FAULTY_ROW && row < FIRST_FAULTY_ROW + N_FAULTY_ROWS;
}

static void
push_row (GstElement * in, guint row)
{
  gfloat values[CHANNELS];

  measure (row, is_faulty (row), values);

  GstBuffer *buffer = gst_buffer_new_memdup (values, sizeof (values));

  GST_BUFFER_PTS (buffer) = row * GST_SECOND / ROWS_PER_SECOND;
  GST_BUFFER_DURATION (buffer) = GST_SECOND / ROWS_PER_SECOND;
  GST_BUFFER_OFFSET (buffer) = row;
  gst_app_src_push_buffer (GST_APP_SRC (in), buffer);
}

/* A running pipeline whose element `vae` has the model and whose appsrc `in` has
 * the caps; NULL, having said why, if there is no such element. */
static GstElement *
start_pipeline (const gchar * description, const gchar * model)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstCaps) caps = gst_caps_from_string (CAPS);
  GstElement *pipeline = gst_parse_launch_full (description, NULL,
      GST_PARSE_FLAG_FATAL_ERRORS, &error);

  if (!pipeline) {
    g_printerr ("%s\n", error->message);
    return NULL;
  }
  gst_child_proxy_set (GST_CHILD_PROXY (pipeline), "in::caps", caps,
      "vae::model", model, NULL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  return pipeline;
}

/* What vaescore posts when an anomaly begins and when it ends. */
static void
print_anomaly (GstMessage * message)
{
  const GstStructure *fields = gst_message_get_structure (message);
  const GValue *channels;
  guint64 first_row = 0, last_row = 0;

  if (!gst_message_has_name (message, "vaescore"))
    return;
  channels = gst_structure_get_value (fields, "channels");
  gst_structure_get (fields, "first-row", G_TYPE_UINT64, &first_row,
      "last-row", G_TYPE_UINT64, &last_row, NULL);
  g_print ("%s  rows %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT
      "  channel %u\n", gst_structure_get_string (fields, "event"), first_row,
      last_row, g_value_get_uint (gst_value_array_get_value (channels, 0)));
}

/* Ends the stream, waits until that or an error has come through, and stops. */
static gboolean
finish_pipeline (GstElement * pipeline, GstElement * in)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GError) error = NULL;
  GstMessage *message;

  gst_app_src_end_of_stream (GST_APP_SRC (in));
  message = gst_bus_timed_pop_filtered (bus, GST_CLOCK_TIME_NONE,
      GST_MESSAGE_EOS | GST_MESSAGE_ERROR | GST_MESSAGE_ELEMENT);
  while (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ELEMENT) {
    print_anomaly (message);
    gst_message_unref (message);
    message = gst_bus_timed_pop_filtered (bus, GST_CLOCK_TIME_NONE,
        GST_MESSAGE_EOS | GST_MESSAGE_ERROR | GST_MESSAGE_ELEMENT);
  }
  gst_element_set_state (pipeline, GST_STATE_NULL);
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR) {
    gst_message_parse_error (message, &error, NULL);
    g_printerr ("%s: %s\n", GST_MESSAGE_SRC_NAME (message), error->message);
  }
  gst_message_unref (message);
  return error == NULL;
}

/* The messages that have come until now. */
static void
print_anomalies (GstElement * pipeline)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  GstMessage *message;

  while ((message = gst_bus_pop_filtered (bus, GST_MESSAGE_ELEMENT))) {
    print_anomaly (message);
    gst_message_unref (message);
  }
}

static gboolean
train (const gchar * model)
{
  g_autoptr (GstElement) pipeline = start_pipeline ("appsrc name=in "
      "format=time block=true max-bytes=" QUEUE_BYTES " ! vaetrain name=vae",
      model);

  if (!pipeline)
    return FALSE;

  g_autoptr (GstElement) in = gst_bin_get_by_name (GST_BIN (pipeline), "in");

  for (guint row = 0; row < TRAINING_ROWS; row++)
    push_row (in, row);
  return finish_pipeline (pipeline, in);
}

/* Sends a row, takes it back and prints its score, which follows it; the first
 * ones have none, as their windows are not full. */
static gboolean
score_row (GstElement * in, GstElement * out, guint row)
{
  gfloat score;

  push_row (in, row);

  g_autoptr (GstSample) sample =
      gst_app_sink_try_pull_sample (GST_APP_SINK (out), 5 * GST_SECOND);

  if (!sample)
    return FALSE;
  gst_buffer_extract (gst_sample_get_buffer (sample),
      CHANNELS * sizeof (gfloat), &score, sizeof (score));
  if (is_faulty (row) || row % 20 == 0)
    g_print ("row %u  score %.4f%s\n", row, score,
        is_faulty (row) ? "  faulty" : "");
  return TRUE;
}

static gboolean
score_live (const gchar * model)
{
  g_autoptr (GstElement) pipeline = start_pipeline ("appsrc name=in "
      "format=time is-live=true block=true max-bytes=" QUEUE_BYTES
      " ! vaescore name=vae post-messages=true ! appsink name=out sync=false",
      model);

  if (!pipeline)
    return FALSE;

  g_autoptr (GstElement) in = gst_bin_get_by_name (GST_BIN (pipeline), "in");
  g_autoptr (GstElement) out = gst_bin_get_by_name (GST_BIN (pipeline), "out");
  guint row = TRAINING_ROWS, end = row + LIVE_ROWS;

  while (row < end && score_row (in, out, row)) {
    print_anomalies (pipeline);
    row++;
  }
  return finish_pipeline (pipeline, in) && row == end;
}

int
main (int argc, char *argv[])
{
  const gchar *model = argc > 1 ? argv[1] : "embed.bin";

  gst_init (NULL, NULL);

  gboolean done = train (model) && score_live (model);

  gst_deinit ();
  return done ? 0 : 1;
}
