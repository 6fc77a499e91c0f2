/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/**
 * SECTION:element-vaescore
 * @title: vaescore
 * @short_description: scores how unusual each row of a time series is
 * @see_also: vaetrain, rocmetric
 *
 * Scores each row of a stream of tensors with a model that #vaetrain wrote: the
 * higher the score, the less the row is like what the model was trained on. A score
 * is no probability, and only scores of one model can be compared.
 *
 * The first tensor is the data, float32, with as many channels as the model was
 * trained on; a cell that is NaN is missing. The scores are appended as the last
 * tensor, float32, one per row, and what else is asked for before them:
 * contributions, expected values, decisions. All other tensors, labels for instance,
 * pass untouched, without a copy.
 *
 * Raw audio can be scored, too: a frame is a row. Where downstream takes audio, it
 * passes untouched, with the scores in a custom meta `GstVaeScoreMeta`: a #GBytes
 * `scores` of one native float per frame, and a #gdouble `threshold` if it is
 * known. Where downstream takes tensors, it becomes such.
 *
 * A row that cannot be scored has the score NaN: one with no cell that is not
 * missing, or one before the model's window is full. A window does not span a
 * discontinuity (DISCONT), a flush or a new segment. How the stream is cut into
 * buffers has no influence on the scores.
 *
 * What is known about the model goes downstream as the structure of the tag
 * `vae-model`, in a sticky event of global scope, before the first buffer and whenever the model or the
 * threshold changes.
 *
 * ## Messages
 *
 * Element messages named `vaescore`. With #GstVaeScore:post-messages, when an anomaly
 * begins and when it ends:
 *
 * * #gchararray `event`: `anomaly-begin` or `anomaly-end`
 * * #guint64 `timestamp`, `stream-time`, `running-time`: when its first row was
 * * #guint64 `duration`: from there to the end of its last row so far
 * * #guint64 `first-row`, `last-row`, `peak-row`: offsets
 * * #gdouble `peak-score`, `threshold`
 * * #GstValueArray of #guint `channels`: those to blame for the peak, at most five,
 *     the worst first
 * * #GstValueArray of #gdouble `contributions`, `actual`, `expected`: of these
 *     channels at the peak
 *
 * When another model has taken over:
 *
 * * #gchararray `event`: `model-changed`
 * * #guint64 `timestamp`, `stream-time`, `running-time`: of its first buffer
 * * the fields of `vae-model`
 *
 * ## Example launch lines
 * |[
 * gst-launch-1.0 vaesynth seed=2 ! vaescore model=m.bin ! rocmetric
 * ]| Scores a synthetic series and tells how well the scores find its anomalies.
 * |[
 * gst-launch-1.0 filesrc location=test.csv ! tensorcsvdec ! vaescore model=m.bin ! tensorcsvenc ! filesink location=scores.csv
 * ]| Scores a CSV file into another.
 * |[
 * gst-launch-1.0 -m vaesynth seed=2 ! vaescore model=m.bin post-messages=true ! fakesink
 * ]| Prints when anomalies begin and end.
 *
 * Since: 0.1
 */

#include "gstvaescore.h"

#include "gstvaeelements.h"
#include "gstvaeerror.h"
#include "gstvaemodeltag.h"
#include "gstvaescorealarms.h"
#include "gstvaescorejob.h"
#include "gstvaescorestream.h"
#include "gstvaesink.h"
#include "vae.h"

GST_DEBUG_CATEGORY_STATIC (gst_vae_score_debug);
#define GST_CAT_DEFAULT gst_vae_score_debug

#define META "GstVaeScoreMeta"

/* Rows that are scored at once where there are messages. */
#define CHUNK 256

/* Where the results of some rows go; what is NULL is not wanted. */
typedef struct
{
  gfloat *contributions;        /* [rows][channels] */
  gfloat *expected;             /* [rows][channels] */
  guint8 *decisions;            /* [rows] */
  gfloat *scores;               /* [rows] */
} Results;

