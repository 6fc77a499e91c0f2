/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/*
 * Gradients against central differences, in double precision, of a plain
 * implementation of the same network and loss, on every parameter and for each
 * loss term by itself.
 */

#include "loss.h"
#include "net.h"
#include "rng.h"
#include "rowpass.h"

#include <math.h>
#include <string.h>

#define TILE 16
#define ROWS 11                 /* the other lanes are padding */

/* A network with data for one tile; double copies where it is used in double. */
typedef struct
{
  VaeNet net;
  VaeLoss loss;
  double beta;
  double *params;               /* [n_params] */
  float *input, *observed;      /* [inputs][TILE] */
  float *noise;                 /* [latents][TILE] */
} Case;

static double
activate (VaeActivation activation, double x)
{
  switch (activation) {
    case VAE_ACTIVATION_RELU:
      return MAX (x, 0);
    case VAE_ACTIVATION_TANH:
      return tanh (x);
    case VAE_ACTIVATION_IDENTITY:
      break;
  }
  return x;
}

/* One row through one layer: out [outputs] of in [inputs] */
static void
layer_forward (const VaeLayer * layer, const double *params, const double *in,
    double *out)
{
  for (gsize o = 0; o < layer->outputs; o++) {
    double sum = params[layer->bias + o];
    for (gsize i = 0; i < layer->inputs; i++)
      sum += params[layer->weight + o * layer->inputs + i] * in[i];
    out[o] = activate (layer->activation, sum);
  }
}

/* One row through the network; y [inputs], mu and logvar [latents] */
static void
row_forward (const Case * c, gsize row, double *y, double *mu, double *logvar)
{
  const VaeNet *net = &c->net;
  double in[256], out[256], x[256], z[64];

  for (gsize i = 0; i < net->inputs; i++)
    in[i] = x[i] = c->input[i * TILE + row];
  for (guint l = 0; l < net->n_layers; l++) {
    if (net->skips && l == net->n_encoder)
      memcpy (in + net->layers[l - 1].outputs, x,
          net->inputs * sizeof (double));
    if (net->skips && l == net->n_layers - 1)
      memcpy (in + net->layers[l - 1].outputs, z,
          net->latents * sizeof (double));
    layer_forward (&net->layers[l], c->params, in, out);
    memcpy (in, out, sizeof in);
    if (net->variational && l == net->n_encoder)
      for (gsize k = 0; k < net->latents; k++) {
        mu[k] = out[k];
        logvar[k] = out[net->latents + k];
        in[k] = z[k] = mu[k] + exp (logvar[k] / 2) * c->noise[k * TILE + row];
      }
  }
  memcpy (y, out, net->inputs * sizeof (double));
}

/* The losses, written from their definitions. */
static double
plain_loss (const Case * c)
{
  const VaeNet *net = &c->net;
  double squares = 0, cells = 0, kl = 0;

  for (gsize r = 0; r < ROWS; r++) {
    double y[256], mu[64], logvar[64];
    row_forward (c, r, y, mu, logvar);
    for (gsize i = 0; i < net->inputs; i++) {
      double e = y[i] - c->input[i * TILE + r];
      squares += c->observed[i * TILE + r] * e * e;
      cells += c->observed[i * TILE + r];
    }
    for (gsize k = 0; k < net->latents; k++)
      kl += -0.5 * (1 + logvar[k] - mu[k] * mu[k] - exp (logvar[k]));
  }
  if (c->loss == VAE_LOSS_GAUSSIAN)
    return cells > 0 ? (squares / 2 + c->beta * kl) / cells : 0;
  double mean_kl = net->latents ? kl / (ROWS * net->latents) : 0;
  return (cells > 0 ? squares / cells : 0) + c->beta * mean_kl;
}

static void
case_init (Case * c, const VaeParams * params, double missing, guint64 seed)
{
  VaeRng rng = vae_rng (seed, 100);
  VaeRng gaps = vae_rng (seed, 101);
  guint64 index = 0;

  vae_net_init (&c->net, params);
  c->loss = params->loss;
  c->beta = params->beta;
  g_assert_cmpuint (c->net.inputs, <=, 256);

  float *start = vae_floats_new (c->net.n_params);
  vae_net_randomize (&c->net, start, seed);
  c->params = g_new (double, c->net.n_params);
  for (gsize i = 0; i < c->net.n_params; i++)
    c->params[i] = start[i];
  vae_floats_free (start);

  c->input = vae_floats_new (c->net.inputs * TILE);
  c->observed = vae_floats_new (c->net.inputs * TILE);
  c->noise = vae_floats_new (c->net.latents * TILE);
  for (gsize i = 0; i < c->net.inputs; i++)
    for (gsize r = 0; r < ROWS; r++) {
      gboolean is_missing = vae_rng_uniform (gaps, index) < missing;
      c->input[i * TILE + r] = is_missing ? 0 : vae_rng_normal (rng, index);
      c->observed[i * TILE + r] = !is_missing;
      index++;
    }
  for (gsize k = 0; k < c->net.latents; k++)
    for (gsize r = 0; r < ROWS; r++)
      c->noise[k * TILE + r] = vae_rng_normal (rng, index++);
}

