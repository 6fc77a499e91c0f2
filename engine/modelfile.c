/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Models as safetensors; docs/model-file.md tells what is in the file. */

#include "file.h"
#include "model.h"
#include "safetensors.h"

#include <math.h>
#include <string.h>

#define FORMAT "gst-vae"
#define FORMAT_VERSION 1

/* The largest model, with the largest header. */
#define MAX_FILE_SIZE (sizeof (guint64) + VAE_SAFETENSORS_MAX_HEADER \
    + sizeof (float) * ((gsize) VAE_MAX_PARAMETERS + 3 * VAE_MAX_CHANNELS \
        + VAE_N_SCORES))

/* --- metadata: fields as text --------------------------------------------- */

typedef enum
{
  FIELD_KIND,
  FIELD_ACTIVATION,
  FIELD_LOSS,
  FIELD_SCALER,
  FIELD_UINT,
  FIELD_UINT64,
  FIELD_REAL,
  FIELD_BOOLEAN,
  FIELD_HIDDEN                  /* n_hidden and hidden of VaeParams */
} FieldType;

typedef struct
{
  const char *key;
  FieldType type;
  gsize offset;
} Field;

#define PARAM(key, type, member) \
    { key, type, G_STRUCT_OFFSET (VaeParams, member) }
#define FIGURE(key, type, member) \
    { key, type, G_STRUCT_OFFSET (VaeSummary, member) }

static const Field param_fields[] = {
  PARAM ("kind", FIELD_KIND, kind),
  PARAM ("activation", FIELD_ACTIVATION, activation),
  PARAM ("loss", FIELD_LOSS, loss),
  PARAM ("scaler", FIELD_SCALER, scaler),
  PARAM ("channels", FIELD_UINT, channels),
  PARAM ("window", FIELD_UINT, window),
  {"hidden", FIELD_HIDDEN, 0},
  PARAM ("latent-dim", FIELD_UINT, latent_dim),
  PARAM ("beta", FIELD_REAL, beta),
  PARAM ("learning-rate", FIELD_REAL, learning_rate),
  PARAM ("batch-size", FIELD_UINT, batch_size),
  PARAM ("epochs", FIELD_UINT, epochs),
  PARAM ("seed", FIELD_UINT64, seed),
  PARAM ("validation", FIELD_REAL, validation),
  PARAM ("patience", FIELD_UINT, patience),
  PARAM ("skip-labelled", FIELD_BOOLEAN, skip_labelled),
};

static const Field summary_fields[] = {
  FIGURE ("rows", FIELD_UINT64, rows),
  FIGURE ("epochs-run", FIELD_UINT, epochs_run),
  FIGURE ("best-epoch", FIELD_UINT, best_epoch),
  FIGURE ("training-loss", FIELD_REAL, loss),
  FIGURE ("training-reconstruction", FIELD_REAL, reconstruction),
  FIGURE ("training-kl", FIELD_REAL, kl),
  FIGURE ("validation-loss", FIELD_REAL, validation_loss),
  FIGURE ("active-latents", FIELD_UINT, active_latents),
};

static char *
format_hidden (const VaeParams * params)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < params->n_hidden; i++)
    g_string_append_printf (text, "%s%u", i > 0 ? "," : "", params->hidden[i]);
  return g_string_free (text, FALSE);
}

/* 17 significant digits, which identify a double. */
static char *
format_real (double value)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];

  if (!isfinite (value))
    return NULL;
  return g_strdup (g_ascii_dtostr (digits, sizeof digits, value));
}

/* The caller's to g_free(); NULL for a figure that is not known. */
static char *
format_field (const Field * field, gconstpointer base)
{
  gconstpointer member = (const guint8 *) base + field->offset;

  switch (field->type) {
    case FIELD_KIND:
      return g_strdup (vae_kind_name (*(const VaeKind *) member));
    case FIELD_ACTIVATION:
      return g_strdup (vae_activation_name (*(const VaeActivation *) member));
    case FIELD_LOSS:
      return g_strdup (vae_loss_name (*(const VaeLoss *) member));
    case FIELD_SCALER:
      return g_strdup (vae_scaler_name (*(const VaeScaler *) member));
    case FIELD_UINT:
      return g_strdup_printf ("%u", *(const guint *) member);
    case FIELD_UINT64:
      return g_strdup_printf ("%" G_GUINT64_FORMAT, *(const guint64 *) member);
    case FIELD_REAL:
      return format_real (*(const double *) member);
    case FIELD_BOOLEAN:
      return g_strdup (*(const gboolean *) member ? "true" : "false");
    case FIELD_HIDDEN:
      return format_hidden (base);
  }
  return NULL;
}

