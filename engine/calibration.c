/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "calibration.h"
#include "quantile.h"
#include "scorer.h"

#include <math.h>
#include <string.h>

/* What is usual is looked for in so many of the last rows: this many cells, but at
 * least so many rows. */
#define MOST_CELLS ((gsize) 1 << 22)
#define LEAST_ROWS 1024

/* The rows that are looked at, the last n of them with their residuals. */
typedef struct
{
  gsize first_row;
  gsize n_rows;
  float *reconstruction;        /* [n_rows], NaN = not scored */
  float *kl;                    /* [n_rows] */
  guint8 *counts;               /* [n_rows], 1 = tells what is usual */
  guint8 *restarts;             /* [n_rows], 1 = does not follow the row before */
  gsize n;
  gsize stride;
  float *residuals[VAE_MAX_DETECTORS];  /* [n][stride] */
  float *scores;                /* [n_rows], scratch */
} Record;

static void
record_clear (Record * record)
{
  g_free (record->reconstruction);
  g_free (record->kl);
  g_free (record->counts);
  g_free (record->restarts);
  g_free (record->scores);
  for (guint i = 0; i < VAE_MAX_DETECTORS; i++)
    g_free (record->residuals[i]);
}

static gboolean
record_init (Record * record, const VaeModel * model, gsize first_row,
    gsize n_rows, GError ** error)
{
  const gsize stride = vae_usual_stride (model->params.channels);

  *record = (Record) {
  .first_row = first_row,.n_rows = n_rows,.n =
        MIN (n_rows, MAX (MOST_CELLS / stride, LEAST_ROWS)),.stride = stride};
  record->reconstruction = g_try_new (float, n_rows);
  record->kl = g_try_new (float, n_rows);
  record->counts = g_try_new0 (guint8, n_rows);
  record->restarts = g_try_new0 (guint8, n_rows);
  record->scores = g_try_new (float, n_rows);
  gboolean is_complete = record->reconstruction && record->kl
      && record->counts && record->restarts && record->scores;
  for (guint i = 0; i < model->n_detectors; i++) {
    record->residuals[i] = g_try_new (float, record->n * stride);
    is_complete = is_complete && record->residuals[i];
  }
  if (is_complete)
    return TRUE;

  record_clear (record);
  g_set_error (error, VAE_ERROR, VAE_ERROR_MEMORY,
      "no memory to calibrate on %" G_GSIZE_FORMAT " rows", n_rows);
  return FALSE;
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

/* Notes row t of the series, of which row r of a tile tells. Rows whose windows
 * hold a labelled one, before clean_since, don't count; returns that for the next
 * row. */
static gsize
record_row (Record * record, const VaeParams * params, const VaeRows * rows,
    gsize t, float reconstruction, float kl, float *const *tile, gsize r,
    gsize clean_since)
{
  if (params->skip_labelled && rows->labels && rows->labels[t])
    clean_since = t + 1;
  if (t < record->first_row)
    return clean_since;

  const gsize i = t - record->first_row;
  const gsize first_kept = record->n_rows - record->n;
  record->reconstruction[i] = reconstruction;
  record->kl[i] = kl;
  record->counts[i] = t + 1 >= clean_since + params->window;
  record->restarts[i] = rows->breaks && rows->breaks[t];
  for (guint d = 0; i >= first_kept && d < VAE_MAX_DETECTORS; d++)
    if (record->residuals[d])
      memcpy (record->residuals[d] + (i - first_kept) * record->stride,
          tile[d] + r * record->stride, record->stride * sizeof (float));
  return clean_since;
}

/* Sends the rows through the model's detectors. */
static gboolean
record_rows (Record * record, VaeModel * model, const VaeRows * rows,
    GCancellable * cancellable, GError ** error)
{
  const VaeParams *params = &model->params;
  const gsize tile_size = VAE_SCORE_TILE * record->stride;
  float reconstruction[VAE_SCORE_TILE], kl[VAE_SCORE_TILE];
  float *tile[VAE_MAX_DETECTORS];
  gsize clean_since = 0, n;

  VaeScorer *scorer = vae_scorer_new_uncalibrated (model, error);
  if (!scorer)
    return FALSE;
  float *block = g_new (float, VAE_MAX_DETECTORS * tile_size);
  for (guint d = 0; d < VAE_MAX_DETECTORS; d++)
    tile[d] = block + d * tile_size;

  /* The rows before are there to fill the first window. */
  gsize t = record->first_row
      - MIN (record->first_row, vae_model_rows_before (model));
  for (; t < rows->n_rows && !g_cancellable_is_cancelled (cancellable); t += n) {
    if (rows->breaks && rows->breaks[t])
      vae_scorer_reset (scorer);
    n = unbroken (rows, t);
    vae_scorer_measure (scorer, rows->data + t * params->channels, n,
        reconstruction, kl, tile);
    for (gsize r = 0; r < n; r++)
      clean_since = record_row (record, params, rows, t + r,
          reconstruction[r], kl[r], tile, r, clean_since);
  }
  g_free (block);
  vae_scorer_free (scorer);
  if (t >= rows->n_rows)
    return TRUE;
  g_set_error (error, VAE_ERROR, VAE_ERROR_CANCELLED,
      "cancelled while calibrating");
  return FALSE;
}

static gboolean
fit_usual (const Record * record, VaeModel * model, GError ** error)
{
  const gsize first = record->n_rows - record->n;

  for (guint d = 0; d < model->n_detectors; d++)
    if (!vae_usual_fit (&model->detectors[d].usual, &model->params,
            record->residuals[d], record->restarts + first,
            record->counts + first, record->n, error))
      return FALSE;
  return TRUE;
}

/* Moves those of n scores that are known and count to the front; how many. */
static gsize
keep_known (float *scores, const guint8 *counts, gsize n)
{
  gsize known = 0;

  for (gsize i = 0; i < n; i++)
    if (counts[i] && isfinite (scores[i]))
      scores[known++] = scores[i];
  return known;
}

/* What the usual scores [n], n > 0, have below them in the share that is asked for;
 * they may be reordered. */
static gboolean
find_threshold (const VaeModel * model, float *scores, gsize n,
    float *threshold, GError ** error)
{
  const double quantile = model->params.quantile;
  double found;

  if (model->params.threshold == VAE_THRESHOLD_QUANTILE)
    found = vae_quantile (scores, n, quantile);
  else if (!vae_pot_threshold (scores, n, VAE_POT_LEVEL, 1 - quantile, &found,
          error))
    return FALSE;
  *threshold = found;
  return TRUE;
}

/* Takes the scores in the order of the rows: all that is known about one score,
 * threshold last. */
static gboolean
take_scores (VaeModel * model, VaeScore score, float *scores,
    const guint8 *counts, gsize n, GError ** error)
{
  const gsize known = keep_known (scores, counts, n);

  if (known == 0)
    return TRUE;
  if (score == vae_model_resolve_score (model, VAE_SCORE_AUTO)
      && !(vae_tail_init (&model->tail, scores, known, error)
          && vae_spot_start_init (&model->spot, scores, known, VAE_POT_LEVEL,
              error)))
    return FALSE;
  return find_threshold (model, scores, known, &model->threshold[score], error);
}

/* The thresholds of the scores of the first detector. */
static gboolean
find_single_thresholds (const Record * record, VaeModel * model,
    GError ** error)
{
  for (guint score = VAE_SCORE_RECON_KL; score <= VAE_SCORE_KL; score++) {
    if (!vae_kind_has_latents (model->params.kind)
        && score != VAE_SCORE_RECONSTRUCTION)
      continue;
    for (gsize i = 0; i < record->n_rows; i++)
      record->scores[i] = score == VAE_SCORE_KL ? record->kl[i]
          : record->reconstruction[i]
          + (score == VAE_SCORE_RECON_KL ? record->kl[i] : 0.f);
    if (!take_scores (model, score, record->scores, record->counts,
            record->n_rows, error))
      return FALSE;
  }
  return TRUE;
}

/* The calibrated score of kept row i. */
static float
replay_row (const Record * record, VaeJury * jury, gsize i)
{
  const float *residuals[VAE_MAX_DETECTORS];

  for (guint d = 0; d < jury->n; d++)
    residuals[d] = record->residuals[d] + i * record->stride;
  return vae_jury_step (jury, residuals);
}

/* The calibrated scores [n] of the rows whose residuals are kept and that count. */
static gboolean
replay (const Record * record, const VaeModel * model, gboolean smooths,
    float *scores, GError ** error)
{
  const gsize first = record->n_rows - record->n;
  gboolean is_complete = TRUE;
  VaeJury jury = { 0 };

  for (guint d = 0; is_complete && d < model->n_detectors; d++)
    is_complete = vae_jury_add (&jury, &model->detectors[d].usual,
        &model->params, smooths);
  for (gsize i = 0; is_complete && i < record->n; i++) {
    if (record->restarts[first + i])
      vae_jury_reset (&jury);
    scores[i] = record->counts[first + i]
        ? replay_row (record, &jury, i) : NAN;
  }
  vae_jury_clear (&jury);
  if (!is_complete)
    g_set_error (error, VAE_ERROR, VAE_ERROR_MEMORY, "no memory to calibrate");
  return is_complete;
}

static gboolean
find_calibrated_thresholds (const Record * record, VaeModel * model,
    GError ** error)
{
  const guint8 *counts = record->counts + record->n_rows - record->n;

  for (guint score = VAE_SCORE_CALIBRATED; score <= VAE_SCORE_UNSMOOTHED;
      score++) {
    if (!replay (record, model, score == VAE_SCORE_CALIBRATED, record->scores,
            error)
        || !take_scores (model, score, record->scores, counts, record->n,
            error))
      return FALSE;
  }
  if (vae_tail_is_valid (&model->tail))
    model->threshold[VAE_SCORE_RARITY] = vae_tail_rarity (&model->tail,
        model->threshold[VAE_SCORE_CALIBRATED]);
  return TRUE;
}

gboolean
vae_calibrate (VaeModel * model, const VaeRows * rows, gsize first_row,
    float *scores, GCancellable * cancellable, GError ** error)
{
  Record record;

  if (first_row == rows->n_rows)
    first_row = 0;
  if (!record_init (&record, model, first_row, rows->n_rows - first_row, error))
    return FALSE;

  const gboolean is_calibrated =
      record_rows (&record, model, rows, cancellable, error)
      && fit_usual (&record, model, error)
      && find_calibrated_thresholds (&record, model, error)
      && find_single_thresholds (&record, model, error);
  for (gsize i = 0; is_calibrated && scores && i < record.n_rows; i++)
    scores[i] = record.reconstruction[i] + record.kl[i];
  record_clear (&record);
  return is_calibrated;
}
