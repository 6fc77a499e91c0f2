/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include <gst/base/gstbasesink.h>
#include <gst/base/gstbasetransform.h>
#include <gst/check/check.h>
#include <gst/check/gstharness.h>

#include "gstvaetensor.h"

#define CAPS(fields) "other/tensors, " fields
#define STATIC "format=(string)static, "
#define DATA_AND_LABEL "num_tensors=(int)2, dimensions=(string)\"5:50,1:50\", " \
    "types=(string)\"float32,uint8\""
#define CANONICAL CAPS (STATIC DATA_AND_LABEL ", framerate=(fraction)2/1")

static GstVaeTensorsInfo
info_from_string (const gchar * string)
{
  GstCaps *caps = gst_caps_from_string (string);
  GstVaeTensorsInfo info;
  GError *error = NULL;

  fail_unless (caps != NULL, "%s", string);
  fail_unless (gst_vae_tensors_from_caps (&info, caps, &error), "%s: %s",
      string, error ? error->message : "no error set");
  fail_unless (error == NULL);
  gst_caps_unref (caps);
  return info;
}

/* --- caps --------------------------------------------------------------- */

static const struct
{
  const gchar *in;
  const gchar *out;
} spellings[] = {
  {CANONICAL, CANONICAL},
  {CAPS (DATA_AND_LABEL ", framerate=(fraction)2/1"), CANONICAL},
  {CAPS (DATA_AND_LABEL),
      CAPS (STATIC DATA_AND_LABEL ", framerate=(fraction)0/1")},
  {CAPS ("num_tensors=(int)2, dimensions=(string)\"5:50:1:1,1:50:1:1\", "
            "types=(string)\"float32,uint8\", framerate=(fraction)2/1"),
      CANONICAL},
  {CAPS ("num_tensors=(int)2, dimensions=(string)5:50.1:50, "
            "types=(string)float32.uint8, framerate=(fraction)2/1"),
      CANONICAL},
  {CAPS ("num_tensors=(int)2, dimensions=(string)\" 5 : 50 , 1: 50 \", "
            "types=(string)\" float32 , uint8 \", framerate=(fraction)2/1, "
            "sensor=(string)pump"), CANONICAL},
  {CAPS ("num_tensors=(int)1, dimensions=(string)5, types=(string)float32, "
            "framerate=(fraction)0/1"),
      CAPS (STATIC "num_tensors=(int)1, dimensions=(string)5:1, "
            "types=(string)float32, framerate=(fraction)0/1")},
  {CAPS ("num_tensors=(int)1, "
            "dimensions=(string)7:3:1:1:1:1:1:1:1:1:1:1:1:1:1:1, "
            "types=(string)float64, framerate=(fraction)30000/1001"),
      CAPS (STATIC "num_tensors=(int)1, dimensions=(string)7:3, "
            "types=(string)float64, framerate=(fraction)30000/1001")},
  {CAPS ("num_tensors=(int)11, dimensions=(string)"
            "\"1:2,1:2,1:2,1:2,1:2,1:2,1:2,1:2,1:2,1:2,1:2\", types=(string)"
            "\"int8,uint8,int16,uint16,int32,uint32,int64,uint64,float16,"
            "float32,float64\", framerate=(fraction)1/1"),
      CAPS (STATIC "num_tensors=(int)11, dimensions=(string)"
            "\"1:2,1:2,1:2,1:2,1:2,1:2,1:2,1:2,1:2,1:2,1:2\", types=(string)"
            "\"int8,uint8,int16,uint16,int32,uint32,int64,uint64,float16,"
            "float32,float64\", framerate=(fraction)1/1")},
  {CAPS (STATIC "num_tensors=(int)16, dimensions=(string)"
            "\"1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,2147483647\", types=(string)"
            "\"int8,int8,int8,int8,int8,int8,int8,int8,int8,int8,int8,int8,"
            "int8,int8,int8,int8\", framerate=(fraction)1/1"),
      CAPS (STATIC "num_tensors=(int)16, dimensions=(string)"
            "\"1:1,1:1,1:1,1:1,1:1,1:1,1:1,1:1,1:1,1:1,1:1,1:1,1:1,1:1,1:1,"
            "2147483647:1\", types=(string)"
            "\"int8,int8,int8,int8,int8,int8,int8,int8,int8,int8,int8,int8,"
            "int8,int8,int8,int8\", framerate=(fraction)1/1")},
};

