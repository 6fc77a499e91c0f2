/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "plotclock.h"

#include <gst/gst.h>

#define LATEST (G_MAXUINT64 - 1)

guint64
plot_clock_add (guint64 time, guint64 ticks)
{
  return ticks < LATEST - time ? time + ticks : LATEST;
}

guint64
plot_clock_frames (guint64 n, gint fps_n, gint fps_d)
{
  return gst_util_uint64_scale_ceil (n, GST_SECOND * (guint64) fps_d,
      (guint64) fps_n);
}

void
plot_clock_place (PlotClock * clock, guint64 start, guint64 length,
    PlotRows * rows)
{
  clock->last = start;
  rows->start = MAX (start, clock->end);
  rows->end = MAX (plot_clock_add (start, length), rows->start);
  clock->end = rows->end;
}

void
plot_clock_anchor (PlotClock * clock, guint64 time)
{
  if (clock->anchored)
    return;
  clock->anchored = TRUE;
  clock->anchor = clock->due = time;
}

void
plot_clock_schedule (PlotClock * clock, guint64 time, gint fps_n, gint fps_d)
{
  const guint64 n = gst_util_uint64_scale (time - clock->anchor,
      (guint64) fps_n, GST_SECOND * (guint64) fps_d);

  clock->due = plot_clock_add (clock->anchor, plot_clock_frames (n + 1, fps_n,
          fps_d));
}
