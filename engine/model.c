/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "model.h"

#include <math.h>

static void
vae_model_free (VaeModel * model)
{
  vae_floats_free (model->weights);
  vae_floats_free (model->channel_error);
  vae_scaler_clear (&model->scaler);
  g_free (model);
}

static gboolean
allocate_floats (VaeModel * model)
{
  model->weights = vae_floats_new (model->net.n_params);
  model->channel_error = vae_floats_new (model->params.channels);
  return model->weights && model->channel_error
      && vae_scaler_init (&model->scaler, model->params.channels);
}

VaeModel *
vae_model_new (const VaeParams * params, GError ** error)
{
  if (!vae_params_validate (params, error))
    return NULL;

  VaeModel *model = g_new0 (VaeModel, 1);
  g_atomic_ref_count_init (&model->ref_count);
  model->params = *params;
  model->summary.loss = NAN;
  model->summary.reconstruction = NAN;
  model->summary.kl = NAN;
  model->summary.validation_loss = NAN;
  vae_net_init (&model->net, params);

  if (!allocate_floats (model)) {
    g_set_error (error, VAE_ERROR, VAE_ERROR_MEMORY,
        "no memory for a model of %" G_GSIZE_FORMAT " weights",
        model->net.n_params);
    vae_model_free (model);
    return NULL;
  }
  return model;
}

VaeModel *
vae_model_ref (VaeModel * model)
{
  g_atomic_ref_count_inc (&model->ref_count);
  return model;
}

void
vae_model_unref (VaeModel * model)
{
  if (model && g_atomic_ref_count_dec (&model->ref_count))
    vae_model_free (model);
}

const VaeParams *
vae_model_params (const VaeModel * model)
{
  return &model->params;
}

const VaeSummary *
vae_model_summary (const VaeModel * model)
{
  return &model->summary;
}
