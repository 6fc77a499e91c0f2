/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstvaemodeltag.h"
#include "vaetest.h"

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

static gchar *folder;
static gchar *path;             /* of the results */

static void
setup (void)
{
  folder = folder_new ();
  path = g_build_filename (folder, "results.json", NULL);
}

static void
teardown (void)
{
  folder_free (folder);
  g_free (path);
}

typedef struct
{
  GstElement *element;
  GstHarness *harness;
  GstBus *bus;
} Fixture;

static GstElement *
element_new (const gchar * properties)
{
  gchar *description = g_strdup_printf ("rocmetric silent=true %s",
      properties);
  GstElement *element = gst_parse_launch (description, NULL);

  fail_unless (element != NULL, "%s", description);
  g_object_set (element, "location", path, NULL);
  g_free (description);
  return element;
}

static void
fixture_init (Fixture * f, const gchar * properties)
{
  f->element = element_new (properties);
  f->bus = bus_new (f->element);
  f->harness = gst_harness_new_with_element (f->element, "sink", NULL);
}

static void
fixture_clear (Fixture * f)
{
  gst_harness_teardown (f->harness);
  bus_free (f->bus, f->element);
  gst_object_unref (f->element);
}

static gboolean
push_eos (Fixture * f)
{
  return gst_harness_push_event (f->harness, gst_event_new_eos ());
}

#define STATIC "other/tensors, format=static, framerate=0/1, "
#define SCORE_AND_LABEL STATIC "num_tensors=2, " \
    "types=(string)\"float32,uint8\", dimensions=(string)"

static GstMemory *
memory_new (gconstpointer data, gsize size)
{
  gpointer copy = g_memdup2 (data, size);

  return gst_memory_new_wrapped (0, copy, size, 0, size, copy, g_free);
}

/* Tensors [score, label]. */
static GstBuffer *
score_buffer_new (guint n, const gfloat * scores, const guint8 *labels)
{
  GstBuffer *buffer = gst_buffer_new ();

  gst_buffer_append_memory (buffer, memory_new (scores, n * sizeof (gfloat)));
  gst_buffer_append_memory (buffer, memory_new (labels, n));
  return buffer;
}

static void
push_scores (GstHarness * harness, guint n, const gfloat * scores,
    const guint8 *labels)
{
  gchar *caps = g_strdup_printf (SCORE_AND_LABEL "\"1:%u,1:%u\"", n, n);

  gst_harness_set_src_caps_str (harness, caps);
  fail_unless_equals_int (gst_harness_push (harness, score_buffer_new (n,
              scores, labels)), GST_FLOW_OK);
  g_free (caps);
}

/* --- results ------------------------------------------------------------ */

/* Two anomalies, one of them below one normal row and tied with another; one row
 * without a score. By hand: of 2 x 3 pairs 4.5 are in order; recall 1/2 at
 * precision 1, recall 1 at precision 2/4 (the tie comes together). */
static const gfloat scores[] = { 0.9f, 0.5f, NAN, 0.7f, 0.5f, 0.1f };
static const guint8 labels[] = { 1, 1, 1, 0, 0, 0 };

#define ROWS 6
#define POSITIVES 2
#define UNSCORED 1
#define BASE_RATE (2 / 5.)
#define AUROC (4.5 / 6)
#define AUPRC (0.5 * 1 + 0.5 * (2 / 4.))
#define BEST_F1 (2 / 3.)
#define BEST_THRESHOLD ((gdouble) 0.9f)

static gdouble
get_double (GstElement * element, const gchar * property)
{
  gdouble value;

  g_object_get (element, property, &value, NULL);
  return value;
}

static guint64
get_count (GstElement * element, const gchar * property)
{
  guint64 value;

  g_object_get (element, property, &value, NULL);
  return value;
}

static void
near (gdouble value, gdouble expected)
{
  fail_unless (fabs (value - expected) < 1e-12, "%.17g is not %.17g", value,
      expected);
}

static const gchar *const counts[] = { "rows", "positives", "unscored",
  "events"
};

static const gchar *const figures[] = { "base-rate", "always-f1", "auroc",
  "auprc", "best-f1", "best-threshold", "best-precision", "best-recall",
  "vus-roc", "vus-pr", "adjusted-f1", "random-adjusted-f1"
};

/* What there is with a threshold only. */
static const gchar *const deployed_counts[] = { "flagged", "alarms",
  "false-alarms", "events-found"
};

static const gchar *const deployed_figures[] = { "deployed-threshold",
  "precision", "recall", "f1", "missed-rate", "false-alarm-rate",
  "false-alarms-per-hour", "false-alarms-per-1000-rows", "event-precision",
  "event-recall", "event-f1", "composite-f1", "delay", "delay-median",
  "delay-seconds", "delay-median-seconds", "affiliation-precision",
  "affiliation-recall", "affiliation-f1", "range-precision", "range-recall",
  "range-f1"
};

static JsonObject *
load_results (JsonParser * parser)
{
  GError *error = NULL;

  fail_unless (json_parser_load_from_file (parser, path, &error), "%s",
      error ? error->message : "");
  return json_node_get_object (json_parser_get_root (parser));
}

