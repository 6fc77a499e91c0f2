/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "model.h"
#include "rng.h"
#include "safetensors.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

/* --- models --------------------------------------------------------------- */

/* Positive, none like the other. */
static void
fill_random (float *floats, gsize n, guint64 stream)
{
  VaeRng rng = vae_rng (1, stream);

  for (gsize i = 0; i < n; i++)
    floats[i] = 0.01 + vae_rng_uniform (rng, i);
}

static VaeModel *
make_model (const VaeParams * params)
{
  GError *error = NULL;
  VaeModel *model = vae_model_new (params, (VaeSizes) { 0, 0 }, &error);

  g_assert_no_error (error);
  vae_net_randomize (&model->detectors[0].net, model->detectors[0].weights, 7);
  if (params->scaler != VAE_SCALER_NONE) {
    fill_random (model->scaler.offset, params->channels, 1);
    fill_random (model->scaler.scale, params->channels, 2);
  }
  fill_random (model->detectors[0].usual.error, params->channels, 3);
  fill_random (model->threshold, VAE_N_SCORES, 4);
  model->summary.rows = G_GUINT64_CONSTANT (12345678901);
  model->summary.epochs_run = 50;
  model->summary.best_epoch = 49;
  model->summary.loss = 1.0 / 3.0;
  model->summary.reconstruction = 5e-324;
  model->summary.kl = 0;
  model->summary.validation_loss = -1.7976931348623157e308;
  model->summary.active_latents = 2;
  return model;
}

static VaeParams
small_params (void)
{
  VaeParams params;

  vae_params_init_seed (&params);
  params.channels = 2;
  params.n_hidden = 1;
  params.hidden[0] = 3;
  params.hidden[1] = 0;
  params.latent_dim = 1;
  params.beta = 0.1;
  params.seed = G_MAXUINT64;
  return params;
}

static VaeModel *
small_model (void)
{
  VaeParams params = small_params ();

  return make_model (&params);
}

static void
assert_same_floats (const float *a, const float *b, gsize n)
{
  g_assert_cmpmem (a, n * sizeof (float), b, n * sizeof (float));
}

static void
assert_same_real (double a, double b)
{
  g_assert_cmpmem (&a, sizeof a, &b, sizeof b);
}

static void
assert_same_params (const VaeParams * a, const VaeParams * b)
{
  g_assert_cmpint (a->kind, ==, b->kind);
  g_assert_cmpint (a->activation, ==, b->activation);
  g_assert_cmpint (a->loss, ==, b->loss);
  g_assert_cmpint (a->scaler, ==, b->scaler);
  g_assert_cmpuint (a->channels, ==, b->channels);
  g_assert_cmpuint (a->window, ==, b->window);
  g_assert_cmpuint (a->n_hidden, ==, b->n_hidden);
  for (guint i = 0; i < a->n_hidden; i++)
    g_assert_cmpuint (a->hidden[i], ==, b->hidden[i]);
  g_assert_cmpuint (a->latent_dim, ==, b->latent_dim);
  assert_same_real (a->beta, b->beta);
  assert_same_real (a->learning_rate, b->learning_rate);
  g_assert_cmpuint (a->batch_size, ==, b->batch_size);
  g_assert_cmpuint (a->epochs, ==, b->epochs);
  g_assert_cmpuint (a->seed, ==, b->seed);
  assert_same_real (a->validation, b->validation);
  g_assert_cmpuint (a->patience, ==, b->patience);
  g_assert_cmpint (a->skip_labelled, ==, b->skip_labelled);
}

static void
assert_same_summary (const VaeSummary * a, const VaeSummary * b)
{
  g_assert_cmpuint (a->rows, ==, b->rows);
  g_assert_cmpuint (a->epochs_run, ==, b->epochs_run);
  g_assert_cmpuint (a->best_epoch, ==, b->best_epoch);
  assert_same_real (a->loss, b->loss);
  assert_same_real (a->reconstruction, b->reconstruction);
  assert_same_real (a->kl, b->kl);
  assert_same_real (a->validation_loss, b->validation_loss);
  g_assert_cmpuint (a->active_latents, ==, b->active_latents);
}

static void
assert_same_model (const VaeModel * a, const VaeModel * b)
{
  assert_same_params (&a->params, &b->params);
  assert_same_summary (&a->summary, &b->summary);
  g_assert_cmpuint (a->detectors[0].net.n_params, ==, b->detectors[0].net.n_params);
  assert_same_floats (a->detectors[0].weights, b->detectors[0].weights, a->detectors[0].net.n_params);
  assert_same_floats (a->scaler.offset, b->scaler.offset, a->params.channels);
  assert_same_floats (a->scaler.scale, b->scaler.scale, a->params.channels);
  assert_same_floats (a->detectors[0].usual.error, b->detectors[0].usual.error, a->params.channels);
  assert_same_floats (a->threshold, b->threshold, VAE_N_SCORES);
}

static void
assert_usable (const VaeModel * model)
{
  g_assert_true (vae_params_validate (&model->params, NULL));
  for (gsize i = 0; i < model->detectors[0].net.n_params; i++)
    g_assert_true (isfinite (model->detectors[0].weights[i]));
  for (guint c = 0; c < model->params.channels; c++) {
    g_assert_true (isfinite (model->scaler.offset[c]));
    g_assert_true (isfinite (model->scaler.scale[c]));
    g_assert_cmpfloat (model->scaler.scale[c], >, 0);
  }
}

/* --- files ---------------------------------------------------------------- */

static GBytes *
put_together (const char *header, gsize header_length, const guint8 *data,
    gsize data_length)
{
  GByteArray *file = g_byte_array_new ();
  guint64 length = GUINT64_TO_LE ((guint64) header_length);

  g_byte_array_append (file, (const guint8 *) &length, sizeof length);
  g_byte_array_append (file, (const guint8 *) header, header_length);
  g_byte_array_append (file, data, data_length);
  return g_byte_array_free_to_bytes (file);
}

static gsize
header_length (GBytes * file)
{
  guint64 length;

  memcpy (&length, g_bytes_get_data (file, NULL), sizeof length);
  return GUINT64_FROM_LE (length);
}

static char *
header_of (GBytes * file)
{
  const char *bytes = g_bytes_get_data (file, NULL);

  return g_strndup (bytes + 8, header_length (file));
}

