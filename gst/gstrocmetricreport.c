/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstrocmetricreport.h"

#include <math.h>
#include <stdlib.h>

#include "gstrocmetricepisodes.h"
#include "gstrocmetricrows.h"
#include "gstvaereport.h"

/* Columns that a drawing is made for: as many as pixels, or more. */
#define COLUMNS 800
#define CURVE_COLUMNS 500

#define BINS 48

/* So many scores tell well enough what is typical. */
#define SAMPLE 4096

/* --- blame -------------------------------------------------------------- */

static void
blame_row (const gfloat * contributions, guint n_channels,
    GstRocMetricBlame * blame)
{
  gdouble sum = 0;

  for (guint k = 0; k < GST_ROC_METRIC_BLAMED; k++)
    blame[k] = (GstRocMetricBlame) {
    NAN, 0};
  for (guint i = 0; i < n_channels; i++) {
    GstRocMetricBlame it = { (gfloat) i, contributions[i] };

    if (!(it.share > 0) || !isfinite (it.share))
      continue;
    sum += it.share;
    for (guint k = 0; k < GST_ROC_METRIC_BLAMED; k++) {
      if (it.share > blame[k].share) {
        const GstRocMetricBlame less = blame[k];
        blame[k] = it;
        it = less;
      }
    }
  }
  for (guint k = 0; k < GST_ROC_METRIC_BLAMED && sum > 0; k++)
    blame[k].share = (gfloat) (blame[k].share / sum);
}

void
gst_roc_metric_blame (const gfloat * contributions, gsize n_rows,
    guint n_channels, GstRocMetricBlame * blame)
{
  for (gsize i = 0; i < n_rows; i++)
    blame_row (contributions + i * n_channels, n_channels,
        blame + i * GST_ROC_METRIC_BLAMED);
}

/* --- figures ------------------------------------------------------------ */

static gchar *
with_number (const gchar * before, gdouble number, const gchar * after)
{
  g_autofree gchar *text = gst_vae_report_number (number);

  return g_strconcat (before, text, after, NULL);
}

/* Takes the remark. */
static void
headline (GString * page, const gchar * name, gdouble number, gchar * remark)
{
  g_autofree gchar *text = gst_vae_report_number (number);

  gst_vae_report_headline (page, name, text, remark);
  g_free (remark);
}

static void
append_active_latents (GString * page, const GstStructure * model)
{
  g_autofree gchar *text = NULL;
  const gchar *kind;
  guint active;

  if (!model || !gst_structure_get_uint (model, "active-latents", &active))
    return;
  kind = gst_structure_get_string (model, "kind");
  if (g_strcmp0 (kind, "vae") != 0 && g_strcmp0 (kind, "ensemble") != 0)
    return;
  text = g_strdup_printf ("%u", active);
  gst_vae_report_headline (page, "Active latents", text, active > 0
      ? "carry more than 0.01 nats of a row, in the model's VAE"
      : "collapsed: the model's VAE reconstructs every row as the mean");
}

static void
append_ranking (GString * page, const GstRocMetricReport * report)
{
  const VaeMetrics *metrics = &report->results->metrics;
  const VaeControls *controls = &report->results->controls;
  const VaeVus *vus = &report->results->vus;

  gst_vae_report_headlines_begin (page);
  headline (page, "Base rate", metrics->base_rate,
      g_strdup_printf ("%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " scored "
          "rows are anomalies, in %" G_GUINT64_FORMAT " events",
          metrics->positives, metrics->rows - metrics->unscored,
          controls->events));
  headline (page, "AUROC", metrics->auroc, g_strdup ("random scores get 0.5"));
  headline (page, "AUPRC", metrics->auprc,
      with_number ("random scores get the base rate, ", metrics->base_rate,
          ""));
  headline (page, "VUS-PR", vus->pr,
      g_strdup_printf ("by events, buffers of 0 to %u rows",
          report->results->buffer));
  headline (page, "VUS-ROC", vus->roc,
      g_strdup_printf ("by events, buffers of 0 to %u rows",
          report->results->buffer));
  headline (page, "Best F1", metrics->best_f1,
      with_number ("an oracle: its threshold was chosen with the labels; "
          "always alarming gets ", controls->always_f1, ""));
  append_active_latents (page, report->model);
  gst_vae_report_headlines_end (page);
}

