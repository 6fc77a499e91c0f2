/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The kernels for one kind of processor, which VAE_KERNELS names. The only file
 * that is compiled with contraction. */

#include "kernels.h"
#include "lanes.h"

#include <math.h>

/* Sums that are kept in registers, in rows of vectors: as many as there are
 * registers for, beside a row of b and an element of a. */
#if LANES > 4
#define ROWS 6
#define VECTORS (LANES / 4)     /* of 32 registers, or of 16 */
#elif defined (__aarch64__)
#define ROWS 6
#define VECTORS 4
#else
#define ROWS 4
#define VECTORS 2
#endif

/* Vectors of a product with one row, whose sums hide the latency of an addition. */
#define WIDE 8

/* Rows of b that stay in the second-level cache while those of a go by: so long are
 * the chains. */
#define DEPTH 256

/* No loop may be left of those over what is in registers: hence the pragmas. */

/* A block of c: rows from `i` on, columns from `j` on, and the part `inner` of the
 * inner dimension. */
typedef struct
{
  gsize i;
  gsize j;
  VaeRange inner;
} Block;

/* The sums of a block, of which not all need be in use. */
typedef Lanes Sums[ROWS][WIDE];

/* What the sums begin with. */
VAE_INLINE void
start (const VaeProduct * p, Block at, gsize rows, gsize vectors, Sums sum)
{
  const gboolean is_first = at.inner.from == 0;

#pragma GCC unroll 16
  for (gsize r = 0; r < rows; r++)
#pragma GCC unroll 16
    for (gsize v = 0; v < vectors; v++)
      if (p->row_bias && is_first)
        sum[r][v] = lanes_all (p->row_bias[at.i + r]);
      else if (p->column_bias && is_first)
        sum[r][v] = lanes_load (p->column_bias + at.j + v * LANES);
      else
        sum[r][v] = lanes_all (0.f);
}

VAE_INLINE void
add_products (const VaeProduct * p, Block at, gsize rows, gsize vectors,
    Sums sum)
{
  const gsize a_row = p->a.row, a_col = p->a.col;
  const float *a = p->a.data + at.i * a_row + at.inner.from * a_col;

  for (gsize l = at.inner.from; l < at.inner.to; l++, a += a_col) {
    const float *b = p->b[l] + at.j;
    Lanes x[WIDE];
#pragma GCC unroll 16
    for (gsize v = 0; v < vectors; v++)
      x[v] = lanes_load (b + v * LANES);
#pragma GCC unroll 16
    for (gsize r = 0; r < rows; r++)
#pragma GCC unroll 16
      for (gsize v = 0; v < vectors; v++)
        sum[r][v] += a[r * a_row] * x[v];
  }
}

/* What there is already of c */
VAE_INLINE void
add_before (const float *c, gsize c_row, gsize rows, gsize vectors, Sums sum)
{
#pragma GCC unroll 16
  for (gsize r = 0; r < rows; r++, c += c_row)
#pragma GCC unroll 16
    for (gsize v = 0; v < vectors; v++)
      sum[r][v] += lanes_load (c + v * LANES);
}

VAE_INLINE void
rectify (gsize rows, gsize vectors, Sums sum)
{
#pragma GCC unroll 16
  for (gsize r = 0; r < rows; r++)
#pragma GCC unroll 16
    for (gsize v = 0; v < vectors; v++)
      sum[r][v] = lanes_rectify (sum[r][v]);
}

VAE_INLINE void
put_mask_on (const float *mask, gsize mask_row, gsize rows, gsize vectors,
    Sums sum)
{
#pragma GCC unroll 16
  for (gsize r = 0; r < rows; r++, mask += mask_row)
#pragma GCC unroll 16
    for (gsize v = 0; v < vectors; v++)
      sum[r][v] = lanes_where (lanes_load (mask + v * LANES) > 0.f, sum[r][v]);
}

/* `width` columns: those of the vectors, or a part of the only one. */
VAE_INLINE void
store (float *c, gsize c_row, gsize rows, gsize vectors, gsize width, Sums sum)
{
#pragma GCC unroll 16
  for (gsize r = 0; r < rows; r++, c += c_row)
    if (vectors > 1 || width == LANES)
#pragma GCC unroll 16
      for (gsize v = 0; v < vectors; v++)
        lanes_store (c + v * LANES, sum[r][v]);
    else
      for (gsize e = 0; e < width; e++)
        c[e] = sum[r][0][e];
}

VAE_INLINE void
multiply_block (const VaeProduct * p, Block at, gsize rows, gsize vectors,
    gsize width)
{
  const gsize c_row = p->c_row, place = at.i * c_row + at.j;
  float *c = p->c + place;
  Sums sum;

  start (p, at, rows, vectors, sum);
  add_products (p, at, rows, vectors, sum);
  if (at.inner.from > 0)
    add_before (c, c_row, rows, vectors, sum);
  if (p->relu && at.inner.to == p->k)
    rectify (rows, vectors, sum);
  if (p->mask && at.inner.to == p->k)
    put_mask_on (p->mask + place, c_row, rows, vectors, sum);
  store (c, c_row, rows, vectors, width, sum);
}