/* What gst_caps_to_string() writes, without the escapes that it puts before
 * commas inside of quotes. */
static gchar *
caps_to_plain_string (const GstCaps * caps)
{
  gchar *string = gst_caps_to_string (caps);
  gchar **pieces = g_strsplit (string, "\\,", -1);
  gchar *plain = g_strjoinv (",", pieces);

  g_strfreev (pieces);
  g_free (string);
  return plain;
}

GST_START_TEST (test_caps_are_read_generously_and_written_canonically)
{
  GstVaeTensorsInfo info = info_from_string (spellings[__i__].in);
  GstCaps *caps = gst_vae_tensors_to_caps (&info);
  gchar *string = caps_to_plain_string (caps);

  fail_unless_equals_string (string, spellings[__i__].out);
  g_free (string);
  gst_caps_unref (caps);
}

GST_END_TEST;

#define ONE(dimensions, types) CAPS (STATIC "num_tensors=(int)1, " \
    "dimensions=(string)\"" dimensions "\", types=(string)\"" types "\"")

static const struct
{
  const gchar *caps;
  const gchar *complaint;
} nonsense[] = {
  {"other/tensor, dimension=(string)5:50, type=(string)float32",
      "other/tensor is not"},
  {"audio/x-raw, format=(string)F32LE", "audio/x-raw is not"},
  {CAPS (STATIC "dimensions=(string)5:50, types=(string)float32"),
      "num_tensors is missing"},
  {CAPS (STATIC "num_tensors=(string)1, dimensions=(string)5:50, "
            "types=(string)float32"), "num_tensors is missing"},
  {CAPS (STATIC "num_tensors=(int)1, types=(string)float32"),
      "dimensions is missing"},
  {CAPS (STATIC "num_tensors=(int)1, dimensions=(string)5:50"),
      "types is missing"},
  {CAPS ("format=(string)flexible, num_tensors=(int)1, "
            "dimensions=(string)5:50, types=(string)float32"),
      "format=flexible"},
  {CAPS ("format=(int)3, num_tensors=(int)1, dimensions=(string)5:50, "
            "types=(string)float32"), "format=(NULL)"},
  {CAPS (STATIC "num_tensors=(int)0, dimensions=(string)5:50, "
            "types=(string)float32"), "num_tensors=0 is not"},
  {CAPS (STATIC "num_tensors=(int)-1, dimensions=(string)5:50, "
            "types=(string)float32"), "num_tensors=-1 is not"},
  {CAPS (STATIC "num_tensors=(int)17, dimensions=(string)5:50, "
            "types=(string)float32"), "num_tensors=17 is not"},
  {CAPS (STATIC "num_tensors=(int)2, dimensions=(string)5:50, "
            "types=(string)\"float32,uint8\""), "dimensions=\"5:50\""},
  {CAPS (STATIC "num_tensors=(int)2, dimensions=(string)\"5:50,1:50\", "
            "types=(string)float32"), "types=\"float32\""},
  {CAPS (STATIC "num_tensors=(int)[ 1, 2 ], dimensions=(string)5:50, "
            "types=(string)float32"), "not fixed"},
  {CAPS (STATIC "num_tensors=(int)1, dimensions=(string)5:50, "
            "types=(string)float32, framerate=(fraction)-1/2"),
      "framerate=-1/2"},
  {ONE ("5:50", "float"), "type \"float\""},
  {ONE ("5:50", "Float32"), "type \"Float32\""},
  {ONE ("5:50", ""), "types=\"\""},
  {ONE ("", "float32"), "dimensions=\"\""},
  {ONE (":", "float32"), "dimension \"\""},
  {ONE ("5::50", "float32"), "dimension \"\" of \"5::50\""},
  {ONE ("5:0", "float32"), "dimension \"0\""},
  {ONE ("0:50", "float32"), "dimension \"0\""},
  {ONE ("-5:50", "float32"), "dimension \"-5\""},
  {ONE ("5:50x", "float32"), "dimension \"50x\""},
  {ONE ("2147483648:1", "int8"), "dimension \"2147483648\""},
  {ONE ("99999999999999999999999:1", "int8"), "99999999999999999999999"},
  {ONE ("5:50:2", "float32"), "more than two dimensions"},
  {ONE ("5:50:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1", "float32"),
      "more than 16 dimensions"},
  {ONE ("2147483647:2147483647", "float64"), "address space"},
  {CAPS (STATIC "num_tensors=(int)3, dimensions=(string)"
            "\"2147483647:2147483647,2147483647:2147483647,"
            "2147483647:2147483647\", types=(string)\"int8,int8,int8\""),
      "address space"},
};

