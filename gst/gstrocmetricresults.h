/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What rocmetric has found, and all the ways in which it tells. */

#pragma once

#include <gst/gst.h>

#include "vae.h"

G_BEGIN_DECLS

typedef struct
{
  VaeMetrics metrics;
  VaeControls controls;
  VaeVus vus;
  guint buffer;                 /* of vus */
  const gchar *no_threshold;    /* why there is none; NULL if there is one */
  VaeDetection detection;       /* at the threshold */
} GstRocMetricResults;

/* No rows, and every figure undefined. */
void gst_roc_metric_results_init (GstRocMetricResults * results);

/* Installs a read-only property for each figure, from this number on. */
void gst_roc_metric_results_install (GObjectClass * object_class,
    guint first_id);

/* FALSE if there is no such property. */
gboolean gst_roc_metric_results_get (const GstRocMetricResults * results,
    guint prop_id, GValue * value);

/* That all of them have changed. */
void gst_roc_metric_results_notify (GObject * object);

GstStructure *gst_roc_metric_results_to_structure (const GstRocMetricResults *
    results);

/* As JSON, replacing the file in one step. */
gboolean gst_roc_metric_results_write (const GstRocMetricResults * results,
    const gchar * location, GError ** error);

void gst_roc_metric_results_print (const GstRocMetricResults * results);

G_END_DECLS
