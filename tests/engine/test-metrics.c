/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "rng.h"
#include "vae.h"

#include <math.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static VaeMetrics
compute (const float *scores, const guint8 *labels, gsize n)
{
  GError *error = NULL;
  VaeMetrics metrics;
  gboolean computed = vae_metrics_compute (scores, labels, n, &metrics, &error);

  g_assert_no_error (error);
  g_assert_true (computed);
  return metrics;
}

static void
assert_near (double value, double expected)
{
  g_assert_cmpfloat_with_epsilon (value, expected, 1e-14);
}

static void
assert_counts (const VaeMetrics * metrics, guint64 rows, guint64 positives,
    guint64 unscored)
{
  g_assert_cmpuint (metrics->rows, ==, rows);
  g_assert_cmpuint (metrics->positives, ==, positives);
  g_assert_cmpuint (metrics->unscored, ==, unscored);
}

static void
assert_undefined (const VaeMetrics * metrics)
{
  g_assert_true (isnan (metrics->auroc));
  g_assert_true (isnan (metrics->auprc));
  g_assert_true (isnan (metrics->best_f1));
  g_assert_true (isnan (metrics->best_threshold));
  g_assert_true (isnan (metrics->best_precision));
  g_assert_true (isnan (metrics->best_recall));
}

/* Falling scores: + - + - -. Of 6 pairs 5 are won; precision is 1 at the first
 * anomaly and 2/3 at the second, where F1 = 4/5. */
static void
test_by_hand (void)
{
  const float scores[] = { 0.1f, 0.9f, 0.3f, 0.5f, 0.7f };
  const guint8 labels[] = { 0, 1, 0, 1, 0 };
  VaeMetrics metrics = compute (scores, labels, 5);

  assert_counts (&metrics, 5, 2, 0);
  assert_near (metrics.base_rate, 0.4);
  assert_near (metrics.auroc, 5.0 / 6.0);
  assert_near (metrics.auprc, 0.5 * 1.0 + 0.5 * 2.0 / 3.0);
  assert_near (metrics.best_f1, 0.8);
  g_assert_cmpfloat (metrics.best_threshold, ==, 0.5f);
  assert_near (metrics.best_precision, 2.0 / 3.0);
  assert_near (metrics.best_recall, 1.0);
}

static void
test_negative_scores (void)
{
  const float scores[] = { -3.0f, -1.0f, -2.0f, 1.0f };
  const guint8 labels[] = { 0, 1, 0, 1 };
  VaeMetrics metrics = compute (scores, labels, 4);

  assert_near (metrics.auroc, 1.0);
  g_assert_cmpfloat (metrics.best_threshold, ==, -1.0);
}

/* 2: + -, 1: + - -. Pairs: 1/2 + 2 wins of the upper anomaly, 2 halves of the
 * lower one. */
static void
test_ties_are_grouped (void)
{
  const float scores[] = { 1, 2, 1, 2, 1 };
  const guint8 labels[] = { 0, 1, 1, 0, 0 };
  VaeMetrics metrics = compute (scores, labels, 5);

  assert_near (metrics.auroc, 3.5 / 6.0);
  assert_near (metrics.auprc, 0.5 * 1.0 / 2.0 + 0.5 * 2.0 / 5.0);
}

static void
test_all_equal (void)
{
  const float scores[] = { 7, 7, 7, 7 };
  const guint8 labels[] = { 0, 1, 0, 0 };
  VaeMetrics metrics = compute (scores, labels, 4);

  assert_near (metrics.auroc, 0.5);
  assert_near (metrics.auprc, 0.25);
  assert_near (metrics.best_f1, 0.4);
  g_assert_cmpfloat (metrics.best_threshold, ==, 7.0);
}

static void
test_zeroes_of_both_signs_tie (void)
{
  const float scores[] = { -0.0f, 0.0f };
  const guint8 labels[] = { 1, 0 };
  VaeMetrics metrics = compute (scores, labels, 2);

  assert_near (metrics.auroc, 0.5);
  g_assert_false (signbit (metrics.best_threshold));
}

static void
test_infinities_are_ranks (void)
{
  const float scores[] = { -INFINITY, -G_MAXFLOAT, G_MAXFLOAT, INFINITY };
  const guint8 above[] = { 0, 0, 0, 1 };
  const guint8 below[] = { 1, 0, 0, 0 };
  VaeMetrics metrics = compute (scores, above, 4);

  assert_counts (&metrics, 4, 1, 0);
  assert_near (metrics.auroc, 1.0);
  g_assert_cmpfloat (metrics.best_threshold, ==, INFINITY);

  metrics = compute (scores, below, 4);
  assert_near (metrics.auroc, 0.0);
  g_assert_cmpfloat (metrics.best_threshold, ==, -INFINITY);
}

