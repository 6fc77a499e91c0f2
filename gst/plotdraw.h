/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* A plot of a history, as a picture. */

#pragma once

#include "plothistory.h"
#include "plotview.h"

G_BEGIN_DECLS

void plot_draw (const PlotCanvas * canvas, const PlotHistory * history,
    const PlotView * view);

G_END_DECLS