static gchar *
describe_false_alarms (const VaeDetection * detection)
{
  if (!isnan (detection->false_alarms_per_hour))
    return with_number ("", detection->false_alarms_per_hour,
        " per hour of normal rows");
  return with_number ("", detection->false_alarms_per_1000_rows,
      " per 1000 normal rows");
}

static void
append_detection (GString * page, const GstRocMetricReport * report)
{
  const VaeDetection *detection = &report->results->detection;
  const VaeControls *controls = &report->results->controls;
  g_autofree gchar *found =
      g_strdup_printf ("%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT,
      detection->events_found, detection->events);
  g_autofree gchar *false_alarms =
      g_strdup_printf ("%" G_GUINT64_FORMAT, detection->false_alarms);
  g_autofree gchar *how_often = describe_false_alarms (detection);
  g_autofree gchar *delay = isnan (detection->delay_median)
      ? g_strdup ("no event has an alarm")
      : with_number ("median delay in rows: ", detection->delay_median, "");

  gst_vae_report_headlines_begin (page);
  headline (page, "Threshold", detection->threshold,
      g_strdup ("rows with a score of at least this are flagged"));
  gst_vae_report_headline (page, "Events found", found, delay);
  gst_vae_report_headline (page, "False alarms", false_alarms, how_often);
  headline (page, "F1", detection->f1,
      with_number ("by rows; always alarming gets ", controls->always_f1, ""));
  headline (page, "Precision", detection->precision,
      with_number ("by rows; always alarming gets the base rate, ",
          report->results->metrics.base_rate, ""));
  headline (page, "Recall", detection->recall,
      g_strdup ("share of the anomalous rows that are flagged"));
  gst_vae_report_headlines_end (page);
}

static void
append_headlines (GString * page, const GstRocMetricReport * report)
{
  const gchar *no_threshold = report->results->no_threshold;

  gst_vae_report_section (page, "How the scores rank the rows");
  append_ranking (page, report);
  gst_vae_report_section (page, "What the threshold gives");
  if (no_threshold) {
    g_autofree gchar *text = g_strconcat ("There is no threshold: ",
        no_threshold, ".", NULL);
    gst_vae_report_paragraph (page, text);
  } else {
    append_detection (page, report);
  }
}

/* --- curves ------------------------------------------------------------- */

static const GstVaeReportAxis unit_axis = { 0, 1, FALSE };

static gchar *
describe_points (const gchar * what, gsize n_drawn, gsize n)
{
  if (n_drawn == n)
    return g_strdup_printf ("%s All %" G_GSIZE_FORMAT " thresholds are drawn.",
        what, n);
  return g_strdup_printf ("%s %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT
      " thresholds are drawn: first, last, lowest and highest of each of %d "
      "columns.", what, n_drawn, n, CURVE_COLUMNS);
}

static gchar *
describe_operation (const VaeDetection * detection, const gchar * x_name,
    gdouble x, const gchar * y_name, gdouble y)
{
  g_autofree gchar *threshold = gst_vae_report_number (detection->threshold);
  g_autofree gchar *x_text = gst_vae_report_number (x);
  g_autofree gchar *y_text = gst_vae_report_number (y);

  return g_strdup_printf ("threshold %s: %s %s, %s %s", threshold, x_name,
      x_text, y_name, y_text);
}

static void
append_curve_end (GString * page, const GstRocMetricReport * report,
    const GstVaeReportPlot * plot, gdouble x, const gchar * x_name, gdouble y,
    const gchar * y_name)
{
  g_autofree gchar *operation = NULL;

  if (report->results->no_threshold || isnan (x) || isnan (y)) {
    gst_vae_report_plot_end (page, plot);
    return;
  }
  gst_vae_report_mark (page, plot, x, y);
  gst_vae_report_plot_end (page, plot);
  operation = describe_operation (&report->results->detection, x_name, x,
      y_name, y);
  gst_vae_report_key (page, "mark", operation);
}

