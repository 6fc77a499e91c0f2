/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "vae.h"

#include <math.h>
#include <string.h>

/* A series of a character a row: what it is like and, in the second line, whether
 * it is flagged, or `_` if it has no score. A bar is a break, in both. */
typedef struct
{
  float scores[1024];
  guint8 labels[1024];
  guint8 breaks[1024];
  VaeScored series;
} Drawing;

static const VaeScored *
draw (Drawing * drawing, const char *truth, const char *flags)
{
  gsize n = 0;
  guint8 broken = 0;

  memset (drawing, 0, sizeof *drawing);
  for (gsize i = 0; truth[i]; i++) {
    g_assert_true ((truth[i] == '|') == (flags[i] == '|'));
    broken |= truth[i] == '|';
    if (truth[i] == '|')
      continue;
    drawing->labels[n] = truth[i] == '#';
    drawing->scores[n] = flags[i] == '_' ? NAN : flags[i] == '!' ? 2 : 0;
    drawing->breaks[n] = broken;
    broken = 0;
    n++;
  }
  drawing->series = (VaeScored) {
  drawing->scores, drawing->labels, drawing->breaks, n, NULL, 0};
  return &drawing->series;
}

static VaeDetection
compute (const VaeScored * series, double threshold)
{
  GError *error = NULL;
  VaeDetection detection;
  gboolean computed =
      vae_detection_compute (series, threshold, &detection, &error);

  g_assert_no_error (error);
  g_assert_true (computed);
  return detection;
}

static VaeDetection
detect (const char *truth, const char *flags)
{
  Drawing drawing;

  return compute (draw (&drawing, truth, flags), 1);
}

static void
assert_near (double value, double expected)
{
  g_assert_cmpfloat_with_epsilon (value, expected, 1e-12);
}

static void
assert_undefined (double value)
{
  g_assert_true (isnan (value));
}

/* --- by hand ------------------------------------------------------------ */

static void
test_rows (void)
{
  const VaeDetection d = detect (".####.....", "!.!!......");

  g_assert_cmpuint (d.flagged, ==, 3);
  assert_near (d.precision, 2. / 3);
  assert_near (d.recall, 2. / 4);
  assert_near (d.f1, 4. / 7);
  assert_near (d.missed_rate, 2. / 4);
  assert_near (d.false_alarm_rate, 1. / 6);
}

static void
test_threshold_itself_is_flagged (void)
{
  const float scores[] = { 0.5f, 1, 2 };
  const guint8 labels[] = { 0, 1, 0 };
  const VaeScored series = {.scores = scores,.labels = labels,.n_rows = 3 };

  g_assert_cmpuint (compute (&series, 1).flagged, ==, 2);
  g_assert_cmpuint (compute (&series, 1 + 1e-9).flagged, ==, 1);
}

/* Three events, two of them found, the second by two alarms; three alarms are
 * false. */
static void
test_events (void)
{
  const VaeDetection d = detect (".##..#####...##....",
      "..!.!.!!.!.!...!!..");

  g_assert_cmpuint (d.events, ==, 3);
  g_assert_cmpuint (d.events_found, ==, 2);
  g_assert_cmpuint (d.alarms, ==, 6);
  g_assert_cmpuint (d.false_alarms, ==, 3);
  assert_near (d.event_recall, 2. / 3);
  assert_near (d.event_precision, 2. / 5);
  assert_near (d.event_f1, 0.5);
  /* precision by rows 4/8 */
  assert_near (d.composite_f1, 4. / 7);
}

/* Delays of 0, 1, 3 and 4 rows, the first one of an alarm that is under way. */
static void
test_delays (void)
{
  const VaeDetection d = detect (".##..##..#####..#####..##.",
      "!!....!.....!.......!.....");

  assert_near (d.delay_mean, 2);
  assert_near (d.delay_median, 2);
  assert_near (detect ("###.###.###", "!...!....!!").delay_median, 0);
  assert_undefined (d.delay_mean_seconds);
  assert_undefined (d.delay_median_seconds);
  assert_undefined (d.false_alarms_per_hour);
  assert_undefined (detect ("..##..", "!.....").delay_mean);
}

