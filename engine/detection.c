/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "affiliation.h"
#include "events.h"

#include <math.h>
#include <stdlib.h>

#define SECONDS_PER_HOUR 3600.0

/* What of a span is covered by others. */
typedef struct
{
  gsize pieces;
  gsize rows;
  gsize first;                  /* row that is covered */
} Cover;

typedef struct
{
  gsize true_positives;
  gsize false_positives;
  gsize positives;
  gsize negatives;
  double negative_seconds;
} RowCounts;

/* From the beginning of each event found to its first flagged row. */
typedef struct
{
  double *rows;
  double *seconds;
  gsize n;
} Delays;

static double
harmonic_mean (double precision, double recall)
{
  if (isnan (recall))
    return NAN;
  if (isnan (precision) || precision + recall == 0)
    return 0;
  return 2 * precision * recall / (precision + recall);
}

/* --- rows --------------------------------------------------------------- */

/* The entry that a row belongs to, beginning the search at `times`. */
static const VaeRowTimes *
times_of_row (const VaeScored * series, const VaeRowTimes * times, gsize row)
{
  const VaeRowTimes *end = series->times + series->n_times;

  while (times + 1 < end && times[1].first_row <= row)
    times++;
  return times;
}

static void
count_rows (const VaeScored * series, double threshold, RowCounts * counts)
{
  const VaeRowTimes *times = series->times;

  memset (counts, 0, sizeof *counts);
  for (gsize i = 0; i < series->n_rows; i++) {
    if (isnan (series->scores[i]))
      continue;
    const gboolean flagged = series->scores[i] >= threshold;
    if (series->labels[i]) {
      counts->positives++;
      counts->true_positives += flagged;
      continue;
    }
    counts->negatives++;
    counts->false_positives += flagged;
    if (series->n_times > 0) {
      times = times_of_row (series, times, i);
      counts->negative_seconds += times->step;
    }
  }
  if (series->n_times == 0)
    counts->negative_seconds = NAN;
}

static void
evaluate_rows (const VaeScored * series, VaeDetection * detection,
    RowCounts * counts)
{
  count_rows (series, detection->threshold, counts);

  const double hits = (double) counts->true_positives;
  const double positives = (double) counts->positives;
  detection->flagged = counts->true_positives + counts->false_positives;
  detection->precision = hits / (double) detection->flagged;
  detection->recall = hits / positives;
  detection->f1 = harmonic_mean (detection->precision, detection->recall);
  detection->missed_rate = 1 - detection->recall;
  detection->false_alarm_rate =
      (double) counts->false_positives / (double) counts->negatives;
}

/* --- delays ------------------------------------------------------------- */

static void
delays_clear (Delays * delays)
{
  g_free (delays->rows);
  g_free (delays->seconds);
}

static gboolean
delays_init (Delays * delays, gsize n_events)
{
  delays->n = 0;
  delays->rows = g_try_new (double, MAX (n_events, 1));
  delays->seconds = g_try_new (double, MAX (n_events, 1));
  return delays->rows != NULL && delays->seconds != NULL;
}

static double
time_of_row (const VaeRowTimes * times, gsize row)
{
  return times->start + (double) (row - times->first_row) * times->step;
}

/* `times` is where the search begins. */
static void
delays_add (Delays * delays, const VaeScored * series,
    const VaeRowTimes ** times, gsize from, gsize to)
{
  double seconds = NAN;

  if (series->n_times > 0) {
    *times = times_of_row (series, *times, from);
    const double start = time_of_row (*times, from);
    *times = times_of_row (series, *times, to);
    seconds = time_of_row (*times, to) - start;
  }
  delays->rows[delays->n] = (double) (to - from);
  delays->seconds[delays->n] = seconds;
  delays->n++;
}

static int
compare (const void *a, const void *b)
{
  const double x = *(const double *) a, y = *(const double *) b;
  return (x > y) - (x < y);
}

/* Both NaN if there are no values, or one is NaN. */
static void
summarize (double *values, gsize n, double *mean, double *median)
{
  double sum = 0;

  for (gsize i = 0; i < n; i++)
    sum += values[i];
  *mean = sum / (double) n;
  *median = NAN;
  if (isnan (*mean))
    return;
  qsort (values, n, sizeof *values, compare);
  *median = (values[(n - 1) / 2] + values[n / 2]) / 2;
}

/* --- events and alarms -------------------------------------------------- */

