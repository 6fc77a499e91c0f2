/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "vae.h"

#include <math.h>
#include <string.h>

static VaeParams
valid_params (void)
{
  VaeParams params;

  vae_params_init_seed (&params);
  params.channels = 5;
  return params;
}

static void
assert_valid (const VaeParams * params)
{
  GError *error = NULL;
  gboolean valid = vae_params_validate (params, &error);

  g_assert_no_error (error);
  g_assert_true (valid);
}

/* Refused, with a message that names the field. */
static void
assert_invalid (const VaeParams * params, const char *field)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (vae_params_validate (params, &error));
  g_assert_error (error, VAE_ERROR, VAE_ERROR_PARAMETER);
  g_assert_nonnull (strstr (error->message, field));
  g_assert_false (vae_params_validate (params, NULL));
}

static void
test_defaults (void)
{
  VaeParams params;

  vae_params_init (&params);
  params.channels = 5;
  assert_valid (&params);
  g_assert_cmpint (params.kind, ==, VAE_KIND_ENSEMBLE);
  g_assert_cmpint (params.activation, ==, VAE_ACTIVATION_RELU);
  g_assert_cmpint (params.loss, ==, VAE_LOSS_GAUSSIAN);
  g_assert_cmpint (params.scaler, ==, VAE_SCALER_STANDARD);
  g_assert_cmpfloat (params.clip, ==, 8.0);
  g_assert_cmpuint (params.window, ==, 16);
  g_assert_cmpuint (params.n_hidden, ==, 2);
  g_assert_cmpuint (params.hidden[0], ==, 128);
  g_assert_cmpuint (params.hidden[1], ==, 64);
  g_assert_cmpuint (params.latent_dim, ==, 32);
  g_assert_cmpfloat (params.beta, ==, 0.3);
  g_assert_cmpuint (params.prototypes, ==, 500);
  g_assert_cmpfloat (params.learning_rate, ==, 1e-3);
  g_assert_cmpuint (params.batch_size, ==, 128);
  g_assert_cmpuint (params.epochs, ==, 10);
  g_assert_cmpuint (params.seed, ==, 0);
  g_assert_cmpfloat (params.validation, ==, 0.2);
  g_assert_cmpuint (params.patience, ==, 2);
  g_assert_false (params.skip_labelled);
  g_assert_cmpuint (params.smoothing, ==, 0);
  g_assert_cmpuint (params.drift, ==, 1000);
  g_assert_cmpint (params.threshold, ==, VAE_THRESHOLD_QUANTILE);
  g_assert_cmpfloat (params.quantile, ==, 0.995);
}

static void
test_seed_defaults_are_the_seed_experiment (void)
{
  VaeParams params = valid_params ();

  assert_valid (&params);
  g_assert_cmpint (params.kind, ==, VAE_KIND_VAE);
  g_assert_cmpint (params.activation, ==, VAE_ACTIVATION_RELU);
  g_assert_cmpint (params.loss, ==, VAE_LOSS_SEED);
  g_assert_cmpint (params.scaler, ==, VAE_SCALER_STANDARD);
  g_assert_cmpfloat (params.clip, ==, 0.0);
  g_assert_cmpuint (params.window, ==, 1);
  g_assert_cmpuint (params.n_hidden, ==, 2);
  g_assert_cmpuint (params.hidden[0], ==, 64);
  g_assert_cmpuint (params.hidden[1], ==, 32);
  g_assert_cmpuint (params.latent_dim, ==, 3);
  g_assert_cmpfloat (params.beta, ==, 2.0);
  g_assert_cmpfloat (params.learning_rate, ==, 1e-3);
  g_assert_cmpuint (params.batch_size, ==, 64);
  g_assert_cmpuint (params.epochs, ==, 50);
  g_assert_cmpuint (params.seed, ==, 0);
  g_assert_cmpfloat (params.validation, ==, 0.2);
  g_assert_cmpuint (params.patience, ==, 0);
  g_assert_false (params.skip_labelled);
  g_assert_cmpuint (params.smoothing, ==, 0);
  g_assert_cmpuint (params.drift, ==, 1000);
  g_assert_cmpint (params.threshold, ==, VAE_THRESHOLD_QUANTILE);
  g_assert_cmpfloat (params.quantile, ==, 0.995);
}

