/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/*
 * The matrix products of a fully connected layer, and what is done to their results
 * on the way. The only room that knows the matrix library.
 *
 * x is [inputs][tile], y is [outputs][tile], w is [outputs][inputs]: the rows of
 * a tile are the vector lanes, see net.h.
 */

#pragma once

#include "kernels.h"
#include "vae.h"

G_BEGIN_DECLS

typedef enum
{
  VAE_GEMM_FORWARD,
  VAE_GEMM_BACKWARD,
  VAE_GEMM_WEIGHTS,
  VAE_GEMM_N_PRODUCTS
} VaeGemmProduct;

typedef void (*VaeGenerated) (const float *b, const float *a, float *c);

/* How libxsmm makes a product, cut into blocks that fit the caches: one call, if it
 * is small. */
typedef struct
{
  gboolean is_complete;         /* all the kernels that it takes are there */
  VaeGenerated kernels[2][2][2];        /* [last columns][last of k][not the
                                         * first of k, so adding to c] */
} VaeGemmPlan;

/* The products of one layer's shape, chosen once. It owns nothing. */
typedef struct
{
  gsize outputs;
  gsize inputs;
  gsize tile;
  gsize backward_inputs;        /* rows of dx */
  gboolean training;
  const VaeKernels *kernels;
  VaeGemmPlan plans[VAE_GEMM_N_PRODUCTS];       /* with libxsmm */
} VaeGemm;

/* `training` says whether the other products will be asked for. The rows of x and dy
 * must then lie one behind the other, as matrix libraries want them. */
void vae_gemm_init (VaeGemm * gemm, gsize outputs, gsize inputs, gsize tile,
    gboolean training);

/* Leaves vae_gemm_backward() only the first `inputs` rows of dx. */
void vae_gemm_limit_backward (VaeGemm * gemm, gsize inputs);

/* The first two are made for a range of lanes, which begins with a multiple of
 * VAE_GEMM_COLUMNS and ends with one, or at the end. How the work is cut up does not
 * change a bit. */
#define VAE_GEMM_COLUMNS 64

/* y = activation (w x + bias), for a range of lanes; x are the rows of x. Unless it
 * is for training, what the row in one lane gives does not depend on the lane, nor
 * on its neighbours. */
void vae_gemm_forward (const VaeGemm * gemm, const float *w, const float *bias,
    VaeActivation activation, const float *const *x, float *y, VaeRange lanes);

/* dx = w' dy, for a range of lanes; dy are the rows of dy. The first `n_activated` rows
 * of x came out of an activation, whose derivative they give away and dx is
 * multiplied by. */
void vae_gemm_backward (const VaeGemm * gemm, const float *w,
    const float *const *dy, VaeActivation activation, gsize n_activated,
    const float *x, float *dx, VaeRange lanes);

/* dw [outputs][inputs] = dy x', and db [outputs] = the sums of dy's rows: part `part`
 * of `parts` of the work. xt is room for x transposed: the rows of [tile][inputs,
 * rounded up to VAE_ALIGN]. */
void vae_gemm_gradient (const VaeGemm * gemm, const float *const *dy,
    const float *const *x, float *const *xt, float *dw, float *db, guint part,
    guint parts);

/* The same as plain loops, for tests to compare with. */
void vae_gemm_forward_reference (const VaeGemm * gemm, const float *w,
    const float *bias, VaeActivation activation, const float *const *x,
    float *y);
void vae_gemm_backward_reference (const VaeGemm * gemm, const float *w,
    const float *const *dy, VaeActivation activation, gsize n_activated,
    const float *x, float *dx);
void vae_gemm_gradient_reference (const VaeGemm * gemm, const float *const *dy,
    const float *const *x, float *dw, float *db);

G_END_DECLS
