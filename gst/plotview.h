/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* How a plot looks: what is shown of it, in which colours, and where. */

#pragma once

#include "plotcurve.h"

G_BEGIN_DECLS

/* Pixels in a picture of 960 x 540. */
#define PLOT_MARGIN 10

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

/* Whether there is something that can be flagged. */
gboolean plot_view_has_flags (const PlotView * view);

const PlotPalette *plot_palette_get (PlotTheme theme);

/* Overlaid channels have these in turn. */
guint plot_palette_count_channels (void);
guint32 plot_palette_get_channel (guint channel);

PlotGeometry plot_geometry_new (gint width, gint height,
    const PlotView * view);

/* Pixels of a length in a picture of 960 x 540. */
gint plot_geometry_scale (const PlotGeometry * geometry, gdouble length);

/* How far apart diagonals are. */
gint plot_geometry_get_hatch (const PlotGeometry * geometry);

/* Whether there is room for words. */
gboolean plot_geometry_has_words (const PlotGeometry * geometry);

G_END_DECLS
