/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "plotdraw.h"

#include <cairo.h>
#include <math.h>

#include "plotaxis.h"

/* Pixels in a picture of 960 x 540; all else is scaled. */
#define FONT_SIZE 11.5
#define MARGIN 10
#define LABEL_WIDTH 64
#define LEGEND_HEIGHT 30
#define LANE_HEIGHT 13
#define LANE_GAP 4
#define TIMES_HEIGHT 24
#define TICK_SPACE 95           /* between times, at least */
#define TICK_HEIGHT 26          /* between values, at least */
#define LINE 1.3

/* Below that there is no room for words. */
#define MIN_SCALE 0.45

/* What channels get of the height when there is a score, too. */
#define CHANNELS_SHARE 0.66

/* A strip that has room for its smallest and its largest value. */
#define STRIP_OF_VALUES 36

/* Less would be no line. */
#define MIN_STRIP 4

typedef struct
{
  const PlotCanvas *canvas;
  const PlotHistory *history;
  const PlotView *view;
  const PlotPalette *palette;
  PlotGeometry geometry;
  cairo_surface_t *surface;
  cairo_t *cr;
  PlotCurve *curve;
  guint64 start;                /* of the window, in ticks */
  guint64 length;
  guint first_slot;             /* that is seen */
} Plot;

/* --- look --------------------------------------------------------------- */

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

static guint32
opaque (guint32 color)
{
  return 0xff000000 | color;
}

static guint32
channel_color (const Plot * plot, gboolean overlaid, guint channel)
{
  return opaque (overlaid && plot_history_get_kept (plot->history) > 1
      ? channel_colors[channel % G_N_ELEMENTS (channel_colors)]
      : plot->palette->channel);
}

static void
set_color (cairo_t * cr, guint32 color, gdouble alpha)
{
  cairo_set_source_rgba (cr, (color >> 16 & 0xff) / 255.,
      (color >> 8 & 0xff) / 255., (color & 0xff) / 255., alpha);
}

static void
fill_box (cairo_t * cr, const PlotBox * box)
{
  cairo_rectangle (cr, box->x, box->y, box->width, box->height);
  cairo_fill (cr);
}

/* --- geometry ----------------------------------------------------------- */

static gint
scaled (const PlotGeometry * geometry, gdouble length)
{
  return (gint) lrint (length * geometry->scale);
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
  PlotBox lane = cut_below (rest, scaled (geometry, LANE_HEIGHT));

  cut_below (rest, scaled (geometry, LANE_GAP));
  return lane;
}

PlotGeometry
plot_geometry_new (gint width, gint height, const PlotView * view)
{
  PlotGeometry geometry = {.scale = MIN (width / 960., height / 540.) };
  const gboolean words = geometry.scale >= MIN_SCALE;
  const gint margin = scaled (&geometry, MARGIN);
  PlotBox rest = { 0, 0, width, height };

  if (words) {
    geometry.legend = (PlotBox) {
    0, 0, width, scaled (&geometry, LEGEND_HEIGHT)};
    rest.x = scaled (&geometry, LABEL_WIDTH);
    rest.y = geometry.legend.height;
    rest.width = width - rest.x - margin;
    rest.height = height - rest.y;
    geometry.times = cut_below (&rest, scaled (&geometry, TIMES_HEIGHT));
  }

  const gint panels = rest.height;

  if (view->scored) {
    geometry.score = cut_below (&rest, (gint) (panels * (1 - CHANNELS_SHARE)));
    cut_below (&rest, margin / 2);
  }
  if (view->labelled)
    geometry.labelled = cut_lane (&rest, &geometry);
  if (view->scored && !isnan (view->threshold))
    geometry.flagged = cut_lane (&rest, &geometry);
  geometry.channels = rest;
  return geometry;
}

static gboolean
has_words (const Plot * plot)
{
  return plot->geometry.legend.height > 0;
}

/* --- time --------------------------------------------------------------- */

