/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gpd.h"
#include "pot.h"
#include "rng.h"
#include "spot.h"

#include <math.h>
#include <string.h>

/* --- known tails
 * ----------------------------------------------------------- */

typedef struct
{
  const char *name;
  double (*draw) (VaeRng rng, guint64 index);
  double (*exceeded) (double score);    /* the probability of it */
} Tail;

static double
draw_exponential (VaeRng rng, guint64 index)
{
  return -log (1 - vae_rng_uniform (rng, index));
}

static double
exponential_exceeded (double score)
{
  return exp (-score);
}

static double
draw_pareto (VaeRng rng, guint64 index)
{
  return pow (1 - vae_rng_uniform (rng, index), -1 / 3.);
}

static double
pareto_exceeded (double score)
{
  return pow (score, -3);
}

static double
uniform_exceeded (double score)
{
  return score < 1 ? 1 - score : 0;
}

static double
gaussian_exceeded (double score)
{
  return erfc (score / sqrt (2)) / 2;
}

static const Tail TAILS[] = {
  {"exponential", draw_exponential, exponential_exceeded},
  {"pareto", draw_pareto, pareto_exceeded},
  {"uniform", vae_rng_uniform, uniform_exceeded},
  {"gaussian", vae_rng_normal, gaussian_exceeded},
};

static float *
draw_scores (const Tail * tail, guint64 seed, gsize n)
{
  float *scores = g_new (float, n);

  for (gsize i = 0; i < n; i++)
    scores[i] = (float) tail->draw (vae_rng (seed, 0), i);
  return scores;
}

/* --- thresholds
 * ------------------------------------------------------------ */

static double
threshold_of (const float *scores, gsize n, double level, double q)
{
  GError *error = NULL;
  double threshold = NAN;
  gboolean done = vae_pot_threshold (scores, n, level, q, &threshold, &error);

  g_assert_no_error (error);
  g_assert_true (done);
  return threshold;
}

/* The threshold of 20,000 rows is exceeded with a probability that varies
 * by a few tenths of q, and over 60 series by 4 to 6 %; to that comes the
 * bias of maximum likelihood and, for the Gaussian, of a level that is not
 * high enough. */
static void
test_is_exceeded_by_a_share_of_q (gconstpointer data)
{
  const Tail *tail = data;
  const gsize n = 20000;
  const guint n_series = 60;
  const double q = 1e-3;
  double exceeded = 0;

  for (guint seed = 0; seed < n_series; seed++) {
    g_autofree float *scores = draw_scores (tail, seed, n);
    exceeded += tail->exceeded (threshold_of (scores, n, VAE_POT_LEVEL, q));
  }
  g_assert_cmpfloat (exceeded / n_series, >, 0.85 * q);
  g_assert_cmpfloat (exceeded / n_series, <, 1.15 * q);
}

/* Of 2,000 rows a share of 1e-4 is less than one. Here the highest score would
 * be exceeded by 1 / 2001 on average, five times as many. */
static void
test_reaches_beyond_the_rows (void)
{
  const Tail *tail = &TAILS[0];
  const gsize n = 2000;
  const double q = 1e-4;
  const guint n_series = 200;
  double sum = 0;

  for (guint seed = 0; seed < n_series; seed++) {
    g_autofree float *scores = draw_scores (tail, seed, n);
    sum += threshold_of (scores, n, 0.9, q);
  }
  g_assert_cmpfloat (fabs (sum / n_series / -log (q) - 1), <, 0.05);
}

/* A million fresh rows with the threshold of a million others: 1,000 +- 32
 * alarms, and as many for the threshold. */
static void
test_fresh_rows_exceed_it (void)
{
  const gsize n = 1000000;
  g_autofree float *scores = draw_scores (&TAILS[0], 1, n);
  g_autofree float *fresh = draw_scores (&TAILS[0], 2, n);
  double threshold = threshold_of (scores, n, VAE_POT_LEVEL, 1e-3);
  guint alarms = 0;

  for (gsize i = 0; i < n; i++)
    alarms += fresh[i] > threshold;
  g_assert_cmpuint (alarms, >, 820);
  g_assert_cmpuint (alarms, <, 1180);
}

