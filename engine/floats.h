/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Arrays of floats that whole vectors can be read from and written to. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Lengths of float arrays are rounded up to this, 64 bytes: a cache line, and
 * the widest vector. */
#define VAE_ALIGN 16
#define vae_align(n) (((gsize) (n) + VAE_ALIGN - 1) / VAE_ALIGN * VAE_ALIGN)

/* An array of n zeroes that starts on a cache line, or NULL; free it with
 * vae_floats_free(). VAE_ALIGN floats behind it may be read, see kernels.h. */
float *vae_floats_new (gsize n);
void vae_floats_free (float *floats);

G_END_DECLS
