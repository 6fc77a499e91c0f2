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

/* The terms of the scores of the next rows, reconstruction and kl [n_rows], and
 * errors [n_rows][channels], which may be NULL. A row that is not scored is NaN
 * in all of them. */
void vae_scorer_terms (VaeScorer * scorer, const float *data, gsize n_rows,
    float *reconstruction, float *kl, float *errors);

G_END_DECLS
