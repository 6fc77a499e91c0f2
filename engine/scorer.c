/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "scorer.h"
#include "hot.h"
#include "window.h"

#include <math.h>
#include <string.h>

struct _VaeScorer
{
  VaeModel *model;
  VaeScore score;
  guint channels;
  gsize n_before;               /* rows that precede the scored one: window - 1 */
  gsize n_seen;                 /* of those, how many are there already */
  float *history;               /* [n_before + VAE_SCORE_TILE][channels], scaled:
                                 * the rows before, then those to be scored */
  float *observed;              /* [inputs][VAE_SCORE_TILE] */
  VaePass *pass;
};

static VaeScore
resolve_score (const VaeModel * model, VaeScore score)
{
  if (score != VAE_SCORE_AUTO)
    return score;
  return model->params.kind == VAE_KIND_VAE
      ? VAE_SCORE_RECON_KL : VAE_SCORE_RECONSTRUCTION;
}

VaeScorer *
vae_scorer_new (VaeModel * model, VaeScore score, GError ** error)
{
  const VaeParams *params = &model->params;

  if ((guint) score > VAE_SCORE_KL) {
    g_set_error (error, VAE_ERROR, VAE_ERROR_PARAMETER,
        "there is no score number %d", score);
    return NULL;
  }
  if (params->kind == VAE_KIND_AE
      && (score == VAE_SCORE_KL || score == VAE_SCORE_RECON_KL)) {
    g_set_error (error, VAE_ERROR, VAE_ERROR_PARAMETER,
        "the model is an auto-encoder, which has no KL to score by; its score "
        "is the reconstruction");
    return NULL;
  }

  VaeScorer *scorer = g_new0 (VaeScorer, 1);
  scorer->model = vae_model_ref (model);
  scorer->score = resolve_score (model, score);
  scorer->channels = params->channels;
  scorer->n_before = params->window - 1;
  scorer->history = vae_floats_new ((scorer->n_before + VAE_SCORE_TILE)
      * scorer->channels);
  scorer->observed = vae_floats_new (model->net.inputs * VAE_SCORE_TILE);
  scorer->pass = vae_pass_new (&model->net, VAE_SCORE_TILE, FALSE);
  if (!scorer->history || !scorer->observed || !scorer->pass) {
    g_set_error (error, VAE_ERROR, VAE_ERROR_MEMORY,
        "no memory to score with a network of %" G_GSIZE_FORMAT " inputs",
        model->net.inputs);
    vae_scorer_free (scorer);
    return NULL;
  }
  return scorer;
}

void
vae_scorer_free (VaeScorer * scorer)
{
  if (!scorer)
    return;
  vae_model_unref (scorer->model);
  vae_floats_free (scorer->history);
  vae_floats_free (scorer->observed);
  vae_pass_free (scorer->pass);
  g_free (scorer);
}

void
vae_scorer_reset (VaeScorer * scorer)
{
  scorer->n_seen = 0;
}

/* Scales the next rows, n <= VAE_SCORE_TILE, into the history and sends their
 * windows through the network. */
static void
run_network (VaeScorer * scorer, const float *data, gsize n)
{
  gsize ends[VAE_SCORE_TILE];

  vae_scaler_apply (&scorer->model->scaler, data, n,
      scorer->history + scorer->n_before * scorer->channels);
  for (gsize r = 0; r < n; r++)
    ends[r] = scorer->n_before + r;
  vae_window_gather (scorer->history, scorer->channels, scorer->n_before + 1,
      ends, n, VAE_SCORE_TILE, vae_pass_input (scorer->pass), scorer->observed);
  vae_pass_forward (scorer->pass, scorer->model->weights, NULL);
}

/* Keeps the rows that the windows of later ones will need. */
static void
advance (VaeScorer * scorer, gsize n)
{
  memmove (scorer->history, scorer->history + n * scorer->channels,
      scorer->n_before * scorer->channels * sizeof (float));
  scorer->n_seen = MIN (scorer->n_seen + n, scorer->n_before);
}

/* Mean over the observed channels of the squared error of each window's last
 * row: reconstruction [VAE_SCORE_TILE]; NaN where nothing is observed. */
