/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Fills and words, by cairo. */

#pragma once

#include <cairo.h>

#include "plotcurve.h"

G_BEGIN_DECLS

/* What is drawn from now on has this color, 0xrrggbb. */
void plot_ink_set (cairo_t * cr, guint32 color, gdouble alpha);

void plot_ink_fill_box (cairo_t * cr, const PlotBox * box);

/* Fills the path with diagonals that are n pixels apart. */
void plot_ink_hatch (cairo_t * cr, gint n, guint32 color, gdouble alpha);

gdouble plot_ink_get_width (cairo_t * cr, const gchar * text);

/* Around y; `align` is the share of the text that lies before x. */
void plot_ink_write (cairo_t * cr, gdouble x, gdouble y, gdouble align,
    const gchar * text);

G_END_DECLS
