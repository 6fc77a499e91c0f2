/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include <gst/check/check.h>
#include <gst/check/gstharness.h>
#include <gst/check/gsttestclock.h>

#include "vae.h"

/* --- a recording of what the source sends ------------------------------- */

typedef struct
{
  guint64 offset;
  guint64 offset_end;
  GstClockTime pts;
  GstClockTime duration;
  gboolean discont;
  gchar *caps;
} Recorded;

typedef struct
{
  GstElement *pipeline;
  GstElement *source;
  GArray *buffers;              /* of Recorded */
  GArray *data;                 /* of gfloat */
  GArray *labels;               /* of guint8 */
} Recording;

static void
clear_recorded (gpointer recorded)
{
  g_free (((Recorded *) recorded)->caps);
}

/* What gst_caps_to_string() writes, without the escapes that it puts before
 * commas inside of quotes. */
static gchar *
caps_of_pad (GstPad * pad)
{
  GstCaps *caps = gst_pad_get_current_caps (pad);
  gchar *string = gst_caps_to_string (caps);
  gchar **pieces = g_strsplit (string, "\\,", -1);
  gchar *plain = g_strjoinv (",", pieces);

  g_strfreev (pieces);
  g_free (string);
  gst_caps_unref (caps);
  return plain;
}

static void
append_memory (GArray * array, GstBuffer * buffer, guint index)
{
  GstMemory *memory = gst_buffer_peek_memory (buffer, index);
  GstMapInfo map;

  fail_unless (gst_memory_map (memory, &map, GST_MAP_READ));
  fail_unless_equals_int (map.size % g_array_get_element_size (array), 0);
  g_array_append_vals (array, map.data,
      (guint) (map.size / g_array_get_element_size (array)));
  gst_memory_unmap (memory, &map);
}

static void
record_buffer (GstElement * sink, GstBuffer * buffer, GstPad * pad,
    Recording * recording)
{
  Recorded recorded = {
    GST_BUFFER_OFFSET (buffer), GST_BUFFER_OFFSET_END (buffer),
    GST_BUFFER_PTS (buffer), GST_BUFFER_DURATION (buffer),
    GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DISCONT), caps_of_pad (pad)
  };

  fail_unless_equals_int (gst_buffer_n_memory (buffer), 2);
  g_array_append_val (recording->buffers, recorded);
  append_memory (recording->data, buffer, 0);
  append_memory (recording->labels, buffer, 1);
}

static Recording *
recording_new (const gchar * properties)
{
  Recording *recording = g_new0 (Recording, 1);
  gchar *line = g_strdup_printf ("vaesynth name=source %s ! "
      "fakesink name=sink sync=false signal-handoffs=true", properties);
  GError *error = NULL;

  recording->pipeline = gst_parse_launch (line, &error);
  fail_unless (error == NULL, "%s", line);
  g_free (line);
  recording->source = gst_bin_get_by_name (GST_BIN (recording->pipeline),
      "source");
  recording->buffers = g_array_new (FALSE, FALSE, sizeof (Recorded));
  g_array_set_clear_func (recording->buffers, clear_recorded);
  recording->data = g_array_new (FALSE, FALSE, sizeof (gfloat));
  recording->labels = g_array_new (FALSE, FALSE, sizeof (guint8));

  GstElement *sink =
      gst_bin_get_by_name (GST_BIN (recording->pipeline), "sink");

  g_signal_connect (sink, "handoff", G_CALLBACK (record_buffer), recording);
  gst_object_unref (sink);
  return recording;
}

static void
recording_free (Recording * recording)
{
  gst_element_set_state (recording->pipeline, GST_STATE_NULL);
  gst_object_unref (recording->source);
  gst_object_unref (recording->pipeline);
  g_array_unref (recording->buffers);
  g_array_unref (recording->data);
  g_array_unref (recording->labels);
  g_free (recording);
}

static void
wait_for (Recording * recording, GstMessageType type)
{
  GstBus *bus = gst_element_get_bus (recording->pipeline);
  GstMessage *message = gst_bus_timed_pop_filtered (bus, GST_CLOCK_TIME_NONE,
      type | GST_MESSAGE_ERROR);

  fail_unless_equals_int (GST_MESSAGE_TYPE (message), type);
  gst_message_unref (message);
  gst_object_unref (bus);
}