/* In pixels from a panel's left. */
static gdouble
place_time (const Plot * plot, guint64 time)
{
  const gdouble since = time >= plot->start ? (gdouble) (time - plot->start)
      : -(gdouble) (plot->start - time);

  return since / (gdouble) plot->length * plot->geometry.channels.width;
}

/* A row is drawn in the middle of its time. */
static gdouble
place_slot (const Plot * plot, const PlotSlot * slot)
{
  return (place_time (plot, slot->start) + place_time (plot, slot->end)) / 2;
}

static gboolean
is_seen (const Plot * plot, const PlotSlot * slot)
{
  return slot->start >= plot->start || slot->end > plot->start;
}

static guint
find_first_slot (const Plot * plot)
{
  guint slot = plot_history_get_slots (plot->history);

  while (slot > 0
      && is_seen (plot, plot_history_get_slot (plot->history, slot - 1)))
    slot--;
  return slot;
}

/* --- words -------------------------------------------------------------- */

static gdouble
text_width (cairo_t * cr, const gchar * text)
{
  cairo_text_extents_t extents;

  cairo_text_extents (cr, text, &extents);
  return extents.x_advance;
}

/* Around y; `align` is the share of the text that lies before x. */
static void
show_text (cairo_t * cr, gdouble x, gdouble y, gdouble align,
    const gchar * text)
{
  cairo_font_extents_t font;

  cairo_font_extents (cr, &font);
  cairo_move_to (cr, round (x - align * text_width (cr, text)),
      round (y + (font.ascent - font.descent) / 2));
  cairo_show_text (cr, text);
}

/* --- spans -------------------------------------------------------------- */

typedef gboolean (*SlotTest) (const Plot * plot, guint slot);

static gboolean
is_flagged (const Plot * plot, guint slot)
{
  return plot_history_get_peak (plot->history, slot) >= plot->view->threshold;
}

static gboolean
is_labelled (const Plot * plot, guint slot)
{
  return plot_history_get_slot (plot->history, slot)->labelled;
}

/* From one time to another, on whole pixels, and on one at least. */
static void
add_span (const Plot * plot, const PlotBox * box, guint64 start, guint64 end)
{
  const gint at_least = MAX (scaled (&plot->geometry, 1.5), 1);
  gdouble left = floor (place_time (plot, start));
  gdouble right = MAX (ceil (place_time (plot, end)), left + at_least);

  left = CLAMP (left, 0, box->width);
  right = CLAMP (right, 0, box->width);
  cairo_rectangle (plot->cr, box->x + left, box->y, right - left, box->height);
}

/* The spans of slots that pass the test, as a path across the box. */
static void
add_spans (const Plot * plot, const PlotBox * box, SlotTest test)
{
  const guint n_slots = plot_history_get_slots (plot->history);

  for (guint i = plot->first_slot; i < n_slots; i++) {
    const PlotSlot *first = plot_history_get_slot (plot->history, i);
    const PlotSlot *last = first;

    if (!test (plot, i))
      continue;
    while (i + 1 < n_slots && test (plot, i + 1)
        && !plot_history_get_slot (plot->history, i + 1)->broken)
      last = plot_history_get_slot (plot->history, ++i);
    add_span (plot, box, first->start, last->end);
  }
}

/* Diagonals, one pixel in five. */
static cairo_pattern_t *
hatching_new (const Plot * plot, guint32 color)
{
  const gint n = MAX (scaled (&plot->geometry, 5), 4);
  const gint thickness = MAX (n / 5, 1);
  cairo_surface_t *tile =
      cairo_image_surface_create (CAIRO_FORMAT_ARGB32, n, n);
  cairo_pattern_t *pattern;
  cairo_t *cr = cairo_create (tile);

  set_color (cr, color, 1);
  for (gint y = 0; y < n; y++) {
    for (gint k = 0; k < thickness; k++)
      cairo_rectangle (cr, (n - y + k) % n, y, 1, 1);
  }
  cairo_fill (cr);
  cairo_destroy (cr);

  pattern = cairo_pattern_create_for_surface (tile);
  cairo_pattern_set_extend (pattern, CAIRO_EXTEND_REPEAT);
  cairo_pattern_set_filter (pattern, CAIRO_FILTER_NEAREST);
  cairo_surface_destroy (tile);
  return pattern;
}

