/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Principal components where they are known, and where there are none; and the
 * eigenvectors that they are made of. */

#include "eigen.h"
#include "pca.h"
#include "rng.h"

#include <math.h>
#include <string.h>

typedef struct
{
  VaeDataset dataset;
  VaePca pca;
} Fixture;

/* n_rows rows, the last rows of windows from row window - 1 on. */
static void
set_up (Fixture * f, guint channels, guint window, gsize n_rows)
{
  *f = (Fixture) {
  0};
  f->dataset.channels = channels;
  f->dataset.window = window;
  f->dataset.scaled = g_new0 (float, n_rows * channels);
  f->dataset.n_train = n_rows - window + 1;
  f->dataset.train = g_new (gsize, f->dataset.n_train);
  for (gsize i = 0; i < f->dataset.n_train; i++)
    f->dataset.train[i] = i + window - 1;
}

static void
tear_down (Fixture * f)
{
  vae_pca_clear (&f->pca);
  g_free (f->dataset.scaled);
  g_free (f->dataset.train);
}

static gsize
n_cells (const Fixture * f)
{
  return (f->dataset.n_train + f->dataset.window - 1) * f->dataset.channels;
}

/* Channel c with variance (c + 1)^2. */
static void
fill_with_noise (Fixture * f)
{
  const VaeRng rng = vae_rng (2, 0);

  for (gsize i = 0; i < n_cells (f); i++)
    f->dataset.scaled[i] =
        vae_rng_normal (rng, i) * (i % f->dataset.channels + 1);
}

static void
fit (Fixture * f, guint max_components, double keep)
{
  GError *error = NULL;

  vae_pca_clear (&f->pca);
  vae_pca_fit (&f->pca, &f->dataset, max_components, keep, NULL, &error);
  g_assert_no_error (error);
}

static double
product (const float *a, const float *b, gsize n)
{
  double sum = 0;

  for (gsize i = 0; i < n; i++)
    sum += (double) a[i] * b[i];
  return sum;
}

static void
assert_orthonormal (const VaePca * pca)
{
  for (guint i = 0; i < pca->n; i++)
    for (guint j = 0; j <= i; j++)
      g_assert_cmpfloat_with_epsilon (product (pca->vectors + i * pca->inputs,
              pca->vectors + j * pca->inputs, pca->inputs), i == j, 1e-5);
}

/* The variance of the windows along each component, by its definition. */
static void
assert_variances (const Fixture * f)
{
  const VaePca *pca = &f->pca;
  const gsize inputs = pca->inputs, n = f->dataset.n_train;

  for (guint k = 0; k < pca->n; k++) {
    const float *vector = pca->vectors + k * inputs;
    const double centre = product (pca->mean, vector, inputs);
    double square = 0;
    for (gsize t = 0; t < n; t++) {
      const float *window = f->dataset.scaled + t * f->dataset.channels;
      const double along = product (window, vector, inputs) - centre;
      square += along * along;
    }
    const double variance = square / (n - 1);
    g_assert_cmpfloat_with_epsilon (pca->variance[k], variance,
        1e-5 * variance);
  }
}

static void
test_variances (void)
{
  Fixture f;

  set_up (&f, 9, 4, 3000);
  fill_with_noise (&f);
  fit (&f, 20, 1);
  g_assert_cmpuint (f.pca.n, ==, 20);
  g_assert_cmpuint (f.pca.inputs, ==, 36);
  assert_orthonormal (&f.pca);
  assert_variances (&f);
  for (guint i = 1; i < f.pca.n; i++)
    g_assert_cmpfloat (f.pca.variance[i], <=, f.pca.variance[i - 1]);
  tear_down (&f);
}

static void
test_share (void)
{
  Fixture f;

  set_up (&f, 30, 1, 1000);
  fill_with_noise (&f);
  for (double keep = 0.1; keep < 0.95; keep += 0.1) {
    double kept = 0;
    fit (&f, 30, keep);
    for (guint i = 0; i < f.pca.n; i++)
      kept += f.pca.variance[i];
    g_assert_cmpfloat (kept, >=, keep * f.pca.total);
    g_assert_cmpfloat (kept - f.pca.variance[f.pca.n - 1], <,
        keep * f.pca.total);
  }
  fit (&f, 7, 0.9);
  g_assert_cmpuint (f.pca.n, ==, 7);
  fit (&f, 30, 0);
  g_assert_cmpuint (f.pca.n, ==, 1);
  tear_down (&f);
}