VAE_HOT static void
reconstruction_terms (const VaeScorer * scorer, float *reconstruction)
{
  const gsize last = scorer->n_before * scorer->channels * VAE_SCORE_TILE;
  const float *x = vae_pass_input (scorer->pass) + last;
  const float *y = vae_pass_reconstruction (scorer->pass) + last;
  const float *observed = scorer->observed + last;
  float sum[VAE_SCORE_TILE] = { 0 }, count[VAE_SCORE_TILE] = { 0 };

  for (guint c = 0; c < scorer->channels; c++)
    for (gsize r = 0; r < VAE_SCORE_TILE; r++) {
      const gsize i = c * VAE_SCORE_TILE + r;
      const float error = (x[i] - y[i]) * observed[i];
      sum[r] += error * error;
      count[r] += observed[i];
    }
  for (gsize r = 0; r < VAE_SCORE_TILE; r++)
    reconstruction[r] = count[r] > 0.f ? sum[r] / count[r] : NAN;
}

/* KL (N (mu, exp (logvar)) || N (0, 1)) summed over the latents: kl
 * [VAE_SCORE_TILE] */
VAE_HOT static void
kl_terms (const VaeScorer * scorer, float *kl)
{
  const float *mu = vae_pass_mu (scorer->pass);
  const float *logvar = vae_pass_logvar (scorer->pass);

  memset (kl, 0, VAE_SCORE_TILE * sizeof (float));
  for (gsize k = 0; k < scorer->model->net.latents; k++)
    for (gsize r = 0; r < VAE_SCORE_TILE; r++) {
      const gsize i = k * VAE_SCORE_TILE + r;
      kl[r] += 0.5f * (mu[i] * mu[i] + expf (logvar[i]) - 1.f - logvar[i]);
    }
}

/* The squared errors of row r, errors [channels]. */
static void
cell_errors (const VaeScorer * scorer, gsize r, float *errors)
{
  const gsize last = scorer->n_before * scorer->channels * VAE_SCORE_TILE;
  const float *x = vae_pass_input (scorer->pass) + last + r;
  const float *y = vae_pass_reconstruction (scorer->pass) + last + r;
  const float *observed = scorer->observed + last + r;

  for (guint c = 0; c < scorer->channels; c++) {
    const gsize i = c * VAE_SCORE_TILE;
    const float error = x[i] - y[i];
    errors[c] = observed[i] > 0.f ? error * error : NAN;
  }
}

/* The terms of n <= VAE_SCORE_TILE rows. */
static void
score_tile (VaeScorer * scorer, const float *data, gsize n,
    float *reconstruction, float *kl, float *errors)
{
  float tile_reconstruction[VAE_SCORE_TILE], tile_kl[VAE_SCORE_TILE];

  run_network (scorer, data, n);
  reconstruction_terms (scorer, tile_reconstruction);
  kl_terms (scorer, tile_kl);

  for (gsize r = 0; r < n; r++) {
    const gboolean is_scored = scorer->n_seen + r >= scorer->n_before
        && !isnan (tile_reconstruction[r]);
    reconstruction[r] = is_scored ? tile_reconstruction[r] : NAN;
    kl[r] = is_scored ? tile_kl[r] : NAN;
    if (!errors)
      continue;
    float *row_errors = errors + r * scorer->channels;
    if (is_scored)
      cell_errors (scorer, r, row_errors);
    else
      for (guint c = 0; c < scorer->channels; c++)
        row_errors[c] = NAN;
  }
  advance (scorer, n);
}

void
vae_scorer_terms (VaeScorer * scorer, const float *data, gsize n_rows,
    float *reconstruction, float *kl, float *errors)
{
  for (gsize t = 0; t < n_rows; t += VAE_SCORE_TILE)
    score_tile (scorer, data + t * scorer->channels,
        MIN (VAE_SCORE_TILE, n_rows - t), reconstruction + t, kl + t,
        errors ? errors + t * scorer->channels : NULL);
}

void
vae_scorer_execute (VaeScorer * scorer, const float *data, gsize n_rows,
    float *scores, float *errors)
{
  for (gsize t = 0; t < n_rows; t += VAE_SCORE_TILE) {
    const gsize n = MIN (VAE_SCORE_TILE, n_rows - t);
    float kl[VAE_SCORE_TILE];

    score_tile (scorer, data + t * scorer->channels, n, scores + t, kl,
        errors ? errors + t * scorer->channels : NULL);
    for (gsize r = 0; r < n; r++) {
      if (scorer->score == VAE_SCORE_RECON_KL)
        scores[t + r] += kl[r];
      else if (scorer->score == VAE_SCORE_KL)
        scores[t + r] = kl[r];
    }
  }
}
