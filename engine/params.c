/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "vae.h"

#include <math.h>
#include <string.h>

GQuark
vae_error_quark (void)
{
  return g_quark_from_static_string ("vae-error-quark");
}

static const char *const kind_names[] = {
  [VAE_KIND_VAE] = "vae",
  [VAE_KIND_AE] = "ae",
  [VAE_KIND_PCA] = "pca",
  [VAE_KIND_NORM] = "norm",
  [VAE_KIND_NEAREST] = "nearest",
  [VAE_KIND_ENSEMBLE] = "ensemble",
};

static const char *const activation_names[] = {
  [VAE_ACTIVATION_RELU] = "relu",
  [VAE_ACTIVATION_TANH] = "tanh",
  [VAE_ACTIVATION_IDENTITY] = "identity",
};

static const char *const loss_names[] = {
  [VAE_LOSS_GAUSSIAN] = "gaussian",
  [VAE_LOSS_SEED] = "seed",
};

static const char *const scaler_names[] = {
  [VAE_SCALER_NONE] = "none",
  [VAE_SCALER_STANDARD] = "standard",
  [VAE_SCALER_ROBUST] = "robust",
};

static const char *const score_names[] = {
  [VAE_SCORE_AUTO] = "auto",
  [VAE_SCORE_CALIBRATED] = "calibrated",
  [VAE_SCORE_UNSMOOTHED] = "unsmoothed",
  [VAE_SCORE_RARITY] = "rarity",
  [VAE_SCORE_RECON_KL] = "recon-kl",
  [VAE_SCORE_RECONSTRUCTION] = "reconstruction",
  [VAE_SCORE_KL] = "kl",
};

static const char *const threshold_names[] = {
  [VAE_THRESHOLD_QUANTILE] = "quantile",
  [VAE_THRESHOLD_POT] = "pot",
  [VAE_THRESHOLD_SPOT] = "spot",
};

static const char *
name_of (const char *const *names, gsize n_names, guint value)
{
  return value < n_names ? names[value] : NULL;
}

static int
value_of (const char *const *names, gsize n_names, const char *name)
{
  for (gsize i = 0; i < n_names; i++)
    if (g_strcmp0 (names[i], name) == 0)
      return (int) i;
  return -1;
}

#define NAME_OF(names, value) \
    name_of (names, G_N_ELEMENTS (names), (guint) (value))
#define VALUE_OF(names, name) value_of (names, G_N_ELEMENTS (names), name)

const char *
vae_kind_name (VaeKind kind)
{
  return NAME_OF (kind_names, kind);
}

int
vae_kind_from_name (const char *name)
{
  return VALUE_OF (kind_names, name);
}

const char *
vae_activation_name (VaeActivation activation)
{
  return NAME_OF (activation_names, activation);
}

int
vae_activation_from_name (const char *name)
{
  return VALUE_OF (activation_names, name);
}

const char *
vae_loss_name (VaeLoss loss)
{
  return NAME_OF (loss_names, loss);
}

int
vae_loss_from_name (const char *name)
{
  return VALUE_OF (loss_names, name);
}

const char *
vae_scaler_name (VaeScaler scaler)
{
  return NAME_OF (scaler_names, scaler);
}

int
vae_scaler_from_name (const char *name)
{
  return VALUE_OF (scaler_names, name);
}

const char *
vae_score_name (VaeScore score)
{
  return NAME_OF (score_names, score);
}

int
vae_score_from_name (const char *name)
{
  return VALUE_OF (score_names, name);
}

const char *
vae_threshold_name (VaeThreshold threshold)
{
  return NAME_OF (threshold_names, threshold);
}

int
vae_threshold_from_name (const char *name)
{
  return VALUE_OF (threshold_names, name);
}

void
vae_params_init (VaeParams * params)
{
  memset (params, 0, sizeof *params);
  params->kind = VAE_KIND_ENSEMBLE;
  params->activation = VAE_ACTIVATION_RELU;
  params->loss = VAE_LOSS_GAUSSIAN;
  params->scaler = VAE_SCALER_STANDARD;
  params->clip = 8.0;
  params->window = 16;
  params->n_hidden = 2;
  params->hidden[0] = 128;
  params->hidden[1] = 64;
  params->latent_dim = 32;
  params->beta = 0.3;
  params->prototypes = 500;
  params->learning_rate = 1e-3;
  params->batch_size = 128;
  params->epochs = 10;
  params->validation = 0.2;
  params->patience = 2;
  params->drift = 1000;
  params->quantile = 0.995;
}

void
vae_params_init_seed (VaeParams * params)
{
  vae_params_init (params);
  params->kind = VAE_KIND_VAE;
  params->loss = VAE_LOSS_SEED;
  params->clip = 0.0;
  params->window = 1;
  params->hidden[0] = 64;
  params->hidden[1] = 32;
  params->latent_dim = 3;
  params->beta = 2.0;
  params->batch_size = 64;
  params->epochs = 50;
  params->patience = 0;
}

static gboolean
check_name (const char *field, guint value, const char *name, GError ** error)
{
  if (name)
    return TRUE;
  g_set_error (error, VAE_ERROR, VAE_ERROR_PARAMETER,
      "%s is %u, which is none of its values", field, value);
  return FALSE;
}