static void
preroll (Recording * recording)
{
  gst_element_set_state (recording->pipeline, GST_STATE_PAUSED);
  wait_for (recording, GST_MESSAGE_ASYNC_DONE);
}

static void
play (Recording * recording)
{
  gst_element_set_state (recording->pipeline, GST_STATE_PLAYING);
  wait_for (recording, GST_MESSAGE_EOS);
}

static Recording *
record (const gchar * properties)
{
  Recording *recording = recording_new (properties);

  play (recording);
  return recording;
}

static const Recorded *
nth_buffer (Recording * recording, guint n)
{
  fail_unless (n < recording->buffers->len);
  return &g_array_index (recording->buffers, Recorded, n);
}

static void
forget (Recording * recording)
{
  g_array_set_size (recording->buffers, 0);
  g_array_set_size (recording->data, 0);
  g_array_set_size (recording->labels, 0);
}

/* Compares all that was recorded with what the engine says. */
static void
assert_rows (Recording * recording, const VaeSynthParams * params,
    guint64 start, guint n_rows)
{
  VaeSynth *synth = vae_synth_new (params, NULL);
  gfloat *data = g_new (gfloat, (gsize) n_rows * params->features);
  guint8 *labels = g_new (guint8, n_rows);

  vae_synth_execute (synth, start, n_rows, data, labels);
  fail_unless_equals_int (recording->data->len, n_rows * params->features);
  fail_unless_equals_int (recording->labels->len, n_rows);
  if (n_rows > 0) {
    fail_unless (memcmp (recording->data->data, data,
            sizeof (gfloat) * n_rows * params->features) == 0);
    fail_unless (memcmp (recording->labels->data, labels, n_rows) == 0);
  }
  g_free (labels);
  g_free (data);
  vae_synth_free (synth);
}

/* --- the stream --------------------------------------------------------- */

GST_START_TEST (test_the_default_stream)
{
  Recording *recording = record ("");
  VaeSynthParams params;

  fail_unless_equals_int (recording->buffers->len, 100);
  for (guint i = 0; i < 100; i++) {
    const Recorded *buffer = nth_buffer (recording, i);

    fail_unless_equals_string (buffer->caps, "other/tensors, "
        "format=(string)static, num_tensors=(int)2, "
        "dimensions=(string)\"5:50,1:50\", types=(string)\"float32,uint8\", "
        "framerate=(fraction)2/1");
    fail_unless_equals_uint64 (buffer->offset, i * 50);
    fail_unless_equals_uint64 (buffer->offset_end, (i + 1) * 50);
    fail_unless_equals_uint64 (buffer->pts, i * GST_SECOND / 2);
    fail_unless_equals_uint64 (buffer->duration, GST_SECOND / 2);
    fail_unless_equals_int (buffer->discont, i == 0);
  }
  vae_synth_params_init (&params);
  assert_rows (recording, &params, 0, 5000);
  recording_free (recording);
}

GST_END_TEST;

GST_START_TEST (test_the_last_buffer_is_shorter_and_has_its_caps)
{
  Recording *recording = record ("num-samples=120");
  const Recorded *last = nth_buffer (recording, 2);

  fail_unless_equals_int (recording->buffers->len, 3);
  fail_unless (strstr (nth_buffer (recording, 1)->caps, "\"5:50,1:50\""));
  fail_unless_equals_string (last->caps, "other/tensors, "
      "format=(string)static, num_tensors=(int)2, "
      "dimensions=(string)\"5:20,1:20\", types=(string)\"float32,uint8\", "
      "framerate=(fraction)5/1");
  fail_unless_equals_uint64 (last->offset, 100);
  fail_unless_equals_uint64 (last->offset_end, 120);
  fail_unless_equals_uint64 (last->pts, GST_SECOND);
  fail_unless_equals_uint64 (last->duration, GST_SECOND / 5);
  fail_if (last->discont);
  fail_unless_equals_int (recording->labels->len, 120);
  recording_free (recording);
}

GST_END_TEST;

