/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Scores: one per row, the same bits however the stream is cut. */

#include "models.h"
#include "scorer.h"

#include <string.h>

#define CHANNELS 5
#define ROWS 700

/* A model with random weights, a scaler that is not the identity, and a
 * window. */
static VaeModel *
random_model (VaeKind kind, guint window)
{
  VaeParams params;

  vae_params_init_seed (&params);
  params.kind = kind;
  params.channels = CHANNELS;
  params.window = window;
  VaeModel *model = vae_model_new (&params, (VaeSizes) { 0, 0 }, NULL);
  g_assert_nonnull (model);
  vae_net_randomize (&model->detectors[0].net, model->detectors[0].weights, 21);
  for (guint c = 0; c < CHANNELS; c++) {
    model->scaler.offset[c] = c;
    model->scaler.scale[c] = 1 + 0.1 * c;
  }
  return model;
}

/* Random rows, 2 % of the cells missing, row 300 all missing, row 310 absurd. */
static float *
random_rows (void)
{
  float *rows = g_new (float, ROWS * CHANNELS);
  VaeRng rng = vae_rng (4, 0), gaps = vae_rng (4, 1);

  for (gsize i = 0; i < ROWS * CHANNELS; i++)
    rows[i] = vae_rng_uniform (gaps, i) < 0.02 ? NAN : vae_rng_normal (rng, i);
  for (gsize c = 0; c < CHANNELS; c++) {
    rows[300 * CHANNELS + c] = c % 2 ? NAN : INFINITY;
    rows[310 * CHANNELS + c] = c % 2 ? 3e38 : -3e38;
  }
  return rows;
}

static void
test_any_cut_gives_the_same_bits (gconstpointer window)
{
  const gsize cuts[] = { 1, 7, 63, 64, 65, 200, ROWS };
  VaeModel *model = random_model (VAE_KIND_VAE, GPOINTER_TO_UINT (window));
  VaeScorer *scorer = vae_scorer_new (model, VAE_SCORE_AUTO, NULL);
  float *rows = random_rows ();
  float whole[ROWS], whole_errors[ROWS * CHANNELS];
  float scores[ROWS], errors[ROWS * CHANNELS];

  vae_scorer_execute (scorer, rows, ROWS, whole, whole_errors, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cuts); i++) {
    vae_scorer_reset (scorer);
    for (gsize t = 0; t < ROWS; t += cuts[i])
      vae_scorer_execute (scorer, rows + t * CHANNELS,
          MIN (cuts[i], ROWS - t), scores + t, errors + t * CHANNELS, NULL);
    g_assert_cmpmem (scores, sizeof scores, whole, sizeof whole);
    g_assert_cmpmem (errors, sizeof errors, whole_errors, sizeof whole_errors);
  }
  g_free (rows);
  vae_scorer_free (scorer);
  vae_model_unref (model);
}

/* The score, in double, from its definition. */
static void
plain_terms (const VaeModel * model, const float *rows, gsize row,
    double *reconstruction, double *kl)
{
  const guint window = model->params.window;
  const VaeNet *net = &model->detectors[0].net;
  double in[256] = { 0 }, out[256], sum = 0;
  guint n = 0;

  for (guint i = 0; i < window * CHANNELS; i++) {
    guint c = i % CHANNELS;
    double x = rows[(row + 1 - window) * CHANNELS + i];
    if (isfinite (x))
      in[i] = CLAMP ((x - model->scaler.offset[c]) / model->scaler.scale[c],
          -1e9, 1e9);
  }
  double x[CHANNELS];
  for (guint c = 0; c < CHANNELS; c++)
    x[c] = in[(window - 1) * CHANNELS + c];

  *kl = 0;
  for (guint l = 0; l < net->n_layers; l++) {
    const VaeLayer *layer = &net->layers[l];
    for (gsize o = 0; o < layer->outputs; o++) {
      out[o] = model->detectors[0].weights[layer->bias + o];
      for (gsize i = 0; i < layer->inputs; i++)
        out[o] +=
            in[i] * model->detectors[0].weights[layer->weight +
            o * layer->inputs + i];
      if (layer->activation == VAE_ACTIVATION_RELU)
        out[o] = MAX (out[o], 0);
    }
    memcpy (in, out, sizeof in);
    if (net->variational && l == net->n_encoder)
      for (gsize k = 0; k < net->latents; k++) {
        double mu = out[k], logvar = out[net->latents + k];
        *kl += 0.5 * (mu * mu + exp (logvar) - 1 - logvar);
      }
  }
  for (guint c = 0; c < CHANNELS; c++)
    if (isfinite (rows[row * CHANNELS + c])) {
      double e = x[c] - out[(window - 1) * CHANNELS + c];
      sum += e * e;
      n++;
    }
  *reconstruction = n ? sum / n : NAN;
}

