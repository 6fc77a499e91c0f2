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
 * tensor, float32, one per row. All other tensors, labels for instance, pass
 * untouched, without a copy.
 *
 * A row that cannot be scored has the score NaN: one with no cell that is not
 * missing, or one before the model's window is full. A window does not span a
 * discontinuity (DISCONT), a flush or a new segment. How the stream is cut into
 * buffers has no influence on the scores.
 *
 * ## Example launch lines
 * |[
 * gst-launch-1.0 vaesynth seed=2 ! vaescore model=m.bin ! rocmetric
 * ]| Scores a synthetic series and tells how well the scores find its anomalies.
 * |[
 * gst-launch-1.0 filesrc location=test.csv ! tensorcsvdec ! vaescore model=m.bin ! tensorcsvenc ! filesink location=scores.csv
 * ]| Scores a CSV file into another.
 *
 * Since: 0.1
 */

#include "gstvaescore.h"

#include "gstvaeelements.h"
#include "gstvaeerror.h"
#include "gstvaetensor.h"
#include "vae.h"

GST_DEBUG_CATEGORY_STATIC (gst_vae_score_debug);
#define GST_CAT_DEFAULT gst_vae_score_debug

#define DEFAULT_MODEL NULL
#define DEFAULT_SCORE VAE_SCORE_AUTO
#define DEFAULT_CONTRIBUTIONS FALSE

enum
{
  PROP_0,
  PROP_MODEL,
  PROP_SCORE,
  PROP_CONTRIBUTIONS
};

struct _GstVaeScore
{
  GstBaseTransform parent;

  /* The properties; under the object lock. */
  gchar *model_path;
  VaeScore score;
  gboolean contributions;

  /* What start() made of them. */
  gchar *path;
  VaeModel *model;
  VaeScorer *scorer;
  gboolean contributes;

  GstVaeTensorsInfo in;         /* no tensors before the first caps */
  GstVaeTensorsInfo out;
};

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS (GST_VAE_TENSORS_CAPS));

static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE ("src",
    GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS (GST_VAE_TENSORS_CAPS));

#define gst_vae_score_parent_class parent_class
G_DEFINE_TYPE_WITH_CODE (GstVaeScore, gst_vae_score, GST_TYPE_BASE_TRANSFORM,
    GST_DEBUG_CATEGORY_INIT (gst_vae_score_debug, "vaescore", 0,
        "beta-VAE scorer"));
GST_ELEMENT_REGISTER_DEFINE (vaescore, "vaescore", GST_RANK_NONE,
    GST_TYPE_VAE_SCORE);

/**
 * GstVaeScoreScore:
 * @auto: calibrated; for models of the seed's loss recon-kl or, of an
 *     auto-encoder, reconstruction
 * @calibrated: How far the errors are from usual, smoothed over the rows before; 1
 *     is about usual
 * @unsmoothed: How far the errors of the row are from usual
 * @recon-kl: Mean squared error of the row + KL, summed over the latents
 * @reconstruction: Mean squared error of the row
 * @kl: KL divergence, summed over the latents
 *
 * Since: 0.1
 */
#define GST_TYPE_VAE_SCORE_SCORE (gst_vae_score_score_get_type ())
static GType
gst_vae_score_score_get_type (void)
{
  static const GEnumValue values[] = {
    {VAE_SCORE_AUTO, "calibrated; for models of the seed's loss recon-kl or, "
          "of an auto-encoder, reconstruction", "auto"},
    {VAE_SCORE_CALIBRATED, "How far the errors are from usual, smoothed",
        "calibrated"},
    {VAE_SCORE_UNSMOOTHED, "How far the errors of the row are from usual",
        "unsmoothed"},
    {VAE_SCORE_RECON_KL, "Mean squared error of the row + KL, summed over the "
          "latents", "recon-kl"},
    {VAE_SCORE_RECONSTRUCTION, "Mean squared error of the row",
        "reconstruction"},
    {VAE_SCORE_KL, "KL divergence, summed over the latents", "kl"},
    {0, NULL, NULL}
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("GstVaeScoreScore",
            values));
  return type;
}