static void
hatch (const Plot * plot, guint32 color, gdouble alpha)
{
  cairo_pattern_t *pattern = hatching_new (plot, color);

  cairo_save (plot->cr);
  cairo_clip (plot->cr);
  cairo_set_source (plot->cr, pattern);
  cairo_paint_with_alpha (plot->cr, alpha);
  cairo_restore (plot->cr);
  cairo_pattern_destroy (pattern);
}

static gboolean
has_flags (const Plot * plot)
{
  return plot->view->scored && !isnan (plot->view->threshold);
}

static void
shade (const Plot * plot, const PlotBox * box)
{
  if (has_flags (plot)) {
    add_spans (plot, box, is_flagged);
    set_color (plot->cr, plot->palette->flagged, 0.22);
    cairo_fill (plot->cr);
  }
  if (plot->view->labelled) {
    add_spans (plot, box, is_labelled);
    hatch (plot, plot->palette->labelled, 0.5);
  }
}

static void
draw_lane (const Plot * plot, const PlotBox * lane, const gchar * name)
{
  if (lane->height == 0)
    return;
  set_color (plot->cr, plot->palette->panel, 1);
  fill_box (plot->cr, lane);
  if (!has_words (plot))
    return;
  set_color (plot->cr, plot->palette->faded, 1);
  show_text (plot->cr, lane->x - scaled (&plot->geometry, 8),
      lane->y + lane->height / 2., 1, name);
}

static void
draw_lanes (const Plot * plot)
{
  const PlotGeometry *geometry = &plot->geometry;

  draw_lane (plot, &geometry->flagged, "flagged");
  draw_lane (plot, &geometry->labelled, "labelled");
  if (has_flags (plot)) {
    add_spans (plot, &geometry->flagged, is_flagged);
    set_color (plot->cr, plot->palette->flagged, 1);
    cairo_fill (plot->cr);
  }
  if (plot->view->labelled) {
    add_spans (plot, &geometry->labelled, is_labelled);
    set_color (plot->cr, plot->palette->labelled, 0.25);
    cairo_fill_preserve (plot->cr);
    hatch (plot, plot->palette->labelled, 1);
  }
}

/* --- lines -------------------------------------------------------------- */

typedef struct
{
  gdouble min;
  gdouble max;                  /* below min: nothing */
} Range;

static void
widen (const Plot * plot, Range * range, guint series)
{
  const guint n_slots = plot_history_get_slots (plot->history);

  for (guint i = plot->first_slot; i < n_slots; i++) {
    gfloat min, max;

    if (!plot_history_get_range (plot->history, i, series, &min, &max))
      continue;
    range->min = MIN (range->min, min);
    range->max = MAX (range->max, max);
  }
}

static Range
range_of_channels (const Plot * plot, guint first, guint n)
{
  Range range = { INFINITY, -INFINITY };

  for (guint i = first; i < first + n; i++)
    widen (plot, &range, i);
  return range;
}

static PlotAxis
axis_of (const Range * range)
{
  return range->min > range->max ? plot_axis_new (0, 0)
      : plot_axis_new (range->min, range->max);
}

/* The slot before the first one is beyond the edge, and so is half of the line
 * from there. */
