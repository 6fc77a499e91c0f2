/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstrocmetricresults.h"

#include <json-glib/json-glib.h>
#include <math.h>

#include "gstvaesink.h"

typedef enum
{
  FIGURE_COUNT,                 /* guint64 */
  FIGURE_SHARE,                 /* gdouble from 0 to 1, NaN = undefined */
  FIGURE_NUMBER                 /* gdouble, NaN = undefined */
} FigureType;

/* A figure, under the name that it has everywhere. */
typedef struct
{
  const gchar *name;
  const gchar *nick;
  const gchar *blurb;
  FigureType type;
  gboolean deployed;            /* there is none without a threshold */
  gsize offset;                 /* in the results */
} Figure;

#define OFFSET(member) G_STRUCT_OFFSET (GstRocMetricResults, member)

static const Figure figures[] = {
  /**
   * GstRocMetric:rows:
   *
   * The rows of the stream. Like the other results it is set, and notified
   * about, when the stream has ended.
   *
   * Since: 0.1
   */
  {"rows", "Rows", "Rows of the stream",
      FIGURE_COUNT, FALSE, OFFSET (metrics.rows)},
  /**
   * GstRocMetric:positives:
   *
   * The anomalies among the scored rows.
   *
   * Since: 0.1
   */
  {"positives", "Positives", "Anomalies among the scored rows",
      FIGURE_COUNT, FALSE, OFFSET (metrics.positives)},
  /**
   * GstRocMetric:unscored:
   *
   * The rows whose score is NaN.
   *
   * Since: 0.1
   */
  {"unscored", "Unscored", "Rows whose score is NaN",
      FIGURE_COUNT, FALSE, OFFSET (metrics.unscored)},
  /**
   * GstRocMetric:events:
   *
   * The runs of anomalous rows, scored or not. None spans a discontinuity.
   *
   * Since: 0.1
   */
  {"events", "Events", "Runs of anomalous rows",
      FIGURE_COUNT, FALSE, OFFSET (controls.events)},
  /**
   * GstRocMetric:base-rate:
   *
   * The share of the anomalies in the scored rows: the AUPRC of random scores.
   *
   * Since: 0.1
   */
  {"base-rate", "Base rate", "Share of the anomalies in the scored rows",
      FIGURE_SHARE, FALSE, OFFSET (metrics.base_rate)},
  /**
   * GstRocMetric:always-f1:
   *
   * The F1 of flagging every row, which any F1 is to be held against.
   *
   * Since: 0.1
   */
  {"always-f1", "F1 of always alarming", "F1 of flagging every row",
      FIGURE_SHARE, FALSE, OFFSET (controls.always_f1)},
  /**
   * GstRocMetric:auroc:
   *
   * The area under the receiver operating characteristic.
   *
   * Since: 0.1
   */
  {"auroc", "AUROC", "Area under the receiver operating characteristic",
      FIGURE_SHARE, FALSE, OFFSET (metrics.auroc)},
  /**
   * GstRocMetric:auprc:
   *
   * The area under the precision-recall curve, as average precision.
   *
   * Since: 0.1
   */
  {"auprc", "AUPRC", "Average precision",
      FIGURE_SHARE, FALSE, OFFSET (metrics.auprc)},
  /**
   * GstRocMetric:best-f1:
   *
   * The largest F1 over all thresholds, an oracle.
   *
   * Since: 0.1
   */
  {"best-f1", "Best F1", "Largest F1 over all thresholds, an oracle",
      FIGURE_SHARE, FALSE, OFFSET (metrics.best_f1)},
  /**
   * GstRocMetric:best-threshold:
   *
   * The threshold of #GstRocMetric:best-f1: rows with a score of at least this
   * are flagged there.
   *
   * Since: 0.1
   */
  {"best-threshold", "Best threshold", "Threshold of the best F1",
      FIGURE_NUMBER, FALSE, OFFSET (metrics.best_threshold)},
  /**
   * GstRocMetric:best-precision:
   *
   * The precision at #GstRocMetric:best-threshold.
   *
   * Since: 0.1
   */
  {"best-precision", "Best precision", "Precision at the best threshold",
      FIGURE_SHARE, FALSE, OFFSET (metrics.best_precision)},
  /**
   * GstRocMetric:best-recall:
   *
   * The recall at #GstRocMetric:best-threshold.
   *
   * Since: 0.1
   */
  {"best-recall", "Best recall", "Recall at the best threshold",
      FIGURE_SHARE, FALSE, OFFSET (metrics.best_recall)},
  /**
   * GstRocMetric:vus-roc:
   *
   * The volume under the ROC surface, for the buffer lengths from 0 to
   * #GstRocMetric:buffer.
   *
   * Since: 0.1
   */
  {"vus-roc", "VUS-ROC", "Volume under the ROC surface",
      FIGURE_SHARE, FALSE, OFFSET (vus.roc)},
  /**
   * GstRocMetric:vus-pr:
   *
   * The volume under the precision-recall surface, for the buffer lengths from 0
   * to #GstRocMetric:buffer.
   *
   * Since: 0.1
   */
  {"vus-pr", "VUS-PR", "Volume under the precision-recall surface",
      FIGURE_SHARE, FALSE, OFFSET (vus.pr)},
  /**
   * GstRocMetric:adjusted-f1:
   *
   * The largest point-adjusted F1 over all thresholds. It flatters: see
   * #GstRocMetric:random-adjusted-f1.
   *
   * Since: 0.1
   */
  {"adjusted-f1", "Point-adjusted F1",
        "Largest point-adjusted F1, an oracle that flatters",
      FIGURE_SHARE, FALSE, OFFSET (controls.adjusted_f1)},
  /**
   * GstRocMetric:random-adjusted-f1:
   *
   * The largest point-adjusted F1 of random scores, which is what
   * #GstRocMetric:adjusted-f1 is worth: the mean of five seeded draws.
   *
   * Since: 0.1
   */
  {"random-adjusted-f1", "Point-adjusted F1 of random scores",
        "What random scores get as point-adjusted F1",
      FIGURE_SHARE, FALSE, OFFSET (controls.random_adjusted_f1)},
  /**
   * GstRocMetric:deployed-threshold:
   *
   * The threshold of all the figures below: #GstRocMetric:threshold or, if that
   * is 0, the one of the stream's model. Rows with a score of at least this are
   * flagged.
   *
   * Since: 0.1
   */
  {"deployed-threshold", "Deployed threshold",
        "Threshold of the figures that need one",
      FIGURE_NUMBER, TRUE, OFFSET (detection.threshold)},
  /**
   * GstRocMetric:flagged:
   *
   * The rows that are flagged.
   *
   * Since: 0.1
   */
  {"flagged", "Flagged rows", "Rows with a score of at least the threshold",
      FIGURE_COUNT, TRUE, OFFSET (detection.flagged)},
  /**
   * GstRocMetric:precision:
   *
   * The share of the anomalous rows in the flagged ones.
   *
   * Since: 0.1
   */
  {"precision", "Precision", "Share of the anomalous rows in the flagged ones",
      FIGURE_SHARE, TRUE, OFFSET (detection.precision)},
  /**
   * GstRocMetric:recall:
   *
   * The share of the flagged rows in the anomalous ones.
   *
   * Since: 0.1
   */
  {"recall", "Recall", "Share of the flagged rows in the anomalous ones",
      FIGURE_SHARE, TRUE, OFFSET (detection.recall)},
  /**
   * GstRocMetric:f1:
   *
   * The F1 of #GstRocMetric:precision and #GstRocMetric:recall.
   *
   * Since: 0.1
   */
  {"f1", "F1", "F1 at the deployed threshold",
      FIGURE_SHARE, TRUE, OFFSET (detection.f1)},
  /**
   * GstRocMetric:missed-rate:
   *
   * The share of the anomalous rows that are not flagged.
   *
   * Since: 0.1
   */
  {"missed-rate", "Missed rate",
        "Share of the anomalous rows that are not flagged",
      FIGURE_SHARE, TRUE, OFFSET (detection.missed_rate)},
  /**
   * GstRocMetric:false-alarm-rate:
   *
   * The share of the normal rows that are flagged.
   *
   * Since: 0.1
   */
  {"false-alarm-rate", "False alarm rate",
        "Share of the normal rows that are flagged",
      FIGURE_SHARE, TRUE, OFFSET (detection.false_alarm_rate)},
  /**
   * GstRocMetric:alarms:
   *
   * The runs of flagged rows. None spans a discontinuity.
   *
   * Since: 0.1
   */
  {"alarms", "Alarms", "Runs of flagged rows",
      FIGURE_COUNT, TRUE, OFFSET (detection.alarms)},
  /**
   * GstRocMetric:false-alarms:
   *
   * The alarms without an anomalous row.
   *
   * Since: 0.1
   */
  {"false-alarms", "False alarms", "Alarms without an anomalous row",
      FIGURE_COUNT, TRUE, OFFSET (detection.false_alarms)},
  /**
   * GstRocMetric:false-alarms-per-hour:
   *
   * The false alarms per hour of normal rows, by the times of the buffers.
   * Undefined unless all of these have one.
   *
   * Since: 0.1
   */
  {"false-alarms-per-hour", "False alarms per hour",
        "False alarms per hour of normal rows",
      FIGURE_NUMBER, TRUE, OFFSET (detection.false_alarms_per_hour)},
  /**
   * GstRocMetric:false-alarms-per-1000-rows:
   *
   * The false alarms per 1000 normal rows.
   *
   * Since: 0.1
   */
  {"false-alarms-per-1000-rows", "False alarms per 1000 rows",
        "False alarms per 1000 normal rows",
      FIGURE_NUMBER, TRUE, OFFSET (detection.false_alarms_per_1000_rows)},
  /**
   * GstRocMetric:events-found:
   *
   * The events with a flagged row.
   *
   * Since: 0.1
   */
  {"events-found", "Events found", "Events with a flagged row",
      FIGURE_COUNT, TRUE, OFFSET (detection.events_found)},
  /**
   * GstRocMetric:event-precision:
   *
   * The events found, of these and the false alarms together.
   *
   * Since: 0.1
   */
  {"event-precision", "Event precision",
        "Events found / (events found + false alarms)",
      FIGURE_SHARE, TRUE, OFFSET (detection.event_precision)},
  /**
   * GstRocMetric:event-recall:
   *
   * The share of the events that are found.
   *
   * Since: 0.1
   */
  {"event-recall", "Event recall", "Share of the events that are found",
      FIGURE_SHARE, TRUE, OFFSET (detection.event_recall)},
  /**
   * GstRocMetric:event-f1:
   *
   * The F1 of #GstRocMetric:event-precision and #GstRocMetric:event-recall.
   *
   * Since: 0.1
   */
  {"event-f1", "Event F1", "F1 by events",
      FIGURE_SHARE, TRUE, OFFSET (detection.event_f1)},
  /**
   * GstRocMetric:composite-f1:
   *
   * The F1 of #GstRocMetric:precision, by rows, and #GstRocMetric:event-recall.
   *
   * Since: 0.1
   */
  {"composite-f1", "Composite F1",
        "F1 of precision by rows and recall by events",
      FIGURE_SHARE, TRUE, OFFSET (detection.composite_f1)},
  /**
   * GstRocMetric:delay:
   *
   * The rows from the start of an event to its first flagged row: mean over the
   * events found.
   *
   * Since: 0.1
   */
  {"delay", "Delay", "Rows from the start of an event to its first alarm, mean",
      FIGURE_NUMBER, TRUE, OFFSET (detection.delay_mean)},
  /**
   * GstRocMetric:delay-median:
   *
   * The median of the same.
   *
   * Since: 0.1
   */
  {"delay-median", "Median delay",
        "Rows from the start of an event to its first alarm, median",
      FIGURE_NUMBER, TRUE, OFFSET (detection.delay_median)},
  /**
   * GstRocMetric:delay-seconds:
   *
   * The seconds from the start of an event to its first flagged row, by the
   * times of the buffers: mean over the events found. Undefined unless all of
   * these have times.
   *
   * Since: 0.1
   */
  {"delay-seconds", "Delay in seconds",
        "Seconds from the start of an event to its first alarm, mean",
      FIGURE_NUMBER, TRUE, OFFSET (detection.delay_mean_seconds)},
  /**
   * GstRocMetric:delay-median-seconds:
   *
   * The median of the same.
   *
   * Since: 0.1
   */
  {"delay-median-seconds", "Median delay in seconds",
        "Seconds from the start of an event to its first alarm, median",
      FIGURE_NUMBER, TRUE, OFFSET (detection.delay_median_seconds)},
  /**
   * GstRocMetric:affiliation-precision:
   *
   * How near the alarms are to the event that is nearest, as a chance.
   *
   * Since: 0.1
   */
  {"affiliation-precision", "Affiliation precision",
        "How near alarms are to events",
      FIGURE_SHARE, TRUE, OFFSET (detection.affiliation_precision)},
  /**
   * GstRocMetric:affiliation-recall:
   *
   * How near the events are to the alarms around them, as a chance.
   *
   * Since: 0.1
   */
  {"affiliation-recall", "Affiliation recall", "How near events are to alarms",
      FIGURE_SHARE, TRUE, OFFSET (detection.affiliation_recall)},
  /**
   * GstRocMetric:affiliation-f1:
   *
   * The F1 of #GstRocMetric:affiliation-precision and #GstRocMetric:affiliation-
   * recall.
   *
   * Since: 0.1
   */
  {"affiliation-f1", "Affiliation F1", "F1 of affiliation precision and recall",
      FIGURE_SHARE, TRUE, OFFSET (detection.affiliation_f1)},
  /**
   * GstRocMetric:range-precision:
   *
   * The share of an alarm that is in events, divided by their number: mean over
   * the alarms.
   *
   * Since: 0.1
   */
  {"range-precision", "Range precision",
        "Share of an alarm that is in events, mean",
      FIGURE_SHARE, TRUE, OFFSET (detection.range_precision)},
  /**
   * GstRocMetric:range-recall:
   *
   * The share of an event that is flagged, divided by the number of its alarms:
   * mean over the events.
   *
   * Since: 0.1
   */
  {"range-recall", "Range recall", "Share of an event that is flagged, mean",
      FIGURE_SHARE, TRUE, OFFSET (detection.range_recall)},
  /**
   * GstRocMetric:range-f1:
   *
   * The F1 of #GstRocMetric:range-precision and #GstRocMetric:range-recall.
   *
   * Since: 0.1
   */
  {"range-f1", "Range F1", "F1 of range precision and recall",
      FIGURE_SHARE, TRUE, OFFSET (detection.range_f1)},
};

