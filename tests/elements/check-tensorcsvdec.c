/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <math.h>
#include <string.h>

#include "vaetest.h"

#define TENSORS "other/tensors, format=(string)static, "
#define DATA(f, w, rate) TENSORS "num_tensors=(int)1, dimensions=(string)" \
    f ":" w ", types=(string)float32, framerate=(fraction)" rate
#define DATA_AND_LABEL(f, w, rate) TENSORS "num_tensors=(int)2, " \
    "dimensions=(string)\"" f ":" w "\\,1:" w "\", " \
    "types=(string)\"float32\\,uint8\", framerate=(fraction)" rate

/* --- feeding ------------------------------------------------------------ */

static GstHarness *
decoder_new (const gchar * properties)
{
  gchar *line = g_strdup_printf ("tensorcsvdec %s", properties);
  GstHarness *harness = gst_harness_new_parse (line);

  gst_harness_set_src_caps_str (harness, "text/csv");
  g_free (line);
  return harness;
}

static GstFlowReturn
push_bytes (GstHarness * harness, const gchar * text, gsize size, gsize chunk)
{
  GstFlowReturn flow = GST_FLOW_OK;

  for (gsize pos = 0; pos < size && flow == GST_FLOW_OK; pos += chunk)
    flow = gst_harness_push (harness, gst_buffer_new_memdup (text + pos,
            MIN (chunk, size - pos)));
  return flow;
}

static GstFlowReturn
push_text (GstHarness * harness, const gchar * text)
{
  return push_bytes (harness, text, strlen (text), 4096);
}

/* --- what comes out ----------------------------------------------------- */

static void
append_memory (GString * out, GstBuffer * buffer, guint index)
{
  GstMapInfo map;

  fail_unless (gst_buffer_map_range (buffer, index, 1, &map, GST_MAP_READ));
  g_string_append (out, index > 0 ? " /" : "");
  if (index == 0) {
    const gfloat *values = (const gfloat *) map.data;

    for (gsize i = 0; i < map.size / sizeof (gfloat); i++)
      g_string_append_printf (out, isnan (values[i]) ? " _" : " %g", values[i]);
  } else {
    for (gsize i = 0; i < map.size; i++)
      g_string_append_printf (out, " %u", map.data[i]);
  }
  gst_buffer_unmap (buffer, &map);
}

/* `first-end@pts+duration: values / labels|` for each buffer, in
 * milliseconds. */
static gchar *
pull_rows (GstHarness * harness)
{
  GString *out = g_string_new (NULL);
  GstBuffer *buffer;

  while ((buffer = gst_harness_try_pull (harness))) {
    g_string_append_printf (out, "%" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT
        "@%" G_GUINT64_FORMAT "+%" G_GINT64_FORMAT ":",
        GST_BUFFER_OFFSET (buffer), GST_BUFFER_OFFSET_END (buffer),
        GST_BUFFER_PTS (buffer) / GST_MSECOND,
        GST_BUFFER_DURATION_IS_VALID (buffer) ?
        (gint64) (GST_BUFFER_DURATION (buffer) / GST_MSECOND) : -1);
    for (guint i = 0; i < gst_buffer_n_memory (buffer); i++)
      append_memory (out, buffer, i);
    g_string_append_c (out, '|');
    gst_buffer_unref (buffer);
  }
  return g_string_free (out, FALSE);
}

/* The serialized events, caps in full and others by name. */
static gchar *
pull_events (GstHarness * harness)
{
  GString *out = g_string_new (NULL);
  GstEvent *event;

  while ((event = gst_harness_try_pull_event (harness))) {
    if (GST_EVENT_TYPE (event) == GST_EVENT_CAPS) {
      GstCaps *caps;
      gchar *text;

      gst_event_parse_caps (event, &caps);
      text = gst_caps_to_string (caps);
      g_string_append_printf (out, "%s|", text);
      g_free (text);
    } else if (GST_EVENT_IS_SERIALIZED (event)) {
      g_string_append_printf (out, "%s|", GST_EVENT_TYPE_NAME (event));
    }
    gst_event_unref (event);
  }
  return g_string_free (out, FALSE);
}

static void
assert_pulls_rows (GstHarness * harness, const gchar * expected,
    const gchar * what)
{
  gchar *rows = pull_rows (harness);

  fail_unless (strcmp (rows, expected) == 0, "%s\ngave\n%s\nand not\n%s", what,
      rows, expected);
  g_free (rows);
}

static void
assert_pulls_events (GstHarness * harness, const gchar * expected)
{
  gchar *events = pull_events (harness);

  fail_unless_equals_string (events, expected);
  g_free (events);
}