static const guint8 *
data_of (GBytes * file, gsize *size)
{
  gsize file_size;
  const guint8 *bytes = g_bytes_get_data (file, &file_size);
  gsize start = 8 + header_length (file);

  *size = file_size - start;
  return bytes + start;
}

static GBytes *
with_header (GBytes * file, const char *header)
{
  gsize size;
  const guint8 *data = data_of (file, &size);

  return put_together (header, strlen (header), data, size);
}

/* The file with the first occurrence of a text in its header replaced. */
static GBytes *
with_replaced (GBytes * file, const char *from, const char *to)
{
  g_autofree char *header = header_of (file);
  const char *place = strstr (header, from);

  g_assert_nonnull (place);
  g_autofree char *edited = g_strdup_printf ("%.*s%s%s",
      (int) (place - header), header, to, place + strlen (from));
  return with_header (file, edited);
}

static GBytes *
without_metadata (GBytes * file)
{
  g_autofree char *header = header_of (file);
  const char *end = strchr (header, '}');
  g_autofree char *edited = g_strconcat ("{", end + 2, NULL);

  return with_header (file, edited);
}

static VaeModel *
load_bytes (GBytes * file)
{
  GError *error = NULL;
  VaeModel *model = vae_model_from_bytes (file, &error);

  g_assert_no_error (error);
  g_assert_nonnull (model);
  assert_usable (model);
  return model;
}

static void
assert_refused (GBytes * file, int code, const char *message)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (vae_model_from_bytes (file, &error));
  g_assert_error (error, VAE_ERROR, code);
  if (!strstr (error->message, message))
    g_test_fail_printf ("expected \"%s\" in: %s", message, error->message);
  g_assert_null (vae_model_from_bytes (file, NULL));
}

/* --- writing -------------------------------------------------------------- */

