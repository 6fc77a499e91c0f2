/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "plotview.h"

#include <math.h>

/* Pixels in a picture of 960 x 540; all else is scaled. */
#define LABEL_WIDTH 64
#define LEGEND_HEIGHT 30
#define LANE_HEIGHT 13
#define LANE_GAP 4
#define TIMES_HEIGHT 24
#define HATCH 5

/* Below that there is no room for words. */
#define MIN_SCALE 0.45

/* What channels get of the height when there is a score, too. */
#define CHANNELS_SHARE 0.66

gboolean
plot_view_has_flags (const PlotView * view)
{
  return view->scored && !isnan (view->threshold);
}

/* --- colours ------------------------------------------------------------ */

static const PlotPalette palettes[] = {
  [PLOT_THEME_LIGHT] = {
        .paper = 0xffffff,.panel = 0xf6f8fa,.ink = 0x1f2933,
        .faded = 0x66727f,.grid = 0xdde3e9,.channel = 0x1666a8,
        .score = 0x1f2933,.threshold = 0xb3380b,.flagged = 0xe8590c,
      .labelled = 0x6741b5},
  [PLOT_THEME_DARK] = {
        .paper = 0x12161c,.panel = 0x1a2028,.ink = 0xe8edf2,
        .faded = 0x9aa7b4,.grid = 0x2c3541,.channel = 0x63b3f5,
        .score = 0xe8edf2,.threshold = 0xffb866,.flagged = 0xff7a45,
      .labelled = 0xb49bff},
};

/* Overlaid channels, in turn: Okabe and Ito's colours, which the colour-blind can
 * tell apart, without those of the spans. */
static const guint32 channel_colors[] = {
  0x0072b2, 0xe69f00, 0x009e73, 0xcc79a7, 0x56b4e9, 0x8c7a2b
};

const PlotPalette *
plot_palette_get (PlotTheme theme)
{
  return &palettes[theme];
}

guint
plot_palette_count_channels (void)
{
  return G_N_ELEMENTS (channel_colors);
}

guint32
plot_palette_get_channel (guint channel)
{
  return channel_colors[channel % G_N_ELEMENTS (channel_colors)];
}

/* --- geometry ----------------------------------------------------------- */

gint
plot_geometry_scale (const PlotGeometry * geometry, gdouble length)
{
  return (gint) lrint (length * geometry->scale);
}

gint
plot_geometry_get_hatch (const PlotGeometry * geometry)
{
  return MAX (plot_geometry_scale (geometry, HATCH), 4);
}

gboolean
plot_geometry_has_words (const PlotGeometry * geometry)
{
  return geometry->legend.height > 0;
}

static PlotBox
cut_below (PlotBox * rest, gint height)
{
  PlotBox box = *rest;

  box.height = CLAMP (height, 0, rest->height);
  rest->height -= box.height;
  box.y = rest->y + rest->height;
  return box;
}

static PlotBox
cut_lane (PlotBox * rest, const PlotGeometry * geometry)
{
  PlotBox lane = cut_below (rest, plot_geometry_scale (geometry, LANE_HEIGHT));

  cut_below (rest, plot_geometry_scale (geometry, LANE_GAP));
  return lane;
}

PlotGeometry
plot_geometry_new (gint width, gint height, const PlotView * view)
{
  PlotGeometry geometry = {.scale = MIN (width / 960., height / 540.) };
  const gboolean words = geometry.scale >= MIN_SCALE;
  const gint margin = plot_geometry_scale (&geometry, PLOT_MARGIN);
  PlotBox rest = { 0, 0, width, height };

  if (words) {
    geometry.legend = (PlotBox) {
    0, 0, width, plot_geometry_scale (&geometry, LEGEND_HEIGHT)};
    rest.x = plot_geometry_scale (&geometry, LABEL_WIDTH);
    rest.y = geometry.legend.height;
    rest.width = width - rest.x - margin;
    rest.height = height - rest.y;
    geometry.times =
        cut_below (&rest, plot_geometry_scale (&geometry, TIMES_HEIGHT));
  }

  const gint panels = rest.height;

  if (view->scored) {
    geometry.score = cut_below (&rest, (gint) (panels * (1 - CHANNELS_SHARE)));
    cut_below (&rest, margin / 2);
  }
  if (view->labelled)
    geometry.labelled = cut_lane (&rest, &geometry);
  if (plot_view_has_flags (view))
    geometry.flagged = cut_lane (&rest, &geometry);
  geometry.channels = rest;
  return geometry;
}
