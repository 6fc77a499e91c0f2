/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "vaetest.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

static gchar *folder;
static gchar *path;             /* where the element under test writes to */
static gchar *expected;         /* where the engine does */

static void
setup (void)
{
  folder = folder_new ();
  path = g_build_filename (folder, "model.bin", NULL);
  expected = g_build_filename (folder, "expected.bin", NULL);
}

static void
teardown (void)
{
  folder_free (folder);
  g_free (path);
  g_free (expected);
}

/* --- what the tests do -------------------------------------------------- */

typedef struct
{
  GstElement *element;
  GstHarness *harness;
  GstBus *bus;
} Fixture;

static GstElement *
element_new (const gchar * properties)
{
  gchar *description = g_strdup_printf ("vaetrain %s", properties);
  GstElement *element = gst_parse_launch (description, NULL);

  fail_unless (element != NULL, "%s", description);
  g_object_set (element, "model", path, NULL);
  g_free (description);
  return element;
}

static void
fixture_init (Fixture * f, const gchar * properties)
{
  f->element = element_new (properties);
  f->bus = bus_new (f->element);
  f->harness = gst_harness_new_with_element (f->element, "sink", NULL);
}

static void
fixture_clear (Fixture * f)
{
  gst_harness_teardown (f->harness);
  bus_free (f->bus, f->element);
  gst_object_unref (f->element);
}

static gboolean
push_eos (Fixture * f)
{
  return gst_harness_push_event (f->harness, gst_event_new_eos ());
}

static gpointer
push_eos_in_thread (gpointer fixture)
{
  return GINT_TO_POINTER (push_eos (fixture));
}