static void
test_channels_must_be_set (void)
{
  VaeParams params;

  vae_params_init_seed (&params);
  assert_invalid (&params, "channels");
}

/* The ends of a range are allowed, what lies beyond is not. */
static void
test_counts (void)
{
  const struct
  {
    const char *field;
    gsize offset;
    guint min;
    guint max;
  } counts[] = {
    {"channels", G_STRUCT_OFFSET (VaeParams, channels), 1, VAE_MAX_CHANNELS},
    {"window", G_STRUCT_OFFSET (VaeParams, window), 1, VAE_MAX_WINDOW},
    {"latent-dim", G_STRUCT_OFFSET (VaeParams, latent_dim), 1,
        VAE_MAX_LATENT},
    {"prototypes", G_STRUCT_OFFSET (VaeParams, prototypes), 1,
        VAE_MAX_PROTOTYPES},
    {"batch-size", G_STRUCT_OFFSET (VaeParams, batch_size), 1, VAE_MAX_BATCH},
    {"epochs", G_STRUCT_OFFSET (VaeParams, epochs), 1, G_MAXUINT},
    {"hidden", G_STRUCT_OFFSET (VaeParams, hidden), 1, VAE_MAX_UNITS},
    {"smoothing", G_STRUCT_OFFSET (VaeParams, smoothing), 0,
        VAE_MAX_SMOOTHING},
    {"drift", G_STRUCT_OFFSET (VaeParams, drift), 0, VAE_MAX_SMOOTHING},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (counts); i++) {
    VaeParams params = valid_params ();
    guint *count = &G_STRUCT_MEMBER (guint, &params, counts[i].offset);

    params.n_hidden = 1;
    params.hidden[0] = 4;
    *count = counts[i].min;
    assert_valid (&params);
    *count = counts[i].max;
    assert_valid (&params);
    if (counts[i].min > 0) {
      *count = 0;
      assert_invalid (&params, counts[i].field);
    }
    if (counts[i].max == G_MAXUINT)
      continue;
    *count = counts[i].max + 1;
    assert_invalid (&params, counts[i].field);
    *count = G_MAXUINT;
    assert_invalid (&params, counts[i].field);
  }
}

static void
test_reals (void)
{
  const struct
  {
    const char *field;
    gsize offset;
    double good[2];
    double bad[4];
  } reals[] = {
    {"beta", G_STRUCT_OFFSET (VaeParams, beta),
        {0, 1e6}, {-1e-9, NAN, INFINITY, -INFINITY}},
    {"learning-rate", G_STRUCT_OFFSET (VaeParams, learning_rate),
        {1e-300, 10}, {0, -1, NAN, INFINITY}},
    {"validation", G_STRUCT_OFFSET (VaeParams, validation),
        {0, 0.9}, {-0.1, 0.91, NAN, INFINITY}},
    {"clip", G_STRUCT_OFFSET (VaeParams, clip),
        {0, 1e-3}, {-1e-9, -8, NAN, INFINITY}},
    {"quantile", G_STRUCT_OFFSET (VaeParams, quantile),
        {0.5, 0.99999}, {0.49, 1, NAN, -INFINITY}},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (reals); i++) {
    VaeParams params = valid_params ();
    double *real = &G_STRUCT_MEMBER (double, &params, reals[i].offset);

    for (gsize k = 0; k < G_N_ELEMENTS (reals[i].good); k++) {
      *real = reals[i].good[k];
      assert_valid (&params);
    }
    for (gsize k = 0; k < G_N_ELEMENTS (reals[i].bad); k++) {
      *real = reals[i].bad[k];
      assert_invalid (&params, reals[i].field);
    }
  }
}