GST_START_TEST (test_nonsense_in_caps_is_refused_by_name)
{
  GstCaps *caps = gst_caps_from_string (nonsense[__i__].caps);
  GstVaeTensorsInfo info;
  GError *error = NULL;

  fail_unless (caps != NULL, "%s", nonsense[__i__].caps);
  fail_if (gst_vae_tensors_from_caps (&info, caps, &error), "%s",
      nonsense[__i__].caps);
  fail_unless (g_error_matches (error, GST_CORE_ERROR,
          GST_CORE_ERROR_NEGOTIATION));
  fail_unless (strstr (error->message, nonsense[__i__].complaint) != NULL,
      "%s: %s", nonsense[__i__].caps, error->message);
  g_error_free (error);
  gst_caps_unref (caps);
}

GST_END_TEST;

/* --- questions about a stream ------------------------------------------- */

GST_START_TEST (test_rows_per_second_stay_when_the_rows_change)
{
  GstVaeTensorsInfo info = info_from_string (CANONICAL);

  gst_vae_tensors_set_rows (&info, 20);
  fail_unless_equals_int (info.tensors[0].rows, 20);
  fail_unless_equals_int (info.tensors[1].rows, 20);
  fail_unless_equals_int (info.tensors[0].cols, 5);
  fail_unless_equals_int (info.fps_n, 5);
  fail_unless_equals_int (info.fps_d, 1);

  gst_vae_tensors_set_rows (&info, 3);
  fail_unless_equals_int (info.fps_n, 100);
  fail_unless_equals_int (info.fps_d, 3);

  info.tensors[1].rows = 1;
  gst_vae_tensors_set_rows (&info, 7);
  fail_unless_equals_int (info.tensors[0].rows, 7);
  fail_unless_equals_int (info.tensors[1].rows, 1);

  info.fps_n = 0;
  info.fps_d = 1;
  gst_vae_tensors_set_rows (&info, 50);
  fail_unless_equals_int (info.fps_n, 0);
  fail_unless_equals_int (info.fps_d, 1);
}

GST_END_TEST;

GST_START_TEST (test_a_framerate_beyond_integers_becomes_irregular)
{
  GstVaeTensorsInfo info = info_from_string (CANONICAL);

  info.fps_n = 1;
  info.fps_d = G_MAXINT;
  gst_vae_tensors_set_rows (&info, 500);
  fail_unless_equals_int (info.tensors[0].rows, 500);
  fail_unless_equals_int (info.fps_n, 0);
  fail_unless_equals_int (info.fps_d, 1);
}

GST_END_TEST;

