/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/*
 * Matrix products in portable C, in which each element is one chain of additions
 * along the inner dimension, wherever it stands: c = (((a0 b0) + a1 b1) + ...).
 * This is the one file that is compiled with contraction, so that where the
 * processor has fused multiply-adds they make up the chain, as they do in
 * libxsmm's kernels.
 */

#pragma once

#include "range.h"

G_BEGIN_DECLS

/* A matrix of which element (i, j) is at data[i * row + j * col]. */
typedef struct
{
  const float *data;
  gsize row;
  gsize col;
} VaeStrided;

/* c [m][n] = a [m][k] b [k][n], for a range of columns */
void vae_chain_multiply (gsize m, gsize n, gsize k, VaeStrided a,
    const float *b, float *c, VaeRange columns);

/* y [n] = x [k] w [k][n], n being a multiple of 16 */
void vae_chain_row (gsize n, gsize k, const float *x, const float *w, float *y);

G_END_DECLS
