/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "trainer.h"
#include "adam.h"
#include "denormals.h"
#include "noise.h"
#include "window.h"

#include <string.h>

/* A latent whose KL is below this, in nats, tells nothing about the input. */
#define ACTIVE_KL 0.01

struct _VaeTrainer
{
  VaeParams params;
  const VaeDataset *dataset;
  VaeNet net;
  VaePass *pass;
  gsize batch;                  /* rows of a full batch */
  gsize tile;                   /* the same, rounded up to whole vectors */
  guint64 step;                 /* Adam steps so far */

  gsize *order;                 /* [n_train], the shuffled windows */
  float *weights;               /* [net.n_params], as the next four */
  float *gradient;
  float *mean;
  float *square;
  float *best;
  float *observed;              /* [inputs][tile] */
  float *noise;                 /* [latents][tile] */
  double *latent_kl;            /* [latents], over the rows of an epoch */
};

void
vae_trainer_free (VaeTrainer * trainer)
{
  if (!trainer)
    return;
  vae_pass_free (trainer->pass);
  g_free (trainer->order);
  vae_floats_free (trainer->weights);
  vae_floats_free (trainer->gradient);
  vae_floats_free (trainer->mean);
  vae_floats_free (trainer->square);
  vae_floats_free (trainer->best);
  vae_floats_free (trainer->observed);
  vae_floats_free (trainer->noise);
  g_free (trainer->latent_kl);
  g_free (trainer);
}

VaeTrainer *
vae_trainer_new (const VaeParams * params, const VaeDataset * dataset,
    GError ** error)
{
  VaeTrainer *trainer = g_new0 (VaeTrainer, 1);
  VaeNet *net = &trainer->net;

  trainer->params = *params;
  trainer->dataset = dataset;
  vae_net_init (net, params);
  trainer->batch = MIN (params->batch_size, dataset->n_train);
  trainer->tile = vae_align (trainer->batch);

  trainer->pass = vae_pass_new (net, trainer->tile, TRUE);
  trainer->order = g_try_new (gsize, dataset->n_train);
  trainer->weights = vae_floats_new (net->n_params);
  trainer->gradient = vae_floats_new (net->n_params);
  trainer->mean = vae_floats_new (net->n_params);
  trainer->square = vae_floats_new (net->n_params);
  trainer->best = vae_floats_new (net->n_params);
  trainer->observed = vae_floats_new (net->inputs * trainer->tile);
  trainer->noise = vae_floats_new (net->latents * trainer->tile);
  trainer->latent_kl = g_try_new0 (double, MAX (net->latents, 1));

  if (!trainer->pass || !trainer->order || !trainer->weights
      || !trainer->gradient || !trainer->mean || !trainer->square
      || !trainer->best || !trainer->observed || !trainer->noise
      || !trainer->latent_kl) {
    g_set_error (error, VAE_ERROR, VAE_ERROR_MEMORY,
        "no memory to train %" G_GSIZE_FORMAT " parameters in batches of %"
        G_GSIZE_FORMAT " rows", net->n_params, trainer->batch);
    vae_trainer_free (trainer);
    return NULL;
  }
  return trainer;
}

/* Sends windows through the network, with noise [latents][tile] or, if NULL, at
 * z = mu. */
static void
forward (VaeTrainer * trainer, const float *weights, const gsize *ends,
    gsize n, const float *noise, VaeOutputs * outputs)
{
  const VaeDataset *dataset = trainer->dataset;
  VaePass *pass = trainer->pass;

  vae_window_gather (dataset->scaled, dataset->channels, dataset->window,
      ends, n, trainer->tile, vae_pass_input (pass), trainer->observed);
  vae_pass_forward (pass, weights, noise);

  *outputs = (VaeOutputs) {
  .tile = trainer->tile,.n_rows = n,.inputs = trainer->net.inputs,.latents =
        trainer->net.latents,.input = vae_pass_input (pass),.observed =
        trainer->observed,.reconstruction =
        vae_pass_reconstruction (pass),.mu = vae_pass_mu (pass),.logvar =
        vae_pass_logvar (pass),};
}

/* Fisher & Yates, by the numbers of this epoch. */
static void
shuffle (VaeTrainer * trainer, guint epoch)
{
  VaeRng rng = vae_rng (trainer->params.seed, VAE_STREAM_SHUFFLE);
  const gsize n = trainer->dataset->n_train;
  const guint64 index = (guint64) epoch * n;

  for (gsize i = n - 1; i > 0; i--) {
    gsize j = vae_rng_below (rng, index + i, i + 1);
    gsize end = trainer->order[i];
    trainer->order[i] = trainer->order[j];
    trainer->order[j] = end;
  }
}