GST_START_TEST (test_a_stream_is_its_tensors_types_and_columns)
{
  const GstVaeTensorsInfo a = info_from_string (CANONICAL);
  GstVaeTensorsInfo b = a;

  gst_vae_tensors_set_rows (&b, 7);
  b.fps_n = 17;
  fail_unless (gst_vae_tensors_same_stream (&a, &b));

  b = a;
  b.n_tensors = 1;
  fail_if (gst_vae_tensors_same_stream (&a, &b));
  fail_if (gst_vae_tensors_same_stream (&b, &a));

  b = a;
  b.tensors[1].type = GST_VAE_INT8;
  fail_if (gst_vae_tensors_same_stream (&a, &b));

  b = a;
  b.tensors[0].cols = 6;
  fail_if (gst_vae_tensors_same_stream (&a, &b));
}

GST_END_TEST;

static void
assert_no_data (const GstVaeTensorsInfo * info, guint data_tensor,
    const gchar * complaint)
{
  GError *error = NULL;

  fail_if (gst_vae_tensors_check_data (info, data_tensor, &error));
  fail_unless (g_error_matches (error, GST_CORE_ERROR,
          GST_CORE_ERROR_NEGOTIATION));
  fail_unless (strstr (error->message, complaint) != NULL, "%s",
      error->message);
  g_error_free (error);
}

GST_START_TEST (test_data_is_float32_with_as_many_rows_as_the_rest)
{
  GstVaeTensorsInfo info = info_from_string (CANONICAL);
  GError *error = NULL;

  fail_unless (gst_vae_tensors_check_data (&info, 0, &error));
  fail_unless (error == NULL);
  assert_no_data (&info, 1, "tensor 1, is uint8");
  assert_no_data (&info, 2, "no tensor 2 among 2");
  info.tensors[1].rows = 49;
  assert_no_data (&info, 0, "tensor 1 has 49 rows");
}

GST_END_TEST;

GST_START_TEST (test_the_label_is_a_uint8_column_behind_the_data)
{
  const GstVaeTensorsInfo labelled = info_from_string (CANONICAL);
  GstVaeTensorsInfo info = labelled;

  fail_unless_equals_int (gst_vae_tensors_find_label (&info), 1);

  info.n_tensors = 1;
  fail_unless_equals_int (gst_vae_tensors_find_label (&info), -1);

  info = labelled;
  info.tensors[1].type = GST_VAE_FLOAT32;
  fail_unless_equals_int (gst_vae_tensors_find_label (&info), -1);

  info = labelled;
  info.tensors[1].cols = 2;
  fail_unless_equals_int (gst_vae_tensors_find_label (&info), -1);

  info = labelled;
  info.tensors[1].rows = 49;
  fail_unless_equals_int (gst_vae_tensors_find_label (&info), -1);
}

GST_END_TEST;

GST_START_TEST (test_the_size_of_a_tensor)
{
  static const gsize sizes[] = { 1, 1, 2, 2, 4, 4, 8, 8, 2, 4, 8 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    GstVaeTensor tensor = { (GstVaeTensorType) i, 65536, 65537 };

    fail_unless_equals_uint64 (gst_vae_tensor_get_size (&tensor),
        sizes[i] * 65536 * 65537);
  }
}

GST_END_TEST;

/* --- pads --------------------------------------------------------------- */

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS (GST_VAE_TENSORS_CAPS));
static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE ("src",
    GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS ("application/x-test"));

typedef GstBaseSink TestSink;
typedef GstBaseSinkClass TestSinkClass;
GType test_sink_get_type (void);
G_DEFINE_TYPE (TestSink, test_sink, GST_TYPE_BASE_SINK);

static void
test_sink_class_init (TestSinkClass * klass)
{
  gst_element_class_add_static_pad_template (GST_ELEMENT_CLASS (klass),
      &sink_template);
}

static void
test_sink_init (TestSink * self)
{
  gst_vae_tensors_accept_generously (GST_BASE_SINK_PAD (self));
  gst_base_sink_set_sync (self, FALSE);
}

