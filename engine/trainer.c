/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "trainer.h"
#include "adam.h"
#include "denormals.h"
#include "hot.h"
#include "noise.h"
#include "team.h"
#include "window.h"

#include <string.h>

/* A latent whose KL is below this, in nats, tells nothing about the input. */
#define ACTIVE_KL 0.01

/* Multiplications and additions in a step below which its parts are done before
 * another thread has begun with its own. */
#define TEAM_WORK 20e6

/* A batch is worked on in parts between which the cancellable is looked at: so many
 * lanes forward and back, and so many parts of the gradient. A part of the largest
 * network takes less than a second. */
#define CANCEL_LANES 1024
#define CANCEL_PARTS 8

struct _VaeTrainer
{
  VaeParams params;
  const VaeDataset *dataset;
  const VaePca *pca;            /* NULL = do not begin with it */
  const float *initial;         /* likewise */
  VaeNet net;
  VaePass *pass;
  VaeTeam *team;                /* NULL = this thread alone */
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

  /* The batch that is being worked on: */
  GCancellable *cancellable;
  const gsize *ends;            /* [n_rows], its windows */
  const float **windows;        /* [tile], where they begin */
  const float *sampled;         /* noise, or NULL for z = mu */
  const float *used_weights;
  VaeOutputs outputs;
  VaeLossSums sums;
  /* Sums by block of VAE_GEMM_COLUMNS lanes, so that they are added up in the same
   * order whatever the number of threads: */
  VaeLossSums *block_sums;      /* [blocks] */
  double *block_kl;             /* [blocks][latents] */
};