/* --- caps and events ---------------------------------------------------- */

GST_START_TEST (test_caps_are_canonical)
{
  GstHarness *harness = decoder_new ("rows-per-buffer=2 rate=50/1");

  push_text (harness, "a,b,c\n1,2,3\n4,5,6\n7,8,9\n");
  gst_harness_push_event (harness, gst_event_new_eos ());
  assert_pulls_events (harness, "stream-start|" DATA ("3", "2", "25/1")
      "|segment|" DATA ("3", "1", "50/1") "|eos|");
  gst_harness_teardown (harness);

  harness = decoder_new ("rows-per-buffer=1");
  push_text (harness, "a,label\n1,0\n2,1\n");
  gst_harness_push_event (harness, gst_event_new_eos ());
  assert_pulls_events (harness, "stream-start|"
      DATA_AND_LABEL ("1", "1", "1/1") "|segment|eos|");
  gst_harness_teardown (harness);

  harness = decoder_new ("");
  push_text (harness, "t,a,label\n2020-03-09,0,0\n");
  gst_harness_push_event (harness, gst_event_new_eos ());
  assert_pulls_events (harness, "stream-start|"
      DATA_AND_LABEL ("1", "1", "0/1") "|segment|tag|eos|");
  gst_harness_teardown (harness);
}

GST_END_TEST;

GST_START_TEST (test_segment_is_of_time)
{
  GstHarness *harness = gst_harness_new ("tensorcsvdec");
  GstSegment segment;
  const GstSegment *sent;
  GstEvent *event;

  gst_segment_init (&segment, GST_FORMAT_BYTES);
  segment.start = segment.position = 17;
  fail_unless (gst_harness_push_event (harness,
          gst_event_new_segment (&segment)));
  push_text (harness, "1,2\n3,4\n");
  gst_harness_push_event (harness, gst_event_new_eos ());

  event = gst_pad_get_sticky_event (harness->sinkpad, GST_EVENT_SEGMENT, 0);
  fail_unless (event != NULL);
  gst_event_parse_segment (event, &sent);
  fail_unless_equals_int (sent->format, GST_FORMAT_TIME);
  fail_unless_equals_uint64 (sent->start, 0);
  gst_event_unref (event);
  gst_harness_teardown (harness);
}

GST_END_TEST;

GST_START_TEST (test_tags_wait_for_the_segment)
{
  GstHarness *harness = decoder_new ("rows-per-buffer=1");

  gst_harness_push_event (harness,
      gst_event_new_tag (gst_tag_list_new (GST_TAG_TITLE, "pump", NULL)));
  assert_pulls_events (harness, "stream-start|");
  push_text (harness, "1,2\n3,4\n");
  assert_pulls_events (harness, DATA ("2", "1", "1/1") "|segment|tag|");
  gst_harness_teardown (harness);
}

GST_END_TEST;

GST_START_TEST (test_date_becomes_a_tag)
{
  GstHarness *harness = decoder_new ("");
  GstEvent *event;
  GstTagList *tags;
  GstDateTime *date;
  gchar *text;

  push_text (harness, "2020-03-09T10:00:00+01:00,1\n");
  gst_harness_push_event (harness, gst_event_new_eos ());
  event = gst_pad_get_sticky_event (harness->sinkpad, GST_EVENT_TAG, 0);
  fail_unless (event != NULL);
  gst_event_parse_tag (event, &tags);
  fail_unless (gst_tag_list_get_date_time (tags, GST_TAG_DATE_TIME, &date));
  text = gst_date_time_to_iso8601_string (date);
  fail_unless_equals_string (text, "2020-03-09T09:00:00Z");
  g_free (text);
  gst_date_time_unref (date);
  gst_event_unref (event);
  gst_harness_teardown (harness);
}

GST_END_TEST;

GST_START_TEST (test_one_memory_per_tensor)
{
  GstHarness *harness = decoder_new ("");
  GstBuffer *buffer;

  push_text (harness, "a,label,b\n1,0,2\n3,1,4\n5,0,6\n");
  gst_harness_push_event (harness, gst_event_new_eos ());
  buffer = gst_harness_pull (harness);
  fail_unless_equals_int (gst_buffer_n_memory (buffer), 2);
  fail_unless_equals_uint64 (gst_memory_get_sizes (gst_buffer_peek_memory
          (buffer, 0), NULL, NULL), 3 * 2 * sizeof (gfloat));
  fail_unless_equals_uint64 (gst_memory_get_sizes (gst_buffer_peek_memory
          (buffer, 1), NULL, NULL), 3);
  fail_unless (GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DISCONT));
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}

