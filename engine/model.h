/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What a trained model is. */

#pragma once

#include "net.h"
#include "scaler.h"

G_BEGIN_DECLS

#define VAE_N_SCORES 3          /* recon-kl, reconstruction, kl */

struct _VaeModel
{
  gatomicrefcount ref_count;
  VaeParams params;
  VaeNet net;
  float *weights;               /* [net.n_params] */
  VaeScalerFit scaler;
  /* How the held-back rows (without any, the training rows) scored: what is
   * usual, which a score can be compared with. */
  float *channel_error;         /* [channels], mean squared error, scaled axis */
  float threshold[VAE_N_SCORES];        /* 0.995 quantile of each score */
  VaeSummary summary;
};

/* A model with one reference, its scaler the identity, its weights and
 * calibration 0 and its summary unknown, for its maker to fill in. `params`
 * are checked: VAE_ERROR_PARAMETER, VAE_ERROR_MEMORY. */
VaeModel *vae_model_new (const VaeParams * params, GError ** error);

G_END_DECLS