void
vae_trainer_free (VaeTrainer * trainer)
{
  if (!trainer)
    return;
  vae_pass_free (trainer->pass);
  vae_team_free (trainer->team);
  g_free (trainer->block_sums);
  g_free (trainer->block_kl);
  g_free (trainer->order);
  g_free (trainer->windows);
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

static gsize
n_blocks (const VaeTrainer * trainer)
{
  return (trainer->tile + VAE_GEMM_COLUMNS - 1) / VAE_GEMM_COLUMNS;
}

VaeTrainer *
vae_trainer_new (const VaeParams * params, const VaeDataset * dataset,
    const VaePca * pca, const float *initial, guint threads, GError ** error)
{
  VaeTrainer *trainer = g_new0 (VaeTrainer, 1);
  VaeNet *net = &trainer->net;

  trainer->params = *params;
  trainer->dataset = dataset;
  trainer->initial = initial;
  trainer->pca = !initial && params->kind != VAE_KIND_AE
      && params->loss == VAE_LOSS_GAUSSIAN ? pca : NULL;
  vae_net_init (net, params);
  trainer->batch = MIN (params->batch_size, dataset->n_train);
  trainer->tile = vae_align (trainer->batch);

  trainer->pass = vae_pass_new (net, trainer->tile, TRUE);
  trainer->order = g_try_new (gsize, dataset->n_train);
  trainer->windows = g_try_new (const float *, trainer->tile);
  trainer->weights = vae_floats_new (net->n_params);
  trainer->gradient = vae_floats_new (net->n_params);
  trainer->mean = vae_floats_new (net->n_params);
  trainer->square = vae_floats_new (net->n_params);
  trainer->best = vae_floats_new (net->n_params);
  trainer->observed = vae_floats_new (net->inputs * trainer->tile);
  trainer->noise = vae_floats_new (net->latents * trainer->tile);
  trainer->latent_kl = g_try_new0 (double, MAX (net->latents, 1));
  trainer->block_sums = g_try_new (VaeLossSums, n_blocks (trainer));
  trainer->block_kl = g_try_new (double, n_blocks (trainer)
      * MAX (net->latents, 1));

  if (!trainer->pass || !trainer->order || !trainer->windows
      || !trainer->weights || !trainer->gradient || !trainer->mean
      || !trainer->square || !trainer->best || !trainer->observed
      || !trainer->noise || !trainer->latent_kl || !trainer->block_sums
      || !trainer->block_kl) {
    g_set_error (error, VAE_ERROR, VAE_ERROR_MEMORY,
        "no memory to train %" G_GSIZE_FORMAT " parameters in batches of %"
        G_GSIZE_FORMAT " rows", net->n_params, trainer->batch);
    vae_trainer_free (trainer);
    return NULL;
  }
  if (threads > 1 && 6.0 * net->n_params * trainer->batch > TEAM_WORK)
    trainer->team = vae_team_new (MIN (threads, n_blocks (trainer)));
  return trainer;
}

/* The window that ends with a row. */
static const float *
window (const VaeTrainer * trainer, gsize end)
{
  return trainer->dataset->scaled + (end + 1) * trainer->dataset->channels
      - trainer->net.inputs;
}

/* Sends the windows in a range of lanes through the network, and adds up what the
 * loss is made of. */
static void
forward_lanes (VaeTrainer * trainer, VaeRange lanes)
{
  const gsize n_windows = trainer->outputs.n_rows;
  const gsize latents = trainer->net.latents;

  for (gsize r = lanes.from; r < MIN (lanes.to, n_windows); r++)
    trainer->windows[r] = window (trainer, trainer->ends[r]);
  vae_window_gather (trainer->windows, n_windows, trainer->net.inputs,
      trainer->tile, vae_pass_input (trainer->pass), trainer->observed, lanes);
  vae_pass_forward (trainer->pass, trainer->used_weights, trainer->sampled,
      lanes);

  for (gsize from = lanes.from; from < lanes.to; from += VAE_GEMM_COLUMNS) {
    const gsize block = from / VAE_GEMM_COLUMNS;
    const VaeRange range = { from, MIN (from + VAE_GEMM_COLUMNS, lanes.to) };
    double *kl = trainer->block_kl + block * latents;
    trainer->block_sums[block] = (VaeLossSums) {
    0};
    memset (kl, 0, latents * sizeof (double));
    vae_loss_add (&trainer->outputs, range, &trainer->block_sums[block], kl);
  }
}

static void
backward_lanes (VaeTrainer * trainer, VaeRange lanes)
{
  VaePass *pass = trainer->pass;
  const VaeLossWeights weights = vae_loss_weights (trainer->params.loss,
      trainer->params.beta, &trainer->sums, trainer->net.latents);

  vae_loss_gradient (&trainer->outputs, lanes, &weights,
      vae_pass_d_reconstruction (pass), vae_pass_d_mu (pass),
      vae_pass_d_logvar (pass));
  vae_pass_backward (pass, trainer->weights, lanes);
}

/* Does a part of the lanes, unless it is cancelled; what is in the pass is then of
 * no use. */
static void
do_lanes (VaeTrainer * trainer, guint part, guint parts,
    void (*func) (VaeTrainer *, VaeRange))
{
  const VaeRange all = vae_range (trainer->tile, VAE_GEMM_COLUMNS, part, parts);

  for (gsize from = all.from; from < all.to; from += CANCEL_LANES) {
    const VaeRange lanes = { from, MIN (from + CANCEL_LANES, all.to) };
    if (g_cancellable_is_cancelled (trainer->cancellable))
      return;
    func (trainer, lanes);
  }
}

static void
forward_part (guint part, guint parts, gpointer trainer)
{
  do_lanes (trainer, part, parts, forward_lanes);
}

static void
backward_part (guint part, guint parts, gpointer trainer)
{
  do_lanes (trainer, part, parts, backward_lanes);
}

static void
gradient_part (guint part, guint parts, gpointer user_data)
{
  VaeTrainer *trainer = user_data;
  const guint cuts = trainer->tile > CANCEL_LANES ? CANCEL_PARTS : 1;

  for (guint i = 0; i < cuts; i++) {
    if (g_cancellable_is_cancelled (trainer->cancellable))
      return;
    vae_pass_gradient (trainer->pass, part * cuts + i, parts * cuts,
        trainer->gradient);
  }
}

/* Sends the windows ends [n] through the network, with noise [latents][tile] or,
 * if NULL, at z = mu. What the loss is made of is in trainer->sums, and added to
 * trainer->latent_kl. */
static void
forward (VaeTrainer * trainer, const float *weights, const gsize *ends,
    gsize n, const float *noise)
{
  const gsize latents = trainer->net.latents;

  trainer->ends = ends;
  trainer->sampled = noise;
  trainer->used_weights = weights;
  trainer->outputs = (VaeOutputs) {
  .tile = trainer->tile,.n_rows = n,.inputs = trainer->net.inputs,.latents =
        latents,.input = vae_pass_input (trainer->pass),.observed =
        trainer->observed,.reconstruction =
        vae_pass_reconstruction (trainer->pass),.mu =
        vae_pass_mu (trainer->pass),.logvar = vae_pass_logvar (trainer->pass),};
  vae_team_run (trainer->team, forward_part, trainer);

  trainer->sums = (VaeLossSums) {
  0};
  for (gsize b = 0; b < n_blocks (trainer); b++) {
    vae_loss_sum (&trainer->sums, &trainer->block_sums[b]);
    for (gsize k = 0; k < latents; k++)
      trainer->latent_kl[k] += trainer->block_kl[b * latents + k];
  }
}

static void
adam_part (guint part, guint parts, gpointer user_data)
{
  VaeTrainer *trainer = user_data;
  const VaeRange range = vae_range (trainer->net.n_params, VAE_ALIGN, part,
      parts);

  vae_adam_step (trainer->weights + range.from,
      trainer->gradient + range.from, trainer->mean + range.from,
      trainer->square + range.from, range.to - range.from,
      trainer->params.learning_rate, trainer->step);
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

/* One Adam step on the windows ends [n]. */
static void
train_batch (VaeTrainer * trainer, const gsize *ends, gsize n)
{
  make_noise (trainer);
  forward (trainer, trainer->weights, ends, n, trainer->noise);
  trainer->step++;
  vae_team_run (trainer->team, backward_part, trainer);
  vae_team_run (trainer->team, gradient_part, trainer);
  vae_team_run (trainer->team, adam_part, trainer);
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

/* Asks for the rows of a batch that is next, which lie all over the series, while
 * there is something else to do. */
static void
prefetch_batch (const VaeTrainer * trainer, const gsize *ends, gsize n)
{
  const gsize cells = trainer->net.inputs;

  for (gsize i = 0; i < n; i++) {
    const float *first = window (trainer, ends[i]);
    for (gsize k = 0; k < cells; k += VAE_ALIGN)
      __builtin_prefetch (first + k);
    __builtin_prefetch (first + cells - 1);
  }
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
    const gsize *ends = trainer->order + i;
    const gsize left = n_train - i, n = MIN (trainer->batch, left);
    double batch_reconstruction, batch_kl;

    if (!check_cancelled (cancellable, epoch->epoch, error))
      return FALSE;
    prefetch_batch (trainer, ends + n, MIN (trainer->batch, left - n));
    train_batch (trainer, ends, n);
    loss += vae_loss_value (trainer->params.loss, trainer->params.beta,
        &trainer->sums, trainer->net.latents, &batch_reconstruction, &batch_kl);
    reconstruction += batch_reconstruction;
    kl += batch_kl;
  }

  epoch->loss = loss / n_batches;
  epoch->reconstruction = reconstruction / n_batches;
  epoch->kl = kl / n_batches;
  return check_cancelled (cancellable, epoch->epoch, error);
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
    if (!check_cancelled (cancellable, epoch, error))
      return FALSE;
    forward (trainer, weights, ends + i, MIN (trainer->batch, n - i), NULL);
    vae_loss_sum (sums, &trainer->sums);
  }
  return check_cancelled (cancellable, epoch, error);
}

/* Tells of the latents, whose sums over n_rows become means. */
static void
judge_latents (VaeTrainer * trainer, VaeEpoch * epoch, gsize n_rows)
{
  epoch->n_latents = trainer->net.latents;
  epoch->latent_kl = trainer->latent_kl;
  epoch->active_latents = 0;
  for (gsize k = 0; k < trainer->net.latents; k++) {
    trainer->latent_kl[k] /= n_rows;
    if (trainer->latent_kl[k] > ACTIVE_KL)
      epoch->active_latents++;
  }
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
    judge_latents (trainer, epoch, dataset->n_train);
    return TRUE;
  }
  if (!evaluate (trainer, trainer->weights, dataset->held_back,
          dataset->n_held_back, &sums, epoch->epoch, cancellable, error))
    return FALSE;
  epoch->validation_loss = vae_loss_value (trainer->params.loss,
      trainer->params.beta, &sums, trainer->net.latents, NULL, NULL);
  judge_latents (trainer, epoch, dataset->n_held_back);
  return TRUE;
}

