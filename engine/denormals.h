/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/*
 * Numbers too small for a normal float take a processor up to a hundred times as
 * long, and a training is full of them: the moments of a unit that has died
 * decay towards 0 for ever. Between the two calls such numbers are 0, in the
 * calling thread.
 */

#pragma once

#include <glib.h>

#ifdef __SSE__
#include <xmmintrin.h>

/* Flush to zero, and denormals are zero. */
#define VAE_MXCSR_NO_DENORMALS 0x8040
#endif

/* Returns what vae_denormals_restore() wants. */
static inline guint
vae_denormals_off (void)
{
#ifdef __SSE__
  guint before = _mm_getcsr ();
  _mm_setcsr (before | VAE_MXCSR_NO_DENORMALS);
  return before;
#else
  return 0;
#endif
}

static inline void
vae_denormals_restore (guint before)
{
#ifdef __SSE__
  _mm_setcsr (before);
#endif
}
