/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_TYPE_TENSOR_PLOT (gst_tensor_plot_get_type ())
G_DECLARE_FINAL_TYPE (GstTensorPlot, gst_tensor_plot, GST, TENSOR_PLOT,
    GstElement)

G_END_DECLS