static void
test_constant (void)
{
  Fixture f;

  set_up (&f, 3, 2, 50);
  for (gsize i = 0; i < n_cells (&f); i++)
    f.dataset.scaled[i] = i % 3 + 0.1f;
  fit (&f, 4, 0.9);
  g_assert_cmpuint (f.pca.n, ==, 1);
  g_assert_cmpfloat (f.pca.total, ==, 0);
  g_assert_cmpfloat (f.pca.variance[0], ==, 0);
  for (gsize i = 0; i < f.pca.inputs; i++)
    g_assert_cmpfloat (f.pca.mean[i], ==, i % 3 + 0.1f);
  assert_orthonormal (&f.pca);
  tear_down (&f);
}

/* Two of ten channels vary: there are two components, however many are asked
 * for. */
static void
test_dead_directions (void)
{
  Fixture f;

  set_up (&f, 10, 1, 500);
  fill_with_noise (&f);
  for (gsize i = 0; i < n_cells (&f); i++)
    if (i % 10 != 3 && i % 10 != 8)
      f.dataset.scaled[i] = 1;
  fit (&f, 10, 1);
  g_assert_cmpuint (f.pca.n, ==, 2);
  assert_orthonormal (&f.pca);
  assert_variances (&f);
  g_assert_cmpfloat (f.pca.vectors[8], >, 0.99);
  g_assert_cmpfloat (f.pca.vectors[10 + 3], >, 0.99);
  tear_down (&f);
}

/* n windows vary in n - 1 directions. */
static void
test_few_windows (void)
{
  for (gsize n = 2; n < 12; n++) {
    Fixture f;
    set_up (&f, 20, 3, n + 2);
    fill_with_noise (&f);
    fit (&f, 60, 1);
    g_assert_cmpuint (f.pca.n, ==, n - 1);
    assert_orthonormal (&f.pca);
    assert_variances (&f);
    tear_down (&f);
  }
}

static void
test_one_input (void)
{
  Fixture f;

  set_up (&f, 1, 1, 100);
  fill_with_noise (&f);
  fit (&f, 5, 0.9);
  g_assert_cmpuint (f.pca.n, ==, 1);
  g_assert_cmpfloat (f.pca.vectors[0], ==, 1);
  g_assert_cmpfloat_with_epsilon (f.pca.variance[0], f.pca.total, 1e-5);
  tear_down (&f);
}

/* A missing cell is a 0. */
static void
test_missing_cells (void)
{
  Fixture f, zeros;

  set_up (&f, 6, 2, 400);
  set_up (&zeros, 6, 2, 400);
  fill_with_noise (&f);
  for (gsize i = 0; i < n_cells (&f); i += 7)
    f.dataset.scaled[i] = NAN;
  for (gsize i = 0; i < n_cells (&f); i++)
    zeros.dataset.scaled[i] = i % 7 == 0 ? 0 : f.dataset.scaled[i];
  fit (&f, 5, 1);
  fit (&zeros, 5, 1);
  g_assert_cmpuint (f.pca.n, ==, 5);
  g_assert_cmpmem (f.pca.vectors, 5 * 12 * sizeof (float),
      zeros.pca.vectors, 5 * 12 * sizeof (float));
  g_assert_cmpfloat (f.pca.total, ==, zeros.pca.total);
  tear_down (&f);
  tear_down (&zeros);
}

/* Numbers as large as the scaler lets through, and as small as floats go. */
static void
test_extremes (void)
{
  const float sizes[] = { 1e9f, 1e-30f, 1e-41f };

  for (gsize s = 0; s < G_N_ELEMENTS (sizes); s++) {
    Fixture f;
    set_up (&f, 8, 2, 300);
    fill_with_noise (&f);
    for (gsize i = 0; i < n_cells (&f); i++)
      f.dataset.scaled[i] *= sizes[s] / 64;
    fit (&f, 4, 1);
    g_assert_cmpuint (f.pca.n, ==, 4);
    assert_orthonormal (&f.pca);
    if (s < 2)
      assert_variances (&f);
    tear_down (&f);
  }
}

