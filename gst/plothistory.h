/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/*
 * The rows that a plot can show: the last of a stream, in a fixed room whatever
 * their rate. Rows that lie closer together than can be seen share a slot, which
 * keeps the smallest and the largest value of each series.
 *
 * Times are in ticks: nanoseconds, or rows where rows have no times.
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* More would have no pixel to be seen on. */
#define PLOT_MAX_CHANNELS 256

/* With no span set a window is as long as so many rows, or so many ticks if that
 * is longer. */
#define PLOT_AUTO_ROWS 1000

typedef struct _PlotHistory PlotHistory;

typedef struct
{
  guint64 start;                /* of its first row */
  guint64 end;                  /* of its last row */
  guint64 n_rows;
  gboolean broken;              /* does not continue the slot before */
  gboolean labelled;            /* one of its rows is */
} PlotSlot;

/* Consecutive rows, at least one, that share the time from start to end evenly. */
typedef struct
{
  const gfloat *data;           /* [n_rows][cols] */
  const gfloat *scores;         /* [n_rows], or NULL */
  const guint8 *labels;         /* [n_rows], 0 is normal, or NULL */
  gsize n_rows;
  guint cols;
  guint64 start;
  guint64 end;
} PlotRows;

/* When a row begins; behind the last one, when that ends. */
guint64 plot_rows_get_time (const PlotRows * rows, gsize row);

/* The first row at or after the time, or that behind the last one. */
gsize plot_rows_find (const PlotRows * rows, guint64 time);

/* Some of the rows, from `first` to before `end`. */
PlotRows plot_rows_part (const PlotRows * rows, gsize first, gsize end);

/* Rows of so many channels, of which the first PLOT_MAX_CHANNELS are kept. The
 * window is `span` ticks long; with `auto_rows`, at least so many rows. */
PlotHistory *plot_history_new (guint n_channels, guint64 span, guint auto_rows);
void plot_history_free (PlotHistory * history);

/* The start must not lie before that of a row appended earlier. */
void plot_history_append (PlotHistory * history, const PlotRows * rows);

/* What is appended next does not continue what came before. */
void plot_history_break (PlotHistory * history);

/* Lets time pass without rows. */
void plot_history_advance (PlotHistory * history, guint64 time);

/* The channels of a row, and how many of them are kept. */
guint plot_history_get_channels (const PlotHistory * history);
guint plot_history_get_kept (const PlotHistory * history);

/* All rows ever appended. */
guint64 plot_history_get_rows (const PlotHistory * history);

/* The window: it begins with the first row until it is full, then it ends with
 * the last one. */
void plot_history_get_window (const PlotHistory * history, guint64 * start,
    guint64 * length);

/* Slots, from the oldest to the newest. */
guint plot_history_get_slots (const PlotHistory * history);
const PlotSlot *plot_history_get_slot (const PlotHistory * history,
    guint slot);

/* The range of a kept channel, or of the score, whose number is that of the kept
 * channels. FALSE if there is nothing to draw: all missing, or one infinite. */
gboolean plot_history_get_range (const PlotHistory * history, guint slot,
    guint series, gfloat * min, gfloat * max);

/* The largest score of the slot, infinite as it may be; -INFINITY if there is
 * none. */
gfloat plot_history_get_peak (const PlotHistory * history, guint slot);

G_END_DECLS
