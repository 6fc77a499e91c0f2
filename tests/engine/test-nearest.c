/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The nearest of some rows, against plain loops, and the rows that k-means
 * finds. */

#include "nearest.h"
#include "rng.h"

#include <math.h>
#include <string.h>

/* One cell of `missing` is missing; 0 = none. */
static float *
random_rows (gsize n_rows, guint channels, guint missing)
{
  const VaeRng rng = vae_rng (6, missing);
  float *rows = g_new (float, n_rows * channels);

  for (gsize i = 0; i < n_rows * channels; i++)
    rows[i] = missing && vae_rng_below (rng, 3 * i, missing) == 0
        ? NAN : vae_rng_normal (rng, 3 * i + 1);
  return rows;
}

static double
distance (const float *row, const float *prototype, guint channels)
{
  double sum = 0;

  for (guint c = 0; c < channels; c++)
    if (!isnan (row[c]))
      sum += (row[c] - prototype[c]) * (double) (row[c] - prototype[c]);
  return sum;
}

static double
shortest_distance (const VaeNearest * nearest, const float *row)
{
  double shortest = INFINITY;

  for (gsize p = 0; p < nearest->n; p++)
    shortest = MIN (shortest, distance (row,
            nearest->prototypes + p * nearest->channels, nearest->channels));
  return shortest;
}

static VaeNearest
random_prototypes (guint channels, guint n)
{
  const VaeRng rng = vae_rng (8, n);
  VaeNearest nearest;

  g_assert_true (vae_nearest_init (&nearest, channels, n));
  for (gsize i = 0; i < (gsize) n * channels; i++)
    nearest.prototypes[i] = vae_rng_normal (rng, i);
  vae_nearest_prepare (&nearest);
  return nearest;
}

/* The residual is that of some prototype, and none is nearer. */
static void
check_search (guint channels, guint n, guint missing)
{
  const gsize n_rows = 40;
  VaeNearest nearest = random_prototypes (channels, n);
  float *rows = random_rows (n_rows, channels, missing);
  float *residual = g_new (float, channels);

  for (gsize t = 0; t < n_rows; t++) {
    const float *row = rows + t * channels;
    double length = 0;
    vae_nearest_residual (&nearest, row, residual);
    for (guint c = 0; c < channels; c++) {
      g_assert_true (isnan (residual[c]) == isnan (row[c]));
      length += isnan (residual[c]) ? 0 : residual[c] * (double) residual[c];
    }
    g_assert_cmpfloat_with_epsilon (length, shortest_distance (&nearest, row),
        1e-5 * length + 1e-9);
  }
  vae_nearest_clear (&nearest);
  g_free (rows);
  g_free (residual);
}

static void
test_search (void)
{
  const guint channels[] = { 1, 2, 5, 38, 100 };
  const guint n[] = { 1, 2, 15, 16, 17, 63, 64, 65, 100, 500 };

  for (gsize i = 0; i < G_N_ELEMENTS (channels); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (n); j++) {
      check_search (channels[i], n[j], 0);
      check_search (channels[i], n[j], 4);
    }
}

/* A prototype at every place of every block is found if the row is on it. */
static void
test_every_place (void)
{
  VaeNearest nearest = random_prototypes (7, 333);
  float residual[7];

  for (guint p = 0; p < nearest.n; p++) {
    vae_nearest_residual (&nearest, nearest.prototypes + p * 7, residual);
    for (guint c = 0; c < 7; c++)
      g_assert_cmpfloat (residual[c], ==, 0);
  }
  vae_nearest_clear (&nearest);
}

/* Of two prototypes on either side of the row, as far from it as each other,
 * the first one is taken, wherever the other one is. */