static void
append_roc (GString * page, const GstRocMetricReport * report,
    GstVaeReportPoint * points, gsize n)
{
  const VaeDetection *detection = &report->results->detection;
  const GstVaeReportPlot plot = {
    .name = "ROC curve",
    .x_name = "false alarm rate (flagged, of the normal rows)",
    .y_name = "recall (flagged, of the anomalous rows)",
    .x = unit_axis,
    .y = unit_axis,
    .square = TRUE,
  };
  const GstVaeReportPoint chance[] = { {0, 0}, {1, 1} };
  const gsize n_drawn =
      gst_vae_report_thin (points, n, &unit_axis, CURVE_COLUMNS);
  g_autofree gchar *caption = describe_points ("One point for each threshold.",
      n_drawn, n);
  g_autofree gchar *key = with_number ("scores: AUROC ",
      report->results->metrics.auroc, "");

  gst_vae_report_figure_begin (page, "ROC", caption);
  gst_vae_report_plot_begin (page, &plot);
  gst_vae_report_line (page, &plot, "rule", NULL, chance, 2);
  gst_vae_report_line (page, &plot, "one", "roc", points, n_drawn);
  append_curve_end (page, report, &plot, detection->false_alarm_rate,
      "false alarm rate", detection->recall, "recall");
  gst_vae_report_key (page, "one", key);
  gst_vae_report_key (page, "rule", "random scores: AUROC 0.5");
  gst_vae_report_figure_end (page);
}

static void
append_pr (GString * page, const GstRocMetricReport * report,
    GstVaeReportPoint * points, gsize n)
{
  const VaeDetection *detection = &report->results->detection;
  const gdouble base_rate = report->results->metrics.base_rate;
  const GstVaeReportPlot plot = {
    .name = "Precision-recall curve",
    .x_name = "recall (flagged, of the anomalous rows)",
    .y_name = "precision (anomalous, of the flagged rows)",
    .x = unit_axis,
    .y = unit_axis,
    .square = TRUE,
  };
  const GstVaeReportPoint chance[] = { {0, base_rate}, {1, base_rate} };
  const gsize n_drawn =
      gst_vae_report_thin (points, n, &unit_axis, CURVE_COLUMNS);
  g_autofree gchar *caption = describe_points ("As steps, the area under which "
      "is the average precision.", n_drawn, n);
  g_autofree gchar *key = with_number ("scores: AUPRC ",
      report->results->metrics.auprc, "");
  g_autofree gchar *chance_key = with_number ("random scores: the base rate, ",
      base_rate, "");

  gst_vae_report_figure_begin (page, "Precision and recall", caption);
  gst_vae_report_plot_begin (page, &plot);
  gst_vae_report_line (page, &plot, "rule", NULL, chance, 2);
  gst_vae_report_steps (page, &plot, "one", "pr", points, n_drawn);
  append_curve_end (page, report, &plot, detection->recall, "recall",
      detection->precision, "precision");
  gst_vae_report_key (page, "one", key);
  gst_vae_report_key (page, "rule", chance_key);
  gst_vae_report_figure_end (page);
}

static gboolean
points_new (gsize n, GstVaeReportPoint ** points, GError ** error)
{
  *points = g_try_new (GstVaeReportPoint, n);
  if (*points)
    return TRUE;
  g_set_error (error, VAE_ERROR, VAE_ERROR_MEMORY,
      "no memory to draw %" G_GSIZE_FORMAT " points", n);
  return FALSE;
}

static gboolean
append_curves (GString * page, const GstRocMetricReport * report,
    GError ** error)
{
  const VaeScored *series = report->series;
  g_autoptr (GArray) curve = NULL;
  g_autofree GstVaeReportPoint *points = NULL;

  gst_vae_report_section (page, "Curves");
  if (isnan (report->results->metrics.auroc)) {
    gst_vae_report_paragraph (page, "The curves are undefined: the scored rows "
        "are not of both classes.");
    return TRUE;
  }
  curve = vae_metrics_curve (series->scores, series->labels, series->n_rows,
      error);
  if (!curve || !points_new (curve->len, &points, error))
    return FALSE;

  g_string_append (page, "<div class=\"figures\">\n");
  for (guint i = 0; i < curve->len; i++) {
    const VaeCurvePoint *it = &g_array_index (curve, VaeCurvePoint, i);
    points[i] = (GstVaeReportPoint) {
    it->false_positive_rate, it->true_positive_rate};
  }
  append_roc (page, report, points, curve->len);
  for (guint i = 0; i < curve->len; i++) {
    const VaeCurvePoint *it = &g_array_index (curve, VaeCurvePoint, i);
    points[i] = (GstVaeReportPoint) {
    it->true_positive_rate, it->precision};
  }
  append_pr (page, report, points, curve->len);
  g_string_append (page, "</div>\n");
  return TRUE;
}