static gboolean
parse_unsigned (const char *text, guint64 max, guint64 *value)
{
  return g_ascii_string_to_unsigned (text, 10, 0, max, value, NULL);
}

static gboolean
parse_uint (const char *text, guint *value)
{
  guint64 wide;

  if (!parse_unsigned (text, G_MAXUINT, &wide))
    return FALSE;
  *value = wide;
  return TRUE;
}

/* Decimal, finite. */
static gboolean
parse_real (const char *text, double *value)
{
  char *end;

  if (*text == '\0' || text[strspn (text, "0123456789+-.eE")] != '\0')
    return FALSE;
  *value = g_ascii_strtod (text, &end);
  return *end == '\0' && isfinite (*value);
}

static gboolean
parse_boolean (const char *text, gboolean *value)
{
  *value = g_str_equal (text, "true");
  return *value || g_str_equal (text, "false");
}

/* "64,32"; "" for no layers. */
static gboolean
parse_hidden (const char *text, VaeParams * params)
{
  g_auto (GStrv) units = g_strsplit (text, ",", VAE_MAX_HIDDEN + 1);

  memset (params->hidden, 0, sizeof params->hidden);
  for (params->n_hidden = 0; units[params->n_hidden]; params->n_hidden++) {
    guint i = params->n_hidden;
    if (i == VAE_MAX_HIDDEN || !parse_uint (units[i], &params->hidden[i]))
      return FALSE;
  }
  return TRUE;
}

/* `value` is what a vae_*_from_name() function returned. */
static gboolean
take_enum (int value, gpointer member)
{
  memcpy (member, &value, sizeof value);
  return value >= 0;
}

G_STATIC_ASSERT (sizeof (VaeKind) == sizeof (int));

static gboolean
parse_field (const Field * field, gpointer base, const char *text)
{
  gpointer member = (guint8 *) base + field->offset;

  switch (field->type) {
    case FIELD_KIND:
      return take_enum (vae_kind_from_name (text), member);
    case FIELD_ACTIVATION:
      return take_enum (vae_activation_from_name (text), member);
    case FIELD_LOSS:
      return take_enum (vae_loss_from_name (text), member);
    case FIELD_SCALER:
      return take_enum (vae_scaler_from_name (text), member);
    case FIELD_UINT:
      return parse_uint (text, member);
    case FIELD_UINT64:
      return parse_unsigned (text, G_MAXUINT64, member);
    case FIELD_REAL:
      return parse_real (text, member);
    case FIELD_BOOLEAN:
      return parse_boolean (text, member);
    case FIELD_HIDDEN:
      return parse_hidden (text, base);
  }
  return FALSE;
}

/* --- tensors: where they are in a model ----------------------------------- */

/* After the network's tensors, each a vector: */
typedef enum
{
  EXTRA_OFFSET,
  EXTRA_SCALE,
  EXTRA_CHANNEL_ERROR,
  EXTRA_THRESHOLD,
  N_EXTRAS
} Extra;

static const char *const extra_names[N_EXTRAS] = {
  [EXTRA_OFFSET] = "scaler.offset",
  [EXTRA_SCALE] = "scaler.scale",
  [EXTRA_CHANNEL_ERROR] = "calibration.channel_error",
  [EXTRA_THRESHOLD] = "threshold",
};

/* mu and logvar are two modules of one layer. */
#define MAX_TENSORS (2 * (VAE_MAX_LAYERS + 1) + N_EXTRAS)

/* What tensors the file of such a model has, in their order, and their shapes;
 * `offset` is of meaning to the network's only. Returns how many. */
static guint
list_tensors (const VaeNet * net, guint channels, VaeTensor list[MAX_TENSORS])
{
  guint n = vae_net_n_tensors (net);

  for (guint i = 0; i < n; i++)
    vae_net_tensor (net, i, &list[i]);
  for (guint extra = 0; extra < N_EXTRAS; extra++, n++) {
    g_strlcpy (list[n].name, extra_names[extra], sizeof list[n].name);
    list[n].offset = 0;
    list[n].rows = extra == EXTRA_THRESHOLD ? VAE_N_SCORES : channels;
    list[n].cols = 0;
  }
  return n;
}

