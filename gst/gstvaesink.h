/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What the sinks that read a stream of tensors to its end, and then write a file
 * and post what came of it, have in common. */

#pragma once

#include <gst/base/base.h>

G_BEGIN_DECLS

/* Whether a file can be written to `path` later on: its folder is there and
 * writable, and what has that name now, if anything, is a regular file. Sets a
 * GST_RESOURCE_ERROR otherwise. */
gboolean gst_vae_sink_check_path (const gchar * path, GError ** error);

/* Sets a field of type double, unless the value is not known: NaN. */
void gst_vae_structure_set_known (GstStructure * structure,
    const gchar * field, gdouble value);

G_END_DECLS