typedef GstBaseTransform TestFilter;
typedef GstBaseTransformClass TestFilterClass;
GType test_filter_get_type (void);
G_DEFINE_TYPE (TestFilter, test_filter, GST_TYPE_BASE_TRANSFORM);

static GstCaps *
test_filter_transform_caps (GstBaseTransform * trans,
    GstPadDirection direction, GstCaps * caps, GstCaps * filter)
{
  return gst_static_pad_template_get_caps (direction == GST_PAD_SINK
      ? &src_template : &sink_template);
}

static GstFlowReturn
test_filter_transform_ip (GstBaseTransform * trans, GstBuffer * buffer)
{
  return GST_FLOW_OK;
}

static void
test_filter_class_init (TestFilterClass * klass)
{
  gst_element_class_add_static_pad_template (GST_ELEMENT_CLASS (klass),
      &sink_template);
  gst_element_class_add_static_pad_template (GST_ELEMENT_CLASS (klass),
      &src_template);
  klass->transform_caps = test_filter_transform_caps;
  klass->transform_ip = test_filter_transform_ip;
}

static void
test_filter_init (TestFilter * self)
{
  gst_vae_tensors_accept_generously (GST_BASE_TRANSFORM_SINK_PAD (self));
}

static const struct
{
  const gchar *caps;
  gboolean accepted;
} arrivals[] = {
  {CANONICAL, TRUE},
  {CAPS (DATA_AND_LABEL ", framerate=(fraction)2/1"), TRUE},
  {CAPS (STATIC DATA_AND_LABEL), TRUE},
  {CAPS ("num_tensors=(int)2, dimensions=(string)5:50:1:1.1:50:1:1, "
            "types=(string)float32.uint8"), TRUE},
  {CAPS ("format=(string)flexible, framerate=(fraction)0/1"), FALSE},
  {CAPS (STATIC "num_tensors=(int)17"), FALSE},
  {"audio/x-raw, format=(string)F32LE", FALSE},
};

static void
check_arrivals (GType type, gboolean has_src)
{
  for (guint i = 0; i < G_N_ELEMENTS (arrivals); i++) {
    GstElement *element = g_object_new (type, NULL);
    GstHarness *h = gst_harness_new_with_element (element, "sink",
        has_src ? "src" : NULL);
    GstCaps *caps = gst_caps_from_string (arrivals[i].caps);

    fail_unless_equals_int (gst_pad_peer_query_accept_caps (h->srcpad, caps),
        arrivals[i].accepted);
    gst_harness_set_src_caps (h, caps);
    fail_unless_equals_int (gst_harness_push (h, gst_buffer_new ()),
        arrivals[i].accepted ? GST_FLOW_OK : GST_FLOW_NOT_NEGOTIATED);
    gst_harness_teardown (h);
    gst_object_unref (element);
  }
}

GST_START_TEST (test_a_sink_accepts_generously)
{
  check_arrivals (test_sink_get_type (), FALSE);
}

GST_END_TEST;

GST_START_TEST (test_a_filter_accepts_generously)
{
  check_arrivals (test_filter_get_type (), TRUE);
}

GST_END_TEST;

GST_START_TEST (test_other_queries_are_still_answered)
{
  GstElement *element = g_object_new (test_sink_get_type (), NULL);
  GstPad *pad = gst_element_get_static_pad (element, "sink");
  GstCaps *caps = gst_pad_query_caps (pad, NULL);
  GstCaps *expected = gst_static_pad_template_get_caps (&sink_template);

  fail_unless (gst_caps_is_equal (caps, expected));
  gst_caps_unref (expected);
  gst_caps_unref (caps);
  gst_object_unref (pad);
  gst_object_unref (gst_object_ref_sink (element));
}

GST_END_TEST;

/* --- buffers ------------------------------------------------------------ */

/* Three rows: 2 x float32, label, 1 x float64. Behind the labels, nothing is
 * aligned in a flattened memory. */
