/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What the lines and spans of a plot mean, above it. */

#pragma once

#include <cairo.h>

#include "plothistory.h"
#include "plotview.h"

G_BEGIN_DECLS

void plot_legend_draw (cairo_t * cr, const PlotGeometry * geometry,
    const PlotView * view, const PlotHistory * history, gboolean overlaid);

G_END_DECLS
