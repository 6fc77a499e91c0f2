/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* A vector of 16 floats, of whatever the processor has for it: one to four
 * registers. It may be read from and written to any place in a float array. */

#pragma once

#include <glib.h>

#include "hot.h"

#define LANES 16

typedef float Lanes __attribute__ ((vector_size (LANES * sizeof (float)),
        aligned (sizeof (float)), may_alias));

/* Transposes a [LANES][LANES]. Shuffling row i into row i + 8, as one shuffles two
 * halves of a pack of cards, moves the top bit of an element's place to the bottom;
 * after four times its row and its column have changed places. */
VAE_INLINE void
lanes_transpose (Lanes * a)
{
  typedef gint32 Places __attribute__ ((vector_size (LANES * sizeof (gint32))));
  const Places low = { 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23 };
  const Places high = low + 8;
  Lanes b[LANES];

  for (gsize round = 0; round < 4; round++) {
    for (gsize r = 0; r < LANES / 2; r++) {
      b[2 * r] = __builtin_shuffle (a[r], a[r + 8], low);
      b[2 * r + 1] = __builtin_shuffle (a[r], a[r + 8], high);
    }
    for (gsize r = 0; r < LANES; r++)
      a[r] = b[r];
  }
}
