/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/**
 * SECTION:element-rocmetric
 * @title: rocmetric
 * @short_description: tells how well scores find the labelled anomalies
 * @see_also: vaescore, tensorcsvdec
 *
 * Collects the scores and labels of a stream of tensors and tells at its end
 * how well the scores find the anomalies. What it finds is printed, posted as
 * an element message, readable as properties, written to #GstRocMetric:location
 * as JSON, and shown on the page #GstRocMetric:report.
 *
 * Labels are uint8, one per row, 0 or 1 (anomaly). Scores are float32, one per
 * row, the higher the more of an anomaly; a row whose score is NaN is counted
 * in #GstRocMetric:unscored and otherwise left out of all that counts rows.
 *
 * How the scores rank the rows, whatever the threshold:
 *
 * * AUROC is the chance that an anomaly has a higher score than a normal row, a
 *   tie counting one half: 0.5 is what random scores get.
 * * AUPRC is the average precision, never a trapezoid. Random scores get the
 *   base rate, so it means little without it.
 * * The best F1 is that of the best of all thresholds, chosen with the labels:
 *   an oracle, which no threshold set beforehand can beat.
 * * VUS-ROC and VUS-PR are the same areas with events instead of rows in mind:
 *   an alarm near an event, in a buffer of up to #GstRocMetric:buffer rows,
 *   counts in part, and events must be found.
 * * The point-adjusted F1 is there for comparison with publications, and never
 *   without the one that random scores get.
 *
 * What the alarms are worth that a threshold gives, the one of
 * #GstRocMetric:threshold or else that of the stream's model: precision, recall
 * and F1 by rows, by events, by ranges and by affiliation, false alarms per
 * hour, and the delay of detection. Without a threshold there are none of these
 * figures. An event is a run of anomalous rows, an alarm one of flagged rows,
 * and neither spans a discontinuity. An event whose rows all have no score is
 * missed.
 *
 * Where a figure is undefined, as most are without both classes among the
 * scored rows, it is NaN as a property, has no field in the message, and is
 * null in JSON.
 *
 * ## Messages
 *
 * An element message named `rocmetric` is posted before EOS. It has the field
 * `buffer` and one for each read-only property, of its name and type; the JSON
 * object has the same members.
 *
 * ## Events
 *
 * The model's threshold comes with the stream, as the #gdouble `threshold` of a
 * structure of the tag `vae-model`, which #vaescore sends. Other fields are ignored, but shown in the report. If it
 * changes between rows, there is no threshold.
 *
 * ## Example launch lines
 * |[
 * gst-launch-1.0 vaesynth seed=2 ! vaescore model=m.bin ! rocmetric
 * ]| Evaluates a model on a synthetic series.
 * |[
 * gst-launch-1.0 filesrc location=scores.csv ! tensorcsvdec label-column=label ! rocmetric score-tensor=0 location=results.json
 * ]| Evaluates scores from elsewhere: a CSV file with the columns score and label.
 * |[
 * gst-launch-1.0 vaesynth seed=2 ! vaescore model=m.bin contributions=true ! rocmetric report=report.html contributions-tensor=2
 * ]| Shows the results on a page, with the channels that are to blame.
 *
 * Since: 0.1
 */

#include "gstrocmetric.h"

#include <math.h>

#include "gstrocmetricreport.h"
#include "gstrocmetricresults.h"
#include "gstvaeelements.h"
#include "gstvaeerror.h"
#include "gstvaemodeltag.h"
#include "gstvaerows.h"
#include "gstvaesink.h"
#include "gstvaetensor.h"
#include "gstvaetimes.h"
#include "vae.h"

GST_DEBUG_CATEGORY_STATIC (gst_roc_metric_debug);
#define GST_CAT_DEFAULT gst_roc_metric_debug

