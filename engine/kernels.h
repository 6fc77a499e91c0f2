/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/*
 * The innermost loops, written in vectors. kernelset.c is compiled once for each
 * generation of vector instructions, and whoever needs kernels asks for those of
 * this processor when it is made.
 *
 * In a product each element is one chain along the inner dimension, or a sum of such
 * chains where it is long, wherever it stands: c = ((bias + a0 b0) + a1 b1) + ...,
 * with fused multiply-adds where the processor has them. So its bits do not depend on
 * how a product is cut up.
 *
 * Whatever is read here may be read in whole vectors: up to VAE_ALIGN - 1 floats
 * behind the end of a row, which vae_floats_new() has room for, are read, and
 * make no difference.
 */

#pragma once

#include "floats.h"
#include "range.h"

G_BEGIN_DECLS

/* A matrix of which element (i, j) is at data[i * row + j * col]. */
typedef struct
{
  const float *data;
  gsize row;
  gsize col;
} VaeStrided;

/* c [m][n] = a [m][k] b [k][n], what it begins with, and what becomes of it before it
 * is written: the epilogue. */
typedef struct
{
  gsize m;
  gsize n;
  gsize k;
  VaeStrided a;
  const float *const *b;        /* [k], the rows of b, wherever they lie */
  float *c;                     /* [m][c_row] */
  gsize c_row;
  const float *row_bias;        /* [m], what the sums of a row begin with, or NULL */
  const float *column_bias;     /* [n], the same for a column */
  gboolean relu;                /* what is not above 0 becomes 0 */
  const float *mask;            /* [m][c_row]: where this is not above 0, c becomes
                                 * 0; or NULL */
} VaeProduct;

typedef struct
{
  /* The whole of it, for a range of c's columns. */
  void (*multiply) (const VaeProduct * product, VaeRange columns);

  /* c [m] = a [m][k] x [k], k being a multiple of VAE_ALIGN; with NULL for x the
   * sums of a's rows. Element i goes to c[i * step]. Here a chain of additions is
   * a lane's, and the lanes are added up in an order of the processor's. */
  void (*dots) (const float *a, gsize m, gsize k, const float *x, float *c,
      gsize step);

  /* out [cols][out_row] = the rows in [rows], of `cols` floats, transposed. It
   * writes whole vectors: out_row >= rows, rounded up to VAE_ALIGN. */
  void (*transpose) (const float *const *in, gsize rows, gsize cols, float *out,
      gsize out_row);

  /* Which of n points, a multiple of VAE_ALIGN, has the smallest squared distance
   * from a row: the first, if there are several. points [channels][n]; a NaN in
   * row [channels] stands for a channel that does not count. */
  gsize (*nearest) (const float *points, gsize n, const float *row,
      gsize channels);

  /* The mean of the cells that are there of cells [n] = min ((x - centre)^2 inverse,
   * most), n being a multiple of VAE_ALIGN, or NaN; a cell is not there where x is
   * NaN, and then 0. Each of VAE_ALIGN lanes is added up for itself, and these by
   * halves, on all processors. */
  float (*deviate) (const float *x, const float *centre, const float *inverse,
      float most, gsize n, float *cells);
} VaeKernels;

/* The best for this processor; and all that it can run, the best being number 0, with
 * NULL behind the last. */
const VaeKernels *vae_kernels (void);
const VaeKernels *vae_kernels_nth (guint n);

/* c [m][n] of a product as plain loops, for tests to compare with. */
void vae_multiply_reference (const VaeProduct * product);

G_END_DECLS
