/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* A part of something, for one of several threads. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* from .. to - 1 */
typedef struct
{
  gsize from;
  gsize to;
} VaeRange;

/* Part `part` of `parts` of 0 .. n - 1, beginning and ending with multiples of
 * `step`, or with n. */
static inline VaeRange
vae_range (gsize n, gsize step, guint part, guint parts)
{
  const gsize steps = (n + step - 1) / step;
  const VaeRange range = {
    MIN (n, steps * part / parts * step),
    MIN (n, steps * (part + 1) / parts * step)
  };
  return range;
}

G_END_DECLS
