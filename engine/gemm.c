/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/*
 * Our own kernels do the work, and what comes behind a product while it is still in
 * registers. A build with -Dgemm=libxsmm or -Dgemm=cblas leaves the products of
 * training to that library, for comparison; where libxsmm has no kernel, because it
 * does not know the processor or the system forbids generated code, ours stay in
 * charge. Scoring is always ours: a library may sum one lane up in another order
 * than its neighbour.
 */

#include "gemm.h"
#include "floats.h"
#include "hot.h"

#include <math.h>

#if defined (HAVE_CBLAS)
#include <cblas.h>
#elif defined (HAVE_LIBXSMM)
#include <libxsmm.h>
#endif

/* --- products as the kernels want them --------------------------------------- */

static VaeProduct
forward_product (const VaeGemm * gemm, const float *w, const float *bias,
    VaeActivation activation, const float *const *x, float *y)
{
  return (VaeProduct) {
    .m = gemm->outputs,.n = gemm->tile,.k = gemm->inputs,.a = {
      w, gemm->inputs, 1
  },.b = x,.c = y,.c_row = gemm->tile,.row_bias = bias,.relu =
        activation == VAE_ACTIVATION_RELU};
}

static VaeProduct
backward_product (const VaeGemm * gemm, const float *w,
    const float *const *dy, const float *mask, float *dx)
{
  return (VaeProduct) {
    .m = gemm->backward_inputs,.n = gemm->tile,.k = gemm->outputs,.a = {
      w, 1, gemm->inputs
  },.b = dy,.c = dx,.c_row = gemm->tile,.mask = mask};
}

static VaeProduct
weights_product (const VaeGemm * gemm, const float *dy, float *const *xt,
    float *dw)
{
  return (VaeProduct) {
    .m = gemm->outputs,.n = gemm->inputs,.k = gemm->tile,.a = {
      dy, gemm->tile, 1
  },.b = (const float *const *) xt,.c = dw,.c_row = gemm->inputs};
}

/* --- libraries ---------------------------------------------------------------- */

#if defined (HAVE_CBLAS)

/* Always in the same blocks: the bits that a CBLAS gives an element may depend on
 * what it is part of. */
static gboolean
run_library (const VaeGemm * gemm, VaeGemmProduct which, const VaeProduct * p,
    VaeRange columns)
{
  const gboolean transposed = which == VAE_GEMM_BACKWARD;
  const gsize a_row = transposed ? p->a.col : p->a.row;
  const gsize b_row = p->k > 1 ? (gsize) (p->b[1] - p->b[0]) : gemm->tile;

  for (gsize j = columns.from; j < columns.to; j += VAE_GEMM_COLUMNS)
    cblas_sgemm (CblasRowMajor, transposed ? CblasTrans : CblasNoTrans,
        CblasNoTrans, p->m, MIN (VAE_GEMM_COLUMNS, columns.to - j), p->k, 1.f,
        p->a.data, a_row, p->b[0] + j, b_row, 0.f, p->c + j, p->c_row);
  return TRUE;
}

#elif defined (HAVE_LIBXSMM)

/* A block of b, of so many columns and rows, is 32 KiB: it stays in the first-level
 * cache while the rows of a go by. */
#define COLUMNS VAE_GEMM_COLUMNS
#define DEPTH 128

/* Finds the kernels for a product. libxsmm's matrices are column-major, so what is
 * [rows][cols] here is a cols x rows matrix there, and a product c = a b here is
 * c' = b' a' there. */
static void
plan (VaeGemm * gemm, VaeGemmProduct which, VaeProduct p, gsize b_row)
{
  const gboolean transposed = which == VAE_GEMM_BACKWARD;
  const int flags = transposed ? LIBXSMM_GEMM_FLAG_TRANS_B
      : LIBXSMM_GEMM_FLAG_NONE;
  const libxsmm_blasint lda = b_row, ldc = p.c_row;
  const libxsmm_blasint ldb = transposed ? p.a.col : p.a.row;
  const float alpha = 1.f;
  VaeGemmPlan *plan = &gemm->plans[which];

  *plan = (VaeGemmPlan) {
  .is_complete = TRUE};
  for (gsize j = 0; j < p.n; j += COLUMNS)
    for (gsize l = 0; l < p.k; l += DEPTH) {
      const gsize n = MIN (COLUMNS, p.n - j), k = MIN (DEPTH, p.k - l);
      const float beta = l > 0 ? 1.f : 0.f;
      VaeGenerated *kernel = &plan->kernels[n < COLUMNS][k < DEPTH][l > 0];
      if (!*kernel)
        *kernel = (VaeGenerated) libxsmm_smmdispatch (n, p.m, k, &lda, &ldb,
            &ldc, &alpha, &beta, &flags, NULL);
      if (!*kernel) {
        plan->is_complete = FALSE;
        return;
      }
    }
}