static void
check_counts (GstElement * element, const GstStructure * structure,
    JsonObject * json, const gchar * const *names, guint n)
{
  for (guint i = 0; i < n; i++) {
    guint64 value = get_count (element, names[i]), posted = 0;

    fail_unless (gst_structure_get_uint64 (structure, names[i], &posted), "%s",
        names[i]);
    fail_unless_equals_uint64 (posted, value);
    fail_unless_equals_uint64 (json_object_get_int_member (json, names[i]),
        value);
  }
}

static void
check_figures (GstElement * element, const GstStructure * structure,
    JsonObject * json, const gchar * const *names, guint n)
{
  for (guint i = 0; i < n; i++) {
    gdouble value = get_double (element, names[i]), posted = NAN;

    fail_unless (json_object_has_member (json, names[i]), "%s", names[i]);
    if (isnan (value)) {
      fail_if (gst_structure_has_field (structure, names[i]), "%s", names[i]);
      fail_unless (json_object_get_null_member (json, names[i]));
      continue;
    }
    fail_unless (gst_structure_get_double (structure, names[i], &posted));
    fail_unless (posted == value);
    fail_unless (json_object_get_double_member (json, names[i]) == value);
  }
}

/* Message and file say what the properties say, to the last digit. */
static void
check_agreement (Fixture * f, gboolean deployed)
{
  GstMessage *message = wait_for (f->bus, GST_MESSAGE_ELEMENT);
  const GstStructure *s = gst_message_get_structure (message);
  JsonParser *parser = json_parser_new ();
  JsonObject *json = load_results (parser);
  guint buffer, posted, size = 1;

  fail_unless (gst_message_has_name (message, "rocmetric"));
  g_object_get (f->element, "buffer", &buffer, NULL);
  fail_unless (gst_structure_get_uint (s, "buffer", &posted));
  fail_unless_equals_int (posted, buffer);
  fail_unless_equals_int (json_object_get_int_member (json, "buffer"), buffer);

  check_counts (f->element, s, json, counts, G_N_ELEMENTS (counts));
  check_figures (f->element, s, json, figures, G_N_ELEMENTS (figures));
  size += G_N_ELEMENTS (counts) + G_N_ELEMENTS (figures);
  if (deployed) {
    check_counts (f->element, s, json, deployed_counts,
        G_N_ELEMENTS (deployed_counts));
    check_figures (f->element, s, json, deployed_figures,
        G_N_ELEMENTS (deployed_figures));
    size += G_N_ELEMENTS (deployed_counts) + G_N_ELEMENTS (deployed_figures);
  } else {
    fail_if (gst_structure_has_field (s, "f1"));
    fail_if (gst_structure_has_field (s, "alarms"));
  }
  fail_unless_equals_int (json_object_get_size (json), size);
  g_object_unref (parser);
  gst_message_unref (message);
}

/* In one buffer or in two. */
GST_START_TEST (test_figures)
{
  const guint first_rows = __i__;
  Fixture f;

  fixture_init (&f, "score-tensor=0");
  if (first_rows > 0)
    push_scores (f.harness, first_rows, scores, labels);
  push_scores (f.harness, ROWS - first_rows, scores + first_rows,
      labels + first_rows);
  fail_unless (push_eos (&f));

  fail_unless_equals_uint64 (get_count (f.element, "rows"), ROWS);
  fail_unless_equals_uint64 (get_count (f.element, "positives"), POSITIVES);
  fail_unless_equals_uint64 (get_count (f.element, "unscored"), UNSCORED);
  near (get_double (f.element, "base-rate"), BASE_RATE);
  near (get_double (f.element, "auroc"), AUROC);
  near (get_double (f.element, "auprc"), AUPRC);
  near (get_double (f.element, "best-f1"), BEST_F1);
  near (get_double (f.element, "best-threshold"), BEST_THRESHOLD);
  near (get_double (f.element, "best-precision"), 1);
  near (get_double (f.element, "best-recall"), 0.5);
  check_agreement (&f, FALSE);
  fixture_clear (&f);
}

GST_END_TEST;

/* All normal, all anomalies, none scored. */
GST_START_TEST (test_undefined_figures)
{
  const gfloat one[] = { 0.5f, __i__ == 2 ? NAN : 0.6f, 0.7f };
  const guint8 label = __i__ == 1;
  const guint8 same[] = { label, label, label };
  const gfloat none[] = { NAN, NAN, NAN };
  Fixture f;

  fixture_init (&f, "score-tensor=0");
  push_scores (f.harness, 3, __i__ == 2 ? none : one, same);
  fail_unless (push_eos (&f));
  fail_unless (isnan (get_double (f.element, "auroc")));
  fail_unless (isnan (get_double (f.element, "auprc")));
  fail_unless_equals_uint64 (get_count (f.element, "unscored"),
      __i__ == 2 ? 3 : 0);
  check_agreement (&f, FALSE);
  fail_unless_equals_int (count_messages (f.bus, GST_MESSAGE_ERROR), 0);
  fixture_clear (&f);
}

