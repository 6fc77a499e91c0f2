/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "noise.h"
#include "hot.h"

#include <string.h>

#define PAIRS 64                /* made at a time */

/* The two uniforms of a pair, in (0, 1) and [0, 1). */
static inline void
uniforms (guint64 bits, float *u, float *v)
{
  *u = ((float) (gint32) (bits >> 41) + 0.5f) * 0x1p-23f;
  *v = (float) (gint32) (bits & 0xffffff) * 0x1p-24f;
}

/* ln u for normal u > 0: the exponent, and of the mantissa m in [1, 2) the series
 * ln m = 2 artanh ((m - 1) / (m + 1)), halved first to |s| < 0.172 */
static inline float
fast_log (float u)
{
  const float ln2 = 0.693147181f, root2 = 1.41421356f;
  gint32 bits;
  float m;

  memcpy (&bits, &u, sizeof bits);
  float exponent = (float) ((bits >> 23) - 127);
  bits = (bits & 0x007fffff) | 0x3f800000;
  memcpy (&m, &bits, sizeof m);
  const gboolean is_large = m > root2;
  m = is_large ? 0.5f * m : m;
  exponent = is_large ? exponent + 1.f : exponent;

  const float s = (m - 1.f) / (m + 1.f), t = s * s;
  const float series =
      1.f + t * (1.f / 3 + t * (1.f / 5 + t * (1.f / 7 + t * (1.f / 9))));
  return exponent * ln2 + 2.f * s * series;
}

/* sin and cos of 2 pi v, v in [0, 1): Taylor series within an eighth of a turn
 * of the nearest quarter */
static inline void
fast_sincos (float v, float *sine, float *cosine)
{
  const float half_pi = 1.57079633f;
  const gint32 quarter = (gint32) (4.f * v + 0.5f);
  const float x = (4.f * v - (float) quarter) * half_pi, t = x * x;
  const float s = x * (1.f + t * (-1.f / 6 + t * (1.f / 120
              + t * (-1.f / 5040 + t * (1.f / 362880)))));
  const float c = 1.f + t * (-1.f / 2 + t * (1.f / 24 + t * (-1.f / 720
              + t * (1.f / 40320))));
  const gboolean is_odd = quarter & 1;
  const float a = is_odd ? c : s, b = is_odd ? s : c;

  *sine = quarter & 2 ? -a : a;
  *cosine = (quarter + 1) & 2 ? -b : b;
}

/* sines [PAIRS] and cosines [PAIRS] */
VAE_HOT static void
make_pairs (VaeRng rng, guint64 pair, float *sines, float *cosines)
{
  for (gsize i = 0; i < PAIRS; i++) {
    float u, v, sine, cosine;
    uniforms (vae_rng_bits (rng, pair + i), &u, &v);
    fast_sincos (v, &sine, &cosine);
    const float radius = sqrtf (-2.f * fast_log (u));
    sines[i] = radius * sine;
    cosines[i] = radius * cosine;
  }
}

void
vae_noise_fill (VaeRng rng, guint64 pair, gsize n, float *out)
{
  float sines[PAIRS], cosines[PAIRS];

  for (gsize i = 0; i < n; i += 2 * PAIRS, pair += PAIRS) {
    make_pairs (rng, pair, sines, cosines);
    for (gsize j = 0; j < MIN (2 * PAIRS, n - i); j += 2) {
      out[i + j] = cosines[j / 2];
      out[i + j + 1] = sines[j / 2];
    }
  }
}

void
vae_noise_fill_reference (VaeRng rng, guint64 pair, gsize n, float *out)
{
  const double pi = 3.14159265358979323846;

  for (gsize i = 0; i < n; i += 2) {
    float u, v;
    uniforms (vae_rng_bits (rng, pair + i / 2), &u, &v);
    double radius = sqrt (-2.0 * log (u));
    out[i] = radius * cos (2 * pi * v);
    out[i + 1] = radius * sin (2 * pi * v);
  }
}
