/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "chain.h"
#include "hot.h"
#include "lanes.h"

/* Rows of vectors that are summed up in registers at once: 8 sums hide the
 * latency of an addition. */
#define BLOCK 8

/* `rows` rows from i on, LANES columns from j on, of c [m][n] = a b */
static inline __attribute__((always_inline))
     void multiply_block (gsize rows, gsize i, gsize j, gsize n, gsize k,
    VaeStrided a, const float *b, float *c)
{
  Lanes sum[BLOCK] = { {0} };

  for (gsize l = 0; l < k; l++) {
    const Lanes x = *(const Lanes *) (b + l * n + j);
    for (gsize r = 0; r < rows; r++)
      sum[r] += a.data[(i + r) * a.row + l * a.col] * x;
  }
  for (gsize r = 0; r < rows; r++)
    *(Lanes *) (c + (i + r) * n + j) = sum[r];
}

VAE_INLINE void
multiply_element (gsize i, gsize j, gsize n, gsize k, VaeStrided a,
    const float *b, float *c)
{
  float sum = 0.f;

  for (gsize l = 0; l < k; l++)
    sum += a.data[i * a.row + l * a.col] * b[l * n + j];
  c[i * n + j] = sum;
}

VAE_HOT void
vae_chain_multiply (gsize m, gsize n, gsize k, VaeStrided a, const float *b,
    float *c, VaeRange columns)
{
  const gsize whole_rows = m - m % BLOCK;
  const gsize whole_columns = columns.to - (columns.to - columns.from) % LANES;

  for (gsize j = columns.from; j < whole_columns; j += LANES) {
    for (gsize i = 0; i < whole_rows; i += BLOCK)
      multiply_block (BLOCK, i, j, n, k, a, b, c);
    for (gsize i = whole_rows; i < m; i++)
      multiply_block (1, i, j, n, k, a, b, c);
  }
  for (gsize i = 0; i < m; i++)
    for (gsize j = whole_columns; j < columns.to; j++)
      multiply_element (i, j, n, k, a, b, c);
}

/* `vectors` vectors of y, from j on */
static inline __attribute__((always_inline))
     void row_block (gsize vectors, gsize j, gsize n, gsize k, const float *x,
    const float *w, float *y)
{
  Lanes sum[BLOCK] = { {0} };

  for (gsize l = 0; l < k; l++)
    for (gsize v = 0; v < vectors; v++)
      sum[v] += x[l] * *(const Lanes *) (w + l * n + j + v * LANES);
  for (gsize v = 0; v < vectors; v++)
    *(Lanes *) (y + j + v * LANES) = sum[v];
}

VAE_HOT void
vae_chain_row (gsize n, gsize k, const float *x, const float *w, float *y)
{
  gsize j = 0;

  for (; j + 4 * LANES <= n; j += 4 * LANES)
    row_block (4, j, n, k, x, w, y);
  for (; j + 2 * LANES <= n; j += 2 * LANES)
    row_block (2, j, n, k, x, w, y);
  for (; j < n; j += LANES)
    row_block (1, j, n, k, x, w, y);
}