static void
case_clear (Case * c)
{
  g_free (c->params);
  vae_floats_free (c->input);
  vae_floats_free (c->observed);
  vae_floats_free (c->noise);
}

/* The engine's loss, and gradient [n_params]. */
static double
engine_gradient (const Case * c, float *gradient)
{
  const VaeNet *net = &c->net;
  VaePass *pass = vae_pass_new (net, TILE, TRUE);
  float *params = vae_floats_new (net->n_params);
  const VaeRange all = vae_pass_lanes (pass);
  VaeLossSums sums = { 0 };

  for (gsize i = 0; i < net->n_params; i++)
    params[i] = c->params[i];
  memcpy (vae_pass_input (pass), c->input, net->inputs * TILE * sizeof (float));
  vae_pass_forward (pass, params, c->noise, all);

  VaeOutputs outputs = {
    .tile = TILE,
    .n_rows = ROWS,
    .inputs = net->inputs,
    .latents = net->latents,
    .input = c->input,
    .observed = c->observed,
    .reconstruction = vae_pass_reconstruction (pass),
    .mu = vae_pass_mu (pass),
    .logvar = vae_pass_logvar (pass),
  };
  vae_loss_add (&outputs, all, &sums, NULL);
  const VaeLossWeights weights = vae_loss_weights (c->loss, c->beta, &sums,
      net->latents);
  vae_loss_gradient (&outputs, all, &weights,
      vae_pass_d_reconstruction (pass), vae_pass_d_mu (pass),
      vae_pass_d_logvar (pass));
  vae_pass_backward (pass, params, all);
  vae_pass_gradient (pass, 0, 1, gradient);

  vae_pass_free (pass);
  vae_floats_free (params);
  return vae_loss_value (c->loss, c->beta, &sums, net->latents, NULL, NULL);
}

static gboolean
is_padding (const VaeNet * net, gsize i)
{
  for (guint l = 0; l < net->n_layers; l++) {
    const VaeLayer *layer = &net->layers[l];
    if ((i >= layer->weight
            && i < layer->weight + layer->inputs * layer->outputs)
        || (i >= layer->bias && i < layer->bias + layer->outputs))
      return FALSE;
  }
  return TRUE;
}

static double
central_difference (Case * c, gsize i)
{
  const double h = 1e-6, at = c->params[i];

  c->params[i] = at + h;
  double above = plain_loss (c);
  c->params[i] = at - h;
  double below = plain_loss (c);
  c->params[i] = at;
  return (above - below) / (2 * h);
}

/* `missing` is the fraction of missing cells. */
static void
check_gradients (const VaeParams * params, double missing)
{
  Case c;
  case_init (&c, params, missing, params->seed);
  float *gradient = vae_floats_new (c.net.n_params);

  double loss = engine_gradient (&c, gradient);
  g_assert_cmpfloat (fabs (loss / plain_loss (&c) - 1), <, 1e-6);

  gsize checked = 0;
  for (gsize i = 0; i < c.net.n_params; i++) {
    if (is_padding (&c.net, i)) {
      g_assert_cmpfloat (gradient[i], ==, 0);
      continue;
    }
    double expected = central_difference (&c, i);
    g_assert_cmpfloat (fabs (gradient[i] - expected), <,
        2e-6 + 1e-5 * fabs (expected));
    checked++;
  }
  g_assert_cmpuint (checked, >, 0);

  vae_floats_free (gradient);
  case_clear (&c);
}

static VaeParams
small_vae (VaeActivation activation, double beta)
{
  VaeParams params;

  vae_params_init_seed (&params);
  params.channels = 5;
  params.n_hidden = 2;
  params.hidden[0] = 9;
  params.hidden[1] = 7;
  params.activation = activation;
  params.beta = beta;
  params.seed = 3;
  return params;
}

static void
test_whole_loss (gconstpointer activation)
{
  VaeParams params = small_vae (GPOINTER_TO_INT (activation), 2.0);

  check_gradients (&params, 0.0);
  check_gradients (&params, 0.2);
}

