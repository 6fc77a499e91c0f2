/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <math.h>
#include <string.h>

#include "vaetest.h"

/* --- tensors ------------------------------------------------------------ */

#define FLOATS(c) {GST_VAE_FLOAT32, c, 0}
#define BYTES(c) {GST_VAE_UINT8, c, 0}

static GstVaeTensorsInfo
info_new (guint rows, guint n_tensors, const GstVaeTensor * tensors)
{
  GstVaeTensorsInfo info = {.n_tensors = n_tensors,.fps_n = 1,.fps_d = 1 };

  for (guint i = 0; i < n_tensors; i++) {
    info.tensors[i] = tensors[i];
    info.tensors[i].rows = rows;
  }
  return info;
}

/* Counts up over all cells, in eighths where the type has them. */
static GstBuffer *
counting_buffer (const GstVaeTensorsInfo * info)
{
  GstBuffer *buffer = gst_vae_tensors_buffer_new (info);
  guint n = 0;

  for (guint i = 0; i < info->n_tensors; i++) {
    const GstVaeTensor *tensor = &info->tensors[i];
    GstMapInfo map;

    fail_unless (gst_buffer_map_range (buffer, i, 1, &map, GST_MAP_WRITE));
    for (guint k = 0; k < tensor->cols * tensor->rows; k++, n++) {
      if (tensor->type == GST_VAE_FLOAT32)
        ((gfloat *) map.data)[k] = n + 0.125f;
      else
        map.data[k] = (guint8) n;
    }
    gst_buffer_unmap (buffer, &map);
  }
  return buffer;
}

static GstBuffer *
floats_buffer (const gfloat * values, gsize n)
{
  return gst_buffer_new_memdup (values, n * sizeof (gfloat));
}

static gchar *
pull_text (GstHarness * harness)
{
  GString *text = g_string_new (NULL);
  GstBuffer *buffer;

  while ((buffer = gst_harness_try_pull (harness))) {
    GstMapInfo map;

    fail_unless (gst_buffer_map (buffer, &map, GST_MAP_READ));
    g_string_append_len (text, (const gchar *) map.data, map.size);
    gst_buffer_unmap (buffer, &map);
    gst_buffer_unref (buffer);
  }
  return g_string_free (text, FALSE);
}

static void
assert_pulls_text (GstHarness * harness, const gchar * expected)
{
  gchar *text = pull_text (harness);

  fail_unless_equals_string (text, expected);
  g_free (text);
}

/* --- text --------------------------------------------------------------- */

static const struct
{
  guint n_tensors;
  GstVaeTensor tensors[5];
  const gchar *text;
} streams[] = {
  {1, {FLOATS (2)}, "c0,c1\n0.125,1.125\n2.125,3.125\n"},
  {2, {FLOATS (1), BYTES (1)}, "c0,label\n0.125,2\n1.125,3\n"},
  {2, {FLOATS (2), FLOATS (1)},
      "c0,c1,score\n0.125,1.125,4.125\n2.125,3.125,5.125\n"},
  {3, {FLOATS (2), BYTES (1), FLOATS (1)},
      "c0,c1,label,score\n0.125,1.125,4,6.125\n2.125,3.125,5,7.125\n"},
  {4, {FLOATS (2), BYTES (1), FLOATS (2), FLOATS (1)},
      "c0,c1,label,c0_contribution,c1_contribution,score\n"
      "0.125,1.125,4,6.125,7.125,10.125\n"
      "2.125,3.125,5,8.125,9.125,11.125\n"},
  {3, {FLOATS (1), FLOATS (1), FLOATS (1)},
      "c0,c0_contribution,score\n0.125,2.125,4.125\n" "1.125,3.125,5.125\n"},
  {4, {FLOATS (1), BYTES (2), FLOATS (3), BYTES (1)},
      "c0,t1_0,t1_1,t2_0,t2_1,t2_2,t3_0\n0.125,2,3,6.125,7.125,8.125,12\n"
      "1.125,4,5,9.125,10.125,11.125,13\n"},
  {4, {FLOATS (2), FLOATS (2), FLOATS (2), FLOATS (1)},
      "c0,c1,c0_contribution,c1_contribution,t2_0,t2_1,score\n"
      "0.125,1.125,4.125,5.125,8.125,9.125,12.125\n"
      "2.125,3.125,6.125,7.125,10.125,11.125,13.125\n"},
};