/* The floats of the tensor with this number in the list. */
static float *
find_floats (VaeModel * model, guint index, const VaeTensor * tensor)
{
  guint n_net = vae_net_n_tensors (&model->net);

  if (index < n_net)
    return model->weights + tensor->offset;
  switch ((Extra) (index - n_net)) {
    case EXTRA_OFFSET:
      return model->scaler.offset;
    case EXTRA_SCALE:
      return model->scaler.scale;
    case EXTRA_CHANNEL_ERROR:
      return model->channel_error;
    case EXTRA_THRESHOLD:
      return model->threshold;
    case N_EXTRAS:
      break;
  }
  return NULL;
}

/* Whether a tensor may contain it; `extra` is negative for the network's. The
 * calibration is NaN where nothing is known, and infinite where the training
 * rows scored so. */
static gboolean
is_allowed (int extra, float value)
{
  switch (extra) {
    case EXTRA_SCALE:
      return isfinite (value) && value > 0;
    case EXTRA_CHANNEL_ERROR:
      return !(value < 0);
    case EXTRA_THRESHOLD:
      return TRUE;
    default:
      return isfinite (value);
  }
}

/* The index of the first float that is not allowed, or n. */
static gsize
find_forbidden (int extra, const float *floats, gsize n)
{
  gsize k = 0;

  while (k < n && is_allowed (extra, floats[k]))
    k++;
  return k;
}

/* --- writing -------------------------------------------------------------- */

static void
add_pair (GStrvBuilder * metadata, const char *key, const char *value)
{
  if (!value)
    return;
  g_strv_builder_add (metadata, key);
  g_strv_builder_add (metadata, value);
}

static void
add_fields (GStrvBuilder * metadata, const Field * fields, gsize n_fields,
    gconstpointer base)
{
  for (gsize i = 0; i < n_fields; i++) {
    g_autofree char *value = format_field (&fields[i], base);
    add_pair (metadata, fields[i].key, value);
  }
}

static GStrv
format_metadata (const VaeModel * model)
{
  g_autoptr (GStrvBuilder) metadata = g_strv_builder_new ();

  add_pair (metadata, "format", FORMAT);
  add_pair (metadata, "format-version", G_STRINGIFY (FORMAT_VERSION));
  add_fields (metadata, param_fields, G_N_ELEMENTS (param_fields),
      &model->params);
  add_fields (metadata, summary_fields, G_N_ELEMENTS (summary_fields),
      &model->summary);
  return g_strv_builder_end (metadata);
}

GBytes *
vae_model_to_bytes (const VaeModel * model)
{
  VaeTensor list[MAX_TENSORS];
  VaeSafetensor tensors[MAX_TENSORS];
  guint n = list_tensors (&model->net, model->params.channels, list);

  for (guint i = 0; i < n; i++) {
    tensors[i].name = list[i].name;
    tensors[i].n_dims = list[i].cols > 0 ? 2 : 1;
    tensors[i].shape[0] = list[i].rows;
    tensors[i].shape[1] = list[i].cols;
    tensors[i].data = find_floats ((VaeModel *) model, i, &list[i]);
  }
  g_auto (GStrv) metadata = format_metadata (model);
  return vae_safetensors_write ((const char *const *) metadata, tensors, n);
}

/* A model that could not be loaded must not replace one that can. */
static gboolean
check_loadable (VaeModel * model, GError ** error)
{
  VaeTensor list[MAX_TENSORS];
  guint n = list_tensors (&model->net, model->params.channels, list);
  int n_net = vae_net_n_tensors (&model->net);

  for (guint i = 0; i < n; i++) {
    const float *floats = find_floats (model, i, &list[i]);
    gsize n_floats = list[i].rows * MAX (list[i].cols, 1);
    gsize k = find_forbidden ((int) i - n_net, floats, n_floats);
    if (k == n_floats)
      continue;
    g_set_error (error, VAE_ERROR, VAE_ERROR_DIVERGED,
        "not written, as %s has %g as element %" G_GSIZE_FORMAT, list[i].name,
        floats[k], k);
    return FALSE;
  }
  return TRUE;
}

static gboolean
save_bytes (const VaeModel * model, const char *path, GError ** error)
{
  if (!check_loadable ((VaeModel *) model, error))
    return FALSE;
  g_autoptr (GBytes) bytes = vae_model_to_bytes (model);
  if (bytes)
    return vae_file_replace (path, bytes, error);
  g_set_error (error, VAE_ERROR, VAE_ERROR_MEMORY,
      "no memory to put the model together");
  return FALSE;
}

