/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_TYPE_TENSOR_CSV_DEC (gst_tensor_csv_dec_get_type ())
G_DECLARE_FINAL_TYPE (GstTensorCsvDec, gst_tensor_csv_dec, GST,
    TENSOR_CSV_DEC, GstElement)

G_END_DECLS
