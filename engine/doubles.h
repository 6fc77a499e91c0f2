/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What vectors of doubles are put together from. The order of the additions
 * does not depend on the processor. */

#pragma once

#include <glib.h>

#include "hot.h"

#define DOUBLES 8

typedef double Doubles __attribute__ ((vector_size (DOUBLES * sizeof (double)),
        aligned (sizeof (double)), may_alias));

/* a . b, both [n] */
VAE_INLINE double
doubles_dot (const double *a, const double *b, gsize n)
{
  const gsize whole = n - n % DOUBLES;
  Doubles sums = { 0 };
  double sum = 0;

  for (gsize i = 0; i < whole; i += DOUBLES)
    sums += *(const Doubles *) (a + i) * *(const Doubles *) (b + i);
  for (gsize i = 0; i < DOUBLES; i++)
    sum += sums[i];
  for (gsize i = whole; i < n; i++)
    sum += a[i] * b[i];
  return sum;
}

/* y += factor x, both [n] */
VAE_INLINE void
doubles_add (double *y, double factor, const double *x, gsize n)
{
  for (gsize i = 0; i < n; i++)
    y[i] += factor * x[i];
}