static void
assert_round_trip (const VaeParams * params)
{
  g_autofree char *folder = g_dir_make_tmp ("vae-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "m.bin", NULL);
  GError *error = NULL;
  VaeModel *model = make_model (params);

  vae_model_save (model, path, &error);
  g_assert_no_error (error);
  VaeModel *loaded = vae_model_load (path, &error);
  g_assert_no_error (error);
  assert_same_model (model, loaded);

  g_autoptr (GBytes) saved = vae_model_to_bytes (model);
  g_autoptr (GBytes) again = vae_model_to_bytes (loaded);
  g_assert_true (g_bytes_equal (saved, again));
  g_assert_cmpuint (header_length (saved) % 8, ==, 0);
  g_autofree char *contents = NULL;
  gsize size;
  g_assert_true (g_file_get_contents (path, &contents, &size, NULL));
  g_assert_cmpmem (contents, size, g_bytes_get_data (saved, NULL),
      g_bytes_get_size (saved));

  vae_model_unref (loaded);
  vae_model_unref (model);
  g_unlink (path);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
test_round_trip_vae (void)
{
  VaeParams params = small_params ();

  assert_round_trip (&params);
  vae_params_init_seed (&params);
  params.channels = 5;
  assert_round_trip (&params);
  params.channels = 1;
  assert_round_trip (&params);
  params.window = 3;
  params.channels = 7;
  assert_round_trip (&params);
  params.n_hidden = 0;
  assert_round_trip (&params);
  params.n_hidden = VAE_MAX_HIDDEN;
  for (guint i = 0; i < VAE_MAX_HIDDEN; i++)
    params.hidden[i] = 3 + i;
  assert_round_trip (&params);
}

static void
test_round_trip_ae (void)
{
  VaeParams params = small_params ();

  params.kind = VAE_KIND_AE;
  params.latent_dim = 4000;
  assert_round_trip (&params);
  params.n_hidden = 3;
  params.hidden[1] = 17;
  params.hidden[2] = 2;
  params.window = 2;
  assert_round_trip (&params);
}

static void
test_round_trip_every_field (void)
{
  VaeParams params = small_params ();

  for (guint i = VAE_SCALER_NONE; i <= VAE_SCALER_ROBUST; i++) {
    params.scaler = i;
    assert_round_trip (&params);
  }
  for (guint i = VAE_ACTIVATION_RELU; i <= VAE_ACTIVATION_IDENTITY; i++) {
    params.activation = i;
    assert_round_trip (&params);
  }
  params.beta = 0;
  params.learning_rate = 5e-324;
  params.batch_size = 1;
  params.epochs = G_MAXUINT;
  params.validation = 0.9;
  params.patience = G_MAXUINT;
  params.skip_labelled = TRUE;
  assert_round_trip (&params);
}

static void
test_unknown_summary_stays_unknown (void)
{
  VaeParams params = small_params ();
  GError *error = NULL;
  VaeModel *model = vae_model_new (&params, (VaeSizes) { 0, 0 }, &error);
  g_assert_no_error (error);

  g_autoptr (GBytes) file = vae_model_to_bytes (model);
  g_autofree char *header = header_of (file);
  g_assert_null (strstr (header, "training-loss"));
  g_assert_null (strstr (header, "validation-loss"));
  VaeModel *loaded = load_bytes (file);
  g_assert_true (isnan (loaded->summary.loss));
  g_assert_true (isnan (loaded->summary.reconstruction));
  g_assert_true (isnan (loaded->summary.kl));
  g_assert_true (isnan (loaded->summary.validation_loss));
  vae_model_unref (loaded);
  vae_model_unref (model);
}

#define SMALL_METADATA \
    "\"__metadata__\":{\"format\":\"gst-vae\",\"format-version\":\"1\"," \
    "\"kind\":\"vae\",\"activation\":\"relu\",\"loss\":\"seed\"," \
    "\"scaler\":\"standard\",\"channels\":\"2\",\"window\":\"1\"," \
    "\"hidden\":\"3\",\"latent-dim\":\"1\",\"beta\":\"0.10000000000000001\"," \
    "\"learning-rate\":\"0.001\",\"batch-size\":\"64\",\"epochs\":\"50\"," \
    "\"seed\":\"18446744073709551615\"," \
    "\"validation\":\"0.20000000000000001\",\"patience\":\"0\"," \
    "\"skip-labelled\":\"false\",\"rows\":\"12345678901\"," \
    "\"epochs-run\":\"50\",\"best-epoch\":\"49\"," \
    "\"training-loss\":\"0.33333333333333331\"," \
    "\"training-reconstruction\":\"4.9406564584124654e-324\"," \
    "\"training-kl\":\"0\"," \
    "\"validation-loss\":\"-1.7976931348623157e+308\"," \
    "\"active-latents\":\"2\"}"

#define ENTRY(name, shape, from, to) \
    "\"" name "\":{\"dtype\":\"F32\",\"shape\":[" shape \
    "],\"data_offsets\":[" #from "," #to "]}"

#define TWO_ENTRIES(bias_shape, from, mid, weight_shape, to) \
    ENTRY ("decoder.0.bias", bias_shape, from, mid) "," \
    ENTRY ("decoder.2.weight", weight_shape, mid, to)

#define SMALL_BUT_LAST \
    ENTRY ("encoder.0.weight", "3,2", 0, 24) "," \
    ENTRY ("encoder.0.bias", "3", 24, 36) "," \
    ENTRY ("mu.weight", "1,3", 36, 48) "," \
    ENTRY ("mu.bias", "1", 48, 52) "," \
    ENTRY ("logvar.weight", "1,3", 52, 64) "," \
    ENTRY ("logvar.bias", "1", 64, 68) "," \
    ENTRY ("decoder.0.weight", "3,1", 68, 80) "," \
    ENTRY ("decoder.0.bias", "3", 80, 92) "," \
    ENTRY ("decoder.2.weight", "2,3", 92, 116) "," \
    ENTRY ("decoder.2.bias", "2", 116, 124) "," \
    ENTRY ("scaler.offset", "2", 124, 132) "," \
    ENTRY ("scaler.scale", "2", 132, 140) "," \
    ENTRY ("calibration.channel_error", "2", 140, 148)

#define SMALL_LAST ENTRY ("threshold", "3", 148, 160)

#define SMALL_TENSORS SMALL_BUT_LAST "," SMALL_LAST

/* The file as docs/model-file.md has it, byte by byte. */
static void
test_layout (void)
{
  VaeModel *model = small_model ();
  g_autoptr (GBytes) file = vae_model_to_bytes (model);
  g_autofree char *header = header_of (file);
  const float *where[] = {
    model->scaler.offset, model->scaler.scale, model->detectors[0].usual.error,
    model->threshold
  };
  gsize size, place = 0;
  const guint8 *data = data_of (file, &size);

  g_strchomp (header);
  g_assert_cmpstr (header, ==, "{" SMALL_METADATA "," SMALL_TENSORS "}");

  g_assert_cmpuint (size, ==, 160);
  for (guint i = 0; i < vae_net_n_tensors (&model->detectors[0].net); i++) {
    VaeTensor tensor;
    vae_net_tensor (&model->detectors[0].net, i, &tensor);
    gsize n = tensor.rows * MAX (tensor.cols, 1);
    g_assert_cmpmem (data + place, n * 4, model->detectors[0].weights + tensor.offset,
        n * 4);
    place += n * 4;
  }
  for (guint i = 0; i < G_N_ELEMENTS (where); i++) {
    gsize n = i < 3 ? 2 : 3;
    g_assert_cmpmem (data + place, n * 4, where[i], n * 4);
    place += n * 4;
  }
  vae_model_unref (model);
}

/* --- other people's files ------------------------------------------------- */

static void
test_without_metadata (void)
{
  VaeModel *model = small_model ();
  g_autoptr (GBytes) file = vae_model_to_bytes (model);
  g_autoptr (GBytes) bare = without_metadata (file);
  VaeModel *loaded = load_bytes (bare);
  VaeParams expected;

  vae_params_init_seed (&expected);
  expected.channels = 2;
  expected.n_hidden = 1;
  expected.hidden[0] = 3;
  expected.latent_dim = 1;
  assert_same_params (&loaded->params, &expected);
  g_assert_cmpuint (loaded->summary.rows, ==, 0);
  g_assert_true (isnan (loaded->summary.loss));
  assert_same_floats (loaded->detectors[0].weights, model->detectors[0].weights, model->detectors[0].net.n_params);
  assert_same_floats (loaded->scaler.scale, model->scaler.scale, 2);
  assert_same_floats (loaded->threshold, model->threshold, 3);
  vae_model_unref (loaded);
  vae_model_unref (model);
}

/* The tensors of a file, without the last few, the last one first, in the header
 * and in the data; without metadata, with a header of odd length. */
static GBytes *
reversed (GBytes * file, guint n_left_out)
{
  gsize size;
  const guint8 *bytes = g_bytes_get_data (file, &size);
  VaeSafetensors *container = vae_safetensors_read (bytes, size, NULL);
  g_autoptr (GString) header = g_string_new ("{");
  g_autoptr (GByteArray) data = g_byte_array_new ();

  for (guint i = vae_safetensors_n_tensors (container) - n_left_out; i-- > 0;) {
    const VaeSafetensor *tensor = vae_safetensors_nth (container, i);
    gsize n = vae_safetensor_n_floats (tensor) * 4;
    g_string_append_printf (header, "%s\n \"%s\" : { \"shape\": [%u",
        data->len > 0 ? "," : "", tensor->name, (guint) tensor->shape[0]);
    if (tensor->n_dims == 2)
      g_string_append_printf (header, ", %u", (guint) tensor->shape[1]);
    g_string_append_printf (header,
        "], \"data_offsets\": [%u, %u], \"dtype\": \"F32\" }", data->len,
        (guint) (data->len + n));
    g_byte_array_append (data, tensor->data, n);
  }
  g_string_append (header, "\n}\r\n\t");
  if (header->len % 2 == 0)
    g_string_append_c (header, ' ');
  vae_safetensors_free (container);
  return put_together (header->str, header->len, data->data, data->len);
}

static void
test_any_order (void)
{
  VaeModel *model = small_model ();
  g_autoptr (GBytes) file = vae_model_to_bytes (model);
  g_autoptr (GBytes) other = reversed (file, 0);
  VaeModel *loaded = load_bytes (other);

  assert_same_floats (loaded->detectors[0].weights, model->detectors[0].weights, model->detectors[0].net.n_params);
  assert_same_floats (loaded->scaler.offset, model->scaler.offset, 2);
  assert_same_floats (loaded->scaler.scale, model->scaler.scale, 2);
  assert_same_floats (loaded->detectors[0].usual.error, model->detectors[0].usual.error, 2);
  assert_same_floats (loaded->threshold, model->threshold, 3);
  vae_model_unref (loaded);
  vae_model_unref (model);
}

/* In the header one entry has changed places with all others, in the data it has
 * not. */
static void
test_header_in_another_order_than_data (void)
{
  VaeModel *model = small_model ();
  g_autoptr (GBytes) file = vae_model_to_bytes (model);
  g_autoptr (GBytes) other =
      with_header (file, "{" SMALL_LAST "," SMALL_BUT_LAST "}");
  VaeModel *loaded = load_bytes (other);

  assert_same_floats (loaded->detectors[0].weights, model->detectors[0].weights, model->detectors[0].net.n_params);
  assert_same_floats (loaded->threshold, model->threshold, 3);
  vae_model_unref (loaded);
  vae_model_unref (model);
}

static void
test_weights_alone (void)
{
  VaeModel *model = small_model ();
  g_autoptr (GBytes) file = vae_model_to_bytes (model);
  g_autoptr (GBytes) other = reversed (file, 4);
  VaeModel *loaded = load_bytes (other);

  g_assert_cmpint (loaded->params.scaler, ==, VAE_SCALER_NONE);
  assert_same_floats (loaded->detectors[0].weights, model->detectors[0].weights, model->detectors[0].net.n_params);
  for (guint c = 0; c < 2; c++) {
    g_assert_cmpfloat (loaded->scaler.offset[c], ==, 0);
    g_assert_cmpfloat (loaded->scaler.scale[c], ==, 1);
    g_assert_true (isnan (loaded->detectors[0].usual.error[c]));
  }
  for (guint i = 0; i < VAE_N_SCORES; i++)
    g_assert_true (isnan (loaded->threshold[i]));

  g_autoptr (GBytes) saved = vae_model_to_bytes (loaded);
  VaeModel *again = load_bytes (saved);
  assert_same_model (loaded, again);
  vae_model_unref (again);
  vae_model_unref (loaded);
  vae_model_unref (model);
}

static void
test_weights_alone_of_an_ae (void)
{
  VaeParams params = small_params ();
  params.kind = VAE_KIND_AE;
  params.n_hidden = 2;
  params.hidden[1] = 1;
  VaeModel *model = make_model (&params);
  g_autoptr (GBytes) file = vae_model_to_bytes (model);
  g_autoptr (GBytes) other = reversed (file, 4);
  VaeModel *loaded = load_bytes (other);

  g_assert_cmpint (loaded->params.kind, ==, VAE_KIND_AE);
  g_assert_cmpuint (loaded->params.n_hidden, ==, 2);
  g_assert_cmpuint (loaded->params.hidden[0], ==, 3);
  g_assert_cmpuint (loaded->params.hidden[1], ==, 1);
  assert_same_floats (loaded->detectors[0].weights, model->detectors[0].weights, model->detectors[0].net.n_params);
  vae_model_unref (loaded);
  vae_model_unref (model);
}

static void
test_other_metadata_is_ignored (void)
{
  VaeModel *model = small_model ();
  g_autoptr (GBytes) file = vae_model_to_bytes (model);
  g_autoptr (GBytes) bare = without_metadata (file);
  const char *others[] = {
    "{\"__metadata__\":{},",
    "{\"__metadata__\":{\"format\":\"pt\"},",
    "{\"__metadata__\":{\"author\":\"\\u00e9\\ud83d\\ude00\\n\\\"[{\"},",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (others); i++) {
    g_autoptr (GBytes) other = with_replaced (bare, "{", others[i]);
    vae_model_unref (load_bytes (other));
  }
  vae_model_unref (model);
}

/* What the tensors cannot tell, somebody who writes them can. */
static void
test_partial_metadata (void)
{
  VaeParams params = small_params ();
  params.window = 3;
  VaeModel *model = make_model (&params);
  g_autoptr (GBytes) file = vae_model_to_bytes (model);
  g_autoptr (GBytes) bare = reversed (file, 4);
  g_autoptr (GBytes) other = with_replaced (bare, "{",
      "{\"__metadata__\":{\"activation\":\"tanh\",\"window\":\"3\"},");
  VaeModel *loaded = load_bytes (other);

  g_assert_cmpint (loaded->params.activation, ==, VAE_ACTIVATION_TANH);
  g_assert_cmpuint (loaded->params.window, ==, 3);
  g_assert_cmpuint (loaded->params.channels, ==, 2);
  vae_model_unref (loaded);
  vae_model_unref (model);
}

/* --- refusals ------------------------------------------------------------- */

static void
test_refused_headers (void)
{
  const struct
  {
    const char *from;
    const char *to;
    const char *message;
  } cases[] = {
    /* JSON */
    {"{\"__", "[{\"__", "expected {"},
    {"{\"__", "/**/{\"__", "expected {"},
    {"}}", "}", "expected"},
    {"}}", "}},", "expected its end"},
    {"}}", "}}{}", "expected its end"},
    {"}}", "},}", "expected \""},
    {"\"F32\"", "F32", "expected \""},
    {"\"F32\"", "null", "expected \""},
    {"\"F32\"", "\"F32", "expected"},
    {"\"dtype\":", "\"dtype\"", "expected :"},
    {"\"F32\"", "\"F32\n\"", "control character"},
    {"\"F32\"", "\"F\\x32\"", "unknown escape"},
    {"\"F32\"", "\"F\\u003\"", "hexadecimal"},
    {"\"F32\"", "\"F32\\u0000\"", "not a character"},
    {"\"F32\"", "\"\\ud800\\u0041\"", "surrogate"},
    {"\"F32\"", "\"\\ud800\"", "surrogate"},
    {"\"F32\"", "\"\\udc00\"", "not a character"},
    {"\"F32\"", "\"\xff\"", "not UTF-8"},
    {"\"F32\"", "\"\xed\xa0\x80\"", "not UTF-8"},
    /* tensors */
    {"\"F32\"", "\"F16\"", "F32"},
    {"\"F32\"", "\"f32\"", "F32"},
    {"\"dtype\":\"F32\",", "", "lacks"},
    {"\"shape\":[3,2],", "", "lacks"},
    {",\"data_offsets\":[0,24]", "", "lacks"},
    {",\"data_offsets\":[0,24]", ",\"data_offsets\":[]", "lacks"},
    {",\"data_offsets\":[0,24]", ",\"data_offsets\":[0]", "lacks"},
    {"\"dtype\"", "\"dtype\":\"F32\",\"dtype\"", "twice"},
    {"\"dtype\"", "\"stride\":\"F32\",\"dtype\"", "should not be there"},
    {"[3,2]", "[2,3]", "channels is \"2\""},
    {"[3,2]", "[2,2]", "another size"},
    {"[3,2]", "[6]", "matrix"},
    {"[3,2]", "[]", "scalar"},
    {"[3,2]", "[3,2,1]", "more numbers"},
    {"[3,2]", "[3,0]", "another size"},
    {"[3,2]", "[3,3]", "another size"},
    {"[3,2]", "[-3,2]", "whole number"},
    {"[3,2]", "[03,2]", "whole number"},
    {"[3,2]", "[0x3,2]", "expected"},
    {"[3,2]", "[3.0,2]", "expected"},
    {"[3,2]", "[1e308,2]", "expected"},
    {"[3,2]", "[\"3\",2]", "whole number"},
    {"[3,2]", "[[3,2]]", "whole number"},
    {"[3,2]", "[18446744073709551617,2]", "too large"},
    {"[3,2]", "[9999999999999999999999,2]", "too large"},
    {"[3,2]", "[18446744073709551615,18446744073709551615]", "another size"},
    {"[3,2]", "[9223372036854775811,2]", "another size"},
    {"[0,24]", "[24,0]", "before it begins"},
    {"[0,24]", "[0,24,36]", "more numbers"},
    {"[0,24]", "[0,23]", "another size"},
    {"[0,24]", "[0,27]", "another size"},
    {"[3],", "[1,3],", "\"encoder.0.bias\" has shape [1,3], it must be [3]"},
    {"[3,1]", "[1,3]", "\"decoder.0.weight\" has shape [1,3]"},
    {"[92,116]", "[92,100]", "another size"},
    {TWO_ENTRIES ("3", 80, 92, "2,3", 116), TWO_ENTRIES ("6", 80, 104, "1,3",
            116), "\"decoder.0.bias\" has shape [6], it must be [3]"},
    {TWO_ENTRIES ("3", 80, 92, "2,3", 116), TWO_ENTRIES ("3,2", 80, 104, "1,3",
            116), "\"decoder.0.bias\" has shape [3,2], it must be [3]"},
    {"[0,24]", "[-1,23]", "whole number"},
    {"[0,24]", "[4,28]", "hole"},
    {"[24,36]", "[20,32]", "overlaps"},
    {"[24,36]", "[0,12]", "overlaps"},
    {"[148,160]", "[148,164]", "truncated"},
    {"[148,160]", "[18446744073709551604,18446744073709551615]", "truncated"},
    {"threshold", "scaler.scale", "twice"},
    {"threshold", "Threshold", "not part of such a network"},
    {"decoder.2.bias", "decoder.4.bias", "\"decoder.2.bias\" is missing"},
    {"mu.bias", "mu.\\u0062ias2", "\"mu.bias\" is missing"},
    {"scaler.offset", "scaler.Offset", "\"scaler.offset\" is missing"},
    {"scaler.scale", "scaler.Scale", "scaler"},
    {"encoder.0.weight", "encoder.1.weight", "channels is \"2\""},
    /* metadata */
    {"\"__metadata__\":{", "\"__metadata__\":{},\"__metadata__\":{", "twice"},
    {"\"kind\":", "\"kind\":\"vae\",\"kind\":", "twice"},
    {"\"kind\":\"vae\"", "\"kind\":1", "expected \""},
    {"\"kind\":\"vae\"", "\"kind\":{}", "expected \""},
    {"\"1\",", "\"0\",", "format-version"},
    {"\"1\",", "\"1.0\",", "format-version"},
    {"\"1\",", "\"-2\",", "format-version"},
    {"\"1\",", "\"99999999999999999999\",", "format-version"},
    {"\"format-version\":\"1\",", "", "format-version"},
    {"\"gst-vae\"", "\"pt\"", "format is \"pt\""},
    {"\"kind\":\"vae\"", "\"kind\":\"VAE\"", "kind is \"VAE\""},
    {"\"kind\":\"vae\"", "\"kind\":\"ae\"", "kind is \"ae\""},
    {"\"relu\"", "\"gelu\"", "activation is \"gelu\""},
    {"\"seed\",", "\"\",", "loss is \"\""},
    {"\"standard\"", "\"minmax\"", "scaler is \"minmax\""},
    {"\"standard\"", "\"none\"", "scaler is \"none\""},
    {"\"channels\":\"2\"", "\"channels\":\"3\"", "channels is \"3\""},
    {"\"channels\":\"2\"", "\"channels\":\" 2\"", "channels is \" 2\""},
    {"\"channels\":\"2\"", "\"channels\":\"0x2\"", "channels is \"0x2\""},
    {"\"window\":\"1\"", "\"window\":\"2\"", "channels is \"2\""},
    {"\"window\":\"1\"", "\"window\":\"3\"", "window is 3"},
    {"\"window\":\"1\"", "\"window\":\"0\"", "window is 0"},
    {"\"window\":\"1\"", "\"window\":\"4294967297\"", "window"},
    {"\"hidden\":\"3\"", "\"hidden\":\"\"", "hidden is \"\""},
    {"\"hidden\":\"3\"", "\"hidden\":\"3,3\"", "hidden is \"3,3\""},
    {"\"hidden\":\"3\"", "\"hidden\":\"3,\"", "hidden is \"3,\""},
    {"\"hidden\":\"3\"", "\"hidden\":\"1,1,1,1,1,1,1,1,1\"",
        "which is no such value"},
    {"\"latent-dim\":\"1\"", "\"latent-dim\":\"2\"", "latent-dim is \"2\""},
    {"\"beta\":\"0.1", "\"beta\":\"-0.1", "beta"},
    {"\"beta\":\"0.1", "\"beta\":\"nan", "beta is \"nan"},
    {"\"beta\":\"0.1", "\"beta\":\"1e999\",\"x\":\"", "beta is \"1e999\""},
    {"\"beta\":\"0.1", "\"beta\":\"\",\"x\":\"", "beta is \"\""},
    {"\"beta\":\"0.1", "\"beta\":\"0x1", "beta is \"0x1"},
    {"\"beta\":\"0.1", "\"beta\":\"1e\",\"x\":\"", "beta is \"1e\""},
    {"\"0.001\"", "\"0\"", "learning-rate"},
    {"\"batch-size\":\"64\"", "\"batch-size\":\"0\"", "batch-size"},
    {"\"epochs\":\"50\"", "\"epochs\":\"+50\"", "epochs is \"+50\""},
    {"\"18446744073709551615\"", "\"18446744073709551616\"", "seed is"},
    {"\"validation\":\"0.2", "\"validation\":\"1.2", "validation"},
    {"\"false\"", "\"0\"", "skip-labelled is \"0\""},
    {"\"rows\":\"", "\"rows\":\"-", "rows is \"-"},
    {"\"training-kl\":\"0\"", "\"training-kl\":\"inf\"", "training-kl"},
  };
  VaeModel *model = small_model ();
  g_autoptr (GBytes) file = vae_model_to_bytes (model);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *to = vae_safetensors_quote (cases[i].to);
    g_test_message ("%s", to);
    g_autoptr (GBytes) broken = with_replaced (file, cases[i].from,
        cases[i].to);
    assert_refused (broken, VAE_ERROR_FORMAT, cases[i].message);
  }
  vae_model_unref (model);
}

static void
test_refused_version (void)
{
  VaeModel *model = small_model ();
  g_autoptr (GBytes) file = vae_model_to_bytes (model);
  g_autoptr (GBytes) later = with_replaced (file, "\"1\"", "\"2\"");
  g_autoptr (GBytes) latest = with_replaced (file, "\"1\"", "\"4294967295\"");

  assert_refused (later, VAE_ERROR_VERSION, "version 2");
  assert_refused (latest, VAE_ERROR_VERSION, "version 4294967295");
  vae_model_unref (model);
}

static void
test_refused_nesting (void)
{
  VaeModel *model = small_model ();
  g_autoptr (GBytes) file = vae_model_to_bytes (model);
  const char brackets[] = { '[', '{' };

  for (gsize i = 0; i < G_N_ELEMENTS (brackets); i++) {
    g_autofree char *deep = g_strnfill (VAE_SAFETENSORS_MAX_HEADER - 9000,
        brackets[i]);
    g_autofree char *to = g_strconcat ("\"shape\":", deep, NULL);
    g_autoptr (GBytes) inside = with_replaced (file, "\"shape\":", to);
    g_autoptr (GBytes) alone = with_header (file, deep);
    assert_refused (inside, VAE_ERROR_FORMAT, "expected");
    assert_refused (alone, VAE_ERROR_FORMAT, "expected");
  }
  vae_model_unref (model);
}

static void
test_refused_header_lengths (void)
{
  VaeModel *model = small_model ();
  g_autoptr (GBytes) file = vae_model_to_bytes (model);
  const guint64 lengths[] = {
    0, 1, 2, G_MAXUINT64, G_MAXINT64, G_MAXUINT64 - 7, 0x100000000,
    g_bytes_get_size (file), g_bytes_get_size (file) - 7
  };
  gsize size;
  g_autofree guint8 *bytes = g_bytes_unref_to_data (g_bytes_ref (file), &size);

  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++) {
    guint64 length = GUINT64_TO_LE (lengths[i]);
    memcpy (bytes, &length, sizeof length);
    g_autoptr (GBytes) broken = g_bytes_new (bytes, size);
    assert_refused (broken, VAE_ERROR_FORMAT, "");
  }

  g_autofree char *blanks = g_strnfill (VAE_SAFETENSORS_MAX_HEADER, ' ');
  g_autofree char *header = header_of (file);
  g_autofree char *long_header = g_strconcat (header, blanks, NULL);
  g_autoptr (GBytes) padded = with_header (file, long_header);
  assert_refused (padded, VAE_ERROR_FORMAT, "header of");
  vae_model_unref (model);
}

