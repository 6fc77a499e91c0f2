/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstvaerows.h"

#include <string.h>

#define FIRST_CAPACITY 4096

void
gst_vae_rows_init (GstVaeRows * rows, guint cols, gboolean labelled)
{
  memset (rows, 0, sizeof (*rows));
  rows->cols = cols;
  rows->labelled = labelled;
}

void
gst_vae_rows_clear (GstVaeRows * rows)
{
  g_free (rows->data);
  g_free (rows->labels);
  g_free (rows->breaks);
  gst_vae_rows_init (rows, rows->cols, rows->labelled);
}

static gboolean
resize (GstVaeRows * rows, gsize capacity)
{
  gfloat *data;
  guint8 *labels, *breaks;

  data = g_try_realloc_n (rows->data, capacity, rows->cols * sizeof (gfloat));
  if (!data)
    return FALSE;
  rows->data = data;

  breaks = g_try_realloc (rows->breaks, capacity);
  if (!breaks)
    return FALSE;
  rows->breaks = breaks;

  if (rows->labelled) {
    labels = g_try_realloc (rows->labels, capacity);
    if (!labels)
      return FALSE;
    rows->labels = labels;
  }

  rows->capacity = capacity;
  return TRUE;
}

/* Doubles the room, so that each row is moved about once; if there is no memory
 * for that much, takes what is needed. */
static gboolean
reserve (GstVaeRows * rows, gsize n_rows)
{
  gsize needed, generous;

  if (!g_size_checked_add (&needed, rows->n_rows, n_rows))
    return FALSE;
  if (needed <= rows->capacity)
    return TRUE;
  generous = MAX (needed, FIRST_CAPACITY);
  if (rows->capacity <= G_MAXSIZE / 2)
    generous = MAX (generous, 2 * rows->capacity);
  return resize (rows, generous) || resize (rows, needed);
}

static gboolean
check_labels (const GstVaeRows * rows, const guint8 *labels, gsize n_rows,
    GError ** error)
{
  for (gsize i = 0; i < n_rows; i++) {
    if (labels[i] <= 1)
      continue;
    g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
        "The label of row %" G_GSIZE_FORMAT " is %u: a label is 0 (normal) or "
        "1 (anomaly)", rows->n_rows + i, labels[i]);
    return FALSE;
  }
  return TRUE;
}

gboolean
gst_vae_rows_append (GstVaeRows * rows, const gfloat * data,
    const guint8 *labels, gsize n_rows, gboolean broken, GError ** error)
{
  if (n_rows == 0)
    return TRUE;
  if (rows->labelled && !check_labels (rows, labels, n_rows, error))
    return FALSE;
  if (!reserve (rows, n_rows)) {
    g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NO_SPACE_LEFT,
        "There is no memory for more than %" G_GSIZE_FORMAT " rows of %u",
        rows->n_rows, rows->cols);
    return FALSE;
  }
  memcpy (rows->data + rows->n_rows * rows->cols, data,
      n_rows * rows->cols * sizeof (gfloat));
  if (rows->labelled)
    memcpy (rows->labels + rows->n_rows, labels, n_rows);
  memset (rows->breaks + rows->n_rows, 0, n_rows);
  rows->breaks[rows->n_rows] = broken;
  rows->n_rows += n_rows;
  return TRUE;
}
