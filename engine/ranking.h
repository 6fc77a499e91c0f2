/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The scores of the anomalous and of the normal rows, each in falling order. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Keys are integers that are equal where the scores are, and greater where the
 * score is lower. */
typedef struct
{
  guint32 *keys;                /* [n], ascending */
  gsize n;
} VaeRanks;

typedef struct
{
  VaeRanks positives;
  VaeRanks negatives;
  guint32 lowest;               /* what was subtracted from all keys */
} VaeRanking;

/* Ranks all rows but those whose score is NaN, and takes four bytes a row, and
 * at most four more while it runs. Without labels all rows are normal.
 * VAE_ERROR_MEMORY. */
gboolean vae_ranking_init (VaeRanking * ranking, const float *scores,
    const guint8 * labels, gsize n, GError ** error);
void vae_ranking_clear (VaeRanking * ranking);

/* The score that has the key. */
float vae_ranking_get_score (const VaeRanking * ranking, guint32 key);

G_END_DECLS
