/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "pot.h"
#include "gpd.h"
#include "quantile.h"

#include <math.h>

static gboolean
allocate (VaePeaks * peaks, const float *scores, gsize n, GError ** error)
{
  *peaks = (VaePeaks) {
  0};
  for (gsize i = 0; i < n; i++)
    peaks->n += isfinite (scores[i]) ? 1 : 0;
  if (peaks->n == 0) {
    g_set_error (error, VAE_ERROR, VAE_ERROR_DATA,
        "no threshold without scores: none of %" G_GSIZE_FORMAT " is finite",
        n);
    return FALSE;
  }

  peaks->scores = g_try_new (float, peaks->n);
  peaks->peaks = g_try_new (float, peaks->n);
  if (peaks->scores && peaks->peaks)
    return TRUE;

  vae_peaks_clear (peaks);
  g_set_error (error, VAE_ERROR, VAE_ERROR_MEMORY,
      "no memory for the threshold of %" G_GSIZE_FORMAT " scores", n);
  return FALSE;
}

gboolean
vae_peaks_init (VaePeaks * peaks, const float *scores, gsize n, double level,
    GError ** error)
{
  gsize kept = 0;

  if (!(level > 0 && level < 1)) {
    g_set_error (error, VAE_ERROR, VAE_ERROR_PARAMETER,
        "the level of the peaks is the quantile %g; it must be between 0 and 1",
        level);
    return FALSE;
  }
  if (!allocate (peaks, scores, n, error))
    return FALSE;

  for (gsize i = 0; i < n; i++)
    if (isfinite (scores[i]))
      peaks->scores[kept++] = scores[i];
  peaks->level = (float) vae_quantile (peaks->scores, peaks->n, level);
  for (gsize i = 0; i < n; i++)
    if (isfinite (scores[i]) && scores[i] > peaks->level)
      peaks->peaks[peaks->n_peaks++] = scores[i];
  return TRUE;
}

void
vae_peaks_clear (VaePeaks * peaks)
{
  g_free (peaks->scores);
  g_free (peaks->peaks);
}

gboolean
vae_pot_check_q (double q, double level, GError ** error)
{
  if (q > 0 && q < 1 - level)
    return TRUE;

  g_set_error (error, VAE_ERROR, VAE_ERROR_PARAMETER,
      "a share of %g of the rows is to exceed the threshold; it must be above "
      "0 and below %g, the share that is above the level", q, 1 - level);
  return FALSE;
}

double
vae_pot_threshold_among (float *peaks, gsize n, float level, double probability)
{
  VaeGpd tail;

  if (probability >= 1)
    return level;
  if (!vae_gpd_fit (peaks, n, level, &tail))
    return vae_quantile (peaks, n, 1 - probability);
  return MIN (level + vae_gpd_excess (&tail, probability), G_MAXFLOAT);
}

gboolean
vae_pot_threshold (const float *scores, gsize n, double level, double q,
    double *threshold, GError ** error)
{
  VaePeaks peaks;

  if (!vae_peaks_init (&peaks, scores, n, level, error))
    return FALSE;
  const gboolean is_valid = vae_pot_check_q (q, level, error);
  if (is_valid)
    *threshold = vae_pot_threshold_among (peaks.peaks, peaks.n_peaks,
        peaks.level, q * peaks.n / peaks.n_peaks);
  vae_peaks_clear (&peaks);
  return is_valid;
}
