/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/*
 * What is known about a stream's model, as it travels with the stream: a sticky TAG
 * event of global scope. A custom sticky event would do as well, but GDP writes the
 * types of events in 16 bits, which those of custom events do not fit into.
 */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* The tag, and the name of its structure. */
#define GST_VAE_TAG_MODEL "vae-model"

/* Makes the tag known. It may be called more than once. */
void gst_vae_model_tag_register (void);

/* An event that tells of a model, which is taken. */
GstEvent *gst_vae_model_event_new (GstStructure * model);

/* The model that an event of any type tells of, which it keeps, or NULL. */
const GstStructure *gst_vae_model_event_peek (GstEvent * event);

G_END_DECLS