GST_END_TEST;

/* --- rows --------------------------------------------------------------- */

static const struct
{
  const gchar *properties;
  const gchar *text;
  const gchar *rows;
} texts[] = {
  {"", "a,b\n1,2\n3,4\n", "0-2@0+2000: 1 2 3 4|"},
  {"", "1;2\r\n3;\r\n", "0-2@0+2000: 1 2 3 _|"},
  {"rows-per-buffer=2 rate=10/1", "1 2\n3 4\n5 6",
      "0-2@0+200: 1 2 3 4|2-3@200+100: 5 6|"},
  {"rate=3/2", "1,2\n", "0-1@0+666: 1 2|"},
  /* labels */
  {"", "a,LABEL\n1,1\n2,0\n3,1.0\n4,0.0\n5,True\n6,FALSE\n7,\"1\"\n",
      "0-7@0+7000: 1 2 3 4 5 6 7 / 1 0 1 0 1 0 1|"},
  {"label-column=x", "x,a\n1,2\n0,3\n", "0-2@0+2000: 2 3 / 1 0|"},
  {"label-column=-1", "5,0\n6,1\n", "0-2@0+2000: 5 6 / 0 1|"},
  {"label-column=\"\"", "a,label\n5,2\n", "0-1@0+1000: 5 2|"},
  /* columns */
  {"columns=\"c,1\"", "a,b,c\n1,x,3\n4,y,6\n", "0-2@0+2000: 3 1 6 4|"},
  {"columns=2-3", "a,b,c,d\n1,2,3,4\n", "0-1@0+1000: 2 3|"},
  {"", ",a,b\n0,1,2\n1,3,4\n", "0-2@0+2000: 1 2 3 4|"},
  {"", "a,b,\n1,2,\n3,4,\n", "0-2@0+2000: 1 2 3 4|"},
  {"", "a,b\n1,2,\n3,4\n", "0-2@0+2000: 1 2 3 4|"},
  {"delimiter=tab", "1\t2\n", "0-1@0+1000: 1 2|"},
  {"delimiter=space", "1  2\n", "0-1@0+1000: 1 2|"},
  {"delimiter=:", "1:2\n", "0-1@0+1000: 1 2|"},
  /* time */
  {"rows-per-buffer=2", "t,a\n2020-03-09 10:00:00,1\n"
        "2020-03-09 10:00:00.5,2\n2020-03-09 10:00:02,3\n",
      "0-2@0+2000: 1 2|2-3@2000+1500: 3|"},
  {"rows-per-buffer=1", "a;t\n1;2020-03-09T10:00:00Z\n"
        "2;2020-03-09T12:00:01+02:00\n3;2020-03-09T10:00:01Z\n",
      "0-1@0+1000: 1|1-2@1000+0: 2|2-3@1000+0: 3|"},
  {"time-column=1 rows-per-buffer=2", "100.25,1\n100.5,2\n101,3\n102,4\n",
      "0-2@0+750: 1 2|2-4@750+2000: 3 4|"},
  {"time-column=t", "t,a\n7,1\n", "0-1@0+-1: 1|"},
  {"time-column=\"\" columns=a", "t,a\n2020-03-09,1\n", "0-1@0+1000: 1|"},
};

GST_START_TEST (test_texts_are_read)
{
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    GstHarness *harness = decoder_new (texts[i].properties);

    fail_unless_equals_int (push_text (harness, texts[i].text), GST_FLOW_OK);
    fail_unless (gst_harness_push_event (harness, gst_event_new_eos ()));
    assert_pulls_rows (harness, texts[i].rows, texts[i].text);
    gst_harness_teardown (harness);
  }
}

GST_END_TEST;

/* A text of some 10 kB with quotes, both kinds of line ends and missing
 * cells. */
static GString *
mixed_text (void)
{
  GString *text = g_string_new ("\xef\xbb\xbf\"t\",\"a\",b,label\r\n");

  for (guint i = 0; i < 400; i++)
    g_string_append_printf (text, "%s,\"%g\", %g ,%u%s", i == 0 ? "2020-03-09"
        : i % 2 ? "2020-03-10T00:00:00Z" : "\"2020-03-10 00:00\"", i * 0.1,
        1.0 / (i + 1), i % 2, i % 3 == 0 ? "\r\n" : i % 3 == 1 ? "\n\n" : "\n");
  return text;
}