static void
check_score (VaeModel * model, VaeScore score, const float *rows)
{
  VaeScorer *scorer = vae_scorer_new (model, score, NULL);
  const guint window = model->params.window;
  float scores[ROWS];

  vae_scorer_execute (scorer, rows, ROWS, scores, NULL, NULL);
  for (gsize t = 0; t < ROWS; t++) {
    double reconstruction, kl, expected;
    if (t + 1 < window || t == 300) {
      g_assert_true (isnan (scores[t]));
      continue;
    }
    plain_terms (model, rows, t, &reconstruction, &kl);
    expected = score == VAE_SCORE_RECONSTRUCTION ? reconstruction
        : score == VAE_SCORE_KL ? kl : reconstruction + kl;
    if (t >= 310 && t < 310 + window)
      g_assert_false (isnan (scores[t]));       /* huge, but a number */
    else
      g_assert_cmpfloat (fabs (scores[t] - expected), <,
          1e-5 * MAX (1, expected));
  }
  vae_scorer_free (scorer);
}

static void
test_definitions (void)
{
  float *rows = random_rows ();

  for (guint window = 1; window <= 3; window += 2) {
    VaeModel *model = random_model (VAE_KIND_VAE, window);
    check_score (model, VAE_SCORE_AUTO, rows);
    check_score (model, VAE_SCORE_RECON_KL, rows);
    check_score (model, VAE_SCORE_RECONSTRUCTION, rows);
    check_score (model, VAE_SCORE_KL, rows);
    vae_model_unref (model);
  }
  g_free (rows);
}

static void
test_errors_average_to_the_reconstruction (void)
{
  VaeModel *model = random_model (VAE_KIND_AE, 1);
  VaeScorer *scorer = vae_scorer_new (model, VAE_SCORE_AUTO, NULL);
  float *rows = random_rows ();
  float scores[ROWS], errors[ROWS * CHANNELS];

  vae_scorer_execute (scorer, rows, ROWS, scores, errors, NULL);
  for (gsize t = 0; t < ROWS; t++) {
    double sum = 0;
    guint n = 0;
    for (guint c = 0; c < CHANNELS; c++) {
      g_assert_cmpint (isnan (errors[t * CHANNELS + c]), ==,
          !isfinite (rows[t * CHANNELS + c]));
      if (!isnan (errors[t * CHANNELS + c])) {
        sum += errors[t * CHANNELS + c];
        n++;
      }
    }
    if (n)
      g_assert_cmpfloat (fabs (scores[t] - sum / n), <=, 1e-5 * sum / n);
  }
  g_free (rows);
  vae_scorer_free (scorer);
  vae_model_unref (model);
}

static void
test_reset_starts_a_window (void)
{
  VaeModel *model = random_model (VAE_KIND_VAE, 4);
  VaeScorer *scorer = vae_scorer_new (model, VAE_SCORE_AUTO, NULL);
  float *rows = random_rows ();
  float first[10], again[10];

  vae_scorer_execute (scorer, rows, 10, first, NULL, NULL);
  vae_scorer_reset (scorer);
  vae_scorer_execute (scorer, rows, 10, again, NULL, NULL);
  for (guint t = 0; t < 10; t++)
    g_assert_cmpint (isnan (again[t]), ==, t < 3);
  g_assert_cmpmem (again, sizeof again, first, sizeof first);
  g_free (rows);
  vae_scorer_free (scorer);
  vae_model_unref (model);
}

