/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/**
 * SECTION:element-vaetrain
 * @title: vaetrain
 * @short_description: learns what is normal in a multivariate time series
 * @see_also: vaescore, vaesynth, rocmetric
 *
 * Collects the rows of a stream of tensors in memory, trains a beta-VAE or an
 * auto-encoder on them at the end of the stream, and writes one model file, which
 * #vaescore reads. The EOS message is posted once the model is written: who sees
 * it can use the model.
 *
 * The first tensor is the data, float32, one row per time step; a cell that is
 * NaN is missing. A uint8 tensor of one column that follows it is taken for the
 * labels, 1 being an anomaly; training does not look at them unless
 * #GstVaeTrain:skip-labelled or #GstVaeTrain:select say so. With
 * #GstVaeTrain:window above 1, no window spans a discontinuity (DISCONT), a flush
 * or a new segment.
 *
 * If #GstVaeTrain:latent-dims or #GstVaeTrain:betas are set, each of their
 * combinations is trained, on #GstVaeTrain:threads processors, and the best one by
 * #GstVaeTrain:select is written.
 *
 * Training happens in the streaming thread. Shutting the pipeline down, or
 * flushing it, ends the training within a batch; nothing is written then, and a
 * model that was there stays. Pausing does not stop the training, only the EOS
 * message. A flush forgets the rows.
 *
 * ## Messages
 *
 * Training posts %GST_MESSAGE_PROGRESS messages with code `vae-train`, which
 * gst-launch-1.0 prints, and element messages named `vaetrain`. A field whose
 * value is not known, such as the validation loss without validation, is left
 * out. Losses are in the units of #GstVaeTrain:loss on scaled rows.
 *
 * After each epoch, except in a grid:
 *
 * * #gchararray `event`: `epoch`
 * * #guint `epoch`: counted from 1
 * * #guint `epochs`: how many there are at most
 * * #gdouble `loss`, `reconstruction`, `kl`: means over the training batches
 * * #gdouble `validation-loss`
 * * #guint `active-latents`: latents that carry more than 0.01 nats
 *
 * After each cell of a grid, in any order:
 *
 * * #gchararray `event`: `cell`
 * * #guint `latent-dim`, #gdouble `beta`: which it is
 * * #gdouble `loss`, `validation-loss`
 * * #gdouble `elbo`: nats per validation row
 * * #gdouble `auroc`, `auprc`: on the labelled validation rows
 * * #guint `active-latents`, `epochs-run`
 *
 * When the model has been written:
 *
 * * #gchararray `event`: `trained`
 * * #gchararray `model`: where it is
 * * #guint64 `rows`: windows that were trained on
 * * #guint `epochs-run`, `best-epoch`
 * * #gdouble `loss`, `validation-loss`, #guint `active-latents`: of that epoch
 * * #guint `latent-dim`, #gdouble `beta`: of the model, unless it is an AE
 *
 * ## Example launch lines
 * |[
 * gst-launch-1.0 vaesynth ! vaetrain model=m.bin
 * ]| Trains on 5,000 synthetic rows.
 * |[
 * gst-launch-1.0 filesrc location=train.csv ! tensorcsvdec ! vaetrain model=m.bin
 * ]| Trains on a CSV file.
 * |[
 * gst-launch-1.0 vaesynth ! vaetrain model=m.bin latent-dims="<2,3,5>" betas="<0.5,1,2,4>"
 * ]| Trains twelve models and writes the best.
 *
 * Since: 0.1
 */

#include "gstvaetrain.h"

#include <math.h>
#include <string.h>

#include "gstvaeelements.h"
#include "gstvaeerror.h"
#include "gstvaerows.h"
#include "gstvaesink.h"
#include "gstvaetensor.h"
#include "vae.h"

GST_DEBUG_CATEGORY_STATIC (gst_vae_train_debug);
#define GST_CAT_DEFAULT gst_vae_train_debug

#define DEFAULT_MODEL NULL
#define DEFAULT_SELECT VAE_SELECT_ELBO
#define DEFAULT_THREADS 0
#define DEFAULT_MAX_ROWS 10000000
#define DEFAULT_SILENT FALSE

#define PROGRESS_CODE "vae-train"

/* A long training prints about this many lines. */
#define PROGRESS_LINES 100

/* The seed experiment's baseline auto-encoder. */
static const gdouble default_hidden_ae[] = { 32 };

enum
{
  PROP_0,
  PROP_MODEL,
  PROP_KIND,
  PROP_LATENT_DIM,
  PROP_HIDDEN,
  PROP_ACTIVATION,
  PROP_BETA,
  PROP_LOSS,
  PROP_SCALER,
  PROP_WINDOW,
  PROP_LEARNING_RATE,
  PROP_BATCH_SIZE,
  PROP_EPOCHS,
  PROP_SEED,
  PROP_VALIDATION,
  PROP_PATIENCE,
  PROP_LATENT_DIMS,
  PROP_BETAS,
  PROP_SELECT,
  PROP_THREADS,
  PROP_MAX_ROWS,
  PROP_SKIP_LABELLED,
  PROP_SILENT
};

/* What the properties say. */
typedef struct
{
  gchar *model;
  VaeParams params;             /* hidden and channels are not set */
  GArray *hidden;               /* gdouble; NULL = the default of the kind */
  GArray *latent_dims;          /* gdouble */
  GArray *betas;                /* gdouble */
  VaeSelect select;
  guint threads;
  guint64 max_rows;
  gboolean silent;
} Settings;

/* One training, as the settings were when the stream began. */
typedef struct
{
  gchar *model;
  VaeParams params;
  GArray *latent_dims;          /* guint, those of the grid; never empty */
  GArray *betas;                /* gdouble, likewise */
  VaeGridParams grid;           /* points into the arrays */
  gboolean is_grid;
  guint64 max_rows;
  gboolean silent;
} Job;

struct _GstVaeTrain
{
  GstBaseSink parent;

  Settings settings;            /* under the object lock */
  gboolean stopping;            /* likewise: the state goes down to READY */

  Job job;
  GCancellable *cancellable;
  GstVaeTensorsInfo info;       /* no tensors before the first caps */
  gint label;                   /* index of the label tensor, or -1 */
  GstVaeRows rows;
  gboolean broken;              /* the next row does not follow the last one */
};

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS (GST_VAE_TENSORS_CAPS));

