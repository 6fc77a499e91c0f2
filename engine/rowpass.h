/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/*
 * A single row's way through a network, at z = mu. Its lanes are a layer's
 * outputs, where those of a VaePass are the rows of a tile, most of which would
 * be padding here. The results have the same bits: see kernels.h.
 */

#pragma once

#include "net.h"

G_BEGIN_DECLS

typedef struct _VaeRowPass VaeRowPass;

/* Copies what it needs of `params`. NULL if there is no memory. */
VaeRowPass *vae_row_pass_new (const VaeNet * net, const float *params);
void vae_row_pass_free (VaeRowPass * pass);

/* input [inputs] */
void vae_row_pass_forward (VaeRowPass * pass, const float *input);

/* What came out: [inputs] and [latents], mu and logvar NULL for an AE. They
 * belong to the pass. */
const float *vae_row_pass_reconstruction (const VaeRowPass * pass);
const float *vae_row_pass_mu (const VaeRowPass * pass);
const float *vae_row_pass_logvar (const VaeRowPass * pass);

G_END_DECLS