static void
test_unscored_rows_are_left_out (void)
{
  const float scores[] = { NAN, 0.2f, -NAN, 0.1f, NAN };
  const guint8 labels[] = { 1, 1, 0, 0, 1 };
  VaeMetrics metrics = compute (scores, labels, 5);

  assert_counts (&metrics, 5, 1, 3);
  assert_near (metrics.base_rate, 0.5);
  assert_near (metrics.auroc, 1.0);
  assert_near (metrics.auprc, 1.0);
}

static void
test_every_label_but_0_is_an_anomaly (void)
{
  const float scores[] = { 2, 1 };
  const guint8 labels[] = { 255, 0 };
  VaeMetrics metrics = compute (scores, labels, 2);

  assert_counts (&metrics, 2, 1, 0);
  assert_near (metrics.auroc, 1.0);
}

/* Falling scores: + - - +. F1 is 2/3 with the first and with all of them. */
static void
test_highest_of_equal_thresholds_wins (void)
{
  const float scores[] = { 4, 3, 2, 1 };
  const guint8 labels[] = { 1, 0, 0, 1 };
  VaeMetrics metrics = compute (scores, labels, 4);

  assert_near (metrics.best_f1, 2.0 / 3.0);
  g_assert_cmpfloat (metrics.best_threshold, ==, 4.0);
  assert_near (metrics.best_precision, 1.0);
  assert_near (metrics.best_recall, 0.5);
}

static void
test_one_class_is_undefined (void)
{
  const float scores[] = { 1, 2, NAN };
  const guint8 normal[] = { 0, 0, 1 };
  const guint8 anomalous[] = { 1, 1, 0 };
  VaeMetrics metrics = compute (scores, normal, 3);

  assert_counts (&metrics, 3, 0, 1);
  assert_undefined (&metrics);
  g_assert_cmpfloat (metrics.base_rate, ==, 0.0);

  metrics = compute (scores, anomalous, 3);
  assert_counts (&metrics, 3, 2, 1);
  assert_undefined (&metrics);
  g_assert_cmpfloat (metrics.base_rate, ==, 1.0);
}

static void
test_nothing_scored_is_undefined (void)
{
  const float scores[] = { NAN, NAN };
  const guint8 labels[] = { 0, 1 };
  VaeMetrics metrics = compute (NULL, NULL, 0);

  assert_counts (&metrics, 0, 0, 0);
  assert_undefined (&metrics);
  g_assert_true (isnan (metrics.base_rate));

  metrics = compute (scores, labels, 2);
  assert_counts (&metrics, 2, 0, 2);
  assert_undefined (&metrics);
  g_assert_true (isnan (metrics.base_rate));
}

/* Random scores out of `n_distinct` ones of all magnitudes and both signs, some
 * of them NaN. */
static void
make_scores (guint64 seed, gsize n, guint n_distinct, float *scores,
    guint8 *labels)
{
  VaeRng rng = vae_rng (seed, 0);

  for (gsize i = 0; i < n; i++) {
    guint64 which = vae_rng_below (rng, 4 * i, n_distinct);
    double sign = which % 2 ? 1 : -1;
    scores[i] = (float) (sign * exp (40 * (double) which / n_distinct - 20));
    labels[i] = vae_rng_uniform (rng, 4 * i + 1) < 0.2;
    if (vae_rng_below (rng, 4 * i + 2, 10) == 0)
      scores[i] = NAN;
  }
}

static void
count_flagged (const float *scores, const guint8 *labels, gsize n,
    float threshold, double *true_positives, double *false_positives)
{
  *true_positives = *false_positives = 0;
  for (gsize i = 0; i < n; i++) {
    if (scores[i] >= threshold && labels[i])
      (*true_positives)++;
    if (scores[i] >= threshold && !labels[i])
      (*false_positives)++;
  }
}

/* By the definitions, pair by pair and threshold by threshold: each anomaly
 * adds its threshold's precision to AUPRC. */
