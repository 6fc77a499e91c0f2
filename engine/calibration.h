/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What is usual for a model: how rows that it was not trained on score. */

#pragma once

#include "model.h"

G_BEGIN_DECLS

/* Fills in the channel errors and thresholds of the model from the rows from
 * `first_row` on (all of them, if it is n_rows), without those whose windows hold
 * a labelled row if it was trained without them. What no row tells is NaN. `scores`, if not NULL,
 * receives the VAE_SCORE_AUTO scores of those rows, labelled or not.
 * VAE_ERROR_MEMORY, VAE_ERROR_CANCELLED. */
gboolean vae_calibrate (VaeModel * model, const VaeRows * rows,
    gsize first_row, float *scores, GCancellable * cancellable,
    GError ** error);

G_END_DECLS
