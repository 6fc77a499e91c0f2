/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The generalised Pareto distribution: whatever the values are, it is what
 * those above a high level come to (Balkema & de Haan 1974, Pickands 1975). */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* P (Y > y) = (1 + shape y / scale)^(-1 / shape), y >= 0, which for shape 0 is
 * exp (-y / scale). */
typedef struct
{
  double shape;                 /* >= -1; below 0 the tail ends at
                                 * -scale / shape */
  double scale;                 /* > 0 */
} VaeGpd;

/* Fits, by maximum likelihood, values [n] - level. All values are finite and
 * above the level. Below a shape of -1 likelihood has no maximum; such a tail
 * is taken to be uniform up to the largest value, shape -1. FALSE, if fewer
 * than 10 of the values differ. Allocates nothing. */
gboolean vae_gpd_fit (const float *values, gsize n, float level, VaeGpd * gpd);

/* The y that is exceeded with the given probability, in (0, 1]. May be
 * infinite. */
double vae_gpd_excess (const VaeGpd * gpd, double probability);

/* -log10 P (Y > y), y >= 0: infinite beyond the end of the tail. */
double vae_gpd_rarity (const VaeGpd * gpd, double y);

G_END_DECLS
