/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "plotdraw.h"

#include <cairo.h>
#include <math.h>

#include "plotaxis.h"
#include "plotink.h"
#include "plotlegend.h"

/* Pixels in a picture of 960 x 540; all else is scaled. */
#define FONT_SIZE 11.5
#define TICK_SPACE 95           /* between times, at least */
#define TICK_HEIGHT 26          /* between values, at least */
#define LINE 1.3

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

static gint
scaled (const Plot * plot, gdouble length)
{
  return plot_geometry_scale (&plot->geometry, length);
}

static gboolean
has_words (const Plot * plot)
{
  return plot_geometry_has_words (&plot->geometry);
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
  const gint at_least = MAX (scaled (plot, 1.5), 1);
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

static void
hatch (const Plot * plot, gdouble alpha)
{
  plot_ink_hatch (plot->cr, plot_geometry_get_hatch (&plot->geometry),
      plot->palette->labelled, alpha);
}

static void
shade (const Plot * plot, const PlotBox * box)
{
  if (plot_view_has_flags (plot->view)) {
    add_spans (plot, box, is_flagged);
    plot_ink_set (plot->cr, plot->palette->flagged, 0.22);
    cairo_fill (plot->cr);
  }
  if (plot->view->labelled) {
    add_spans (plot, box, is_labelled);
    hatch (plot, 0.5);
  }
}

static void
draw_lane (const Plot * plot, const PlotBox * lane, const gchar * name)
{
  if (lane->height == 0)
    return;
  plot_ink_set (plot->cr, plot->palette->panel, 1);
  plot_ink_fill_box (plot->cr, lane);
  if (!has_words (plot))
    return;
  plot_ink_set (plot->cr, plot->palette->faded, 1);
  plot_ink_write (plot->cr, lane->x - scaled (plot, 8),
      lane->y + lane->height / 2., 1, name);
}

static void
draw_lanes (const Plot * plot)
{
  const PlotGeometry *geometry = &plot->geometry;

  draw_lane (plot, &geometry->flagged, "flagged");
  draw_lane (plot, &geometry->labelled, "labelled");
  if (plot_view_has_flags (plot->view)) {
    add_spans (plot, &geometry->flagged, is_flagged);
    plot_ink_set (plot->cr, plot->palette->flagged, 1);
    cairo_fill (plot->cr);
  }
  if (plot->view->labelled) {
    add_spans (plot, &geometry->labelled, is_labelled);
    plot_ink_set (plot->cr, plot->palette->labelled, 0.25);
    cairo_fill_preserve (plot->cr);
    hatch (plot, 1);
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
  plot_curve_paint (plot->curve, plot->canvas, box, 0xff000000 | color,
      MAX (LINE * plot->geometry.scale, 1));
  cairo_surface_mark_dirty (plot->surface);
}

/* Ticks and lines across the box; with names if there is room for words. */
static void
draw_values (const Plot * plot, const PlotBox * box, const PlotAxis * axis)
{
  const gint space = MAX (scaled (plot, TICK_HEIGHT), 1);
  const gdouble step = plot_axis_step (axis->high - axis->low,
      (guint) MAX (box->height / space, 1));
  gchar label[PLOT_LABEL_SIZE];

  for (gdouble k = ceil (axis->low / step); k * step < axis->high; k++) {
    const gdouble y = box->y + floor (plot_axis_place (axis, k * step)
        * box->height);

    plot_ink_set (plot->cr, plot->palette->grid, 1);
    cairo_rectangle (plot->cr, box->x, y, box->width, 1);
    cairo_fill (plot->cr);
    if (!has_words (plot))
      continue;
    plot_axis_label (label, k * step, step);
    plot_ink_set (plot->cr, plot->palette->faded, 1);
    plot_ink_write (plot->cr, box->x - scaled (plot, 8), y, 1, label);
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
  plot_ink_set (plot->cr, plot->palette->ink, 1);
  plot_ink_write (plot->cr, scaled (plot, PLOT_MARGIN),
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
  plot_ink_set (plot->cr, plot->palette->faded, 1);
  plot_ink_write (plot->cr, strip->x - scaled (plot, 8),
      strip->y + CLAMP (y, half, strip->height - half), 1, label);
}

static void
draw_strip_values (const Plot * plot, const PlotBox * strip,
    const PlotAxis * axis, const Range * range)
{
  if (strip->height < scaled (plot, STRIP_OF_VALUES))
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

    draw_series (plot, &strip, i, &axis, plot->palette->channel);
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
        n > 1 ? plot_palette_get_channel (i) : plot->palette->channel);
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

  plot_ink_set (plot->cr, plot->palette->threshold, 1);
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

  if (plot_view_has_flags (plot->view)) {
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
      plot_history_get_kept (plot->history), &axis, plot->palette->score);
  if (plot_view_has_flags (plot->view))
    draw_threshold (plot, &axis);
}

/* --- times -------------------------------------------------------------- */

static void
draw_time (const Plot * plot, gdouble x, const gchar * label)
{
  const PlotGeometry *geometry = &plot->geometry;

  plot_ink_set (plot->cr, plot->palette->grid, 1);
  cairo_rectangle (plot->cr, floor (x), geometry->channels.y, 1,
      geometry->channels.height);
  cairo_rectangle (plot->cr, floor (x), geometry->score.y, 1,
      geometry->score.height);
  cairo_fill (plot->cr);
  if (!has_words (plot))
    return;
  plot_ink_set (plot->cr, plot->palette->faded, 1);
  x = MIN (x, plot->canvas->width - plot_ink_get_width (plot->cr,
          label) / 2 - 1);
  plot_ink_write (plot->cr, x, geometry->times.y + geometry->times.height / 2.,
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
  plot_ink_set (plot->cr, plot->palette->faded, 1);
  plot_ink_write (plot->cr, scaled (plot, PLOT_MARGIN),
      plot->geometry.times.y + plot->geometry.times.height / 2., 0,
      plot->view->timed ? "time" : "row");
}

/* --- the picture -------------------------------------------------------- */

static void
draw_background (const Plot * plot)
{
  plot_ink_set (plot->cr, plot->palette->paper, 1);
  cairo_paint (plot->cr);
  plot_ink_set (plot->cr, plot->palette->panel, 1);
  plot_ink_fill_box (plot->cr, &plot->geometry.channels);
  plot_ink_fill_box (plot->cr, &plot->geometry.score);
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
    plot_legend_draw (plot->cr, &plot->geometry, plot->view, plot->history,
        is_overlaid (plot));
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
