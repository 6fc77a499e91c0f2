/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "deviation.h"
#include "hot.h"
#include "kernels.h"
#include "quantile.h"

#include <math.h>
#include <string.h>

/* A channel that is nearly always as expected is not to decide alone. */
#define LEAST_ERROR 0.01f
#define MOST_DEVIATION 300.f

/* Rows of the moving averages: the row itself, so that what is over is over, and
 * others for what lasts. */
static const guint scales[] = { 1, 3, 10, 30 };

#define N_SCALES G_N_ELEMENTS (scales)

/* A ratio is never less than a third of the usual one: half of it is added. */
#define LEAST_RATIO 0.5
#define LEAST_LEVEL 1e-3

/* A baseline stands still for at most so many rows. */
#define GATE_QUANTILE 0.99
#define MOST_FROZEN 50

enum
{
  AS_IT_IS = VAE_LEVEL_AS_IT_IS,
  LESS_BASELINE = VAE_LEVEL_LESS_BASELINE,
  N_VIEWS
};

struct _VaeDeviation
{
  const VaeKernels *kernels;
  const VaeUsual *usual;
  gsize stride;
  guint n_views;                /* 1 if no baseline is followed */
  guint n_scales;
  double step[N_SCALES];        /* of the moving averages: 1 / rows */
  double drift_step;            /* of the baseline */
  float *zeroes;                /* [stride] */
  float *inverse[N_VIEWS];      /* [stride], 1 / usual squared residual */
  float *cells[N_VIEWS];        /* [stride], deviations of the last row */
  float *baseline;              /* [stride] */
  guint frozen;                 /* rows since it last moved */
  gboolean has_begun;
  double average[N_VIEWS][N_SCALES];
};

/* --- what is usual -------------------------------------------------------- */

gsize
vae_usual_stride (guint channels)
{
  return vae_align (channels);
}

gboolean
vae_usual_init (VaeUsual * usual, guint channels)
{
  usual->channels = channels;
  usual->error = vae_floats_new (channels);
  usual->baseline = vae_floats_new (channels);
  usual->drift_error = vae_floats_new (channels);
  for (guint i = 0; i < VAE_N_LEVELS; i++)
    usual->levels[i] = NAN;
  if (!usual->error || !usual->baseline || !usual->drift_error) {
    vae_usual_clear (usual);
    return FALSE;
  }
  for (guint c = 0; c < channels; c++)
    usual->error[c] = usual->baseline[c] = usual->drift_error[c] = NAN;
  return TRUE;
}

void
vae_usual_clear (VaeUsual * usual)
{
  g_clear_pointer (&usual->error, vae_floats_free);
  g_clear_pointer (&usual->baseline, vae_floats_free);
  g_clear_pointer (&usual->drift_error, vae_floats_free);
}

/* Mean and mean square of the residuals of the rows that count. */
static void
fit_moments (VaeUsual * usual, const float *residuals, const guint8 *counts,
    gsize n)
{
  const gsize stride = vae_usual_stride (usual->channels);

  for (guint c = 0; c < usual->channels; c++) {
    double sum = 0, squares = 0;
    gsize seen = 0;
    for (gsize t = 0; t < n; t++) {
      const double e = residuals[t * stride + c];
      if (!counts[t] || isnan (e))
        continue;
      sum += e;
      squares += e * e;
      seen++;
    }
    usual->baseline[c] = seen > 0 ? sum / seen : NAN;
    usual->error[c] = seen > 0 ? squares / seen : NAN;
  }
}

/* The same of what is left once a baseline is followed, through thick and thin. */
static void
fit_drift (VaeUsual * usual, guint drift, const float *residuals,
    const guint8 *restarts, const guint8 *counts, gsize n)
{
  const gsize stride = vae_usual_stride (usual->channels);

  for (guint c = 0; c < usual->channels; c++) {
    double baseline = usual->baseline[c], squares = 0;
    gsize seen = 0;
    for (gsize t = 0; t < n; t++) {
      const double e = residuals[t * stride + c];
      if (restarts[t])
        baseline = usual->baseline[c];
      if (!counts[t] || isnan (e) || isnan (baseline))
        continue;
      squares += (e - baseline) * (e - baseline);
      seen++;
      baseline += (e - baseline) / drift;
    }
    usual->drift_error[c] = seen > 0 ? squares / seen : NAN;
  }
}

/* --- rows ------------------------------------------------------------------ */

