/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "plothistory.h"

#include <math.h>

/* Of a window: about one for each pixel of a wide screen. */
#define SLOTS_PER_WINDOW 2048

/* Two more for the slots that the window's ends lie in. */
#define CAPACITY (SLOTS_PER_WINDOW + 2)

G_STATIC_ASSERT (PLOT_AUTO_ROWS <= SLOTS_PER_WINDOW);

struct _PlotHistory
{
  guint n_channels;
  guint n_kept;
  guint64 span;
  guint auto_rows;
  guint64 slot_length;          /* 0 = each row has a slot */

  guint64 n_rows;
  gboolean begun;
  guint64 first;                /* the first time it was told */
  guint64 now;
  gboolean broken;

  /* A ring. */
  guint oldest;
  guint n_slots;
  PlotSlot slots[CAPACITY];
  gfloat *minima;               /* [CAPACITY][n_kept + 1], the score last */
  gfloat *maxima;               /* likewise; below the minimum = missing */
};

/* --- rows --------------------------------------------------------------- */

guint64
plot_rows_get_time (const PlotRows * rows, gsize row)
{
  const gdouble length =
      (gdouble) (rows->end - rows->start) / (gdouble) rows->n_rows;
  const guint64 time = rows->start + (guint64) (length * (gdouble) row);

  return row == rows->n_rows ? rows->end : MIN (time, rows->end);
}

