/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Whole files, read with suspicion and replaced in one step. */

#pragma once

#include "vae.h"

G_BEGIN_DECLS

/* The contents of a regular file of at most `max_size` bytes; whatever else the
 * path leads to (a folder, a pipe, a device) is refused without waiting for it.
 * G_FILE_ERROR, VAE_ERROR_FORMAT if it is larger, VAE_ERROR_MEMORY. */
GBytes *vae_file_read (const char *path, gsize max_size, GError ** error);

/* Makes `bytes` the contents of `path`, or leaves what was there untouched and
 * returns FALSE. Whoever opens the path meanwhile sees the old file or the new
 * one, whole, and so does whoever finds it after a crash. A symbolic link stays
 * and what it points to is replaced; permissions are kept. G_FILE_ERROR. */
gboolean vae_file_replace (const char *path, GBytes * bytes, GError ** error);

G_END_DECLS
