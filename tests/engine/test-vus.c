/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "rng.h"
#include "vae.h"

#include <string.h>

static VaeVus
compute_broken (const float *scores, const guint8 *labels,
    const guint8 *breaks, gsize n, guint buffer)
{
  const VaeScored series = {
    .scores = scores,.labels = labels,.breaks = breaks,.n_rows = n
  };
  GError *error = NULL;
  VaeVus vus;
  gboolean computed = vae_vus_compute (&series, buffer, &vus, &error);

  g_assert_no_error (error);
  g_assert_true (computed);
  return vus;
}

static VaeVus
compute (const float *scores, const guint8 *labels, gsize n, guint buffer)
{
  return compute_broken (scores, labels, NULL, n, buffer);
}

static void
assert_vus (VaeVus vus, double roc, double pr)
{
  g_assert_cmpfloat_with_epsilon (vus.roc, roc, 1e-12);
  g_assert_cmpfloat_with_epsilon (vus.pr, pr, 1e-12);
}

/* Seven events of 2, 4, 6 ... 14 rows, whose scores are higher by a half. */
static void
make_series (gsize n, float *scores, guint8 *labels)
{
  for (gsize i = 0; i < n; i++) {
    labels[i] = i % 83 >= 40 && i % 83 <= 41 + 2 * (i / 83);
    scores[i] = (float) ((double) (i * 7919 % 1000) / 1000 + 0.5 * labels[i]);
  }
}

/* What RangeAUC_volume_opt of TSB-AD gives for this series. */
static void
test_reference_values (void)
{
  static const struct
  {
    guint buffer;
    double roc, pr;
  } expected[] = {
    {0, 0.8654149159663865, 0.6202421143357078},
    {1, 0.8654149159663865, 0.6202421143357078},
    {20, 0.9168509560126481, 0.6899226924873817},
    {99, 0.9705957483402828, 0.856833007223609},
    {100, 0.9708736437184394, 0.8581262417293111},
  };
  float scores[600];
  guint8 labels[600];

  make_series (600, scores, labels);
  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    assert_vus (compute (scores, labels, 600, expected[i].buffer),
        expected[i].roc, expected[i].pr);
}

/* Row 3 of 6 is the event, row 2 has the highest score, row 3 the next.
 *
 * Buffers of 0 and 1 rows: a false alarm first: AUROC 4/5, AUPRC 1/2.
 * Buffer of 2: rows 2 and 4 count s = sqrt (1/2). Down to row 2: TP = s, relevant
 * = 1 + s/2. Down to row 3: TP = 1 + s, so recall 1 at precision (1 + s) / 2. */
static void
test_by_hand (void)
{
  const float scores[] = { 1, 2, 9, 8, 3, 4 };
  const guint8 labels[] = { 0, 0, 0, 1, 0, 0 };
  const double s = sqrt (0.5);
  const double first = s / (1 + s / 2);
  const double fpr = (1 - s) / (5 - s / 2);
  const double pr = first * s + (1 - first) * (1 + s) / 2;
  const double roc = fpr * first / 2 + (1 - fpr);

  assert_vus (compute (scores, labels, 6, 0), 0.8, 0.5);
  assert_vus (compute (scores, labels, 6, 1), 0.8, 0.5);
  assert_vus (compute (scores, labels, 6, 2), (2 * 0.8 + roc) / 3,
      (2 * 0.5 + pr) / 3);
}

/* Without a buffer all that is special about events is that they must be found: one
 * of them always is. */
static void
test_one_event_without_buffer_is_auroc (void)
{
  float scores[200];
  guint8 labels[200] = { 0 };
  const VaeRng rng = vae_rng (5, 0);
  GError *error = NULL;
  VaeMetrics metrics;

  labels[77] = 1;
  for (guint i = 0; i < 200; i++)
    scores[i] = (float) vae_rng_uniform (rng, i);
  g_assert_true (vae_metrics_compute (scores, labels, 200, &metrics, &error));
  assert_vus (compute (scores, labels, 200, 0), metrics.auroc, metrics.auprc);
}

static void
test_perfect_scores (void)
{
  const float scores[] = { 0, 0, 5, 5, 0, 0, 0, 6, 0 };
  const guint8 labels[] = { 0, 0, 1, 1, 0, 0, 0, 1, 0 };

  assert_vus (compute (scores, labels, 9, 0), 1, 1);
}

static void
test_all_equal (void)
{
  const float scores[] = { 7, 7, 7, 7 };
  const guint8 labels[] = { 0, 1, 0, 0 };

  assert_vus (compute (scores, labels, 4, 0), 0.5, 0.25);
}

/* The series by hand in other units. */
static void
test_only_the_order_of_scores_counts (void)
{
  const float scores[] = { -INFINITY, -4, INFINITY, 1e30f, -3, -0.0f };
  const guint8 labels[] = { 0, 0, 0, 1, 0, 0 };
  const float tied[] = { 0, -0.0f, 5, 0 };
  const guint8 tied_labels[] = { 1, 0, 0, 0 };

  assert_vus (compute (scores, labels, 6, 1), 0.8, 0.5);
  assert_vus (compute (tied, tied_labels, 4, 0), 1. / 3, 0.25);
}