GST_END_TEST;

static GString *printed;

static void
collect_print (const gchar * text)
{
  g_string_append (printed, text);
}

static void
run_printing (const gchar * properties, const guint8 *some_labels)
{
  GPrintFunc old = g_set_print_handler (collect_print);
  Fixture f;

  fixture_init (&f, properties);
  push_scores (f.harness, ROWS, scores, some_labels);
  fail_unless (push_eos (&f));
  fixture_clear (&f);
  g_set_print_handler (old);
}

GST_START_TEST (test_summary_is_printed_unless_silent)
{
  const guint8 normal[ROWS] = { 0 };

  printed = g_string_new (NULL);
  run_printing ("score-tensor=0 silent=true", labels);
  fail_unless_equals_string (printed->str, "");

  run_printing ("score-tensor=0 silent=false buffer=0", labels);
  fail_unless_equals_string (printed->str,
      "rows          6\n"
      "positives     2 in 1 events\n"
      "unscored      1\n"
      "base rate     0.4000   (F1 of always alarming: 0.5714)\n"
      "AUROC         0.7500\n"
      "AUPRC         0.7500   (random scores: 0.4000)\n"
      "best F1       0.6667   (an oracle: its threshold 0.9 was chosen with the "
      "labels)\n"
      "VUS-ROC       0.7500   (buffers of 0 to 0 rows)\n"
      "VUS-PR        0.7500   (buffers of 0 to 0 rows)\n"
      "adjusted F1   1.0000   (point-adjusted, an oracle; random scores: "
      "0.9200)\n"
      "threshold     none: the stream tells no model's (threshold sets one)\n");

  g_string_truncate (printed, 0);
  run_printing ("score-tensor=0 silent=false threshold=0.6", labels);
  fail_unless (strstr (printed->str,
          "threshold     0.6\n"
          "F1            0.5000   (precision 0.5000, recall 0.5000)\n"
          "events found  1 of 1   (after 0 rows, median 0)\n"
          "false alarms  1   (333.3 per 1000 normal rows)\n"
          "event F1      0.6667   (precision 0.5000, recall 1.0000)\n"
          "composite F1  0.6667   (precision 0.5000, recall 1.0000)\n"),
      "%s", printed->str);

  g_string_truncate (printed, 0);
  run_printing ("score-tensor=0 silent=false", normal);
  fail_unless (strstr (printed->str,
          "AUROC         undefined (only one class)\n"), "%s", printed->str);
  g_string_free (printed, TRUE);
}

GST_END_TEST;

static void
count_notify (GObject * object, GParamSpec * pspec, guint *n)
{
  (*n)++;
}

GST_START_TEST (test_results_are_notified_about_at_eos)
{
  guint n = 0;
  Fixture f;

  fixture_init (&f, "score-tensor=0");
  g_signal_connect (f.element, "notify::auroc", G_CALLBACK (count_notify), &n);
  push_scores (f.harness, ROWS, scores, labels);
  fail_unless_equals_int (n, 0);
  fail_unless (isnan (get_double (f.element, "auroc")));
  fail_unless (push_eos (&f));
  fail_unless_equals_int (n, 1);
  fixture_clear (&f);
}

GST_END_TEST;

/* --- threshold ---------------------------------------------------------- */

static void
push_model (Fixture * f, const gchar * text)
{
  GstStructure *model = gst_structure_from_string (text, NULL);

  fail_unless (gst_harness_push_event (f->harness,
          gst_vae_model_event_new (model)));
}

/* At 0.6 an anomaly and a normal row are flagged: two alarms, the missing score
 * being between them. */
static void
check_detection (Fixture * f)
{
  near (get_double (f->element, "deployed-threshold"), 0.6);
  fail_unless_equals_uint64 (get_count (f->element, "flagged"), 2);
  near (get_double (f->element, "precision"), 1 / 2.);
  near (get_double (f->element, "recall"), 1 / 2.);
  near (get_double (f->element, "f1"), 1 / 2.);
  near (get_double (f->element, "missed-rate"), 1 / 2.);
  near (get_double (f->element, "false-alarm-rate"), 1 / 3.);
  fail_unless_equals_uint64 (get_count (f->element, "alarms"), 2);
  fail_unless_equals_uint64 (get_count (f->element, "false-alarms"), 1);
  near (get_double (f->element, "false-alarms-per-1000-rows"), 1000 / 3.);
  fail_unless (isnan (get_double (f->element, "false-alarms-per-hour")));
  fail_unless_equals_uint64 (get_count (f->element, "events"), 1);
  fail_unless_equals_uint64 (get_count (f->element, "events-found"), 1);
  near (get_double (f->element, "event-precision"), 1 / 2.);
  near (get_double (f->element, "event-recall"), 1);
  near (get_double (f->element, "event-f1"), 2 / 3.);
  near (get_double (f->element, "composite-f1"), 2 / 3.);
  near (get_double (f->element, "delay"), 0);
  near (get_double (f->element, "delay-median"), 0);
  fail_unless (isnan (get_double (f->element, "delay-seconds")));
  near (get_double (f->element, "range-precision"), 1 / 2.);
  near (get_double (f->element, "range-recall"), 1 / 3.);
  fail_unless (get_double (f->element, "affiliation-f1") > 0.5);
  check_agreement (f, TRUE);
}