GST_START_TEST (test_columns_have_names)
{
  for (guint i = 0; i < G_N_ELEMENTS (streams); i++) {
    GstHarness *harness = gst_harness_new ("tensorcsvenc");
    GstVaeTensorsInfo info = info_new (2, streams[i].n_tensors,
        streams[i].tensors);

    push_caps (harness, &info);
    fail_unless_equals_int (gst_harness_push (harness,
            counting_buffer (&info)), GST_FLOW_OK);
    assert_pulls_text (harness, streams[i].text);
    gst_harness_teardown (harness);
  }
}

GST_END_TEST;

GST_START_TEST (test_header_is_written_once)
{
  const GstVaeTensor tensors[] = { FLOATS (1) };
  GstHarness *harness = gst_harness_new ("tensorcsvenc");
  GstVaeTensorsInfo info = info_new (2, 1, tensors);
  GstVaeTensorsInfo shorter = info_new (1, 1, tensors);
  GstCaps *caps;

  push_caps (harness, &info);
  gst_harness_push (harness, counting_buffer (&info));
  gst_harness_push (harness, counting_buffer (&info));
  push_caps (harness, &shorter);
  gst_harness_push (harness, counting_buffer (&shorter));
  fail_unless (gst_harness_push_event (harness, gst_event_new_eos ()));
  assert_pulls_text (harness, "c0\n0.125\n1.125\n0.125\n1.125\n0.125\n");
  caps = gst_pad_get_current_caps (harness->sinkpad);
  fail_unless (gst_structure_has_name (gst_caps_get_structure (caps, 0),
          "text/csv"));
  gst_caps_unref (caps);
  gst_harness_teardown (harness);
}

GST_END_TEST;

GST_START_TEST (test_times_are_kept)
{
  const GstVaeTensor tensors[] = { FLOATS (1) };
  GstHarness *harness = gst_harness_new ("tensorcsvenc");
  GstVaeTensorsInfo info = info_new (3, 1, tensors);
  GstBuffer *buffer = counting_buffer (&info);

  GST_BUFFER_PTS (buffer) = 5 * GST_SECOND;
  GST_BUFFER_DURATION (buffer) = 3 * GST_SECOND;
  push_caps (harness, &info);
  gst_harness_push (harness, buffer);
  buffer = gst_harness_pull (harness);
  fail_unless_equals_uint64 (GST_BUFFER_PTS (buffer), 5 * GST_SECOND);
  fail_unless_equals_uint64 (GST_BUFFER_DURATION (buffer), 3 * GST_SECOND);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}

GST_END_TEST;

GST_START_TEST (test_missing_values_are_empty_cells)
{
  const gfloat values[] = { NAN, 1, 2, NAN, NAN, NAN };
  const GstVaeTensor two[] = { FLOATS (2) }, one[] = { FLOATS (1) };
  GstVaeTensorsInfo info = info_new (3, 1, two);
  GstHarness *harness = gst_harness_new ("tensorcsvenc");

  push_caps (harness, &info);
  gst_harness_push (harness, floats_buffer (values, 6));
  assert_pulls_text (harness, "c0,c1\n,1\n2,\n,\n");
  gst_harness_teardown (harness);

  harness = gst_harness_new ("tensorcsvenc");
  info = info_new (3, 1, one);
  push_caps (harness, &info);
  gst_harness_push (harness, floats_buffer (values, 3));
  assert_pulls_text (harness, "c0\nnan\n1\n2\n");
  gst_harness_teardown (harness);
}

GST_END_TEST;

GST_START_TEST (test_flattened_buffers_are_written)
{
  const GstVaeTensor tensors[] = { FLOATS (1), BYTES (1) };
  const guint8 flat[] = { 0, 0, 0x80, 0x3f, 0, 0, 0, 0x40, 1, 0 };
  GstVaeTensorsInfo info = info_new (2, 2, tensors);
  GstHarness *harness = gst_harness_new ("tensorcsvenc");

  push_caps (harness, &info);
  gst_harness_push (harness, gst_buffer_new_memdup (flat, sizeof (flat)));
  assert_pulls_text (harness, "c0,label\n1,1\n2,0\n");
  gst_harness_teardown (harness);
}