/* Returns FALSE for the caller to return. */
static gboolean
prefix_path (GError ** error, const char *path)
{
  g_autofree char *name = g_filename_display_name (path);

  g_prefix_error (error, "%s: ", name);
  return FALSE;
}

gboolean
vae_model_save (const VaeModel * model, const char *path, GError ** error)
{
  return save_bytes (model, path, error) || prefix_path (error, path);
}

/* --- reading: what model it is -------------------------------------------- */

/* Fails over a key or tensor, whose name is trusted, and the file's value. */
static gboolean
refuse_value (GError ** error, const char *key, const char *value,
    const char *why)
{
  g_autofree char *quoted = vae_safetensors_quote (value);

  g_set_error (error, VAE_ERROR, VAE_ERROR_FORMAT, "%s is %s, %s", key, quoted,
      why);
  return FALSE;
}

static gboolean
refuse_tensor (GError ** error, const char *name, const char *why)
{
  g_autofree char *quoted = vae_safetensors_quote (name);

  g_set_error (error, VAE_ERROR, VAE_ERROR_FORMAT, "tensor %s %s", quoted, why);
  return FALSE;
}

/* Other writers name formats of their own ("pt"), but no version. */
static gboolean
check_version (const VaeSafetensors * file, GError ** error)
{
  const char *format = vae_safetensors_metadata (file, "format");
  const char *text = vae_safetensors_metadata (file, "format-version");
  gboolean ours = g_strcmp0 (format, FORMAT) == 0;
  guint version;

  if (!text && ours) {
    g_set_error (error, VAE_ERROR, VAE_ERROR_FORMAT,
        "has no format-version, though its format is " FORMAT);
    return FALSE;
  }
  if (!text)
    return TRUE;
  if (format && !ours)
    return refuse_value (error, "format", format,
        "which has no format-version, but there is one");
  if (!parse_uint (text, &version) || version == 0)
    return refuse_value (error, "format-version", text, "not a version");
  if (version > FORMAT_VERSION) {
    g_set_error (error, VAE_ERROR, VAE_ERROR_VERSION,
        "is of format version %u, this library reads up to %u: update it",
        version, FORMAT_VERSION);
    return FALSE;
  }
  return TRUE;
}

static const VaeSafetensor *
find_encoder (const VaeSafetensors * file, guint layer)
{
  char name[32];

  g_snprintf (name, sizeof name, "encoder.%u.weight", 2 * layer);
  return vae_safetensors_find (file, name);
}

/* Adds what the weights tell: kind, channels, hidden and latent_dim; window and
 * scaler if nothing else does. Whether all tensors agree is checked later. */
static gboolean
infer_params (const VaeSafetensors * file, VaeParams * params, GError ** error)
{
  const VaeSafetensor *mu = vae_safetensors_find (file, "mu.weight");
  const VaeSafetensor *first = find_encoder (file, 0);

  vae_params_init (params);
  params->kind = mu ? VAE_KIND_VAE : VAE_KIND_AE;
  params->scaler = vae_safetensors_find (file, extra_names[EXTRA_SCALE])
      ? VAE_SCALER_STANDARD : VAE_SCALER_NONE;
  if (!first)
    first = mu;
  if (!first) {
    g_set_error (error, VAE_ERROR, VAE_ERROR_FORMAT,
        "has no tensor \"encoder.0.weight\" or \"mu.weight\": no such network");
    return FALSE;
  }
  if (first->n_dims != 2)
    return refuse_tensor (error, first->name, "is no matrix");
  params->channels = first->shape[1];
  if (mu)
    params->latent_dim = mu->shape[0];

  memset (params->hidden, 0, sizeof params->hidden);
  for (params->n_hidden = 0; params->n_hidden < VAE_MAX_HIDDEN;
      params->n_hidden++) {
    const VaeSafetensor *weight = find_encoder (file, params->n_hidden);
    if (!weight)
      break;
    params->hidden[params->n_hidden] = weight->shape[0];
  }
  return TRUE;
}

static gboolean
parse_fields (const VaeSafetensors * file, const Field * fields,
    gsize n_fields, gpointer base, GError ** error)
{
  for (gsize i = 0; i < n_fields; i++) {
    const char *text = vae_safetensors_metadata (file, fields[i].key);
    if (text && !parse_field (&fields[i], base, text))
      return refuse_value (error, fields[i].key, text,
          "which is no such value");
  }
  return TRUE;
}