/* A message is for a terminal: no escape sequences, no megabytes. */
static void
test_messages_are_harmless (void)
{
  VaeModel *model = small_model ();
  g_autoptr (GBytes) file = vae_model_to_bytes (model);
  g_autofree char *filler = g_strnfill (100000, 'x');
  g_autofree char *name = g_strconcat ("\\u001b[2J\\n", filler, NULL);
  const char *places[] = { "threshold", "relu", "F32", "gst-vae", "dtype" };

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++) {
    g_autoptr (GBytes) broken = with_replaced (file, places[i], name);
    g_autoptr (GError) error = NULL;
    g_assert_null (vae_model_from_bytes (broken, &error));
    g_assert_cmpuint (strlen (error->message), <, 300);
    for (const char *c = error->message; *c; c++)
      g_assert_true (g_ascii_isprint (*c));
  }
  vae_model_unref (model);
}

static void
test_refused_floats (void)
{
  const struct
  {
    gsize offset;
    float value;
    const char *message;        /* NULL = fine */
  } cases[] = {
    {0, NAN, "encoder.0.weight"},
    {20, INFINITY, "encoder.0.weight"},
    {48, -INFINITY, "mu.bias"},
    {120, NAN, "decoder.2.bias"},
    {128, NAN, "scaler.offset"},
    {128, INFINITY, "scaler.offset"},
    {132, 0, "scaler.scale"},
    {132, -1, "scaler.scale"},
    {136, NAN, "scaler.scale"},
    {136, INFINITY, "scaler.scale"},
    {140, -1, "calibration.channel_error"},
    {140, NAN, NULL},
    {148, NAN, NULL},
    {156, INFINITY, NULL},
  };
  VaeModel *model = small_model ();
  g_autoptr (GBytes) file = vae_model_to_bytes (model);
  g_autofree char *header = header_of (file);
  gsize size;
  const guint8 *data = data_of (file, &size);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree guint8 *edited = g_memdup2 (data, size);
    memcpy (edited + cases[i].offset, &cases[i].value, sizeof (float));
    g_autoptr (GBytes) other = put_together (header, strlen (header), edited,
        size);
    if (cases[i].message)
      assert_refused (other, VAE_ERROR_FORMAT, cases[i].message);
    else
      vae_model_unref (load_bytes (other));
  }
  vae_model_unref (model);
}