/* --- scores ------------------------------------------------------------- */

static int
compare_floats (const void *a, const void *b)
{
  const gfloat x = *(const gfloat *) a, y = *(const gfloat *) b;

  return (x > y) - (x < y);
}

/* The median of finite scores, by a sample of them; 0 without any. */
static gdouble
find_typical (const VaeScored * series)
{
  gfloat sample[SAMPLE];
  const gsize step = 1 + (series->n_rows - 1) / SAMPLE;
  guint n = 0;

  for (gsize i = 0; i < series->n_rows; i += step)
    if (isfinite (series->scores[i]))
      sample[n++] = series->scores[i];
  qsort (sample, n, sizeof (gfloat), compare_floats);
  return n > 0 ? sample[n / 2] : 0;
}

/* Spans all finite scores and the threshold. */
static GstVaeReportAxis
score_axis (const GstRocMetricReport * report)
{
  const VaeScored *series = report->series;
  const gdouble threshold = report->results->detection.threshold;
  gdouble low = INFINITY, high = -INFINITY;

  for (gsize i = 0; i < series->n_rows; i++) {
    if (!isfinite (series->scores[i]))
      continue;
    low = MIN (low, series->scores[i]);
    high = MAX (high, series->scores[i]);
  }
  if (!report->results->no_threshold && isfinite (threshold)) {
    low = MIN (low, threshold);
    high = MAX (high, threshold);
  }
  if (low > high)
    return unit_axis;
  return gst_vae_report_axis_new (low, find_typical (series), high);
}

/* The runs of rows as spans of the width; those that share a column become one. */
static GArray *
find_spans (const GstRocMetricReport * report, GstRocMetricRowFunc is_so)
{
  const gdouble n_rows = (gdouble) report->series->n_rows;
  GArray *spans = g_array_new (FALSE, FALSE, sizeof (GstVaeReportPoint));
  gsize first, end = 0;

  while (gst_roc_metric_next_run (report, is_so, &first, &end)) {
    const GstVaeReportPoint span = {
      (gdouble) first / n_rows, (gdouble) end / n_rows
    };
    GstVaeReportPoint *last = spans->len == 0 ? NULL
        : &g_array_index (spans, GstVaeReportPoint, spans->len - 1);

    if (last && floor (last->y * COLUMNS) >= floor (span.x * COLUMNS))
      last->y = span.y;
    else
      g_array_append_val (spans, span);
  }
  return spans;
}

/* Every score, at the middle of its row. */
static void
append_line_of_scores (GString * page, const GstVaeReportPlot * plot,
    const VaeScored * series)
{
  GstVaeReportPoint points[4 * COLUMNS];
  gsize n = 0;

  for (gsize i = 0; i < series->n_rows; i++) {
    if (i > 0 && series->breaks && series->breaks[i])
      points[n++] = (GstVaeReportPoint) {
      (gdouble) i, NAN};
    points[n++] = (GstVaeReportPoint) {
    (gdouble) i + 0.5, series->scores[i]};
  }
  gst_vae_report_line (page, plot, "one", "score", points, n);
}

/* The lowest and the highest score of each column. */
static void
append_band_of_scores (GString * page, const GstVaeReportPlot * plot,
    const VaeScored * series)
{
  GstVaeReportPoint low[COLUMNS], high[COLUMNS];

  for (gsize c = 0; c < COLUMNS; c++) {
    const gsize first = c * series->n_rows / COLUMNS;
    const gsize end = (c + 1) * series->n_rows / COLUMNS;
    const gdouble x = (gdouble) (first + end) / 2;

    low[c] = high[c] = (GstVaeReportPoint) {
    x, NAN};
    for (gsize i = first; i < end; i++) {
      low[c].y = fmin (low[c].y, series->scores[i]);
      high[c].y = fmax (high[c].y, series->scores[i]);
    }
  }
  gst_vae_report_band (page, plot, "score", low, high, COLUMNS);
}