static void
draw_series (const Plot * plot, const PlotBox * box, guint series,
    const PlotAxis * axis, guint32 color)
{
  const guint n_slots = plot_history_get_slots (plot->history);
  const guint before = plot->first_slot > 0 ? 1 : 0;

  plot_curve_clear (plot->curve);
  for (guint i = plot->first_slot - before; i < n_slots; i++) {
    const PlotSlot *slot = plot_history_get_slot (plot->history, i);
    gfloat min, max;

    if (slot->broken)
      plot_curve_lift (plot->curve);
    if (plot_history_get_range (plot->history, i, series, &min, &max))
      plot_curve_point (plot->curve, place_slot (plot, slot),
          plot_axis_place (axis, max) * box->height,
          plot_axis_place (axis, min) * box->height);
    else
      plot_curve_lift (plot->curve);
  }
  cairo_surface_flush (plot->surface);
  plot_curve_paint (plot->curve, plot->canvas, box, color,
      MAX (LINE * plot->geometry.scale, 1));
  cairo_surface_mark_dirty (plot->surface);
}

/* Ticks and lines across the box; with names if there is room for words. */
static void
draw_values (const Plot * plot, const PlotBox * box, const PlotAxis * axis)
{
  const gint space = MAX (scaled (&plot->geometry, TICK_HEIGHT), 1);
  const gdouble step = plot_axis_step (axis->high - axis->low,
      (guint) MAX (box->height / space, 1));
  gchar label[PLOT_LABEL_SIZE];

  for (gdouble k = ceil (axis->low / step); k * step < axis->high; k++) {
    const gdouble y = box->y + floor (plot_axis_place (axis, k * step)
        * box->height);

    set_color (plot->cr, plot->palette->grid, 1);
    cairo_rectangle (plot->cr, box->x, y, box->width, 1);
    cairo_fill (plot->cr);
    if (!has_words (plot))
      continue;
    plot_axis_label (label, k * step, step);
    set_color (plot->cr, plot->palette->faded, 1);
    show_text (plot->cr, box->x - scaled (&plot->geometry, 8), y, 1, label);
  }
}

/* --- panels ------------------------------------------------------------- */

static gboolean
is_overlaid (const Plot * plot)
{
  const guint n = plot_history_get_kept (plot->history);

  switch (plot->view->layout) {
    case PLOT_LAYOUT_STACKED:
      return n == 1;
    case PLOT_LAYOUT_OVERLAID:
      return TRUE;
    default:
      return n == 1 || plot->geometry.channels.height / (gint) n < MIN_STRIP;
  }
}

static PlotBox
strip_of (const PlotBox * box, guint i, guint n)
{
  const gint top = (gint) ((gint64) box->height * i / n);
  const gint end = (gint) ((gint64) box->height * (i + 1) / n);

  return (PlotBox) {
  box->x, box->y + top, box->width, end - top};
}

/* Of crowded channels every second, fifth, tenth ... has its name. */
static guint
names_apart (const Plot * plot, guint n)
{
  const gdouble strip = (gdouble) plot->geometry.channels.height / n;

  return (guint) MAX (plot_axis_step (FONT_SIZE * 1.1 * plot->geometry.scale
          / strip, 1), 1);
}

static void
draw_strip_name (const Plot * plot, const PlotBox * strip, guint channel)
{
  gchar name[16];

  g_snprintf (name, sizeof (name), "c%u", channel);
  set_color (plot->cr, plot->palette->ink, 1);
  show_text (plot->cr, scaled (&plot->geometry, MARGIN),
      strip->y + strip->height / 2., 0, name);
}

static void
draw_strip_value (const Plot * plot, const PlotBox * strip,
    const PlotAxis * axis, gdouble value)
{
  const gdouble half = FONT_SIZE * plot->geometry.scale * 0.6;
  const gdouble y = plot_axis_place (axis, value) * strip->height;
  gchar label[PLOT_LABEL_SIZE];

  plot_axis_label (label, value, (axis->high - axis->low) / 20);
  set_color (plot->cr, plot->palette->faded, 1);
  show_text (plot->cr, strip->x - scaled (&plot->geometry, 8),
      strip->y + CLAMP (y, half, strip->height - half), 1, label);
}