static void
test_scores_that_are_not_finite_are_left_out (void)
{
  const gsize n = 5000;
  g_autofree float *scores = draw_scores (&TAILS[1], 1, n);
  g_autofree float *mixed = g_new (float, 4 * n);
  double threshold = threshold_of (scores, n, VAE_POT_LEVEL, 1e-3);

  for (gsize i = 0; i < n; i++) {
    mixed[4 * i] = NAN;
    mixed[4 * i + 1] = INFINITY;
    mixed[4 * i + 2] = scores[i];
    mixed[4 * i + 3] = -INFINITY;
  }
  g_assert_cmpfloat (threshold_of (mixed, 4 * n, VAE_POT_LEVEL, 1e-3), ==,
      threshold);
}

/* Of 0 .. 99 the 0.9-quantile is 89.1, and ten are above. Three more rows
 * make it 13 peaks, but still ten that differ; nine must not be enough. */
static void
test_few_different_peaks_are_interpolated (void)
{
  float scores[103];

  for (guint i = 0; i < 100; i++)
    scores[i] = i;
  scores[90] = 91;
  double threshold = threshold_of (scores, 100, 0.9, 0.05);
  g_assert_cmpfloat_with_epsilon (threshold, 94.5, 1e-6);

  scores[90] = 90;
  threshold = threshold_of (scores, 100, 0.9, 0.05);
  g_assert_cmpfloat (fabs (threshold - 94.5), >, 1e-3);
}

static void
test_a_single_score (void)
{
  const float score = -3;

  g_assert_cmpfloat (threshold_of (&score, 1, VAE_POT_LEVEL, 1e-3), ==, -3);
}

static void
test_all_equal (void)
{
  float scores[1000];

  for (guint i = 0; i < 1000; i++)
    scores[i] = 7;
  g_assert_cmpfloat (threshold_of (scores, 1000, VAE_POT_LEVEL, 1e-3), ==, 7);
}

/* 995 rows tie at the level: five are above, fewer than a share of 0.01. */
static void
test_ties_at_the_level (void)
{
  float scores[1000];

  for (guint i = 0; i < 1000; i++)
    scores[i] = i < 995 ? 1 : i;
  g_assert_cmpfloat (threshold_of (scores, 1000, VAE_POT_LEVEL, 0.01), ==, 1);
  g_assert_cmpfloat (threshold_of (scores, 1000, VAE_POT_LEVEL, 0.0025), ==,
      997);
}

/* Peaks of two heights only: those of the upper one are 1 % of the rows,
 * and must not all be flagged for a q of 0.1 %. */
static void
test_ties_above_the_level (void)
{
  float scores[2000];

  for (guint i = 0; i < 2000; i++)
    scores[i] = i % 100 == 0 ? 3 : i % 100 == 50 ? 2 : 1;
  g_assert_cmpfloat (threshold_of (scores, 2000, 0.97, 1e-3), ==, 3);
}

/* Scores over 60 powers of ten, of which the far quantile is beyond any
 * float. */
static void
test_a_tail_beyond_floats (void)
{
  float scores[2000];

  for (guint i = 0; i < 2000; i++)
    scores[i] = (float) pow (10, 60 * vae_rng_uniform (vae_rng (1, 0), i) - 30);
  g_assert_cmpfloat (threshold_of (scores, 2000, 0.5, 1e-12), ==, G_MAXFLOAT);
}

static void
test_all_magnitudes (void)
{
  const gsize n = 5000;
  g_autofree float *scores = draw_scores (&TAILS[0], 1, n);
  g_autofree float *scaled = g_new (float, n);
  double threshold = threshold_of (scores, n, VAE_POT_LEVEL, 1e-4);

  for (gint power = -120; power <= 120; power += 40) {
    for (gsize i = 0; i < n; i++)
      scaled[i] = ldexpf (scores[i], power);
    g_assert_cmpfloat (threshold_of (scaled, n, VAE_POT_LEVEL, 1e-4), ==,
        ldexp (threshold, power));
  }
}

static void
assert_refused (const float *scores, gsize n, double level, double q,
    int code, const char *part)
{
  g_autoptr (GError) error = NULL;
  double threshold = -1;

  g_assert_false (vae_pot_threshold (scores, n, level, q, &threshold, &error));
  g_assert_error (error, VAE_ERROR, code);
  g_assert_nonnull (strstr (error->message, part));
  g_assert_cmpfloat (threshold, ==, -1);
}