static void
check_tie (guint first, guint second)
{
  float row[] = { 0, 0 }, residual[2];
  VaeNearest nearest;

  g_assert_true (vae_nearest_init (&nearest, 2, 200));
  for (guint i = 0; i < 2 * nearest.n; i++)
    nearest.prototypes[i] = 5;
  nearest.prototypes[2 * first] = 1;
  nearest.prototypes[2 * second] = -1;
  nearest.prototypes[2 * first + 1] = nearest.prototypes[2 * second + 1] = 0;
  vae_nearest_prepare (&nearest);
  vae_nearest_residual (&nearest, row, residual);
  g_assert_cmpfloat (residual[0], ==, -1);
  vae_nearest_clear (&nearest);
}

static void
test_ties (void)
{
  for (guint first = 0; first < 199; first += 7)
    for (guint second = first + 1; second < 200; second++)
      check_tie (first, second);
}

static void
test_no_prototypes (void)
{
  const float row[] = { 1, NAN, -2 };
  float residual[3];
  VaeNearest nearest;

  g_assert_true (vae_nearest_init (&nearest, 3, 0));
  vae_nearest_prepare (&nearest);
  vae_nearest_residual (&nearest, row, residual);
  g_assert_cmpmem (residual, sizeof residual, row, sizeof row);
  vae_nearest_clear (&nearest);
}

/* --- k-means -------------------------------------------------------------- */

static VaeDataset
make_dataset (float *rows, guint channels, gsize n_rows)
{
  VaeDataset dataset = {.channels = channels,.window = 1,.scaled =
        rows,.n_train = n_rows
  };

  dataset.train = g_new (gsize, n_rows);
  for (gsize i = 0; i < n_rows; i++)
    dataset.train[i] = i;
  return dataset;
}

static VaeNearest
fit (const VaeDataset * dataset, guint n, guint64 seed)
{
  GError *error = NULL;
  VaeNearest nearest;

  vae_nearest_fit (&nearest, dataset, n, seed, NULL, &error);
  g_assert_no_error (error);
  return nearest;
}

/* What is observed of each channel has the mean of its single prototype. */
static void
test_mean (void)
{
  float *rows = random_rows (900, 5, 3);
  VaeDataset dataset = make_dataset (rows, 5, 900);
  VaeNearest nearest = fit (&dataset, 1, 0);

  g_assert_cmpuint (nearest.n, ==, 1);
  for (guint c = 0; c < 5; c++) {
    double sum = 0;
    guint n = 0;
    for (gsize t = 0; t < 900; t++)
      if (!isnan (rows[t * 5 + c])) {
        sum += rows[t * 5 + c];
        n++;
      }
    g_assert_cmpfloat_with_epsilon (nearest.prototypes[c], sum / n, 1e-6);
  }
  vae_nearest_clear (&nearest);
  g_free (dataset.train);
  g_free (rows);
}

/* Four heaps far apart: with enough prototypes some stand on each of them. */
static void
test_heaps (void)
{
  float *rows = random_rows (2000, 2, 0);
  VaeDataset dataset = make_dataset (rows, 2, 2000);
  const VaeRng rng = vae_rng (1, 0);

  for (gsize i = 0; i < 2000 * 2; i++)
    rows[i] += vae_rng_below (rng, i, 2) ? 50 : -50;
  VaeNearest nearest = fit (&dataset, 40, 3);
  g_assert_cmpuint (nearest.n, ==, 40);
  for (gsize t = 0; t < 2000; t++) {
    float residual[2];
    vae_nearest_residual (&nearest, rows + 2 * t, residual);
    g_assert_cmpfloat (hypotf (residual[0], residual[1]), <, 5);
  }
  vae_nearest_clear (&nearest);
  g_free (dataset.train);
  g_free (rows);
}

/* Fewer rows than prototypes: each row is one. */
static void
test_few_rows (void)
{
  float *rows = random_rows (7, 3, 0);
  VaeDataset dataset = make_dataset (rows, 3, 7);
  VaeNearest nearest = fit (&dataset, 500, 0);

  g_assert_cmpuint (nearest.n, ==, 7);
  for (gsize t = 0; t < 7; t++)
    g_assert_cmpfloat (shortest_distance (&nearest, rows + t * 3), ==, 0);
  vae_nearest_clear (&nearest);
  g_free (dataset.train);
  g_free (rows);
}

