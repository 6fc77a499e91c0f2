/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "net.h"
#include "exp.h"
#include "hot.h"
#include "rng.h"

#include <string.h>

/* --- layout --------------------------------------------------------------- */

static void
add_layer (VaeNet * net, gsize inputs, gsize outputs, VaeActivation activation)
{
  gsize weight = net->n_params;
  gsize bias = weight + vae_align (outputs * inputs);

  net->layers[net->n_layers++] = (VaeLayer) {
  inputs, outputs, activation, weight, bias};
  net->n_params = bias + vae_align (outputs);
}

static void
init_linear (VaeNet * net, gsize latents)
{
  add_layer (net, net->inputs, latents, VAE_ACTIVATION_IDENTITY);
  net->n_encoder = net->n_layers;
  add_layer (net, latents, net->inputs, VAE_ACTIVATION_IDENTITY);
}

void
vae_net_init (VaeNet * net, const VaeParams * params)
{
  const VaeActivation activation = params->activation;
  gsize width = (gsize) params->window * params->channels;
  guint mirrored = params->n_hidden;

  *net = (VaeNet) {
  .inputs = width,.outputs = width};
  if (params->kind == VAE_KIND_PCA) {
    init_linear (net, params->latent_dim);
    return;
  }

  for (guint i = 0; i < params->n_hidden; i++) {
    add_layer (net, width, params->hidden[i], activation);
    width = params->hidden[i];
  }
  net->n_encoder = net->n_layers;

  if (params->kind == VAE_KIND_VAE) {
    net->variational = TRUE;
    net->skips = params->loss == VAE_LOSS_GAUSSIAN && params->n_hidden > 0;
    net->latents = params->latent_dim;
    if (net->skips)
      width += net->inputs;
    add_layer (net, width, 2 * net->latents, VAE_ACTIVATION_IDENTITY);
    width = net->latents;
  } else {
    mirrored--;                 /* the code is not mirrored */
  }

  for (guint i = mirrored; i-- > 0;) {
    add_layer (net, width, params->hidden[i], activation);
    width = params->hidden[i];
  }
  if (net->skips)
    width += net->latents;
  add_layer (net, width, net->inputs, VAE_ACTIVATION_IDENTITY);
}

void
vae_net_keep_outputs (VaeNet * net, gsize outputs)
{
  VaeLayer *last = &net->layers[net->n_layers - 1];
  const gsize left_out = last->outputs - outputs;

  last->weight += left_out * last->inputs;
  last->bias += left_out;
  last->outputs = outputs;
  net->outputs = outputs;
}

static void
fill_uniform (float *values, gsize n, double bound, VaeRng rng, guint64 *index)
{
  for (gsize i = 0; i < n; i++)
    values[i] = bound * (2.0 * vae_rng_uniform (rng, (*index)++) - 1.0);
}

void
vae_net_randomize (const VaeNet * net, float *params, guint64 seed)
{
  VaeRng rng = vae_rng (seed, VAE_STREAM_WEIGHTS);
  guint64 index = 0;

  memset (params, 0, net->n_params * sizeof (float));
  for (guint i = 0; i < net->n_layers; i++) {
    const VaeLayer *layer = &net->layers[i];
    double bound = 1.0 / sqrt ((double) layer->inputs);
    fill_uniform (params + layer->weight, layer->outputs * layer->inputs,
        bound, rng, &index);
    fill_uniform (params + layer->bias, layer->outputs, bound, rng, &index);
  }
}

guint
vae_net_n_tensors (const VaeNet * net)
{
  return 2 * (net->n_layers + (net->variational ? 1 : 0));
}

/* Weight or bias of `rows` outputs of a layer, the first of them being
 * `first`. */
static void
describe (VaeTensor * tensor, const VaeLayer * layer, gboolean is_bias,
    gsize first, gsize rows)
{
  tensor->rows = rows;
  tensor->cols = is_bias ? 0 : layer->inputs;
  tensor->offset = is_bias ? layer->bias + first
      : layer->weight + first * layer->inputs;
}

