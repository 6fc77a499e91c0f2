/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Random numbers: reproducible, and distributed as they should be. */

#include "exp.h"
#include "noise.h"

#include <string.h>

#define N 1000000

static float *
draw (guint64 seed, gsize n)
{
  float *x = g_new (float, n);
  vae_noise_fill (vae_rng (seed, VAE_STREAM_NOISE), 0, n, x);
  return x;
}

static void
test_noise_is_accurate (void)
{
  VaeRng rng = vae_rng (3, VAE_STREAM_NOISE);
  float *fast = draw (3, N), *plain = g_new (float, N);

  vae_noise_fill_reference (rng, 0, N, plain);
  for (gsize i = 0; i < N; i++)
    g_assert_cmpfloat (fabsf (fast[i] - plain[i]), <, 2e-6);
  g_free (fast);
  g_free (plain);
}

/* Moments of N(0, 1), each to five of its standard errors. */
static void
test_noise_is_normal (void)
{
  float *x = draw (1, N);
  double sum[5] = { 0 };
  gsize beyond_2 = 0;

  for (gsize i = 0; i < N; i++) {
    double power = 1;
    for (guint k = 1; k <= 4; k++)
      sum[k] += power *= x[i];
    beyond_2 += fabsf (x[i]) > 2;
  }
  const double error = 5 / sqrt (N);
  g_assert_cmpfloat (fabs (sum[1] / N), <, error);
  g_assert_cmpfloat (fabs (sum[2] / N - 1), <, sqrt (2) * error);
  g_assert_cmpfloat (fabs (sum[3] / N), <, sqrt (15) * error);
  g_assert_cmpfloat (fabs (sum[4] / N - 3), <, sqrt (96) * error);
  g_assert_cmpfloat (fabs (beyond_2 / (double) N - 0.0455003), <,
      sqrt (0.0455 * 0.9545) * error);
  g_free (x);
}

/* Neighbours, and the two of a pair, do not go together. */
static void
test_noise_is_uncorrelated (void)
{
  float *x = draw (2, N);

  for (guint lag = 1; lag <= 4; lag++) {
    double sum = 0;
    for (gsize i = 0; i + lag < N; i++)
      sum += x[i] * x[i + lag];
    g_assert_cmpfloat (fabs (sum / N), <, 5 / sqrt (N));
  }
  g_free (x);
}

static void
test_noise_by_parts (void)
{
  VaeRng rng = vae_rng (9, VAE_STREAM_NOISE);
  float whole[1000], parts[1000];

  vae_noise_fill (rng, 0, 1000, whole);
  for (gsize i = 0; i < 1000; i += 10)
    vae_noise_fill (rng, i / 2, 10, parts + i);
  g_assert_cmpmem (parts, sizeof parts, whole, sizeof whole);

  vae_noise_fill (vae_rng (10, VAE_STREAM_NOISE), 0, 1000, parts);
  g_assert_cmpint (memcmp (parts, whole, sizeof whole), !=, 0);
  vae_noise_fill (vae_rng (9, VAE_STREAM_SHUFFLE), 0, 1000, parts);
  g_assert_cmpint (memcmp (parts, whole, sizeof whole), !=, 0);
}

static void
test_uniform (void)
{
  VaeRng rng = vae_rng (4, 0);
  gsize count[10] = { 0 };

  for (gsize i = 0; i < N; i++) {
    double u = vae_rng_uniform (rng, i);
    g_assert_true (u >= 0 && u < 1);
    count[(gsize) (10 * u)]++;
    g_assert_cmpuint (vae_rng_below (rng, i, 7), <, 7);
  }
  for (guint i = 0; i < 10; i++)
    g_assert_cmpfloat (fabs (count[i] / (double) N - 0.1), <,
        5 * sqrt (0.09 / N));
}

static void
test_exp (void)
{
  for (gint i = -87 * 4096; i <= 88 * 4096; i++) {
    float x = i / 4096.f;
    g_assert_cmpfloat (fabs (vae_exp (x) / exp (x) - 1), <, 2.5e-7);
  }
  g_assert_cmpfloat (vae_exp (0), ==, 1);
  g_assert_cmpfloat (vae_exp (-INFINITY), ==, vae_exp (-87));
  g_assert_cmpfloat (vae_exp (INFINITY), ==, vae_exp (88));
  g_assert_cmpfloat (vae_exp (3e38f), ==, vae_exp (88));
  g_assert_true (isnan (vae_exp (NAN)));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/noise/accurate", test_noise_is_accurate);
  g_test_add_func ("/noise/normal", test_noise_is_normal);
  g_test_add_func ("/noise/uncorrelated", test_noise_is_uncorrelated);
  g_test_add_func ("/noise/by-parts", test_noise_by_parts);
  g_test_add_func ("/exp", test_exp);
  g_test_add_func ("/rng/uniform", test_uniform);
  return g_test_run ();
}