#define MIXED CAPS ("num_tensors=(int)3, dimensions=(string)\"2:3,1:3,1:3\", " \
    "types=(string)\"float32,uint8,float64\"")
static const gsize mixed_sizes[] = { 24, 3, 24 };

#define MIXED_SIZE (24 + 3 + 24)

static GstMemory *
counting_memory (guint8 start, gsize size)
{
  GstMemory *memory = gst_allocator_alloc (NULL, size, NULL);
  GstMapInfo map;

  fail_unless (gst_memory_map (memory, &map, GST_MAP_WRITE));
  for (gsize i = 0; i < size; i++)
    map.data[i] = (guint8) (start + i);
  gst_memory_unmap (memory, &map);
  return memory;
}

static GstBuffer *
mixed_buffer (gboolean flattened)
{
  GstBuffer *buffer = gst_buffer_new ();

  if (flattened) {
    gst_buffer_append_memory (buffer, counting_memory (0, MIXED_SIZE));
    return buffer;
  }
  gst_buffer_append_memory (buffer, counting_memory (0, 24));
  gst_buffer_append_memory (buffer, counting_memory (24, 3));
  gst_buffer_append_memory (buffer, counting_memory (27, 24));
  return buffer;
}

static void
assert_counting (const guint8 *bytes, guint8 start, gsize size)
{
  for (gsize i = 0; i < size; i++)
    fail_unless_equals_int (bytes[i], (guint8) (start + i));
}

static void
assert_mapped (GstBuffer * buffer)
{
  GstVaeTensorsInfo info = info_from_string (MIXED);
  GstVaeTensorsMap map;
  GError *error = NULL;
  guint n_memories = gst_buffer_n_memory (buffer);

  fail_unless (gst_buffer_is_writable (buffer));
  fail_unless (gst_vae_tensors_map (&map, buffer, &info, &error));
  fail_unless (error == NULL);
  fail_unless_equals_int (map.n_tensors, 3);
  assert_counting (map.data[0], 0, 24);
  assert_counting (map.data[1], 24, 3);
  assert_counting (map.data[2], 27, 24);
  fail_unless (GPOINTER_TO_SIZE (map.data[0]) % sizeof (gfloat) == 0);
  fail_unless (GPOINTER_TO_SIZE (map.data[2]) % sizeof (gdouble) == 0);
  gst_vae_tensors_unmap (&map);

  fail_unless_equals_int (gst_buffer_n_memory (buffer), n_memories);
}

GST_START_TEST (test_a_memory_per_tensor_is_mapped_in_place)
{
  GstBuffer *buffer = mixed_buffer (FALSE);
  GstVaeTensorsInfo info = info_from_string (MIXED);
  GstVaeTensorsMap map;
  GstMapInfo third;

  assert_mapped (buffer);

  fail_unless (gst_buffer_map_range (buffer, 2, 1, &third, GST_MAP_READ));
  fail_unless (gst_vae_tensors_map (&map, buffer, &info, NULL));
  fail_unless (map.data[2] == third.data);
  gst_vae_tensors_unmap (&map);
  gst_buffer_unmap (buffer, &third);
  gst_buffer_unref (buffer);
}

GST_END_TEST;

GST_START_TEST (test_a_flattened_memory_is_mapped_and_aligned)
{
  GstBuffer *buffer = mixed_buffer (TRUE);

  assert_mapped (buffer);
  gst_buffer_unref (buffer);
}

GST_END_TEST;

