/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Integers whose ascending order is the falling order of the scores, and which
 * are equal where the scores are: the bits of a float order as sign and
 * magnitude. */

#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

/* Its own inverse. */
static inline guint32
vae_score_key_flip (guint32 bits)
{
  return bits & 0x80000000u ? bits : bits ^ 0x7fffffffu;
}

static inline guint32
vae_score_key (float score)
{
  float one_zero = score + 0.0f;        /* -0 becomes +0: they tie */
  guint32 bits;
  memcpy (&bits, &one_zero, sizeof bits);
  return vae_score_key_flip (bits);
}

static inline float
vae_score_from_key (guint32 key)
{
  guint32 bits = vae_score_key_flip (key);
  float score;
  memcpy (&score, &bits, sizeof score);
  return score;
}

G_END_DECLS