static gchar *
describe_series (const GstRocMetricReport * report, gboolean is_band,
    gboolean is_log)
{
  const gsize n_rows = report->series->n_rows;
  GString *text = g_string_new (NULL);

  if (is_band)
    g_string_append_printf (text,
        "From the lowest to the highest score of each " "%" G_GSIZE_FORMAT
        " rows or so. A strip is filled where any of them is "
        "labelled or flagged.", n_rows / COLUMNS);
  else
    g_string_append_printf (text, "All %" G_GSIZE_FORMAT " rows.", n_rows);
  g_string_append (text, gst_roc_metric_are_times_known (report->series)
      ? " Rows are evenly spaced, whatever the time between them."
      : " By number of the row, as their times are not known.");
  if (is_log)
    g_string_append (text, " The axis is logarithmic.");
  if (report->results->metrics.unscored > 0)
    g_string_append_printf (text, " %" G_GUINT64_FORMAT " rows have no score: "
        "the line has gaps there.", report->results->metrics.unscored);
  return g_string_free (text, FALSE);
}

static void
append_series (GString * page, const GstRocMetricReport * report,
    const GstVaeReportAxis * axis)
{
  const VaeScored *series = report->series;
  const VaeDetection *detection = &report->results->detection;
  const gboolean is_band = series->n_rows > 2 * COLUMNS;
  const gboolean is_deployed = !report->results->no_threshold;
  const GstVaeReportPlot plot = {
    .name = "Score over time",
    .x_name = gst_roc_metric_are_times_known (series) ? "time" : "row",
    .y_name = "score",
    .x = {0, (gdouble) series->n_rows, FALSE},
    .y = *axis,
    .name_x = gst_roc_metric_name_row,
    .user_data = series,
  };
  const GstVaeReportPoint threshold[] = {
    {0, detection->threshold}, {plot.x.high, detection->threshold}
  };
  g_autoptr (GArray) labels = find_spans (report, gst_roc_metric_is_labelled);
  g_autoptr (GArray) alarms = find_spans (report, gst_roc_metric_is_flagged);
  g_autofree gchar *caption = describe_series (report, is_band, axis->is_log);

  gst_vae_report_figure_begin (page, "Score over time", caption);
  gst_vae_report_strip (page, "area2", "labels",
      (GstVaeReportPoint *) labels->data, labels->len);
  if (is_deployed)
    gst_vae_report_strip (page, "area", "alarms",
        (GstVaeReportPoint *) alarms->data, alarms->len);
  gst_vae_report_plot_begin (page, &plot);
  gst_vae_report_shade (page, (GstVaeReportPoint *) labels->data, labels->len);
  if (is_band)
    append_band_of_scores (page, &plot, series);
  else
    append_line_of_scores (page, &plot, series);
  if (is_deployed) {
    gst_vae_report_line (page, &plot, "under", NULL, threshold, 2);
    gst_vae_report_line (page, &plot, "rule", "threshold", threshold, 2);
  }
  gst_vae_report_plot_end (page, &plot);
  gst_vae_report_key (page, is_band ? "area" : "one", "score");
  gst_vae_report_key (page, "shade", "labelled as an anomaly");
  if (is_deployed) {
    g_autofree gchar *key = with_number ("threshold ", detection->threshold,
        "");
    gst_vae_report_key (page, "rule", key);
  }
  gst_vae_report_figure_end (page);
}

/* --- histogram ---------------------------------------------------------- */

typedef struct
{
  guint64 rows[2][BINS];        /* normal, anomalous */
  guint64 sums[2];
} Histogram;

static void
count_scores (const VaeScored * series, const GstVaeReportAxis * axis,
    Histogram * histogram)
{
  *histogram = (Histogram) {
  .sums = { 0 }};
  for (gsize i = 0; i < series->n_rows; i++) {
    const gfloat score = series->scores[i];
    const guint class = series->labels[i] != 0;

    if (isnan (score))
      continue;
    histogram->rows[class][MIN ((guint) (gst_vae_report_axis_place (axis,
                    score) * BINS), BINS - 1)]++;
    histogram->sums[class]++;
  }
}

static gdouble
share_of (const Histogram * histogram, guint class, guint bin)
{
  return histogram->sums[class] == 0 ? 0 : (gdouble)
      histogram->rows[class][bin] / (gdouble) histogram->sums[class];
}

static gdouble
largest_share (const Histogram * histogram, guint class)
{
  gdouble largest = 0;

  for (guint i = 0; i < BINS; i++)
    largest = MAX (largest, share_of (histogram, class, i));
  return largest > 0 ? largest : 1;
}