#define DEFAULT_LOCATION NULL
#define DEFAULT_REPORT NULL
#define DEFAULT_DATA_TENSOR 0
#define DEFAULT_LABEL_TENSOR 1
#define DEFAULT_SCORE_TENSOR -1
#define DEFAULT_CONTRIBUTIONS_TENSOR -1
#define DEFAULT_THRESHOLD 0
#define DEFAULT_BUFFER 100
#define DEFAULT_SILENT FALSE

enum
{
  PROP_0,
  PROP_LOCATION,
  PROP_REPORT,
  PROP_DATA_TENSOR,
  PROP_LABEL_TENSOR,
  PROP_SCORE_TENSOR,
  PROP_CONTRIBUTIONS_TENSOR,
  PROP_THRESHOLD,
  PROP_BUFFER,
  PROP_SILENT,
  N_SETTINGS
};

typedef struct
{
  gchar *location;
  gchar *report;
  gint data_tensor;
  gint label_tensor;
  gint score_tensor;
  gint contributions_tensor;
  gdouble threshold;
  guint buffer;
  gboolean silent;
} Settings;

struct _GstRocMetric
{
  GstBaseSink parent;

  Settings settings;            /* under the object lock */
  GstRocMetricResults results;  /* likewise */

  Settings job;                 /* the settings when the stream began */
  GstVaeTensorsInfo info;       /* no tensors before the first caps */
  guint label;                  /* index of a tensor */
  guint score;                  /* likewise */
  GstVaeRows rows;              /* scores, with labels */
  GstVaeTimes times;            /* of the rows */
  GstVaeRows blame;             /* of the rows, if the report tells of it */
  GstStructure *model;          /* what the stream says of it; NULL = nothing */
  gboolean broken;              /* the next row does not follow the last one */
  gdouble model_threshold;      /* NaN = none */
  gboolean model_changed;       /* it was another one for earlier rows */
};

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS (GST_VAE_TENSORS_CAPS));

#define gst_roc_metric_parent_class parent_class
G_DEFINE_TYPE_WITH_CODE (GstRocMetric, gst_roc_metric, GST_TYPE_BASE_SINK,
    GST_DEBUG_CATEGORY_INIT (gst_roc_metric_debug, "rocmetric", 0,
        "evaluation of anomaly scores"));
GST_ELEMENT_REGISTER_DEFINE (rocmetric, "rocmetric", GST_RANK_NONE,
    GST_TYPE_ROC_METRIC);

/* --- properties --------------------------------------------------------- */