static void
test_same_bits (void)
{
  Fixture f, again;

  set_up (&f, 30, 8, 2000);
  set_up (&again, 30, 8, 2000);
  fill_with_noise (&f);
  fill_with_noise (&again);
  fit (&f, 40, 0.9);
  fit (&again, 40, 0.9);
  g_assert_cmpuint (f.pca.n, >, 10);
  g_assert_cmpmem (f.pca.vectors, f.pca.n * f.pca.inputs * sizeof (float),
      again.pca.vectors, again.pca.n * again.pca.inputs * sizeof (float));
  g_assert_cmpmem (f.pca.variance, f.pca.n * sizeof (double),
      again.pca.variance, again.pca.n * sizeof (double));
  tear_down (&f);
  tear_down (&again);
}

static void
test_cancelled (void)
{
  GCancellable *cancellable = g_cancellable_new ();
  GError *error = NULL;
  Fixture f;

  set_up (&f, 5, 1, 100);
  fill_with_noise (&f);
  g_cancellable_cancel (cancellable);
  g_assert_false (vae_pca_fit (&f.pca, &f.dataset, 3, 1, cancellable, &error));
  g_assert_error (error, VAE_ERROR, VAE_ERROR_CANCELLED);
  g_assert_null (f.pca.vectors);
  g_clear_error (&error);
  g_object_unref (cancellable);
  tear_down (&f);
}

static double *
random_symmetric (gsize n)
{
  const VaeRng rng = vae_rng (4, n);
  double *a = g_new (double, n * n);

  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j <= i; j++)
      a[i * n + j] = a[j * n + i] = vae_rng_normal (rng, i * n + j);
  return a;
}

/* a = sum of value vector vector', orthonormal vectors, falling values */
static void
check_eigen (gsize n, const double *a)
{
  double *vectors = g_memdup2 (a, n * n * sizeof (double));
  double *values = g_new (double, n), *work = g_new (double, 3 * n);

  vae_eigen (n, vectors, values, work);
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < n; j++) {
      double cell = 0, dot = 0;
      for (gsize k = 0; k < n; k++) {
        cell += values[k] * vectors[k * n + i] * vectors[k * n + j];
        dot += vectors[i * n + k] * vectors[j * n + k];
      }
      g_assert_cmpfloat_with_epsilon (cell, a[i * n + j], 1e-12 * n);
      g_assert_cmpfloat_with_epsilon (dot, i == j, 1e-13 * n);
    }
  for (gsize i = 1; i < n; i++)
    g_assert_cmpfloat (values[i], <=, values[i - 1]);
  g_free (vectors);
  g_free (values);
  g_free (work);
}

static void
test_eigen (void)
{
  const gsize sizes[] = { 1, 2, 3, 4, 7, 8, 9, 30, 80, 131 };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
    const gsize n = sizes[i];
    double *a = random_symmetric (n);
    check_eigen (n, a);
    for (gsize k = 0; k < n * n; k++)
      a[k] = 1;                 /* one value is n, the others 0 */
    check_eigen (n, a);
    for (gsize k = 0; k < n * n; k++)
      a[k] = k % (n + 1) == 0 ? k % 3 : 0;      /* diagonal */
    check_eigen (n, a);
    memset (a, 0, n * n * sizeof (double));
    check_eigen (n, a);
    g_free (a);
  }
}

/* What is not a number does not keep it for ever. */
static void
test_eigen_ends (void)
{
  const double bad[] = { NAN, INFINITY, -INFINITY, 1e300 };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    double *a = random_symmetric (20), values[20], work[60];
    a[7 * 20 + 3] = a[3 * 20 + 7] = bad[i];
    vae_eigen (20, a, values, work);
    g_free (a);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pca/variances", test_variances);
  g_test_add_func ("/pca/share", test_share);
  g_test_add_func ("/pca/constant", test_constant);
  g_test_add_func ("/pca/dead-directions", test_dead_directions);
  g_test_add_func ("/pca/few-windows", test_few_windows);
  g_test_add_func ("/pca/one-input", test_one_input);
  g_test_add_func ("/pca/missing-cells", test_missing_cells);
  g_test_add_func ("/pca/extremes", test_extremes);
  g_test_add_func ("/pca/same-bits", test_same_bits);
  g_test_add_func ("/pca/cancelled", test_cancelled);
  g_test_add_func ("/eigen/decomposition", test_eigen);
  g_test_add_func ("/eigen/ends", test_eigen_ends);
  return g_test_run ();
}