/* Ten rows of 2 s, then rows of half a second, after a pause. */
static void
test_times (void)
{
  const VaeRowTimes times[] = { {0, 100, 2}, {10, 1000, 0.5} };
  Drawing drawing;
  VaeScored series = *draw (&drawing, "..####....|.####", "!...!!.!..|!.!!.");

  series.times = times;
  series.n_times = 2;
  VaeDetection d = compute (&series, 1);
  assert_near (d.delay_mean, 1.5);
  assert_near (d.delay_mean_seconds, (4 + 0.5) / 2);
  assert_near (d.delay_median_seconds, (4 + 0.5) / 2);
  /* 6 normal rows of 2 s, one of half a second */
  g_assert_cmpuint (d.false_alarms, ==, 3);
  assert_near (d.false_alarms_per_hour, 3 / (12.5 / 3600));
  assert_near (d.false_alarms_per_1000_rows, 3 / 0.007);

  series.times = (const VaeRowTimes[]) { {0, 100, 2}, {10, NAN, NAN} };
  d = compute (&series, 1);
  assert_undefined (d.false_alarms_per_hour);
  assert_undefined (d.delay_mean_seconds);
  assert_near (d.false_alarms_per_1000_rows, 3 / 0.007);
}

/* Mean over alarms of (2/3) / 2, 1 and 0; over events of 1/2 and (3/5) / 2. */
static void
test_ranges (void)
{
  const VaeDetection d = detect (".##.#####....", "..!!!.!!...!.");

  assert_near (d.range_precision, (2. / 3 / 2 + 1 + 0) / 3);
  assert_near (d.range_recall, (1. / 2 + 3. / 5 / 2) / 2);
  assert_near (d.range_f1, 2 * d.range_precision * d.range_recall /
      (d.range_precision + d.range_recall));
}

/* The event is [4, 6), all ten rows its zone. A point of the alarm [8, 9) is at
 * distance d = 2 .. 3, where 2 + 2 d of 10 are as near: 1 - (2 + 5) / 10. A
 * point of the event is at distance d = 2 .. 4 from the alarm, and 2 d of 10 are
 * as near: 1 - 6 / 10. */
static void
test_affiliation (void)
{
  const VaeDetection d = detect ("....##....", "........!.");

  assert_near (d.affiliation_precision, 0.3);
  assert_near (d.affiliation_recall, 0.4);
  assert_near (d.affiliation_f1, 0.24 / 0.7);
  assert_near (detect ("....##....", "....##....").affiliation_recall, 0);
  assert_near (detect ("....##....", "....!!....").affiliation_f1, 1);
}

/* --- unscored rows and breaks ------------------------------------------- */

static void
test_unscored_rows_are_no_rows (void)
{
  const VaeDetection d = detect ("..####....", "_.__!._!..");

  assert_near (d.precision, 1. / 2);
  assert_near (d.recall, 1. / 2);
  assert_near (d.false_alarm_rate, 1. / 4);
  assert_near (d.false_alarms_per_1000_rows, 250);
  /* but time passes in them */
  assert_near (d.delay_mean, 2);
  assert_near (d.range_recall, 1. / 4);
}

static void
test_unscored_event_is_missed (void)
{
  const VaeDetection d = detect (".##...##.", ".__...!..");

  g_assert_cmpuint (d.events, ==, 2);
  g_assert_cmpuint (d.events_found, ==, 1);
  assert_near (d.recall, 1. / 2);
  assert_near (d.event_recall, 1. / 2);
}

static void
test_breaks_end_events_and_alarms (void)
{
  const VaeDetection d = detect (".###|###...|..", "..!!|......|..");
  const VaeDetection one = detect (".######.....", "..!!........");
  const VaeDetection alarms = detect (".....|....##", "...!!|!!..!.");

  g_assert_cmpuint (d.events, ==, 2);
  g_assert_cmpuint (d.events_found, ==, 1);
  g_assert_cmpuint (one.events, ==, 1);
  g_assert_cmpuint (alarms.false_alarms, ==, 2);
}

static void
test_first_and_last_row (void)
{
  const VaeDetection d = detect ("#....#", "!....!");

  g_assert_cmpuint (d.events_found, ==, 2);
  assert_near (d.f1, 1);
  assert_near (d.event_f1, 1);
  assert_near (d.range_f1, 1);
  assert_near (d.affiliation_f1, 1);
  assert_near (d.delay_mean, 0);
  g_assert_cmpfloat (d.false_alarms_per_1000_rows, ==, 0);
}

/* --- what there is none of ---------------------------------------------- */

static void
test_no_alarms (void)
{
  const VaeDetection d = detect ("..##..", "......");

  assert_undefined (d.precision);
  assert_undefined (d.event_precision);
  assert_undefined (d.range_precision);
  assert_undefined (d.affiliation_precision);
  assert_undefined (d.delay_mean);
  g_assert_cmpfloat (d.recall, ==, 0);
  g_assert_cmpfloat (d.f1, ==, 0);
  g_assert_cmpfloat (d.event_f1, ==, 0);
  g_assert_cmpfloat (d.composite_f1, ==, 0);
  g_assert_cmpfloat (d.range_f1, ==, 0);
  g_assert_cmpfloat (d.affiliation_f1, ==, 0);
  g_assert_cmpfloat (d.false_alarm_rate, ==, 0);
}