static void
gst_roc_metric_set_property (GObject * object, guint prop_id,
    const GValue * value, GParamSpec * pspec)
{
  GstRocMetric *self = GST_ROC_METRIC (object);
  Settings *settings = &self->settings;

  GST_OBJECT_LOCK (self);
  switch (prop_id) {
    case PROP_LOCATION:
      g_free (settings->location);
      settings->location = g_value_dup_string (value);
      break;
    case PROP_REPORT:
      g_free (settings->report);
      settings->report = g_value_dup_string (value);
      break;
    case PROP_DATA_TENSOR:
      settings->data_tensor = g_value_get_int (value);
      break;
    case PROP_LABEL_TENSOR:
      settings->label_tensor = g_value_get_int (value);
      break;
    case PROP_SCORE_TENSOR:
      settings->score_tensor = g_value_get_int (value);
      break;
    case PROP_CONTRIBUTIONS_TENSOR:
      settings->contributions_tensor = g_value_get_int (value);
      break;
    case PROP_THRESHOLD:
      settings->threshold = g_value_get_double (value);
      break;
    case PROP_BUFFER:
      settings->buffer = g_value_get_uint (value);
      break;
    case PROP_SILENT:
      settings->silent = g_value_get_boolean (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
      break;
  }
  GST_OBJECT_UNLOCK (self);
}

static void
gst_roc_metric_get_property (GObject * object, guint prop_id, GValue * value,
    GParamSpec * pspec)
{
  GstRocMetric *self = GST_ROC_METRIC (object);
  const Settings *settings = &self->settings;

  GST_OBJECT_LOCK (self);
  switch (prop_id) {
    case PROP_LOCATION:
      g_value_set_string (value, settings->location);
      break;
    case PROP_REPORT:
      g_value_set_string (value, settings->report);
      break;
    case PROP_DATA_TENSOR:
      g_value_set_int (value, settings->data_tensor);
      break;
    case PROP_LABEL_TENSOR:
      g_value_set_int (value, settings->label_tensor);
      break;
    case PROP_SCORE_TENSOR:
      g_value_set_int (value, settings->score_tensor);
      break;
    case PROP_CONTRIBUTIONS_TENSOR:
      g_value_set_int (value, settings->contributions_tensor);
      break;
    case PROP_THRESHOLD:
      g_value_set_double (value, settings->threshold);
      break;
    case PROP_BUFFER:
      g_value_set_uint (value, settings->buffer);
      break;
    case PROP_SILENT:
      g_value_set_boolean (value, settings->silent);
      break;
    default:
      if (!gst_roc_metric_results_get (&self->results, prop_id, value))
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
      break;
  }
  GST_OBJECT_UNLOCK (self);
}

static gboolean
check_index (const gchar * name, gint index, gint min, GError ** error)
{
  if (index >= min && index < GST_VAE_MAX_TENSORS)
    return TRUE;
  g_set_error (error, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS,
      "%s is %d, it must be from %d to %d", name, index, min,
      GST_VAE_MAX_TENSORS - 1);
  return FALSE;
}

static gboolean
check_threshold (gdouble threshold, GError ** error)
{
  if (threshold >= 0)
    return TRUE;
  g_set_error (error, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS,
      "threshold is %g, it must be above 0, or 0 for the one of the stream's "
      "model", threshold);
  return FALSE;
}

static gboolean
check_buffer (guint buffer, GError ** error)
{
  if (buffer <= VAE_MAX_BUFFER)
    return TRUE;
  g_set_error (error, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS,
      "buffer is %u, it must be from 0 to %u rows", buffer, VAE_MAX_BUFFER);
  return FALSE;
}

static gboolean
check_paths (const Settings * settings, GError ** error)
{
  if ((settings->location
          && !gst_vae_sink_check_path (settings->location, error))
      || (settings->report
          && !gst_vae_sink_check_path (settings->report, error)))
    return FALSE;
  if (!settings->report
      || g_strcmp0 (settings->location, settings->report) != 0)
    return TRUE;
  g_set_error (error, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS,
      "location and report are both \"%s\": they are two files",
      settings->report);
  return FALSE;
}

static gboolean
check_settings (const Settings * settings, GError ** error)
{
  return check_index ("data-tensor", settings->data_tensor, -1, error)
      && check_index ("label-tensor", settings->label_tensor, 0, error)
      && check_index ("score-tensor", settings->score_tensor, -1, error)
      && check_index ("contributions-tensor", settings->contributions_tensor,
      -1, error)
      && check_threshold (settings->threshold, error)
      && check_buffer (settings->buffer, error)
      && check_paths (settings, error);
}

/* --- results ------------------------------------------------------------ */

static void
publish (GstRocMetric * self, const GstRocMetricResults * results)
{
  GST_OBJECT_LOCK (self);
  self->results = *results;
  GST_OBJECT_UNLOCK (self);
  gst_roc_metric_results_notify (G_OBJECT (self));
}

/* Returns NULL, or why there is none. */
static const gchar *
find_threshold (const GstRocMetric * self, gdouble * threshold)
{
  *threshold = self->job.threshold;
  if (*threshold > 0)
    return NULL;
  if (self->model_changed)
    return "the model's changed in mid-stream (threshold sets one)";
  *threshold = self->model_threshold;
  if (isnan (*threshold))
    return "the stream tells no model's (threshold sets one)";
  return NULL;
}

static VaeScored
get_series (const GstRocMetric * self)
{
  return (VaeScored) {
  .scores = self->rows.data,.labels = self->rows.labels,.breaks =
        self->rows.breaks,.n_rows = self->rows.n_rows,.times =
        self->times.entries,.n_times = self->times.n,};
}

static gboolean
compute (const GstRocMetric * self, GstRocMetricResults * results,
    GError ** error)
{
  const VaeScored series = get_series (self);
  gdouble threshold;

  results->buffer = self->job.buffer;
  results->no_threshold = find_threshold (self, &threshold);
  return vae_metrics_compute (series.scores, series.labels, series.n_rows,
      &results->metrics, error)
      && vae_controls_compute (&series, &results->controls, error)
      && vae_vus_compute (&series, results->buffer, &results->vus, error)
      && (results->no_threshold
      || vae_detection_compute (&series, threshold, &results->detection,
          error));
}

static gboolean
write_report (const GstRocMetric * self, const GstRocMetricResults * results,
    GError ** error)
{
  const VaeScored series = get_series (self);
  const GstRocMetricReport report = {
    .series = &series,
    .blame = (const GstRocMetricBlame *) self->blame.data,
    .results = results,
    .model = self->model,
  };

  return gst_roc_metric_report_write (&report, self->job.report, error);
}

static gboolean
evaluate (const GstRocMetric * self, GstRocMetricResults * results,
    GError ** error)
{
  if (self->rows.n_rows == 0) {
    g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
        "The stream ended without a row to evaluate");
    return FALSE;
  }
  return compute (self, results, error)
      && (!self->job.location
      || gst_roc_metric_results_write (results, self->job.location, error))
      && (!self->job.report || write_report (self, results, error));
}