static gboolean
run_library (const VaeGemm * gemm, VaeGemmProduct which, const VaeProduct * p,
    VaeRange columns)
{
  const VaeGemmPlan *plan = &gemm->plans[which];

  for (gsize l = 0; plan->is_complete && l < p->k; l += DEPTH)
    for (gsize j = columns.from; j < columns.to; j += COLUMNS)
      plan->kernels[p->n - j < COLUMNS][p->k - l < DEPTH][l > 0] (p->b[l] + j,
          p->a.data + l * p->a.col, p->c + j);
  return plan->is_complete;
}

#endif

#if defined (HAVE_CBLAS) || defined (HAVE_LIBXSMM)

/* What our kernels do before they write a product. */
VAE_HOT static void
finish (const VaeProduct * p, VaeRange columns)
{
  for (gsize i = 0; (p->row_bias || p->mask) && i < p->m; i++) {
    float *c = p->c + i * p->c_row;
    for (gsize j = columns.from; p->row_bias && j < columns.to; j++)
      c[j] += p->row_bias[i];
    for (gsize j = columns.from; p->relu && j < columns.to; j++)
      c[j] = c[j] > 0.f ? c[j] : 0.f;
    for (gsize j = columns.from; p->mask && j < columns.to; j++)
      c[j] = p->mask[i * p->c_row + j] > 0.f ? c[j] : 0.f;
  }
}

static void
multiply (const VaeGemm * gemm, VaeGemmProduct which, const VaeProduct * p,
    VaeRange columns)
{
  if (gemm->training && run_library (gemm, which, p, columns))
    finish (p, columns);
  else
    gemm->kernels->multiply (p, columns);
}

#else

static void
multiply (const VaeGemm * gemm, VaeGemmProduct which, const VaeProduct * p,
    VaeRange columns)
{
  gemm->kernels->multiply (p, columns);
}

#endif

/* --- a layer's products ------------------------------------------------------- */

void
vae_gemm_init (VaeGemm * gemm, gsize outputs, gsize inputs, gsize tile,
    gboolean training)
{
  *gemm = (VaeGemm) {
  .outputs = outputs,.inputs = inputs,.tile = tile,.backward_inputs =
        inputs,.training = training,.kernels = vae_kernels ()};
#if defined (HAVE_LIBXSMM) && !defined (HAVE_CBLAS)
  if (!training)
    return;
  plan (gemm, VAE_GEMM_FORWARD, forward_product (gemm, NULL, NULL,
          VAE_ACTIVATION_IDENTITY, NULL, NULL), tile);
  plan (gemm, VAE_GEMM_BACKWARD, backward_product (gemm, NULL, NULL,
          NULL, NULL), tile);
  plan (gemm, VAE_GEMM_WEIGHTS, weights_product (gemm, NULL, NULL, NULL),
      vae_align (inputs));
#endif
}

void
vae_gemm_limit_backward (VaeGemm * gemm, gsize inputs)
{
  gemm->backward_inputs = inputs;
#if defined (HAVE_LIBXSMM) && !defined (HAVE_CBLAS)
  plan (gemm, VAE_GEMM_BACKWARD, backward_product (gemm, NULL, NULL,
          NULL, NULL), gemm->tile);
#endif
}

void
vae_gemm_forward (const VaeGemm * gemm, const float *w, const float *bias,
    VaeActivation activation, const float *const *x, float *y, VaeRange lanes)
{
  const VaeProduct product = forward_product (gemm, w, bias, activation, x, y);

  multiply (gemm, VAE_GEMM_FORWARD, &product, lanes);
  for (gsize o = 0; activation == VAE_ACTIVATION_TANH && o < gemm->outputs; o++)
    for (gsize r = lanes.from; r < lanes.to; r++)
      y[o * gemm->tile + r] = tanhf (y[o * gemm->tile + r]);
}

/* dx [n][tile] *= the activation's derivative, which its output x [n][tile] gives
 * away */
VAE_HOT static void
derive (VaeActivation activation, const float *restrict x, float *restrict dx,
    gsize n, gsize tile, VaeRange lanes)
{
  for (gsize i = 0; activation != VAE_ACTIVATION_IDENTITY && i < n; i++)
    for (gsize r = i * tile + lanes.from; r < i * tile + lanes.to; r++)
      if (activation == VAE_ACTIVATION_RELU)
        dx[r] = x[r] > 0.f ? dx[r] : 0.f;
      else
        dx[r] *= 1.f - x[r] * x[r];
}