static void
draw_strip_values (const Plot * plot, const PlotBox * strip,
    const PlotAxis * axis, const Range * range)
{
  if (strip->height < scaled (&plot->geometry, STRIP_OF_VALUES))
    return;
  draw_strip_value (plot, strip, axis, range->max);
  if (range->min < range->max)
    draw_strip_value (plot, strip, axis, range->min);
}

static void
draw_stacked (const Plot * plot, guint n)
{
  const guint apart = names_apart (plot, n);

  for (guint i = 0; i < n; i++) {
    const Range range = range_of_channels (plot, i, 1);
    const PlotBox strip = strip_of (&plot->geometry.channels, i, n);
    const PlotAxis axis = axis_of (&range);

    draw_series (plot, &strip, i, &axis, channel_color (plot, FALSE, i));
    if (!has_words (plot))
      continue;
    if (i % apart == 0)
      draw_strip_name (plot, &strip, i);
    if (range.min <= range.max)
      draw_strip_values (plot, &strip, &axis, &range);
  }
}

static void
draw_overlaid (const Plot * plot, guint n)
{
  const Range range = range_of_channels (plot, 0, n);
  const PlotAxis axis = axis_of (&range);

  draw_values (plot, &plot->geometry.channels, &axis);
  for (guint i = 0; i < n; i++)
    draw_series (plot, &plot->geometry.channels, i, &axis,
        channel_color (plot, TRUE, i));
}

static void
draw_channels (const Plot * plot)
{
  const guint n = plot_history_get_kept (plot->history);

  shade (plot, &plot->geometry.channels);
  if (is_overlaid (plot))
    draw_overlaid (plot, n);
  else
    draw_stacked (plot, n);
}

static void
draw_threshold (const Plot * plot, const PlotAxis * axis)
{
  const PlotBox *box = &plot->geometry.score;
  const gdouble dash = MAX (6 * plot->geometry.scale, 2);
  const gdouble thickness = MAX (rint (LINE * plot->geometry.scale), 1);
  const gdouble y = box->y + floor (plot_axis_place (axis,
          plot->view->threshold) * box->height);

  set_color (plot->cr, plot->palette->threshold, 1);
  for (gdouble x = 0; x < box->width; x += 1.6 * dash)
    cairo_rectangle (plot->cr, box->x + floor (x), y,
        MIN (ceil (dash), box->width - floor (x)), thickness);
  cairo_fill (plot->cr);
}

/* With the threshold on it, and with zero if that is not far off. */
static PlotAxis
score_axis (const Plot * plot)
{
  const guint score = plot_history_get_kept (plot->history);
  Range range = range_of_channels (plot, score, 1);
  PlotAxis axis;

  if (has_flags (plot)) {
    range.min = MIN (range.min, plot->view->threshold);
    range.max = MAX (range.max, plot->view->threshold);
  }
  axis = axis_of (&range);
  if (range.min >= 0 && range.min < range.max / 2)
    axis.low = 0;
  return axis;
}

static void
draw_score (const Plot * plot)
{
  const PlotAxis axis = score_axis (plot);

  shade (plot, &plot->geometry.score);
  draw_values (plot, &plot->geometry.score, &axis);
  draw_series (plot, &plot->geometry.score,
      plot_history_get_kept (plot->history), &axis,
      opaque (plot->palette->score));
  if (has_flags (plot))
    draw_threshold (plot, &axis);
}

/* --- times -------------------------------------------------------------- */

static void
draw_time (const Plot * plot, gdouble x, const gchar * label)
{
  const PlotGeometry *geometry = &plot->geometry;

  set_color (plot->cr, plot->palette->grid, 1);
  cairo_rectangle (plot->cr, floor (x), geometry->channels.y, 1,
      geometry->channels.height);
  cairo_rectangle (plot->cr, floor (x), geometry->score.y, 1,
      geometry->score.height);
  cairo_fill (plot->cr);
  if (!has_words (plot))
    return;
  set_color (plot->cr, plot->palette->faded, 1);
  x = MIN (x, plot->canvas->width - text_width (plot->cr, label) / 2 - 1);
  show_text (plot->cr, x, geometry->times.y + geometry->times.height / 2.,
      0.5, label);
}