static void
test_reconstruction_term (void)
{
  VaeParams params = small_vae (VAE_ACTIVATION_TANH, 0.0);

  check_gradients (&params, 0.2);
}

/* With no cell observed only the KL term is left. */
static void
test_kl_term (void)
{
  VaeParams params = small_vae (VAE_ACTIVATION_TANH, 1.0);

  check_gradients (&params, 1.0);
}

static void
test_auto_encoder (void)
{
  VaeParams params = small_vae (VAE_ACTIVATION_RELU, 2.0);

  params.kind = VAE_KIND_AE;
  check_gradients (&params, 0.2);
  params.n_hidden = 1;
  check_gradients (&params, 0.0);
}

static void
test_no_hidden_layer (void)
{
  VaeParams params = small_vae (VAE_ACTIVATION_RELU, 0.5);

  params.n_hidden = 0;
  check_gradients (&params, 0.2);
}

static void
test_window (void)
{
  VaeParams params = small_vae (VAE_ACTIVATION_RELU, 0.5);

  params.window = 4;
  check_gradients (&params, 0.2);
}

/* With the maps beside the hidden layers, one of them or two deep, and without. */
static void
test_gaussian (void)
{
  VaeParams params = small_vae (VAE_ACTIVATION_TANH, 0.3);

  params.loss = VAE_LOSS_GAUSSIAN;
  params.window = 4;
  for (guint n_hidden = 0; n_hidden <= 2; n_hidden++) {
    params.n_hidden = n_hidden;
    check_gradients (&params, 0.2);
  }
}

static void
test_seed_network (void)
{
  VaeParams params;

  vae_params_init_seed (&params);
  params.channels = 5;
  check_gradients (&params, 0.0);
}

/* The layout of the seed experiment's network, name by name. */
static void
test_tensor_names (void)
{
  const struct
  {
    const char *name;
    gsize rows, cols;
  } expected[] = {
    {"encoder.0.weight", 64, 5}, {"encoder.0.bias", 64, 0},
    {"encoder.2.weight", 32, 64}, {"encoder.2.bias", 32, 0},
    {"mu.weight", 3, 32}, {"mu.bias", 3, 0},
    {"logvar.weight", 3, 32}, {"logvar.bias", 3, 0},
    {"decoder.0.weight", 32, 3}, {"decoder.0.bias", 32, 0},
    {"decoder.2.weight", 64, 32}, {"decoder.2.bias", 64, 0},
    {"decoder.4.weight", 5, 64}, {"decoder.4.bias", 5, 0},
  };
  VaeParams params;
  VaeNet net;

  vae_params_init_seed (&params);
  params.channels = 5;
  vae_net_init (&net, &params);
  g_assert_cmpuint (vae_net_n_tensors (&net), ==, G_N_ELEMENTS (expected));

  guint8 *taken = g_new0 (guint8, net.n_params);
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++) {
    VaeTensor tensor;
    vae_net_tensor (&net, i, &tensor);
    g_assert_cmpstr (tensor.name, ==, expected[i].name);
    g_assert_cmpuint (tensor.rows, ==, expected[i].rows);
    g_assert_cmpuint (tensor.cols, ==, expected[i].cols);
    for (gsize j = 0; j < tensor.rows * MAX (tensor.cols, 1); j++) {
      g_assert_cmpuint (tensor.offset + j, <, net.n_params);
      g_assert_false (taken[tensor.offset + j]);
      taken[tensor.offset + j] = TRUE;
    }
  }
  for (gsize i = 0; i < net.n_params; i++)
    g_assert_cmpint (taken[i], ==, !is_padding (&net, i));
  g_free (taken);
}

/* Only the last outputs: they are the bits that they are among all. */
static void
test_keep_outputs (void)
{
  VaeParams params = small_vae (VAE_ACTIVATION_RELU, 0.3);
  VaeNet net, kept;

  params.loss = VAE_LOSS_GAUSSIAN;
  params.window = 4;
  vae_net_init (&net, &params);
  kept = net;
  vae_net_keep_outputs (&kept, params.channels);
  float *weights = vae_floats_new (net.n_params);
  vae_net_randomize (&net, weights, 5);
  VaePass *all = vae_pass_new (&net, 64, FALSE);
  VaePass *last = vae_pass_new (&kept, 64, FALSE);
  float *input = vae_floats_new (net.inputs * 64);
  const float **rows = g_new (const float *, net.inputs);
  for (gsize i = 0; i < net.inputs * 64; i++)
    input[i] = sin (i);
  for (gsize i = 0; i < net.inputs; i++)
    rows[i] = input + i * 64;
  vae_pass_read (all, rows);
  vae_pass_read (last, rows);
  vae_pass_forward (all, weights, NULL, vae_pass_lanes (all));
  vae_pass_forward (last, weights, NULL, vae_pass_lanes (last));

  const gsize left_out = net.inputs - params.channels;
  g_assert_cmpmem (vae_pass_reconstruction (last),
      params.channels * 64 * sizeof (float),
      vae_pass_reconstruction (all) + left_out * 64,
      params.channels * 64 * sizeof (float));
  vae_pass_free (all);
  vae_pass_free (last);
  vae_floats_free (weights);
  vae_floats_free (input);
  g_free (rows);
}

