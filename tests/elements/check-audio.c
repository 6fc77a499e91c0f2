/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Raw audio as rows. */

#include <gst/check/check.h>
#include <math.h>
#include <string.h>

#include "gstvaeaudio.h"

#define CAPS(format) "audio/x-raw, format=(string)" format \
    ", layout=(string)interleaved, rate=(int)8000, channels=(int)2"

static GstVaeAudioInfo
info_of (const gchar * description)
{
  GstCaps *caps = gst_caps_from_string (description);
  GstVaeAudioInfo info;
  GError *error = NULL;

  fail_unless (gst_vae_audio_is_caps (caps));
  fail_unless (gst_vae_audio_from_caps (&info, caps, &error), "%s",
      error ? error->message : "");
  gst_caps_unref (caps);
  return info;
}

/* Maps frames of two channels that lie `shift` bytes off an aligned address. */
static void
check_frames (const gchar * caps, gconstpointer frames, gsize size,
    gsize shift, const gfloat * expected, gsize n_rows)
{
  const GstVaeAudioInfo info = info_of (caps);
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, shift + size, NULL);
  GstVaeAudioMap map;

  gst_buffer_fill (buffer, shift, frames, size);
  gst_buffer_resize (buffer, (gssize) shift, (gssize) size);
  fail_unless (gst_vae_audio_map (&map, buffer, &info, NULL));
  fail_unless_equals_int (map.n_rows, n_rows);
  fail_unless_equals_int (((guintptr) map.data) % sizeof (gfloat), 0);
  fail_unless (memcmp (map.data, expected, n_rows * 2 * sizeof (gfloat)) == 0);
  gst_vae_audio_unmap (&map);
  ASSERT_MINI_OBJECT_REFCOUNT (buffer, "buffer", 1);
  gst_buffer_unref (buffer);
}

/* Whatever address they lie at: aligned for any of them, and for none. */
GST_START_TEST (test_samples_become_the_nearest_floats)
{
  const gfloat f32[] = { 0.1f, -2.5f, 1e30f, -0.0f };
  const gint16 s16[] = { -32768, 32767, 1, 0 };
  const gfloat of_s16[] = { -1.0f, 0.999969482421875f, 0x1p-15f, 0.0f };
  /* 2^30 + 2^6 + 1 is a little nearer to 2^30 + 2^7 than to 2^30, and 2^30 + 2^6,
   * in the middle between two floats, goes to the even one. */
  const gint32 s32[] = { G_MININT32, G_MAXINT32, (1 << 30) + 65,
    (1 << 30) + 64
  };
  const gfloat of_s32[] = { -1.0f, 1.0f, 0x1.000002p-1f, 0x1p-1f };
  const gdouble f64[] = { 0.1, -1.0 - 0x1p-25, 1e-320, 3.0 };
  const gfloat of_f64[] = { 0.1f, -1.0f, 0.0f, 3.0f };
  const gsize shift = (gsize) __i__;

  check_frames (CAPS ("F32LE"), f32, sizeof (f32), shift, f32, 2);
  check_frames (CAPS ("S16LE"), s16, sizeof (s16), shift, of_s16, 2);
  check_frames (CAPS ("S32LE"), s32, sizeof (s32), shift, of_s32, 2);
  check_frames (CAPS ("F64LE"), f64, sizeof (f64), shift, of_f64, 2);
}

GST_END_TEST;

GST_START_TEST (test_what_is_no_finite_sample_stays_so)
{
  const gdouble frames[] = { NAN, 1e300, -INFINITY, 1.0 };
  const GstVaeAudioInfo info = info_of (CAPS ("F64LE"));
  GstBuffer *buffer = gst_buffer_new_memdup (frames, sizeof (frames));
  GstVaeAudioMap map;

  fail_unless (gst_vae_audio_map (&map, buffer, &info, NULL));
  fail_unless (isnan (map.data[0]));
  fail_unless (map.data[1] == INFINITY && map.data[2] == -INFINITY);
  fail_unless_equals_float (map.data[3], 1.0);
  gst_vae_audio_unmap (&map);
  gst_buffer_unref (buffer);
}

GST_END_TEST;

GST_START_TEST (test_floats_are_not_copied)
{
  const GstVaeAudioInfo info = info_of (CAPS ("F32LE"));
  const gfloat frames[] = { 1.0f, 2.0f };
  GstBuffer *buffer = gst_buffer_new_memdup (frames, sizeof (frames));
  GstVaeAudioMap map;

  fail_unless (gst_vae_audio_map (&map, buffer, &info, NULL));
  fail_unless (G_BYTE_ORDER == G_BIG_ENDIAN
      || map.data == (const gfloat *) map.map.data);
  gst_vae_audio_unmap (&map);
  gst_buffer_unref (buffer);
}

