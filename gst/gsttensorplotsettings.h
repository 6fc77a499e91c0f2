/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What tensorplot's properties are. */

#pragma once

#include <gst/gst.h>

#include "gstvaetensor.h"
#include "plotview.h"

G_BEGIN_DECLS

/* Pixels; cairo has an end at twice the largest. */
#define GST_TENSOR_PLOT_MIN_SIZE 16
#define GST_TENSOR_PLOT_MAX_SIZE 16384

#define GST_TENSOR_PLOT_NO_TENSOR -1

typedef struct
{
  gint data_tensor;
  gint label_tensor;            /* -1 = none */
  gint score_tensor;            /* -1 = the last one, if it is one */
  gdouble threshold;            /* 0 = the model's */
  gdouble span;                 /* seconds, or rows; 0 = automatic */
  PlotLayout layout;
  PlotTheme theme;
  guint width;
  guint height;
  gint fps_n;
  gint fps_d;
} GstTensorPlotSettings;

/* Installs the properties, which begin with number 1. */
void gst_tensor_plot_settings_install (GObjectClass * object_class);

/* The defaults. */
void gst_tensor_plot_settings_init (GstTensorPlotSettings * settings);

/* FALSE if there is no such property. */
gboolean gst_tensor_plot_settings_set (GstTensorPlotSettings * settings,
    guint prop_id, const GValue * value);
gboolean gst_tensor_plot_settings_get (const GstTensorPlotSettings * settings,
    guint prop_id, GValue * value);

/* Sets GST_LIBRARY_ERROR_SETTINGS for what makes no sense. */
gboolean gst_tensor_plot_settings_check (const GstTensorPlotSettings * settings,
    GError ** error);

/* The index of the stream's labels or scores, or GST_TENSOR_PLOT_NO_TENSOR. Sets
 * GST_CORE_ERROR_NEGOTIATION if they are not where the settings say. */
gboolean gst_tensor_plot_settings_find_label (const GstTensorPlotSettings *
    settings, const GstVaeTensorsInfo * info, gint * label, GError ** error);
gboolean gst_tensor_plot_settings_find_score (const GstTensorPlotSettings *
    settings, const GstVaeTensorsInfo * info, gint * score, GError ** error);

G_END_DECLS