GST_START_TEST (test_chunks_do_not_matter)
{
  const gsize chunks[] = { 1, 3, 4096 };
  GString *text = mixed_text ();
  gchar *expected = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (chunks); i++) {
    GstHarness *harness = decoder_new ("rows-per-buffer=7");
    gchar *rows;

    fail_unless_equals_int (push_bytes (harness, text->str, text->len,
            chunks[i]), GST_FLOW_OK);
    fail_unless (gst_harness_push_event (harness, gst_event_new_eos ()));
    rows = pull_rows (harness);
    if (!expected) {
      fail_unless (g_str_has_suffix (rows, "|399-400@86400000+0: 39.9 0.0025"
              " / 1|") || strstr (rows, "39.9 0.0025 / "), "%s", rows);
      expected = g_strdup (rows);
    }
    fail_unless_equals_string (rows, expected);
    g_free (rows);
    gst_harness_teardown (harness);
  }
  g_free (expected);
  g_string_free (text, TRUE);
}

GST_END_TEST;

/* With one row per buffer a live row leaves when its line is over; the first
 * waits for the second line, which may tell the delimiter. */
GST_START_TEST (test_rows_leave_early)
{
  GstHarness *harness = decoder_new ("rows-per-buffer=1");

  push_text (harness, "1,2\n3,");
  assert_pulls_rows (harness, "", "one line");
  push_text (harness, "4\n");
  assert_pulls_rows (harness, "0-1@0+1000: 1 2|1-2@1000+1000: 3 4|",
      "two lines");
  push_text (harness, "5,6\n");
  assert_pulls_rows (harness, "2-3@2000+1000: 5 6|", "three lines");
  gst_harness_teardown (harness);

  harness = decoder_new ("rows-per-buffer=1 delimiter=,");
  push_text (harness, "1,2\n3,");
  assert_pulls_rows (harness, "0-1@0+1000: 1 2|", "one line");
  gst_harness_teardown (harness);
}

GST_END_TEST;

/* --- errors ------------------------------------------------------------- */

#define DECODE GST_STREAM_ERROR_DECODE
#define FORMAT GST_STREAM_ERROR_FORMAT

static const struct
{
  const gchar *properties;
  const gchar *text;
  gint code;
  const gchar *message;
} wrong_texts[] = {
  {"", "a,b\n1,2\n3,x\n", DECODE,
      "Line 3, column 2 (b): \"x\" is not a number"},
  {"", "1,2\n3,1.5abc\n", DECODE,
      "Line 2, column 2: \"1.5abc\" is not a number"},
  {"", "a,b\n\n\"1\",2\n1,1e39", DECODE,
      "Line 4, column 2 (b): \"1e39\" is beyond the range of float32"},
  {"", "a,b\n1\n", DECODE, "Line 2 ends after 1 of the header's 2 columns"},
  {"", "1,2,3\n1,2\n", DECODE,
      "Line 2 ends after 2 of the first line's 3 columns"},
  {"", "a,b\n1,2\n1,2,3\n", DECODE,
      "Line 3 goes on after the header's 2 columns"},
  {"", "a,b\n1,2,,\n", DECODE, "Line 2 goes on after the header's 2 columns"},
  {"", "a,b\n1,2,x\n", DECODE, "Line 2 goes on after the header's 2 columns"},
  {"columns=1", "a,b\n1,2\n1\n", DECODE,
      "Line 3 ends after 1 of the header's 2 columns"},
  {"", "a,label\n1,2\n", DECODE, "Line 2, column 2 (label): \"2\" is not a "
        "label: 0 or 1, false or true"},
  {"", "a,label\n1,no\n", DECODE, "Line 2, column 2 (label): \"no\" is not a "
        "label"},
  {"", "a,label\n1,\n", DECODE, "Line 2, column 2 (label): \"\" is a missing "
        "label"},
  {"", "a,label\n1\n", DECODE, "Line 2 ends after 1 of the header's 2"},
  {"", "t,a\n2020-03-09,1\n2020-03-08,2\n", DECODE, "Line 3, column 1 (t): "
        "\"2020-03-08\" is before the time of line 2"},
  {"", "t,a\n2020-03-09,1\n17,2\n", DECODE, "Line 3, column 1 (t): \"17\" is "
        "not an ISO 8601 date"},
  {"time-column=1", "t,a\n1,1\n2020-03-09,2\n", DECODE, "Line 3, column 1 (t): "
        "\"2020-03-09\" is not a time in seconds"},
  {"time-column=1", "t,a\n1583748873123,1\n", DECODE, "Line 2, column 1 (t): "
        "\"1583748873123\" is neither an ISO 8601 date nor a time in seconds "
        "below 9.2e9"},
  {"time-column=1", "t,a\n-9e9,1\n9e9,1\n", DECODE, "Line 3, column 1 (t): "
        "\"9e9\" is centuries after the first time"},
  {"time-column=2", "a,t\n1,1\n1\n", DECODE, "Line 3 ends after 1 of the "
        "header's 2 columns"},
  {"", "t,u,a\n2020-03-09,2020-03-09,1\n", DECODE, "Line 2, column 2 (u): "
        "\"2020-03-09\" is not a number"},
  {"", "a,b\n1,\"2\n3,4\n", DECODE,
      "Line 2 opens a quote that is never closed"},
  {"", "", FORMAT, "There is no data"},
  {"", "a,b\n", FORMAT, "There is no row of data after the header"},
  {"", "\n \n", FORMAT, "There is no row of data"},
  {"on-error=skip", "a,b\n1,x\n", FORMAT, "There is no row that could be read; "
        "the first problem: Line 2, column 2 (b): \"x\" is not a number"},
  {"", "label\n1\n", FORMAT, "No column is left for a channel"},
};

