/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Standard normal numbers in bulk, for the reparameterisation. */

#pragma once

#include "rng.h"

G_BEGIN_DECLS

/* Numbers 2 * pair .. 2 * pair + n - 1 of a sequence of N(0, 1): out [n], n even.
 * Box & Muller 1958, both of each pair, from 32 bits each, so that no number is
 * beyond +-6.7; to about 1e-6. */
void vae_noise_fill (VaeRng rng, guint64 pair, gsize n, float *out);

/* The same by the C library's functions, for tests to compare with. */
void vae_noise_fill_reference (VaeRng rng, guint64 pair, gsize n, float *out);

G_END_DECLS
