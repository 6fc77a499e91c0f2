/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "vae.h"

#include <math.h>
#include <string.h>

#define BLOCK 5000
#define N_KINDS (VAE_ANOMALY_MISSING + 1)

static const double pi = 3.14159265358979323846;
static const double t_per_row = 50.0 / 4999.0;

typedef struct
{
  VaeSynthParams params;
  gsize n;
  float *data;                  /* [n][features] */
  guint8 *labels;               /* [n] */
} Series;

static void
make_part (const VaeSynthParams * params, guint64 first_row, gsize n,
    float *data, guint8 *labels)
{
  GError *error = NULL;
  VaeSynth *synth = vae_synth_new (params, &error);

  g_assert_no_error (error);
  vae_synth_execute (synth, first_row, n, data, labels);
  vae_synth_free (synth);
}

static Series
series_new (const VaeSynthParams * params, guint64 first_row, gsize n)
{
  Series series = {.params = *params,.n = n };

  series.data = g_new (float, n * params->features);
  series.labels = g_new (guint8, n);
  make_part (params, first_row, n, series.data, series.labels);
  return series;
}

static void
series_free (Series series)
{
  g_free (series.data);
  g_free (series.labels);
}

static float
cell (Series series, gsize row, guint channel)
{
  return series.data[row * series.params.features + channel];
}

static gboolean
same_bits (float a, float b)
{
  return memcmp (&a, &b, sizeof a) == 0;
}

static void
assert_same_series (Series a, Series b)
{
  gsize n_cells = a.n * a.params.features;

  g_assert_cmpmem (a.data, n_cells * sizeof (float), b.data,
      n_cells * sizeof (float));
  g_assert_cmpmem (a.labels, a.n, b.labels, b.n);
}

static gsize
count_labels (const guint8 *labels, gsize n)
{
  gsize count = 0;

  for (gsize i = 0; i < n; i++)
    count += labels[i];
  return count;
}

static VaeSynthParams
params_of_kind (VaeAnomaly kind)
{
  VaeSynthParams params;

  vae_synth_params_init (&params);
  params.anomaly = kind;
  params.seed = 42;
  return params;
}

static void
test_defaults_are_the_seed_experiment (void)
{
  VaeSynthParams params;

  vae_synth_params_init (&params);
  g_assert_cmpuint (params.features, ==, 5);
  g_assert_cmpfloat (params.anomaly_ratio, ==, 0.02);
  g_assert_cmpfloat (params.noise, ==, 0.1);
  g_assert_cmpint (params.anomaly, ==, VAE_ANOMALY_OFFSET);
  g_assert_cmpuint (params.anomaly_length, ==, 25);
  g_assert_cmpuint (params.seed, ==, 0);
}

static void
test_formula (void)
{
  VaeSynthParams params = params_of_kind (VAE_ANOMALY_OFFSET);
  params.noise = 0;
  params.anomaly_ratio = 0;
  Series series = series_new (&params, 0, BLOCK);

  for (guint k = 0; k < BLOCK; k++)
    for (guint i = 0; i < params.features; i++)
      g_assert_cmpfloat_with_epsilon (cell (series, k, i),
          sin (k * 50.0 / 4999.0 + i), 1e-6);
  g_assert_cmpuint (count_labels (series.labels, BLOCK), ==, 0);
  series_free (series);
}

/* Six standard errors are allowed. */
static void
assert_mean (double sum, double n, double mean, double deviation)
{
  g_assert_cmpfloat_with_epsilon (sum / n, mean, 6 * deviation / sqrt (n));
}

/* Normal, and independent of that of the cells around it. */
static void
test_noise (void)
{
  VaeSynthParams params = params_of_kind (VAE_ANOMALY_OFFSET);
  params.anomaly_ratio = 0;
  params.noise = 0.3;
  Series series = series_new (&params, 0, 20 * BLOCK);
  guint n_features = params.features;
  gsize n = series.n * n_features;
  g_autofree double *noise = g_new (double, n);
  double sum = 0, squares = 0, fourth_powers = 0;

  for (gsize c = 0; c < n; c++) {
    double sine = sin (c / n_features * t_per_row + c % n_features);
    noise[c] = (series.data[c] - sine) / params.noise;
    sum += noise[c];
    squares += noise[c] * noise[c];
    fourth_powers += pow (noise[c], 4);
  }
  assert_mean (sum, n, 0, 1);
  assert_mean (squares, n, 1, sqrt (2));
  assert_mean (fourth_powers, n, 3, sqrt (96));

  for (guint lag = 1; lag <= 3 * n_features; lag++) {
    double products = 0;
    for (gsize c = lag; c < n; c++)
      products += noise[c] * noise[c - lag];
    assert_mean (products, n - lag, 0, 1);
  }
  series_free (series);
}