static void
set_inverse (float *inverse, const float *error, guint channels)
{
  for (guint c = 0; c < channels; c++)
    inverse[c] = 1.f / ((isnan (error[c]) ? 0.f : error[c]) + LEAST_ERROR);
}

static void
set_scales (VaeDeviation * deviation, const VaeParams * params,
    gboolean smooths)
{
  const guint fixed = smooths ? params->smoothing : 1;

  deviation->n_scales = fixed > 0 ? 1 : N_SCALES;
  for (guint a = 0; a < deviation->n_scales; a++)
    deviation->step[a] = 1.0 / (fixed > 0 ? fixed : scales[a]);
}

VaeDeviation *
vae_deviation_new (const VaeUsual * usual, const VaeParams * params,
    gboolean smooths)
{
  VaeDeviation *deviation = g_new0 (VaeDeviation, 1);
  const gsize stride = vae_usual_stride (usual->channels);

  deviation->kernels = vae_kernels ();
  deviation->usual = usual;
  deviation->stride = stride;
  deviation->n_views = params->drift > 0 ? N_VIEWS : 1;
  set_scales (deviation, params, smooths);
  deviation->drift_step = params->drift > 0 ? 1.0 / params->drift : 0;

  float *block = vae_floats_new (6 * stride);
  if (!block) {
    g_free (deviation);
    return NULL;
  }
  deviation->zeroes = block;
  deviation->inverse[AS_IT_IS] = block + stride;
  deviation->inverse[LESS_BASELINE] = block + 2 * stride;
  deviation->cells[AS_IT_IS] = block + 3 * stride;
  deviation->cells[LESS_BASELINE] = block + 4 * stride;
  deviation->baseline = block + 5 * stride;
  set_inverse (deviation->inverse[AS_IT_IS], usual->error, usual->channels);
  set_inverse (deviation->inverse[LESS_BASELINE], usual->drift_error,
      usual->channels);
  vae_deviation_reset (deviation);
  return deviation;
}

void
vae_deviation_free (VaeDeviation * deviation)
{
  if (!deviation)
    return;
  vae_floats_free (deviation->zeroes);
  g_free (deviation);
}

void
vae_deviation_reset (VaeDeviation * deviation)
{
  const VaeUsual *usual = deviation->usual;

  deviation->has_begun = FALSE;
  deviation->frozen = 0;
  for (guint c = 0; c < usual->channels; c++)
    deviation->baseline[c] = isnan (usual->baseline[c]) ? 0.f
        : usual->baseline[c];
}

/* baseline += step * (residual - baseline), where something is observed */
VAE_HOT static void
follow (float *baseline, const float *residual, float step, gsize stride)
{
  for (gsize i = 0; i < stride; i++) {
    const float e = residual[i] - baseline[i];
    baseline[i] += e == e ? step * e : 0.f;
  }
}

/* The deviations of a row in one of the views, and their mean over what is observed,
 * or NaN. */
static float
deviate (VaeDeviation * deviation, const float *residual, guint view)
{
  const float *centre = view == AS_IT_IS ? deviation->zeroes
      : deviation->baseline;

  return deviation->kernels->deviate (residual, centre,
      deviation->inverse[view], MOST_DEVIATION, deviation->stride,
      deviation->cells[view]);
}

/* The deviations of the next row, views [n_views]. */
static void
look (VaeDeviation * deviation, const float *residual, float *views)
{
  views[AS_IT_IS] = deviate (deviation, residual, AS_IT_IS);
  if (deviation->n_views == 1)
    return;
  views[LESS_BASELINE] = deviate (deviation, residual, LESS_BASELINE);
  if (isnan (views[LESS_BASELINE]))
    return;

  /* Frozen while something is going on, but not for ever: a new level is learned
   * in the end. */
  const gboolean is_high =
      views[LESS_BASELINE] > deviation->usual->levels[VAE_LEVEL_GATE];
  deviation->frozen = is_high ? deviation->frozen + 1 : 0;
  if (!is_high || deviation->frozen > MOST_FROZEN)
    follow (deviation->baseline, residual, deviation->drift_step,
        deviation->stride);
}