void
vae_net_tensor (const VaeNet * net, guint index, VaeTensor * tensor)
{
  const gboolean is_bias = index % 2;
  const char *part = is_bias ? "bias" : "weight";
  guint module = index / 2;     /* mu and logvar count as one each */

  if (net->variational && (module == net->n_encoder
          || module == net->n_encoder + 1)) {
    const VaeLayer *head = &net->layers[net->n_encoder];
    gboolean is_logvar = module == net->n_encoder + 1;
    g_snprintf (tensor->name, sizeof tensor->name, "%s.%s",
        is_logvar ? "logvar" : "mu", part);
    describe (tensor, head, is_bias, is_logvar ? net->latents : 0,
        net->latents);
    return;
  }

  gboolean decodes = module >= net->n_encoder;
  guint l = module - (decodes && net->variational ? 1 : 0);
  guint position = decodes ? l - net->n_encoder - (net->variational ? 1 : 0)
      : l;
  const VaeLayer *layer = &net->layers[l];

  /* In torch.nn.Sequential every other module is an activation. */
  g_snprintf (tensor->name, sizeof tensor->name, "%s.%u.%s",
      decodes ? "decoder" : "encoder", 2 * position, part);
  describe (tensor, layer, is_bias, 0, layer->outputs);
}

/* --- passes --------------------------------------------------------------- */

struct _VaePass
{
  VaeNet net;
  gsize tile;
  VaeGemm gemm[VAE_MAX_LAYERS];
  float *arena;                 /* holds all the floats that follow */
  float *input;                 /* [inputs][tile], for training */
  float *output[VAE_MAX_LAYERS];        /* [outputs][tile], activated */
  float *z;                     /* [latents][tile] */
  float *spread;                /* [latents][tile]: z - mu */
  /* for training */
  float *d_output[VAE_MAX_LAYERS];      /* as output */
  float *d_z;                   /* as z */
  float *d_skip;                /* as z: what comes past the decoder */
  float *transposed[VAE_MAX_LAYERS];    /* [tile][inputs, rounded up]: two
                                         * threads may be at different layers */

  float **tables;               /* holds the rows of matrices: */
  float **reads[VAE_MAX_LAYERS];        /* [inputs], what a layer reads */
  float **d_rows[VAE_MAX_LAYERS];       /* [outputs], of d_output */
  float **t_rows[VAE_MAX_LAYERS];       /* [tile], of transposed */
  const float *const *first_reads;      /* [inputs], what the first layer reads */
};

/* The layer whose output the input, or z, lies behind, or n_layers. */
static guint
layer_before_input (const VaeNet * net)
{
  return net->skips ? net->n_encoder - 1 : net->n_layers;
}

static guint
layer_before_z (const VaeNet * net)
{
  return net->skips ? net->n_layers - 2 : net->n_layers;
}

/* Lays the arrays out from `arena` on; with NULL it only counts. Returns the
 * floats it takes. As a tile is whole cache lines, there are no gaps: what a layer of
 * a pass for training reads lies together. */
static gsize
lay_out (VaePass * pass, float *arena, gboolean training)
{
  const VaeNet *net = &pass->net;
  const guint before_input = layer_before_input (net);
  const guint before_z = layer_before_z (net);
  gsize used = 0;

#define TAKE(field, rows) G_STMT_START { \
    pass->field = arena ? arena + used : NULL; \
    used += (rows) * pass->tile; \
  } G_STMT_END

  if (!net->skips) {
    TAKE (input, training ? net->inputs : 0);
    TAKE (z, net->latents);
  }
  TAKE (spread, net->latents);
  for (guint i = 0; i < net->n_layers; i++) {
    TAKE (output[i], net->layers[i].outputs);
    if (i == before_input)
      TAKE (input, training ? net->inputs : 0);
    if (i == before_z)
      TAKE (z, net->latents);
  }
  if (training) {
    TAKE (d_z, net->latents);
    for (guint i = 0; i < net->n_layers; i++) {
      TAKE (d_output[i], net->layers[i].outputs);
      if (i == before_z)
        TAKE (d_skip, net->latents);
      TAKE (transposed[i], vae_align (net->layers[i].inputs));
    }
  }
#undef TAKE

  return used;
}

