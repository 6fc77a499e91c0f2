/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "loss.h"
#include "hot.h"

#include <math.h>
#include <string.h>

/* KL (N (mu, exp (logvar)) || N (0, 1)), Kingma & Welling 2014, appendix B */
static inline float
gaussian_kl (float mu, float logvar)
{
  return 0.5f * (mu * mu + expf (logvar) - 1.f - logvar);
}

VAE_HOT void
vae_loss_add (const VaeOutputs * outputs, VaeLossSums * sums, double *latent_kl)
{
  const gsize n = outputs->inputs * outputs->tile;
  double squared_error = 0, cells = 0;

  for (gsize i = 0; i < n; i++) {
    float e = (outputs->input[i] - outputs->reconstruction[i])
        * outputs->observed[i];
    squared_error += (double) e *e;
    cells += outputs->observed[i];
  }
  sums->squared_error += squared_error;
  sums->cells += cells;
  sums->rows += outputs->n_rows;

  for (gsize k = 0; k < outputs->latents; k++) {
    const float *mu = outputs->mu + k * outputs->tile;
    const float *logvar = outputs->logvar + k * outputs->tile;
    double kl = 0;
    for (gsize r = 0; r < outputs->n_rows; r++)
      kl += gaussian_kl (mu[r], logvar[r]);
    sums->kl += kl;
    if (latent_kl)
      latent_kl[k] += kl;
  }
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
vae_loss_gradient (const VaeOutputs * outputs, const VaeLossSums * sums,
    double beta, float *d_reconstruction, float *d_mu, float *d_logvar)
{
  const gsize n = outputs->inputs * outputs->tile;
  const float error_weight = sums->cells > 0 ? 2.0 / sums->cells : 0.0;

  for (gsize i = 0; i < n; i++)
    d_reconstruction[i] = error_weight * outputs->observed[i]
        * (outputs->reconstruction[i] - outputs->input[i]);

  const float kl_weight = beta / (sums->rows * outputs->latents);
  for (gsize k = 0; k < outputs->latents; k++) {
    const gsize lane = k * outputs->tile;
    memset (d_mu + lane, 0, outputs->tile * sizeof (float));
    memset (d_logvar + lane, 0, outputs->tile * sizeof (float));
    for (gsize i = lane; i < lane + outputs->n_rows; i++) {
      d_mu[i] = kl_weight * outputs->mu[i];
      d_logvar[i] = kl_weight * 0.5f * (expf (outputs->logvar[i]) - 1.f);
    }
  }
}
