/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "window.h"
#include "hot.h"

VAE_HOT void
vae_window_gather (const float *scaled, guint channels, guint window,
    const gsize *ends, gsize n_windows, gsize tile, float *input,
    float *observed, VaeRange lanes)
{
  const gsize last_window = MAX (lanes.from, MIN (lanes.to, n_windows));
  const gsize inputs = (gsize) window * channels;

  /* 16 cells at a time, so that the cache lines of their lanes stay in use
   * while the windows go by. */
  for (gsize k0 = 0; k0 < inputs; k0 += 16) {
    const gsize k1 = MIN (k0 + 16, inputs);
    for (gsize r = lanes.from; r < last_window; r++) {
      const float *cells = scaled + (ends[r] + 1 - window) * channels;
      for (gsize k = k0; k < k1; k++) {
        const float x = cells[k];
        const gboolean is_there = x == x;
        input[k * tile + r] = is_there ? x : 0.f;
        observed[k * tile + r] = is_there ? 1.f : 0.f;
      }
    }
    for (gsize k = k0; k < k1; k++)
      for (gsize r = last_window; r < lanes.to; r++) {
        input[k * tile + r] = 0.f;
        observed[k * tile + r] = 0.f;
      }
  }
}