/* Sixteen tensors, none of which is aligned. */
GST_START_TEST (test_every_tensor_may_be_unaligned)
{
  GstMemory *whole = counting_memory (0, 1 + 16 * 4);
  GstBuffer *buffer = gst_buffer_new ();
  GstVaeTensorsInfo info = {.n_tensors = 16,.fps_d = 1 };
  GstVaeTensorsMap map;

  for (guint i = 0; i < 16; i++)
    info.tensors[i] = (GstVaeTensor) {
    GST_VAE_FLOAT32, 1, 1};
  gst_buffer_append_memory (buffer, gst_memory_share (whole, 1, 16 * 4));

  fail_unless (gst_vae_tensors_map (&map, buffer, &info, NULL));
  for (guint i = 0; i < 16; i++) {
    fail_unless (GPOINTER_TO_SIZE (map.data[i]) % sizeof (gfloat) == 0);
    assert_counting (map.data[i], (guint8) (1 + 4 * i), 4);
  }
  gst_vae_tensors_unmap (&map);

  gst_buffer_remove_all_memory (buffer);
  for (guint i = 0; i < 16; i++)
    gst_buffer_append_memory (buffer, gst_memory_share (whole, 1 + 4 * i, 4));
  fail_unless (gst_vae_tensors_map (&map, buffer, &info, NULL));
  for (guint i = 0; i < 16; i++)
    assert_counting (map.data[i], (guint8) (1 + 4 * i), 4);
  gst_vae_tensors_unmap (&map);

  gst_buffer_unref (buffer);
  gst_memory_unref (whole);
}

GST_END_TEST;

static const struct
{
  gsize sizes[4];
  const gchar *complaint;
} misfits[] = {
  {{0}, "holds no bytes"},
  {{24, 3, 23}, "24 + 3 + 23 bytes"},
  {{24, 3, 25}, "24 + 3 + 25 bytes"},
  {{24, 24, 3}, "24 + 24 + 3 bytes"},
  {{24, 27}, "24 + 27 bytes"},
  {{24, 3, 12, 12}, "24 + 3 + 12 + 12 bytes"},
  {{MIXED_SIZE - 1}, "50 bytes"},
  {{MIXED_SIZE + 1}, "52 bytes"},
};

GST_START_TEST (test_a_buffer_of_another_size_is_refused)
{
  GstVaeTensorsInfo info = info_from_string (MIXED);
  GstBuffer *buffer = gst_buffer_new ();
  GstVaeTensorsMap map;
  GError *errors[2] = { NULL, NULL };
  guint n_memories;

  for (guint i = 0; i < 4 && misfits[__i__].sizes[i] > 0; i++)
    gst_buffer_append_memory (buffer,
        counting_memory (0, misfits[__i__].sizes[i]));
  n_memories = gst_buffer_n_memory (buffer);

  fail_if (gst_vae_tensors_map (&map, buffer, &info, &errors[0]));
  fail_if (gst_vae_tensors_split (buffer, &info, &errors[1]));
  for (guint i = 0; i < 2; i++) {
    fail_unless (g_error_matches (errors[i], GST_STREAM_ERROR,
            GST_STREAM_ERROR_FORMAT));
    fail_unless (strstr (errors[i]->message, misfits[__i__].complaint) != NULL,
        "%s", errors[i]->message);
    fail_unless (strstr (errors[i]->message, "24 + 3 + 24") != NULL, "%s",
        errors[i]->message);
    g_error_free (errors[i]);
  }
  fail_unless_equals_int (gst_buffer_n_memory (buffer), n_memories);
  gst_buffer_unref (buffer);
}

GST_END_TEST;

GST_START_TEST (test_a_new_buffer_has_a_memory_per_tensor)
{
  GstVaeTensorsInfo info = info_from_string (MIXED);
  GstBuffer *buffer = gst_vae_tensors_buffer_new (&info);

  fail_unless_equals_int (gst_buffer_n_memory (buffer), 3);
  for (guint i = 0; i < 3; i++)
    fail_unless_equals_int (gst_buffer_peek_memory (buffer, i)->size,
        mixed_sizes[i]);
  gst_buffer_unref (buffer);
}

GST_END_TEST;