double
vae_deviation_step (VaeDeviation * deviation, const float *residual)
{
  const float *levels = deviation->usual->levels;
  float views[N_VIEWS];
  double product = 1;

  look (deviation, residual, views);
  if (isnan (views[AS_IT_IS]))
    return NAN;
  for (guint v = 0; v < deviation->n_views; v++)
    for (guint a = 0; a < deviation->n_scales; a++) {
      double *average = &deviation->average[v][a];
      *average = deviation->has_begun
          ? *average + deviation->step[a] * (views[v] - *average) : views[v];
      product *= (*average / (levels[v] + LEAST_LEVEL) + LEAST_RATIO)
          / (1 + LEAST_RATIO);
    }
  deviation->has_begun = TRUE;
  return log (product) / (deviation->n_scales * deviation->n_views);
}

/* --- juries ---------------------------------------------------------------- */

gboolean
vae_jury_add (VaeJury * jury, const VaeUsual * usual, const VaeParams * params,
    gboolean smooths)
{
  VaeDeviation *member = vae_deviation_new (usual, params, smooths);

  if (member)
    jury->members[jury->n++] = member;
  return member != NULL;
}

void
vae_jury_clear (VaeJury * jury)
{
  while (jury->n > 0)
    vae_deviation_free (jury->members[--jury->n]);
}

void
vae_jury_reset (VaeJury * jury)
{
  for (guint i = 0; i < jury->n; i++)
    vae_deviation_reset (jury->members[i]);
}

float
vae_jury_step (VaeJury * jury, const float *const *residuals)
{
  double sum = 0;

  for (guint i = 0; i < jury->n; i++)
    sum += vae_deviation_step (jury->members[i], residuals[i]);
  return exp (sum / jury->n);
}

void
vae_jury_blame (const VaeJury * jury, guint channels, float *contributions)
{
  memset (contributions, 0, channels * sizeof (float));
  for (guint i = 0; i < jury->n; i++) {
    const VaeDeviation *member = jury->members[i];
    const float weight = 1.f / (jury->n * member->n_views);
    for (guint v = 0; v < member->n_views; v++)
      for (guint c = 0; c < channels; c++)
        contributions[c] += weight * member->cells[v][c];
  }
}

/* --- levels ---------------------------------------------------------------- */

/* The deviations of the rows that count, deviations [N_VIEWS][n]; how many. */
static gsize
look_at_all (VaeDeviation * deviation, const float *residuals,
    const guint8 *restarts, const guint8 *counts, gsize n, float *deviations)
{
  gsize seen = 0;

  for (gsize t = 0; t < n; t++) {
    float views[N_VIEWS] = { 0 };
    if (restarts[t])
      vae_deviation_reset (deviation);
    if (!counts[t])
      continue;
    look (deviation, residuals + t * deviation->stride, views);
    if (isnan (views[AS_IT_IS]))
      continue;
    for (guint v = 0; v < N_VIEWS; v++)
      deviations[v * n + seen] = views[v];
    seen++;
  }
  return seen;
}

static float
mean (const float *values, gsize n)
{
  double sum = 0;

  for (gsize i = 0; i < n; i++)
    sum += values[i];
  return sum / n;
}

gboolean
vae_usual_fit (VaeUsual * usual, const VaeParams * params,
    const float *residuals, const guint8 *restarts, const guint8 *counts,
    gsize n, GError ** error)
{
  fit_moments (usual, residuals, counts, n);
  if (params->drift > 0)
    fit_drift (usual, params->drift, residuals, restarts, counts, n);
  else
    memcpy (usual->drift_error, usual->error, usual->channels * sizeof (float));

  /* Nothing is gated yet: what is usual tells where the gate is. */
  usual->levels[VAE_LEVEL_GATE] = INFINITY;
  float *deviations = g_try_new (float, N_VIEWS * n);
  VaeDeviation *deviation = vae_deviation_new (usual, params, FALSE);
  const gboolean has_memory = deviations && deviation;
  const gsize seen = has_memory ? look_at_all (deviation, residuals, restarts,
      counts, n, deviations) : 0;
  for (guint v = 0; v < N_VIEWS; v++)
    usual->levels[v] = seen > 0 ? mean (deviations + v * n, seen) : NAN;
  usual->levels[VAE_LEVEL_GATE] = seen > 0
      ? vae_quantile (deviations + LESS_BASELINE * n, seen, GATE_QUANTILE)
      : NAN;
  g_free (deviations);
  vae_deviation_free (deviation);
  if (!has_memory)
    g_set_error (error, VAE_ERROR, VAE_ERROR_MEMORY,
        "no memory to calibrate on %" G_GSIZE_FORMAT " rows", n);
  return has_memory;
}