/* Whether EOS may be reported. */
static gboolean
gst_roc_metric_finish (GstRocMetric * self)
{
  g_autoptr (GError) error = NULL;
  GstRocMetricResults results;

  gst_roc_metric_results_init (&results);
  if (!evaluate (self, &results, &error)) {
    gst_vae_element_error (self, error, GST_RESOURCE_ERROR_WRITE);
    return FALSE;
  }
  if (!self->job.silent)
    gst_roc_metric_results_print (&results);
  publish (self, &results);
  gst_element_post_message (GST_ELEMENT (self),
      gst_message_new_element (GST_OBJECT (self),
          gst_roc_metric_results_to_structure (&results)));
  return TRUE;
}

/* --- the stream --------------------------------------------------------- */

static void
gst_roc_metric_forget (GstRocMetric * self)
{
  gst_vae_rows_clear (&self->rows);
  gst_vae_times_clear (&self->times);
  gst_vae_rows_clear (&self->blame);
  self->broken = TRUE;
  self->model_changed = FALSE;
}

static gboolean
gst_roc_metric_prepare (GstRocMetric * self)
{
  g_autoptr (GError) error = NULL;

  gst_roc_metric_forget (self);
  self->model_threshold = NAN;
  g_clear_pointer (&self->model, gst_structure_free);
  self->info.n_tensors = 0;

  GST_OBJECT_LOCK (self);
  g_free (self->job.location);
  g_free (self->job.report);
  self->job = self->settings;
  self->job.location = g_strdup (self->settings.location);
  self->job.report = g_strdup (self->settings.report);
  gst_roc_metric_results_init (&self->results);
  GST_OBJECT_UNLOCK (self);

  if (check_settings (&self->job, &error))
    return TRUE;
  gst_vae_element_error (self, error, GST_RESOURCE_ERROR_OPEN_WRITE);
  return FALSE;
}

/* The base class's start() comes before READY, where properties may still
 * change. */
