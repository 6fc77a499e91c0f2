/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "scorer.h"
#include "exp.h"
#include "history.h"
#include "hot.h"
#include "rowpass.h"
#include "team.h"

#include <math.h>
#include <string.h>

/* What a thread needs to send tiles through the networks. */
typedef struct
{
  VaePass *passes[VAE_MAX_DETECTORS];   /* NULL without a network */
  const float **windows;        /* [inputs], what they read */
  float *errors;                /* [channels + 1][VAE_SCORE_TILE], NaN at last */
  const float **error_rows;     /* [stride], from `channels` on the last */
} Worker;

/* What a network makes of some rows. */
typedef struct
{
  gsize tile;                   /* floats from one row of these to the next */
  const float *reconstruction;  /* [channels][tile] */
  const float *mu;              /* [latents][tile] */
  const float *logvar;          /* [latents][tile] */
} Answer;

/* What detectors say of a tile of rows. */
typedef struct
{
  gsize first;                  /* of the rows taken */
  gsize n;
  float *residuals[VAE_MAX_DETECTORS];  /* [VAE_SCORE_TILE][stride] */
  /* terms of the scores of the first detector: */
  float reconstruction[VAE_SCORE_TILE];
  float kl[VAE_SCORE_TILE];
} Tile;

/* What is wanted of a tile. */
typedef enum
{
  WANT_TERMS = 1 << 0,
  WANT_RESIDUALS = 1 << 1,      /* of the first detector */
  WANT_ALL_RESIDUALS = 1 << 2
} Wants;

/* Tiles that a thread works on before the next ones wait for the others. */
#define TILES_PER_WORKER 4
#define MAX_WORKERS 64

struct _VaeScorer
{
  VaeModel *model;
  VaeScore score;
  const VaeKernels *kernels;
  guint channels;
  gsize stride;                 /* of residuals */
  gsize n_before;               /* rows that precede the scored one */
  gsize n_seen;                 /* of those, how many are there already */
  VaeHistory history;
  VaeRowPass *row_passes[VAE_MAX_DETECTORS];    /* NULL without a network */
  VaeTeam *team;                /* NULL = this thread alone */
  guint n_workers;
  Worker workers[MAX_WORKERS];
  guint n_tiles;
  Tile *tiles;                  /* [n_tiles] */
  guint n_used;                 /* tiles with rows in them */
  Wants wants;
  VaeJury jury;                 /* of none, if the score is not calibrated */
  VaeSpot *spot;                /* NULL = the threshold does not learn */
};

/* Up to so many rows are faster one by one than as a tile: a tile takes as long
 * as about ten rows. */
#define ROW_BY_ROW 8

/* --- the object ------------------------------------------------------------- */

static gboolean
is_calibrated (VaeScore score)
{
  return score == VAE_SCORE_CALIBRATED || score == VAE_SCORE_UNSMOOTHED
      || score == VAE_SCORE_RARITY;
}

static gboolean
has_calibration (const VaeModel * model)
{
  for (guint i = 0; i < model->n_detectors; i++)
    for (guint k = 0; k < VAE_N_LEVELS; k++)
      if (isnan (model->detectors[i].usual.levels[k]))
        return FALSE;
  return TRUE;
}

static gboolean
check_score (const VaeModel * model, VaeScore score, GError ** error)
{
  const VaeKind kind = model->params.kind;
  const char *why = NULL;

  if ((guint) score >= VAE_N_SCORES) {
    g_set_error (error, VAE_ERROR, VAE_ERROR_PARAMETER,
        "there is no score number %d", score);
    return FALSE;
  }
  if (is_calibrated (score) && !has_calibration (model))
    why = "it does not say what is usual, which training finds out";
  else if (score == VAE_SCORE_RARITY && (!vae_tail_is_valid (&model->tail)
          || vae_model_resolve_score (model, VAE_SCORE_AUTO)
          != VAE_SCORE_CALIBRATED))
    why = "it does not say how rare calibrated scores are";
  else if (score != VAE_SCORE_RECONSTRUCTION && !is_calibrated (score)
      && !vae_kind_has_latents (kind))
    why = "only a VAE has a KL; its own is the reconstruction";
  if (!why)
    return TRUE;
  g_set_error (error, VAE_ERROR, VAE_ERROR_PARAMETER,
      "the model, of kind %s, has no score %s: %s", vae_kind_name (kind),
      vae_score_name (score), why);
  return FALSE;
}