#define gst_vae_train_parent_class parent_class
G_DEFINE_TYPE_WITH_CODE (GstVaeTrain, gst_vae_train, GST_TYPE_BASE_SINK,
    GST_DEBUG_CATEGORY_INIT (gst_vae_train_debug, "vaetrain", 0,
        "beta-VAE trainer"));
GST_ELEMENT_REGISTER_DEFINE (vaetrain, "vaetrain", GST_RANK_NONE,
    GST_TYPE_VAE_TRAIN);

/* --- enumerations ------------------------------------------------------- */

/**
 * GstVaeTrainKind:
 * @vae: Beta-VAE
 * @ae: Auto-encoder; its last hidden layer is the code
 *
 * Since: 0.1
 */
#define GST_TYPE_VAE_TRAIN_KIND (gst_vae_train_kind_get_type ())
static GType
gst_vae_train_kind_get_type (void)
{
  static const GEnumValue values[] = {
    {VAE_KIND_VAE, "Beta-VAE", "vae"},
    {VAE_KIND_AE, "Auto-encoder; its last hidden layer is the code", "ae"},
    {0, NULL, NULL}
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("GstVaeTrainKind",
            values));
  return type;
}

/**
 * GstVaeTrainActivation:
 * @relu: max (x, 0)
 * @tanh: Hyperbolic tangent
 * @identity: None: a linear network
 *
 * Since: 0.1
 */
#define GST_TYPE_VAE_TRAIN_ACTIVATION (gst_vae_train_activation_get_type ())
static GType
gst_vae_train_activation_get_type (void)
{
  static const GEnumValue values[] = {
    {VAE_ACTIVATION_RELU, "max (x, 0)", "relu"},
    {VAE_ACTIVATION_TANH, "Hyperbolic tangent", "tanh"},
    {VAE_ACTIVATION_IDENTITY, "None: a linear network", "identity"},
    {0, NULL, NULL}
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("GstVaeTrainActivation",
            values));
  return type;
}

/**
 * GstVaeTrainLoss:
 * @seed: Mean squared error over all cells + beta * KL, averaged over all latent
 *     elements
 *
 * Since: 0.1
 */
#define GST_TYPE_VAE_TRAIN_LOSS (gst_vae_train_loss_get_type ())
static GType
gst_vae_train_loss_get_type (void)
{
  static const GEnumValue values[] = {
    {VAE_LOSS_SEED, "Mean squared error over all cells + beta * KL, averaged "
          "over all latent elements", "seed"},
    {0, NULL, NULL}
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("GstVaeTrainLoss",
            values));
  return type;
}

/**
 * GstVaeTrainScaler:
 * @none: Channels as they are
 * @standard: Mean 0 and standard deviation 1
 * @robust: Median 0 and interquartile range 1
 *
 * Since: 0.1
 */
#define GST_TYPE_VAE_TRAIN_SCALER (gst_vae_train_scaler_get_type ())
static GType
gst_vae_train_scaler_get_type (void)
{
  static const GEnumValue values[] = {
    {VAE_SCALER_NONE, "Channels as they are", "none"},
    {VAE_SCALER_STANDARD, "Mean 0 and standard deviation 1", "standard"},
    {VAE_SCALER_ROBUST, "Median 0 and interquartile range 1", "robust"},
    {0, NULL, NULL}
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("GstVaeTrainScaler",
            values));
  return type;
}

/**
 * GstVaeTrainSelect:
 * @elbo: Highest ELBO of the validation rows, comparable across beta
 * @loss: Lowest validation loss, which favours a small beta
 * @auroc: Highest AUROC on the labelled validation rows
 * @auprc: Highest average precision on the labelled validation rows
 *
 * Since: 0.1
 */
#define GST_TYPE_VAE_TRAIN_SELECT (gst_vae_train_select_get_type ())
static GType
gst_vae_train_select_get_type (void)
{
  static const GEnumValue values[] = {
    {VAE_SELECT_ELBO, "Highest ELBO of the validation rows, comparable across "
          "beta", "elbo"},
    {VAE_SELECT_LOSS, "Lowest validation loss, which favours a small beta",
        "loss"},
    {VAE_SELECT_AUROC, "Highest AUROC on the labelled validation rows",
        "auroc"},
    {VAE_SELECT_AUPRC, "Highest average precision on the labelled validation "
          "rows", "auprc"},
    {0, NULL, NULL}
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("GstVaeTrainSelect",
            values));
  return type;
}

/* --- properties --------------------------------------------------------- */

/* NaN for what is no number. */
static gdouble
number_from_value (const GValue * value)
{
  GValue number = G_VALUE_INIT;

  g_value_init (&number, G_TYPE_DOUBLE);
  return G_VALUE_HOLDS_STRING (value) || !g_value_transform (value, &number)
      ? NAN : g_value_get_double (&number);
}

static GArray *
numbers_from_value (const GValue * value)
{
  guint n = gst_value_array_get_size (value);
  GArray *numbers = g_array_sized_new (FALSE, FALSE, sizeof (gdouble), n);

  for (guint i = 0; i < n; i++) {
    gdouble number = number_from_value (gst_value_array_get_value (value, i));
    g_array_append_val (numbers, number);
  }
  return numbers;
}

static void
numbers_to_value (const GArray * numbers, GValue * value)
{
  for (guint i = 0; i < numbers->len; i++) {
    GValue element = G_VALUE_INIT;

    g_value_init (&element, G_TYPE_DOUBLE);
    g_value_set_double (&element, g_array_index (numbers, gdouble, i));
    gst_value_array_append_and_take_value (value, &element);
  }
}

static gboolean
is_size (gdouble number)
{
  return number >= 0 && number <= G_MAXINT && floor (number) == number;
}

/* -1 for what is no size. */
static void
sizes_to_value (const GArray * sizes, GValue * value)
{
  for (guint i = 0; i < sizes->len; i++) {
    gdouble size = g_array_index (sizes, gdouble, i);
    GValue element = G_VALUE_INIT;

    g_value_init (&element, G_TYPE_INT);
    g_value_set_int (&element, is_size (size) ? (gint) size : -1);
    gst_value_array_append_and_take_value (value, &element);
  }
}

static void
take_array (GArray ** array, GArray * taken)
{
  g_clear_pointer (array, g_array_unref);
  *array = taken;
}

