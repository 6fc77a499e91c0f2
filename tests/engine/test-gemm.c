/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The products against plain loops, on random and awkward shapes. */

#include "gemm.h"
#include "net.h"
#include "rng.h"

#include <math.h>
#include <string.h>

static float *
random_matrix (gsize n, guint64 stream)
{
  float *x = vae_floats_new (n);
  VaeRng rng = vae_rng (7, stream);

  for (gsize i = 0; i < n; i++)
    x[i] = vae_rng_normal (rng, i);
  return x;
}

/* The error of a sum of k products of numbers around 1. */
static void
assert_close (const float *a, const float *b, gsize n, gsize k)
{
  for (gsize i = 0; i < n; i++)
    g_assert_cmpfloat (fabs (a[i] - b[i]), <, 1e-6 * k + 1e-6 * fabs (b[i]));
}

static void
check_shape (gsize outputs, gsize inputs, gsize tile)
{
  float *w = random_matrix (outputs * inputs, 1);
  float *x = random_matrix (inputs * tile, 2);
  float *dy = random_matrix (outputs * tile, 3);
  float *xt = vae_floats_new (tile * inputs);
  gsize most = MAX (MAX (outputs, inputs) * tile, outputs * inputs);
  float *fast = vae_floats_new (most), *plain = vae_floats_new (most);
  const VaeRange lanes = { 0, tile }, all_inputs = { 0, inputs };
  VaeGemm gemm;

  vae_gemm_init (&gemm, outputs, inputs, tile, TRUE);

  vae_gemm_forward (&gemm, w, x, fast, lanes);
  vae_gemm_forward_reference (&gemm, w, x, plain);
  assert_close (fast, plain, outputs * tile, inputs);

  vae_gemm_backward (&gemm, w, dy, fast, lanes);
  vae_gemm_backward_reference (&gemm, w, dy, plain);
  assert_close (fast, plain, inputs * tile, outputs);

  const gsize some = (inputs + 1) / 2;
  memset (fast, 0, inputs * tile * sizeof (float));
  vae_gemm_limit_backward (&gemm, some);
  vae_gemm_backward (&gemm, w, dy, fast, lanes);
  assert_close (fast, plain, some * tile, outputs);
  for (gsize i = some * tile; i < inputs * tile; i++)
    g_assert_cmpfloat (fast[i], ==, 0.f);

  vae_transpose (x, inputs, tile, xt, all_inputs);
  for (gsize k = 0; k < inputs; k++)
    for (gsize r = 0; r < tile; r++)
      g_assert_cmpfloat (xt[r * inputs + k], ==, x[k * tile + r]);
  vae_gemm_weights (&gemm, dy, xt, fast, all_inputs);
  vae_gemm_weights_reference (&gemm, dy, xt, plain);
  assert_close (fast, plain, outputs * inputs, tile);

  vae_floats_free (w);
  vae_floats_free (x);
  vae_floats_free (dy);
  vae_floats_free (xt);
  vae_floats_free (fast);
  vae_floats_free (plain);
}

static void
test_awkward_shapes (void)
{
  const gsize sizes[] = { 1, 2, 3, 5, 15, 16, 17, 33, 64 };
  const gsize tiles[] = { 16, 48, 64 };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (sizes); j++)
      for (gsize t = 0; t < G_N_ELEMENTS (tiles); t++)
        check_shape (sizes[i], sizes[j], tiles[t]);
}

static void
test_large_shapes (void)
{
  check_shape (257, 513, 128);
  check_shape (6, 1216, 256);
  check_shape (1216, 6, 256);
}

static void
test_random_shapes (void)
{
  VaeRng rng = vae_rng (1, 0);

  for (guint i = 0; i < 60; i++)
    check_shape (1 + vae_rng_below (rng, 3 * i, 130),
        1 + vae_rng_below (rng, 3 * i + 1, 130),
        16 * (1 + vae_rng_below (rng, 3 * i + 2, 8)));
}

static void
check_lanes (gsize outputs, gsize inputs, gsize tile)
{
  float *w = random_matrix (outputs * inputs, 1);
  float *row = random_matrix (inputs, 2);
  float *x = random_matrix (inputs * tile, 3);
  float *y = vae_floats_new (outputs * tile);
  float *first = vae_floats_new (outputs);
  const VaeRange lanes = { 0, tile };
  VaeGemm gemm;

  vae_gemm_init (&gemm, outputs, inputs, tile, FALSE);
  for (gsize lane = 0; lane < tile; lane++) {
    for (gsize k = 0; k < inputs; k++)
      x[k * tile + lane] = row[k];
    vae_gemm_forward (&gemm, w, x, y, lanes);
    for (gsize o = 0; o < outputs; o++) {
      if (lane == 0)
        first[o] = y[o * tile];
      g_assert_cmpfloat (y[o * tile + lane], ==, first[o]);
    }
    for (gsize k = 0; k < inputs; k++)
      x[k * tile + lane] = k;
  }
  vae_floats_free (w);
  vae_floats_free (row);
  vae_floats_free (x);
  vae_floats_free (y);
  vae_floats_free (first);
}

/* What the row in one lane gives does not depend on the lane, nor on its
 * neighbours: what bit-identical scores rest on. */
static void
test_lanes_are_alike (void)
{
  const gsize sizes[] = { 1, 5, 32, 37, 64, 200, 1216 };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (sizes); j++)
      check_lanes (sizes[i], sizes[j], 64);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/gemm/awkward-shapes", test_awkward_shapes);
  g_test_add_func ("/gemm/large-shapes", test_large_shapes);
  g_test_add_func ("/gemm/random-shapes", test_random_shapes);
  g_test_add_func ("/gemm/lanes-are-alike", test_lanes_are_alike);
  return g_test_run ();
}
