/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Matrices for the tests of what multiplies them. */

#pragma once

#include "floats.h"
#include "rng.h"

/* n numbers around 0, other ones for another stream. */
static inline float *
random_matrix (gsize n, guint64 stream)
{
  float *x = vae_floats_new (n);
  VaeRng rng = vae_rng (7, stream);

  for (gsize i = 0; i < n; i++)
    x[i] = vae_rng_normal (rng, i);
  return x;
}

/* The rows of a matrix [n][row]. */
static inline float **
rows_of (float *matrix, gsize n, gsize row)
{
  float **rows = g_new (float *, n);

  for (gsize i = 0; i < n; i++)
    rows[i] = matrix + i * row;
  return rows;
}
