/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/*
 * An application that embeds the elements: it trains a model on rows of its own,
 * then scores live rows one by one and is told of what is wrong with them. Of the
 * normal ones among these a new model learns in the background, which takes over
 * while the rows go on. embed.py is the same in Python.
 *
 *   embed [MODEL]     (embed.bin)
 */

#include <gst/app/app.h>
#include <math.h>

#define CHANNELS 5
#define TRAINING_ROWS 2000
#define RETRAINING_ROWS 1200
#define ROWS_OF_NEW_MODEL 600
#define ROWS_PER_SECOND 10
#define SPEED 100               /* at which live time goes by here */

/* Of so many live rows, the last few have a failed sensor. */
#define FAULT_INTERVAL 500
#define FAULTY_ROWS 5

/* No more than max-bytes wait to be trained on or scored: pushing waits, too. */
#define SOURCE "appsrc name=in format=time block=true max-bytes=65536 "
#define CAPS "caps=\"other/tensors, format=(string)static, " \
    "num_tensors=(int)1, dimensions=(string)5:1, types=(string)float32, " \
    "framerate=(fraction)0/1\" "

/* About 1 is usual. The decisions are the labels by which to train again. */
#define TRAINING SOURCE CAPS "! vaetrain name=vae silent=true"
#define SCORING SOURCE CAPS "is-live=true ! vaescore name=vae threshold=2 " \
    "decision=true post-messages=true ! appsink name=out sync=false"
#define RETRAINING SOURCE "! vaetrain name=vae silent=true skip-labelled=true"

typedef struct
{
  GstElement *pipeline, *in, *out;
} Stream;

/* The pipeline, whose element `vae` has the model; FALSE, having said why, if an
 * element is not there. */
static gboolean
stream_init (Stream * stream, const gchar * description, const gchar * model)
{
  g_autoptr (GError) error = NULL;

  stream->pipeline = gst_parse_launch_full (description, NULL,
      GST_PARSE_FLAG_FATAL_ERRORS, &error);
  if (!stream->pipeline) {
    g_printerr ("%s\n", error->message);
    return FALSE;
  }
  stream->in = gst_bin_get_by_name (GST_BIN (stream->pipeline), "in");
  stream->out = gst_bin_get_by_name (GST_BIN (stream->pipeline), "out");
  gst_child_proxy_set (GST_CHILD_PROXY (stream->pipeline), "vae::model", model,
      NULL);
  return TRUE;
}

static void
stream_clear (Stream * stream)
{
  if (stream->pipeline)
    gst_element_set_state (stream->pipeline, GST_STATE_NULL);
  g_clear_object (&stream->in);
  g_clear_object (&stream->out);
  g_clear_object (&stream->pipeline);
}

/* Five sensors that swing out of step, with a little noise. Stands for what the
 * application measures. */
static void
measure (guint row, gfloat values[CHANNELS])
{
  for (guint i = 0; i < CHANNELS; i++)
    values[i] = (gfloat) (sin (0.1 * row + i)
        + 0.1 * sin (1e4 * (row * CHANNELS + i)));
  if (row >= TRAINING_ROWS
      && row % FAULT_INTERVAL >= FAULT_INTERVAL - FAULTY_ROWS)
    values[2] = 4.0f;
}

static void
push_row (const Stream * stream, guint row)
{
  gfloat values[CHANNELS];

  measure (row, values);

  GstBuffer *buffer = gst_buffer_new_memdup (values, sizeof (values));

  GST_BUFFER_PTS (buffer) = row * GST_SECOND / ROWS_PER_SECOND;
  GST_BUFFER_DURATION (buffer) = GST_SECOND / ROWS_PER_SECOND;
  GST_BUFFER_OFFSET (buffer) = row;
  gst_app_src_push_buffer (GST_APP_SRC (stream->in), buffer);
}

static void
print_event (const GstStructure * fields)
{
  const GValue *channels = gst_structure_get_value (fields, "channels");
  guint64 first_row, last_row;

  g_print ("%s", gst_structure_get_string (fields, "event"));
  if (gst_structure_get (fields, "first-row", G_TYPE_UINT64, &first_row,
          "last-row", G_TYPE_UINT64, &last_row, NULL))
    g_print ("  rows %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT
        "  channel %u", first_row, last_row,
        g_value_get_uint (gst_value_array_get_value (channels, 0)));
  g_print ("\n");
}

/* Prints what an element tells next and returns it: "trained", "model-changed",
 * ..., at the end "end", for an error or a refused model "failed"; NULL if there
 * is nothing in time. */