GST_START_TEST (test_threshold_is_the_property)
{
  Fixture f;

  fixture_init (&f, "score-tensor=0 threshold=0.6");
  push_model (&f, "vae-model, threshold=(double)0.8;");
  push_scores (f.harness, ROWS, scores, labels);
  fail_unless (push_eos (&f));
  check_detection (&f);
  fixture_clear (&f);
}

GST_END_TEST;

GST_START_TEST (test_threshold_is_the_model_s)
{
  Fixture f;

  fixture_init (&f, "score-tensor=0");
  push_model (&f, "vae-model, kind=(string)vae, threshold=(double)0.6, "
      "active-latents=(uint)3;");
  push_scores (f.harness, ROWS, scores, labels);
  push_model (&f, "vae-model, threshold=(double)0.6;");
  push_model (&f, "something-else, threshold=(double)0.7;");
  fail_unless (push_eos (&f));
  check_detection (&f);
  fixture_clear (&f);
}

GST_END_TEST;

static const gchar *const no_thresholds[] = {
  "vae-model, kind=(string)vae;",
  "vae-model, threshold=(double)nan;",
  "vae-model, threshold=(double)inf;",
  "vae-model, threshold=(double)-1;",
  "vae-model, threshold=(string)high;",
  "other-model, threshold=(double)0.6;",
};

GST_START_TEST (test_model_without_threshold_gives_none)
{
  Fixture f;

  fixture_init (&f, "score-tensor=0");
  push_model (&f, no_thresholds[__i__]);
  push_scores (f.harness, ROWS, scores, labels);
  fail_unless (push_eos (&f));
  fail_unless (isnan (get_double (f.element, "f1")));
  near (get_double (f.element, "auroc"), AUROC);
  check_agreement (&f, FALSE);
  fixture_clear (&f);
}

GST_END_TEST;

GST_START_TEST (test_threshold_that_changes_is_none)
{
  Fixture f;

  fixture_init (&f, "score-tensor=0");
  push_model (&f, "vae-model, threshold=(double)0.7;");
  push_model (&f, "vae-model, threshold=(double)0.6;");
  push_scores (f.harness, 3, scores, labels);
  push_model (&f, "vae-model, threshold=(double)0.7;");
  push_scores (f.harness, ROWS - 3, scores + 3, labels + 3);
  fail_unless (push_eos (&f));
  fail_unless (isnan (get_double (f.element, "f1")));
  check_agreement (&f, FALSE);
  fixture_clear (&f);
}

GST_END_TEST;

GST_START_TEST (test_flush_keeps_the_model)
{
  Fixture f;

  fixture_init (&f, "score-tensor=0");
  push_model (&f, "vae-model, threshold=(double)0.7;");
  push_scores (f.harness, 3, scores, labels);
  push_model (&f, "vae-model, threshold=(double)0.6;");
  gst_harness_push_event (f.harness, gst_event_new_flush_start ());
  gst_harness_push_event (f.harness, gst_event_new_flush_stop (TRUE));
  push_scores (f.harness, ROWS, scores, labels);
  fail_unless (push_eos (&f));
  check_detection (&f);
  fixture_clear (&f);
}

GST_END_TEST;

GST_START_TEST (test_second_stream_forgets_the_model)
{
  Fixture f;

  fixture_init (&f, "score-tensor=0");
  push_model (&f, "vae-model, threshold=(double)0.6;");
  push_scores (f.harness, ROWS, scores, labels);
  fail_unless (push_eos (&f));
  gst_element_set_state (f.element, GST_STATE_READY);
  gst_pad_set_active (f.harness->srcpad, FALSE);
  gst_pad_set_active (f.harness->srcpad, TRUE);
  gst_element_set_state (f.element, GST_STATE_PLAYING);
  gst_harness_push_event (f.harness, gst_event_new_stream_start ("2"));
  push_scores (f.harness, ROWS, scores, labels);
  fail_unless (push_eos (&f));
  near (get_double (f.element, "auroc"), AUROC);
  fail_unless (isnan (get_double (f.element, "f1")));
  fixture_clear (&f);
}

GST_END_TEST;

/* --- breaks and times --------------------------------------------------- */

static const gfloat all_flagged[] = { 1, 1, 1, 1 };
static const guint8 all_anomalies[] = { 1, 1, 1, 1 };
static const guint8 all_normal[] = { 0, 0, 0, 0 };

/* Four rows, without a segment event before. */
static void
push_rows (Fixture * f, const guint8 *some_labels, GstClockTime pts,
    GstClockTime duration, gboolean discont)
{
  GstBuffer *buffer = score_buffer_new (4, all_flagged, some_labels);

  GST_BUFFER_PTS (buffer) = pts;
  GST_BUFFER_DURATION (buffer) = duration;
  if (discont)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  fail_unless_equals_int (gst_harness_push (f->harness, buffer), GST_FLOW_OK);
}

