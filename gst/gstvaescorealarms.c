/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstvaescorealarms.h"

#include <string.h>

gboolean
gst_vae_score_alarms_init (GstVaeScoreAlarms * alarms, guint min_rows,
    guint of_rows, guint cool_down)
{
  *alarms = (GstVaeScoreAlarms) {
  .min_rows = min_rows,.of_rows = of_rows,.cool_down = cool_down};
  alarms->recent = g_try_new (GstVaeScoreSighting, min_rows);
  return alarms->recent != NULL;
}

void
gst_vae_score_alarms_clear (GstVaeScoreAlarms * alarms)
{
  g_clear_pointer (&alarms->recent, g_free);
}

/* --- blame ---------------------------------------------------------------- */

/* Puts a channel where it belongs among the worst. */
static void
blame (GstVaeScoreSighting * sighting, const GstVaeScoreBlame * channel)
{
  guint i = sighting->n_blamed;

  if (i < GST_VAE_SCORE_BLAMED)
    sighting->n_blamed++;
  else if (channel->contribution <= sighting->blamed[--i].contribution)
    return;
  for (; i > 0 && channel->contribution > sighting->blamed[i - 1].contribution;
      i--)
    sighting->blamed[i] = sighting->blamed[i - 1];
  sighting->blamed[i] = *channel;
}

static void
see (const GstVaeScoreAlarms * alarms, const GstVaeScoreRow * row,
    guint channels, GstVaeScoreSighting * sighting)
{
  *sighting = (GstVaeScoreSighting) {
  .position = alarms->position,.offset = row->offset,.start =
        row->start,.end = row->end,.score = row->score};
  for (guint c = 0; c < channels; c++) {
    const GstVaeScoreBlame channel = { c, row->contributions[c],
      row->data[c], row->expected[c]
    };
    if (channel.contribution > 0)
      blame (sighting, &channel);
  }
}

/* --- messages ------------------------------------------------------------- */

static void
append_value (GValue * array, GType type, gdouble number)
{
  GValue value = G_VALUE_INIT;

  g_value_init (&value, type);
  if (type == G_TYPE_UINT)
    g_value_set_uint (&value, (guint) number);
  else
    g_value_set_double (&value, number);
  gst_value_array_append_and_take_value (array, &value);
}

static void
add_blame (GstStructure * structure, const GstVaeScoreSighting * peak)
{
  static const gchar *const names[] = { "channels", "contributions", "actual",
    "expected"
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    GValue array = G_VALUE_INIT;

    g_value_init (&array, GST_TYPE_ARRAY);
    for (guint j = 0; j < peak->n_blamed; j++) {
      const GstVaeScoreBlame *b = &peak->blamed[j];
      const gdouble numbers[] = { b->channel, b->contribution, b->actual,
        b->expected
      };
      append_value (&array, i == 0 ? G_TYPE_UINT : G_TYPE_DOUBLE, numbers[i]);
    }
    gst_structure_take_value (structure, names[i], &array);
  }
}

void
gst_vae_score_set_times (GstStructure * structure, const GstSegment * segment,
    GstClockTime time)
{
  const gboolean is_timed = segment->format == GST_FORMAT_TIME;

  gst_structure_set (structure,
      "timestamp", G_TYPE_UINT64, time,
      "stream-time", G_TYPE_UINT64, is_timed
      ? gst_segment_to_stream_time (segment, GST_FORMAT_TIME, time)
      : GST_CLOCK_TIME_NONE,
      "running-time", G_TYPE_UINT64, is_timed
      ? gst_segment_to_running_time (segment, GST_FORMAT_TIME, time)
      : GST_CLOCK_TIME_NONE, NULL);
}

/* NONE unless both are known and in order. */
static GstClockTime
time_between (GstClockTime start, GstClockTime end)
{
  return GST_CLOCK_TIME_IS_VALID (start) && GST_CLOCK_TIME_IS_VALID (end)
      && end >= start ? end - start : GST_CLOCK_TIME_NONE;
}

