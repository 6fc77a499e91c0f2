/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The exponential function in a form that loops of it become vectors. */

#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

/* exp (x) to 2e-7 of itself, for x in [-87, 88]; what exp gives at the nearer end,
 * for others. NaN stays NaN. */
static inline float
vae_exp (float x)
{
  const float log2_e = 1.44269504f;
  /* ln 2 in two parts, the first with so few digits that n times it is exact */
  const float ln2_high = 0.693359375f, ln2_low = -2.12194440e-4f;
  /* adding it leaves the nearest whole number in the last bits */
  const float round = 12582912.f;
  gint32 bits;
  float power;

  x = x < -87.f ? -87.f : x;
  x = x > 88.f ? 88.f : x;

  /* exp (x) = 2^n exp (r), |r| <= ln 2 / 2 */
  const float shifted = x * log2_e + round;
  const float n = shifted - round;
  const float r = (x - n * ln2_high) - n * ln2_low;
  memcpy (&bits, &shifted, sizeof bits);
  bits = (gint32) ((guint32) (bits + 127) << 23);
  memcpy (&power, &bits, sizeof power);

  const float series = 1.f + r * (1.f + r * (1.f / 2 + r * (1.f / 6
              + r * (1.f / 24 + r * (1.f / 120 + r * (1.f / 720))))));
  return power * series;
}

G_END_DECLS