static void
append_bars (GString * page, const GstRocMetricReport * report,
    const Histogram * histogram, const GstVaeReportAxis * axis, guint class)
{
  static const gchar *const names[] = { "normal rows", "anomalous rows" };
  static const gchar *const styles[] = { "area", "area2" };
  const gdouble threshold = report->results->detection.threshold;
  const GstVaeReportPlot plot = {
    .name = names[class],
    .x_name = axis->is_log ? "score (logarithmic)" : "score",
    .y_name = class == 0 ? "share of the normal rows"
        : "share of the anomalous rows",
    .x = *axis,
    .y = {0, 1.05 * largest_share (histogram, class), FALSE},
  };
  const GstVaeReportPoint rule[] = {
    {threshold, 0}, {threshold, plot.y.high}
  };
  g_autofree gchar *caption =
      g_strdup_printf ("%" G_GUINT64_FORMAT " rows. A bar is the share of them "
      "that has such a score.", histogram->sums[class]);

  gst_vae_report_figure_begin (page,
      class == 0 ? "Scores of normal rows" : "Scores of anomalous rows",
      caption);
  gst_vae_report_plot_begin (page, &plot);
  for (guint i = 0; i < BINS; i++)
    if (histogram->rows[class][i] > 0)
      gst_vae_report_bar (page, &plot, styles[class],
          gst_vae_report_axis_value (axis, (gdouble) i / BINS),
          gst_vae_report_axis_value (axis, (i + 1.0) / BINS),
          share_of (histogram, class, i));
  if (!report->results->no_threshold)
    gst_vae_report_line (page, &plot, "rule", NULL, rule, 2);
  gst_vae_report_plot_end (page, &plot);
  if (!report->results->no_threshold)
    gst_vae_report_key (page, "rule", "threshold");
  gst_vae_report_figure_end (page);
}

static void
append_scores (GString * page, const GstRocMetricReport * report)
{
  const GstVaeReportAxis axis = score_axis (report);
  Histogram histogram;

  gst_vae_report_section (page, "Scores");
  g_string_append (page, "<div class=\"figures\"><div>\n");
  append_series (page, report, &axis);
  g_string_append (page, "</div></div>\n<div class=\"figures\">\n");
  count_scores (report->series, &axis, &histogram);
  append_bars (page, report, &histogram, &axis, 0);
  append_bars (page, report, &histogram, &axis, 1);
  g_string_append (page, "</div>\n");
}

/* --- the page ----------------------------------------------------------- */

static void
append_model (GString * page, const GstStructure * model)
{
  gst_vae_report_section (page, "Model");
  if (!model) {
    gst_vae_report_paragraph (page, "The stream says nothing about a model.");
    return;
  }
  gst_vae_report_list_begin (page, "What the stream says about the model",
      TRUE);
  gst_vae_report_structure (page, model);
  gst_vae_report_list_end (page);
}

static void
append_all_figures (GString * page, const GstRocMetricResults * results)
{
  g_autoptr (GstStructure) structure =
      gst_roc_metric_results_to_structure (results);

  gst_vae_report_section (page, "All figures");
  gst_vae_report_list_begin (page, "Under their names as properties", FALSE);
  gst_vae_report_structure (page, structure);
  gst_vae_report_list_end (page);
}

static GString *
page_new (const GstRocMetricReport * report)
{
  const VaeMetrics *metrics = &report->results->metrics;
  g_autofree gchar *lead = g_strdup_printf ("%" G_GUINT64_FORMAT " rows, %"
      G_GUINT64_FORMAT " of them without a score; %" G_GUINT64_FORMAT
      " labelled events.", metrics->rows, metrics->unscored,
      report->results->controls.events);

  return gst_vae_report_new ("How well the scores find the anomalies", lead);
}

gboolean
gst_roc_metric_report_write (const GstRocMetricReport * report,
    const gchar * path, GError ** error)
{
  GString *page = page_new (report);

  append_headlines (page, report);
  if (!append_curves (page, report, error)) {
    g_string_free (page, TRUE);
    return FALSE;
  }
  append_scores (page, report);
  gst_roc_metric_append_worst (page, report);
  append_model (page, report->model);
  append_all_figures (page, report->results);
  return gst_vae_report_write (page, path, error);
}