GST_START_TEST (test_a_series_below_a_buffer_has_one_shape)
{
  GstHarness *h = gst_harness_new_parse ("vaesynth num-samples=10 features=1");
  GstEvent *event = NULL;
  guint n_caps = 0;

  gst_harness_play (h);
  do {
    g_clear_pointer (&event, gst_event_unref);
    event = gst_harness_pull_event (h);
    n_caps += GST_EVENT_TYPE (event) == GST_EVENT_CAPS;
  } while (GST_EVENT_TYPE (event) != GST_EVENT_EOS);

  gchar *caps = caps_of_pad (h->sinkpad);

  fail_unless_equals_string (caps, "other/tensors, format=(string)static, "
      "num_tensors=(int)2, dimensions=(string)\"1:10,1:10\", "
      "types=(string)\"float32,uint8\", framerate=(fraction)10/1");
  fail_unless_equals_int (n_caps, 1);
  fail_unless_equals_int (gst_harness_buffers_received (h), 1);
  g_free (caps);
  gst_event_unref (event);
  gst_harness_teardown (h);
}

GST_END_TEST;

GST_START_TEST (test_no_rows_end_at_once)
{
  Recording *recording = record ("num-samples=0");

  fail_unless_equals_int (recording->buffers->len, 0);
  recording_free (recording);
}

GST_END_TEST;

GST_START_TEST (test_times_are_exact_at_odd_rates)
{
  Recording *recording = record ("num-samples=1000 samples-per-buffer=7 "
      "rate=30000/1001");

  for (guint i = 0; i < recording->buffers->len; i++) {
    const Recorded *buffer = nth_buffer (recording, i);

    fail_unless_equals_uint64 (buffer->pts, gst_util_uint64_scale (7 * i,
            1001 * GST_SECOND, 30000));
    fail_unless_equals_uint64 (buffer->pts + buffer->duration,
        gst_util_uint64_scale (MIN (7 * i + 7, 1000), 1001 * GST_SECOND,
            30000));
  }
  recording_free (recording);
}

GST_END_TEST;

static const guint cuts[] = { 1, 7, 64, 5000, 100000 };

GST_START_TEST (test_the_cut_does_not_change_the_rows)
{
  gchar *properties = g_strdup_printf ("seed=18446744073709551615 features=3 "
      "num-samples=6000 anomaly=drift anomaly-length=100 anomaly-ratio=0.2 "
      "noise=0.5 samples-per-buffer=%u", cuts[__i__]);
  Recording *recording = record (properties);
  VaeSynthParams params = {
    .features = 3,.anomaly_ratio = 0.2,.noise = 0.5,
    .anomaly = VAE_ANOMALY_DRIFT,.anomaly_length = 100,.seed = G_MAXUINT64
  };

  assert_rows (recording, &params, 0, 6000);
  g_free (properties);
  recording_free (recording);
}

GST_END_TEST;

static const gchar *const kinds[] = { "offset", "spike", "correlation",
  "frozen", "phase", "frequency", "drift", "missing"
};

GST_START_TEST (test_each_kind_of_anomaly_is_made_and_labelled)
{
  gchar *properties = g_strdup_printf ("anomaly=%s", kinds[__i__]);
  Recording *recording = record (properties);
  Recording *normal = record ("anomaly-ratio=0");
  guint n_labelled = 0;
  guint n_changed = 0;

  fail_unless_equals_int (recording->labels->len, 5000);
  for (guint i = 0; i < 5000; i++) {
    gboolean labelled = recording->labels->data[i] == 1;
    gboolean changed = memcmp (&g_array_index (recording->data, gfloat, 5 * i),
        &g_array_index (normal->data, gfloat, 5 * i), 5 * sizeof (gfloat));

    fail_unless (labelled || !changed, "row %u", i);
    fail_unless_equals_int (normal->labels->data[i], 0);
    n_labelled += labelled;
    n_changed += changed;
  }
  fail_unless_equals_int (n_labelled, 100);
  fail_unless (n_changed > 90, "%u", n_changed);

  g_free (properties);
  recording_free (normal);
  recording_free (recording);
}

GST_END_TEST;

