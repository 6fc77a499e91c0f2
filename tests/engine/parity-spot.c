/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The fit of the generalised Pareto distribution, for parity-spot.py to compare
 * with SciPy. */

#include "gpd.h"
#include "vae.h"

VAE_API int parity_gpd_fit (const float *values, size_t n, float level,
    double *shape, double *scale);

int
parity_gpd_fit (const float *values, size_t n, float level, double *shape,
    double *scale)
{
  VaeGpd gpd;

  if (!vae_gpd_fit (values, n, level, &gpd))
    return 0;
  *shape = gpd.shape;
  *scale = gpd.scale;
  return 1;
}
