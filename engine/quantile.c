/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "quantile.h"

#include <math.h>

static inline void
swap (float *a, float *b)
{
  float t = *a;
  *a = *b;
  *b = t;
}

/* Moves the k-th smallest value to place k, no larger one before it and no
 * smaller one behind it: quickselect with Hoare's partition, whose halves stay
 * balanced among equal values. */
static void
select_kth (float *values, gsize n, gsize k)
{
  gssize low = 0, high = (gssize) n - 1;

  while (low < high) {
    float pivot = values[low + (high - low) / 2];
    gssize i = low, j = high;
    while (i <= j) {
      while (values[i] < pivot)
        i++;
      while (values[j] > pivot)
        j--;
      if (i <= j)
        swap (&values[i++], &values[j--]);
    }
    if ((gssize) k <= j)
      high = j;
    else if ((gssize) k >= i)
      low = i;
    else
      return;
  }
}

double
vae_quantile (float *values, gsize n, double q)
{
  double position = q * (n - 1);
  gsize k = position;
  double fraction = position - k;

  select_kth (values, n, k);
  double value = values[k];
  if (fraction > 0) {
    float next = values[k + 1];
    for (gsize i = k + 2; i < n; i++)
      next = MIN (next, values[i]);
    value += fraction * (next - value);
  }
  return value;
}
