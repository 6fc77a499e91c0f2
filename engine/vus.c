/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/*
 * Range-based curves for every buffer length at once. A row in the buffer of an
 * event, at distance d from its nearest row, has the label sqrt (1 - d / w) for
 * the buffers of w >= 2 d rows. In the buffers of two events it has the label 1:
 * either share is at least sqrt (1/2), and they add up to no more than 1. So the
 * distances of the two nearest events are all that there is to know of a row, and
 * the thresholds that flag it begin at one of the 250, its level.
 */

#include "events.h"
#include "ranking.h"
#include "scorekey.h"

#include <math.h>

#define LEVELS 250

/* The level of a row without a score. */
#define NO_LEVEL LEVELS

/* Farther than any buffer reaches. */
#define FAR G_MAXSIZE

typedef struct
{
  gsize first;
  gsize last;
  gsize lower;                  /* the unbroken rows around it */
  gsize upper;
  guint8 best;                  /* level of its highest score, buffer included */
} Event;

typedef struct
{
  const VaeScored *series;
  guint buffer;
  guint reach;                  /* rows on either side of an event */
  gsize n_scored;
  gsize n_positives;            /* scored */

  guint8 *levels;               /* [n_rows] */
  gsize n_events;
  Event *events;                /* [n_events] */

  gsize flagged[LEVELS];        /* rows of a level */
  gsize hits[LEVELS];           /* of them, in events */
  double (*found)[LEVELS];      /* [reach + 1], share of the events found down to
                                 * a level */
  double *shares;               /* [LEVELS][buffer + 2], labels of the rows of a
                                 * level in the buffer of one event */
  gsize *ones;                  /* [LEVELS][buffer + 2], by how many more of them
                                 * are in two buffers than with one row less */
  double *labels;               /* [buffer + 1], of rows at one distance */
} Volume;

/* --- memory ------------------------------------------------------------- */

static void
volume_clear (Volume * volume)
{
  g_free (volume->levels);
  g_free (volume->events);
  g_free (volume->found);
  g_free (volume->shares);
  g_free (volume->ones);
  g_free (volume->labels);
}

static gboolean
volume_alloc (Volume * volume, GError ** error)
{
  const gsize lengths = volume->buffer + 2;

  volume->n_events = vae_count_events (volume->series);
  volume->levels = g_try_malloc (volume->series->n_rows);
  volume->events = g_try_new (Event, volume->n_events);
  volume->found = g_try_malloc_n (volume->reach + 1, sizeof *volume->found);
  volume->shares = g_try_new0 (double, LEVELS * lengths);
  volume->ones = g_try_new0 (gsize, LEVELS * lengths);
  volume->labels = g_try_new (double, lengths);
  if (volume->levels != NULL && volume->events != NULL
      && volume->found != NULL && volume->shares != NULL
      && volume->ones != NULL && volume->labels != NULL)
    return TRUE;
  vae_scored_set_memory_error (volume->series, error);
  return FALSE;
}

/* --- levels ------------------------------------------------------------- */

static void
count_scored (Volume * volume)
{
  const VaeScored *series = volume->series;

  for (gsize i = 0; i < series->n_rows; i++) {
    if (isnan (series->scores[i]))
      continue;
    volume->n_scored++;
    if (series->labels[i])
      volume->n_positives++;
  }
}

