/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* When the rows of a stream were, as its buffers tell. */

#pragma once

#include <gst/gst.h>

#include "vae.h"

G_BEGIN_DECLS

typedef struct
{
  VaeRowTimes *entries;         /* [n], one a buffer */
  gsize n;
  /*< private > */
  gsize capacity;
  gboolean open;                /* the last entry's step is a guess */
} GstVaeTimes;

void gst_vae_times_init (GstVaeTimes * times);

/* Forgets all and gives the memory back. */
void gst_vae_times_clear (GstVaeTimes * times);

/* Adds a buffer of n_rows > 0 rows, first_row being its first one; `broken` if that
 * does not follow the row before. A buffer without a duration lasts until the
 * next one begins and, if none follows, as long as the one before, by the row.
 * Sets GST_RESOURCE_ERROR_NO_SPACE_LEFT if there is no memory. */
gboolean gst_vae_times_append (GstVaeTimes * times, GstBuffer * buffer,
    gsize first_row, gsize n_rows, gboolean broken, GError ** error);

G_END_DECLS
