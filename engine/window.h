/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Windows of a series: the last w rows, flattened, brought into tiles. */

#pragma once

#include "range.h"

G_BEGIN_DECLS

/* Brings windows into the lanes of a tile. Lane r is the window that ends with
 * row ends[r] of scaled [rows][channels], NaN being missing; n_windows <= tile.
 * input and observed are [window * channels][tile]: missing cells and the lanes
 * from n_windows on are 0 in both, others are 1 in observed. It is done for a
 * range of the lanes. */
void vae_window_gather (const float *scaled, guint channels, guint window,
    const gsize * ends, gsize n_windows, gsize tile, float *input,
    float *observed, VaeRange lanes);

G_END_DECLS
