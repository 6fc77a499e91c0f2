/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The rows of a stream, collected until its end. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct
{
  guint cols;
  gsize n_rows;
  gfloat *data;                 /* [n_rows][cols] */
  guint8 *labels;               /* [n_rows], 0 or 1; NULL if unlabelled */
  guint8 *breaks;               /* [n_rows], 1 = does not follow the row before */
  /*< private > */
  gboolean labelled;
  gsize capacity;
} GstVaeRows;

/* No rows, of `cols` columns, with a label each or without. */
void gst_vae_rows_init (GstVaeRows * rows, guint cols, gboolean labelled);

/* Forgets the rows and gives their memory back. */
void gst_vae_rows_clear (GstVaeRows * rows);

/* Appends data [n_rows][cols] and labels [n_rows]; `broken` if the first of them
 * does not follow the row before. Sets GST_STREAM_ERROR_FORMAT for a label that
 * is neither 0 nor 1, and GST_RESOURCE_ERROR_NO_SPACE_LEFT if there is no memory.
 * The rows collected so far are kept on failure. */
gboolean gst_vae_rows_append (GstVaeRows * rows, const gfloat * data,
    const guint8 * labels, gsize n_rows, gboolean broken, GError ** error);

G_END_DECLS
