/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Scaler, quantiles and windows. */

#include "net.h"
#include "quantile.h"
#include "rng.h"
#include "scaler.h"
#include "window.h"

#include <math.h>
#include <stdlib.h>

#define N 1000

/* Four channels: N(5, 2), constant, nearly constant around 1000, all missing;
 * the first with a tenth of its cells missing and one infinite. */
static void
make_rows (float *rows)
{
  VaeRng rng = vae_rng (11, 0);

  for (gsize t = 0; t < N; t++) {
    rows[t * 4] = t % 10 == 3 ? NAN : 5 + 2 * vae_rng_normal (rng, t);
    rows[t * 4 + 1] = 7;
    rows[t * 4 + 2] = 1000 + 1e-3 * vae_rng_normal (rng, N + t);
    rows[t * 4 + 3] = NAN;
  }
  rows[0] = INFINITY;
}

static void
test_standard (void)
{
  float rows[N * 4];
  VaeScalerFit fit;
  GError *error = NULL;

  make_rows (rows);
  g_assert_true (vae_scaler_init (&fit, 4, 0));
  g_assert_true (vae_scaler_fit (&fit, VAE_SCALER_STANDARD, rows, NULL, N,
          NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpfloat_with_epsilon (fit.offset[0], 5, 0.2);
  g_assert_cmpfloat_with_epsilon (fit.scale[0], 2, 0.2);
  g_assert_cmpfloat (fit.offset[1], ==, 7);
  g_assert_cmpfloat (fit.scale[1], ==, 1);
  g_assert_cmpfloat (fit.scale[2], ==, 1);
  g_assert_cmpfloat (fit.offset[3], ==, 0);
  g_assert_cmpfloat (fit.scale[3], ==, 1);

  vae_scaler_apply (&fit, rows, N, rows);
  double sum = 0, squares = 0;
  gsize n = 0;
  for (gsize t = 0; t < N; t++)
    if (!isnan (rows[t * 4])) {
      sum += rows[t * 4];
      squares += rows[t * 4] * rows[t * 4];
      n++;
    }
  g_assert_cmpuint (n, ==, N - N / 10 - 1);
  g_assert_cmpfloat_with_epsilon (sum / n, 0, 1e-5);
  g_assert_cmpfloat_with_epsilon (squares / n, 1, 1e-4);
  g_assert_true (isnan (rows[0]));
  vae_scaler_clear (&fit);
}

static void
test_robust (void)
{
  float rows[N * 4];
  VaeScalerFit fit;

  make_rows (rows);
  for (gsize t = 0; t < N; t += 20)
    rows[t * 4] = 1e6;          /* outliers that a mean would follow */
  g_assert_true (vae_scaler_init (&fit, 4, 0));
  g_assert_true (vae_scaler_fit (&fit, VAE_SCALER_ROBUST, rows, NULL, N, NULL,
          NULL));
  g_assert_cmpfloat_with_epsilon (fit.offset[0], 5, 0.3);
  /* the interquartile range of N(0, 2) is 2.698 */
  g_assert_cmpfloat_with_epsilon (fit.scale[0], 2.698, 0.4);
  g_assert_cmpfloat (fit.offset[1], ==, 7);
  g_assert_cmpfloat (fit.scale[1], ==, 1);
  vae_scaler_clear (&fit);
}

static void
test_use (void)
{
  float rows[N * 4];
  guint8 use[N];
  VaeScalerFit fit;

  make_rows (rows);
  for (gsize t = 0; t < N; t++) {
    use[t] = t % 2;
    if (!use[t])
      rows[t * 4 + 1] = 99;
  }
  g_assert_true (vae_scaler_init (&fit, 4, 0));
  g_assert_true (vae_scaler_fit (&fit, VAE_SCALER_STANDARD, rows, use, N,
          NULL, NULL));
  g_assert_cmpfloat (fit.offset[1], ==, 7);
  vae_scaler_clear (&fit);
}

static void
test_saturates (void)
{
  VaeScalerFit fit;
  float row[4] = { 3e38, -3e38, INFINITY, NAN };

  g_assert_true (vae_scaler_init (&fit, 4, 0));
  fit.scale[0] = fit.scale[1] = 1e-9;
  vae_scaler_apply (&fit, row, 1, row);
  g_assert_cmpfloat (row[0], ==, 1e9f);
  g_assert_cmpfloat (row[1], ==, -1e9f);
  g_assert_true (isnan (row[2]));
  g_assert_true (isnan (row[3]));
  vae_scaler_clear (&fit);
}

static int
compare_floats (const void *a, const void *b)
{
  const float x = *(const float *) a, y = *(const float *) b;
  return (x > y) - (x < y);
}

/* Against sorting, on values with and without ties. */
static void
test_quantile (void)
{
  VaeRng rng = vae_rng (5, 0);
  guint64 index = 0;

  for (gsize n = 1; n <= 200; n++)
    for (guint step = 0; step <= 20; step++) {
      float values[200], sorted[200];
      const double q = step / 20.0;
      const guint levels = n % 2 ? 5 : 1000000;
      for (gsize i = 0; i < n; i++)
        values[i] = sorted[i] = vae_rng_below (rng, index++, levels);
      qsort (sorted, n, sizeof (float), compare_floats);
      double place = q * (n - 1);
      gsize k = place;
      double expected = sorted[k];
      if (k + 1 < n)
        expected += (place - k) * (sorted[k + 1] - sorted[k]);
      g_assert_cmpfloat_with_epsilon (vae_quantile (values, n, q), expected,
          1e-6);
    }
}

static void
test_window_gather (void)
{
  const gsize tile = 16, inputs = 12;
  float *first = vae_floats_new (inputs), *second = vae_floats_new (inputs);
  const float *windows[] = { first, second, first };
  float *input = vae_floats_new (inputs * tile);
  float *observed = vae_floats_new (inputs * tile);

  for (gsize i = 0; i < inputs; i++) {
    first[i] = 1 + i;
    second[i] = 100 + i;
  }
  second[7] = NAN;
  for (gsize i = 0; i < inputs * tile; i++)
    input[i] = observed[i] = -1;

  vae_window_gather (windows, 3, inputs, tile, input, observed, (VaeRange) {
      0, tile});
  for (gsize k = 0; k < inputs; k++)
    for (gsize r = 0; r < tile; r++) {
      float x = r < 3 ? windows[r][k] : NAN;
      g_assert_cmpfloat (input[k * tile + r], ==, isnan (x) ? 0 : x);
      g_assert_cmpfloat (observed[k * tile + r], ==, !isnan (x));
    }
  vae_floats_free (first);
  vae_floats_free (second);
  vae_floats_free (input);
  vae_floats_free (observed);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scaler/standard", test_standard);
  g_test_add_func ("/scaler/robust", test_robust);
  g_test_add_func ("/scaler/use", test_use);
  g_test_add_func ("/scaler/saturates", test_saturates);
  g_test_add_func ("/quantile", test_quantile);
  g_test_add_func ("/window/gather", test_window_gather);
  return g_test_run ();
}
