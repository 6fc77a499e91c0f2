/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "detector.h"

guint
vae_detector_kinds (VaeKind kind, VaeKind * kinds)
{
  if (kind != VAE_KIND_ENSEMBLE) {
    kinds[0] = kind;
    return 1;
  }
  kinds[0] = VAE_KIND_VAE;
  kinds[1] = VAE_KIND_PCA;
  kinds[2] = VAE_KIND_NEAREST;
  return 3;
}

VaeParams
vae_detector_params (const VaeParams * params, VaeKind kind, guint size)
{
  VaeParams own = *params;

  own.kind = kind;
  if (kind == VAE_KIND_PCA)
    own.latent_dim = size;
  return own;
}

static gboolean
init_network (VaeDetector * detector, const VaeParams * params, guint size)
{
  const VaeParams own = vae_detector_params (params, detector->kind, size);

  vae_net_init (&detector->net, &own);
  detector->weights = vae_floats_new (detector->net.n_params);
  return detector->weights != NULL;
}

gboolean
vae_detector_init (VaeDetector * detector, VaeKind kind,
    const VaeParams * params, guint size)
{
  *detector = (VaeDetector) {
  .kind = kind};

  const gboolean is_there = vae_detector_has_network (kind)
      ? init_network (detector, params, size)
      : vae_nearest_init (&detector->nearest, params->channels,
      kind == VAE_KIND_NEAREST ? size : 0);
  if (is_there && vae_usual_init (&detector->usual, params->channels))
    return TRUE;
  vae_detector_clear (detector);
  return FALSE;
}

void
vae_detector_clear (VaeDetector * detector)
{
  g_clear_pointer (&detector->weights, vae_floats_free);
  vae_nearest_clear (&detector->nearest);
  vae_usual_clear (&detector->usual);
}