static void
flagging_fixture_init (Fixture * f)
{
  fixture_init (f, "score-tensor=0 threshold=0.5");
  gst_harness_set_src_caps_str (f->harness, SCORE_AND_LABEL "\"1:4,1:4\"");
}

/* An event and an alarm go on into the next buffer, unless there is a break. */
GST_START_TEST (test_breaks_end_events_and_alarms)
{
  const GstClockTime none = GST_CLOCK_TIME_NONE;
  const gboolean discont = __i__ == 1, new_segment = __i__ == 2;
  const guint n = discont || new_segment ? 2 : 1;
  GstSegment segment;
  Fixture f;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  flagging_fixture_init (&f);
  push_rows (&f, all_anomalies, none, none, TRUE);
  if (new_segment)
    gst_harness_push_event (f.harness, gst_event_new_segment (&segment));
  push_rows (&f, all_anomalies, none, none, discont);
  fail_unless (push_eos (&f));
  fail_unless_equals_uint64 (get_count (f.element, "events"), n);
  fail_unless_equals_uint64 (get_count (f.element, "alarms"), n);
  fixture_clear (&f);
}

GST_END_TEST;

/* One false alarm, of normal rows of so many seconds. */
static void
check_hour (Fixture * f, gdouble seconds)
{
  fail_unless (push_eos (f));
  fail_unless_equals_uint64 (get_count (f->element, "false-alarms"), 1);
  if (isnan (seconds))
    fail_unless (isnan (get_double (f->element, "false-alarms-per-hour")));
  else
    near (get_double (f->element, "false-alarms-per-hour"), 3600 / seconds);
  fixture_clear (f);
}

GST_START_TEST (test_false_alarms_per_hour_go_by_durations)
{
  Fixture f;

  flagging_fixture_init (&f);
  push_rows (&f, all_normal, 0, 4 * GST_SECOND, TRUE);
  push_rows (&f, all_normal, 4 * GST_SECOND, 20 * GST_SECOND, FALSE);
  push_rows (&f, all_anomalies, 24 * GST_SECOND, GST_SECOND, TRUE);
  check_hour (&f, 24);
}

GST_END_TEST;

/* 4 s and 8 s until the next one; the last one is like the one before. */
GST_START_TEST (test_buffers_without_duration_last_until_the_next)
{
  Fixture f;

  flagging_fixture_init (&f);
  push_rows (&f, all_normal, 0, GST_CLOCK_TIME_NONE, TRUE);
  push_rows (&f, all_normal, 4 * GST_SECOND, GST_CLOCK_TIME_NONE, FALSE);
  push_rows (&f, all_normal, 12 * GST_SECOND, GST_CLOCK_TIME_NONE, FALSE);
  check_hour (&f, 4 + 8 + 8);
}

GST_END_TEST;

GST_START_TEST (test_pauses_are_no_durations)
{
  Fixture f;

  flagging_fixture_init (&f);
  push_rows (&f, all_normal, 0, GST_CLOCK_TIME_NONE, TRUE);
  push_rows (&f, all_normal, 4 * GST_SECOND, GST_CLOCK_TIME_NONE, FALSE);
  push_rows (&f, all_anomalies, 999 * GST_SECOND, GST_SECOND, TRUE);
  check_hour (&f, 4 + 4);
}

GST_END_TEST;

GST_START_TEST (test_without_all_times_there_are_none_per_hour)
{
  Fixture f;

  flagging_fixture_init (&f);
  push_rows (&f, all_normal, GST_CLOCK_TIME_NONE, GST_CLOCK_TIME_NONE, TRUE);
  push_rows (&f, all_normal, 4 * GST_SECOND, 4 * GST_SECOND, FALSE);
  check_hour (&f, NAN);
}

GST_END_TEST;

GST_START_TEST (test_flush_forgets_times)
{
  Fixture f;

  flagging_fixture_init (&f);
  push_rows (&f, all_normal, 0, 400 * GST_SECOND, TRUE);
  push_rows (&f, all_normal, 400 * GST_SECOND, 400 * GST_SECOND, FALSE);
  gst_harness_push_event (f.harness, gst_event_new_flush_start ());
  gst_harness_push_event (f.harness, gst_event_new_flush_stop (TRUE));
  gst_harness_set_src_caps_str (f.harness, SCORE_AND_LABEL "\"1:4,1:4\"");
  push_rows (&f, all_normal, 0, 4 * GST_SECOND, TRUE);
  check_hour (&f, 4);
}

GST_END_TEST;

/* A flagged row 2 rows into the second of two buffers of an event. */
GST_START_TEST (test_delay_in_seconds)
{
  const gfloat low[] = { 0, 0, 0, 0 };
  const gfloat late[] = { 0, 0, 1, 0 };
  Fixture f;

  flagging_fixture_init (&f);
  for (guint i = 0; i < 2; i++) {
    GstBuffer *buffer =
        score_buffer_new (4, i == 0 ? low : late, all_anomalies);

    GST_BUFFER_PTS (buffer) = i * 4 * GST_SECOND;
    GST_BUFFER_DURATION (buffer) = i == 0 ? 4 * GST_SECOND : 2 * GST_SECOND;
    fail_unless_equals_int (gst_harness_push (f.harness, buffer), GST_FLOW_OK);
  }
  fail_unless (push_eos (&f));
  near (get_double (f.element, "delay"), 6);
  near (get_double (f.element, "delay-seconds"), 5);
  near (get_double (f.element, "delay-median-seconds"), 5);
  fixture_clear (&f);
}

