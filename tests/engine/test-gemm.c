/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* A layer's products against plain loops, on random and awkward shapes. */

#include "gemm.h"
#include "matrices.h"

#include <math.h>
#include <string.h>

/* The error of a sum of k products of numbers around 1. */
static void
assert_close (const float *a, const float *b, gsize n, gsize k)
{
  for (gsize i = 0; i < n; i++)
    g_assert_cmpfloat (fabs (a[i] - b[i]), <, 1e-6 * k + 1e-6 * fabs (b[i]));
}

/* A layer with random numbers in it. */
typedef struct
{
  gsize outputs, inputs, tile;
  float *w, *bias, *x, *dy, *xt;
  float **x_rows, **dy_rows, **xt_rows;
  const float *const *x_in, *const *dy_in;
  VaeRange lanes;
  float *fast, *plain;          /* room for what comes out */
} Layer;

static void
layer_init (Layer * layer, gsize outputs, gsize inputs, gsize tile)
{
  const gsize most = (MAX (outputs, inputs) + 1) * tile + outputs * inputs;

  *layer = (Layer) {
    .outputs = outputs,.inputs = inputs,.tile = tile,.lanes = {
      0, tile
  }};
  layer->w = random_matrix (outputs * inputs, 1);
  layer->bias = random_matrix (outputs, 2);
  layer->x = random_matrix (inputs * tile, 3);
  layer->dy = random_matrix (outputs * tile, 4);
  layer->xt = vae_floats_new (tile * vae_align (inputs));
  layer->x_rows = rows_of (layer->x, inputs, tile);
  layer->dy_rows = rows_of (layer->dy, outputs, tile);
  layer->xt_rows = rows_of (layer->xt, tile, vae_align (inputs));
  layer->x_in = (const float *const *) layer->x_rows;
  layer->dy_in = (const float *const *) layer->dy_rows;
  layer->fast = vae_floats_new (most);
  layer->plain = vae_floats_new (most);
}

static void
layer_clear (Layer * layer)
{
  vae_floats_free (layer->w);
  vae_floats_free (layer->bias);
  vae_floats_free (layer->x);
  vae_floats_free (layer->dy);
  vae_floats_free (layer->xt);
  g_free (layer->x_rows);
  g_free (layer->dy_rows);
  g_free (layer->xt_rows);
  vae_floats_free (layer->fast);
  vae_floats_free (layer->plain);
}

static void
check_forward (const VaeGemm * gemm, Layer * l, VaeActivation activation)
{
  vae_gemm_forward (gemm, l->w, l->bias, activation, l->x_in, l->fast,
      l->lanes);
  vae_gemm_forward_reference (gemm, l->w, l->bias, activation, l->x_in,
      l->plain);
  assert_close (l->fast, l->plain, l->outputs * l->tile, l->inputs);
}

static void
check_backward (const VaeGemm * gemm, Layer * l, VaeActivation activation,
    gsize activated, gsize limit)
{
  memset (l->fast, 0, l->inputs * l->tile * sizeof (float));
  vae_gemm_backward (gemm, l->w, l->dy_in, activation, activated, l->x,
      l->fast, l->lanes);
  vae_gemm_backward_reference (gemm, l->w, l->dy_in, activation, activated,
      l->x, l->plain);
  assert_close (l->fast, l->plain, limit * l->tile, l->outputs);
  for (gsize i = limit * l->tile; i < l->inputs * l->tile; i++)
    g_assert_cmpfloat (l->fast[i], ==, 0.f);
}

static void
check_gradient (const VaeGemm * gemm, Layer * l)
{
  float *db = vae_floats_new (l->outputs), *plain = vae_floats_new (l->outputs);

  vae_gemm_gradient (gemm, l->dy_in, l->x_in, l->xt_rows, l->fast, db, 0, 1);
  vae_gemm_gradient_reference (gemm, l->dy_in, l->x_in, l->plain, plain);
  assert_close (l->fast, l->plain, l->outputs * l->inputs, l->tile);
  assert_close (db, plain, l->outputs, l->tile);
  vae_floats_free (db);
  vae_floats_free (plain);
}

