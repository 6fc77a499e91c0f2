/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/*
 * The three matrix products of a fully connected layer. The only room that
 * knows the matrix library.
 *
 * x is [inputs][tile], y is [outputs][tile], w is [outputs][inputs]: the rows of
 * a tile are the vector lanes, see net.h.
 */

#pragma once

#include "range.h"

G_BEGIN_DECLS

typedef void (*VaeGemmKernel) (const float *b, const float *a, float *c);

/* A product c [m][n] = a b, with a [m][k] or, transposed, the first m columns of
 * [k][a_row], and b [k][n], cut into blocks that fit the caches: one call, if it is
 * small. */
typedef struct
{
  gsize m;
  gsize n;
  gsize k;
  gsize a_row;
  gboolean transpose_a;
  gboolean is_generated;        /* all the kernels that it takes are there */
  VaeGemmKernel kernels[2][2][2];       /* [last columns][last of k][not the
                                         * first of k, so adding to c] */
} VaeProduct;

/* The products of one layer's shape, chosen once. It owns nothing. */
typedef struct
{
  gsize outputs;
  gsize inputs;
  gsize tile;
  gboolean training;
  VaeProduct forward;
  VaeProduct backward;
  VaeProduct weights;
} VaeGemm;

/* `training` says whether the backward products will be asked for. */
void vae_gemm_init (VaeGemm * gemm, gsize outputs, gsize inputs, gsize tile,
    gboolean training);

/* Leaves vae_gemm_backward() only the first `inputs` rows of dx. */
void vae_gemm_limit_backward (VaeGemm * gemm, gsize inputs);

/* Each product is made for a range of the result's columns, which begins with a
 * multiple of VAE_GEMM_COLUMNS and ends with one, or at the end. How it is cut
 * into ranges does not change a bit. */
#define VAE_GEMM_COLUMNS 64

/* y = w x, for a range of lanes. Unless it is for training, what the row in one
 * lane gives does not depend on the lane, nor on its neighbours. */
void vae_gemm_forward (const VaeGemm * gemm, const float *w, const float *x,
    float *y, VaeRange lanes);

/* dx = w' dy, dy [outputs][tile], dx [inputs][tile], for a range of lanes */
void vae_gemm_backward (const VaeGemm * gemm, const float *w, const float *dy,
    float *dx, VaeRange lanes);

/* dw = dy xt, dy [outputs][tile], xt [tile][inputs] (x transposed), dw
 * [outputs][inputs], for a range of inputs */
void vae_gemm_weights (const VaeGemm * gemm, const float *dy, const float *xt,
    float *dw, VaeRange inputs);

/* out [cols][rows] = in [rows][cols] transposed, for a range of rows */
void vae_transpose (const float *in, gsize rows, gsize cols, float *out,
    VaeRange range);

/* The same products as plain loops, for tests to compare with. */
void vae_gemm_forward_reference (const VaeGemm * gemm, const float *w,
    const float *x, float *y);
void vae_gemm_backward_reference (const VaeGemm * gemm, const float *w,
    const float *dy, float *dx);
void vae_gemm_weights_reference (const VaeGemm * gemm, const float *dy,
    const float *xt, float *dw);

G_END_DECLS
