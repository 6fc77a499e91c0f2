/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The calibrated score against its definition, written out in double precision. */

#include "deviation.h"
#include "rng.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CHANNELS 5
#define ROWS 2000

/* --- residuals -------------------------------------------------------------- */

/* N(0, 1) times c + 1, shifted by 0.1 c; 5 % are missing. */
static float *
usual_residuals (guint channels, gsize n, guint64 seed)
{
  const gsize stride = vae_usual_stride (channels);
  const VaeRng noise = vae_rng (seed, 0), gaps = vae_rng (seed, 1);
  float *residuals = g_new (float, n * stride);

  for (gsize i = 0; i < n * stride; i++) {
    const gsize c = i % stride;
    residuals[i] = c >= channels || vae_rng_uniform (gaps, i) < 0.05 ? NAN
        : 0.1 * c + (c + 1) * vae_rng_normal (noise, i);
  }
  return residuals;
}

/* With rows of nothing, and things that are not usual: spikes, a long shift and a
 * short one. */
static float *
unusual_residuals (void)
{
  const gsize stride = vae_usual_stride (CHANNELS);
  float *residuals = usual_residuals (CHANNELS, ROWS, 7);

  for (gsize t = 0; t < ROWS; t++)
    for (gsize c = 0; c < CHANNELS; c++) {
      float *cell = residuals + t * stride + c;
      if (t % 97 == 3)
        *cell = NAN;
      if (t % 101 == 5 && c == 2)
        *cell = 1e9;
      if ((t >= 400 && t < 420) || (t >= 800 && t < 1300))
        *cell += 9;
    }
  return residuals;
}

static VaeParams
make_params (guint smoothing, guint drift)
{
  VaeParams params;

  vae_params_init (&params);
  params.smoothing = smoothing;
  params.drift = drift;
  return params;
}

static void
fit (VaeUsual * usual, guint channels, const VaeParams * params,
    const float *residuals, const guint8 *restarts, const guint8 *counts,
    gsize n)
{
  g_autofree guint8 *none = g_new0 (guint8, n);
  g_autofree guint8 *all = g_malloc (n);
  GError *error = NULL;

  memset (all, 1, n);
  g_assert_true (vae_usual_init (usual, channels));
  vae_usual_fit (usual, params, residuals, restarts ? restarts : none,
      counts ? counts : all, n, &error);
  g_assert_no_error (error);
}

/* What is usual of usual_residuals(). */
static VaeUsual
make_usual (const VaeParams * params, guint64 seed)
{
  float *residuals = usual_residuals (CHANNELS, ROWS, seed);
  VaeUsual usual;

  fit (&usual, CHANNELS, params, residuals, NULL, NULL, ROWS);
  g_free (residuals);
  return usual;
}

/* --- the definition ----------------------------------------------------------- */

static const guint scales[] = { 1, 3, 10, 30 };

#define N_SCALES G_N_ELEMENTS (scales)

typedef struct
{
  const VaeUsual *usual;
  guint n_scales;
  double rows[N_SCALES];
  guint drift;
  double baseline[CHANNELS];
  guint frozen;
  gboolean has_begun;
  double average[2][N_SCALES];
  double cells[CHANNELS];       /* deviations of the last row, mean of both kinds */
} Plain;

static void
plain_reset (Plain * plain)
{
  plain->has_begun = FALSE;
  plain->frozen = 0;
  for (guint c = 0; c < CHANNELS; c++)
    plain->baseline[c] = isnan (plain->usual->baseline[c]) ? 0
        : plain->usual->baseline[c];
}

static Plain
plain_new (const VaeUsual * usual, const VaeParams * params, gboolean smooths)
{
  Plain plain = {.usual = usual,.drift = params->drift,.n_scales = 1 };

  plain.rows[0] = smooths ? params->smoothing : 1;
  if (plain.rows[0] == 0) {
    plain.n_scales = N_SCALES;
    for (guint a = 0; a < N_SCALES; a++)
      plain.rows[a] = scales[a];
  }
  plain_reset (&plain);
  return plain;
}

/* NaN if nothing is there. */
static double
plain_view (Plain * plain, const float *residual, const double *baseline,
    const float *error, double weight)
{
  double sum = 0;
  guint seen = 0;

  for (guint c = 0; c < CHANNELS; c++) {
    const double e = residual[c] - (baseline ? baseline[c] : 0);
    if (isnan (e))
      continue;
    const double usual = isnan (error[c]) ? 0 : error[c];
    const double deviation = MIN (e * e / (usual + 0.01), 300);
    plain->cells[c] += weight * deviation;
    sum += deviation;
    seen++;
  }
  return seen > 0 ? sum / seen : NAN;
}