/* Of each shape of block a function of its own: compilers run out of registers
 * where they are all in one. */
typedef void (*BlockFunc) (const VaeProduct * p, const Block * at, gsize width);

#define DEFINE_BLOCK(rows, vectors) \
static void \
block_##rows##_##vectors (const VaeProduct * p, const Block * at, gsize width) \
{ \
  multiply_block (p, *at, rows, vectors, width); \
}

#define DEFINE_ROWS(vectors) \
DEFINE_BLOCK (1, vectors) \
DEFINE_BLOCK (2, vectors) \
DEFINE_BLOCK (3, vectors) \
DEFINE_BLOCK (4, vectors) \
DEFINE_MORE_ROWS (vectors) \
static const BlockFunc blocks_##vectors[] = { \
  NULL, block_1_##vectors, block_2_##vectors, block_3_##vectors, \
  block_4_##vectors, MORE_ROWS (vectors) \
};

#if ROWS > 4
#define DEFINE_MORE_ROWS(vectors) \
DEFINE_BLOCK (5, vectors) \
DEFINE_BLOCK (6, vectors)
#define MORE_ROWS(vectors) block_5_##vectors, block_6_##vectors
#else
#define DEFINE_MORE_ROWS(vectors)
#define MORE_ROWS(vectors)
#endif

/* *INDENT-OFF* */
DEFINE_BLOCK (1, WIDE)
DEFINE_ROWS (1)
DEFINE_ROWS (2)
#if VECTORS > 2
DEFINE_ROWS (4)
#endif
/* *INDENT-ON* */

/* One row in one go, as there are sums enough in it to hide the latency of an
 * addition: as many columns as there are. */
static gsize
multiply_row (const VaeProduct * p, gsize j, gsize to, VaeRange inner)
{
  for (; j + WIDE * LANES <= to; j += WIDE * LANES)
    block_1_WIDE (p, &(const Block) { 0, j, inner }, WIDE * LANES);
  return j;
}

/* All the rows, in blocks of about the same size. */
static void
multiply_columns (const VaeProduct * p, gsize j, VaeRange inner,
    const BlockFunc * blocks, gsize width)
{
  Block at = { 0, j, inner };

  for (gsize n = (p->m + ROWS - 1) / ROWS; n > 0; n--) {
    const gsize rows = (p->m - at.i + n - 1) / n;
    blocks[rows] (p, &at, width);
    at.i += rows;
  }
}

static void
multiply (const VaeProduct * p, VaeRange columns)
{
  for (gsize l = 0; l < p->k; l += DEPTH) {
    const VaeRange inner = { l, MIN (l + DEPTH, p->k) };
    gsize j = columns.from;

    if (p->m == 1)
      j = multiply_row (p, j, columns.to, inner);
#if VECTORS > 2
    for (; j + 4 * LANES <= columns.to; j += 4 * LANES)
      multiply_columns (p, j, inner, blocks_4, 4 * LANES);
#endif
    for (; j + 2 * LANES <= columns.to; j += 2 * LANES)
      multiply_columns (p, j, inner, blocks_2, 2 * LANES);
    for (; j + LANES <= columns.to; j += LANES)
      multiply_columns (p, j, inner, blocks_1, LANES);
    if (j < columns.to)
      multiply_columns (p, j, inner, blocks_1, columns.to - j);
  }
}

/* The dot products of LANES rows, `row` floats apart, with x [k], or their sums. */
VAE_INLINE Lanes
dots_block (const float *a, gsize row, gsize k, const float *x)
{
  Lanes sum[LANES];

#pragma GCC unroll 16
  for (gsize r = 0; r < LANES; r++)
    sum[r] = lanes_all (0.f);
  for (gsize l = 0; l < k; l += LANES) {
    const Lanes factor = x ? lanes_load (x + l) : lanes_all (1.f);
    const float *part = a + l;
    /* Four bases, from each of which four rows can be addressed. */
#pragma GCC unroll 16
    for (gsize r = 0; r < LANES; r += 4, part += 4 * row)
#pragma GCC unroll 16
      for (gsize i = 0; i < 4; i++)
        sum[r + i] += lanes_load (part + i * row) * factor;
  }
  return lanes_sums (sum);
}

static void
dots (const float *a, gsize m, gsize k, const float *x, float *c, gsize step)
{
  for (gsize i = 0; i + LANES <= m; i += LANES) {
    const Lanes dots = dots_block (a + i * k, k, k, x);
    for (gsize r = 0; r < LANES; r++)
      c[(i + r) * step] = dots[r];
  }
  /* The others, alone in LANES places. */
  for (gsize i = m - m % LANES; i < m; i++)
    c[i * step] = dots_block (a + i * k, 0, k, x)[0];
}