/* Without looking at each: x - x is 0 unless x is not finite, and what is NaN stays
 * so in a sum. */
VAE_HOT static gboolean
all_finite (const float *x, gsize n)
{
  float sums[VAE_ALIGN] = { 0 }, sum = 0.f;

  for (gsize i = 0; i < n; i += VAE_ALIGN)
    for (gsize j = 0; j < VAE_ALIGN; j++)
      sums[j] += x[i + j] - x[i + j];
  for (gsize j = 0; j < VAE_ALIGN; j++)
    sum += sums[j];
  return sum == 0.f;
}

static gboolean
is_finite (const VaeTrainer * trainer, const VaeEpoch * epoch)
{
  if (!isfinite (epoch->loss) || isinf (epoch->validation_loss))
    return FALSE;
  if (trainer->dataset->n_held_back > 0 && isnan (epoch->validation_loss))
    return FALSE;
  return all_finite (trainer->weights, trainer->net.n_params);
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

/* Probabilistic PCA with noise of variance beta, which is what a linear VAE of
 * this loss comes to (Lucas et al. 2019), in the maps beside the hidden layers,
 * whose own contributions begin at 0. With u a component and v its variance, c =
 * sqrt (v - beta): mu = c u'(x - mean) / (c^2 + beta), its variance beta / (c^2 +
 * beta), and the reconstruction is mean + c u z. A component that is not worth its
 * KL keeps a little of c, to be able to grow. */
static void
start_from_pca (VaeTrainer * trainer)
{
  const VaeNet *net = &trainer->net;
  const VaePca *pca = trainer->pca;
  const VaeLayer *head = &net->layers[net->n_encoder];
  const VaeLayer *last = &net->layers[net->n_layers - 1];
  const gsize before_x = head->inputs - net->inputs;
  const gsize before_z = last->inputs - net->latents;
  const double beta = trainer->params.beta;
  float *weights = trainer->weights;

  memset (weights + head->weight, 0,
      head->outputs * head->inputs * sizeof (float));
  memset (weights + head->bias, 0, head->outputs * sizeof (float));
  memset (weights + last->weight, 0,
      last->outputs * last->inputs * sizeof (float));
  memcpy (weights + last->bias, pca->mean, net->inputs * sizeof (float));

  for (gsize k = 0; k < MIN (net->latents, pca->n); k++) {
    const float *u = pca->vectors + k * net->inputs;
    float *to_mu = weights + head->weight + k * head->inputs + before_x;
    float *from_z = weights + last->weight + before_z + k;
    const double c = sqrt (MAX (pca->variance[k] - beta, 1e-4 * beta) + 1e-12);
    double at_mean = 0;
    for (gsize i = 0; i < net->inputs; i++) {
      to_mu[i] = u[i] * c / (c * c + beta);
      from_z[i * last->inputs] = u[i] * c;
      at_mean += (double) to_mu[i] * pca->mean[i];
    }
    weights[head->bias + k] = -at_mean;
    weights[head->bias + net->latents + k] =
        log (MAX (beta / (c * c + beta), 1e-6));
  }
}

static void
start (VaeTrainer * trainer)
{
  const gsize size = trainer->net.n_params * sizeof (float);

  trainer->step = 0;
  if (trainer->initial)
    memcpy (trainer->weights, trainer->initial, size);
  else
    vae_net_randomize (&trainer->net, trainer->weights, trainer->params.seed);
  if (trainer->pca)
    start_from_pca (trainer);
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

/* What training has to be better than, not to be in vain. */
static gboolean
judge_start (VaeTrainer * trainer, VaeSummary * summary, VaeEpoch * epoch,
    GCancellable * cancellable, GError ** error)
{
  epoch->loss = epoch->reconstruction = epoch->kl = NAN;
  if (!validate_epoch (trainer, epoch, cancellable, error))
    return FALSE;
  keep_weights (trainer, epoch, summary);
  return TRUE;
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

  trainer->cancellable = cancellable;
  start (trainer);
  summary->rows = trainer->dataset->n_train;
  if ((trainer->pca || trainer->initial) && validates
      && !judge_start (trainer, summary, &epoch, cancellable, error))
    return FALSE;

  for (epoch.epoch = 1; epoch.epoch <= params->epochs; epoch.epoch++) {
    if (!train_epoch (trainer, &epoch, cancellable, error))
      return FALSE;
    if (!validate_epoch (trainer, &epoch, cancellable, error)
        || !check_finite (trainer, &epoch, error))
      return FALSE;
    summary->epochs_run = epoch.epoch;
    if (!validates || !(epoch.validation_loss >= summary->validation_loss))
      keep_weights (trainer, &epoch, summary);
    if (on_epoch)
      on_epoch (&epoch, user_data);
    if (validates && params->patience > 0
        && epoch.epoch - summary->best_epoch >= params->patience)
      break;
  }

  memcpy (model->detectors[0].weights, trainer->best,
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