struct _GstVaeScore
{
  GstBaseTransform parent;

  GstVaeScoreSettings settings; /* under the object lock */
  gboolean has_new_model;       /* likewise: the property was set */

  GstVaeScoreJob job;
  GstVaeScoreAlarms alarms;
  gboolean is_announced;        /* model and threshold, downstream */
  gfloat *blame;                /* [2][CHUNK][channels]: contributions and expected
                                 * values for the messages */
  guint64 next_row;             /* offset of a buffer that has none */

  GstVaeScoreStream stream;
};

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS,
    GST_STATIC_CAPS (GST_VAE_SCORE_CAPS));

static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE ("src",
    GST_PAD_SRC, GST_PAD_ALWAYS,
    GST_STATIC_CAPS (GST_VAE_SCORE_CAPS));

#define gst_vae_score_parent_class parent_class
G_DEFINE_TYPE_WITH_CODE (GstVaeScore, gst_vae_score, GST_TYPE_BASE_TRANSFORM,
    GST_DEBUG_CATEGORY_INIT (gst_vae_score_debug, "vaescore", 0,
        "beta-VAE scorer"));
GST_ELEMENT_REGISTER_DEFINE (vaescore, "vaescore", GST_RANK_NONE,
    GST_TYPE_VAE_SCORE);

/* --- properties --------------------------------------------------------- */

static void
gst_vae_score_set_property (GObject * object, guint prop_id,
    const GValue * value, GParamSpec * pspec)
{
  GstVaeScore *self = GST_VAE_SCORE (object);

  GST_OBJECT_LOCK (self);
  if (!gst_vae_score_settings_set (&self->settings, prop_id, value))
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  else if (g_strcmp0 (pspec->name, "model") == 0)
    self->has_new_model = TRUE;
  GST_OBJECT_UNLOCK (self);
}

static void
gst_vae_score_get_property (GObject * object, guint prop_id, GValue * value,
    GParamSpec * pspec)
{
  GstVaeScore *self = GST_VAE_SCORE (object);

  GST_OBJECT_LOCK (self);
  if (!gst_vae_score_settings_get (&self->settings, prop_id, value))
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  GST_OBJECT_UNLOCK (self);
}

/* --- messages ----------------------------------------------------------- */

/* Posts a structure, if there is one. */
static void
post (GstVaeScore * self, GstStructure * structure)
{
  if (structure)
    gst_element_post_message (GST_ELEMENT (self),
        gst_message_new_element (GST_OBJECT (self), structure));
}

static const GstSegment *
get_segment (GstVaeScore * self)
{
  return &GST_BASE_TRANSFORM (self)->segment;
}

/* The next row does not follow those before. */
static void
begin_anew (GstVaeScore * self)
{
  post (self, gst_vae_score_alarms_finish (&self->alarms, get_segment (self)));
  gst_vae_score_model_reset (&self->job.model);
}

static void
announce (GstVaeScore * self)
{
  if (self->is_announced)
    return;
  self->is_announced = TRUE;
  gst_pad_push_event (GST_BASE_TRANSFORM_SRC_PAD (self),
      gst_vae_model_event_new (gst_vae_score_model_describe (&self->job.model,
              GST_VAE_TAG_MODEL,
              gst_vae_score_job_get_threshold (&self->job))));
}

static void
post_model_changed (GstVaeScore * self, GstClockTime time)
{
  GstStructure *structure = gst_vae_score_model_describe (&self->job.model,
      "vaescore", gst_vae_score_job_get_threshold (&self->job));

  gst_structure_set (structure, "event", G_TYPE_STRING, "model-changed", NULL);
  gst_vae_score_set_times (structure, get_segment (self), time);
  post (self, structure);
}

/* --- the model ---------------------------------------------------------- */