static void
check_shape (gsize outputs, gsize inputs, gsize tile)
{
  const gsize some = (inputs + 1) / 2;
  VaeGemm gemm;
  Layer l;

  layer_init (&l, outputs, inputs, tile);
  vae_gemm_init (&gemm, outputs, inputs, tile, TRUE);
  for (VaeActivation a = 0; a <= VAE_ACTIVATION_IDENTITY; a++) {
    check_forward (&gemm, &l, a);
    check_backward (&gemm, &l, a, inputs, inputs);
    check_backward (&gemm, &l, a, some, inputs);
  }
  check_gradient (&gemm, &l);
  vae_gemm_limit_backward (&gemm, some);
  check_backward (&gemm, &l, VAE_ACTIVATION_RELU, some, some);
  layer_clear (&l);
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

/* Several threads give what one gives. */
static void
check_parts (gsize outputs, gsize inputs, gsize tile)
{
  float *alone = vae_floats_new (outputs), *shared = vae_floats_new (outputs);
  VaeGemm gemm;
  Layer l;

  layer_init (&l, outputs, inputs, tile);
  vae_gemm_init (&gemm, outputs, inputs, tile, TRUE);
  vae_gemm_gradient (&gemm, l.dy_in, l.x_in, l.xt_rows, l.plain, alone, 0, 1);
  for (guint parts = 2; parts < 6; parts++) {
    memset (l.fast, 0, outputs * inputs * sizeof (float));
    memset (shared, 0, outputs * sizeof (float));
    memset (l.xt, 0, tile * vae_align (inputs) * sizeof (float));
    for (guint part = 0; part < parts; part++)
      vae_gemm_gradient (&gemm, l.dy_in, l.x_in, l.xt_rows, l.fast, shared,
          part, parts);
    g_assert_cmpmem (l.fast, outputs * inputs * sizeof (float), l.plain,
        outputs * inputs * sizeof (float));
    g_assert_cmpmem (shared, outputs * sizeof (float), alone,
        outputs * sizeof (float));
  }
  layer_clear (&l);
  vae_floats_free (alone);
  vae_floats_free (shared);
}

static void
test_parts (void)
{
  check_parts (64, 5, 64);
  check_parts (5, 64, 64);
  check_parts (6, 200, 48);
  check_parts (100, 8, 16);
  check_parts (32, 64, 64);
  check_parts (70, 190, 128);
}

static void
check_lanes (gsize outputs, gsize inputs, gsize tile)
{
  float *row = random_matrix (inputs, 5);
  float *first = vae_floats_new (outputs);
  VaeGemm gemm;
  Layer l;

  layer_init (&l, outputs, inputs, tile);
  vae_gemm_init (&gemm, outputs, inputs, tile, FALSE);
  for (gsize lane = 0; lane < tile; lane++) {
    for (gsize k = 0; k < inputs; k++)
      l.x[k * tile + lane] = row[k];
    vae_gemm_forward (&gemm, l.w, l.bias, VAE_ACTIVATION_RELU, l.x_in, l.fast,
        l.lanes);
    for (gsize o = 0; o < outputs; o++) {
      if (lane == 0)
        first[o] = l.fast[o * tile];
      g_assert_cmpfloat (l.fast[o * tile + lane], ==, first[o]);
    }
    for (gsize k = 0; k < inputs; k++)
      l.x[k * tile + lane] = k;
  }
  layer_clear (&l);
  vae_floats_free (row);
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
  g_test_add_func ("/gemm/parts", test_parts);
  g_test_add_func ("/gemm/lanes-are-alike", test_lanes_are_alike);
  return g_test_run ();
}
