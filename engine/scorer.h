/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What vae_scorer_execute() is made of. */

#pragma once

#include "model.h"

G_BEGIN_DECLS

/* Rows per tile when scoring. */
#define VAE_SCORE_TILE 64

/* A scorer of a model that is not calibrated yet, for the next function only. */
VaeScorer *vae_scorer_new_uncalibrated (VaeModel * model, GError ** error);

/* What the next rows come to, for calibration: the terms of the first detector's
 * scores, reconstruction and kl [n_rows], and the residuals of each detector,
 * residuals[i] [n_rows][vae_usual_stride (channels)]. What is not known is NaN. */
void vae_scorer_measure (VaeScorer * scorer, const float *data, gsize n_rows,
    float *reconstruction, float *kl, float *const *residuals);

G_END_DECLS
