/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstvaetrainsettings.h"
#include "gstvaetrainenums.h"

#include <math.h>
#include <string.h>

#define DEFAULT_MODEL NULL
#define DEFAULT_INITIAL_MODEL NULL
#define DEFAULT_REPORT NULL
#define DEFAULT_SELECT VAE_SELECT_ELBO
#define DEFAULT_THREADS 0
#define DEFAULT_MAX_ROWS 10000000
#define DEFAULT_SILENT FALSE

/* The seed experiment's baseline auto-encoder. */
#define DEFAULT_CODE 32

enum
{
  PROP_0,
  PROP_MODEL,
  PROP_REPORT,
  PROP_INITIAL_MODEL,
  PROP_KIND,
  PROP_LATENT_DIM,
  PROP_HIDDEN,
  PROP_ACTIVATION,
  PROP_BETA,
  PROP_LOSS,
  PROP_SCALER,
  PROP_CLIP,
  PROP_PROTOTYPES,
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
  PROP_SMOOTHING,
  PROP_DRIFT,
  PROP_THRESHOLD_METHOD,
  PROP_QUANTILE,
  PROP_SILENT
};

/* Those that are a number in VaeParams. */
static const struct
{
  guint prop_id;
  gsize offset;
  gsize size;
} param_props[] = {
#define PARAM(prop_id, member) { prop_id, \
    G_STRUCT_OFFSET (VaeParams, member), sizeof (((VaeParams *) 0)->member) }
  PARAM (PROP_KIND, kind),
  PARAM (PROP_LATENT_DIM, latent_dim),
  PARAM (PROP_ACTIVATION, activation),
  PARAM (PROP_BETA, beta),
  PARAM (PROP_LOSS, loss),
  PARAM (PROP_SCALER, scaler),
  PARAM (PROP_CLIP, clip),
  PARAM (PROP_PROTOTYPES, prototypes),
  PARAM (PROP_WINDOW, window),
  PARAM (PROP_LEARNING_RATE, learning_rate),
  PARAM (PROP_BATCH_SIZE, batch_size),
  PARAM (PROP_EPOCHS, epochs),
  PARAM (PROP_SEED, seed),
  PARAM (PROP_VALIDATION, validation),
  PARAM (PROP_PATIENCE, patience),
  PARAM (PROP_SKIP_LABELLED, skip_labelled),
  PARAM (PROP_SMOOTHING, smoothing),
  PARAM (PROP_DRIFT, drift),
  PARAM (PROP_THRESHOLD_METHOD, threshold),
  PARAM (PROP_QUANTILE, quantile),
#undef PARAM
};

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

/* -1 for what is no size. */
static void
append_size (GValue * value, gdouble size)
{
  GValue element = G_VALUE_INIT;

  g_value_init (&element, G_TYPE_INT);
  g_value_set_int (&element, gst_vae_train_is_size (size) ? (gint) size : -1);
  gst_value_array_append_and_take_value (value, &element);
}

static void
sizes_to_value (const GArray * sizes, GValue * value)
{
  for (guint i = 0; i < sizes->len; i++)
    append_size (value, g_array_index (sizes, gdouble, i));
}

static void
take_array (GArray ** array, GArray * taken)
{
  g_clear_pointer (array, g_array_unref);
  *array = taken;
}

static gboolean
is_set (const GstVaeTrainSettings * settings, guint prop_id)
{
  return (settings->is_set & (G_GUINT64_CONSTANT (1) << prop_id)) != 0;
}

/* Those of the loss; a grid is one of VAEs. */
static void
get_defaults (const GstVaeTrainSettings * settings, VaeParams * params)
{
  if (settings->params.loss == VAE_LOSS_SEED)
    vae_params_init_seed (params);
  else
    vae_params_init (params);
  if (settings->latent_dims->len > 0 || settings->betas->len > 0)
    params->kind = VAE_KIND_VAE;
  if (is_set (settings, PROP_KIND)
      && settings->params.kind == VAE_KIND_AE) {
    params->n_hidden = 1;
    params->hidden[0] = DEFAULT_CODE;
  }
}

void
gst_vae_train_settings_get_params (const GstVaeTrainSettings * settings,
    const VaeParams * initial, VaeParams * params)
{
  if (initial)
    *params = *initial;
  else
    get_defaults (settings, params);
  for (guint i = 0; i < G_N_ELEMENTS (param_props); i++)
    if (is_set (settings, param_props[i].prop_id))
      memcpy ((guint8 *) params + param_props[i].offset,
          (const guint8 *) &settings->params + param_props[i].offset,
          param_props[i].size);
}

