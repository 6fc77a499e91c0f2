/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What neighbours rely on, docs/stream.md: the letters of the caps, the memories of
 * the buffers, and all that every sink pad takes. */

#include "vaetest.h"

#include <glib/gstdio.h>
#include <string.h>

static gchar *folder;

static void
write_file (const gchar * name, const gchar * text)
{
  gchar *path = g_build_filename (folder, name, NULL);

  fail_unless (g_file_set_contents (path, text, -1, NULL));
  g_free (path);
}

static void
write_model (void)
{
  Series *series = series_new (5, 500, 1);
  gchar *path = g_build_filename (folder, "m.bin", NULL);
  VaeParams params;

  vae_params_init (&params);
  params.epochs = 1;
  train_model (&params, series, path);
  g_free (path);
  series_free (series);
}

/* Files are named in pipelines as if the folder were the current one. */
static void
setup (void)
{
  folder = folder_new ();
  fail_unless (g_chdir (folder) == 0);
  write_model ();
  write_file ("plain.csv", "a,b\n1,2\n3,4\n5,6\n");
  write_file ("labelled.csv", "a,label\n1,0\n3,1\n5,0\n");
  write_file ("timed.csv", "time,a\n2020-03-09T10:14:33Z,1\n"
      "2020-03-09T10:14:34Z,2\n");
}

static void
teardown (void)
{
  fail_unless (g_chdir (g_get_tmp_dir ()) == 0);
  folder_free (folder);
}

static void
run_to_eos (GstElement * pipeline)
{
  fail_unless_equals_int (pipeline_run (pipeline), GST_MESSAGE_EOS);
  pipeline_free (pipeline);
}

/* --- what the elements send --------------------------------------------- */

#define TENSORS(num, dimensions, types, framerate) \
    "other/tensors, format=(string)static, num_tensors=(int)" num \
    ", dimensions=(string)" dimensions ", types=(string)" types \
    ", framerate=(fraction)" framerate "\n"

#define SYNTH_CAPS(rows, framerate) \
    TENSORS ("2", "\"5:" rows "\\,1:" rows "\"", "\"float32\\,uint8\"", \
    framerate)
#define SCORE_CAPS(rows, framerate) \
    TENSORS ("3", "\"5:" rows "\\,1:" rows "\\,1:" rows "\"", \
    "\"float32\\,uint8\\,float32\"", framerate)

/* The caps in full, and the size of each memory of each buffer. */
static const struct
{
  const gchar *source;
  const gchar *stream;
} streams[] = {
  {"vaesynth num-samples=130",
      SYNTH_CAPS ("50", "2/1") "1000 50\n1000 50\n"
        SYNTH_CAPS ("30", "10/3") "600 30\n"},
  {"vaesynth num-samples=2 features=1 samples-per-buffer=1 rate=1000/1001",
        TENSORS ("2", "\"1:1\\,1:1\"", "\"float32\\,uint8\"", "1000/1001")
      "4 1\n4 1\n"},
  {"filesrc location=plain.csv ! tensorcsvdec rows-per-buffer=2",
      TENSORS ("1", "2:2", "float32", "1/2") "16\n"
        TENSORS ("1", "2:1", "float32", "1/1") "8\n"},
  {"filesrc location=labelled.csv ! tensorcsvdec",
      TENSORS ("2", "\"1:3\\,1:3\"", "\"float32\\,uint8\"", "1/3") "12 3\n"},
  {"filesrc location=timed.csv ! tensorcsvdec",
      TENSORS ("1", "1:2", "float32", "0/1") "8\n"},
  {"vaesynth num-samples=60 ! vaescore model=m.bin",
      SCORE_CAPS ("50", "2/1") "1000 50 200\n"
        SCORE_CAPS ("10", "10/1") "200 10 40\n"},
  {"vaesynth num-samples=50 ! vaescore model=m.bin contributions=true",
        TENSORS ("4", "\"5:50\\,1:50\\,5:50\\,1:50\"",
            "\"float32\\,uint8\\,float32\\,float32\"", "2/1")
      "1000 50 1000 200\n"},
  {"vaesynth num-samples=50 ! vaescore model=m.bin ! vaescore model=m.bin",
        TENSORS ("4", "\"5:50\\,1:50\\,1:50\\,1:50\"",
            "\"float32\\,uint8\\,float32\\,float32\"", "2/1")
      "1000 50 200 200\n"},
};

