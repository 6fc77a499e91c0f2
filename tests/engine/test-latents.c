/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What the theory of linear VAEs (Lucas et al. 2019) says about which latents are
 * active, and what a VAE starts from. */

#include "model.h"
#include "rng.h"

#include <math.h>
#include <string.h>

#define CHANNELS 4
#define ROWS 2000

/* Orthonormal directions, and the variance along each: in all as much as there are
 * channels, so that a share of it is a quarter of that. */
static const double directions[CHANNELS][CHANNELS] = {
  {0.5, 0.5, 0.5, 0.5},
  {0.5, -0.5, 0.5, -0.5},
  {0.5, 0.5, -0.5, -0.5},
  {0.5, -0.5, -0.5, 0.5},
};
static const double variances[CHANNELS] = { 2, 1.2, 0.6, 0.2 };

#define MEAN 3

/* amplitudes [CHANNELS] along the directions, to a row */
static void
make_row (const double *amplitudes, double mean, float *row)
{
  for (guint c = 0; c < CHANNELS; c++) {
    double x = mean;
    for (guint k = 0; k < CHANNELS; k++)
      x += amplitudes[k] * directions[k][c];
    row[c] = x;
  }
}

static float *
gaussian_rows (void)
{
  float *rows = g_new (float, ROWS * CHANNELS);
  const VaeRng rng = vae_rng (1, 0);

  for (gsize t = 0; t < ROWS; t++) {
    double amplitudes[CHANNELS];
    for (guint k = 0; k < CHANNELS; k++)
      amplitudes[k] = sqrt (variances[k])
          * vae_rng_normal (rng, t * CHANNELS + k);
    make_row (amplitudes, 0, rows + t * CHANNELS);
  }
  return rows;
}

/* Every combination of signs equally often, in any 16 rows: the covariance is known
 * exactly. */
static float *
sign_rows (void)
{
  float *rows = g_new (float, ROWS * CHANNELS);

  for (gsize t = 0; t < ROWS; t++) {
    double amplitudes[CHANNELS];
    for (guint k = 0; k < CHANNELS; k++)
      amplitudes[k] = sqrt (variances[k]) * (t >> k & 1 ? 1 : -1);
    make_row (amplitudes, MEAN, rows + t * CHANNELS);
  }
  return rows;
}