/* A network that no file of this size can hold must be refused by its shapes,
 * before anything is allocated for it. */
static void
test_refused_hollow_network (void)
{
  const char *header = "{" ENTRY ("encoder.0.weight", "65536,1", 0, 262144) ","
      ENTRY ("encoder.2.weight", "65536,1", 262144, 524288) "}";
  g_autofree guint8 *data = g_malloc0 (524288);
  g_autoptr (GBytes) file = put_together (header, strlen (header), data,
      524288);

  assert_refused (file, VAE_ERROR_FORMAT, "weights");
}

static void
test_refused_no_network (void)
{
  const guint8 data[12] = { 0 };
  const char *scores = "{" ENTRY ("threshold", "3", 0, 12) "}";
  g_autoptr (GBytes) nothing = put_together ("{}", 2, NULL, 0);
  g_autoptr (GBytes) no_network = put_together (scores, strlen (scores), data,
      sizeof data);

  assert_refused (nothing, VAE_ERROR_FORMAT, "no such network");
  assert_refused (no_network, VAE_ERROR_FORMAT, "no such network");
}

static void
test_refused_scalers (void)
{
  VaeParams params = small_params ();
  VaeModel *model = make_model (&params);
  g_autoptr (GBytes) file = vae_model_to_bytes (model);
  g_autoptr (GBytes) bare = reversed (file, 4);
  g_autoptr (GBytes) lost = with_replaced (bare, "{",
      "{\"__metadata__\":{\"scaler\":\"robust\"},");
  assert_refused (lost, VAE_ERROR_FORMAT, "scaler is \"robust\"");
  g_autoptr (GBytes) half = reversed (file, 3);
  assert_refused (half, VAE_ERROR_FORMAT, "\"scaler.scale\" is missing");
  vae_model_unref (model);

  params.scaler = VAE_SCALER_NONE;
  model = make_model (&params);
  model->scaler.offset[1] = 1;
  g_autoptr (GBytes) shifted = vae_model_to_bytes (model);
  assert_refused (shifted, VAE_ERROR_FORMAT, "scaler is \"none\"");
  model->scaler.offset[1] = 0;
  model->scaler.scale[1] = 2;
  g_autoptr (GBytes) stretched = vae_model_to_bytes (model);
  assert_refused (stretched, VAE_ERROR_FORMAT, "scaler is \"none\"");
  vae_model_unref (model);
}