static GstStateChangeReturn
gst_roc_metric_change_state (GstElement * element, GstStateChange transition)
{
  GstRocMetric *self = GST_ROC_METRIC (element);
  GstStateChangeReturn ret;

  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED
      && !gst_roc_metric_prepare (self))
    return GST_STATE_CHANGE_FAILURE;

  ret = GST_ELEMENT_CLASS (parent_class)->change_state (element, transition);

  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY)
    gst_roc_metric_forget (self);
  return ret;
}

/* A threshold that makes no sense is none. */
static gdouble
threshold_from_model (const GstStructure * model)
{
  gdouble threshold;

  if (gst_structure_get_double (model, "threshold", &threshold)
      && isfinite (threshold) && threshold >= 0)
    return threshold;
  return NAN;
}

static void
gst_roc_metric_set_model (GstRocMetric * self, const GstStructure * model)
{
  const gdouble threshold = threshold_from_model (model);
  const gboolean same = threshold == self->model_threshold
      || (isnan (threshold) && isnan (self->model_threshold));

  GST_DEBUG_OBJECT (self, "model %" GST_PTR_FORMAT, model);
  if (!same && self->rows.n_rows > 0)
    self->model_changed = TRUE;
  self->model_threshold = threshold;
  g_clear_pointer (&self->model, gst_structure_free);
  self->model = gst_structure_copy (model);
}

static gboolean
gst_roc_metric_event (GstBaseSink * sink, GstEvent * event)
{
  GstRocMetric *self = GST_ROC_METRIC (sink);

  switch (GST_EVENT_TYPE (event)) {
    case GST_EVENT_FLUSH_STOP:
      gst_roc_metric_forget (self);
      break;
    case GST_EVENT_SEGMENT:
      self->broken = TRUE;
      break;
    case GST_EVENT_TAG:
      if (gst_vae_model_event_peek (event))
        gst_roc_metric_set_model (self, gst_vae_model_event_peek (event));
      break;
    case GST_EVENT_EOS:
      if (!gst_roc_metric_finish (self)) {
        gst_event_unref (event);
        return FALSE;
      }
      break;
    default:
      break;
  }
  return GST_BASE_SINK_CLASS (parent_class)->event (sink, event);
}

static gboolean
is_tensor (const GstVaeTensorsInfo * info, gint index, GstVaeTensorType type)
{
  return (guint) index < info->n_tensors && info->tensors[index].type == type
      && info->tensors[index].cols == 1;
}

static gboolean
find_label (const GstRocMetric * self, const GstVaeTensorsInfo * info,
    guint *label, GError ** error)
{
  *label = (guint) self->job.label_tensor;
  if (is_tensor (info, self->job.label_tensor, GST_VAE_UINT8))
    return TRUE;
  g_set_error (error, GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION,
      "The stream has no labels: tensor %u of %u would be uint8 with one column "
      "(label-tensor picks another; the first is 0)", *label, info->n_tensors);
  return FALSE;
}

static gboolean
find_score (const GstRocMetric * self, const GstVaeTensorsInfo * info,
    guint *score, GError ** error)
{
  const gboolean is_default = self->job.score_tensor < 0;
  const gint index = is_default ? (gint) info->n_tensors - 1
      : self->job.score_tensor;

  *score = (guint) index;
  if (is_tensor (info, index, GST_VAE_FLOAT32)
      && !(is_default && index == self->job.data_tensor))
    return TRUE;
  g_set_error (error, GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION,
      "The stream has no scores: tensor %d of %u%s would be float32 with one "
      "column, and not the data (vaescore adds it; score-tensor picks another, "
      "the first is 0)", index, info->n_tensors,
      is_default ? ", the last," : "");
  return FALSE;
}

static gboolean
check_contributions (const GstRocMetric * self, const GstVaeTensorsInfo * info,
    GError ** error)
{
  const gint index = self->job.contributions_tensor;

  if (index < 0 || ((guint) index < info->n_tensors
          && info->tensors[index].type == GST_VAE_FLOAT32
          && info->tensors[index].rows == info->tensors[self->score].rows))
    return TRUE;
  g_set_error (error, GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION,
      "The stream has no contributions: tensor %d of %u would be float32 with as "
      "many rows as there are scores (vaescore contributions=true adds it before "
      "the score)", index, info->n_tensors);
  return FALSE;
}

