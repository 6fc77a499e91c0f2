/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "window.h"
#include "hot.h"

#include <math.h>

VAE_HOT void
vae_window_split (float *cells, float *observed, gsize n)
{
  for (gsize r = 0; r < n; r++) {
    const gboolean is_there = cells[r] == cells[r];
    observed[r] = is_there ? 1.f : 0.f;
    cells[r] = is_there ? cells[r] : 0.f;
  }
}

void
vae_window_gather (const float *const *windows, gsize n_windows, gsize inputs,
    gsize tile, float *input, float *observed, VaeRange lanes)
{
  const gsize last_window = MAX (lanes.from, MIN (lanes.to, n_windows));

  if (last_window > lanes.from)
    vae_kernels ()->transpose (windows + lanes.from, last_window - lanes.from,
        inputs, input + lanes.from, tile);
  for (gsize k = 0; k < inputs; k++) {
    float *x = input + k * tile;
    for (gsize r = last_window; r < lanes.to; r++)
      x[r] = NAN;
    vae_window_split (x + lanes.from, observed + k * tile + lanes.from,
        lanes.to - lanes.from);
  }
}
