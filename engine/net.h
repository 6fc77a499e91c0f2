/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/*
 * The network: which layers there are, where their weights lie, and the passes
 * through them.
 *
 *   VAE   inputs - hidden... - (mu, logvar) - hidden reversed... - inputs
 *   AE    inputs - hidden... - hidden reversed, without its first... - inputs
 *   PCA   inputs - latents - inputs
 *
 * with the activation after every hidden layer and none after the head
 * (mu, logvar), the output, and in a PCA.
 *
 * Where the loss is Gaussian the head of a VAE with hidden layers reads the input
 * behind the last hidden layer, and its output layer reads z behind the last one of
 * the decoder: linear maps beside the hidden layers, that can be principal
 * components. In training what is read together lies together.
 *
 * Activations lie feature by feature, float [features][tile], where a tile is a
 * fixed number of rows: the rows are the vector lanes. So no lane is wasted on a
 * layer of five outputs, and a row's result does not depend on how many rows
 * came with it. Weights lie as PyTorch has them, [out][in].
 */

#pragma once

#include "vae.h"
#include "floats.h"
#include "gemm.h"

G_BEGIN_DECLS

#define VAE_MAX_LAYERS (2 * VAE_MAX_HIDDEN + 2)

typedef struct
{
  gsize inputs;
  gsize outputs;
  VaeActivation activation;
  gsize weight;                 /* offset in the parameter block:
                                 * [outputs][inputs] */
  gsize bias;                   /* [outputs] */
} VaeLayer;

/* The layout of a network; it owns nothing. */
typedef struct
{
  gboolean variational;
  gboolean skips;               /* the head also reads the input, the output
                                 * layer z */
  gsize inputs;                 /* window * channels, oldest row first */
  gsize outputs;                /* inputs or, of them, the last ones */
  gsize latents;                /* 0 unless variational */
  guint n_encoder;              /* layers before the head or, in an AE, up to
                                 * the code */
  guint n_layers;               /* the head, if there is one, is
                                 * layers[n_encoder], of 2 * latents outputs: mu,
                                 * then logvar */
  VaeLayer layers[VAE_MAX_LAYERS];
  gsize n_params;               /* floats in the parameter block, padding
                                 * included */
} VaeNet;

/* `params` are valid. */
void vae_net_init (VaeNet * net, const VaeParams * params);

/* Leaves only the last `outputs` outputs: with as many as there are channels, the
 * row that is scored. The weights stay where they are. */
void vae_net_keep_outputs (VaeNet * net, gsize outputs);

/* Weights and biases ~ U(-1/sqrt(inputs), 1/sqrt(inputs)), as torch.nn.Linear;
 * params [n_params], the padding 0. */
void vae_net_randomize (const VaeNet * net, float *params, guint64 seed);

/* A tensor of the parameter block, by the name that the seed experiment's
 * PyTorch module has for it: "encoder.0.weight", "mu.bias", ... */
typedef struct
{
  char name[32];
  gsize offset;                 /* in the parameter block */
  gsize rows;                   /* of a weight [rows][cols] or a bias [rows] */
  gsize cols;                   /* 0 for a bias */
} VaeTensor;

/* Tensors are numbered in the module's order: encoder, mu, logvar, decoder,
 * each weight before its bias. */
guint vae_net_n_tensors (const VaeNet * net);
void vae_net_tensor (const VaeNet * net, guint index, VaeTensor * tensor);

/* The room for one tile of rows on their way through a network, and back if it
 * is for training. */
typedef struct _VaePass VaePass;

/* `tile` is a multiple of VAE_ALIGN. NULL if there is no memory. `net` is
 * copied. */
VaePass *vae_pass_new (const VaeNet * net, gsize tile, gboolean training);
void vae_pass_free (VaePass * pass);

/* Where the input goes if the pass is for training: [inputs][tile], scaled, 0 for a
 * missing cell. It belongs to the pass. */
float *vae_pass_input (VaePass * pass);

/* Where any other pass finds its input, which is not copied: the rows of such a
 * matrix, wherever they lie, [inputs]. The array stays the caller's, and outlives the
 * next vae_pass_forward(). */
void vae_pass_read (VaePass * pass, const float *const *rows);

/* Where things come out: reconstruction [outputs][tile], mu and logvar
 * [latents][tile] (NULL if it is not variational). They belong to the pass. */
const float *vae_pass_reconstruction (const VaePass * pass);
const float *vae_pass_mu (const VaePass * pass);
const float *vae_pass_logvar (const VaePass * pass);

/* Input to reconstruction. `noise` [latents][tile] is the reparameterisation's
 * epsilon, z = mu + exp (logvar / 2) * noise; with NULL z = mu. For a range of
 * lanes, which begins and ends as vae_gemm_forward() wants it: other threads may
 * do the others at the same time. */
void vae_pass_forward (VaePass * pass, const float *params,
    const float *noise, VaeRange lanes);

/* All the lanes. */
VaeRange vae_pass_lanes (const VaePass * pass);

/* Where the loss puts its gradients with respect to the outputs, shaped as they
 * are, before vae_pass_backward(). */
float *vae_pass_d_reconstruction (VaePass * pass);
float *vae_pass_d_mu (VaePass * pass);
float *vae_pass_d_logvar (VaePass * pass);

/* Carries the gradients that were set at the outputs back through the layers, in a
 * range of lanes as above; `params` are those of the last forward pass. Overwrites
 * the gradients at the outputs. */
void vae_pass_backward (VaePass * pass, const float *params, VaeRange lanes);

/* After that, in all lanes: the gradient with respect to the parameters, shaped as
 * the parameter block, whose padding is left alone. Part `part` of `parts` of the
 * work: other threads may do the others at the same time. The result does not
 * depend on how many there are. */
void vae_pass_gradient (VaePass * pass, guint part, guint parts,
    float *gradient);

G_END_DECLS