static void
test_no_events (void)
{
  const VaeDetection d = detect ("......", ".!..!.");

  g_assert_cmpfloat (d.precision, ==, 0);
  g_assert_cmpfloat (d.event_precision, ==, 0);
  g_assert_cmpfloat (d.range_precision, ==, 0);
  assert_undefined (d.recall);
  assert_undefined (d.missed_rate);
  assert_undefined (d.f1);
  assert_undefined (d.event_f1);
  assert_undefined (d.composite_f1);
  assert_undefined (d.range_f1);
  assert_undefined (d.affiliation_precision);
  assert_undefined (d.affiliation_f1);
  assert_near (d.false_alarms_per_1000_rows, 2 / 0.006);
}

static void
test_all_anomalous (void)
{
  const VaeDetection d = detect ("####", "..!.");

  assert_near (d.precision, 1);
  assert_near (d.recall, 1. / 4);
  assert_near (d.event_f1, 1);
  assert_undefined (d.false_alarm_rate);
  assert_undefined (d.false_alarms_per_hour);
  assert_undefined (d.false_alarms_per_1000_rows);
}

static void
test_all_flagged (void)
{
  const VaeDetection d = detect (".##..#", "!!!!!!");

  assert_near (d.precision, 0.5);
  assert_near (d.recall, 1);
  g_assert_cmpuint (d.alarms, ==, 1);
  g_assert_cmpuint (d.false_alarms, ==, 0);
  assert_near (d.range_precision, 0.25);
  assert_near (d.range_recall, 1);
  assert_near (d.affiliation_recall, 1);
}

static void
test_single_row (void)
{
  const VaeDetection d = detect ("#", "!");
  const VaeDetection normal = detect (".", "!");

  assert_near (d.f1, 1);
  assert_near (d.range_f1, 1);
  assert_near (d.affiliation_f1, 1);
  g_assert_cmpuint (normal.false_alarms, ==, 1);
  assert_undefined (normal.f1);
}

static void
test_no_rows (void)
{
  const VaeDetection d = detect ("", "");

  g_assert_cmpuint (d.flagged, ==, 0);
  assert_undefined (d.precision);
  assert_undefined (d.f1);
  assert_undefined (d.affiliation_f1);
}

static void
test_threshold_that_is_no_number_is_refused (void)
{
  const VaeScored none = { 0 };
  g_autoptr (GError) error = NULL;
  VaeDetection detection;

  g_assert_false (vae_detection_compute (&none, NAN, &detection, &error));
  g_assert_error (error, VAE_ERROR, VAE_ERROR_PARAMETER);
}

/* --- references --------------------------------------------------------- */

/* The series of test-vus.c. Precision, event recall and composite F1 are what
 * fc_score.py of mvts-ano-eval gives, the ranges' what TSAD-Evaluator gives (flat,
 * reciprocal), affiliation's what affiliation-metrics-py gives. */
static void
test_reference_values (void)
{
  static const struct
  {
    double threshold;
    double precision, event_recall, composite_f1;
    double range_precision, range_recall;
    double affiliation_precision, affiliation_recall;
  } expected[] = {
    {0, 0.09333333333333334, 1.0, 0.17073170731707318,
          0.013333333333333332, 1,
        0.5051590084114702, 1.0},
    {0.25, 0.12043010752688173, 1.0, 0.21497120921305185,
          0.082696530522617481, 1,
        0.5178636265210808, 1.0},
    {0.75, 0.23595505617977527, 1.0, 0.38181818181818183,
          0.15491452991452992, 0.66445578231292513,
        0.5708019593181013, 0.9957095979417409},
    {0.95, 0.5178571428571429, 1.0, 0.6823529411764707,
          0.20588235294117646, 0.57380952380952388,
        0.7195881820371616, 0.9797161172161173},
    {1.4, 1.0, 0.5714285714285714, 0.7272727272727273,
          1, 0.11734693877551018,
        1.0, 0.5462345194488051},
  };
  float scores[600];
  guint8 labels[600];
  const VaeScored series = {.scores = scores,.labels = labels,.n_rows = 600 };

  for (guint i = 0; i < 600; i++) {
    labels[i] = i % 83 >= 40 && i % 83 <= 41 + 2 * (i / 83);
    scores[i] = (float) ((i * 7919 % 1000) / 1000. + 0.5 * labels[i]);
  }
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++) {
    const VaeDetection d = compute (&series, (float) expected[i].threshold);
    assert_near (d.precision, expected[i].precision);
    assert_near (d.event_recall, expected[i].event_recall);
    assert_near (d.composite_f1, expected[i].composite_f1);
    assert_near (d.range_precision, expected[i].range_precision);
    assert_near (d.range_recall, expected[i].range_recall);
    assert_near (d.affiliation_precision, expected[i].affiliation_precision);
    assert_near (d.affiliation_recall, expected[i].affiliation_recall);
  }
}

