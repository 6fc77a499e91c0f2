/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/base/gstbasesrc.h>

G_BEGIN_DECLS

#define GST_TYPE_VAE_SYNTH (gst_vae_synth_get_type ())
G_DECLARE_FINAL_TYPE (GstVaeSynth, gst_vae_synth, GST, VAE_SYNTH, GstBaseSrc)

G_END_DECLS