static void
assert_fails (const gchar * properties, const gchar * text, GQuark domain,
    gint code, const gchar * message)
{
  GstHarness *harness = decoder_new (properties);
  GstBus *bus = bus_new (harness->element);
  GstFlowReturn flow = push_text (harness, text);
  gchar *events;

  /* At the latest at the end, which nobody downstream hears of. */
  fail_unless (flow == GST_FLOW_OK || flow == GST_FLOW_ERROR);
  fail_if (gst_harness_push_event (harness, gst_event_new_eos ()), "%s", text);
  expect_error (bus, domain, code, message);
  events = pull_events (harness);
  fail_if (strstr (events, "eos"), "%s", text);
  g_free (events);
  fail_unless_equals_int (gst_pad_chain (GST_PAD_PEER (harness->srcpad),
          gst_buffer_new ()), GST_FLOW_EOS);
  bus_free (bus, harness->element);
  gst_harness_teardown (harness);
}

GST_START_TEST (test_wrong_texts_are_refused)
{
  for (guint i = 0; i < G_N_ELEMENTS (wrong_texts); i++)
    assert_fails (wrong_texts[i].properties, wrong_texts[i].text,
        GST_STREAM_ERROR, wrong_texts[i].code, wrong_texts[i].message);
}

GST_END_TEST;

GST_START_TEST (test_wrong_columns_are_refused)
{
  const gchar text[] = "a,b\n1,2\n";

  assert_fails ("label-column=x", text, GST_LIBRARY_ERROR,
      GST_LIBRARY_ERROR_SETTINGS, "label-column: there is no column \"x\"; "
      "the header says: a, b");
  assert_fails ("time-column=3", text, GST_LIBRARY_ERROR,
      GST_LIBRARY_ERROR_SETTINGS, "time-column: there is no column \"3\"");
  assert_fails ("columns=a,x", text, GST_LIBRARY_ERROR,
      GST_LIBRARY_ERROR_SETTINGS, "columns: there is no column \"x\"");
  assert_fails ("rows-per-buffer=29826162", text, GST_LIBRARY_ERROR,
      GST_LIBRARY_ERROR_SETTINGS, "rows-per-buffer is 29826162: with 2 "
      "channels it must be 1 to 29826161");
}

GST_END_TEST;

GST_START_TEST (test_bytes_that_are_no_text_are_refused)
{
  const gchar utf16[] = "\xff\xfe" "a\0,\0b\0\n\0" "1\0,\0" "2\0\n";
  GstHarness *harness = decoder_new ("");
  GstBus *bus = bus_new (harness->element);

  fail_unless_equals_int (push_bytes (harness, utf16, sizeof (utf16), 4096),
      GST_FLOW_ERROR);
  expect_error (bus, GST_STREAM_ERROR, DECODE, "Line 1 has NUL bytes");
  bus_free (bus, harness->element);
  gst_harness_teardown (harness);
}

GST_END_TEST;