static GArray *
default_hidden (VaeKind kind)
{
  GArray *hidden = g_array_new (FALSE, FALSE, sizeof (gdouble));
  VaeParams defaults;

  if (kind == VAE_KIND_AE)
    return g_array_append_vals (hidden, default_hidden_ae,
        G_N_ELEMENTS (default_hidden_ae));
  vae_params_init (&defaults);
  for (guint i = 0; i < defaults.n_hidden; i++) {
    gdouble units = defaults.hidden[i];
    g_array_append_val (hidden, units);
  }
  return hidden;
}

/* The layers that a training would have. */
static GArray *
dup_hidden (const Settings * settings)
{
  return settings->hidden ? g_array_ref (settings->hidden)
      : default_hidden (settings->params.kind);
}

static void
gst_vae_train_set_property (GObject * object, guint prop_id,
    const GValue * value, GParamSpec * pspec)
{
  GstVaeTrain *self = GST_VAE_TRAIN (object);
  Settings *settings = &self->settings;
  VaeParams *params = &settings->params;

  GST_OBJECT_LOCK (self);
  switch (prop_id) {
    case PROP_MODEL:
      g_free (settings->model);
      settings->model = g_value_dup_string (value);
      break;
    case PROP_KIND:
      params->kind = (VaeKind) g_value_get_enum (value);
      break;
    case PROP_LATENT_DIM:
      params->latent_dim = g_value_get_uint (value);
      break;
    case PROP_HIDDEN:
      take_array (&settings->hidden, numbers_from_value (value));
      break;
    case PROP_ACTIVATION:
      params->activation = (VaeActivation) g_value_get_enum (value);
      break;
    case PROP_BETA:
      params->beta = g_value_get_double (value);
      break;
    case PROP_LOSS:
      params->loss = (VaeLoss) g_value_get_enum (value);
      break;
    case PROP_SCALER:
      params->scaler = (VaeScaler) g_value_get_enum (value);
      break;
    case PROP_WINDOW:
      params->window = g_value_get_uint (value);
      break;
    case PROP_LEARNING_RATE:
      params->learning_rate = g_value_get_double (value);
      break;
    case PROP_BATCH_SIZE:
      params->batch_size = g_value_get_uint (value);
      break;
    case PROP_EPOCHS:
      params->epochs = g_value_get_uint (value);
      break;
    case PROP_SEED:
      params->seed = g_value_get_uint64 (value);
      break;
    case PROP_VALIDATION:
      params->validation = g_value_get_double (value);
      break;
    case PROP_PATIENCE:
      params->patience = g_value_get_uint (value);
      break;
    case PROP_LATENT_DIMS:
      take_array (&settings->latent_dims, numbers_from_value (value));
      break;
    case PROP_BETAS:
      take_array (&settings->betas, numbers_from_value (value));
      break;
    case PROP_SELECT:
      settings->select = (VaeSelect) g_value_get_enum (value);
      break;
    case PROP_THREADS:
      settings->threads = g_value_get_uint (value);
      break;
    case PROP_MAX_ROWS:
      settings->max_rows = g_value_get_uint64 (value);
      break;
    case PROP_SKIP_LABELLED:
      params->skip_labelled = g_value_get_boolean (value);
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
get_hidden (const Settings * settings, GValue * value)
{
  GArray *hidden = dup_hidden (settings);

  sizes_to_value (hidden, value);
  g_array_unref (hidden);
}

static void
gst_vae_train_get_property (GObject * object, guint prop_id, GValue * value,
    GParamSpec * pspec)
{
  GstVaeTrain *self = GST_VAE_TRAIN (object);
  const Settings *settings = &self->settings;
  const VaeParams *params = &settings->params;

  GST_OBJECT_LOCK (self);
  switch (prop_id) {
    case PROP_MODEL:
      g_value_set_string (value, settings->model);
      break;
    case PROP_KIND:
      g_value_set_enum (value, params->kind);
      break;
    case PROP_LATENT_DIM:
      g_value_set_uint (value, params->latent_dim);
      break;
    case PROP_HIDDEN:
      get_hidden (settings, value);
      break;
    case PROP_ACTIVATION:
      g_value_set_enum (value, params->activation);
      break;
    case PROP_BETA:
      g_value_set_double (value, params->beta);
      break;
    case PROP_LOSS:
      g_value_set_enum (value, params->loss);
      break;
    case PROP_SCALER:
      g_value_set_enum (value, params->scaler);
      break;
    case PROP_WINDOW:
      g_value_set_uint (value, params->window);
      break;
    case PROP_LEARNING_RATE:
      g_value_set_double (value, params->learning_rate);
      break;
    case PROP_BATCH_SIZE:
      g_value_set_uint (value, params->batch_size);
      break;
    case PROP_EPOCHS:
      g_value_set_uint (value, params->epochs);
      break;
    case PROP_SEED:
      g_value_set_uint64 (value, params->seed);
      break;
    case PROP_VALIDATION:
      g_value_set_double (value, params->validation);
      break;
    case PROP_PATIENCE:
      g_value_set_uint (value, params->patience);
      break;
    case PROP_LATENT_DIMS:
      sizes_to_value (settings->latent_dims, value);
      break;
    case PROP_BETAS:
      numbers_to_value (settings->betas, value);
      break;
    case PROP_SELECT:
      g_value_set_enum (value, settings->select);
      break;
    case PROP_THREADS:
      g_value_set_uint (value, settings->threads);
      break;
    case PROP_MAX_ROWS:
      g_value_set_uint64 (value, settings->max_rows);
      break;
    case PROP_SKIP_LABELLED:
      g_value_set_boolean (value, params->skip_labelled);
      break;
    case PROP_SILENT:
      g_value_set_boolean (value, settings->silent);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
      break;
  }
  GST_OBJECT_UNLOCK (self);
}

/* --- from settings to a job --------------------------------------------- */

/* A size as the engine takes it; which sizes make sense is for it to say. */
static gboolean
size_from_number (const gchar * name, gdouble number, guint *size,
    GError ** error)
{
  if (is_size (number)) {
    *size = (guint) number;
    return TRUE;
  }
  g_set_error (error, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS,
      "%s holds %g, it takes whole numbers from 1", name, number);
  return FALSE;
}

static gboolean
job_take_hidden (Job * job, const Settings * settings, GError ** error)
{
  g_autoptr (GArray) hidden = dup_hidden (settings);

  job->params.n_hidden = hidden->len;
  for (guint i = 0; i < MIN (hidden->len, VAE_MAX_HIDDEN); i++)
    if (!size_from_number ("hidden", g_array_index (hidden, gdouble, i),
            &job->params.hidden[i], error))
      return FALSE;
  return TRUE;
}

/* An axis of the grid that is not set has the single value of its property. */
static gboolean
job_take_grid (Job * job, const Settings * settings, GError ** error)
{
  const GArray *dims = settings->latent_dims;

  job->latent_dims = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < dims->len; i++) {
    guint dim;

    if (!size_from_number ("latent-dims", g_array_index (dims, gdouble, i),
            &dim, error))
      return FALSE;
    g_array_append_val (job->latent_dims, dim);
  }
  if (dims->len == 0)
    g_array_append_val (job->latent_dims, settings->params.latent_dim);

  job->betas = g_array_copy (settings->betas);
  if (job->betas->len == 0)
    g_array_append_val (job->betas, settings->params.beta);

  job->is_grid = settings->latent_dims->len > 0 || settings->betas->len > 0;
  job->grid.latent_dims = (const guint *) job->latent_dims->data;
  job->grid.n_latent_dims = job->latent_dims->len;
  job->grid.betas = (const gdouble *) job->betas->data;
  job->grid.n_betas = job->betas->len;
  job->grid.select = settings->select;
  job->grid.threads = settings->threads;
  return TRUE;
}

/* Checks every network of the job over `channels` channels. */
static gboolean
job_check_params (const Job * job, guint channels, GError ** error)
{
  VaeParams params = job->params;

  params.channels = channels;
  for (guint i = 0; i < job->grid.n_latent_dims; i++) {
    params.latent_dim = job->grid.latent_dims[i];
    for (guint j = 0; j < job->grid.n_betas; j++) {
      params.beta = job->grid.betas[j];
      if (!vae_params_validate (&params, error))
        return FALSE;
    }
  }
  return TRUE;
}

static gboolean
job_selects_by_labels (const Job * job)
{
  return job->is_grid && (job->grid.select == VAE_SELECT_AUROC
      || job->grid.select == VAE_SELECT_AUPRC);
}

static gboolean
job_check_grid (const Job * job, GError ** error)
{
  if (!job->is_grid || job->params.kind == VAE_KIND_VAE)
    return TRUE;
  g_set_error (error, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS,
      "latent-dims and betas are of no meaning to kind=%s",
      vae_kind_name (job->params.kind));
  return FALSE;
}

static gboolean
job_check_model (const Job * job, GError ** error)
{
  if (job->model && *job->model)
    return gst_vae_sink_check_path (job->model, error);
  g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND,
      "model is not set: it says which file to write");
  return FALSE;
}

