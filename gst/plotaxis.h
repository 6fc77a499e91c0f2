/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The numbers along a plot: what an axis spans, where its ticks are, and what
 * they are called. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PLOT_LABEL_SIZE 40

typedef struct
{
  gdouble low;
  gdouble high;                 /* above low */
} PlotAxis;

/* An axis on which min to max, which may be one number, leave some room. */
PlotAxis plot_axis_new (gdouble min, gdouble max);

/* From 0 at the high end to 1 at the low one, as pixels count. */
gdouble plot_axis_place (const PlotAxis * axis, gdouble value);

/* 1, 2 or 5 times a power of ten, so that there are at most n ticks in length. */
gdouble plot_axis_step (gdouble length, guint n);

/* The same for seconds: from a minute up, in minutes, hours and days. */
gdouble plot_axis_time_step (gdouble seconds, guint n);

/* A number with as many digits as tell it from its neighbours. */
void plot_axis_label (gchar label[PLOT_LABEL_SIZE], gdouble value,
    gdouble step);

/* 2.5 s, 1:02.5, 1:00:02, or 2d 03:00:00. */
void plot_axis_time_label (gchar label[PLOT_LABEL_SIZE], gdouble seconds,
    gdouble step);

G_END_DECLS
