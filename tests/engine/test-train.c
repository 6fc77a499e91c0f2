/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Whole trainings and grids. */

#include "dataset.h"
#include "models.h"

#include <string.h>

typedef struct
{
  VaeParams params;
  VaeRows rows;
  float *data;
  guint8 *labels;
} Fixture;

static void
set_up (Fixture * f, gconstpointer unused)
{
  const gsize n_rows = 1000;
  VaeSynthParams synth_params;

  vae_synth_params_init (&synth_params);
  synth_params.seed = 5;
  VaeSynth *synth = vae_synth_new (&synth_params, NULL);
  f->data = g_new (float, n_rows * 5);
  f->labels = g_new (guint8, n_rows);
  vae_synth_execute (synth, 0, n_rows, f->data, f->labels);
  vae_synth_free (synth);
  f->rows = (VaeRows) {
  .data = f->data,.labels = f->labels,.n_rows = n_rows};

  vae_params_init_seed (&f->params);
  f->params.channels = 5;
  f->params.epochs = 4;
  f->params.beta = 0.5;
}

static void
tear_down (Fixture * f, gconstpointer unused)
{
  g_free (f->data);
  g_free (f->labels);
}

static VaeModel *
train (Fixture * f)
{
  GError *error = NULL;
  VaeModel *model =
      vae_train (&f->params, &f->rows, 1, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return model;
}

static void
test_seed_decides (Fixture * f, gconstpointer unused)
{
  VaeModel *a = train (f), *b = train (f);
  assert_same_model (a, b);

  f->params.seed++;
  VaeModel *c = train (f);
  g_assert_cmpint (memcmp (a->detectors[0].weights, c->detectors[0].weights,
          a->detectors[0].net.n_params * sizeof (float)), !=, 0);
  vae_model_unref (a);
  vae_model_unref (b);
  vae_model_unref (c);
}

/* A network so large that threads share its steps. */
static void
test_threads_do_not_decide (Fixture * f, gconstpointer unused)
{
  f->params.window = 4;
  f->params.hidden[0] = 150;
  f->params.hidden[1] = 100;
  f->params.batch_size = 250;
  f->params.epochs = 2;
  VaeModel *one = train (f);

  for (guint threads = 2; threads <= 5; threads++) {
    VaeModel *more = vae_train (&f->params, &f->rows, threads, NULL, NULL, NULL,
        NULL);
    assert_same_model (one, more);
    vae_model_unref (more);
  }
  vae_model_unref (one);
}

static void
test_seed_decides_of_an_ensemble (Fixture * f, gconstpointer unused)
{
  VaeParams params = model_params (VAE_KIND_ENSEMBLE, VAE_LOSS_GAUSSIAN);
  VaeModel *a = train_params (&params, 1), *b = train_params (&params, 1);
  assert_same_model (a, b);

  params.seed++;
  VaeModel *c = train_params (&params, 1);
  g_assert_cmpint (memcmp (a->detectors[0].weights, c->detectors[0].weights,
          a->detectors[0].net.n_params * sizeof (float)), !=, 0);
  g_assert_cmpint (memcmp (a->detectors[2].nearest.prototypes,
          c->detectors[2].nearest.prototypes,
          20 * MODEL_CHANNELS * sizeof (float)), !=, 0);
  vae_model_unref (a);
  vae_model_unref (b);
  vae_model_unref (c);
}

static void
test_threads_do_not_decide_of_an_ensemble (Fixture * f, gconstpointer unused)
{
  VaeParams params = model_params (VAE_KIND_ENSEMBLE, VAE_LOSS_GAUSSIAN);
  params.n_hidden = 2;
  params.hidden[0] = 150;
  params.hidden[1] = 100;
  params.batch_size = 250;
  VaeModel *one = train_params (&params, 1);

  for (guint threads = 2; threads <= 5; threads++) {
    VaeModel *more = train_params (&params, threads);
    assert_same_model (one, more);
    vae_model_unref (more);
  }
  vae_model_unref (one);
}

static void
note_epoch (const VaeEpoch * epoch, gpointer epochs)
{
  g_array_append_vals (epochs, epoch, 1);
}

static void
test_epochs_are_told (Fixture * f, gconstpointer unused)
{
  GArray *epochs = g_array_new (FALSE, FALSE, sizeof (VaeEpoch));
  f->params.epochs = 8;
  VaeModel *model =
      vae_train (&f->params, &f->rows, 1, note_epoch, epochs, NULL,
      NULL);

  g_assert_cmpuint (epochs->len, ==, 8);
  const VaeSummary *summary = vae_model_summary (model);
  double lowest = INFINITY;
  guint best = 0;
  for (guint i = 0; i < epochs->len; i++) {
    VaeEpoch *epoch = &g_array_index (epochs, VaeEpoch, i);
    g_assert_cmpuint (epoch->epoch, ==, i + 1);
    g_assert_cmpuint (epoch->epochs, ==, 8);
    g_assert_cmpfloat (fabs (epoch->loss - epoch->reconstruction
            - f->params.beta * epoch->kl), <, 1e-9);
    g_assert_cmpuint (epoch->active_latents, <=, 3);
    if (epoch->validation_loss < lowest) {
      lowest = epoch->validation_loss;
      best = epoch->epoch;
    }
  }
  g_assert_cmpfloat (g_array_index (epochs, VaeEpoch, 7).loss, <,
      0.8 * g_array_index (epochs, VaeEpoch, 0).loss);
  g_assert_cmpuint (summary->best_epoch, ==, best);
  g_assert_cmpfloat (summary->validation_loss, ==, lowest);
  g_assert_cmpuint (summary->epochs_run, ==, 8);
  g_assert_cmpuint (summary->rows, ==, 800);
  g_array_unref (epochs);
  vae_model_unref (model);
}

/* Training on, through epochs that validate worse, gives the weights that
 * stopping at the best one gives. */
static void
test_best_weights_are_kept (Fixture * f, gconstpointer unused)
{
  f->params.learning_rate = 0.03;       /* so that it gets worse sooner */
  f->params.epochs = 1000;
  f->params.patience = 3;
  VaeModel *patient = train (f);
  const VaeSummary *summary = vae_model_summary (patient);
  g_assert_cmpuint (summary->epochs_run, <, 1000);
  g_assert_cmpuint (summary->epochs_run, ==, summary->best_epoch + 3);

  f->params.patience = 0;
  f->params.epochs = summary->best_epoch;
  VaeModel *shorter = train (f);
  const gsize size = patient->detectors[0].net.n_params * sizeof (float);
  g_assert_cmpmem (patient->detectors[0].weights, size,
      shorter->detectors[0].weights, size);

  f->params.epochs = summary->epochs_run;
  VaeModel *longer = train (f);
  g_assert_cmpuint (vae_model_summary (longer)->best_epoch, ==,
      summary->best_epoch);
  g_assert_cmpmem (longer->detectors[0].weights, size,
      shorter->detectors[0].weights, size);
  vae_model_unref (patient);
  vae_model_unref (shorter);
  vae_model_unref (longer);
}

static void
cancel_at_epoch_2 (const VaeEpoch * epoch, gpointer cancellable)
{
  g_assert_cmpuint (epoch->epoch, <=, 2);
  if (epoch->epoch == 2)
    g_cancellable_cancel (cancellable);
}

static void
test_cancel (Fixture * f, gconstpointer unused)
{
  GCancellable *cancellable = g_cancellable_new ();
  GError *error = NULL;

  f->params.epochs = 1000000;
  VaeModel *model = vae_train (&f->params, &f->rows, 1, cancel_at_epoch_2,
      cancellable, cancellable, &error);
  g_assert_null (model);
  g_assert_error (error, VAE_ERROR, VAE_ERROR_CANCELLED);
  g_error_free (error);
  g_object_unref (cancellable);
}

static void
test_cancel_before_training (Fixture * f, gconstpointer unused)
{
  GCancellable *cancellable = g_cancellable_new ();
  GError *error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (vae_train (&f->params, &f->rows, 1, NULL, NULL, cancellable,
          &error));
  g_assert_error (error, VAE_ERROR, VAE_ERROR_CANCELLED);
  g_assert_nonnull (strstr (error->message, "scaler"));
  g_error_free (error);
  g_object_unref (cancellable);
}

typedef struct
{
  GCancellable *cancellable;
  gulong after;                 /* microseconds */
} Cancelling;

static gpointer
cancel_after (gpointer user_data)
{
  Cancelling *cancelling = user_data;

  g_usleep (cancelling->after);
  g_cancellable_cancel (cancelling->cancellable);
  return NULL;
}

static gint64
time_training (Fixture * f, GCancellable * cancellable, GError ** error)
{
  gint64 begin = g_get_monotonic_time ();

  vae_model_unref (vae_train (&f->params, &f->rows, 1, NULL, NULL,
          cancellable, error));
  return g_get_monotonic_time () - begin;
}

/* How long a training takes that is cancelled after so many microseconds. */
static gint64
time_cancelled_training (Fixture * f, gulong after)
{
  Cancelling cancelling = { g_cancellable_new (), after };
  GThread *thread = g_thread_new (NULL, cancel_after, &cancelling);
  GError *error = NULL;

  gint64 time = time_training (f, cancelling.cancellable, &error);
  g_assert_error (error, VAE_ERROR, VAE_ERROR_CANCELLED);
  g_error_free (error);
  g_thread_join (thread);
  g_object_unref (cancelling.cancellable);
  return time;
}

/* A training of one large batch ends long before the batch would; on a busy machine
 * not every time. */
static void
test_cancel_within_a_batch (Fixture * f, gconstpointer unused)
{
  const gsize n_rows = 4096;
  float *data = g_new (float, n_rows * 5);
  GError *error = NULL;

  for (gsize i = 0; i < n_rows * 5; i++)
    data[i] = vae_rng_uniform (vae_rng (1, 0), i);
  f->rows = (VaeRows) {
  .data = data,.n_rows = n_rows};
  f->params.hidden[0] = f->params.hidden[1] = 1024;
  f->params.batch_size = n_rows;
  f->params.validation = 0;
  f->params.epochs = 1;
  gint64 whole = time_training (f, NULL, &error), shortest = whole;
  g_assert_no_error (error);
  for (guint i = 0; i < 5 && shortest > whole * 7 / 10; i++)
    shortest = MIN (shortest, time_cancelled_training (f, whole / 10));
  g_assert_cmpint (shortest, <=, whole * 7 / 10);
  g_free (data);
}

/* Labelled rows are as good as absent, and those behind them do not share a
 * window with those before. */
static void
test_skip_labelled (Fixture * f, gconstpointer unused)
{
  f->params.skip_labelled = TRUE;
  f->params.window = 3;
  VaeModel *with = train (f);

  for (gsize t = 0; t < f->rows.n_rows; t++)
    for (guint c = 0; f->labels[t] && c < 5; c++)
      f->data[t * 5 + c] = 1e6;
  VaeModel *spoilt = train (f);
  assert_same_model (with, spoilt);

  f->params.skip_labelled = FALSE;
  VaeModel *taken = train (f);
  g_assert_cmpuint (vae_model_summary (taken)->rows, ==, 798);
  g_assert_cmpuint (vae_model_summary (with)->rows, <, 798);
  g_assert_cmpfloat (taken->scaler.scale[0], >, 100 * with->scaler.scale[0]);
  vae_model_unref (with);
  vae_model_unref (spoilt);
  vae_model_unref (taken);
}

static void
test_windows (Fixture * f, gconstpointer unused)
{
  guint8 breaks[1000] = { 0 };

  f->params.window = 4;
  f->params.validation = 0.25;
  breaks[500] = 1;
  f->rows.breaks = breaks;
  for (guint t = 100; t < 110; t++)
    for (guint c = 0; c < 5; c++)
      f->data[t * 5 + c] = NAN;

  VaeDataset *dataset = vae_dataset_new (&f->params, &f->rows, NULL, NULL);
  g_assert_cmpuint (dataset->first_held_back_row, ==, 750);
  /* 750 rows in two stretches have 744 windows, of which 7 lie inside the ten
   * missing rows */
  g_assert_cmpuint (dataset->n_train, ==, 737);
  for (gsize i = 0; i < dataset->n_train; i++) {
    gsize end = dataset->train[i];
    g_assert_true (end >= 3 && end < 750);
    g_assert_false (end >= 500 && end < 503);
    g_assert_false (end >= 103 && end < 110);
  }
  g_assert_cmpuint (dataset->n_held_back, ==, 247);
  g_assert_cmpuint (dataset->held_back[0], ==, 753);
  vae_dataset_free (dataset);
}

static void
assert_no_model (Fixture * f, gint code)
{
  GError *error = NULL;
  VaeModel *model =
      vae_train (&f->params, &f->rows, 1, NULL, NULL, NULL, &error);

  g_assert_null (model);
  g_assert_error (error, VAE_ERROR, code);
  g_error_free (error);
}

static void
test_unusable_rows (Fixture * f, gconstpointer unused)
{
  f->rows.n_rows = 0;
  assert_no_model (f, VAE_ERROR_DATA);
  f->rows.n_rows = 1;
  assert_no_model (f, VAE_ERROR_DATA);
  f->rows.n_rows = 3;           /* a fifth of three is none */
  assert_no_model (f, VAE_ERROR_DATA);
  f->params.validation = 0;
  f->rows.n_rows = 2;
  vae_model_unref (train (f));

  f->rows.n_rows = 100;
  f->params.window = 100;
  assert_no_model (f, VAE_ERROR_DATA);
  f->params.window = 1;
  for (gsize i = 0; i < 500; i++)
    f->data[i] = NAN;
  assert_no_model (f, VAE_ERROR_DATA);
}

static void
test_divergence (Fixture * f, gconstpointer unused)
{
  f->params.learning_rate = 1e30;
  assert_no_model (f, VAE_ERROR_DIVERGED);
}

static void
test_missing_cells (Fixture * f, gconstpointer unused)
{
  VaeRng rng = vae_rng (8, 0);

  for (gsize i = 0; i < f->rows.n_rows * 5; i++)
    if (vae_rng_uniform (rng, i) < 0.3 || i % 5 == 4)
      f->data[i] = i % 2 ? NAN : INFINITY;
  for (gsize i = 0; i < 200; i++)
    f->data[i] = NAN;           /* forty rows with nothing */
  VaeModel *model = train (f);
  const VaeSummary *summary = vae_model_summary (model);
  g_assert_cmpuint (summary->rows, <=, 760);
  g_assert_true (isfinite (summary->loss));
  g_assert_true (isnan (model->detectors[0].usual.error[4]));
  g_assert_true (isfinite (model->threshold[VAE_SCORE_RECON_KL]));
  vae_model_unref (model);
}

/* Half of one percent of the held-back rows score above the threshold. */
static void
test_threshold (Fixture * f, gconstpointer unused)
{
  f->params.validation = 0.5;
  VaeModel *model = train (f);

  for (guint kind = VAE_SCORE_RECON_KL; kind <= VAE_SCORE_KL; kind++) {
    VaeScorer *scorer = vae_scorer_new (model, kind, NULL);
    float scores[1000];
    guint above = 0;
    vae_scorer_execute (scorer, f->data, 1000, scores, NULL, NULL);
    for (gsize t = 500; t < 1000; t++)
      above += scores[t] > model->threshold[kind];
    g_assert_cmpuint (above, ==, 3);
    vae_scorer_free (scorer);
  }
  vae_model_unref (model);
}

/* What is deployed on the held-back rows flags the share of them that was asked
 * for. The rows before fill the first window. */
static void
test_calibrated_thresholds (Fixture * f, gconstpointer unused)
{
  f->params = model_params (VAE_KIND_ENSEMBLE, VAE_LOSS_GAUSSIAN);
  f->params.channels = 5;
  f->params.validation = 0.5;
  f->params.quantile = 0.9;
  VaeModel *model = train (f);

  for (guint score = VAE_SCORE_CALIBRATED; score <= VAE_SCORE_UNSMOOTHED;
      score++) {
    VaeScorer *scorer = vae_scorer_new (model, score, NULL);
    float scores[500 + MODEL_WINDOW - 1];
    guint8 alarms[G_N_ELEMENTS (scores)];
    guint n_alarms = 0, n_scored = 0;
    vae_scorer_execute (scorer, f->data + 5 * (500 - (MODEL_WINDOW - 1)),
        G_N_ELEMENTS (scores), scores, NULL, NULL);
    vae_scorer_decide (scorer, scores, G_N_ELEMENTS (scores), alarms);
    for (gsize t = 0; t < G_N_ELEMENTS (scores); t++) {
      n_scored += !isnan (scores[t]);
      n_alarms += alarms[t];
      g_assert_cmpint (alarms[t], ==, scores[t] > model->threshold[score]);
    }
    g_assert_cmpuint (n_scored, ==, 500);
    g_assert_cmpuint (n_alarms, ==, 50);
    vae_scorer_free (scorer);
  }
  vae_model_unref (model);
}

/* About 1 is usual. */
static void
test_calibrated_scores_are_about_1 (Fixture * f, gconstpointer unused)
{
  f->params = model_params (VAE_KIND_ENSEMBLE, VAE_LOSS_GAUSSIAN);
  f->params.channels = 5;
  VaeModel *model = train (f);
  VaeScorer *scorer = vae_scorer_new (model, VAE_SCORE_CALIBRATED, NULL);
  float scores[1000];
  guint n_usual = 0;

  vae_scorer_execute (scorer, f->data, 1000, scores, NULL, NULL);
  for (gsize t = 0; t < 1000; t++)
    n_usual += scores[t] > 0.5 && scores[t] < 2;
  g_assert_cmpuint (n_usual, >, 800);
  vae_scorer_free (scorer);
  vae_model_unref (model);
}

/* Where no epoch is better than the start, the start is what is kept. */
static void
test_start_is_kept (Fixture * f, gconstpointer unused)
{
  f->params = model_params (VAE_KIND_VAE, VAE_LOSS_GAUSSIAN);
  f->params.channels = 5;
  f->params.learning_rate = 0.1;
  f->params.epochs = 3;
  f->params.patience = 0;
  VaeModel *spoilt = train (f);
  g_assert_cmpuint (spoilt->summary.best_epoch, ==, 0);
  g_assert_cmpuint (spoilt->summary.epochs_run, ==, 3);
  g_assert_true (isfinite (spoilt->summary.validation_loss));
  g_assert_true (isnan (spoilt->summary.loss));
  g_assert_cmpuint (spoilt->summary.active_latents, >, 0);

  f->params.learning_rate = 1e-300;     /* moves nothing */
  VaeModel *unmoved = train (f);
  g_assert_cmpuint (unmoved->summary.best_epoch, ==, 0);
  assert_same_detector (&spoilt->detectors[0], &unmoved->detectors[0], 5);

  f->params.patience = 2;
  VaeModel *patient = train (f);
  g_assert_cmpuint (patient->summary.epochs_run, ==, 2);
  vae_model_unref (patient);
  vae_model_unref (unmoved);
  vae_model_unref (spoilt);
}

static void
test_auto_encoder (Fixture * f, gconstpointer unused)
{
  f->params.kind = VAE_KIND_AE;
  f->params.n_hidden = 1;
  f->params.hidden[0] = 32;
  f->params.epochs = 20;
  VaeModel *model = train (f);
  g_assert_cmpuint (vae_model_summary (model)->active_latents, ==, 0);
  g_assert_cmpfloat (vae_model_summary (model)->kl, ==, 0);
  g_assert_cmpfloat (vae_model_summary (model)->loss, <, 0.2);
  vae_model_unref (model);
}

static void
count_cell (const VaeGridCell * cell, guint done, guint n_cells, gpointer count)
{
  g_assert_cmpuint (done, ==, ++*(guint *) count);
  g_assert_cmpuint (n_cells, ==, 6);
}

static VaeModel *
run_grid (Fixture * f, VaeSelect select, guint threads, VaeGridCell * cells)
{
  const guint latent_dims[] = { 2, 3, 5 };
  const double betas[] = { 0.1, 8 };
  VaeGridParams grid = {
    latent_dims, 3, betas, 2, select, threads
  };
  GError *error = NULL;
  guint count = 0;

  VaeModel *model = vae_grid (&f->params, &grid, &f->rows, cells, count_cell,
      &count, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count, ==, 6);
  return model;
}

/* A cell is what vae_train() gives, whoever trains beside it. */
static void
test_grid_cells (Fixture * f, gconstpointer unused)
{
  VaeGridCell cells[6], others[6];
  VaeModel *one = run_grid (f, VAE_SELECT_LOSS, 1, cells);
  VaeModel *four = run_grid (f, VAE_SELECT_LOSS, 4, others);

  assert_same_model (one, four);
  g_assert_cmpmem (cells, sizeof cells, others, sizeof others);
  guint chosen = 0;
  for (guint i = 0; i < 6; i++) {
    g_assert_cmpuint (cells[i].latent_dim, ==, i < 2 ? 2 : i < 4 ? 3 : 5);
    g_assert_cmpfloat (cells[i].beta, ==, i % 2 ? 8 : 0.1);
    f->params.latent_dim = cells[i].latent_dim;
    f->params.beta = cells[i].beta;
    VaeModel *alone = train (f);
    g_assert_cmpmem (&cells[i].summary, sizeof (VaeSummary), &alone->summary,
        sizeof (VaeSummary));
    if (cells[i].chosen) {
      assert_same_model (one, alone);
      chosen++;
    }
    vae_model_unref (alone);
  }
  g_assert_cmpuint (chosen, ==, 1);
  vae_model_unref (one);
  vae_model_unref (four);
}

static double
figure (const VaeGridCell * cell, VaeSelect select)
{
  return select == VAE_SELECT_LOSS ? -cell->summary.validation_loss
      : select == VAE_SELECT_ELBO ? cell->elbo
      : select == VAE_SELECT_AUROC ? cell->auroc : cell->auprc;
}

static void
test_grid_selects (Fixture * f, gconstpointer unused)
{
  f->params.epochs = 8;
  for (guint select = VAE_SELECT_ELBO; select <= VAE_SELECT_AUPRC; select++) {
    VaeGridCell cells[6];
    VaeModel *model = run_grid (f, select, 2, cells);
    double best = -INFINITY, chosen = NAN;
    for (guint i = 0; i < 6; i++) {
      g_assert_true (cells[i].auroc >= 0 && cells[i].auroc <= 1);
      best = MAX (best, figure (&cells[i], select));
      if (cells[i].chosen) {
        chosen = figure (&cells[i], select);
        g_assert_cmpuint (model->params.latent_dim, ==, cells[i].latent_dim);
        g_assert_cmpfloat (model->params.beta, ==, cells[i].beta);
      }
    }
    g_assert_cmpfloat (chosen, ==, best);
    vae_model_unref (model);
  }
}

static void
test_grid_errors (Fixture * f, gconstpointer unused)
{
  const guint latent_dims[] = { 2, 0 };
  const double betas[] = { 1 };
  VaeGridParams grid = { latent_dims, 2, betas, 1, VAE_SELECT_ELBO, 0 };
  GError *error = NULL;

  g_assert_null (vae_grid (&f->params, &grid, &f->rows, NULL, NULL, NULL, NULL,
          &error));
  g_assert_error (error, VAE_ERROR, VAE_ERROR_PARAMETER);
  g_clear_error (&error);

  grid.n_latent_dims = 1;
  grid.select = VAE_SELECT_AUROC;
  memset (f->labels, 0, f->rows.n_rows);
  g_assert_null (vae_grid (&f->params, &grid, &f->rows, NULL, NULL, NULL, NULL,
          &error));
  g_assert_error (error, VAE_ERROR, VAE_ERROR_DATA);
  g_clear_error (&error);

  grid.select = VAE_SELECT_ELBO;
  f->params.learning_rate = 1e30;
  g_assert_null (vae_grid (&f->params, &grid, &f->rows, NULL, NULL, NULL, NULL,
          &error));
  g_assert_error (error, VAE_ERROR, VAE_ERROR_DIVERGED);
  g_clear_error (&error);

  GCancellable *cancellable = g_cancellable_new ();
  g_cancellable_cancel (cancellable);
  f->params.learning_rate = 1e-3;
  g_assert_null (vae_grid (&f->params, &grid, &f->rows, NULL, NULL, NULL,
          cancellable, &error));
  g_assert_error (error, VAE_ERROR, VAE_ERROR_CANCELLED);
  g_clear_error (&error);
  g_object_unref (cancellable);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) \
    g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/train/seed-decides", test_seed_decides);
  ADD ("/train/threads-do-not-decide", test_threads_do_not_decide);
  ADD ("/train/seed-decides-of-an-ensemble", test_seed_decides_of_an_ensemble);
  ADD ("/train/threads-do-not-decide-of-an-ensemble",
      test_threads_do_not_decide_of_an_ensemble);
  ADD ("/train/epochs-are-told", test_epochs_are_told);
  ADD ("/train/best-weights-are-kept", test_best_weights_are_kept);
  ADD ("/train/cancel", test_cancel);
  ADD ("/train/cancel-before-training", test_cancel_before_training);
  ADD ("/train/cancel-within-a-batch", test_cancel_within_a_batch);
  ADD ("/train/skip-labelled", test_skip_labelled);
  ADD ("/train/windows", test_windows);
  ADD ("/train/unusable-rows", test_unusable_rows);
  ADD ("/train/divergence", test_divergence);
  ADD ("/train/missing-cells", test_missing_cells);
  ADD ("/train/threshold", test_threshold);
  ADD ("/train/calibrated-thresholds", test_calibrated_thresholds);
  ADD ("/train/calibrated-scores-are-about-1",
      test_calibrated_scores_are_about_1);
  ADD ("/train/start-is-kept", test_start_is_kept);
  ADD ("/train/auto-encoder", test_auto_encoder);
  ADD ("/grid/cells", test_grid_cells);
  ADD ("/grid/selects", test_grid_selects);
  ADD ("/grid/errors", test_grid_errors);
  return g_test_run ();
}
