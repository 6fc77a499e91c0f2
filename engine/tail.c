/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "tail.h"
#include "gpd.h"
#include "pot.h"
#include "ranking.h"

#include <math.h>

#define LAST (VAE_TAIL_KNOTS - 1)
#define MIN_PEAKS 20
#define UNHEARD_OF 0.01         /* rows */

/* The i-th of the rising scores. */
static float
rising (const VaeRanking * ranking, gsize i)
{
  const VaeRanks *falling = &ranking->negatives;

  return vae_ranking_get_score (ranking, falling->keys[falling->n - 1 - i]);
}

/* The score, by linear interpolation, that `rows` of the scores are at least. */
static float
score_of_rank (const VaeRanking * ranking, double rows)
{
  const gsize n = ranking->negatives.n;
  const double position = MAX (n - rows, 0);
  const gsize below = MIN ((gsize) position, n - 1);
  const double score = rising (ranking, below);
  const double next = rising (ranking, MIN (below + 1, n - 1));

  return (float) (score + (position - below) * (next - score));
}

/* Knots up to `level`, above which is tail->share. */
static void
set_knots (VaeTail * tail, const VaeRanking * ranking, float level)
{
  for (guint k = 0; k < LAST; k++) {
    const double rows =
        ranking->negatives.n * pow (tail->share, (double) k / LAST);
    tail->knots[k] = MIN (score_of_rank (ranking, rows), level);
  }
  tail->knots[LAST] = level;
}

/* Any unit serves for scores that are all the same. */
static double
spread (const VaeRanking * ranking)
{
  const double least = rising (ranking, 0);
  const double most = rising (ranking, ranking->negatives.n - 1);

  if (most > least)
    return most - least;
  return least != 0 ? fabs (least) : 1;
}

/* The tail of the peaks, and the knots before it. */
static void
fit (VaeTail * tail, const VaePeaks * peaks, const VaeRanking * ranking)
{
  VaeGpd gpd;

  tail->rows = peaks->n;
  if (vae_gpd_fit (peaks->peaks, peaks->n_peaks, peaks->level, &gpd)) {
    tail->share = (double) peaks->n_peaks / peaks->n;
    set_knots (tail, ranking, peaks->level);
  } else {
    gpd = (VaeGpd) {
    1, spread (ranking)};
    tail->share = 1.0 / peaks->n;
    set_knots (tail, ranking, rising (ranking, peaks->n - 1));
  }
  tail->shape = gpd.shape;
  tail->scale = CLAMP (gpd.scale, G_MINFLOAT, G_MAXFLOAT);
}

gboolean
vae_tail_init (VaeTail * tail, const float *scores, gsize n, GError ** error)
{
  VaePeaks peaks;
  VaeRanking ranking;
  gsize n_finite = 0;

  for (gsize i = 0; i < n; i++)
    n_finite += isfinite (scores[i]) ? 1 : 0;
  const double few = MIN ((double) MIN_PEAKS / MAX (n_finite, 1), 0.5);
  const double level = MIN (VAE_POT_LEVEL, 1 - few);
  if (!vae_peaks_init (&peaks, scores, n, level, error))
    return FALSE;

  const gboolean is_ranked =
      vae_ranking_init (&ranking, peaks.scores, NULL, peaks.n, error);
  if (is_ranked) {
    fit (tail, &peaks, &ranking);
    vae_ranking_clear (&ranking);
  }
  vae_peaks_clear (&peaks);
  return is_ranked;
}

gboolean
vae_tail_is_valid (const VaeTail * tail)
{
  for (guint k = 0; k < VAE_TAIL_KNOTS; k++)
    if (!isfinite (tail->knots[k])
        || (k > 0 && tail->knots[k] < tail->knots[k - 1]))
      return FALSE;
  return tail->rows >= 1 && isfinite (tail->rows)
      && tail->share <= 1 && tail->share * tail->rows >= 0.5
      && tail->shape >= -1 && isfinite (tail->shape)
      && tail->scale >= G_MINFLOAT && isfinite (tail->scale);
}

/* As many steps as there are knots before the score, which is above the
 * first and at most the last, the last step in part. */
static double
steps_to (const float *knots, float score)
{
  guint below = 0, at_least = LAST;

  while (at_least - below > 1) {
    const guint middle = (below + at_least) / 2;
    if (knots[middle] < score)
      below = middle;
    else
      at_least = middle;
  }
  return below + ((double) score - knots[below]) /
      ((double) knots[at_least] - knots[below]);
}

/* -log10 of the share of the peaks that are at least y above the level; `known`
 * is that of the rarest ones that the distribution can tell of. */
static double
rarity_among_peaks (const VaeTail * tail, double y, double known)
{
  const VaeGpd gpd = { tail->shape, tail->scale };
  const double rarity = vae_gpd_rarity (&gpd, y);

  if (rarity <= known || gpd.shape >= 1)
    return rarity;

  /* What exceeds a higher level is of the same shape and of this scale. */
  const double probability = pow (10, -known);
  const double start = vae_gpd_excess (&gpd, probability);
  const VaeGpd beyond = { 1, gpd.scale * pow (probability, -gpd.shape) };
  return known + vae_gpd_rarity (&beyond, MAX (y - start, 0));
}

float
vae_tail_rarity (const VaeTail * tail, float score)
{
  const double of_tail = -log10 (tail->share);
  const float level = tail->knots[LAST];

  if (isnan (score))
    return score;
  if (score <= tail->knots[0])
    return 0;
  if (score <= level)
    return (float) (of_tail * (steps_to (tail->knots, score) / LAST));

  const double known = log10 (tail->share * tail->rows / UNHEARD_OF);
  const double y = (double) MIN (score, G_MAXFLOAT) - level;
  return (float) (of_tail + rarity_among_peaks (tail, y, known));
}