static const gchar *
next_event (const Stream * stream, GstClockTime timeout)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (stream->pipeline);
  g_autoptr (GstMessage) message = gst_bus_timed_pop_filtered (bus, timeout,
      GST_MESSAGE_EOS | GST_MESSAGE_ELEMENT | GST_MESSAGE_WARNING
      | GST_MESSAGE_ERROR);

  if (!message)
    return NULL;
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS)
    return "end";

  const GstStructure *fields = gst_message_get_structure (message);
  g_autoptr (GError) error = NULL;

  if (gst_structure_get (fields, "gerror", G_TYPE_ERROR, &error, NULL)) {
    g_printerr ("%s: %s\n", GST_MESSAGE_SRC_NAME (message), error->message);
    return "failed";
  }
  print_event (fields);
  return g_intern_string (gst_structure_get_string (fields, "event"));
}

/* Ends the stream and waits until that or an error has come through. */
static gboolean
finish (const Stream * stream)
{
  const gchar *event = NULL;

  gst_app_src_end_of_stream (GST_APP_SRC (stream->in));
  while (g_strcmp0 (event, "end") != 0 && g_strcmp0 (event, "failed") != 0)
    event = next_event (stream, GST_CLOCK_TIME_NONE);
  return g_str_equal (event, "end");
}

static gboolean
train (const Stream * training)
{
  gst_element_set_state (training->pipeline, GST_STATE_PLAYING);
  for (guint row = 0; row < TRAINING_ROWS; row++)
    push_row (training, row);
  return finish (training);
}

/* Sends a row, takes it back and prints its score, which is the last thing in it;
 * the first rows have none, as their windows are not full. */
static GstSample *
score_row (const Stream * scoring, guint row)
{
  gfloat score;

  push_row (scoring, row);

  GstSample *sample = gst_app_sink_try_pull_sample (GST_APP_SINK (scoring->out),
      5 * GST_SECOND);

  if (!sample)
    return NULL;

  GstBuffer *buffer = gst_sample_get_buffer (sample);

  gst_buffer_extract (buffer, gst_buffer_get_size (buffer) - sizeof (score),
      &score, sizeof (score));
  g_print ("row %" G_GUINT64_FORMAT "  score %.4f\n",
      GST_BUFFER_OFFSET (buffer), score);
  return sample;
}

/* The first rows are also learnt from. Goes on until the new model has scored
 * some, too. */
static gboolean
score_live (const Stream * scoring, const Stream * retraining,
    const gchar * model)
{
  const gchar *event;
  guint end = G_MAXUINT;

  gst_child_proxy_set (GST_CHILD_PROXY (retraining->pipeline),
      "vae::initial-model", model, NULL);
  gst_element_set_state (scoring->pipeline, GST_STATE_PLAYING);
  gst_element_set_state (retraining->pipeline, GST_STATE_PLAYING);

  for (guint row = TRAINING_ROWS; row < end; row++) {
    g_autoptr (GstSample) sample = score_row (scoring, row);

    if (!sample)
      break;
    if (row < TRAINING_ROWS + RETRAINING_ROWS)
      gst_app_src_push_sample (GST_APP_SRC (retraining->in), sample);
    else if (row == TRAINING_ROWS + RETRAINING_ROWS)
      gst_app_src_end_of_stream (GST_APP_SRC (retraining->in));
    while ((event = next_event (retraining, 0))
        || (event = next_event (scoring, 0))) {
      if (g_str_equal (event, "failed"))
        return FALSE;
      if (g_str_equal (event, "trained"))
        gst_child_proxy_set (GST_CHILD_PROXY (scoring->pipeline),
            "vae::model", model, NULL);
      if (g_str_equal (event, "model-changed"))
        end = row + ROWS_OF_NEW_MODEL;
    }
    g_usleep (G_USEC_PER_SEC / ROWS_PER_SECOND / SPEED);
  }
  return finish (scoring) && end < G_MAXUINT;
}

int
main (int argc, char *argv[])
{
  const gchar *model = argc > 1 ? argv[1] : "embed.bin";
  Stream training = { NULL }, scoring = { NULL }, retraining = { NULL };

  gst_init (NULL, NULL);

  gboolean done = stream_init (&training, TRAINING, model) && train (&training)
      && stream_init (&scoring, SCORING, model)
      && stream_init (&retraining, RETRAINING, model)
      && score_live (&scoring, &retraining, model);

  stream_clear (&training);
  stream_clear (&scoring);
  stream_clear (&retraining);
  gst_deinit ();
  return done ? 0 : 1;
}
