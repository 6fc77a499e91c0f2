/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Posts a GError of the engine, the operating system or GStreamer as an error
 * message of `element`, or as a warning, under GStreamer's domain and code for it.
 * The error stays the caller's.
 *
 * `refusal` is the code of a refusal by the operating system that has no better
 * one (not found, not authorized, busy, no space left): say
 * GST_RESOURCE_ERROR_OPEN_READ, _READ, _OPEN_WRITE or _WRITE, whatever was
 * tried. */
#define gst_vae_element_error(element, error, refusal) \
    gst_vae_element_message_full (GST_ELEMENT (element), GST_MESSAGE_ERROR, \
        error, refusal, __FILE__, GST_FUNCTION, __LINE__)
#define gst_vae_element_warning(element, error, refusal) \
    gst_vae_element_message_full (GST_ELEMENT (element), \
        GST_MESSAGE_WARNING, error, refusal, __FILE__, GST_FUNCTION, __LINE__)

void gst_vae_element_message_full (GstElement * element, GstMessageType type,
    const GError * error, GstResourceError refusal, const gchar * file,
    const gchar * function, gint line);

G_END_DECLS
