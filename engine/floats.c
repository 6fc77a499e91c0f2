/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "floats.h"

#include <stdlib.h>
#include <string.h>

/* calloc() gives large arrays pages that are zero without being touched; in front
 * of what is aligned stands where it began. */
float *
vae_floats_new (gsize n)
{
  const gsize alignment = VAE_ALIGN * sizeof (float);

  if (n > G_MAXSIZE / sizeof (float) - 4 * VAE_ALIGN)
    return NULL;
  char *block = calloc (vae_align (n) * sizeof (float) + 3 * alignment, 1);
  if (!block)
    return NULL;
  char *aligned = block + 2 * alignment - (gsize) block % alignment;
  memcpy (aligned - sizeof block, &block, sizeof block);
  return (float *) aligned;
}

void
vae_floats_free (float *floats)
{
  char *block;

  if (!floats)
    return;
  memcpy (&block, (char *) floats - sizeof block, sizeof block);
  free (block);
}