/* Clusters that lose all their rows to the first of their equals stay. */
static void
test_equal_rows (void)
{
  float *rows = g_new (float, 100 * 2);
  VaeDataset dataset = make_dataset (rows, 2, 100);

  for (gsize t = 0; t < 100; t++) {
    rows[2 * t] = 0.3f;
    rows[2 * t + 1] = -7;
  }
  VaeNearest nearest = fit (&dataset, 10, 0);
  g_assert_cmpuint (nearest.n, ==, 10);
  for (guint p = 0; p < 10; p++) {
    g_assert_cmpfloat (nearest.prototypes[2 * p], ==, 0.3f);
    g_assert_cmpfloat (nearest.prototypes[2 * p + 1], ==, -7);
  }
  vae_nearest_clear (&nearest);
  g_free (dataset.train);
  g_free (rows);
}

static void
test_missing_channel (void)
{
  float *rows = random_rows (300, 3, 5);
  VaeDataset dataset = make_dataset (rows, 3, 300);

  for (gsize t = 0; t < 300; t++)
    rows[3 * t + 1] = NAN;
  VaeNearest nearest = fit (&dataset, 12, 0);
  for (guint i = 0; i < 12 * 3; i++)
    g_assert_true (isfinite (nearest.prototypes[i]));
  for (guint p = 0; p < 12; p++)
    g_assert_cmpfloat (nearest.prototypes[3 * p + 1], ==, 0);
  vae_nearest_clear (&nearest);
  g_free (dataset.train);
  g_free (rows);
}

static void
test_seed (void)
{
  float *rows = random_rows (2000, 6, 9);
  VaeDataset dataset = make_dataset (rows, 6, 2000);
  VaeNearest a = fit (&dataset, 50, 1), b = fit (&dataset, 50, 1);
  VaeNearest c = fit (&dataset, 50, 2);
  const gsize size = 50 * 6 * sizeof (float);

  g_assert_cmpmem (a.prototypes, size, b.prototypes, size);
  g_assert_cmpint (memcmp (a.prototypes, c.prototypes, size), !=, 0);
  vae_nearest_clear (&a);
  vae_nearest_clear (&b);
  vae_nearest_clear (&c);
  g_free (dataset.train);
  g_free (rows);
}

static void
test_cancelled (void)
{
  float *rows = random_rows (100, 2, 0);
  VaeDataset dataset = make_dataset (rows, 2, 100);
  GCancellable *cancellable = g_cancellable_new ();
  GError *error = NULL;
  VaeNearest nearest;

  g_cancellable_cancel (cancellable);
  g_assert_false (vae_nearest_fit (&nearest, &dataset, 5, 0, cancellable,
          &error));
  g_assert_error (error, VAE_ERROR, VAE_ERROR_CANCELLED);
  g_assert_null (nearest.prototypes);
  g_clear_error (&error);
  g_object_unref (cancellable);
  g_free (dataset.train);
  g_free (rows);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/nearest/search", test_search);
  g_test_add_func ("/nearest/every-place", test_every_place);
  g_test_add_func ("/nearest/ties", test_ties);
  g_test_add_func ("/nearest/no-prototypes", test_no_prototypes);
  g_test_add_func ("/nearest/mean", test_mean);
  g_test_add_func ("/nearest/heaps", test_heaps);
  g_test_add_func ("/nearest/few-rows", test_few_rows);
  g_test_add_func ("/nearest/equal-rows", test_equal_rows);
  g_test_add_func ("/nearest/missing-channel", test_missing_channel);
  g_test_add_func ("/nearest/seed", test_seed);
  g_test_add_func ("/nearest/cancelled", test_cancelled);
  return g_test_run ();
}
