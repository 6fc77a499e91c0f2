/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/*
 * What the processor can do at most, on one core: multiplications and additions
 * in single precision, fused where it can, on the widest vectors it has, in
 * registers alone.
 */

#include "bench.h"

/* Each chain waits for itself: two units, four cycles each, keep eight busy.
 * Twelve, and two constants, fit into the sixteen registers of AVX2. */
#define CHAINS 12
#define STEPS 5000000

/* The chains begin apart, or the compiler would see that they are one. */
#define DEFINE_PEAK(name, target, floats) \
  target static double \
  name (volatile float *values) \
  { \
    typedef float Vector __attribute__ ((vector_size (4 * floats))); \
    const Vector zero = { 0 }; \
    const Vector factor = zero + values[0], term = zero + values[1]; \
    Vector chains[CHAINS]; \
    for (int c = 0; c < CHAINS; c++) \
      chains[c] = zero + values[c % 2] + (float) c; \
    const double start = bench_now (); \
    for (int i = 0; i < STEPS; i++) { \
      _Pragma ("GCC unroll 12") \
      for (int c = 0; c < CHAINS; c++) \
        chains[c] = chains[c] * factor + term; \
    } \
    const double seconds = bench_now () - start; \
    for (int c = 0; c < CHAINS; c++) \
      for (int lane = 0; lane < floats; lane++) \
        values[2] += chains[c][lane]; \
    return 2. * floats * CHAINS * STEPS / seconds; \
  }

/* *INDENT-OFF* */
#if defined (__x86_64__) && defined (__GNUC__)
DEFINE_PEAK (peak_avx512, __attribute__ ((target ("avx512f"))), 16)
DEFINE_PEAK (peak_avx2, __attribute__ ((target ("avx2,fma"))), 8)
#endif
DEFINE_PEAK (peak_baseline, , 4)
/* *INDENT-ON* */

/* FLOP/s */
static double
peak (const char *argument)
{
  volatile float values[3] = { 0.999f, 0.001f, 0 };

#if defined (__x86_64__) && defined (__GNUC__)
  if (__builtin_cpu_supports ("avx512f"))
    return peak_avx512 (values);
  if (__builtin_cpu_supports ("fma"))
    return peak_avx2 (values);
#endif
  return peak_baseline (values);
}

int
main (void)
{
  const BenchCase cases[] = { {"peak", peak}, {NULL, NULL} };

  return bench_serve (cases);
}
