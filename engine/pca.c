/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/*
 * Orthogonal iteration with a Rayleigh-Ritz step at its end, on a block of a
 * few vectors more than are asked for (Halko, Martinsson & Tropp 2011). The
 * windows stream by in tiles, and the covariance, inputs x inputs, is never
 * there.
 */

#include "pca.h"
#include "doubles.h"
#include "eigen.h"
#include "hot.h"
#include "kernels.h"
#include "net.h"
#include "noise.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define MAX_WINDOWS 8192
#define OVERSAMPLING 8          /* at least */
#define MAX_ROUNDS 12

/* Enough rounds, when another one finds less than this of the variance. */
#define SETTLED 1e-6

/* Of a vector, or of the largest variance: what is smaller is rounding. */
#define ROUNDING 1e-12
#define DEAD_VARIANCE 1e-10

#define MAX_TILE 256
#define TILE_CELLS (1 << 20)    /* aimed at where there are many inputs */

typedef struct
{
  const VaeDataset *dataset;
  VaePca *pca;
  gsize inputs;
  gsize n_windows;
  gsize tile;
  gsize block;                  /* vectors */
  float scale;                  /* makes the total variance about 1: squares of
                                 * what is very small would be nothing */
  gsize padded;                 /* block, rounded up to VAE_ALIGN */
  const VaeKernels *kernels;

  float *windows;               /* [tile][inputs], centred and scaled */
  float *basis;                 /* [inputs][padded], the vectors transposed */
  float *projected;             /* [tile][padded] */
  float *part;                  /* [block][inputs], a tile's share of image */
  const float **window_rows;    /* [tile], those of windows */
  const float **basis_rows;     /* [inputs] */
  const float **part_rows;      /* [block] */

  double *vectors;              /* [block][inputs], orthonormal rows, or 0 */
  double *image;                /* [block][inputs], the covariance's products
                                 * with them */
  double *sums;                 /* [inputs] */
  double *ritz;                 /* [block][block] */
  double *values;               /* [block] */
  double *work;                 /* [3][block] */
} Fit;

/* --- windows -------------------------------------------------------------- */

VAE_HOT static void
centre (const float *window, const float *mean, float scale, gsize n,
    float *out)
{
  for (gsize i = 0; i < n; i++) {
    const float x = window[i] == window[i] ? window[i] : 0.f;
    out[i] = (x - mean[i]) * scale;
  }
}

/* Brings windows from `first` on into the tile; those behind the last one are
 * 0. */
static void
load_tile (Fit * fit, gsize first)
{
  const VaeDataset *dataset = fit->dataset;
  const gsize n = MIN (fit->tile, fit->n_windows - first);

  for (gsize r = 0; r < n; r++) {
    const gsize index =
        (guint64) (first + r) * dataset->n_train / fit->n_windows;
    const gsize begin = dataset->train[index] + 1 - dataset->window;
    centre (dataset->scaled + begin * dataset->channels, fit->pca->mean,
        fit->scale, fit->inputs, fit->windows + r * fit->inputs);
  }
  memset (fit->windows + n * fit->inputs, 0,
      (fit->tile - n) * fit->inputs * sizeof (float));
}

/* Loads each tile and calls `use` on it. */
static gboolean
for_each_tile (Fit * fit, void (*use) (Fit * fit), GCancellable * cancellable,
    GError ** error)
{
  for (gsize first = 0; first < fit->n_windows; first += fit->tile) {
    if (g_cancellable_is_cancelled (cancellable)) {
      g_set_error (error, VAE_ERROR, VAE_ERROR_CANCELLED,
          "cancelled while looking for principal components");
      return FALSE;
    }
    load_tile (fit, first);
    use (fit);
  }
  return TRUE;
}

VAE_HOT static void
add_sums (Fit * fit)
{
  for (gsize r = 0; r < fit->tile; r++)
    for (gsize i = 0; i < fit->inputs; i++)
      fit->sums[i] += fit->windows[r * fit->inputs + i];
}

