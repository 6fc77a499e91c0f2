/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Scores: one per row, the same bits however the stream is cut. */

#include "model.h"
#include "rng.h"
#include "scorer.h"

#include <math.h>
#include <string.h>

#define CHANNELS 5
#define ROWS 700

/* A model with random weights, a scaler that is not the identity, and a
 * window. */
static VaeModel *
random_model (VaeKind kind, guint window)
{
  VaeParams params;

  vae_params_init_seed (&params);
  params.kind = kind;
  params.channels = CHANNELS;
  params.window = window;
  VaeModel *model = vae_model_new (&params, (VaeSizes) { 0, 0 }, NULL);
  g_assert_nonnull (model);
  vae_net_randomize (&model->detectors[0].net, model->detectors[0].weights, 21);
  for (guint c = 0; c < CHANNELS; c++) {
    model->scaler.offset[c] = c;
    model->scaler.scale[c] = 1 + 0.1 * c;
  }
  return model;
}

/* Random rows, 2 % of the cells missing, row 300 all missing, row 310 absurd. */
static float *
random_rows (void)
{
  float *rows = g_new (float, ROWS * CHANNELS);
  VaeRng rng = vae_rng (4, 0), gaps = vae_rng (4, 1);

  for (gsize i = 0; i < ROWS * CHANNELS; i++)
    rows[i] = vae_rng_uniform (gaps, i) < 0.02 ? NAN : vae_rng_normal (rng, i);
  for (gsize c = 0; c < CHANNELS; c++) {
    rows[300 * CHANNELS + c] = c % 2 ? NAN : INFINITY;
    rows[310 * CHANNELS + c] = c % 2 ? 3e38 : -3e38;
  }
  return rows;
}

static void
test_any_cut_gives_the_same_bits (gconstpointer window)
{
  const gsize cuts[] = { 1, 7, 63, 64, 65, 200, ROWS };
  VaeModel *model = random_model (VAE_KIND_VAE, GPOINTER_TO_UINT (window));
  VaeScorer *scorer = vae_scorer_new (model, VAE_SCORE_AUTO, NULL);
  float *rows = random_rows ();
  float whole[ROWS], whole_errors[ROWS * CHANNELS];
  float scores[ROWS], errors[ROWS * CHANNELS];

  vae_scorer_execute (scorer, rows, ROWS, whole, whole_errors, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cuts); i++) {
    vae_scorer_reset (scorer);
    for (gsize t = 0; t < ROWS; t += cuts[i])
      vae_scorer_execute (scorer, rows + t * CHANNELS,
          MIN (cuts[i], ROWS - t), scores + t, errors + t * CHANNELS,
          NULL);
    g_assert_cmpmem (scores, sizeof scores, whole, sizeof whole);
    g_assert_cmpmem (errors, sizeof errors, whole_errors, sizeof whole_errors);
  }
  g_free (rows);
  vae_scorer_free (scorer);
  vae_model_unref (model);
}

/* The score, in double, from its definition. */
static void
plain_terms (const VaeModel * model, const float *rows, gsize row,
    double *reconstruction, double *kl)
{
  const guint window = model->params.window;
  const VaeNet *net = &model->detectors[0].net;
  double in[256] = { 0 }, out[256], sum = 0;
  guint n = 0;

  for (guint i = 0; i < window * CHANNELS; i++) {
    guint c = i % CHANNELS;
    double x = rows[(row + 1 - window) * CHANNELS + i];
    if (isfinite (x))
      in[i] = CLAMP ((x - model->scaler.offset[c]) / model->scaler.scale[c],
          -1e9, 1e9);
  }
  double x[CHANNELS];
  for (guint c = 0; c < CHANNELS; c++)
    x[c] = in[(window - 1) * CHANNELS + c];

  *kl = 0;
  for (guint l = 0; l < net->n_layers; l++) {
    const VaeLayer *layer = &net->layers[l];
    for (gsize o = 0; o < layer->outputs; o++) {
      out[o] = model->detectors[0].weights[layer->bias + o];
      for (gsize i = 0; i < layer->inputs; i++)
        out[o] += in[i] * model->detectors[0].weights[layer->weight + o * layer->inputs + i];
      if (layer->activation == VAE_ACTIVATION_RELU)
        out[o] = MAX (out[o], 0);
    }
    memcpy (in, out, sizeof in);
    if (net->variational && l == net->n_encoder)
      for (gsize k = 0; k < net->latents; k++) {
        double mu = out[k], logvar = out[net->latents + k];
        *kl += 0.5 * (mu * mu + exp (logvar) - 1 - logvar);
      }
  }
  for (guint c = 0; c < CHANNELS; c++)
    if (isfinite (rows[row * CHANNELS + c])) {
      double e = x[c] - out[(window - 1) * CHANNELS + c];
      sum += e * e;
      n++;
    }
  *reconstruction = n ? sum / n : NAN;
}