static void
warn (GstVaeScore * self, const GError * error)
{
  gst_vae_element_warning (self, error, GST_RESOURCE_ERROR_OPEN_READ);
}

static void
change_model (GstVaeScore * self, guint channels, GstClockTime time)
{
  g_autoptr (GError) error = NULL;

  if (!gst_vae_score_job_change_model (&self->job, channels, &error)) {
    warn (self, error);
    return;
  }
  self->is_announced = FALSE;
  post_model_changed (self, time);
}

static void
change_threshold (GstVaeScore * self)
{
  g_autoptr (GError) error = NULL;

  if (gst_vae_score_job_change_threshold (&self->job, &error))
    self->is_announced = FALSE;
  else
    warn (self, error);
}

/* Takes over what was set since the last buffer, which is about to be followed by
 * another at `time`. */
static void
look_for_changes (GstVaeScore * self, guint channels, GstClockTime time)
{
  GstVaeScoreJob *job = &self->job;
  gboolean is_model_set, is_threshold_set;

  GST_OBJECT_LOCK (self);
  is_threshold_set = self->settings.threshold != job->settings.threshold;
  job->settings.threshold = self->settings.threshold;
  is_model_set = self->has_new_model;
  self->has_new_model = FALSE;
  if (is_model_set) {
    g_free (job->settings.model);
    job->settings.model = g_strdup (self->settings.model);
  }
  GST_OBJECT_UNLOCK (self);

  if (is_threshold_set)
    change_threshold (self);
  if (is_model_set)
    gst_vae_score_watch_init (&job->watch, job->settings.model);
  if (is_model_set || (job->settings.watch
          && gst_vae_score_watch_look (&job->watch, job->settings.model)))
    change_model (self, channels, time);
}

static gboolean
gst_vae_score_stop (GstBaseTransform * trans)
{
  GstVaeScore *self = GST_VAE_SCORE (trans);

  post (self, gst_vae_score_alarms_finish (&self->alarms, &trans->segment));
  gst_vae_score_alarms_clear (&self->alarms);
  gst_vae_score_job_clear (&self->job);
  g_clear_pointer (&self->blame, g_free);
  self->stream.tensors.n_tensors = 0;
  return TRUE;
}

static gboolean
prepare (GstVaeScore * self, const GstVaeScoreSettings * settings,
    GError ** error)
{
  if (!gst_vae_score_job_init (&self->job, settings, error))
    return FALSE;
  if (gst_vae_score_alarms_init (&self->alarms, settings->min_rows,
          settings->of_rows, settings->cool_down))
    return TRUE;
  g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NO_SPACE_LEFT,
      "There is no memory to look back on %u rows", settings->min_rows);
  return FALSE;
}

static gboolean
gst_vae_score_start (GstBaseTransform * trans)
{
  GstVaeScore *self = GST_VAE_SCORE (trans);
  g_autoptr (GError) error = NULL;
  GstVaeScoreSettings settings;
  gboolean is_prepared;

  GST_OBJECT_LOCK (self);
  gst_vae_score_settings_copy (&self->settings, &settings);
  self->has_new_model = FALSE;
  GST_OBJECT_UNLOCK (self);
  self->is_announced = FALSE;
  self->next_row = 0;

  is_prepared = prepare (self, &settings, &error);
  gst_vae_score_settings_clear (&settings);
  if (is_prepared)
    return TRUE;
  gst_vae_element_error (self, error, GST_RESOURCE_ERROR_OPEN_READ);
  gst_vae_score_stop (trans);
  return FALSE;
}

/* --- caps --------------------------------------------------------------- */

static GstCaps *
gst_vae_score_transform_caps (GstBaseTransform * trans,
    GstPadDirection direction, GstCaps * caps, GstCaps * filter)
{
  const GstVaeScore *self = GST_VAE_SCORE (trans);
  GstCaps *other = gst_vae_score_stream_transform (&self->job.settings,
      direction, caps);

  if (!filter)
    return other;

  GstCaps *filtered = gst_caps_intersect_full (filter, other,
      GST_CAPS_INTERSECT_FIRST);
  gst_caps_unref (other);
  return filtered;
}