VAE_HOT static void
add_squares (Fit * fit)
{
  for (gsize r = 0; r < fit->tile; r++)
    for (gsize i = 0; i < fit->inputs; i++) {
      const double x = fit->windows[r * fit->inputs + i];
      fit->sums[i] += x * x;
    }
}

static gboolean
fit_mean (Fit * fit, GCancellable * cancellable, GError ** error)
{
  if (!for_each_tile (fit, add_sums, cancellable, error))
    return FALSE;
  for (gsize i = 0; i < fit->inputs; i++)
    fit->pca->mean[i] = fit->sums[i] / fit->n_windows;
  return TRUE;
}

static gboolean
fit_total (Fit * fit, GCancellable * cancellable, GError ** error)
{
  double total = 0;

  memset (fit->sums, 0, fit->inputs * sizeof (double));
  if (!for_each_tile (fit, add_squares, cancellable, error))
    return FALSE;
  for (gsize i = 0; i < fit->inputs; i++)
    total += fit->sums[i];
  fit->pca->total = total / (fit->n_windows - 1);
  fit->scale = MIN (1 / sqrt (fit->pca->total), FLT_MAX);
  return TRUE;
}

/* --- iteration ------------------------------------------------------------ */

VAE_HOT static void
to_floats (const double *in, gsize n, float *out)
{
  for (gsize i = 0; i < n; i++)
    out[i] = in[i];
}

VAE_HOT static void
add_floats (double *sum, const float *x, gsize n)
{
  for (gsize i = 0; i < n; i++)
    sum[i] += x[i];
}

/* image += vectors windows' windows, for the tile that is loaded */
static void
add_image (Fit * fit)
{
  const gsize inputs = fit->inputs, padded = fit->padded;
  const VaeProduct project = {
    .m = fit->tile,.n = padded,.k = inputs,.a = {fit->windows, inputs, 1},.b =
        fit->basis_rows,.c = fit->projected,.c_row = padded
  };
  const VaeProduct collect = {
    .m = fit->block,.n = inputs,.k = fit->tile,.a = {
        fit->projected, 1, padded},.b = fit->window_rows,.c = fit->part,.c_row =
        inputs
  };

  fit->kernels->multiply (&project, (VaeRange) {
      0, padded});
  fit->kernels->multiply (&collect, (VaeRange) {
      0, inputs});
  add_floats (fit->image, fit->part, fit->block * inputs);
}

/* image = vectors covariance, the windows being scaled */
static gboolean
make_image (Fit * fit, GCancellable * cancellable, GError ** error)
{
  const gsize n = fit->block * fit->inputs;

  to_floats (fit->vectors, n, fit->part);
  fit->kernels->transpose (fit->part_rows, fit->block, fit->inputs, fit->basis,
      fit->padded);
  memset (fit->image, 0, n * sizeof (double));
  if (!for_each_tile (fit, add_image, cancellable, error))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    fit->image[i] /= fit->n_windows - 1;
  return TRUE;
}

/* Modified Gram-Schmidt, twice, on the rows of q [block][inputs]. A row that
 * depends on those before it becomes 0. */
VAE_HOT static void
orthonormalise (double *q, gsize block, gsize inputs)
{
  for (gsize i = 0; i < block; i++) {
    double *row = q + i * inputs;
    const double before = sqrt (doubles_dot (row, row, inputs));

    for (guint pass = 0; pass < 2; pass++)
      for (gsize j = 0; j < i; j++) {
        const double *other = q + j * inputs;
        doubles_add (row, -doubles_dot (row, other, inputs), other, inputs);
      }
    const double after = sqrt (doubles_dot (row, row, inputs));
    const double factor = after > ROUNDING * before ? 1 / after : 0;
    for (gsize k = 0; k < inputs; k++)
      row[k] *= factor;
  }
}

