/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Every set of kernels that this processor can run, against plain loops, on random
 * and awkward shapes. */

#include "kernels.h"
#include "matrices.h"

#include <math.h>
#include <string.h>

/* What must not be written to. */
#define UNTOUCHED 12345.f

static void
for_all_kernels (void (*check) (const VaeKernels *))
{
  guint n = 0;

  for (; vae_kernels_nth (n); n++)
    check (vae_kernels_nth (n));
  g_test_message ("%u sets of kernels", n);
  g_assert_cmpuint (n, >, 0);
}

/* --- products --------------------------------------------------------------- */

typedef enum
{
  PLAIN,
  COLUMN_BIAS,
  BIAS_AND_RELU,
  MASK,
  N_EPILOGUES
} Epilogue;

/* The error of a sum of k products of numbers around 1. */
static void
assert_close (float a, float b, gsize k)
{
  g_assert_cmpfloat (fabsf (a - b), <, 1e-6 * k + 1e-6 * fabsf (b));
}

/* A sum around 0 may end on either side of it. */
static void
check_product (const VaeKernels * kernels, gsize m, gsize n, gsize k,
    gboolean transpose_a, Epilogue epilogue, VaeRange columns)
{
  const gsize b_row = n + 5, c_row = n + 3;
  g_autofree float **b_rows = NULL;
  float *a = random_matrix (m * k, 1), *b = random_matrix (k * b_row, 2);
  float *bias = random_matrix (MAX (m, n), 3), *mask =
      random_matrix (m * c_row, 4);
  float *fast = vae_floats_new (m * c_row), *plain = vae_floats_new (m * c_row);

  b_rows = rows_of (b, k, b_row);
  VaeProduct product = {.m = m,.n = n,.k = k,.b =
        (const float *const *) b_rows,.c_row = c_row
  };
  product.a = (VaeStrided) {
  a, transpose_a ? 1 : k, transpose_a ? m : 1};
  product.row_bias = epilogue == BIAS_AND_RELU ? bias : NULL;
  product.column_bias = epilogue == COLUMN_BIAS ? bias : NULL;
  product.relu = epilogue == BIAS_AND_RELU;
  product.mask = epilogue == MASK ? mask : NULL;
  for (gsize i = 0; i < m * c_row; i++)
    fast[i] = UNTOUCHED;

  product.c = plain;
  vae_multiply_reference (&product);
  product.c = fast;
  kernels->multiply (&product, columns);
  for (gsize i = 0; i < m; i++)
    for (gsize j = 0; j < c_row; j++)
      if (j >= columns.from && j < columns.to)
        assert_close (fast[i * c_row + j], plain[i * c_row + j], k);
      else
        g_assert_cmpfloat (fast[i * c_row + j], ==, UNTOUCHED);

  vae_floats_free (a);
  vae_floats_free (b);
  vae_floats_free (bias);
  vae_floats_free (mask);
  vae_floats_free (fast);
  vae_floats_free (plain);
}

static void
check_products (const VaeKernels * kernels)
{
  const gsize rows[] = { 1, 2, 3, 4, 5, 6, 7, 11, 12, 13, 64 };
  const gsize columns[] = { 1, 3, 8, 15, 16, 17, 31, 64, 65, 130 };
  const gsize depths[] = { 1, 2, 64, 256, 257, 600 };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (columns); j++)
      for (gsize l = 0; l < G_N_ELEMENTS (depths); l++) {
        const gsize n = columns[j];
        const VaeRange all = { 0, n }, last = { n - n % 64, n };
        const Epilogue epilogue = (i + j + l) % N_EPILOGUES;
        check_product (kernels, rows[i], n, depths[l], i % 2, epilogue, all);
        check_product (kernels, rows[i], n, depths[l], j % 2, PLAIN, last);
      }
}

static void
test_multiply (void)
{
  for_all_kernels (check_products);
}

/* The same element, wherever it stands and whatever is around it. */
static void
check_chains (const VaeKernels * kernels)
{
  const gsize m = 13, n = 150, k = 300;
  float *a = random_matrix (m * k, 1), *b = random_matrix (k * n, 2);
  float *c = vae_floats_new (m * n);
  g_autofree float **rows = rows_of (b, k, n);
  const VaeProduct product = {
    .m = m,.n = n,.k = k,.a = {a, k, 1},.b =
        (const float *const *) rows,.c = c,.c_row = n
  };

  for (gsize i = 0; i < m; i++)
    memcpy (a + i * k, a, k * sizeof (float));
  for (gsize l = 0; l < k; l++)
    for (gsize j = 0; j < n; j++)
      b[l * n + j] = b[l * n];
  kernels->multiply (&product, (VaeRange) {
      0, n});
  for (gsize i = 0; i < m * n; i++)
    g_assert_cmpmem (&c[i], sizeof (float), &c[0], sizeof (float));

  vae_floats_free (a);
  vae_floats_free (b);
  vae_floats_free (c);
}