static const VaeDetector *
detector (const VaeScorer * scorer, guint d)
{
  return &scorer->model->detectors[d];
}

static gboolean
has_network (const VaeScorer * scorer, guint d)
{
  return vae_detector_has_network (detector (scorer, d)->kind);
}

static gboolean
worker_init (Worker * worker, const VaeScorer * scorer)
{
  const gsize inputs = (scorer->n_before + 1) * scorer->channels;

  *worker = (Worker) {
  .windows = g_try_new (const float *, inputs),.errors =
        vae_floats_new ((scorer->channels + 1) * VAE_SCORE_TILE),.error_rows =
        g_try_new (const float *, scorer->stride)};
  gboolean is_complete = worker->windows && worker->errors
      && worker->error_rows;
  for (gsize c = 0; is_complete && c < scorer->stride; c++)
    worker->error_rows[c] = worker->errors
        + MIN (c, scorer->channels) * VAE_SCORE_TILE;
  for (gsize r = 0; is_complete && r < VAE_SCORE_TILE; r++)
    worker->errors[scorer->channels * VAE_SCORE_TILE + r] = NAN;
  for (guint d = 0; d < scorer->model->n_detectors; d++) {
    if (!has_network (scorer, d))
      continue;
    VaeNet net = detector (scorer, d)->net;
    vae_net_keep_outputs (&net, scorer->channels);
    worker->passes[d] = vae_pass_new (&net, VAE_SCORE_TILE, FALSE);
    is_complete = is_complete && worker->passes[d];
  }
  return is_complete;
}

static void
worker_clear (Worker * worker)
{
  for (guint d = 0; d < VAE_MAX_DETECTORS; d++)
    g_clear_pointer (&worker->passes[d], vae_pass_free);
  g_clear_pointer (&worker->windows, g_free);
  g_clear_pointer (&worker->errors, vae_floats_free);
  g_clear_pointer (&worker->error_rows, g_free);
}

static gboolean
tile_init (Tile * tile, const VaeScorer * scorer)
{
  for (guint d = 0; d < scorer->model->n_detectors; d++) {
    tile->residuals[d] = vae_floats_new (VAE_SCORE_TILE * scorer->stride);
    if (!tile->residuals[d])
      return FALSE;
    for (gsize i = 0; i < VAE_SCORE_TILE * scorer->stride; i++)
      tile->residuals[d][i] = NAN;
  }
  return TRUE;
}

static void
tile_clear (Tile * tile)
{
  for (guint d = 0; d < VAE_MAX_DETECTORS; d++)
    vae_floats_free (tile->residuals[d]);
}

/* Room to take so many rows at a time; those before stay. */
static gboolean
make_history (VaeScorer * scorer, gsize most)
{
  VaeHistory history;

  if (!vae_history_init (&history, scorer->n_before, most,
          &scorer->model->scaler))
    return FALSE;
  if (scorer->history.rows)
    vae_history_continue (&history, &scorer->history);
  vae_history_clear (&scorer->history);
  scorer->history = history;
  return TRUE;
}

/* Room for so many workers; what is there already stays, also on failure, when there
 * is no memory. */
