/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Which tensors a model file has, and where a model has them. */

#pragma once

#include "model.h"

G_BEGIN_DECLS

typedef enum
{
  VAE_ROLE_WEIGHT,              /* finite; has to be there */
  VAE_ROLE_OFFSET,              /* finite; with the scale or not at all */
  VAE_ROLE_SCALE,               /* finite and > 0 */
  VAE_ROLE_ERROR,               /* >= 0, infinite, or NaN: not known */
  VAE_ROLE_BASELINE,            /* finite, or NaN: not known */
  VAE_ROLE_LEVEL,               /* finite and >= 0, or NaN: not known */
  VAE_ROLE_THRESHOLD            /* anything, NaN being not known */
} VaeRole;

typedef struct
{
  char name[64];
  VaeRole role;
  gsize rows;                   /* of a matrix [rows][cols] or a vector [rows] */
  gsize cols;                   /* 0 for a vector */
  float *floats;                /* [rows][cols] of the model, or NULL */
} VaeModelTensor;

/* What stands before the names of a detector's tensors. */
const char *vae_model_tensor_prefix (VaeKind kind);

/* Room for any list: mu and logvar are two modules of one layer. */
#define VAE_MAX_MODEL_TENSORS \
    (VAE_MAX_DETECTORS * (2 * (VAE_MAX_LAYERS + 1) + 4) + 6)

/* The tensors of a model of such parameters and sizes, in their order; the floats
 * are those of `model`, if it is not NULL. Returns how many. */
guint vae_model_list_tensors (const VaeParams * params, VaeSizes sizes,
    VaeModel * model, VaeModelTensor list[VAE_MAX_MODEL_TENSORS]);

/* What training found the sizes of a model to be. */
VaeSizes vae_model_sizes (const VaeModel * model);

/* The index of the first of floats [n] that a tensor of this role can't have, or
 * n. */
gsize vae_role_find_forbidden (VaeRole role, const float *floats, gsize n);

G_END_DECLS
