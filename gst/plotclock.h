/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Where rows are in time, and when a frame of them is due. */

#pragma once

#include "plothistory.h"

G_BEGIN_DECLS

typedef struct
{
  gboolean timed;               /* ticks are nanoseconds, not rows */
  guint64 last;                 /* when the last buffer began */
  guint64 end;                  /* of the last row */

  gboolean anchored;            /* frames have begun */
  guint64 anchor;               /* when */
  guint64 due;                  /* the next one */
} PlotClock;

/* The sum, as far as times go: the largest number is none. */
guint64 plot_clock_add (guint64 time, guint64 ticks);

/* How long n frames last, in nanoseconds. */
guint64 plot_clock_frames (guint64 n, gint fps_n, gint fps_d);

/* Gives rows their start and end. They begin at `start`, or where the last ones
 * have ended if that is later, and last for `length` ticks. */
void plot_clock_place (PlotClock * clock, guint64 start, guint64 length,
    PlotRows * rows);

/* Frames begin at this time, unless they have begun. */
void plot_clock_anchor (PlotClock * clock, guint64 time);

/* A frame has been due at this time: the next one is a multiple of a frame's
 * duration after the first, so that their rate is kept though each waits for a
 * row. */
void plot_clock_schedule (PlotClock * clock, guint64 time, gint fps_n,
    gint fps_d);

G_END_DECLS
