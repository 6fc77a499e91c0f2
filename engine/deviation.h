/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/*
 * How far a detector's errors are from what is usual: what the calibrated score is
 * made of.
 *
 * A residual is a row minus what the detector takes it to be, on the scaled axis.
 * The deviation of a row is the mean over its observed channels of
 *
 *   min (residual^2 / (usual squared residual + 0.01), 300)
 *
 * once as it is, and once after a baseline that follows the residual slowly has
 * been taken from it. Both are smoothed by exponential moving averages of several
 * lengths and compared with their usual level; the geometric mean of these ratios
 * is what a detector has to say. docs/accuracy.md tells where the numbers
 * come from.
 */

#pragma once

#include "vae.h"

G_BEGIN_DECLS

typedef enum
{
  VAE_LEVEL_AS_IT_IS,           /* mean deviation */
  VAE_LEVEL_LESS_BASELINE,      /* the same less the baseline */
  VAE_LEVEL_GATE,               /* such a deviation above this does not move the
                                 * baseline */
  VAE_N_LEVELS
} VaeLevel;

/* What is usual, found on rows that the detector was not trained on. */
typedef struct
{
  guint channels;
  float *error;                 /* [channels], mean squared residual; NaN for a
                                 * channel that was never there */
  float *baseline;              /* [channels], mean residual, likewise */
  float *drift_error;           /* [channels], mean squared residual less the
                                 * followed baseline, likewise */
  float levels[VAE_N_LEVELS];   /* NaN = not known */
} VaeUsual;

#define VAE_MAX_JURY 3

/* Nothing is known. FALSE if there is no memory. */
gboolean vae_usual_init (VaeUsual * usual, guint channels);
void vae_usual_clear (VaeUsual * usual);

/* Floats from one row of residuals to the next: whole cache lines. */
gsize vae_usual_stride (guint channels);

/* Finds out from residuals [n][stride], NaN where nothing is; `restarts` [n] is 1
 * where the stream begins anew, `counts` [n] 1
 * for a row that is looked at: the others might as well not be there.
 * VAE_ERROR_MEMORY. */
gboolean vae_usual_fit (VaeUsual * usual, const VaeParams * params,
    const float *residuals, const guint8 * restarts, const guint8 * counts,
    gsize n, GError ** error);

/* Where a stream of residuals stands. */
typedef struct _VaeDeviation VaeDeviation;

/* `usual` stays the caller's and is known. `smooths` = FALSE is for the score of
 * single rows. NULL if there is no memory. */
VaeDeviation *vae_deviation_new (const VaeUsual * usual,
    const VaeParams * params, gboolean smooths);
void vae_deviation_free (VaeDeviation * deviation);
void vae_deviation_reset (VaeDeviation * deviation);

/* The logarithm of how many times the usual level the next row is at; NaN if
 * nothing of it is observed. */
double vae_deviation_step (VaeDeviation * deviation, const float *residual);

/* Several detectors on the same rows. */
typedef struct
{
  guint n;
  VaeDeviation *members[VAE_MAX_JURY];
} VaeJury;

/* A jury without members; they are added one by one. FALSE if there is no
 * memory. */
gboolean vae_jury_add (VaeJury * jury, const VaeUsual * usual,
    const VaeParams * params, gboolean smooths);
void vae_jury_clear (VaeJury * jury);
void vae_jury_reset (VaeJury * jury);

/* The calibrated score of the next row: the geometric mean of what the members say
 * to residuals[i] [stride], each its own. NaN if nothing of it is observed. */
float vae_jury_step (VaeJury * jury, const float *const *residuals);

/* What the cells of that row had to do with it: contributions [channels]. */
void vae_jury_blame (const VaeJury * jury, guint channels,
    float *contributions);

G_END_DECLS