#define N_FIGURES G_N_ELEMENTS (figures)

static GParamSpec *props[N_FIGURES];
static guint first_prop_id;

static guint64
get_count (const GstRocMetricResults * results, const Figure * figure)
{
  return G_STRUCT_MEMBER (guint64, results, figure->offset);
}

static gdouble
get_number (const GstRocMetricResults * results, const Figure * figure)
{
  return G_STRUCT_MEMBER (gdouble, results, figure->offset);
}

static gboolean
is_known (const GstRocMetricResults * results, const Figure * figure)
{
  return !figure->deployed || !results->no_threshold;
}

void
gst_roc_metric_results_init (GstRocMetricResults * results)
{
  memset (results, 0, sizeof (*results));
  for (guint i = 0; i < N_FIGURES; i++)
    if (figures[i].type != FIGURE_COUNT)
      G_STRUCT_MEMBER (gdouble, results, figures[i].offset) = NAN;
}

/* --- properties --------------------------------------------------------- */

static GParamSpec *
spec_from_figure (const Figure * figure)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  switch (figure->type) {
    case FIGURE_COUNT:
      return g_param_spec_uint64 (figure->name, figure->nick, figure->blurb, 0,
          G_MAXUINT64, 0, flags);
    case FIGURE_SHARE:
      return g_param_spec_double (figure->name, figure->nick, figure->blurb, 0,
          1, 0, flags);
    default:
      return g_param_spec_double (figure->name, figure->nick, figure->blurb,
          -G_MAXDOUBLE, G_MAXDOUBLE, 0, flags);
  }
}