/* The same for the tables of rows. */
static gsize
lay_out_tables (VaePass * pass, float **tables, gboolean training)
{
  gsize used = 0;

#define TAKE(field, n) G_STMT_START { \
    pass->field = tables ? tables + used : NULL; \
    used += (n); \
  } G_STMT_END

  for (guint l = 0; l < pass->net.n_layers; l++) {
    TAKE (reads[l], pass->net.layers[l].inputs);
    TAKE (d_rows[l], training ? pass->net.layers[l].outputs : 0);
    TAKE (t_rows[l], training ? pass->tile : 0);
  }
#undef TAKE

  return used;
}

/* rows [n] of a matrix with so many floats a row */
static void
fill_table (float **table, float *first, gsize n, gsize row)
{
  for (gsize i = 0; i < n; i++)
    table[i] = first + i * row;
}

/* What layer l reads first, if not all. */
static float *
layer_input (const VaePass * pass, guint l)
{
  if (l == 0)
    return pass->input;
  if (pass->net.variational && l == pass->net.n_encoder + 1)
    return pass->z;
  return pass->output[l - 1];
}

static void
fill_tables (VaePass * pass, gboolean training)
{
  const gsize tile = pass->tile;

  for (guint l = 0; l < pass->net.n_layers; l++) {
    const VaeLayer *layer = &pass->net.layers[l];
    fill_table (pass->reads[l], layer_input (pass, l), layer->inputs, tile);
    if (!training)
      continue;
    fill_table (pass->d_rows[l], pass->d_output[l], layer->outputs, tile);
    fill_table (pass->t_rows[l], pass->transposed[l], tile,
        vae_align (layer->inputs));
  }
  pass->first_reads = (const float *const *) pass->reads[0];
}

static void
init_gemms (VaePass * pass, gboolean training)
{
  const VaeNet *net = &pass->net;

  for (guint i = 0; i < net->n_layers; i++)
    vae_gemm_init (&pass->gemm[i], net->layers[i].outputs,
        net->layers[i].inputs, pass->tile, training);
  /* Nobody asks for the gradient at the input. */
  if (training && net->skips)
    vae_gemm_limit_backward (&pass->gemm[net->n_encoder],
        net->layers[net->n_encoder - 1].outputs);
}

VaePass *
vae_pass_new (const VaeNet * net, gsize tile, gboolean training)
{
  VaePass *pass = g_new0 (VaePass, 1);

  pass->net = *net;
  pass->tile = tile;
  pass->arena = vae_floats_new (lay_out (pass, NULL, training));
  pass->tables = g_try_new (float *, lay_out_tables (pass, NULL, training));
  if (!pass->arena || !pass->tables) {
    vae_pass_free (pass);
    return NULL;
  }
  lay_out (pass, pass->arena, training);
  lay_out_tables (pass, pass->tables, training);
  fill_tables (pass, training);
  init_gemms (pass, training);
  return pass;
}

void
vae_pass_free (VaePass * pass)
{
  if (!pass)
    return;
  vae_floats_free (pass->arena);
  g_free (pass->tables);
  g_free (pass);
}

void
vae_pass_read (VaePass * pass, const float *const *rows)
{
  const VaeNet *net = &pass->net;

  pass->first_reads = rows;
  if (net->skips)
    memcpy (pass->reads[net->n_encoder]
        + net->layers[net->n_encoder - 1].outputs, rows,
        net->inputs * sizeof (float *));
}

float *
vae_pass_input (VaePass * pass)
{
  return pass->input;
}

const float *
vae_pass_reconstruction (const VaePass * pass)
{
  return pass->output[pass->net.n_layers - 1];
}

const float *
vae_pass_mu (const VaePass * pass)
{
  return pass->net.variational ? pass->output[pass->net.n_encoder] : NULL;
}

const float *
vae_pass_logvar (const VaePass * pass)
{
  return pass->net.variational
      ? pass->output[pass->net.n_encoder] + pass->net.latents * pass->tile
      : NULL;
}

float *
vae_pass_d_reconstruction (VaePass * pass)
{
  return pass->d_output[pass->net.n_layers - 1];
}

float *
vae_pass_d_mu (VaePass * pass)
{
  return pass->net.variational ? pass->d_output[pass->net.n_encoder] : NULL;
}

