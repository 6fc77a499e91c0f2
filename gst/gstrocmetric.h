/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/base/gstbasesink.h>

G_BEGIN_DECLS

#define GST_TYPE_ROC_METRIC (gst_roc_metric_get_type ())
G_DECLARE_FINAL_TYPE (GstRocMetric, gst_roc_metric, GST, ROC_METRIC,
    GstBaseSink)

G_END_DECLS