void
gst_roc_metric_results_install (GObjectClass * object_class, guint first_id)
{
  first_prop_id = first_id;
  for (guint i = 0; i < N_FIGURES; i++) {
    props[i] = spec_from_figure (&figures[i]);
    g_object_class_install_property (object_class, first_id + i, props[i]);
  }
}

gboolean
gst_roc_metric_results_get (const GstRocMetricResults * results, guint prop_id,
    GValue * value)
{
  const guint i = prop_id - first_prop_id;

  if (prop_id < first_prop_id || i >= N_FIGURES)
    return FALSE;
  if (figures[i].type == FIGURE_COUNT)
    g_value_set_uint64 (value, get_count (results, &figures[i]));
  else
    g_value_set_double (value, get_number (results, &figures[i]));
  return TRUE;
}

void
gst_roc_metric_results_notify (GObject * object)
{
  for (guint i = 0; i < N_FIGURES; i++)
    g_object_notify_by_pspec (object, props[i]);
}

/* --- message ------------------------------------------------------------ */

GstStructure *
gst_roc_metric_results_to_structure (const GstRocMetricResults * results)
{
  GstStructure *structure = gst_structure_new ("rocmetric",
      "buffer", G_TYPE_UINT, results->buffer, NULL);

  for (guint i = 0; i < N_FIGURES; i++) {
    const Figure *figure = &figures[i];

    if (!is_known (results, figure))
      continue;
    if (figure->type == FIGURE_COUNT)
      gst_structure_set (structure, figure->name, G_TYPE_UINT64,
          get_count (results, figure), NULL);
    else
      gst_vae_structure_set_known (structure, figure->name,
          get_number (results, figure));
  }
  return structure;
}

