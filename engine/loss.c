/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "loss.h"
#include "exp.h"
#include "hot.h"

#include <math.h>

/* KL (N (mu, exp (logvar)) || N (0, 1)), Kingma & Welling 2014, appendix B */
VAE_INLINE float
gaussian_kl (float mu, float logvar)
{
  return 0.5f * (mu * mu + vae_exp (logvar) - 1.f - logvar);
}

/* Lanes whose sums are kept apart, to be vectors. */
#define LANES 64

/* The observed squared error, and the number of observed cells, of at most LANES
 * lanes. */
VAE_INLINE void
add_cells (const VaeOutputs * outputs, VaeRange lanes, VaeLossSums * sums)
{
  const gsize n = lanes.to - lanes.from;
  float squared_error[LANES] = { 0 }, cells[LANES] = { 0 };

  for (gsize k = 0; k < outputs->inputs; k++) {
    const gsize first = k * outputs->tile + lanes.from;
    const float *x = outputs->input + first;
    const float *y = outputs->reconstruction + first;
    const float *observed = outputs->observed + first;
    for (gsize r = 0; r < n; r++) {
      const float e = (x[r] - y[r]) * observed[r];
      squared_error[r] += e * e;
      cells[r] += observed[r];
    }
  }
  for (gsize r = 0; r < n; r++) {
    sums->squared_error += squared_error[r];
    sums->cells += cells[r];
  }
}

VAE_INLINE void
add_kl (const VaeOutputs * outputs, VaeRange rows, VaeLossSums * sums,
    double *latent_kl)
{
  const gsize n = rows.to - rows.from;

  for (gsize k = 0; k < outputs->latents; k++) {
    const float *mu = outputs->mu + k * outputs->tile + rows.from;
    const float *logvar = outputs->logvar + k * outputs->tile + rows.from;
    float kl[LANES];
    double sum = 0;
    for (gsize r = 0; r < n; r++)
      kl[r] = gaussian_kl (mu[r], logvar[r]);
    for (gsize r = 0; r < n; r++)
      sum += kl[r];
    sums->kl += sum;
    if (latent_kl)
      latent_kl[k] += sum;
  }
}

VAE_HOT void
vae_loss_add (const VaeOutputs * outputs, VaeRange lanes, VaeLossSums * sums,
    double *latent_kl)
{
  for (gsize from = lanes.from; from < lanes.to; from += LANES) {
    const gsize to = MIN (from + LANES, lanes.to);
    const gsize last_row = MAX (from, MIN (to, outputs->n_rows));

    add_cells (outputs, (VaeRange) {
        from, to}, sums);
    add_kl (outputs, (VaeRange) {
        from, last_row}, sums, latent_kl);
    sums->rows += last_row - from;
  }
}

void
vae_loss_sum (VaeLossSums * sums, const VaeLossSums * more)
{
  sums->squared_error += more->squared_error;
  sums->cells += more->cells;
  sums->kl += more->kl;
  sums->rows += more->rows;
}

VaeLossWeights
vae_loss_weights (VaeLoss loss, double beta, const VaeLossSums * sums,
    gsize latents)
{
  const double per_cell = sums->cells > 0 ? 1 / sums->cells : 0;
  const double per_latent = latents > 0 && sums->rows > 0
      ? 1 / (sums->rows * latents) : 0;

  if (loss == VAE_LOSS_SEED)
    return (VaeLossWeights) {
    per_cell, beta * per_latent};
  return (VaeLossWeights) {
  0.5 *per_cell, beta * per_cell};
}

double
vae_loss_value (VaeLoss loss, double beta, const VaeLossSums * sums,
    gsize latents, double *reconstruction, double *kl)
{
  const VaeLossWeights weights = vae_loss_weights (loss, beta, sums, latents);

  if (reconstruction)
    *reconstruction = sums->cells > 0 ? sums->squared_error / sums->cells : 0;
  if (kl)
    *kl = latents > 0 ? sums->kl / (sums->rows * latents) : 0;
  return weights.error * sums->squared_error + weights.kl * sums->kl;
}

double
vae_loss_elbo (const VaeLossSums * sums)
{
  const double pi = 3.14159265358979323846;
  /* A perfect reconstruction would have an infinite density; below this it
   * stops counting: float32's own error, squared. */
  const double least_variance = 1e-14;
  double variance = MAX (sums->squared_error / sums->cells, least_variance);
  double log_likelihood = -0.5 * sums->cells * (log (2 * pi * variance) + 1);

  return (log_likelihood - sums->kl) / sums->rows;
}

VAE_HOT void
vae_loss_gradient (const VaeOutputs * outputs, VaeRange lanes,
    const VaeLossWeights * weights, float *restrict d_reconstruction,
    float *restrict d_mu, float *restrict d_logvar)
{
  const gsize last_row = MAX (lanes.from, MIN (lanes.to, outputs->n_rows));
  const float error_weight = 2 * weights->error;
  const float kl_weight = weights->kl;

  for (gsize k = 0; k < outputs->inputs; k++) {
    const gsize row = k * outputs->tile;
    for (gsize i = row + lanes.from; i < row + lanes.to; i++)
      d_reconstruction[i] = error_weight * outputs->observed[i]
          * (outputs->reconstruction[i] - outputs->input[i]);
  }
  for (gsize k = 0; k < outputs->latents; k++) {
    const gsize row = k * outputs->tile;
    for (gsize i = row + lanes.from; i < row + last_row; i++) {
      d_mu[i] = kl_weight * outputs->mu[i];
      d_logvar[i] = kl_weight * 0.5f * (vae_exp (outputs->logvar[i]) - 1.f);
    }
    for (gsize i = row + last_row; i < row + lanes.to; i++)
      d_mu[i] = d_logvar[i] = 0.f;
  }
}