static gboolean
check_same_rows (const GstVaeTensor * label, const GstVaeTensor * score,
    GError ** error)
{
  if (label->rows == score->rows)
    return TRUE;
  g_set_error (error, GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION,
      "A buffer has %u labels but %u scores", label->rows, score->rows);
  return FALSE;
}

static gboolean
check_same_stream (const GstRocMetric * self, const GstVaeTensorsInfo * info,
    GError ** error)
{
  if (self->rows.n_rows == 0 || gst_vae_tensors_same_stream (&self->info, info))
    return TRUE;
  g_set_error (error, GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION,
      "The stream changed to other tensors after %" G_GSIZE_FORMAT " rows",
      self->rows.n_rows);
  return FALSE;
}

static gboolean
read_caps (GstRocMetric * self, const GstCaps * caps, GError ** error)
{
  GstVaeTensorsInfo info;
  guint label, score;

  if (!gst_vae_tensors_from_caps (&info, caps, error)
      || !find_label (self, &info, &label, error)
      || !find_score (self, &info, &score, error)
      || !check_same_rows (&info.tensors[label], &info.tensors[score], error)
      || !check_same_stream (self, &info, error))
    return FALSE;
  self->info = info;
  self->label = label;
  self->score = score;
  return check_contributions (self, &info, error);
}

static gboolean
gst_roc_metric_set_caps (GstBaseSink * sink, GstCaps * caps)
{
  GstRocMetric *self = GST_ROC_METRIC (sink);
  g_autoptr (GError) error = NULL;

  GST_DEBUG_OBJECT (self, "caps %" GST_PTR_FORMAT, caps);
  if (read_caps (self, caps, &error))
    return TRUE;
  gst_vae_element_error (self, error, GST_RESOURCE_ERROR_FAILED);
  return FALSE;
}

static gboolean
collect_blame (GstRocMetric * self, const gfloat * contributions, guint n_rows,
    GError ** error)
{
  const guint n_channels =
      self->info.tensors[self->job.contributions_tensor].cols;
  g_autofree GstRocMetricBlame *blame =
      g_try_new (GstRocMetricBlame, (gsize) n_rows * GST_ROC_METRIC_BLAMED);

  if (!blame) {
    g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NO_SPACE_LEFT,
        "There is no memory for the contributions to %u scores", n_rows);
    return FALSE;
  }
  gst_roc_metric_blame (contributions, n_rows, n_channels, blame);
  return gst_vae_rows_append (&self->blame, (const gfloat *) blame, NULL,
      n_rows, FALSE, error);
}

static gboolean
tells_blame (const GstRocMetric * self)
{
  return self->job.report && self->job.contributions_tensor >= 0;
}

static gboolean
collect (GstRocMetric * self, GstBuffer * buffer, GError ** error)
{
  const guint n_rows = self->info.tensors[self->score].rows;
  GstVaeTensorsMap map;
  gboolean collected;

  if (GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DISCONT))
    self->broken = TRUE;
  if (!gst_vae_tensors_map (&map, buffer, &self->info, error))
    return FALSE;
  collected = gst_vae_times_append (&self->times, buffer, self->rows.n_rows,
      n_rows, self->broken, error)
      && gst_vae_rows_append (&self->rows, map.data[self->score],
      map.data[self->label], n_rows, self->broken, error)
      && (!tells_blame (self)
      || collect_blame (self, map.data[self->job.contributions_tensor], n_rows,
          error));
  gst_vae_tensors_unmap (&map);
  self->broken = FALSE;
  return collected;
}