static VaeMetrics
compute_plainly (const float *scores, const guint8 *labels, gsize n)
{
  VaeMetrics plain = {.rows = n,.best_f1 = -1 };
  double won = 0, pairs = 0, precisions = 0;
  double all_positives, all_negatives;

  count_flagged (scores, labels, n, -INFINITY, &all_positives, &all_negatives);
  for (gsize i = 0; i < n; i++) {
    double true_positives, false_positives;

    if (isnan (scores[i])) {
      plain.unscored++;
      continue;
    }
    plain.positives += labels[i];
    for (gsize j = 0; labels[i] && j < n; j++) {
      if (labels[j] || isnan (scores[j]))
        continue;
      pairs++;
      won += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
    }

    count_flagged (scores, labels, n, scores[i], &true_positives,
        &false_positives);
    double precision = true_positives / (true_positives + false_positives);
    double f1 = 2 * true_positives /
        (true_positives + false_positives + all_positives);
    precisions += labels[i] ? precision : 0;
    if (f1 > plain.best_f1 || (f1 == plain.best_f1 &&
            scores[i] > plain.best_threshold)) {
      plain.best_f1 = f1;
      plain.best_threshold = scores[i];
      plain.best_precision = precision;
      plain.best_recall = true_positives / all_positives;
    }
  }
  plain.base_rate = all_positives / (all_positives + all_negatives);
  plain.auroc = won / pairs;
  plain.auprc = precisions / all_positives;
  return plain;
}

static void
assert_agrees_with_plain (guint64 seed, gsize n, guint n_distinct)
{
  g_autofree float *scores = g_new (float, n);
  g_autofree guint8 *labels = g_new (guint8, n);

  make_scores (seed, n, n_distinct, scores, labels);
  VaeMetrics metrics = compute (scores, labels, n);
  VaeMetrics plain = compute_plainly (scores, labels, n);

  assert_counts (&metrics, plain.rows, plain.positives, plain.unscored);
  assert_near (metrics.base_rate, plain.base_rate);
  assert_near (metrics.auroc, plain.auroc);
  g_assert_cmpfloat_with_epsilon (metrics.auprc, plain.auprc, 1e-13);
  assert_near (metrics.best_f1, plain.best_f1);
  g_assert_cmpfloat (metrics.best_threshold, ==, plain.best_threshold);
  assert_near (metrics.best_precision, plain.best_precision);
  assert_near (metrics.best_recall, plain.best_recall);
}

static void
test_agrees_with_plain_reference (void)
{
  for (guint64 seed = 0; seed < 10; seed++) {
    assert_agrees_with_plain (seed, 40, 5);
    assert_agrees_with_plain (seed, 1000, 20);
    assert_agrees_with_plain (seed, 1000, G_MAXUINT);
  }
}

/* Falling scores: + - + - ..., k of each. The i-th anomaly is above k - i + 1
 * normal rows, and i of 2 i - 1 rows down to it are anomalous. */
static void
test_sums_are_exact (void)
{
  const gsize k = 2000000;
  g_autofree float *scores = g_new (float, 2 * k);
  g_autofree guint8 *labels = g_new (guint8, 2 * k);
  long double precisions = 0;

  for (gsize i = 0; i < 2 * k; i++) {
    scores[i] = -(float) i;
    labels[i] = i % 2 == 0;
  }
  for (gsize i = 1; i <= k; i++)
    precisions += (long double) i / (2 * i - 1);
  VaeMetrics metrics = compute (scores, labels, 2 * k);

  g_assert_cmpfloat (metrics.auroc, ==, (k + 1) / (2.0 * k));
  g_assert_cmpfloat_with_epsilon (metrics.auprc, (double) (precisions / k),
      2e-16);
}

static void
assert_point (GArray * curve, guint index, double threshold, double recall,
    double false_positive_rate, double precision)
{
  VaeCurvePoint point = g_array_index (curve, VaeCurvePoint, index);

  g_assert_cmpfloat (point.threshold, ==, threshold);
  assert_near (point.true_positive_rate, recall);
  assert_near (point.false_positive_rate, false_positive_rate);
  assert_near (point.precision, precision);
}