GST_START_TEST (test_another_shape_downstream_is_not_served)
{
  GstElement *pipeline = gst_parse_launch ("vaesynth ! "
      "other/tensors, framerate=(fraction)5/1 ! fakesink", NULL);
  GstBus *bus = gst_element_get_bus (pipeline);
  GstMessage *message;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (bus, GST_CLOCK_TIME_NONE,
      GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  fail_unless_equals_int (GST_MESSAGE_TYPE (message), GST_MESSAGE_ERROR);
  gst_message_unref (message);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (bus);
  gst_object_unref (pipeline);
}

GST_END_TEST;

GST_START_TEST (test_it_can_be_run_again)
{
  Recording *recording = recording_new ("num-samples=120");
  VaeSynthParams params;

  vae_synth_params_init (&params);
  for (guint i = 0; i < 20; i++) {
    play (recording);
    assert_rows (recording, &params, 0, 120);
    fail_unless (nth_buffer (recording, 0)->discont);
    forget (recording);
    gst_element_set_state (recording->pipeline,
        i % 2 ? GST_STATE_READY : GST_STATE_NULL);
  }
  recording_free (recording);
}

GST_END_TEST;

/* --- seeking ------------------------------------------------------------ */

static const struct
{
  GstFormat format;
  gint64 start;
  gint64 stop;
  guint64 first_row;
  guint n_rows;
} seeks[] = {
  /* 100 rows per second */
  {GST_FORMAT_TIME, 0, -1, 0, 5000},
  {GST_FORMAT_TIME, 20 * GST_SECOND, -1, 2000, 3000},
  {GST_FORMAT_TIME, 12340 * GST_MSECOND, -1, 1234, 3766},
  /* The row that lasts at that time. */
  {GST_FORMAT_TIME, 12349 * GST_MSECOND, -1, 1234, 3766},
  {GST_FORMAT_TIME, 12340 * GST_MSECOND - 1, -1, 1233, 3767},
  {GST_FORMAT_TIME, 10 * GST_SECOND, 11 * GST_SECOND, 1000, 100},
  {GST_FORMAT_TIME, 10 * GST_SECOND, 10700 * GST_MSECOND, 1000, 70},
  {GST_FORMAT_TIME, 10 * GST_SECOND, 10701 * GST_MSECOND, 1000, 71},
  {GST_FORMAT_TIME, 10 * GST_SECOND, 900 * GST_SECOND, 1000, 4000},
  {GST_FORMAT_TIME, 900 * GST_SECOND, -1, 5000, 0},
  {GST_FORMAT_DEFAULT, 1234, -1, 1234, 3766},
  {GST_FORMAT_DEFAULT, 1234, 1300, 1234, 66},
};

/* The seek in the middle of the stream. */
GST_START_TEST (test_a_seek_gives_the_rows_of_that_time)
{
  Recording *recording = recording_new ("");
  VaeSynthParams params;
  guint n_rows = seeks[__i__].n_rows;
  guint64 first_row = seeks[__i__].first_row;

  preroll (recording);
  fail_unless (gst_element_seek (recording->source, 1.0, seeks[__i__].format,
          GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE, GST_SEEK_TYPE_SET,
          seeks[__i__].start, GST_SEEK_TYPE_SET, seeks[__i__].stop));
  play (recording);

  vae_synth_params_init (&params);
  assert_rows (recording, &params, first_row, n_rows);
  fail_unless_equals_int (recording->buffers->len, (n_rows + 49) / 50);
  for (guint i = 0; i < recording->buffers->len; i++) {
    const Recorded *buffer = nth_buffer (recording, i);
    guint64 row = first_row + 50 * i;
    guint64 end_row = MIN (row + 50, first_row + n_rows);
    gchar *shape = g_strdup_printf ("\"5:%u,1:%u\"", (guint) (end_row - row),
        (guint) (end_row - row));

    fail_unless_equals_uint64 (buffer->offset, row);
    fail_unless_equals_uint64 (buffer->offset_end, end_row);
    fail_unless_equals_uint64 (buffer->pts, row * 10 * GST_MSECOND);
    fail_unless_equals_int (buffer->discont, i == 0);
    fail_unless (strstr (buffer->caps, shape) != NULL, "%s", buffer->caps);
    g_free (shape);
  }
  recording_free (recording);
}

GST_END_TEST;

GST_START_TEST (test_a_seek_before_the_start)
{
  Recording *recording = recording_new ("");
  VaeSynthParams params;

  gst_element_set_state (recording->pipeline, GST_STATE_READY);
  fail_unless (gst_element_send_event (recording->source,
          gst_event_new_seek (1.0, GST_FORMAT_TIME, GST_SEEK_FLAG_ACCURATE,
              GST_SEEK_TYPE_SET, 20 * GST_SECOND, GST_SEEK_TYPE_SET,
              21 * GST_SECOND)));
  play (recording);
  vae_synth_params_init (&params);
  assert_rows (recording, &params, 2000, 100);
  recording_free (recording);
}

GST_END_TEST;

GST_START_TEST (test_a_seek_after_the_end)
{
  Recording *recording = record ("num-samples=120");
  VaeSynthParams params;

  forget (recording);
  fail_unless (gst_element_seek_simple (recording->pipeline, GST_FORMAT_TIME,
          GST_SEEK_FLAG_FLUSH, GST_SECOND / 2));
  wait_for (recording, GST_MESSAGE_EOS);

  vae_synth_params_init (&params);
  assert_rows (recording, &params, 50, 70);
  fail_unless (nth_buffer (recording, 0)->discont);
  fail_unless (strstr (nth_buffer (recording, 0)->caps, "\"5:50,1:50\""));
  fail_unless (strstr (nth_buffer (recording, 1)->caps, "\"5:20,1:20\""));
  recording_free (recording);
}

GST_END_TEST;

GST_START_TEST (test_segments_follow_each_other)
{
  Recording *recording = recording_new ("");
  VaeSynthParams params;

  preroll (recording);
  fail_unless (gst_element_seek (recording->source, 1.0, GST_FORMAT_TIME,
          GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_SEGMENT, GST_SEEK_TYPE_SET,
          GST_SECOND, GST_SEEK_TYPE_SET, 2 * GST_SECOND));
  gst_element_set_state (recording->pipeline, GST_STATE_PLAYING);
  wait_for (recording, GST_MESSAGE_SEGMENT_DONE);
  fail_unless (gst_element_seek (recording->source, 1.0, GST_FORMAT_TIME,
          GST_SEEK_FLAG_NONE, GST_SEEK_TYPE_SET, 2 * GST_SECOND,
          GST_SEEK_TYPE_SET, 3 * GST_SECOND));
  wait_for (recording, GST_MESSAGE_EOS);
  vae_synth_params_init (&params);
  assert_rows (recording, &params, 100, 200);
  recording_free (recording);
}

GST_END_TEST;

GST_START_TEST (test_it_does_not_run_backwards)
{
  Recording *recording = recording_new ("");
  VaeSynthParams params;

  preroll (recording);
  fail_if (gst_element_seek (recording->source, -1.0, GST_FORMAT_TIME,
          GST_SEEK_FLAG_FLUSH, GST_SEEK_TYPE_SET, 0, GST_SEEK_TYPE_SET,
          20 * GST_SECOND));
  fail_if (gst_element_seek (recording->pipeline, -1.0, GST_FORMAT_TIME,
          GST_SEEK_FLAG_FLUSH, GST_SEEK_TYPE_SET, 0, GST_SEEK_TYPE_SET,
          20 * GST_SECOND));

  /* As if nothing had been asked. */
  play (recording);
  vae_synth_params_init (&params);
  assert_rows (recording, &params, 0, 5000);
  recording_free (recording);
}

GST_END_TEST;

/* --- live --------------------------------------------------------------- */

GST_START_TEST (test_a_live_source_keeps_time)
{
  GstHarness *h = gst_harness_new_parse ("vaesynth is-live=true");
  GstTestClock *clock = gst_harness_get_testclock (h);

  gst_harness_play (h);
  for (guint i = 0; i < 10; i++) {
    GstBuffer *buffer;

    gst_test_clock_wait_for_next_pending_id (clock, NULL);
    fail_unless_equals_int (gst_harness_buffers_in_queue (h), 0);
    fail_unless (gst_harness_crank_single_clock_wait (h));
    buffer = gst_harness_pull (h);
    fail_unless_equals_uint64 (GST_BUFFER_PTS (buffer), i * GST_SECOND / 2);
    fail_unless_equals_uint64 (gst_clock_get_time (GST_CLOCK (clock)),
        (i + 1) * GST_SECOND / 2);
    gst_buffer_unref (buffer);
  }
  fail_unless_equals_uint64 (gst_harness_query_latency (h), GST_SECOND / 2);
  gst_object_unref (clock);
  gst_harness_teardown (h);
}

GST_END_TEST;

/* A live source that is paused ends its streaming thread's loop. GstBaseSrc (1.22)
 * hangs if it is set to play again before that has happened. */
static void
wait_for_end_of_loop (GstElement * source)
{
  GstPad *pad = gst_element_get_static_pad (source, "src");

  while (gst_pad_get_task_state (pad) != GST_TASK_PAUSED)
    g_usleep (1000);
  gst_object_unref (pad);
}

GST_START_TEST (test_a_pause_loses_no_rows)
{
  Recording *recording = recording_new ("is-live=true num-samples=100");
  GstClock *clock = gst_test_clock_new ();
  GstTestClock *test_clock = GST_TEST_CLOCK (clock);
  VaeSynthParams params;

  gst_pipeline_use_clock (GST_PIPELINE (recording->pipeline), clock);
  gst_element_set_state (recording->pipeline, GST_STATE_PLAYING);
  for (guint i = 0; i < 3; i++) {
    gst_test_clock_wait_for_next_pending_id (test_clock, NULL);
    gst_element_set_state (recording->pipeline, GST_STATE_PAUSED);
    wait_for_end_of_loop (recording->source);
    gst_element_set_state (recording->pipeline, GST_STATE_PLAYING);
  }
  gst_test_clock_wait_for_next_pending_id (test_clock, NULL);
  gst_test_clock_crank (test_clock);
  gst_test_clock_wait_for_next_pending_id (test_clock, NULL);
  gst_test_clock_crank (test_clock);
  wait_for (recording, GST_MESSAGE_EOS);

  vae_synth_params_init (&params);
  assert_rows (recording, &params, 0, 100);
  recording_free (recording);
  gst_object_unref (clock);
}

GST_END_TEST;

GST_START_TEST (test_a_live_source_does_not_seek)
{
  GstHarness *h = gst_harness_new ("vaesynth");
  GstQuery *query = gst_query_new_seeking (GST_FORMAT_TIME);
  gboolean seekable;

  g_object_set (h->element, "is-live", TRUE, NULL);
  gst_harness_play (h);
  fail_unless (gst_pad_peer_query (h->sinkpad, query));
  gst_query_parse_seeking (query, NULL, &seekable, NULL, NULL);
  fail_if (seekable);
  fail_if (gst_harness_push_upstream_event (h, gst_event_new_seek (1.0,
              GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH, GST_SEEK_TYPE_SET,
              GST_SECOND, GST_SEEK_TYPE_NONE, -1)));
  fail_if (gst_element_send_event (h->element, gst_event_new_seek (1.0,
              GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH, GST_SEEK_TYPE_SET,
              GST_SECOND, GST_SEEK_TYPE_NONE, -1)));
  gst_query_unref (query);
  gst_harness_teardown (h);
}

GST_END_TEST;

/* --- queries ------------------------------------------------------------ */

static gint64
convert (GstElement * source, GstFormat from, gint64 value, GstFormat to)
{
  gint64 result = -2;

  fail_unless (gst_element_query_convert (source, from, value, to, &result));
  return result;
}

GST_START_TEST (test_queries)
{
  Recording *recording = recording_new ("num-samples=120 rate=30000/1001");
  GstElement *source = recording->source;
  GstQuery *query = gst_query_new_segment (GST_FORMAT_TIME);
  gint64 n, start, stop;
  const gint64 duration = 120 * 1001 * GST_SECOND / 30000;

  fail_if (gst_element_query_convert (source, GST_FORMAT_DEFAULT, 1,
          GST_FORMAT_TIME, &n));
  preroll (recording);

  fail_unless (gst_element_query_duration (source, GST_FORMAT_TIME, &n));
  fail_unless_equals_int64 (n, duration);
  fail_unless (gst_element_query_duration (source, GST_FORMAT_DEFAULT, &n));
  fail_unless_equals_int64 (n, 120);

  for (gint64 row = 0; row < 500; row++) {
    gint64 time = convert (source, GST_FORMAT_DEFAULT, row, GST_FORMAT_TIME);

    fail_unless_equals_int64 (time, row * 1001 * GST_SECOND / 30000);
    fail_unless_equals_int64 (convert (source, GST_FORMAT_TIME, time,
            GST_FORMAT_DEFAULT), row);
    fail_unless_equals_int64 (convert (source, GST_FORMAT_TIME,
            time + GST_SECOND / 30, GST_FORMAT_DEFAULT), row);
  }
  fail_unless_equals_int64 (convert (source, GST_FORMAT_TIME, -1,
          GST_FORMAT_DEFAULT), -1);
  fail_if (gst_element_query_convert (source, GST_FORMAT_BYTES, 1,
          GST_FORMAT_TIME, &n));

  fail_unless (gst_element_query (source, query));
  gst_query_parse_segment (query, NULL, NULL, &start, &stop);
  fail_unless_equals_int64 (start, 0);
  fail_unless_equals_int64 (stop, duration);
  gst_query_unref (query);
  recording_free (recording);
}

GST_END_TEST;

GST_START_TEST (test_an_endless_series_has_no_duration)
{
  Recording *recording = recording_new ("num-samples=-1");
  gint64 duration = 0;

  preroll (recording);
  fail_unless (gst_element_query_duration (recording->source, GST_FORMAT_TIME,
          &duration));
  fail_unless_equals_int64 (duration, -1);

  /* Far out in the series, 291 years after its start. */
  fail_unless (gst_element_seek (recording->source, 1.0, GST_FORMAT_TIME,
          GST_SEEK_FLAG_FLUSH, GST_SEEK_TYPE_SET, G_GINT64_CONSTANT (9200000000)
          * GST_SECOND, GST_SEEK_TYPE_SET, G_GINT64_CONSTANT (9200000001)
          * GST_SECOND));
  play (recording);

  VaeSynthParams params;

  vae_synth_params_init (&params);
  assert_rows (recording, &params, G_GUINT64_CONSTANT (920000000000), 100);
  recording_free (recording);
}

GST_END_TEST;

/* --- properties --------------------------------------------------------- */

GST_START_TEST (test_properties)
{
  static const gchar *const names[] = { "num-samples", "features",
    "anomaly-ratio", "noise", "anomaly", "anomaly-length", "seed",
    "samples-per-buffer", "rate", "is-live"
  };
  GstElement *element = gst_element_factory_make ("vaesynth", NULL);
  GObjectClass *klass = G_OBJECT_GET_CLASS (element);
  gint64 num_samples;
  guint features, length, rows;
  gdouble ratio, noise;
  gint anomaly, rate_n, rate_d;
  guint64 seed;
  gboolean is_live;
  GEnumClass *enum_class;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    GParamSpec *pspec = g_object_class_find_property (klass, names[i]);

    fail_unless (pspec != NULL, "%s", names[i]);
    fail_unless_equals_int (pspec->flags & (G_PARAM_READWRITE
            | GST_PARAM_MUTABLE_READY | GST_PARAM_MUTABLE_PAUSED
            | GST_PARAM_MUTABLE_PLAYING | GST_PARAM_CONTROLLABLE),
        G_PARAM_READWRITE | GST_PARAM_MUTABLE_READY);
  }

  g_object_get (element, "num-samples", &num_samples, "features", &features,
      "anomaly-ratio", &ratio, "noise", &noise, "anomaly", &anomaly,
      "anomaly-length", &length, "seed", &seed, "samples-per-buffer", &rows,
      "rate", &rate_n, &rate_d, "is-live", &is_live, NULL);
  fail_unless_equals_int64 (num_samples, 5000);
  fail_unless_equals_int (features, 5);
  fail_unless_equals_float (ratio, 0.02);
  fail_unless_equals_float (noise, 0.1);
  fail_unless_equals_int (anomaly, VAE_ANOMALY_OFFSET);
  fail_unless_equals_int (length, 25);
  fail_unless_equals_uint64 (seed, 0);
  fail_unless_equals_int (rows, 50);
  fail_unless_equals_int (rate_n, 100);
  fail_unless_equals_int (rate_d, 1);
  fail_if (is_live);

  enum_class = G_PARAM_SPEC_ENUM (g_object_class_find_property (klass,
          "anomaly"))->enum_class;
  fail_unless_equals_int (enum_class->n_values, G_N_ELEMENTS (kinds));
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    fail_unless_equals_string (g_enum_get_value (enum_class, i)->value_nick,
        kinds[i]);
  gst_object_unref (element);
}