/* --- properties --------------------------------------------------------- */

static void
gst_vae_score_set_property (GObject * object, guint prop_id,
    const GValue * value, GParamSpec * pspec)
{
  GstVaeScore *self = GST_VAE_SCORE (object);

  GST_OBJECT_LOCK (self);
  switch (prop_id) {
    case PROP_MODEL:
      g_free (self->model_path);
      self->model_path = g_value_dup_string (value);
      break;
    case PROP_SCORE:
      self->score = (VaeScore) g_value_get_enum (value);
      break;
    case PROP_CONTRIBUTIONS:
      self->contributions = g_value_get_boolean (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
      break;
  }
  GST_OBJECT_UNLOCK (self);
}

static void
gst_vae_score_get_property (GObject * object, guint prop_id, GValue * value,
    GParamSpec * pspec)
{
  GstVaeScore *self = GST_VAE_SCORE (object);

  GST_OBJECT_LOCK (self);
  switch (prop_id) {
    case PROP_MODEL:
      g_value_set_string (value, self->model_path);
      break;
    case PROP_SCORE:
      g_value_set_enum (value, self->score);
      break;
    case PROP_CONTRIBUTIONS:
      g_value_set_boolean (value, self->contributions);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
      break;
  }
  GST_OBJECT_UNLOCK (self);
}

/* --- the model ---------------------------------------------------------- */

static gboolean
gst_vae_score_stop (GstBaseTransform * trans)
{
  GstVaeScore *self = GST_VAE_SCORE (trans);

  g_clear_pointer (&self->scorer, vae_scorer_free);
  g_clear_pointer (&self->model, vae_model_unref);
  g_clear_pointer (&self->path, g_free);
  self->in.n_tensors = 0;
  return TRUE;
}

static gboolean
load (GstVaeScore * self, VaeScore score, GError ** error)
{
  if (!self->path || !*self->path) {
    g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND,
        "model is not set: it says which file to read the model from");
    return FALSE;
  }
  self->model = vae_model_load (self->path, error);
  if (!self->model)
    return FALSE;
  self->scorer = vae_scorer_new (self->model, score, error);
  return self->scorer != NULL;
}

static gboolean
gst_vae_score_start (GstBaseTransform * trans)
{
  GstVaeScore *self = GST_VAE_SCORE (trans);
  g_autoptr (GError) error = NULL;
  VaeScore score;

  GST_OBJECT_LOCK (self);
  self->path = g_strdup (self->model_path);
  self->contributes = self->contributions;
  score = self->score;
  GST_OBJECT_UNLOCK (self);

  if (load (self, score, &error))
    return TRUE;
  gst_vae_element_error (self, error, GST_RESOURCE_ERROR_OPEN_READ);
  gst_vae_score_stop (trans);
  return FALSE;
}

/* --- caps --------------------------------------------------------------- */

static void
append_tensor (GstVaeTensorsInfo * info, guint cols)
{
  const GstVaeTensor tensor = { GST_VAE_FLOAT32, cols, info->tensors[0].rows };

  info->tensors[info->n_tensors++] = tensor;
}

static guint
count_appended (const GstVaeScore * self)
{
  return self->contributes ? 2 : 1;
}

/* What comes out where `in` goes in, if there is room for it. */
static gboolean
append_outputs (const GstVaeScore * self, const GstVaeTensorsInfo * in,
    GstVaeTensorsInfo * out)
{
  if (in->n_tensors + count_appended (self) > GST_VAE_MAX_TENSORS)
    return FALSE;
  *out = *in;
  if (self->contributes)
    append_tensor (out, in->tensors[0].cols);
  append_tensor (out, 1);
  return TRUE;
}

/* Caps that are not understood are let through, for set_caps() to say what is
 * wrong with them. */
static GstCaps *
output_caps (const GstVaeScore * self, const GstCaps * caps)
{
  GstVaeTensorsInfo in, out;

  if (gst_caps_is_fixed (caps) && gst_vae_tensors_from_caps (&in, caps, NULL)
      && append_outputs (self, &in, &out))
    return gst_vae_tensors_to_caps (&out);
  return gst_static_pad_template_get_caps (&src_template);
}

