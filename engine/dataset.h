/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* A series made ready for training: scaled, cut into windows, and split in time
 * into training and held-back ones. Never changes once made: any number of
 * trainings may share it. */

#pragma once

#include "scaler.h"

G_BEGIN_DECLS

typedef struct
{
  guint channels;
  guint window;
  VaeScalerFit scaler;          /* fitted on the training rows */
  float *scaled;                /* [rows][channels], NaN = missing; of
                                 * vae_floats_new() */
  gsize *train;                 /* [n_train], the last row of each window */
  gsize n_train;
  gsize *held_back;             /* [n_held_back], likewise; no window shares a
                                 * row with a training one */
  gsize n_held_back;
  gsize first_held_back_row;    /* rows, if none is held back */
} VaeDataset;

/* The parameters are valid. Windows do not span breaks, and have an observed
 * cell. `cancellable` may be NULL. VAE_ERROR_DATA if there are fewer than two
 * windows to train on, or rows are to be held back and none can be;
 * VAE_ERROR_MEMORY, _CANCELLED. */
VaeDataset *vae_dataset_new (const VaeParams * params, const VaeRows * rows,
    GCancellable * cancellable, GError ** error);

/* The same with the offsets and scales of `scaler`, which stays the caller's,
 * instead of fitted ones; NULL = fitted ones. */
VaeDataset *vae_dataset_new_scaled (const VaeParams * params,
    const VaeScalerFit * scaler, const VaeRows * rows,
    GCancellable * cancellable, GError ** error);
void vae_dataset_free (VaeDataset * dataset);

G_END_DECLS