static VaeModel *
train (const VaeParams * params, const float *data, gsize n_rows)
{
  const VaeRows rows = {.data = data,.n_rows = n_rows };
  GError *error = NULL;
  VaeModel *model = vae_train (params, &rows, 1, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return model;
}

/* Linear, of one row, unscaled. Trained to the end: the held-back loss is that at
 * z = mu, which has another optimum. */
static VaeParams
linear_params (VaeLoss loss, guint latents, double beta)
{
  VaeParams params;

  vae_params_init_seed (&params);
  params.loss = loss;
  params.channels = CHANNELS;
  params.scaler = VAE_SCALER_NONE;
  params.n_hidden = 0;
  params.latent_dim = latents;
  params.beta = beta;
  params.learning_rate = 3e-3;
  params.epochs = 100;
  params.validation = 0;
  return params;
}

/* A direction of variance v is worth a KL of ln (v / least) / 2, if v > least. */
static void
assert_encoded_above (const VaeParams * params, double least, guint active)
{
  float *rows = gaussian_rows ();
  VaeModel *model = train (params, rows, ROWS);
  const VaeSummary *summary = vae_model_summary (model);
  double kl = 0;

  for (guint k = 0; k < MIN (CHANNELS, params->latent_dim); k++)
    kl += MAX (log (variances[k] / least) / 2, 0);
  g_assert_cmpuint (summary->active_latents, ==, active);
  g_assert_cmpfloat_with_epsilon (summary->kl * params->latent_dim, kl,
      0.02 + 0.07 * kl);
  vae_model_unref (model);
  g_free (rows);
}

/* A direction is encoded if its share of the variance exceeds beta / (2 latents); the
 * shares are 0.5, 0.3, 0.15 and 0.05. */
static void
test_seed_loss_encodes_shares (void)
{
  const struct
  {
    guint latents;
    double beta;
    guint active;
  } cases[] = {
    {4, 8 * 0.02, 4},
    {4, 8 * 0.09, 3},
    {4, 8 * 0.2, 2},
    {4, 8 * 0.4, 1},
    {4, 8 * 0.7, 0},
    {2, 4 * 0.2, 2},
    {2, 4 * 0.4, 1},
    {2, 4 * 0.7, 0},
    {1, 2 * 0.4, 1},
    {1, 2 * 0.7, 0},
    {8, 16 * 0.2, 2},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    const VaeParams params = linear_params (VAE_LOSS_SEED, cases[i].latents,
        cases[i].beta);
    const double least_share = cases[i].beta / (2 * cases[i].latents);
    assert_encoded_above (&params, least_share * CHANNELS, cases[i].active);
  }
}

/* A direction is encoded if its variance exceeds beta, however many latents there
 * are, and with hidden layers too. */
static void
test_gaussian_loss_encodes_variances (void)
{
  const struct
  {
    double beta;
    guint active;
  } cases[] = {
    {0.1, 4}, {0.35, 3}, {0.85, 2}, {1.6, 1}, {2.8, 0},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (guint latents = 4; latents <= 8; latents += 4) {
      VaeParams params = linear_params (VAE_LOSS_GAUSSIAN, latents,
          cases[i].beta);
      assert_encoded_above (&params, cases[i].beta, cases[i].active);
      params.n_hidden = 1;
      params.hidden[0] = 8;
      params.learning_rate = 1e-3;
      params.epochs = 10;
      assert_encoded_above (&params, cases[i].beta, cases[i].active);
    }
}

/* The scores and what is expected at the start, which nothing moves away from. */
static void
check_start (guint n_hidden, double beta)
{
  VaeParams params = linear_params (VAE_LOSS_GAUSSIAN, CHANNELS, beta);
  const gsize n_train = ROWS * 4 / 5;
  float *rows = sign_rows (), *expected = g_new (float, ROWS * CHANNELS);
  float kl[ROWS];

  params.n_hidden = n_hidden;
  params.hidden[0] = 8;
  params.learning_rate = 1e-300;
  params.epochs = 1;
  params.validation = 0.2;
  VaeModel *model = train (&params, rows, ROWS);
  g_assert_cmpuint (vae_model_summary (model)->best_epoch, ==, 0);
  VaeScorer *scorer = vae_scorer_new (model, VAE_SCORE_KL, NULL);
  vae_scorer_execute (scorer, rows, ROWS, kl, NULL, expected);

  for (gsize t = 0; t < ROWS; t++) {
    double y[CHANNELS] = { MEAN, MEAN, MEAN, MEAN }, kl_sum = 0;
    for (guint k = 0; k < CHANNELS; k++) {
      const double v = variances[k] * n_train / (n_train - 1);
      const double x = sqrt (variances[k]) * (t >> k & 1 ? 1 : -1);
      if (v <= beta)
        continue;
      const double mu = sqrt (v - beta) / v * x, ratio = beta / v;
      kl_sum += 0.5 * (mu * mu + ratio - 1 - log (ratio));
      for (guint c = 0; c < CHANNELS; c++)
        y[c] += (v - beta) / v * x * directions[k][c];
    }
    g_assert_cmpfloat_with_epsilon (kl[t], kl_sum, 1e-3);
    for (guint c = 0; c < CHANNELS; c++)
      g_assert_cmpfloat_with_epsilon (expected[t * CHANNELS + c], y[c], 1e-3);
  }
  vae_scorer_free (scorer);
  vae_model_unref (model);
  g_free (expected);
  g_free (rows);
}

/* Posterior mean, variance and reconstruction of probabilistic PCA with noise of
 * variance beta, in closed form; hidden layers have no say yet. */
static void
test_start_is_probabilistic_pca (void)
{
  const double betas[] = { 0.05, 0.35, 1.6 };

  for (gsize i = 0; i < G_N_ELEMENTS (betas); i++) {
    check_start (0, betas[i]);
    check_start (1, betas[i]);
  }
}

/* On the seed experiment's rows its own VAE collapses, the default one does not. */
static void
test_default_does_not_collapse (void)
{
  VaeSynthParams synth_params;
  float *rows = g_new (float, ROWS * 5);
  guint8 labels[ROWS];
  VaeParams params;

  vae_synth_params_init (&synth_params);
  VaeSynth *synth = vae_synth_new (&synth_params, NULL);
  vae_synth_execute (synth, 0, ROWS, rows, labels);
  vae_synth_free (synth);

  vae_params_init_seed (&params);
  params.channels = 5;
  params.scaler = VAE_SCALER_NONE;
  VaeModel *seed = train (&params, rows, ROWS);
  g_assert_cmpuint (vae_model_summary (seed)->active_latents, ==, 0);

  vae_params_init (&params);
  params.kind = VAE_KIND_VAE;
  params.channels = 5;
  VaeModel *model = train (&params, rows, ROWS);
  g_assert_cmpuint (vae_model_summary (model)->active_latents, >=, 2);
  vae_model_unref (seed);
  vae_model_unref (model);
  g_free (rows);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/latents/seed-loss-encodes-shares",
      test_seed_loss_encodes_shares);
  g_test_add_func ("/latents/gaussian-loss-encodes-variances",
      test_gaussian_loss_encodes_variances);
  g_test_add_func ("/latents/start-is-probabilistic-pca",
      test_start_is_probabilistic_pca);
  g_test_add_func ("/latents/default-does-not-collapse",
      test_default_does_not_collapse);
  return g_test_run ();
}