GST_END_TEST;

static const struct
{
  const gchar *properties;
  const gchar *complaint;
} nonsense[] = {
  {"num-samples=-2", "num-samples is -2"},
  {"num-samples=9223372036854775807", "num-samples is 9223372036854775807"},
  {"features=0", "features is 0"},
  {"features=65537", "features is 65537"},
  {"anomaly-ratio=-0.1", "ratio is -0.1"},
  {"anomaly-ratio=1.1", "ratio is 1.1"},
  {"anomaly-ratio=0.6 anomaly=phase", "ratio is 0.6"},
  {"noise=-1", "noise is -1"},
  {"anomaly-length=0 anomaly=frozen", "length is 0"},
  {"anomaly-length=2501 anomaly=frozen", "length is 2501"},
  {"samples-per-buffer=0", "samples-per-buffer is 0"},
  {"samples-per-buffer=4294967295", "samples-per-buffer is 4294967295"},
  {"samples-per-buffer=2000 features=65536", "samples-per-buffer is 2000"},
  {"rate=0/1", "rate is 0/1"},
  {"rate=-100/1", "rate is -100/1"},
  {"rate=1000000001/1", "rate is 1000000001/1"},
};

GST_START_TEST (test_nonsense_is_an_error_that_names_the_property)
{
  Recording *recording = recording_new (nonsense[__i__].properties);
  GstBus *bus = gst_element_get_bus (recording->pipeline);
  GstMessage *message;
  GError *error = NULL;

  fail_unless_equals_int (gst_element_set_state (recording->pipeline,
          GST_STATE_PAUSED), GST_STATE_CHANGE_FAILURE);
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  fail_unless (message != NULL);
  gst_message_parse_error (message, &error, NULL);
  fail_unless (g_error_matches (error, GST_LIBRARY_ERROR,
          GST_LIBRARY_ERROR_SETTINGS));
  fail_unless (strstr (error->message, nonsense[__i__].complaint) != NULL,
      "%s", error->message);
  g_error_free (error);
  gst_message_unref (message);
  gst_object_unref (bus);
  recording_free (recording);
}