/* --- file --------------------------------------------------------------- */

/* JSON knows neither NaN nor infinities. */
static void
add_number (JsonBuilder * builder, gdouble value)
{
  if (isfinite (value))
    json_builder_add_double_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

static void
add_figure (JsonBuilder * builder, const GstRocMetricResults * results,
    const Figure * figure)
{
  json_builder_set_member_name (builder, figure->name);
  if (figure->type == FIGURE_COUNT)
    json_builder_add_int_value (builder, (gint64) get_count (results, figure));
  else
    add_number (builder, get_number (results, figure));
}

static JsonNode *
to_json (const GstRocMetricResults * results)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "buffer");
  json_builder_add_int_value (builder, results->buffer);
  for (guint i = 0; i < N_FIGURES; i++)
    if (is_known (results, &figures[i]))
      add_figure (builder, results, &figures[i]);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

gboolean
gst_roc_metric_results_write (const GstRocMetricResults * results,
    const gchar * location, GError ** error)
{
  g_autoptr (JsonNode) root = to_json (results);
  g_autofree gchar *members = json_to_string (root, TRUE);
  g_autofree gchar *text = g_strconcat (members, "\n", NULL);

  return g_file_set_contents_full (location, text, -1,
      G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0666,
      error);
}

/* --- print-out ---------------------------------------------------------- */

