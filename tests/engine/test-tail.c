/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "pot.h"
#include "rng.h"
#include "tail.h"

#include <math.h>

static VaeTail
tail_of (const float *scores, gsize n)
{
  VaeTail tail;
  GError *error = NULL;
  gboolean done = vae_tail_init (&tail, scores, n, &error);

  g_assert_no_error (error);
  g_assert_true (done);
  g_assert_true (vae_tail_is_valid (&tail));
  return tail;
}

static float *
draw_exponential (guint64 seed, gsize n)
{
  float *scores = g_new (float, n);

  for (gsize i = 0; i < n; i++)
    scores[i] = (float) -log (1 - vae_rng_uniform (vae_rng (seed, 0), i));
  return scores;
}

/* Not above any score: infinity. */
static double
counted_rarity (const float *scores, gsize n, float score)
{
  gsize as_much = 0;

  for (gsize i = 0; i < n; i++)
    as_much += scores[i] >= score;
  return -log10 ((double) as_much / n);
}

/* A step between knots is 1.7 / 127. */
static void
test_is_what_was_counted (void)
{
  const gsize n = 20000;
  g_autofree float *scores = draw_exponential (1, n);
  VaeTail tail = tail_of (scores, n);

  for (float score = 0; score < tail.knots[VAE_TAIL_KNOTS - 1]; score += 0.01f)
    g_assert_cmpfloat (fabs (vae_tail_rarity (&tail, score) -
            counted_rarity (scores, n, score)), <, 1.7 / 127);
}

/* -log10 P (X >= x) = x / ln 10. One row in 1,000 is well known from
 * 20,000; one in 100,000 is beyond them, and known to a tenth of the 5. */
static void
test_is_what_the_tail_says (void)
{
  const gsize n = 20000;
  const guint n_series = 40;
  double near = 0, far = 0;

  for (guint seed = 0; seed < n_series; seed++) {
    g_autofree float *scores = draw_exponential (seed, n);
    VaeTail tail = tail_of (scores, n);
    near += vae_tail_rarity (&tail, 3 * G_LN10) / n_series;
    far += vae_tail_rarity (&tail, 5 * G_LN10) / n_series;
  }
  g_assert_cmpfloat (fabs (near - 3), <, 0.05);
  g_assert_cmpfloat (fabs (far - 5), <, 0.5);
}

static void
test_agrees_with_the_threshold (void)
{
  const gsize n = 20000;
  g_autofree float *scores = draw_exponential (1, n);
  VaeTail tail = tail_of (scores, n);

  for (double q = 0.019; q > 1e-6; q /= 2) {
    GError *error = NULL;
    double threshold;
    vae_pot_threshold (scores, n, VAE_POT_LEVEL, q, &threshold, &error);
    g_assert_no_error (error);
    g_assert_cmpfloat (fabs (vae_tail_rarity (&tail, (float) threshold) +
            log10 (q)), <, 1e-5);
  }
}

/* Scores of every magnitude and sign, in rising order. */
static float *
all_sorts_of_scores (gsize *n)
{
  const gint powers = 1480;
  float *scores = g_new (float, 2 * powers + 3);
  gsize k = 0;

  scores[k++] = -INFINITY;
  for (gint i = powers - 1; i >= 0; i--)
    scores[k++] = -powf (10, (i - powers / 2) / 19.2f);
  scores[k++] = 0;
  for (gint i = 0; i < powers; i++)
    scores[k++] = powf (10, (i - powers / 2) / 19.2f);
  scores[k++] = INFINITY;
  *n = k;
  return scores;
}

static void
assert_monotone (const VaeTail * tail)
{
  gsize n;
  g_autofree float *scores = all_sorts_of_scores (&n);
  float last = 0;

  for (gsize i = 0; i < n; i++) {
    const float rarity = vae_tail_rarity (tail, scores[i]);
    g_assert_true (isfinite (rarity));
    g_assert_cmpfloat (rarity, >=, last);
    last = rarity;
  }
  for (guint k = 0; k < VAE_TAIL_KNOTS; k++) {
    const float knot = tail->knots[k];
    const float before = vae_tail_rarity (tail, nextafterf (knot, -INFINITY));
    const float at = vae_tail_rarity (tail, knot);
    const float after = vae_tail_rarity (tail, nextafterf (knot, INFINITY));
    g_assert_cmpfloat (before, <=, at);
    g_assert_cmpfloat (at, <=, after);
  }
}