static void
draw_times (const Plot * plot)
{
  const PlotBox *box = &plot->geometry.channels;
  const gdouble unit = plot->view->timed ? 1e9 : 1;
  const gdouble start = (gdouble) plot->start / unit;
  const gdouble length = (gdouble) plot->length / unit;
  const guint n = (guint) MAX (box->width / (TICK_SPACE
          * plot->geometry.scale), 1);
  const gdouble step = plot->view->timed ? plot_axis_time_step (length, n)
      : MAX (plot_axis_step (length, n), 1);
  gchar label[PLOT_LABEL_SIZE];

  for (gdouble k = ceil (start / step); k * step < start + length; k++) {
    if (plot->view->timed)
      plot_axis_time_label (label, k * step, step);
    else
      plot_axis_label (label, k * step, step);
    draw_time (plot, box->x + (k * step - start) / length * box->width, label);
  }
  if (!has_words (plot))
    return;
  set_color (plot->cr, plot->palette->faded, 1);
  show_text (plot->cr, scaled (&plot->geometry, MARGIN),
      plot->geometry.times.y + plot->geometry.times.height / 2., 0,
      plot->view->timed ? "time" : "row");
}

/* --- legend ------------------------------------------------------------- */

/* Returns where the next one goes. */
static gdouble
draw_entry (const Plot * plot, gdouble x, const PlotBox * sample,
    const gchar * text)
{
  const PlotGeometry *geometry = &plot->geometry;

  x += sample->width + scaled (geometry, 6);
  set_color (plot->cr, plot->palette->ink, 1);
  show_text (plot->cr, x, geometry->legend.height / 2., 0, text);
  return x + text_width (plot->cr, text) + scaled (geometry, 18);
}

static PlotBox
sample_at (const Plot * plot, gdouble x, gint width, gint height)
{
  const gint h = MAX (scaled (&plot->geometry, height), 2);

  return (PlotBox) {
  (gint) x, (plot->geometry.legend.height - h) / 2,
        scaled (&plot->geometry, width), h};
}

static gdouble
draw_line_entry (const Plot * plot, gdouble x, guint32 color,
    const gchar * text)
{
  const PlotBox sample = sample_at (plot, x, 18, 2);

  set_color (plot->cr, color, 1);
  fill_box (plot->cr, &sample);
  return draw_entry (plot, x, &sample, text);
}

static gdouble
draw_threshold_entry (const Plot * plot, gdouble x)
{
  const PlotBox sample = sample_at (plot, x, 20, 2);
  gchar number[PLOT_LABEL_SIZE], text[PLOT_LABEL_SIZE + 16];

  set_color (plot->cr, plot->palette->threshold, 1);
  for (gint i = 0; i < 3; i++)
    cairo_rectangle (plot->cr, sample.x + i * sample.width * 3 / 8, sample.y,
        sample.width / 4., sample.height);
  cairo_fill (plot->cr);
  g_ascii_formatd (number, sizeof (number), "%.4g", plot->view->threshold);
  g_snprintf (text, sizeof (text), "threshold %s", number);
  return draw_entry (plot, x, &sample, text);
}

static gdouble
draw_flagged_entry (const Plot * plot, gdouble x)
{
  const PlotBox sample = sample_at (plot, x, 18, 11);

  set_color (plot->cr, plot->palette->flagged, 1);
  fill_box (plot->cr, &sample);
  return draw_entry (plot, x, &sample, "flagged");
}

