/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "nearest.h"
#include "hot.h"
#include "floats.h"
#include "rng.h"

#include <math.h>
#include <string.h>

#define MAX_ROWS 6000
#define ROUNDS 10

gboolean
vae_nearest_init (VaeNearest * nearest, guint channels, guint n)
{
  *nearest = (VaeNearest) {
  .channels = channels,.n = n,.kernels = vae_kernels ()};
  nearest->prototypes = vae_floats_new ((gsize) n * channels);
  nearest->columns = vae_floats_new (vae_align (n) * channels);
  if (nearest->prototypes && nearest->columns)
    return TRUE;
  vae_nearest_clear (nearest);
  return FALSE;
}

void
vae_nearest_clear (VaeNearest * nearest)
{
  vae_floats_free (nearest->prototypes);
  vae_floats_free (nearest->columns);
  *nearest = (VaeNearest) {
  0};
}

void
vae_nearest_prepare (VaeNearest * nearest)
{
  const gsize padded = vae_align (nearest->n);

  for (gsize c = 0; c < nearest->channels; c++) {
    float *column = nearest->columns + c * padded;
    for (gsize p = 0; p < nearest->n; p++)
      column[p] = nearest->prototypes[p * nearest->channels + c];
    for (gsize p = nearest->n; p < padded; p++)
      column[p] = INFINITY;
  }
}

/* --- search --------------------------------------------------------------- */

VAE_HOT static void
subtract (const float *a, const float *b, gsize n, float *difference)
{
  for (gsize i = 0; i < n; i++)
    difference[i] = a[i] - b[i];
}

/* n > 0 */
static gsize
find_nearest (const VaeNearest * nearest, const float *row)
{
  return nearest->kernels->nearest (nearest->columns, vae_align (nearest->n),
      row, nearest->channels);
}

void
vae_nearest_residual (const VaeNearest * nearest, const float *row,
    float *residual)
{
  const gsize channels = nearest->channels;

  if (nearest->n == 0)
    memmove (residual, row, channels * sizeof (float));
  else
    subtract (row, nearest->prototypes
        + find_nearest (nearest, row) * channels, channels, residual);
}

/* --- k-means -------------------------------------------------------------- */

typedef struct
{
  VaeNearest *nearest;
  const VaeDataset *dataset;
  gsize n_rows;
  double *sums;                 /* [n][channels], over a cluster's rows */
  guint *counts;                /* [n][channels], observed cells */
} Fit;

static const float *
row_of (const Fit * fit, gsize i)
{
  const VaeDataset *dataset = fit->dataset;
  const gsize window = (guint64) i * dataset->n_train / fit->n_rows;

  return dataset->scaled + dataset->train[window] * dataset->channels;
}

/* Starts from rows that are drawn without putting any back: row i of those
 * looked at takes its turn with the rows still wanted out of those still to
 * come (Knuth's algorithm S). */
static void
draw_prototypes (Fit * fit, guint64 seed)
{
  const VaeRng rng = vae_rng (seed, VAE_STREAM_SHUFFLE);
  const gsize channels = fit->nearest->channels;
  gsize drawn = 0;

  for (gsize i = 0; i < fit->n_rows; i++) {
    if (vae_rng_below (rng, i, fit->n_rows - i) >= fit->nearest->n - drawn)
      continue;
    const float *row = row_of (fit, i);
    float *prototype = fit->nearest->prototypes + drawn++ * channels;
    for (gsize c = 0; c < channels; c++)
      prototype[c] = isnan (row[c]) ? 0 : row[c];
  }
}

VAE_HOT static void
add_row (const float *row, gsize channels, double *sums, guint *counts)
{
  for (gsize c = 0; c < channels; c++) {
    const gboolean is_there = row[c] == row[c];
    sums[c] += is_there ? row[c] : 0;
    counts[c] += is_there ? 1 : 0;
  }
}

static gboolean
add_rows (Fit * fit, GCancellable * cancellable, GError ** error)
{
  const gsize channels = fit->nearest->channels;

  for (gsize i = 0; i < fit->n_rows; i++) {
    if (g_cancellable_is_cancelled (cancellable)) {
      g_set_error (error, VAE_ERROR, VAE_ERROR_CANCELLED,
          "cancelled while looking for typical rows");
      return FALSE;
    }
    const float *row = row_of (fit, i);
    const gsize cell = find_nearest (fit->nearest, row) * channels;
    add_row (row, channels, fit->sums + cell, fit->counts + cell);
  }
  return TRUE;
}

/* Moves each prototype to the mean of its cluster. */
static gboolean
move_prototypes (Fit * fit, GCancellable * cancellable, GError ** error)
{
  const gsize n_cells = (gsize) fit->nearest->n * fit->nearest->channels;

  vae_nearest_prepare (fit->nearest);
  memset (fit->sums, 0, n_cells * sizeof (double));
  memset (fit->counts, 0, n_cells * sizeof (guint));
  if (!add_rows (fit, cancellable, error))
    return FALSE;
  for (gsize i = 0; i < n_cells; i++)
    if (fit->counts[i] > 0)
      fit->nearest->prototypes[i] = fit->sums[i] / fit->counts[i];
  return TRUE;
}

static gboolean
run (Fit * fit, guint64 seed, GCancellable * cancellable, GError ** error)
{
  if (fit->nearest->n == 0)
    return TRUE;
  draw_prototypes (fit, seed);
  for (guint round = 0; round < ROUNDS; round++)
    if (!move_prototypes (fit, cancellable, error))
      return FALSE;
  vae_nearest_prepare (fit->nearest);
  return TRUE;
}

gboolean
vae_nearest_fit (VaeNearest * nearest, const VaeDataset * dataset, guint n,
    guint64 seed, GCancellable * cancellable, GError ** error)
{
  const gsize n_rows = MIN (dataset->n_train, MAX_ROWS);
  const gsize n_prototypes = MIN (n, n_rows);
  const gsize n_cells = n_prototypes * dataset->channels;
  const gboolean has_room =
      vae_nearest_init (nearest, dataset->channels, n_prototypes);
  Fit fit = { nearest, dataset, n_rows,
    g_try_new (double, MAX (n_cells, 1)), g_try_new (guint, MAX (n_cells, 1))
  };
  gboolean done = FALSE;

  if (has_room && fit.sums && fit.counts)
    done = run (&fit, seed, cancellable, error);
  else
    g_set_error (error, VAE_ERROR, VAE_ERROR_MEMORY,
        "no memory for %" G_GSIZE_FORMAT " typical rows of %u channels",
        n_prototypes, dataset->channels);
  g_free (fit.sums);
  g_free (fit.counts);
  if (!done)
    vae_nearest_clear (nearest);
  return done;
}