GST_END_TEST;

GST_START_TEST (test_buffer_changes_vus)
{
  Fixture f;
  gdouble vus_pr;

  fixture_init (&f, "score-tensor=0");
  push_scores (f.harness, ROWS, scores, labels);
  fail_unless (push_eos (&f));
  vus_pr = get_double (f.element, "vus-pr");
  check_agreement (&f, FALSE);
  fixture_clear (&f);

  fixture_init (&f, "score-tensor=0 buffer=2");
  push_scores (f.harness, ROWS, scores, labels);
  fail_unless (push_eos (&f));
  fail_unless (get_double (f.element, "vus-pr") < vus_pr);
  check_agreement (&f, FALSE);
  fixture_clear (&f);
}

GST_END_TEST;

/* --- which tensor is what ----------------------------------------------- */

static const struct
{
  const gchar *properties;
  const gchar *caps;
  const gchar *says;
} bad_streams[] = {
  /* vaesynth without vaescore */
  {"", STATIC "num_tensors=2, types=(string)\"float32,uint8\", "
        "dimensions=(string)\"5:2,1:2\"", "no scores"},
  /* a decoder without a label column */
  {"", STATIC "num_tensors=1, types=(string)float32, "
        "dimensions=(string)\"5:2\"", "no labels"},
  {"", STATIC "num_tensors=2, types=(string)\"float32,float32\", "
        "dimensions=(string)\"5:2,1:2\"", "no labels"},
  {"", STATIC "num_tensors=3, types=(string)\"float32,uint8,float32\", "
        "dimensions=(string)\"5:2,2:2,1:2\"", "no labels"},
  {"", STATIC "num_tensors=3, types=(string)\"float32,uint8,float64\", "
        "dimensions=(string)\"5:2,1:2,1:2\"", "no scores"},
  {"score-tensor=0", STATIC "num_tensors=2, types=(string)\"float32,uint8\", "
        "dimensions=(string)\"5:2,1:2\"", "no scores"},
  {"score-tensor=2", STATIC "num_tensors=2, types=(string)\"float32,uint8\", "
        "dimensions=(string)\"1:2,1:2\"", "no scores"},
  {"score-tensor=1", STATIC "num_tensors=2, types=(string)\"float32,uint8\", "
        "dimensions=(string)\"1:2,1:2\"", "no scores"},
  {"label-tensor=5", STATIC "num_tensors=2, types=(string)\"float32,uint8\", "
        "dimensions=(string)\"1:2,1:2\"", "no labels"},
  /* a single channel looks like a score */
  {"label-tensor=0 data-tensor=1", STATIC "num_tensors=2, "
        "types=(string)\"uint8,float32\", dimensions=(string)\"1:2,1:2\"",
      "no scores"},
  {"score-tensor=0", STATIC "num_tensors=2, types=(string)\"float32,uint8\", "
        "dimensions=(string)\"1:2,1:3\"", "3 labels but 2 scores"},
  {"", STATIC "num_tensors=2, types=(string)\"float32,uint8\", "
        "dimensions=(string)\"1:x,1:3\"", "1:x"},
};

GST_START_TEST (test_streams_without_labels_or_scores_are_refused)
{
  Fixture f;

  fixture_init (&f, bad_streams[__i__].properties);
  gst_harness_set_src_caps_str (f.harness, bad_streams[__i__].caps);
  expect_error (f.bus, GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION,
      bad_streams[__i__].says);
  fixture_clear (&f);
}

GST_END_TEST;

static const gchar *const generous[] = {
  STATIC "num_tensors=2, types=(string)\"float32,uint8\", "
      "dimensions=(string)\"1:6:1:1,1:6:1:1\"",
  STATIC "num_tensors=2, types=(string)float32.uint8, "
      "dimensions=(string)1:6.1:6",
  "other/tensors, num_tensors=2, types=(string)\"float32,uint8\", "
      "dimensions=(string)\"1:6,1:6\"",
};

GST_START_TEST (test_generous_caps_and_flattened_buffers)
{
  GstBuffer *flat = gst_buffer_new_allocate (NULL,
      sizeof scores + sizeof labels, NULL);
  Fixture f;

  gst_buffer_fill (flat, 0, scores, sizeof scores);
  gst_buffer_fill (flat, sizeof scores, labels, sizeof labels);
  fixture_init (&f, "score-tensor=0");
  gst_harness_set_src_caps_str (f.harness, generous[__i__]);
  fail_unless_equals_int (gst_harness_push (f.harness, flat), GST_FLOW_OK);
  fail_unless (push_eos (&f));
  near (get_double (f.element, "auroc"), AUROC);
  fixture_clear (&f);
}

