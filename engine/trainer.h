/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* One training: epochs of Adam steps over a dataset, and the best weights. */

#pragma once

#include "dataset.h"
#include "loss.h"
#include "model.h"
#include "pca.h"

G_BEGIN_DECLS

typedef struct _VaeTrainer VaeTrainer;

/* Trains the network of a vae or an ae. `dataset`, `pca` and `initial` stay the
 * caller's and outlive the trainer. Training begins with the weights `initial`, as
 * they lie in a network of the same parameters; where that is NULL, a VAE of
 * Gaussian loss begins with the principal components; and where these are NULL
 * too, it begins at random. Up to `threads` threads share the work of a step, if it
 * is enough for them; the result does not depend on their number.
 * VAE_ERROR_MEMORY. */
VaeTrainer *vae_trainer_new (const VaeParams * params,
    const VaeDataset * dataset, const VaePca * pca, const float *initial,
    guint threads, GError ** error);
void vae_trainer_free (VaeTrainer * trainer);

/* Trains, filling in the weights of the first detector and the summary of `model`,
 * which was made of the same parameters. `held_back`, if not NULL, receives the
 * loss sums of the held-back windows (without any, of the training windows) under
 * those weights, at z = mu. Errors as vae_train(). */
gboolean vae_trainer_execute (VaeTrainer * trainer, VaeModel * model,
    VaeLossSums * held_back, VaeEpochFunc on_epoch, gpointer user_data,
    GCancellable * cancellable, GError ** error);

G_END_DECLS