static void
test_unscored_rows_are_left_out (void)
{
  const float scores[] = { NAN, 1, 2, 9, 8, NAN, 3, 4, NAN };
  const guint8 labels[] = { 0, 0, 0, 0, 1, 1, 0, 0, 0 };
  const VaeVus vus = compute (scores, labels, 9, 0);

  assert_vus (vus, 0.8, 0.5);
}

/* Two events, one found first and the other never: only half of the recall can be
 * had. */
static void
test_event_without_scores_is_missed (void)
{
  const float scores[] = { 9, 1, 1, NAN, NAN };
  const guint8 labels[] = { 1, 0, 0, 1, 1 };
  const VaeVus vus = compute (scores, labels, 5, 0);

  g_assert_cmpfloat (vus.pr, ==, 0.5);
}

/* What is before a break and behind it may as well be far apart. */
static void
test_buffers_end_at_breaks (void)
{
  enum
  { n = 60, gap = 200 };
  float scores[n], apart[n + gap];
  guint8 labels[n], apart_labels[n + gap], breaks[n] = { 0 };
  const VaeRng rng = vae_rng (3, 0);

  for (guint i = 0; i < n; i++) {
    labels[i] = i >= 24 && i < 34;
    scores[i] = (float) (1 + vae_rng_uniform (rng, i));
  }
  breaks[30] = 1;

  memcpy (apart, scores, 30 * sizeof *scores);
  memcpy (apart_labels, labels, 30);
  for (guint i = 30; i < 30 + gap; i++) {
    apart[i] = NAN;
    apart_labels[i] = 0;
  }
  memcpy (apart + 30 + gap, scores + 30, (n - 30) * sizeof *scores);
  memcpy (apart_labels + 30 + gap, labels + 30, n - 30);

  const VaeVus broken = compute_broken (scores, labels, breaks, n, 40);
  const VaeVus expected = compute (apart, apart_labels, n + gap, 40);
  assert_vus (broken, expected.roc, expected.pr);
  g_assert_cmpfloat (broken.pr, !=, compute (scores, labels, n, 40).pr);
}

static void
test_one_class_is_undefined (void)
{
  const float scores[] = { 1, 2, NAN };
  const guint8 labels[3][3] = { {0, 0, 0}, {1, 1, 1}, {0, 0, 1} };

  for (guint i = 0; i < 3; i++) {
    const VaeVus vus = compute (scores, labels[i], 3, 10);
    g_assert_true (isnan (vus.roc) && isnan (vus.pr));
  }
  g_assert_true (isnan (compute (scores, labels[0], 1, 10).roc));
  g_assert_true (isnan (compute (NULL, NULL, 0, 10).pr));
}

/* All of the series is in the buffer, at either end. */
static void
test_buffer_beyond_the_series (void)
{
  const float scores[] = { 3, 1, 2 };
  const guint8 first[] = { 1, 0, 0 };
  const guint8 last[] = { 0, 0, 1 };
  const float mirrored[] = { 2, 1, 3 };
  const VaeVus vus = compute (scores, first, 3, 100);

  g_assert_cmpfloat (vus.pr, >, 0.98);
  assert_vus (compute (mirrored, last, 3, 100), vus.roc, vus.pr);
}

static void
test_buffer_beyond_the_limit_is_refused (void)
{
  const VaeScored none = { 0 };
  g_autoptr (GError) error = NULL;
  VaeVus vus;

  g_assert_false (vae_vus_compute (&none, VAE_MAX_BUFFER + 1, &vus, &error));
  g_assert_error (error, VAE_ERROR, VAE_ERROR_PARAMETER);
  g_assert_nonnull (strstr (error->message, "10001"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/vus/reference-values", test_reference_values);
  g_test_add_func ("/vus/by-hand", test_by_hand);
  g_test_add_func ("/vus/one-event-without-buffer-is-auroc",
      test_one_event_without_buffer_is_auroc);
  g_test_add_func ("/vus/perfect-scores", test_perfect_scores);
  g_test_add_func ("/vus/all-equal", test_all_equal);
  g_test_add_func ("/vus/only-the-order-of-scores-counts",
      test_only_the_order_of_scores_counts);
  g_test_add_func ("/vus/unscored-rows-are-left-out",
      test_unscored_rows_are_left_out);
  g_test_add_func ("/vus/event-without-scores-is-missed",
      test_event_without_scores_is_missed);
  g_test_add_func ("/vus/buffers-end-at-breaks", test_buffers_end_at_breaks);
  g_test_add_func ("/vus/one-class-is-undefined", test_one_class_is_undefined);
  g_test_add_func ("/vus/buffer-beyond-the-series",
      test_buffer_beyond_the_series);
  g_test_add_func ("/vus/buffer-beyond-the-limit-is-refused",
      test_buffer_beyond_the_limit_is_refused);

  return g_test_run ();
}