GST_END_TEST;

GST_START_TEST (test_other_tensors_in_mid_stream_are_an_error)
{
  Fixture f;

  fixture_init (&f, "score-tensor=0");
  push_scores (f.harness, ROWS, scores, labels);
  gst_harness_set_src_caps_str (f.harness, STATIC "num_tensors=3, "
      "types=(string)\"float32,uint8,uint8\", "
      "dimensions=(string)\"1:2,1:2,1:2\"");
  expect_error (f.bus, GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION,
      "other tensors after 6 rows");
  fixture_clear (&f);
}

GST_END_TEST;

GST_START_TEST (test_bad_buffers_are_errors)
{
  const guint8 bad[ROWS] = { 0, 1, 0, 255, 0, 0 };
  Fixture f;

  fixture_init (&f, "score-tensor=0");
  gst_harness_set_src_caps_str (f.harness, SCORE_AND_LABEL "\"1:6,1:6\"");
  fail_unless_equals_int (gst_harness_push (f.harness,
          score_buffer_new (ROWS, scores, bad)), GST_FLOW_ERROR);
  expect_error (f.bus, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
      "label of row 3 is 255");
  fixture_clear (&f);

  fixture_init (&f, "score-tensor=0");
  gst_harness_set_src_caps_str (f.harness, SCORE_AND_LABEL "\"1:6,1:6\"");
  fail_unless_equals_int (gst_harness_push (f.harness,
          score_buffer_new (ROWS - 1, scores, labels)), GST_FLOW_ERROR);
  expect_error (f.bus, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT, "");
  fixture_clear (&f);
}

GST_END_TEST;

/* --- life --------------------------------------------------------------- */

GST_START_TEST (test_stream_without_rows_is_an_error)
{
  Fixture f;

  fixture_init (&f, "score-tensor=0");
  gst_harness_set_src_caps_str (f.harness, SCORE_AND_LABEL "\"1:6,1:6\"");
  fail_if (push_eos (&f));
  expect_error (f.bus, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
      "without a row");
  fail_if (g_file_test (path, G_FILE_TEST_EXISTS));
  fixture_clear (&f);
}

GST_END_TEST;

GST_START_TEST (test_flush_forgets_rows)
{
  Fixture f;

  fixture_init (&f, "score-tensor=0");
  push_scores (f.harness, 3, scores, labels);
  gst_harness_push_event (f.harness, gst_event_new_flush_start ());
  gst_harness_push_event (f.harness, gst_event_new_flush_stop (TRUE));
  push_scores (f.harness, ROWS, scores, labels);
  fail_unless (push_eos (&f));
  fail_unless_equals_uint64 (get_count (f.element, "rows"), ROWS);
  near (get_double (f.element, "auroc"), AUROC);
  fixture_clear (&f);
}

GST_END_TEST;

GST_START_TEST (test_second_run_begins_anew)
{
  GstElement *pipeline = pipeline_new ("vaesynth num-samples=100 features=1 "
      "anomaly-ratio=0.1 ! rocmetric silent=true name=metric score-tensor=0");
  GstElement *metric = gst_bin_get_by_name (GST_BIN (pipeline), "metric");
  gdouble auroc;

  fail_unless_equals_int (pipeline_run (pipeline), GST_MESSAGE_EOS);
  auroc = get_double (metric, "auroc");
  gst_bus_set_flushing (GST_ELEMENT_BUS (pipeline), TRUE);
  gst_bus_set_flushing (GST_ELEMENT_BUS (pipeline), FALSE);
  gst_element_set_state (pipeline, GST_STATE_PAUSED);
  fail_unless_equals_uint64 (get_count (metric, "rows"), 0);
  fail_unless_equals_int (pipeline_run (pipeline), GST_MESSAGE_EOS);
  fail_unless_equals_uint64 (get_count (metric, "rows"), 100);
  fail_unless (get_double (metric, "auroc") == auroc);
  gst_object_unref (metric);
  pipeline_free (pipeline);
}

GST_END_TEST;

static void
expect_refused_settings (const gchar * properties, const gchar * location,
    GQuark domain, gint code, const gchar * says)
{
  GstElement *element = element_new (properties);
  GstBus *bus = bus_new (element);

  g_object_set (element, "location", location, NULL);
  fail_unless_equals_int (gst_element_set_state (element, GST_STATE_PAUSED),
      GST_STATE_CHANGE_FAILURE);
  expect_error (bus, domain, code, says);
  gst_element_set_state (element, GST_STATE_NULL);
  bus_free (bus, element);
  gst_object_unref (element);
}

