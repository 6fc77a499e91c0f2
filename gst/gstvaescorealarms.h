/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* When an anomaly begins and ends, and the messages that say so. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* The most to blame come in a message, at most so many. */
#define GST_VAE_SCORE_BLAMED 5

/* Adds the fields timestamp, stream-time and running-time, NONE where it is not
 * known. */
void gst_vae_score_set_times (GstStructure * structure,
    const GstSegment * segment, GstClockTime time);

/* A row that was scored. */
typedef struct
{
  guint64 offset;
  GstClockTime start;           /* its time and that of its end, or NONE */
  GstClockTime end;
  gfloat score;
  gboolean is_above;            /* the threshold */
  gdouble threshold;
  const gfloat *data;           /* [channels] */
  const gfloat *contributions;  /* [channels], NaN = not known */
  const gfloat *expected;       /* [channels], likewise */
} GstVaeScoreRow;

typedef struct
{
  guint channel;
  gfloat contribution;
  gfloat actual;
  gfloat expected;
} GstVaeScoreBlame;

/* What is kept of a row above the threshold. */
typedef struct
{
  guint64 position;             /* counted by the alarms */
  guint64 offset;
  GstClockTime start;
  GstClockTime end;
  gfloat score;
  guint n_blamed;
  GstVaeScoreBlame blamed[GST_VAE_SCORE_BLAMED];        /* the worst first */
} GstVaeScoreSighting;

typedef struct
{
  guint min_rows;
  guint of_rows;
  guint cool_down;

  guint64 position;             /* of the next row */
  GstVaeScoreSighting *recent;  /* [min_rows], of the last of_rows rows those
                                 * above the threshold, the oldest first */
  guint n_recent;

  gboolean is_open;
  gdouble threshold;            /* the last one */
  guint quiet;                  /* rows since the last one above it */
  GstVaeScoreSighting first;
  GstVaeScoreSighting last;
  GstVaeScoreSighting peak;
} GstVaeScoreAlarms;

/* FALSE if there is no memory. */
gboolean gst_vae_score_alarms_init (GstVaeScoreAlarms * alarms, guint min_rows,
    guint of_rows, guint cool_down);
void gst_vae_score_alarms_clear (GstVaeScoreAlarms * alarms);

/* Takes the next row, of so many channels. Returns the contents of a message, the
 * caller's, if an anomaly begins or ends with it, else NULL. `segment` gives
 * running and stream times. */
GstStructure *gst_vae_score_alarms_step (GstVaeScoreAlarms * alarms,
    const GstVaeScoreRow * row, guint channels, const GstSegment * segment);

/* The rows to come do not follow those before: forgets them. Returns the end of an
 * anomaly that was going on, else NULL. */
GstStructure *gst_vae_score_alarms_finish (GstVaeScoreAlarms * alarms,
    const GstSegment * segment);

G_END_DECLS
