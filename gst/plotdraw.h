/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* A plot of a history, as a picture. */

#pragma once

#include "plotcurve.h"
#include "plothistory.h"

G_BEGIN_DECLS

typedef enum
{
  PLOT_LAYOUT_AUTO,             /* stacked, unless that leaves no room */
  PLOT_LAYOUT_STACKED,
  PLOT_LAYOUT_OVERLAID
} PlotLayout;

typedef enum
{
  PLOT_THEME_LIGHT,
  PLOT_THEME_DARK
} PlotTheme;

/* How to see the history. */
typedef struct
{
  PlotLayout layout;
  PlotTheme theme;
  gboolean timed;               /* ticks are nanoseconds, not rows */
  gboolean scored;
  gboolean labelled;
  gdouble threshold;            /* of the score; NaN = there is none */
} PlotView;

/* Where things are. What is not there, or has no room, is empty. */
typedef struct
{
  gdouble scale;                /* 1 in a picture of 960 x 540 */
  PlotBox legend;
  PlotBox channels;
  PlotBox flagged;              /* the lane of spans above the threshold */
  PlotBox labelled;             /* the lane of spans with a label */
  PlotBox score;
  PlotBox times;
} PlotGeometry;

/* 0xrrggbb */
typedef struct
{
  guint32 paper;
  guint32 panel;
  guint32 ink;
  guint32 faded;
  guint32 grid;
  guint32 channel;
  guint32 score;
  guint32 threshold;
  guint32 flagged;
  guint32 labelled;
} PlotPalette;

const PlotPalette *plot_palette_get (PlotTheme theme);

PlotGeometry plot_geometry_new (gint width, gint height,
    const PlotView * view);

void plot_draw (const PlotCanvas * canvas, const PlotHistory * history,
    const PlotView * view);

G_END_DECLS