static void
test_ae_has_no_kl (void)
{
  VaeModel *model = random_model (VAE_KIND_AE, 1);
  GError *error = NULL;

  g_assert_null (vae_scorer_new (model, VAE_SCORE_KL, &error));
  g_assert_error (error, VAE_ERROR, VAE_ERROR_PARAMETER);
  g_clear_error (&error);
  g_assert_null (vae_scorer_new (model, VAE_SCORE_RECON_KL, &error));
  g_assert_error (error, VAE_ERROR, VAE_ERROR_PARAMETER);
  g_clear_error (&error);
  vae_model_unref (model);
}

/* --- models of every kind ------------------------------------------------------ */

#define LONG_ROWS 5200

/* The rows of a model, again and again, with something unusual now and then. */
static float *
long_rows (void)
{
  float *rows = g_new (float, LONG_ROWS * MODEL_CHANNELS);

  for (gsize from = 0; from < LONG_ROWS; from += MODEL_ROWS) {
    float *part = model_rows (from);
    memcpy (rows + from * MODEL_CHANNELS, part,
        MIN (MODEL_ROWS, LONG_ROWS - from) * MODEL_CHANNELS * sizeof (float));
    g_free (part);
  }
  for (gsize i = 0; i < LONG_ROWS * MODEL_CHANNELS; i++) {
    const gsize t = i / MODEL_CHANNELS;
    if (t % 1000 > 900)
      rows[i] += 7;
    if (t % 777 == 5)
      rows[i] = i % 2 ? INFINITY : 3e38;
  }
  return rows;
}

/* What a scorer gives for LONG_ROWS rows. */
typedef struct
{
  float scores[LONG_ROWS];
  float contributions[LONG_ROWS * MODEL_CHANNELS];
  float expected[LONG_ROWS * MODEL_CHANNELS];
} Scored;

static void
score_in_cuts (VaeScorer * scorer, const float *rows, gsize cut,
    Scored * scored)
{
  for (gsize t = 0; t < LONG_ROWS; t += cut) {
    const gsize first = t * MODEL_CHANNELS;
    vae_scorer_execute (scorer, rows + first, MIN (cut, LONG_ROWS - t),
        scored->scores + t, scored->contributions + first,
        scored->expected + first);
  }
}

static void
assert_same_scored (const Scored * a, const Scored * b)
{
  assert_same_floats (a->scores, b->scores, LONG_ROWS);
  assert_same_floats (a->contributions, b->contributions,
      LONG_ROWS * MODEL_CHANNELS);
  assert_same_floats (a->expected, b->expected, LONG_ROWS * MODEL_CHANNELS);
}

static void
check_cuts (VaeModel * model, VaeScore score, const float *rows)
{
  const gsize cuts[] = { 1, 7, 64, 5000 };
  VaeScorer *scorer = vae_scorer_new (model, score, NULL);
  Scored *whole = g_new (Scored, 1), *cut = g_new (Scored, 1);
  float *alone = g_new (float, LONG_ROWS);

  score_in_cuts (scorer, rows, LONG_ROWS, whole);
  for (gsize i = 0; i < G_N_ELEMENTS (cuts); i++) {
    vae_scorer_reset (scorer);
    score_in_cuts (scorer, rows, cuts[i], cut);
    assert_same_scored (cut, whole);
  }
  vae_scorer_reset (scorer);
  vae_scorer_execute (scorer, rows, LONG_ROWS, alone, NULL, NULL);
  assert_same_floats (alone, whole->scores, LONG_ROWS);
  g_free (alone);
  g_free (cut);
  g_free (whole);
  vae_scorer_free (scorer);
}