static gboolean
check_count (const char *field, guint value, guint min, guint max,
    GError ** error)
{
  if (value >= min && value <= max)
    return TRUE;
  g_set_error (error, VAE_ERROR, VAE_ERROR_PARAMETER,
      "%s is %u, it must be from %u to %u", field, value, min, max);
  return FALSE;
}

static gboolean
check_hidden (const VaeParams * params, GError ** error)
{
  if (params->n_hidden > VAE_MAX_HIDDEN) {
    g_set_error (error, VAE_ERROR, VAE_ERROR_PARAMETER,
        "hidden has %u layers, at most %u are allowed", params->n_hidden,
        VAE_MAX_HIDDEN);
    return FALSE;
  }
  if (params->kind == VAE_KIND_AE && params->n_hidden == 0) {
    g_set_error (error, VAE_ERROR, VAE_ERROR_PARAMETER,
        "hidden has no layer, an auto-encoder needs at least one: its code");
    return FALSE;
  }
  for (guint i = 0; i < params->n_hidden; i++)
    if (!check_count ("a layer of hidden", params->hidden[i], 1, VAE_MAX_UNITS,
            error))
      return FALSE;
  return TRUE;
}

/* NaN is in no range. */
static gboolean
check_real (const char *field, double value, gboolean in_range,
    const char *range, GError ** error)
{
  if (in_range && isfinite (value))
    return TRUE;
  g_set_error (error, VAE_ERROR, VAE_ERROR_PARAMETER,
      "%s is %g, it must be %s", field, value, range);
  return FALSE;
}

/* The peaks that pot and spot look at are the highest 2 %. */
static gboolean
check_quantile (const VaeParams * params, GError ** error)
{
  const gboolean by_peaks = params->threshold != VAE_THRESHOLD_QUANTILE;

  return check_real ("quantile", params->quantile, params->quantile < 1
      && (by_peaks ? params->quantile > 0.98 : params->quantile >= 0.5),
      by_peaks ? "above 0.98 and below 1 for pot and spot"
      : "from 0.5 to below 1", error);
}

static gboolean
has_network (const VaeParams * params)
{
  return params->kind == VAE_KIND_VAE || params->kind == VAE_KIND_AE
      || params->kind == VAE_KIND_ENSEMBLE;
}

/* Weights and biases. The fields are within their ranges, so a layer has at
 * most (2^32 + 1) 2^17 of them, and the sum of all layers fits into 64 bits. */
static guint64
count_weights (const VaeParams * params)
{
  guint64 inputs = (guint64) params->window * params->channels;
  guint64 outer = inputs;
  guint64 count = 0;

  if (!has_network (params))
    return 0;
  for (guint i = 0; i < params->n_hidden; i++) {
    guint64 inner = params->hidden[i];
    count += (outer + 1) * inner + (inner + 1) * outer;
    outer = inner;
  }
  if (params->kind != VAE_KIND_AE) {
    guint64 latents = params->latent_dim;
    count += 2 * (outer + 1) * latents + (latents + 1) * outer;
    if (params->loss == VAE_LOSS_GAUSSIAN && params->n_hidden > 0)
      count += 3 * latents * inputs;    /* see net.h */
  }
  return count;
}

static gboolean
check_size (const VaeParams * params, GError ** error)
{
  guint64 count = count_weights (params);

  if (count <= VAE_MAX_PARAMETERS)
    return TRUE;
  g_set_error (error, VAE_ERROR, VAE_ERROR_PARAMETER,
      "a network over window %u x channels %u would have %" G_GUINT64_FORMAT
      " weights, at most %u are allowed: make window or hidden smaller",
      params->window, params->channels, count, VAE_MAX_PARAMETERS);
  return FALSE;
}

gboolean
vae_params_validate (const VaeParams * params, GError ** error)
{
  return check_name ("kind", params->kind, vae_kind_name (params->kind), error)
      && check_name ("activation", params->activation,
      vae_activation_name (params->activation), error)
      && check_name ("loss", params->loss, vae_loss_name (params->loss), error)
      && check_name ("scaler", params->scaler,
      vae_scaler_name (params->scaler), error)
      && check_real ("clip", params->clip, params->clip >= 0,
      "above 0, or 0 for none", error)
      && check_count ("channels", params->channels, 1, VAE_MAX_CHANNELS, error)
      && check_count ("window", params->window, 1, VAE_MAX_WINDOW, error)
      && check_hidden (params, error)
      && check_count ("latent-dim", params->latent_dim, 1, VAE_MAX_LATENT,
      error)
      && check_real ("beta", params->beta, params->beta >= 0,
      "0 or above", error)
      && check_count ("prototypes", params->prototypes, 1, VAE_MAX_PROTOTYPES,
      error)
      && check_real ("learning-rate", params->learning_rate,
      params->learning_rate > 0, "above 0", error)
      && check_count ("batch-size", params->batch_size, 1, VAE_MAX_BATCH, error)
      && check_count ("epochs", params->epochs, 1, G_MAXUINT, error)
      && check_real ("validation", params->validation,
      params->validation >= 0 && params->validation <= 0.9, "from 0 to 0.9",
      error)
      && check_count ("smoothing", params->smoothing, 0, VAE_MAX_SMOOTHING,
      error)
      && check_count ("drift", params->drift, 0, VAE_MAX_SMOOTHING, error)
      && check_name ("threshold", params->threshold,
      vae_threshold_name (params->threshold), error)
      && check_quantile (params, error)
      && check_size (params, error);
}