static void
test_bad_settings (void)
{
  const float scores[] = { 1, 2, 3 };

  for (guint i = 0; i < 3; i++) {
    const double bad[] = { 0, 1, NAN };
    assert_refused (scores, 3, bad[i], 1e-3, VAE_ERROR_PARAMETER, "quantile");
    assert_refused (scores, 3, 0.98, bad[i], VAE_ERROR_PARAMETER, "0.02");
  }
  assert_refused (scores, 3, 0.98, 0.03, VAE_ERROR_PARAMETER, "0.03");
}

static void
test_no_scores (void)
{
  const float scores[] = { NAN, INFINITY };

  assert_refused (NULL, 0, 0.98, 1e-3, VAE_ERROR_DATA, "none of 0");
  assert_refused (scores, 2, 0.98, 1e-3, VAE_ERROR_DATA, "none of 2");
}

/* --- the distribution
 * ------------------------------------------------------ */

static void
test_shapes_meet_at_0 (void)
{
  const VaeGpd none = { 0, 2 }, above = { 1e-9, 2 }, below = { -1e-9, 2 };

  g_assert_cmpfloat (vae_gpd_excess (&none, 1e-3), ==, -2 * log (1e-3));
  for (double p = 1; p > 1e-6; p /= 3) {
    const double y = vae_gpd_excess (&none, p);
    g_assert_cmpfloat_with_epsilon (vae_gpd_excess (&above, p), y, 1e-6);
    g_assert_cmpfloat_with_epsilon (vae_gpd_excess (&below, p), y, 1e-6);
    g_assert_cmpfloat_with_epsilon (vae_gpd_rarity (&none, y), -log10 (p),
        1e-12);
    g_assert_cmpfloat_with_epsilon (vae_gpd_rarity (&above, y), -log10 (p),
        1e-6);
  }
}

static void
test_rarity_inverts_excess (void)
{
  for (double shape = -1; shape <= 3; shape += 0.25) {
    const VaeGpd gpd = { shape, 0.7 };
    for (double p = 1; p > 1e-5; p /= 3) {
      const double y = vae_gpd_excess (&gpd, p);
      g_assert_cmpfloat_with_epsilon (vae_gpd_rarity (&gpd, y), -log10 (p),
          1e-9);
    }
  }
}

static void
test_a_tail_ends (void)
{
  const VaeGpd gpd = { -0.5, 1 };

  g_assert_cmpfloat (vae_gpd_rarity (&gpd, 1.999), <, 10);
  g_assert_true (isinf (vae_gpd_rarity (&gpd, 2)));
  g_assert_true (isinf (vae_gpd_rarity (&gpd, 3)));
}

/* --- the stream
 * ------------------------------------------------------------ */

static VaeSpotStart
start_with (const float *scores, gsize n)
{
  VaeSpotStart start;
  GError *error = NULL;
  gboolean done =
      vae_spot_start_init (&start, scores, n, VAE_POT_LEVEL, &error);

  g_assert_no_error (error);
  g_assert_true (done);
  g_assert_true (vae_spot_start_is_valid (&start));
  return start;
}

static VaeSpot *
spot_with (const float *scores, gsize n, double q)
{
  VaeSpotStart start = start_with (scores, n);
  GError *error = NULL;
  VaeSpot *spot = vae_spot_new (&start, q, &error);

  g_assert_no_error (error);
  g_assert_nonnull (spot);
  return spot;
}

static guint
feed (VaeSpot * spot, const float *scores, gsize n)
{
  guint alarms = 0;

  for (gsize i = 0; i < n; i++)
    alarms += vae_spot_step (spot, scores[i]);
  return alarms;
}

static void
test_starts_with_the_threshold_of_pot (void)
{
  const gsize n = 20000;
  g_autofree float *scores = draw_scores (&TAILS[0], 1, n);

  for (gsize rows = 1; rows <= n; rows *= 3) {
    VaeSpot *spot = spot_with (scores, rows, 1e-3);
    g_assert_cmpfloat (vae_spot_threshold (spot), ==,
        threshold_of (scores, rows, VAE_POT_LEVEL, 1e-3));
    vae_spot_free (spot);
  }
}

/* The first half of the scores is small, the second is not: a sample that took
 * the first or the last peaks would not see it. */
