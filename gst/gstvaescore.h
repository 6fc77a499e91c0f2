/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/base/gstbasetransform.h>

G_BEGIN_DECLS

#define GST_TYPE_VAE_SCORE (gst_vae_score_get_type ())
G_DECLARE_FINAL_TYPE (GstVaeScore, gst_vae_score, GST, VAE_SCORE,
    GstBaseTransform)

G_END_DECLS
