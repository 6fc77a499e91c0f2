/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* How rare a score is, on a scale that means the same for every model:
 * -log10 of the share of held-back rows that score at least as much. 0 is
 * the lowest score, 0.3 the median, 2 one row in a hundred, 6 one in a
 * million. */

#pragma once

#include "vae.h"

G_BEGIN_DECLS

#define VAE_TAIL_KNOTS 128

/* The held-back scores in a form that a model file can hold as one tensor. */
typedef struct
{
  /* From the lowest score to the level of the tail. -log10 of the share goes in
   * equal steps from 0 to that of the tail, and linearly between knots. */
  float knots[VAE_TAIL_KNOTS];
  float share;                  /* of the rows that are above the last knot */
  float shape;                  /* of their generalised Pareto distribution */
  float scale;
  float rows;
} VaeTail;

/* Summarizes scores [n]. Those that are not finite are left out.
 *
 * The tail is the highest 2 %, or 20 rows where that is more, but at most
 * half of them. Where fewer than 10 scores in it differ, the knots go on to
 * the highest score, and the tail beyond is of shape 1 and as wide as the
 * scores are spread. VAE_ERROR_DATA if no score is finite,
 * VAE_ERROR_MEMORY. */
gboolean vae_tail_init (VaeTail * tail, const float *scores, gsize n,
    GError ** error);

/* Whether it may be used, wherever it is from. */
gboolean vae_tail_is_valid (const VaeTail * tail);

/* How rare `score` is: from 0, finite for every score (infinity is taken as
 * G_MAXFLOAT), and never falling as the score rises; NaN for NaN. Below the
 * level it is what was counted, to one step between knots or one row,
 * whichever is more; above, what the fitted distribution says. Where that
 * expects less than a hundredth of the held-back rows, a tail that ends or
 * thins out fast is continued by one of shape 1, so that what is beyond any
 * experience still has an order. */
float vae_tail_rarity (const VaeTail * tail, float score);

G_END_DECLS