static void
test_keeps_a_fair_sample (void)
{
  const gsize n = 200000;
  g_autofree float *scores = draw_scores (&TAILS[0], 1, n);
  guint n_late = 0;

  for (gsize i = 0; i < n; i++)
    scores[i] = i % 50 == 0 ? 100 + i : scores[i] / 100;
  VaeSpotStart start = start_with (scores, n);

  g_assert_cmpfloat (start.n_peaks, >, 2 * VAE_SPOT_PEAKS);
  for (guint i = 0; i < VAE_SPOT_PEAKS; i++)
    n_late += start.peaks[i] > n / 2;
  /* 256 +- 11 */
  g_assert_cmpuint (n_late, >, 200);
  g_assert_cmpuint (n_late, <, 312);
}

/* Streams of 300,000 rows, over several of which the threshold is exceeded,
 * in the end, by 1.3 to 1.6 times q. Were nothing made up for the peaks
 * that are not learned, it would be by 2.2 to 3 times q, and rising. */
static double
mean_share_exceeded (const Tail * tail, double q)
{
  const gsize n = 20000, n_stream = 300000;
  const guint n_streams = 4;
  double share = 0;

  for (guint i = 0; i < n_streams; i++) {
    g_autofree float *scores = draw_scores (tail, 2 * i, n);
    g_autofree float *stream = draw_scores (tail, 2 * i + 1, n_stream);
    VaeSpot *spot = spot_with (scores, n, q);
    feed (spot, stream, n_stream);
    share += tail->exceeded (vae_spot_threshold (spot)) / n_streams;
    vae_spot_free (spot);
  }
  return share;
}

static void
test_stays_where_it_belongs (gconstpointer data)
{
  const double q = 1e-3;
  const double share = mean_share_exceeded (data, q);

  g_assert_cmpfloat (share, >, 0.5 * q);
  g_assert_cmpfloat (share, <, 2 * q);
}

/* Half of the peaks exceed the threshold; not counting them would leave the
 * other half to be all there is above the level. */
static void
test_counts_what_it_does_not_learn (void)
{
  const double q = 1e-2;
  const double share = mean_share_exceeded (&TAILS[0], q);

  g_assert_cmpfloat (share, >, 0.8 * q);
  g_assert_cmpfloat (share, <, 1.3 * q);
}

/* As many peaks as before, but half as high above the level. */
static void
test_learns_from_normal_rows (void)
{
  const gsize n = 20000, n_stream = 400000;
  g_autofree float *scores = draw_scores (&TAILS[0], 1, n);
  g_autofree float *stream = draw_scores (&TAILS[0], 2, n_stream);
  VaeSpotStart start = start_with (scores, n);
  VaeSpot *spot = spot_with (scores, n, 1e-3);
  const double before = vae_spot_threshold (spot) - start.level;

  for (gsize i = 0; i < n_stream; i++)
    if (stream[i] > start.level)
      stream[i] = (stream[i] + start.level) / 2;
  feed (spot, stream, n_stream);
  const double after = vae_spot_threshold (spot) - start.level;
  g_assert_cmpfloat (after, >, 0.35 * before);
  g_assert_cmpfloat (after, <, 0.65 * before);
  vae_spot_free (spot);
}

static void
test_does_not_learn_anomalies (void)
{
  const gsize n = 20000;
  g_autofree float *scores = draw_scores (&TAILS[0], 1, n);
  g_autofree float *stream = draw_scores (&TAILS[0], 2, n);
  VaeSpot *plain = spot_with (scores, n, 1e-3);
  VaeSpot *attacked = spot_with (scores, n, 1e-3);

  for (gsize i = 0; i < n; i++) {
    const float anomaly = i % 2 ? INFINITY : 50 + i;
    g_assert_true (vae_spot_step (attacked, anomaly));
    g_assert_cmpint (vae_spot_step (attacked, stream[i]), ==,
        vae_spot_step (plain, stream[i]));
    g_assert_cmpfloat (vae_spot_threshold (attacked), ==,
        vae_spot_threshold (plain));
  }
  g_assert_cmpfloat (vae_spot_threshold (plain), <, 10);
  vae_spot_free (plain);
  vae_spot_free (attacked);
}