/* The error comes long before the end, and after milliseconds. */
GST_START_TEST (test_line_of_ten_megabytes_is_refused)
{
  const gsize size = 10 * 1000 * 1000;
  gchar *text = g_strnfill (size, '7');
  GstHarness *harness = decoder_new ("on-error=missing");
  GstBus *bus = bus_new (harness->element);
  gint64 start = g_get_monotonic_time ();
  GstMessage *message;
  gchar *warning;

  push_text (harness, "a\n1\n");
  fail_unless_equals_int (push_bytes (harness, text, size, 4096), GST_FLOW_OK);
  push_text (harness, "\n2\n");
  fail_unless (gst_harness_push_event (harness, gst_event_new_eos ()));
  fail_unless (g_get_monotonic_time () - start < 2 * G_USEC_PER_SEC);
  assert_pulls_rows (harness, "0-2@0+2000: 1 2|", "a line of 10 MB");
  message = wait_for (bus, GST_MESSAGE_WARNING);
  gst_message_parse_warning (message, NULL, &warning);
  g_free (warning);
  gst_message_unref (message);
  bus_free (bus, harness->element);
  gst_harness_teardown (harness);

  harness = decoder_new ("");
  bus = bus_new (harness->element);
  push_text (harness, "a\n1\n");
  fail_unless_equals_int (push_bytes (harness, text, size, 4096), GST_FLOW_OK);
  fail_unless_equals_int (push_text (harness, "\n"), GST_FLOW_ERROR);
  expect_error (bus, GST_STREAM_ERROR, DECODE,
      "Line 3 is longer than 2097152 bytes");
  bus_free (bus, harness->element);
  gst_harness_teardown (harness);
  g_free (text);
}

GST_END_TEST;

static void
assert_warns (const gchar * properties, const gchar * text,
    const gchar * rows, const gchar * warning)
{
  GstHarness *harness = decoder_new (properties);
  GstBus *bus = bus_new (harness->element);
  GstMessage *message;
  GError *error;

  fail_unless_equals_int (push_text (harness, text), GST_FLOW_OK);
  fail_unless (gst_harness_push_event (harness, gst_event_new_eos ()));
  assert_pulls_rows (harness, rows, text);
  message = wait_for (bus, GST_MESSAGE_WARNING);
  fail_unless (message != NULL);
  gst_message_parse_warning (message, &error, NULL);
  fail_unless (g_error_matches (error, GST_STREAM_ERROR, DECODE));
  fail_unless_equals_string (error->message, warning);
  g_error_free (error);
  gst_message_unref (message);
  fail_unless_equals_int (count_messages (bus, GST_MESSAGE_WARNING), 0);
  bus_free (bus, harness->element);
  gst_harness_teardown (harness);
}

#define SPOILT "a,b,label\n1,2,0\nx,3,1\n4,5,7\n6\n7,8,1,9\n9,1e99,1\n" \
    "\"\n\",1,0\n"

GST_START_TEST (test_skip_leaves_lines_out)
{
  assert_warns ("on-error=skip", SPOILT, "0-1@0+1000: 1 2 / 0|",
      "7 lines were left out and 0 cells taken as missing; the first: "
      "Line 3, column 1 (a): \"x\" is not a number.");
}

GST_END_TEST;

GST_START_TEST (test_missing_leaves_cells_out)
{
  assert_warns ("on-error=missing", SPOILT,
      "0-4@0+4000: 1 2 _ 3 9 _ _ 1 / 0 1 1 0|",
      "3 lines were left out and 3 cells taken as missing; the first: "
      "Line 3, column 1 (a): \"x\" is not a number.");
  assert_warns ("on-error=missing", "a,b,c\n1\n2,3,4\n",
      "0-2@0+2000: 1 _ _ 2 3 4|",
      "0 lines were left out and 2 cells taken as missing; the first: "
      "Line 2 ends after 1 of the header's 3 columns.");
}

GST_END_TEST;

GST_START_TEST (test_skip_leaves_times_out)
{
  assert_warns ("on-error=skip rows-per-buffer=1",
      "t,a\n2020-03-09,1\n2020-03-08,2\n,3\n2020-03-10,4\n",
      "0-1@0+86400000: 1|1-2@86400000+86400000: 4|",
      "2 lines were left out and 0 cells taken as missing; the first: "
      "Line 3, column 1 (t): \"2020-03-08\" is before the time of line 2.");
}

GST_END_TEST;

static const struct
{
  const gchar *properties;
  const gchar *message;
} wrong_settings[] = {
  {"rows-per-buffer=0", "rows-per-buffer is 0: it must be at least 1"},
  {"rate=0/1", "rate is 0/1 rows per second: it must be positive"},
  {"rate=-1/1", "rate is -1/1 rows per second: it must be positive"},
  {"rate=2000000000/1", "at most one row per nanosecond"},
  {"delimiter=ab", "delimiter is \"ab\": it must be one ASCII character"},
  {"delimiter=1", "delimiter is \"1\": it must be one ASCII character"},
  {"delimiter=-", "delimiter is \"-\": it must be one ASCII character"},
};

