/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/*
 * A vector of floats, one register of the processor that a file is compiled for. It
 * may be read from and written to any place in a float array.
 */

#pragma once

#include <glib.h>

#include "hot.h"

#ifdef __SSE__
#include <immintrin.h>
#endif

#if defined (__AVX512F__)
#define LANES 16
#elif defined (__AVX2__)
#define LANES 8
#else
#define LANES 4
#endif

typedef float Lanes __attribute__ ((vector_size (LANES * sizeof (float)),
        aligned (sizeof (float)), may_alias));
typedef gint32 Places __attribute__ ((vector_size (LANES * sizeof (gint32)),
        aligned (sizeof (gint32)), may_alias));

/* f (j, x) of every lane j, for the constants of a shuffle */
#define EACH_OF_4(f, j, x) f (j, x), f (j + 1, x), f (j + 2, x), f (j + 3, x)
#define EACH_OF_8(f, j, x) EACH_OF_4 (f, j, x), EACH_OF_4 (f, j + 4, x)
#define EACH_OF_16(f, j, x) EACH_OF_8 (f, j, x), EACH_OF_8 (f, j + 8, x)
#if LANES == 16
#define EACH_LANE(f, x) { EACH_OF_16 (f, 0, x) }
#elif LANES == 8
#define EACH_LANE(f, x) { EACH_OF_8 (f, 0, x) }
#else
#define EACH_LANE(f, x) { EACH_OF_4 (f, 0, x) }
#endif

VAE_INLINE Lanes
lanes_load (const float *from)
{
  return *(const Lanes *) from;
}

VAE_INLINE void
lanes_store (float *to, Lanes x)
{
  *(Lanes *) to = x;
}

VAE_INLINE Lanes
lanes_all (float x)
{
  return x - (Lanes) {
  0};
}

/* The larger of x and 0, which also stands for NaN. Left to itself the compiler takes
 * two instructions. */
VAE_INLINE Lanes
lanes_rectify (Lanes x)
{
#if defined (__AVX512F__)
  return (Lanes) _mm512_max_ps ((__m512) x, _mm512_setzero_ps ());
#elif defined (__AVX2__)
  return (Lanes) _mm256_max_ps ((__m256) x, _mm256_setzero_ps ());
#elif defined (__SSE__)
  return (Lanes) _mm_max_ps ((__m128) x, _mm_setzero_ps ());
#else
  return (Lanes) ((Places) x & (x > 0.f));
#endif
}

/* x where `where` is all ones, 0 where it is 0 */
VAE_INLINE Lanes
lanes_where (Places where, Lanes x)
{
  return (Lanes) (where & (Places) x);
}

/* A shuffle of two vectors, of which element i of the second has the number LANES +
 * i, by the numbers f (j, x) of its lanes j. */
#define SHUFFLE(a, b, f, x) \
    __builtin_shuffle (a, b, (const Places) EACH_LANE (f, x))

/* Within each four lanes: one of a, one of b, one of a, one of b, x = 0 or 2 telling
 * from where on; and the same by twos. Processors are best at these. */
#define BY_ONES(j, x) ((j) / 4 * 4 + (j) % 4 / 2 + (j) % 2 * LANES + (x))
#define BY_TWOS(j, x) ((j) / 4 * 4 + (j) % 2 + (j) % 4 / 2 * LANES + (x))

/* Of the fours of a, and of those of b, every other one, x = 0 or 4 telling which. */
#define FOURS(j, x) ((j) / 4 % (LANES / 8) * 8 + (j) % 4 \
    + (j) / (LANES / 2) * LANES + (x))

/* Four rows, each four lanes of which are transposed by themselves. */
VAE_INLINE void
transpose_fours (const Lanes * a, Lanes * column, gsize step)
{
  const Lanes low01 = SHUFFLE (a[0], a[1], BY_ONES, 0);
  const Lanes high01 = SHUFFLE (a[0], a[1], BY_ONES, 2);
  const Lanes low23 = SHUFFLE (a[2], a[3], BY_ONES, 0);
  const Lanes high23 = SHUFFLE (a[2], a[3], BY_ONES, 2);

  column[0 * step] = SHUFFLE (low01, low23, BY_TWOS, 0);
  column[1 * step] = SHUFFLE (low01, low23, BY_TWOS, 2);
  column[2 * step] = SHUFFLE (high01, high23, BY_TWOS, 0);
  column[3 * step] = SHUFFLE (high01, high23, BY_TWOS, 2);
}

/* Transposes a [LANES][LANES]: its squares of 4 x 4, and then these among
 * themselves. */
VAE_INLINE void
lanes_transpose (Lanes * a)
{
  const gsize n = LANES / 4;    /* squares in a row */
  Lanes b[LANES];

  for (gsize g = 0; g < n; g++)
    transpose_fours (a + 4 * g, b + g, n);
  for (gsize c = 0; c < 4; c++) {
    Lanes x[LANES / 4];
    for (gsize i = 0; i < n; i++)
      x[i] = b[c * n + i];
#if LANES > 4
    for (gsize round = 1; round < n; round *= 2) {
      Lanes y[LANES / 4];
      for (gsize i = 0; i < n / 2; i++) {
        y[i] = SHUFFLE (x[2 * i], x[2 * i + 1], FOURS, 0);
        y[n / 2 + i] = SHUFFLE (x[2 * i], x[2 * i + 1], FOURS, 4);
      }
      for (gsize i = 0; i < n; i++)
        x[i] = y[i];
    }
#endif
    for (gsize i = 0; i < n; i++)
      a[4 * i + c] = x[i];
  }
}

/* Four rows, of which each four lanes are added up: the sum of row i in each lane i
 * of four. */
VAE_INLINE Lanes
add_fours (const Lanes * a)
{
  const Lanes pairs01 = SHUFFLE (a[0], a[1], BY_ONES, 0)
      + SHUFFLE (a[0], a[1], BY_ONES, 2);
  const Lanes pairs23 = SHUFFLE (a[2], a[3], BY_ONES, 0)
      + SHUFFLE (a[2], a[3], BY_ONES, 2);

  return SHUFFLE (pairs01, pairs23, BY_TWOS, 0)
      + SHUFFLE (pairs01, pairs23, BY_TWOS, 2);
}

/* Lane i of what it returns is the sum of row i of a [LANES][LANES]. */
VAE_INLINE Lanes
lanes_sums (const Lanes * a)
{
  Lanes x[LANES / 4];

  for (gsize g = 0; g < LANES / 4; g++)
    x[g] = add_fours (a + 4 * g);
#if LANES > 4
  for (gsize n = LANES / 8; n > 0; n /= 2)
    for (gsize i = 0; i < n; i++)
      x[i] = SHUFFLE (x[2 * i], x[2 * i + 1], FOURS, 0)
          + SHUFFLE (x[2 * i], x[2 * i + 1], FOURS, 4);
#endif
  return x[0];
}

/* Every lane from `n` lanes further on. */
#define LATER(j, n) (((j) + (n)) % LANES)

/* The sum of x, by halves: the upper one is added to the lower, and again. */
VAE_INLINE float
lanes_sum (Lanes x)
{
#if LANES > 8
  x += SHUFFLE (x, x, LATER, 8);
#endif
#if LANES > 4
  x += SHUFFLE (x, x, LATER, 4);
#endif
  x += SHUFFLE (x, x, LATER, 2);
  x += SHUFFLE (x, x, LATER, 1);
  return x[0];
}