static GstCaps *
gst_vae_score_fixate_caps (GstBaseTransform * trans,
    GstPadDirection direction, GstCaps * caps, GstCaps * other)
{
  const GstVaeScore *self = GST_VAE_SCORE (trans);
  GstCaps *fixed = gst_vae_score_stream_fixate (&self->job.settings,
      direction, caps, other);

  if (!fixed)
    return GST_BASE_TRANSFORM_CLASS (parent_class)->fixate_caps (trans,
        direction, caps, other);
  gst_caps_unref (other);
  return fixed;
}

static gboolean
alloc_blame (GstVaeScore * self, guint channels, GError ** error)
{
  if (!self->job.settings.post_messages)
    return TRUE;
  g_free (self->blame);
  self->blame = g_try_new (gfloat, 2 * CHUNK * (gsize) channels);
  if (self->blame)
    return TRUE;
  g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NO_SPACE_LEFT,
      "There is no memory for what %u rows of %u channels are expected to be",
      CHUNK, channels);
  return FALSE;
}

static gboolean
take_caps (GstVaeScore * self, const GstCaps * in_caps,
    const GstCaps * out_caps, GError ** error)
{
  GstVaeScoreStream stream;
  GstVaeTensorsInfo out;

  if (!gst_vae_score_stream_from_caps (&stream, in_caps, out_caps, error))
    return FALSE;
  const guint channels = stream.tensors.tensors[0].cols;
  look_for_changes (self, channels, GST_CLOCK_TIME_NONE);
  if (!gst_vae_score_job_check_channels (&self->job, channels, error)
      || !gst_vae_score_outputs_append (&self->job.settings, &stream.tensors,
          &out, error)
      || !alloc_blame (self, channels, error))
    return FALSE;
  if (!gst_vae_score_stream_is_same (&self->stream, &stream))
    begin_anew (self);
  self->stream = stream;
  return TRUE;
}

static gboolean
gst_vae_score_set_caps (GstBaseTransform * trans, GstCaps * in_caps,
    GstCaps * out_caps)
{
  GstVaeScore *self = GST_VAE_SCORE (trans);
  g_autoptr (GError) error = NULL;

  GST_DEBUG_OBJECT (self, "caps %" GST_PTR_FORMAT, in_caps);
  if (take_caps (self, in_caps, out_caps, &error))
    return TRUE;
  gst_vae_element_error (self, error, GST_RESOURCE_ERROR_FAILED);
  return FALSE;
}

/* --- rows --------------------------------------------------------------- */

static guint
get_channels (const GstVaeScore * self)
{
  return self->stream.tensors.tensors[0].cols;
}

static gboolean
gst_vae_score_sink_event (GstBaseTransform * trans, GstEvent * event)
{
  GstVaeScore *self = GST_VAE_SCORE (trans);

  switch (GST_EVENT_TYPE (event)) {
    case GST_EVENT_FLUSH_STOP:
    case GST_EVENT_SEGMENT:
    case GST_EVENT_EOS:
      begin_anew (self);
      break;
    case GST_EVENT_TAG:
      /* That of another model, whose scores are no longer the last ones. */
      if (gst_vae_model_event_peek (event)) {
        gst_event_unref (event);
        return TRUE;
      }
      break;
    default:
      break;
  }
  return GST_BASE_TRANSFORM_CLASS (parent_class)->sink_event (trans, event);
}

/* When row i of n of a buffer begins. */
static GstClockTime
time_of_row (GstBuffer * buffer, guint i, guint n)
{
  if (!GST_BUFFER_PTS_IS_VALID (buffer)
      || !GST_BUFFER_DURATION_IS_VALID (buffer))
    return i == 0 ? GST_BUFFER_PTS (buffer) : GST_CLOCK_TIME_NONE;
  return GST_BUFFER_PTS (buffer)
      + gst_util_uint64_scale (GST_BUFFER_DURATION (buffer), i, n);
}

