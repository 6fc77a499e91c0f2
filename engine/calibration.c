/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "calibration.h"
#include "quantile.h"
#include "scorer.h"

#include <math.h>

/* The fraction of the rows that score below the threshold. */
#define THRESHOLD_QUANTILE 0.995

typedef struct
{
  float *terms[VAE_N_SCORES];   /* [n] each, of the rows that count */
  gsize n;
  float *errors;                /* [VAE_SCORE_TILE][channels] */
  double *error_sum;            /* [channels] */
  gsize *error_count;           /* [channels] */
} Tally;

static void
tally_clear (Tally * tally)
{
  for (guint i = 0; i < VAE_N_SCORES; i++)
    g_free (tally->terms[i]);
  g_free (tally->errors);
  g_free (tally->error_sum);
  g_free (tally->error_count);
}

static gboolean
tally_init (Tally * tally, gsize n_rows, guint channels, GError ** error)
{
  gboolean complete = TRUE;

  *tally = (Tally) {
  0};
  for (guint i = 0; i < VAE_N_SCORES; i++) {
    tally->terms[i] = g_try_new (float, n_rows);
    complete = complete && tally->terms[i];
  }
  tally->errors = g_try_new (float, (gsize) VAE_SCORE_TILE * channels);
  tally->error_sum = g_try_new0 (double, channels);
  tally->error_count = g_try_new0 (gsize, channels);
  if (complete && tally->errors && tally->error_sum && tally->error_count)
    return TRUE;

  tally_clear (tally);
  g_set_error (error, VAE_ERROR, VAE_ERROR_MEMORY,
      "no memory to calibrate on %" G_GSIZE_FORMAT " rows", n_rows);
  return FALSE;
}

static void
tally_row (Tally * tally, float reconstruction, float kl, const float *errors,
    guint channels)
{
  tally->terms[0][tally->n] = reconstruction + kl;
  tally->terms[1][tally->n] = reconstruction;
  tally->terms[2][tally->n] = kl;
  tally->n++;

  for (guint c = 0; c < channels; c++)
    if (!isnan (errors[c])) {
      tally->error_sum[c] += errors[c];
      tally->error_count[c]++;
    }
}

/* The thresholds stand in the order of the terms, which is VaeScore's from
 * VAE_SCORE_RECON_KL on. An AE has no KL: there only the second means
 * something. */
static void
tally_finish (Tally * tally, VaeModel * model)
{
  const gboolean is_vae = model->params.kind == VAE_KIND_VAE;

  for (guint i = 0; i < VAE_N_SCORES; i++)
    model->threshold[i] = tally->n > 0 && (is_vae || i == 1)
        ? vae_quantile (tally->terms[i], tally->n, THRESHOLD_QUANTILE) : NAN;
  for (guint c = 0; c < model->params.channels; c++)
    model->channel_error[c] = tally->error_count[c] > 0
        ? tally->error_sum[c] / tally->error_count[c] : NAN;
}

/* How many rows from t on are unbroken, at most a tile. */
static gsize
unbroken (const VaeRows * rows, gsize t)
{
  const gsize end = MIN (t + VAE_SCORE_TILE, rows->n_rows);
  gsize next = t + 1;

  while (next < end && !(rows->breaks && rows->breaks[next]))
    next++;
  return next - t;
}

/* Adds rows t .. t + n - 1, whose terms and errors are there, leaving out those
 * before first_row and those whose windows hold a row from before clean_since,
 * the row behind the last labelled one; returns that for the next rows. */
static gsize
tally_tile (Tally * tally, const VaeParams * params, const VaeRows * rows,
    gsize first_row, gsize t, gsize n, gsize clean_since,
    const float *reconstruction, const float *kl)
{
  for (gsize r = 0; r < n; r++, t++) {
    if (params->skip_labelled && rows->labels && rows->labels[t])
      clean_since = t + 1;
    if (t >= first_row && !isnan (reconstruction[r])
        && t + 1 >= clean_since + params->window)
      tally_row (tally, reconstruction[r], kl[r],
          tally->errors + r * params->channels, params->channels);
  }
  return clean_since;
}

gboolean
vae_calibrate (VaeModel * model, const VaeRows * rows, gsize first_row,
    float *scores, GCancellable * cancellable, GError ** error)
{
  const VaeParams *params = &model->params;
  float reconstruction[VAE_SCORE_TILE], kl[VAE_SCORE_TILE];
  gsize clean_since = 0, n;
  Tally tally;

  if (first_row == rows->n_rows)
    first_row = 0;
  if (!tally_init (&tally, rows->n_rows - first_row, params->channels, error))
    return FALSE;
  VaeScorer *scorer = vae_scorer_new (model, VAE_SCORE_AUTO, error);
  if (!scorer) {
    tally_clear (&tally);
    return FALSE;
  }

  /* The rows before are there to fill the first window. */
  gsize t = first_row - MIN (first_row, params->window - 1);
  for (; t < rows->n_rows && !g_cancellable_is_cancelled (cancellable); t += n) {
    if (rows->breaks && rows->breaks[t])
      vae_scorer_reset (scorer);
    n = unbroken (rows, t);
    vae_scorer_terms (scorer, rows->data + t * params->channels, n,
        reconstruction, kl, tally.errors);
    clean_since = tally_tile (&tally, params, rows, first_row, t, n,
        clean_since, reconstruction, kl);
    for (gsize r = 0; scores && r < n; r++)
      if (t + r >= first_row)
        scores[t + r - first_row] = reconstruction[r] + kl[r];
  }

  const gboolean is_complete = t >= rows->n_rows;
  if (is_complete)
    tally_finish (&tally, model);
  else
    g_set_error (error, VAE_ERROR, VAE_ERROR_CANCELLED,
        "cancelled while calibrating");
  vae_scorer_free (scorer);
  tally_clear (&tally);
  return is_complete;
}