GST_END_TEST;

GST_START_TEST (test_buffers_of_several_memories_and_of_none)
{
  const GstVaeAudioInfo info = info_of (CAPS ("S16LE"));
  const gint16 frames[] = { 16384, -16384, 0, 8192 };
  GstBuffer *buffer = gst_buffer_new_memdup (frames, 3 * sizeof (gint16));
  GstVaeAudioMap map;

  gst_buffer_append (buffer, gst_buffer_new_memdup (frames + 3,
          sizeof (gint16)));
  fail_unless (gst_vae_audio_map (&map, buffer, &info, NULL));
  fail_unless_equals_int (map.n_rows, 2);
  fail_unless_equals_float (map.data[3], 0.25);
  gst_vae_audio_unmap (&map);
  gst_buffer_unref (buffer);

  buffer = gst_buffer_new ();
  fail_unless (gst_vae_audio_map (&map, buffer, &info, NULL));
  fail_unless_equals_int (map.n_rows, 0);
  gst_vae_audio_unmap (&map);
  gst_buffer_unref (buffer);
}

GST_END_TEST;

GST_START_TEST (test_part_of_a_frame_is_refused)
{
  const GstVaeAudioInfo info = info_of (CAPS ("S16LE"));
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, 10, NULL);
  GError *error = NULL;
  GstVaeAudioMap map;

  fail_if (gst_vae_audio_map (&map, buffer, &info, &error));
  fail_unless (g_error_matches (error, GST_STREAM_ERROR,
          GST_STREAM_ERROR_FORMAT));
  fail_unless (strstr (error->message, "10 bytes")
      && strstr (error->message, "frames of 4"), "%s", error->message);
  g_error_free (error);
  ASSERT_MINI_OBJECT_REFCOUNT (buffer, "buffer", 1);
  gst_buffer_unref (buffer);
}

GST_END_TEST;

/* A channel-mask says nothing, and more channels than one has bits are fine. */
GST_START_TEST (test_caps_are_read)
{
  const GstVaeAudioInfo info = info_of ("audio/x-raw, format=F64LE, "
      "layout=interleaved, rate=48000, channels=300, "
      "channel-mask=(bitmask)0x0");

  fail_unless_equals_int (info.sample, GST_VAE_F64LE);
  fail_unless_equals_int (info.channels, 300);
  fail_unless_equals_int (info.rate, 48000);
  fail_unless_equals_int (gst_vae_audio_frame_size (&info), 2400);
}

GST_END_TEST;

static const struct
{
  const gchar *caps;
  const gchar *says;
} bad_caps[] = {
  {"audio/x-raw, format=S24LE, layout=interleaved, rate=1, channels=1",
      "format=S24LE"},
  {"audio/x-raw, layout=interleaved, rate=1, channels=1", "format=(NULL)"},
  {"audio/x-raw, format=F32LE, layout=non-interleaved, rate=1, channels=2",
      "layout=non-interleaved"},
  {"audio/x-raw, format=F32LE, rate=1, channels=2", "layout=(NULL)"},
  {"audio/x-raw, format=F32LE, layout=interleaved, rate=1, channels=0",
      "channels"},
  {"audio/x-raw, format=F32LE, layout=interleaved, channels=1", "rate"},
  {"audio/x-raw, format=F32LE, layout=interleaved, rate=[1,2], channels=1",
      "not fixed"},
  {"other/tensors", "not audio/x-raw"},
};

GST_START_TEST (test_bad_caps_are_refused)
{
  GstCaps *caps = gst_caps_from_string (bad_caps[__i__].caps);
  GError *error = NULL;
  GstVaeAudioInfo info;

  fail_if (gst_vae_audio_from_caps (&info, caps, &error));
  fail_unless (g_error_matches (error, GST_CORE_ERROR,
          GST_CORE_ERROR_NEGOTIATION));
  fail_unless (strstr (error->message, bad_caps[__i__].says), "%s",
      error->message);
  g_error_free (error);
  gst_caps_unref (caps);
}

GST_END_TEST;

static Suite *
audio_suite (void)
{
  Suite *s = suite_create ("audio");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_loop_test (tc, test_samples_become_the_nearest_floats, 0, 8);
  tcase_add_test (tc, test_what_is_no_finite_sample_stays_so);
  tcase_add_test (tc, test_floats_are_not_copied);
  tcase_add_test (tc, test_buffers_of_several_memories_and_of_none);
  tcase_add_test (tc, test_part_of_a_frame_is_refused);
  tcase_add_test (tc, test_caps_are_read);
  tcase_add_loop_test (tc, test_bad_caps_are_refused, 0,
      G_N_ELEMENTS (bad_caps));
  return s;
}

GST_CHECK_MAIN (audio);
