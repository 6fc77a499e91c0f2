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

#include <glib.h>

G_BEGIN_DECLS

typedef void (*VaeGemmKernel) (const float *b, const float *a, float *c);

/* A product c [m][n] = a b, with a [m][k] or, transposed, [k][m], and b [k][n],
 * cut into blocks that fit the caches: one call, if it is small. */
typedef struct
{
  gsize m;
  gsize n;
  gsize k;
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

/* y = w x. Unless it is for training, what the row in one lane gives does not
 * depend on the lane, nor on its neighbours. */
void vae_gemm_forward (const VaeGemm * gemm, const float *w, const float *x,
    float *y);

/* dx = w' dy, dy [outputs][tile], dx [inputs][tile] */
void vae_gemm_backward (const VaeGemm * gemm, const float *w, const float *dy,
    float *dx);

/* dw = dy xt, dy [outputs][tile], xt [tile][inputs] (x transposed), dw
 * [outputs][inputs] */
void vae_gemm_weights (const VaeGemm * gemm, const float *dy, const float *xt,
    float *dw);

/* out [cols][rows] = in [rows][cols] transposed */
void vae_transpose (const float *in, gsize rows, gsize cols, float *out);

/* The same products as plain loops, for tests to compare with. */
void vae_gemm_forward_reference (const VaeGemm * gemm, const float *w,
    const float *x, float *y);
void vae_gemm_backward_reference (const VaeGemm * gemm, const float *w,
    const float *dy, float *dx);
void vae_gemm_weights_reference (const VaeGemm * gemm, const float *dy,
    const float *xt, float *dw);

G_END_DECLS