static void
test_any_cut_of_any_kind (gconstpointer loss)
{
  float *rows = long_rows ();

  for (guint kind = VAE_KIND_VAE; kind <= VAE_KIND_ENSEMBLE; kind++) {
    VaeModel *model = train_kind (kind, GPOINTER_TO_UINT (loss));
    for (guint score = VAE_SCORE_AUTO; score <= VAE_SCORE_KL; score++)
      if (has_score (model, score))
        check_cuts (model, score, rows);
    vae_model_unref (model);
  }
  g_free (rows);
}

/* Of networks so large that threads share the rows. */
static void
test_threads_do_not_decide (void)
{
  VaeParams params = model_params (VAE_KIND_ENSEMBLE, VAE_LOSS_GAUSSIAN);
  params.n_hidden = 2;
  params.hidden[0] = 150;
  params.hidden[1] = 150;
  params.epochs = 1;
  VaeModel *model = train_params (&params, 2);
  Scored *alone = g_new (Scored, 1), *shared = g_new (Scored, 1);
  float *rows = long_rows ();

  for (guint score = VAE_SCORE_CALIBRATED; score <= VAE_SCORE_KL; score++) {
    VaeScorer *one = vae_scorer_new (model, score, NULL);
    score_in_cuts (one, rows, 64, alone);
    vae_scorer_free (one);
    for (guint threads = 2; threads <= 4; threads++) {
      VaeScorer *more = vae_scorer_new (model, score, NULL);
      vae_scorer_use_threads (more, threads);
      score_in_cuts (more, rows, 1000, shared);
      assert_same_scored (alone, shared);
      vae_scorer_free (more);
    }
  }
  g_free (alone);
  g_free (shared);
  g_free (rows);
  vae_model_unref (model);
}

/* A cell of a row that is not scored, or that is missing, has neither; all others
 * have both. */
static void
test_what_is_not_known_is_nan (void)
{
  float *rows = long_rows ();
  Scored *scored = g_new (Scored, 1);

  for (guint kind = VAE_KIND_VAE; kind <= VAE_KIND_ENSEMBLE; kind++) {
    VaeModel *model = train_kind (kind, VAE_LOSS_GAUSSIAN);
    for (guint score = VAE_SCORE_AUTO; score <= VAE_SCORE_KL; score++) {
      if (!has_score (model, score))
        continue;
      VaeScorer *scorer = vae_scorer_new (model, score, NULL);
      score_in_cuts (scorer, rows, LONG_ROWS, scored);
      for (gsize t = 0; t < LONG_ROWS; t++) {
        const float *row = rows + t * MODEL_CHANNELS;
        const gboolean is_full = t >= vae_model_rows_before (model);
        g_assert_cmpint (isfinite (scored->scores[t]), ==, is_full
            && (isfinite (row[0]) || isfinite (row[1]) || isfinite (row[2])));
        for (guint c = 0; c < MODEL_CHANNELS; c++) {
          const gsize i = t * MODEL_CHANNELS + c;
          const gboolean is_known = is_full && isfinite (row[c]);
          g_assert_cmpint (!isnan (scored->contributions[i]), ==, is_known);
          g_assert_cmpint (!isnan (scored->expected[i]), ==, is_known);
        }
      }
      vae_scorer_free (scorer);
    }
    vae_model_unref (model);
  }
  g_free (scored);
  g_free (rows);
}

/* The window that ends with row t, scaled, 0 where a cell is missing. */
static void
plain_window (const VaeModel * model, const float *rows, gsize t, double *x)
{
  const VaeScalerFit *scaler = &model->scaler;
  const gsize n = (vae_model_rows_before (model) + 1) * MODEL_CHANNELS;

  for (gsize i = 0; i < n; i++) {
    const guint c = i % MODEL_CHANNELS;
    const double cell = rows[(t + 1) * MODEL_CHANNELS - n + i];
    x[i] = isfinite (cell) ? CLAMP ((cell - scaler->offset[c])
        / scaler->scale[c], -8, 8) : 0;
  }
}