static void
plain_follow (Plain * plain, const float *residual, double view)
{
  plain->frozen = view > plain->usual->levels[VAE_LEVEL_GATE]
      ? plain->frozen + 1 : 0;
  if (plain->frozen > 0 && plain->frozen <= 50)
    return;
  for (guint c = 0; c < CHANNELS; c++)
    if (!isnan (residual[c]))
      plain->baseline[c] += (residual[c] - plain->baseline[c]) / plain->drift;
}

/* The logarithm of the geometric mean. */
static double
plain_step (Plain * plain, const float *residual)
{
  const guint n_views = plain->drift > 0 ? 2 : 1;
  double views[2], sum = 0;

  memset (plain->cells, 0, sizeof plain->cells);
  views[0] = plain_view (plain, residual, NULL, plain->usual->error,
      1.0 / n_views);
  if (isnan (views[0]))
    return NAN;
  if (n_views == 2) {
    views[1] = plain_view (plain, residual, plain->baseline,
        plain->usual->drift_error, 0.5);
    plain_follow (plain, residual, views[1]);
  }
  for (guint v = 0; v < n_views; v++)
    for (guint a = 0; a < plain->n_scales; a++) {
      double *average = &plain->average[v][a];
      *average = plain->has_begun
          ? *average + (views[v] - *average) / plain->rows[a] : views[v];
      sum += log ((*average / (plain->usual->levels[v] + 1e-3) + 0.5) / 1.5);
    }
  plain->has_begun = TRUE;
  return sum / (n_views * plain->n_scales);
}

/* --- the definition holds ------------------------------------------------------- */

static void
assert_near (double a, double b)
{
  g_assert_cmpint (isnan (a), ==, isnan (b));
  if (!isnan (a))
    g_assert_cmpfloat (fabs (a - b), <=, 1e-4 * MAX (1, fabs (b)));
}

static void
check_definition (const VaeParams * params, gboolean smooths)
{
  const gsize stride = vae_usual_stride (CHANNELS);
  float *residuals = unusual_residuals ();
  VaeUsual usual[2] = { make_usual (params, 1), make_usual (params, 2) };
  Plain plain[2];
  VaeJury jury = { 0 };
  guint n_unseen = 0;

  usual[1].error[0] *= 3;       /* so that the two differ */
  usual[1].levels[VAE_LEVEL_GATE] = 2;
  for (guint i = 0; i < 2; i++) {
    plain[i] = plain_new (&usual[i], params, smooths);
    g_assert_true (vae_jury_add (&jury, &usual[i], params, smooths));
  }
  for (gsize t = 0; t < ROWS; t++) {
    const float *row = residuals + t * stride;
    const float *rows[] = { row, row };
    float contributions[CHANNELS];
    if (t % 700 == 650) {
      vae_jury_reset (&jury);
      plain_reset (&plain[0]);
      plain_reset (&plain[1]);
    }
    const double expected = (plain_step (&plain[0], row)
        + plain_step (&plain[1], row)) / 2;
    assert_near (log (vae_jury_step (&jury, rows)), expected);
    n_unseen += isnan (expected);
    vae_jury_blame (&jury, CHANNELS, contributions);
    for (guint c = 0; c < CHANNELS; c++)
      assert_near (contributions[c],
          (plain[0].cells[c] + plain[1].cells[c]) / 2);
  }
  g_assert_cmpuint (n_unseen, ==, 21);
  vae_jury_clear (&jury);
  vae_usual_clear (&usual[0]);
  vae_usual_clear (&usual[1]);
  g_free (residuals);
}

