/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/*
 * Row i is the interval [i, i + 1). The zone of an event is all that is nearer to
 * it than to any other event. A point of an alarm is as good as its distance d
 * from the event of its zone is small: it counts as the chance that a random
 * point of the zone is farther from the event than d. A point of an event counts
 * as the chance that a random point of the zone is farther from it than the
 * nearest alarm is. Both are integrated over all points, in closed form.
 */

#include "affiliation.h"

#include "events.h"

#include <math.h>

typedef struct
{
  double from;
  double to;
} Interval;

/* The alarms within a zone, cut off at its ends. */
typedef struct
{
  const VaeScored *series;
  double threshold;
  Interval zone;
  gsize limit;
  VaeSpan span;
} Alarms;

static double
length (Interval interval)
{
  return interval.to - interval.from;
}

static Interval
interval_from_span (VaeSpan span)
{
  return (Interval) {
  (double) span.first, (double) span.end};
}

static void
alarms_init (Alarms * alarms, const VaeScored * series, double threshold,
    Interval zone)
{
  alarms->series = series;
  alarms->threshold = threshold;
  alarms->zone = zone;
  alarms->limit = (gsize) ceil (zone.to);
  alarms->span.first = alarms->span.end = (gsize) floor (zone.from);
}

static gboolean
alarms_next (Alarms * alarms, Interval * alarm)
{
  if (!vae_next_alarm (alarms->series, alarms->threshold, alarms->limit,
          &alarms->span))
    return FALSE;
  *alarm = interval_from_span (alarms->span);
  alarm->from = MAX (alarm->from, alarms->zone.from);
  alarm->to = MIN (alarm->to, alarms->zone.to);
  return TRUE;
}

/* --- precision ---------------------------------------------------------- */

/* The integral of min (x, m) from 0 to d. */
static double
integrate_min (double m, double d)
{
  return d <= m ? d * d / 2 : m * d - m * m / 2;
}

/* Over the points at distances `near` to `far` from the event, on one side. Of the
 * zone are not farther: the event, as much on this side as on the other one, if
 * that has as much. */
static double
credit_beside (Interval event, Interval zone, double near, double far)
{
  const double m = MIN (event.from - zone.from, zone.to - event.to);
  const double not_farther = length (event) * (far - near)
      + (far * far - near * near) / 2
      + integrate_min (m, far) - integrate_min (m, near);

  return (far - near) - not_farther / length (zone);
}

static double
credit_alarm (Interval alarm, Interval event, Interval zone)
{
  const double inside = MIN (alarm.to, event.to) - MAX (alarm.from, event.from);
  double credit = MAX (inside, 0);

  if (alarm.from < event.from)
    credit += credit_beside (event, zone, MAX (event.from - alarm.to, 0),
        event.from - alarm.from);
  if (alarm.to > event.to)
    credit += credit_beside (event, zone, MAX (alarm.from - event.to, 0),
        alarm.to - event.to);
  return credit;
}

/* --- recall ------------------------------------------------------------- */

/* Over a piece of the event before an alarm that begins at `start`. At distance d
 * from a point are d of the zone behind it, and before it as much, unless the
 * zone begins sooner, which it does up to the middle. */
static double
credit_before (Interval piece, double start, Interval zone)
{
  const double middle = CLAMP ((zone.from + start) / 2, piece.from, piece.to);
  const double farthest = start - piece.from;
  const double halfway = start - middle;
  const double nearest = start - piece.to;
  const double before_from = piece.from - zone.from;
  const double before_middle = middle - zone.from;
  const double not_farther = (farthest * farthest - nearest * nearest) / 2
      + (before_middle * before_middle - before_from * before_from) / 2
      + (halfway * halfway - nearest * nearest) / 2;

  return length (piece) - not_farther / length (zone);
}

static Interval
mirror (Interval interval)
{
  return (Interval) {
  -interval.to, -interval.from};
}

/* Over a piece of the event to which no alarm is nearer. */
static double
credit_piece (Interval piece, Interval alarm, Interval zone)
{
  const Interval before = { piece.from, MIN (piece.to, alarm.from) };
  const Interval behind = { MAX (piece.from, alarm.to), piece.to };
  const double inside = MIN (piece.to, alarm.to) - MAX (piece.from, alarm.from);
  double credit = MAX (inside, 0);

  if (before.from < before.to)
    credit += credit_before (before, alarm.from, zone);
  if (behind.from < behind.to)
    credit += credit_before (mirror (behind), -alarm.to, mirror (zone));
  return credit;
}

/* --- zones -------------------------------------------------------------- */

/* Precision is NaN where there is no alarm. */
static void
evaluate_zone (const VaeScored * series, double threshold, Interval event,
    Interval zone, double *precision, double *recall)
{
  Alarms alarms;
  Interval alarm, next;
  double alarmed = 0, alarm_credit = 0, event_credit = 0;
  Interval piece = { event.from, event.from };

  alarms_init (&alarms, series, threshold, zone);
  for (gboolean more = alarms_next (&alarms, &alarm); more; alarm = next) {
    more = alarms_next (&alarms, &next);

    alarmed += length (alarm);
    alarm_credit += credit_alarm (alarm, event, zone);

    const double nearer_to_next = more ? (alarm.to + next.from) / 2 : zone.to;
    piece.to = CLAMP (nearer_to_next, event.from, event.to);
    if (piece.from < piece.to)
      event_credit += credit_piece (piece, alarm, zone);
    piece.from = piece.to;
  }
  *precision = alarm_credit / alarmed;
  *recall = event_credit / length (event);
}

void
vae_affiliation (const VaeScored * series, double threshold, double *precision,
    double *recall)
{
  VaeSpan span = { 0, 0 };
  Interval zone = { 0, 0 };
  gsize n_events = 0, n_alarmed = 0;
  double precisions = 0, recalls = 0;

  for (gboolean more = vae_next_event (series, series->n_rows, &span); more;) {
    const Interval event = interval_from_span (span);
    more = vae_next_event (series, series->n_rows, &span);
    zone.from = zone.to;
    zone.to = more ? (event.to + (double) span.first) / 2
        : (double) series->n_rows;

    double event_precision, event_recall;
    evaluate_zone (series, threshold, event, zone, &event_precision,
        &event_recall);
    n_events++;
    recalls += event_recall;
    if (isnan (event_precision))
      continue;
    n_alarmed++;
    precisions += event_precision;
  }
  *precision = precisions / (double) n_alarmed;
  *recall = recalls / (double) n_events;
}
