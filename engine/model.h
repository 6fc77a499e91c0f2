/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What a trained model is. */

#pragma once

#include "detector.h"
#include "scaler.h"
#include "spot.h"
#include "tail.h"

G_BEGIN_DECLS

#define VAE_N_SCORES (VAE_SCORE_KL + 1)

struct _VaeModel
{
  gatomicrefcount ref_count;
  VaeParams params;
  VaeScalerFit scaler;
  guint n_detectors;
  VaeDetector detectors[VAE_MAX_DETECTORS];
  float threshold[VAE_N_SCORES];        /* by VaeScore; NaN = not known */
  /* Of what VAE_SCORE_AUTO stands for; NaN = not known: */
  VaeTail tail;
  VaeSpotStart spot;
  VaeSummary summary;
};

/* How large what training finds out the size of is; 0 where it is not there. */
typedef struct
{
  guint components;
  guint prototypes;
} VaeSizes;

/* A model with one reference, its scaler the identity, its weights 0, its
 * calibration and summary unknown, for its maker to fill in. `params` are checked:
 * VAE_ERROR_PARAMETER, VAE_ERROR_MEMORY. */
VaeModel *vae_model_new (const VaeParams * params, VaeSizes sizes,
    GError ** error);

/* What VAE_SCORE_AUTO stands for; another score stays what it is. */
VaeScore vae_model_resolve_score (const VaeModel * model, VaeScore score);

/* The detector of a kind, or NULL. */
VaeDetector *vae_model_find (VaeModel * model, VaeKind kind);

/* The scaled rows before one that it is scored with. */
gsize vae_model_rows_before (const VaeModel * model);

G_END_DECLS