static gboolean
make_room (VaeScorer * scorer, guint n_workers)
{
  const guint n_tiles = n_workers > 1 ? n_workers * TILES_PER_WORKER : 1;

  if (!make_history (scorer, n_tiles * VAE_SCORE_TILE))
    return FALSE;
  scorer->tiles = g_renew (Tile, scorer->tiles, n_tiles);
  for (; scorer->n_tiles < n_tiles; scorer->n_tiles++) {
    Tile *tile = &scorer->tiles[scorer->n_tiles];
    *tile = (Tile) {
    0};
    if (!tile_init (tile, scorer)) {
      tile_clear (tile);
      return FALSE;
    }
  }
  for (; scorer->n_workers < n_workers; scorer->n_workers++) {
    Worker *worker = &scorer->workers[scorer->n_workers];
    if (!worker_init (worker, scorer)) {
      worker_clear (worker);
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
init_jury (VaeScorer * scorer)
{
  const VaeModel *model = scorer->model;

  for (guint d = 0; is_calibrated (scorer->score) && d < model->n_detectors;
      d++)
    if (!vae_jury_add (&scorer->jury, &detector (scorer, d)->usual,
            &model->params, scorer->score != VAE_SCORE_UNSMOOTHED))
      return FALSE;
  return TRUE;
}

static gboolean
init_row_passes (VaeScorer * scorer)
{
  for (guint d = 0; d < scorer->model->n_detectors; d++) {
    if (!has_network (scorer, d))
      continue;
    VaeNet net = detector (scorer, d)->net;
    vae_net_keep_outputs (&net, scorer->channels);
    scorer->row_passes[d] = vae_row_pass_new (&net,
        detector (scorer, d)->weights);
    if (!scorer->row_passes[d])
      return FALSE;
  }
  return TRUE;
}

/* A threshold that learns does so about the score that it was made for. */
static gboolean
init_spot (VaeScorer * scorer)
{
  const VaeModel *model = scorer->model;

  if (model->params.threshold != VAE_THRESHOLD_SPOT
      || scorer->score != vae_model_resolve_score (model, VAE_SCORE_AUTO)
      || !vae_spot_start_is_valid (&model->spot))
    return TRUE;
  scorer->spot = vae_spot_new (&model->spot, 1 - model->params.quantile, NULL);
  return scorer->spot != NULL;
}

/* Without asking whether the model has such a score. */
static VaeScorer *
scorer_new (VaeModel * model, VaeScore score, GError ** error)
{
  VaeScorer *scorer = g_new0 (VaeScorer, 1);

  scorer->model = vae_model_ref (model);
  scorer->score = score;
  scorer->kernels = vae_kernels ();
  scorer->channels = model->params.channels;
  scorer->stride = vae_usual_stride (scorer->channels);
  scorer->n_before = vae_model_rows_before (model);
  if (make_room (scorer, 1) && init_row_passes (scorer) && init_jury (scorer)
      && init_spot (scorer))
    return scorer;

  g_set_error (error, VAE_ERROR, VAE_ERROR_MEMORY,
      "no memory to score windows of %" G_GSIZE_FORMAT " rows of %u channels",
      scorer->n_before + 1, scorer->channels);
  vae_scorer_free (scorer);
  return NULL;
}

VaeScorer *
vae_scorer_new (VaeModel * model, VaeScore score, GError ** error)
{
  const VaeScore resolved = vae_model_resolve_score (model, score);

  return check_score (model, resolved, error)
      ? scorer_new (model, resolved, error) : NULL;
}

VaeScorer *
vae_scorer_new_uncalibrated (VaeModel * model, GError ** error)
{
  return scorer_new (model, VAE_SCORE_RECON_KL, error);
}

/* Multiplications and additions in a tile below which other threads are not worth
 * waking up. */
#define TEAM_WORK 4e6

static double
work_per_tile (const VaeScorer * scorer)
{
  gsize per_row = 0;

  for (guint d = 0; d < scorer->model->n_detectors; d++)
    per_row += detector (scorer, d)->net.n_params
        + detector (scorer, d)->nearest.n * scorer->channels;
  return 2.0 * VAE_SCORE_TILE * per_row;
}

void
vae_scorer_use_threads (VaeScorer * scorer, guint threads)
{
  const guint wanted = MIN (threads > 0 ? threads : g_get_num_processors (),
      MAX_WORKERS);

  if (wanted <= scorer->n_workers || work_per_tile (scorer) < TEAM_WORK
      || !make_room (scorer, wanted))
    return;
  vae_team_free (scorer->team);
  scorer->team = vae_team_new (wanted);
}

void
vae_scorer_free (VaeScorer * scorer)
{
  if (!scorer)
    return;
  vae_team_free (scorer->team);
  for (guint i = 0; i < scorer->n_workers; i++)
    worker_clear (&scorer->workers[i]);
  for (guint i = 0; i < scorer->n_tiles; i++)
    tile_clear (&scorer->tiles[i]);
  g_free (scorer->tiles);
  for (guint d = 0; d < VAE_MAX_DETECTORS; d++)
    vae_row_pass_free (scorer->row_passes[d]);
  vae_jury_clear (&scorer->jury);
  vae_spot_free (scorer->spot);
  vae_model_unref (scorer->model);
  vae_history_clear (&scorer->history);
  g_free (scorer);
}

void
vae_scorer_reset (VaeScorer * scorer)
{
  scorer->n_seen = 0;
  vae_jury_reset (&scorer->jury);
}

/* --- rows through the detectors ---------------------------------------------- */

/* Sends a tile, whose windows have been looked up, through network d. */
static Answer
run_network (const VaeScorer * scorer, const Worker * worker, guint d)
{
  VaePass *pass = worker->passes[d];

  vae_pass_read (pass, worker->windows);
  vae_pass_forward (pass, detector (scorer, d)->weights, NULL,
      vae_pass_lanes (pass));
  return (Answer) {
  VAE_SCORE_TILE, vae_pass_reconstruction (pass), vae_pass_mu (pass),
        vae_pass_logvar (pass)};
}

/* The same for the only row. */
static Answer
run_row (const VaeScorer * scorer, guint d)
{
  VaeRowPass *pass = scorer->row_passes[d];

  vae_row_pass_forward (pass, vae_history_window (&scorer->history, 0));
  return (Answer) {
  1, vae_row_pass_reconstruction (pass), vae_row_pass_mu (pass),
        vae_row_pass_logvar (pass)};
}

/* error [n] = x - y where it is observed, else NaN */
VAE_HOT static void
subtract_observed (const float *x, const float *y, const float *observed,
    gsize n, float *error)
{
  for (gsize r = 0; r < n; r++)
    error[r] = observed[r] > 0.f ? x[r] - y[r] : NAN;
}

/* The residuals of a tile, residuals [n][stride], NaN behind the channels. */
static void
find_residuals (const VaeScorer * scorer, const Worker * worker,
    const Answer * answer, const Tile * tile, float *residuals)
{
  const VaeHistory *history = &scorer->history;

  for (guint c = 0; c < scorer->channels; c++)
    subtract_observed (vae_history_channel (history, c, tile->first),
        answer->reconstruction + c * answer->tile,
        vae_history_observed (history, c, tile->first), tile->n,
        worker->errors + c * VAE_SCORE_TILE);
  if (tile->n == 1)
    for (guint c = 0; c < scorer->channels; c++)
      residuals[c] = worker->error_rows[c][0];
  else
    scorer->kernels->transpose (worker->error_rows, scorer->stride, tile->n,
        residuals, scorer->stride);
}

/* sum [n] += (x - y)^2 where it is observed, count [n] += where it is */
VAE_HOT static void
add_squared_errors (const float *x, const float *y, const float *observed,
    gsize n, float *sum, float *count)
{
  for (gsize r = 0; r < n; r++) {
    const float error = (x[r] - y[r]) * observed[r];
    sum[r] += error * error;
    count[r] += observed[r];
  }
}

/* Mean over the observed channels of the squared error of each row of a tile; NaN
 * where nothing is observed. */
static void
find_reconstruction (const VaeScorer * scorer, const Answer * answer,
    Tile * tile)
{
  const VaeHistory *history = &scorer->history;
  float sum[VAE_SCORE_TILE] = { 0 }, count[VAE_SCORE_TILE] = { 0 };

  for (guint c = 0; c < scorer->channels; c++)
    add_squared_errors (vae_history_channel (history, c, tile->first),
        answer->reconstruction + c * answer->tile,
        vae_history_observed (history, c, tile->first), tile->n, sum, count);
  for (gsize r = 0; r < tile->n; r++)
    tile->reconstruction[r] = count[r] > 0.f ? sum[r] / count[r] : NAN;
}

/* KL (N (mu, exp (logvar)) || N (0, 1)) summed over the latents: kl [n] */
VAE_HOT static void
find_kl (const Answer * answer, gsize latents, gsize n, float *kl)
{
  const float *mu = answer->mu, *logvar = answer->logvar;

  memset (kl, 0, n * sizeof (float));
  for (gsize k = 0; k < latents; k++)
    for (gsize r = 0; r < n; r++) {
      const gsize i = k * answer->tile + r;
      kl[r] += 0.5f * (mu[i] * mu[i] + vae_exp (logvar[i]) - 1.f - logvar[i]);
    }
}

/* The same of residuals [n][stride], for a detector without a network. */
static void
mean_squares (const VaeScorer * scorer, Tile * tile)
{
  for (gsize r = 0; r < tile->n; r++) {
    const float *residual = tile->residuals[0] + r * scorer->stride;
    float sum = 0.f, count = 0.f;
    for (guint c = 0; c < scorer->channels; c++)
      if (!isnan (residual[c])) {
        sum += residual[c] * residual[c];
        count += 1.f;
      }
    tile->reconstruction[r] = count > 0.f ? sum / count : NAN;
    tile->kl[r] = 0.f;
  }
}

/* What network d makes of a tile. */
static void
ask_network (const VaeScorer * scorer, const Worker * worker, guint d,
    gboolean as_row, Tile * tile)
{
  const Answer answer = as_row ? run_row (scorer, d)
      : run_network (scorer, worker, d);

  if (d == 0 && (scorer->wants & WANT_TERMS)) {
    find_reconstruction (scorer, &answer, tile);
    find_kl (&answer, detector (scorer, d)->net.latents, tile->n, tile->kl);
  }
  if (scorer->wants & (WANT_RESIDUALS | WANT_ALL_RESIDUALS))
    find_residuals (scorer, worker, &answer, tile, tile->residuals[d]);
}

static void
ask_nearest (const VaeScorer * scorer, guint d, Tile * tile)
{
  for (gsize r = 0; r < tile->n; r++)
    vae_nearest_residual (&detector (scorer, d)->nearest,
        vae_history_row (&scorer->history, tile->first + r),
        tile->residuals[d] + r * scorer->stride);
  if (d == 0)
    mean_squares (scorer, tile);
}

static void
ask_detectors (const VaeScorer * scorer, const Worker * worker, Tile * tile)
{
  const guint n_asked = scorer->wants & WANT_ALL_RESIDUALS
      ? scorer->model->n_detectors : 1;
  const gboolean as_row = tile->n == 1 && tile->first == 0;

  if (!as_row)
    vae_history_windows (&scorer->history, tile->first, worker->windows);
  for (guint d = 0; d < n_asked; d++)
    if (has_network (scorer, d))
      ask_network (scorer, worker, d, as_row, tile);
    else
      ask_nearest (scorer, d, tile);
}

/* Every so many tiles are a worker's. */
static void
work (guint part, guint parts, gpointer user_data)
{
  VaeScorer *scorer = user_data;

  for (guint i = part; i < scorer->n_used; i += parts)
    ask_detectors (scorer, &scorer->workers[part], &scorer->tiles[i]);
}

/* Takes rows and has them worked on. Those of one tile wake nobody up. */
static void
take_and_work (VaeScorer * scorer, const float *data, gsize n)
{
  vae_history_take (&scorer->history, &scorer->model->scaler, data, n);
  for (scorer->n_used = 0; scorer->n_used * VAE_SCORE_TILE < n;
      scorer->n_used++) {
    Tile *tile = &scorer->tiles[scorer->n_used];
    tile->first = scorer->n_used * VAE_SCORE_TILE;
    tile->n = MIN (n - tile->first, VAE_SCORE_TILE);
  }
  vae_team_run (scorer->n_used > 1 ? scorer->team : NULL, work, scorer);
}

/* How many of the next n_rows rows to take at once. */
static gsize
next_rows (const VaeScorer * scorer, gsize n_rows)
{
  if (n_rows <= ROW_BY_ROW)
    return 1;
  return MIN (n_rows, scorer->n_tiles * VAE_SCORE_TILE);
}

/* --- the scores of the first detector ----------------------------------------- */

/* Squared errors. */
static void
blame_single (const VaeScorer * scorer, const Tile * tile, gsize r,
    float *contributions)
{
  const float *residual = tile->residuals[0] + r * scorer->stride;

  for (guint c = 0; c < scorer->channels; c++)
    contributions[c] = residual[c] * residual[c];
}

static void
score_single (const VaeScorer * scorer, const Tile * tile, float *scores,
    float *contributions)
{
  memcpy (scores, tile->reconstruction, tile->n * sizeof (float));
  if (scorer->score == VAE_SCORE_RECON_KL)
    for (gsize r = 0; r < tile->n; r++)
      scores[r] += tile->kl[r];
  else if (scorer->score == VAE_SCORE_KL)
    for (gsize r = 0; r < tile->n; r++)
      scores[r] = isnan (scores[r]) ? NAN : tile->kl[r];
  for (gsize r = 0; contributions && r < tile->n; r++)
    blame_single (scorer, tile, r, contributions + r * scorer->channels);
}

/* --- the calibrated scores ------------------------------------------------- */

/* NaN if nothing of row r is there, or its window is not full. */
static float
calibrated_score (VaeScorer * scorer, const Tile * tile, gsize r)
{
  const float *residuals[VAE_MAX_DETECTORS];

  if (scorer->n_seen + tile->first + r < scorer->n_before)
    return NAN;
  for (guint d = 0; d < scorer->model->n_detectors; d++)
    residuals[d] = tile->residuals[d] + r * scorer->stride;
  const float score = vae_jury_step (&scorer->jury, residuals);
  return scorer->score == VAE_SCORE_RARITY
      ? vae_tail_rarity (&scorer->model->tail, score) : score;
}

static void
blame_all (const VaeScorer * scorer, const Tile * tile, gsize r,
    float *contributions)
{
  const float *residual = tile->residuals[0] + r * scorer->stride;

  vae_jury_blame (&scorer->jury, scorer->channels, contributions);
  for (guint c = 0; c < scorer->channels; c++)
    if (isnan (residual[c]))
      contributions[c] = NAN;
}

static void
score_calibrated (VaeScorer * scorer, const Tile * tile, float *scores,
    float *contributions)
{
  for (gsize r = 0; r < tile->n; r++) {
    scores[r] = calibrated_score (scorer, tile, r);
    if (contributions && !isnan (scores[r]))
      blame_all (scorer, tile, r, contributions + r * scorer->channels);
  }
}

/* --- all of it --------------------------------------------------------------- */

static void
fill_unknown (float *floats, gsize n)
{
  for (gsize i = 0; i < n; i++)
    floats[i] = NAN;
}

/* What the first detector took row r to be, in the data's units. */
static void
put_expected (const VaeScorer * scorer, const Tile * tile, gsize r,
    float *expected)
{
  const VaeScalerFit *scaler = &scorer->model->scaler;
  const float *residual = tile->residuals[0] + r * scorer->stride;
  const float *row = vae_history_row (&scorer->history, tile->first + r);

  for (guint c = 0; c < scorer->channels; c++)
    expected[c] = scaler->offset[c]
        + scaler->scale[c] * (row[c] - residual[c]);
}

/* Rows that have no score have nothing else either. */
static void
finish_row (const VaeScorer * scorer, const Tile * tile, gsize r,
    gboolean is_scored, float *contributions, float *expected)
{
  const gsize first = r * scorer->channels;

  if (contributions && !is_scored)
    fill_unknown (contributions + first, scorer->channels);
  if (expected && !is_scored)
    fill_unknown (expected + first, scorer->channels);
  if (expected && is_scored)
    put_expected (scorer, tile, r, expected + first);
}

static void
finish_rows (const VaeScorer * scorer, const Tile * tile, float *scores,
    float *contributions, float *expected)
{
  const gsize seen = scorer->n_seen + tile->first;
  const gsize unfilled = MIN (scorer->n_before - MIN (seen, scorer->n_before),
      tile->n);

  fill_unknown (scores, unfilled);
  for (gsize r = 0; (contributions || expected) && r < tile->n; r++)
    finish_row (scorer, tile, r, !isnan (scores[r]), contributions, expected);
}

/* The outputs begin with the tile's first row. */
static void
finish_tile (VaeScorer * scorer, const Tile * tile, float *scores,
    float *contributions, float *expected)
{
  if (is_calibrated (scorer->score))
    score_calibrated (scorer, tile, scores, contributions);
  else
    score_single (scorer, tile, scores, contributions);
  finish_rows (scorer, tile, scores, contributions, expected);
}

static Wants
wants_of (const VaeScorer * scorer, gboolean more_than_scores)
{
  if (is_calibrated (scorer->score))
    return WANT_ALL_RESIDUALS;
  return WANT_TERMS | (more_than_scores ? WANT_RESIDUALS : 0);
}

void
vae_scorer_execute (VaeScorer * scorer, const float *data, gsize n_rows,
    float *scores, float *contributions, float *expected)
{
  const guint channels = scorer->channels;
  gsize n;

  scorer->wants = wants_of (scorer, contributions || expected);
  for (gsize t = 0; t < n_rows; t += n) {
    n = next_rows (scorer, n_rows - t);
    take_and_work (scorer, data + t * channels, n);
    for (guint i = 0; i < scorer->n_used; i++) {
      const Tile *tile = &scorer->tiles[i];
      const gsize row = t + tile->first;
      finish_tile (scorer, tile, scores + row,
          contributions ? contributions + row * channels : NULL,
          expected ? expected + row * channels : NULL);
    }
    scorer->n_seen = MIN (scorer->n_seen + n, scorer->n_before);
  }
}

/* Rows before the window is full are not known. */
static void
measure_tile (VaeScorer * scorer, Tile * tile, float *reconstruction, float *kl,
    float *const *residuals)
{
  const gsize full = scorer->n_before - scorer->n_seen;
  const gsize size = tile->n * scorer->stride;

  for (gsize r = 0; r < tile->n; r++) {
    const gboolean is_known = tile->first + r >= full
        && !isnan (tile->reconstruction[r]);
    reconstruction[r] = is_known ? tile->reconstruction[r] : NAN;
    kl[r] = is_known ? tile->kl[r] : NAN;
    for (guint d = 0; tile->first + r < full
        && d < scorer->model->n_detectors; d++)
      fill_unknown (tile->residuals[d] + r * scorer->stride, scorer->stride);
  }
  for (guint d = 0; d < scorer->model->n_detectors; d++)
    memcpy (residuals[d], tile->residuals[d], size * sizeof (float));
}

void
vae_scorer_measure (VaeScorer * scorer, const float *data, gsize n_rows,
    float *reconstruction, float *kl, float *const *residuals)
{
  float *tile_residuals[VAE_MAX_DETECTORS];
  gsize n;

  scorer->wants = WANT_TERMS | WANT_ALL_RESIDUALS;
  for (gsize t = 0; t < n_rows; t += n) {
    n = next_rows (scorer, n_rows - t);
    take_and_work (scorer, data + t * scorer->channels, n);
    for (guint i = 0; i < scorer->n_used; i++) {
      Tile *tile = &scorer->tiles[i];
      const gsize row = t + tile->first;
      for (guint d = 0; d < scorer->model->n_detectors; d++)
        tile_residuals[d] = residuals[d] + row * scorer->stride;
      measure_tile (scorer, tile, reconstruction + row, kl + row,
          tile_residuals);
    }
    scorer->n_seen = MIN (scorer->n_seen + n, scorer->n_before);
  }
}

/* --- alarms ------------------------------------------------------------------ */

double
vae_scorer_threshold (const VaeScorer * scorer)
{
  return scorer->spot ? vae_spot_threshold (scorer->spot)
      : vae_model_threshold (scorer->model, scorer->score);
}

void
vae_scorer_decide (VaeScorer * scorer, const float *scores, gsize n,
    guint8 *alarms)
{
  const float threshold = vae_model_threshold (scorer->model, scorer->score);

  for (gsize i = 0; i < n; i++)
    alarms[i] = scorer->spot ? vae_spot_step (scorer->spot, scores[i])
        : scores[i] > threshold;
}