/* The rows from first_row on, in steps of `cut` rows, the last step first. */
static Series
series_new_in_steps (const VaeSynthParams * params, guint64 first_row, gsize n,
    gsize cut)
{
  Series series = {.params = *params,.n = n };
  VaeSynth *synth = vae_synth_new (params, NULL);

  series.data = g_new (float, n * params->features);
  series.labels = g_new (guint8, n);
  for (gsize steps = (n + cut - 1) / cut; steps > 0; steps--) {
    gsize begin = (steps - 1) * cut;
    vae_synth_execute (synth, first_row + begin, MIN (cut, n - begin),
        series.data + begin * params->features, series.labels + begin);
  }
  vae_synth_free (synth);
  return series;
}

static void
test_any_cut_and_order_gives_the_same (void)
{
  const gsize cuts[] = { 1, 7, 64, BLOCK };

  for (guint kind = 0; kind < N_KINDS; kind++) {
    VaeSynthParams params = params_of_kind (kind);
    params.anomaly_ratio = 0.3;
    params.anomaly_length = 33;
    Series whole = series_new (&params, 1234, 2 * BLOCK + 100);

    for (guint i = 0; i < G_N_ELEMENTS (cuts); i++) {
      Series pieces = series_new_in_steps (&params, 1234, whole.n, cuts[i]);
      assert_same_series (whole, pieces);
      series_free (pieces);
    }
    series_free (whole);
  }
}

static void
test_no_rows_touch_nothing (void)
{
  VaeSynthParams params = params_of_kind (VAE_ANOMALY_OFFSET);

  make_part (&params, 17, 0, NULL, NULL);
}

/* Fewest and most labels of a block. */
static void
find_shares (const VaeSynthParams * params, guint n_blocks, gsize *least,
    gsize *most, double *mean)
{
  Series series = series_new (params, 0, (gsize) n_blocks * BLOCK);

  *least = BLOCK;
  *most = 0;
  for (guint block = 0; block < n_blocks; block++) {
    gsize count = count_labels (series.labels + (gsize) block * BLOCK, BLOCK);
    *least = MIN (*least, count);
    *most = MAX (*most, count);
  }
  *mean = (double) count_labels (series.labels, series.n) / n_blocks;
  series_free (series);
}

static void
assert_share (VaeAnomaly kind, double ratio, guint length, gsize expected)
{
  VaeSynthParams params = params_of_kind (kind);
  gsize least, most;
  double mean;

  params.anomaly_ratio = ratio;
  params.anomaly_length = length;
  find_shares (&params, 20, &least, &most, &mean);
  g_assert_cmpuint (least, ==, expected);
  g_assert_cmpuint (most, ==, expected);
}

static void
test_whole_shares_are_exact (void)
{
  assert_share (VAE_ANOMALY_OFFSET, 0, 25, 0);
  assert_share (VAE_ANOMALY_OFFSET, 0.02, 25, 100);
  assert_share (VAE_ANOMALY_OFFSET, 0.07, 25, 350);
  assert_share (VAE_ANOMALY_OFFSET, 1, 25, BLOCK);
  assert_share (VAE_ANOMALY_SPIKE, 0.02, 25, 100);
  assert_share (VAE_ANOMALY_PHASE, 0, 25, 0);
  assert_share (VAE_ANOMALY_PHASE, 0.02, 25, 100);
  assert_share (VAE_ANOMALY_PHASE, 0.02, 1, 100);
  assert_share (VAE_ANOMALY_PHASE, 0.5, 25, 2500);
  assert_share (VAE_ANOMALY_PHASE, 0.5, 1, 2500);
  assert_share (VAE_ANOMALY_PHASE, 0.5, 2500, 2500);
}

