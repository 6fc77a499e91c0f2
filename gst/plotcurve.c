/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "plotcurve.h"

#include <math.h>

/* A column of pixels is sampled so many times, for edges that are smooth. */
#define SAMPLES 3

typedef struct
{
  gfloat top;
  gfloat bottom;                /* above the top: nothing is here */
} Extent;

struct _PlotCurve
{
  gint n_extents;
  Extent *extents;              /* [n_extents], SAMPLES per column */
  gboolean down;
  gdouble x, top, bottom;       /* of the last point, if the pen is down */
};

static const Extent nothing = { INFINITY, -INFINITY };

PlotCurve *
plot_curve_new (gint width)
{
  PlotCurve *curve = g_new0 (PlotCurve, 1);

  curve->n_extents = width * SAMPLES;
  curve->extents = g_new (Extent, (gsize) curve->n_extents);
  plot_curve_clear (curve);
  return curve;
}

void
plot_curve_free (PlotCurve * curve)
{
  g_free (curve->extents);
  g_free (curve);
}

void
plot_curve_clear (PlotCurve * curve)
{
  for (gint i = 0; i < curve->n_extents; i++)
    curve->extents[i] = nothing;
  curve->down = FALSE;
}

/* --- extents ------------------------------------------------------------ */

static void
cover (PlotCurve * curve, gint i, gdouble top, gdouble bottom)
{
  Extent *extent = &curve->extents[i];

  extent->top = MIN (extent->top, (gfloat) top);
  extent->bottom = MAX (extent->bottom, (gfloat) bottom);
}

/* From the last point to the one at x, in samples. */
static void
join (PlotCurve * curve, gdouble x, gdouble top, gdouble bottom)
{
  const gint first = (gint) CLAMP (floor (curve->x), 0, curve->n_extents);
  const gint last = (gint) CLAMP (floor (x), -1, curve->n_extents - 1);

  for (gint i = first; i <= last && x > curve->x; i++) {
    const gdouble from = (MAX (i, curve->x) - curve->x) / (x - curve->x);
    const gdouble to = (MIN (i + 1, x) - curve->x) / (x - curve->x);
    const gdouble top_from = curve->top + from * (top - curve->top);
    const gdouble top_to = curve->top + to * (top - curve->top);
    const gdouble bottom_from = curve->bottom + from * (bottom - curve->bottom);
    const gdouble bottom_to = curve->bottom + to * (bottom - curve->bottom);

    cover (curve, i, MIN (top_from, top_to), MAX (bottom_from, bottom_to));
  }
}

void
plot_curve_point (PlotCurve * curve, gdouble x, gdouble top, gdouble bottom)
{
  x *= SAMPLES;
  if (curve->down)
    join (curve, x, top, bottom);
  if (x >= 0 && x < curve->n_extents)
    cover (curve, (gint) x, top, bottom);
  curve->down = TRUE;
  curve->x = x;
  curve->top = top;
  curve->bottom = bottom;
}

void
plot_curve_lift (PlotCurve * curve)
{
  curve->down = FALSE;
}

/* --- pixels ------------------------------------------------------------- */

static guint32
blend (guint32 under, guint32 over, gfloat share)
{
  const guint32 weight = (guint32) (share * 256 + 0.5f);
  const guint32 even = (under & 0xff00ff) * (256 - weight)
      + (over & 0xff00ff) * weight;
  const guint32 odd = (under & 0x00ff00) * (256 - weight)
      + (over & 0x00ff00) * weight;

  return 0xff000000 | ((even >> 8) & 0xff00ff) | ((odd >> 8) & 0x00ff00);
}

/* What the pen covers around a sample: a pixel wide, for it would lose itself in
 * steep lines otherwise. */
static Extent
dilate (const PlotCurve * curve, gint i, gdouble thickness)
{
  const gint last = MIN (i + 1, curve->n_extents - 1);
  Extent extent = nothing;

  for (gint k = MAX (i - 1, 0); k <= last; k++) {
    extent.top = MIN (extent.top, curve->extents[k].top);
    extent.bottom = MAX (extent.bottom, curve->extents[k].bottom);
  }
  extent.top -= (gfloat) thickness / 2;
  extent.bottom += (gfloat) thickness / 2;
  return extent;
}

static gfloat
share_of_pixel (const Extent * samples, gint y)
{
  gfloat share = 0;

  for (gint k = 0; k < SAMPLES; k++) {
    const gfloat top = MAX (samples[k].top, (gfloat) y);
    const gfloat bottom = MIN (samples[k].bottom, (gfloat) y + 1);

    share += MAX (bottom - top, 0);
  }
  return share / SAMPLES;
}

static void
paint_column (const Extent * samples, guint32 *pixels, gint stride,
    gint height, guint32 color)
{
  gfloat top = INFINITY, bottom = -INFINITY;
  gfloat full_top = -INFINITY, full_bottom = INFINITY;

  for (gint k = 0; k < SAMPLES; k++) {
    top = MIN (top, samples[k].top);
    bottom = MAX (bottom, samples[k].bottom);
    full_top = MAX (full_top, samples[k].top);
    full_bottom = MIN (full_bottom, samples[k].bottom);
  }
  if (top >= bottom)
    return;

  const gint first = (gint) CLAMP (floorf (top), 0, height);
  const gint end = (gint) CLAMP (ceilf (bottom), 0, height);

  for (gint y = first; y < end; y++) {
    guint32 *pixel = pixels + (gsize) y * (gsize) stride;

    if (y >= full_top && y + 1 <= full_bottom)
      *pixel = color;
    else
      *pixel = blend (*pixel, color, share_of_pixel (samples, y));
  }
}

void
plot_curve_paint (const PlotCurve * curve, const PlotCanvas * canvas,
    const PlotBox * box, guint32 color, gdouble thickness)
{
  guint32 *pixels = canvas->pixels + (gsize) box->y * (gsize) canvas->stride
      + box->x;
  const gint width = MIN (box->width, curve->n_extents / SAMPLES);

  for (gint x = 0; x < width; x++) {
    Extent samples[SAMPLES];

    for (gint k = 0; k < SAMPLES; k++)
      samples[k] = dilate (curve, x * SAMPLES + k, thickness);
    paint_column (samples, pixels + x, canvas->stride, box->height, color);
  }
}