float *
vae_pass_d_logvar (VaePass * pass)
{
  return pass->net.variational
      ? pass->d_output[pass->net.n_encoder] + pass->net.latents * pass->tile
      : NULL;
}

VaeRange
vae_pass_lanes (const VaePass * pass)
{
  const VaeRange all = { 0, pass->tile };
  return all;
}

static const float *const *
layer_rows (const VaePass * pass, guint l)
{
  return l == 0 ? pass->first_reads : (const float *const *) pass->reads[l];
}

/* z = mu + exp (logvar / 2) * noise, all [latents][tile] */
VAE_HOT static void
reparameterise (VaePass * pass, const float *noise, VaeRange lanes)
{
  const float *mu = vae_pass_mu (pass), *logvar = vae_pass_logvar (pass);

  for (gsize k = 0; k < pass->net.latents; k++) {
    const gsize row = k * pass->tile;
    for (gsize i = row + lanes.from; i < row + lanes.to; i++) {
      pass->spread[i] = noise ? vae_exp (0.5f * logvar[i]) * noise[i] : 0.f;
      pass->z[i] = mu[i] + pass->spread[i];
    }
  }
}

void
vae_pass_forward (VaePass * pass, const float *params, const float *noise,
    VaeRange lanes)
{
  const VaeNet *net = &pass->net;

  for (guint l = 0; l < net->n_layers; l++) {
    const VaeLayer *layer = &net->layers[l];
    vae_gemm_forward (&pass->gemm[l], params + layer->weight,
        params + layer->bias, layer->activation, layer_rows (pass, l),
        pass->output[l], lanes);
    if (net->variational && l == net->n_encoder)
      reparameterise (pass, noise, lanes);
  }
}

/* Adds what came past the decoder to the gradient of z. */
VAE_HOT static void
add_skipped (VaePass * pass, VaeRange lanes)
{
  for (gsize k = 0; k < pass->net.latents; k++) {
    const gsize row = k * pass->tile;
    for (gsize i = row + lanes.from; i < row + lanes.to; i++)
      pass->d_z[i] += pass->d_skip[i];
  }
}

/* Carries the gradient of z on to mu and logvar, which already hold the loss's
 * own. */
VAE_HOT static void
reparameterise_backward (VaePass * pass, VaeRange lanes)
{
  const float *d_z = pass->d_z, *spread = pass->spread;
  float *d_mu = vae_pass_d_mu (pass), *d_logvar = vae_pass_d_logvar (pass);

  for (gsize k = 0; k < pass->net.latents; k++) {
    const gsize row = k * pass->tile;
    for (gsize i = row + lanes.from; i < row + lanes.to; i++) {
      d_mu[i] += d_z[i];
      /* dz/dlogvar = exp (logvar / 2) * noise / 2 */
      d_logvar[i] += 0.5f * d_z[i] * spread[i];
    }
  }
}

void
vae_pass_backward (VaePass * pass, const float *params, VaeRange lanes)
{
  const VaeNet *net = &pass->net;

  for (guint l = net->n_layers - 1; l > 0; l--) {
    const VaeLayer *layer = &net->layers[l], *before = &net->layers[l - 1];
    const gboolean reads_z = net->variational && l == net->n_encoder + 1;

    vae_gemm_backward (&pass->gemm[l], params + layer->weight,
        (const float *const *) pass->d_rows[l], before->activation,
        reads_z ? 0 : before->outputs, layer_input (pass, l),
        reads_z ? pass->d_z : pass->d_output[l - 1], lanes);
    if (reads_z && net->skips)
      add_skipped (pass, lanes);
    if (reads_z)
      reparameterise_backward (pass, lanes);
  }
}

void
vae_pass_gradient (VaePass * pass, guint part, guint parts, float *gradient)
{
  const VaeNet *net = &pass->net;

  for (guint l = 0; l < net->n_layers; l++) {
    const VaeLayer *layer = &net->layers[l];

    vae_gemm_gradient (&pass->gemm[l], (const float *const *) pass->d_rows[l],
        (const float *const *) pass->reads[l], pass->t_rows[l],
        gradient + layer->weight, gradient + layer->bias, part, parts);
  }
}