gboolean
gst_vae_train_settings_set (GstVaeTrainSettings * settings, guint prop_id,
    const GValue * value)
{
  VaeParams *params = &settings->params;

  settings->is_set |= G_GUINT64_CONSTANT (1) << prop_id;
  switch (prop_id) {
    case PROP_MODEL:
      g_free (settings->model);
      settings->model = g_value_dup_string (value);
      break;
    case PROP_REPORT:
      g_free (settings->report);
      settings->report = g_value_dup_string (value);
      break;
    case PROP_INITIAL_MODEL:
      g_free (settings->initial_model);
      settings->initial_model = g_value_dup_string (value);
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
    case PROP_CLIP:
      params->clip = g_value_get_double (value);
      break;
    case PROP_PROTOTYPES:
      params->prototypes = g_value_get_uint (value);
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
    case PROP_SMOOTHING:
      params->smoothing = g_value_get_uint (value);
      break;
    case PROP_DRIFT:
      params->drift = g_value_get_uint (value);
      break;
    case PROP_THRESHOLD_METHOD:
      params->threshold = (VaeThreshold) g_value_get_enum (value);
      break;
    case PROP_QUANTILE:
      params->quantile = g_value_get_double (value);
      break;
    case PROP_SILENT:
      settings->silent = g_value_get_boolean (value);
      break;
    default:
      return FALSE;
  }
  return TRUE;
}

static void
hidden_to_value (const GstVaeTrainSettings * settings,
    const VaeParams * params, GValue * value)
{
  if (settings->hidden) {
    sizes_to_value (settings->hidden, value);
    return;
  }
  for (guint i = 0; i < params->n_hidden; i++)
    append_size (value, params->hidden[i]);
}

gboolean
gst_vae_train_settings_get (const GstVaeTrainSettings * settings, guint prop_id,
    GValue * value)
{
  VaeParams effective;
  const VaeParams *params = &effective;

  gst_vae_train_settings_get_params (settings, NULL, &effective);
  switch (prop_id) {
    case PROP_MODEL:
      g_value_set_string (value, settings->model);
      break;
    case PROP_REPORT:
      g_value_set_string (value, settings->report);
      break;
    case PROP_INITIAL_MODEL:
      g_value_set_string (value, settings->initial_model);
      break;
    case PROP_KIND:
      g_value_set_enum (value, params->kind);
      break;
    case PROP_LATENT_DIM:
      g_value_set_uint (value, params->latent_dim);
      break;
    case PROP_HIDDEN:
      hidden_to_value (settings, &effective, value);
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
    case PROP_CLIP:
      g_value_set_double (value, params->clip);
      break;
    case PROP_PROTOTYPES:
      g_value_set_uint (value, params->prototypes);
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
    case PROP_SMOOTHING:
      g_value_set_uint (value, params->smoothing);
      break;
    case PROP_DRIFT:
      g_value_set_uint (value, params->drift);
      break;
    case PROP_THRESHOLD_METHOD:
      g_value_set_enum (value, params->threshold);
      break;
    case PROP_QUANTILE:
      g_value_set_double (value, params->quantile);
      break;
    case PROP_SILENT:
      g_value_set_boolean (value, settings->silent);
      break;
    default:
      return FALSE;
  }
  return TRUE;
}