/* mean + V'V (window - mean), of the last row. */
static void
plain_pca (const VaeModel * model, const float *rows, gsize t, double *y)
{
  const VaeNet *net = &model->detectors[0].net;
  const float *weights = model->detectors[0].weights;
  const float *components = weights + net->layers[0].weight;
  const float *mean = weights + net->layers[1].bias;
  const gsize n = net->inputs, k = net->layers[0].outputs;
  double x[MODEL_WINDOW * MODEL_CHANNELS];

  plain_window (model, rows, t, x);
  for (guint c = 0; c < MODEL_CHANNELS; c++)
    y[c] = mean[n - MODEL_CHANNELS + c];
  for (gsize j = 0; j < k; j++) {
    double z = 0;
    for (gsize i = 0; i < n; i++)
      z += components[j * n + i] * (x[i] - mean[i]);
    for (guint c = 0; c < MODEL_CHANNELS; c++)
      y[c] += components[j * n + n - MODEL_CHANNELS + c] * z;
  }
}

/* The nearest prototype, by what is there of the row. */
static void
plain_nearest (const VaeModel * model, const float *rows, gsize t, double *y)
{
  const VaeNearest *nearest = &model->detectors[0].nearest;
  double x[MODEL_CHANNELS], least = INFINITY;

  plain_window (model, rows, t, x);
  for (guint p = 0; p < nearest->n; p++) {
    const float *prototype = nearest->prototypes + p * MODEL_CHANNELS;
    double distance = 0;
    for (guint c = 0; c < MODEL_CHANNELS; c++)
      if (isfinite (rows[t * MODEL_CHANNELS + c]))
        distance += (x[c] - prototype[c]) * (x[c] - prototype[c]);
    if (distance < least) {
      least = distance;
      for (guint c = 0; c < MODEL_CHANNELS; c++)
        y[c] = prototype[c];
    }
  }
}

static void
plain_norm (const VaeModel * model, const float *rows, gsize t, double *y)
{
  memset (y, 0, MODEL_CHANNELS * sizeof (double));
}

/* What the model takes each cell to have been, and by how much it was wrong: in the
 * score that sums it up, too. */
static void
check_expected (VaeKind kind, void (*plain) (const VaeModel *, const float *,
        gsize, double *))
{
  VaeModel *model = train_kind (kind, VAE_LOSS_GAUSSIAN);
  VaeScorer *scorer = vae_scorer_new (model, VAE_SCORE_RECONSTRUCTION, NULL);
  Scored *scored = g_new (Scored, 1);
  float *rows = long_rows ();
  const gsize last = vae_model_rows_before (model);

  score_in_cuts (scorer, rows, 1000, scored);
  for (gsize t = last; t < LONG_ROWS; t++) {
    double x[MODEL_WINDOW * MODEL_CHANNELS], y[MODEL_CHANNELS], sum = 0;
    guint seen = 0;
    plain_window (model, rows, t, x);
    plain (model, rows, t, y);
    for (guint c = 0; c < MODEL_CHANNELS; c++) {
      const gsize i = t * MODEL_CHANNELS + c;
      const double e = x[last * MODEL_CHANNELS + c] - y[c];
      if (!isfinite (rows[i]))
        continue;
      g_assert_cmpfloat_with_epsilon (scored->expected[i],
          model->scaler.offset[c] + model->scaler.scale[c] * y[c], 1e-4);
      g_assert_cmpfloat_with_epsilon (scored->contributions[i], e * e,
          1e-4 * MAX (1, e * e));
      sum += e * e;
      seen++;
    }
    if (seen > 0)
      g_assert_cmpfloat_with_epsilon (scored->scores[t], sum / seen,
          1e-4 * MAX (1, sum / seen));
  }
  g_free (rows);
  g_free (scored);
  vae_scorer_free (scorer);
  vae_model_unref (model);
}

