/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "window.h"
#include "hot.h"

#include <math.h>

/* Splits cells [n], NaN being missing, into what is there, else 0, and whether it
 * is. */
VAE_INLINE void
split_missing (float *cells, float *observed, gsize n)
{
  for (gsize r = 0; r < n; r++) {
    const gboolean is_there = cells[r] == cells[r];
    observed[r] = is_there ? 1.f : 0.f;
    cells[r] = is_there ? cells[r] : 0.f;
  }
}

VAE_HOT void
vae_window_gather (const float *scaled, guint channels, guint window,
    const gsize *ends, gsize n_windows, gsize tile, float *input,
    float *observed, VaeRange lanes)
{
  const gsize last_window = MAX (lanes.from, MIN (lanes.to, n_windows));
  const gsize inputs = (gsize) window * channels;

  /* 16 cells at a time, so that the cache lines they are in stay in use while the
   * lanes go by. */
  for (gsize k0 = 0; k0 < inputs; k0 += 16)
    for (gsize k = k0; k < MIN (k0 + 16, inputs); k++) {
      const float *first = scaled + channels - inputs + k;
      float *x = input + k * tile;
      for (gsize r = lanes.from; r < last_window; r++)
        x[r] = first[ends[r] * channels];
      for (gsize r = last_window; r < lanes.to; r++)
        x[r] = NAN;
      split_missing (x + lanes.from, observed + k * tile + lanes.from,
          lanes.to - lanes.from);
    }
}