static gboolean
job_init (Job * job, const Settings * settings, GError ** error)
{
  job->model = g_strdup (settings->model);
  job->params = settings->params;
  job->max_rows = settings->max_rows;
  job->silent = settings->silent;

  return job_take_hidden (job, settings, error)
      && job_take_grid (job, settings, error)
      && job_check_model (job, error)
      && job_check_params (job, 1, error)
      && job_check_grid (job, error);
}

static void
job_clear (Job * job)
{
  g_free (job->model);
  g_clear_pointer (&job->latent_dims, g_array_unref);
  g_clear_pointer (&job->betas, g_array_unref);
  memset (job, 0, sizeof (*job));
}

/* --- messages ----------------------------------------------------------- */

/* Takes the text. */
static void
post_progress (GstVaeTrain * self, GstProgressType type, gchar * text)
{
  if (!self->job.silent)
    gst_element_post_message (GST_ELEMENT (self),
        gst_message_new_progress (GST_OBJECT (self), type, PROGRESS_CODE,
            text));
  g_free (text);
}

static void
post_structure (GstVaeTrain * self, GstStructure * structure)
{
  gst_element_post_message (GST_ELEMENT (self),
      gst_message_new_element (GST_OBJECT (self), structure));
}

/* ", validation 0.4312, active latents 3/3", as far as there are such things. */
static gchar *
describe_outcome (VaeKind kind, guint latent_dim, gdouble validation_loss,
    guint active_latents)
{
  GString *text = g_string_new (NULL);

  if (!isnan (validation_loss))
    g_string_append_printf (text, ", validation %.4f", validation_loss);
  if (kind == VAE_KIND_VAE)
    g_string_append_printf (text, ", active latents %u/%u", active_latents,
        latent_dim);
  return g_string_free (text, FALSE);
}

static gboolean
is_worth_a_line (const VaeEpoch * epoch)
{
  guint step = 1 + (epoch->epochs - 1) / PROGRESS_LINES;

  return epoch->epoch % step == 0 || epoch->epoch == epoch->epochs;
}

static void
on_epoch (const VaeEpoch * epoch, gpointer user_data)
{
  GstVaeTrain *self = user_data;
  const VaeParams *params = &self->job.params;
  GstStructure *structure;

  if (self->job.silent)
    return;

  structure = gst_structure_new ("vaetrain",
      "event", G_TYPE_STRING, "epoch",
      "epoch", G_TYPE_UINT, epoch->epoch,
      "epochs", G_TYPE_UINT, epoch->epochs,
      "active-latents", G_TYPE_UINT, epoch->active_latents, NULL);
  gst_vae_structure_set_known (structure, "loss", epoch->loss);
  gst_vae_structure_set_known (structure, "reconstruction",
      epoch->reconstruction);
  gst_vae_structure_set_known (structure, "kl", epoch->kl);
  gst_vae_structure_set_known (structure, "validation-loss",
      epoch->validation_loss);
  post_structure (self, structure);

  if (is_worth_a_line (epoch)) {
    g_autofree gchar *outcome = describe_outcome (params->kind,
        params->latent_dim, epoch->validation_loss, epoch->active_latents);

    post_progress (self, GST_PROGRESS_TYPE_CONTINUE,
        g_strdup_printf ("epoch %u/%u: loss %.4f%s", epoch->epoch,
            epoch->epochs, epoch->loss, outcome));
  }
}

