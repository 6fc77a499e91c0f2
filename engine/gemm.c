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

/* c [m][n] = a b, with a [m][k] or, if it is transposed, [k][m], and b
 * [k][n] */
static void
multiply_chain (gsize m, gsize n, gsize k, const float *a,
    gboolean transpose_a, const float *b, float *c)
{
  const VaeStrided strided = { a, transpose_a ? 1 : k, transpose_a ? m : 1 };

  vae_chain_multiply (m, n, k, strided, b, c);
}

static void
multiply (gsize m, gsize n, gsize k, const float *a, gboolean transpose_a,
    const float *b, float *c)
{
#ifdef HAVE_CBLAS
  cblas_sgemm (CblasRowMajor, transpose_a ? CblasTrans : CblasNoTrans,
      CblasNoTrans, m, n, k, 1.f, a, transpose_a ? m : k, b, n, 0.f, c, n);
#else
  multiply_chain (m, n, k, a, transpose_a, b, c);
#endif
}

/* The kernel for the same product, called as kernel (b, a, c), or NULL. */
static VaeGemmKernel
dispatch (gsize m, gsize n, gsize k, gboolean transpose_a)
{
#if defined (HAVE_LIBXSMM) && !defined (HAVE_CBLAS)
  const float alpha = 1.f, beta = 0.f;
  const libxsmm_blasint lda = n, ldb = transpose_a ? m : k, ldc = n;
  const int flags = transpose_a ? LIBXSMM_GEMM_FLAG_TRANS_B
      : LIBXSMM_GEMM_FLAG_NONE;

  return (VaeGemmKernel) libxsmm_smmdispatch (n, m, k, &lda, &ldb, &ldc, &alpha,
      &beta, &flags, NULL);
#else
  return NULL;
#endif
}

void
vae_gemm_init (VaeGemm * gemm, gsize outputs, gsize inputs, gsize tile,
    gboolean training)
{
  *gemm = (VaeGemm) {
  .outputs = outputs,.inputs = inputs,.tile = tile,.training =
        training,.forward = dispatch (outputs, tile, inputs, FALSE),};
  if (training) {
    gemm->backward = dispatch (inputs, tile, outputs, TRUE);
    gemm->weights = dispatch (outputs, inputs, tile, FALSE);
  }
}

void
vae_gemm_forward (const VaeGemm * gemm, const float *w, const float *x,
    float *y)
{
  if (gemm->forward)
    gemm->forward (x, w, y);
  else if (!gemm->training)
    /* A CBLAS may sum a lane up in another order than its neighbour, and scores
     * must not depend on the lane. */
    multiply_chain (gemm->outputs, gemm->tile, gemm->inputs, w, FALSE, x, y);
  else
    multiply (gemm->outputs, gemm->tile, gemm->inputs, w, FALSE, x, y);
}

void
vae_gemm_backward (const VaeGemm * gemm, const float *w, const float *dy,
    float *dx)
{
  if (gemm->backward)
    gemm->backward (dy, w, dx);
  else
    multiply (gemm->inputs, gemm->tile, gemm->outputs, w, TRUE, dy, dx);
}

void
vae_gemm_weights (const VaeGemm * gemm, const float *dy, const float *xt,
    float *dw)
{
  if (gemm->weights)
    gemm->weights (xt, dy, dw);
  else
    multiply (gemm->outputs, gemm->inputs, gemm->tile, dy, FALSE, xt, dw);
}

/* out [LANES][out_row] = in [LANES][in_row] transposed, the first LANES columns
 * of either. Shuffling row i into row i + 8, as one shuffles two halves of a pack
 * of cards, moves the top bit of an element's place to the bottom; after four
 * times its row and its column have changed places. */
static inline __attribute__((always_inline))
     void transpose_block (const float *in, gsize in_row, float *out,
    gsize out_row)
{
  typedef gint32 Places __attribute__((vector_size (LANES * sizeof (gint32))));
  const Places low = { 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23 };
  const Places high = low + 8;
  Lanes a[LANES], b[LANES];

  for (gsize r = 0; r < LANES; r++)
    a[r] = *(const Lanes *) (in + r * in_row);
  for (gsize round = 0; round < 4; round++) {
    for (gsize r = 0; r < LANES / 2; r++) {
      b[2 * r] = __builtin_shuffle (a[r], a[r + 8], low);
      b[2 * r + 1] = __builtin_shuffle (a[r], a[r + 8], high);
    }
    for (gsize r = 0; r < LANES; r++)
      a[r] = b[r];
  }
  for (gsize r = 0; r < LANES; r++)
    *(Lanes *) (out + r * out_row) = a[r];
}

VAE_HOT void
vae_transpose (const float *in, gsize rows, gsize cols, float *out)
{
  const gsize whole_rows = rows - rows % LANES;
  const gsize whole_cols = cols - cols % LANES;

  for (gsize r = 0; r < whole_rows; r += LANES)
    for (gsize c = 0; c < whole_cols; c += LANES)
      transpose_block (in + r * cols + c, cols, out + c * rows + r, rows);
  for (gsize r = whole_rows; r < rows; r++)
    for (gsize c = 0; c < cols; c++)
      out[c * rows + r] = in[r * cols + c];
  for (gsize r = 0; r < whole_rows; r++)
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