/* That the first lane of tiled [n][64] is row [n]. */
static void
assert_same_bits (const float *tiled, const float *row, gsize n)
{
  for (gsize i = 0; i < n; i++)
    g_assert_cmpmem (&tiled[i * 64], sizeof (float), &row[i], sizeof (float));
}

static void
check_row_pass (const VaeParams * params, guint64 seed)
{
  const VaeRng rng = vae_rng (seed, 0);
  VaeNet net;

  vae_net_init (&net, params);
  float *weights = vae_floats_new (net.n_params);
  vae_net_randomize (&net, weights, seed);
  VaeRowPass *row = vae_row_pass_new (&net, weights);
  VaePass *pass = vae_pass_new (&net, 64, FALSE);
  float *input = vae_floats_new (net.inputs);
  float *tiled = vae_floats_new (net.inputs * 64);
  const float **rows = g_new (const float *, net.inputs);

  for (gsize i = 0; i < net.inputs; i++) {
    tiled[i * 64] = input[i] = 4 * vae_rng_uniform (rng, i) - 2;
    rows[i] = tiled + i * 64;
  }
  vae_pass_read (pass, rows);
  vae_pass_forward (pass, weights, NULL, vae_pass_lanes (pass));
  vae_row_pass_forward (row, input);
  assert_same_bits (vae_pass_reconstruction (pass),
      vae_row_pass_reconstruction (row), net.outputs);
  if (net.variational) {
    assert_same_bits (vae_pass_mu (pass), vae_row_pass_mu (row), net.latents);
    assert_same_bits (vae_pass_logvar (pass), vae_row_pass_logvar (row),
        net.latents);
  }

  vae_row_pass_free (row);
  vae_pass_free (pass);
  vae_floats_free (weights);
  vae_floats_free (input);
  vae_floats_free (tiled);
  g_free (rows);
}

/* A row by itself gives the bits that it gives in a tile, for networks of any
 * shape. */
static void
test_row_pass (void)
{
  const guint channels[] = { 1, 5, 38, 200 };
  const VaeActivation activations[] =
      { VAE_ACTIVATION_TANH, VAE_ACTIVATION_RELU };

  for (guint i = 0; i < G_N_ELEMENTS (channels); i++)
    for (guint kind = 0; kind < 4; kind++)
      for (guint a = 0; a < G_N_ELEMENTS (activations); a++) {
        VaeParams params = small_vae (activations[a], 1.0);
        params.kind = kind % 3 == 0 ? VAE_KIND_VAE : kind == 1 ? VAE_KIND_AE
            : VAE_KIND_PCA;
        params.loss = kind == 3 ? VAE_LOSS_GAUSSIAN : VAE_LOSS_SEED;
        params.channels = channels[i];
        params.hidden[0] = 130;
        check_row_pass (&params, i);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/net/gradient/relu",
      GINT_TO_POINTER (VAE_ACTIVATION_RELU), test_whole_loss);
  g_test_add_data_func ("/net/gradient/tanh",
      GINT_TO_POINTER (VAE_ACTIVATION_TANH), test_whole_loss);
  g_test_add_data_func ("/net/gradient/identity",
      GINT_TO_POINTER (VAE_ACTIVATION_IDENTITY), test_whole_loss);
  g_test_add_func ("/net/gradient/reconstruction", test_reconstruction_term);
  g_test_add_func ("/net/gradient/kl", test_kl_term);
  g_test_add_func ("/net/gradient/auto-encoder", test_auto_encoder);
  g_test_add_func ("/net/gradient/no-hidden-layer", test_no_hidden_layer);
  g_test_add_func ("/net/gradient/window", test_window);
  g_test_add_func ("/net/gradient/seed-network", test_seed_network);
  g_test_add_func ("/net/gradient/gaussian", test_gaussian);
  g_test_add_func ("/net/keep-outputs", test_keep_outputs);
  g_test_add_func ("/net/row-pass", test_row_pass);
  g_test_add_func ("/net/tensor-names", test_tensor_names);
  return g_test_run ();
}