static void
on_cell (const VaeGridCell * cell, guint done, guint n_cells,
    gpointer user_data)
{
  GstVaeTrain *self = user_data;
  const VaeSummary *summary = &cell->summary;
  GstStructure *structure = gst_structure_new ("vaetrain",
      "event", G_TYPE_STRING, "cell",
      "latent-dim", G_TYPE_UINT, cell->latent_dim,
      "beta", G_TYPE_DOUBLE, cell->beta,
      "active-latents", G_TYPE_UINT, summary->active_latents,
      "epochs-run", G_TYPE_UINT, summary->epochs_run, NULL);
  g_autofree gchar *outcome = describe_outcome (VAE_KIND_VAE, cell->latent_dim,
      summary->validation_loss, summary->active_latents);

  gst_vae_structure_set_known (structure, "loss", summary->loss);
  gst_vae_structure_set_known (structure, "validation-loss",
      summary->validation_loss);
  gst_vae_structure_set_known (structure, "elbo", cell->elbo);
  gst_vae_structure_set_known (structure, "auroc", cell->auroc);
  gst_vae_structure_set_known (structure, "auprc", cell->auprc);
  post_structure (self, structure);

  post_progress (self, GST_PROGRESS_TYPE_CONTINUE,
      g_strdup_printf ("cell %u/%u: latent-dim %u, beta %g: loss %.4f%s", done,
          n_cells, cell->latent_dim, cell->beta, summary->loss, outcome));
}

static void
post_trained (GstVaeTrain * self, const VaeModel * model)
{
  const VaeParams *params = vae_model_params (model);
  const VaeSummary *summary = vae_model_summary (model);
  GstStructure *structure = gst_structure_new ("vaetrain",
      "event", G_TYPE_STRING, "trained",
      "model", G_TYPE_STRING, self->job.model,
      "rows", G_TYPE_UINT64, summary->rows,
      "epochs-run", G_TYPE_UINT, summary->epochs_run,
      "best-epoch", G_TYPE_UINT, summary->best_epoch,
      "active-latents", G_TYPE_UINT, summary->active_latents, NULL);

  gst_vae_structure_set_known (structure, "loss", summary->loss);
  gst_vae_structure_set_known (structure, "validation-loss",
      summary->validation_loss);
  if (params->kind == VAE_KIND_VAE)
    gst_structure_set (structure,
        "latent-dim", G_TYPE_UINT, params->latent_dim,
        "beta", G_TYPE_DOUBLE, params->beta, NULL);
  post_structure (self, structure);

  post_progress (self, GST_PROGRESS_TYPE_COMPLETE, self->job.is_grid
      ? g_strdup_printf ("model of latent-dim %u, beta %g written to %s",
          params->latent_dim, params->beta, self->job.model)
      : g_strdup_printf ("model written to %s", self->job.model));
}

static void
warn_if_collapsed (GstVaeTrain * self, const VaeModel * model)
{
  const VaeParams *params = vae_model_params (model);

  if (params->kind != VAE_KIND_VAE
      || vae_model_summary (model)->active_latents > 0)
    return;
  GST_ELEMENT_WARNING (self, LIBRARY, SETTINGS,
      ("The VAE has collapsed: none of its %u latents says anything about a row, "
          "so that its score is the distance from the mean. A smaller beta than "
          "%g may help.", params->latent_dim, params->beta), (NULL));
}

/* --- training ----------------------------------------------------------- */

static VaeModel *
train (GstVaeTrain * self, GError ** error)
{
  const Job *job = &self->job;
  const VaeRows rows = {
    .data = self->rows.data,
    .labels = self->rows.labels,
    .breaks = self->rows.breaks,
    .n_rows = self->rows.n_rows,
  };
  VaeParams params = job->params;

  params.channels = self->rows.cols;
  if (job->is_grid)
    return vae_grid (&params, &job->grid, &rows, NULL, on_cell, self,
        self->cancellable, error);
  return vae_train (&params, &rows, job->grid.threads, on_epoch, self,
      self->cancellable, error);
}

static gboolean
save (GstVaeTrain * self, const VaeModel * model, GError ** error)
{
  return !g_cancellable_set_error_if_cancelled (self->cancellable, error)
      && vae_model_save (model, self->job.model, error);
}

static gboolean
train_and_save (GstVaeTrain * self)
{
  g_autoptr (GError) error = NULL;
  VaeModel *model;
  gboolean saved;

  post_progress (self, GST_PROGRESS_TYPE_START,
      g_strdup_printf ("training on %" G_GSIZE_FORMAT " rows of %u channels",
          self->rows.n_rows, self->rows.cols));

  model = train (self, &error);
  saved = model && save (self, model, &error);
  if (saved) {
    post_trained (self, model);
    warn_if_collapsed (self, model);
  } else if (g_cancellable_is_cancelled (self->cancellable)) {
    GST_INFO_OBJECT (self, "cancelled");
    post_progress (self, GST_PROGRESS_TYPE_CANCELED,
        g_strdup ("training cancelled"));
  } else {
    post_progress (self, GST_PROGRESS_TYPE_ERROR,
        g_strdup_printf ("training failed: %s", error->message));
    gst_vae_element_error (self, error, GST_RESOURCE_ERROR_WRITE);
  }
  vae_model_unref (model);
  return saved;
}

/* Whether EOS may be reported. */
static gboolean
gst_vae_train_finish (GstVaeTrain * self)
{
  GstBaseSink *sink = GST_BASE_SINK (self);
  gboolean trained;

  if (self->rows.n_rows == 0) {
    GST_ELEMENT_ERROR (self, STREAM, FORMAT,
        ("The stream ended without a row to train on."), (NULL));
    return FALSE;
  }

  /* A pause takes this lock; it must neither wait for the training nor end it. */
  GST_BASE_SINK_PREROLL_UNLOCK (sink);
  trained = train_and_save (self);
  GST_BASE_SINK_PREROLL_LOCK (sink);

  gst_vae_rows_clear (&self->rows);
  return trained && !sink->flushing;
}

/* --- the stream --------------------------------------------------------- */

static void
gst_vae_train_forget (GstVaeTrain * self)
{
  gst_vae_rows_clear (&self->rows);
  self->broken = TRUE;
}

