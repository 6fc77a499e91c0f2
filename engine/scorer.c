/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "scorer.h"
#include "exp.h"
#include "hot.h"
#include "loss.h"
#include "rowpass.h"
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
  VaeScalerFit wide_scaler;     /* of SCALED_ROWS rows at a time */
  VaePass *pass;
  VaeRowPass *row_pass;         /* NULL = do it with the other one */
  float *row;                   /* [inputs], the row pass's input */
};

/* Rows that are scaled as one: a divisor of VAE_SCORE_TILE. */
#define SCALED_ROWS 16

/* Up to so many rows are faster one by one than as a tile: a tile takes as long
 * as about ten rows. */
#define ROW_BY_ROW 8

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
  scorer->row_pass = vae_row_pass_new (&model->net, model->weights,
      VAE_SCORE_TILE);
  scorer->row = vae_floats_new (model->net.inputs);
  const gboolean can_scale = vae_scaler_repeat (&scorer->wide_scaler,
      &model->scaler, SCALED_ROWS);
  if (!can_scale || !scorer->history || !scorer->observed || !scorer->pass
      || !scorer->row) {
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
  vae_row_pass_free (scorer->row_pass);
  vae_floats_free (scorer->row);
  vae_scaler_clear (&scorer->wide_scaler);
  g_free (scorer);
}

void
vae_scorer_reset (VaeScorer * scorer)
{
  scorer->n_seen = 0;
}

/* Scales the next rows, n <= VAE_SCORE_TILE, into the history. */
static void
take_rows (VaeScorer * scorer, const float *data, gsize n)
{
  float *out = scorer->history + scorer->n_before * scorer->channels;
  const gsize blocks = n / SCALED_ROWS, scaled = blocks * SCALED_ROWS;

  vae_scaler_apply (&scorer->wide_scaler, data, blocks, out);
  vae_scaler_apply (&scorer->model->scaler, data + scaled * scorer->channels,
      n - scaled, out + scaled * scorer->channels);
}

/* Sends the windows that end with the n rows taken through the network. */
static VaeOutputs
run_tile (VaeScorer * scorer, gsize n)
{
  gsize ends[VAE_SCORE_TILE];
  float *input = vae_pass_input (scorer->pass);
  const VaeRange lanes = vae_pass_lanes (scorer->pass);

  for (gsize r = 0; r < n; r++)
    ends[r] = scorer->n_before + r;
  vae_window_gather (scorer->history, scorer->channels, scorer->n_before + 1,
      ends, n, VAE_SCORE_TILE, input, scorer->observed, lanes);
  vae_pass_forward (scorer->pass, scorer->model->weights, NULL, lanes);
  return (VaeOutputs) {
  .tile = VAE_SCORE_TILE,.input = input,.observed =
        scorer->observed,.reconstruction =
        vae_pass_reconstruction (scorer->pass),.mu =
        vae_pass_mu (scorer->pass),.logvar = vae_pass_logvar (scorer->pass),};
}