/* Blocks differ by one event at most, and on average the ratio is met; the
 * blocks' counts being 0 or 1 away, their mean is good to five standard errors
 * of a coin's. */
static void
assert_mean_share (VaeAnomaly kind, double ratio, guint length,
    guint event_rows)
{
  const guint n_blocks = 400;
  VaeSynthParams params = params_of_kind (kind);
  gsize least, most;
  double mean;

  params.features = 1;
  params.noise = 0;
  params.anomaly_ratio = ratio;
  params.anomaly_length = length;
  find_shares (&params, n_blocks, &least, &most, &mean);
  g_assert_cmpuint (most - least, ==, event_rows);
  g_assert_cmpuint (least, ==,
      (gsize) (ratio * BLOCK / event_rows) * event_rows);
  g_assert_cmpfloat_with_epsilon (mean, ratio * BLOCK,
      5 * 0.5 * event_rows / sqrt (n_blocks));
}

static void
test_broken_shares_are_met_on_average (void)
{
  assert_mean_share (VAE_ANOMALY_OFFSET, 0.00013, 25, 1);
  assert_mean_share (VAE_ANOMALY_SPIKE, 0.12345, 25, 1);
  assert_mean_share (VAE_ANOMALY_DRIFT, 0.021, 25, 25);
  assert_mean_share (VAE_ANOMALY_DRIFT, 0.02, 2500, 2500);
  assert_mean_share (VAE_ANOMALY_DRIFT, 0.5, 700, 700);
  assert_mean_share (VAE_ANOMALY_DRIFT, 0.5, 2400, 2400);
}

/* At the highest ratio, which leaves least room. */
static void
test_events_of_every_length_stay_apart (void)
{
  VaeSynthParams params = params_of_kind (VAE_ANOMALY_MISSING);
  params.features = 1;
  params.noise = 0;
  params.anomaly_ratio = 0.5;

  for (guint length = 1; length <= BLOCK / 2; length++) {
    params.anomaly_length = length;
    Series series = series_new (&params, 0, BLOCK + 1);
    guint run = 0;

    g_assert_cmpuint (series.labels[0], ==, 0);
    for (gsize row = 0; row < series.n; row++) {
      if (series.labels[row]) {
        run++;
        continue;
      }
      g_assert_true (run == 0 || run == length);
      run = 0;
    }
    series_free (series);
  }
}

/* Seven standard deviations of a count: far in a row's 5,000. */
static void
assert_every_row_has_its_turn (VaeAnomaly kind, double ratio)
{
  const guint n_blocks = 2000;
  VaeSynthParams params = params_of_kind (kind);
  params.features = 1;
  params.noise = 0;
  params.anomaly_ratio = ratio;
  Series series = series_new (&params, 0, (gsize) n_blocks * BLOCK);
  double expected = n_blocks * ratio;
  double deviation = sqrt (expected * (1 - ratio));

  for (guint row = 0; row < BLOCK; row++) {
    guint count = 0;
    for (guint block = 0; block < n_blocks; block++)
      count += series.labels[(gsize) block * BLOCK + row];
    g_assert_cmpfloat_with_epsilon (count, expected, 7 * deviation);
  }
  series_free (series);
}

static void
test_every_row_has_its_turn (void)
{
  assert_every_row_has_its_turn (VAE_ANOMALY_OFFSET, 0.02);
  assert_every_row_has_its_turn (VAE_ANOMALY_OFFSET, 0.5);
}

/* How many pairs of anomalies lie `distance` apart in a block with 2,500: the
 * mean and the variance are those of a random draw. */
static void
assert_no_pattern (guint distance)
{
  const guint n_blocks = 1000;
  VaeSynthParams params = params_of_kind (VAE_ANOMALY_OFFSET);
  params.features = 1;
  params.noise = 0;
  params.anomaly_ratio = 0.5;
  Series series = series_new (&params, 0, (gsize) n_blocks * BLOCK);
  double expected = (BLOCK - distance) * (2500.0 * 2499.0) / (5000.0 * 4999.0);
  double sum = 0, squares = 0;

  for (guint block = 0; block < n_blocks; block++) {
    const guint8 *labels = series.labels + (gsize) block * BLOCK;
    double pairs = 0;
    for (guint row = distance; row < BLOCK; row++)
      pairs += labels[row] && labels[row - distance];
    sum += pairs - expected;
    squares += (pairs - expected) * (pairs - expected);
  }
  assert_mean (sum, n_blocks, 0, sqrt (expected / 4));
  assert_mean (squares / (expected / 4), n_blocks, 1, sqrt (2));
  series_free (series);
}