GST_START_TEST (test_wrong_settings_are_refused)
{
  for (guint i = 0; i < G_N_ELEMENTS (wrong_settings); i++) {
    GError *error = NULL;
    gchar *line = g_strdup_printf ("tensorcsvdec %s",
        wrong_settings[i].properties);
    GstElement *element = gst_parse_launch (line, &error);
    GstBus *bus = bus_new (element);

    fail_unless (error == NULL);
    fail_unless_equals_int (gst_element_set_state (element, GST_STATE_PAUSED),
        GST_STATE_CHANGE_FAILURE);
    expect_error (bus, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS,
        wrong_settings[i].message);
    gst_element_set_state (element, GST_STATE_NULL);
    bus_free (bus, element);
    gst_object_unref (element);
    g_free (line);
  }
}

GST_END_TEST;

/* --- streams ------------------------------------------------------------ */

/* The rows before the flush are gone, and the text begins anew. */
GST_START_TEST (test_flush_begins_anew)
{
  GstHarness *harness = decoder_new ("");
  GstSegment segment;

  push_text (harness, "a;b\n1;2\n\"3");
  fail_unless (gst_harness_push_event (harness, gst_event_new_flush_start ()));
  fail_unless (gst_harness_push_event (harness,
          gst_event_new_flush_stop (TRUE)));
  g_free (pull_events (harness));
  gst_segment_init (&segment, GST_FORMAT_BYTES);
  gst_harness_push_event (harness, gst_event_new_segment (&segment));
  push_text (harness, "x,y,z\n5,6,7\n");
  fail_unless (gst_harness_push_event (harness, gst_event_new_eos ()));
  assert_pulls_rows (harness, "0-1@0+1000: 5 6 7|", "after a flush");
  assert_pulls_events (harness, DATA ("3", "1", "1/1") "|segment|eos|");
  gst_harness_teardown (harness);
}

GST_END_TEST;

GST_START_TEST (test_flush_forgets_an_error)
{
  GstHarness *harness = decoder_new ("");

  fail_unless_equals_int (push_text (harness, "1,2\n3,x\n"), GST_FLOW_ERROR);
  gst_harness_push_event (harness, gst_event_new_flush_start ());
  gst_harness_push_event (harness, gst_event_new_flush_stop (TRUE));
  gst_harness_set_src_caps_str (harness, "text/csv");
  fail_unless_equals_int (push_text (harness, "1,2\n3,4\n"), GST_FLOW_OK);
  fail_unless (gst_harness_push_event (harness, gst_event_new_eos ()));
  assert_pulls_rows (harness, "0-2@0+2000: 1 2 3 4|", "after a flush");
  gst_harness_teardown (harness);
}

GST_END_TEST;

/* The first text's last line is read, and the second one has its own header. */
GST_START_TEST (test_stream_start_begins_another_text)
{
  GstHarness *harness = decoder_new ("");

  push_text (harness, "a,b\n1,2\n3,4");
  fail_unless (gst_harness_push_event (harness,
          gst_event_new_stream_start ("second")));
  gst_harness_set_src_caps_str (harness, "text/plain");
  push_text (harness, "c;d\n5;6\n");
  fail_unless (gst_harness_push_event (harness, gst_event_new_eos ()));
  assert_pulls_rows (harness, "0-2@0+2000: 1 2 3 4|0-1@0+1000: 5 6|",
      "two streams");
  assert_pulls_events (harness, "stream-start|" DATA ("2", "2", "1/2")
      "|segment|stream-start|" DATA ("2", "1", "1/1") "|segment|eos|");
  gst_harness_teardown (harness);
}

GST_END_TEST;

GST_START_TEST (test_caps_in_between_change_nothing)
{
  GstHarness *harness = decoder_new ("");

  push_text (harness, "a,b\n1,2\n3,");
  gst_harness_set_src_caps_str (harness, "text/plain");
  push_text (harness, "4\n");
  fail_unless (gst_harness_push_event (harness, gst_event_new_eos ()));
  assert_pulls_rows (harness, "0-2@0+2000: 1 2 3 4|", "caps in between");
  gst_harness_teardown (harness);
}

GST_END_TEST;