/* The same for a single row. */
static VaeOutputs
run_row (VaeScorer * scorer)
{
  const VaeRange one = { 0, 1 };

  vae_window_gather (scorer->history, scorer->channels, scorer->n_before + 1,
      &scorer->n_before, 1, 1, scorer->row, scorer->observed, one);
  vae_row_pass_forward (scorer->row_pass, scorer->row);
  return (VaeOutputs) {
  .tile = 1,.input = scorer->row,.observed =
        scorer->observed,.reconstruction =
        vae_row_pass_reconstruction (scorer->row_pass),.mu =
        vae_row_pass_mu (scorer->row_pass),.logvar =
        vae_row_pass_logvar (scorer->row_pass),};
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
 * row: reconstruction [tile]; NaN where nothing is observed. */
VAE_HOT static void
reconstruction_terms (const VaeScorer * scorer, const VaeOutputs * outputs,
    float *reconstruction)
{
  const gsize tile = outputs->tile;
  const gsize last = scorer->n_before * scorer->channels * tile;
  const float *x = outputs->input + last;
  const float *y = outputs->reconstruction + last;
  const float *observed = outputs->observed + last;
  float sum[VAE_SCORE_TILE] = { 0 }, count[VAE_SCORE_TILE] = { 0 };

  for (guint c = 0; c < scorer->channels; c++)
    for (gsize r = 0; r < tile; r++) {
      const gsize i = c * tile + r;
      const float error = (x[i] - y[i]) * observed[i];
      sum[r] += error * error;
      count[r] += observed[i];
    }
  for (gsize r = 0; r < tile; r++)
    reconstruction[r] = count[r] > 0.f ? sum[r] / count[r] : NAN;
}

/* KL (N (mu, exp (logvar)) || N (0, 1)) summed over the latents: kl [tile] */
VAE_HOT static void
kl_terms (const VaeScorer * scorer, const VaeOutputs * outputs, float *kl)
{
  const gsize tile = outputs->tile;
  const float *mu = outputs->mu, *logvar = outputs->logvar;

  memset (kl, 0, tile * sizeof (float));
  for (gsize k = 0; k < scorer->model->net.latents; k++)
    for (gsize r = 0; r < tile; r++) {
      const gsize i = k * tile + r;
      kl[r] += 0.5f * (mu[i] * mu[i] + vae_exp (logvar[i]) - 1.f - logvar[i]);
    }
}

/* The squared errors of the row in lane r, errors [channels]. */
static void
cell_errors (const VaeScorer * scorer, const VaeOutputs * outputs, gsize r,
    float *errors)
{
  const gsize first = scorer->n_before * scorer->channels;

  for (guint c = 0; c < scorer->channels; c++) {
    const gsize i = (first + c) * outputs->tile + r;
    const float error = outputs->input[i] - outputs->reconstruction[i];
    errors[c] = outputs->observed[i] > 0.f ? error * error : NAN;
  }
}

static void
no_errors (const VaeScorer * scorer, float *errors)
{
  for (guint c = 0; c < scorer->channels; c++)
    errors[c] = NAN;
}

/* The terms of n <= VAE_SCORE_TILE rows; of a single one, if n is 1 and it can
 * be done. */
static void
score_tile (VaeScorer * scorer, const float *data, gsize n,
    float *reconstruction, float *kl, float *errors)
{
  float tile_reconstruction[VAE_SCORE_TILE], tile_kl[VAE_SCORE_TILE];

  take_rows (scorer, data, n);
  const VaeOutputs outputs = n == 1 && scorer->row_pass
      ? run_row (scorer) : run_tile (scorer, n);
  reconstruction_terms (scorer, &outputs, tile_reconstruction);
  kl_terms (scorer, &outputs, tile_kl);

  for (gsize r = 0; r < n; r++) {
    const gboolean is_scored = scorer->n_seen + r >= scorer->n_before
        && !isnan (tile_reconstruction[r]);
    reconstruction[r] = is_scored ? tile_reconstruction[r] : NAN;
    kl[r] = is_scored ? tile_kl[r] : NAN;
    if (errors && is_scored)
      cell_errors (scorer, &outputs, r, errors + r * scorer->channels);
    else if (errors)
      no_errors (scorer, errors + r * scorer->channels);
  }
  advance (scorer, n);
}

/* How many of the next n_rows rows to take at once. */
static gsize
next_rows (const VaeScorer * scorer, gsize n_rows)
{
  if (scorer->row_pass && n_rows <= ROW_BY_ROW)
    return 1;
  return MIN (n_rows, VAE_SCORE_TILE);
}

void
vae_scorer_terms (VaeScorer * scorer, const float *data, gsize n_rows,
    float *reconstruction, float *kl, float *errors)
{
  gsize n;

  for (gsize t = 0; t < n_rows; t += n) {
    n = next_rows (scorer, n_rows - t);
    score_tile (scorer, data + t * scorer->channels, n, reconstruction + t,
        kl + t, errors ? errors + t * scorer->channels : NULL);
  }
}

void
vae_scorer_execute (VaeScorer * scorer, const float *data, gsize n_rows,
    float *scores, float *errors)
{
  gsize n;

  for (gsize t = 0; t < n_rows; t += n) {
    float kl[VAE_SCORE_TILE];

    n = next_rows (scorer, n_rows - t);
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
