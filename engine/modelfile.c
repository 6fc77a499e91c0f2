/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Models as safetensors; docs/model-file.md tells what is in the file. */

#include "file.h"
#include "modelfields.h"
#include "modeltensors.h"
#include "safetensors.h"

#include <math.h>
#include <string.h>

#define FORMAT "gst-vae"
#define FORMAT_VERSION 1

/* Three detectors of the largest size, and what is known of each channel and of the
 * scores. */
#define MAX_FLOATS (VAE_MAX_DETECTORS * (gsize) VAE_MAX_PARAMETERS \
    + 12 * VAE_MAX_CHANNELS + 1024)
#define MAX_FILE_SIZE (sizeof (guint64) + VAE_SAFETENSORS_MAX_HEADER \
    + sizeof (float) * MAX_FLOATS)

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
add_fields (GStrvBuilder * metadata, const VaeField * fields, gsize n_fields,
    gconstpointer base)
{
  for (gsize i = 0; i < n_fields; i++) {
    g_autofree char *value = vae_field_format (&fields[i], base);
    add_pair (metadata, fields[i].key, value);
  }
}

static GStrv
format_metadata (const VaeModel * model)
{
  g_autoptr (GStrvBuilder) metadata = g_strv_builder_new ();

  add_pair (metadata, "format", FORMAT);
  add_pair (metadata, "format-version", G_STRINGIFY (FORMAT_VERSION));
  add_fields (metadata, vae_param_fields, vae_n_param_fields, &model->params);
  add_fields (metadata, vae_summary_fields, vae_n_summary_fields,
      &model->summary);
  return g_strv_builder_end (metadata);
}

/* The list is not used to change the model. */
static guint
list_model (const VaeModel * model, VaeModelTensor list[VAE_MAX_MODEL_TENSORS])
{
  return vae_model_list_tensors (&model->params, vae_model_sizes (model),
      (VaeModel *) model, list);
}

GBytes *
vae_model_to_bytes (const VaeModel * model)
{
  VaeModelTensor list[VAE_MAX_MODEL_TENSORS];
  VaeSafetensor tensors[VAE_MAX_MODEL_TENSORS];
  guint n = list_model (model, list);

  for (guint i = 0; i < n; i++) {
    tensors[i].name = list[i].name;
    tensors[i].n_dims = list[i].cols > 0 ? 2 : 1;
    tensors[i].shape[0] = list[i].rows;
    tensors[i].shape[1] = list[i].cols;
    tensors[i].data = list[i].floats;
  }
  g_auto (GStrv) metadata = format_metadata (model);
  return vae_safetensors_write ((const char *const *) metadata, tensors, n);
}

static gsize
count_floats (const VaeModelTensor * tensor)
{
  return tensor->rows * MAX (tensor->cols, 1);
}

static gboolean
check_size (const VaeModelTensor * list, guint n, GError ** error)
{
  gsize n_floats = 0;

  for (guint i = 0; i < n; i++)
    n_floats += count_floats (&list[i]);
  if (n_floats <= MAX_FLOATS)
    return TRUE;
  g_set_error (error, VAE_ERROR, VAE_ERROR_PARAMETER,
      "not written, as it has %" G_GSIZE_FORMAT " numbers, a file at most %"
      G_GSIZE_FORMAT ": make window or prototypes smaller", n_floats,
      (gsize) MAX_FLOATS);
  return FALSE;
}

