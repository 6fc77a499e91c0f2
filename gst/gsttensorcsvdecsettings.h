/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What tensorcsvdec's properties are. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef enum
{
  GST_TENSOR_CSV_DEC_FAIL,
  GST_TENSOR_CSV_DEC_SKIP,
  GST_TENSOR_CSV_DEC_MISSING
} GstTensorCsvDecOnError;

typedef struct
{
  gchar *label_column;
  gchar *time_column;
  gchar *columns;
  gchar *delimiter;
  guint rows_per_buffer;
  gint rate_n;                  /* rows per second */
  gint rate_d;
  GstTensorCsvDecOnError on_error;
} GstTensorCsvDecSettings;

/* Installs the properties, which begin with number 1. */
void gst_tensor_csv_dec_settings_install (GObjectClass * object_class);

/* The defaults; and their end, which leaves all zero. */
void gst_tensor_csv_dec_settings_init (GstTensorCsvDecSettings * settings);
void gst_tensor_csv_dec_settings_clear (GstTensorCsvDecSettings * settings);

/* Clears `to` first. */
void gst_tensor_csv_dec_settings_copy (GstTensorCsvDecSettings * to,
    const GstTensorCsvDecSettings * from);

/* FALSE if there is no such property. */
gboolean gst_tensor_csv_dec_settings_set (GstTensorCsvDecSettings * settings,
    guint prop_id, const GValue * value);
gboolean gst_tensor_csv_dec_settings_get (const GstTensorCsvDecSettings * settings,
    guint prop_id, GValue * value);

/* Sets GST_LIBRARY_ERROR_SETTINGS for what makes no sense. */
gboolean gst_tensor_csv_dec_settings_check (const GstTensorCsvDecSettings * settings,
    GError ** error);

/* NUL = to be detected. */
gchar gst_tensor_csv_dec_settings_get_delimiter (const GstTensorCsvDecSettings *
    settings);

G_END_DECLS
