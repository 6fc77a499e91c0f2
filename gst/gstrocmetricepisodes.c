/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstrocmetricepisodes.h"

#include <math.h>

#include "gstrocmetricrows.h"
#include "gstvaereport.h"

/* Rows of a table of episodes. */
#define MAX_EPISODES 15

/* An event or a false alarm. */
typedef struct
{
  gsize first;
  gsize end;
  gsize peak;                   /* the row with the highest score */
  gsize delay;                  /* rows until the first flagged one */
  gboolean flagged;
  gboolean labelled;
} Episode;

static Episode
examine (const GstRocMetricReport * report, gsize first, gsize end)
{
  const gfloat *scores = report->series->scores;
  Episode episode = {.first = first,.end = end,.peak = first };

  for (gsize i = first; i < end; i++) {
    if (isnan (scores[episode.peak]) || scores[i] > scores[episode.peak])
      episode.peak = i;
    if (!episode.flagged && gst_roc_metric_is_flagged (report, i)) {
      episode.flagged = TRUE;
      episode.delay = i - first;
    }
    episode.labelled |= gst_roc_metric_is_labelled (report, i);
  }
  return episode;
}

static gboolean
is_event (const Episode * episode)
{
  return episode->labelled;
}

static gboolean
is_missed (const Episode * episode)
{
  return episode->labelled && !episode->flagged;
}

static gboolean
is_false_alarm (const Episode * episode)
{
  return !episode->labelled;
}

/* By falling score; those without one are last. */
static gboolean
is_worse (const GstRocMetricReport * report, const Episode * a,
    const Episode * b)
{
  const gfloat x = report->series->scores[a->peak];
  const gfloat y = report->series->scores[b->peak];

  return x > y || (isnan (y) && !isnan (x));
}

/* The worst runs, in order; the first of equals is first. Returns how many there
 * are in all. */
static gsize
find_worst (const GstRocMetricReport * report, GstRocMetricRowFunc is_so,
    gboolean (*is_meant) (const Episode * episode),
    Episode worst[MAX_EPISODES + 1])
{
  gsize first, end = 0, n = 0;

  while (gst_roc_metric_next_run (report, is_so, &first, &end)) {
    const Episode episode = examine (report, first, end);
    gsize i;

    if (!is_meant (&episode))
      continue;
    for (i = MIN (n, MAX_EPISODES); i > 0
        && is_worse (report, &episode, &worst[i - 1]); i--)
      worst[i] = worst[i - 1];
    worst[i] = episode;
    n++;
  }
  return n;
}

/* Takes the text. */
static void
append_cell (GString * page, gchar * text)
{
  gst_vae_report_cell (page, text);
  g_free (text);
}

static gchar *
describe_rows (const Episode * episode)
{
  if (episode->end - episode->first == 1)
    return g_strdup_printf ("%" G_GSIZE_FORMAT, episode->first);
  return g_strdup_printf ("%" G_GSIZE_FORMAT " to %" G_GSIZE_FORMAT,
      episode->first, episode->end - 1);
}

static gchar *
describe_score (const VaeScored * series, gsize row)
{
  return isnan (series->scores[row]) ? g_strdup ("none")
      : gst_vae_report_number (series->scores[row]);
}

static gchar *
describe_alarm (const Episode * episode)
{
  if (!episode->flagged)
    return g_strdup ("missed");
  if (episode->delay == 0)
    return g_strdup ("at once");
  return g_strdup_printf ("after %" G_GSIZE_FORMAT " %s", episode->delay,
      episode->delay == 1 ? "row" : "rows");
}

static gchar *
describe_blame (const GstRocMetricReport * report, gsize row)
{
  const GstRocMetricBlame *blame = report->blame + row * GST_ROC_METRIC_BLAMED;
  GString *text = g_string_new (NULL);

  for (guint k = 0; k < GST_ROC_METRIC_BLAMED && !isnan (blame[k].channel); k++)
    g_string_append_printf (text, "%s%.0f (%.0f %%)", k > 0 ? ", " : "",
        blame[k].channel, 100 * blame[k].share);
  if (text->len == 0)
    g_string_append (text, "none");
  return g_string_free (text, FALSE);
}

static void
append_episode (GString * page, const GstRocMetricReport * report,
    const Episode * episode, gboolean tells_alarm)
{
  const VaeScored *series = report->series;

  gst_vae_report_row_begin (page);
  append_cell (page, describe_rows (episode));
  append_cell (page, gst_roc_metric_name_time (series, episode->first, 0.001));
  append_cell (page, describe_score (series, episode->peak));
  if (tells_alarm)
    append_cell (page, describe_alarm (episode));
  if (report->blame)
    append_cell (page, describe_blame (report, episode->peak));
  gst_vae_report_row_end (page);
}

static void
append_episodes (GString * page, const GstRocMetricReport * report,
    const gchar * title, GstRocMetricRowFunc is_so,
    gboolean (*is_meant) (const Episode * episode), gboolean tells_alarm)
{
  const gchar *columns[6] = { "rows", "begins at", "highest score" };
  Episode worst[MAX_EPISODES + 1];
  const gsize n = find_worst (report, is_so, is_meant, worst);
  const gsize n_told = MIN (n, MAX_EPISODES);
  g_autofree gchar *caption = n_told == n
      ? g_strdup_printf ("%s (%" G_GSIZE_FORMAT ")", title, n)
      : g_strdup_printf ("%s (%" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT ")",
      title, n_told, n);
  guint n_columns = 3;

  if (n == 0)
    return;
  if (tells_alarm)
    columns[n_columns++] = "alarm";
  if (report->blame)
    columns[n_columns++] = "channels to blame";
  gst_vae_report_table_begin (page, caption, columns);
  for (gsize i = 0; i < n_told; i++)
    append_episode (page, report, &worst[i], tells_alarm);
  gst_vae_report_table_end (page);
}

void
gst_roc_metric_append_worst (GString * page, const GstRocMetricReport * report)
{
  const gboolean is_deployed = !report->results->no_threshold;

  gst_vae_report_section (page, "Worst events");
  if (report->blame)
    gst_vae_report_paragraph (page, "The channels to blame are those that "
        "contributed most to the highest score, counted from 0.");
  if (report->results->controls.events == 0)
    gst_vae_report_paragraph (page, "No row is labelled as an anomaly.");
  append_episodes (page, report, "Events by their highest score",
      gst_roc_metric_is_labelled, is_event, is_deployed);
  if (is_deployed) {
    append_episodes (page, report, "Events that were missed",
        gst_roc_metric_is_labelled, is_missed, FALSE);
    append_episodes (page, report, "False alarms", gst_roc_metric_is_flagged,
        is_false_alarm, FALSE);
  }
}