/* Nothing beyond the file's first bytes is looked at. */
static void
test_refused_size (void)
{
  VaeModel *model = small_model ();
  g_autoptr (GBytes) file = vae_model_to_bytes (model);
  g_autoptr (GBytes) huge = g_bytes_new_static (g_bytes_get_data (file, NULL),
      1u << 30);

  assert_refused (huge, VAE_ERROR_FORMAT, "at most");
  vae_model_unref (model);
}

/* --- accidents ------------------------------------------------------------ */

static void
test_truncated (void)
{
  VaeModel *model = small_model ();
  g_autoptr (GBytes) file = vae_model_to_bytes (model);

  for (gsize size = 0; size < g_bytes_get_size (file); size++) {
    const char *message = size == 0 ? "empty" : size < 8 ? "too short"
        : "truncated";
    g_autoptr (GBytes) part = g_bytes_new (g_bytes_get_data (file, NULL), size);
    assert_refused (part, VAE_ERROR_FORMAT, message);
  }
  vae_model_unref (model);
}

static void
test_longer (void)
{
  VaeModel *model = small_model ();
  g_autoptr (GBytes) file = vae_model_to_bytes (model);
  g_autofree char *header = header_of (file);
  gsize size;
  const guint8 *data = data_of (file, &size);
  g_autofree guint8 *longer = g_malloc0 (size + 1);

  memcpy (longer, data, size);
  g_autoptr (GBytes) other = put_together (header, strlen (header), longer,
      size + 1);
  assert_refused (other, VAE_ERROR_FORMAT, "1 bytes follow");
  vae_model_unref (model);
}

