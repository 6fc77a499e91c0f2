/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What tells how a row should have been: a model has one, or the three of an
 * ensemble. */

#pragma once

#include "deviation.h"
#include "nearest.h"
#include "net.h"

G_BEGIN_DECLS

typedef struct
{
  VaeKind kind;                 /* not VAE_KIND_ENSEMBLE */
  VaeNet net;                   /* vae, ae and pca; else without layers */
  float *weights;               /* [net.n_params] */
  VaeNearest nearest;           /* nearest; for norm, without prototypes */
  VaeUsual usual;
} VaeDetector;

/* The detectors of a model of such parameters, in the order in which it has them;
 * kinds [VAE_MAX_DETECTORS]. Returns how many. */
#define VAE_MAX_DETECTORS VAE_MAX_JURY
guint vae_detector_kinds (VaeKind kind, VaeKind * kinds);

static inline gboolean
vae_detector_has_network (VaeKind kind)
{
  return kind == VAE_KIND_VAE || kind == VAE_KIND_AE || kind == VAE_KIND_PCA;
}

/* Whether a model of this kind has a VAE, its first detector then, and so a KL. */
static inline gboolean
vae_kind_has_latents (VaeKind kind)
{
  return kind == VAE_KIND_VAE || kind == VAE_KIND_ENSEMBLE;
}

/* A detector with weights of 0 and nothing known. `size` is the number of
 * components of a pca, of prototypes of a nearest, else of no meaning. `params`
 * are those of the model. FALSE if there is no memory. */
gboolean vae_detector_init (VaeDetector * detector, VaeKind kind,
    const VaeParams * params, guint size);
void vae_detector_clear (VaeDetector * detector);

/* The parameters of its network. */
VaeParams vae_detector_params (const VaeParams * params, VaeKind kind,
    guint size);

G_END_DECLS