static GstPadProbeReturn
write_down (GstPad * pad, GstPadProbeInfo * info, gpointer stream)
{
  if (info->type & GST_PAD_PROBE_TYPE_BUFFER) {
    GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
    guint n = gst_buffer_n_memory (buffer);

    for (guint i = 0; i < n; i++)
      g_string_append_printf (stream, "%" G_GSIZE_FORMAT "%c",
          gst_buffer_peek_memory (buffer, i)->size, i + 1 < n ? ' ' : '\n');
  } else if (GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info)) == GST_EVENT_CAPS) {
    GstCaps *caps;
    gchar *string;

    gst_event_parse_caps (GST_PAD_PROBE_INFO_EVENT (info), &caps);
    string = gst_caps_to_string (caps);
    g_string_append_printf (stream, "%s\n", string);
    g_free (string);
  }
  return GST_PAD_PROBE_OK;
}

static void
add_probe (GstElement * pipeline, const gchar * element, const gchar * pad_name,
    GstPadProbeCallback callback, gpointer data)
{
  GstElement *found = gst_bin_get_by_name (GST_BIN (pipeline), element);
  GstPad *pad = gst_element_get_static_pad (found, pad_name);

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER
      | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, callback, data, NULL);
  gst_object_unref (pad);
  gst_object_unref (found);
}

GST_START_TEST (test_streams_are_sent_to_the_letter)
{
  GString *stream = g_string_new (NULL);
  GstElement *pipeline =
      pipeline_new ("%s ! fakesink name=end", streams[__i__].source);

  add_probe (pipeline, "end", "sink", write_down, stream);
  run_to_eos (pipeline);
  fail_unless_equals_string (stream->str, streams[__i__].stream);
  g_string_free (stream, TRUE);
}

GST_END_TEST;

/* --- what the elements take --------------------------------------------- */

/* Elements with a sink pad for tensors, and how to have a file of what they did:
 * its name comes last. */
static const struct
{
  const gchar *factory;
  const gchar *pipeline;
} doors[] = {
  {"rocmetric", "rocmetric silent=true location="},
  {"tensorcsvenc", "tensorcsvenc ! filesink location="},
  {"tensorplot", "tensorplot ! filesink location="},
  {"vaescore", "vaescore model=m.bin ! filesink location="},
  {"vaetrain", "vaetrain silent=true epochs=1 model="},
};

/* Spellings of caps of 3 tensors. W is where the rows stand. */
static const gchar *spellings[] = {
  "format=(string)static, num_tensors=(int)3, "
      "dimensions=(string)\"5:W,1:W,1:W\", "
      "types=(string)\"float32,uint8,float32\", framerate=(fraction)0/1",
  "num_tensors=(int)3, dimensions=(string)\"5:W,1:W,1:W\", "
      "types=(string)\"float32,uint8,float32\", framerate=(fraction)0/1",
  "format=(string)static, num_tensors=(int)3, "
      "dimensions=(string)\"5:W,1:W,1:W\", "
      "types=(string)\"float32,uint8,float32\"",
  "format=(string)static, num_tensors=(int)3, "
      "dimensions=(string)\"5:W:1:1,1:W:1:1,1:W:1:1\", "
      "types=(string)\"float32,uint8,float32\", framerate=(fraction)0/1",
  "format=(string)static, num_tensors=(int)3, "
      "dimensions=(string)5:W.1:W.1:W, "
      "types=(string)float32.uint8.float32, framerate=(fraction)0/1",
  "num_tensors=(int)3, dimensions=(string)\" 5:W , 1:W:1, 1:W \", "
      "types=(string)\"float32, uint8, float32\", unit=(string)degrees",
};

typedef struct
{
  const gchar *spelling;
  gboolean flattened;
} Arrival;

static GstEvent *
respell (const Arrival * arrival, GstEvent * event)
{
  GString *string = g_string_new ("other/tensors, ");
  gchar rows[16];
  GstVaeTensorsInfo info;
  GstCaps *caps;

  gst_event_parse_caps (event, &caps);
  fail_unless (gst_vae_tensors_from_caps (&info, caps, NULL));
  gst_event_unref (event);

  g_snprintf (rows, sizeof rows, "%u", info.tensors[0].rows);
  g_string_append (string, arrival->spelling);
  g_string_replace (string, "W", rows, 0);
  caps = gst_caps_from_string (string->str);
  fail_unless (caps != NULL, "%s", string->str);
  event = gst_event_new_caps (caps);
  gst_caps_unref (caps);
  g_string_free (string, TRUE);
  return event;
}

