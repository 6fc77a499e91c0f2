/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The principal components of the training windows. */

#pragma once

#include "dataset.h"

G_BEGIN_DECLS

typedef struct
{
  gsize inputs;                 /* window * channels, oldest row first */
  guint n;                      /* at least 1 */
  float *mean;                  /* [inputs] */
  float *vectors;               /* [n][inputs], orthonormal rows, by falling
                                 * variance; the component of the largest
                                 * magnitude is positive */
  double *variance;             /* [n], of the windows along them */
  double total;                 /* variance of all inputs */
} VaePca;

/* Fits as few components as keep the fraction `keep` of the variance, at most
 * max_components (>= 1); with a `keep` of 1 there are max_components of them.
 * In either case there are no more than inputs, or than windows less one, and
 * none along which nothing varies; of constant data there is one, of variance
 * 0.
 *
 * At most 8192 evenly spaced windows are looked at. A missing cell counts as
 * 0, the scaled channel's mean. The variance is the sample's, as numpy.cov()
 * has it. VAE_ERROR_MEMORY, _CANCELLED; what `pca` held before is not freed,
 * and on failure it holds nothing. `cancellable` may be NULL. */
gboolean vae_pca_fit (VaePca * pca, const VaeDataset * dataset,
    guint max_components, double keep, GCancellable * cancellable,
    GError ** error);
void vae_pca_clear (VaePca * pca);

G_END_DECLS