static void
test_anomalies_have_no_pattern (void)
{
  assert_no_pattern (1);
  assert_no_pattern (2);
  assert_no_pattern (64);
}

/* A slot of two lengths' rows: its event begins 1 to 25 rows into it. */
static void
test_events_start_anywhere_in_their_slots (void)
{
  const guint length = 25;
  VaeSynthParams params = params_of_kind (VAE_ANOMALY_DRIFT);
  params.anomaly_ratio = 0.5;
  Series series = series_new (&params, 0, 20 * BLOCK);
  guint starts[50] = { 0 };

  g_assert_cmpuint (params.anomaly_length, ==, length);
  for (gsize row = 1; row < series.n; row++)
    if (series.labels[row] && !series.labels[row - 1])
      starts[row % (2 * length)]++;

  double n_events = series.n / (2 * length);
  for (guint start = 0; start < 2 * length; start++)
    if (start >= 1 && start <= length)
      assert_mean (starts[start], n_events, 1.0 / length, sqrt (1.0 / length));
    else
      g_assert_cmpuint (starts[start], ==, 0);
  series_free (series);
}

/* A series of a kind, and what it would be without anomalies. */
typedef struct
{
  Series series;
  Series normal;
} Pair;

static Pair
pair_new (VaeAnomaly kind, double ratio, double noise)
{
  VaeSynthParams params = params_of_kind (kind);
  Pair pair;

  params.anomaly_ratio = ratio;
  params.noise = noise;
  pair.series = series_new (&params, 0, 10 * BLOCK);
  params.anomaly_ratio = 0;
  pair.normal = series_new (&params, 0, 10 * BLOCK);
  return pair;
}

static void
pair_free (Pair pair)
{
  series_free (pair.series);
  series_free (pair.normal);
}

static double
difference (Pair pair, gsize row, guint channel)
{
  return cell (pair.series, row, channel) - cell (pair.normal, row, channel);
}

/* The first of the labelled rows that end with this one. */
static gsize
event_first_row (Pair pair, gsize row)
{
  while (row > 0 && pair.series.labels[row - 1])
    row--;
  return row;
}

/* The one channel that differs from the normal series in the event that this
 * row is in. */
static guint
event_channel (Pair pair, gsize row)
{
  guint n_features = pair.series.params.features;
  guint found = n_features;

  for (row = event_first_row (pair, row); pair.series.labels[row]; row++)
    for (guint i = 0; i < n_features; i++)
      if (!same_bits (cell (pair.series, row, i), cell (pair.normal, row, i))) {
        g_assert_true (found == n_features || found == i);
        found = i;
      }
  g_assert_cmpuint (found, <, n_features);
  return found;
}

static void
test_rows_without_label_are_normal (void)
{
  for (guint kind = 0; kind < N_KINDS; kind++) {
    Pair pair = pair_new (kind, 0.2, 0.1);
    guint n_features = pair.series.params.features;

    for (gsize row = 0; row < pair.series.n; row++)
      if (!pair.series.labels[row])
        for (guint i = 0; i < n_features; i++)
          g_assert_true (same_bits (cell (pair.series, row, i),
                  cell (pair.normal, row, i)));
    pair_free (pair);
  }
}

static void
test_labelled_rows_differ (void)
{
  for (guint kind = 0; kind < N_KINDS; kind++) {
    Pair pair = pair_new (kind, 0.2, 0.1);
    guint n_features = pair.series.params.features;

    for (gsize row = 0; row < pair.series.n; row++)
      if (pair.series.labels[row])
        g_assert_true (memcmp (pair.series.data + row * n_features,
                pair.normal.data + row * n_features,
                n_features * sizeof (float)) != 0);
    pair_free (pair);
  }
}