gsize
plot_rows_find (const PlotRows * rows, guint64 time)
{
  gsize low = 0, high = rows->n_rows;

  while (low < high) {
    const gsize middle = low + (high - low) / 2;

    if (plot_rows_get_time (rows, middle) < time)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

PlotRows
plot_rows_part (const PlotRows * rows, gsize first, gsize end)
{
  PlotRows part = *rows;

  part.data += first * rows->cols;
  if (rows->scores)
    part.scores += first;
  if (rows->labels)
    part.labels += first;
  part.n_rows = end - first;
  part.start = plot_rows_get_time (rows, first);
  part.end = plot_rows_get_time (rows, end);
  return part;
}

/* --- history ------------------------------------------------------------ */

PlotHistory *
plot_history_new (guint n_channels, guint64 span, guint auto_rows)
{
  PlotHistory *history = g_new0 (PlotHistory, 1);
  gsize n_values;

  history->n_channels = n_channels;
  history->n_kept = MIN (n_channels, PLOT_MAX_CHANNELS);
  history->span = span;
  history->auto_rows = auto_rows;
  history->slot_length = span / SLOTS_PER_WINDOW;

  n_values = (gsize) CAPACITY *(history->n_kept + 1);
  history->minima = g_new (gfloat, n_values);
  history->maxima = g_new (gfloat, n_values);
  return history;
}

void
plot_history_free (PlotHistory * history)
{
  g_free (history->minima);
  g_free (history->maxima);
  g_free (history);
}

/* --- writing ------------------------------------------------------------ */

static guint
place_of (const PlotHistory * history, guint slot)
{
  return (history->oldest + slot) % CAPACITY;
}

static void
begin_slot (PlotHistory * history, guint64 start)
{
  const guint width = history->n_kept + 1;
  guint place;

  if (history->n_slots == CAPACITY)
    history->oldest = place_of (history, 1);
  else
    history->n_slots++;
  place = place_of (history, history->n_slots - 1);

  history->slots[place] = (PlotSlot) {
  .start = start,.end = start,.broken = history->broken};
  history->broken = FALSE;
  for (guint i = 0; i < width; i++) {
    history->minima[(gsize) place * width + i] = INFINITY;
    history->maxima[(gsize) place * width + i] = -INFINITY;
  }
}

static gboolean
needs_slot (const PlotHistory * history, guint64 start)
{
  if (history->n_slots == 0 || history->broken)
    return TRUE;

  guint newest = place_of (history, history->n_slots - 1);

  return start - history->slots[newest].start >= MAX (history->slot_length, 1);
}

/* NaN compares false: it changes nothing. */
static void
widen (gfloat * minima, gfloat * maxima, const gfloat * values, guint n)
{
  for (guint i = 0; i < n; i++) {
    minima[i] = values[i] < minima[i] ? values[i] : minima[i];
    maxima[i] = values[i] > maxima[i] ? values[i] : maxima[i];
  }
}

static void
append_row (PlotHistory * history, const PlotRows * rows, gsize row,
    guint64 start, guint64 end)
{
  if (needs_slot (history, start))
    begin_slot (history, start);

  const guint place = place_of (history, history->n_slots - 1);
  PlotSlot *slot = &history->slots[place];
  gfloat *minima = history->minima + (gsize) place * (history->n_kept + 1);
  gfloat *maxima = history->maxima + (gsize) place * (history->n_kept + 1);

  slot->end = end;
  slot->n_rows++;
  if (rows->labels && rows->labels[row] != 0)
    slot->labelled = TRUE;
  widen (minima, maxima, rows->data + row * rows->cols, history->n_kept);
  if (rows->scores)
    widen (minima + history->n_kept, maxima + history->n_kept,
        rows->scores + row, 1);
}

void
plot_history_append (PlotHistory * history, const PlotRows * rows)
{
  guint64 start = rows->start;

  plot_history_advance (history, rows->start);
  for (gsize i = 0; i < rows->n_rows; i++) {
    const guint64 end = plot_rows_get_time (rows, i + 1);

    append_row (history, rows, i, start, end);
    start = end;
  }
  history->n_rows += rows->n_rows;
  plot_history_advance (history, rows->end);
}

void
plot_history_break (PlotHistory * history)
{
  history->broken = TRUE;
}

void
plot_history_advance (PlotHistory * history, guint64 time)
{
  if (!history->begun)
    history->first = time;
  history->begun = TRUE;
  history->now = MAX (history->now, time);
}

/* --- reading ------------------------------------------------------------ */

guint
plot_history_get_channels (const PlotHistory * history)
{
  return history->n_channels;
}

guint
plot_history_get_kept (const PlotHistory * history)
{
  return history->n_kept;
}

guint64
plot_history_get_rows (const PlotHistory * history)
{
  return history->n_rows;
}

/* How long ago the first of the last `auto_rows` rows began. */
static guint64
length_of_last_rows (const PlotHistory * history)
{
  guint64 n_rows = 0, start = history->now;

  for (guint i = history->n_slots; i > 0 && n_rows < history->auto_rows; i--) {
    const PlotSlot *slot = plot_history_get_slot (history, i - 1);

    n_rows += slot->n_rows;
    start = slot->start;
  }
  return history->now - start;
}

void
plot_history_get_window (const PlotHistory * history, guint64 *start,
    guint64 *length)
{
  *length = MAX (history->span, length_of_last_rows (history));
  *length = MAX (*length, 1);
  *start = history->now - history->first > *length ? history->now - *length
      : history->first;
}

guint
plot_history_get_slots (const PlotHistory * history)
{
  return history->n_slots;
}

const PlotSlot *
plot_history_get_slot (const PlotHistory * history, guint slot)
{
  return &history->slots[place_of (history, slot)];
}

static gsize
index_of (const PlotHistory * history, guint slot, guint series)
{
  return (gsize) place_of (history, slot) * (history->n_kept + 1) + series;
}

gboolean
plot_history_get_range (const PlotHistory * history, guint slot, guint series,
    gfloat * min, gfloat * max)
{
  const gsize index = index_of (history, slot, series);

  *min = history->minima[index];
  *max = history->maxima[index];
  return isfinite (*min) && isfinite (*max);
}

gfloat
plot_history_get_peak (const PlotHistory * history, guint slot)
{
  return history->maxima[index_of (history, slot, history->n_kept)];
}
