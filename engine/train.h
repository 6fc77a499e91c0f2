/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* A whole training, from a dataset to a calibrated model. */

#pragma once

#include "dataset.h"
#include "loss.h"
#include "model.h"
#include "pca.h"

G_BEGIN_DECLS

/* The principal components that a training needs, if it does: else none. Errors as
 * vae_pca_fit(). */
gboolean vae_train_fit_pca (const VaeParams * params,
    const VaeModel * initial, const VaeDataset * dataset, VaePca * pca,
    GCancellable * cancellable, GError ** error);

/* As vae_train_from(), on a dataset made of the same rows and its components;
 * `initial` is NULL or fits. `held_back` and `scores`, if not NULL, receive how the
 * model does on the held-back rows (without any, on all): its loss sums, and the
 * scores of those rows, one each. */
VaeModel *vae_train_on_dataset (const VaeParams * params,
    const VaeModel * initial, const VaeDataset * dataset, const VaePca * pca, const VaeRows * rows,
    VaeLossSums * held_back, float *scores, guint threads,
    VaeEpochFunc on_epoch, gpointer user_data, GCancellable * cancellable,
    GError ** error);

G_END_DECLS