GST_END_TEST;

GST_START_TEST (test_nothing_makes_an_empty_text)
{
  const GstVaeTensor tensors[] = { FLOATS (1) };
  GstVaeTensorsInfo info = info_new (2, 1, tensors);
  GstHarness *harness = gst_harness_new ("tensorcsvenc");
  GstBus *bus = bus_new (harness->element);

  push_caps (harness, &info);
  fail_unless (gst_harness_push_event (harness, gst_event_new_eos ()));
  assert_pulls_text (harness, "");
  fail_unless_equals_int (count_messages (bus, GST_MESSAGE_ERROR), 0);
  bus_free (bus, harness->element);
  gst_harness_teardown (harness);
}

GST_END_TEST;

/* --- there and back ----------------------------------------------------- */

static guint32
random_float_bits (GRand * rand)
{
  guint32 bits;

  do {
    bits = g_rand_int (rand);
    if (g_rand_int_range (rand, 0, 8) == 0)
      bits &= 0x807fffff;       /* denormal, or a zero with a sign */
  } while ((bits & 0x7f800000) == 0x7f800000);
  return g_rand_int_range (rand, 0, 16) == 0 ? 0x7fc00000 : bits;
}

static void
assert_same_bits (GstHarness * harness, const guint32 *bits, gsize n)
{
  gsize pos = 0;
  GstBuffer *buffer;

  while ((buffer = gst_harness_try_pull (harness))) {
    GstMapInfo map;

    fail_unless (gst_buffer_map (buffer, &map, GST_MAP_READ));
    fail_unless (pos + map.size / 4 <= n);
    for (gsize i = 0; i < map.size / 4; i++, pos++)
      fail_unless (((const guint32 *) map.data)[i] == bits[pos],
          "%08x became %08x", bits[pos], ((const guint32 *) map.data)[i]);
    gst_buffer_unmap (buffer, &map);
    gst_buffer_unref (buffer);
  }
  fail_unless_equals_uint64 (pos, n);
}

GST_START_TEST (test_floats_read_back)
{
  const guint channels[] = { 1, 3, 50 };
  GRand *rand = g_rand_new_with_seed (4);

  for (guint i = 0; i < G_N_ELEMENTS (channels); i++) {
    const GstVaeTensor tensors[] = { FLOATS (channels[i]) };
    const guint rows = 500;
    const gsize n = rows * channels[i];
    GstVaeTensorsInfo info = info_new (rows, 1, tensors);
    GstHarness *harness = gst_harness_new_parse ("tensorcsvenc ! tensorcsvdec");
    guint32 *bits = g_new (guint32, n);

    for (gsize k = 0; k < n; k++)
      bits[k] = random_float_bits (rand);
    push_caps (harness, &info);
    fail_unless_equals_int (gst_harness_push (harness,
            gst_buffer_new_memdup (bits, n * 4)), GST_FLOW_OK);
    fail_unless (gst_harness_push_event (harness, gst_event_new_eos ()));
    assert_same_bits (harness, bits, n);
    g_free (bits);
    gst_harness_teardown (harness);
  }
  g_rand_free (rand);
}

GST_END_TEST;

GST_START_TEST (test_labels_read_back)
{
  gchar *folder = folder_new ();
  gchar *written = g_build_filename (folder, "first.csv", NULL);
  gchar *again = g_build_filename (folder, "second.csv", NULL);
  GstElement *pipeline = pipeline_new ("vaesynth num-samples=500 "
      "anomaly-ratio=0.3 ! tensorcsvenc ! filesink location=%s", written);

  fail_unless_equals_int (pipeline_run (pipeline), GST_MESSAGE_EOS);
  pipeline_free (pipeline);
  pipeline = pipeline_new ("filesrc location=%s ! tensorcsvdec ! tensorcsvenc "
      "! filesink location=%s", written, again);
  fail_unless_equals_int (pipeline_run (pipeline), GST_MESSAGE_EOS);
  pipeline_free (pipeline);
  fail_unless_same_file (written, again);
  g_free (written);
  g_free (again);
  folder_free (folder);
}

