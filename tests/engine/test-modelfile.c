/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "models.h"
#include "safetensors.h"

#include <glib/gstdio.h>
#include <string.h>
#ifndef __SANITIZE_ADDRESS__
#include <sys/resource.h>
#include <unistd.h>
#endif

/* --- models --------------------------------------------------------------- */

/* Positive, none like the other. */
static void
fill_random (float *floats, gsize n, guint64 stream)
{
  VaeRng rng = vae_rng (1, stream);

  for (gsize i = 0; i < n; i++)
    floats[i] = 0.01 + vae_rng_uniform (rng, i);
}

static void
fill_detector (VaeDetector * detector, guint64 stream)
{
  VaeUsual *usual = &detector->usual;

  if (vae_detector_has_network (detector->kind))
    vae_net_randomize (&detector->net, detector->weights, 7 + stream);
  fill_random (detector->nearest.prototypes,
      (gsize) detector->nearest.n * usual->channels, stream + 10);
  fill_random (usual->error, usual->channels, stream + 20);
  fill_random (usual->baseline, usual->channels, stream + 30);
  fill_random (usual->drift_error, usual->channels, stream + 40);
  fill_random (usual->levels, VAE_N_LEVELS, stream + 50);
}

static VaeModel *
make_model (const VaeParams * params)
{
  const VaeSizes sizes = {.components = 2,.prototypes = 3 };
  GError *error = NULL;
  VaeModel *model = vae_model_new (params, sizes, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < model->n_detectors; i++)
    fill_detector (&model->detectors[i], i);
  if (params->scaler != VAE_SCALER_NONE) {
    fill_random (model->scaler.offset, params->channels, 1);
    fill_random (model->scaler.scale, params->channels, 2);
  }
  fill_random (model->threshold + 1, VAE_N_SCORES - 1, 4);
  fill_random ((float *) &model->tail, sizeof model->tail / sizeof (float), 5);
  fill_random ((float *) &model->spot, sizeof model->spot / sizeof (float), 6);
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

static gboolean
are_finite (const float *floats, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (!isfinite (floats[i]))
      return FALSE;
  return TRUE;
}

/* Whatever it was loaded from. */
static void
assert_usable (const VaeModel * model)
{
  const guint channels = model->params.channels;

  g_assert_true (vae_params_validate (&model->params, NULL));
  for (guint i = 0; i < model->n_detectors; i++) {
    const VaeDetector *detector = &model->detectors[i];
    g_assert_true (are_finite (detector->weights, detector->net.n_params));
    g_assert_true (are_finite (detector->nearest.prototypes,
            (gsize) detector->nearest.n * channels));
  }
  g_assert_true (are_finite (model->scaler.offset, channels));
  g_assert_true (are_finite (model->scaler.scale, channels));
  for (guint c = 0; c < channels; c++)
    g_assert_cmpfloat (model->scaler.scale[c], >, 0);
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
test_round_trip_every_kind (void)
{
  for (guint loss = VAE_LOSS_GAUSSIAN; loss <= VAE_LOSS_SEED; loss++)
    for (guint kind = VAE_KIND_VAE; kind <= VAE_KIND_ENSEMBLE; kind++) {
      VaeParams params = model_params (kind, loss);
      assert_round_trip (&params);
      params.window = 1;
      params.n_hidden = 2;
      params.hidden[1] = 5;
      params.smoothing = VAE_MAX_SMOOTHING;
      params.drift = 0;
      params.clip = 1.0 / 3.0;
      params.prototypes = 7;
      params.quantile = 0.5;
      assert_round_trip (&params);
    }
}

/* Bit by bit, of fresh rows. */
static void
assert_same_scores (VaeModel * a, VaeModel * b, VaeScore score)
{
  const gsize n_cells = MODEL_ROWS * MODEL_CHANNELS;
  guint8 alarms[2][MODEL_ROWS];
  float scores[2][MODEL_ROWS], *cells = g_new (float, 4 * n_cells);
  VaeModel *models[] = { a, b };
  float *rows = model_rows (2);

  for (guint i = 0; i < 2; i++) {
    VaeScorer *scorer = vae_scorer_new (models[i], score, NULL);
    vae_scorer_execute (scorer, rows, MODEL_ROWS, scores[i],
        cells + i * n_cells, cells + (2 + i) * n_cells);
    vae_scorer_decide (scorer, scores[i], MODEL_ROWS, alarms[i]);
    vae_scorer_free (scorer);
  }
  g_assert_false (isnan (scores[0][MODEL_ROWS - 1]));
  assert_same_floats (scores[0], scores[1], MODEL_ROWS);
  g_assert_cmpmem (alarms[0], MODEL_ROWS, alarms[1], MODEL_ROWS);
  assert_same_floats (cells, cells + n_cells, n_cells);
  assert_same_floats (cells + 2 * n_cells, cells + 3 * n_cells, n_cells);
  g_free (cells);
  g_free (rows);
}

static void
assert_trained_round_trip (const VaeParams * params)
{
  VaeModel *model = train_params (params, 1);
  g_autoptr (GBytes) file = vae_model_to_bytes (model);
  VaeModel *loaded = load_bytes (file);
  g_autoptr (GBytes) again = vae_model_to_bytes (loaded);

  g_assert_true (g_bytes_equal (file, again));
  assert_same_model (model, loaded);
  g_assert_cmpuint (model->n_detectors, ==,
      params->kind == VAE_KIND_ENSEMBLE ? 3 : 1);
  g_assert_true (has_score (model, VAE_SCORE_AUTO));
  for (guint score = VAE_SCORE_AUTO; score <= VAE_SCORE_KL; score++) {
    g_assert_cmpint (has_score (model, score), ==, has_score (loaded, score));
    if (has_score (model, score))
      assert_same_scores (model, loaded, score);
  }
  vae_model_unref (loaded);
  vae_model_unref (model);
}

static void
test_trained_model_scores_the_same (void)
{
  for (guint loss = VAE_LOSS_GAUSSIAN; loss <= VAE_LOSS_SEED; loss++)
    for (guint kind = VAE_KIND_VAE; kind <= VAE_KIND_ENSEMBLE; kind++) {
      const VaeParams params = model_params (kind, loss);
      assert_trained_round_trip (&params);
    }
}

static void
test_trained_thresholds_decide_the_same (void)
{
  for (guint i = VAE_THRESHOLD_QUANTILE; i <= VAE_THRESHOLD_SPOT; i++) {
    VaeParams params = model_params (VAE_KIND_ENSEMBLE, VAE_LOSS_GAUSSIAN);
    params.threshold = i;
    params.quantile = 0.99;
    assert_trained_round_trip (&params);
  }
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
    "\"scaler\":\"standard\",\"clip\":\"0\",\"channels\":\"2\"," \
    "\"window\":\"1\",\"hidden\":\"3\",\"latent-dim\":\"1\"," \
    "\"beta\":\"0.10000000000000001\",\"prototypes\":\"500\"," \
    "\"learning-rate\":\"0.001\",\"batch-size\":\"64\",\"epochs\":\"50\"," \
    "\"seed\":\"18446744073709551615\"," \
    "\"validation\":\"0.20000000000000001\",\"patience\":\"0\"," \
    "\"skip-labelled\":\"false\",\"smoothing\":\"0\"," \
    "\"drift\":\"1000\",\"threshold\":\"quantile\"," \
    "\"quantile\":\"0.995\",\"rows\":\"12345678901\"," \
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
    ENTRY ("calibration.channel_error", "2", 124, 132) "," \
    ENTRY ("calibration.baseline", "2", 132, 140) "," \
    ENTRY ("calibration.drift_error", "2", 140, 148) "," \
    ENTRY ("calibration.levels", "3", 148, 160) "," \
    ENTRY ("scaler.offset", "2", 160, 168) "," \
    ENTRY ("scaler.scale", "2", 168, 176) "," \
    ENTRY ("threshold", "3", 176, 188) "," \
    ENTRY ("calibration.threshold", "3", 188, 200) "," \
    ENTRY ("calibration.tail", "132", 200, 728)

#define SMALL_LAST ENTRY ("calibration.spot", "516", 728, 2792)

#define BESIDE_WEIGHTS 10       /* tensors */

#define SMALL_TENSORS SMALL_BUT_LAST "," SMALL_LAST

/* The file as docs/model-file.md has it, byte by byte. */
static void
test_layout (void)
{
  VaeModel *model = small_model ();
  g_autoptr (GBytes) file = vae_model_to_bytes (model);
  g_autofree char *header = header_of (file);
  const VaeDetector *detector = &model->detectors[0];
  const struct
  {
    const float *floats;
    gsize n;
  } beside[] = {
    {detector->usual.error, 2},
    {detector->usual.baseline, 2},
    {detector->usual.drift_error, 2},
    {detector->usual.levels, 3},
    {model->scaler.offset, 2},
    {model->scaler.scale, 2},
    {model->threshold + VAE_SCORE_RECON_KL, 3},
    {model->threshold + VAE_SCORE_CALIBRATED, 3},
    {model->tail.knots, sizeof (VaeTail) / sizeof (float)},
    {&model->spot.quantile, sizeof (VaeSpotStart) / sizeof (float)},
  };
  gsize size, place = 0;
  const guint8 *data = data_of (file, &size);

  g_strchomp (header);
  g_assert_cmpstr (header, ==, "{" SMALL_METADATA "," SMALL_TENSORS "}");

  g_assert_cmpuint (size, ==, 2792);
  for (guint i = 0; i < vae_net_n_tensors (&detector->net); i++) {
    VaeTensor tensor;
    vae_net_tensor (&detector->net, i, &tensor);
    gsize n = tensor.rows * MAX (tensor.cols, 1);
    g_assert_cmpmem (data + place, n * 4, detector->weights + tensor.offset,
        n * 4);
    place += n * 4;
  }
  G_STATIC_ASSERT (G_N_ELEMENTS (beside) == BESIDE_WEIGHTS);
  for (guint i = 0; i < G_N_ELEMENTS (beside); i++) {
    g_assert_cmpmem (data + place, beside[i].n * 4, beside[i].floats,
        beside[i].n * 4);
    place += beside[i].n * 4;
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
  assert_same_floats (loaded->detectors[0].weights, model->detectors[0].weights,
      model->detectors[0].net.n_params);
  assert_same_floats (loaded->scaler.scale, model->scaler.scale, 2);
  assert_same_floats (loaded->threshold, model->threshold, VAE_N_SCORES);
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

  assert_same_floats (loaded->detectors[0].weights, model->detectors[0].weights,
      model->detectors[0].net.n_params);
  assert_same_floats (loaded->scaler.offset, model->scaler.offset, 2);
  assert_same_floats (loaded->scaler.scale, model->scaler.scale, 2);
  assert_same_floats (loaded->detectors[0].usual.error,
      model->detectors[0].usual.error, 2);
  assert_same_floats (loaded->threshold, model->threshold, VAE_N_SCORES);
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

  assert_same_floats (loaded->detectors[0].weights, model->detectors[0].weights,
      model->detectors[0].net.n_params);
  assert_same_floats (loaded->threshold, model->threshold, VAE_N_SCORES);
  vae_model_unref (loaded);
  vae_model_unref (model);
}

static void
test_weights_alone (void)
{
  VaeModel *model = small_model ();
  g_autoptr (GBytes) file = vae_model_to_bytes (model);
  g_autoptr (GBytes) other = reversed (file, BESIDE_WEIGHTS);
  VaeModel *loaded = load_bytes (other);

  g_assert_cmpint (loaded->params.scaler, ==, VAE_SCALER_NONE);
  assert_same_floats (loaded->detectors[0].weights, model->detectors[0].weights,
      model->detectors[0].net.n_params);
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
  g_autoptr (GBytes) other = reversed (file, BESIDE_WEIGHTS);
  VaeModel *loaded = load_bytes (other);

  g_assert_cmpint (loaded->params.kind, ==, VAE_KIND_AE);
  g_assert_cmpuint (loaded->params.n_hidden, ==, 2);
  g_assert_cmpuint (loaded->params.hidden[0], ==, 3);
  g_assert_cmpuint (loaded->params.hidden[1], ==, 1);
  assert_same_floats (loaded->detectors[0].weights, model->detectors[0].weights,
      model->detectors[0].net.n_params);
  vae_model_unref (loaded);
  vae_model_unref (model);
}

/* The skips show in the shapes; how the inputs are made up must be said. */
static void
test_weights_alone_of_a_gaussian_vae (void)
{
  VaeParams params = model_params (VAE_KIND_VAE, VAE_LOSS_GAUSSIAN);
  VaeModel *model = make_model (&params);
  g_autoptr (GBytes) file = vae_model_to_bytes (model);
  g_autoptr (GBytes) bare = reversed (file, BESIDE_WEIGHTS);
  g_autoptr (GBytes) other = with_replaced (bare, "{",
      "{\"__metadata__\":{\"window\":\"4\",\"clip\":\"8\"},");
  g_autoptr (GError) error = NULL;
  VaeModel *loaded = load_bytes (other);

  g_assert_cmpint (loaded->params.kind, ==, VAE_KIND_VAE);
  g_assert_cmpint (loaded->params.loss, ==, VAE_LOSS_GAUSSIAN);
  g_assert_cmpuint (loaded->params.channels, ==, MODEL_CHANNELS);
  g_assert_cmpfloat (loaded->params.clip, ==, 8);
  assert_same_floats (&loaded->scaler.limit, &model->scaler.limit, 1);
  assert_same_floats (loaded->detectors[0].weights,
      model->detectors[0].weights, model->detectors[0].net.n_params);
  g_assert_null (vae_scorer_new (loaded, VAE_SCORE_AUTO, &error));
  g_assert_error (error, VAE_ERROR, VAE_ERROR_PARAMETER);
  g_assert_nonnull (strstr (error->message, "what is usual"));
  g_assert_true (has_score (loaded, VAE_SCORE_RECON_KL));
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
  g_autoptr (GBytes) bare = reversed (file, BESIDE_WEIGHTS);
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
    {"[728,2792]", "[728,2796]", "truncated"},
    {"[728,2792]", "[18446744073709549551,18446744073709551615]", "truncated"},
    {"\"threshold\":{", "\"scaler.scale\":{", "twice"},
    {"\"threshold\":{", "\"Threshold\":{", "not part of such a network"},
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
    {"\"clip\":\"0\"", "\"clip\":\"-8\"", "clip is -8"},
    {"\"clip\":\"0\"", "\"clip\":\"inf\"", "clip is \"inf\""},
    {"\"prototypes\":\"500\"", "\"prototypes\":\"0\"", "prototypes is 0"},
    {"\"prototypes\":\"500\"", "\"prototypes\":\"65537\"",
        "prototypes is 65537"},
    {"\"smoothing\":\"0\"", "\"smoothing\":\"1000001\"",
        "smoothing is 1000001"},
    {"\"smoothing\":\"0\"", "\"smoothing\":\"-1\"", "smoothing is \"-1\""},
    {"\"drift\":\"1000\"", "\"drift\":\"1000001\"", "drift is 1000001"},
    {"\"quantile\",", "\"median\",", "threshold is \"median\""},
    {"\"quantile\",\"quantile\":\"0.995", "\"spot\",\"quantile\":\"0.98",
        "quantile is 0.98"},
    {"\"0.995\"", "\"1\"", "quantile is 1"},
    {"\"0.995\"", "\"0.4\"", "quantile is 0.4"},
    {"\"0.995\"", "\"nan\"", "quantile is \"nan\""},
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
  const char *places[] = { "mu.bias", "relu", "F32", "gst-vae", "dtype" };

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
    {124, -1, "calibration.channel_error"},
    {124, NAN, NULL},
    {128, INFINITY, NULL},
    {132, INFINITY, "calibration.baseline"},
    {136, -INFINITY, "calibration.baseline"},
    {136, NAN, NULL},
    {136, -1, NULL},
    {140, -1e-30, "calibration.drift_error"},
    {144, NAN, NULL},
    {148, -1, "calibration.levels"},
    {152, -INFINITY, "calibration.levels"},
    {156, INFINITY, "calibration.levels"},
    {148, NAN, NULL},
    {164, NAN, "scaler.offset"},
    {164, INFINITY, "scaler.offset"},
    {168, 0, "scaler.scale"},
    {168, -1, "scaler.scale"},
    {172, NAN, "scaler.scale"},
    {172, INFINITY, "scaler.scale"},
    {176, NAN, NULL},
    {184, INFINITY, NULL},
    {192, -1, NULL},
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

/* A tensor in the place of the one of its name; without data, none. */
typedef struct
{
  const char *name;
  gsize rows;
  gsize cols;                   /* 0 for a vector */
  float value;                  /* of the last element; the others are 0.5 */
} Change;

#define DROPPED(name) {name, 0, 0, 0}

static GBytes *
with_change (GBytes * file, const Change * change)
{
  VaeSafetensors *container =
      vae_safetensors_read (g_bytes_get_data (file, NULL),
      g_bytes_get_size (file), NULL);
  const gsize n_floats = change->rows * MAX (change->cols, 1);
  g_autofree char *header = header_of (file);
  g_autoptr (GString) edited = g_string_new_len (header,
      strchr (header, '}') + 1 - header);
  g_autoptr (GByteArray) data = g_byte_array_new ();
  g_autofree float *floats = g_new (float, n_floats + 1);
  guint n = vae_safetensors_n_tensors (container), n_changed = 0;

  for (gsize i = 0; i < n_floats; i++)
    floats[i] = i + 1 < n_floats ? 0.5 : change->value;
  for (guint i = 0; i < n; i++) {
    const VaeSafetensor *tensor = vae_safetensors_nth (container, i);
    const gboolean is_changed = g_str_equal (tensor->name, change->name);
    const gsize rows = is_changed ? change->rows : tensor->shape[0];
    const gsize cols = is_changed ? change->cols
        : tensor->n_dims == 2 ? tensor->shape[1] : 0;
    const gsize length = rows * MAX (cols, 1) * sizeof (float);
    n_changed += is_changed;
    if (length == 0)
      continue;
    g_string_append_printf (edited, ",\"%s\":{\"dtype\":\"F32\",\"shape\":[%u",
        tensor->name, (guint) rows);
    if (cols > 0)
      g_string_append_printf (edited, ",%u", (guint) cols);
    g_string_append_printf (edited, "],\"data_offsets\":[%u,%u]}", data->len,
        (guint) (data->len + length));
    g_byte_array_append (data, is_changed ? (guint8 *) floats : tensor->data,
        length);
  }
  g_assert_cmpuint (n_changed, ==, 1);
  g_string_append_c (edited, '}');
  vae_safetensors_free (container);
  return put_together (edited->str, edited->len, data->data, data->len);
}

static VaeModel *
model_of_kind (VaeKind kind)
{
  const VaeParams params = model_params (kind, VAE_LOSS_GAUSSIAN);

  return make_model (&params);
}

/* Over windows of 4 rows of 3 channels, with 2 components and 3 prototypes. */
static void
test_refused_detectors (void)
{
  const struct
  {
    VaeKind kind;
    Change change;
    const char *message;
  } cases[] = {
    {VAE_KIND_ENSEMBLE, {"nearest.prototypes", 3, 4, 1},
        "\"nearest.prototypes\" has shape [3,4], it must be [3,3]"},
    {VAE_KIND_ENSEMBLE, {"nearest.prototypes", 9, 0, 1},
        "\"nearest.prototypes\" has shape [9], it must be [9,3]"},
    {VAE_KIND_ENSEMBLE, {"nearest.prototypes", 3, 3, NAN},
        "\"nearest.prototypes\" has nan as element 8"},
    {VAE_KIND_ENSEMBLE, {"nearest.prototypes", 3, 3, -INFINITY},
        "\"nearest.prototypes\" has -inf as element 8"},
    {VAE_KIND_ENSEMBLE, {"nearest.prototypes", VAE_MAX_PROTOTYPES + 1, 3, 1},
        "\"nearest.prototypes\" has too many rows"},
    {VAE_KIND_ENSEMBLE, DROPPED ("nearest.prototypes"),
        "kind is \"ensemble\", but the tensors' shapes say \"vae\""},
    {VAE_KIND_NEAREST, {"nearest.prototypes", 9, 0, 1}, "is no matrix"},
    {VAE_KIND_NEAREST, {"nearest.prototypes", 3, 2, 1}, "channels is \"3\""},
    {VAE_KIND_NEAREST, {"nearest.prototypes", VAE_MAX_PROTOTYPES + 1, 3, 1},
        "\"nearest.prototypes\" has too many rows"},
    {VAE_KIND_NEAREST, DROPPED ("nearest.prototypes"),
        "kind is \"nearest\", but the tensors' shapes say \"norm\""},

    {VAE_KIND_ENSEMBLE, DROPPED ("pca.encoder.0.weight"),
        "\"pca.encoder.0.weight\" is missing"},
    {VAE_KIND_ENSEMBLE, DROPPED ("pca.encoder.0.bias"),
        "\"pca.encoder.0.bias\" is missing"},
    {VAE_KIND_ENSEMBLE, DROPPED ("pca.decoder.0.weight"),
        "\"pca.decoder.0.weight\" is missing"},
    {VAE_KIND_ENSEMBLE, DROPPED ("pca.decoder.0.bias"),
        "\"pca.decoder.0.bias\" is missing"},
    {VAE_KIND_ENSEMBLE, {"pca.encoder.0.weight", 2, 13, 1},
        "\"pca.encoder.0.weight\" has shape [2,13], it must be [2,12]"},
    {VAE_KIND_ENSEMBLE, {"pca.encoder.0.weight", 12, 2, 1}, "\"pca."},
    {VAE_KIND_ENSEMBLE, {"pca.encoder.0.weight", 24, 0, 1}, "\"pca."},
    {VAE_KIND_ENSEMBLE, {"pca.encoder.0.weight", 2, 12, NAN},
        "\"pca.encoder.0.weight\" has nan as element 23"},
    {VAE_KIND_ENSEMBLE, {"pca.encoder.0.weight", VAE_MAX_LATENT + 1, 12, 1},
        "\"pca.encoder.0.weight\" has too many rows"},
    {VAE_KIND_ENSEMBLE, {"pca.decoder.0.weight", 12, 3, 1},
        "\"pca.decoder.0.weight\" has shape [12,3], it must be [12,2]"},
    {VAE_KIND_ENSEMBLE, {"pca.decoder.0.bias", 11, 0, 1},
        "\"pca.decoder.0.bias\" has shape [11], it must be [12]"},
    {VAE_KIND_PCA, {"pca.encoder.0.weight", 24, 0, 1}, "is no matrix"},
    {VAE_KIND_PCA, {"pca.encoder.0.weight", 2, 13, 1}, "window is 4"},
    {VAE_KIND_PCA, {"pca.encoder.0.weight", 2, 8, 1}, "channels is \"3\""},
    {VAE_KIND_PCA, {"pca.encoder.0.weight", VAE_MAX_LATENT + 1, 12, 1},
        "\"pca.encoder.0.weight\" has too many rows"},
    {VAE_KIND_PCA, DROPPED ("pca.encoder.0.weight"),
        "kind is \"pca\", but the tensors' shapes say \"norm\""},

    {VAE_KIND_ENSEMBLE, DROPPED ("mu.weight"), "kind is \"ensemble\""},
    {VAE_KIND_ENSEMBLE, DROPPED ("logvar.bias"), "\"logvar.bias\" is missing"},
    {VAE_KIND_VAE, {"mu.weight", 2, 8, 1}, "\"mu.weight\" has shape [2,8]"},
    {VAE_KIND_VAE, {"decoder.2.weight", 12, 8, 1},
        "\"decoder.2.weight\" has shape [12,8], it must be [12,10]"},

    {VAE_KIND_NORM, DROPPED ("scaler.offset"), "no such network"},
    {VAE_KIND_NORM, DROPPED ("scaler.scale"), "scaler is \"standard\""},
    {VAE_KIND_NORM, {"scaler.offset", 3, 1, 1}, "is no vector"},
    {VAE_KIND_NORM, {"scaler.offset", 4, 0, 1}, "channels is \"3\""},

    {VAE_KIND_ENSEMBLE, {"calibration.channel_error", 3, 0, -1},
        "\"calibration.channel_error\" has -1 as element 2"},
    {VAE_KIND_ENSEMBLE, {"pca.calibration.channel_error", 2, 0, 1},
        "\"pca.calibration.channel_error\" has shape [2], it must be [3]"},
    {VAE_KIND_ENSEMBLE, {"pca.calibration.channel_error", 3, 1, 1},
        "\"pca.calibration.channel_error\" has shape [3,1], it must be [3]"},
    {VAE_KIND_ENSEMBLE, {"pca.calibration.baseline", 3, 0, INFINITY},
        "\"pca.calibration.baseline\" has inf as element 2"},
    {VAE_KIND_ENSEMBLE, {"nearest.calibration.drift_error", 3, 0, -1e-9},
        "\"nearest.calibration.drift_error\" has -1e-09 as element 2"},
    {VAE_KIND_ENSEMBLE, {"nearest.calibration.levels", 2, 0, 1},
        "\"nearest.calibration.levels\" has shape [2], it must be [3]"},
    {VAE_KIND_ENSEMBLE, {"nearest.calibration.levels", 3, 0, INFINITY},
        "\"nearest.calibration.levels\" has inf as element 2"},
    {VAE_KIND_NORM, {"norm.calibration.levels", 3, 0, -1},
        "\"norm.calibration.levels\" has -1 as element 2"},
    {VAE_KIND_ENSEMBLE, {"calibration.threshold", 1, 0, 1},
        "\"calibration.threshold\" has shape [1], it must be [3]"},
    {VAE_KIND_ENSEMBLE, {"calibration.tail", 131, 0, 1},
        "\"calibration.tail\" has shape [131], it must be [132]"},
    {VAE_KIND_ENSEMBLE, {"calibration.spot", 4, 129, 1},
        "\"calibration.spot\" has shape [4,129], it must be [516]"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    VaeModel *model = model_of_kind (cases[i].kind);
    g_autoptr (GBytes) file = vae_model_to_bytes (model);
    g_autoptr (GBytes) broken = with_change (file, &cases[i].change);
    vae_model_unref (load_bytes (file));
    assert_refused (broken, VAE_ERROR_FORMAT, cases[i].message);
    vae_model_unref (model);
  }
}

/* What a file says its model is, against what is in it. */
static void
test_refused_kinds (void)
{
  for (guint kind = VAE_KIND_VAE; kind <= VAE_KIND_ENSEMBLE; kind++) {
    VaeModel *model = model_of_kind (kind);
    g_autoptr (GBytes) file = vae_model_to_bytes (model);
    g_autofree char *is = g_strdup_printf ("\"kind\":\"%s\"",
        vae_kind_name (kind));
    for (guint other = VAE_KIND_VAE; other <= VAE_KIND_ENSEMBLE; other++) {
      g_autofree char *says = g_strdup_printf ("\"kind\":\"%s\"",
          vae_kind_name (other));
      g_autofree char *message = g_strdup_printf ("kind is \"%s\"",
          vae_kind_name (other));
      g_autoptr (GBytes) contrary = with_replaced (file, is, says);
      if (other != kind)
        assert_refused (contrary, VAE_ERROR_FORMAT, message);
    }
    vae_model_unref (model);
  }
}

static void
test_refused_windows (void)
{
  const VaeKind kinds[] = { VAE_KIND_VAE, VAE_KIND_PCA, VAE_KIND_ENSEMBLE };

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++) {
    VaeModel *model = model_of_kind (kinds[i]);
    g_autoptr (GBytes) file = vae_model_to_bytes (model);
    g_autoptr (GBytes) five = with_replaced (file, "\"window\":\"4\"",
        "\"window\":\"5\"");
    g_autoptr (GBytes) two = with_replaced (file, "\"window\":\"4\"",
        "\"window\":\"2\"");
    g_autoptr (GBytes) consistent = with_replaced (two,
        "\"channels\":\"3\"", "\"channels\":\"6\"");
    assert_refused (five, VAE_ERROR_FORMAT,
        "window is 5, which does not divide the network's 12 inputs");
    assert_refused (two, VAE_ERROR_FORMAT,
        "channels is \"3\", but the tensors' shapes say \"6\"");
    assert_refused (consistent, VAE_ERROR_FORMAT, "it must be [6]");
    vae_model_unref (model);
  }
}

/* An unused skip would be computed wrongly, and so would one that is not there. */
static void
test_refused_losses (void)
{
  VaeParams params = model_params (VAE_KIND_VAE, VAE_LOSS_GAUSSIAN);
  VaeModel *skips = make_model (&params);
  params.loss = VAE_LOSS_SEED;
  VaeModel *plain = make_model (&params);
  g_autoptr (GBytes) file = vae_model_to_bytes (skips);
  g_autoptr (GBytes) plain_file = vae_model_to_bytes (plain);
  g_autoptr (GBytes) says_seed = with_replaced (file, "\"gaussian\"",
      "\"seed\"");
  g_autoptr (GBytes) says_gaussian = with_replaced (plain_file, "\"seed\",",
      "\"gaussian\",");

  assert_refused (says_seed, VAE_ERROR_FORMAT,
      "\"mu.weight\" has shape [2,20], it must be [2,8]");
  assert_refused (says_gaussian, VAE_ERROR_FORMAT,
      "\"mu.weight\" has shape [2,8], it must be [2,20]");
  vae_model_unref (skips);
  vae_model_unref (plain);
}

/* Of levels that are half known nothing can be made. */
static void
test_half_a_calibration_is_none (void)
{
  const VaeKind kinds[] = { VAE_KIND_NORM, VAE_KIND_ENSEMBLE };
  const Change changes[] = {
    {"norm.calibration.levels", 3, 0, NAN},
    {"nearest.calibration.levels", 3, 0, NAN},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++) {
    VaeModel *model = model_of_kind (kinds[i]);
    g_autoptr (GBytes) file = vae_model_to_bytes (model);
    g_autoptr (GBytes) half = with_change (file, &changes[i]);
    VaeModel *loaded = load_bytes (half);
    g_autoptr (GError) error = NULL;
    g_assert_true (has_score (model, VAE_SCORE_CALIBRATED));
    g_assert_null (vae_scorer_new (loaded, VAE_SCORE_CALIBRATED, &error));
    g_assert_error (error, VAE_ERROR, VAE_ERROR_PARAMETER);
    g_assert_nonnull (strstr (error->message, "what is usual"));
    vae_model_unref (loaded);
    vae_model_unref (model);
  }
}

#ifndef __SANITIZE_ADDRESS__
/* Lets this process grow by so many bytes only. */
static void
limit_growth (gsize bytes)
{
  g_autofree char *statm = NULL;

  g_assert_true (g_file_get_contents ("/proc/self/statm", &statm, NULL, NULL));
  rlim_t used = g_ascii_strtoull (statm, NULL, 10) *
      (rlim_t) sysconf (_SC_PAGESIZE);
  struct rlimit limit;
  g_assert_cmpint (getrlimit (RLIMIT_AS, &limit), ==, 0);
  limit.rlim_cur = used + bytes;
  g_assert_cmpint (setrlimit (RLIMIT_AS, &limit), ==, 0);
}

/* A network of 5000 x 5000 weights of which the file has 5000: of an ensemble, with
 * all its other parts. */
static GBytes *
hollow_ensemble (void)
{
  g_autoptr (GString) header = g_string_new ("{");
  const struct
  {
    const char *name;
    guint rows, cols;
  } tensors[] = {
    {"encoder.0.weight", 5000, 1},
    {"encoder.0.bias", 5000, 0},
    {"encoder.2.weight", 5000, 1},
    {"mu.weight", 1, 1},
    {"nearest.prototypes", 1, 1},
    {"pca.encoder.0.weight", 1, 1},
  };
  guint size = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (tensors); i++) {
    const guint length = 4 * tensors[i].rows * MAX (tensors[i].cols, 1);
    g_string_append_printf (header,
        "%s\"%s\":{\"dtype\":\"F32\",\"shape\":[%u%s],\"data_offsets\":"
        "[%u,%u]}", i > 0 ? "," : "", tensors[i].name, tensors[i].rows,
        tensors[i].cols > 0 ? ",1" : "", size, size + length);
    size += length;
  }
  g_string_append_c (header, '}');
  g_autofree guint8 *data = g_malloc0 (size);
  return put_together (header->str, header->len, data, size);
}

/* Where memory is short, a file that is refused anyway is not refused for that. */
static void
test_refused_before_memory_is_taken (void)
{
  if (!g_test_subprocess ()) {
    g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
    g_test_trap_assert_passed ();
    return;
  }

  g_autoptr (GBytes) file = hollow_ensemble ();
  limit_growth (64 << 20);
  assert_refused (file, VAE_ERROR_FORMAT,
      "\"encoder.2.weight\" has shape [5000,1], it must be [5000,5000]");
}
#endif

static void
test_refused_scalers (void)
{
  VaeParams params = small_params ();
  VaeModel *model = make_model (&params);
  g_autoptr (GBytes) file = vae_model_to_bytes (model);
  g_autoptr (GBytes) bare = reversed (file, BESIDE_WEIGHTS);
  g_autoptr (GBytes) half = reversed (file, 5);
  g_autoptr (GBytes) lost = with_replaced (bare, "{",
      "{\"__metadata__\":{\"scaler\":\"robust\"},");
  assert_refused (lost, VAE_ERROR_FORMAT, "scaler is \"robust\"");
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

/* It has its scores, which are numbers or, if the calibration is not known, refused. */
static void
assert_scores (VaeModel * model)
{
  const guint channels = model->params.channels;
  float *rows = g_new0 (float, 12 * channels);

  for (guint score = VAE_SCORE_CALIBRATED; score <= VAE_SCORE_KL; score++) {
    VaeScorer *scorer = vae_scorer_new (model, score, NULL);
    float scores[12];
    guint8 alarms[12];
    if (!scorer)
      continue;
    vae_scorer_execute (scorer, rows, 12, scores, NULL, NULL);
    vae_scorer_decide (scorer, scores, 12, alarms);
    vae_scorer_free (scorer);
    for (guint t = model->params.window; t < 12; t++)
      if (score <= VAE_SCORE_RARITY)
        g_assert_true (isfinite (scores[t]) && scores[t] >= 0);
  }
  g_free (rows);
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
  assert_scores (model);
  vae_model_unref (model);
  return TRUE;
}

static void
flip_bits (VaeModel * model, gsize step)
{
  gsize size;
  g_autofree guint8 *bytes = g_bytes_unref_to_data (vae_model_to_bytes (model),
      &size);
  guint n_loaded = 0;

  for (gsize bit = 0; bit < 8 * size; bit += step) {
    bytes[bit / 8] ^= 1 << (bit % 8);
    n_loaded += survives (bytes, size);
    bytes[bit / 8] ^= 1 << (bit % 8);
  }
  /* Most flips of a weight give another weight. */
  g_assert_cmpuint (n_loaded, >, 500);
  vae_model_unref (model);
}

static void
test_bit_flips (void)
{
  flip_bits (small_model (), 1);
}

static void
test_bit_flips_of_an_ensemble (void)
{
  VaeParams params = model_params (VAE_KIND_ENSEMBLE, VAE_LOSS_GAUSSIAN);

  params.window = params.latent_dim = params.hidden[0] = params.prototypes = 1;
  params.threshold = VAE_THRESHOLD_SPOT;
  flip_bits (train_params (&params, 1), 5);
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

/* 2^28 numbers, of which it has a few: they are not looked at. */
static void
test_too_large_model_is_not_saved (void)
{
  VaeParams params = model_params (VAE_KIND_NEAREST, VAE_LOSS_GAUSSIAN);
  params.channels = 4096;
  VaeModel *model = make_model (&params);
  g_autoptr (GError) error = NULL;

  model->detectors[0].nearest.n = VAE_MAX_PROTOTYPES;
  g_assert_false (vae_model_save (model, "/no/such/m.bin", &error));
  g_assert_error (error, VAE_ERROR, VAE_ERROR_PARAMETER);
  g_assert_nonnull (strstr (error->message, "prototypes smaller"));
  vae_model_unref (model);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/modelfile/round-trip/vae", test_round_trip_vae);
  g_test_add_func ("/modelfile/round-trip/ae", test_round_trip_ae);
  g_test_add_func ("/modelfile/round-trip/every-field",
      test_round_trip_every_field);
  g_test_add_func ("/modelfile/round-trip/every-kind",
      test_round_trip_every_kind);
  g_test_add_func ("/modelfile/round-trip/trained-model-scores-the-same",
      test_trained_model_scores_the_same);
  g_test_add_func ("/modelfile/round-trip/trained-thresholds-decide-the-same",
      test_trained_thresholds_decide_the_same);
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
  g_test_add_func ("/modelfile/others/weights-alone-of-a-gaussian-vae",
      test_weights_alone_of_a_gaussian_vae);
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
  g_test_add_func ("/modelfile/refused/detectors", test_refused_detectors);
  g_test_add_func ("/modelfile/refused/kinds", test_refused_kinds);
  g_test_add_func ("/modelfile/refused/windows", test_refused_windows);
  g_test_add_func ("/modelfile/refused/losses", test_refused_losses);
#ifndef __SANITIZE_ADDRESS__
  g_test_add_func ("/modelfile/refused/before-memory-is-taken",
      test_refused_before_memory_is_taken);
#endif
  g_test_add_func ("/modelfile/half-a-calibration-is-none",
      test_half_a_calibration_is_none);
  g_test_add_func ("/modelfile/refused/scalers", test_refused_scalers);
  g_test_add_func ("/modelfile/refused/size", test_refused_size);
  g_test_add_func ("/modelfile/accidents/truncated", test_truncated);
  g_test_add_func ("/modelfile/accidents/longer", test_longer);
  g_test_add_func ("/modelfile/accidents/bit-flips", test_bit_flips);
  g_test_add_func ("/modelfile/accidents/bit-flips-of-an-ensemble",
      test_bit_flips_of_an_ensemble);
  g_test_add_func ("/modelfile/accidents/mutations", test_mutations);
  g_test_add_func ("/modelfile/load-names-the-path", test_load_names_the_path);
  g_test_add_func ("/modelfile/save-names-the-path", test_save_names_the_path);
  g_test_add_func ("/modelfile/broken-model-is-not-saved",
      test_broken_model_is_not_saved);
  g_test_add_func ("/modelfile/too-large-model-is-not-saved",
      test_too_large_model_is_not_saved);
  return g_test_run ();
}
