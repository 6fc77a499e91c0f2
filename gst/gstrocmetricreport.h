/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The page on which rocmetric shows what it has found. */

#pragma once

#include <gst/gst.h>

#include "gstrocmetricresults.h"
#include "vae.h"

G_BEGIN_DECLS

/* The channels that contributed most to a row's score, by falling share. */
#define GST_ROC_METRIC_BLAMED 3

typedef struct
{
  gfloat channel;               /* NaN = none; a float knows all of them */
  gfloat share;                 /* of the sum of all contributions, 0 to 1 */
} GstRocMetricBlame;

/* Finds them in contributions [n_rows][n_channels], for blame
 * [n_rows][GST_ROC_METRIC_BLAMED]. */
void gst_roc_metric_blame (const gfloat * contributions, gsize n_rows,
    guint n_channels, GstRocMetricBlame * blame);

typedef struct
{
  const VaeScored *series;      /* at least one row */
  const GstRocMetricBlame *blame;       /* [n_rows][GST_ROC_METRIC_BLAMED], or
                                         * NULL */
  const GstRocMetricResults *results;
  const GstStructure *model;    /* what the stream says of it; or NULL */
} GstRocMetricReport;

/* Replaces the file in one step. Sets an error of VAE_ERROR or G_FILE_ERROR. */
gboolean gst_roc_metric_report_write (const GstRocMetricReport * report,
    const gchar * path, GError ** error);

G_END_DECLS