static void
test_expected (void)
{
  check_expected (VAE_KIND_PCA, plain_pca);
  check_expected (VAE_KIND_NEAREST, plain_nearest);
  check_expected (VAE_KIND_NORM, plain_norm);
}

/* An ensemble's VAE is the one that is trained alone, and speaks for it. */
static void
test_expected_of_an_ensemble (void)
{
  const VaeScore scores[] = { VAE_SCORE_RECON_KL, VAE_SCORE_RECONSTRUCTION,
    VAE_SCORE_KL
  };
  VaeModel *vae = train_kind (VAE_KIND_VAE, VAE_LOSS_GAUSSIAN);
  VaeModel *ensemble = train_kind (VAE_KIND_ENSEMBLE, VAE_LOSS_GAUSSIAN);
  Scored *alone = g_new (Scored, 1), *member = g_new (Scored, 1);
  float *rows = long_rows ();

  for (gsize i = 0; i < G_N_ELEMENTS (scores); i++) {
    VaeScorer *a = vae_scorer_new (vae, scores[i], NULL);
    VaeScorer *b = vae_scorer_new (ensemble, scores[i], NULL);
    score_in_cuts (a, rows, 1000, alone);
    score_in_cuts (b, rows, 1000, member);
    assert_same_scored (alone, member);
    vae_scorer_free (a);
    vae_scorer_free (b);
  }
  VaeScorer *calibrated = vae_scorer_new (ensemble, VAE_SCORE_AUTO, NULL);
  score_in_cuts (calibrated, rows, 1000, member);
  assert_same_floats (alone->expected, member->expected,
      LONG_ROWS * MODEL_CHANNELS);
  vae_scorer_free (calibrated);
  g_free (alone);
  g_free (member);
  g_free (rows);
  vae_model_unref (vae);
  vae_model_unref (ensemble);
}

/* The calibrated score is what a jury says of the members' residuals, once the
 * window is full, and the contributions are its. */
static void
test_calibrated_is_of_all_members (void)
{
  VaeModel *model = train_kind (VAE_KIND_ENSEMBLE, VAE_LOSS_GAUSSIAN);
  const gsize stride = vae_usual_stride (MODEL_CHANNELS);
  VaeScorer *measuring = vae_scorer_new_uncalibrated (model, NULL);
  VaeScorer *scorer = vae_scorer_new (model, VAE_SCORE_CALIBRATED, NULL);
  float *block = g_new (float, 3 * LONG_ROWS * stride);
  float *const residuals[] = {
    block, block + LONG_ROWS * stride, block + 2 * LONG_ROWS * stride
  };
  float *terms = g_new (float, 2 * LONG_ROWS), *rows = long_rows ();
  Scored *scored = g_new (Scored, 1);
  VaeJury jury = { 0 };

  for (guint i = 0; i < 3; i++)
    g_assert_true (vae_jury_add (&jury, &model->detectors[i].usual,
            &model->params, TRUE));
  vae_scorer_measure (measuring, rows, LONG_ROWS, terms, terms + LONG_ROWS,
      residuals);
  score_in_cuts (scorer, rows, 1000, scored);
  for (gsize t = MODEL_WINDOW - 1; t < LONG_ROWS; t++) {
    const float *row[3];
    float blame[MODEL_CHANNELS];
    for (guint i = 0; i < 3; i++)
      row[i] = residuals[i] + t * stride;
    const float score = vae_jury_step (&jury, row);
    assert_same_floats (&score, &scored->scores[t], 1);
    vae_jury_blame (&jury, MODEL_CHANNELS, blame);
    for (guint c = 0; c < MODEL_CHANNELS; c++)
      if (isfinite (rows[t * MODEL_CHANNELS + c]))
        assert_same_floats (&blame[c],
            &scored->contributions[t * MODEL_CHANNELS + c], 1);
  }
  vae_jury_clear (&jury);
  g_free (scored);
  g_free (rows);
  g_free (terms);
  g_free (block);
  vae_scorer_free (scorer);
  vae_scorer_free (measuring);
  vae_model_unref (model);
}