static guint8
level_of (const guint32 *keys, guint32 key)
{
  guint low = 0, high = LEVELS - 1;

  while (low < high) {
    const guint middle = (low + high) / 2;
    if (keys[middle] < key)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* The keys at evenly spaced places of the falling order of all scores. */
static void
find_keys (const VaeRanking * ranking, gsize n_scored, guint32 *keys)
{
  const VaeRanks *positives = &ranking->positives;
  const VaeRanks *negatives = &ranking->negatives;
  const double step = (double) (n_scored - 1) / (LEVELS - 1);
  gsize i = 0, j = 0;

  for (guint k = 0; k < LEVELS; k++) {
    const gsize place = k < LEVELS - 1 ? (gsize) (k * step) : n_scored - 1;
    gboolean positive;
    for (;;) {
      positive = j == negatives->n || (i < positives->n
          && positives->keys[i] < negatives->keys[j]);
      if (i + j == place)
        break;
      i += positive;
      j += !positive;
    }
    keys[k] = positive ? positives->keys[i] : negatives->keys[j];
  }
}

static gboolean
find_levels (Volume * volume, GError ** error)
{
  const VaeScored *series = volume->series;
  VaeRanking ranking;
  guint32 keys[LEVELS];

  if (!vae_ranking_init (&ranking, series->scores, series->labels,
          series->n_rows, error))
    return FALSE;
  find_keys (&ranking, volume->n_scored, keys);
  vae_ranking_clear (&ranking);

  for (gsize i = 0; i < series->n_rows; i++) {
    volume->levels[i] = NO_LEVEL;
    if (isnan (series->scores[i]))
      continue;
    const guint32 key = vae_score_key (series->scores[i]);
    const guint8 level = level_of (keys, key - ranking.lowest);
    volume->levels[i] = level;
    volume->flagged[level]++;
    if (series->labels[i])
      volume->hits[level]++;
  }
  return TRUE;
}

/* --- events ------------------------------------------------------------- */

static guint8
best_level (const Volume * volume, gsize first, gsize last)
{
  guint8 best = NO_LEVEL;

  for (gsize i = first; i <= last; i++)
    best = MIN (best, volume->levels[i]);
  return best;
}

static void
set_events (Volume * volume)
{
  const VaeScored *series = volume->series;
  VaeSpan span = { 0, 0 };
  gsize row = 0, lower = 0;

  for (gsize j = 0; j < volume->n_events; j++) {
    vae_next_event (series, series->n_rows, &span);
    for (; row <= span.first; row++)
      if (vae_is_broken (series, row))
        lower = row;
    Event *event = &volume->events[j];
    event->first = span.first;
    event->last = span.end - 1;
    event->lower = lower;
    event->best = best_level (volume, event->first, event->last);
  }

  gsize upper = series->n_rows;
  row = series->n_rows;
  for (gsize j = volume->n_events; j-- > 0;) {
    for (; row > volume->events[j].last + 1; row--)
      if (vae_is_broken (series, row - 1))
        upper = row - 1;
    volume->events[j].upper = upper;
  }
}

/* The neighbours; NULL if there is none on this side of the next break. */
static const Event *
event_before (const Volume * volume, gsize j)
{
  const Event *event = &volume->events[j];
  return j > 0 && event[-1].last >= event->lower ? event - 1 : NULL;
}

static const Event *
event_after (const Volume * volume, gsize j)
{
  const Event *event = &volume->events[j];
  return j + 1 < volume->n_events && event[1].first < event->upper ?
      event + 1 : NULL;
}

/* Takes in the rows at the ends of buffers that reach so far. */
static void
extend_best_levels (Volume * volume, gsize reach)
{
  for (gsize j = 0; j < volume->n_events; j++) {
    Event *event = &volume->events[j];
    if (event->first - event->lower >= reach)
      event->best = MIN (event->best, volume->levels[event->first - reach]);
    if (event->upper - event->last > reach)
      event->best = MIN (event->best, volume->levels[event->last + reach]);
  }
}

/* Events whose buffers meet are one. */
static void
count_found (Volume * volume, gsize reach)
{
  double *found = volume->found[reach];
  gsize counts[NO_LEVEL + 1] = { 0 };
  gsize n = 0, sum = 0;
  guint8 best = NO_LEVEL;

  for (gsize j = 0; j < volume->n_events; j++) {
    const Event *event = &volume->events[j];
    const Event *next = event_after (volume, j);
    best = MIN (best, event->best);
    if (next != NULL && next->first - event->last <= 2 * reach)
      continue;
    counts[best]++;
    n++;
    best = NO_LEVEL;
  }
  for (guint k = 0; k < LEVELS; k++) {
    sum += counts[k];
    found[k] = (double) sum / (double) n;
  }
}

/* --- rows in buffers ---------------------------------------------------- */

/* A row at distance `near` from one event, and at `next` from another. */
static void
add_row (Volume * volume, gsize row, gsize near, gsize next)
{
  const guint8 level = volume->levels[row];
  if (level == NO_LEVEL)
    return;

  const gsize lengths = volume->buffer + 2;
  const gsize end = volume->buffer + 1;
  const gsize twice = next <= volume->reach ? 2 * next : end;
  double *shares = volume->shares + level * lengths;
  for (gsize w = 2 * near; w < twice; w++)
    shares[w] += volume->labels[w];
  volume->ones[level * lengths + twice]++;
}

static void
add_row_before (Volume * volume, gsize j, gsize distance)
{
  const Event *event = &volume->events[j];
  const Event *before = event_before (volume, j);
  const Event *after = event_after (volume, j);
  if (event->first - event->lower < distance)
    return;

  const gsize row = event->first - distance;
  gsize next = FAR;
  if (before != NULL) {
    /* Also if the row is in that event, or as near to it: then it is its row. */
    if (row <= before->last || row - before->last <= distance)
      return;
    next = row - before->last;
  }
  if (after != NULL)
    next = MIN (next, after->first - row);
  add_row (volume, row, distance, next);
}

static void
add_row_after (Volume * volume, gsize j, gsize distance)
{
  const Event *event = &volume->events[j];
  const Event *before = event_before (volume, j);
  const Event *after = event_after (volume, j);
  if (event->upper - event->last <= distance)
    return;

  const gsize row = event->last + distance;
  gsize next = FAR;
  if (after != NULL) {
    if (row >= after->first || after->first - row < distance)
      return;
    next = after->first - row;
  }
  if (before != NULL)
    next = MIN (next, row - before->last);
  add_row (volume, row, distance, next);
}

static void
add_rows_at (Volume * volume, gsize distance)
{
  for (gsize w = 2 * distance; w <= volume->buffer; w++)
    volume->labels[w] = sqrt (1.0 - (double) distance / (double) w);
  for (gsize j = 0; j < volume->n_events; j++) {
    add_row_before (volume, j, distance);
    add_row_after (volume, j, distance);
  }
}

/* --- curves ------------------------------------------------------------- */

/* The rows of each level that are in two buffers, for each length. */
static void
sum_ones (Volume * volume)
{
  const gsize lengths = volume->buffer + 2;

  for (guint k = 0; k < LEVELS; k++)
    for (gsize w = 1; w < lengths; w++)
      volume->ones[k * lengths + w] += volume->ones[k * lengths + w - 1];
}

static void
add_areas (const Volume * volume, guint w, VaeVus * vus)
{
  const gsize lengths = volume->buffer + 2;
  const double *found = volume->found[w / 2];
  const double positives = (double) volume->n_positives;
  double flagged = 0, hits = 0, near = 0;
  double last_tpr = 0, last_fpr = 0;

  for (guint k = 0; k < LEVELS; k++) {
    flagged += (double) volume->flagged[k];
    hits += (double) volume->hits[k];
    near += volume->shares[k * lengths + w]
        + (double) volume->ones[k * lengths + w];

    const double true_positives = hits + near;
    const double relevant = positives + near / 2;
    const double recall = MIN (true_positives / relevant, 1);
    const double tpr = recall * found[k];
    const double fpr = (flagged - true_positives)
        / ((double) volume->n_scored - relevant);
    vus->roc += (fpr - last_fpr) * (tpr + last_tpr) / 2;
    vus->pr += (tpr - last_tpr) * true_positives / flagged;
    last_tpr = tpr;
    last_fpr = fpr;
  }
  vus->roc += (1 - last_fpr) * (1 + last_tpr) / 2;
}

static void
measure (Volume * volume, VaeVus * vus)
{
  set_events (volume);
  count_found (volume, 0);
  for (guint distance = 1; distance <= volume->reach; distance++) {
    extend_best_levels (volume, distance);
    count_found (volume, distance);
    add_rows_at (volume, distance);
  }
  sum_ones (volume);

  vus->roc = vus->pr = 0;
  for (guint w = 0; w <= volume->buffer; w++)
    add_areas (volume, w, vus);
  vus->roc /= volume->buffer + 1;
  vus->pr /= volume->buffer + 1;
}

static gboolean
has_both_classes (const Volume * volume)
{
  return volume->n_positives > 0 && volume->n_positives < volume->n_scored;
}

gboolean
vae_vus_compute (const VaeScored * series, guint buffer, VaeVus * vus,
    GError ** error)
{
  if (buffer > VAE_MAX_BUFFER) {
    g_set_error (error, VAE_ERROR, VAE_ERROR_PARAMETER,
        "buffer is %u, it must be from 0 to %u rows", buffer, VAE_MAX_BUFFER);
    return FALSE;
  }

  Volume volume = {.series = series,.buffer = buffer,.reach = buffer / 2 };
  vus->roc = vus->pr = NAN;
  count_scored (&volume);
  if (!has_both_classes (&volume))
    return TRUE;

  gboolean ready = volume_alloc (&volume, error)
      && find_levels (&volume, error);
  if (ready)
    measure (&volume, vus);
  volume_clear (&volume);
  return ready;
}