/* Decides about row i of a buffer of n_rows, whose results begin where `results` and
 * `data` do. */
static void
judge_row (GstVaeScore * self, GstBuffer * buffer, guint i, guint n_rows,
    const gfloat * data, const Results * results)
{
  const gdouble threshold = gst_vae_score_job_get_threshold (&self->job);
  const gboolean is_above = gst_vae_score_job_decide (&self->job,
      *results->scores);

  if (results->decisions)
    *results->decisions = is_above;
  if (!self->job.settings.post_messages)
    return;

  const GstVaeScoreRow row = {
    .offset = self->next_row + i,
    .start = time_of_row (buffer, i, n_rows),
    .end = time_of_row (buffer, i + 1, n_rows),
    .score = *results->scores,
    .is_above = is_above,
    .threshold = threshold,
    .data = data,
    .contributions = results->contributions,
    .expected = results->expected,
  };
  post (self, gst_vae_score_alarms_step (&self->alarms, &row,
          get_channels (self), get_segment (self)));
}

static Results
results_from (const Results * results, gsize row, gsize channels)
{
  Results rest = *results;

  rest.scores += row;
  if (rest.contributions)
    rest.contributions += row * channels;
  if (rest.expected)
    rest.expected += row * channels;
  if (rest.decisions)
    rest.decisions += row;
  return rest;
}

/* Scores the rows from `first` on, at most CHUNK if there are messages, for which
 * what they need is kept if it isn't wanted. Returns how many. */
static guint
score_some (GstVaeScore * self, GstBuffer * buffer, const gfloat * data,
    guint first, guint n_rows, const Results * results)
{
  const gsize channels = get_channels (self);
  const guint n = self->blame ? MIN (CHUNK, n_rows - first) : n_rows - first;
  Results some = results_from (results, first, channels);

  data += first * channels;
  if (self->blame && !some.contributions)
    some.contributions = self->blame;
  if (self->blame && !some.expected)
    some.expected = self->blame + CHUNK * channels;
  gst_vae_score_model_execute (&self->job.model, data, n, some.scores,
      some.contributions, some.expected);
  if (!some.decisions && !self->job.settings.post_messages)
    return n;
  for (guint r = 0; r < n; r++) {
    const Results row = results_from (&some, r, channels);
    judge_row (self, buffer, first + r, n_rows, data + r * channels, &row);
  }
  return n;
}

static void
score_rows (GstVaeScore * self, GstBuffer * buffer, const gfloat * data,
    guint n_rows, const Results * results)
{
  if (GST_BUFFER_OFFSET_IS_VALID (buffer))
    self->next_row = GST_BUFFER_OFFSET (buffer);
  for (guint n = 0; n < n_rows;)
    n += score_some (self, buffer, data, n, n_rows, results);
  self->next_row += n_rows;
}

/* --- tensors ------------------------------------------------------------ */

static gboolean
append_scores (GstVaeScore * self, GstBuffer * buffer, const gfloat * data,
    GError ** error)
{
  GstVaeScoreOutputs outputs;

  if (!gst_vae_score_outputs_alloc (&outputs, &self->job.settings,
          &self->stream.tensors, error))
    return FALSE;
  const Results results = {
    .contributions = outputs.data[GST_VAE_SCORE_CONTRIBUTIONS],
    .expected = outputs.data[GST_VAE_SCORE_EXPECTED],
    .decisions = outputs.data[GST_VAE_SCORE_DECISION],
    .scores = outputs.data[GST_VAE_SCORE_SCORES],
  };
  score_rows (self, buffer, data, self->stream.tensors.tensors[0].rows,
      &results);
  gst_vae_score_outputs_give (&outputs, buffer);
  return TRUE;
}