static const gchar *
why_undefined (const GstRocMetricResults * results)
{
  if (results->metrics.unscored == results->metrics.rows)
    return "undefined (no row was scored)";
  return "undefined (only one class)";
}

/* A figure over both classes, and what is to be said of it. */
static void
print_figure (const GstRocMetricResults * results, const gchar * name,
    gdouble value, const gchar * remark)
{
  if (isnan (value))
    g_print ("%-14s%s\n", name, why_undefined (results));
  else
    g_print ("%-14s%.4f%s\n", name, value, remark);
}

static void
print_base_rate (const GstRocMetricResults * results)
{
  g_autofree gchar *remark = isnan (results->controls.always_f1) ? g_strdup ("")
      : g_strdup_printf ("   (F1 of always alarming: %.4f)",
      results->controls.always_f1);

  print_figure (results, "base rate", results->metrics.base_rate, remark);
}

static void
print_ranking (const GstRocMetricResults * results)
{
  const VaeMetrics *metrics = &results->metrics;
  g_autofree gchar *random =
      g_strdup_printf ("   (random scores: %.4f)", metrics->base_rate);
  g_autofree gchar *oracle = g_strdup_printf ("   (an oracle: its threshold %g "
      "was chosen with the labels)", metrics->best_threshold);
  g_autofree gchar *buffer =
      g_strdup_printf ("   (buffers of 0 to %u rows)", results->buffer);
  g_autofree gchar *random_adjusted =
      g_strdup_printf ("   (point-adjusted, an oracle; random scores: %.4f)",
      results->controls.random_adjusted_f1);

  print_figure (results, "AUROC", metrics->auroc, "");
  print_figure (results, "AUPRC", metrics->auprc, random);
  print_figure (results, "best F1", metrics->best_f1, oracle);
  print_figure (results, "VUS-ROC", results->vus.roc, buffer);
  print_figure (results, "VUS-PR", results->vus.pr, buffer);
  print_figure (results, "adjusted F1", results->controls.adjusted_f1,
      random_adjusted);
}

