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

G_BEGIN_DECLS

/* As vae_train(), on a dataset made of the same rows. `held_back` and `scores`,
 * if not NULL, receive how the model does on the held-back rows (without any, on
 * all): its loss sums, and the scores of those rows, one each. */
VaeModel *vae_train_on_dataset (const VaeParams * params,
    const VaeDataset * dataset, const VaeRows * rows, VaeLossSums * held_back,
    float *scores, guint threads, VaeEpochFunc on_epoch, gpointer user_data,
    GCancellable * cancellable, GError ** error);

G_END_DECLS