/* Each cell has a shift of its own, which has nothing to do with its noise. */
static void
test_offset (void)
{
  Pair pair = pair_new (VAE_ANOMALY_OFFSET, 1, 0.1);
  guint n_features = pair.series.params.features;
  double n = (double) pair.series.n * n_features;
  double sum = 0, squares = 0, by_neighbour = 0, by_noise = 0;

  for (gsize row = 0; row < pair.series.n; row++)
    for (guint i = 0; i < n_features; i++) {
      double shift = (difference (pair, row, i) - 3) / 0.5;
      double neighbour = difference (pair, row, (i + 1) % n_features) - 3;
      double noise = cell (pair.normal, row, i) - sin (row * t_per_row + i);
      sum += shift;
      squares += shift * shift;
      by_neighbour += shift * neighbour / 0.5;
      by_noise += shift * noise / 0.1;
    }
  assert_mean (sum, n, 0, 1);
  assert_mean (squares, n, 1, sqrt (2));
  assert_mean (by_neighbour, n, 0, 1);
  assert_mean (by_noise, n, 0, 1);
  pair_free (pair);
}

/* Up as often as down, and every channel as often. */
static void
test_spike (void)
{
  Pair pair = pair_new (VAE_ANOMALY_SPIKE, 1, 0.1);
  guint n_features = pair.series.params.features;
  double n = (double) pair.series.n;
  double signs = 0, sum = 0, squares = 0;
  guint hits[5] = { 0 };

  for (gsize row = 0; row < pair.series.n; row++) {
    guint n_shifted = 0;
    for (guint i = 0; i < n_features; i++) {
      double shift = difference (pair, row, i);
      double size = (fabs (shift) - 3) / 0.5;
      if (shift == 0)
        continue;
      n_shifted++;
      hits[i]++;
      signs += shift > 0 ? 1 : -1;
      sum += size;
      squares += size * size;
    }
    g_assert_cmpuint (n_shifted, ==, 1);
  }
  assert_mean (signs, n, 0, 1);
  assert_mean (sum, n, 0, 1);
  assert_mean (squares, n, 1, sqrt (2));
  for (guint i = 0; i < n_features; i++)
    assert_mean (hits[i], n, 0.2, 0.4);
  pair_free (pair);
}

/* The channel's sine changes its sign and its noise does not. */
static void
test_correlation (void)
{
  Pair pair = pair_new (VAE_ANOMALY_CORRELATION, 0.2, 0.1);

  for (gsize row = 0; row < pair.series.n; row++) {
    if (!pair.series.labels[row])
      continue;
    guint channel = event_channel (pair, row);
    double sine = sin (row * t_per_row + channel);
    g_assert_cmpfloat_with_epsilon (difference (pair, row, channel), -2 * sine,
        1e-6);
  }
  pair_free (pair);
}

static void
test_frozen (void)
{
  Pair pair = pair_new (VAE_ANOMALY_FROZEN, 0.2, 0.1);

  for (gsize row = 0; row < pair.series.n; row++) {
    if (!pair.series.labels[row])
      continue;
    guint channel = event_channel (pair, row);
    gsize last_normal_row = event_first_row (pair, row) - 1;
    g_assert_true (same_bits (cell (pair.series, row, channel),
            cell (pair.series, last_normal_row, channel)));
  }
  pair_free (pair);
}

/* The t of a row without noise, in [0, 2 pi), from its channels 0 and 1; the
 * other channels agree with it. */
static double
find_t (Series series, gsize row)
{
  double sine = cell (series, row, 0);
  double cosine = (cell (series, row, 1) - sine * cos (1)) / sin (1);
  double t = atan2 (sine, cosine);

  for (guint i = 2; i < series.params.features; i++)
    g_assert_cmpfloat_with_epsilon (cell (series, row, i), sin (t + i), 1e-5);
  return t < 0 ? t + 2 * pi : t;
}

/* How far t is ahead of what it normally is, in [0, 2 pi). */
static double
find_lead (Pair pair, gsize row)
{
  double lead = find_t (pair.series, row) - find_t (pair.normal, row);

  return lead < 0 ? lead + 2 * pi : lead;
}

