/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "kernels.h"

/* See meson.build. */
extern const VaeKernels vae_kernels_any;
#ifdef HAVE_X86_64_LEVELS
extern const VaeKernels vae_kernels_v3;
extern const VaeKernels vae_kernels_v4;
#endif

const VaeKernels *
vae_kernels_nth (guint n)
{
#ifdef HAVE_X86_64_LEVELS
  if (__builtin_cpu_supports ("x86-64-v4") && n-- == 0)
    return &vae_kernels_v4;
  if (__builtin_cpu_supports ("x86-64-v3") && n-- == 0)
    return &vae_kernels_v3;
#endif
  return n == 0 ? &vae_kernels_any : NULL;
}

const VaeKernels *
vae_kernels (void)
{
  return vae_kernels_nth (0);
}

static float
finished (const VaeProduct * p, gsize i, gsize j, double sum)
{
  const gsize at = i * p->c_row + j;
  float y = sum;

  if (p->relu && !(y > 0.f))
    y = 0.f;
  return p->mask && !(p->mask[at] > 0.f) ? 0.f : y;
}

void
vae_multiply_reference (const VaeProduct * p)
{
  for (gsize i = 0; i < p->m; i++)
    for (gsize j = 0; j < p->n; j++) {
      double sum = p->row_bias ? p->row_bias[i]
          : p->column_bias ? p->column_bias[j] : 0;
      for (gsize l = 0; l < p->k; l++)
        sum += (double) p->a.data[i * p->a.row + l * p->a.col] * p->b[l][j];
      p->c[i * p->c_row + j] = finished (p, i, j, sum);
    }
}