/* In the order of the calibrated score, and from the same rows. */
static void
test_rarity_keeps_the_order (void)
{
  VaeModel *model = train_kind (VAE_KIND_ENSEMBLE, VAE_LOSS_GAUSSIAN);
  VaeScorer *calibrated = vae_scorer_new (model, VAE_SCORE_CALIBRATED, NULL);
  VaeScorer *rarity = vae_scorer_new (model, VAE_SCORE_RARITY, NULL);
  Scored *a = g_new (Scored, 1), *b = g_new (Scored, 1);
  float *rows = long_rows ();

  score_in_cuts (calibrated, rows, 1000, a);
  score_in_cuts (rarity, rows, 1000, b);
  for (gsize t = 0; t < LONG_ROWS; t++) {
    const gsize u = (t * 31 + 17) % LONG_ROWS;
    g_assert_cmpint (isnan (a->scores[t]), ==, isnan (b->scores[t]));
    if (a->scores[t] <= a->scores[u])
      g_assert_cmpfloat (b->scores[t], <=, b->scores[u]);
  }
  g_assert_cmpfloat (vae_model_threshold (model, VAE_SCORE_RARITY), ==,
      vae_tail_rarity (&model->tail,
          vae_model_threshold (model, VAE_SCORE_CALIBRATED)));
  g_free (a);
  g_free (b);
  g_free (rows);
  vae_scorer_free (calibrated);
  vae_scorer_free (rarity);
  vae_model_unref (model);
}

static void
assert_no_score (VaeModel * model, VaeScore score, const char *why)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *which = g_strdup_printf ("the model, of kind %s, has no "
      "score %s: ", vae_kind_name (model->params.kind), vae_score_name (score));

  g_assert_null (vae_scorer_new (model, score, &error));
  g_assert_error (error, VAE_ERROR, VAE_ERROR_PARAMETER);
  g_assert_true (g_str_has_prefix (error->message, which));
  g_assert_nonnull (strstr (error->message, why));
  g_assert_true (isnan (vae_model_threshold (model, score)));
}

static void
test_scores_that_a_kind_does_not_have (void)
{
  GError *error = NULL;

  for (guint kind = VAE_KIND_VAE; kind <= VAE_KIND_ENSEMBLE; kind++) {
    VaeModel *model = train_kind (kind, VAE_LOSS_GAUSSIAN);
    const gboolean has_vae = kind == VAE_KIND_VAE || kind == VAE_KIND_ENSEMBLE;
    for (guint score = VAE_SCORE_AUTO; score <= VAE_SCORE_KL; score++)
      if (has_vae || (score != VAE_SCORE_RECON_KL && score != VAE_SCORE_KL)) {
        g_assert_true (has_score (model, score));
        g_assert_true (isfinite (vae_model_threshold (model, score)));
      } else
        assert_no_score (model, score, "only a VAE has a KL");
    g_assert_null (vae_scorer_new (model, (VaeScore) 77, &error));
    g_assert_error (error, VAE_ERROR, VAE_ERROR_PARAMETER);
    g_assert_nonnull (strstr (error->message, "77"));
    g_clear_error (&error);
    vae_model_unref (model);
  }
}

