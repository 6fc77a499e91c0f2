/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Principal components and typical rows of windows of rows, for parity-pca.py
 * to compare with NumPy and scikit-learn. */

#include "nearest.h"
#include "pca.h"

#include <string.h>

VAE_API int parity_pca (float *scaled, guint channels, guint window,
    size_t n_windows, guint max_components, double keep, float *mean,
    float *vectors, double *variance, double *total);
VAE_API int parity_nearest (float *scaled, guint channels, size_t n_rows,
    guint n, guint64 seed, float *prototypes);

/* n_windows windows, each of which ends a row later than the one before. */
static VaeDataset
make_dataset (float *scaled, guint channels, guint window, size_t n_windows)
{
  VaeDataset dataset = {.channels = channels,.window = window,.scaled =
        scaled,.n_train = n_windows
  };

  dataset.train = g_new (gsize, n_windows);
  for (gsize i = 0; i < n_windows; i++)
    dataset.train[i] = i + window - 1;
  return dataset;
}

/* Returns the number of components. */
int
parity_pca (float *scaled, guint channels, guint window, size_t n_windows,
    guint max_components, double keep, float *mean, float *vectors,
    double *variance, double *total)
{
  VaeDataset dataset = make_dataset (scaled, channels, window, n_windows);
  VaePca pca;

  if (!vae_pca_fit (&pca, &dataset, max_components, keep, NULL, NULL))
    g_assert_not_reached ();
  const guint n = pca.n;
  memcpy (mean, pca.mean, pca.inputs * sizeof (float));
  memcpy (vectors, pca.vectors, n * pca.inputs * sizeof (float));
  memcpy (variance, pca.variance, n * sizeof (double));
  *total = pca.total;
  vae_pca_clear (&pca);
  g_free (dataset.train);
  return n;
}

/* Returns the number of prototypes. */
int
parity_nearest (float *scaled, guint channels, size_t n_rows, guint n,
    guint64 seed, float *prototypes)
{
  VaeDataset dataset = make_dataset (scaled, channels, 1, n_rows);
  VaeNearest nearest;

  if (!vae_nearest_fit (&nearest, &dataset, n, seed, NULL, NULL))
    g_assert_not_reached ();
  const guint found = nearest.n;
  memcpy (prototypes, nearest.prototypes,
      (gsize) found * channels * sizeof (float));
  vae_nearest_clear (&nearest);
  g_free (dataset.train);
  return found;
}
