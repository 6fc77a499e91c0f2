/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Training that goes on from a model. */

#include "model.h"

#include <math.h>
#include <string.h>

#define CHANNELS 3
#define N_ROWS 600

/* Too small for any step of Adam to change a weight. */
#define NO_STEP 1e-30

typedef struct
{
  VaeParams params;
  float *data;
  VaeRows rows;
} Fixture;

static void
make_rows (Fixture * f, guint64 seed)
{
  guint8 labels[N_ROWS];
  VaeSynthParams synth_params;

  vae_synth_params_init (&synth_params);
  synth_params.features = CHANNELS;
  synth_params.seed = seed;
  VaeSynth *synth = vae_synth_new (&synth_params, NULL);
  vae_synth_execute (synth, 0, N_ROWS, f->data, labels);
  vae_synth_free (synth);
}

static void
set_up (Fixture * f, gconstpointer unused)
{
  vae_params_init (&f->params);
  f->params.channels = CHANNELS;
  f->params.window = 4;
  f->params.epochs = 3;
  f->params.prototypes = 20;
  f->data = g_new (float, N_ROWS * CHANNELS);
  f->rows = (VaeRows) {
  .data = f->data,.n_rows = N_ROWS};
  make_rows (f, 5);
}

static void
tear_down (Fixture * f, gconstpointer unused)
{
  g_free (f->data);
}

static VaeModel *
train (Fixture * f, const VaeModel * initial)
{
  GError *error = NULL;
  VaeModel *model = initial
      ? vae_train_from (initial, &f->params, &f->rows, 1, NULL, NULL, NULL,
      &error)
      : vae_train (&f->params, &f->rows, 1, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return model;
}

static void
assert_same_network (const VaeModel * a, const VaeModel * b)
{
  const gsize size = a->detectors[0].net.n_params * sizeof (float);

  g_assert_cmpmem (a->detectors[0].weights, size, b->detectors[0].weights,
      b->detectors[0].net.n_params * sizeof (float));
}

static void
assert_same_scale (const VaeModel * a, const VaeModel * b)
{
  g_assert_cmpmem (a->scaler.offset, CHANNELS * sizeof (float),
      b->scaler.offset, CHANNELS * sizeof (float));
  g_assert_cmpmem (a->scaler.scale, CHANNELS * sizeof (float),
      b->scaler.scale, CHANNELS * sizeof (float));
}

/* Rows of quite another scale, from which nothing is learned. */
static void
test_weights_and_scale_are_taken_over (Fixture * f, gconstpointer unused)
{
  const VaeKind kinds[] = { VAE_KIND_VAE, VAE_KIND_AE, VAE_KIND_ENSEMBLE };

  f->params.validation = 0;
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    make_rows (f, 5);
    f->params.kind = kinds[i];
    f->params.learning_rate = 1e-3;
    VaeModel *initial = train (f, NULL);

    for (guint j = 0; j < N_ROWS * CHANNELS; j++)
      f->data[j] = 10 + 3 * f->data[j];
    f->params.learning_rate = NO_STEP;
    VaeModel *model = train (f, initial);
    assert_same_network (initial, model);
    assert_same_scale (initial, model);
    g_assert_cmpuint (model->summary.best_epoch, ==, 3);
    vae_model_unref (model);
    vae_model_unref (initial);
  }
}

/* What is usual is what is so on the new rows. */
static void
test_the_rest_is_fitted_anew (Fixture * f, gconstpointer unused)
{
  VaeModel *initial = train (f, NULL);

  make_rows (f, 6);
  f->params.learning_rate = NO_STEP;
  VaeModel *model = train (f, initial);
  const VaeDetector *pca = vae_model_find (model, VAE_KIND_PCA);
  const VaeDetector *old_pca = vae_model_find (initial, VAE_KIND_PCA);
  const VaeNearest *nearest =
      &vae_model_find (model, VAE_KIND_NEAREST)->nearest;
  const VaeNearest *old_nearest =
      &vae_model_find (initial, VAE_KIND_NEAREST)->nearest;

  g_assert_cmpint (memcmp (pca->weights, old_pca->weights,
          CHANNELS * sizeof (float)), !=, 0);
  g_assert_cmpint (memcmp (nearest->prototypes, old_nearest->prototypes,
          CHANNELS * sizeof (float)), !=, 0);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpfloat (model->detectors[i].usual.error[0], !=,
        initial->detectors[i].usual.error[0]);
  g_assert_cmpfloat (vae_model_threshold (model, VAE_SCORE_AUTO), !=,
      vae_model_threshold (initial, VAE_SCORE_AUTO));
  vae_model_unref (model);
  vae_model_unref (initial);
}

static void
note_first_loss (const VaeEpoch * epoch, gpointer loss)
{
  if (epoch->epoch == 1)
    *(double *) loss = epoch->loss;
}