/* epsilon ~ N(0, 1) for every lane, by the numbers of this step */
static void
make_noise (VaeTrainer * trainer)
{
  VaeRng rng = vae_rng (trainer->params.seed, VAE_STREAM_NOISE);
  const gsize n = trainer->net.latents * trainer->tile;

  vae_noise_fill (rng, trainer->step * (n / 2), n, trainer->noise);
}

/* One Adam step on the windows ends [n]; what it cost comes back in `sums`. */
static void
train_batch (VaeTrainer * trainer, const gsize *ends, gsize n,
    VaeLossSums * sums)
{
  VaePass *pass = trainer->pass;
  VaeOutputs outputs;

  make_noise (trainer);
  forward (trainer, trainer->weights, ends, n, trainer->noise, &outputs);
  *sums = (VaeLossSums) {
  0};
  vae_loss_add (&outputs, sums, trainer->latent_kl);
  vae_loss_gradient (&outputs, sums, trainer->params.beta,
      vae_pass_d_reconstruction (pass), vae_pass_d_mu (pass),
      vae_pass_d_logvar (pass));
  vae_pass_backward (pass, trainer->weights, trainer->gradient);
  vae_adam_step (trainer->weights, trainer->gradient, trainer->mean,
      trainer->square, trainer->net.n_params, trainer->params.learning_rate,
      ++trainer->step);
}

static gboolean
check_cancelled (GCancellable * cancellable, guint epoch, GError ** error)
{
  if (!g_cancellable_is_cancelled (cancellable))
    return TRUE;
  g_set_error (error, VAE_ERROR, VAE_ERROR_CANCELLED, "cancelled in epoch %u",
      epoch);
  return FALSE;
}

static gboolean
train_epoch (VaeTrainer * trainer, VaeEpoch * epoch,
    GCancellable * cancellable, GError ** error)
{
  const gsize n_train = trainer->dataset->n_train;
  double loss = 0, reconstruction = 0, kl = 0;
  guint64 n_batches = 0;

  shuffle (trainer, epoch->epoch);
  memset (trainer->latent_kl, 0, trainer->net.latents * sizeof (double));

  for (gsize i = 0; i < n_train; i += trainer->batch, n_batches++) {
    double batch_reconstruction, batch_kl;
    VaeLossSums sums;

    if (!check_cancelled (cancellable, epoch->epoch, error))
      return FALSE;
    train_batch (trainer, trainer->order + i, MIN (trainer->batch,
            n_train - i), &sums);
    loss += vae_loss_value (&sums, trainer->net.latents, trainer->params.beta,
        &batch_reconstruction, &batch_kl);
    reconstruction += batch_reconstruction;
    kl += batch_kl;
  }

  epoch->loss = loss / n_batches;
  epoch->reconstruction = reconstruction / n_batches;
  epoch->kl = kl / n_batches;
  return TRUE;
}

/* The loss sums of windows at z = mu; latent_kl is overwritten. */
static gboolean
evaluate (VaeTrainer * trainer, const float *weights, const gsize *ends,
    gsize n, VaeLossSums * sums, guint epoch, GCancellable * cancellable,
    GError ** error)
{
  *sums = (VaeLossSums) {
  0};
  memset (trainer->latent_kl, 0, trainer->net.latents * sizeof (double));
  for (gsize i = 0; i < n; i += trainer->batch) {
    VaeOutputs outputs;
    if (!check_cancelled (cancellable, epoch, error))
      return FALSE;
    forward (trainer, weights, ends + i, MIN (trainer->batch, n - i), NULL,
        &outputs);
    vae_loss_add (&outputs, sums, trainer->latent_kl);
  }
  return TRUE;
}

static guint
count_active (const VaeTrainer * trainer, gsize n_rows)
{
  guint active = 0;

  for (gsize k = 0; k < trainer->net.latents; k++)
    if (trainer->latent_kl[k] / n_rows > ACTIVE_KL)
      active++;
  return active;
}

/* The held-back loss, and the active latents, which without held-back windows are
 * those of the epoch's batches. */
static gboolean
validate_epoch (VaeTrainer * trainer, VaeEpoch * epoch,
    GCancellable * cancellable, GError ** error)
{
  const VaeDataset *dataset = trainer->dataset;
  VaeLossSums sums;

  epoch->validation_loss = NAN;
  if (dataset->n_held_back == 0) {
    epoch->active_latents = count_active (trainer, dataset->n_train);
    return TRUE;
  }
  if (!evaluate (trainer, trainer->weights, dataset->held_back,
          dataset->n_held_back, &sums, epoch->epoch, cancellable, error))
    return FALSE;
  epoch->validation_loss = vae_loss_value (&sums, trainer->net.latents,
      trainer->params.beta, NULL, NULL);
  epoch->active_latents = count_active (trainer, dataset->n_held_back);
  return TRUE;
}

