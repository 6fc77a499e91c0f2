/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

GST_ELEMENT_REGISTER_DECLARE (rocmetric)
GST_ELEMENT_REGISTER_DECLARE (tensorcsvdec)
GST_ELEMENT_REGISTER_DECLARE (tensorcsvenc)
GST_ELEMENT_REGISTER_DECLARE (tensorplot)
GST_ELEMENT_REGISTER_DECLARE (vaescore)
GST_ELEMENT_REGISTER_DECLARE (vaesynth)
GST_ELEMENT_REGISTER_DECLARE (vaetrain)

G_END_DECLS
