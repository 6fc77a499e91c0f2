/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "plotlegend.h"

#include "plotaxis.h"
#include "plotink.h"

typedef struct
{
  cairo_t *cr;
  const PlotGeometry *geometry;
  const PlotView *view;
  const PlotPalette *palette;
  guint n_channels;
  guint n_kept;
} Legend;

/* Returns where the next one goes. */
static gdouble
draw_entry (const Legend * legend, gdouble x, const PlotBox * sample,
    const gchar * text)
{
  const PlotGeometry *geometry = legend->geometry;

  x += sample->width + plot_geometry_scale (geometry, 6);
  plot_ink_set (legend->cr, legend->palette->ink, 1);
  plot_ink_write (legend->cr, x, geometry->legend.height / 2., 0, text);
  return x + plot_ink_get_width (legend->cr,
      text) + plot_geometry_scale (geometry, 18);
}

static PlotBox
sample_at (const Legend * legend, gdouble x, gint width, gint height)
{
  const gint h = MAX (plot_geometry_scale (legend->geometry, height), 2);

  return (PlotBox) {
  (gint) x, (legend->geometry->legend.height - h) / 2,
        plot_geometry_scale (legend->geometry, width), h};
}

static gdouble
draw_line_entry (const Legend * legend, gdouble x, guint32 color,
    const gchar * text)
{
  const PlotBox sample = sample_at (legend, x, 18, 2);

  plot_ink_set (legend->cr, color, 1);
  plot_ink_fill_box (legend->cr, &sample);
  return draw_entry (legend, x, &sample, text);
}

static gdouble
draw_threshold_entry (const Legend * legend, gdouble x)
{
  const PlotBox sample = sample_at (legend, x, 20, 2);
  gchar number[PLOT_LABEL_SIZE], text[PLOT_LABEL_SIZE + 16];

  plot_ink_set (legend->cr, legend->palette->threshold, 1);
  for (gint i = 0; i < 3; i++)
    cairo_rectangle (legend->cr, sample.x + i * sample.width * 3 / 8, sample.y,
        sample.width / 4., sample.height);
  cairo_fill (legend->cr);
  g_ascii_formatd (number, sizeof (number), "%.4g", legend->view->threshold);
  g_snprintf (text, sizeof (text), "threshold %s", number);
  return draw_entry (legend, x, &sample, text);
}

static gdouble
draw_flagged_entry (const Legend * legend, gdouble x)
{
  const PlotBox sample = sample_at (legend, x, 18, 11);

  plot_ink_set (legend->cr, legend->palette->flagged, 1);
  plot_ink_fill_box (legend->cr, &sample);
  return draw_entry (legend, x, &sample, "flagged");
}

static gdouble
draw_labelled_entry (const Legend * legend, gdouble x)
{
  const PlotBox sample = sample_at (legend, x, 18, 11);

  plot_ink_set (legend->cr, legend->palette->labelled, 0.25);
  cairo_rectangle (legend->cr, sample.x, sample.y, sample.width, sample.height);
  cairo_fill_preserve (legend->cr);
  plot_ink_hatch (legend->cr, plot_geometry_get_hatch (legend->geometry),
      legend->palette->labelled, 1);
  return draw_entry (legend, x, &sample, "labelled");
}

/* With more channels than colors a color is no name. */
static gdouble
draw_channel_entries (const Legend * legend, gdouble x)
{
  const guint n = legend->n_kept;
  gchar name[16];

  if (n > plot_palette_count_channels ())
    return x;
  for (guint i = 0; i < n; i++) {
    g_snprintf (name, sizeof (name), "c%u", i);
    x = draw_line_entry (legend, x, plot_palette_get_channel (i), name);
  }
  return x;
}

/* At the right end, if the entries have left the room. */
static void
draw_summary (const Legend * legend, gdouble x)
{
  const PlotBox *box = &legend->geometry->legend;
  const guint n = legend->n_channels;
  const gint end =
      box->width - plot_geometry_scale (legend->geometry, PLOT_MARGIN);
  gchar text[80];

  if (legend->n_kept < n)
    g_snprintf (text, sizeof (text), "the first %u of %u channels",
        legend->n_kept, n);
  else
    g_snprintf (text, sizeof (text), n == 1 ? "%u channel" : "%u channels", n);
  if (x + plot_ink_get_width (legend->cr, text) > end)
    return;
  plot_ink_set (legend->cr, legend->palette->faded, 1);
  plot_ink_write (legend->cr, end, box->height / 2., 1, text);
}

void
plot_legend_draw (cairo_t * cr, const PlotGeometry * geometry,
    const PlotView * view, const PlotHistory * history, gboolean overlaid)
{
  const Legend legend = { cr, geometry, view, plot_palette_get (view->theme),
    plot_history_get_channels (history), plot_history_get_kept (history)
  };
  gdouble x = geometry->channels.x;

  if (overlaid)
    x = draw_channel_entries (&legend, x);
  if (view->scored)
    x = draw_line_entry (&legend, x, legend.palette->score, "score");
  if (plot_view_has_flags (view)) {
    x = draw_threshold_entry (&legend, x);
    x = draw_flagged_entry (&legend, x);
  }
  if (view->labelled)
    x = draw_labelled_entry (&legend, x);
  draw_summary (&legend, x);
}
