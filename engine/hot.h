/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

/* Marks a function whose loops are worth compiling for each generation of
 * vector instructions; the loader picks the one that the processor has. As the
 * build forbids contraction and reordering, all of them give the same bits.
 *
 * It also keeps SSE code away from kernels that a library generates, which leave
 * the upper halves of the vector registers in use: mixing the two is slow. */
#ifdef HAVE_TARGET_CLONES
#define VAE_HOT __attribute__ ((target_clones ("default", \
            "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define VAE_HOT
#endif

/* For what a hot function is made of: left to itself it would be compiled for the
 * oldest processor. */
#define VAE_INLINE static inline __attribute__ ((always_inline))