static void
test_enums (void)
{
  VaeParams params = valid_params ();
  params.kind = (VaeKind) (VAE_KIND_ENSEMBLE + 1);
  assert_invalid (&params, "kind");

  params = valid_params ();
  params.activation = (VaeActivation) - 1;
  assert_invalid (&params, "activation");

  params = valid_params ();
  params.loss = (VaeLoss) 77;
  assert_invalid (&params, "loss");

  params = valid_params ();
  params.scaler = (VaeScaler) G_MAXINT;
  assert_invalid (&params, "scaler");

  params = valid_params ();
  params.threshold = (VaeThreshold) 3;
  assert_invalid (&params, "threshold");
}

/* Below the level of the peaks there are none to tell. */
static void
test_quantiles_of_peaks (void)
{
  for (guint i = VAE_THRESHOLD_POT; i <= VAE_THRESHOLD_SPOT; i++) {
    VaeParams params = valid_params ();
    params.threshold = i;
    params.quantile = 0.981;
    assert_valid (&params);
    params.quantile = 0.98;
    assert_invalid (&params, "quantile");
    params.quantile = 1;
    assert_invalid (&params, "quantile");
  }
}

static void
test_layers (void)
{
  VaeParams params = valid_params ();
  params.n_hidden = 0;
  assert_valid (&params);
  params.kind = VAE_KIND_AE;
  assert_invalid (&params, "hidden");

  params.n_hidden = VAE_MAX_HIDDEN;
  for (guint i = 0; i < VAE_MAX_HIDDEN; i++)
    params.hidden[i] = 3;
  assert_valid (&params);
  params.hidden[VAE_MAX_HIDDEN - 1] = 0;
  assert_invalid (&params, "hidden");
  params.hidden[VAE_MAX_HIDDEN - 1] = 3;
  params.n_hidden = VAE_MAX_HIDDEN + 1;
  assert_invalid (&params, "hidden");
  params.n_hidden = G_MAXUINT;
  assert_invalid (&params, "hidden");
}

/* An AE with a code of 1024 has 2049 c + 1024 weights and biases over c inputs:
 * at most 32751 of them fit. */
static void
test_network_size (void)
{
  VaeParams params = valid_params ();
  params.kind = VAE_KIND_AE;
  params.n_hidden = 1;
  params.hidden[0] = 1024;

  params.channels = 32751;
  assert_valid (&params);
  params.channels += 1;
  assert_invalid (&params, "weights");

  params.channels = 2;
  params.window = 32752 / 2;
  assert_invalid (&params, "window");
  params.window -= 1;
  assert_valid (&params);
}

/* With a hidden unit and 1024 latents a VAE has 3 c + 5122 weights and biases over
 * c inputs, and beside the unit maps of 3072 c: at most 21822 inputs fit. */
static void
test_network_size_of_a_gaussian_vae (void)
{
  VaeParams params = valid_params ();
  params.loss = VAE_LOSS_GAUSSIAN;
  params.latent_dim = 1024;
  params.channels = 21822;
  params.n_hidden = 1;
  params.hidden[0] = 1;
  assert_valid (&params);
  params.channels += 1;
  assert_invalid (&params, "weights");

  params.loss = VAE_LOSS_SEED;
  assert_valid (&params);
  params.kind = VAE_KIND_ENSEMBLE;
  params.loss = VAE_LOSS_GAUSSIAN;
  assert_invalid (&params, "weights");
}

/* The largest value of everything at once: the count must not wrap. */
static void
test_network_size_does_not_overflow (void)
{
  VaeParams params = valid_params ();
  params.channels = VAE_MAX_CHANNELS;
  params.window = VAE_MAX_WINDOW;
  params.latent_dim = VAE_MAX_LATENT;
  params.n_hidden = VAE_MAX_HIDDEN;
  for (guint i = 0; i < VAE_MAX_HIDDEN; i++)
    params.hidden[i] = VAE_MAX_UNITS;
  assert_invalid (&params, "weights");

  params.n_hidden = 0;
  assert_invalid (&params, "weights");
  params.latent_dim = 1;
  assert_invalid (&params, "weights");
}