/* Whether the fields that are there say what `params` are. */
static gboolean
compare_fields (const VaeSafetensors * file, const VaeParams * declared,
    const VaeParams * params, GError ** error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (param_fields); i++) {
    const Field *field = &param_fields[i];
    g_autofree char *is = format_field (field, declared);
    g_autofree char *should_be = format_field (field, params);

    if (!vae_safetensors_metadata (file, field->key)
        || g_strcmp0 (is, should_be) == 0)
      continue;
    g_autofree char *why =
        g_strdup_printf ("but the tensors' shapes say \"%s\"",
        should_be);
    return refuse_value (error, field->key, is, why);
  }
  return TRUE;
}

/* The declared parameters, where the tensors don't tell, on top of what they do
 * tell. Only the metadata knows how the inputs are made up of rows. */
static gboolean
merge_params (const VaeSafetensors * file, VaeParams * params, GError ** error)
{
  const VaeParams inferred = *params;
  const guint inputs = inferred.channels;
  VaeParams declared = inferred;

  if (!parse_fields (file, param_fields, G_N_ELEMENTS (param_fields),
          &declared, error))
    return FALSE;
  if (declared.window == 0 || inputs % declared.window != 0) {
    g_set_error (error, VAE_ERROR, VAE_ERROR_FORMAT,
        "window is %u, which does not divide the network's %u inputs",
        declared.window, inputs);
    return FALSE;
  }
  if (declared.scaler != VAE_SCALER_NONE && inferred.scaler == VAE_SCALER_NONE) {
    g_set_error (error, VAE_ERROR, VAE_ERROR_FORMAT,
        "scaler is \"%s\", but there is no tensor \"%s\"",
        vae_scaler_name (declared.scaler), extra_names[EXTRA_SCALE]);
    return FALSE;
  }

  *params = declared;
  params->kind = inferred.kind;
  params->channels = inputs / declared.window;
  params->n_hidden = inferred.n_hidden;
  memcpy (params->hidden, inferred.hidden, sizeof params->hidden);
  if (inferred.kind == VAE_KIND_VAE)
    params->latent_dim = inferred.latent_dim;
  return compare_fields (file, &declared, params, error);
}

static gboolean
read_params (const VaeSafetensors * file, VaeParams * params, GError ** error)
{
  g_autoptr (GError) invalid = NULL;

  if (!infer_params (file, params, error)
      || !merge_params (file, params, error))
    return FALSE;
  if (vae_params_validate (params, &invalid))
    return TRUE;
  g_set_error_literal (error, VAE_ERROR, VAE_ERROR_FORMAT, invalid->message);
  return FALSE;
}

/* --- reading: the tensors ------------------------------------------------- */

static char *
format_shape (gsize rows, gsize cols)
{
  return cols > 0 ? g_strdup_printf ("[%" G_GSIZE_FORMAT ",%" G_GSIZE_FORMAT
      "]", rows, cols) : g_strdup_printf ("[%" G_GSIZE_FORMAT "]", rows);
}

static gboolean
check_shape (const VaeSafetensor * tensor, const VaeTensor * expected,
    GError ** error)
{
  gsize rows = tensor->shape[0];
  gsize cols = tensor->n_dims == 2 ? tensor->shape[1] : 0;

  if (rows == expected->rows && cols == expected->cols)
    return TRUE;
  g_autofree char *is = format_shape (rows, cols);
  g_autofree char *should_be = format_shape (expected->rows, expected->cols);
  g_autofree char *why = g_strdup_printf ("has shape %s, it must be %s here",
      is, should_be);
  return refuse_tensor (error, tensor->name, why);
}

/* A network with other parts than ours is another network. */
static gboolean
check_known (const VaeSafetensors * file, const VaeTensor * list, guint n,
    GError ** error)
{
  for (guint k = 0; k < vae_safetensors_n_tensors (file); k++) {
    const char *name = vae_safetensors_nth (file, k)->name;
    guint i = 0;
    while (i < n && !g_str_equal (name, list[i].name))
      i++;
    if (i == n)
      return refuse_tensor (error, name, "is not part of such a network");
  }
  return TRUE;
}

/* Calibration may be missing, it only tells how scores compare; and so may the
 * scaler, but not half of it. */