static void
start_randomly (Fit * fit)
{
  const VaeRng rng = vae_rng (0, VAE_STREAM_WEIGHTS);

  for (gsize i = 0; i < fit->block * fit->inputs; i++)
    fit->vectors[i] = vae_rng_normal (rng, i);
  orthonormalise (fit->vectors, fit->block, fit->inputs);
}

/* The variance along the vectors. */
VAE_HOT static double
captured_variance (const Fit * fit)
{
  return doubles_dot (fit->vectors, fit->image, fit->block * fit->inputs);
}

/* Vectors that span what the largest components do, and their image. */
static gboolean
iterate (Fit * fit, GCancellable * cancellable, GError ** error)
{
  double captured = 0;

  start_randomly (fit);
  for (guint round = 0; round < MAX_ROUNDS; round++) {
    if (round > 0) {
      double *image = fit->image;
      fit->image = fit->vectors;
      fit->vectors = image;
      orthonormalise (fit->vectors, fit->block, fit->inputs);
    }
    if (!make_image (fit, cancellable, error))
      return FALSE;
    const double before = captured;
    captured = captured_variance (fit);
    if (captured - before < SETTLED)
      break;
  }
  return TRUE;
}

/* --- components ----------------------------------------------------------- */

/* Turns the vectors, within what they span, into the directions in which the
 * variance is the largest: leaves them in image. */
VAE_HOT static void
rayleigh_ritz (Fit * fit)
{
  const gsize block = fit->block, inputs = fit->inputs;

  for (gsize i = 0; i < block; i++)
    for (gsize j = 0; j <= i; j++)
      fit->ritz[i * block + j] = fit->ritz[j * block + i] =
          doubles_dot (fit->vectors + i * inputs, fit->image + j * inputs,
          inputs);
  vae_eigen (block, fit->ritz, fit->values, fit->work);
  memset (fit->image, 0, block * inputs * sizeof (double));
  for (gsize i = 0; i < block; i++)
    for (gsize j = 0; j < block; j++)
      doubles_add (fit->image + i * inputs, fit->ritz[i * block + j],
          fit->vectors + j * inputs, inputs);
}

static double
sign_of_largest (const double *vector, gsize n)
{
  gsize largest = 0;

  for (gsize i = 1; i < n; i++)
    if (fabs (vector[i]) > fabs (vector[largest]))
      largest = i;
  return vector[largest] < 0 ? -1 : 1;
}

/* Whether there is another component to take, after those that have been. */
static gboolean
is_wanted (const Fit * fit, guint max_components, double keep, double kept)
{
  const VaePca *pca = fit->pca;

  if (pca->n == MIN (max_components, fit->block))
    return FALSE;
  if (keep < 1 && kept >= keep * pca->total)
    return FALSE;
  return fit->values[pca->n] > DEAD_VARIANCE * fit->values[0];
}

static void
take_components (Fit * fit, guint max_components, double keep)
{
  VaePca *pca = fit->pca;
  const gsize inputs = fit->inputs;
  const double scale = fit->scale;
  double kept = 0;

  do {
    const double *vector = fit->image + pca->n * inputs;
    const double sign = sign_of_largest (vector, inputs);
    for (gsize i = 0; i < inputs; i++)
      pca->vectors[pca->n * inputs + i] = sign * vector[i];
    pca->variance[pca->n] = fit->values[pca->n] / scale / scale;
    kept += pca->variance[pca->n++];
  } while (is_wanted (fit, max_components, keep, kept));
}

/* --- fit ------------------------------------------------------------------ */

static void
clear (Fit * fit)
{
  vae_floats_free (fit->windows);
  vae_floats_free (fit->basis);
  vae_floats_free (fit->projected);
  vae_floats_free (fit->part);
  g_free (fit->window_rows);
  g_free (fit->basis_rows);
  g_free (fit->part_rows);
  g_free (fit->vectors);
  g_free (fit->image);
  g_free (fit->sums);
  g_free (fit->ritz);
  g_free (fit->values);
  g_free (fit->work);
}