static gchar *
describe (gdouble value)
{
  if (isnan (value))
    return g_strdup ("undefined");
  return g_strdup_printf ("%.4f", value);
}

static void
print_f1 (const gchar * name, gdouble f1, gdouble precision, gdouble recall)
{
  g_autofree gchar *f1_text = describe (f1);
  g_autofree gchar *precision_text = describe (precision);
  g_autofree gchar *recall_text = describe (recall);

  g_print ("%-14s%s   (precision %s, recall %s)\n", name, f1_text,
      precision_text, recall_text);
}

static void
print_events (const VaeDetection * detection)
{
  g_print ("events found  %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT,
      detection->events_found, detection->events);
  if (!isnan (detection->delay_mean))
    g_print ("   (after %.4g rows, median %.4g)", detection->delay_mean,
        detection->delay_median);
  g_print ("\n");
}

static void
print_false_alarms (const VaeDetection * detection)
{
  g_print ("false alarms  %" G_GUINT64_FORMAT, detection->false_alarms);
  if (!isnan (detection->false_alarms_per_hour))
    g_print ("   (%.4g per hour of normal rows)",
        detection->false_alarms_per_hour);
  else if (!isnan (detection->false_alarms_per_1000_rows))
    g_print ("   (%.4g per 1000 normal rows)",
        detection->false_alarms_per_1000_rows);
  g_print ("\n");
}

static void
print_detection (const VaeDetection * detection)
{
  g_print ("threshold     %g\n", detection->threshold);
  print_f1 ("F1", detection->f1, detection->precision, detection->recall);
  print_events (detection);
  print_false_alarms (detection);
  print_f1 ("event F1", detection->event_f1, detection->event_precision,
      detection->event_recall);
  print_f1 ("composite F1", detection->composite_f1, detection->precision,
      detection->event_recall);
  print_f1 ("affiliation", detection->affiliation_f1,
      detection->affiliation_precision, detection->affiliation_recall);
  print_f1 ("range F1", detection->range_f1, detection->range_precision,
      detection->range_recall);
}

void
gst_roc_metric_results_print (const GstRocMetricResults * results)
{
  g_print ("rows          %" G_GUINT64_FORMAT "\n"
      "positives     %" G_GUINT64_FORMAT " in %" G_GUINT64_FORMAT " events\n"
      "unscored      %" G_GUINT64_FORMAT "\n",
      results->metrics.rows, results->metrics.positives,
      results->controls.events, results->metrics.unscored);
  print_base_rate (results);
  print_ranking (results);
  if (results->no_threshold)
    g_print ("threshold     none: %s\n", results->no_threshold);
  else
    print_detection (&results->detection);
}