/* Refused with a message, or a model that works. Returns whether it loaded. */
static gboolean
survives (const guint8 *bytes, gsize size)
{
  g_autoptr (GBytes) file = g_bytes_new_static (bytes, size);
  g_autoptr (GError) error = NULL;
  VaeModel *model = vae_model_from_bytes (file, &error);

  if (!model) {
    g_assert_true (error->domain == VAE_ERROR);
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
    return FALSE;
  }
  g_assert_no_error (error);
  assert_usable (model);
  vae_model_unref (model);
  return TRUE;
}

static void
test_bit_flips (void)
{
  VaeModel *model = small_model ();
  gsize size;
  g_autofree guint8 *bytes = g_bytes_unref_to_data (vae_model_to_bytes (model),
      &size);
  guint n_loaded = 0;

  for (gsize bit = 0; bit < 8 * size; bit++) {
    bytes[bit / 8] ^= 1 << (bit % 8);
    n_loaded += survives (bytes, size);
    bytes[bit / 8] ^= 1 << (bit % 8);
  }
  /* Most flips of a weight give another weight. */
  g_assert_cmpuint (n_loaded, >, 500);
  vae_model_unref (model);
}

/* What a header is made of, to make broken ones that come far. */
static const char *const scraps[] = {
  "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud800", "0", "1", "-1",
  "18446744073709551615", "4294967296", "1e308", "null", " ", "\n",
  "\"F32\"", "\"shape\"", "\"data_offsets\"", "\"dtype\"", "\"__metadata__\"",
  "[0,0]", "[0,4]", "\"mu.weight\"", "\"encoder.0.weight\"", "{}", "\"\"",
  "\"window\":\"2\",", "\"format-version\":\"1\",", "\xc3", "\xff",
};

/* Overwrites, inserts, removes or doubles a piece of the file, seldom of the
 * data, and then mostly mends the header's length. */
static void
mutate (GByteArray * file, VaeRng rng, guint64 *index)
{
  gsize header = MIN (file->len, 2600);
  gsize place = vae_rng_below (rng, (*index)++, header + 1);
  gsize length = vae_rng_below (rng, (*index)++, 12);
  const char *scrap = scraps[vae_rng_below (rng, (*index)++,
          G_N_ELEMENTS (scraps))];
  g_autofree guint8 *tail = NULL;
  gsize skipped = 0;

  length = MIN (length, file->len - place);
  switch (vae_rng_below (rng, (*index)++, 4)) {
    case 0:
      for (gsize i = 0; i < length; i++)
        file->data[place + i] = vae_rng_bits (rng, (*index)++);
      return;
    case 1:
      skipped = length;
      scrap = "";
      break;
    case 2:
      skipped = MIN (strlen (scrap), file->len - place);
      break;
    default:
      break;
  }
  gsize rest = file->len - place - skipped;
  tail = g_memdup2 (file->data + place + skipped, rest);
  g_byte_array_set_size (file, place);
  g_byte_array_append (file, (const guint8 *) scrap, strlen (scrap));
  g_byte_array_append (file, tail, rest);
}

