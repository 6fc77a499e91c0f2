/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Peaks over threshold: the score that a given share of normal rows
 * exceeds, also where that share is less than one of the rows that are
 * there (Siffer, Fouque, Termier & Largouet 2017, "Anomaly Detection in
 * Streams with Extreme Value Theory"). */

#pragma once

#include "vae.h"

G_BEGIN_DECLS

/* The paper's initial quantile: the tail is what the highest 2 % score. */
#define VAE_POT_LEVEL 0.98

/* Scores that are not finite are left out: what was not scored, or overflowed,
 * says nothing about what is usual. */
typedef struct
{
  float *scores;                /* [n], in any order */
  gsize n;
  float level;                  /* a quantile of them */
  float *peaks;                 /* [n_peaks], those above it, oldest first */
  gsize n_peaks;
} VaePeaks;

/* scores [n], in the order of the rows; `level` in (0, 1). VAE_ERROR_PARAMETER,
 * VAE_ERROR_DATA if no score is finite, VAE_ERROR_MEMORY. */
gboolean vae_peaks_init (VaePeaks * peaks, const float *scores, gsize n,
    double level, GError ** error);
void vae_peaks_clear (VaePeaks * peaks);

/* The threshold that a share q of rows like these exceeds (score >
 * threshold), q in (0, 1 - level): from the generalised Pareto distribution
 * of the peaks, or by linear interpolation between the peaks where fewer
 * than 10 of them differ. The level itself, if that many rows tie with it
 * that only a share of q or less is above; all scores being equal, it is
 * that score. At most G_MAXFLOAT. Errors as above. */
gboolean vae_pot_threshold (const float *scores, gsize n, double level,
    double q, double *threshold, GError ** error);

/* The threshold that a share `probability` of the peaks [n] exceeds: the
 * level for 1 and more, or if there are none. Reorders the peaks. */
double vae_pot_threshold_among (float *peaks, gsize n, float level,
    double probability);

/* Checks q for a level. VAE_ERROR_PARAMETER. */
gboolean vae_pot_check_q (double q, double level, GError ** error);

G_END_DECLS
