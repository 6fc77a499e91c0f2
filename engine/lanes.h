/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* A vector of 16 floats, of whatever the processor has for it: one to four
 * registers. It may be read from and written to any place in a float array. */

#pragma once

#define LANES 16

typedef float Lanes __attribute__ ((vector_size (LANES * sizeof (float)),
        aligned (sizeof (float)), may_alias));