static gboolean
check_tensors (const VaeSafetensors * file, const VaeParams * params,
    GError ** error)
{
  VaeNet net;
  VaeTensor list[MAX_TENSORS];

  vae_net_init (&net, params);
  const guint n = list_tensors (&net, params->channels, list);
  const guint n_net = vae_net_n_tensors (&net);
  const gboolean has_scaler =
      vae_safetensors_find (file, extra_names[EXTRA_OFFSET])
      || vae_safetensors_find (file, extra_names[EXTRA_SCALE]);

  for (guint i = 0; i < n; i++) {
    const VaeSafetensor *tensor = vae_safetensors_find (file, list[i].name);
    gboolean is_scaler = i == n_net + EXTRA_OFFSET || i == n_net + EXTRA_SCALE;
    if (!tensor && (i < n_net || (is_scaler && has_scaler)))
      return refuse_tensor (error, list[i].name, "is missing");
    if (tensor && !check_shape (tensor, &list[i], error))
      return FALSE;
  }
  return check_known (file, list, n, error);
}

static void
fill_unknown (float *floats, gsize n)
{
  for (gsize k = 0; k < n; k++)
    floats[k] = NAN;
}

static gboolean
fill_tensor (const VaeSafetensor * tensor, int extra, float *floats,
    GError ** error)
{
  gsize n = vae_safetensor_n_floats (tensor);

  vae_safetensor_copy (tensor, floats);
  gsize k = find_forbidden (extra, floats, n);
  if (k == n)
    return TRUE;
  g_autofree char *why = g_strdup_printf ("has %g as element %" G_GSIZE_FORMAT,
      floats[k], k);
  return refuse_tensor (error, tensor->name, why);
}

/* The tensors have been checked. What is missing is unknown; a missing scaler
 * stays the identity. */
static gboolean
fill_model (const VaeSafetensors * file, VaeModel * model, GError ** error)
{
  VaeTensor list[MAX_TENSORS];
  guint n = list_tensors (&model->net, model->params.channels, list);
  int n_net = vae_net_n_tensors (&model->net);

  for (guint i = 0; i < n; i++) {
    const VaeSafetensor *tensor = vae_safetensors_find (file, list[i].name);
    int extra = (int) i - n_net;
    float *floats = find_floats (model, i, &list[i]);
    if (tensor && !fill_tensor (tensor, extra, floats, error))
      return FALSE;
    if (!tensor && (extra == EXTRA_CHANNEL_ERROR || extra == EXTRA_THRESHOLD))
      fill_unknown (floats, list[i].rows);
  }
  return TRUE;
}

static gboolean
check_scaler (const VaeModel * model, GError ** error)
{
  if (model->params.scaler != VAE_SCALER_NONE)
    return TRUE;
  for (guint c = 0; c < model->params.channels; c++)
    if (model->scaler.offset[c] != 0 || model->scaler.scale[c] != 1) {
      g_set_error (error, VAE_ERROR, VAE_ERROR_FORMAT,
          "scaler is \"none\", but its tensors scale channel %u", c);
      return FALSE;
    }
  return TRUE;
}

static VaeModel *
build_model (const VaeSafetensors * file, GError ** error)
{
  VaeParams params;

  if (!check_version (file, error) || !read_params (file, &params, error)
      || !check_tensors (file, &params, error))
    return NULL;

  VaeModel *model = vae_model_new (&params, error);
  if (!model)
    return NULL;
  if (parse_fields (file, summary_fields, G_N_ELEMENTS (summary_fields),
          &model->summary, error)
      && fill_model (file, model, error) && check_scaler (model, error))
    return model;
  vae_model_unref (model);
  return NULL;
}

VaeModel *
vae_model_from_bytes (GBytes * bytes, GError ** error)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  if (size > MAX_FILE_SIZE) {
    g_set_error (error, VAE_ERROR, VAE_ERROR_FORMAT,
        "is no model: it has %" G_GSIZE_FORMAT " bytes, a model has at most %"
        G_GSIZE_FORMAT, size, (gsize) MAX_FILE_SIZE);
    return NULL;
  }
  VaeSafetensors *file = vae_safetensors_read (data, size, error);
  if (!file)
    return NULL;
  VaeModel *model = build_model (file, error);
  vae_safetensors_free (file);
  return model;
}

VaeModel *
vae_model_load (const char *path, GError ** error)
{
  g_autoptr (GBytes) bytes = vae_file_read (path, MAX_FILE_SIZE, error);
  VaeModel *model = bytes ? vae_model_from_bytes (bytes, error) : NULL;

  if (!model)
    prefix_path (error, path);
  return model;
}
