/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Peaks over threshold on a stream: the threshold goes on learning from the
 * rows that it passes, and not from those that exceed it (SPOT of Siffer et
 * al. 2017, see pot.h). */

#pragma once

#include "pot.h"

G_BEGIN_DECLS

#define VAE_SPOT_PEAKS 512

/* What held-back rows say, which a model file can hold as one tensor. */
typedef struct
{
  float quantile;               /* the level as a quantile */
  float level;                  /* as a score: what is above is a peak */
  float rows;                   /* how many there were */
  float n_peaks;                /* how many of them were peaks */
  float peaks[VAE_SPOT_PEAKS];  /* all of them, or as many at random; what is
                                 * left is 0 */
} VaeSpotStart;

/* scores [n], in the order of the rows; see vae_peaks_init(), also for the
 * errors. */
gboolean vae_spot_start_init (VaeSpotStart * start, const float *scores,
    gsize n, double level, GError ** error);

/* Whether it may be used, wherever it is from. */
gboolean vae_spot_start_is_valid (const VaeSpotStart * start);

typedef struct _VaeSpot VaeSpot;

/* A threshold that a share q of normal rows exceeds. Copies `start`, which is
 * valid. VAE_ERROR_PARAMETER, see vae_pot_threshold(); VAE_ERROR_MEMORY. */
VaeSpot *vae_spot_new (const VaeSpotStart * start, double q, GError ** error);
void vae_spot_free (VaeSpot * spot);

/* Forgets the stream: back to what the held-back rows say. */
void vae_spot_reset (VaeSpot * spot);

/* The threshold for the next row: that of vae_pot_threshold() at first.
 * Where fewer than 10 of the held-back peaks differ, it is so for ever:
 * from so few, a tail that is not learned beyond the threshold would be
 * seen to end there. */
double vae_spot_threshold (const VaeSpot * spot);

/* Whether the next row, of this score, is an anomaly: score > threshold. If
 * not, it is learned. A score that is NaN or -infinity is neither.
 * Allocates nothing; a peak takes the time of a fit, less and less often as
 * the stream goes on. */
gboolean vae_spot_step (VaeSpot * spot, float score);

G_END_DECLS
