/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "ranking.h"
#include "rng.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MANY 60000              /* several dozen buckets */

typedef float (*Draw) (VaeRng rng, guint64 i);

static int
compare_falling (gconstpointer a, gconstpointer b)
{
  float left = *(const float *) a, right = *(const float *) b;

  return (left < right) - (left > right);
}

static gsize
take_class (const float *scores, const guint8 *labels, gsize n,
    gboolean positive, float *taken)
{
  gsize n_taken = 0;

  for (gsize i = 0; i < n; i++)
    if (!isnan (scores[i]) && (labels[i] != 0) == positive)
      taken[n_taken++] = scores[i];
  return n_taken;
}

static void
assert_ranks (const VaeRanking * ranking, const VaeRanks * ranks,
    const float *scores, const guint8 *labels, gsize n)
{
  g_autofree float *sorted = g_new (float, n + 1);
  gsize n_sorted = take_class (scores, labels, n,
      ranks == &ranking->positives, sorted);

  qsort (sorted, n_sorted, sizeof *sorted, compare_falling);
  g_assert_cmpuint (ranks->n, ==, n_sorted);
  for (gsize i = 0; i < n_sorted; i++) {
    float score = vae_ranking_get_score (ranking, ranks->keys[i]);

    g_assert_true (score == sorted[i]);
    if (i > 0)
      g_assert_cmpint (ranks->keys[i - 1] < ranks->keys[i], ==,
          sorted[i - 1] > sorted[i]);
  }
}

static void
assert_sorted (const float *scores, const guint8 *labels, gsize n)
{
  GError *error = NULL;
  VaeRanking ranking;

  g_assert_true (vae_ranking_init (&ranking, scores, labels, n, &error));
  g_assert_no_error (error);
  assert_ranks (&ranking, &ranking.positives, scores, labels, n);
  assert_ranks (&ranking, &ranking.negatives, scores, labels, n);
  vae_ranking_clear (&ranking);
}

static void
assert_sorts (Draw draw)
{
  const gsize sizes[] = { 0, 1, 2, 15, 16, 17, 2047, 2048, 5000, MANY };
  g_autofree float *scores = g_new (float, MANY);
  g_autofree guint8 *labels = g_new (guint8, MANY);
  VaeRng rng = vae_rng (1, 0);

  for (gsize i = 0; i < MANY; i++) {
    scores[i] = draw (rng, 4 * i);
    labels[i] = vae_rng_below (rng, 4 * i + 2, 5) == 0 ? 1 + i % 255 : 0;
  }
  for (guint k = 0; k < G_N_ELEMENTS (sizes); k++)
    assert_sorted (scores, labels, sizes[k]);
}

/* Anything, with one in eight NaN or infinite. */
static float
draw_bits (VaeRng rng, guint64 i)
{
  const float special[] = { NAN, -NAN, INFINITY, -INFINITY };
  guint32 bits = (guint32) vae_rng_below (rng, i, G_MAXUINT32);
  float score;

  if (vae_rng_below (rng, i + 1, 8) == 0)
    return special[bits % 4];
  memcpy (&score, &bits, sizeof score);
  return score;
}

static float
draw_narrow (VaeRng rng, guint64 i)
{
  return (float) (2 + vae_rng_uniform (rng, i));
}

static float
draw_few (VaeRng rng, guint64 i)
{
  return (float) vae_rng_below (rng, i, 5) - 2;
}

/* One bucket has nearly all. */
static float
draw_outliers (VaeRng rng, guint64 i)
{
  guint64 which = vae_rng_below (rng, i + 1, 1000);

  if (which < 2)
    return which ? INFINITY : -INFINITY;
  return (float) (1 + 1e-3 * vae_rng_uniform (rng, i));
}

static float
draw_zero (VaeRng rng, guint64 i)
{
  return vae_rng_below (rng, i, 2) ? 0.0f : -0.0f;
}

static float
draw_nan (VaeRng rng, guint64 i)
{
  return NAN;
}

static void
test_any_scores (void)
{
  assert_sorts (draw_bits);
}

static void
test_narrow_scores (void)
{
  assert_sorts (draw_narrow);
}

static void
test_few_scores (void)
{
  assert_sorts (draw_few);
}

static void
test_outliers (void)
{
  assert_sorts (draw_outliers);
}

static void
test_zeroes_tie (void)
{
  assert_sorts (draw_zero);
}

static void
test_nothing_scored (void)
{
  assert_sorts (draw_nan);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ranking/any-scores", test_any_scores);
  g_test_add_func ("/ranking/narrow-scores", test_narrow_scores);
  g_test_add_func ("/ranking/few-scores", test_few_scores);
  g_test_add_func ("/ranking/outliers", test_outliers);
  g_test_add_func ("/ranking/zeroes-tie", test_zeroes_tie);
  g_test_add_func ("/ranking/nothing-scored", test_nothing_scored);

  return g_test_run ();
}
