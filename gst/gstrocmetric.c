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
 * Collects the scores and labels of a stream of tensors and tells at its end how
 * well the scores rank the anomalies above the rest: AUROC, AUPRC and the best F1.
 * What it finds is printed, posted as an element message, readable as properties,
 * and written to #GstRocMetric:location as JSON.
 *
 * Labels are uint8, one per row, 0 or 1 (anomaly). Scores are float32, one per row,
 * the higher the more of an anomaly; a row whose score is NaN is counted in
 * #GstRocMetric:unscored and otherwise left out.
 *
 * * AUROC is the chance that an anomaly has a higher score than a normal row, a tie
 *   counting one half: 0.5 is what random scores get.
 * * AUPRC is the average precision, never a trapezoid. Random scores get the base
 *   rate, so it means little without it.
 * * The best F1 is that of the best of all thresholds, chosen with the labels: an
 *   oracle, which no threshold set beforehand can beat.
 *
 * Without both classes among the scored rows these are undefined: NaN as a
 * property, no field in the message, null in JSON.
 *
 * ## Messages
 *
 * An element message named `rocmetric` is posted before EOS, and the JSON object
 * has the same members:
 *
 * * #guint64 `rows`: all of them
 * * #guint64 `positives`: anomalies among the scored rows
 * * #guint64 `unscored`: rows whose score is NaN
 * * #gdouble `base-rate`: share of the positives in the scored rows
 * * #gdouble `auroc`
 * * #gdouble `auprc`
 * * #gdouble `best-f1`
 * * #gdouble `best-threshold`: rows with a score of at least this are flagged then
 * * #gdouble `best-precision`, `best-recall`: what that gives
 *
 * ## Example launch lines
 * |[
 * gst-launch-1.0 vaesynth seed=2 ! vaescore model=m.bin ! rocmetric
 * ]| Evaluates a model on a synthetic series.
 * |[
 * gst-launch-1.0 filesrc location=scores.csv ! tensorcsvdec label-column=label ! rocmetric score-tensor=0 location=results.json
 * ]| Evaluates scores from elsewhere: a CSV file with the columns score and label.
 *
 * Since: 0.1
 */

#include "gstrocmetric.h"

#include <json-glib/json-glib.h>
#include <math.h>

#include "gstvaeelements.h"
#include "gstvaeerror.h"
#include "gstvaerows.h"
#include "gstvaesink.h"
#include "gstvaetensor.h"
#include "vae.h"

GST_DEBUG_CATEGORY_STATIC (gst_roc_metric_debug);
#define GST_CAT_DEFAULT gst_roc_metric_debug

#define DEFAULT_LOCATION NULL
#define DEFAULT_DATA_TENSOR 0
#define DEFAULT_LABEL_TENSOR 1
#define DEFAULT_SCORE_TENSOR -1
#define DEFAULT_SILENT FALSE

enum
{
  PROP_0,
  PROP_LOCATION,
  PROP_DATA_TENSOR,
  PROP_LABEL_TENSOR,
  PROP_SCORE_TENSOR,
  PROP_SILENT,
  PROP_ROWS,
  PROP_POSITIVES,
  PROP_UNSCORED,
  PROP_BASE_RATE,
  PROP_AUROC,
  PROP_AUPRC,
  PROP_BEST_F1,
  PROP_BEST_THRESHOLD,
  PROP_BEST_PRECISION,
  PROP_BEST_RECALL,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

typedef struct
{
  gchar *location;
  gint data_tensor;
  gint label_tensor;
  gint score_tensor;
  gboolean silent;
} Settings;

struct _GstRocMetric
{
  GstBaseSink parent;

  Settings settings;            /* under the object lock */
  VaeMetrics metrics;           /* likewise */

  Settings job;                 /* the settings when the stream began */
  GstVaeTensorsInfo info;       /* no tensors before the first caps */
  guint label;                  /* index of a tensor */
  guint score;                  /* likewise */
  GstVaeRows rows;              /* scores, with labels */
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

static const VaeMetrics no_metrics = {
  .base_rate = NAN,
  .auroc = NAN,
  .auprc = NAN,
  .best_f1 = NAN,
  .best_threshold = NAN,
  .best_precision = NAN,
  .best_recall = NAN,
};

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
    case PROP_DATA_TENSOR:
      settings->data_tensor = g_value_get_int (value);
      break;
    case PROP_LABEL_TENSOR:
      settings->label_tensor = g_value_get_int (value);
      break;
    case PROP_SCORE_TENSOR:
      settings->score_tensor = g_value_get_int (value);
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
  const VaeMetrics *metrics = &self->metrics;