static void
test_never_falls (void)
{
  const gsize n = 3000;

  for (gsize rows = 1; rows <= n; rows *= 2) {
    for (double power = -8; power <= 8; power++) {
      g_autofree float *scores = draw_exponential (rows, n);
      for (gsize i = 0; i < rows; i++)
        scores[i] = (float) (power < 0 ? -pow (scores[i], -power)
            : pow (scores[i], power));
      VaeTail tail = tail_of (scores, rows);
      assert_monotone (&tail);
    }
  }
}

/* A uniform tail ends at 1: what is beyond still counts. */
static void
test_order_beyond_the_end (void)
{
  const gsize n = 5000;
  g_autofree float *scores = g_new (float, n);
  float last = 3;

  for (gsize i = 0; i < n; i++)
    scores[i] = (float) vae_rng_uniform (vae_rng (1, 0), i);
  VaeTail tail = tail_of (scores, n);
  g_assert_cmpfloat (tail.shape, <, -0.5);
  /* The last hundredth of a row is within 2e-6 of the end: 1.001 is 500 times as
   * far, 2.7 above log10 (5000 / 0.01). */
  g_assert_cmpfloat (vae_tail_rarity (&tail, 1.001f), >, 7.5);
  for (float score = 1; score < 1e30f; score *= 1.001f) {
    const float rarity = vae_tail_rarity (&tail, score);
    g_assert_cmpfloat (rarity, >, last);
    g_assert_cmpfloat (rarity, <, 50);
    last = rarity;
  }
}

/* P (X >= x) = 1 / sqrt (x): heavier than what would continue it. */
static void
test_heavy_tail_stays (void)
{
  const gsize n = 200000;
  g_autofree float *scores = draw_exponential (1, n);

  for (gsize i = 0; i < n; i++)
    scores[i] = expf (2 * scores[i]);
  VaeTail tail = tail_of (scores, n);
  g_assert_cmpfloat (fabs (vae_tail_rarity (&tail, 1e20f) - 10), <, 1);
}

/* 0, 0, 0, 1: three quarters score less than 1, none less than 0. */
static void
test_ties_count_as_much (void)
{
  const float scores[] = { 0, 1, 0, 0 };
  VaeTail tail = tail_of (scores, 4);

  g_assert_cmpfloat (vae_tail_rarity (&tail, -1), ==, 0);
  g_assert_cmpfloat (vae_tail_rarity (&tail, 0), ==, 0);
  g_assert_cmpfloat_with_epsilon (vae_tail_rarity (&tail, 1), log10 (4), 1e-6);
  g_assert_cmpfloat (vae_tail_rarity (&tail, 1.01f), >, log10 (4));
  /* as far again as the scores are spread: half of it */
  g_assert_cmpfloat_with_epsilon (vae_tail_rarity (&tail, 2), log10 (8), 1e-6);
}

static void
test_all_equal (void)
{
  for (float value = -2; value <= 2; value += 2) {
    float scores[100];
    for (guint i = 0; i < 100; i++)
      scores[i] = value;
    VaeTail tail = tail_of (scores, 100);

    g_assert_cmpfloat (vae_tail_rarity (&tail, value), ==, 0);
    g_assert_cmpfloat (vae_tail_rarity (&tail, value - 1), ==, 0);
    g_assert_cmpfloat (vae_tail_rarity (&tail, value + 1), >, 2);
    g_assert_cmpfloat (vae_tail_rarity (&tail, value + 1), <, 2.5);
    g_assert_cmpfloat (vae_tail_rarity (&tail, value + 2), >,
        vae_tail_rarity (&tail, value + 1));
  }
}

static void
test_smallest_and_largest_scores (void)
{
  float scores[100];

  for (guint i = 0; i < 100; i++)
    scores[i] = i * 1.4e-45f;
  VaeTail tail = tail_of (scores, 100);
  assert_monotone (&tail);

  for (guint i = 0; i < 100; i++)
    scores[i] = i % 2 ? G_MAXFLOAT : -G_MAXFLOAT;
  tail = tail_of (scores, 100);
  assert_monotone (&tail);
}

/* A third of 60 rows is a tail that can be fitted, half of 16 is not. */
static void
test_few_rows (void)
{
  g_autofree float *scores = draw_exponential (1, 60);

  VaeTail tail = tail_of (scores, 60);
  g_assert_cmpfloat_with_epsilon (tail.share, 20. / 60, 1e-6);
  tail = tail_of (scores, 16);
  g_assert_cmpfloat (tail.share, ==, 1. / 16);
  g_assert_cmpfloat (tail.shape, ==, 1);
}

