/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/*
 * libxsmm generates a kernel per shape. Where it has none for the processor, or
 * the system forbids generated code, the portable loops of chain.c take over. A build
 * with -Dgemm=cblas uses a CBLAS instead of both; it is not the fallback because
 * the usual one, OpenBLAS, starts a pool of threads in every process that loads
 * the plug-in.
 *
 * libxsmm's matrices are column-major, so what is [rows][cols] here is a
 * cols x rows matrix there, and a product c = a b here is c' = b' a' there.
 */

#include "gemm.h"
#include "chain.h"
#include "hot.h"
#include "lanes.h"

#if defined (HAVE_CBLAS)
#include <cblas.h>
#elif defined (HAVE_LIBXSMM)
#include <libxsmm.h>
#endif

/* A block of b, of so many columns and rows, is 32 KiB: it stays in the first-level
 * cache while the rows of a go by. */
#define COLUMNS VAE_GEMM_COLUMNS
#define DEPTH 128

/* The kernel for c [m][n] = a b, or c += a b, within a larger product. */
static VaeGemmKernel
dispatch (const VaeProduct * product, gsize n, gsize k, gboolean add)
{
#if defined (HAVE_LIBXSMM) && !defined (HAVE_CBLAS)
  const float alpha = 1.f, beta = add ? 1.f : 0.f;
  const libxsmm_blasint ldb = product->a_row;
  const libxsmm_blasint lda = product->n, ldc = product->n;
  const int flags = product->transpose_a ? LIBXSMM_GEMM_FLAG_TRANS_B
      : LIBXSMM_GEMM_FLAG_NONE;

  return (VaeGemmKernel) libxsmm_smmdispatch (n, product->m, k, &lda, &ldb,
      &ldc, &alpha, &beta, &flags, NULL);
#else
  return NULL;
#endif
}

static void
product_init (VaeProduct * product, gsize m, gsize n, gsize k, gsize a_row,
    gboolean transpose_a)
{
  *product = (VaeProduct) {
  .m = m,.n = n,.k = k,.a_row = a_row,.transpose_a =
        transpose_a,.is_generated = TRUE};
  for (gsize j = 0; j < n; j += COLUMNS)
    for (gsize l = 0; l < k; l += DEPTH) {
      const gsize columns = MIN (COLUMNS, n - j), depth = MIN (DEPTH, k - l);
      VaeGemmKernel *kernel = &product->kernels[columns < COLUMNS]
          [depth < DEPTH][l > 0];
      if (!*kernel)
        *kernel = dispatch (product, columns, depth, l > 0);
      if (!*kernel) {
        product->is_generated = FALSE;
        return;
      }
    }
}

static void
run_generated (const VaeProduct * product, const float *a, const float *b,
    float *c, VaeRange columns)
{
  const gsize a_step = product->transpose_a ? product->a_row : 1;

  for (gsize l = 0; l < product->k; l += DEPTH)
    for (gsize j = columns.from; j < columns.to; j += COLUMNS) {
      const gboolean last_columns = product->n - j < COLUMNS;
      const gboolean last_depth = product->k - l < DEPTH;
      product->kernels[last_columns][last_depth][l > 0] (b + l * product->n + j,
          a + l * a_step, c + j);
    }
}

static void
run_chain (const VaeProduct * product, const float *a, const float *b, float *c,
    VaeRange columns)
{
  const gsize row = product->transpose_a ? 1 : product->a_row;
  const gsize col = product->transpose_a ? product->a_row : 1;
  const VaeStrided strided = { a, row, col };

  vae_chain_multiply (product->m, product->n, product->k, strided, b, c,
      columns);
}

#ifdef HAVE_CBLAS
/* Always in the same blocks: the bits that a CBLAS gives an element may depend on
 * what it is part of. */
static void
run_cblas (const VaeProduct * product, const float *a, const float *b, float *c,
    VaeRange columns)
{
  for (gsize j = columns.from; j < columns.to; j += COLUMNS)
    cblas_sgemm (CblasRowMajor,
        product->transpose_a ? CblasTrans : CblasNoTrans, CblasNoTrans,
        product->m, MIN (COLUMNS, columns.to - j), product->k, 1.f, a,
        product->a_row, b + j, product->n, 0.f, c + j, product->n);
}
#endif