static gboolean
score_tensors (GstVaeScore * self, GstBuffer * buffer, GError ** error)
{
  GstVaeTensorsMap map;

  if (!gst_vae_tensors_split (buffer, &self->stream.tensors, error)
      || !gst_vae_tensors_map (&map, buffer, &self->stream.tensors, error))
    return FALSE;
  const gboolean is_scored = append_scores (self, buffer, map.data[0], error);
  gst_vae_tensors_unmap (&map);
  return is_scored;
}

/* --- audio -------------------------------------------------------------- */

static void
add_meta (GstVaeScore * self, GstBuffer * buffer, gfloat * scores, gsize n)
{
  GstStructure *structure = gst_custom_meta_get_structure
      (gst_buffer_add_custom_meta (buffer, META));
  GBytes *bytes = g_bytes_new_take (scores, n * sizeof (gfloat));

  gst_structure_set (structure, "scores", G_TYPE_BYTES, bytes, NULL);
  gst_vae_structure_set_known (structure, "threshold",
      gst_vae_score_job_get_threshold (&self->job));
  g_bytes_unref (bytes);
}

static gboolean
score_audio (GstVaeScore * self, GstBuffer * buffer, GError ** error)
{
  GstVaeAudioMap map;

  if (!gst_vae_audio_map (&map, buffer, &self->stream.audio, error))
    return FALSE;
  const gsize n = map.n_rows;
  gfloat *scores = g_try_new (gfloat, n);
  if (scores)
    score_rows (self, buffer, map.data, n, &(Results) {
        .scores = scores}
  );
  gst_vae_audio_unmap (&map);
  if (scores)
    add_meta (self, buffer, scores, n);
  if (scores || n == 0)
    return TRUE;
  g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NO_SPACE_LEFT,
      "There is no memory for %" G_GSIZE_FORMAT " scores", n);
  return FALSE;
}

/* Caps go before a buffer with another number of rows. */
static void
announce_rows (GstVaeScore * self, guint rows)
{
  GstCaps *caps = gst_vae_score_stream_set_rows (&self->stream,
      &self->job.settings, rows);

  if (!caps)
    return;
  gst_pad_push_event (GST_BASE_TRANSFORM_SRC_PAD (self),
      gst_event_new_caps (caps));
  gst_caps_unref (caps);
}

/* A buffer whose only tensor are the frames of another one; empty if that is. */
static GstBuffer *
tensors_from_audio (GstVaeScore * self, GstBuffer * audio, GError ** error)
{
  GstBuffer *buffer = gst_buffer_new ();
  GstVaeAudioMap map;

  if (!gst_vae_audio_map (&map, audio, &self->stream.audio, error)) {
    gst_buffer_unref (buffer);
    return NULL;
  }
  if (map.n_rows > 0) {
    const gsize size =
        map.n_rows * self->stream.audio.channels * sizeof (gfloat);

    announce_rows (self, map.n_rows);
    gst_buffer_append_memory (buffer, gst_allocator_alloc (NULL, size, NULL));
    gst_buffer_fill (buffer, 0, map.data, size);
    gst_buffer_copy_into (buffer, audio,
        GST_BUFFER_COPY_FLAGS | GST_BUFFER_COPY_TIMESTAMPS, 0, -1);
  }
  gst_vae_audio_unmap (&map);
  return buffer;
}

static GstFlowReturn
gst_vae_score_prepare_output_buffer (GstBaseTransform * trans,
    GstBuffer * in, GstBuffer ** out)
{
  GstVaeScore *self = GST_VAE_SCORE (trans);
  g_autoptr (GError) error = NULL;

  if (!self->stream.is_audio || self->stream.stays_audio)
    return GST_BASE_TRANSFORM_CLASS (parent_class)->prepare_output_buffer
        (trans, in, out);
  *out = tensors_from_audio (self, in, &error);
  if (*out)
    return GST_FLOW_OK;
  gst_vae_element_error (self, error, GST_RESOURCE_ERROR_FAILED);
  return GST_FLOW_ERROR;
}

