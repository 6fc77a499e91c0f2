/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstvaescorestream.h"

/* What is said of audio before its first buffer. */
#define FIRST_ROWS 1024

static GstVaeTensorsInfo
audio_tensors (const GstVaeAudioInfo * audio, guint rows)
{
  GstVaeTensorsInfo info = {
    .n_tensors = 1,
    .tensors = {{GST_VAE_FLOAT32, audio->channels, 1}},
    .fps_n = (gint) audio->rate,
    .fps_d = 1,
  };

  gst_vae_tensors_set_rows (&info, rows);
  return info;
}

gboolean
gst_vae_score_stream_from_caps (GstVaeScoreStream * stream,
    const GstCaps * in, const GstCaps * out, GError ** error)
{
  *stream = (GstVaeScoreStream) {
  .is_audio = gst_vae_audio_is_caps (in),.stays_audio =
        gst_vae_audio_is_caps (out)};
  if (!stream->is_audio)
    return gst_vae_tensors_from_caps (&stream->tensors, in, error)
        && gst_vae_tensors_check_data (&stream->tensors, 0, error);
  if (!gst_vae_audio_from_caps (&stream->audio, in, error))
    return FALSE;
  stream->tensors = audio_tensors (&stream->audio, FIRST_ROWS);
  return TRUE;
}

gboolean
gst_vae_score_stream_is_same (const GstVaeScoreStream * a,
    const GstVaeScoreStream * b)
{
  return gst_vae_tensors_same_stream (&a->tensors, &b->tensors)
      && a->is_audio == b->is_audio && a->audio.rate == b->audio.rate;
}

/* The caps of what comes out, or NULL if there is no room for it. */
static GstCaps *
output_caps (const GstVaeScoreSettings * settings, const GstVaeTensorsInfo * in)
{
  GstVaeTensorsInfo out;

  return gst_vae_score_outputs_append (settings, in, &out, NULL)
      ? gst_vae_tensors_to_caps (&out) : NULL;
}

GstCaps *
gst_vae_score_stream_set_rows (GstVaeScoreStream * stream,
    const GstVaeScoreSettings * settings, guint rows)
{
  if (rows == stream->tensors.tensors[0].rows)
    return NULL;
  stream->tensors = audio_tensors (&stream->audio, rows);
  return output_caps (settings, &stream->tensors);
}

static gboolean
is_audio_only (const GstCaps * caps)
{
  for (guint i = 0; i < gst_caps_get_size (caps); i++)
    if (!gst_structure_has_name (gst_caps_get_structure (caps, i),
            "audio/x-raw"))
      return FALSE;
  return gst_caps_get_size (caps) > 0;
}

GstCaps *
gst_vae_score_stream_transform (const GstVaeScoreSettings * settings,
    GstPadDirection direction, GstCaps * caps)
{
  const gboolean is_audio = is_audio_only (caps);
  GstCaps *other = NULL;
  GstVaeTensorsInfo in;

  if (direction == GST_PAD_SRC && is_audio)
    return gst_caps_ref (caps);
  if (direction == GST_PAD_SINK && is_audio)
    return gst_caps_merge (gst_caps_copy (caps),
        gst_caps_from_string (GST_VAE_TENSORS_CAPS));
  if (direction == GST_PAD_SINK && gst_caps_is_fixed (caps)
      && gst_vae_tensors_from_caps (&in, caps, NULL))
    other = output_caps (settings, &in);
  return other ? other : gst_caps_from_string (GST_VAE_SCORE_CAPS);
}

GstCaps *
gst_vae_score_stream_fixate (const GstVaeScoreSettings * settings,
    GstPadDirection direction, const GstCaps * caps, const GstCaps * other)
{
  GstVaeAudioInfo audio;

  if (direction == GST_PAD_SRC || gst_vae_audio_is_caps (other)
      || !gst_vae_audio_from_caps (&audio, caps, NULL))
    return NULL;
  const GstVaeTensorsInfo in = audio_tensors (&audio, FIRST_ROWS);
  return output_caps (settings, &in);
}