static void
transpose (const float *const *in, gsize rows, gsize cols, float *out,
    gsize out_row)
{
  for (gsize r = 0; r < rows; r += LANES)
    for (gsize c = 0; c < cols; c += LANES) {
      Lanes a[LANES];
#pragma GCC unroll 16
      for (gsize k = 0; k < LANES; k++)
        a[k] = lanes_load (in[MIN (r + k, rows - 1)] + c);
      lanes_transpose (a);
      if (c + LANES <= cols)
#pragma GCC unroll 16
        for (gsize k = 0; k < LANES; k++)
          lanes_store (out + (c + k) * out_row + r, a[k]);
      else
        for (gsize k = 0; c + k < cols; k++)
          lanes_store (out + (c + k) * out_row + r, a[k]);
    }
}

/* The nearest point in each lane so far, and what the first lane's was. */
typedef struct
{
  Lanes distances;
  Places first;
} Nearest;

/* Vectors of points whose distances are summed up in registers at once: 4 sums hide
 * the latency of an addition. */
#define POINT_VECTORS 4

/* Looks at `vectors` vectors of points, from `first` on. */
VAE_INLINE void
search_block (const float *points, gsize n, const float *row, gsize channels,
    gsize vectors, gsize first, Nearest * best)
{
  Lanes sum[POINT_VECTORS];

#pragma GCC unroll 16
  for (gsize v = 0; v < vectors; v++)
    sum[v] = lanes_all (0.f);
  for (gsize c = 0; c < channels; c++) {
    if (isnan (row[c]))
      continue;
#pragma GCC unroll 16
    for (gsize v = 0; v < vectors; v++) {
      const Lanes difference =
          lanes_load (points + c * n + first + v * LANES) - row[c];
      sum[v] += difference * difference;
    }
  }
#pragma GCC unroll 16
  for (gsize v = 0; v < vectors; v++) {
    const Places is_nearer = sum[v] < best->distances;
    const Places here = (Places) { 0 } +(gint32) (first + v * LANES);
    best->distances = (Lanes) ((is_nearer & (Places) sum[v])
        | (~is_nearer & (Places) best->distances));
    best->first = (is_nearer & here) | (~is_nearer & best->first);
  }
}

/* The number of the point that is the nearest in all lanes. */
VAE_INLINE gsize
first_of_nearest (const Nearest * best)
{
  float distance = INFINITY;
  gsize point = 0;

  for (gsize i = 0; i < LANES; i++) {
    const gsize p = best->first[i] + i;
    if (best->distances[i] < distance
        || (best->distances[i] == distance && p < point)) {
      distance = best->distances[i];
      point = p;
    }
  }
  return point;
}

static gsize
nearest (const float *points, gsize n, const float *row, gsize channels)
{
  Nearest best = { lanes_all (INFINITY), {0} };
  gsize p = 0;

  for (; p + POINT_VECTORS * LANES <= n; p += POINT_VECTORS * LANES)
    search_block (points, n, row, channels, POINT_VECTORS, p, &best);
  for (; p < n; p += LANES)
    search_block (points, n, row, channels, 1, p, &best);
  return first_of_nearest (&best);
}

#define PARTS (VAE_ALIGN / LANES)

/* Of the parts of VAE_ALIGN lanes, by halves. */
VAE_INLINE float
sum_parts (Lanes part[PARTS])
{
#pragma GCC unroll 16
  for (gsize half = PARTS / 2; half > 0; half /= 2)
#pragma GCC unroll 16
    for (gsize p = 0; p < half; p++)
      part[p] += part[p + half];
  return lanes_sum (part[0]);
}

static float
deviate (const float *x, const float *centre, const float *inverse, float most,
    gsize n, float *cells)
{
  Lanes sum[PARTS], seen[PARTS];

#pragma GCC unroll 16
  for (gsize p = 0; p < PARTS; p++)
    sum[p] = seen[p] = lanes_all (0.f);
  for (gsize i = 0; i < n; i += VAE_ALIGN)
#pragma GCC unroll 16
    for (gsize p = 0; p < PARTS; p++) {
      const gsize at = i + p * LANES;
      const Lanes e = lanes_load (x + at) - lanes_load (centre + at);
      const Lanes d = e * e * lanes_load (inverse + at);
      const Places is_less = d < most, is_there = e == e;
      const Lanes cell = lanes_where (is_less, d)
          + lanes_where (is_there & ~is_less, lanes_all (most));
      lanes_store (cells + at, cell);
      sum[p] += cell;
      seen[p] += lanes_where (is_there, lanes_all (1.f));
    }
  const float n_seen = sum_parts (seen);
  return n_seen > 0.f ? sum_parts (sum) / n_seen : NAN;
}

const VaeKernels VAE_KERNELS = { multiply, dots, transpose, nearest, deviate };