/* The rows of a matrix [n][row], or NULL. */
static const float **
table (const float *matrix, gsize n, gsize row)
{
  const float **rows = g_try_new (const float *, n);

  for (gsize i = 0; rows && i < n; i++)
    rows[i] = matrix + i * row;
  return rows;
}

static gboolean
allocate (Fit * fit, guint max_components)
{
  VaePca *pca = fit->pca;
  const gsize inputs = fit->inputs, block = fit->block, tile = fit->tile;
  const gsize n = MIN (max_components, block);

  pca->mean = vae_floats_new (inputs);
  pca->vectors = vae_floats_new (n * inputs);
  pca->variance = g_try_new0 (double, n);
  fit->windows = vae_floats_new (tile * inputs);
  fit->basis = vae_floats_new (inputs * fit->padded);
  fit->projected = vae_floats_new (tile * fit->padded);
  fit->part = vae_floats_new (block * inputs);
  fit->window_rows = table (fit->windows, tile, inputs);
  fit->basis_rows = table (fit->basis, inputs, fit->padded);
  fit->part_rows = table (fit->part, block, inputs);
  fit->vectors = g_try_new (double, block * inputs);
  fit->image = g_try_new (double, block * inputs);
  fit->sums = g_try_new0 (double, inputs);
  fit->ritz = g_try_new (double, block * block);
  fit->values = g_try_new (double, block);
  fit->work = g_try_new (double, 3 * block);
  return pca->mean && pca->vectors && pca->variance && fit->windows
      && fit->basis && fit->projected && fit->part && fit->window_rows
      && fit->basis_rows && fit->part_rows
      && fit->vectors && fit->image && fit->sums && fit->ritz && fit->values
      && fit->work;
}

/* Chooses the sizes. */
static void
init (Fit * fit, VaePca * pca, const VaeDataset * dataset, guint max_components)
{
  const gsize inputs = (gsize) dataset->window * dataset->channels;
  const gsize n_windows = MIN (dataset->n_train, MAX_WINDOWS);
  const gsize most = MIN (inputs, n_windows - 1);
  const gsize wanted = MIN (max_components, most);

  *pca = (VaePca) {
  .inputs = inputs};
  *fit = (Fit) {
  .dataset = dataset,.pca = pca,.inputs = inputs,.n_windows =
        n_windows,.scale = 1,.kernels = vae_kernels ()};
  fit->block = MIN (vae_align (wanted + OVERSAMPLING), most);
  fit->padded = vae_align (fit->block);
  fit->tile = CLAMP (vae_align (TILE_CELLS / inputs), VAE_ALIGN, MAX_TILE);
}

static gboolean
find_components (Fit * fit, guint max_components, double keep,
    GCancellable * cancellable, GError ** error)
{
  if (!fit_mean (fit, cancellable, error)
      || !fit_total (fit, cancellable, error))
    return FALSE;
  if (!iterate (fit, cancellable, error))
    return FALSE;
  rayleigh_ritz (fit);
  take_components (fit, max_components, keep);
  return TRUE;
}

gboolean
vae_pca_fit (VaePca * pca, const VaeDataset * dataset, guint max_components,
    double keep, GCancellable * cancellable, GError ** error)
{
  Fit fit;
  gboolean done = FALSE;

  init (&fit, pca, dataset, max_components);
  if (allocate (&fit, max_components))
    done = find_components (&fit, max_components, keep, cancellable, error);
  else
    g_set_error (error, VAE_ERROR, VAE_ERROR_MEMORY,
        "no memory for the principal components of %" G_GSIZE_FORMAT " inputs",
        fit.inputs);
  clear (&fit);
  if (!done)
    vae_pca_clear (pca);
  return done;
}

void
vae_pca_clear (VaePca * pca)
{
  vae_floats_free (pca->mean);
  vae_floats_free (pca->vectors);
  g_free (pca->variance);
  *pca = (VaePca) {
  0};
}
