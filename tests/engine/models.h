/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Models of every kind, small ones, and how to compare two of them. */

#pragma once

#include "model.h"
#include "rng.h"

#include <math.h>

#define MODEL_CHANNELS 3
#define MODEL_WINDOW 4
#define MODEL_ROWS 600

/* --- comparing -------------------------------------------------------------- */

/* Bit by bit: NaN is NaN. */
static inline void
assert_same_floats (const float *a, const float *b, gsize n)
{
  g_assert_cmpmem (a, n * sizeof (float), b, n * sizeof (float));
}

static inline void
assert_same_real (double a, double b)
{
  g_assert_cmpmem (&a, sizeof a, &b, sizeof b);
}

static inline void
assert_same_params (const VaeParams * a, const VaeParams * b)
{
  g_assert_cmpint (a->kind, ==, b->kind);
  g_assert_cmpint (a->activation, ==, b->activation);
  g_assert_cmpint (a->loss, ==, b->loss);
  g_assert_cmpint (a->scaler, ==, b->scaler);
  assert_same_real (a->clip, b->clip);
  g_assert_cmpuint (a->channels, ==, b->channels);
  g_assert_cmpuint (a->window, ==, b->window);
  g_assert_cmpuint (a->n_hidden, ==, b->n_hidden);
  for (guint i = 0; i < a->n_hidden; i++)
    g_assert_cmpuint (a->hidden[i], ==, b->hidden[i]);
  g_assert_cmpuint (a->latent_dim, ==, b->latent_dim);
  assert_same_real (a->beta, b->beta);
  g_assert_cmpuint (a->prototypes, ==, b->prototypes);
  assert_same_real (a->learning_rate, b->learning_rate);
  g_assert_cmpuint (a->batch_size, ==, b->batch_size);
  g_assert_cmpuint (a->epochs, ==, b->epochs);
  g_assert_cmpuint (a->seed, ==, b->seed);
  assert_same_real (a->validation, b->validation);
  g_assert_cmpuint (a->patience, ==, b->patience);
  g_assert_cmpint (a->skip_labelled, ==, b->skip_labelled);
  g_assert_cmpuint (a->smoothing, ==, b->smoothing);
  g_assert_cmpuint (a->drift, ==, b->drift);
  g_assert_cmpint (a->threshold, ==, b->threshold);
  assert_same_real (a->quantile, b->quantile);
}

static inline void
assert_same_summary (const VaeSummary * a, const VaeSummary * b)
{
  g_assert_cmpuint (a->rows, ==, b->rows);
  g_assert_cmpuint (a->epochs_run, ==, b->epochs_run);
  g_assert_cmpuint (a->best_epoch, ==, b->best_epoch);
  assert_same_real (a->loss, b->loss);
  assert_same_real (a->reconstruction, b->reconstruction);
  assert_same_real (a->kl, b->kl);
  assert_same_real (a->validation_loss, b->validation_loss);
  g_assert_cmpuint (a->active_latents, ==, b->active_latents);
}

static inline void
assert_same_detector (const VaeDetector * a, const VaeDetector * b,
    guint channels)
{
  g_assert_cmpint (a->kind, ==, b->kind);
  g_assert_cmpuint (a->net.n_params, ==, b->net.n_params);
  assert_same_floats (a->weights, b->weights, a->net.n_params);
  g_assert_cmpuint (a->nearest.n, ==, b->nearest.n);
  assert_same_floats (a->nearest.prototypes, b->nearest.prototypes,
      (gsize) a->nearest.n * channels);
  assert_same_floats (a->usual.error, b->usual.error, channels);
  assert_same_floats (a->usual.baseline, b->usual.baseline, channels);
  assert_same_floats (a->usual.drift_error, b->usual.drift_error, channels);
  assert_same_floats (a->usual.levels, b->usual.levels, VAE_N_LEVELS);
}

static inline void
assert_same_model (const VaeModel * a, const VaeModel * b)
{
  const guint channels = a->params.channels;

  assert_same_params (&a->params, &b->params);
  assert_same_summary (&a->summary, &b->summary);
  g_assert_cmpuint (a->n_detectors, ==, b->n_detectors);
  for (guint i = 0; i < a->n_detectors; i++)
    assert_same_detector (&a->detectors[i], &b->detectors[i], channels);
  assert_same_floats (a->scaler.offset, b->scaler.offset, channels);
  assert_same_floats (a->scaler.scale, b->scaler.scale, channels);
  assert_same_floats (&a->scaler.limit, &b->scaler.limit, 1);
  assert_same_floats (a->threshold, b->threshold, VAE_N_SCORES);
  g_assert_cmpmem (&a->tail, sizeof a->tail, &b->tail, sizeof b->tail);
  g_assert_cmpmem (&a->spot, sizeof a->spot, &b->spot, sizeof b->spot);
}

/* --- making ----------------------------------------------------------------- */

/* Sines with noise; 2 % of the cells are missing, and all of row 300. */
static inline float *
model_rows (guint64 seed)
{
  const VaeRng noise = vae_rng (seed, 0), gaps = vae_rng (seed, 1);
  float *rows = g_new (float, MODEL_ROWS * MODEL_CHANNELS);

  for (gsize i = 0; i < MODEL_ROWS * MODEL_CHANNELS; i++) {
    const gsize t = i / MODEL_CHANNELS, c = i % MODEL_CHANNELS;
    rows[i] = t == 300 || vae_rng_uniform (gaps, i) < 0.02 ? NAN
        : 10 * c + (c + 1) * (sin (0.1 * t + c)
        + 0.2 * vae_rng_normal (noise, i));
  }
  return rows;
}

static inline VaeParams
model_params (VaeKind kind, VaeLoss loss)
{
  VaeParams params;

  vae_params_init (&params);
  params.kind = kind;
  params.loss = loss;
  params.channels = MODEL_CHANNELS;
  params.window = MODEL_WINDOW;
  params.n_hidden = 1;
  params.hidden[0] = 8;
  params.latent_dim = 2;
  params.prototypes = 20;
  params.batch_size = 64;
  params.epochs = 3;
  params.drift = 50;
  return params;
}

static inline VaeModel *
train_params (const VaeParams * params, guint threads)
{
  float *data = model_rows (1);
  const VaeRows rows = {.data = data,.n_rows = MODEL_ROWS };
  GError *error = NULL;

  VaeModel *model = vae_train (params, &rows, threads, NULL, NULL, NULL,
      &error);
  g_assert_no_error (error);
  g_free (data);
  return model;
}

static inline VaeModel *
train_kind (VaeKind kind, VaeLoss loss)
{
  const VaeParams params = model_params (kind, loss);

  return train_params (&params, 1);
}

static inline gboolean
has_score (VaeModel * model, VaeScore score)
{
  VaeScorer *scorer = vae_scorer_new (model, score, NULL);

  vae_scorer_free (scorer);
  return scorer != NULL;
}