static void
test_curve_by_hand (void)
{
  const float scores[] = { 1, 3, NAN, 2, 3, -INFINITY };
  const guint8 labels[] = { 0, 1, 1, 1, 0, 0 };
  GError *error = NULL;
  g_autoptr (GArray) curve = vae_metrics_curve (scores, labels, 6, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (curve->len, ==, 5);
  assert_point (curve, 0, INFINITY, 0, 0, 1);
  assert_point (curve, 1, 3, 0.5, 1.0 / 3.0, 0.5);
  assert_point (curve, 2, 2, 1, 1.0 / 3.0, 2.0 / 3.0);
  assert_point (curve, 3, 1, 1, 2.0 / 3.0, 0.5);
  assert_point (curve, 4, -INFINITY, 1, 1, 0.4);
}

static void
test_curve_needs_both_classes (void)
{
  const float scores[] = { 1, 2, NAN };
  const guint8 normal[] = { 0, 0, 1 };
  const guint8 anomalous[] = { 1, 1, 0 };
  g_autoptr (GError) error = NULL;

  g_assert_null (vae_metrics_curve (scores, normal, 3, &error));
  g_assert_error (error, VAE_ERROR, VAE_ERROR_DATA);
  g_assert_nonnull (strstr (error->message, "0 anomalous and 2 normal"));
  g_clear_error (&error);

  g_assert_null (vae_metrics_curve (scores, anomalous, 3, &error));
  g_assert_error (error, VAE_ERROR, VAE_ERROR_DATA);
  g_assert_nonnull (strstr (error->message, "2 anomalous and 0 normal"));
  g_clear_error (&error);

  g_assert_null (vae_metrics_curve (NULL, NULL, 0, &error));
  g_assert_error (error, VAE_ERROR, VAE_ERROR_DATA);
  g_assert_null (vae_metrics_curve (NULL, NULL, 0, NULL));
}

#ifndef __SANITIZE_ADDRESS__
/* Lets this process grow by so many bytes only. */
static void
limit_growth (gsize bytes)
{
  g_autofree char *statm = NULL;

  g_assert_true (g_file_get_contents ("/proc/self/statm", &statm, NULL, NULL));
  rlim_t used = g_ascii_strtoull (statm, NULL, 10) *
      (rlim_t) sysconf (_SC_PAGESIZE);
  struct rlimit limit;
  g_assert_cmpint (getrlimit (RLIMIT_AS, &limit), ==, 0);
  limit.rlim_cur = used + bytes;
  g_assert_cmpint (setrlimit (RLIMIT_AS, &limit), ==, 0);
}

/* Different scores in a narrow range, but for one far away: to sort these takes
 * as much memory again as to hold them. */
static void
make_crowded_scores (gsize n, float *scores)
{
  for (gsize i = 0; i < n; i++)
    scores[i] = 1 + i * 0x1p-23f;
  scores[0] = -INFINITY;
}

static void
test_out_of_memory (void)
{
  const gsize n = 4 << 20;

  if (!g_test_subprocess ()) {
    g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
    g_test_trap_assert_passed ();
    return;
  }

  g_autofree float *scores = g_new (float, n);
  g_autofree guint8 *labels = g_new (guint8, n);
  g_autoptr (GError) error = NULL;
  VaeMetrics metrics;

  make_scores (1, n, G_MAXUINT, scores, labels);
  make_crowded_scores (n, scores);
  for (guint bytes_per_row = 1; bytes_per_row <= 6; bytes_per_row += 5) {
    limit_growth (bytes_per_row * n);
    g_assert_false (vae_metrics_compute (scores, labels, n, &metrics, &error));
    g_assert_error (error, VAE_ERROR, VAE_ERROR_MEMORY);
    g_clear_error (&error);
  }

  limit_growth (9 * n);
  g_assert_true (vae_metrics_compute (scores, labels, n, &metrics, NULL));
  g_assert_null (vae_metrics_curve (scores, labels, n, &error));
  g_assert_error (error, VAE_ERROR, VAE_ERROR_MEMORY);
}
#else
static void
test_out_of_memory (void)
{
  g_test_skip ("AddressSanitizer's own memory is beyond any limit");
}
#endif

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/metrics/by-hand", test_by_hand);
  g_test_add_func ("/metrics/negative-scores", test_negative_scores);
  g_test_add_func ("/metrics/ties-are-grouped", test_ties_are_grouped);
  g_test_add_func ("/metrics/all-equal", test_all_equal);
  g_test_add_func ("/metrics/zeroes-of-both-signs-tie",
      test_zeroes_of_both_signs_tie);
  g_test_add_func ("/metrics/infinities-are-ranks", test_infinities_are_ranks);
  g_test_add_func ("/metrics/unscored-rows-are-left-out",
      test_unscored_rows_are_left_out);
  g_test_add_func ("/metrics/every-label-but-0-is-an-anomaly",
      test_every_label_but_0_is_an_anomaly);
  g_test_add_func ("/metrics/highest-of-equal-thresholds-wins",
      test_highest_of_equal_thresholds_wins);
  g_test_add_func ("/metrics/one-class-is-undefined",
      test_one_class_is_undefined);
  g_test_add_func ("/metrics/nothing-scored-is-undefined",
      test_nothing_scored_is_undefined);
  g_test_add_func ("/metrics/agrees-with-plain-reference",
      test_agrees_with_plain_reference);
  g_test_add_func ("/metrics/sums-are-exact", test_sums_are_exact);
  g_test_add_func ("/metrics/curve-by-hand", test_curve_by_hand);
  g_test_add_func ("/metrics/curve-needs-both-classes",
      test_curve_needs_both_classes);
  g_test_add_func ("/metrics/out-of-memory", test_out_of_memory);

  return g_test_run ();
}