static gboolean
is_finite (const VaeTrainer * trainer, const VaeEpoch * epoch)
{
  if (!isfinite (epoch->loss) || isinf (epoch->validation_loss))
    return FALSE;
  if (trainer->dataset->n_held_back > 0 && isnan (epoch->validation_loss))
    return FALSE;
  for (gsize i = 0; i < trainer->net.n_params; i++)
    if (!isfinite (trainer->weights[i]))
      return FALSE;
  return TRUE;
}

static gboolean
check_finite (const VaeTrainer * trainer, const VaeEpoch * epoch,
    GError ** error)
{
  if (is_finite (trainer, epoch))
    return TRUE;
  g_set_error (error, VAE_ERROR, VAE_ERROR_DIVERGED,
      "training diverged in epoch %u: the loss is %g, on held-back rows %g; a "
      "scaler or a smaller learning rate may help", epoch->epoch, epoch->loss,
      epoch->validation_loss);
  return FALSE;
}

static void
start (VaeTrainer * trainer)
{
  const gsize size = trainer->net.n_params * sizeof (float);

  trainer->step = 0;
  vae_net_randomize (&trainer->net, trainer->weights, trainer->params.seed);
  memset (trainer->mean, 0, size);
  memset (trainer->square, 0, size);
  memcpy (trainer->order, trainer->dataset->train,
      trainer->dataset->n_train * sizeof (gsize));
}

static void
keep_weights (VaeTrainer * trainer, const VaeEpoch * epoch,
    VaeSummary * summary)
{
  memcpy (trainer->best, trainer->weights,
      trainer->net.n_params * sizeof (float));
  summary->best_epoch = epoch->epoch;
  summary->loss = epoch->loss;
  summary->reconstruction = epoch->reconstruction;
  summary->kl = epoch->kl;
  summary->validation_loss = epoch->validation_loss;
  summary->active_latents = epoch->active_latents;
}

/* The loss sums of the kept weights, on the held-back windows if there are. */
static gboolean
evaluate_best (VaeTrainer * trainer, guint epoch, VaeLossSums * sums,
    GCancellable * cancellable, GError ** error)
{
  const VaeDataset *dataset = trainer->dataset;

  if (dataset->n_held_back > 0)
    return evaluate (trainer, trainer->best, dataset->held_back,
        dataset->n_held_back, sums, epoch, cancellable, error);
  return evaluate (trainer, trainer->best, dataset->train, dataset->n_train,
      sums, epoch, cancellable, error);
}

static gboolean
train (VaeTrainer * trainer, VaeModel * model, VaeLossSums * held_back,
    VaeEpochFunc on_epoch, gpointer user_data, GCancellable * cancellable,
    GError ** error)
{
  const VaeParams *params = &trainer->params;
  const gboolean validates = trainer->dataset->n_held_back > 0;
  VaeSummary *summary = &model->summary;
  VaeEpoch epoch = {.epochs = params->epochs };

  start (trainer);
  summary->rows = trainer->dataset->n_train;

  for (epoch.epoch = 1; epoch.epoch <= params->epochs; epoch.epoch++) {
    if (!train_epoch (trainer, &epoch, cancellable, error))
      return FALSE;
    if (!validate_epoch (trainer, &epoch, cancellable, error)
        || !check_finite (trainer, &epoch, error))
      return FALSE;
    summary->epochs_run = epoch.epoch;
    if (epoch.epoch == 1 || !validates
        || epoch.validation_loss < summary->validation_loss)
      keep_weights (trainer, &epoch, summary);
    if (on_epoch)
      on_epoch (&epoch, user_data);
    if (validates && params->patience > 0
        && epoch.epoch - summary->best_epoch >= params->patience)
      break;
  }

  memcpy (model->weights, trainer->best,
      trainer->net.n_params * sizeof (float));
  return !held_back || evaluate_best (trainer, summary->epochs_run, held_back,
      cancellable, error);
}

gboolean
vae_trainer_execute (VaeTrainer * trainer, VaeModel * model,
    VaeLossSums * held_back, VaeEpochFunc on_epoch, gpointer user_data,
    GCancellable * cancellable, GError ** error)
{
  const guint denormals = vae_denormals_off ();
  gboolean is_trained = train (trainer, model, held_back, on_epoch, user_data,
      cancellable, error);

  vae_denormals_restore (denormals);
  return is_trained;
}
