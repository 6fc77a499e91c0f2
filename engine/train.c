/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "train.h"
#include "calibration.h"
#include "trainer.h"

#include <string.h>

/* A PCA has at most so many components, as what a row costs goes with them, and as
 * few as keep this share of the variance. */
#define MOST_COMPONENTS 64
#define KEPT_VARIANCE 0.9

static gboolean
needs_pca (const VaeParams * params, const VaeModel * initial)
{
  return params->kind == VAE_KIND_PCA || params->kind == VAE_KIND_ENSEMBLE
      || (params->kind == VAE_KIND_VAE && params->loss == VAE_LOSS_GAUSSIAN
      && !initial);
}

gboolean
vae_train_fit_pca (const VaeParams * params, const VaeModel * initial,
    const VaeDataset * dataset, VaePca * pca, GCancellable * cancellable,
    GError ** error)
{
  *pca = (VaePca) {
  0};
  return !needs_pca (params, initial)
      || vae_pca_fit (pca, dataset, MOST_COMPONENTS, 1.0, cancellable, error);
}

/* How many of the components keep what is to be kept. */
static guint
count_kept (const VaePca * pca)
{
  double kept = 0;
  guint n = 0;

  while (n < pca->n && kept < KEPT_VARIANCE * pca->total)
    kept += pca->variance[n++];
  return MAX (n, MIN (pca->n, 1));
}

/* y = V'(V (x - mean)) + mean, with V [n][inputs] the components. */
static void
set_components (VaeDetector * detector, const VaePca * pca)
{
  const VaeLayer *encoder = &detector->net.layers[0];
  const VaeLayer *decoder = &detector->net.layers[1];
  float *weights = detector->weights;

  for (gsize k = 0; k < encoder->outputs; k++) {
    const float *u = pca->vectors + k * pca->inputs;
    double at_mean = 0;
    for (gsize i = 0; i < pca->inputs; i++) {
      weights[encoder->weight + k * encoder->inputs + i] = u[i];
      weights[decoder->weight + i * decoder->inputs + k] = u[i];
      at_mean += (double) u[i] * pca->mean[i];
    }
    weights[encoder->bias + k] = -at_mean;
  }
  for (gsize i = 0; i < pca->inputs; i++)
    weights[decoder->bias + i] = pca->mean[i];
}

static gboolean
train_network (VaeModel * model, const VaeModel * initial,
    const VaeDataset * dataset, const VaePca * pca, VaeLossSums * held_back,
    guint threads, VaeEpochFunc on_epoch, gpointer user_data,
    GCancellable * cancellable, GError ** error)
{
  const VaeParams params = vae_detector_params (&model->params,
      model->detectors[0].kind, 0);
  VaeTrainer *trainer = vae_trainer_new (&params, dataset,
      pca->n > 0 ? pca : NULL, initial ? initial->detectors[0].weights : NULL,
      threads, error);
  const gboolean is_trained = trainer && vae_trainer_execute (trainer, model,
      held_back, on_epoch, user_data, cancellable, error);

  vae_trainer_free (trainer);
  return is_trained;
}

/* A detector without a network, by k-means. */
static gboolean
train_nearest (VaeDetector * detector, const VaeParams * params,
    const VaeDataset * dataset, GCancellable * cancellable, GError ** error)
{
  vae_nearest_clear (&detector->nearest);
  return vae_nearest_fit (&detector->nearest, dataset, params->prototypes,
      params->seed, cancellable, error);
}

/* Everything but the calibration. */
static gboolean
train_detectors (VaeModel * model, const VaeModel * initial,
    const VaeDataset * dataset, const VaePca * pca, VaeLossSums * held_back,
    guint threads, VaeEpochFunc on_epoch, gpointer user_data,
    GCancellable * cancellable, GError ** error)
{
  model->summary.rows = dataset->n_train;
  for (guint i = 0; i < model->n_detectors; i++) {
    VaeDetector *detector = &model->detectors[i];
    if (detector->kind == VAE_KIND_PCA)
      set_components (detector, pca);
    else if (detector->kind == VAE_KIND_NEAREST
        && !train_nearest (detector, &model->params, dataset, cancellable,
            error))
      return FALSE;
    else if ((detector->kind == VAE_KIND_VAE || detector->kind == VAE_KIND_AE)
        && !train_network (model, initial, dataset, pca, held_back, threads,
            on_epoch, user_data, cancellable, error))
      return FALSE;
  }
  return TRUE;
}

VaeModel *
vae_train_on_dataset (const VaeParams * params, const VaeModel * initial,
    const VaeDataset * dataset, const VaePca * pca, const VaeRows * rows,
    VaeLossSums * held_back, float *scores, guint threads,
    VaeEpochFunc on_epoch, gpointer user_data, GCancellable * cancellable,
    GError ** error)
{
  const VaeSizes sizes = {.components = count_kept (pca),.prototypes = 0 };
  VaeModel *model = vae_model_new (params, sizes, error);
  if (!model)
    return NULL;

  vae_scaler_copy (&model->scaler, &dataset->scaler);
  if (train_detectors (model, initial, dataset, pca, held_back, threads,
          on_epoch, user_data, cancellable, error)
      && vae_calibrate (model, rows, dataset->first_held_back_row, scores,
          cancellable, error))
    return model;
  vae_model_unref (model);
  return NULL;
}