static void
test_chains (void)
{
  for_all_kernels (check_chains);
}

/* What is not above 0, NaN too, becomes 0. */
static void
check_epilogue (const VaeKernels * kernels)
{
  float a[] = { 1 }, bias[] = { 1 };
  float *b = vae_floats_new (16), *mask = vae_floats_new (16);
  float *c = vae_floats_new (16);
  const float *rows[] = { b };
  VaeProduct product = {
    .m = 1,.n = 16,.k = 1,.a = {a, 1, 1},.b = rows,.c = c,.c_row =
        16,.row_bias = bias,.relu = TRUE
  };
  const VaeRange all = { 0, 16 };

  b[0] = NAN;
  b[1] = -1;
  b[2] = -2;
  b[3] = 2;
  kernels->multiply (&product, all);
  g_assert_cmpfloat (c[0], ==, 0);
  g_assert_cmpfloat (c[1], ==, 0);
  g_assert_cmpfloat (c[2], ==, 0);
  g_assert_cmpfloat (c[3], ==, 3);
  g_assert_cmpfloat (c[4], ==, 1);

  product.row_bias = NULL;
  product.relu = FALSE;
  product.mask = mask;
  mask[1] = 1;
  mask[2] = -1;
  mask[3] = NAN;
  kernels->multiply (&product, all);
  g_assert_cmpfloat (c[0], ==, 0);
  g_assert_cmpfloat (c[1], ==, -1);
  g_assert_cmpfloat (c[2], ==, 0);
  g_assert_cmpfloat (c[3], ==, 0);
  vae_floats_free (b);
  vae_floats_free (mask);
  vae_floats_free (c);
}

static void
test_epilogue (void)
{
  for_all_kernels (check_epilogue);
}

/* --- the others ------------------------------------------------------------- */

static void
check_dot (const VaeKernels * kernels, gsize m, gsize k, gboolean sums)
{
  const gsize step = 3;
  float *a = random_matrix (m * k, 1), *x = random_matrix (k, 2);
  float *c = vae_floats_new (m * step);

  for (gsize i = 0; i < m * step; i++)
    c[i] = UNTOUCHED;
  kernels->dots (a, m, k, sums ? NULL : x, c, step);
  for (gsize i = 0; i < m * step; i++) {
    double dot = 0;
    for (gsize l = 0; l < k; l++)
      dot += (double) a[i / step * k + l] * (sums ? 1 : x[l]);
    if (i % step == 0)
      assert_close (c[i], dot, k);
    else
      g_assert_cmpfloat (c[i], ==, UNTOUCHED);
  }
  vae_floats_free (a);
  vae_floats_free (x);
  vae_floats_free (c);
}

static void
check_dots (const VaeKernels * kernels)
{
  for (gsize m = 1; m < 70; m += 1 + m / 5)
    for (gsize k = 16; k <= 256; k *= 2) {
      check_dot (kernels, m, k, FALSE);
      check_dot (kernels, m, k, TRUE);
    }
}

static void
test_dots (void)
{
  for_all_kernels (check_dots);
}

static void
check_transpose (const VaeKernels * kernels, gsize rows, gsize cols)
{
  const gsize out_row = vae_align (rows) + 2;
  float *in = random_matrix (rows * cols, 1);
  float *out = vae_floats_new (cols * out_row + VAE_ALIGN);
  g_autofree float **in_rows = rows_of (in, rows, cols);

  for (gsize i = 0; i < cols * out_row + VAE_ALIGN; i++)
    out[i] = UNTOUCHED;
  kernels->transpose ((const float *const *) in_rows, rows, cols, out, out_row);
  for (gsize c = 0; c < cols; c++) {
    for (gsize r = 0; r < rows; r++)
      g_assert_cmpfloat (out[c * out_row + r], ==, in[r * cols + c]);
    for (gsize r = vae_align (rows); r < out_row; r++)
      g_assert_cmpfloat (out[c * out_row + r], ==, UNTOUCHED);
  }
  for (gsize i = cols * out_row; i < cols * out_row + VAE_ALIGN; i++)
    g_assert_cmpfloat (out[i], ==, UNTOUCHED);
  vae_floats_free (in);
  vae_floats_free (out);
}

