/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The worst events and false alarms, as a section of rocmetric's page. */

#pragma once

#include "gstrocmetricreport.h"

G_BEGIN_DECLS

/* Appends the section with a table of the events by their highest score and, if
 * there is a threshold, one of those missed and one of the false alarms. Long
 * tables are cut, and say so. */
void gst_roc_metric_append_worst (GString * page,
    const GstRocMetricReport * report);

G_END_DECLS
