/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstvaetimes.h"

#include <math.h>
#include <string.h>

#define FIRST_CAPACITY 64

void
gst_vae_times_init (GstVaeTimes * times)
{
  memset (times, 0, sizeof (*times));
}

void
gst_vae_times_clear (GstVaeTimes * times)
{
  g_free (times->entries);
  gst_vae_times_init (times);
}

static gboolean
reserve (GstVaeTimes * times, GError ** error)
{
  const gsize capacity = MAX (2 * times->capacity, FIRST_CAPACITY);
  VaeRowTimes *entries;

  if (times->n < times->capacity)
    return TRUE;
  entries = g_try_realloc_n (times->entries, capacity, sizeof (*entries));
  if (!entries) {
    g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NO_SPACE_LEFT,
        "There is no memory for the times of more than %" G_GSIZE_FORMAT
        " buffers", times->n);
    return FALSE;
  }
  times->entries = entries;
  times->capacity = capacity;
  return TRUE;
}

/* NaN if not known. */
static gdouble
to_seconds (GstClockTime time)
{
  return GST_CLOCK_TIME_IS_VALID (time) ? (gdouble) time / GST_SECOND : NAN;
}

static void
end_last (GstVaeTimes * times, gdouble start, gsize first_row)
{
  VaeRowTimes *last = &times->entries[times->n - 1];
  const gdouble step =
      (start - last->start) / (gdouble) (first_row - last->first_row);

  if (step > 0)
    last->step = step;
}

gboolean
gst_vae_times_append (GstVaeTimes * times, GstBuffer * buffer, gsize first_row,
    gsize n_rows, gboolean broken, GError ** error)
{
  const gdouble start = to_seconds (GST_BUFFER_PTS (buffer));
  const gdouble duration = to_seconds (GST_BUFFER_DURATION (buffer));
  gdouble step = NAN;

  if (!reserve (times, error))
    return FALSE;
  if (times->open && !broken)
    end_last (times, start, first_row);

  times->open = !(duration > 0);
  if (!times->open)
    step = duration / (gdouble) n_rows;
  else if (times->n > 0)
    step = times->entries[times->n - 1].step;
  times->entries[times->n++] = (VaeRowTimes) {
  first_row, start, step};
  return TRUE;
}