/* --- buffers ------------------------------------------------------------ */

static void
gst_vae_score_before_transform (GstBaseTransform * trans, GstBuffer * buffer)
{
  const GstSegment *segment = &trans->segment;
  const GstClockTime time = segment->format == GST_FORMAT_TIME
      ? gst_segment_to_stream_time (segment, GST_FORMAT_TIME,
      GST_BUFFER_PTS (buffer)) : GST_CLOCK_TIME_NONE;

  if (GST_CLOCK_TIME_IS_VALID (time))
    gst_object_sync_values (GST_OBJECT (trans), time);
}

static GstFlowReturn
gst_vae_score_transform_ip (GstBaseTransform * trans, GstBuffer * buffer)
{
  GstVaeScore *self = GST_VAE_SCORE (trans);
  g_autoptr (GError) error = NULL;

  if (self->stream.is_audio && gst_buffer_get_size (buffer) == 0)
    return GST_BASE_TRANSFORM_FLOW_DROPPED;
  if (GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DISCONT))
    begin_anew (self);
  look_for_changes (self, get_channels (self), GST_BUFFER_PTS (buffer));
  announce (self);
  if (self->stream.stays_audio ? score_audio (self, buffer, &error)
      : score_tensors (self, buffer, &error))
    return GST_FLOW_OK;
  gst_vae_element_error (self, error, GST_RESOURCE_ERROR_FAILED);
  return GST_FLOW_ERROR;
}

/* --- the type ----------------------------------------------------------- */

static void
gst_vae_score_init (GstVaeScore * self)
{
  gst_vae_score_settings_init (&self->settings);
}

static void
gst_vae_score_finalize (GObject * object)
{
  GstVaeScore *self = GST_VAE_SCORE (object);

  gst_vae_score_settings_clear (&self->settings);
  G_OBJECT_CLASS (parent_class)->finalize (object);
}

static void
gst_vae_score_class_init (GstVaeScoreClass * klass)
{
  /* The scores are those of these samples at this rate. */
  static const gchar *meta_tags[] = { "audio", "rate", NULL };
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstBaseTransformClass *trans_class = GST_BASE_TRANSFORM_CLASS (klass);

  gst_meta_register_custom (META, meta_tags, NULL, NULL, NULL);
  object_class->set_property = gst_vae_score_set_property;
  object_class->get_property = gst_vae_score_get_property;
  object_class->finalize = gst_vae_score_finalize;
  gst_vae_score_settings_install (object_class);

  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class,
      "beta-VAE scorer", "Filter/Analyzer/Tensor",
      "Scores how unusual each row of a multivariate time series is",
      "the gst-vae authors");

  trans_class->start = GST_DEBUG_FUNCPTR (gst_vae_score_start);
  trans_class->stop = GST_DEBUG_FUNCPTR (gst_vae_score_stop);
  trans_class->transform_caps =
      GST_DEBUG_FUNCPTR (gst_vae_score_transform_caps);
  trans_class->fixate_caps = GST_DEBUG_FUNCPTR (gst_vae_score_fixate_caps);
  trans_class->set_caps = GST_DEBUG_FUNCPTR (gst_vae_score_set_caps);
  trans_class->sink_event = GST_DEBUG_FUNCPTR (gst_vae_score_sink_event);
  trans_class->prepare_output_buffer =
      GST_DEBUG_FUNCPTR (gst_vae_score_prepare_output_buffer);
  trans_class->before_transform =
      GST_DEBUG_FUNCPTR (gst_vae_score_before_transform);
  trans_class->transform_ip = GST_DEBUG_FUNCPTR (gst_vae_score_transform_ip);
}