static GstStructure *
describe (const GstVaeScoreAlarms * alarms, const gchar * event,
    const GstSegment * segment)
{
  GstStructure *structure = gst_structure_new ("vaescore",
      "event", G_TYPE_STRING, event,
      "duration", G_TYPE_UINT64, time_between (alarms->first.start,
          alarms->last.end),
      "first-row", G_TYPE_UINT64, alarms->first.offset,
      "last-row", G_TYPE_UINT64, alarms->last.offset,
      "peak-row", G_TYPE_UINT64, alarms->peak.offset,
      "peak-score", G_TYPE_DOUBLE, (gdouble) alarms->peak.score,
      "threshold", G_TYPE_DOUBLE, alarms->threshold, NULL);

  gst_vae_score_set_times (structure, segment, alarms->first.start);
  add_blame (structure, &alarms->peak);
  return structure;
}

/* --- rows ----------------------------------------------------------------- */

/* Forgets those that are of_rows rows away or more. */
static void
forget_old (GstVaeScoreAlarms * alarms)
{
  guint n = 0;

  while (n < alarms->n_recent
      && alarms->recent[n].position + alarms->of_rows <= alarms->position)
    n++;
  alarms->n_recent -= n;
  memmove (alarms->recent, alarms->recent + n,
      alarms->n_recent * sizeof (GstVaeScoreSighting));
}

static void
open_alarm (GstVaeScoreAlarms * alarms)
{
  alarms->is_open = TRUE;
  alarms->quiet = 0;
  alarms->first = alarms->peak = alarms->recent[0];
  alarms->last = alarms->recent[alarms->n_recent - 1];
  for (guint i = 1; i < alarms->n_recent; i++)
    if (alarms->recent[i].score > alarms->peak.score)
      alarms->peak = alarms->recent[i];
  alarms->n_recent = 0;
}

static GstStructure *
look_for_beginning (GstVaeScoreAlarms * alarms,
    const GstVaeScoreSighting * sighting, const GstSegment * segment)
{
  forget_old (alarms);
  alarms->recent[alarms->n_recent++] = *sighting;
  if (alarms->n_recent < alarms->min_rows)
    return NULL;
  open_alarm (alarms);
  return describe (alarms, "anomaly-begin", segment);
}

static GstStructure *
look_for_end (GstVaeScoreAlarms * alarms, const GstSegment * segment)
{
  if (!alarms->is_open || alarms->quiet++ < alarms->cool_down)
    return NULL;
  alarms->is_open = FALSE;
  return describe (alarms, "anomaly-end", segment);
}

static void
go_on (GstVaeScoreAlarms * alarms, const GstVaeScoreSighting * sighting)
{
  alarms->quiet = 0;
  alarms->last = *sighting;
  if (sighting->score > alarms->peak.score)
    alarms->peak = *sighting;
}

GstStructure *
gst_vae_score_alarms_step (GstVaeScoreAlarms * alarms,
    const GstVaeScoreRow * row, guint channels, const GstSegment * segment)
{
  GstStructure *structure = NULL;

  alarms->threshold = row->threshold;
  if (row->is_above) {
    GstVaeScoreSighting sighting;

    see (alarms, row, channels, &sighting);
    if (alarms->is_open)
      go_on (alarms, &sighting);
    else
      structure = look_for_beginning (alarms, &sighting, segment);
  } else {
    structure = look_for_end (alarms, segment);
  }
  alarms->position++;
  return structure;
}

GstStructure *
gst_vae_score_alarms_finish (GstVaeScoreAlarms * alarms,
    const GstSegment * segment)
{
  const gboolean was_open = alarms->is_open;

  alarms->is_open = FALSE;
  alarms->n_recent = 0;
  return was_open ? describe (alarms, "anomaly-end", segment) : NULL;
}