static GstBuffer *
flatten (GstBuffer * buffer)
{
  GstBuffer *flattened = gst_buffer_copy_region (buffer,
      GST_BUFFER_COPY_ALL | GST_BUFFER_COPY_MERGE, 0, -1);

  fail_unless_equals_int (gst_buffer_n_memory (flattened), 1);
  gst_buffer_unref (buffer);
  return flattened;
}

static GstPadProbeReturn
rewrite (GstPad * pad, GstPadProbeInfo * info, gpointer data)
{
  const Arrival *arrival = data;

  if (info->type & GST_PAD_PROBE_TYPE_BUFFER) {
    if (arrival->flattened)
      info->data = flatten (info->data);
  } else if (GST_EVENT_TYPE (info->data) == GST_EVENT_CAPS) {
    info->data = respell (arrival, info->data);
  }
  return GST_PAD_PROBE_OK;
}

static void
pass_door (const gchar * door, const Arrival * arrival, const gchar * path)
{
  gchar *pipeline_of_door = g_strconcat ("vaesynth num-samples=130 ! "
      "vaescore model=m.bin ! identity name=start ! ", door, path, NULL);
  GstElement *pipeline = pipeline_new ("%s", pipeline_of_door);

  add_probe (pipeline, "start", "src", rewrite, (gpointer) arrival);
  run_to_eos (pipeline);
  g_free (pipeline_of_door);
}

GST_START_TEST (test_every_spelling_and_flattened_memory_is_the_same)
{
  const Arrival canonical = { spellings[0], FALSE };

  pass_door (doors[__i__].pipeline, &canonical, "expected");
  for (guint i = 0; i < G_N_ELEMENTS (spellings); i++) {
    for (guint flattened = 0; flattened < 2; flattened++) {
      const Arrival arrival = { spellings[i], flattened };

      pass_door (doors[__i__].pipeline, &arrival, "actual");
      fail_unless_same_file ("expected", "actual");
      fail_unless (g_remove ("actual") == 0);
    }
  }
}

GST_END_TEST;

/* --- no element is forgotten -------------------------------------------- */

static gboolean
has_tensors (GstElementFactory * factory, GstPadDirection direction)
{
  GstCaps *caps = gst_caps_from_string (GST_VAE_TENSORS_CAPS);
  gboolean has = direction == GST_PAD_SINK
      ? gst_element_factory_can_sink_any_caps (factory, caps)
      : gst_element_factory_can_src_any_caps (factory, caps);

  gst_caps_unref (caps);
  return has;
}

static gboolean
is_a_door (const gchar * name)
{
  for (guint i = 0; i < G_N_ELEMENTS (doors); i++) {
    if (g_str_equal (doors[i].factory, name))
      return TRUE;
  }
  return FALSE;
}

static gboolean
is_a_stream (const gchar * name)
{
  for (guint i = 0; i < G_N_ELEMENTS (streams); i++) {
    if (strstr (streams[i].source, name))
      return TRUE;
  }
  return FALSE;
}

GST_START_TEST (test_every_element_is_held_to_the_contract)
{
  GList *features =
      gst_registry_get_feature_list_by_plugin (gst_registry_get (), "vae");

  fail_unless (features != NULL);
  for (GList * l = features; l; l = l->next) {
    const gchar *name = GST_OBJECT_NAME (l->data);

    fail_unless (has_tensors (l->data, GST_PAD_SINK) == is_a_door (name),
        "doors[] and the sink pad of %s", name);
    fail_unless (has_tensors (l->data, GST_PAD_SRC) == is_a_stream (name),
        "streams[] and the source pad of %s", name);
  }
  gst_plugin_feature_list_free (features);
}

GST_END_TEST;

static Suite *
contract_suite (void)
{
  Suite *s = suite_create ("contract");
  TCase *tc = tcase_create ("contract");

  suite_add_tcase (s, tc);
  tcase_add_checked_fixture (tc, setup, teardown);
  tcase_add_loop_test (tc, test_streams_are_sent_to_the_letter, 0,
      G_N_ELEMENTS (streams));
  tcase_add_loop_test (tc,
      test_every_spelling_and_flattened_memory_is_the_same, 0,
      G_N_ELEMENTS (doors));
  tcase_add_test (tc, test_every_element_is_held_to_the_contract);
  return s;
}

GST_CHECK_MAIN (contract);