static void
test_phase (void)
{
  Pair pair = pair_new (VAE_ANOMALY_PHASE, 0.2, 0);
  double least = 2 * pi, most = 0;

  for (gsize row = 0; row < pair.series.n; row++) {
    if (!pair.series.labels[row])
      continue;
    double phase = find_lead (pair, row);
    g_assert_cmpfloat_with_epsilon (phase,
        find_lead (pair, event_first_row (pair, row)), 1e-5);
    least = MIN (least, phase);
    most = MAX (most, phase);
  }
  g_assert_cmpfloat_with_epsilon (least, pi / 3, 0.1);
  g_assert_cmpfloat (least, >, pi / 3 - 1e-5);
  g_assert_cmpfloat_with_epsilon (most, 5 * pi / 3, 0.1);
  g_assert_cmpfloat (most, <, 5 * pi / 3 + 1e-5);
  pair_free (pair);
}

/* The n-th row is two further rows ahead for each row of the event. */
static void
test_frequency (void)
{
  Pair pair = pair_new (VAE_ANOMALY_FREQUENCY, 0.2, 0);

  for (gsize row = 0; row < pair.series.n; row++) {
    if (!pair.series.labels[row])
      continue;
    gsize n = row - event_first_row (pair, row) + 1;
    g_assert_cmpfloat_with_epsilon (find_lead (pair, row), 2 * n * t_per_row,
        1e-5);
  }
  pair_free (pair);
}

static void
test_drift (void)
{
  Pair pair = pair_new (VAE_ANOMALY_DRIFT, 0.2, 0.1);
  double length = pair.series.params.anomaly_length;
  gsize rises = 0, falls = 0;

  for (gsize row = 0; row < pair.series.n; row++) {
    if (!pair.series.labels[row])
      continue;
    gsize first_row = event_first_row (pair, row);
    double moved = difference (pair, row, event_channel (pair, row));
    g_assert_cmpfloat_with_epsilon (fabs (moved),
        (row - first_row + 1) / length, 1e-6);
    if (moved > 0)
      rises++;
    else
      falls++;
    if (row > first_row)
      g_assert_true ((moved > 0) == (difference (pair, row - 1,
                  event_channel (pair, row)) > 0));
  }
  g_assert_cmpuint (rises, >, 3000);
  g_assert_cmpuint (falls, >, 3000);
  pair_free (pair);
}

static void
test_missing (void)
{
  Pair pair = pair_new (VAE_ANOMALY_MISSING, 0.2, 0.1);

  for (gsize row = 0; row < pair.series.n; row++)
    if (pair.series.labels[row])
      g_assert_true (isnan (cell (pair.series, row,
                  event_channel (pair, row))));
  pair_free (pair);
}

static double
auroc_of_squared_norm (VaeAnomaly kind)
{
  VaeSynthParams params = params_of_kind (kind);
  params.anomaly_ratio = 0.1;
  Series series = series_new (&params, 0, 20 * BLOCK);
  g_autofree float *norms = g_new0 (float, series.n);
  VaeMetrics metrics;

  for (gsize row = 0; row < series.n; row++)
    for (guint i = 0; i < params.features; i++)
      norms[row] += cell (series, row, i) * cell (series, row, i);
  g_assert_true (vae_metrics_compute (norms, series.labels, series.n, &metrics,
          NULL));
  series_free (series);
  return metrics.auroc;
}

static void
test_what_a_norm_can_see (void)
{
  const VaeAnomaly unseen[] = {
    VAE_ANOMALY_CORRELATION, VAE_ANOMALY_FROZEN, VAE_ANOMALY_PHASE,
    VAE_ANOMALY_FREQUENCY
  };

  g_assert_cmpfloat (auroc_of_squared_norm (VAE_ANOMALY_OFFSET), >, 0.999);
  for (guint i = 0; i < G_N_ELEMENTS (unseen); i++) {
    double auroc = auroc_of_squared_norm (unseen[i]);
    g_test_message ("anomaly %u: AUROC %.3f", unseen[i], auroc);
    g_assert_cmpfloat (auroc, <, 0.7);
    g_assert_cmpfloat (auroc, >, 0.3);
  }
}