static GstFlowReturn
gst_roc_metric_render (GstBaseSink * sink, GstBuffer * buffer)
{
  GstRocMetric *self = GST_ROC_METRIC (sink);
  g_autoptr (GError) error = NULL;

  if (collect (self, buffer, &error))
    return GST_FLOW_OK;
  gst_vae_element_error (self, error, GST_RESOURCE_ERROR_FAILED);
  return GST_FLOW_ERROR;
}

/* --- the type ----------------------------------------------------------- */

static void
gst_roc_metric_init (GstRocMetric * self)
{
  Settings *settings = &self->settings;

  settings->location = DEFAULT_LOCATION;
  settings->report = DEFAULT_REPORT;
  settings->data_tensor = DEFAULT_DATA_TENSOR;
  settings->label_tensor = DEFAULT_LABEL_TENSOR;
  settings->score_tensor = DEFAULT_SCORE_TENSOR;
  settings->contributions_tensor = DEFAULT_CONTRIBUTIONS_TENSOR;
  settings->threshold = DEFAULT_THRESHOLD;
  settings->buffer = DEFAULT_BUFFER;
  settings->silent = DEFAULT_SILENT;
  gst_roc_metric_results_init (&self->results);

  gst_vae_rows_init (&self->rows, 1, TRUE);
  gst_vae_times_init (&self->times);
  gst_vae_rows_init (&self->blame,
      GST_ROC_METRIC_BLAMED * sizeof (GstRocMetricBlame) / sizeof (gfloat),
      FALSE);
  gst_base_sink_set_sync (GST_BASE_SINK (self), FALSE);
  gst_vae_tensors_accept_generously (GST_BASE_SINK_PAD (self));
}

static void
gst_roc_metric_finalize (GObject * object)
{
  GstRocMetric *self = GST_ROC_METRIC (object);

  g_free (self->settings.location);
  g_free (self->settings.report);
  g_free (self->job.location);
  g_free (self->job.report);
  g_clear_pointer (&self->model, gst_structure_free);
  gst_roc_metric_forget (self);
  G_OBJECT_CLASS (parent_class)->finalize (object);
}

#define PROPERTY_FLAGS \
    (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY)

