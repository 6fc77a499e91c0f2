/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "train.h"
#include "calibration.h"
#include "trainer.h"

VaeModel *
vae_train_on_dataset (const VaeParams * params, const VaeDataset * dataset,
    const VaeRows * rows, VaeLossSums * held_back, float *scores, guint threads,
    VaeEpochFunc on_epoch, gpointer user_data, GCancellable * cancellable,
    GError ** error)
{
  VaeModel *model = vae_model_new (params, error);
  if (!model)
    return NULL;

  VaeTrainer *trainer = vae_trainer_new (params, dataset, threads, error);
  gboolean is_trained = trainer && vae_trainer_execute (trainer, model,
      held_back, on_epoch, user_data, cancellable, error);
  vae_trainer_free (trainer);

  if (is_trained) {
    vae_scaler_copy (&model->scaler, &dataset->scaler);
    is_trained = vae_calibrate (model, rows, dataset->first_held_back_row,
        scores, cancellable, error);
  }
  if (!is_trained)
    g_clear_pointer (&model, vae_model_unref);
  return model;
}

VaeModel *
vae_train (const VaeParams * params, const VaeRows * rows, guint threads,
    VaeEpochFunc on_epoch, gpointer user_data, GCancellable * cancellable,
    GError ** error)
{
  if (!vae_params_validate (params, error))
    return NULL;
  VaeDataset *dataset = vae_dataset_new (params, rows, cancellable, error);
  if (!dataset)
    return NULL;
  VaeModel *model = vae_train_on_dataset (params, dataset, rows, NULL, NULL,
      threads > 0 ? threads : g_get_num_processors (), on_epoch, user_data,
      cancellable, error);
  vae_dataset_free (dataset);
  return model;
}