static Cover
cover_by_alarms (const VaeScored * series, double threshold, VaeSpan event)
{
  Cover cover = { 0, 0, 0 };
  VaeSpan alarm = { event.first, event.first };

  while (vae_next_alarm (series, threshold, event.end, &alarm)) {
    if (cover.pieces++ == 0)
      cover.first = alarm.first;
    cover.rows += vae_span_rows (alarm);
  }
  return cover;
}

static Cover
cover_by_events (const VaeScored * series, VaeSpan alarm)
{
  Cover cover = { 0, 0, 0 };
  VaeSpan event = { alarm.first, alarm.first };

  while (vae_next_event (series, alarm.end, &event)) {
    if (cover.pieces++ == 0)
      cover.first = event.first;
    cover.rows += vae_span_rows (event);
  }
  return cover;
}

static double
range_share (Cover cover, VaeSpan span)
{
  if (cover.pieces == 0)
    return 0;
  return (double) cover.rows / (double) vae_span_rows (span)
      / (double) cover.pieces;
}

static void
evaluate_events (const VaeScored * series, VaeDetection * detection,
    Delays * delays)
{
  const VaeRowTimes *times = series->times;
  VaeSpan event = { 0, 0 };
  double shares = 0;

  while (vae_next_event (series, series->n_rows, &event)) {
    const Cover cover = cover_by_alarms (series, detection->threshold, event);
    detection->events++;
    shares += range_share (cover, event);
    if (cover.pieces == 0)
      continue;
    detection->events_found++;
    delays_add (delays, series, &times, event.first, cover.first);
  }
  detection->range_recall = shares / (double) detection->events;
  detection->event_recall =
      (double) detection->events_found / (double) detection->events;
}

static void
evaluate_alarms (const VaeScored * series, VaeDetection * detection)
{
  VaeSpan alarm = { 0, 0 };
  double shares = 0;

  while (vae_next_alarm (series, detection->threshold, series->n_rows, &alarm)) {
    const Cover cover = cover_by_events (series, alarm);
    detection->alarms++;
    shares += range_share (cover, alarm);
    if (cover.pieces == 0)
      detection->false_alarms++;
  }
  detection->range_precision = shares / (double) detection->alarms;
  detection->event_precision = (double) detection->events_found /
      ((double) detection->events_found + (double) detection->false_alarms);
}

static void
set_false_alarm_frequencies (VaeDetection * detection, const RowCounts * counts)
{
  const double false_alarms = (double) detection->false_alarms;

  detection->false_alarms_per_hour =
      false_alarms / (counts->negative_seconds / SECONDS_PER_HOUR);
  detection->false_alarms_per_1000_rows =
      false_alarms / ((double) counts->negatives / 1000);
}

static void
evaluate (const VaeScored * series, VaeDetection * detection, Delays * delays)
{
  RowCounts counts;

  evaluate_rows (series, detection, &counts);
  evaluate_events (series, detection, delays);
  evaluate_alarms (series, detection);
  set_false_alarm_frequencies (detection, &counts);
  summarize (delays->rows, delays->n, &detection->delay_mean,
      &detection->delay_median);
  summarize (delays->seconds, delays->n, &detection->delay_mean_seconds,
      &detection->delay_median_seconds);
  vae_affiliation (series, detection->threshold,
      &detection->affiliation_precision, &detection->affiliation_recall);

  detection->event_f1 =
      harmonic_mean (detection->event_precision, detection->event_recall);
  detection->composite_f1 =
      harmonic_mean (detection->precision, detection->event_recall);
  detection->range_f1 =
      harmonic_mean (detection->range_precision, detection->range_recall);
  detection->affiliation_f1 =
      harmonic_mean (detection->affiliation_precision,
      detection->affiliation_recall);
}

gboolean
vae_detection_compute (const VaeScored * series, double threshold,
    VaeDetection * detection, GError ** error)
{
  if (isnan (threshold)) {
    g_set_error (error, VAE_ERROR, VAE_ERROR_PARAMETER,
        "threshold is NaN, it must be a number");
    return FALSE;
  }

  Delays delays;
  const gboolean ready = delays_init (&delays, vae_count_events (series));
  memset (detection, 0, sizeof *detection);
  detection->threshold = threshold;
  if (ready)
    evaluate (series, detection, &delays);
  else
    vae_scored_set_memory_error (series, error);
  delays_clear (&delays);
  return ready;
}
