/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The distance of a row from the nearest of some typical rows, which k-means
 * finds (Lloyd 1982). With a single one, the mean, it is the row's norm. */

#pragma once

#include "dataset.h"
#include "kernels.h"

G_BEGIN_DECLS

typedef struct
{
  guint channels;
  guint n;                      /* prototypes; 0 = none, residuals are rows */
  float *prototypes;            /* [n][channels], scaled */
  float *columns;               /* [channels][n, rounded up to VAE_ALIGN],
                                 * the same for the search */
  const VaeKernels *kernels;
} VaeNearest;

/* Room for n prototypes, which are 0; vae_nearest_prepare() after they have
 * been set. FALSE if there is no memory. What `nearest` held before is not
 * freed. */
gboolean vae_nearest_init (VaeNearest * nearest, guint channels, guint n);
void vae_nearest_prepare (VaeNearest * nearest);
void vae_nearest_clear (VaeNearest * nearest);

/* Finds n prototypes, or as many as there are rows if these are fewer, for the
 * last rows of at most 6000 evenly spaced training windows. Missing cells are
 * left out of distances and means; a channel that no row of a cluster has
 * keeps the value it started with, 0 if it was missing there.
 * VAE_ERROR_MEMORY, _CANCELLED; on failure `nearest` holds nothing.
 * `cancellable` may be NULL. */
gboolean vae_nearest_fit (VaeNearest * nearest, const VaeDataset * dataset,
    guint n, guint64 seed, GCancellable * cancellable, GError ** error);

/* residual [channels] = row [channels] - the nearest prototype, by the
 * channels that are not missing (NaN), the first one of several; NaN where the
 * row is missing. The arrays may be the same. It does not allocate. */
void vae_nearest_residual (const VaeNearest * nearest, const float *row,
    float *residual);

G_END_DECLS