static void
test_definition (void)
{
  const guint smoothings[] = { 0, 1, 7 }, drifts[] = { 0, 40 };

  for (gsize s = 0; s < G_N_ELEMENTS (smoothings); s++)
    for (gsize d = 0; d < G_N_ELEMENTS (drifts); d++) {
      const VaeParams params = make_params (smoothings[s], drifts[d]);
      check_definition (&params, TRUE);
      check_definition (&params, FALSE);
    }
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  const double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

/* Linear between neighbours, as numpy.quantile() has it. */
static double
plain_quantile (double *values, gsize n, double q)
{
  qsort (values, n, sizeof (double), compare_doubles);
  const gsize k = q * (n - 1);
  const double fraction = q * (n - 1) - k;

  return values[k] + (k + 1 < n ? fraction * (values[k + 1] - values[k]) : 0);
}

/* Mean square of what is left of a channel after following the baseline. */
static double
plain_drift_error (const float *residuals, const guint8 *restarts,
    const guint8 *counts, guint c, double mean, guint drift)
{
  const gsize stride = vae_usual_stride (CHANNELS);
  double baseline = mean, sum = 0;
  guint seen = 0;

  for (gsize t = 0; t < ROWS; t++) {
    const double e = residuals[t * stride + c];
    if (restarts[t])
      baseline = mean;
    if (!counts[t] || isnan (e))
      continue;
    sum += (e - baseline) * (e - baseline);
    baseline += (e - baseline) / drift;
    seen++;
  }
  return sum / seen;
}

static void
test_fit (void)
{
  const VaeParams params = make_params (0, 40);
  const gsize stride = vae_usual_stride (CHANNELS);
  float *residuals = unusual_residuals ();
  guint8 restarts[ROWS] = { 0 }, counts[ROWS];
  double views[2][ROWS], mean[2] = { 0 };
  VaeUsual usual;
  gsize n = 0;

  for (gsize t = 0; t < ROWS; t++) {
    restarts[t] = t % 300 == 10;
    counts[t] = t % 7 != 2;
  }
  fit (&usual, CHANNELS, &params, residuals, restarts, counts, ROWS);

  for (guint c = 0; c < CHANNELS; c++) {
    double sum = 0, squares = 0;
    guint seen = 0;
    for (gsize t = 0; t < ROWS; t++) {
      const double e = residuals[t * stride + c];
      if (!counts[t] || isnan (e))
        continue;
      sum += e;
      squares += e * e;
      seen++;
    }
    const double drift_error = plain_drift_error (residuals, restarts, counts,
        c, sum / seen, params.drift);
    g_assert_cmpfloat_with_epsilon (usual.baseline[c], sum / seen,
        1e-6 * fabs (sum / seen));
    g_assert_cmpfloat_with_epsilon (usual.error[c], squares / seen,
        1e-6 * squares / seen);
    g_assert_cmpfloat_with_epsilon (usual.drift_error[c], drift_error,
        1e-6 * drift_error);
  }

  /* Nothing is gated while the gate is not known. */
  const float gate = usual.levels[VAE_LEVEL_GATE];
  usual.levels[VAE_LEVEL_GATE] = INFINITY;
  Plain plain = plain_new (&usual, &params, FALSE);
  for (gsize t = 0; t < ROWS; t++) {
    const float *row = residuals + t * stride;
    if (restarts[t])
      plain_reset (&plain);
    if (!counts[t] || isnan (plain_step (&plain, row)))
      continue;
    for (guint v = 0; v < 2; v++) {
      views[v][n] = plain.average[v][0];
      mean[v] += views[v][n];
    }
    n++;
  }
  for (guint v = 0; v < 2; v++)
    assert_near (usual.levels[v], mean[v] / n);
  assert_near (gate, plain_quantile (views[1], n, 0.99));
  vae_usual_clear (&usual);
  g_free (residuals);
}

/* --- what follows from it ------------------------------------------------------- */

/* Steps through residuals [n], whose logarithms go to logs [n]. */
static void
run (const VaeUsual * usual, const VaeParams * params, gboolean smooths,
    const float *residuals, gsize n, double *logs)
{
  const gsize stride = vae_usual_stride (usual->channels);
  VaeDeviation *deviation = vae_deviation_new (usual, params, smooths);

  for (gsize t = 0; t < n; t++)
    logs[t] = vae_deviation_step (deviation, residuals + t * stride);
  vae_deviation_free (deviation);
}

/* One channel, however absurd, is as good as 300 times the usual. */
static void
test_cap (void)
{
  const VaeParams params = make_params (1, 0);
  const float absurd[] = { 1e3, 1e9, 1e19, 3e38, INFINITY, -INFINITY };
  float row[16] = { 0, 0, 0, 0, 0 };
  VaeUsual usual = make_usual (&params, 1);

  for (gsize i = 0; i < G_N_ELEMENTS (absurd); i++) {
    double value;
    row[3] = absurd[i];
    for (guint c = CHANNELS; c < 16; c++)
      row[c] = NAN;
    run (&usual, &params, TRUE, row, 1, &value);
    assert_near (value, log ((300.0 / CHANNELS / (usual.levels[0] + 1e-3)
                + 0.5) / 1.5));
  }
  vae_usual_clear (&usual);
}

/* A channel that was always as expected has a usual squared error of 0.01 all the
 * same. */
static void
test_floor (void)
{
  const VaeParams params = make_params (1, 0);
  const gsize stride = vae_usual_stride (1);
  float *residuals = g_new0 (float, 10 * stride);
  VaeUsual usual;
  double value;

  fit (&usual, 1, &params, residuals, NULL, NULL, 10);
  g_assert_cmpfloat (usual.error[0], ==, 0);
  g_assert_cmpfloat (usual.levels[VAE_LEVEL_AS_IT_IS], ==, 0);
  residuals[0] = 0.2;
  for (gsize c = 1; c < stride; c++)
    residuals[c] = NAN;
  run (&usual, &params, TRUE, residuals, 1, &value);
  assert_near (value, log ((0.04 / 0.01 / 1e-3 + 0.5) / 1.5));
  vae_usual_clear (&usual);
  g_free (residuals);
}

/* A channel that is never there might as well not be a channel. */
static void
test_channel_that_is_never_there (void)
{
  const VaeParams params = make_params (0, 40);
  const gsize stride = vae_usual_stride (CHANNELS);
  float *four = usual_residuals (4, ROWS, 3);
  float *five = g_memdup2 (four, ROWS * stride * sizeof (float));
  double with[ROWS], without[ROWS];
  VaeUsual usual_four, usual_five;

  g_assert_cmpuint (stride, ==, vae_usual_stride (4));
  fit (&usual_four, 4, &params, four, NULL, NULL, ROWS);
  fit (&usual_five, 5, &params, five, NULL, NULL, ROWS);
  g_assert_true (isnan (usual_five.error[4]));
  g_assert_true (isnan (usual_five.baseline[4]));
  g_assert_true (isnan (usual_five.drift_error[4]));
  run (&usual_four, &params, TRUE, four, ROWS, without);
  run (&usual_five, &params, TRUE, five, ROWS, with);
  g_assert_cmpmem (with, sizeof with, without, sizeof without);

  /* Once it is there, nothing was expected of it. */
  five[4] = 0.1;
  for (guint c = 0; c < 4; c++)
    five[c] = NAN;
  const VaeParams alone = make_params (1, 0);
  run (&usual_five, &alone, TRUE, five, 1, with);
  assert_near (with[0], log ((1 / (usual_five.levels[0] + 1e-3) + 0.5) / 1.5));
  vae_usual_clear (&usual_four);
  vae_usual_clear (&usual_five);
  g_free (four);
  g_free (five);
}

static void
test_nothing_is_known_of_nothing (void)
{
  const VaeParams params = make_params (0, 40);
  float *residuals = usual_residuals (CHANNELS, ROWS, 1);
  guint8 counts[ROWS] = { 0 };
  VaeUsual usual;

  fit (&usual, CHANNELS, &params, residuals, NULL, counts, ROWS);
  for (guint i = 0; i < VAE_N_LEVELS; i++)
    g_assert_true (isnan (usual.levels[i]));
  for (guint c = 0; c < CHANNELS; c++)
    g_assert_true (isnan (usual.error[c]));
  vae_usual_clear (&usual);
  g_free (residuals);
}

static void
assert_same_usual (const VaeUsual * a, const VaeUsual * b)
{
  const gsize size = CHANNELS * sizeof (float);

  g_assert_cmpmem (a->error, size, b->error, size);
  g_assert_cmpmem (a->baseline, size, b->baseline, size);
  g_assert_cmpmem (a->drift_error, size, b->drift_error, size);
  g_assert_cmpmem (a->levels, sizeof a->levels, b->levels, sizeof b->levels);
}

/* Every third row is put in, and not counted. */
static void
test_uncounted_rows_make_no_difference (void)
{
  const VaeParams params = make_params (0, 40);
  const gsize stride = vae_usual_stride (CHANNELS);
  float *residuals = usual_residuals (CHANNELS, ROWS, 1);
  float *padded = g_new (float, ROWS / 2 * 3 * stride);
  guint8 counts[ROWS / 2 * 3];
  VaeUsual usual, other;

  for (gsize t = 0; t < G_N_ELEMENTS (counts); t++) {
    counts[t] = t % 3 != 1;
    for (gsize c = 0; c < stride; c++)
      padded[t * stride + c] = counts[t]
          ? residuals[(t / 3 * 2 + t % 3 / 2) * stride + c] : 1e6;
  }
  fit (&usual, CHANNELS, &params, residuals, NULL, NULL, ROWS);
  fit (&other, CHANNELS, &params, padded, NULL, counts, G_N_ELEMENTS (counts));
  assert_same_usual (&usual, &other);
  vae_usual_clear (&usual);
  vae_usual_clear (&other);
  g_free (residuals);
  g_free (padded);
}

static void
test_reset_forgets (void)
{
  const VaeParams params = make_params (0, 40);
  const gsize stride = vae_usual_stride (CHANNELS);
  float *residuals = unusual_residuals ();
  VaeUsual usual = make_usual (&params, 1);
  VaeDeviation *deviation = vae_deviation_new (&usual, &params, TRUE);
  double first[1000], again[1000];

  for (gsize t = 0; t < 1000; t++)
    first[t] = vae_deviation_step (deviation, residuals + t * stride);
  vae_deviation_reset (deviation);
  for (gsize t = 0; t < 1000; t++)
    again[t] = vae_deviation_step (deviation, residuals + t * stride);
  g_assert_cmpmem (first, sizeof first, again, sizeof again);
  vae_deviation_free (deviation);
  vae_usual_clear (&usual);
  g_free (residuals);
}

static void
test_smoothing_of_one_row_is_none (void)
{
  const VaeParams one = make_params (1, 40), several = make_params (0, 40);
  float *residuals = unusual_residuals ();
  VaeUsual usual = make_usual (&one, 1);
  double smoothed[ROWS], unsmoothed[ROWS];

  run (&usual, &one, TRUE, residuals, ROWS, smoothed);
  run (&usual, &several, FALSE, residuals, ROWS, unsmoothed);
  g_assert_cmpmem (smoothed, sizeof smoothed, unsmoothed, sizeof unsmoothed);
  run (&usual, &several, TRUE, residuals, ROWS, smoothed);
  g_assert_cmpint (memcmp (smoothed, unsmoothed, sizeof smoothed), !=, 0);
  vae_usual_clear (&usual);
  g_free (residuals);
}

static void
test_without_drift_there_is_no_baseline (void)
{
  const VaeParams params = make_params (0, 0);
  float *residuals = unusual_residuals ();
  VaeUsual usual = make_usual (&params, 1);
  double known[ROWS], spoilt[ROWS];

  run (&usual, &params, TRUE, residuals, ROWS, known);
  for (guint c = 0; c < CHANNELS; c++) {
    usual.baseline[c] = 1e6;
    usual.drift_error[c] = 1e6;
  }
  run (&usual, &params, TRUE, residuals, ROWS, spoilt);
  g_assert_cmpmem (known, sizeof known, spoilt, sizeof spoilt);
  vae_usual_clear (&usual);
  g_free (residuals);
}

/* The part of the logarithm that comes of what is left after the baseline. */
static void
run_less_baseline (const VaeUsual * usual, guint drift,
    const float *residuals, gsize n, double *logs)
{
  const VaeParams params = make_params (1, drift), as_it_is =
      make_params (1, 0);
  double *other = g_new (double, n);

  run (usual, &params, TRUE, residuals, n, logs);
  run (usual, &as_it_is, TRUE, residuals, n, other);
  for (gsize t = 0; t < n; t++)
    logs[t] = 2 * logs[t] - other[t];
  g_free (other);
}

static double
mean_of_known (const double *values, gsize n)
{
  double sum = 0;
  guint known = 0;

  for (gsize i = 0; i < n; i++)
    if (!isnan (values[i])) {
      sum += values[i];
      known++;
    }
  return sum / known;
}

/* All channels shift for good; of each `gap` rows one is missing, if that is not
 * 0. */
static void
check_level_shift (guint gap)
{
  const VaeParams params = make_params (1, 40);
  const gsize stride = vae_usual_stride (CHANNELS);
  float *residuals = usual_residuals (CHANNELS, ROWS, 5);
  VaeUsual usual = make_usual (&params, 1);
  double logs[ROWS];

  for (gsize t = 200; t < ROWS; t++)
    for (guint c = 0; c < CHANNELS; c++)
      residuals[t * stride + c] += gap > 0 && t % gap == 0 ? NAN : 30;
  run_less_baseline (&usual, params.drift, residuals, ROWS, logs);
  g_assert_cmpfloat (mean_of_known (logs, 200), <, 0.1);
  g_assert_cmpfloat (mean_of_known (logs + 200, 50), >, 3);
  g_assert_cmpfloat (mean_of_known (logs + ROWS - 500, 500), <, 0.1);
  vae_usual_clear (&usual);
  g_free (residuals);
}

static void
test_level_shift_is_forgotten (void)
{
  check_level_shift (0);
  check_level_shift (10);
}

/* Whether rows that are unusual for so long leave a trace behind them, where rows
 * with nothing would leave none. */
static gboolean
leaves_a_trace (guint length)
{
  const VaeParams params = make_params (1, 40);
  const gsize stride = vae_usual_stride (CHANNELS);
  float *anomaly = usual_residuals (CHANNELS, 1000, 5);
  float *nothing = g_memdup2 (anomaly, 1000 * stride * sizeof (float));
  VaeUsual usual = make_usual (&params, 1);
  double logs[2][1000];

  for (gsize t = 200; t < 200 + length; t++)
    for (guint c = 0; c < CHANNELS; c++) {
      anomaly[t * stride + c] = 30;
      nothing[t * stride + c] = NAN;
    }
  run (&usual, &params, TRUE, anomaly, 1000, logs[0]);
  run (&usual, &params, TRUE, nothing, 1000, logs[1]);
  vae_usual_clear (&usual);
  g_free (anomaly);
  g_free (nothing);
  return memcmp (logs[0] + 200 + length, logs[1] + 200 + length,
      (800 - length) * sizeof (double)) != 0;
}

static void
test_short_anomaly_does_not_move_the_baseline (void)
{
  g_assert_false (leaves_a_trace (1));
  g_assert_false (leaves_a_trace (50));
  g_assert_true (leaves_a_trace (51));
}

/* A drift as slow as the baseline is no anomaly to what is left after it. */
static void
test_slow_drift_is_followed (void)
{
  const VaeParams params = make_params (1, 40);
  const gsize stride = vae_usual_stride (CHANNELS);
  float *residuals = usual_residuals (CHANNELS, ROWS, 5);
  VaeUsual usual = make_usual (&params, 1);
  double less_baseline[ROWS], as_it_is[ROWS];
  const VaeParams none = make_params (1, 0);

  for (gsize t = 0; t < ROWS; t++)
    for (guint c = 0; c < CHANNELS; c++)
      residuals[t * stride + c] += 0.005 * t;
  run_less_baseline (&usual, params.drift, residuals, ROWS, less_baseline);
  run (&usual, &none, TRUE, residuals, ROWS, as_it_is);
  g_assert_cmpfloat (mean_of_known (as_it_is + ROWS - 500, 500), >, 1);
  g_assert_cmpfloat (mean_of_known (less_baseline + ROWS - 500, 500), <, 0.1);
  vae_usual_clear (&usual);
  g_free (residuals);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/deviation/definition", test_definition);
  g_test_add_func ("/deviation/fit", test_fit);
  g_test_add_func ("/deviation/cap", test_cap);
  g_test_add_func ("/deviation/floor", test_floor);
  g_test_add_func ("/deviation/channel-that-is-never-there",
      test_channel_that_is_never_there);
  g_test_add_func ("/deviation/nothing-is-known-of-nothing",
      test_nothing_is_known_of_nothing);
  g_test_add_func ("/deviation/uncounted-rows-make-no-difference",
      test_uncounted_rows_make_no_difference);
  g_test_add_func ("/deviation/reset-forgets", test_reset_forgets);
  g_test_add_func ("/deviation/smoothing-of-one-row-is-none",
      test_smoothing_of_one_row_is_none);
  g_test_add_func ("/deviation/without-drift-there-is-no-baseline",
      test_without_drift_there_is_no_baseline);
  g_test_add_func ("/deviation/level-shift-is-forgotten",
      test_level_shift_is_forgotten);
  g_test_add_func ("/deviation/short-anomaly-does-not-move-the-baseline",
      test_short_anomaly_does_not_move_the_baseline);
  g_test_add_func ("/deviation/slow-drift-is-followed",
      test_slow_drift_is_followed);
  return g_test_run ();
}
