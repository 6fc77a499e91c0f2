/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/*
 * The paper keeps every peak. Here a bounded sample of them is kept, in which
 * any peak so far is as likely to be as any other (Vitter 1985, algorithm R),
 * so that the fit is what all of them would give, but for sampling errors.
 *
 * And it lets the tail bleed: normal rows beyond the threshold, a share q, are
 * never learned, so that the tail seems to end there, the threshold comes
 * down, cuts off more, and so on. For a q of 1e-3 and known tails, a million
 * rows later three to five times as many as promised exceed it; of less
 * memory, many more. So a peak that was learned below a limit stands for the
 * peaks beyond that limit, too: a fit makes them up as the fit before sees
 * them, which is a step of expectation maximization (Dempster, Laird & Rubin
 * 1977) for truncated samples. It is one to two times as many then. Real
 * anomalies, however many and large, still have no influence.
 */

#include "spot.h"
#include "gpd.h"
#include "rng.h"

#include <math.h>
#include <string.h>

#define SEED 0x73706f74

/* A count that a float stands for exactly enough, and a guint64 too. */
#define MAX_ROWS 0x1p53

typedef struct
{
  guint64 n_learned;            /* MIN (n_learned, VAE_SPOT_PEAKS) are kept */
  float peaks[VAE_SPOT_PEAKS];
  float limits[VAE_SPOT_PEAKS]; /* a higher one would not have been learned */
} Sample;

struct _VaeSpot
{
  VaeSpotStart start;
  double q;
  /* Of normal rows, with a share q for those that were not learned. */
  double rows;
  double n_peaks;
  Sample sample;
  gboolean has_tail;            /* or the threshold stays */
  VaeGpd tail;
  double threshold;
};

static gsize
n_kept (const Sample * sample)
{
  return MIN (sample->n_learned, VAE_SPOT_PEAKS);
}

/* FALSE if the peak did not get into the sample. */
static gboolean
sample_peak (Sample * sample, float peak, float limit)
{
  guint64 place = sample->n_learned++;

  if (place >= VAE_SPOT_PEAKS)
    place = vae_rng_below (vae_rng (SEED, 0), place, place + 1);
  if (place >= VAE_SPOT_PEAKS)
    return FALSE;
  sample->peaks[place] = peak;
  sample->limits[place] = limit;
  return TRUE;
}

gboolean
vae_spot_start_init (VaeSpotStart * start, const float *scores, gsize n,
    double level, GError ** error)
{
  VaePeaks peaks;
  Sample sample = { 0 };

  if (!vae_peaks_init (&peaks, scores, n, level, error))
    return FALSE;
  for (gsize i = 0; i < peaks.n_peaks; i++)
    sample_peak (&sample, peaks.peaks[i], INFINITY);

  start->quantile = (float) level;
  start->level = peaks.level;
  start->rows = peaks.n;
  start->n_peaks = peaks.n_peaks;
  memcpy (start->peaks, sample.peaks, sizeof start->peaks);
  vae_peaks_clear (&peaks);
  return TRUE;
}

gboolean
vae_spot_start_is_valid (const VaeSpotStart * start)
{
  if (!(start->quantile > 0 && start->quantile < 1 && isfinite (start->level)
          && start->rows >= 1 && start->rows <= MAX_ROWS
          && start->n_peaks >= 0 && start->n_peaks <= start->rows
          && start->n_peaks == floorf (start->n_peaks)))
    return FALSE;

  for (gsize i = 0; i < MIN (start->n_peaks, VAE_SPOT_PEAKS); i++)
    if (!(start->peaks[i] > start->level && isfinite (start->peaks[i])))
      return FALSE;
  return TRUE;
}

/* The share of the peaks that is to exceed the threshold. */
static double
peak_probability (const VaeSpot * spot)
{
  return spot->q * spot->rows / spot->n_peaks;
}

static void
set_threshold (VaeSpot * spot)
{
  const double probability = MIN (peak_probability (spot), 1);
  const double excess = vae_gpd_excess (&spot->tail, probability);

  spot->threshold = MIN (spot->start.level + excess, G_MAXFLOAT);
}

