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
  for (guint i = 0; i < model->n_detectors; i++)
    vae_detector_clear (&model->detectors[i]);
  vae_scaler_clear (&model->scaler);
  g_free (model);
}

static guint
size_of (VaeKind kind, VaeSizes sizes)
{
  return kind == VAE_KIND_PCA ? sizes.components : sizes.prototypes;
}

static gboolean
init_parts (VaeModel * model, VaeSizes sizes)
{
  const VaeParams *params = &model->params;
  VaeKind kinds[VAE_MAX_DETECTORS];
  const guint n = vae_detector_kinds (params->kind, kinds);

  for (guint i = 0; i < n; i++) {
    if (!vae_detector_init (&model->detectors[i], kinds[i], params,
            size_of (kinds[i], sizes)))
      return FALSE;
    model->n_detectors++;
  }
  return vae_scaler_init (&model->scaler, params->channels, params->clip);
}

/* A structure that is all floats. */
static void
fill_unknown (gpointer floats, gsize size)
{
  for (gsize i = 0; i < size / sizeof (float); i++)
    ((float *) floats)[i] = NAN;
}

VaeModel *
vae_model_new (const VaeParams * params, VaeSizes sizes, GError ** error)
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
  for (guint i = 0; i < VAE_N_SCORES; i++)
    model->threshold[i] = NAN;
  fill_unknown (&model->tail, sizeof model->tail);
  fill_unknown (&model->spot, sizeof model->spot);

  if (!init_parts (model, sizes)) {
    g_set_error (error, VAE_ERROR, VAE_ERROR_MEMORY,
        "no memory for a model of window %u x channels %u", params->window,
        params->channels);
    vae_model_free (model);
    return NULL;
  }
  return model;
}

VaeDetector *
vae_model_find (VaeModel * model, VaeKind kind)
{
  for (guint i = 0; i < model->n_detectors; i++)
    if (model->detectors[i].kind == kind)
      return &model->detectors[i];
  return NULL;
}

gsize
vae_model_rows_before (const VaeModel * model)
{
  for (guint i = 0; i < model->n_detectors; i++)
    if (vae_detector_has_network (model->detectors[i].kind))
      return model->params.window - 1;
  return 0;
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

double
vae_model_threshold (const VaeModel * model, VaeScore score)
{
  const VaeScore resolved = vae_model_resolve_score (model, score);

  return (guint) resolved < VAE_N_SCORES ? model->threshold[resolved] : NAN;
}

VaeScore
vae_model_resolve_score (const VaeModel * model, VaeScore score)
{
  if (score != VAE_SCORE_AUTO)
    return score;
  if (model->params.loss == VAE_LOSS_GAUSSIAN
      || model->params.kind == VAE_KIND_ENSEMBLE)
    return VAE_SCORE_CALIBRATED;
  return model->params.kind == VAE_KIND_VAE
      ? VAE_SCORE_RECON_KL : VAE_SCORE_RECONSTRUCTION;
}