static void
test_seeds_differ (void)
{
  VaeSynthParams params = params_of_kind (VAE_ANOMALY_OFFSET);
  Series one = series_new (&params, 0, BLOCK);
  params.seed++;
  Series other = series_new (&params, 0, BLOCK);
  gsize same_cells = 0, same_anomalies = 0;

  for (gsize c = 0; c < one.n * params.features; c++)
    same_cells += same_bits (one.data[c], other.data[c]);
  for (gsize row = 0; row < one.n; row++)
    same_anomalies += one.labels[row] && other.labels[row];
  g_assert_cmpuint (same_cells, <, 50);
  g_assert_cmpuint (same_anomalies, <, 20);
  series_free (one);
  series_free (other);
}

static void
test_blocks_differ (void)
{
  VaeSynthParams params = params_of_kind (VAE_ANOMALY_OFFSET);
  Series series = series_new (&params, 0, 2 * BLOCK);
  gsize same_anomalies = 0;

  for (gsize row = 0; row < BLOCK; row++)
    same_anomalies += series.labels[row] && series.labels[BLOCK + row];
  g_assert_cmpuint (same_anomalies, <, 20);
  series_free (series);
}

/* At row 2^40 a double still knows t to 2e-6. */
static void
test_large_row_numbers (void)
{
  const guint64 first_row = (G_GUINT64_CONSTANT (1) << 40) / BLOCK * BLOCK;
  VaeSynthParams params = params_of_kind (VAE_ANOMALY_MISSING);
  params.noise = 0;
  Series series = series_new (&params, first_row, BLOCK);
  Series pieces = series_new_in_steps (&params, first_row, BLOCK, 7);

  assert_same_series (series, pieces);
  g_assert_cmpuint (count_labels (series.labels, BLOCK), ==, 100);
  for (guint k = 0; k < BLOCK; k++)
    for (guint i = 0; i < params.features; i++)
      if (!isnan (cell (series, k, i)))
        g_assert_cmpfloat_with_epsilon (cell (series, k, i),
            sin ((double) (first_row + k) * t_per_row + i), 1e-5);
  series_free (series);
  series_free (pieces);
}

static void
test_last_row_numbers (void)
{
  for (guint kind = 0; kind < N_KINDS; kind++) {
    VaeSynthParams params = params_of_kind (kind);
    params.anomaly_ratio = 0.5;
    Series series = series_new (&params, G_MAXUINT64 - 999, 1000);
    Series pieces = series_new_in_steps (&params, G_MAXUINT64 - 999, 1000, 7);

    assert_same_series (series, pieces);
    series_free (series);
    series_free (pieces);
  }
}

static void
assert_valid (const VaeSynthParams * params)
{
  GError *error = NULL;
  VaeSynth *synth = vae_synth_new (params, &error);

  g_assert_no_error (error);
  g_assert_nonnull (synth);
  vae_synth_free (synth);
}

static void
assert_invalid (const VaeSynthParams * params, const char *message)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (vae_synth_new (params, &error));
  g_assert_error (error, VAE_ERROR, VAE_ERROR_PARAMETER);
  g_assert_cmpstr (error->message, ==, message);
  g_assert_null (vae_synth_new (params, NULL));
}

static void
test_features_range (void)
{
  VaeSynthParams params = params_of_kind (VAE_ANOMALY_OFFSET);

  params.features = 0;
  assert_invalid (&params, "features is 0, it must be from 1 to 65536");
  params.features = 1;
  assert_valid (&params);
  params.features = VAE_MAX_CHANNELS;
  assert_valid (&params);
  params.features = VAE_MAX_CHANNELS + 1;
  assert_invalid (&params, "features is 65537, it must be from 1 to 65536");
}

static void
test_anomaly_range (void)
{
  VaeSynthParams params = params_of_kind (N_KINDS);

  assert_invalid (&params, "anomaly is 8, it must be from 0 to 7");
  params.anomaly = (VaeAnomaly) - 1;
  assert_invalid (&params, "anomaly is 4294967295, it must be from 0 to 7");
  params.anomaly = VAE_ANOMALY_MISSING;
  assert_valid (&params);
}

static void
test_anomaly_length_range (void)
{
  VaeSynthParams params = params_of_kind (VAE_ANOMALY_FROZEN);

  params.anomaly_length = 0;
  assert_invalid (&params, "anomaly-length is 0, it must be from 1 to 2500");
  params.anomaly_length = 1;
  assert_valid (&params);
  params.anomaly_length = 2500;
  assert_valid (&params);
  params.anomaly_length = 2501;
  assert_invalid (&params, "anomaly-length is 2501, it must be from 1 to 2500");
}