/* --- installation ------------------------------------------------------- */

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
   * What is trained. If it was never set: an ensemble, for the seed's loss and for
   * a grid a VAE.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_KIND,
      g_param_spec_enum ("kind", "Kind", "What to train",
          GST_TYPE_VAE_TRAIN_KIND, (gint) defaults->kind, PROPERTY_FLAGS));

  /**
   * GstVaeTrain:latent-dim:
   *
   * How many numbers a VAE has to say what a window is like, from 1 to 4096.
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
   * code. If it was never set, `<128,64>` for a VAE, `<64,32>` for one of the seed's
   * loss, and `<32>` for an auto-encoder.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_HIDDEN,
      gst_param_spec_array ("hidden", "Hidden layers",
          "Units of each hidden layer from the input inwards, mirrored by the "
          "decoder, up to 8 layers of 1 to 65536; the last one of an ae is its "
          "code (default: <128,64>, for an ae <32>)", NULL, PROPERTY_FLAGS));

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
   * GstVaeTrain:clip:
   *
   * Scaled cells saturate at plus and minus this; 0 = they don't.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_CLIP,
      g_param_spec_double ("clip", "Clip",
          "Where scaled cells saturate, on both sides (0 = nowhere)",
          -G_MAXDOUBLE, G_MAXDOUBLE, defaults->clip, DOUBLE_FLAGS));

  /**
   * GstVaeTrain:prototypes:
   *
   * How many typical rows to look for, for the kinds nearest and ensemble: 1 to
   * 65536.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_PROTOTYPES,
      g_param_spec_uint ("prototypes", "Prototypes",
          "Typical rows of a nearest or an ensemble, 1 to 65536",
          0, G_MAXUINT, defaults->prototypes, PROPERTY_FLAGS));

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
   * What training minimises. Properties that were never set have the seed
   * experiment's values if it is the seed's loss.
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
install_score_properties (GObjectClass * object_class,
    const VaeParams * defaults)
{
  /**
   * GstVaeTrain:smoothing:
   *
   * Rows of the calibrated score's moving average; 0 = the mean of
   * several. What is usual depends on it, so it is part of the model.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_SMOOTHING,
      g_param_spec_uint ("smoothing", "Smoothing",
          "Rows of the calibrated score's moving average, up to 1000000 (0 = "
          "several)", 0, G_MAXUINT, defaults->smoothing, PROPERTY_FLAGS));

  /**
   * GstVaeTrain:drift:
   *
   * Over how many rows the calibrated score follows channels that slowly change
   * their place; 0 = it does not.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_DRIFT,
      g_param_spec_uint ("drift", "Drift",
          "Rows over which the calibrated score follows slow changes, up to "
          "1000000 (0 = none)", 0, G_MAXUINT, defaults->drift, PROPERTY_FLAGS));

  /**
   * GstVaeTrain:threshold-method:
   *
   * How the threshold is found that is stored with the model.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_THRESHOLD_METHOD,
      g_param_spec_enum ("threshold-method", "Threshold method",
          "How the threshold of the model is found",
          GST_TYPE_VAE_TRAIN_THRESHOLD, (gint) defaults->threshold,
          PROPERTY_FLAGS));

  /**
   * GstVaeTrain:quantile:
   *
   * The share of usual rows that is to be below the model's threshold, going by the
   * scores of the validation rows: from 0.5, for pot and spot above 0.98, to below 1.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_QUANTILE,
      g_param_spec_double ("quantile", "Quantile",
          "Share of usual rows below the threshold, 0.5, for pot and spot above "
          "0.98, to below 1", -G_MAXDOUBLE, G_MAXDOUBLE, defaults->quantile,
          DOUBLE_FLAGS));
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
   * How many threads train: models of a grid side by side, or else parts of a
   * large network's steps; 0 = as many as there are processors. The models do not
   * depend on it.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_THREADS,
      g_param_spec_uint ("threads", "Threads",
          "Threads that train (0 = one per processor)",
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
   * GstVaeTrain:initial-model:
   *
   * A model file to go on from, which may be that of #GstVaeTrain:model. The
   * network begins with its weights, on its scale, and properties that were never
   * set are as they were in its training. It must be of the same kind (vae, ae or
   * ensemble), channels, window, loss, activation, scaler, hidden and latent-dim.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_INITIAL_MODEL,
      g_param_spec_string ("initial-model", "Initial model",
          "Model file to go on from (none = begin anew)",
          DEFAULT_INITIAL_MODEL, PROPERTY_FLAGS));

  /**
   * GstVaeTrain:report:
   *
   * A file to write a page to, once the model is written, that shows how the
   * training went: losses and latents by epoch, or the grid. It is HTML that needs
   * nothing else, and is replaced in one step.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_REPORT,
      g_param_spec_string ("report", "Report",
          "File to write a page to that shows how the training went, as HTML",
          DEFAULT_REPORT, PROPERTY_FLAGS));

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

void
gst_vae_train_settings_install (GObjectClass * object_class)
{
  VaeParams defaults;

  vae_params_init (&defaults);
  install_stream_properties (object_class);
  install_network_properties (object_class, &defaults);
  install_training_properties (object_class, &defaults);
  install_score_properties (object_class, &defaults);
  install_grid_properties (object_class);

  gst_type_mark_as_plugin_api (GST_TYPE_VAE_TRAIN_KIND, 0);
  gst_type_mark_as_plugin_api (GST_TYPE_VAE_TRAIN_ACTIVATION, 0);
  gst_type_mark_as_plugin_api (GST_TYPE_VAE_TRAIN_LOSS, 0);
  gst_type_mark_as_plugin_api (GST_TYPE_VAE_TRAIN_SCALER, 0);
  gst_type_mark_as_plugin_api (GST_TYPE_VAE_TRAIN_SELECT, 0);
  gst_type_mark_as_plugin_api (GST_TYPE_VAE_TRAIN_THRESHOLD, 0);
}

void
gst_vae_train_settings_init (GstVaeTrainSettings * settings)
{
  vae_params_init (&settings->params);
  settings->is_set = 0;
  settings->model = DEFAULT_MODEL;
  settings->report = DEFAULT_REPORT;
  settings->initial_model = DEFAULT_INITIAL_MODEL;
  settings->hidden = NULL;
  settings->latent_dims = g_array_new (FALSE, FALSE, sizeof (gdouble));
  settings->betas = g_array_new (FALSE, FALSE, sizeof (gdouble));
  settings->select = DEFAULT_SELECT;
  settings->threads = DEFAULT_THREADS;
  settings->max_rows = DEFAULT_MAX_ROWS;
  settings->silent = DEFAULT_SILENT;
}

void
gst_vae_train_settings_clear (GstVaeTrainSettings * settings)
{
  g_free (settings->model);
  g_free (settings->initial_model);
  g_free (settings->report);
  g_clear_pointer (&settings->hidden, g_array_unref);
  g_array_unref (settings->latent_dims);
  g_array_unref (settings->betas);
}