static gboolean
gst_vae_train_prepare (GstVaeTrain * self)
{
  g_autoptr (GError) error = NULL;
  gboolean valid;

  gst_vae_train_forget (self);
  self->info.n_tensors = 0;
  job_clear (&self->job);

  GST_OBJECT_LOCK (self);
  self->stopping = FALSE;
  g_cancellable_reset (self->cancellable);
  valid = job_init (&self->job, &self->settings, &error);
  GST_OBJECT_UNLOCK (self);

  if (!valid)
    gst_vae_element_error (self, error, GST_RESOURCE_ERROR_OPEN_WRITE);
  return valid;
}

/* The base class's start() comes before READY, where properties may still
 * change; and its unlock() is for a pause too. So both are done here. */
static GstStateChangeReturn
gst_vae_train_change_state (GstElement * element, GstStateChange transition)
{
  GstVaeTrain *self = GST_VAE_TRAIN (element);
  GstStateChangeReturn ret;

  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED) {
    if (!gst_vae_train_prepare (self))
      return GST_STATE_CHANGE_FAILURE;
  } else if (transition == GST_STATE_CHANGE_PAUSED_TO_READY) {
    GST_OBJECT_LOCK (self);
    self->stopping = TRUE;
    GST_OBJECT_UNLOCK (self);
    g_cancellable_cancel (self->cancellable);
  }

  ret = GST_ELEMENT_CLASS (parent_class)->change_state (element, transition);

  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY)
    gst_vae_train_forget (self);
  return ret;
}

static void
gst_vae_train_flush_stop (GstVaeTrain * self)
{
  gst_vae_train_forget (self);
  GST_OBJECT_LOCK (self);
  if (!self->stopping)
    g_cancellable_reset (self->cancellable);
  GST_OBJECT_UNLOCK (self);
}

