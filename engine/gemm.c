/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/*
 * libxsmm generates a kernel per shape; CBLAS serves builds without libxsmm, and
 * processors or systems for which libxsmm has no code (it then gives no kernel).
 *
 * libxsmm's matrices are column-major, so what is [rows][cols] here is a
 * cols x rows matrix there, and a product c = a b here is c' = b' a' there.
 */

#include "gemm.h"
#include "hot.h"

#include <cblas.h>

#ifdef HAVE_LIBXSMM
#include <libxsmm.h>

/* c [n][m] = b [n][k] a [k][m], or with b given as [k][n] if it is
 * transposed. */
static VaeGemmKernel
dispatch (gsize m, gsize n, gsize k, gboolean transpose_b)
{
  const float alpha = 1.f, beta = 0.f;
  const libxsmm_blasint lda = m, ldb = transpose_b ? n : k, ldc = m;
  const int flags = transpose_b ? LIBXSMM_GEMM_FLAG_TRANS_B
      : LIBXSMM_GEMM_FLAG_NONE;

  return (VaeGemmKernel) libxsmm_smmdispatch (m, n, k, &lda, &ldb, &ldc, &alpha,
      &beta, &flags, NULL);
}
#else
static VaeGemmKernel
dispatch (gsize m, gsize n, gsize k, gboolean transpose_b)
{
  return NULL;
}
#endif

void
vae_gemm_init (VaeGemm * gemm, gsize outputs, gsize inputs, gsize tile,
    gboolean training)
{
  *gemm = (VaeGemm) {
  .outputs = outputs,.inputs = inputs,.tile = tile,.forward =
        dispatch (tile, outputs, inputs, FALSE),};
  if (training) {
    gemm->backward = dispatch (tile, inputs, outputs, TRUE);
    gemm->weights = dispatch (inputs, outputs, tile, FALSE);
  }
}

void
vae_gemm_forward (const VaeGemm * gemm, const float *w, const float *x,
    float *y)
{
  if (gemm->forward)
    gemm->forward (x, w, y);
  else
    cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans,
        gemm->outputs, gemm->tile, gemm->inputs, 1.f, w, gemm->inputs,
        x, gemm->tile, 0.f, y, gemm->tile);
}

void
vae_gemm_backward (const VaeGemm * gemm, const float *w, const float *dy,
    float *dx)
{
  if (gemm->backward)
    gemm->backward (dy, w, dx);
  else
    cblas_sgemm (CblasRowMajor, CblasTrans, CblasNoTrans,
        gemm->inputs, gemm->tile, gemm->outputs, 1.f, w, gemm->inputs,
        dy, gemm->tile, 0.f, dx, gemm->tile);
}

void
vae_gemm_weights (const VaeGemm * gemm, const float *dy, const float *xt,
    float *dw)
{
  if (gemm->weights)
    gemm->weights (xt, dy, dw);
  else
    cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans,
        gemm->outputs, gemm->inputs, gemm->tile, 1.f, dy, gemm->tile,
        xt, gemm->inputs, 0.f, dw, gemm->inputs);
}

VAE_HOT void
vae_transpose (const float *in, gsize rows, gsize cols, float *out)
{
  /* Blocks of 16 x 16 floats keep a cache line of each side in use. */
  for (gsize r0 = 0; r0 < rows; r0 += 16)
    for (gsize c0 = 0; c0 < cols; c0 += 16)
      for (gsize c = c0; c < MIN (c0 + 16, cols); c++)
        for (gsize r = r0; r < MIN (r0 + 16, rows); r++)
          out[c * rows + r] = in[r * cols + c];
}

/* c [m][n] = a [m][k] b [k][n], by strides, so that either may be transposed */
static void
reference (gsize m, gsize n, gsize k, const float *a, gsize a_row, gsize a_col,
    const float *b, gsize b_row, gsize b_col, float *c)
{
  for (gsize i = 0; i < m; i++)
    for (gsize j = 0; j < n; j++) {
      double sum = 0;
      for (gsize l = 0; l < k; l++)
        sum += (double) a[i * a_row + l * a_col] * b[l * b_row + j * b_col];
      c[i * n + j] = sum;
    }
}

void
vae_gemm_forward_reference (const VaeGemm * gemm, const float *w,
    const float *x, float *y)
{
  reference (gemm->outputs, gemm->tile, gemm->inputs, w, gemm->inputs, 1,
      x, gemm->tile, 1, y);
}

void
vae_gemm_backward_reference (const VaeGemm * gemm, const float *w,
    const float *dy, float *dx)
{
  reference (gemm->inputs, gemm->tile, gemm->outputs, w, 1, gemm->inputs,
      dy, gemm->tile, 1, dx);
}

void
vae_gemm_weights_reference (const VaeGemm * gemm, const float *dy,
    const float *xt, float *dw)
{
  reference (gemm->outputs, gemm->inputs, gemm->tile, dy, gemm->tile, 1,
      xt, gemm->inputs, 1, dw);
}
