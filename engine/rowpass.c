/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "rowpass.h"
#include "chain.h"
#include "hot.h"
#include "rng.h"

#include <string.h>

struct _VaeRowPass
{
  VaeNet net;
  float *arena;                 /* holds all that follows */
  float *weight[VAE_MAX_LAYERS];        /* [inputs][outputs, rounded up] */
  float *bias[VAE_MAX_LAYERS];  /* [outputs, rounded up] */
  float *output[VAE_MAX_LAYERS];        /* likewise, activated */
  float *joined;                /* [the most inputs of a layer] */
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

static void
copy_layer (VaeRowPass * pass, guint l, const float *params)
{
  const VaeLayer *layer = &pass->net.layers[l];
  const gsize padded = vae_align (layer->outputs);
  const float *weight = params + layer->weight;

  memcpy (pass->bias[l], params + layer->bias, layer->outputs * sizeof (float));
  for (gsize o = 0; o < layer->outputs; o++)
    for (gsize i = 0; i < layer->inputs; i++)
      pass->weight[l][i * padded + o] = weight[o * layer->inputs + i];
}

/* Whether the first lane of tiled [n][tile] is row [n]. */
static gboolean
same_bits (const float *tiled, gsize tile, gsize n, const float *row)
{
  for (gsize i = 0; i < n; i++)
    if (memcmp (&tiled[i * tile], &row[i], sizeof (float)) != 0)
      return FALSE;
  return TRUE;
}

/* Sends a few random rows both ways. */
static gboolean
has_bits_of_tiles (VaeRowPass * row, const float *params, gsize tile)
{
  const VaeNet *net = &row->net;
  VaeRng rng = vae_rng (0, 0);
  VaePass *pass = vae_pass_new (net, tile, FALSE);
  float *input = vae_floats_new (net->inputs);
  gboolean same = pass && input;

  for (guint trial = 0; same && trial < 4; trial++) {
    for (gsize i = 0; i < net->inputs; i++) {
      input[i] = 4 * vae_rng_uniform (rng, trial * net->inputs + i) - 2;
      vae_pass_input (pass)[i * tile] = input[i];
    }
    vae_pass_forward (pass, params, NULL, vae_pass_lanes (pass));
    vae_row_pass_forward (row, input);
    same = same_bits (vae_pass_reconstruction (pass), tile, net->outputs,
        vae_row_pass_reconstruction (row));
    if (same && net->variational)
      same = same_bits (vae_pass_mu (pass), tile, 2 * net->latents,
          vae_row_pass_mu (row));
  }
  vae_pass_free (pass);
  vae_floats_free (input);
  return same;
}

VaeRowPass *
vae_row_pass_new (const VaeNet * net, const float *params, gsize tile)
{
  VaeRowPass *pass = g_new0 (VaeRowPass, 1);

  pass->net = *net;
  pass->arena = vae_floats_new (lay_out (pass, NULL));
  if (!pass->arena) {
    g_free (pass);
    return NULL;
  }
  lay_out (pass, pass->arena);
  for (guint l = 0; l < net->n_layers; l++)
    copy_layer (pass, l, params);
  if (!has_bits_of_tiles (pass, params, tile))
    g_clear_pointer (&pass, vae_row_pass_free);
  return pass;
}

void
vae_row_pass_free (VaeRowPass * pass)
{
  if (!pass)
    return;
  vae_floats_free (pass->arena);
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

/* y [n] = activation (y + bias), all [n] */
VAE_HOT static void
activate (VaeActivation activation, float *y, const float *bias, gsize n)
{
  switch (activation) {
    case VAE_ACTIVATION_RELU:
      for (gsize i = 0; i < n; i++) {
        float v = y[i] + bias[i];
        y[i] = v > 0.f ? v : 0.f;
      }
      break;
    case VAE_ACTIVATION_TANH:
      for (gsize i = 0; i < n; i++)
        y[i] = tanhf (y[i] + bias[i]);
      break;
    case VAE_ACTIVATION_IDENTITY:
      for (gsize i = 0; i < n; i++)
        y[i] += bias[i];
      break;
  }
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

void
vae_row_pass_forward (VaeRowPass * pass, const float *input)
{
  const VaeNet *net = &pass->net;

  for (guint l = 0; l < net->n_layers; l++) {
    const VaeLayer *layer = &net->layers[l];
    const gsize outputs = vae_align (layer->outputs);
    vae_chain_row (outputs, layer->inputs, layer_input (pass, l, input),
        pass->weight[l], pass->output[l]);
    activate (layer->activation, pass->output[l], pass->bias[l], outputs);
  }
}
