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

/* A detector of the model, and where it stands. */
typedef struct
{
  const VaeDetector *detector;
  VaePass *pass;                /* NULL without a network */
  VaeRowPass *row_pass;         /* NULL = do it with the other one */
  float *residuals;             /* [VAE_SCORE_TILE][stride] */
} Member;

struct _VaeScorer
{
  VaeModel *model;
  VaeScore score;
  guint channels;
  gsize stride;                 /* of residuals */
  gsize n_before;               /* rows that precede the scored one */
  gsize n_seen;                 /* of those, how many are there already */
  float *history;               /* [n_before + VAE_SCORE_TILE][channels], scaled:
                                 * the rows before, then those to be scored */
  float *observed;              /* [inputs][VAE_SCORE_TILE] */
  float *row;                   /* [inputs], the input of row passes */
  VaeScalerFit wide_scaler;     /* of SCALED_ROWS rows at a time */
  VaeJury jury;                 /* of none, if the score is not calibrated */
  VaeSpot *spot;                /* NULL = the threshold does not learn */
  guint n_members;
  Member members[VAE_MAX_DETECTORS];    /* the first one's input is all networks' */
};

/* Rows that are scaled as one: a divisor of VAE_SCORE_TILE. */
#define SCALED_ROWS 16

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

static gboolean
init_network (Member * member, guint channels)
{
  VaeNet net = member->detector->net;

  vae_net_keep_outputs (&net, channels);
  member->pass = vae_pass_new (&net, VAE_SCORE_TILE, FALSE);
  member->row_pass = vae_row_pass_new (&net, member->detector->weights,
      VAE_SCORE_TILE);
  return member->pass != NULL;
}

static gboolean
init_member (VaeScorer * scorer, Member * member)
{
  const VaeParams *params = &scorer->model->params;

  member->residuals = vae_floats_new (VAE_SCORE_TILE * scorer->stride);
  if (!member->residuals)
    return FALSE;
  for (gsize i = 0; i < VAE_SCORE_TILE * scorer->stride; i++)
    member->residuals[i] = NAN;
  if (is_calibrated (scorer->score)
      && !vae_jury_add (&scorer->jury, &member->detector->usual, params,
          scorer->score != VAE_SCORE_UNSMOOTHED))
    return FALSE;
  return !vae_detector_has_network (member->detector->kind)
      || init_network (member, scorer->channels);
}

static gboolean
init_members (VaeScorer * scorer)
{
  const VaeModel *model = scorer->model;

  scorer->n_members = model->n_detectors;
  for (guint i = 0; i < model->n_detectors; i++) {
    Member *member = &scorer->members[i];
    member->detector = &model->detectors[i];
    if (!init_member (scorer, member))
      return FALSE;
    if (i > 0 && member->pass)
      vae_pass_share_input (member->pass,
          vae_pass_input (scorer->members[0].pass));
  }
  return TRUE;
}