static void
check_score (VaeModel * model, VaeScore score, const float *rows)
{
  VaeScorer *scorer = vae_scorer_new (model, score, NULL);
  const guint window = model->params.window;
  float scores[ROWS];

  vae_scorer_execute (scorer, rows, ROWS, scores, NULL, NULL);
  for (gsize t = 0; t < ROWS; t++) {
    double reconstruction, kl, expected;
    if (t + 1 < window || t == 300) {
      g_assert_true (isnan (scores[t]));
      continue;
    }
    plain_terms (model, rows, t, &reconstruction, &kl);
    expected = score == VAE_SCORE_RECONSTRUCTION ? reconstruction
        : score == VAE_SCORE_KL ? kl : reconstruction + kl;
    if (t >= 310 && t < 310 + window)
      g_assert_false (isnan (scores[t]));       /* huge, but a number */
    else
      g_assert_cmpfloat (fabs (scores[t] - expected), <,
          1e-5 * MAX (1, expected));
  }
  vae_scorer_free (scorer);
}

static void
test_definitions (void)
{
  float *rows = random_rows ();

  for (guint window = 1; window <= 3; window += 2) {
    VaeModel *model = random_model (VAE_KIND_VAE, window);
    check_score (model, VAE_SCORE_AUTO, rows);
    check_score (model, VAE_SCORE_RECON_KL, rows);
    check_score (model, VAE_SCORE_RECONSTRUCTION, rows);
    check_score (model, VAE_SCORE_KL, rows);
    vae_model_unref (model);
  }
  g_free (rows);
}

static void
test_errors_average_to_the_reconstruction (void)
{
  VaeModel *model = random_model (VAE_KIND_AE, 1);
  VaeScorer *scorer = vae_scorer_new (model, VAE_SCORE_AUTO, NULL);
  float *rows = random_rows ();
  float scores[ROWS], errors[ROWS * CHANNELS];

  vae_scorer_execute (scorer, rows, ROWS, scores, errors, NULL);
  for (gsize t = 0; t < ROWS; t++) {
    double sum = 0;
    guint n = 0;
    for (guint c = 0; c < CHANNELS; c++) {
      g_assert_cmpint (isnan (errors[t * CHANNELS + c]), ==,
          !isfinite (rows[t * CHANNELS + c]));
      if (!isnan (errors[t * CHANNELS + c])) {
        sum += errors[t * CHANNELS + c];
        n++;
      }
    }
    if (n)
      g_assert_cmpfloat (fabs (scores[t] - sum / n), <=, 1e-5 * sum / n);
  }
  g_free (rows);
  vae_scorer_free (scorer);
  vae_model_unref (model);
}

static void
test_reset_starts_a_window (void)
{
  VaeModel *model = random_model (VAE_KIND_VAE, 4);
  VaeScorer *scorer = vae_scorer_new (model, VAE_SCORE_AUTO, NULL);
  float *rows = random_rows ();
  float first[10], again[10];

  vae_scorer_execute (scorer, rows, 10, first, NULL, NULL);
  vae_scorer_reset (scorer);
  vae_scorer_execute (scorer, rows, 10, again, NULL, NULL);
  for (guint t = 0; t < 10; t++)
    g_assert_cmpint (isnan (again[t]), ==, t < 3);
  g_assert_cmpmem (again, sizeof again, first, sizeof first);
  g_free (rows);
  vae_scorer_free (scorer);
  vae_model_unref (model);
}

static void
test_ae_has_no_kl (void)
{
  VaeModel *model = random_model (VAE_KIND_AE, 1);
  GError *error = NULL;

  g_assert_null (vae_scorer_new (model, VAE_SCORE_KL, &error));
  g_assert_error (error, VAE_ERROR, VAE_ERROR_PARAMETER);
  g_clear_error (&error);
  g_assert_null (vae_scorer_new (model, VAE_SCORE_RECON_KL, &error));
  g_assert_error (error, VAE_ERROR, VAE_ERROR_PARAMETER);
  g_clear_error (&error);
  vae_model_unref (model);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/scorer/any-cut/window-1", GUINT_TO_POINTER (1),
      test_any_cut_gives_the_same_bits);
  g_test_add_data_func ("/scorer/any-cut/window-16", GUINT_TO_POINTER (16),
      test_any_cut_gives_the_same_bits);
  g_test_add_func ("/scorer/definitions", test_definitions);
  g_test_add_func ("/scorer/errors-average",
      test_errors_average_to_the_reconstruction);
  g_test_add_func ("/scorer/reset", test_reset_starts_a_window);
  g_test_add_func ("/scorer/ae-has-no-kl", test_ae_has_no_kl);
  return g_test_run ();
}