  GST_OBJECT_LOCK (self);
  switch (prop_id) {
    case PROP_LOCATION:
      g_value_set_string (value, settings->location);
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
    case PROP_SILENT:
      g_value_set_boolean (value, settings->silent);
      break;
    case PROP_ROWS:
      g_value_set_uint64 (value, metrics->rows);
      break;
    case PROP_POSITIVES:
      g_value_set_uint64 (value, metrics->positives);
      break;
    case PROP_UNSCORED:
      g_value_set_uint64 (value, metrics->unscored);
      break;
    case PROP_BASE_RATE:
      g_value_set_double (value, metrics->base_rate);
      break;
    case PROP_AUROC:
      g_value_set_double (value, metrics->auroc);
      break;
    case PROP_AUPRC:
      g_value_set_double (value, metrics->auprc);
      break;
    case PROP_BEST_F1:
      g_value_set_double (value, metrics->best_f1);
      break;
    case PROP_BEST_THRESHOLD:
      g_value_set_double (value, metrics->best_threshold);
      break;
    case PROP_BEST_PRECISION:
      g_value_set_double (value, metrics->best_precision);
      break;
    case PROP_BEST_RECALL:
      g_value_set_double (value, metrics->best_recall);
      break;
    default:
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
check_settings (const Settings * settings, GError ** error)
{
  return check_index ("data-tensor", settings->data_tensor, -1, error)
      && check_index ("label-tensor", settings->label_tensor, 0, error)
      && check_index ("score-tensor", settings->score_tensor, -1, error)
      && (!settings->location
      || gst_vae_sink_check_path (settings->location, error));
}

/* --- results ------------------------------------------------------------ */

static void
publish (GstRocMetric * self, const VaeMetrics * metrics)
{
  GST_OBJECT_LOCK (self);
  self->metrics = *metrics;
  GST_OBJECT_UNLOCK (self);

  for (guint i = PROP_ROWS; i < N_PROPS; i++)
    g_object_notify_by_pspec (G_OBJECT (self), props[i]);
}

static GstStructure *
metrics_to_structure (const VaeMetrics * metrics)
{
  GstStructure *structure = gst_structure_new ("rocmetric",
      "rows", G_TYPE_UINT64, metrics->rows,
      "positives", G_TYPE_UINT64, metrics->positives,
      "unscored", G_TYPE_UINT64, metrics->unscored, NULL);

  gst_vae_structure_set_known (structure, "base-rate", metrics->base_rate);
  gst_vae_structure_set_known (structure, "auroc", metrics->auroc);
  gst_vae_structure_set_known (structure, "auprc", metrics->auprc);
  gst_vae_structure_set_known (structure, "best-f1", metrics->best_f1);
  gst_vae_structure_set_known (structure, "best-threshold",
      metrics->best_threshold);
  gst_vae_structure_set_known (structure, "best-precision",
      metrics->best_precision);
  gst_vae_structure_set_known (structure, "best-recall", metrics->best_recall);
  return structure;
}

static void
add_count (JsonBuilder * builder, const gchar * name, guint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, (gint64) value);
}

/* JSON knows neither NaN nor infinities. */
static void
add_number (JsonBuilder * builder, const gchar * name, gdouble value)
{
  json_builder_set_member_name (builder, name);
  if (isfinite (value))
    json_builder_add_double_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

static JsonNode *
metrics_to_json (const VaeMetrics * metrics)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  add_count (builder, "rows", metrics->rows);
  add_count (builder, "positives", metrics->positives);
  add_count (builder, "unscored", metrics->unscored);
  add_number (builder, "base-rate", metrics->base_rate);
  add_number (builder, "auroc", metrics->auroc);
  add_number (builder, "auprc", metrics->auprc);
  add_number (builder, "best-f1", metrics->best_f1);
  add_number (builder, "best-threshold", metrics->best_threshold);
  add_number (builder, "best-precision", metrics->best_precision);
  add_number (builder, "best-recall", metrics->best_recall);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

static gboolean
write_json (const gchar * location, const VaeMetrics * metrics, GError ** error)
{
  g_autoptr (JsonNode) root = metrics_to_json (metrics);
  g_autofree gchar *members = json_to_string (root, TRUE);
  g_autofree gchar *text = g_strconcat (members, "\n", NULL);

  return g_file_set_contents_full (location, text, -1,
      G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0666,
      error);
}

static gchar *
describe (const VaeMetrics * metrics, gdouble value)
{
  if (!isnan (value))
    return g_strdup_printf ("%.4f", value);
  if (metrics->unscored == metrics->rows)
    return g_strdup ("undefined (no row was scored)");
  return g_strdup ("undefined (only one class)");
}

static gchar *
describe_auprc (const VaeMetrics * metrics)
{
  if (isnan (metrics->auprc))
    return describe (metrics, NAN);
  return g_strdup_printf ("%.4f   (random scores: %.4f)", metrics->auprc,
      metrics->base_rate);
}

static gchar *
describe_best_f1 (const VaeMetrics * metrics)
{
  if (isnan (metrics->best_f1))
    return describe (metrics, NAN);
  return g_strdup_printf ("%.4f   (an oracle: its threshold %g was chosen with "
      "the labels)", metrics->best_f1, metrics->best_threshold);
}

static void
print_summary (const VaeMetrics * metrics)
{
  g_autofree gchar *base_rate = describe (metrics, metrics->base_rate);
  g_autofree gchar *auroc = describe (metrics, metrics->auroc);
  g_autofree gchar *auprc = describe_auprc (metrics);
  g_autofree gchar *best_f1 = describe_best_f1 (metrics);

  g_print ("rows       %" G_GUINT64_FORMAT "\n"
      "positives  %" G_GUINT64_FORMAT "\n"
      "base rate  %s\n"
      "unscored   %" G_GUINT64_FORMAT "\n"
      "AUROC      %s\n"
      "AUPRC      %s\n"
      "best F1    %s\n", metrics->rows, metrics->positives, base_rate,
      metrics->unscored, auroc, auprc, best_f1);
}

static gboolean
evaluate (GstRocMetric * self, VaeMetrics * metrics, GError ** error)
{
  if (self->rows.n_rows == 0) {
    g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
        "The stream ended without a row to evaluate");
    return FALSE;
  }
  return vae_metrics_compute (self->rows.data, self->rows.labels,
      self->rows.n_rows, metrics, error)
      && (!self->job.location
      || write_json (self->job.location, metrics, error));
}

/* Whether EOS may be reported. */
static gboolean
gst_roc_metric_finish (GstRocMetric * self)
{
  g_autoptr (GError) error = NULL;
  VaeMetrics metrics;

  if (!evaluate (self, &metrics, &error)) {
    gst_vae_element_error (self, error, GST_RESOURCE_ERROR_WRITE);
    return FALSE;
  }
  if (!self->job.silent)
    print_summary (&metrics);
  publish (self, &metrics);
  gst_element_post_message (GST_ELEMENT (self),
      gst_message_new_element (GST_OBJECT (self),
          metrics_to_structure (&metrics)));
  return TRUE;
}

/* --- the stream --------------------------------------------------------- */

static gboolean
gst_roc_metric_prepare (GstRocMetric * self)
{
  g_autoptr (GError) error = NULL;

  gst_vae_rows_clear (&self->rows);
  self->info.n_tensors = 0;

  GST_OBJECT_LOCK (self);
  g_free (self->job.location);
  self->job = self->settings;
  self->job.location = g_strdup (self->settings.location);
  self->metrics = no_metrics;
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
    gst_vae_rows_clear (&self->rows);
  return ret;
}

static gboolean
gst_roc_metric_event (GstBaseSink * sink, GstEvent * event)
{
  GstRocMetric *self = GST_ROC_METRIC (sink);

  switch (GST_EVENT_TYPE (event)) {
    case GST_EVENT_FLUSH_STOP:
      gst_vae_rows_clear (&self->rows);
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
  return TRUE;
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
collect (GstRocMetric * self, GstBuffer * buffer, GError ** error)
{
  GstVaeTensorsMap map;
  gboolean collected;

  if (!gst_vae_tensors_map (&map, buffer, &self->info, error))
    return FALSE;
  collected = gst_vae_rows_append (&self->rows, map.data[self->score],
      map.data[self->label], self->info.tensors[self->score].rows, FALSE,
      error);
  gst_vae_tensors_unmap (&map);
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
  settings->data_tensor = DEFAULT_DATA_TENSOR;
  settings->label_tensor = DEFAULT_LABEL_TENSOR;
  settings->score_tensor = DEFAULT_SCORE_TENSOR;
  settings->silent = DEFAULT_SILENT;
  self->metrics = no_metrics;

  gst_vae_rows_init (&self->rows, 1, TRUE);
  gst_base_sink_set_sync (GST_BASE_SINK (self), FALSE);
  gst_vae_tensors_accept_generously (GST_BASE_SINK_PAD (self));
}

static void
gst_roc_metric_finalize (GObject * object)
{
  GstRocMetric *self = GST_ROC_METRIC (object);

  g_free (self->settings.location);
  g_free (self->job.location);
  gst_vae_rows_clear (&self->rows);
  G_OBJECT_CLASS (parent_class)->finalize (object);
}

#define PROPERTY_FLAGS \
    (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY)
#define RESULT_FLAGS (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS)

static void
define_settings (void)
{
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
   * GstRocMetric:silent:
   *
   * Prints nothing.
   *
   * Since: 0.1
   */
  props[PROP_SILENT] = g_param_spec_boolean ("silent", "Silent",
      "Do not print the results", DEFAULT_SILENT, PROPERTY_FLAGS);
}

static GParamSpec *
count_spec (const gchar * name, const gchar * nick, const gchar * blurb)
{
  return g_param_spec_uint64 (name, nick, blurb, 0, G_MAXUINT64, 0,
      RESULT_FLAGS);
}

static GParamSpec *
share_spec (const gchar * name, const gchar * nick, const gchar * blurb)
{
  return g_param_spec_double (name, nick, blurb, 0, 1, 0, RESULT_FLAGS);
}

static void
define_results (void)
{
  /**
   * GstRocMetric:rows:
   *
   * The rows of the stream. Like the other results it is set, and notified about,
   * when the stream has ended.
   *
   * Since: 0.1
   */
  props[PROP_ROWS] = count_spec ("rows", "Rows", "Rows of the stream");

  /**
   * GstRocMetric:positives:
   *
   * The anomalies among the scored rows.
   *
   * Since: 0.1
   */
  props[PROP_POSITIVES] = count_spec ("positives", "Positives",
      "Anomalies among the scored rows");

  /**
   * GstRocMetric:unscored:
   *
   * The rows whose score is NaN.
   *
   * Since: 0.1
   */
  props[PROP_UNSCORED] = count_spec ("unscored", "Unscored",
      "Rows whose score is NaN");

  /**
   * GstRocMetric:base-rate:
   *
   * The share of the anomalies in the scored rows: the AUPRC of random scores.
   *
   * Since: 0.1
   */
  props[PROP_BASE_RATE] = share_spec ("base-rate", "Base rate",
      "Share of the anomalies in the scored rows (NaN = undefined)");

  /**
   * GstRocMetric:auroc:
   *
   * The area under the receiver operating characteristic.
   *
   * Since: 0.1
   */
  props[PROP_AUROC] = share_spec ("auroc", "AUROC",
      "Area under the receiver operating characteristic (NaN = undefined)");

  /**
   * GstRocMetric:auprc:
   *
   * The area under the precision-recall curve, as average precision.
   *
   * Since: 0.1
   */
  props[PROP_AUPRC] = share_spec ("auprc", "AUPRC",
      "Average precision (NaN = undefined)");

  /**
   * GstRocMetric:best-f1:
   *
   * The largest F1 over all thresholds, an oracle.
   *
   * Since: 0.1
   */
  props[PROP_BEST_F1] = share_spec ("best-f1", "Best F1",
      "Largest F1 over all thresholds, an oracle (NaN = undefined)");

  /**
   * GstRocMetric:best-threshold:
   *
   * The threshold of #GstRocMetric:best-f1: rows with a score of at least this are
   * flagged there.
   *
   * Since: 0.1
   */
  props[PROP_BEST_THRESHOLD] = g_param_spec_double ("best-threshold",
      "Best threshold", "Threshold of the best F1 (NaN = undefined)",
      -G_MAXDOUBLE, G_MAXDOUBLE, 0, RESULT_FLAGS);

  /**
   * GstRocMetric:best-precision:
   *
   * The precision at #GstRocMetric:best-threshold.
   *
   * Since: 0.1
   */
  props[PROP_BEST_PRECISION] = share_spec ("best-precision", "Best precision",
      "Precision at the best threshold (NaN = undefined)");

  /**
   * GstRocMetric:best-recall:
   *
   * The recall at #GstRocMetric:best-threshold.
   *
   * Since: 0.1
   */
  props[PROP_BEST_RECALL] = share_spec ("best-recall", "Best recall",
      "Recall at the best threshold (NaN = undefined)");
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

  define_settings ();
  define_results ();
  g_object_class_install_properties (object_class, N_PROPS, props);

  element_class->change_state = GST_DEBUG_FUNCPTR (gst_roc_metric_change_state);
  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_set_static_metadata (element_class,
      "Evaluation of anomaly scores", "Sink/Analyzer/Tensor",
      "Tells how well scores find the labelled anomalies: AUROC, AUPRC, best F1",
      "the gst-vae authors");

  sink_class->set_caps = GST_DEBUG_FUNCPTR (gst_roc_metric_set_caps);
  sink_class->event = GST_DEBUG_FUNCPTR (gst_roc_metric_event);
  sink_class->render = GST_DEBUG_FUNCPTR (gst_roc_metric_render);
}