GST_START_TEST (test_seeks_are_refused)
{
  GstHarness *harness = decoder_new ("");
  GstQuery *query = gst_query_new_seeking (GST_FORMAT_TIME);
  gboolean seekable = TRUE;

  fail_if (gst_harness_push_upstream_event (harness, gst_event_new_seek (1.0,
              GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH, GST_SEEK_TYPE_SET, 0,
              GST_SEEK_TYPE_NONE, -1)));
  fail_unless (gst_pad_peer_query (harness->sinkpad, query));
  gst_query_parse_seeking (query, NULL, &seekable, NULL, NULL);
  fail_if (seekable);
  gst_query_unref (query);
  gst_harness_teardown (harness);
}

GST_END_TEST;

GST_START_TEST (test_element_can_be_used_again)
{
  GstHarness *harness = decoder_new ("");

  fail_unless_equals_int (push_text (harness, "1,2\n3,x\n"), GST_FLOW_ERROR);
  gst_element_set_state (harness->element, GST_STATE_READY);
  gst_element_set_state (harness->element, GST_STATE_PLAYING);
  gst_harness_set_src_caps_str (harness, "text/csv");
  gst_harness_push_event (harness, gst_event_new_stream_start ("again"));
  fail_unless_equals_int (push_text (harness, "5\n6\n"), GST_FLOW_OK);
  fail_unless (gst_harness_push_event (harness, gst_event_new_eos ()));
  assert_pulls_rows (harness, "0-2@0+2000: 5 6|", "another run");
  gst_harness_teardown (harness);
}

GST_END_TEST;

GST_START_TEST (test_pipeline_reads_a_file)
{
  gchar *folder = folder_new ();
  gchar *path = g_build_filename (folder, "series.csv", NULL);
  GstElement *pipeline, *sink;
  GstMessage *message;
  GstSample *sample;
  GstBus *bus;
  gchar *caps;

  fail_unless (g_file_set_contents (path, "a,b,label\n1,2,0\n3,4,1", -1, NULL));
  pipeline = pipeline_new ("filesrc location=%s ! tensorcsvdec "
      "label-column=label ! fakesink name=sink", path);
  bus = gst_element_get_bus (pipeline);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = wait_for (bus, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  fail_unless_equals_int (GST_MESSAGE_TYPE (message), GST_MESSAGE_EOS);
  gst_message_unref (message);
  gst_object_unref (bus);
  sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  g_object_get (sink, "last-sample", &sample, NULL);
  caps = gst_caps_to_string (gst_sample_get_caps (sample));
  fail_unless_equals_string (caps, DATA_AND_LABEL ("2", "2", "1/2"));
  g_free (caps);
  gst_sample_unref (sample);
  gst_object_unref (sink);
  pipeline_free (pipeline);
  g_free (path);
  folder_free (folder);
}

GST_END_TEST;

static Suite *
tensorcsvdec_suite (void)
{
  Suite *suite = suite_create ("tensorcsvdec");
  TCase *output = tcase_create ("output");
  TCase *errors = tcase_create ("errors");
  TCase *streams = tcase_create ("streams");

  suite_add_tcase (suite, output);
  tcase_add_test (output, test_caps_are_canonical);
  tcase_add_test (output, test_segment_is_of_time);
  tcase_add_test (output, test_tags_wait_for_the_segment);
  tcase_add_test (output, test_date_becomes_a_tag);
  tcase_add_test (output, test_one_memory_per_tensor);
  tcase_add_test (output, test_texts_are_read);
  tcase_add_test (output, test_chunks_do_not_matter);
  tcase_add_test (output, test_rows_leave_early);

  suite_add_tcase (suite, errors);
  tcase_add_test (errors, test_wrong_texts_are_refused);
  tcase_add_test (errors, test_wrong_columns_are_refused);
  tcase_add_test (errors, test_bytes_that_are_no_text_are_refused);
  tcase_add_test (errors, test_line_of_ten_megabytes_is_refused);
  tcase_add_test (errors, test_skip_leaves_lines_out);
  tcase_add_test (errors, test_missing_leaves_cells_out);
  tcase_add_test (errors, test_skip_leaves_times_out);
  tcase_add_test (errors, test_wrong_settings_are_refused);

  suite_add_tcase (suite, streams);
  tcase_add_test (streams, test_flush_begins_anew);
  tcase_add_test (streams, test_flush_forgets_an_error);
  tcase_add_test (streams, test_stream_start_begins_another_text);
  tcase_add_test (streams, test_caps_in_between_change_nothing);
  tcase_add_test (streams, test_seeks_are_refused);
  tcase_add_test (streams, test_element_can_be_used_again);
  tcase_add_test (streams, test_pipeline_reads_a_file);
  return suite;
}

GST_CHECK_MAIN (tensorcsvdec);