GST_END_TEST;

static Suite *
vaesynth_suite (void)
{
  Suite *s = suite_create ("vaesynth");
  TCase *tc = tcase_create ("stream");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_the_default_stream);
  tcase_add_test (tc, test_the_last_buffer_is_shorter_and_has_its_caps);
  tcase_add_test (tc, test_a_series_below_a_buffer_has_one_shape);
  tcase_add_test (tc, test_no_rows_end_at_once);
  tcase_add_test (tc, test_times_are_exact_at_odd_rates);
  tcase_add_loop_test (tc, test_the_cut_does_not_change_the_rows, 0,
      G_N_ELEMENTS (cuts));
  tcase_add_loop_test (tc, test_each_kind_of_anomaly_is_made_and_labelled, 0,
      G_N_ELEMENTS (kinds));
  tcase_add_test (tc, test_another_shape_downstream_is_not_served);
  tcase_add_test (tc, test_it_can_be_run_again);

  tc = tcase_create ("seeking");
  suite_add_tcase (s, tc);
  tcase_add_loop_test (tc, test_a_seek_gives_the_rows_of_that_time, 0,
      G_N_ELEMENTS (seeks));
  tcase_add_test (tc, test_a_seek_before_the_start);
  tcase_add_test (tc, test_a_seek_after_the_end);
  tcase_add_test (tc, test_segments_follow_each_other);
  tcase_add_test (tc, test_it_does_not_run_backwards);

  tc = tcase_create ("live");
  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_a_live_source_keeps_time);
  tcase_add_test (tc, test_a_pause_loses_no_rows);
  tcase_add_test (tc, test_a_live_source_does_not_seek);

  tc = tcase_create ("queries");
  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_queries);
  tcase_add_test (tc, test_an_endless_series_has_no_duration);

  tc = tcase_create ("properties");
  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_properties);
  tcase_add_loop_test (tc, test_nonsense_is_an_error_that_names_the_property,
      0, G_N_ELEMENTS (nonsense));
  return s;
}

GST_CHECK_MAIN (vaesynth);