/* --- going on from a model ------------------------------------------------ */

static gboolean
refuse_initial (GError ** error, const char *field, const char *its,
    const char *asked)
{
  g_set_error (error, VAE_ERROR, VAE_ERROR_PARAMETER,
      "the initial model has %s %s, this training %s", field, its, asked);
  return FALSE;
}

static gboolean
check_same_name (const char *field, const char *its, const char *asked,
    GError ** error)
{
  return strcmp (its, asked) == 0 || refuse_initial (error, field, its, asked);
}

static gboolean
check_same_count (const char *field, guint its, guint asked, GError ** error)
{
  char its_text[16], asked_text[16];

  if (its == asked)
    return TRUE;
  g_snprintf (its_text, sizeof its_text, "%u", its);
  g_snprintf (asked_text, sizeof asked_text, "%u", asked);
  return refuse_initial (error, field, its_text, asked_text);
}

static gboolean
check_same_hidden (const VaeParams * its, const VaeParams * asked,
    GError ** error)
{
  if (!check_same_count ("hidden layers", its->n_hidden, asked->n_hidden,
          error))
    return FALSE;
  for (guint i = 0; i < its->n_hidden; i++)
    if (!check_same_count ("a hidden layer of", its->hidden[i],
            asked->hidden[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
check_has_network (VaeKind kind, GError ** error)
{
  if (kind == VAE_KIND_VAE || kind == VAE_KIND_AE || kind == VAE_KIND_ENSEMBLE)
    return TRUE;
  g_set_error (error, VAE_ERROR, VAE_ERROR_PARAMETER,
      "the initial model is of kind %s, which has no training to go on with",
      vae_kind_name (kind));
  return FALSE;
}

/* What the weights and the scaler mean is the same. */
gboolean
vae_train_check_from (const VaeModel * initial, const VaeParams * asked,
    GError ** error)
{
  const VaeParams *its = &initial->params;

  return check_same_name ("kind", vae_kind_name (its->kind),
      vae_kind_name (asked->kind), error)
      && check_has_network (its->kind, error)
      && check_same_count ("channels", its->channels, asked->channels, error)
      && check_same_count ("window", its->window, asked->window, error)
      && check_same_name ("loss", vae_loss_name (its->loss),
      vae_loss_name (asked->loss), error)
      && check_same_name ("activation", vae_activation_name (its->activation),
      vae_activation_name (asked->activation), error)
      && check_same_name ("scaler", vae_scaler_name (its->scaler),
      vae_scaler_name (asked->scaler), error)
      && check_same_hidden (its, asked, error)
      && (its->kind == VAE_KIND_AE || check_same_count ("latent-dim",
          its->latent_dim, asked->latent_dim, error));
}

/* --- training ------------------------------------------------------------- */

/* `initial` may be NULL. */
static VaeModel *
train (const VaeModel * initial, const VaeParams * params,
    const VaeRows * rows, guint threads, VaeEpochFunc on_epoch,
    gpointer user_data, GCancellable * cancellable, GError ** error)
{
  VaeModel *model = NULL;
  VaePca pca;

  VaeDataset *dataset = vae_dataset_new_scaled (params,
      initial ? &initial->scaler : NULL, rows, cancellable, error);
  if (!dataset)
    return NULL;
  if (vae_train_fit_pca (params, initial, dataset, &pca, cancellable, error)) {
    model = vae_train_on_dataset (params, initial, dataset, &pca, rows, NULL,
        NULL, threads > 0 ? threads : g_get_num_processors (), on_epoch,
        user_data, cancellable, error);
    vae_pca_clear (&pca);
  }
  vae_dataset_free (dataset);
  return model;
}

VaeModel *
vae_train (const VaeParams * params, const VaeRows * rows, guint threads,
    VaeEpochFunc on_epoch, gpointer user_data, GCancellable * cancellable,
    GError ** error)
{
  if (!vae_params_validate (params, error))
    return NULL;
  return train (NULL, params, rows, threads, on_epoch, user_data, cancellable,
      error);
}

VaeModel *
vae_train_from (const VaeModel * initial, const VaeParams * params,
    const VaeRows * rows, guint threads, VaeEpochFunc on_epoch,
    gpointer user_data, GCancellable * cancellable, GError ** error)
{
  if (!vae_params_validate (params, error)
      || !vae_train_check_from (initial, params, error))
    return NULL;
  return train (initial, params, rows, threads, on_epoch, user_data,
      cancellable, error);
}
