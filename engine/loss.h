/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Losses of a tile of rows, and their gradients at the network's outputs. */

#pragma once

#include "range.h"
#include "vae.h"

G_BEGIN_DECLS

/* A tile on its way out of a network. Lanes from n_rows on are padding. */
typedef struct
{
  gsize tile;
  gsize n_rows;
  gsize inputs;
  gsize latents;                /* 0 if it is not variational */
  const float *input;           /* [inputs][tile] */
  const float *observed;        /* [inputs][tile], 1 where the cell is there, 0
                                 * where it is missing or padding */
  const float *reconstruction;  /* [inputs][tile] */
  const float *mu;              /* [latents][tile] */
  const float *logvar;          /* [latents][tile] */
} VaeOutputs;

/* What losses are made of, summed over any number of tiles. */
typedef struct
{
  double squared_error;         /* over the observed cells */
  double cells;                 /* how many those are */
  double kl;                    /* over rows and latents, in nats */
  double rows;
} VaeLossSums;

/* Adds what a range of lanes is good for to `sums`, and the KL of each latent,
 * summed over rows, to latent_kl [latents] unless it is NULL. */
void vae_loss_add (const VaeOutputs * outputs, VaeRange lanes,
    VaeLossSums * sums, double *latent_kl);

/* sums += more */
void vae_loss_sum (VaeLossSums * sums, const VaeLossSums * more);

/* What a loss makes of the sums: error_weight * squared_error + kl_weight * kl. */
typedef struct
{
  double error;
  double kl;
} VaeLossWeights;

/* The weights that a loss gives to the sums of a batch, see VaeLoss. */
VaeLossWeights vae_loss_weights (VaeLoss loss, double beta,
    const VaeLossSums * sums, gsize latents);

/* The loss of a batch. `reconstruction`, the mean squared error of the observed
 * cells, and `kl`, the mean over rows and latents in nats, may be NULL. */
double vae_loss_value (VaeLoss loss, double beta, const VaeLossSums * sums,
    gsize latents, double *reconstruction, double *kl);

/* The ELBO in nats per row, of a Gaussian decoder of one variance for all cells
 * at its maximum-likelihood value, the mean squared error: -(D/2) (ln (2 pi mse)
 * + 1) - KL, D being the observed cells of a row (Rybkin, Daniilidis & Levine
 * 2021, "optimal sigma-VAE"). */
double vae_loss_elbo (const VaeLossSums * sums);

/* The gradients of a tile's loss, shaped as the outputs, in a range of lanes; d_mu
 * and d_logvar are unused without latents. Padding and missing cells get 0. The
 * weights are those of the whole tile's sums. */
void vae_loss_gradient (const VaeOutputs * outputs, VaeRange lanes,
    const VaeLossWeights * weights, float *d_reconstruction, float *d_mu,
    float *d_logvar);

G_END_DECLS
