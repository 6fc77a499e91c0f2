/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/*
 * Training steps of the engine from given weights, on given rows and noise, for
 * parity-steps.py to compare with PyTorch.
 */

#include "adam.h"
#include "loss.h"
#include "net.h"
#include "window.h"

#include <string.h>

VAE_API void parity_steps (int kind, int loss, int activation, int channels,
    int n_hidden, const int *hidden, int latents, double beta,
    double learning_rate, int batch, const float *rows, int n_steps,
    const float *noise, float *weights, double *losses, float *reconstruction,
    float *gradient);

/* Between the parameter block and the tensors one after the other, as
 * vae_net_tensor() numbers them: flat [number of parameters]. */
static void
copy_tensors (const VaeNet * net, float *block, float *flat, gboolean pack)
{
  for (guint i = 0; i < vae_net_n_tensors (net); i++) {
    VaeTensor tensor;
    vae_net_tensor (net, i, &tensor);
    const gsize n = tensor.rows * MAX (tensor.cols, 1);
    if (pack)
      memcpy (flat, block + tensor.offset, n * sizeof (float));
    else
      memcpy (block + tensor.offset, flat, n * sizeof (float));
    flat += n;
  }
}

/*
 * Takes n_steps Adam steps on the same rows [batch][channels], NaN = missing,
 * beginning with flat weights, which become those at the end, with noise
 * [n_steps][batch][latents]. Gives the losses [n_steps], and of the first step
 * reconstruction [batch][channels] and the flat gradient.
 */
void
parity_steps (int kind, int loss, int activation, int channels, int n_hidden,
    const int *hidden, int latents, double beta, double learning_rate,
    int batch, const float *rows, int n_steps, const float *noise,
    float *weights, double *losses, float *reconstruction, float *gradient)
{
  VaeParams params;
  VaeNet net;

  vae_params_init_seed (&params);
  params.kind = kind;
  params.loss = loss;
  params.activation = activation;
  params.channels = channels;
  params.n_hidden = n_hidden;
  for (int i = 0; i < n_hidden; i++)
    params.hidden[i] = hidden[i];
  params.latent_dim = latents;
  vae_net_init (&net, &params);

  const gsize tile = vae_align (batch);
  VaePass *pass = vae_pass_new (&net, tile, TRUE);
  const VaeRange all = vae_pass_lanes (pass);
  float *block = vae_floats_new (net.n_params);
  float *block_gradient = vae_floats_new (net.n_params);
  float *mean = vae_floats_new (net.n_params);
  float *square = vae_floats_new (net.n_params);
  float *observed = vae_floats_new (net.inputs * tile);
  float *tile_noise = vae_floats_new (net.latents * tile);
  float *padded_rows = vae_floats_new (batch * channels);
  const float **windows = g_new (const float *, batch);

  copy_tensors (&net, block, weights, FALSE);
  memcpy (padded_rows, rows, batch * channels * sizeof (float));
  for (int r = 0; r < batch; r++)
    windows[r] = padded_rows + r * channels;
  vae_window_gather (windows, batch, net.inputs, tile, vae_pass_input (pass),
      observed, all);

  for (int step = 0; step < n_steps; step++) {
    VaeLossSums sums = { 0 };

    for (gsize k = 0; k < net.latents; k++)
      for (int r = 0; r < batch; r++)
        tile_noise[k * tile + r] = noise[(step * batch + r) * net.latents + k];
    vae_pass_forward (pass, block, net.variational ? tile_noise : NULL, all);

    VaeOutputs outputs = {
      .tile = tile,
      .n_rows = batch,
      .inputs = net.inputs,
      .latents = net.latents,
      .input = vae_pass_input (pass),
      .observed = observed,
      .reconstruction = vae_pass_reconstruction (pass),
      .mu = vae_pass_mu (pass),
      .logvar = vae_pass_logvar (pass),
    };
    vae_loss_add (&outputs, all, &sums, NULL);
    losses[step] =
        vae_loss_value (params.loss, beta, &sums, net.latents, NULL, NULL);
    const VaeLossWeights weigh = vae_loss_weights (params.loss, beta, &sums,
        net.latents);
    vae_loss_gradient (&outputs, all, &weigh,
        vae_pass_d_reconstruction (pass), vae_pass_d_mu (pass),
        vae_pass_d_logvar (pass));
    for (gsize i = 0; step == 0 && i < batch * net.inputs; i++)
      reconstruction[i] = outputs.reconstruction[i % net.inputs * tile
          + i / net.inputs];
    vae_pass_backward (pass, block, all);
    vae_pass_gradient (pass, 0, 1, block_gradient);
    if (step == 0)
      copy_tensors (&net, block_gradient, gradient, TRUE);
    vae_adam_step (block, block_gradient, mean, square, net.n_params,
        learning_rate, step + 1);
  }
  copy_tensors (&net, block, weights, TRUE);

  vae_pass_free (pass);
  vae_floats_free (block);
  vae_floats_free (block_gradient);
  vae_floats_free (mean);
  vae_floats_free (square);
  vae_floats_free (observed);
  vae_floats_free (tile_noise);
  vae_floats_free (padded_rows);
  g_free (windows);
}