/* Rarity is that of the calibrated score, which the seed's loss is not scored by. */
static void
test_what_auto_stands_for (void)
{
  const struct
  {
    VaeKind kind;
    VaeLoss loss;
    VaeScore score;
  } cases[] = {
    {VAE_KIND_VAE, VAE_LOSS_GAUSSIAN, VAE_SCORE_CALIBRATED},
    {VAE_KIND_AE, VAE_LOSS_GAUSSIAN, VAE_SCORE_CALIBRATED},
    {VAE_KIND_PCA, VAE_LOSS_GAUSSIAN, VAE_SCORE_CALIBRATED},
    {VAE_KIND_NORM, VAE_LOSS_GAUSSIAN, VAE_SCORE_CALIBRATED},
    {VAE_KIND_NEAREST, VAE_LOSS_GAUSSIAN, VAE_SCORE_CALIBRATED},
    {VAE_KIND_ENSEMBLE, VAE_LOSS_GAUSSIAN, VAE_SCORE_CALIBRATED},
    {VAE_KIND_VAE, VAE_LOSS_SEED, VAE_SCORE_RECON_KL},
    {VAE_KIND_AE, VAE_LOSS_SEED, VAE_SCORE_RECONSTRUCTION},
    {VAE_KIND_ENSEMBLE, VAE_LOSS_SEED, VAE_SCORE_CALIBRATED},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    VaeModel *model = train_kind (cases[i].kind, cases[i].loss);
    g_assert_cmpint (vae_model_resolve_score (model, VAE_SCORE_AUTO), ==,
        cases[i].score);
    g_assert_true (has_score (model, VAE_SCORE_AUTO));
    g_assert_cmpfloat (vae_model_threshold (model, VAE_SCORE_AUTO), ==,
        vae_model_threshold (model, cases[i].score));
    if (cases[i].score != VAE_SCORE_CALIBRATED) {
      g_assert_true (has_score (model, VAE_SCORE_CALIBRATED));
      assert_no_score (model, VAE_SCORE_RARITY, "how rare");
    }
    vae_model_unref (model);
  }
}

static void
test_uncalibrated_model (void)
{
  VaeModel *model = random_model (VAE_KIND_VAE, 1);

  assert_no_score (model, VAE_SCORE_CALIBRATED, "what is usual");
  assert_no_score (model, VAE_SCORE_UNSMOOTHED, "what is usual");
  assert_no_score (model, VAE_SCORE_RARITY, "what is usual");
  g_assert_true (has_score (model, VAE_SCORE_AUTO));
  g_assert_true (has_score (model, VAE_SCORE_KL));
  vae_model_unref (model);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/scorer/any-cut/window-1", GUINT_TO_POINTER (1),
      test_any_cut_gives_the_same_bits);
  g_test_add_data_func ("/scorer/any-cut/window-16", GUINT_TO_POINTER (16),
      test_any_cut_gives_the_same_bits);
  g_test_add_data_func ("/scorer/any-cut/any-kind/gaussian",
      GUINT_TO_POINTER (VAE_LOSS_GAUSSIAN), test_any_cut_of_any_kind);
  g_test_add_data_func ("/scorer/any-cut/any-kind/seed",
      GUINT_TO_POINTER (VAE_LOSS_SEED), test_any_cut_of_any_kind);
  g_test_add_func ("/scorer/threads-do-not-decide", test_threads_do_not_decide);
  g_test_add_func ("/scorer/what-is-not-known-is-nan",
      test_what_is_not_known_is_nan);
  g_test_add_func ("/scorer/expected", test_expected);
  g_test_add_func ("/scorer/expected-of-an-ensemble",
      test_expected_of_an_ensemble);
  g_test_add_func ("/scorer/calibrated-is-of-all-members",
      test_calibrated_is_of_all_members);
  g_test_add_func ("/scorer/rarity-keeps-the-order",
      test_rarity_keeps_the_order);
  g_test_add_func ("/scorer/scores-that-a-kind-does-not-have",
      test_scores_that_a_kind_does_not_have);
  g_test_add_func ("/scorer/what-auto-stands-for", test_what_auto_stands_for);
  g_test_add_func ("/scorer/uncalibrated-model", test_uncalibrated_model);
  g_test_add_func ("/scorer/definitions", test_definitions);
  g_test_add_func ("/scorer/errors-average",
      test_errors_average_to_the_reconstruction);
  g_test_add_func ("/scorer/reset", test_reset_starts_a_window);
  g_test_add_func ("/scorer/ae-has-no-kl", test_ae_has_no_kl);
  return g_test_run ();
}