static void
test_anomaly_ratio_range (void)
{
  VaeSynthParams params = params_of_kind (VAE_ANOMALY_OFFSET);

  params.anomaly_ratio = 1;
  assert_valid (&params);
  params.anomaly_ratio = 1.01;
  assert_invalid (&params, "anomaly-ratio is 1.01, it must be from 0 to 1");
  params.anomaly_ratio = -0.01;
  assert_invalid (&params, "anomaly-ratio is -0.01, it must be from 0 to 1");
  params.anomaly_ratio = (double) NAN;
  assert_invalid (&params, "anomaly-ratio is nan, it must be from 0 to 1");

  for (guint kind = VAE_ANOMALY_CORRELATION; kind < N_KINDS; kind++) {
    params.anomaly = kind;
    params.anomaly_ratio = 0.5;
    assert_valid (&params);
    params.anomaly_ratio = 0.51;
    assert_invalid (&params, "anomaly-ratio is 0.51, it must be from 0 to 0.5");
  }
}

static void
test_noise_range (void)
{
  VaeSynthParams params = params_of_kind (VAE_ANOMALY_OFFSET);

  params.noise = -1;
  assert_invalid (&params, "noise is -1, it must be from 0 to 1e+09");
  params.noise = (double) NAN;
  assert_invalid (&params, "noise is nan, it must be from 0 to 1e+09");
  params.noise = (double) INFINITY;
  assert_invalid (&params, "noise is inf, it must be from 0 to 1e+09");
  params.noise = 1e9;
  assert_valid (&params);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/synth/defaults-are-the-seed-experiment",
      test_defaults_are_the_seed_experiment);
  g_test_add_func ("/synth/formula", test_formula);
  g_test_add_func ("/synth/noise", test_noise);
  g_test_add_func ("/synth/any-cut-and-order-gives-the-same",
      test_any_cut_and_order_gives_the_same);
  g_test_add_func ("/synth/no-rows-touch-nothing", test_no_rows_touch_nothing);
  g_test_add_func ("/synth/whole-shares-are-exact",
      test_whole_shares_are_exact);
  g_test_add_func ("/synth/broken-shares-are-met-on-average",
      test_broken_shares_are_met_on_average);
  g_test_add_func ("/synth/events-of-every-length-stay-apart",
      test_events_of_every_length_stay_apart);
  g_test_add_func ("/synth/every-row-has-its-turn",
      test_every_row_has_its_turn);
  g_test_add_func ("/synth/anomalies-have-no-pattern",
      test_anomalies_have_no_pattern);
  g_test_add_func ("/synth/events-start-anywhere-in-their-slots",
      test_events_start_anywhere_in_their_slots);
  g_test_add_func ("/synth/rows-without-label-are-normal",
      test_rows_without_label_are_normal);
  g_test_add_func ("/synth/labelled-rows-differ", test_labelled_rows_differ);
  g_test_add_func ("/synth/offset", test_offset);
  g_test_add_func ("/synth/spike", test_spike);
  g_test_add_func ("/synth/correlation", test_correlation);
  g_test_add_func ("/synth/frozen", test_frozen);
  g_test_add_func ("/synth/phase", test_phase);
  g_test_add_func ("/synth/frequency", test_frequency);
  g_test_add_func ("/synth/drift", test_drift);
  g_test_add_func ("/synth/missing", test_missing);
  g_test_add_func ("/synth/what-a-norm-can-see", test_what_a_norm_can_see);
  g_test_add_func ("/synth/seeds-differ", test_seeds_differ);
  g_test_add_func ("/synth/blocks-differ", test_blocks_differ);
  g_test_add_func ("/synth/large-row-numbers", test_large_row_numbers);
  g_test_add_func ("/synth/last-row-numbers", test_last_row_numbers);
  g_test_add_func ("/synth/features-range", test_features_range);
  g_test_add_func ("/synth/anomaly-range", test_anomaly_range);
  g_test_add_func ("/synth/anomaly-length-range", test_anomaly_length_range);
  g_test_add_func ("/synth/anomaly-ratio-range", test_anomaly_ratio_range);
  g_test_add_func ("/synth/noise-range", test_noise_range);

  return g_test_run ();
}