static gboolean
init_buffers (VaeScorer * scorer)
{
  const gsize inputs = (scorer->n_before + 1) * scorer->channels;

  scorer->history = vae_floats_new ((scorer->n_before + VAE_SCORE_TILE)
      * scorer->channels);
  scorer->observed = vae_floats_new (inputs * VAE_SCORE_TILE);
  scorer->row = vae_floats_new (inputs);
  return vae_scaler_repeat (&scorer->wide_scaler, &scorer->model->scaler,
      SCALED_ROWS) && scorer->history && scorer->observed && scorer->row;
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
  scorer->channels = model->params.channels;
  scorer->stride = vae_usual_stride (scorer->channels);
  scorer->n_before = vae_model_rows_before (model);
  if (init_buffers (scorer) && init_members (scorer) && init_spot (scorer))
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

void
vae_scorer_free (VaeScorer * scorer)
{
  if (!scorer)
    return;
  for (guint i = 0; i < scorer->n_members; i++) {
    Member *member = &scorer->members[i];
    vae_pass_free (member->pass);
    vae_row_pass_free (member->row_pass);
    vae_floats_free (member->residuals);
  }
  vae_jury_clear (&scorer->jury);
  vae_spot_free (scorer->spot);
  vae_model_unref (scorer->model);
  vae_floats_free (scorer->history);
  vae_floats_free (scorer->observed);
  vae_floats_free (scorer->row);
  vae_scaler_clear (&scorer->wide_scaler);
  g_free (scorer);
}

void
vae_scorer_reset (VaeScorer * scorer)
{
  scorer->n_seen = 0;
  vae_jury_reset (&scorer->jury);
}

/* --- rows through the detectors ---------------------------------------------- */

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

/* Row r of those that were taken, [channels]. */
static const float *
taken_row (const VaeScorer * scorer, gsize r)
{
  return scorer->history + (scorer->n_before + r) * scorer->channels;
}

/* Brings the windows that end with the n rows taken to the networks: as a tile or,
 * if `as_row`, the only one as a row. */
static void
gather (VaeScorer * scorer, gsize n, gboolean as_row)
{
  const guint window = scorer->n_before + 1;
  gsize ends[VAE_SCORE_TILE];

  for (gsize r = 0; r < n; r++)
    ends[r] = scorer->n_before + r;
  if (as_row)
    vae_window_gather (scorer->history, scorer->channels, window, ends, 1, 1,
        scorer->row, scorer->observed, (VaeRange) {
        0, 1});
  else
    vae_window_gather (scorer->history, scorer->channels, window, ends, n,
        VAE_SCORE_TILE, vae_pass_input (scorer->members[0].pass),
        scorer->observed, vae_pass_lanes (scorer->members[0].pass));
}

/* Sends what was gathered through a network. Input, observed and reconstruction
 * are those of the windows' last rows. */
static VaeOutputs
run_network (const VaeScorer * scorer, const Member * member, gboolean as_row)
{
  const gsize tile = as_row ? 1 : VAE_SCORE_TILE;
  const gsize last = scorer->n_before * scorer->channels * tile;

  if (as_row) {
    vae_row_pass_forward (member->row_pass, scorer->row);
    return (VaeOutputs) {
    .tile = 1,.inputs = scorer->channels,.latents =
          member->detector->net.latents,.input =
          scorer->row + last,.observed =
          scorer->observed + last,.reconstruction =
          vae_row_pass_reconstruction (member->row_pass),.mu =
          vae_row_pass_mu (member->row_pass),.logvar =
          vae_row_pass_logvar (member->row_pass),};
  }
  vae_pass_forward (member->pass, member->detector->weights, NULL,
      vae_pass_lanes (member->pass));
  return (VaeOutputs) {
  .tile = tile,.inputs = scorer->channels,.latents =
        member->detector->net.latents,.input =
        vae_pass_input (scorer->members[0].pass) + last,.observed =
        scorer->observed + last,.reconstruction =
        vae_pass_reconstruction (member->pass),.mu =
        vae_pass_mu (member->pass),.logvar = vae_pass_logvar (member->pass),};
}

/* The residuals of the first n lanes, residuals [n][stride]. */
VAE_HOT static void
residuals_of_tile (const VaeOutputs * outputs, gsize n, gsize stride,
    float *residuals)
{
  for (gsize c = 0; c < outputs->inputs; c++) {
    const gsize first = c * outputs->tile;
    for (gsize r = 0; r < n; r++) {
      const float e = outputs->input[first + r]
          - outputs->reconstruction[first + r];
      residuals[r * stride + c] = outputs->observed[first + r] > 0.f ? e : NAN;
    }
  }
}

static gboolean
goes_row_by_row (const VaeScorer * scorer)
{
  for (guint i = 0; i < scorer->n_members; i++)
    if (scorer->members[i].pass && !scorer->members[i].row_pass)
      return FALSE;
  return TRUE;
}

/* The residuals of all detectors for the n rows taken. */
static void
find_residuals (VaeScorer * scorer, gsize n)
{
  const gboolean as_row = n == 1 && goes_row_by_row (scorer);

  if (scorer->members[0].pass)
    gather (scorer, n, as_row);
  for (guint i = 0; i < scorer->n_members; i++) {
    Member *member = &scorer->members[i];
    if (member->pass) {
      const VaeOutputs outputs = run_network (scorer, member, as_row);
      residuals_of_tile (&outputs, n, scorer->stride, member->residuals);
      continue;
    }
    for (gsize r = 0; r < n; r++)
      vae_nearest_residual (&member->detector->nearest, taken_row (scorer, r),
          member->residuals + r * scorer->stride);
  }
}

/* Keeps the rows that the windows of later ones will need. */
static void
advance (VaeScorer * scorer, gsize n)
{
  memmove (scorer->history, scorer->history + n * scorer->channels,
      scorer->n_before * scorer->channels * sizeof (float));
  scorer->n_seen = MIN (scorer->n_seen + n, scorer->n_before);
}

/* How many of the next n_rows rows to take at once. */
static gsize
next_rows (const VaeScorer * scorer, gsize n_rows)
{
  if (n_rows <= ROW_BY_ROW && goes_row_by_row (scorer))
    return 1;
  return MIN (n_rows, VAE_SCORE_TILE);
}

/* --- the scores of the first detector ----------------------------------------- */

/* Mean over the observed channels of the squared error of each row:
 * reconstruction [tile]; NaN where nothing is observed. */
VAE_HOT static void
reconstruction_terms (const VaeOutputs * outputs, float *reconstruction)
{
  const gsize tile = outputs->tile;
  const float *x = outputs->input, *y = outputs->reconstruction;
  const float *observed = outputs->observed;
  float sum[VAE_SCORE_TILE] = { 0 }, count[VAE_SCORE_TILE] = { 0 };

  for (gsize c = 0; c < outputs->inputs; c++)
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
kl_terms (const VaeOutputs * outputs, float *kl)
{
  const gsize tile = outputs->tile;
  const float *mu = outputs->mu, *logvar = outputs->logvar;

  memset (kl, 0, tile * sizeof (float));
  for (gsize k = 0; k < outputs->latents; k++)
    for (gsize r = 0; r < tile; r++) {
      const gsize i = k * tile + r;
      kl[r] += 0.5f * (mu[i] * mu[i] + vae_exp (logvar[i]) - 1.f - logvar[i]);
    }
}

/* The same of residuals [n][stride], for a detector without a network. */
static void
mean_squares (const VaeScorer * scorer, gsize n, float *reconstruction)
{
  for (gsize r = 0; r < n; r++) {
    const float *residual = scorer->members[0].residuals + r * scorer->stride;
    float sum = 0.f, count = 0.f;
    for (guint c = 0; c < scorer->channels; c++)
      if (!isnan (residual[c])) {
        sum += residual[c] * residual[c];
        count += 1.f;
      }
    reconstruction[r] = count > 0.f ? sum / count : NAN;
  }
}

/* `with_residuals`: they are wanted too. */
static void
find_terms (VaeScorer * scorer, gsize n, gboolean with_residuals,
    float *reconstruction, float *kl)
{
  const Member *member = &scorer->members[0];
  const gboolean as_row = n == 1 && goes_row_by_row (scorer);

  if (!member->pass) {
    find_residuals (scorer, n);
    mean_squares (scorer, n, reconstruction);
    memset (kl, 0, n * sizeof (float));
    return;
  }
  gather (scorer, n, as_row);
  const VaeOutputs outputs = run_network (scorer, member, as_row);
  reconstruction_terms (&outputs, reconstruction);
  kl_terms (&outputs, kl);
  if (with_residuals)
    residuals_of_tile (&outputs, n, scorer->stride, member->residuals);
}

/* Squared errors. */
static void
blame_single (const VaeScorer * scorer, gsize r, float *contributions)
{
  const float *residual = scorer->members[0].residuals + r * scorer->stride;

  for (guint c = 0; c < scorer->channels; c++)
    contributions[c] = residual[c] * residual[c];
}

static void
score_single (VaeScorer * scorer, gsize n, float *scores, float *contributions,
    gboolean with_residuals)
{
  float reconstruction[VAE_SCORE_TILE], kl[VAE_SCORE_TILE];

  find_terms (scorer, n, with_residuals, reconstruction, kl);
  for (gsize r = 0; r < n; r++) {
    if (scorer->score == VAE_SCORE_RECON_KL)
      scores[r] = reconstruction[r] + kl[r];
    else if (scorer->score == VAE_SCORE_KL)
      scores[r] = isnan (reconstruction[r]) ? NAN : kl[r];
    else
      scores[r] = reconstruction[r];
    if (contributions)
      blame_single (scorer, r, contributions + r * scorer->channels);
  }
}

/* --- the calibrated scores ------------------------------------------------- */

/* NaN if nothing of row r is there, or its window is not full. */
static float
calibrated_score (VaeScorer * scorer, gsize r)
{
  const float *residuals[VAE_MAX_DETECTORS];

  if (scorer->n_seen + r < scorer->n_before)
    return NAN;
  for (guint i = 0; i < scorer->n_members; i++)
    residuals[i] = scorer->members[i].residuals + r * scorer->stride;
  const float score = vae_jury_step (&scorer->jury, residuals);
  return scorer->score == VAE_SCORE_RARITY
      ? vae_tail_rarity (&scorer->model->tail, score) : score;
}

static void
blame_all (const VaeScorer * scorer, gsize r, float *contributions)
{
  const float *residual = scorer->members[0].residuals + r * scorer->stride;

  vae_jury_blame (&scorer->jury, scorer->channels, contributions);
  for (guint c = 0; c < scorer->channels; c++)
    if (isnan (residual[c]))
      contributions[c] = NAN;
}

static void
score_calibrated (VaeScorer * scorer, gsize n, float *scores,
    float *contributions)
{
  find_residuals (scorer, n);
  for (gsize r = 0; r < n; r++) {
    scores[r] = calibrated_score (scorer, r);
    if (contributions && !isnan (scores[r]))
      blame_all (scorer, r, contributions + r * scorer->channels);
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
put_expected (const VaeScorer * scorer, gsize r, float *expected)
{
  const VaeScalerFit *scaler = &scorer->model->scaler;
  const float *residual = scorer->members[0].residuals + r * scorer->stride;
  const float *row = taken_row (scorer, r);

  for (guint c = 0; c < scorer->channels; c++)
    expected[c] = scaler->offset[c]
        + scaler->scale[c] * (row[c] - residual[c]);
}

/* Rows that have no score have nothing else either. */
static void
finish_rows (const VaeScorer * scorer, gsize n, float *scores,
    float *contributions, float *expected)
{
  for (gsize r = 0; r < n; r++) {
    const gsize first = r * scorer->channels;
    const gboolean is_scored = scorer->n_seen + r >= scorer->n_before
        && !isnan (scores[r]);
    if (is_scored && expected)
      put_expected (scorer, r, expected + first);
    if (is_scored)
      continue;
    scores[r] = NAN;
    if (contributions)
      fill_unknown (contributions + first, scorer->channels);
    if (expected)
      fill_unknown (expected + first, scorer->channels);
  }
}

void
vae_scorer_execute (VaeScorer * scorer, const float *data, gsize n_rows,
    float *scores, float *contributions, float *expected)
{
  const guint channels = scorer->channels;
  gsize n;

  for (gsize t = 0; t < n_rows; t += n) {
    float *blame = contributions ? contributions + t * channels : NULL;

    n = next_rows (scorer, n_rows - t);
    take_rows (scorer, data + t * channels, n);
    if (is_calibrated (scorer->score))
      score_calibrated (scorer, n, scores + t, blame);
    else
      score_single (scorer, n, scores + t, blame, contributions || expected);
    finish_rows (scorer, n, scores + t, blame,
        expected ? expected + t * channels : NULL);
    advance (scorer, n);
  }
}

/* Rows before the window is full are not known. */
static void
measure_tile (VaeScorer * scorer, gsize n, float *reconstruction, float *kl)
{
  float scratch_reconstruction[VAE_SCORE_TILE], scratch_kl[VAE_SCORE_TILE];
  const gsize first = scorer->n_before - scorer->n_seen;

  fill_unknown (reconstruction, n);
  fill_unknown (kl, n);
  find_terms (scorer, n, TRUE, scratch_reconstruction, scratch_kl);
  for (gsize r = first; r < n; r++) {
    reconstruction[r] = scratch_reconstruction[r];
    kl[r] = isnan (reconstruction[r]) ? NAN : scratch_kl[r];
  }
  if (scorer->n_members > 1)
    find_residuals (scorer, n);
  for (guint i = 0; i < scorer->n_members; i++)
    fill_unknown (scorer->members[i].residuals,
        MIN (first, n) * scorer->stride);
}

void
vae_scorer_measure (VaeScorer * scorer, const float *data, gsize n_rows,
    float *reconstruction, float *kl, float *const *residuals)
{
  gsize n;

  for (gsize t = 0; t < n_rows; t += n) {
    n = next_rows (scorer, n_rows - t);
    take_rows (scorer, data + t * scorer->channels, n);
    measure_tile (scorer, n, reconstruction + t, kl + t);
    for (guint i = 0; i < scorer->n_members; i++)
      memcpy (residuals[i] + t * scorer->stride,
          scorer->members[i].residuals, n * scorer->stride * sizeof (float));
    advance (scorer, n);
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
    guint8 * alarms)
{
  const float threshold = vae_model_threshold (scorer->model, scorer->score);

  for (gsize i = 0; i < n; i++)
    alarms[i] = scorer->spot ? vae_spot_step (scorer->spot, scores[i])
        : scores[i] > threshold;
}
