/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Windows of a series: the last w rows, flattened, brought into tiles. */

#pragma once

#include "kernels.h"

G_BEGIN_DECLS

/* Brings windows into the lanes of a tile. Lane r is windows[r] [inputs], NaN being
 * missing; n_windows <= tile. input and observed are [inputs][tile]: missing cells
 * and the lanes from n_windows on are 0 in both, others are 1 in observed. It is
 * done for a range of the lanes, which ends with a multiple of VAE_ALIGN. */
void vae_window_gather (const float *const *windows, gsize n_windows,
    gsize inputs, gsize tile, float *input, float *observed, VaeRange lanes);

/* Splits cells [n], NaN being missing, into what is there, else 0, and whether it
 * is, 1 or 0. */
void vae_window_split (float *cells, float *observed, gsize n);

G_END_DECLS
