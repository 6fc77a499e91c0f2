/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "modeltensors.h"

#include <math.h>

/* A list in the making. */
typedef struct
{
  VaeModelTensor *list;
  guint n;
  const char *prefix;
} Lister;

const char *
vae_model_tensor_prefix (VaeKind kind)
{
  switch (kind) {
    case VAE_KIND_PCA:
      return "pca.";
    case VAE_KIND_NORM:
      return "norm.";
    case VAE_KIND_NEAREST:
      return "nearest.";
    default:                   /* the names that PyTorch gives */
      return "";
  }
}

static void
add (Lister * lister, const char *name, VaeRole role, gsize rows, gsize cols,
    float *floats)
{
  VaeModelTensor *tensor = &lister->list[lister->n++];

  *tensor = (VaeModelTensor) {
  .role = role,.rows = rows,.cols = cols,.floats = floats};
  g_snprintf (tensor->name, sizeof tensor->name, "%s%s", lister->prefix, name);
}

static void
add_network (Lister * lister, const VaeParams * params, float *weights)
{
  VaeTensor tensor;
  VaeNet net;

  vae_net_init (&net, params);
  for (guint i = 0; i < vae_net_n_tensors (&net); i++) {
    vae_net_tensor (&net, i, &tensor);
    add (lister, tensor.name, VAE_ROLE_WEIGHT, tensor.rows, tensor.cols,
        weights ? weights + tensor.offset : NULL);
  }
}

static void
add_detector (Lister * lister, VaeKind kind, const VaeParams * params,
    VaeSizes sizes, const VaeDetector * detector)
{
  const VaeUsual *usual = detector ? &detector->usual : NULL;
  const VaeParams own = vae_detector_params (params, kind, sizes.components);
  const guint channels = params->channels;

  lister->prefix = vae_model_tensor_prefix (kind);
  if (vae_detector_has_network (kind))
    add_network (lister, &own, detector ? detector->weights : NULL);
  if (kind == VAE_KIND_NEAREST)
    add (lister, "prototypes", VAE_ROLE_WEIGHT, sizes.prototypes, channels,
        detector ? detector->nearest.prototypes : NULL);
  add (lister, "calibration.channel_error", VAE_ROLE_ERROR, channels, 0,
      usual ? usual->error : NULL);
  add (lister, "calibration.baseline", VAE_ROLE_BASELINE, channels, 0,
      usual ? usual->baseline : NULL);
  add (lister, "calibration.drift_error", VAE_ROLE_ERROR, channels, 0,
      usual ? usual->drift_error : NULL);
  add (lister, "calibration.levels", VAE_ROLE_LEVEL, VAE_N_LEVELS, 0,
      usual ? (float *) usual->levels : NULL);
}

guint
vae_model_list_tensors (const VaeParams * params, VaeSizes sizes,
    VaeModel * model, VaeModelTensor list[VAE_MAX_MODEL_TENSORS])
{
  VaeKind kinds[VAE_MAX_DETECTORS];
  const guint n_detectors = vae_detector_kinds (params->kind, kinds);
  Lister lister = { list, 0, "" };

  for (guint i = 0; i < n_detectors; i++)
    add_detector (&lister, kinds[i], params, sizes,
        model ? &model->detectors[i] : NULL);

  lister.prefix = "";
  add (&lister, "scaler.offset", VAE_ROLE_OFFSET, params->channels, 0,
      model ? model->scaler.offset : NULL);
  add (&lister, "scaler.scale", VAE_ROLE_SCALE, params->channels, 0,
      model ? model->scaler.scale : NULL);
  add (&lister, "threshold", VAE_ROLE_THRESHOLD, 3, 0,
      model ? model->threshold + VAE_SCORE_RECON_KL : NULL);
  add (&lister, "calibration.threshold", VAE_ROLE_THRESHOLD, 3, 0,
      model ? model->threshold + VAE_SCORE_CALIBRATED : NULL);
  add (&lister, "calibration.tail", VAE_ROLE_THRESHOLD,
      sizeof (VaeTail) / sizeof (float), 0,
      model ? (float *) &model->tail : NULL);
  add (&lister, "calibration.spot", VAE_ROLE_THRESHOLD,
      sizeof (VaeSpotStart) / sizeof (float), 0,
      model ? (float *) &model->spot : NULL);
  return lister.n;
}

VaeSizes
vae_model_sizes (const VaeModel * model)
{
  VaeSizes sizes = { 0, 0 };

  for (guint i = 0; i < model->n_detectors; i++) {
    const VaeDetector *detector = &model->detectors[i];
    if (detector->kind == VAE_KIND_PCA)
      sizes.components = detector->net.layers[0].outputs;
    if (detector->kind == VAE_KIND_NEAREST)
      sizes.prototypes = detector->nearest.n;
  }
  return sizes;
}

static gboolean
is_allowed (VaeRole role, float value)
{
  switch (role) {
    case VAE_ROLE_WEIGHT:
    case VAE_ROLE_OFFSET:
      return isfinite (value);
    case VAE_ROLE_SCALE:
      return isfinite (value) && value > 0;
    case VAE_ROLE_ERROR:
      return !(value < 0);
    case VAE_ROLE_BASELINE:
      return !isinf (value);
    case VAE_ROLE_LEVEL:
      return !isinf (value) && !(value < 0);
    case VAE_ROLE_THRESHOLD:
      break;
  }
  return TRUE;
}

gsize
vae_role_find_forbidden (VaeRole role, const float *floats, gsize n)
{
  gsize k = 0;

  while (k < n && is_allowed (role, floats[k]))
    k++;
  return k;
}
