/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The types of vaetrain's properties. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_TYPE_VAE_TRAIN_KIND (gst_vae_train_kind_get_type ())
GType gst_vae_train_kind_get_type (void);

#define GST_TYPE_VAE_TRAIN_ACTIVATION (gst_vae_train_activation_get_type ())
GType gst_vae_train_activation_get_type (void);

#define GST_TYPE_VAE_TRAIN_LOSS (gst_vae_train_loss_get_type ())
GType gst_vae_train_loss_get_type (void);

#define GST_TYPE_VAE_TRAIN_SCALER (gst_vae_train_scaler_get_type ())
GType gst_vae_train_scaler_get_type (void);

#define GST_TYPE_VAE_TRAIN_SELECT (gst_vae_train_select_get_type ())
GType gst_vae_train_select_get_type (void);

#define GST_TYPE_VAE_TRAIN_THRESHOLD (gst_vae_train_threshold_get_type ())
GType gst_vae_train_threshold_get_type (void);

G_END_DECLS