static void
test_scores_that_are_not_finite_are_left_out (void)
{
  const gsize n = 500;
  g_autofree float *scores = draw_exponential (1, n);
  g_autofree float *mixed = g_new (float, 4 * n);
  VaeTail tail = tail_of (scores, n);

  for (gsize i = 0; i < n; i++) {
    mixed[4 * i] = INFINITY;
    mixed[4 * i + 1] = scores[i];
    mixed[4 * i + 2] = NAN;
    mixed[4 * i + 3] = -INFINITY;
  }
  VaeTail other = tail_of (mixed, 4 * n);
  g_assert_cmpmem (&other, sizeof other, &tail, sizeof tail);
}

static void
test_missing_stays_missing (void)
{
  const float score = 1;
  VaeTail tail = tail_of (&score, 1);

  g_assert_true (isnan (vae_tail_rarity (&tail, NAN)));
  g_assert_cmpfloat (vae_tail_rarity (&tail, INFINITY), ==,
      vae_tail_rarity (&tail, G_MAXFLOAT));
  g_assert_cmpfloat (vae_tail_rarity (&tail, -INFINITY), ==, 0);
}

static void
test_no_scores (void)
{
  const float scores[] = { NAN, INFINITY };
  VaeTail tail;
  g_autoptr (GError) error = NULL;

  g_assert_false (vae_tail_init (&tail, scores, 2, &error));
  g_assert_error (error, VAE_ERROR, VAE_ERROR_DATA);
}

#define ASSERT_INVALID(tail, field, value) G_STMT_START { \
  VaeTail changed = (tail); \
  changed.field = (value); \
  g_assert_false (vae_tail_is_valid (&changed)); \
} G_STMT_END

static void
test_refuses_an_invalid_tail (void)
{
  g_autofree float *scores = draw_exponential (1, 1000);
  VaeTail tail = tail_of (scores, 1000);
  const float bad[] = { NAN, INFINITY, -INFINITY };

  for (guint i = 0; i < 3; i++) {
    ASSERT_INVALID (tail, knots[0], bad[i]);
    ASSERT_INVALID (tail, knots[VAE_TAIL_KNOTS - 1], bad[i]);
    ASSERT_INVALID (tail, share, bad[i]);
    ASSERT_INVALID (tail, shape, bad[i]);
    ASSERT_INVALID (tail, scale, bad[i]);
    ASSERT_INVALID (tail, rows, bad[i]);
  }
  ASSERT_INVALID (tail, knots[5], tail.knots[6] + 1);
  ASSERT_INVALID (tail, share, 0);
  ASSERT_INVALID (tail, share, 1e-4f);
  ASSERT_INVALID (tail, share, 1.01f);
  ASSERT_INVALID (tail, shape, -1.01f);
  ASSERT_INVALID (tail, scale, 0);
  ASSERT_INVALID (tail, rows, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/tail/is-what-was-counted", test_is_what_was_counted);
  g_test_add_func ("/tail/is-what-the-tail-says", test_is_what_the_tail_says);
  g_test_add_func ("/tail/agrees-with-the-threshold",
      test_agrees_with_the_threshold);
  g_test_add_func ("/tail/never-falls", test_never_falls);
  g_test_add_func ("/tail/order-beyond-the-end", test_order_beyond_the_end);
  g_test_add_func ("/tail/heavy-tail-stays", test_heavy_tail_stays);
  g_test_add_func ("/tail/ties-count-as-much", test_ties_count_as_much);
  g_test_add_func ("/tail/all-equal", test_all_equal);
  g_test_add_func ("/tail/smallest-and-largest-scores",
      test_smallest_and_largest_scores);
  g_test_add_func ("/tail/few-rows", test_few_rows);
  g_test_add_func ("/tail/scores-that-are-not-finite-are-left-out",
      test_scores_that_are_not_finite_are_left_out);
  g_test_add_func ("/tail/missing-stays-missing", test_missing_stays_missing);
  g_test_add_func ("/tail/no-scores", test_no_scores);
  g_test_add_func ("/tail/refuses-an-invalid-tail",
      test_refuses_an_invalid_tail);

  return g_test_run ();
}