void
vae_gemm_backward (const VaeGemm * gemm, const float *w,
    const float *const *dy, VaeActivation activation, gsize n_activated,
    const float *x, float *dx, VaeRange lanes)
{
  const gboolean is_mask = activation == VAE_ACTIVATION_RELU
      && n_activated == gemm->backward_inputs;
  const VaeProduct product =
      backward_product (gemm, w, dy, is_mask ? x : NULL, dx);

  multiply (gemm, VAE_GEMM_BACKWARD, &product, lanes);
  if (!is_mask)
    derive (activation, x, dx, n_activated, gemm->tile, lanes);
}

/* Up to so many inputs or outputs it takes longer to transpose x than to add up the
 * lanes of each product. */
#define FEW 8

/* Each input with all the outputs of a range. */
static void
few_inputs (const VaeGemm * gemm, const float *const *dy,
    const float *const *x, float *dw, VaeRange outputs)
{
  for (gsize i = 0; i < gemm->inputs && outputs.from < outputs.to; i++)
    gemm->kernels->dots (dy[outputs.from], outputs.to - outputs.from,
        gemm->tile, x[i], dw + outputs.from * gemm->inputs + i, gemm->inputs);
}

/* Each output with all the inputs of a range. */
static void
few_outputs (const VaeGemm * gemm, const float *const *dy,
    const float *const *x, float *dw, VaeRange inputs)
{
  for (gsize o = 0; o < gemm->outputs && inputs.from < inputs.to; o++)
    gemm->kernels->dots (x[inputs.from], inputs.to - inputs.from, gemm->tile,
        dy[o], dw + o * gemm->inputs + inputs.from, 1);
}

static void
many (const VaeGemm * gemm, const float *const *dy, const float *const *x,
    float *const *xt, float *dw, VaeRange inputs)
{
  const VaeProduct product = weights_product (gemm, dy[0], xt, dw);

  if (inputs.from == inputs.to)
    return;
  gemm->kernels->transpose (x + inputs.from, inputs.to - inputs.from,
      gemm->tile, xt[0] + inputs.from, vae_align (gemm->inputs));
  multiply (gemm, VAE_GEMM_WEIGHTS, &product, inputs);
}

void
vae_gemm_gradient (const VaeGemm * gemm, const float *const *dy,
    const float *const *x, float *const *xt, float *dw, float *db, guint part,
    guint parts)
{
  const VaeRange outputs = vae_range (gemm->outputs, 1, part, parts);
  const VaeRange inputs = vae_range (gemm->inputs, VAE_GEMM_COLUMNS, part,
      parts);

  if (outputs.from < outputs.to)
    gemm->kernels->dots (dy[outputs.from], outputs.to - outputs.from,
        gemm->tile, NULL, db + outputs.from, 1);
  if (gemm->inputs <= FEW)
    few_inputs (gemm, dy, x, dw, outputs);
  else if (gemm->outputs <= FEW)
    few_outputs (gemm, dy, x, dw, inputs);
  else
    many (gemm, dy, x, xt, dw, inputs);
}

/* --- references --------------------------------------------------------------- */

void
vae_gemm_forward_reference (const VaeGemm * gemm, const float *w,
    const float *bias, VaeActivation activation, const float *const *x,
    float *y)
{
  const VaeProduct product = forward_product (gemm, w, bias, activation, x, y);

  vae_multiply_reference (&product);
  for (gsize i = 0; i < gemm->outputs * gemm->tile; i++)
    y[i] = activation == VAE_ACTIVATION_TANH ? tanh (y[i]) : y[i];
}

void
vae_gemm_backward_reference (const VaeGemm * gemm, const float *w,
    const float *const *dy, VaeActivation activation, gsize n_activated,
    const float *x, float *dx)
{
  const VaeProduct product = backward_product (gemm, w, dy, NULL, dx);

  vae_multiply_reference (&product);
  for (gsize i = 0; i < n_activated * gemm->tile; i++)
    if (activation == VAE_ACTIVATION_TANH)
      dx[i] *= 1 - (double) x[i] * x[i];
    else if (activation == VAE_ACTIVATION_RELU && !(x[i] > 0.f))
      dx[i] = 0.f;
}

void
vae_gemm_gradient_reference (const VaeGemm * gemm, const float *const *dy,
    const float *const *x, float *dw, float *db)
{
  for (gsize o = 0; o < gemm->outputs; o++) {
    double sum = 0;
    for (gsize r = 0; r < gemm->tile; r++)
      sum += dy[o][r];
    db[o] = sum;
    for (gsize i = 0; i < gemm->inputs; i++) {
      double dot = 0;
      for (gsize r = 0; r < gemm->tile; r++)
        dot += (double) dy[o][r] * x[i][r];
      dw[o * gemm->inputs + i] = dot;
    }
  }
}