static gboolean
gst_vae_train_event (GstBaseSink * sink, GstEvent * event)
{
  GstVaeTrain *self = GST_VAE_TRAIN (sink);

  switch (GST_EVENT_TYPE (event)) {
    case GST_EVENT_FLUSH_START:
      g_cancellable_cancel (self->cancellable);
      break;
    case GST_EVENT_FLUSH_STOP:
      gst_vae_train_flush_stop (self);
      break;
    case GST_EVENT_SEGMENT:
      self->broken = TRUE;
      break;
    case GST_EVENT_EOS:
      if (!gst_vae_train_finish (self)) {
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
gst_vae_train_query (GstBaseSink * sink, GstQuery * query)
{
  return gst_vae_sink_accept_caps (sink, query)
      || GST_BASE_SINK_CLASS (parent_class)->query (sink, query);
}

static gboolean
check_labels_suffice (GstVaeTrain * self, gint label, GError ** error)
{
  const gchar *asking = NULL;

  if (self->job.params.skip_labelled)
    asking = "skip-labelled";
  else if (job_selects_by_labels (&self->job))
    asking = "select";
  if (!asking || label >= 0)
    return TRUE;
  g_set_error (error, GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION,
      "%s needs labels, but the stream has none: the tensor after the data would "
      "be uint8 with one column", asking);
  return FALSE;
}

static gboolean
check_same_stream (GstVaeTrain * self, const GstVaeTensorsInfo * info,
    GError ** error)
{
  if (self->rows.n_rows == 0 || gst_vae_tensors_same_stream (&self->info, info))
    return TRUE;
  g_set_error (error, GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION,
      "After %" G_GSIZE_FORMAT " rows of %u channels the stream changed to %u "
      "channels, or to other types: one model needs one kind of row",
      self->rows.n_rows, self->info.tensors[0].cols, info->tensors[0].cols);
  return FALSE;
}

static gboolean
check_info (GstVaeTrain * self, const GstVaeTensorsInfo * info, GError ** error)
{
  return gst_vae_tensors_check_data (info, 0, error)
      && check_same_stream (self, info, error)
      && check_labels_suffice (self, gst_vae_tensors_find_label (info), error)
      && job_check_params (&self->job, info->tensors[0].cols, error);
}

static gboolean
gst_vae_train_set_caps (GstBaseSink * sink, GstCaps * caps)
{
  GstVaeTrain *self = GST_VAE_TRAIN (sink);
  g_autoptr (GError) error = NULL;
  GstVaeTensorsInfo info;

  GST_DEBUG_OBJECT (self, "caps %" GST_PTR_FORMAT, (gpointer) caps);
  if (!gst_vae_tensors_from_caps (&info, caps, &error)
      || !check_info (self, &info, &error)) {
    gst_vae_element_error (self, error, GST_RESOURCE_ERROR_FAILED);
    return FALSE;
  }
  self->info = info;
  if (self->rows.n_rows == 0) {
    self->label = gst_vae_tensors_find_label (&info);
    gst_vae_rows_init (&self->rows, info.tensors[0].cols, self->label >= 0);
  }
  return TRUE;
}

static guint64
room_left (const GstVaeTrain * self)
{
  if (self->job.max_rows == 0)
    return G_MAXUINT64;
  return self->job.max_rows - self->rows.n_rows;
}

static gboolean
collect (GstVaeTrain * self, GstBuffer * buffer, GError ** error)
{
  const guint8 *labels = NULL;
  GstVaeTensorsMap map;
  gsize n_rows;
  gboolean collected;

  if (GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DISCONT))
    self->broken = TRUE;
  if (!gst_vae_tensors_map (&map, buffer, &self->info, error))
    return FALSE;
  if (self->label >= 0)
    labels = map.data[self->label];
  n_rows = MIN (self->info.tensors[0].rows, room_left (self));
  collected = gst_vae_rows_append (&self->rows, map.data[0], labels, n_rows,
      self->broken, error);
  gst_vae_tensors_unmap (&map);
  self->broken = FALSE;
  return collected;
}

static GstFlowReturn
gst_vae_train_render (GstBaseSink * sink, GstBuffer * buffer)
{
  GstVaeTrain *self = GST_VAE_TRAIN (sink);
  g_autoptr (GError) error = NULL;

  if (room_left (self) == 0)
    return GST_FLOW_EOS;
  if (!collect (self, buffer, &error)) {
    gst_vae_element_error (self, error, GST_RESOURCE_ERROR_FAILED);
    return GST_FLOW_ERROR;
  }
  GST_LOG_OBJECT (self, "%" G_GSIZE_FORMAT " rows", self->rows.n_rows);
  if (room_left (self) == 0) {
    GST_ELEMENT_WARNING (self, RESOURCE, NO_SPACE_LEFT,
        ("max-rows=%" G_GUINT64_FORMAT " is reached: the rows so far are "
            "trained on, no later ones.", self->job.max_rows), (NULL));
    return GST_FLOW_EOS;
  }
  return GST_FLOW_OK;
}

/* --- the type ----------------------------------------------------------- */

static void
gst_vae_train_init (GstVaeTrain * self)
{
  Settings *settings = &self->settings;

  vae_params_init (&settings->params);
  settings->model = DEFAULT_MODEL;
  settings->latent_dims = g_array_new (FALSE, FALSE, sizeof (gdouble));
  settings->betas = g_array_new (FALSE, FALSE, sizeof (gdouble));
  settings->select = DEFAULT_SELECT;
  settings->threads = DEFAULT_THREADS;
  settings->max_rows = DEFAULT_MAX_ROWS;
  settings->silent = DEFAULT_SILENT;

  self->cancellable = g_cancellable_new ();
  gst_base_sink_set_sync (GST_BASE_SINK (self), FALSE);
}

static void
gst_vae_train_finalize (GObject * object)
{
  GstVaeTrain *self = GST_VAE_TRAIN (object);
  Settings *settings = &self->settings;

  g_free (settings->model);
  g_clear_pointer (&settings->hidden, g_array_unref);
  g_array_unref (settings->latent_dims);
  g_array_unref (settings->betas);
  job_clear (&self->job);
  gst_vae_rows_clear (&self->rows);
  g_object_unref (self->cancellable);
  G_OBJECT_CLASS (parent_class)->finalize (object);
}

#define PROPERTY_FLAGS \
    (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY)

/* GObject refuses NaN with a warning, after which gst-launch-1.0 trains with the
 * default; let through, it is refused when the stream begins. For the same reason
 * the arrays take elements of any type. */
#define DOUBLE_FLAGS (PROPERTY_FLAGS | G_PARAM_LAX_VALIDATION)

static void
install_network_properties (GObjectClass * object_class,
    const VaeParams * defaults)
{
  /**
   * GstVaeTrain:kind:
   *
   * What is trained: a beta-VAE or an auto-encoder.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_KIND,
      g_param_spec_enum ("kind", "Kind", "What to train",
          GST_TYPE_VAE_TRAIN_KIND, (gint) defaults->kind, PROPERTY_FLAGS));

  /**
   * GstVaeTrain:latent-dim:
   *
   * How many numbers a VAE has to say what a row is like, from 1 to 4096. Of no
   * meaning to an auto-encoder.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_LATENT_DIM,
      g_param_spec_uint ("latent-dim", "Latent dimensions",
          "Size of the latent space of a VAE, 1 to 4096",
          0, G_MAXUINT, defaults->latent_dim, PROPERTY_FLAGS));

  /**
   * GstVaeTrain:hidden:
   *
   * Units of each hidden layer, from the input inwards, which the decoder
   * mirrors: up to 8 layers of 1 to 65536 units. An auto-encoder's last one is its
   * code. If it was never set, `<64,32>` for a VAE and `<32>` for an auto-encoder.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_HIDDEN,
      gst_param_spec_array ("hidden", "Hidden layers",
          "Units of each hidden layer from the input inwards, mirrored by the "
          "decoder, up to 8 layers of 1 to 65536; the last one of an ae is its "
          "code (default: <64,32>, for an ae <32>)", NULL, PROPERTY_FLAGS));

  /**
   * GstVaeTrain:activation:
   *
   * The activation function of the hidden layers.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_ACTIVATION,
      g_param_spec_enum ("activation", "Activation",
          "Activation function of the hidden layers",
          GST_TYPE_VAE_TRAIN_ACTIVATION, (gint) defaults->activation,
          PROPERTY_FLAGS));

  /**
   * GstVaeTrain:scaler:
   *
   * How channels are brought onto one scale. It is fitted to the training rows and
   * becomes part of the model.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_SCALER,
      g_param_spec_enum ("scaler", "Scaler",
          "How channels are brought onto one scale, by the training rows",
          GST_TYPE_VAE_TRAIN_SCALER, (gint) defaults->scaler, PROPERTY_FLAGS));

  /**
   * GstVaeTrain:window:
   *
   * How many rows the network sees at a time, the last one being the one that is
   * scored: 1 to 65536.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_WINDOW,
      g_param_spec_uint ("window", "Window",
          "Rows that the network sees at a time, up to the one that is scored, "
          "1 to 65536", 0, G_MAXUINT, defaults->window, PROPERTY_FLAGS));
}

static void
install_training_properties (GObjectClass * object_class,
    const VaeParams * defaults)
{
  /**
   * GstVaeTrain:loss:
   *
   * What training minimises.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_LOSS,
      g_param_spec_enum ("loss", "Loss", "What training minimises",
          GST_TYPE_VAE_TRAIN_LOSS, (gint) defaults->loss, PROPERTY_FLAGS));

  /**
   * GstVaeTrain:beta:
   *
   * The weight of the KL term in a VAE's loss, 0 or above. With a large one the
   * latents carry nothing: the VAE collapses, about which a warning is posted.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_BETA,
      g_param_spec_double ("beta", "Beta",
          "Weight of the KL term in the loss of a VAE, 0 or above",
          -G_MAXDOUBLE, G_MAXDOUBLE, defaults->beta, DOUBLE_FLAGS));

  /**
   * GstVaeTrain:learning-rate:
   *
   * The step size of the Adam optimiser, above 0.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_LEARNING_RATE,
      g_param_spec_double ("learning-rate", "Learning rate",
          "Step size of the Adam optimiser, above 0",
          -G_MAXDOUBLE, G_MAXDOUBLE, defaults->learning_rate, DOUBLE_FLAGS));

  /**
   * GstVaeTrain:batch-size:
   *
   * How many windows make up one step of the optimiser, 1 to 65536.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_BATCH_SIZE,
      g_param_spec_uint ("batch-size", "Batch size",
          "Windows in one step of the optimiser, 1 to 65536",
          0, G_MAXUINT, defaults->batch_size, PROPERTY_FLAGS));

  /**
   * GstVaeTrain:epochs:
   *
   * How often training goes through the rows, at least once.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_EPOCHS,
      g_param_spec_uint ("epochs", "Epochs",
          "How often to go through the rows, 1 or more",
          0, G_MAXUINT, defaults->epochs, PROPERTY_FLAGS));

  /**
   * GstVaeTrain:seed:
   *
   * The seed of the weights, the shuffling and the noise. The same seed and the
   * same rows give the same model, bit for bit.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_SEED,
      g_param_spec_uint64 ("seed", "Seed",
          "Seed of the weights, the shuffling and the noise",
          0, G_MAXUINT64, defaults->seed, PROPERTY_FLAGS));

  /**
   * GstVaeTrain:validation:
   *
   * The fraction of the rows, the last in time, that is held back from training,
   * to tell which epoch's weights are the best: 0 to 0.9. With 0 the last epoch's
   * weights are kept.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_VALIDATION,
      g_param_spec_double ("validation", "Validation",
          "Fraction of the rows, the last in time, that is held back to choose "
          "the best epoch, 0 to 0.9",
          -G_MAXDOUBLE, G_MAXDOUBLE, defaults->validation, DOUBLE_FLAGS));

  /**
   * GstVaeTrain:patience:
   *
   * After how many epochs without a better validation loss training stops; 0 =
   * never before the last.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_PATIENCE,
      g_param_spec_uint ("patience", "Patience",
          "Epochs without a better validation loss before training stops "
          "(0 = never)", 0, G_MAXUINT, defaults->patience, PROPERTY_FLAGS));

  /**
   * GstVaeTrain:skip-labelled:
   *
   * Leaves windows with a row that is labelled as an anomaly out of the training.
   * The stream must have labels.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_SKIP_LABELLED,
      g_param_spec_boolean ("skip-labelled", "Skip labelled",
          "Leave windows with a labelled anomaly out of the training",
          defaults->skip_labelled, PROPERTY_FLAGS));
}

static void
install_grid_properties (GObjectClass * object_class)
{
  /**
   * GstVaeTrain:latent-dims:
   *
   * The latent sizes of a grid, 1 to 4096 each. If it is empty but
   * #GstVaeTrain:betas is not, #GstVaeTrain:latent-dim is the only one.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_LATENT_DIMS,
      gst_param_spec_array ("latent-dims", "Latent dimensions of a grid",
          "Latent sizes to try, 1 to 4096 each, as in <2,3,5> (empty = only "
          "latent-dim)", NULL, PROPERTY_FLAGS));

  /**
   * GstVaeTrain:betas:
   *
   * The betas of a grid, 0 or above each. If it is empty but
   * #GstVaeTrain:latent-dims is not, #GstVaeTrain:beta is the only one.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_BETAS,
      gst_param_spec_array ("betas", "Betas of a grid",
          "Betas to try, 0 or above each, as in <0.5,1,2,4> (empty = only "
          "beta)", NULL, PROPERTY_FLAGS));

  /**
   * GstVaeTrain:select:
   *
   * How a grid's best model is told.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_SELECT,
      g_param_spec_enum ("select", "Select", "How the best of a grid is told",
          GST_TYPE_VAE_TRAIN_SELECT, DEFAULT_SELECT, PROPERTY_FLAGS));

  /**
   * GstVaeTrain:threads:
   *
   * How many models of a grid are trained at a time; 0 = as many as there are
   * processors. The models do not depend on it.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_THREADS,
      g_param_spec_uint ("threads", "Threads",
          "Models of a grid to train at a time (0 = one per processor)",
          0, G_MAXUINT, DEFAULT_THREADS, PROPERTY_FLAGS));
}

static void
install_stream_properties (GObjectClass * object_class)
{
  /**
   * GstVaeTrain:model:
   *
   * The file to write the model to. It is replaced in one step once training has
   * succeeded, and left alone otherwise.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_MODEL,
      g_param_spec_string ("model", "Model", "File to write the model to",
          DEFAULT_MODEL, PROPERTY_FLAGS));

  /**
   * GstVaeTrain:max-rows:
   *
   * How many rows are collected; 0 = as many as memory holds. When they are
   * reached, a warning is posted, the stream is ended upstream, and training is on
   * these first rows. So a model can be trained from an endless source.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_MAX_ROWS,
      g_param_spec_uint64 ("max-rows", "Maximum rows",
          "End the stream and train after so many rows (0 = as many as memory "
          "holds)", 0, G_MAXUINT64, DEFAULT_MAX_ROWS, PROPERTY_FLAGS));

  /**
   * GstVaeTrain:silent:
   *
   * Posts neither progress messages nor a message per epoch.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_SILENT,
      g_param_spec_boolean ("silent", "Silent",
          "Post neither progress messages nor a message per epoch",
          DEFAULT_SILENT, PROPERTY_FLAGS));
}

static void
gst_vae_train_class_init (GstVaeTrainClass * klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstBaseSinkClass *sink_class = GST_BASE_SINK_CLASS (klass);
  VaeParams defaults;

  object_class->set_property = gst_vae_train_set_property;
  object_class->get_property = gst_vae_train_get_property;
  object_class->finalize = gst_vae_train_finalize;

  vae_params_init (&defaults);
  install_stream_properties (object_class);
  install_network_properties (object_class, &defaults);
  install_training_properties (object_class, &defaults);
  install_grid_properties (object_class);

  element_class->change_state = GST_DEBUG_FUNCPTR (gst_vae_train_change_state);
  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_set_static_metadata (element_class,
      "beta-VAE trainer", "Sink/Trainer/Tensor",
      "Learns what is normal in a multivariate time series and writes a model",
      "the gst-vae authors");

  sink_class->set_caps = GST_DEBUG_FUNCPTR (gst_vae_train_set_caps);
  sink_class->event = GST_DEBUG_FUNCPTR (gst_vae_train_event);
  sink_class->query = GST_DEBUG_FUNCPTR (gst_vae_train_query);
  sink_class->render = GST_DEBUG_FUNCPTR (gst_vae_train_render);

  gst_type_mark_as_plugin_api (GST_TYPE_VAE_TRAIN_KIND, 0);
  gst_type_mark_as_plugin_api (GST_TYPE_VAE_TRAIN_ACTIVATION, 0);
  gst_type_mark_as_plugin_api (GST_TYPE_VAE_TRAIN_LOSS, 0);
  gst_type_mark_as_plugin_api (GST_TYPE_VAE_TRAIN_SCALER, 0);
  gst_type_mark_as_plugin_api (GST_TYPE_VAE_TRAIN_SELECT, 0);
}