/* The loss begins where it was, not where it began. */
static void
test_training_goes_on (Fixture * f, gconstpointer unused)
{
  double first, next;

  vae_params_init_seed (&f->params);
  f->params.channels = CHANNELS;
  f->params.beta = 0.1;
  f->params.epochs = 20;
  f->params.validation = 0;
  VaeModel *initial = vae_train (&f->params, &f->rows, 1, note_first_loss,
      &first, NULL, NULL);
  f->params.epochs = 1;
  VaeModel *model = vae_train_from (initial, &f->params, &f->rows, 1,
      note_first_loss, &next, NULL, NULL);

  g_assert_cmpfloat (initial->summary.loss, <, 0.8 * first);
  g_assert_cmpfloat (next, <, 1.05 * initial->summary.loss);
  vae_model_unref (model);
  vae_model_unref (initial);
}

/* Steps so large that they only do harm. */
static void
test_what_was_better_stays (Fixture * f, gconstpointer unused)
{
  VaeModel *initial = train (f, NULL);

  f->params.learning_rate = 0.2;
  VaeModel *model = train (f, initial);
  assert_same_network (initial, model);
  g_assert_cmpuint (model->summary.best_epoch, ==, 0);
  g_assert_true (isnan (model->summary.loss));
  g_assert_cmpfloat (model->summary.validation_loss, ==,
      initial->summary.validation_loss);
  vae_model_unref (model);
  vae_model_unref (initial);
}

static void
test_seed_and_file_decide (Fixture * f, gconstpointer unused)
{
  VaeModel *initial = train (f, NULL);
  GBytes *bytes = vae_model_to_bytes (initial);
  VaeModel *loaded = vae_model_from_bytes (bytes, NULL);

  f->params.validation = 0;
  VaeModel *a = train (f, initial), *b = train (f, loaded);
  assert_same_network (a, b);
  f->params.seed++;
  VaeModel *c = train (f, initial);
  g_assert_cmpint (memcmp (a->detectors[0].weights, c->detectors[0].weights,
          a->detectors[0].net.n_params * sizeof (float)), !=, 0);
  vae_model_unref (a);
  vae_model_unref (b);
  vae_model_unref (c);
  vae_model_unref (loaded);
  g_bytes_unref (bytes);
  vae_model_unref (initial);
}

static void
assert_refused (Fixture * f, const VaeModel * initial, const char *says)
{
  GError *error = NULL;

  g_assert_null (vae_train_from (initial, &f->params, &f->rows, 1, NULL, NULL,
          NULL, &error));
  g_assert_error (error, VAE_ERROR, VAE_ERROR_PARAMETER);
  if (!strstr (error->message, says))
    g_error ("\"%s\" does not say \"%s\"", error->message, says);
  g_clear_error (&error);
}

static void
test_what_does_not_fit_is_refused (Fixture * f, gconstpointer unused)
{
  const VaeParams fitting = f->params;
  VaeModel *initial = train (f, NULL);

#define REFUSED(change, says) \
  f->params = fitting; \
  change; \
  assert_refused (f, initial, says)

  REFUSED (f->params.kind = VAE_KIND_VAE,
      "has kind ensemble, this training vae");
  REFUSED (f->params.channels = 2, "has channels 3, this training 2");
  REFUSED (f->params.window = 5, "has window 4, this training 5");
  REFUSED (f->params.loss = VAE_LOSS_SEED,
      "has loss gaussian, this training seed");
  REFUSED (f->params.activation = VAE_ACTIVATION_TANH,
      "has activation relu, this training tanh");
  REFUSED (f->params.scaler = VAE_SCALER_NONE,
      "has scaler standard, this training none");
  REFUSED (f->params.n_hidden = 1, "has hidden layers 2, this training 1");
  REFUSED (f->params.hidden[1] = 63,
      "has a hidden layer of 64, this training 63");
  REFUSED (f->params.latent_dim = 31, "has latent-dim 32, this training 31");
  REFUSED (f->params.epochs = 0, "epochs is 0");
#undef REFUSED
  vae_model_unref (initial);
}

static void
test_kinds_without_training_are_refused (Fixture * f, gconstpointer unused)
{
  const VaeKind kinds[] = { VAE_KIND_PCA, VAE_KIND_NORM, VAE_KIND_NEAREST };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    f->params.kind = kinds[i];
    VaeModel *initial = train (f, NULL);
    assert_refused (f, initial, "no training to go on with");
    vae_model_unref (initial);
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, test) \
  g_test_add ("/train-from/" path, Fixture, NULL, set_up, test, tear_down)
  ADD ("weights-and-scale", test_weights_and_scale_are_taken_over);
  ADD ("the-rest-anew", test_the_rest_is_fitted_anew);
  ADD ("goes-on", test_training_goes_on);
  ADD ("better-stays", test_what_was_better_stays);
  ADD ("seed-and-file", test_seed_and_file_decide);
  ADD ("refused", test_what_does_not_fit_is_refused);
  ADD ("kinds", test_kinds_without_training_are_refused);
#undef ADD
  return g_test_run ();
}