GST_START_TEST (test_bad_settings_are_refused)
{
  gchar *below = g_build_filename (folder, "none", "r.json", NULL);

  expect_refused_settings ("", below, GST_RESOURCE_ERROR,
      GST_RESOURCE_ERROR_NOT_FOUND, "no folder");
  expect_refused_settings ("", folder, GST_RESOURCE_ERROR,
      GST_RESOURCE_ERROR_OPEN_WRITE, "is a folder");
  expect_refused_settings ("score-tensor=-2", NULL, GST_LIBRARY_ERROR,
      GST_LIBRARY_ERROR_SETTINGS, "score-tensor is -2");
  expect_refused_settings ("score-tensor=16", NULL, GST_LIBRARY_ERROR,
      GST_LIBRARY_ERROR_SETTINGS, "score-tensor is 16");
  expect_refused_settings ("label-tensor=-1", NULL, GST_LIBRARY_ERROR,
      GST_LIBRARY_ERROR_SETTINGS, "label-tensor is -1");
  expect_refused_settings ("data-tensor=-7", NULL, GST_LIBRARY_ERROR,
      GST_LIBRARY_ERROR_SETTINGS, "data-tensor is -7");
  expect_refused_settings ("threshold=-1", NULL, GST_LIBRARY_ERROR,
      GST_LIBRARY_ERROR_SETTINGS, "threshold is -1");
  expect_refused_settings ("buffer=10001", NULL, GST_LIBRARY_ERROR,
      GST_LIBRARY_ERROR_SETTINGS, "buffer is 10001");
  g_free (below);
}

GST_END_TEST;

GST_START_TEST (test_results_that_cannot_be_written_are_an_error)
{
  Fixture f;

  fixture_init (&f, "score-tensor=0");
  push_scores (f.harness, ROWS, scores, labels);
  g_remove (folder);
  fail_if (push_eos (&f));
  expect_error (f.bus, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND,
      "results.json");
  fail_unless_equals_int (count_messages (f.bus, GST_MESSAGE_EOS), 0);
  fixture_clear (&f);
}

GST_END_TEST;

GST_START_TEST (test_model_finds_what_it_was_trained_for)
{
  Series *series = series_new (5, 5000, 1);
  gchar *model = g_build_filename (folder, "model.bin", NULL);
  GstElement *pipeline, *metric;
  VaeParams params;

  vae_params_init (&params);
  params.epochs = 5;
  train_model (&params, series, model);
  pipeline = pipeline_new ("vaesynth seed=2 ! vaescore model=%s ! "
      "rocmetric silent=true name=metric", model);
  metric = gst_bin_get_by_name (GST_BIN (pipeline), "metric");
  fail_unless_equals_int (pipeline_run (pipeline), GST_MESSAGE_EOS);
  fail_unless_equals_uint64 (get_count (metric, "rows"), 5000);
  fail_unless_equals_uint64 (get_count (metric, "positives"), 100);
  fail_unless (get_double (metric, "auroc") >= 0.99);
  gst_object_unref (metric);
  pipeline_free (pipeline);
  series_free (series);
  g_free (model);
}

GST_END_TEST;

static Suite *
rocmetric_suite (void)
{
  Suite *s = suite_create ("rocmetric");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_checked_fixture (tc, setup, teardown);

  tcase_add_loop_test (tc, test_figures, 0, ROWS);
  tcase_add_loop_test (tc, test_undefined_figures, 0, 3);
  tcase_add_test (tc, test_summary_is_printed_unless_silent);
  tcase_add_test (tc, test_results_are_notified_about_at_eos);

  tcase_add_test (tc, test_threshold_is_the_property);
  tcase_add_test (tc, test_threshold_is_the_model_s);
  tcase_add_loop_test (tc, test_model_without_threshold_gives_none, 0,
      G_N_ELEMENTS (no_thresholds));
  tcase_add_test (tc, test_threshold_that_changes_is_none);
  tcase_add_test (tc, test_flush_keeps_the_model);
  tcase_add_test (tc, test_second_stream_forgets_the_model);

  tcase_add_loop_test (tc, test_breaks_end_events_and_alarms, 0, 3);
  tcase_add_test (tc, test_false_alarms_per_hour_go_by_durations);
  tcase_add_test (tc, test_buffers_without_duration_last_until_the_next);
  tcase_add_test (tc, test_pauses_are_no_durations);
  tcase_add_test (tc, test_without_all_times_there_are_none_per_hour);
  tcase_add_test (tc, test_flush_forgets_times);
  tcase_add_test (tc, test_delay_in_seconds);
  tcase_add_test (tc, test_buffer_changes_vus);

  tcase_add_loop_test (tc, test_streams_without_labels_or_scores_are_refused,
      0, G_N_ELEMENTS (bad_streams));
  tcase_add_loop_test (tc, test_generous_caps_and_flattened_buffers, 0,
      G_N_ELEMENTS (generous));
  tcase_add_test (tc, test_other_tensors_in_mid_stream_are_an_error);
  tcase_add_test (tc, test_bad_buffers_are_errors);

  tcase_add_test (tc, test_stream_without_rows_is_an_error);
  tcase_add_test (tc, test_flush_forgets_rows);
  tcase_add_test (tc, test_second_run_begins_anew);
  tcase_add_test (tc, test_bad_settings_are_refused);
  tcase_add_test (tc, test_results_that_cannot_be_written_are_an_error);
  tcase_add_test (tc, test_model_finds_what_it_was_trained_for);
  return s;
}

GST_CHECK_MAIN (rocmetric);
