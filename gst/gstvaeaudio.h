/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The one place that knows raw audio: a frame is a row, a channel a channel. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* What can be read. A channel-mask is ignored, so that any number of channels is as
 * good as another. */
#define GST_VAE_AUDIO_CAPS \
    "audio/x-raw, format = (string) { F32LE, F64LE, S32LE, S16LE }, " \
    "layout = (string) interleaved, rate = (int) [ 1, max ], " \
    "channels = (int) [ 1, max ]"

typedef enum
{
  GST_VAE_F32LE, GST_VAE_F64LE, GST_VAE_S32LE, GST_VAE_S16LE
} GstVaeSample;

/* What fixed audio caps say. */
typedef struct
{
  GstVaeSample sample;
  guint channels;
  guint rate;                   /* frames per second */
} GstVaeAudioInfo;

/* Whether caps are about raw audio at all. */
gboolean gst_vae_audio_is_caps (const GstCaps * caps);

/* Reads fixed caps. Sets a GST_CORE_ERROR_NEGOTIATION error that says what is
 * wrong otherwise. */
gboolean gst_vae_audio_from_caps (GstVaeAudioInfo * info, const GstCaps * caps,
    GError ** error);

/* Bytes of a frame. */
gsize gst_vae_audio_frame_size (const GstVaeAudioInfo * info);

/* The frames of a buffer as rows. */
typedef struct
{
  const gfloat *data;           /* [n_rows][channels] */
  gsize n_rows;
  /*< private > */
  GstBuffer *buffer;
  GstMapInfo map;
  gfloat *converted;            /* NULL = data lies in the buffer */
} GstVaeAudioMap;

/* Maps a buffer, and converts what is not float already to the nearest float: an
 * integer by its full scale, to [-1, 1), without clipping or dither. Sets a
 * GST_STREAM_ERROR_FORMAT error if the bytes are no whole number of frames or can't
 * be read, GST_RESOURCE_ERROR_NO_SPACE_LEFT if there is no memory. The map keeps a
 * reference of the buffer. */
gboolean gst_vae_audio_map (GstVaeAudioMap * map, GstBuffer * buffer,
    const GstVaeAudioInfo * info, GError ** error);
void gst_vae_audio_unmap (GstVaeAudioMap * map);

G_END_DECLS