/* How many peaks one that was learned below `limit` stands for, beside
 * itself: at most one, as a fit that sees more beyond a limit than below
 * has no hold. */
static double
odds_beyond (const VaeSpot * spot, float limit)
{
  const double beyond = pow (10,
      -vae_gpd_rarity (&spot->tail, (double) limit - spot->start.level));

  return beyond < 0.5 ? beyond / (1 - beyond) : 1;
}

/* Fills in the peaks that were not learned, spread evenly over what is
 * beyond the limits, at most as many as were learned; returns how many. */
static gsize
make_up_peaks (const VaeSpot * spot, float *made_up)
{
  const Sample *sample = &spot->sample;
  double odds[VAE_SPOT_PEAKS], total = 0, reached = 0;
  gsize n = 0;

  for (gsize i = 0; i < n_kept (sample); i++)
    total += odds[i] = odds_beyond (spot, sample->limits[i]);
  for (gsize i = 0; i < n_kept (sample); i++)
    for (reached += odds[i]; reached >= n + 0.5; n++) {
      const double beyond = odds[i] / (1 + odds[i]);
      const double place = MIN ((n + 0.5) / total, 1);
      const double excess = vae_gpd_excess (&spot->tail, beyond * place);
      made_up[n] = (float) MIN (spot->start.level + excess, G_MAXFLOAT);
      made_up[n] = MAX (made_up[n], sample->limits[i]);
    }
  return n;
}

static void
refit_tail (VaeSpot * spot)
{
  float peaks[2 * VAE_SPOT_PEAKS];
  const gsize n = n_kept (&spot->sample);

  memcpy (peaks, spot->sample.peaks, n * sizeof *peaks);
  const gsize n_made_up = make_up_peaks (spot, peaks + n);
  vae_gpd_fit (peaks, n + n_made_up, spot->start.level, &spot->tail);
}

VaeSpot *
vae_spot_new (const VaeSpotStart * start, double q, GError ** error)
{
  if (!vae_pot_check_q (q, start->quantile, error))
    return NULL;
  VaeSpot *spot = g_try_new (VaeSpot, 1);
  if (!spot) {
    g_set_error (error, VAE_ERROR, VAE_ERROR_MEMORY,
        "no memory for the threshold's peaks");
    return NULL;
  }

  spot->start = *start;
  spot->q = q;
  vae_spot_reset (spot);
  return spot;
}

void
vae_spot_free (VaeSpot * spot)
{
  g_free (spot);
}

void
vae_spot_reset (VaeSpot * spot)
{
  spot->rows = spot->start.rows;
  spot->n_peaks = spot->start.n_peaks;
  spot->sample.n_learned = (guint64) spot->start.n_peaks;
  for (guint i = 0; i < VAE_SPOT_PEAKS; i++) {
    spot->sample.peaks[i] = spot->start.peaks[i];
    spot->sample.limits[i] = INFINITY;
  }

  float peaks[VAE_SPOT_PEAKS];  /* in an order that may be changed */
  const gsize n = n_kept (&spot->sample);
  memcpy (peaks, spot->sample.peaks, sizeof peaks);
  spot->has_tail = vae_gpd_fit (peaks, n, spot->start.level, &spot->tail);
  spot->threshold = vae_pot_threshold_among (peaks, n, spot->start.level,
      peak_probability (spot));
}

double
vae_spot_threshold (const VaeSpot * spot)
{
  return spot->threshold;
}

gboolean
vae_spot_step (VaeSpot * spot, float score)
{
  if (score > spot->threshold)
    return TRUE;
  if (!isfinite (score) || !spot->has_tail)
    return FALSE;

  const double alarms = spot->q / (1 - spot->q);        /* to a row without */
  spot->rows += 1 + alarms;
  spot->n_peaks += alarms;
  if (score > spot->start.level) {
    spot->n_peaks++;
    if (sample_peak (&spot->sample, score, (float) spot->threshold))
      refit_tail (spot);
    set_threshold (spot);
  }
  return FALSE;
}
