/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Quantiles of unsorted values. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The q-quantile, q in [0, 1], of values [n], n > 0, none of them NaN, by linear
 * interpolation between order statistics (numpy's default). Reorders the
 * values; expected time linear in n. */
double vae_quantile (float *values, gsize n, double q);

G_END_DECLS
