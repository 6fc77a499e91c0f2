/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstvaeaudio.h"

#include <string.h>

#define MEDIA_TYPE "audio/x-raw"

static const struct
{
  const gchar *name;
  gsize size;
} samples[] = {
  [GST_VAE_F32LE] = {"F32LE", 4},
  [GST_VAE_F64LE] = {"F64LE", 8},
  [GST_VAE_S32LE] = {"S32LE", 4},
  [GST_VAE_S16LE] = {"S16LE", 2},
};

/* --- caps --------------------------------------------------------------- */

gboolean
gst_vae_audio_is_caps (const GstCaps * caps)
{
  return gst_caps_get_size (caps) > 0
      && gst_structure_has_name (gst_caps_get_structure (caps, 0), MEDIA_TYPE);
}

static gboolean
parse_sample (const gchar * name, GstVaeSample * sample, GError ** error)
{
  for (guint i = 0; i < G_N_ELEMENTS (samples); i++) {
    if (g_strcmp0 (name, samples[i].name) == 0) {
      *sample = (GstVaeSample) i;
      return TRUE;
    }
  }
  g_set_error (error, GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION,
      "Audio caps: format=%s, only F32LE, F64LE, S32LE and S16LE can be read: "
      "audioconvert makes these", GST_STR_NULL (name));
  return FALSE;
}

static gboolean
parse_count (const GstStructure * structure, const gchar * field,
    guint *count, GError ** error)
{
  gint n;

  if (gst_structure_get_int (structure, field, &n) && n >= 1) {
    *count = (guint) n;
    return TRUE;
  }
  g_set_error (error, GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION,
      "Audio caps: %s is missing, or no number from 1", field);
  return FALSE;
}

gboolean
gst_vae_audio_from_caps (GstVaeAudioInfo * info, const GstCaps * caps,
    GError ** error)
{
  if (!gst_caps_is_fixed (caps) || !gst_vae_audio_is_caps (caps)) {
    g_set_error (error, GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION,
        "Audio caps: not fixed, or not " MEDIA_TYPE);
    return FALSE;
  }

  const GstStructure *structure = gst_caps_get_structure (caps, 0);
  const gchar *layout = gst_structure_get_string (structure, "layout");

  if (g_strcmp0 (layout, "interleaved") != 0) {
    g_set_error (error, GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION,
        "Audio caps: layout=%s, only interleaved can be read",
        GST_STR_NULL (layout));
    return FALSE;
  }
  return parse_sample (gst_structure_get_string (structure, "format"),
      &info->sample, error)
      && parse_count (structure, "channels", &info->channels, error)
      && parse_count (structure, "rate", &info->rate, error);
}

gsize
gst_vae_audio_frame_size (const GstVaeAudioInfo * info)
{
  return info->channels * samples[info->sample].size;
}

/* --- buffers ------------------------------------------------------------ */

static inline gfloat
float_from_bits (guint32 bits)
{
  gfloat value;

  memcpy (&value, &bits, sizeof (value));
  return value;
}

static inline gfloat
float_from_double_bits (guint64 bits)
{
  gdouble value;

  memcpy (&value, &bits, sizeof (value));
  return (gfloat) value;
}

/* Samples may lie at any address; GStreamer's macros to read them are undefined
 * where that is not aligned. */
static inline guint32
read_32 (const guint8 *in)
{
  guint32 bits;

  memcpy (&bits, in, sizeof (bits));
  return GUINT32_FROM_LE (bits);
}

static inline guint64
read_64 (const guint8 *in)
{
  guint64 bits;

  memcpy (&bits, in, sizeof (bits));
  return GUINT64_FROM_LE (bits);
}

static inline guint16
read_16 (const guint8 *in)
{
  guint16 bits;

  memcpy (&bits, in, sizeof (bits));
  return GUINT16_FROM_LE (bits);
}

static void
convert (GstVaeSample sample, const guint8 *in, gsize n, gfloat * out)
{
  switch (sample) {
    case GST_VAE_F32LE:
      for (gsize i = 0; i < n; i++)
        out[i] = float_from_bits (read_32 (in + 4 * i));
      break;
    case GST_VAE_F64LE:
      for (gsize i = 0; i < n; i++)
        out[i] = float_from_double_bits (read_64 (in + 8 * i));
      break;
    case GST_VAE_S32LE:
      for (gsize i = 0; i < n; i++)
        out[i] = (gfloat) (gint32) read_32 (in + 4 * i)
            / 2147483648.0f;
      break;
    case GST_VAE_S16LE:
      for (gsize i = 0; i < n; i++)
        out[i] = (gfloat) (gint16) read_16 (in + 2 * i) / 32768.0f;
      break;
  }
}

static gboolean
is_float_array (GstVaeSample sample, const guint8 *data)
{
  return G_BYTE_ORDER == G_LITTLE_ENDIAN && sample == GST_VAE_F32LE
      && ((guintptr) data) % sizeof (gfloat) == 0;
}

static gboolean
convert_mapped (GstVaeAudioMap * map, const GstVaeAudioInfo * info,
    GError ** error)
{
  const gsize n = map->n_rows * info->channels;

  map->converted = g_try_new (gfloat, n);
  if (!map->converted && n > 0) {
    g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NO_SPACE_LEFT,
        "There is no memory for a buffer of %" G_GSIZE_FORMAT " frames of %u "
        "channels", map->n_rows, info->channels);
    return FALSE;
  }
  convert (info->sample, map->map.data, n, map->converted);
  map->data = map->converted;
  return TRUE;
}

gboolean
gst_vae_audio_map (GstVaeAudioMap * map, GstBuffer * buffer,
    const GstVaeAudioInfo * info, GError ** error)
{
  const gsize size = gst_buffer_get_size (buffer);
  const gsize frame_size = gst_vae_audio_frame_size (info);

  *map = (GstVaeAudioMap) {
  .n_rows = size / frame_size};
  if (size % frame_size != 0) {
    g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
        "The buffer holds %" G_GSIZE_FORMAT " bytes, which is no whole number "
        "of frames of %" G_GSIZE_FORMAT, size, frame_size);
    return FALSE;
  }
  if (!gst_buffer_map (buffer, &map->map, GST_MAP_READ)) {
    g_set_error_literal (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
        "The memory of the buffer can't be read");
    return FALSE;
  }
  map->buffer = gst_buffer_ref (buffer);
  if (is_float_array (info->sample, map->map.data)) {
    map->data = (const gfloat *) map->map.data;
    return TRUE;
  }
  if (convert_mapped (map, info, error))
    return TRUE;
  gst_vae_audio_unmap (map);
  return FALSE;
}

void
gst_vae_audio_unmap (GstVaeAudioMap * map)
{
  g_free (map->converted);
  gst_buffer_unmap (map->buffer, &map->map);
  gst_buffer_unref (map->buffer);
}
