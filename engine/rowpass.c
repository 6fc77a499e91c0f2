/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "rowpass.h"

#include <math.h>
#include <string.h>

struct _VaeRowPass
{
  VaeNet net;
  const VaeKernels *kernels;
  float *arena;                 /* holds the floats that follow */
  float *weight[VAE_MAX_LAYERS];        /* [inputs][outputs, rounded up] */
  float *bias[VAE_MAX_LAYERS];  /* [outputs, rounded up] */
  float *output[VAE_MAX_LAYERS];        /* likewise, activated */
  float *joined;                /* [the most inputs of a layer] */
  float **tables;               /* holds the tables that follow */
  float **rows[VAE_MAX_LAYERS]; /* [inputs], those of weight */
};

/* Lays the arrays out from `arena` on; with NULL it only counts. Returns the
 * floats it takes. */
static gsize
lay_out (VaeRowPass * pass, float *arena)
{
  gsize used = 0, most_inputs = 0;

  for (guint l = 0; l < pass->net.n_layers; l++) {
    const gsize outputs = vae_align (pass->net.layers[l].outputs);
    float *start = arena ? arena + used : NULL;
    pass->bias[l] = start;
    pass->output[l] = arena ? start + outputs : NULL;
    pass->weight[l] = arena ? start + 2 * outputs : NULL;
    used += outputs * (2 + pass->net.layers[l].inputs);
    most_inputs = MAX (most_inputs, pass->net.layers[l].inputs);
  }
  pass->joined = arena ? arena + used : NULL;
  return used + most_inputs;
}

/* The same for the tables of rows. */
static gsize
lay_out_tables (VaeRowPass * pass, float **tables)
{
  gsize used = 0;

  for (guint l = 0; l < pass->net.n_layers; l++) {
    pass->rows[l] = tables ? tables + used : NULL;
    used += pass->net.layers[l].inputs;
  }
  return used;
}

static void
copy_layer (VaeRowPass * pass, guint l, const float *params)
{
  const VaeLayer *layer = &pass->net.layers[l];
  const gsize padded = vae_align (layer->outputs);
  const float *weight = params + layer->weight;

  memcpy (pass->bias[l], params + layer->bias, layer->outputs * sizeof (float));
  for (gsize i = 0; i < layer->inputs; i++) {
    pass->rows[l][i] = pass->weight[l] + i * padded;
    for (gsize o = 0; o < layer->outputs; o++)
      pass->rows[l][i][o] = weight[o * layer->inputs + i];
  }
}

VaeRowPass *
vae_row_pass_new (const VaeNet * net, const float *params)
{
  VaeRowPass *pass = g_new0 (VaeRowPass, 1);

  pass->net = *net;
  pass->kernels = vae_kernels ();
  pass->arena = vae_floats_new (lay_out (pass, NULL));
  pass->tables = g_try_new (float *, lay_out_tables (pass, NULL));
  if (!pass->arena || !pass->tables) {
    vae_row_pass_free (pass);
    return NULL;
  }
  lay_out (pass, pass->arena);
  lay_out_tables (pass, pass->tables);
  for (guint l = 0; l < net->n_layers; l++)
    copy_layer (pass, l, params);
  return pass;
}

void
vae_row_pass_free (VaeRowPass * pass)
{
  if (!pass)
    return;
  vae_floats_free (pass->arena);
  g_free (pass->tables);
  g_free (pass);
}

const float *
vae_row_pass_reconstruction (const VaeRowPass * pass)
{
  return pass->output[pass->net.n_layers - 1];
}

const float *
vae_row_pass_mu (const VaeRowPass * pass)
{
  return pass->net.variational ? pass->output[pass->net.n_encoder] : NULL;
}

const float *
vae_row_pass_logvar (const VaeRowPass * pass)
{
  return pass->net.variational
      ? pass->output[pass->net.n_encoder] + pass->net.latents : NULL;
}

/* a [n_a], and b [n_b] behind it */
static const float *
join (VaeRowPass * pass, const float *a, gsize n_a, const float *b, gsize n_b)
{
  memcpy (pass->joined, a, n_a * sizeof (float));
  memcpy (pass->joined + n_a, b, n_b * sizeof (float));
  return pass->joined;
}

/* What layer l reads: [inputs]. Behind the head comes mu, which it begins with. */
static const float *
layer_input (VaeRowPass * pass, guint l, const float *input)
{
  const VaeNet *net = &pass->net;

  if (l == 0)
    return input;
  const float *before = pass->output[l - 1];
  const gsize n_before = net->layers[l - 1].outputs;
  if (net->skips && l == net->n_encoder)
    return join (pass, before, n_before, input, net->inputs);
  if (net->skips && l == net->n_layers - 1)
    return join (pass, before, n_before, vae_row_pass_mu (pass), net->latents);
  return before;
}

/* y [outputs] = activation (w x + bias), as a product with one row: x */
static void
run_layer (const VaeRowPass * pass, guint l, const float *x)
{
  const VaeLayer *layer = &pass->net.layers[l];
  const gsize outputs = vae_align (layer->outputs);
  float *y = pass->output[l];
  const VaeProduct product = {
    .m = 1,.n = outputs,.k = layer->inputs,.a = {x, layer->inputs, 1},.b =
        (const float *const *) pass->rows[l],.c = y,.c_row =
        outputs,.column_bias = pass->bias[l],.relu =
        layer->activation == VAE_ACTIVATION_RELU
  };

  pass->kernels->multiply (&product, (VaeRange) {
      0, outputs});
  for (gsize o = 0; layer->activation == VAE_ACTIVATION_TANH && o < outputs;
      o++)
    y[o] = tanhf (y[o]);
}

void
vae_row_pass_forward (VaeRowPass * pass, const float *input)
{
  for (guint l = 0; l < pass->net.n_layers; l++)
    run_layer (pass, l, layer_input (pass, l, input));
}
