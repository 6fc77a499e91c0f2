/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/*
 * An application that embeds the elements: it trains a model on rows of its own,
 * then scores live rows one by one. embed.py is the same in Python.
 *
 *   embed [MODEL]     (embed.bin)
 */

#include <gst/app/app.h>
#include <math.h>

#define CHANNELS 5
#define TRAINING_ROWS 2000
#define LIVE_ROWS 12

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

static void
push_row (GstElement * in, guint row, gboolean faulty)
{
  gfloat values[CHANNELS];

  measure (row, faulty, values);
  gst_app_src_push_buffer (GST_APP_SRC (in),
      gst_buffer_new_memdup (values, sizeof (values)));
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

/* Ends the stream, waits until that or an error has come through, and stops. */
static gboolean
finish_pipeline (GstElement * pipeline, GstElement * in)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GError) error = NULL;

  gst_app_src_end_of_stream (GST_APP_SRC (in));
  g_autoptr (GstMessage) message = gst_bus_timed_pop_filtered (bus,
      GST_CLOCK_TIME_NONE, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS)
    return TRUE;
  gst_message_parse_error (message, &error, NULL);
  g_printerr ("%s: %s\n", GST_MESSAGE_SRC_NAME (message), error->message);
  return FALSE;
}

static gboolean
train (const gchar * model)
{
  g_autoptr (GstElement) pipeline = start_pipeline ("appsrc name=in ! "
      "vaetrain name=vae beta=0.1", model);

  if (!pipeline)
    return FALSE;

  g_autoptr (GstElement) in = gst_bin_get_by_name (GST_BIN (pipeline), "in");

  for (guint row = 0; row < TRAINING_ROWS; row++)
    push_row (in, row, FALSE);
  return finish_pipeline (pipeline, in);
}

/* Sends a row, takes it back and prints its score, which follows it. */
static gboolean
score_row (GstElement * in, GstElement * out, guint row)
{
  gboolean faulty = row % 5 == 3;
  gfloat score;

  push_row (in, row, faulty);

  g_autoptr (GstSample) sample =
      gst_app_sink_try_pull_sample (GST_APP_SINK (out), 5 * GST_SECOND);

  if (!sample)
    return FALSE;
  gst_buffer_extract (gst_sample_get_buffer (sample),
      CHANNELS * sizeof (gfloat), &score, sizeof (score));
  g_print ("row %u  score %.4f%s\n", row, score, faulty ? "  faulty" : "");
  return TRUE;
}

static gboolean
score_live (const gchar * model)
{
  g_autoptr (GstElement) pipeline = start_pipeline ("appsrc name=in "
      "is-live=true ! vaescore name=vae ! appsink name=out sync=false", model);

  if (!pipeline)
    return FALSE;

  g_autoptr (GstElement) in = gst_bin_get_by_name (GST_BIN (pipeline), "in");
  g_autoptr (GstElement) out = gst_bin_get_by_name (GST_BIN (pipeline), "out");
  guint row = TRAINING_ROWS, end = row + LIVE_ROWS;

  while (row < end && score_row (in, out, row))
    row++;
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