static void
test_missing_scores_change_nothing (void)
{
  const gsize n = 20000;
  g_autofree float *scores = draw_scores (&TAILS[0], 1, n);
  g_autofree float *stream = draw_scores (&TAILS[0], 2, n);
  VaeSpot *plain = spot_with (scores, n, 1e-3);
  VaeSpot *other = spot_with (scores, n, 1e-3);

  for (gsize i = 0; i < n; i++) {
    g_assert_false (vae_spot_step (other, NAN));
    g_assert_false (vae_spot_step (other, -INFINITY));
    vae_spot_step (other, stream[i]);
    vae_spot_step (plain, stream[i]);
  }
  g_assert_cmpfloat (vae_spot_threshold (other), ==,
      vae_spot_threshold (plain));
  vae_spot_free (plain);
  vae_spot_free (other);
}

static void
test_reset_forgets_the_stream (void)
{
  const gsize n = 50000;
  g_autofree float *scores = draw_scores (&TAILS[1], 1, n);
  g_autofree float *stream = draw_scores (&TAILS[1], 2, n);
  VaeSpot *spot = spot_with (scores, n, 5e-3);
  const double before = vae_spot_threshold (spot);

  guint alarms = feed (spot, stream, n);
  const double after = vae_spot_threshold (spot);
  g_assert_cmpfloat (after, !=, before);

  vae_spot_reset (spot);
  g_assert_cmpfloat (vae_spot_threshold (spot), ==, before);
  g_assert_cmpuint (feed (spot, stream, n), ==, alarms);
  g_assert_cmpfloat (vae_spot_threshold (spot), ==, after);
  vae_spot_free (spot);
}

/* From a single row, whose threshold is its score: what is above is an anomaly,
 * for ever, and what is not has no peaks. */
static void
test_starts_from_a_single_score (void)
{
  const float score = 2;
  VaeSpot *spot = spot_with (&score, 1, 1e-3);

  for (guint i = 0; i < 10000; i++) {
    g_assert_false (vae_spot_step (spot, i % 3));
    g_assert_true (vae_spot_step (spot, 3));
  }
  g_assert_cmpfloat (vae_spot_threshold (spot), ==, 2);
  vae_spot_free (spot);
}

/* Peaks of ten heights, of which only the lowest goes on. */
static void
test_stream_of_ties (void)
{
  const gsize n = 10000, n_stream = 500000;
  g_autofree float *scores = g_new (float, n);
  guint alarms = 0;

  for (gsize i = 0; i < n; i++)
    scores[i] = i % 100 ? 0 : 1 + i % 1000 / 100;
  VaeSpot *spot = spot_with (scores, n, 1e-3);
  for (gsize i = 0; i < n_stream; i++)
    alarms += vae_spot_step (spot, i % 100 ? 0 : 1);
  g_assert_cmpuint (alarms, ==, 0);
  g_assert_true (isfinite (vae_spot_threshold (spot)));
  vae_spot_free (spot);
}

/* Five peaks are not enough for a fit: then nothing is learned. */
static void
test_stays_where_peaks_are_few (void)
{
  const gsize n = 250, n_stream = 20000;
  g_autofree float *scores = draw_scores (&TAILS[2], 1, n);
  g_autofree float *stream = draw_scores (&TAILS[2], 2, n_stream);
  VaeSpot *spot = spot_with (scores, n, 1e-4);
  const double before = vae_spot_threshold (spot);

  feed (spot, stream, n_stream);
  g_assert_cmpfloat (vae_spot_threshold (spot), ==, before);
  vae_spot_free (spot);
}

static void
test_checks_q (void)
{
  const float score = 1;
  const double bad[] = { 0, -1, 0.03, 1, NAN, INFINITY };
  VaeSpotStart start = start_with (&score, 1);

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (vae_spot_new (&start, bad[i], &error));
    g_assert_error (error, VAE_ERROR, VAE_ERROR_PARAMETER);
  }
}

#define ASSERT_INVALID(start, field, value) G_STMT_START { \
  VaeSpotStart changed = (start); \
  changed.field = (value); \
  g_assert_false (vae_spot_start_is_valid (&changed)); \
} G_STMT_END