static GstCaps *
gst_vae_score_transform_caps (GstBaseTransform * trans,
    GstPadDirection direction, GstCaps * caps, GstCaps * filter)
{
  GstCaps *other, *filtered;

  if (direction == GST_PAD_SINK)
    other = output_caps (GST_VAE_SCORE (trans), caps);
  else
    other = gst_static_pad_template_get_caps (&sink_template);
  if (!filter)
    return other;

  filtered = gst_caps_intersect_full (filter, other, GST_CAPS_INTERSECT_FIRST);
  gst_caps_unref (other);
  return filtered;
}

static gboolean
check_channels (const GstVaeScore * self, guint channels, GError ** error)
{
  const guint trained = vae_model_params (self->model)->channels;

  if (channels == trained)
    return TRUE;
  g_set_error (error, GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION,
      "Model %s was trained on %u channels, the stream has %u", self->path,
      trained, channels);
  return FALSE;
}

static gboolean
check_room (const GstVaeScore * self, const GstVaeTensorsInfo * in,
    GError ** error)
{
  const guint n = in->n_tensors + count_appended (self);

  if (n <= GST_VAE_MAX_TENSORS)
    return TRUE;
  g_set_error (error, GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION,
      "The stream has %u tensors; with those that are added it would have %u, "
      "at most %u are possible", in->n_tensors, n, GST_VAE_MAX_TENSORS);
  return FALSE;
}

static gboolean
read_caps (const GstVaeScore * self, const GstCaps * caps,
    GstVaeTensorsInfo * in, GError ** error)
{
  return gst_vae_tensors_from_caps (in, caps, error)
      && gst_vae_tensors_check_data (in, 0, error)
      && check_channels (self, in->tensors[0].cols, error)
      && check_room (self, in, error);
}

static gboolean
gst_vae_score_set_caps (GstBaseTransform * trans, GstCaps * in_caps,
    GstCaps * out_caps)
{
  GstVaeScore *self = GST_VAE_SCORE (trans);
  g_autoptr (GError) error = NULL;
  GstVaeTensorsInfo in;

  GST_DEBUG_OBJECT (self, "caps %" GST_PTR_FORMAT, in_caps);
  if (!read_caps (self, in_caps, &in, &error)) {
    gst_vae_element_error (self, error, GST_RESOURCE_ERROR_FAILED);
    return FALSE;
  }
  if (!gst_vae_tensors_same_stream (&self->in, &in))
    vae_scorer_reset (self->scorer);
  self->in = in;
  append_outputs (self, &self->in, &self->out);
  return TRUE;
}

/* --- the stream --------------------------------------------------------- */

static gboolean
gst_vae_score_sink_event (GstBaseTransform * trans, GstEvent * event)
{
  GstVaeScore *self = GST_VAE_SCORE (trans);

  /* One follows a flush, too. */
  if (GST_EVENT_TYPE (event) == GST_EVENT_SEGMENT)
    vae_scorer_reset (self->scorer);
  return GST_BASE_TRANSFORM_CLASS (parent_class)->sink_event (trans, event);
}

static GstMemory *
tensor_memory_new (const GstVaeTensor * tensor, GstMapInfo * map,
    GError ** error)
{
  GstMemory *memory = gst_allocator_alloc (NULL,
      gst_vae_tensor_get_size (tensor), NULL);

  if (memory && gst_memory_map (memory, map, GST_MAP_WRITE))
    return memory;
  g_clear_pointer (&memory, gst_memory_unref);
  g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NO_SPACE_LEFT,
      "There is no memory for %u scores", tensor->rows);
  return NULL;
}

