/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "plotink.h"

#include <math.h>

void
plot_ink_set (cairo_t * cr, guint32 color, gdouble alpha)
{
  cairo_set_source_rgba (cr, (color >> 16 & 0xff) / 255.,
      (color >> 8 & 0xff) / 255., (color & 0xff) / 255., alpha);
}

void
plot_ink_fill_box (cairo_t * cr, const PlotBox * box)
{
  cairo_rectangle (cr, box->x, box->y, box->width, box->height);
  cairo_fill (cr);
}

/* A tile of n pixels, of which one in five is on the diagonal. */
static cairo_pattern_t *
hatching_new (gint n, guint32 color)
{
  const gint thickness = MAX (n / 5, 1);
  cairo_surface_t *tile =
      cairo_image_surface_create (CAIRO_FORMAT_ARGB32, n, n);
  cairo_pattern_t *pattern;
  cairo_t *cr = cairo_create (tile);

  plot_ink_set (cr, color, 1);
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

void
plot_ink_hatch (cairo_t * cr, gint n, guint32 color, gdouble alpha)
{
  cairo_pattern_t *pattern = hatching_new (n, color);

  cairo_save (cr);
  cairo_clip (cr);
  cairo_set_source (cr, pattern);
  cairo_paint_with_alpha (cr, alpha);
  cairo_restore (cr);
  cairo_pattern_destroy (pattern);
}

gdouble
plot_ink_get_width (cairo_t * cr, const gchar * text)
{
  cairo_text_extents_t extents;

  cairo_text_extents (cr, text, &extents);
  return extents.x_advance;
}

void
plot_ink_write (cairo_t * cr, gdouble x, gdouble y, gdouble align,
    const gchar * text)
{
  cairo_font_extents_t font;

  cairo_font_extents (cr, &font);
  cairo_move_to (cr, round (x - align * plot_ink_get_width (cr, text)),
      round (y + (font.ascent - font.descent) / 2));
  cairo_show_text (cr, text);
}