static void
mend_length (GByteArray * file, gsize data_size)
{
  if (file->len < 8 + data_size)
    return;
  guint64 length = GUINT64_TO_LE ((guint64) (file->len - 8 - data_size));
  memcpy (file->data, &length, sizeof length);
}

static void
test_mutations (void)
{
  VaeModel *model = small_model ();
  g_autoptr (GBytes) ours = vae_model_to_bytes (model);
  g_autoptr (GBytes) bare = without_metadata (ours);
  VaeRng rng = vae_rng (2026, 0);
  guint64 index = 0;
  guint n_loaded = 0;

  for (guint round = 0; round < 60000; round++) {
    GBytes *original = round % 2 ? ours : bare;
    gsize size, data_size;
    const guint8 *bytes = g_bytes_get_data (original, &size);
    data_of (original, &data_size);
    g_autoptr (GByteArray) file = g_byte_array_new ();
    g_byte_array_append (file, bytes, size);
    for (guint n = 1 + vae_rng_below (rng, index++, 3); n > 0; n--)
      mutate (file, rng, &index);
    if (vae_rng_below (rng, index++, 8) > 0)
      mend_length (file, data_size);
    n_loaded += survives (file->data, file->len);
  }
  g_test_message ("%u of 60000 loaded", n_loaded);
  g_assert_cmpuint (n_loaded, >, 100);
  g_assert_cmpuint (n_loaded, <, 30000);
  vae_model_unref (model);
}

/* --- through the file system ---------------------------------------------- */

static void
test_load_names_the_path (void)
{
  g_autoptr (GError) missing = NULL;
  g_autoptr (GError) not_a_model = NULL;

  g_assert_null (vae_model_load ("/no/such/m.bin", &missing));
  g_assert_error (missing, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_assert_true (g_str_has_prefix (missing->message, "/no/such/m.bin: "));

  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("vae-XXXXXX", &path, NULL);
  g_close (fd, NULL);
  g_assert_null (vae_model_load (path, &not_a_model));
  g_assert_error (not_a_model, VAE_ERROR, VAE_ERROR_FORMAT);
  g_assert_true (g_str_has_prefix (not_a_model->message, path));
  g_assert_nonnull (strstr (not_a_model->message, "empty"));
  g_unlink (path);
}

static void
test_save_names_the_path (void)
{
  VaeModel *model = small_model ();
  g_autoptr (GError) error = NULL;

  g_assert_false (vae_model_save (model, "/no/such/m.bin", &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_assert_true (g_str_has_prefix (error->message, "/no/such/m.bin: "));
  vae_model_unref (model);
}

/* What could not be loaded must not replace what can. */
static void
test_broken_model_is_not_saved (void)
{
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("vae-XXXXXX", &path, NULL);
  g_close (fd, NULL);
  GError *error = NULL;
  VaeModel *good = small_model ();
  vae_model_save (good, path, &error);
  g_assert_no_error (error);

  VaeModel *broken = small_model ();
  broken->detectors[0].weights[0] = NAN;
  g_assert_false (vae_model_save (broken, path, &error));
  g_assert_error (error, VAE_ERROR, VAE_ERROR_DIVERGED);
  g_assert_nonnull (strstr (error->message, "encoder.0.weight"));
  g_clear_error (&error);

  VaeModel *loaded = vae_model_load (path, &error);
  g_assert_no_error (error);
  assert_same_model (good, loaded);
  vae_model_unref (loaded);
  vae_model_unref (broken);
  vae_model_unref (good);
  g_unlink (path);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/modelfile/round-trip/vae", test_round_trip_vae);
  g_test_add_func ("/modelfile/round-trip/ae", test_round_trip_ae);
  g_test_add_func ("/modelfile/round-trip/every-field",
      test_round_trip_every_field);
  g_test_add_func ("/modelfile/round-trip/unknown-summary-stays-unknown",
      test_unknown_summary_stays_unknown);
  g_test_add_func ("/modelfile/layout", test_layout);
  g_test_add_func ("/modelfile/others/without-metadata", test_without_metadata);
  g_test_add_func ("/modelfile/others/any-order", test_any_order);
  g_test_add_func ("/modelfile/others/header-in-another-order-than-data",
      test_header_in_another_order_than_data);
  g_test_add_func ("/modelfile/others/weights-alone", test_weights_alone);
  g_test_add_func ("/modelfile/others/weights-alone-of-an-ae",
      test_weights_alone_of_an_ae);
  g_test_add_func ("/modelfile/others/other-metadata-is-ignored",
      test_other_metadata_is_ignored);
  g_test_add_func ("/modelfile/others/partial-metadata", test_partial_metadata);
  g_test_add_func ("/modelfile/refused/headers", test_refused_headers);
  g_test_add_func ("/modelfile/refused/version", test_refused_version);
  g_test_add_func ("/modelfile/refused/nesting", test_refused_nesting);
  g_test_add_func ("/modelfile/refused/header-lengths",
      test_refused_header_lengths);
  g_test_add_func ("/modelfile/refused/messages-are-harmless",
      test_messages_are_harmless);
  g_test_add_func ("/modelfile/refused/floats", test_refused_floats);
  g_test_add_func ("/modelfile/refused/hollow-network",
      test_refused_hollow_network);
  g_test_add_func ("/modelfile/refused/no-network", test_refused_no_network);
  g_test_add_func ("/modelfile/refused/scalers", test_refused_scalers);
  g_test_add_func ("/modelfile/refused/size", test_refused_size);
  g_test_add_func ("/modelfile/accidents/truncated", test_truncated);
  g_test_add_func ("/modelfile/accidents/longer", test_longer);
  g_test_add_func ("/modelfile/accidents/bit-flips", test_bit_flips);
  g_test_add_func ("/modelfile/accidents/mutations", test_mutations);
  g_test_add_func ("/modelfile/load-names-the-path", test_load_names_the_path);
  g_test_add_func ("/modelfile/save-names-the-path", test_save_names_the_path);
  g_test_add_func ("/modelfile/broken-model-is-not-saved",
      test_broken_model_is_not_saved);
  return g_test_run ();
}