#define assert_named(prefix, value, nick) \
  G_STMT_START { \
    g_assert_cmpstr (prefix ## _name (value), ==, nick); \
    g_assert_cmpint (prefix ## _from_name (nick), ==, value); \
  } G_STMT_END

#define assert_no_other_names(prefix, n_values) \
  G_STMT_START { \
    g_assert_null (prefix ## _name (n_values)); \
    g_assert_null (prefix ## _name (-1)); \
    g_assert_cmpint (prefix ## _from_name (""), ==, -1); \
    g_assert_cmpint (prefix ## _from_name ("Vae "), ==, -1); \
    g_assert_cmpint (prefix ## _from_name (NULL), ==, -1); \
  } G_STMT_END

static void
test_names (void)
{
  assert_named (vae_kind, VAE_KIND_VAE, "vae");
  assert_named (vae_kind, VAE_KIND_AE, "ae");
  assert_named (vae_kind, VAE_KIND_PCA, "pca");
  assert_named (vae_kind, VAE_KIND_NORM, "norm");
  assert_named (vae_kind, VAE_KIND_NEAREST, "nearest");
  assert_named (vae_kind, VAE_KIND_ENSEMBLE, "ensemble");
  assert_no_other_names (vae_kind, 6);

  assert_named (vae_activation, VAE_ACTIVATION_RELU, "relu");
  assert_named (vae_activation, VAE_ACTIVATION_TANH, "tanh");
  assert_named (vae_activation, VAE_ACTIVATION_IDENTITY, "identity");
  assert_no_other_names (vae_activation, 3);

  assert_named (vae_loss, VAE_LOSS_GAUSSIAN, "gaussian");
  assert_named (vae_loss, VAE_LOSS_SEED, "seed");
  assert_no_other_names (vae_loss, 2);

  assert_named (vae_scaler, VAE_SCALER_NONE, "none");
  assert_named (vae_scaler, VAE_SCALER_STANDARD, "standard");
  assert_named (vae_scaler, VAE_SCALER_ROBUST, "robust");
  assert_no_other_names (vae_scaler, 3);

  assert_named (vae_score, VAE_SCORE_AUTO, "auto");
  assert_named (vae_score, VAE_SCORE_CALIBRATED, "calibrated");
  assert_named (vae_score, VAE_SCORE_UNSMOOTHED, "unsmoothed");
  assert_named (vae_score, VAE_SCORE_RARITY, "rarity");
  assert_named (vae_score, VAE_SCORE_RECON_KL, "recon-kl");
  assert_named (vae_score, VAE_SCORE_RECONSTRUCTION, "reconstruction");
  assert_named (vae_score, VAE_SCORE_KL, "kl");
  assert_no_other_names (vae_score, 7);

  assert_named (vae_threshold, VAE_THRESHOLD_QUANTILE, "quantile");
  assert_named (vae_threshold, VAE_THRESHOLD_POT, "pot");
  assert_named (vae_threshold, VAE_THRESHOLD_SPOT, "spot");
  assert_no_other_names (vae_threshold, 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/params/defaults", test_defaults);
  g_test_add_func ("/params/seed-defaults-are-the-seed-experiment",
      test_seed_defaults_are_the_seed_experiment);
  g_test_add_func ("/params/channels-must-be-set", test_channels_must_be_set);
  g_test_add_func ("/params/counts", test_counts);
  g_test_add_func ("/params/reals", test_reals);
  g_test_add_func ("/params/enums", test_enums);
  g_test_add_func ("/params/quantiles-of-peaks", test_quantiles_of_peaks);
  g_test_add_func ("/params/layers", test_layers);
  g_test_add_func ("/params/network-size", test_network_size);
  g_test_add_func ("/params/network-size-does-not-overflow",
      test_network_size_does_not_overflow);
  g_test_add_func ("/params/network-size-of-a-gaussian-vae",
      test_network_size_of_a_gaussian_vae);
  g_test_add_func ("/params/names", test_names);
  return g_test_run ();
}
