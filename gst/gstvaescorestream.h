/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What stream goes into vaescore, and what comes out for it. */

#pragma once

#include "gstvaeaudio.h"
#include "gstvaescoreoutputs.h"

G_BEGIN_DECLS

/* Of both pads. */
#define GST_VAE_SCORE_CAPS GST_VAE_TENSORS_CAPS "; " GST_VAE_AUDIO_CAPS

typedef struct
{
  gboolean is_audio;            /* what comes in */
  gboolean stays_audio;         /* what goes out */
  GstVaeAudioInfo audio;
  GstVaeTensorsInfo tensors;    /* those that come in, or what audio is as
                                 * tensors; none before the first caps */
} GstVaeScoreStream;

/* Reads what comes in. Sets a GST_CORE_ERROR_NEGOTIATION error. */
gboolean gst_vae_score_stream_from_caps (GstVaeScoreStream * stream,
    const GstCaps * in, const GstCaps * out, GError ** error);

/* TRUE if b goes on where a ended. */
gboolean gst_vae_score_stream_is_same (const GstVaeScoreStream * a,
    const GstVaeScoreStream * b);

/* Audio caps do not tell how many frames a buffer has. Returns the caps of tensors
 * that are made of so many frames if they are other ones than before, else NULL. */
GstCaps *gst_vae_score_stream_set_rows (GstVaeScoreStream * stream,
    const GstVaeScoreSettings * settings, guint rows);

/* What may come out for what goes in, or the other way round. Caps that are not
 * understood are let through, for set_caps() to say what is wrong with them. */
GstCaps *gst_vae_score_stream_transform (const GstVaeScoreSettings * settings,
    GstPadDirection direction, GstCaps * caps);

/* What comes out for fixed audio caps where it has to be tensors; NULL if that is
 * not so. */
GstCaps *gst_vae_score_stream_fixate (const GstVaeScoreSettings * settings,
    GstPadDirection direction, const GstCaps * caps, const GstCaps * other);

G_END_DECLS