static gdouble
draw_labelled_entry (const Plot * plot, gdouble x)
{
  const PlotBox sample = sample_at (plot, x, 18, 11);

  set_color (plot->cr, plot->palette->labelled, 0.25);
  cairo_rectangle (plot->cr, sample.x, sample.y, sample.width, sample.height);
  cairo_fill_preserve (plot->cr);
  hatch (plot, plot->palette->labelled, 1);
  return draw_entry (plot, x, &sample, "labelled");
}

/* With more channels than colors a color is no name. */
static gdouble
draw_channel_entries (const Plot * plot, gdouble x)
{
  const guint n = plot_history_get_kept (plot->history);
  gchar name[16];

  if (n > G_N_ELEMENTS (channel_colors))
    return x;
  for (guint i = 0; i < n; i++) {
    g_snprintf (name, sizeof (name), "c%u", i);
    x = draw_line_entry (plot, x, channel_color (plot, TRUE, i), name);
  }
  return x;
}

/* At the right end, if the entries have left the room. */
static void
draw_summary (const Plot * plot, gdouble x)
{
  const PlotBox *legend = &plot->geometry.legend;
  const guint kept = plot_history_get_kept (plot->history);
  const guint n = plot_history_get_channels (plot->history);
  const gint end = legend->width - scaled (&plot->geometry, MARGIN);
  gchar text[80];

  if (kept < n)
    g_snprintf (text, sizeof (text), "the first %u of %u channels", kept, n);
  else
    g_snprintf (text, sizeof (text), n == 1 ? "%u channel" : "%u channels", n);
  if (x + text_width (plot->cr, text) > end)
    return;
  set_color (plot->cr, plot->palette->faded, 1);
  show_text (plot->cr, end, legend->height / 2., 1, text);
}

static void
draw_legend (const Plot * plot)
{
  gdouble x = plot->geometry.channels.x;

  if (is_overlaid (plot))
    x = draw_channel_entries (plot, x);
  if (plot->view->scored)
    x = draw_line_entry (plot, x, plot->palette->score, "score");
  if (has_flags (plot)) {
    x = draw_threshold_entry (plot, x);
    x = draw_flagged_entry (plot, x);
  }
  if (plot->view->labelled)
    x = draw_labelled_entry (plot, x);
  draw_summary (plot, x);
}

/* --- the picture -------------------------------------------------------- */

static void
draw_background (const Plot * plot)
{
  set_color (plot->cr, plot->palette->paper, 1);
  cairo_paint (plot->cr);
  set_color (plot->cr, plot->palette->panel, 1);
  fill_box (plot->cr, &plot->geometry.channels);
  fill_box (plot->cr, &plot->geometry.score);
}

static void
draw_all (const Plot * plot)
{
  cairo_select_font_face (plot->cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL,
      CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size (plot->cr, FONT_SIZE * plot->geometry.scale);
  cairo_set_antialias (plot->cr, CAIRO_ANTIALIAS_GRAY);

  draw_background (plot);
  draw_times (plot);
  draw_channels (plot);
  draw_lanes (plot);
  if (plot->view->scored)
    draw_score (plot);
  if (has_words (plot))
    draw_legend (plot);
}

void
plot_draw (const PlotCanvas * canvas, const PlotHistory * history,
    const PlotView * view)
{
  Plot plot = {.canvas = canvas,.history = history,.view = view };

  plot.palette = plot_palette_get (view->theme);
  plot.geometry = plot_geometry_new (canvas->width, canvas->height, view);
  plot_history_get_window (history, &plot.start, &plot.length);
  plot.first_slot = find_first_slot (&plot);
  plot.curve = plot_curve_new (plot.geometry.channels.width);
  plot.surface = cairo_image_surface_create_for_data ((guchar *) canvas->pixels,
      CAIRO_FORMAT_RGB24, canvas->width, canvas->height, canvas->stride * 4);
  plot.cr = cairo_create (plot.surface);

  draw_all (&plot);

  cairo_destroy (plot.cr);
  cairo_surface_destroy (plot.surface);
  plot_curve_free (plot.curve);
}
