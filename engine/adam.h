/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Adam, Kingma & Ba 2015, with PyTorch's defaults: betas 0.9 and 0.999, epsilon
 * 1e-8 added to the root. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One step, the `step`-th counted from 1. All arrays [n]; `mean` and `square` are
 * the moments and begin as 0. */
void vae_adam_step (float *params, const float *gradient, float *mean,
    float *square, gsize n, double learning_rate, guint64 step);

G_END_DECLS