static void
test_refuses_an_invalid_start (void)
{
  const gsize n = 1000;
  g_autofree float *scores = draw_scores (&TAILS[0], 1, n);
  VaeSpotStart start = start_with (scores, n);
  const float bad[] = { NAN, INFINITY, -INFINITY };

  for (guint i = 0; i < 3; i++) {
    ASSERT_INVALID (start, quantile, bad[i]);
    ASSERT_INVALID (start, level, bad[i]);
    ASSERT_INVALID (start, rows, bad[i]);
    ASSERT_INVALID (start, n_peaks, bad[i]);
    ASSERT_INVALID (start, peaks[0], bad[i]);
    ASSERT_INVALID (start, peaks[19], bad[i]);
  }
  ASSERT_INVALID (start, quantile, 0);
  ASSERT_INVALID (start, quantile, 1);
  ASSERT_INVALID (start, rows, 0);
  ASSERT_INVALID (start, rows, 10);
  ASSERT_INVALID (start, rows, 1e17f);
  ASSERT_INVALID (start, n_peaks, -1);
  ASSERT_INVALID (start, n_peaks, 2.5f);
  ASSERT_INVALID (start, n_peaks, 100);
  ASSERT_INVALID (start, peaks[3], start.level);
}

static void
add_per_tail (const char *path, GTestDataFunc test)
{
  for (guint i = 0; i < G_N_ELEMENTS (TAILS); i++) {
    g_autofree char *name = g_strdup_printf ("%s/%s", path, TAILS[i].name);
    g_test_add_data_func (name, &TAILS[i], test);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  add_per_tail ("/pot/is-exceeded-by-a-share-of-q",
      test_is_exceeded_by_a_share_of_q);
  g_test_add_func ("/pot/reaches-beyond-the-rows",
      test_reaches_beyond_the_rows);
  g_test_add_func ("/pot/fresh-rows-exceed-it", test_fresh_rows_exceed_it);
  g_test_add_func ("/pot/scores-that-are-not-finite-are-left-out",
      test_scores_that_are_not_finite_are_left_out);
  g_test_add_func ("/pot/few-different-peaks-are-interpolated",
      test_few_different_peaks_are_interpolated);
  g_test_add_func ("/pot/a-single-score", test_a_single_score);
  g_test_add_func ("/pot/all-equal", test_all_equal);
  g_test_add_func ("/pot/ties-at-the-level", test_ties_at_the_level);
  g_test_add_func ("/pot/ties-above-the-level", test_ties_above_the_level);
  g_test_add_func ("/pot/a-tail-beyond-floats", test_a_tail_beyond_floats);
  g_test_add_func ("/pot/all-magnitudes", test_all_magnitudes);
  g_test_add_func ("/pot/bad-settings", test_bad_settings);
  g_test_add_func ("/pot/no-scores", test_no_scores);

  g_test_add_func ("/gpd/shapes-meet-at-0", test_shapes_meet_at_0);
  g_test_add_func ("/gpd/rarity-inverts-excess", test_rarity_inverts_excess);
  g_test_add_func ("/gpd/a-tail-ends", test_a_tail_ends);

  g_test_add_func ("/spot/starts-with-the-threshold-of-pot",
      test_starts_with_the_threshold_of_pot);
  g_test_add_func ("/spot/keeps-a-fair-sample", test_keeps_a_fair_sample);
  add_per_tail ("/spot/stays-where-it-belongs", test_stays_where_it_belongs);
  g_test_add_func ("/spot/counts-what-it-does-not-learn",
      test_counts_what_it_does_not_learn);
  g_test_add_func ("/spot/learns-from-normal-rows",
      test_learns_from_normal_rows);
  g_test_add_func ("/spot/does-not-learn-anomalies",
      test_does_not_learn_anomalies);
  g_test_add_func ("/spot/missing-scores-change-nothing",
      test_missing_scores_change_nothing);
  g_test_add_func ("/spot/reset-forgets-the-stream",
      test_reset_forgets_the_stream);
  g_test_add_func ("/spot/starts-from-a-single-score",
      test_starts_from_a_single_score);
  g_test_add_func ("/spot/stream-of-ties", test_stream_of_ties);
  g_test_add_func ("/spot/stays-where-peaks-are-few",
      test_stays_where_peaks_are_few);
  g_test_add_func ("/spot/checks-q", test_checks_q);
  g_test_add_func ("/spot/refuses-an-invalid-start",
      test_refuses_an_invalid_start);

  return g_test_run ();
}