static void
run (const VaeProduct * product, const float *a, const float *b, float *c,
    VaeRange columns)
{
  if (product->is_generated)
    run_generated (product, a, b, c, columns);
  else
#ifdef HAVE_CBLAS
    run_cblas (product, a, b, c, columns);
#else
    run_chain (product, a, b, c, columns);
#endif
}

void
vae_gemm_init (VaeGemm * gemm, gsize outputs, gsize inputs, gsize tile,
    gboolean training)
{
  *gemm = (VaeGemm) {
  .outputs = outputs,.inputs = inputs,.tile = tile,.training = training};
  product_init (&gemm->forward, outputs, tile, inputs, inputs, FALSE);
  if (training) {
    product_init (&gemm->backward, inputs, tile, outputs, inputs, TRUE);
    product_init (&gemm->weights, outputs, inputs, tile, tile, FALSE);
  }
}

void
vae_gemm_limit_backward (VaeGemm * gemm, gsize inputs)
{
  product_init (&gemm->backward, inputs, gemm->tile, gemm->outputs,
      gemm->inputs, TRUE);
}

void
vae_gemm_forward (const VaeGemm * gemm, const float *w, const float *x,
    float *y, VaeRange lanes)
{
#ifdef HAVE_CBLAS
  /* A CBLAS may sum one lane up in another order than its neighbour, and scores
   * must not depend on the lane. */
  if (!gemm->training) {
    run_chain (&gemm->forward, w, x, y, lanes);
    return;
  }
#endif
  run (&gemm->forward, w, x, y, lanes);
}

void
vae_gemm_backward (const VaeGemm * gemm, const float *w, const float *dy,
    float *dx, VaeRange lanes)
{
  run (&gemm->backward, w, dy, dx, lanes);
}

void
vae_gemm_weights (const VaeGemm * gemm, const float *dy, const float *xt,
    float *dw, VaeRange inputs)
{
  run (&gemm->weights, dy, xt, dw, inputs);
}

/* out [LANES][out_row] = in [LANES][in_row] transposed, the first LANES columns
 * of either */
VAE_INLINE void
transpose_block (const float *in, gsize in_row, float *out, gsize out_row)
{
  Lanes a[LANES];

  for (gsize r = 0; r < LANES; r++)
    a[r] = *(const Lanes *) (in + r * in_row);
  lanes_transpose (a);
  for (gsize r = 0; r < LANES; r++)
    *(Lanes *) (out + r * out_row) = a[r];
}

VAE_HOT void
vae_transpose (const float *in, gsize rows, gsize cols, float *out,
    VaeRange range)
{
  const gsize whole_rows = range.to - (range.to - range.from) % LANES;
  const gsize whole_cols = cols - cols % LANES;

  for (gsize r = range.from; r < whole_rows; r += LANES)
    for (gsize c = 0; c < whole_cols; c += LANES)
      transpose_block (in + r * cols + c, cols, out + c * rows + r, rows);
  for (gsize r = whole_rows; r < range.to; r++)
    for (gsize c = 0; c < cols; c++)
      out[c * rows + r] = in[r * cols + c];
  for (gsize r = range.from; r < whole_rows; r++)
    for (gsize c = whole_cols; c < cols; c++)
      out[c * rows + r] = in[r * cols + c];
}

/* c [m][n] = a [m][k] b [k][n] */
static void
reference (gsize m, gsize n, gsize k, VaeStrided a, const float *b, float *c)
{
  for (gsize i = 0; i < m; i++)
    for (gsize j = 0; j < n; j++) {
      double sum = 0;
      for (gsize l = 0; l < k; l++)
        sum += (double) a.data[i * a.row + l * a.col] * b[l * n + j];
      c[i * n + j] = sum;
    }
}

void
vae_gemm_forward_reference (const VaeGemm * gemm, const float *w,
    const float *x, float *y)
{
  const VaeStrided a = { w, gemm->inputs, 1 };

  reference (gemm->outputs, gemm->tile, gemm->inputs, a, x, y);
}

void
vae_gemm_backward_reference (const VaeGemm * gemm, const float *w,
    const float *dy, float *dx)
{
  const VaeStrided a = { w, 1, gemm->inputs };

  reference (gemm->inputs, gemm->tile, gemm->outputs, a, dy, dx);
}

void
vae_gemm_weights_reference (const VaeGemm * gemm, const float *dy,
    const float *xt, float *dw)
{
  const VaeStrided a = { dy, gemm->tile, 1 };

  reference (gemm->outputs, gemm->inputs, gemm->tile, a, xt, dw);
}
