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
static inline float
gaussian_kl (float mu, float logvar)
{
  return 0.5f * (mu * mu + vae_exp (logvar) - 1.f - logvar);
}

/* The observed squared error, and the number of observed cells, of n cells. */
static inline void
add_cells (const float *input, const float *reconstruction,
    const float *observed, gsize n, double *squared_error, double *cells)
{
  for (gsize i = 0; i < n; i++) {
    float e = (input[i] - reconstruction[i]) * observed[i];
    *squared_error += (double) e *e;
    *cells += observed[i];
  }
}

VAE_HOT void
vae_loss_add (const VaeOutputs * outputs, VaeRange lanes, VaeLossSums * sums,
    double *latent_kl)
{
  const gsize last_row = MAX (lanes.from, MIN (lanes.to, outputs->n_rows));
  double squared_error = 0, cells = 0;

  for (gsize k = 0; k < outputs->inputs; k++) {
    const gsize i = k * outputs->tile + lanes.from;
    add_cells (outputs->input + i, outputs->reconstruction + i,
        outputs->observed + i, lanes.to - lanes.from, &squared_error, &cells);
  }
  sums->squared_error += squared_error;
  sums->cells += cells;
  sums->rows += last_row - lanes.from;

  for (gsize k = 0; k < outputs->latents; k++) {
    const float *mu = outputs->mu + k * outputs->tile;
    const float *logvar = outputs->logvar + k * outputs->tile;
    double kl = 0;
    for (gsize r = lanes.from; r < last_row; r++)
      kl += gaussian_kl (mu[r], logvar[r]);
    sums->kl += kl;
    if (latent_kl)
      latent_kl[k] += kl;
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

double
vae_loss_value (const VaeLossSums * sums, gsize latents, double beta,
    double *reconstruction, double *kl)
{
  double mean_error = sums->cells > 0 ? sums->squared_error / sums->cells : 0;
  double mean_kl = latents > 0 ? sums->kl / (sums->rows * latents) : 0;

  if (reconstruction)
    *reconstruction = mean_error;
  if (kl)
    *kl = mean_kl;
  return mean_error + beta * mean_kl;
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
    const VaeLossSums * sums, double beta, float *restrict d_reconstruction,
    float *restrict d_mu, float *restrict d_logvar)
{
  const gsize last_row = MAX (lanes.from, MIN (lanes.to, outputs->n_rows));
  const float error_weight = sums->cells > 0 ? 2.0 / sums->cells : 0.0;
  const float kl_weight = beta / (sums->rows * outputs->latents);

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