/* --- controls ----------------------------------------------------------- */

static VaeControls
control (const VaeScored * series)
{
  GError *error = NULL;
  VaeControls controls;
  gboolean computed = vae_controls_compute (series, &controls, &error);

  g_assert_no_error (error);
  g_assert_true (computed);
  return controls;
}

/* With the first event adjusted: precision 4/4 at recall 4/6, with both 6/7. */
static void
test_point_adjustment (void)
{
  const float scores[] = { 1, 9, 2, 3, 4, 1, 8, 1, 7, NAN, 2, 1 };
  const guint8 labels[] = { 0, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, 0 };
  const VaeScored series = {.scores = scores,.labels = labels,.n_rows = 12 };
  const VaeControls controls = control (&series);

  g_assert_cmpuint (controls.events, ==, 2);
  assert_near (controls.adjusted_f1, 2 * 6. / (7 + 6));
  assert_near (controls.always_f1, 2 * 6. / (11 + 6));
}

/* One event of half the rows: the highest of its scores is, but for one draw in
 * 2^500, above most of the normal rows'. */
static void
test_random_scores_are_flattered (void)
{
  enum
  { n = 1000 };
  float scores[n] = { 0 };
  guint8 labels[n] = { 0 };
  const VaeScored series = {.scores = scores,.labels = labels,.n_rows = n };

  memset (labels + 100, 1, n / 2);
  const VaeControls controls = control (&series);
  g_assert_cmpfloat (controls.random_adjusted_f1, >, 0.98);
  assert_near (controls.adjusted_f1, 2. / 3);
  assert_near (controls.always_f1, 2. / 3);
  /* seeded */
  g_assert_cmpfloat (controls.random_adjusted_f1, ==,
      control (&series).random_adjusted_f1);
}

static void
test_controls_of_one_class_are_undefined (void)
{
  const float scores[] = { 1, NAN };
  const guint8 labels[2][2] = { {0, 1}, {1, 0} };

  for (guint i = 0; i < 2; i++) {
    const VaeScored series = {
      .scores = scores,.labels = labels[i],.n_rows = 2
    };
    const VaeControls controls = control (&series);
    assert_undefined (controls.always_f1);
    assert_undefined (controls.adjusted_f1);
    assert_undefined (controls.random_adjusted_f1);
    g_assert_cmpuint (controls.events, ==, 1);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/detection/rows", test_rows);
  g_test_add_func ("/detection/threshold-itself-is-flagged",
      test_threshold_itself_is_flagged);
  g_test_add_func ("/detection/events", test_events);
  g_test_add_func ("/detection/delays", test_delays);
  g_test_add_func ("/detection/times", test_times);
  g_test_add_func ("/detection/ranges", test_ranges);
  g_test_add_func ("/detection/affiliation", test_affiliation);
  g_test_add_func ("/detection/unscored-rows-are-no-rows",
      test_unscored_rows_are_no_rows);
  g_test_add_func ("/detection/unscored-event-is-missed",
      test_unscored_event_is_missed);
  g_test_add_func ("/detection/breaks-end-events-and-alarms",
      test_breaks_end_events_and_alarms);
  g_test_add_func ("/detection/first-and-last-row", test_first_and_last_row);
  g_test_add_func ("/detection/no-alarms", test_no_alarms);
  g_test_add_func ("/detection/no-events", test_no_events);
  g_test_add_func ("/detection/all-anomalous", test_all_anomalous);
  g_test_add_func ("/detection/all-flagged", test_all_flagged);
  g_test_add_func ("/detection/single-row", test_single_row);
  g_test_add_func ("/detection/no-rows", test_no_rows);
  g_test_add_func ("/detection/threshold-that-is-no-number-is-refused",
      test_threshold_that_is_no_number_is_refused);
  g_test_add_func ("/detection/reference-values", test_reference_values);
  g_test_add_func ("/controls/point-adjustment", test_point_adjustment);
  g_test_add_func ("/controls/random-scores-are-flattered",
      test_random_scores_are_flattered);
  g_test_add_func ("/controls/one-class-is-undefined",
      test_controls_of_one_class_are_undefined);

  return g_test_run ();
}
