/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstrocmetricrows.h"

#include <math.h>

#include "plotaxis.h"

/* NaN if it is not known. */
static gdouble
time_of (const VaeScored * series, gsize row)
{
  gsize low = 0, high = series->n_times;

  while (high - low > 1) {
    const gsize middle = low + (high - low) / 2;
    if (series->times[middle].first_row <= row)
      low = middle;
    else
      high = middle;
  }
  if (high == 0)
    return NAN;
  return series->times[low].start + series->times[low].step
      * (gdouble) (row - series->times[low].first_row);
}

gchar *
gst_roc_metric_name_time (const VaeScored * series, gsize row,
    gdouble precision)
{
  const gdouble time = time_of (series, row);
  gchar text[PLOT_LABEL_SIZE];

  if (!isfinite (time) || time < 0 || time > 1e12)
    return g_strdup ("not known");
  plot_axis_time_label (text, time, precision);
  return g_strdup (text);
}

static gsize
clamp_row (const VaeScored * series, gdouble row)
{
  return (gsize) CLAMP (row, 0, (gdouble) (series->n_rows - 1));
}

gchar *
gst_roc_metric_name_row (gdouble x, gconstpointer user_data)
{
  const VaeScored *series = user_data;
  const gsize row = clamp_row (series, round (x));
  const gdouble first = time_of (series, 0);
  const gdouble length = time_of (series, series->n_rows - 1) - first;

  if (!(length > 0) || !(first >= 0) || length > 1e12)
    return g_strdup_printf ("%" G_GSIZE_FORMAT, row);
  return gst_roc_metric_name_time (series, row, plot_axis_time_step (length,
          500));
}

gboolean
gst_roc_metric_are_times_known (const VaeScored * series)
{
  return time_of (series, series->n_rows - 1) > time_of (series, 0);
}

gboolean
gst_roc_metric_is_flagged (const GstRocMetricReport * report, gsize row)
{
  return !report->results->no_threshold
      && report->series->scores[row] >= report->results->detection.threshold;
}

gboolean
gst_roc_metric_is_labelled (const GstRocMetricReport * report, gsize row)
{
  return report->series->labels[row] != 0;
}

gboolean
gst_roc_metric_next_run (const GstRocMetricReport * report,
    GstRocMetricRowFunc is_so, gsize *first, gsize *end)
{
  const VaeScored *series = report->series;
  gsize i = *end;

  while (i < series->n_rows && !is_so (report, i))
    i++;
  *first = i;
  if (i == series->n_rows)
    return FALSE;
  for (i++; i < series->n_rows && is_so (report, i); i++)
    if (series->breaks && series->breaks[i])
      break;
  *end = i;
  return TRUE;
}