/* A model that could not be loaded must not replace one that can. */
static gboolean
check_loadable (const VaeModel * model, GError ** error)
{
  VaeModelTensor list[VAE_MAX_MODEL_TENSORS];
  guint n = list_model (model, list);

  if (!check_size (list, n, error))
    return FALSE;
  for (guint i = 0; i < n; i++) {
    const float *floats = list[i].floats;
    gsize k = vae_role_find_forbidden (list[i].role, floats,
        count_floats (&list[i]));
    if (k == count_floats (&list[i]))
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
  if (!check_loadable (model, error))
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
  if (!vae_field_parse_uint (text, &version) || version == 0)
    return refuse_value (error, "format-version", text, "not a version");
  if (version > FORMAT_VERSION) {
    g_set_error (error, VAE_ERROR, VAE_ERROR_VERSION,
        "is of format version %u, this library reads up to %u: update it",
        version, FORMAT_VERSION);
    return FALSE;
  }
  return TRUE;
}

/* What the tensors tell about a model. */
typedef struct
{
  VaeParams params;             /* kind, loss, scaler, hidden, latent_dim; channels
                                 * if has_window is not set */
  VaeSizes sizes;
  gsize inputs;                 /* what is seen of the stream: window * channels,
                                 * or channels */
  gboolean has_window;
} Inferred;

static const VaeSafetensor *
find_encoder (const VaeSafetensors * file, guint layer)
{
  char name[32];

  g_snprintf (name, sizeof name, "encoder.%u.weight", 2 * layer);
  return vae_safetensors_find (file, name);
}

/* The kind of model that has these tensors. */
static VaeKind
infer_kind (const VaeSafetensors * file)
{
  if (vae_safetensors_find (file, "mu.weight"))
    return vae_safetensors_find (file, "nearest.prototypes")
        ? VAE_KIND_ENSEMBLE : VAE_KIND_VAE;
  if (find_encoder (file, 0))
    return VAE_KIND_AE;
  if (vae_safetensors_find (file, "pca.encoder.0.weight"))
    return VAE_KIND_PCA;
  return vae_safetensors_find (file, "nearest.prototypes")
      ? VAE_KIND_NEAREST : VAE_KIND_NORM;
}

/* The tensor whose columns are the inputs. */
static const char *
first_tensor (VaeKind kind, gboolean has_encoder)
{
  switch (kind) {
    case VAE_KIND_PCA:
      return "pca.encoder.0.weight";
    case VAE_KIND_NEAREST:
      return "nearest.prototypes";
    case VAE_KIND_NORM:
      return "scaler.offset";
    default:
      return has_encoder ? "encoder.0.weight" : "mu.weight";
  }
}

static gboolean
infer_inputs (const VaeSafetensors * file, Inferred * inferred, GError ** error)
{
  const VaeKind kind = inferred->params.kind;
  const char *name = first_tensor (kind, find_encoder (file, 0) != NULL);
  const VaeSafetensor *first = vae_safetensors_find (file, name);
  const guint n_dims = kind == VAE_KIND_NORM ? 1 : 2;

  if (!first) {
    g_set_error (error, VAE_ERROR, VAE_ERROR_FORMAT,
        "has no tensor \"encoder.0.weight\", \"mu.weight\" or of another "
        "model: no such network");
    return FALSE;
  }
  if (first->n_dims != n_dims)
    return refuse_tensor (error, first->name,
        n_dims == 2 ? "is no matrix" : "is no vector");
  inferred->inputs = first->shape[n_dims - 1];
  inferred->has_window = kind != VAE_KIND_NEAREST && kind != VAE_KIND_NORM;
  return TRUE;
}

static void
infer_hidden (const VaeSafetensors * file, VaeParams * params)
{
  memset (params->hidden, 0, sizeof params->hidden);
  for (params->n_hidden = 0; params->n_hidden < VAE_MAX_HIDDEN;
      params->n_hidden++) {
    const VaeSafetensor *weight = find_encoder (file, params->n_hidden);
    if (!weight)
      break;
    params->hidden[params->n_hidden] = weight->shape[0];
  }
}

/* Adds what the tensors tell: kind, hidden and latent_dim; loss and scaler if
 * nothing else does. Whether all tensors agree is checked later. */
static gboolean
infer_params (const VaeSafetensors * file, Inferred * inferred, GError ** error)
{
  const VaeSafetensor *mu = vae_safetensors_find (file, "mu.weight");
  const VaeSafetensor *components =
      vae_safetensors_find (file, "pca.encoder.0.weight");
  const VaeSafetensor *prototypes =
      vae_safetensors_find (file, "nearest.prototypes");
  VaeParams *params = &inferred->params;

  vae_params_init_seed (params);
  params->kind = infer_kind (file);
  params->scaler = vae_safetensors_find (file, "scaler.scale")
      ? VAE_SCALER_STANDARD : VAE_SCALER_NONE;
  if (!infer_inputs (file, inferred, error))
    return FALSE;

  inferred->sizes.components = components ? components->shape[0] : 0;
  inferred->sizes.prototypes = prototypes ? prototypes->shape[0] : 0;
  infer_hidden (file, params);
  if (mu) {
    params->latent_dim = mu->shape[0];
    /* Only where the head reads the input too, see net.h. */
    if (params->n_hidden > 0 && mu->n_dims == 2
        && mu->shape[1] != params->hidden[params->n_hidden - 1])
      params->loss = VAE_LOSS_GAUSSIAN;
  }
  return TRUE;
}

static gboolean
parse_fields (const VaeSafetensors * file, const VaeField * fields,
    gsize n_fields, gpointer base, GError ** error)
{
  for (gsize i = 0; i < n_fields; i++) {
    const char *text = vae_safetensors_metadata (file, fields[i].key);
    if (text && !vae_field_parse (&fields[i], base, text))
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
  for (gsize i = 0; i < vae_n_param_fields; i++) {
    const VaeField *field = &vae_param_fields[i];
    g_autofree char *is = vae_field_format (field, declared);
    g_autofree char *should_be = vae_field_format (field, params);

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

/* Channels, where only the metadata knows how the inputs are made up of rows. */
static gboolean
find_channels (const Inferred * inferred, const VaeParams * declared,
    guint *channels, GError ** error)
{
  const gsize window = inferred->has_window ? declared->window : 1;

  if (window == 0 || inferred->inputs % window != 0) {
    g_set_error (error, VAE_ERROR, VAE_ERROR_FORMAT,
        "window is %u, which does not divide the network's %" G_GSIZE_FORMAT
        " inputs", declared->window, inferred->inputs);
    return FALSE;
  }
  *channels = inferred->inputs / window;
  return TRUE;
}

/* Takes over the declared parameters where the tensors don't tell. */
static gboolean
merge_params (const VaeSafetensors * file, Inferred * inferred, GError ** error)
{
  VaeParams *params = &inferred->params;
  const VaeParams told = *params;
  VaeParams declared = told;

  if (!parse_fields (file, vae_param_fields, vae_n_param_fields, &declared,
          error))
    return FALSE;
  if (declared.scaler != VAE_SCALER_NONE && told.scaler == VAE_SCALER_NONE) {
    g_set_error (error, VAE_ERROR, VAE_ERROR_FORMAT,
        "scaler is \"%s\", but there is no tensor \"scaler.scale\"",
        vae_scaler_name (declared.scaler));
    return FALSE;
  }

  *params = declared;
  params->kind = told.kind;
  if (!find_channels (inferred, &declared, &params->channels, error))
    return FALSE;
  if (vae_safetensors_find (file, "mu.weight") || find_encoder (file, 0)) {
    params->n_hidden = told.n_hidden;
    memcpy (params->hidden, told.hidden, sizeof params->hidden);
  }
  if (vae_safetensors_find (file, "mu.weight"))
    params->latent_dim = told.latent_dim;
  if (!vae_safetensors_metadata (file, "channels"))
    declared.channels = params->channels;
  return compare_fields (file, &declared, params, error);
}

static gboolean
read_params (const VaeSafetensors * file, Inferred * inferred, GError ** error)
{
  g_autoptr (GError) invalid = NULL;

  if (!infer_params (file, inferred, error)
      || !merge_params (file, inferred, error))
    return FALSE;
  if (inferred->sizes.prototypes > VAE_MAX_PROTOTYPES)
    return refuse_tensor (error, "nearest.prototypes", "has too many rows");
  if (inferred->sizes.components > VAE_MAX_LATENT)
    return refuse_tensor (error, "pca.encoder.0.weight", "has too many rows");
  if (vae_params_validate (&inferred->params, &invalid))
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
check_shape (const VaeSafetensor * tensor, const VaeModelTensor * expected,
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
check_known (const VaeSafetensors * file, const VaeModelTensor * list, guint n,
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
check_tensors (const VaeSafetensors * file, const Inferred * inferred,
    GError ** error)
{
  VaeModelTensor list[VAE_MAX_MODEL_TENSORS];
  const guint n = vae_model_list_tensors (&inferred->params, inferred->sizes,
      NULL, list);
  const gboolean has_scaler = vae_safetensors_find (file, "scaler.offset")
      || vae_safetensors_find (file, "scaler.scale");

  for (guint i = 0; i < n; i++) {
    const VaeSafetensor *tensor = vae_safetensors_find (file, list[i].name);
    const gboolean is_scaler = list[i].role == VAE_ROLE_OFFSET
        || list[i].role == VAE_ROLE_SCALE;
    if (!tensor && (list[i].role == VAE_ROLE_WEIGHT
            || (is_scaler && has_scaler)))
      return refuse_tensor (error, list[i].name, "is missing");
    if (tensor && !check_shape (tensor, &list[i], error))
      return FALSE;
  }
  return check_known (file, list, n, error);
}

static gboolean
fill_tensor (const VaeSafetensor * tensor, const VaeModelTensor * place,
    GError ** error)
{
  gsize n = vae_safetensor_n_floats (tensor);

  vae_safetensor_copy (tensor, place->floats);
  gsize k = vae_role_find_forbidden (place->role, place->floats, n);
  if (k == n)
    return TRUE;
  g_autofree char *why = g_strdup_printf ("has %g as element %" G_GSIZE_FORMAT,
      place->floats[k], k);
  return refuse_tensor (error, tensor->name, why);
}

/* The tensors have been checked. What is missing stays unknown; a missing scaler
 * stays the identity. */
static gboolean
fill_model (const VaeSafetensors * file, VaeModel * model, GError ** error)
{
  VaeModelTensor list[VAE_MAX_MODEL_TENSORS];
  guint n = list_model (model, list);

  for (guint i = 0; i < n; i++) {
    const VaeSafetensor *tensor = vae_safetensors_find (file, list[i].name);
    if (tensor && !fill_tensor (tensor, &list[i], error))
      return FALSE;
  }
  for (guint i = 0; i < model->n_detectors; i++)
    if (!vae_detector_has_network (model->detectors[i].kind))
      vae_nearest_prepare (&model->detectors[i].nearest);
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
  Inferred inferred = { 0 };

  if (!check_version (file, error) || !read_params (file, &inferred, error)
      || !check_tensors (file, &inferred, error))
    return NULL;

  VaeModel *model = vae_model_new (&inferred.params, inferred.sizes, error);
  if (!model)
    return NULL;
  if (parse_fields (file, vae_summary_fields, vae_n_summary_fields,
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