GST_END_TEST;

/* --- errors ------------------------------------------------------------- */

static const struct
{
  guint n_tensors;
  GstVaeTensor tensors[2];
  const gchar *message;
} wrong_streams[] = {
  {1, {{GST_VAE_INT16, 2, 0}}, "int16 and not float32"},
  {2, {FLOATS (2), {GST_VAE_FLOAT64, 1, 0}},
      "Tensor 1 is neither float32 nor uint8"},
};

GST_START_TEST (test_wrong_types_are_refused)
{
  for (guint i = 0; i < G_N_ELEMENTS (wrong_streams); i++) {
    GstHarness *harness = gst_harness_new ("tensorcsvenc");
    GstBus *bus = bus_new (harness->element);
    GstVaeTensorsInfo info = info_new (2, wrong_streams[i].n_tensors,
        wrong_streams[i].tensors);
    GstCaps *caps = gst_vae_tensors_to_caps (&info);

    fail_if (gst_pad_send_event (GST_PAD_PEER (harness->srcpad),
            gst_event_new_caps (caps)));
    expect_error (bus, GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION,
        wrong_streams[i].message);
    gst_caps_unref (caps);
    bus_free (bus, harness->element);
    gst_harness_teardown (harness);
  }
}

GST_END_TEST;

GST_START_TEST (test_other_columns_are_refused)
{
  const GstVaeTensor tensors[] = { FLOATS (2), BYTES (1) };
  GstHarness *harness = gst_harness_new ("tensorcsvenc");
  GstBus *bus = bus_new (harness->element);
  GstVaeTensorsInfo info = info_new (2, 1, tensors);
  GstVaeTensorsInfo other = info_new (2, 2, tensors);
  GstCaps *caps = gst_vae_tensors_to_caps (&other);

  push_caps (harness, &info);
  gst_harness_push (harness, counting_buffer (&info));
  gst_harness_push_event (harness, gst_event_new_caps (caps));
  expect_error (bus, GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION,
      "The rows had 2 columns and now have 3");
  fail_unless_equals_int (gst_harness_push (harness, counting_buffer (&other)),
      GST_FLOW_NOT_NEGOTIATED);
  assert_pulls_text (harness, "c0,c1\n0.125,1.125\n2.125,3.125\n");
  gst_caps_unref (caps);
  bus_free (bus, harness->element);
  gst_harness_teardown (harness);
}

GST_END_TEST;

GST_START_TEST (test_wrong_sizes_are_refused)
{
  const GstVaeTensor tensors[] = { FLOATS (2) };
  const gfloat values[] = { 1, 2, 3 };
  GstHarness *harness = gst_harness_new ("tensorcsvenc");
  GstBus *bus = bus_new (harness->element);
  GstVaeTensorsInfo info = info_new (2, 1, tensors);

  push_caps (harness, &info);
  fail_unless_equals_int (gst_harness_push (harness, floats_buffer (values,
              3)), GST_FLOW_ERROR);
  expect_error (bus, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT, "12 bytes");
  bus_free (bus, harness->element);
  gst_harness_teardown (harness);
}

GST_END_TEST;

static Suite *
tensorcsvenc_suite (void)
{
  Suite *suite = suite_create ("tensorcsvenc");
  TCase *text = tcase_create ("text");
  TCase *errors = tcase_create ("errors");

  suite_add_tcase (suite, text);
  tcase_add_test (text, test_columns_have_names);
  tcase_add_test (text, test_header_is_written_once);
  tcase_add_test (text, test_times_are_kept);
  tcase_add_test (text, test_missing_values_are_empty_cells);
  tcase_add_test (text, test_flattened_buffers_are_written);
  tcase_add_test (text, test_nothing_makes_an_empty_text);
  tcase_add_test (text, test_floats_read_back);
  tcase_add_test (text, test_labels_read_back);

  suite_add_tcase (suite, errors);
  tcase_add_test (errors, test_wrong_types_are_refused);
  tcase_add_test (errors, test_other_columns_are_refused);
  tcase_add_test (errors, test_wrong_sizes_are_refused);
  return suite;
}

GST_CHECK_MAIN (tensorcsvenc);