static gboolean
append_scores (GstVaeScore * self, GstBuffer * buffer, const gfloat * data,
    GError ** error)
{
  const GstVaeTensor *tensor = &self->out.tensors[self->in.n_tensors];
  GstMemory *errors = NULL, *scores;
  GstMapInfo errors_map = { NULL }, scores_map;

  if (self->contributes) {
    errors = tensor_memory_new (tensor++, &errors_map, error);
    if (!errors)
      return FALSE;
  }
  scores = tensor_memory_new (tensor, &scores_map, error);
  if (scores) {
    vae_scorer_execute (self->scorer, data, tensor->rows,
        (gfloat *) scores_map.data, (gfloat *) errors_map.data, NULL);
    gst_memory_unmap (scores, &scores_map);
  }
  if (errors) {
    gst_memory_unmap (errors, &errors_map);
    gst_buffer_append_memory (buffer, errors);
  }
  if (scores)
    gst_buffer_append_memory (buffer, scores);
  return scores != NULL;
}

static gboolean
score_buffer (GstVaeScore * self, GstBuffer * buffer, GError ** error)
{
  GstVaeTensorsMap map;
  gboolean scored;

  if (!gst_vae_tensors_split (buffer, &self->in, error)
      || !gst_vae_tensors_map (&map, buffer, &self->in, error))
    return FALSE;
  if (GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DISCONT))
    vae_scorer_reset (self->scorer);
  scored = append_scores (self, buffer, map.data[0], error);
  gst_vae_tensors_unmap (&map);
  return scored;
}

static GstFlowReturn
gst_vae_score_transform_ip (GstBaseTransform * trans, GstBuffer * buffer)
{
  GstVaeScore *self = GST_VAE_SCORE (trans);
  g_autoptr (GError) error = NULL;

  if (score_buffer (self, buffer, &error))
    return GST_FLOW_OK;
  gst_vae_element_error (self, error, GST_RESOURCE_ERROR_FAILED);
  return GST_FLOW_ERROR;
}

/* --- the type ----------------------------------------------------------- */

static void
gst_vae_score_init (GstVaeScore * self)
{
  self->model_path = DEFAULT_MODEL;
  self->score = DEFAULT_SCORE;
  self->contributions = DEFAULT_CONTRIBUTIONS;
}

static void
gst_vae_score_finalize (GObject * object)
{
  GstVaeScore *self = GST_VAE_SCORE (object);

  g_free (self->model_path);
  G_OBJECT_CLASS (parent_class)->finalize (object);
}

#define PROPERTY_FLAGS \
    (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY)

static void
gst_vae_score_class_init (GstVaeScoreClass * klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstBaseTransformClass *trans_class = GST_BASE_TRANSFORM_CLASS (klass);

  object_class->set_property = gst_vae_score_set_property;
  object_class->get_property = gst_vae_score_get_property;
  object_class->finalize = gst_vae_score_finalize;

  /**
   * GstVaeScore:model:
   *
   * The model file to score with, as #vaetrain writes it. It is read once, before
   * the stream begins.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_MODEL,
      g_param_spec_string ("model", "Model", "File to read the model from",
          DEFAULT_MODEL, PROPERTY_FLAGS));

  /**
   * GstVaeScore:score:
   *
   * What of a row makes up its score. An auto-encoder has no KL.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_SCORE,
      g_param_spec_enum ("score", "Score", "What makes up the score of a row",
          GST_TYPE_VAE_SCORE_SCORE, DEFAULT_SCORE, PROPERTY_FLAGS));

  /**
   * GstVaeScore:contributions:
   *
   * Adds a tensor before the score, float32 and shaped as the data: the squared
   * error of each cell on the scaled axis, NaN where the cell is missing or the
   * row has no score. It tells which channel is to blame.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_CONTRIBUTIONS,
      g_param_spec_boolean ("contributions", "Contributions",
          "Add a tensor with the squared error of each cell before the score",
          DEFAULT_CONTRIBUTIONS, PROPERTY_FLAGS));

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
  trans_class->set_caps = GST_DEBUG_FUNCPTR (gst_vae_score_set_caps);
  trans_class->sink_event = GST_DEBUG_FUNCPTR (gst_vae_score_sink_event);
  trans_class->transform_ip = GST_DEBUG_FUNCPTR (gst_vae_score_transform_ip);

  gst_type_mark_as_plugin_api (GST_TYPE_VAE_SCORE_SCORE, 0);
}