static void
define_settings (GObjectClass * klass)
{
  GParamSpec *props[N_SETTINGS] = { NULL };

  /**
   * GstRocMetric:location:
   *
   * A file to write the results to, as one JSON object, when the stream has ended.
   * It is replaced in one step.
   *
   * Since: 0.1
   */
  props[PROP_LOCATION] = g_param_spec_string ("location", "Location",
      "File to write the results to, as JSON", DEFAULT_LOCATION,
      PROPERTY_FLAGS);

  /**
   * GstRocMetric:report:
   *
   * A file to write a page to, when the stream has ended, that shows the results:
   * the curves, the scores over time, and the worst events. It is HTML that needs
   * nothing else, and is replaced in one step.
   *
   * Since: 0.1
   */
  props[PROP_REPORT] = g_param_spec_string ("report", "Report",
      "File to write a page to that shows the results, as HTML",
      DEFAULT_REPORT, PROPERTY_FLAGS);

  /**
   * GstRocMetric:data-tensor:
   *
   * The index of the tensor that holds the data, which is never taken for the
   * scores unless #GstRocMetric:score-tensor says so; -1 = there is none.
   *
   * Since: 0.1
   */
  props[PROP_DATA_TENSOR] = g_param_spec_int ("data-tensor", "Data tensor",
      "Index of the tensor with the data, which are not taken for scores by "
      "default, -1 to 15 (-1 = none)", G_MININT, G_MAXINT, DEFAULT_DATA_TENSOR,
      PROPERTY_FLAGS);

  /**
   * GstRocMetric:label-tensor:
   *
   * The index of the tensor that holds the labels.
   *
   * Since: 0.1
   */
  props[PROP_LABEL_TENSOR] = g_param_spec_int ("label-tensor", "Label tensor",
      "Index of the tensor with the labels, 0 to 15", G_MININT, G_MAXINT,
      DEFAULT_LABEL_TENSOR, PROPERTY_FLAGS);

  /**
   * GstRocMetric:score-tensor:
   *
   * The index of the tensor that holds the scores; -1 = the last one, where
   * #vaescore puts them.
   *
   * Since: 0.1
   */
  props[PROP_SCORE_TENSOR] = g_param_spec_int ("score-tensor", "Score tensor",
      "Index of the tensor with the scores, -1 to 15 (-1 = the last)", G_MININT,
      G_MAXINT, DEFAULT_SCORE_TENSOR, PROPERTY_FLAGS);

  /**
   * GstRocMetric:contributions-tensor:
   *
   * The index of the tensor that holds what each channel contributed to the
   * score, as #vaescore adds it. #GstRocMetric:report then names the channels
   * that are to blame for an event; -1 = it does not.
   *
   * Since: 0.1
   */
  props[PROP_CONTRIBUTIONS_TENSOR] =
      g_param_spec_int ("contributions-tensor", "Contributions tensor",
      "Index of the tensor with the channels' contributions to the score, for "
      "the report, -1 to 15 (-1 = none)", G_MININT, G_MAXINT,
      DEFAULT_CONTRIBUTIONS_TENSOR, PROPERTY_FLAGS);

  /**
   * GstRocMetric:threshold:
   *
   * Rows with a score of at least this are flagged: for these alarms there are
   * precision, recall, false alarms per hour and so on. 0 = the threshold that the
   * stream's model has, if any.
   *
   * Since: 0.1
   */
  props[PROP_THRESHOLD] = g_param_spec_double ("threshold", "Threshold",
      "Score from which on a row is flagged, > 0 (0 = what the stream's model "
      "says)", -G_MAXDOUBLE, G_MAXDOUBLE, DEFAULT_THRESHOLD, PROPERTY_FLAGS);

  /**
   * GstRocMetric:buffer:
   *
   * The length of the longest buffer of #GstRocMetric:vus-roc and
   * #GstRocMetric:vus-pr in rows, half of them on either side of an event. The
   * figures of different lengths can't be compared.
   *
   * Since: 0.1
   */
  props[PROP_BUFFER] = g_param_spec_uint ("buffer", "Buffer",
      "Rows of the longest buffer around events for VUS, 0 to 10000", 0,
      G_MAXUINT, DEFAULT_BUFFER, PROPERTY_FLAGS);

  /**
   * GstRocMetric:silent:
   *
   * Prints nothing.
   *
   * Since: 0.1
   */
  props[PROP_SILENT] = g_param_spec_boolean ("silent", "Silent",
      "Do not print the results", DEFAULT_SILENT, PROPERTY_FLAGS);

  g_object_class_install_properties (klass, N_SETTINGS, props);
}


static void
gst_roc_metric_class_init (GstRocMetricClass * klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstBaseSinkClass *sink_class = GST_BASE_SINK_CLASS (klass);

  object_class->set_property = gst_roc_metric_set_property;
  object_class->get_property = gst_roc_metric_get_property;
  object_class->finalize = gst_roc_metric_finalize;

  define_settings (object_class);
  gst_roc_metric_results_install (object_class, N_SETTINGS);

  element_class->change_state = GST_DEBUG_FUNCPTR (gst_roc_metric_change_state);
  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_set_static_metadata (element_class,
      "Evaluation of anomaly scores", "Sink/Analyzer/Tensor",
      "Tells how well scores find the labelled anomalies: AUROC, AUPRC, VUS, F1",
      "the gst-vae authors");

  sink_class->set_caps = GST_DEBUG_FUNCPTR (gst_roc_metric_set_caps);
  sink_class->event = GST_DEBUG_FUNCPTR (gst_roc_metric_event);
  sink_class->render = GST_DEBUG_FUNCPTR (gst_roc_metric_render);
}