GST_START_TEST (test_splitting_shares_the_flattened_bytes)
{
  GstVaeTensorsInfo info = info_from_string (MIXED);
  GstBuffer *buffer = mixed_buffer (TRUE);
  GstMemory *flattened = gst_buffer_get_memory (buffer, 0);
  gsize offset = 0;

  GST_BUFFER_PTS (buffer) = 5 * GST_SECOND;
  GST_BUFFER_OFFSET (buffer) = 250;
  fail_unless (gst_vae_tensors_split (buffer, &info, NULL));

  fail_unless_equals_int (gst_buffer_n_memory (buffer), 3);
  for (guint i = 0; i < 3; i++) {
    GstMemory *memory = gst_buffer_peek_memory (buffer, i);
    GstMapInfo map;

    fail_unless (memory->parent == flattened);
    fail_unless (gst_memory_map (memory, &map, GST_MAP_READ));
    fail_unless_equals_int (map.size, mixed_sizes[i]);
    assert_counting (map.data, (guint8) offset, map.size);
    offset += map.size;
    gst_memory_unmap (memory, &map);
  }
  fail_unless_equals_uint64 (GST_BUFFER_PTS (buffer), 5 * GST_SECOND);
  fail_unless_equals_uint64 (GST_BUFFER_OFFSET (buffer), 250);

  gst_memory_unref (flattened);
  gst_buffer_unref (buffer);
}

GST_END_TEST;

GST_START_TEST (test_splitting_leaves_a_split_buffer_alone)
{
  GstVaeTensorsInfo info = info_from_string (MIXED);
  GstBuffer *buffer = mixed_buffer (FALSE);
  GstMemory *memories[3];

  for (guint i = 0; i < 3; i++)
    memories[i] = gst_buffer_peek_memory (buffer, i);
  fail_unless (gst_vae_tensors_split (buffer, &info, NULL));
  fail_unless_equals_int (gst_buffer_n_memory (buffer), 3);
  for (guint i = 0; i < 3; i++)
    fail_unless (gst_buffer_peek_memory (buffer, i) == memories[i]);
  gst_buffer_unref (buffer);
}

GST_END_TEST;

static Suite *
tensor_suite (void)
{
  Suite *s = suite_create ("tensor");
  TCase *tc = tcase_create ("caps");

  suite_add_tcase (s, tc);
  tcase_add_loop_test (tc,
      test_caps_are_read_generously_and_written_canonically, 0,
      G_N_ELEMENTS (spellings));
  tcase_add_loop_test (tc, test_nonsense_in_caps_is_refused_by_name, 0,
      G_N_ELEMENTS (nonsense));
  tcase_add_test (tc, test_rows_per_second_stay_when_the_rows_change);
  tcase_add_test (tc, test_a_framerate_beyond_integers_becomes_irregular);
  tcase_add_test (tc, test_a_stream_is_its_tensors_types_and_columns);
  tcase_add_test (tc, test_data_is_float32_with_as_many_rows_as_the_rest);
  tcase_add_test (tc, test_the_label_is_a_uint8_column_behind_the_data);
  tcase_add_test (tc, test_the_size_of_a_tensor);

  tc = tcase_create ("pads");
  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_a_sink_accepts_generously);
  tcase_add_test (tc, test_a_filter_accepts_generously);
  tcase_add_test (tc, test_other_queries_are_still_answered);

  tc = tcase_create ("buffers");
  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_a_memory_per_tensor_is_mapped_in_place);
  tcase_add_test (tc, test_a_flattened_memory_is_mapped_and_aligned);
  tcase_add_test (tc, test_every_tensor_may_be_unaligned);
  tcase_add_loop_test (tc, test_a_buffer_of_another_size_is_refused, 0,
      G_N_ELEMENTS (misfits));
  tcase_add_test (tc, test_a_new_buffer_has_a_memory_per_tensor);
  tcase_add_test (tc, test_splitting_shares_the_flattened_bytes);
  tcase_add_test (tc, test_splitting_leaves_a_split_buffer_alone);
  return s;
}

GST_CHECK_MAIN (tensor);
