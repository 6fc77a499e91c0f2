/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/base/gstbasesink.h>

G_BEGIN_DECLS

#define GST_TYPE_VAE_TRAIN (gst_vae_train_get_type ())
G_DECLARE_FINAL_TYPE (GstVaeTrain, gst_vae_train, GST, VAE_TRAIN, GstBaseSink)

G_END_DECLS