static gboolean
is_written (void)
{
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* What the engine makes of it, in `expected`. */
static void
train_expected (const VaeParams * params, const VaeRows * rows)
{
  VaeModel *model = vae_train (params, rows, 1, NULL, NULL, NULL, NULL);

  fail_unless (model != NULL);
  fail_unless (vae_model_save (model, expected, NULL));
  vae_model_unref (model);
}

/* The defaults, of three channels. */
static VaeParams
params_of (guint epochs)
{
  VaeParams params;

  vae_params_init (&params);
  params.channels = 3;
  params.epochs = epochs;
  return params;
}

static const gchar *
progress_text (GstMessage * message, GstProgressType type)
{
  static gchar text[256];
  GstProgressType actual;
  gchar *code, *actual_text;

  gst_message_parse_progress (message, &actual, &code, &actual_text);
  fail_unless_equals_int (actual, type);
  fail_unless_equals_string (code, "vae-train");
  g_strlcpy (text, actual_text, sizeof text);
  g_free (code);
  g_free (actual_text);
  return text;
}

static gdouble
number (const GstStructure * structure, const gchar * field)
{
  gdouble value = NAN;

  fail_unless (gst_structure_get_double (structure, field, &value), "%s",
      field);
  return value;
}

static guint
count (const GstStructure * structure, const gchar * field)
{
  guint value = 0;

  fail_unless (gst_structure_get_uint (structure, field, &value), "%s", field);
  return value;
}

/* --- properties --------------------------------------------------------- */

static void
check_defaults (const gchar * properties, const VaeParams * p)
{
  GstElement *element = element_new (properties);
  gint kind, activation, loss, scaler, threshold;
  guint latent_dim, window, batch_size, epochs, patience, prototypes, smoothing;
  guint drift;
  gdouble beta, learning_rate, validation, clip, quantile;
  guint64 seed;
  gboolean skip_labelled;

  g_object_get (element, "kind", &kind, "activation", &activation, "loss",
      &loss, "scaler", &scaler, "clip", &clip, "prototypes", &prototypes,
      "latent-dim", &latent_dim, "window", &window, "batch-size", &batch_size,
      "epochs", &epochs, "patience", &patience, "beta", &beta,
      "learning-rate", &learning_rate, "validation", &validation, "seed",
      &seed, "skip-labelled", &skip_labelled, "smoothing", &smoothing,
      "drift", &drift, "threshold-method", &threshold, "quantile", &quantile,
      NULL);
  fail_unless_equals_int (kind, p->kind);
  fail_unless_equals_int (activation, p->activation);
  fail_unless_equals_int (loss, p->loss);
  fail_unless_equals_int (scaler, p->scaler);
  fail_unless_equals_float (clip, p->clip);
  fail_unless_equals_int (prototypes, p->prototypes);
  fail_unless_equals_int (latent_dim, p->latent_dim);
  fail_unless_equals_int (window, p->window);
  fail_unless_equals_int (batch_size, p->batch_size);
  fail_unless_equals_int (epochs, p->epochs);
  fail_unless_equals_int (patience, p->patience);
  fail_unless_equals_float (beta, p->beta);
  fail_unless_equals_float (learning_rate, p->learning_rate);
  fail_unless_equals_float (validation, p->validation);
  fail_unless_equals_uint64 (seed, p->seed);
  fail_unless_equals_int (skip_labelled, p->skip_labelled);
  fail_unless_equals_int (smoothing, p->smoothing);
  fail_unless_equals_int (drift, p->drift);
  fail_unless_equals_int (threshold, p->threshold);
  fail_unless_equals_float (quantile, p->quantile);
  gst_object_unref (element);
}

/* Whatever the order in which they are set. */
GST_START_TEST (test_defaults_are_the_engines)
{
  VaeParams params;

  vae_params_init (&params);
  check_defaults ("", &params);
  params.window = 3;
  check_defaults ("window=3", &params);
  params.window = 16;
  params.kind = VAE_KIND_VAE;
  check_defaults ("betas=\"<1,2>\"", &params);

  vae_params_init_seed (&params);
  check_defaults ("loss=seed", &params);
  params.latent_dim = 5;
  params.kind = VAE_KIND_AE;
  check_defaults ("latent-dim=5 kind=ae loss=seed", &params);
  check_defaults ("loss=seed kind=ae latent-dim=5", &params);
}

GST_END_TEST;

GST_START_TEST (test_defaults_of_what_is_not_the_engines)
{
  GstElement *element = gst_element_factory_make ("vaetrain", NULL);
  gint select;
  guint threads;
  guint64 max_rows;
  gboolean silent, sync;
  gchar *model, *initial_model;

  g_object_get (element, "select", &select, "threads", &threads, "max-rows",
      &max_rows, "silent", &silent, "sync", &sync, "model", &model,
      "initial-model", &initial_model, NULL);
  fail_unless_equals_int (select, VAE_SELECT_ELBO);
  fail_unless_equals_int (threads, 0);
  fail_unless_equals_uint64 (max_rows, 10000000);
  fail_if (silent);
  fail_if (sync);
  fail_unless (model == NULL);
  fail_unless (initial_model == NULL);
  gst_object_unref (element);
}

GST_END_TEST;

static void
check_nicks (GstElement * element, const gchar * property,
    const gchar * (*name_of) (gint value))
{
  GParamSpec *pspec =
      g_object_class_find_property (G_OBJECT_GET_CLASS (element), property);
  GEnumClass *enumeration = G_PARAM_SPEC_ENUM (pspec)->enum_class;

  for (gint i = 0; i < (gint) enumeration->n_values; i++)
    fail_unless_equals_string (enumeration->values[i].value_nick,
        name_of (enumeration->values[i].value));
  fail_unless (name_of ((gint) enumeration->n_values) == NULL, "%s", property);
}

static const gchar *
name_of_kind (gint value)
{
  return vae_kind_name (value);
}

static const gchar *
name_of_activation (gint value)
{
  return vae_activation_name (value);
}

static const gchar *
name_of_loss (gint value)
{
  return vae_loss_name (value);
}

static const gchar *
name_of_threshold (gint value)
{
  return vae_threshold_name (value);
}

static const gchar *
name_of_scaler (gint value)
{
  return vae_scaler_name (value);
}

GST_START_TEST (test_enumerations_are_the_engines)
{
  GstElement *element = gst_element_factory_make ("vaetrain", NULL);

  check_nicks (element, "kind", name_of_kind);
  check_nicks (element, "activation", name_of_activation);
  check_nicks (element, "loss", name_of_loss);
  check_nicks (element, "scaler", name_of_scaler);
  check_nicks (element, "threshold-method", name_of_threshold);
  gst_object_unref (element);
}

GST_END_TEST;

static void
check_hidden (const gchar * properties, guint n, const gint *units)
{
  GstElement *element = element_new (properties);
  GValue value = G_VALUE_INIT;

  g_value_init (&value, GST_TYPE_ARRAY);
  g_object_get_property (G_OBJECT (element), "hidden", &value);
  fail_unless_equals_int (gst_value_array_get_size (&value), n);
  for (guint i = 0; i < n; i++)
    fail_unless_equals_int (g_value_get_int (gst_value_array_get_value (&value,
                i)), units[i]);
  g_value_unset (&value);
  gst_object_unref (element);
}

GST_START_TEST (test_hidden_depends_on_kind_and_loss_until_it_is_set)
{
  const gint vae[] = { 128, 64 }, seed[] = { 64, 32 }, ae[] = { 32 };
  const gint set[] = { 7, 5, 3 };

  check_hidden ("", 2, vae);
  check_hidden ("kind=vae", 2, vae);
  check_hidden ("loss=seed", 2, seed);
  check_hidden ("kind=ae", 1, ae);
  check_hidden ("kind=ae loss=seed", 1, ae);
  check_hidden ("kind=ae hidden=\"<64,32>\"", 2, seed);
  check_hidden ("hidden=\"<7,5,3>\" loss=seed", 3, set);
}

GST_END_TEST;

/* Every setting, with values that are not the defaults, reaches the engine. */
GST_START_TEST (test_properties_reach_the_engine)
{
  VaeParams params = params_of (3);
  Series *series = series_new (3, 300, 1);
  const VaeRows rows = {.data = series->data,.n_rows = 300 };
  Fixture f;

  params.activation = VAE_ACTIVATION_TANH;
  params.scaler = VAE_SCALER_ROBUST;
  params.clip = 2;
  params.prototypes = 5;
  params.window = 2;
  params.n_hidden = 3;
  params.hidden[0] = 9;
  params.hidden[1] = 8;
  params.hidden[2] = 7;
  params.latent_dim = 2;
  params.beta = 0.25;
  params.learning_rate = 0.01;
  params.batch_size = 20;
  params.seed = G_GUINT64_CONSTANT (12345678901234567890);
  params.validation = 0.4;
  params.patience = 1;
  params.smoothing = 4;
  params.drift = 20;
  params.threshold = VAE_THRESHOLD_SPOT;
  params.quantile = 0.99;
  train_expected (&params, &rows);

  fixture_init (&f, "activation=tanh scaler=robust hidden=\"<9,8,7>\" "
      "latent-dim=2 beta=0.25 learning-rate=0.01 batch-size=20 "
      "seed=12345678901234567890 validation=0.4 patience=1 epochs=3 window=2 "
      "clip=2 prototypes=5 smoothing=4 drift=20 quantile=0.99 "
      "threshold-method=spot");
  push_series (f.harness, series, 0, 300, 50, FALSE);
  fail_unless (push_eos (&f));
  fail_unless_same_file (path, expected);
  fixture_clear (&f);
  series_free (series);
}

GST_END_TEST;

/* Each kind under each loss. */
GST_START_TEST (test_kind_and_loss_reach_the_engine)
{
  const VaeKind kind = (VaeKind) (__i__ / 2);
  const gboolean is_seed = __i__ % 2;
  Series *series = series_new (3, 300, 1);
  const VaeRows rows = {.data = series->data,.n_rows = 300 };
  gchar *properties = g_strdup_printf ("epochs=2 kind=%s%s",
      vae_kind_name (kind), is_seed ? " loss=seed" : "");
  VaeParams params;
  Fixture f;

  if (is_seed)
    vae_params_init_seed (&params);
  else
    vae_params_init (&params);
  params.kind = kind;
  params.channels = 3;
  params.epochs = 2;
  if (kind == VAE_KIND_AE) {
    params.n_hidden = 1;
    params.hidden[0] = 32;
  }
  train_expected (&params, &rows);

  fixture_init (&f, properties);
  push_series (f.harness, series, 0, 300, 50, FALSE);
  fail_unless (push_eos (&f));
  fail_unless_same_file (path, expected);
  fixture_clear (&f);
  series_free (series);
  g_free (properties);
}

GST_END_TEST;

static const struct
{
  const gchar *properties;
  const gchar *says;
} bad_settings[] = {
  {"latent-dim=0", "latent-dim is 0"},
  {"latent-dim=4294967295", "latent-dim"},
  {"hidden=\"<64,0>\"", "hidden"},
  {"hidden=\"<64,-1>\"", "hidden holds -1"},
  {"hidden=\"<2.5>\"", "hidden holds 2.5"},
  {"hidden=\"<1,1,1,1,1,1,1,1,1>\"", "9 layers"},
  {"kind=ae hidden=\"<>\"", "hidden"},
  {"beta=-1", "beta is -1"},
  {"beta=nan", "beta is nan"},
  {"window=0", "window is 0"},
  {"window=65536 hidden=\"<65536>\"", "weights"},
  {"learning-rate=0", "learning-rate is 0"},
  {"learning-rate=nan", "learning-rate is nan"},
  {"batch-size=0", "batch-size is 0"},
  {"epochs=0", "epochs is 0"},
  {"validation=1", "validation is 1"},
  {"validation=-0.1", "validation is -0.1"},
  {"validation=nan", "validation is nan"},
  {"clip=-1", "clip is -1"},
  {"clip=nan", "clip is nan"},
  {"prototypes=0", "prototypes is 0"},
  {"smoothing=1000001", "smoothing is 1000001"},
  {"drift=1000001", "drift is 1000001"},
  {"quantile=0.4", "quantile is 0.4"},
  {"quantile=1", "quantile is 1"},
  {"quantile=nan", "quantile is nan"},
  {"quantile=0.98 threshold-method=pot", "quantile is 0.98"},
  {"latent-dims=\"<3,0>\"", "latent-dim is 0"},
  {"latent-dims=\"<3,-2>\"", "latent-dims holds -2"},
  {"latent-dims=\"<text>\"", "latent-dims holds nan"},
  {"betas=\"<1,-1>\"", "beta is -1"},
  {"betas=\"<1,nan>\"", "beta is nan"},
  {"kind=ae betas=\"<1,2>\"", "kind=ae"},
  {"kind=ensemble latent-dims=\"<1,2>\"", "kind=ensemble"},
};

GST_START_TEST (test_bad_settings_are_refused)
{
  GstElement *element = element_new (bad_settings[__i__].properties);
  GstBus *bus = bus_new (element);

  fail_unless_equals_int (gst_element_set_state (element, GST_STATE_PAUSED),
      GST_STATE_CHANGE_FAILURE);
  expect_error (bus, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS,
      bad_settings[__i__].says);
  gst_element_set_state (element, GST_STATE_NULL);
  bus_free (bus, element);
  gst_object_unref (element);
}

GST_END_TEST;

static void
expect_refused_path (const gchar * model, gint code, const gchar * says)
{
  GstElement *element = gst_element_factory_make ("vaetrain", NULL);
  GstBus *bus = bus_new (element);

  g_object_set (element, "model", model, NULL);
  fail_unless_equals_int (gst_element_set_state (element, GST_STATE_PAUSED),
      GST_STATE_CHANGE_FAILURE);
  expect_error (bus, GST_RESOURCE_ERROR, code, says);
  gst_element_set_state (element, GST_STATE_NULL);
  bus_free (bus, element);
  gst_object_unref (element);
}

GST_START_TEST (test_bad_paths_are_refused)
{
  gchar *below = g_build_filename (folder, "none", "model.bin", NULL);
  gchar *as_folder = g_strconcat (folder, "/model/", NULL);

  expect_refused_path (NULL, GST_RESOURCE_ERROR_NOT_FOUND, "not set");
  expect_refused_path ("", GST_RESOURCE_ERROR_NOT_FOUND, "not set");
  expect_refused_path (below, GST_RESOURCE_ERROR_NOT_FOUND, "no folder");
  expect_refused_path (folder, GST_RESOURCE_ERROR_OPEN_WRITE, "is a folder");
  expect_refused_path (as_folder, GST_RESOURCE_ERROR_OPEN_WRITE, "is a folder");
  expect_refused_path ("/dev/null", GST_RESOURCE_ERROR_OPEN_WRITE,
      "not a regular file");
  g_free (below);
  g_free (as_folder);
}

GST_END_TEST;

GST_START_TEST (test_unwritable_folder_is_refused)
{
  const gboolean is_root = geteuid () == 0;

  g_chmod (folder, 0500);
  /* To root, all folders are writable: for a while be nobody. */
  if (is_root)
    fail_unless_equals_int (setresuid (65534, 65534, 0), 0);
  expect_refused_path (path, GST_RESOURCE_ERROR_OPEN_WRITE, "denied");
  if (is_root)
    fail_unless_equals_int (setresuid (0, 0, 0), 0);
  g_chmod (folder, 0700);
}

GST_END_TEST;

GST_START_TEST (test_property_that_is_set_in_ready_counts)
{
  GstElement *element = element_new ("epochs=1");
  GstBus *bus = bus_new (element);

  gst_element_set_state (element, GST_STATE_READY);
  g_object_set (element, "epochs", 0, NULL);
  fail_unless_equals_int (gst_element_set_state (element, GST_STATE_PAUSED),
      GST_STATE_CHANGE_FAILURE);
  expect_error (bus, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS, "epochs");
  gst_element_set_state (element, GST_STATE_NULL);
  bus_free (bus, element);
  gst_object_unref (element);
}

GST_END_TEST;

/* --- what is trained on ------------------------------------------------- */

/* However the stream is cut, with the window across the cuts. */
GST_START_TEST (test_buffering_does_not_matter)
{
  static const guint rows_per_buffer[] = { 1, 7, 64, 5000 };
  VaeParams params = params_of (2);
  Series *series = series_new (3, 1000, 1);
  const VaeRows rows = {.data = series->data,.n_rows = 1000 };
  Fixture f;

  params.window = 4;
  train_expected (&params, &rows);
  fixture_init (&f, "epochs=2 window=4");
  push_series (f.harness, series, 0, 1000, rows_per_buffer[__i__], FALSE);
  fail_unless (push_eos (&f));
  fail_unless_same_file (path, expected);
  fixture_clear (&f);
  series_free (series);
}

GST_END_TEST;

static void
push_discont (GstHarness * harness, const Series * series, gsize first_row)
{
  GstBuffer *buffer = series_buffer (series, first_row, 100, FALSE);

  GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  fail_unless_equals_int (gst_harness_push (harness, buffer), GST_FLOW_OK);
}

GST_START_TEST (test_no_window_spans_a_discont_or_segment)
{
  VaeParams params = params_of (2);
  Series *series = series_new (3, 400, 1);
  guint8 breaks[400] = { 0 };
  const VaeRows rows = {.data = series->data,.breaks = breaks,.n_rows = 400 };
  GstSegment segment;
  Fixture f;

  breaks[100] = breaks[300] = 1;
  params.window = 4;
  train_expected (&params, &rows);

  fixture_init (&f, "epochs=2 window=4");
  push_series (f.harness, series, 0, 100, 100, FALSE);
  push_discont (f.harness, series, 100);
  push_series (f.harness, series, 200, 100, 100, FALSE);
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_harness_push_event (f.harness, gst_event_new_segment (&segment));
  push_series (f.harness, series, 300, 100, 100, FALSE);
  fail_unless (push_eos (&f));
  fail_unless_same_file (path, expected);
  fixture_clear (&f);
  series_free (series);
}

GST_END_TEST;

GST_START_TEST (test_labels_are_ignored)
{
  VaeParams params = params_of (2);
  Series *series = series_new (3, 500, 1);
  const VaeRows rows = {.data = series->data,.n_rows = 500 };
  Fixture f;

  train_expected (&params, &rows);
  fixture_init (&f, "epochs=2");
  push_series (f.harness, series, 0, 500, 50, TRUE);
  fail_unless (push_eos (&f));
  fail_unless_same_file (path, expected);
  fixture_clear (&f);
  series_free (series);
}

GST_END_TEST;

GST_START_TEST (test_labelled_rows_are_skipped)
{
  VaeParams params = params_of (2);
  Series *series = series_new (3, 500, 1);
  const VaeRows rows = {.data = series->data,.labels = series->labels,
    .n_rows = 500
  };
  GstMessage *trained;
  guint64 n_rows;
  Fixture f;

  params.skip_labelled = TRUE;
  params.window = 2;
  train_expected (&params, &rows);
  fixture_init (&f, "epochs=2 window=2 skip-labelled=true");
  push_series (f.harness, series, 0, 500, 50, TRUE);
  fail_unless (push_eos (&f));
  fail_unless_same_file (path, expected);

  trained = wait_for_event (f.bus, "trained");
  fail_unless (trained != NULL);
  fail_unless (gst_structure_get_uint64 (gst_message_get_structure (trained),
          "rows", &n_rows));
  fail_unless (n_rows < 399, "%" G_GUINT64_FORMAT, n_rows);
  gst_message_unref (trained);
  fixture_clear (&f);
  series_free (series);
}

GST_END_TEST;

static void
expect_refused_caps (const gchar * properties, const gchar * caps,
    GQuark domain, gint code, const gchar * says)
{
  Fixture f;

  fixture_init (&f, properties);
  gst_harness_set_src_caps_str (f.harness, caps);
  expect_error (f.bus, domain, code, says);
  fixture_clear (&f);
}

#define DATA_ONLY "other/tensors, format=static, num_tensors=1, " \
    "dimensions=(string)\"3:2\", types=(string)float32, framerate=0/1"
#define HUGE_ROWS "other/tensors, format=static, num_tensors=1, " \
    "dimensions=(string)\"60000:2\", types=(string)float32, framerate=0/1"

GST_START_TEST (test_bad_streams_are_refused)
{
  expect_refused_caps ("skip-labelled=true", DATA_ONLY, GST_CORE_ERROR,
      GST_CORE_ERROR_NEGOTIATION, "skip-labelled needs labels");
  expect_refused_caps ("latent-dims=\"<1>\" select=auroc", DATA_ONLY,
      GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION, "select needs labels");
  expect_refused_caps ("", "other/tensors, format=static, num_tensors=1, "
      "dimensions=(string)\"3:2\", types=(string)int16, framerate=0/1",
      GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION, "float32");
  expect_refused_caps ("", "other/tensors, format=static, num_tensors=1, "
      "dimensions=(string)\"3:two\", types=(string)float32, framerate=0/1",
      GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION, "3:two");
  expect_refused_caps ("window=6000", HUGE_ROWS, GST_LIBRARY_ERROR,
      GST_LIBRARY_ERROR_SETTINGS, "weights");
}

GST_END_TEST;

/* Caps as people write them, and a buffer that came through a file. */
GST_START_TEST (test_generous_caps_and_flattened_buffers)
{
  static const gchar *const spellings[] = {
    "other/tensors, num_tensors=2, dimensions=(string)\"3:100,1:100\", "
        "types=(string)\"float32,uint8\"",
    "other/tensors, format=static, num_tensors=2, "
        "dimensions=(string)\"3:100:1:1,1:100:1:1\", "
        "types=(string)\"float32,uint8\", framerate=5/1",
    "other/tensors, format=static, num_tensors=2, "
        "dimensions=(string)3:100.1:100, types=(string)float32.uint8, "
        "framerate=5/1",
  };
  VaeParams params = params_of (2);
  Series *series = series_new (3, 100, 1);
  const VaeRows rows = {.data = series->data,.n_rows = 100 };
  gsize data_size = 100 * 3 * sizeof (gfloat);
  GstBuffer *flat = gst_buffer_new_allocate (NULL, data_size + 100, NULL);
  Fixture f;

  train_expected (&params, &rows);
  gst_buffer_fill (flat, 0, series->data, data_size);
  gst_buffer_fill (flat, data_size, series->labels, 100);
  fixture_init (&f, "epochs=2");
  gst_harness_set_src_caps_str (f.harness, spellings[__i__]);
  fail_unless_equals_int (gst_harness_push (f.harness, flat), GST_FLOW_OK);
  fail_unless (push_eos (&f));
  fail_unless_same_file (path, expected);
  fixture_clear (&f);
  series_free (series);
}

GST_END_TEST;

/* Caps without a framerate and a format, of rows that come from a file. */
GST_START_TEST (test_raw_file_is_trained_on)
{
  gchar *raw = g_build_filename (folder, "rows.f32", NULL);
  VaeParams params = params_of (2);
  Series *series = series_new (3, 100, 1);
  const VaeRows rows = {.data = series->data,.n_rows = 100 };
  GstElement *pipeline;

  train_expected (&params, &rows);
  fail_unless (g_file_set_contents (raw, (const gchar *) series->data,
          100 * 3 * sizeof (gfloat), NULL));
  pipeline = pipeline_new ("filesrc location=%s blocksize=120 ! "
      "other/tensors,num_tensors=1,dimensions=3:10:1:1,types=float32 ! "
      "vaetrain epochs=2 model=%s", raw, path);
  fail_unless_equals_int (pipeline_run (pipeline), GST_MESSAGE_EOS);
  fail_unless_same_file (path, expected);
  pipeline_free (pipeline);
  series_free (series);
  g_free (raw);
}

GST_END_TEST;

GST_START_TEST (test_other_channels_in_mid_stream_are_an_error)
{
  Series *three = series_new (3, 100, 1), *four = series_new (4, 100, 1);
  GstVaeTensorsInfo info = series_info (four, 100, FALSE);
  Fixture f;

  fixture_init (&f, "");
  push_series (f.harness, three, 0, 100, 100, FALSE);
  push_caps (f.harness, &info);
  expect_error (f.bus, GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION,
      "100 rows of 3 channels the stream changed to 4");
  fail_if (is_written ());
  fixture_clear (&f);
  series_free (three);
  series_free (four);
}

GST_END_TEST;

GST_START_TEST (test_bad_buffers_are_errors)
{
  Series *series = series_new (3, 100, 1);
  GstVaeTensorsInfo info = series_info (series, 100, TRUE);
  Fixture f;

  fixture_init (&f, "");
  push_caps (f.harness, &info);
  fail_unless_equals_int (gst_harness_push (f.harness,
          gst_buffer_new_allocate (NULL, 100, NULL)), GST_FLOW_ERROR);
  expect_error (f.bus, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT, "100");
  fixture_clear (&f);

  series->labels[42] = 2;
  fixture_init (&f, "");
  push_caps (f.harness, &info);
  fail_unless_equals_int (gst_harness_push (f.harness, series_buffer (series,
              0, 100, TRUE)), GST_FLOW_ERROR);
  expect_error (f.bus, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
      "label of row 42 is 2");
  fixture_clear (&f);
  series_free (series);
}

GST_END_TEST;

GST_START_TEST (test_stream_without_rows_is_an_error)
{
  Series *series = series_new (3, 1, 1);
  GstVaeTensorsInfo info = series_info (series, 1, FALSE);
  Fixture f;

  g_file_set_contents (path, "old", -1, NULL);
  fixture_init (&f, "");
  push_caps (f.harness, &info);
  fail_if (push_eos (&f));
  expect_error (f.bus, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
      "without a row");
  fail_unless_equals_int (count_messages (f.bus, GST_MESSAGE_EOS), 0);
  fixture_clear (&f);

  /* Nothing is overwritten by a training that fails. */
  g_file_set_contents (expected, "old", -1, NULL);
  fail_unless_same_file (path, expected);
  series_free (series);
}

GST_END_TEST;

static void
expect_untrainable (const Series * series, const gchar * properties)
{
  GstMessage *message;
  Fixture f;

  fixture_init (&f, properties);
  push_series (f.harness, series, 0, series->n_rows, 100, FALSE);
  fail_if (push_eos (&f));
  gst_message_unref (wait_for (f.bus, GST_MESSAGE_PROGRESS));
  message = wait_for (f.bus, GST_MESSAGE_PROGRESS);
  progress_text (message, GST_PROGRESS_TYPE_ERROR);
  gst_message_unref (message);
  expect_error (f.bus, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT, "");
  fail_if (is_written ());
  fixture_clear (&f);
}

GST_START_TEST (test_rows_that_do_not_suffice_are_an_error)
{
  Series *one = series_new (3, 1, 1), *missing = series_new (3, 100, 1);

  for (guint i = 0; i < 300; i++)
    missing->data[i] = NAN;
  expect_untrainable (one, "");
  expect_untrainable (missing, "");
  expect_untrainable (missing, "window=101 validation=0");
  series_free (one);
  series_free (missing);
}

GST_END_TEST;

/* --- audio -------------------------------------------------------------- */

/* The rows as samples of 16 bits, and what these are as floats. */
static gint16 *
to_samples (Series * series)
{
  const gsize n = series->n_rows * series->channels;
  gint16 *samples = g_new (gint16, n);

  for (gsize i = 0; i < n; i++) {
    samples[i] = (gint16) (series->data[i] * 3000);
    series->data[i] = (gfloat) samples[i] / 32768.0f;
  }
  return samples;
}

#define AUDIO_CAPS "audio/x-raw, format=S16LE, layout=interleaved, " \
    "rate=8000, channels=3"

/* A frame is a row, however the stream is cut, and a DISCONT a gap. */
GST_START_TEST (test_audio_is_trained_on)
{
  static const gsize frames_per_buffer[] = { 1, 7, 100 };
  const gsize frames = frames_per_buffer[__i__];
  const gsize gap = 210 - 210 % frames;
  VaeParams params = params_of (2);
  Series *series = series_new (3, 500, 1);
  gint16 *samples = to_samples (series);
  guint8 breaks[500] = { 0 };
  const VaeRows rows = {.data = series->data,.breaks = breaks,.n_rows = 500 };
  Fixture f;

  breaks[gap] = 1;
  train_expected (&params, &rows);
  fixture_init (&f, "epochs=2");
  gst_harness_set_src_caps_str (f.harness, AUDIO_CAPS);
  for (gsize i = 0; i < 500; i += frames) {
    GstBuffer *buffer = gst_buffer_new_memdup (samples + i * 3,
        MIN (frames, 500 - i) * 3 * sizeof (gint16));

    if (i == gap)
      GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
    fail_unless_equals_int (gst_harness_push (f.harness, buffer), GST_FLOW_OK);
  }
  fail_unless (push_eos (&f));
  fail_unless_same_file (path, expected);
  fixture_clear (&f);
  series_free (series);
  g_free (samples);
}

GST_END_TEST;

GST_START_TEST (test_max_rows_counts_frames)
{
  VaeParams params = params_of (2);
  Series *series = series_new (3, 500, 1);
  gint16 *samples = to_samples (series);
  const VaeRows rows = {.data = series->data,.n_rows = 150 };
  Fixture f;

  train_expected (&params, &rows);
  fixture_init (&f, "epochs=2 max-rows=150");
  gst_harness_set_src_caps_str (f.harness, AUDIO_CAPS);
  fail_unless_equals_int (gst_harness_push (f.harness,
          gst_buffer_new_memdup (samples, 500 * 3 * sizeof (gint16))),
      GST_FLOW_EOS);
  fail_unless (push_eos (&f));
  fail_unless_same_file (path, expected);
  fixture_clear (&f);
  series_free (series);
  g_free (samples);
}

GST_END_TEST;

GST_START_TEST (test_bad_audio_is_refused)
{
  Fixture f;

  expect_refused_caps ("", "audio/x-raw, format=S16LE, rate=8000, channels=2",
      GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION, "layout");
  expect_refused_caps ("skip-labelled=true", AUDIO_CAPS, GST_CORE_ERROR,
      GST_CORE_ERROR_NEGOTIATION, "skip-labelled needs labels");
  expect_refused_caps ("", "audio/x-raw, format=S16LE, layout=interleaved, "
      "rate=8000, channels=65537", GST_LIBRARY_ERROR,
      GST_LIBRARY_ERROR_SETTINGS, "channels is 65537");

  fixture_init (&f, "");
  gst_harness_set_src_caps_str (f.harness, AUDIO_CAPS);
  fail_unless_equals_int (gst_harness_push (f.harness,
          gst_buffer_new_allocate (NULL, 10, NULL)), GST_FLOW_ERROR);
  expect_error (f.bus, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT, "10 bytes");
  fixture_clear (&f);
}

GST_END_TEST;

/* As it comes out of a file: whatever wavparse makes of the samples. */
GST_START_TEST (test_wav_is_trained_on)
{
  static const gchar *const formats[] = { "S16LE", "S32LE", "F32LE", "F64LE" };
  gchar *wav = g_build_filename (folder, "rows.wav", NULL);
  GstElement *pipeline;
  GstMessage *trained;
  GstBus *bus;
  guint64 rows = 0;

  pipeline = pipeline_new ("audiotestsrc wave=pink-noise num-buffers=10 "
      "samplesperbuffer=100 ! audio/x-raw,format=%s,channels=4,rate=8000,"
      "channel-mask=(bitmask)0 ! wavenc ! filesink location=%s",
      formats[__i__], wav);
  fail_unless_equals_int (pipeline_run (pipeline), GST_MESSAGE_EOS);
  pipeline_free (pipeline);

  pipeline = pipeline_new ("filesrc location=%s ! wavparse ! vaetrain "
      "epochs=2 validation=0 model=%s", wav, path);
  bus = gst_element_get_bus (pipeline);
  fail_unless_equals_int (pipeline_run (pipeline), GST_MESSAGE_EOS);
  trained = wait_for_event (bus, "trained");
  fail_unless (trained != NULL);
  fail_unless (gst_structure_get_uint64 (gst_message_get_structure (trained),
          "rows", &rows));
  fail_unless_equals_uint64 (rows, 1000 - 15);
  gst_message_unref (trained);
  gst_object_unref (bus);
  pipeline_free (pipeline);
  g_free (wav);
}

GST_END_TEST;

/* --- initial-model ------------------------------------------------------ */

/* The path of a model that three epochs on the series gave. */
static gchar *
initial_model_new (const Series * series, const VaeParams * params)
{
  gchar *initial = g_build_filename (folder, "initial.bin", NULL);

  train_model (params, series, initial);
  return initial;
}

/* What is not set is as it was; `patience` is. */
GST_START_TEST (test_training_goes_on_from_a_model)
{
  const gboolean in_place = __i__;
  VaeParams params = params_of (3);
  Series *series = series_new (3, 400, 1), *next = series_new (3, 400, 2);
  const VaeRows rows = {.data = next->data,.n_rows = 400 };
  VaeModel *initial, *model;
  gchar *initial_path, *properties;
  Fixture f;

  params.loss = VAE_LOSS_SEED;
  params.kind = VAE_KIND_AE;
  params.window = 3;
  params.n_hidden = 3;
  params.hidden[2] = 5;
  params.learning_rate = 0.01;
  params.seed = 3;
  initial_path = initial_model_new (series, &params);

  params.patience = 7;
  initial = vae_model_load (initial_path, NULL);
  model = vae_train_from (initial, &params, &rows, 1, NULL, NULL, NULL, NULL);
  fail_unless (model != NULL);
  fail_unless (vae_model_save (model, expected, NULL));
  vae_model_unref (model);
  vae_model_unref (initial);

  if (in_place)
    fail_unless_equals_int (g_rename (initial_path, path), 0);
  properties = g_strdup_printf ("patience=7 initial-model=%s",
      in_place ? path : initial_path);
  fixture_init (&f, properties);
  push_series (f.harness, next, 0, 400, 50, FALSE);
  fail_unless (push_eos (&f));
  fail_unless_same_file (path, expected);
  fixture_clear (&f);
  g_free (properties);
  g_free (initial_path);
  series_free (series);
  series_free (next);
}

GST_END_TEST;

static void
expect_refused_initial (const gchar * properties, const gchar * initial,
    GQuark domain, gint code, const gchar * says)
{
  GstElement *element = element_new (properties);
  GstBus *bus = bus_new (element);

  g_object_set (element, "initial-model", initial, NULL);
  fail_unless_equals_int (gst_element_set_state (element, GST_STATE_PAUSED),
      GST_STATE_CHANGE_FAILURE);
  expect_error (bus, domain, code, says);
  gst_element_set_state (element, GST_STATE_NULL);
  bus_free (bus, element);
  gst_object_unref (element);
}

GST_START_TEST (test_initial_model_that_does_not_fit_is_refused)
{
  Series *series = series_new (3, 400, 1);
  VaeParams params = params_of (1);
  gchar *initial = initial_model_new (series, &params);
  gchar *none = g_build_filename (folder, "none.bin", NULL);
  gchar *junk = g_build_filename (folder, "junk.bin", NULL);
  gchar *properties = g_strdup_printf ("initial-model=%s", initial);

  g_file_set_contents (junk, "no model", -1, NULL);
  expect_refused_initial ("", none, GST_RESOURCE_ERROR,
      GST_RESOURCE_ERROR_NOT_FOUND, "initial-model");
  expect_refused_initial ("", folder, GST_RESOURCE_ERROR,
      GST_RESOURCE_ERROR_OPEN_READ, "is a folder");
  expect_refused_initial ("", junk, GST_STREAM_ERROR, GST_STREAM_ERROR_DECODE,
      "junk.bin");
  expect_refused_initial ("latent-dim=3", initial, GST_LIBRARY_ERROR,
      GST_LIBRARY_ERROR_SETTINGS, "has latent-dim 32, this training 3");
  expect_refused_initial ("loss=seed", initial, GST_LIBRARY_ERROR,
      GST_LIBRARY_ERROR_SETTINGS, "has loss gaussian, this training seed");
  expect_refused_initial ("hidden=\"<64,32>\"", initial, GST_LIBRARY_ERROR,
      GST_LIBRARY_ERROR_SETTINGS, "has a hidden layer of 128");
  expect_refused_initial ("betas=\"<1,2>\"", initial, GST_LIBRARY_ERROR,
      GST_LIBRARY_ERROR_SETTINGS, "of no meaning to initial-model");
  expect_refused_caps (properties, "other/tensors, num_tensors=1, "
      "dimensions=(string)\"4:2\", types=(string)float32", GST_LIBRARY_ERROR,
      GST_LIBRARY_ERROR_SETTINGS, "has channels 3, this training 4");
  fail_if (is_written ());
  g_free (properties);
  g_free (junk);
  g_free (none);
  g_free (initial);
  series_free (series);
}

GST_END_TEST;

/* --- max-rows ----------------------------------------------------------- */

GST_START_TEST (test_endless_stream_is_trained_on)
{
  GstElement *pipeline = pipeline_new ("vaesynth num-samples=-1 features=3 "
      "samples-per-buffer=64 ! vaetrain epochs=2 max-rows=300 model=%s", path);
  GstBus *bus = gst_element_get_bus (pipeline);
  Series *series = series_new (3, 300, 0);
  const VaeRows rows = {.data = series->data,.n_rows = 300 };
  VaeParams params = params_of (2);
  GstMessage *warning;
  GError *error;

  train_expected (&params, &rows);
  fail_unless_equals_int (pipeline_run (pipeline), GST_MESSAGE_EOS);
  fail_unless_same_file (path, expected);

  warning = wait_for (bus, GST_MESSAGE_WARNING);
  gst_message_parse_warning (warning, &error, NULL);
  fail_unless (g_error_matches (error, GST_RESOURCE_ERROR,
          GST_RESOURCE_ERROR_NO_SPACE_LEFT));
  fail_unless (strstr (error->message, "max-rows=300"), "%s", error->message);
  g_error_free (error);
  gst_message_unref (warning);

  gst_object_unref (bus);
  pipeline_free (pipeline);
  series_free (series);
}

GST_END_TEST;

GST_START_TEST (test_rows_beyond_the_maximum_are_refused_once)
{
  Series *series = series_new (3, 300, 1);
  Fixture f;

  fixture_init (&f, "max-rows=150 epochs=1");
  push_series (f.harness, series, 0, 100, 100, FALSE);
  for (guint i = 0; i < 3; i++)
    fail_unless_equals_int (gst_harness_push (f.harness, series_buffer (series,
                100, 100, FALSE)), GST_FLOW_EOS);
  fail_unless (push_eos (&f));
  fail_unless_equals_int (count_messages (f.bus, GST_MESSAGE_WARNING), 1);
  fixture_clear (&f);
  series_free (series);
}

GST_END_TEST;

/* --- messages ----------------------------------------------------------- */

GST_START_TEST (test_eos_comes_after_the_model)
{
  GstElement *pipeline = pipeline_new ("vaesynth num-samples=500 ! "
      "vaetrain epochs=2 model=%s", path);
  GstBus *bus = gst_element_get_bus (pipeline);
  GstMessage *message;

  fail_unless_equals_int (pipeline_run (pipeline), GST_MESSAGE_EOS);
  message = wait_for_event (bus, "trained");
  fail_unless (message != NULL);
  gst_message_unref (message);
  message = wait_for (bus, GST_MESSAGE_EOS);
  fail_unless (message != NULL);
  gst_message_unref (message);
  fail_unless (is_written ());
  gst_object_unref (bus);
  pipeline_free (pipeline);
}

GST_END_TEST;

/* What its messages tell of a training of three epochs. */
static const struct
{
  const gchar *properties;
  guint64 rows;
  guint latent_dim;
  gboolean validated;
} told[] = {
  {"epochs=3 beta=0.5 loss=seed", 400, 3, TRUE},
  {"epochs=3 beta=0.5 loss=seed validation=0", 500, 3, FALSE},
  {"epochs=3 beta=0.5 patience=0", 385, 32, TRUE},
  {"epochs=3 beta=0.5 validation=0", 485, 32, FALSE},
};

static void
check_epoch (GstMessage * message, guint epoch, gint i)
{
  const GstStructure *s = gst_message_get_structure (message);

  fail_unless (gst_message_has_name (message, "vaetrain"));
  fail_unless_equals_string (gst_structure_get_string (s, "event"), "epoch");
  fail_unless_equals_int (count (s, "epoch"), epoch);
  fail_unless_equals_int (count (s, "epochs"), 3);
  fail_unless (isfinite (number (s, "loss")));
  fail_unless (number (s, "reconstruction") > 0);
  fail_unless (number (s, "kl") > 0);
  fail_unless (count (s, "active-latents") <= told[i].latent_dim);
  fail_unless_equals_int (gst_structure_has_field (s, "validation-loss"),
      told[i].validated);
  gst_message_unref (message);
}

/* A VAE that begins with the principal components may not get any better than
 * these: they are epoch 0, and have no training loss. */
static void
check_trained (GstMessage * message, gint i)
{
  const GstStructure *s = gst_message_get_structure (message);
  guint64 rows = 0;

  fail_unless_equals_string (gst_structure_get_string (s, "event"), "trained");
  fail_unless_equals_string (gst_structure_get_string (s, "model"), path);
  fail_unless (gst_structure_get_uint64 (s, "rows", &rows));
  fail_unless_equals_uint64 (rows, told[i].rows);
  fail_unless_equals_int (count (s, "epochs-run"), 3);
  fail_unless (count (s, "best-epoch") <= 3);
  fail_unless_equals_int (gst_structure_has_field (s, "loss"),
      count (s, "best-epoch") > 0);
  fail_unless_equals_int (count (s, "latent-dim"), told[i].latent_dim);
  fail_unless_equals_float (number (s, "beta"), 0.5);
  fail_unless_equals_int (gst_structure_has_field (s, "validation-loss"),
      told[i].validated);
  gst_message_unref (message);
}

GST_START_TEST (test_messages_tell_each_epoch_and_the_end)
{
  Series *series = series_new (3, 500, 1);
  Fixture f;

  fixture_init (&f, told[__i__].properties);
  push_series (f.harness, series, 0, 500, 50, FALSE);
  fail_unless (push_eos (&f));
  for (guint epoch = 1; epoch <= 3; epoch++)
    check_epoch (wait_for (f.bus, GST_MESSAGE_ELEMENT), epoch, __i__);
  check_trained (wait_for (f.bus, GST_MESSAGE_ELEMENT), __i__);
  fail_unless_equals_int (count_messages (f.bus, GST_MESSAGE_ELEMENT), 0);
  fixture_clear (&f);
  series_free (series);
}

GST_END_TEST;

GST_START_TEST (test_checksum_is_that_of_the_file)
{
  Series *series = series_new (3, 500, 1);
  GstMessage *trained;
  gchar *contents, *checksum;
  gsize length;
  Fixture f;

  fixture_init (&f, "epochs=1");
  push_series (f.harness, series, 0, 500, 50, FALSE);
  fail_unless (push_eos (&f));
  fail_unless (g_file_get_contents (path, &contents, &length, NULL));
  checksum = g_compute_checksum_for_data (G_CHECKSUM_SHA256,
      (const guchar *) contents, length);
  trained = wait_for_event (f.bus, "trained");
  fail_unless (trained != NULL);
  fail_unless_equals_string (gst_structure_get_string
      (gst_message_get_structure (trained), "checksum"), checksum);
  gst_message_unref (trained);
  g_free (contents);
  g_free (checksum);
  fixture_clear (&f);
  series_free (series);
}

GST_END_TEST;

static void
check_progress (GstBus * bus, GstProgressType type, const gchar * pattern)
{
  GstMessage *message = wait_for (bus, GST_MESSAGE_PROGRESS);
  const gchar *text;

  fail_unless (message != NULL);
  text = progress_text (message, type);
  fail_unless (g_regex_match_simple (pattern, text, G_REGEX_ANCHORED, 0), "%s",
      text);
  gst_message_unref (message);
}

GST_START_TEST (test_progress_from_start_to_completion)
{
  Series *series = series_new (3, 500, 1);
  Fixture f;

  fixture_init (&f, "epochs=2");
  push_series (f.harness, series, 0, 500, 50, FALSE);
  fail_unless (push_eos (&f));
  check_progress (f.bus, GST_PROGRESS_TYPE_START,
      "training on 500 rows of 3 channels$");
  check_progress (f.bus, GST_PROGRESS_TYPE_CONTINUE,
      "epoch 1/2: loss [0-9.]+, validation [0-9.]+, active latents [0-9]+/32, "
      "at most [1-9][0-9]* s left$");
  check_progress (f.bus, GST_PROGRESS_TYPE_CONTINUE,
      "epoch 2/2: loss [0-9.]+, validation [0-9.]+, active latents [0-9]+/32$");
  check_progress (f.bus, GST_PROGRESS_TYPE_COMPLETE, "model written to /");
  fail_unless_equals_int (count_messages (f.bus, GST_MESSAGE_PROGRESS), 0);
  fixture_clear (&f);
  series_free (series);
}

GST_END_TEST;

/* An epoch message each, but no more than about a hundred lines. */
GST_START_TEST (test_long_training_prints_little)
{
  Series *series = series_new (1, 20, 1);
  guint n_progress = 0, n_element = 0;
  GstMessage *message;
  Fixture f;

  fixture_init (&f, "epochs=1000 hidden=\"<2>\" loss=seed");
  push_series (f.harness, series, 0, 20, 20, FALSE);
  fail_unless (push_eos (&f));
  while ((message = gst_bus_pop (f.bus))) {
    n_progress += GST_MESSAGE_TYPE (message) == GST_MESSAGE_PROGRESS;
    n_element += GST_MESSAGE_TYPE (message) == GST_MESSAGE_ELEMENT;
    gst_message_unref (message);
  }
  fail_unless_equals_int (n_element, 1001);
  fail_unless_equals_int (n_progress, 102);
  fixture_clear (&f);
  series_free (series);
}

GST_END_TEST;

GST_START_TEST (test_silent)
{
  Series *series = series_new (3, 500, 1);
  GstMessage *message;
  Fixture f;

  fixture_init (&f, "epochs=3 silent=true beta=0.5 patience=0");
  push_series (f.harness, series, 0, 500, 50, FALSE);
  fail_unless (push_eos (&f));
  message = wait_for (f.bus, GST_MESSAGE_ELEMENT | GST_MESSAGE_PROGRESS);
  check_trained (message, 2);
  fail_unless_equals_int (count_messages (f.bus, GST_MESSAGE_PROGRESS), 0);
  fixture_clear (&f);
  series_free (series);
}

GST_END_TEST;

static const struct
{
  const gchar *properties;
  const gchar *says;            /* NULL = nothing */
} collapses[] = {
  {"epochs=30 loss=seed beta=1000", "none of its 3 latents"},
  {"epochs=5 loss=seed beta=0", NULL},
  {"epochs=2 beta=1000", "none of its 32 latents"},
  {"epochs=2", NULL},
};

GST_START_TEST (test_collapse_is_warned_of)
{
  const gchar *says = collapses[__i__].says;
  Series *series = series_new (3, 500, 1);
  GstMessage *message;
  GError *error;
  Fixture f;

  fixture_init (&f, collapses[__i__].properties);
  push_series (f.harness, series, 0, 500, 50, FALSE);
  fail_unless (push_eos (&f));
  fail_unless (is_written ());
  if (says) {
    message = wait_for (f.bus, GST_MESSAGE_WARNING);
    fail_unless (message != NULL);
    gst_message_parse_warning (message, &error, NULL);
    fail_unless (g_error_matches (error, GST_LIBRARY_ERROR,
            GST_LIBRARY_ERROR_SETTINGS));
    fail_unless (strstr (error->message, says), "%s", error->message);
    g_error_free (error);
    gst_message_unref (message);
  } else {
    fail_unless_equals_int (count_messages (f.bus, GST_MESSAGE_WARNING), 0);
  }
  fixture_clear (&f);
  series_free (series);
}

GST_END_TEST;

/* --- grid --------------------------------------------------------------- */

/* The chosen model, alone. */
static void
check_chosen (const Series * series, const GstStructure * trained,
    gboolean is_seed)
{
  const VaeRows rows = {.data = series->data,.labels = series->labels,
    .n_rows = series->n_rows
  };
  VaeParams params;

  if (is_seed)
    vae_params_init_seed (&params);
  else
    vae_params_init (&params);
  params.channels = 3;
  params.epochs = 2;
  params.kind = VAE_KIND_VAE;
  params.latent_dim = count (trained, "latent-dim");
  params.beta = number (trained, "beta");
  train_expected (&params, &rows);
  fail_unless_same_file (path, expected);
}

GST_START_TEST (test_grid_tells_its_cells_and_writes_the_best)
{
  const gboolean is_seed = __i__;
  Series *series = series_new (3, 500, 1);
  gdouble best = -INFINITY, best_beta = NAN;
  guint best_dim = 0;
  GstMessage *message;
  const GstStructure *s;
  Fixture f;

  fixture_init (&f, is_seed ?
      "epochs=2 latent-dims=\"<2,3,5>\" betas=\"<0.5,1>\" loss=seed" :
      "epochs=2 latent-dims=\"<2,3,5>\" betas=\"<0.5,1>\"");
  push_series (f.harness, series, 0, 500, 50, TRUE);
  fail_unless (push_eos (&f));
  for (guint i = 0; i < 6; i++) {
    message = wait_for (f.bus, GST_MESSAGE_ELEMENT);
    s = gst_message_get_structure (message);
    fail_unless_equals_string (gst_structure_get_string (s, "event"), "cell");
    /* The principal components, if they are the best, have no training loss. */
    fail_unless (gst_structure_has_field (s, "loss") || !is_seed);
    fail_unless (isfinite (number (s, "validation-loss")));
    fail_unless (number (s, "auroc") >= 0);
    fail_unless (number (s, "auprc") >= 0);
    fail_unless (count (s, "active-latents") <= count (s, "latent-dim"));
    fail_unless_equals_int (count (s, "epochs-run"), 2);
    if (number (s, "elbo") > best) {
      best = number (s, "elbo");
      best_beta = number (s, "beta");
      best_dim = count (s, "latent-dim");
    }
    gst_message_unref (message);
  }
  message = wait_for (f.bus, GST_MESSAGE_ELEMENT);
  s = gst_message_get_structure (message);
  fail_unless_equals_string (gst_structure_get_string (s, "event"), "trained");
  fail_unless_equals_int (count (s, "latent-dim"), best_dim);
  fail_unless_equals_float (number (s, "beta"), best_beta);
  check_chosen (series, s, is_seed);
  gst_message_unref (message);
  fixture_clear (&f);
  series_free (series);
}

GST_END_TEST;

/* What is not known is not printed. */
GST_START_TEST (test_progress_of_a_grid)
{
  Series *series = series_new (3, 500, 1);
  Fixture f;

  fixture_init (&f, __i__ ? "epochs=1 betas=\"<1,2>\" loss=seed threads=1" :
      "epochs=1 betas=\"<1,2>\" learning-rate=0.1 threads=1");
  push_series (f.harness, series, 0, 500, 50, FALSE);
  fail_unless (push_eos (&f));
  check_progress (f.bus, GST_PROGRESS_TYPE_START, "training on 500 rows");
  check_progress (f.bus, GST_PROGRESS_TYPE_CONTINUE, __i__ ?
      "cell 1/2: latent-dim 3, beta 1: loss [0-9.]+, validation [0-9.]+, "
      "active latents [0-3]/3, at most [1-9][0-9]* s left$" :
      "cell 1/2: latent-dim 32, beta 1: validation [0-9.]+, "
      "active latents [0-9]+/32, at most [1-9][0-9]* s left$");
  check_progress (f.bus, GST_PROGRESS_TYPE_CONTINUE,
      "cell 2/2: latent-dim [0-9]+, beta 2: .*, active latents [0-9]+/[0-9]+$");
  check_progress (f.bus, GST_PROGRESS_TYPE_COMPLETE, "model of latent-dim ");
  fixture_clear (&f);
  series_free (series);
}

GST_END_TEST;

GST_START_TEST (test_one_axis_makes_a_grid)
{
  Series *series = series_new (3, 300, 1);
  GstMessage *message;
  Fixture f;

  fixture_init (&f, __i__ ? "epochs=2 latent-dim=4 betas=\"<0.5>\"" :
      "epochs=2 beta=0.5 latent-dims=\"<4>\"");
  push_series (f.harness, series, 0, 300, 50, TRUE);
  fail_unless (push_eos (&f));
  message = wait_for_event (f.bus, "cell");
  fail_unless (message != NULL);
  fail_unless_equals_int (count (gst_message_get_structure (message),
          "latent-dim"), 4);
  fail_unless_equals_float (number (gst_message_get_structure (message),
          "beta"), 0.5);
  gst_message_unref (message);
  fail_unless (is_written ());
  fixture_clear (&f);
  series_free (series);
}

GST_END_TEST;

/* --- stopping and starting ---------------------------------------------- */

static void
expect_cancelled (GstBus * bus)
{
  GstMessage *message;
  GstProgressType type = GST_PROGRESS_TYPE_START;

  while (type != GST_PROGRESS_TYPE_CANCELED) {
    message = wait_for (bus, GST_MESSAGE_PROGRESS | GST_MESSAGE_ERROR);
    fail_unless (message != NULL);
    fail_unless_equals_int (GST_MESSAGE_TYPE (message), GST_MESSAGE_PROGRESS);
    gst_message_parse_progress (message, &type, NULL, NULL);
    gst_message_unref (message);
  }
  fail_unless_equals_int (count_messages (bus, GST_MESSAGE_ERROR), 0);
  fail_if (is_written ());
}

/* Many epochs, one long one, a grid, and what has no epochs. */
static const struct
{
  const gchar *source;
  const gchar *properties;
} endless_trainings[] = {
  {"vaesynth", "epochs=1000000000 patience=0"},
  {"vaesynth num-samples=300000 samples-per-buffer=1000",
      "epochs=1000000000 batch-size=1"},
  {"vaesynth", "epochs=1000000000 patience=0 betas=\"<1,2,4>\" "
        "latent-dims=\"<3,2>\""},
  {"vaesynth num-samples=8000 features=300 samples-per-buffer=1000",
      "kind=nearest prototypes=4000"},
  {"vaesynth num-samples=20000 features=50 samples-per-buffer=1000",
      "kind=pca window=200"},
};

static void
wait_until_training (GstBus * bus)
{
  GstMessage *message = wait_for (bus, GST_MESSAGE_PROGRESS);

  fail_unless (message != NULL);
  progress_text (message, GST_PROGRESS_TYPE_START);
  gst_message_unref (message);
}

/* A second; more of them under valgrind, where all is thirty times as slow and one
 * thread has to wait for the other. Microseconds. */
static gint64
within_a_second (void)
{
  const gchar *preload = g_getenv ("LD_PRELOAD");
  gboolean is_valgrind = preload && strstr (preload, "vgpreload");

  return is_valgrind ? 60 * G_TIME_SPAN_SECOND : G_TIME_SPAN_SECOND;
}

GST_START_TEST (test_going_to_null_ends_training)
{
  GstElement *pipeline = pipeline_new ("%s ! vaetrain %s model=%s",
      endless_trainings[__i__].source, endless_trainings[__i__].properties,
      path);
  GstBus *bus = gst_element_get_bus (pipeline);
  gint64 start;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  wait_until_training (bus);
  g_usleep (100 * G_TIME_SPAN_MILLISECOND);
  start = g_get_monotonic_time ();
  fail_unless_equals_int (gst_element_set_state (pipeline, GST_STATE_NULL),
      GST_STATE_CHANGE_SUCCESS);
  fail_unless (g_get_monotonic_time () - start < within_a_second ());
  expect_cancelled (bus);
  gst_object_unref (bus);
  pipeline_free (pipeline);
}

GST_END_TEST;

/* The first training would take a while, the second one takes no time. */
GST_START_TEST (test_flush_ends_training_and_begins_anew)
{
  Series *longer = series_new (3, 20000, 1), *series = series_new (3, 100, 2);
  const VaeRows rows = {.data = series->data,.n_rows = 100 };
  VaeParams params = params_of (500);
  GstSegment segment;
  GThread *thread;
  gint64 start;
  Fixture f;

  params.patience = 0;
  train_expected (&params, &rows);
  fixture_init (&f, "epochs=500 patience=0");
  push_series (f.harness, longer, 0, longer->n_rows, 5000, FALSE);
  thread = g_thread_new ("eos", push_eos_in_thread, &f);
  wait_until_training (f.bus);

  start = g_get_monotonic_time ();
  gst_harness_push_event (f.harness, gst_event_new_flush_start ());
  fail_if (GPOINTER_TO_INT (g_thread_join (thread)));
  fail_unless (g_get_monotonic_time () - start < within_a_second ());
  expect_cancelled (f.bus);

  gst_harness_push_event (f.harness, gst_event_new_flush_stop (TRUE));
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_harness_push_event (f.harness, gst_event_new_segment (&segment));
  push_series (f.harness, series, 0, 100, 100, FALSE);
  fail_unless (push_eos (&f));
  fail_unless_same_file (path, expected);
  fixture_clear (&f);
  series_free (series);
  series_free (longer);
}

GST_END_TEST;

GST_START_TEST (test_flush_forgets_rows)
{
  Series *series = series_new (3, 100, 1);
  GstSegment segment;
  Fixture f;

  fixture_init (&f, "");
  push_series (f.harness, series, 0, 100, 100, FALSE);
  gst_harness_push_event (f.harness, gst_event_new_flush_start ());
  gst_harness_push_event (f.harness, gst_event_new_flush_stop (TRUE));
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_harness_push_event (f.harness, gst_event_new_segment (&segment));
  fail_if (push_eos (&f));
  expect_error (f.bus, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
      "without a row");
  fixture_clear (&f);
  series_free (series);
}

GST_END_TEST;

/* Holds the training up after its first epoch. */
typedef struct
{
  GMutex lock;
  GCond changed;
  gboolean is_training;
  gboolean may_go_on;
} Gate;

static GstBusSyncReply
stop_at_gate (GstBus * bus, GstMessage * message, gpointer user_data)
{
  Gate *gate = user_data;

  g_mutex_lock (&gate->lock);
  if (gst_message_has_name (message, "vaetrain")) {
    gate->is_training = TRUE;
    g_cond_broadcast (&gate->changed);
    while (!gate->may_go_on)
      g_cond_wait (&gate->changed, &gate->lock);
  }
  g_mutex_unlock (&gate->lock);
  return GST_BUS_PASS;
}

static void
wait_for_training (Gate * gate)
{
  g_mutex_lock (&gate->lock);
  while (!gate->is_training)
    g_cond_wait (&gate->changed, &gate->lock);
  g_mutex_unlock (&gate->lock);
}

static void
open_gate (Gate * gate)
{
  g_mutex_lock (&gate->lock);
  gate->may_go_on = TRUE;
  g_cond_broadcast (&gate->changed);
  g_mutex_unlock (&gate->lock);
}

/* It neither waits for the training nor ends it. */
GST_START_TEST (test_pause_lets_training_go_on)
{
  GstElement *pipeline = pipeline_new ("vaesynth num-samples=200 ! "
      "vaetrain epochs=3 model=%s", path);
  GstBus *bus = gst_element_get_bus (pipeline);
  static Gate gate;
  GstMessage *message;

  gst_bus_set_sync_handler (bus, stop_at_gate, &gate, NULL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  wait_for_training (&gate);
  fail_unless_equals_int (gst_element_set_state (pipeline, GST_STATE_PAUSED),
      GST_STATE_CHANGE_ASYNC);
  fail_if (is_written ());
  open_gate (&gate);
  message = wait_for_event (bus, "trained");
  fail_unless (message != NULL);
  gst_message_unref (message);
  fail_unless (is_written ());
  fail_unless_equals_int (gst_element_get_state (pipeline, NULL, NULL,
          GST_CLOCK_TIME_NONE), GST_STATE_CHANGE_SUCCESS);
  fail_unless_equals_int (count_messages (bus, GST_MESSAGE_EOS), 0);

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = wait_for (bus, GST_MESSAGE_EOS);
  fail_unless (message != NULL);
  gst_message_unref (message);
  gst_object_unref (bus);
  pipeline_free (pipeline);
}

GST_END_TEST;

/* The whole series in the one buffer that prerolls. */
GST_START_TEST (test_one_buffer_waits_for_playing)
{
  GstElement *pipeline = pipeline_new ("vaesynth num-samples=500 "
      "samples-per-buffer=500 ! vaetrain epochs=2 model=%s", path);

  gst_element_set_state (pipeline, GST_STATE_PAUSED);
  fail_unless_equals_int (gst_element_get_state (pipeline, NULL, NULL,
          GST_CLOCK_TIME_NONE), GST_STATE_CHANGE_SUCCESS);
  fail_if (is_written ());
  fail_unless_equals_int (pipeline_run (pipeline), GST_MESSAGE_EOS);
  fail_unless (is_written ());
  pipeline_free (pipeline);
}

GST_END_TEST;

GST_START_TEST (test_second_run_is_like_the_first)
{
  GstElement *pipeline = pipeline_new ("vaesynth num-samples=500 ! "
      "vaetrain epochs=2 model=%s", path);

  fail_unless_equals_int (pipeline_run (pipeline), GST_MESSAGE_EOS);
  fail_unless_equals_int (g_rename (path, expected), 0);
  gst_bus_set_flushing (GST_ELEMENT_BUS (pipeline), TRUE);
  gst_bus_set_flushing (GST_ELEMENT_BUS (pipeline), FALSE);
  fail_unless_equals_int (pipeline_run (pipeline), GST_MESSAGE_EOS);
  fail_unless_same_file (path, expected);
  pipeline_free (pipeline);
}

GST_END_TEST;

GST_START_TEST (test_second_eos_does_not_train_again)
{
  Series *series = series_new (3, 100, 1);
  Fixture f;

  fixture_init (&f, "epochs=2 silent=true");
  push_series (f.harness, series, 0, 100, 100, FALSE);
  fail_unless (push_eos (&f));
  push_eos (&f);
  fail_unless_equals_int (count_messages (f.bus, GST_MESSAGE_ELEMENT), 1);
  fixture_clear (&f);
  series_free (series);
}

GST_END_TEST;

GST_START_TEST (test_model_that_cannot_be_saved_is_an_error)
{
  Series *series = series_new (3, 100, 1);
  Fixture f;

  fixture_init (&f, "epochs=1");
  push_series (f.harness, series, 0, 100, 100, FALSE);
  fail_unless_equals_int (g_rmdir (folder), 0);
  fail_if (push_eos (&f));
  expect_error (f.bus, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND, path);
  fail_unless_equals_int (count_messages (f.bus, GST_MESSAGE_EOS), 0);
  fixture_clear (&f);
  series_free (series);
}

GST_END_TEST;

static Suite *
vaetrain_suite (void)
{
  Suite *s = suite_create ("vaetrain");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_checked_fixture (tc, setup, teardown);

  tcase_add_test (tc, test_defaults_are_the_engines);
  tcase_add_test (tc, test_defaults_of_what_is_not_the_engines);
  tcase_add_test (tc, test_enumerations_are_the_engines);
  tcase_add_test (tc, test_hidden_depends_on_kind_and_loss_until_it_is_set);
  tcase_add_test (tc, test_properties_reach_the_engine);
  tcase_add_loop_test (tc, test_kind_and_loss_reach_the_engine, 0,
      2 * (VAE_KIND_ENSEMBLE + 1));
  tcase_add_loop_test (tc, test_bad_settings_are_refused, 0,
      G_N_ELEMENTS (bad_settings));
  tcase_add_test (tc, test_bad_paths_are_refused);
  tcase_add_test (tc, test_unwritable_folder_is_refused);
  tcase_add_test (tc, test_property_that_is_set_in_ready_counts);

  tcase_add_loop_test (tc, test_buffering_does_not_matter, 0, 4);
  tcase_add_test (tc, test_no_window_spans_a_discont_or_segment);
  tcase_add_test (tc, test_labels_are_ignored);
  tcase_add_test (tc, test_labelled_rows_are_skipped);
  tcase_add_test (tc, test_bad_streams_are_refused);
  tcase_add_loop_test (tc, test_generous_caps_and_flattened_buffers, 0, 3);
  tcase_add_test (tc, test_raw_file_is_trained_on);
  tcase_add_test (tc, test_other_channels_in_mid_stream_are_an_error);
  tcase_add_test (tc, test_bad_buffers_are_errors);
  tcase_add_test (tc, test_stream_without_rows_is_an_error);
  tcase_add_test (tc, test_rows_that_do_not_suffice_are_an_error);

  tcase_add_loop_test (tc, test_audio_is_trained_on, 0, 3);
  tcase_add_test (tc, test_max_rows_counts_frames);
  tcase_add_test (tc, test_bad_audio_is_refused);
  tcase_add_loop_test (tc, test_wav_is_trained_on, 0, 4);

  tcase_add_loop_test (tc, test_training_goes_on_from_a_model, 0, 2);
  tcase_add_test (tc, test_initial_model_that_does_not_fit_is_refused);

  tcase_add_test (tc, test_endless_stream_is_trained_on);
  tcase_add_test (tc, test_rows_beyond_the_maximum_are_refused_once);

  tcase_add_test (tc, test_eos_comes_after_the_model);
  tcase_add_loop_test (tc, test_messages_tell_each_epoch_and_the_end, 0,
      G_N_ELEMENTS (told));
  tcase_add_test (tc, test_checksum_is_that_of_the_file);
  tcase_add_test (tc, test_progress_from_start_to_completion);
  tcase_add_test (tc, test_long_training_prints_little);
  tcase_add_test (tc, test_silent);
  tcase_add_loop_test (tc, test_collapse_is_warned_of, 0,
      G_N_ELEMENTS (collapses));

  tcase_add_loop_test (tc, test_grid_tells_its_cells_and_writes_the_best, 0, 2);
  tcase_add_loop_test (tc, test_progress_of_a_grid, 0, 2);
  tcase_add_loop_test (tc, test_one_axis_makes_a_grid, 0, 2);

  tcase_add_loop_test (tc, test_going_to_null_ends_training, 0,
      G_N_ELEMENTS (endless_trainings));
  tcase_add_test (tc, test_flush_ends_training_and_begins_anew);
  tcase_add_test (tc, test_flush_forgets_rows);
  tcase_add_test (tc, test_pause_lets_training_go_on);
  tcase_add_test (tc, test_one_buffer_waits_for_playing);
  tcase_add_test (tc, test_second_run_is_like_the_first);
  tcase_add_test (tc, test_second_eos_does_not_train_again);
  tcase_add_test (tc, test_model_that_cannot_be_saved_is_an_error);
  return s;
}

GST_CHECK_MAIN (vaetrain);
