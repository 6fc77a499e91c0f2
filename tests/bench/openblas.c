/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/*
 * OpenBLAS as a peer: the matrix products of a network and nothing else,
 * neither bias nor activation, loss, noise or optimizer.
 */

#include "bench.h"

#include <cblas.h>
#include <string.h>

#define MAX_LAYERS 8
#define LEAST_SECONDS 0.1

/* input [rows][inputs] times weight [outputs][inputs] gives output
 * [rows][outputs]. The gradients have the same shapes. */
typedef struct
{
  int inputs;
  int outputs;
  float *weight;
  float *output;
} Layer;

typedef struct
{
  int rows;
  float *input;
  int n_layers;
  Layer layers[MAX_LAYERS];
} Network;

/* Written to, so that there is memory behind all of it. */
static float *
zeroes (gsize n)
{
  return memset (g_new (float, n), 0, n * sizeof (float));
}

static void
add_layer (Network * network, int inputs, int outputs)
{
  network->layers[network->n_layers++] = (Layer) {
  inputs, outputs, zeroes ((gsize) inputs * outputs),
        zeroes ((gsize) network->rows * outputs)};
}

static void
network_init (Network * network, const VaeParams * params, int rows)
{
  const int inputs = params->channels * params->window;
  const int outer = params->hidden[0], inner = params->hidden[1];

  network->rows = rows;
  network->n_layers = 0;
  network->input = zeroes ((gsize) rows * inputs);
  add_layer (network, inputs, outer);
  add_layer (network, outer, inner);
  add_layer (network, inner, 2 * params->latent_dim);
  add_layer (network, params->latent_dim, inner);
  add_layer (network, inner, outer);
  add_layer (network, outer, inputs);
}

static void
network_clear (Network * network)
{
  g_free (network->input);
  for (int i = 0; i < network->n_layers; i++) {
    g_free (network->layers[i].weight);
    g_free (network->layers[i].output);
  }
}

static float *
layer_input (const Network * network, int i)
{
  return i == 0 ? network->input : network->layers[i - 1].output;
}

static void
forward (const Network * network)
{
  for (int i = 0; i < network->n_layers; i++) {
    const Layer *layer = &network->layers[i];
    cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasTrans, network->rows,
        layer->outputs, layer->inputs, 1, layer_input (network, i),
        layer->inputs, layer->weight, layer->inputs, 0, layer->output,
        layer->outputs);
  }
}

static void
backward (const Network * network)
{
  for (int i = network->n_layers - 1; i >= 0; i--) {
    const Layer *layer = &network->layers[i];
    float *input = layer_input (network, i);

    cblas_sgemm (CblasRowMajor, CblasTrans, CblasNoTrans, layer->outputs,
        layer->inputs, network->rows, 1, layer->output, layer->outputs, input,
        layer->inputs, 0, layer->weight, layer->inputs);
    if (i > 0)
      cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, network->rows,
          layer->inputs, layer->outputs, 1, layer->output, layer->outputs,
          layer->weight, layer->inputs, 0, input, layer->inputs);
  }
}

/* Seconds for a pass, or for a pass there and back. */
static double
measure (const VaeParams * params, int rows, gboolean trains)
{
  Network network;
  double seconds = 0;
  gsize n = 0;

  network_init (&network, params, rows);
  const double start = bench_now ();
  for (; seconds < LEAST_SECONDS; n++) {
    forward (&network);
    if (trains)
      backward (&network);
    seconds = bench_now () - start;
  }
  network_clear (&network);
  return seconds / n;
}

/* NETWORK: seconds for the products of a training step */
static double
step (const char *argument)
{
  VaeParams params;

  bench_read_network (argument, &params, 0, NULL);
  return measure (&params, params.batch_size, TRUE);
}

/* NETWORK ROWS: seconds for the products of one row's scoring, in blocks */
static double
score (const char *argument)
{
  VaeParams params;
  guint rows;

  bench_read_network (argument, &params, 1, &rows);
  return measure (&params, rows, FALSE) / rows;
}

int
main (void)
{
  const BenchCase cases[] = {
    {"step", step}, {"score", score}, {NULL, NULL}
  };

  openblas_set_num_threads (1);
  return bench_serve (cases);
}
