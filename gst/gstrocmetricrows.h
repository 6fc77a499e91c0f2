/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Rows on rocmetric's page: how they are named, and which belong together. */

#pragma once

#include "gstrocmetricreport.h"

G_BEGIN_DECLS

/* TRUE if times are known, and the last is later than the first. */
gboolean gst_roc_metric_are_times_known (const VaeScored * series);

/* The time of a row, to so many seconds, or that it is not known. */
gchar *gst_roc_metric_name_time (const VaeScored * series, gsize row,
    gdouble precision);

/* The row nearest to x, by its number or, if it is known, its time. Names the
 * places of a plot's axis: user_data is a VaeScored. */
gchar *gst_roc_metric_name_row (gdouble x, gconstpointer user_data);

typedef gboolean (*GstRocMetricRowFunc) (const GstRocMetricReport * report,
    gsize row);

/* TRUE if the score has reached the threshold; without one, never. */
gboolean gst_roc_metric_is_flagged (const GstRocMetricReport * report,
    gsize row);
gboolean gst_roc_metric_is_labelled (const GstRocMetricReport * report,
    gsize row);

/* Finds the next run of rows that are so, from *end on; none spans a break.
 * FALSE if there is none: *end stays as it is. */
gboolean gst_roc_metric_next_run (const GstRocMetricReport * report,
    GstRocMetricRowFunc is_so, gsize * first, gsize * end);

G_END_DECLS
