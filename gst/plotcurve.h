/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/*
 * A line through the rows of a window, drawn straight into pixels: for each column
 * the pen's lowest and highest place is kept, however many rows there are, so that
 * a line costs about as much as the pixels that it covers.
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Pixels of 32 bits: red, green and blue in the lower 24, in native order. */
typedef struct
{
  guint32 *pixels;
  gint stride;                  /* in pixels */
  gint width;
  gint height;
} PlotCanvas;

typedef struct
{
  gint x;
  gint y;
  gint width;
  gint height;
} PlotBox;

typedef struct _PlotCurve PlotCurve;

/* For boxes of this width. */
PlotCurve *plot_curve_new (gint width);
void plot_curve_free (PlotCurve * curve);
void plot_curve_clear (PlotCurve * curve);

/* Goes on to a place of the box, in pixels from its left and its top: x, at least
 * that of the last point, and from y top to bottom. */
void plot_curve_point (PlotCurve * curve, gdouble x, gdouble top,
    gdouble bottom);

/* The next point is not joined to the last one. */
void plot_curve_lift (PlotCurve * curve);

/* Paints within the box, which lies on the canvas. */
void plot_curve_paint (const PlotCurve * curve, const PlotCanvas * canvas,
    const PlotBox * box, guint32 color, gdouble thickness);

G_END_DECLS