static void
check_transposes (const VaeKernels * kernels)
{
  for (gsize rows = 1; rows < 70; rows += 1 + rows / 4)
    for (gsize cols = 1; cols < 70; cols += 1 + cols / 4)
      check_transpose (kernels, rows, cols);
}

static void
test_transpose (void)
{
  for_all_kernels (check_transposes);
}

static gsize
nearest_reference (const float *points, gsize n, const float *row,
    gsize channels)
{
  double least = INFINITY;
  gsize nearest = 0;

  for (gsize p = 0; p < n; p++) {
    double distance = 0;
    for (gsize c = 0; c < channels; c++)
      if (!isnan (row[c]))
        distance += pow ((double) points[c * n + p] - row[c], 2);
    if (distance < least) {
      least = distance;
      nearest = p;
    }
  }
  return nearest;
}

static void
check_nearest (const VaeKernels * kernels)
{
  const VaeRng rng = vae_rng (3, 0);

  for (gsize n = 16; n <= 512; n += n / 2 / 16 * 16 + 16)
    for (gsize channels = 1; channels < 40; channels += 1 + channels / 2) {
      float *points = random_matrix (n * channels, 1);
      float *row = random_matrix (channels, n);
      const gsize twin = vae_rng_below (rng, n + channels, n);
      row[channels / 2] = n % 32 == 0 && channels > 1 ? NAN : row[channels / 2];
      const gsize first = nearest_reference (points, n, row, channels);
      g_assert_cmpuint (kernels->nearest (points, n, row, channels), ==, first);
      for (gsize c = 0; c < channels; c++)
        points[c * n + twin] = points[c * n + first];
      g_assert_cmpuint (kernels->nearest (points, n, row, channels), ==,
          MIN (first, twin));
      vae_floats_free (points);
      vae_floats_free (row);
    }
}

static void
test_nearest (void)
{
  for_all_kernels (check_nearest);
}

/* The sums lane by lane, and these by halves: the same bits on all processors. */
static float
deviate_reference (const float *x, const float *centre, const float *inverse,
    float most, gsize n, float *cells)
{
  float sum[VAE_ALIGN] = { 0 }, seen = 0;

  for (gsize i = 0; i < n; i++) {
    const float e = x[i] - centre[i];
    cells[i] = isnan (e) ? 0 : MIN (e * e * inverse[i], most);
    sum[i % VAE_ALIGN] += cells[i];
    seen += isnan (e) ? 0 : 1;
  }
  for (gsize half = VAE_ALIGN / 2; half > 0; half /= 2)
    for (gsize i = 0; i < half; i++)
      sum[i] += sum[i + half];
  return seen > 0 ? sum[0] / seen : NAN;
}

static void
check_deviate (const VaeKernels * kernels)
{
  for (gsize n = VAE_ALIGN; n <= 5 * VAE_ALIGN; n += VAE_ALIGN)
    for (gsize missing = 0; missing <= n; missing += 1 + n / 5) {
      float *x = random_matrix (n, 1), *centre = random_matrix (n, 2);
      float *inverse = random_matrix (n, 3);
      float *cells = vae_floats_new (n), *plain = vae_floats_new (n);
      for (gsize i = 0; i < n; i++) {
        inverse[i] = fabsf (inverse[i]);
        x[i] = i < missing ? NAN : x[i];
      }
      const float mean = kernels->deviate (x, centre, inverse, 2, n, cells);
      const float expected =
          deviate_reference (x, centre, inverse, 2, n, plain);
      g_assert_cmpmem (cells, n * sizeof (float), plain, n * sizeof (float));
      g_assert_true (mean == expected || (isnan (mean) && isnan (expected)));
      g_assert_cmpint (isnan (mean), ==, missing == n);
      vae_floats_free (x);
      vae_floats_free (centre);
      vae_floats_free (inverse);
      vae_floats_free (cells);
      vae_floats_free (plain);
    }
}

static void
test_deviate (void)
{
  for_all_kernels (check_deviate);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kernels/multiply", test_multiply);
  g_test_add_func ("/kernels/chains", test_chains);
  g_test_add_func ("/kernels/epilogue", test_epilogue);
  g_test_add_func ("/kernels/dots", test_dots);
  g_test_add_func ("/kernels/transpose", test_transpose);
  g_test_add_func ("/kernels/nearest", test_nearest);
  g_test_add_func ("/kernels/deviate", test_deviate);
  return g_test_run ();
}
