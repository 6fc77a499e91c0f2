/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <float.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "plotaxis.h"
#include "plotdraw.h"
#include "gstvaemodeltag.h"
#include "vaetest.h"

#define WIDTH 960
#define HEIGHT 540

/* For many frames. */
#define SMALL "width=64 height=36"

#define FRAME (40 * GST_MSECOND)

/* --- rows --------------------------------------------------------------- */

/* Rows with labels and scores, of one channel if nothing else is said. */
typedef struct
{
  guint channels;
  guint n_rows;
  gfloat *data;
  guint8 *labels;
  gfloat *scores;
} Rows;

static Rows
rows_new (guint channels, guint n_rows)
{
  const Rows rows = { channels, n_rows, g_new0 (gfloat, channels * n_rows),
    g_new0 (guint8, n_rows), g_new0 (gfloat, n_rows)
  };

  return rows;
}

static void
rows_free (Rows * rows)
{
  g_free (rows->data);
  g_free (rows->labels);
  g_free (rows->scores);
}

/* Waves, with something of everything. */
static Rows
waves_new (guint channels, guint n_rows)
{
  Rows rows = rows_new (channels, n_rows);

  for (guint i = 0; i < n_rows; i++) {
    for (guint k = 0; k < channels; k++)
      rows.data[i * channels + k] = i % 97 == 50 ? NAN
          : (gfloat) sin (0.05 * i + k) * (gfloat) (k + 1);
    rows.scores[i] = i < 5 ? NAN : (gfloat) fabs (cos (0.013 * i));
    rows.labels[i] = i % 60 >= 50;
  }
  return rows;
}

static void
put (GstBuffer * buffer, guint index, gconstpointer data)
{
  GstMemory *memory = gst_buffer_peek_memory (buffer, index);
  GstMapInfo map;

  fail_unless (gst_memory_map (memory, &map, GST_MAP_WRITE));
  memcpy (map.data, data, map.size);
  gst_memory_unmap (memory, &map);
}

static GstVaeTensorsInfo
rows_info (const Rows * rows, guint n)
{
  const GstVaeTensorsInfo info = {
    .n_tensors = 3,
    .tensors = {{GST_VAE_FLOAT32, rows->channels, n}, {GST_VAE_UINT8, 1, n},
        {GST_VAE_FLOAT32, 1, n}},
    .fps_d = 1,
  };

  return info;
}

static GstBuffer *
rows_buffer (const Rows * rows, guint first, guint n)
{
  const GstVaeTensorsInfo info = rows_info (rows, n);
  GstBuffer *buffer = gst_vae_tensors_buffer_new (&info);

  put (buffer, 0, rows->data + first * rows->channels);
  put (buffer, 1, rows->labels + first);
  put (buffer, 2, rows->scores + first);
  return buffer;
}

static GstFlowReturn
push_part (GstHarness * harness, const Rows * rows, guint first, guint n,
    GstClockTime pts, GstClockTime duration)
{
  const GstVaeTensorsInfo info = rows_info (rows, n);
  GstBuffer *buffer = rows_buffer (rows, first, n);

  push_caps (harness, &info);
  GST_BUFFER_PTS (buffer) = pts;
  GST_BUFFER_DURATION (buffer) = duration;
  return gst_harness_push (harness, buffer);
}

/* A row each hundredth of a second from `start` on, or without time. */
static void
push_rows (GstHarness * harness, const Rows * rows, guint per_buffer,
    GstClockTime start)
{
  const GstClockTime row = 10 * GST_MSECOND;
  const gboolean timed = GST_CLOCK_TIME_IS_VALID (start);

  for (guint i = 0; i < rows->n_rows; i += per_buffer) {
    const guint n = MIN (per_buffer, rows->n_rows - i);

    fail_unless_equals_int (push_part (harness, rows, i, n,
            timed ? start + i * row : start, timed ? n * row : start),
        GST_FLOW_OK);
  }
}

static void
push_eos (GstHarness * harness)
{
  fail_unless (gst_harness_push_event (harness, gst_event_new_eos ()));
}

/* --- pictures ----------------------------------------------------------- */

typedef struct
{
  gint width;
  gint height;
  guint32 *pixels;              /* 0xrrggbb */
} Picture;

static void
picture_free (Picture * picture)
{
  g_free (picture->pixels);
}

static Picture
picture_of (GstBuffer * buffer, gint width, gint height)
{
  Picture picture = { width, height, g_new (guint32, width * height) };
  const gsize size = (gsize) width * height * 4;

  fail_unless_equals_uint64 (gst_buffer_extract (buffer, 0, picture.pixels,
          size), size);
  fail_unless_equals_uint64 (gst_buffer_get_size (buffer), size);
  for (gint i = 0; i < width * height; i++)
    picture.pixels[i] &= 0xffffff;
  gst_buffer_unref (buffer);
  return picture;
}

static GstBuffer *
pull_last (GstHarness * harness)
{
  GstBuffer *last = NULL, *buffer;

  while ((buffer = gst_harness_try_pull (harness))) {
    gst_clear_buffer (&last);
    last = buffer;
  }
  fail_unless (last != NULL, "no frame");
  return last;
}

static Picture
pull_picture (GstHarness * harness)
{
  return picture_of (pull_last (harness), WIDTH, HEIGHT);
}

/* What all the rows without times look like at the end. */
static Picture
picture_of_rows (GstHarness * harness, const Rows * rows)
{
  push_rows (harness, rows, rows->n_rows, GST_CLOCK_TIME_NONE);
  return pull_picture (harness);
}

static guint32
at (const Picture * picture, gint x, gint y)
{
  return picture->pixels[y * picture->width + x];
}

static void
assert_same_picture (const Picture * a, const Picture * b)
{
  fail_unless_equals_int (a->width, b->width);
  fail_unless_equals_int (a->height, b->height);
  fail_unless (memcmp (a->pixels, b->pixels,
          (gsize) a->width * a->height * 4) == 0);
}

static const PlotPalette *
palette (void)
{
  return plot_palette_get (PLOT_THEME_LIGHT);
}

static gint
distance (guint32 a, guint32 b)
{
  gint sum = 0;

  for (guint shift = 0; shift < 24; shift += 8)
    sum += abs ((gint) (a >> shift & 0xff) - (gint) (b >> shift & 0xff));
  return sum;
}

static gboolean
is_exactly (guint32 pixel, guint32 color)
{
  return pixel == color;
}

/* Covered by more than half, on a panel: lines have smooth edges. */
static gboolean
is_mostly (guint32 pixel, guint32 color)
{
  return 2 * distance (pixel, color) < distance (palette ()->panel, color);
}

typedef gboolean (*ColorTest) (guint32 pixel, guint32 color);

static guint
count (const Picture * picture, const PlotBox * box, ColorTest test,
    guint32 color)
{
  guint n = 0;

  fail_unless (box->x >= 0 && box->x + box->width <= picture->width);
  fail_unless (box->y >= 0 && box->y + box->height <= picture->height);
  for (gint y = box->y; y < box->y + box->height; y++) {
    for (gint x = box->x; x < box->x + box->width; x++)
      n += test (at (picture, x, y), color);
  }
  return n;
}

static guint
count_color (const Picture * picture, const PlotBox * box, guint32 color)
{
  return count (picture, box, is_exactly, color);
}

static guint
count_line (const Picture * picture, const PlotBox * box, guint32 color)
{
  return count (picture, box, is_mostly, color);
}

/* Of a picture with everything on it. */
static PlotGeometry
geometry (void)
{
  const PlotView view = {.scored = TRUE,.labelled = TRUE,.threshold = 1 };

  return plot_geometry_new (WIDTH, HEIGHT, &view);
}

/* The part of a box in which some of `all` rows lie, without its edges. */
static PlotBox
part_of (const PlotBox * box, gdouble first, gdouble end, guint all)
{
  PlotBox part = *box;

  part.x = box->x + (gint) ceil (first / all * box->width) + 2;
  part.width = box->x + (gint) (end / all * box->width) - 2 - part.x;
  fail_unless (part.width > 0);
  return part;
}

/* The middle of the pixels of a color, from the box's top. */
static gdouble
height_of (const Picture * picture, const PlotBox * box, ColorTest test,
    guint32 color)
{
  gdouble sum = 0;
  guint n = 0;

  for (gint y = box->y; y < box->y + box->height; y++) {
    for (gint x = box->x; x < box->x + box->width; x++) {
      if (!test (at (picture, x, y), color))
        continue;
      sum += y - box->y + 0.5;
      n++;
    }
  }
  fail_unless (n > 0, "nothing has the color %06x", color);
  return sum / n;
}

/* --- harnesses ---------------------------------------------------------- */

static GstHarness *
harness_new (const gchar * properties)
{
  gchar *line = g_strdup_printf ("tensorplot %s", properties);
  GstHarness *harness = gst_harness_new_parse (line);

  g_free (line);
  return harness;
}

static GstElement *
plot_of (GstHarness * harness)
{
  GstElement *plot = gst_harness_find_element (harness, "tensorplot");

  fail_unless (plot != NULL);
  return plot;
}

static GstClockTime
pull_time (GstHarness * harness)
{
  GstBuffer *buffer = gst_harness_try_pull (harness);
  GstClockTime time;

  fail_unless (buffer != NULL, "no frame");
  time = GST_BUFFER_PTS (buffer);
  fail_unless_equals_uint64 (GST_BUFFER_DURATION (buffer), FRAME);
  gst_buffer_unref (buffer);
  return time;
}

static void
assert_no_frame (GstHarness * harness)
{
  fail_unless_equals_int (gst_harness_buffers_in_queue (harness), 0);
}

static guint
count_frames (GstHarness * harness)
{
  GstBuffer *buffer;
  guint n = 0;

  for (; (buffer = gst_harness_try_pull (harness)); n++)
    gst_buffer_unref (buffer);
  return n;
}

/* --- frames ------------------------------------------------------------- */

static const guint cuts[] = { 1, 7, 64, 1000 };

GST_START_TEST (test_frames_have_a_rate_of_their_own)
{
  GstHarness *harness = harness_new (SMALL);
  Rows rows = waves_new (1, 100);

  push_rows (harness, &rows, cuts[__i__], GST_SECOND);
  push_eos (harness);
  for (guint i = 0; i < 25; i++)
    fail_unless_equals_uint64 (pull_time (harness), GST_SECOND + i * FRAME);
  fail_unless_equals_uint64 (pull_time (harness), 1990 * GST_MSECOND);
  assert_no_frame (harness);
  rows_free (&rows);
  gst_harness_teardown (harness);
}

GST_END_TEST;

GST_START_TEST (test_a_rate_that_rows_do_not_meet_is_kept)
{
  GstHarness *harness = harness_new (SMALL " framerate=30/1");
  Rows rows = waves_new (1, 1000);
  GstBuffer *buffer;
  guint n = 0;

  push_rows (harness, &rows, 50, 0);
  for (; (buffer = gst_harness_try_pull (harness)); n++) {
    const GstClockTime ideal = gst_util_uint64_scale_ceil (n, GST_SECOND, 30);

    fail_unless (GST_BUFFER_PTS (buffer) >= ideal
        && GST_BUFFER_PTS (buffer) < ideal + 10 * GST_MSECOND);
    gst_buffer_unref (buffer);
  }
  fail_unless_equals_int (n, 300);
  rows_free (&rows);
  gst_harness_teardown (harness);
}

GST_END_TEST;

GST_START_TEST (test_rows_far_apart_have_a_frame_each)
{
  GstHarness *harness = harness_new (SMALL);
  Rows rows = waves_new (1, 4);

  for (guint i = 0; i < 4; i++)
    push_part (harness, &rows, i, 1, i * 3600 * GST_SECOND,
        GST_CLOCK_TIME_NONE);
  push_eos (harness);
  for (guint i = 0; i < 4; i++)
    fail_unless_equals_uint64 (pull_time (harness), i * 3600 * GST_SECOND);
  assert_no_frame (harness);
  rows_free (&rows);
  gst_harness_teardown (harness);
}

GST_END_TEST;

GST_START_TEST (test_rows_without_times_have_a_frame_per_buffer)
{
  GstHarness *harness = harness_new (SMALL);
  Rows rows = waves_new (1, 30);

  push_rows (harness, &rows, 10, GST_CLOCK_TIME_NONE);
  push_eos (harness);
  for (guint i = 0; i < 3; i++)
    fail_unless_equals_uint64 (pull_time (harness), i * FRAME);
  assert_no_frame (harness);
  rows_free (&rows);
  gst_harness_teardown (harness);
}

GST_END_TEST;

GST_START_TEST (test_bytes_become_time)
{
  GstHarness *harness = harness_new ("");
  Rows rows = waves_new (1, 10);
  const GstVaeTensorsInfo info = rows_info (&rows, 10);
  GstSegment segment;
  GstEvent *event;
  const GstSegment *sent;

  push_caps (harness, &info);
  gst_segment_init (&segment, GST_FORMAT_BYTES);
  gst_harness_push_event (harness, gst_event_new_segment (&segment));
  fail_unless_equals_int (push_part (harness, &rows, 0, 10, 77, 1),
      GST_FLOW_OK);
  event = gst_pad_get_sticky_event (harness->sinkpad, GST_EVENT_SEGMENT, 0);
  gst_event_parse_segment (event, &sent);
  fail_unless_equals_int (sent->format, GST_FORMAT_TIME);
  gst_event_unref (event);
  fail_unless_equals_uint64 (pull_time (harness), 0);
  rows_free (&rows);
  gst_harness_teardown (harness);
}

GST_END_TEST;

GST_START_TEST (test_size_and_rate_are_downstreams_choice)
{
  GstHarness *harness = harness_new ("width=800 height=600 framerate=10/1");
  Rows rows = waves_new (2, 20);
  GstBuffer *buffer;
  GstCaps *caps;

  push_rows (harness, &rows, 20, 0);
  caps = gst_pad_get_current_caps (harness->sinkpad);
  fail_unless (gst_structure_has_field_typed (gst_caps_get_structure (caps, 0),
          "width", G_TYPE_INT));
  gst_caps_unref (caps);
  fail_unless_equals_int (gst_buffer_get_size (buffer = pull_last (harness)),
      800 * 600 * 4);
  fail_unless_equals_uint64 (GST_BUFFER_DURATION (buffer), 100 * GST_MSECOND);
  gst_buffer_unref (buffer);

  gst_harness_set_sink_caps_str (harness,
      "video/x-raw,format=BGRx,width=320,height=240,framerate=5/1");
  push_rows (harness, &rows, 20, GST_SECOND);
  fail_unless_equals_int (gst_buffer_get_size (buffer = pull_last (harness)),
      320 * 240 * 4);
  fail_unless_equals_uint64 (GST_BUFFER_DURATION (buffer), 200 * GST_MSECOND);
  gst_buffer_unref (buffer);
  rows_free (&rows);
  gst_harness_teardown (harness);
}

GST_END_TEST;

GST_START_TEST (test_rgba_is_the_same_picture)
{
  GstHarness *harness = harness_new ("threshold=0.5");
  GstHarness *converted = harness_new ("threshold=0.5");
  Rows rows = waves_new (3, 200);
  Picture picture = picture_of_rows (harness, &rows), other;

  gst_harness_set_sink_caps_str (converted, "video/x-raw,format=RGBA");
  other = picture_of_rows (converted, &rows);
  for (gint i = 0; i < WIDTH * HEIGHT; i++)
    other.pixels[i] = GUINT32_FROM_BE (other.pixels[i]) >> 8;
  assert_same_picture (&picture, &other);
  picture_free (&picture);
  picture_free (&other);
  rows_free (&rows);
  gst_harness_teardown (harness);
  gst_harness_teardown (converted);
}

GST_END_TEST;

/* --- what is drawn ------------------------------------------------------ */

/* How rows are cut into buffers changes frames' number where they have no time,
 * and nothing on the last one. */
GST_START_TEST (test_cuts_do_not_change_the_picture)
{
  const gchar *properties = "width=320 height=180 threshold=0.5";
  GstHarness *whole = harness_new (properties);
  GstHarness *cut = harness_new (properties);
  Rows rows = waves_new (4, 200);
  Picture a, b;

  push_rows (whole, &rows, rows.n_rows, GST_CLOCK_TIME_NONE);
  push_rows (cut, &rows, cuts[__i__], GST_CLOCK_TIME_NONE);
  a = picture_of (pull_last (whole), 320, 180);
  b = picture_of (pull_last (cut), 320, 180);
  assert_same_picture (&a, &b);
  picture_free (&a);
  picture_free (&b);
  rows_free (&rows);
  gst_harness_teardown (whole);
  gst_harness_teardown (cut);
}

GST_END_TEST;

GST_START_TEST (test_flagged_rows_are_shaded)
{
  const PlotGeometry g = geometry ();
  GstHarness *harness = harness_new ("threshold=5 span=100");
  Rows rows = rows_new (1, 100);
  const PlotBox *panels[] = { &g.channels, &g.score };
  Picture picture;

  for (guint i = 40; i < 60; i++)
    rows.scores[i] = 5;
  picture = picture_of_rows (harness, &rows);
  for (guint i = 0; i < G_N_ELEMENTS (panels); i++) {
    PlotBox before = part_of (panels[i], 0, 40, 100);
    PlotBox within = part_of (panels[i], 40, 60, 100);
    PlotBox after = part_of (panels[i], 60, 100, 100);

    fail_unless (count_color (&picture, &before, palette ()->panel)
        > (guint) (3 * before.width * before.height / 4));
    fail_unless (count_color (&picture, &after, palette ()->panel)
        > (guint) (3 * after.width * after.height / 4));
    fail_unless_equals_int (count_color (&picture, &within,
            palette ()->panel), 0);
  }
  fail_unless_equals_int (count_color (&picture, &g.flagged,
          palette ()->flagged), g.flagged.height
      * (gint) (ceil (0.6 * g.flagged.width)
          - floor (0.4 * g.flagged.width)));
  fail_unless_equals_int (count_color (&picture, &g.labelled,
          palette ()->panel), g.labelled.width * g.labelled.height);
  picture_free (&picture);
  rows_free (&rows);
  gst_harness_teardown (harness);
}

GST_END_TEST;

GST_START_TEST (test_labelled_rows_are_hatched)
{
  const PlotGeometry g = geometry ();
  GstHarness *harness = harness_new ("threshold=5 span=100");
  Rows rows = rows_new (1, 100);
  const PlotBox within = part_of (&g.channels, 40, 60, 100);
  const PlotBox lane = part_of (&g.labelled, 40, 60, 100);
  const guint area = (guint) (within.width * within.height);
  Picture picture;
  guint plain;

  memset (rows.labels + 40, 1, 20);
  picture = picture_of_rows (harness, &rows);
  plain = count_color (&picture, &within, palette ()->panel);
  fail_unless (plain > area / 2 && plain < 9 * area / 10, "%u of %u", plain,
      area);
  fail_unless_equals_int (count_color (&picture, &lane, palette ()->panel), 0);
  fail_unless (count_color (&picture, &lane, palette ()->labelled)
      > (guint) (lane.width * lane.height / 10));
  fail_unless_equals_int (count_color (&picture, &g.flagged,
          palette ()->panel), g.flagged.width * g.flagged.height);
  picture_free (&picture);
  rows_free (&rows);
  gst_harness_teardown (harness);
}

GST_END_TEST;

/* Half of the rows have score 0, half 8; the threshold of 6 lies at 3/4. */
GST_START_TEST (test_threshold_is_where_its_value_is)
{
  const PlotGeometry g = geometry ();
  GstHarness *harness = harness_new ("threshold=6 span=100");
  Rows rows = rows_new (1, 100);
  const PlotBox low = part_of (&g.score, 0, 50, 100);
  const PlotBox high = part_of (&g.score, 50, 100, 100);
  gdouble zero, eight, six;
  Picture picture;

  rows.scores[0] = -8;          /* the axis does not begin at zero */
  for (guint i = 50; i < 100; i++)
    rows.scores[i] = 8;
  picture = picture_of_rows (harness, &rows);
  zero = height_of (&picture, &low, is_mostly, palette ()->score);
  eight = height_of (&picture, &high, is_mostly, palette ()->score);
  six = height_of (&picture, &g.score, is_exactly, palette ()->threshold);
  fail_unless (zero - eight > 40);
  fail_unless (fabs ((zero - six) / (zero - eight) - 0.75) < 0.03,
      "%g between %g and %g", six, zero, eight);
  picture_free (&picture);
  rows_free (&rows);
  gst_harness_teardown (harness);
}

GST_END_TEST;

static void
push_model (GstHarness * harness, gdouble threshold)
{
  gst_harness_push_event (harness,
      gst_vae_model_event_new (gst_structure_new ("vae-model", "threshold",
              G_TYPE_DOUBLE, threshold, NULL)));
}

static guint
count_flagged (GstHarness * harness, const Rows * rows)
{
  const PlotGeometry g = geometry ();
  Picture picture = picture_of_rows (harness, rows);
  guint n = count_color (&picture, &g.flagged, palette ()->flagged);

  picture_free (&picture);
  return n;
}

GST_START_TEST (test_threshold_comes_from_the_model)
{
  const PlotGeometry g = geometry ();
  const guint lane = (guint) (g.flagged.width * g.flagged.height);
  GstHarness *harness = harness_new ("");
  GstElement *plot = plot_of (harness);
  Rows rows = rows_new (1, 100);
  const GstVaeTensorsInfo info = rows_info (&rows, 100);

  for (guint i = 0; i < 100; i++)
    rows.scores[i] = 3;
  push_caps (harness, &info);
  fail_unless_equals_int (count_flagged (harness, &rows), 0);
  push_model (harness, 2);
  fail_unless (count_flagged (harness, &rows) > lane / 10);
  g_object_set (plot, "threshold", 4., NULL);
  fail_unless_equals_int (count_flagged (harness, &rows), 0);
  g_object_set (plot, "threshold", 3., NULL);
  fail_unless (count_flagged (harness, &rows) > lane / 10);
  gst_object_unref (plot);
  rows_free (&rows);
  gst_harness_teardown (harness);
}

GST_END_TEST;

GST_START_TEST (test_missing_cells_are_gaps)
{
  const PlotGeometry g = geometry ();
  const gfloat missing[] = { NAN, INFINITY, -INFINITY };
  GstHarness *harness = harness_new ("threshold=5 span=100");
  Rows rows = rows_new (1, 100);
  const PlotBox before = part_of (&g.channels, 0, 39, 100);
  const PlotBox within = part_of (&g.channels, 40, 60, 100);
  PlotBox score = part_of (&g.score, 40, 60, 100);
  Picture picture;

  score.y += score.height / 2;  /* where the threshold is not */
  score.height /= 2;
  for (guint i = 40; i < 60; i++) {
    rows.data[i] = missing[__i__];
    rows.scores[i] = NAN;
  }
  picture = picture_of_rows (harness, &rows);
  fail_unless (count_line (&picture, &before, palette ()->channel)
      >= (guint) before.width);
  fail_unless_equals_int (count_line (&picture, &within,
          palette ()->channel), 0);
  fail_unless_equals_int (count_line (&picture, &score, palette ()->score), 0);
  picture_free (&picture);
  rows_free (&rows);
  gst_harness_teardown (harness);
}

GST_END_TEST;

/* A quarter of a second is missing between two halves. */
static Picture
picture_of_halves (GstHarness * harness, gboolean broken)
{
  Rows rows = rows_new (1, 50);
  GstBuffer *buffer = rows_buffer (&rows, 0, 50);

  push_part (harness, &rows, 0, 50, 0, 500 * GST_MSECOND);
  GST_BUFFER_PTS (buffer) = 750 * GST_MSECOND;
  GST_BUFFER_DURATION (buffer) = 250 * GST_MSECOND;
  if (broken)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  gst_harness_push (harness, buffer);
  push_eos (harness);
  rows_free (&rows);
  return pull_picture (harness);
}

GST_START_TEST (test_discontinuities_are_gaps)
{
  const PlotGeometry g = geometry ();
  const PlotBox hole = part_of (&g.channels, 50, 75, 100);

  for (guint broken = 0; broken < 2; broken++) {
    GstHarness *harness = harness_new ("threshold=5 span=1");
    Picture picture = picture_of_halves (harness, broken);
    const guint n = count_line (&picture, &hole, palette ()->channel);

    fail_unless (broken ? n == 0 : n >= (guint) hole.width);
    picture_free (&picture);
    gst_harness_teardown (harness);
  }
}

GST_END_TEST;

/* Half a second of rows, of which the first half leaves the window. */
GST_START_TEST (test_time_goes_on_in_gaps)
{
  const PlotGeometry g = geometry ();
  const PlotBox rest = part_of (&g.channels, 0, 24, 100);
  const PlotBox hole = part_of (&g.channels, 26, 99, 100);
  GstHarness *harness = harness_new ("threshold=5 span=1");
  Rows rows = rows_new (1, 50);
  Picture picture;

  push_rows (harness, &rows, 50, 0);
  count_frames (harness);
  gst_harness_push_event (harness, gst_event_new_gap (700 * GST_MSECOND, 1));
  fail_unless_equals_uint64 (pull_time (harness), 700 * GST_MSECOND);
  gst_harness_push_event (harness, gst_event_new_gap (1250 * GST_MSECOND, 1));
  picture = pull_picture (harness);
  fail_unless (count_line (&picture, &rest, palette ()->channel)
      >= (guint) rest.width);
  fail_unless_equals_int (count_line (&picture, &hole, palette ()->channel), 0);
  picture_free (&picture);
  rows_free (&rows);
  gst_harness_teardown (harness);
}

GST_END_TEST;

GST_START_TEST (test_gaps_do_not_time_rows_without_times)
{
  const PlotGeometry g = geometry ();
  const PlotBox join = part_of (&g.channels, 49.4, 50.6, 100);
  const PlotBox before = part_of (&g.channels, 0, 49, 100);
  GstHarness *harness = harness_new ("threshold=5 span=100");
  Rows rows = rows_new (1, 50);
  Picture picture;

  push_rows (harness, &rows, 50, GST_CLOCK_TIME_NONE);
  gst_harness_push_event (harness, gst_event_new_gap (GST_SECOND, 1));
  push_rows (harness, &rows, 50, GST_CLOCK_TIME_NONE);
  picture = pull_picture (harness);
  fail_unless (count_line (&picture, &before, palette ()->channel)
      >= (guint) before.width);
  fail_unless_equals_int (count_line (&picture, &join, palette ()->channel), 0);
  picture_free (&picture);
  rows_free (&rows);
  gst_harness_teardown (harness);
}

GST_END_TEST;

GST_START_TEST (test_window_scrolls)
{
  const PlotGeometry g = geometry ();
  GstHarness *all = harness_new ("threshold=5 span=100");
  GstHarness *last = harness_new ("threshold=5 span=100");
  Rows rows = waves_new (2, 500);
  Rows tail = rows_new (2, 100);
  Picture a, b;

  memcpy (tail.data, rows.data + 2 * 400, 2 * 100 * sizeof (gfloat));
  memcpy (tail.labels, rows.labels + 400, 100);
  memcpy (tail.scores, rows.scores + 400, 100 * sizeof (gfloat));
  a = picture_of_rows (all, &rows);
  b = picture_of_rows (last, &tail);
  for (gint y = 0; y < g.times.y; y++)
    fail_unless (memcmp (a.pixels + y * WIDTH + g.channels.x + 8,
            b.pixels + y * WIDTH + g.channels.x + 8,
            (gsize) (g.channels.width - 8) * 4) == 0, "line %d", y);
  picture_free (&a);
  picture_free (&b);
  rows_free (&rows);
  rows_free (&tail);
  gst_harness_teardown (all);
  gst_harness_teardown (last);
}

GST_END_TEST;

static const guint many_channels[] = { 1, 2, 5, 16, 64 };

GST_START_TEST (test_every_channel_is_seen)
{
  const guint n = many_channels[__i__];
  const PlotGeometry g = geometry ();
  GstHarness *harness = harness_new ("layout=stacked threshold=5 span=100");
  Rows rows = waves_new (n, 100);
  Picture picture = picture_of_rows (harness, &rows);

  for (guint i = 0; i < n; i++) {
    const gint top = g.channels.height * (gint) i / (gint) n;
    const gint end = g.channels.height * (gint) (i + 1) / (gint) n;
    const PlotBox strip = {
      g.channels.x, g.channels.y + top, g.channels.width / 3, end - top
    };

    fail_unless (count_line (&picture, &strip, palette ()->channel)
        > (guint) strip.width / 2, "channel %u of %u", i, n);
  }
  picture_free (&picture);
  rows_free (&rows);
  gst_harness_teardown (harness);
}

GST_END_TEST;

GST_START_TEST (test_layouts_differ_and_auto_chooses)
{
  const struct
  {
    guint channels;
    const gchar *layout;
  } choices[] = { {5, "stacked"}, {64, "stacked"}, {200, "overlaid"} };

  for (guint i = 0; i < G_N_ELEMENTS (choices); i++) {
    Rows rows = waves_new (choices[i].channels, 100);
    Picture pictures[3];
    const gchar *layouts[] = { "layout=stacked", "layout=overlaid", "" };

    for (guint k = 0; k < 3; k++) {
      GstHarness *harness = harness_new (layouts[k]);

      pictures[k] = picture_of_rows (harness, &rows);
      gst_harness_teardown (harness);
    }
    fail_if (memcmp (pictures[0].pixels, pictures[1].pixels,
            WIDTH * HEIGHT * 4) == 0);
    assert_same_picture (&pictures[2],
        &pictures[strcmp (choices[i].layout, "overlaid") == 0]);
    for (guint k = 0; k < 3; k++)
      picture_free (&pictures[k]);
    rows_free (&rows);
  }
}

GST_END_TEST;

GST_START_TEST (test_themes_change_while_playing)
{
  GstHarness *harness = harness_new ("");
  GstElement *plot = plot_of (harness);
  Rows rows = waves_new (1, 100);
  Picture picture = picture_of_rows (harness, &rows);

  fail_unless_equals_int (at (&picture, 0, 0), palette ()->paper);
  picture_free (&picture);
  gst_util_set_object_arg (G_OBJECT (plot), "theme", "dark");
  picture = picture_of_rows (harness, &rows);
  fail_unless_equals_int (at (&picture, 0, 0),
      plot_palette_get (PLOT_THEME_DARK)->paper);
  picture_free (&picture);
  gst_object_unref (plot);
  rows_free (&rows);
  gst_harness_teardown (harness);
}

GST_END_TEST;

/* Rows of values that reach as far as floats do, on canvases of all sizes within
 * more memory than theirs. */
static const struct
{
  gint width, height;
} sizes[] = { {1, 1}, {16, 16}, {17, 300}, {300, 17}, {400, 225}, {433, 244},
{960, 540}, {1920, 200}, {200, 1080}
};

GST_START_TEST (test_nothing_is_drawn_outside)
{
  const gfloat extremes[] = { FLT_MAX, -FLT_MAX, 0, NAN, INFINITY, FLT_MIN };
  const gint width = sizes[__i__].width, height = sizes[__i__].height;
  const gint stride = width + 5, guard = 3 * stride;
  const guint32 untouched = 0x12345678;
  guint32 *memory = g_new (guint32, stride * height + 2 * guard);
  const PlotCanvas canvas = { memory + guard, stride, width, height };
  PlotHistory *history = plot_history_new (3, 0, PLOT_AUTO_ROWS);
  PlotView view = {.scored = TRUE,.labelled = TRUE,.threshold = 1 };
  Rows rows = rows_new (3, 3000);
  PlotRows part = {.data = rows.data,.scores = rows.scores,.labels =
        rows.labels,.n_rows = 3000,.cols = 3,.start = 0,.end = 3000
  };

  for (guint i = 0; i < 3 * 3000; i++)
    rows.data[i] = extremes[i * 7 / 3 % G_N_ELEMENTS (extremes)];
  for (guint i = 0; i < 3000; i++) {
    rows.scores[i] = extremes[i / 3 % G_N_ELEMENTS (extremes)];
    rows.labels[i] = i / 50 % 2;
  }
  for (gint i = 0; i < stride * height + 2 * guard; i++)
    memory[i] = untouched;
  plot_history_append (history, &part);
  for (view.layout = 0; view.layout <= PLOT_LAYOUT_OVERLAID; view.layout++)
    plot_draw (&canvas, history, &view);

  for (gint i = 0; i < guard; i++)
    fail_unless (memory[i] == untouched
        && memory[stride * height + guard + i] == untouched);
  for (gint y = 0; y < height; y++) {
    for (gint x = 0; x < stride; x++) {
      if ((canvas.pixels[y * stride + x] == untouched) != (x >= width))
        fail ("pixel %d, %d", x, y);
    }
  }
  plot_history_free (history);
  rows_free (&rows);
  g_free (memory);
}

GST_END_TEST;

GST_START_TEST (test_lines_stay_in_their_panel)
{
  const PlotGeometry g = geometry ();
  GstHarness *harness = harness_new ("threshold=5 layout=overlaid span=3000");
  Rows rows = rows_new (3, 3000);
  PlotBox margin = { g.channels.x + g.channels.width, 40, 0, 400 };
  PlotBox between = { g.channels.x, g.channels.y + g.channels.height,
    g.channels.width, 0
  };
  Picture picture;

  for (guint i = 0; i < 9000; i++)
    rows.data[i] = i % 2 ? FLT_MAX : -FLT_MAX;
  for (guint i = 0; i < 3000; i++)
    rows.scores[i] = i % 2 ? FLT_MAX : 0;
  margin.width = WIDTH - margin.x;
  between.height = g.flagged.y - between.y;
  picture = picture_of_rows (harness, &rows);
  fail_unless (margin.width > 0 && between.height > 0);
  fail_unless_equals_int (count_color (&picture, &margin, palette ()->paper),
      margin.width * margin.height);
  fail_unless_equals_int (count_color (&picture, &between, palette ()->paper),
      between.width * between.height);
  picture_free (&picture);
  rows_free (&rows);
  gst_harness_teardown (harness);
}

GST_END_TEST;

/* A million rows in one window: a single value that stands out is still seen. */
GST_START_TEST (test_no_row_is_lost_among_many)
{
  const PlotGeometry g = geometry ();
  GstHarness *harness = harness_new ("threshold=5 span=1000000");
  Rows rows = rows_new (1, 1000000);
  const PlotBox before = part_of (&g.channels, 0, 49, 100);
  const PlotBox peak = part_of (&g.channels, 49, 51, 100);
  Picture picture;

  rows.data[500000] = 1;
  rows.scores[500000] = 9;
  picture = picture_of_rows (harness, &rows);
  fail_unless (height_of (&picture, &before, is_mostly, palette ()->channel)
      - height_of (&picture, &peak, is_mostly, palette ()->channel)
      > g.channels.height / 4);
  fail_unless (count_color (&picture, &g.flagged, palette ()->flagged) > 0);
  picture_free (&picture);
  rows_free (&rows);
  gst_harness_teardown (harness);
}

GST_END_TEST;

/* --- the stream --------------------------------------------------------- */

/* Downstream is a whole second late. */
GST_START_TEST (test_frames_are_dropped_and_rows_are_not)
{
  GstHarness *prompt = harness_new ("threshold=0.5");
  GstHarness *late = harness_new ("threshold=0.5");
  GstBus *bus = bus_new (late->element);
  Rows rows = waves_new (2, 200);
  guint n_frames, n_drawn, n_dropped;
  Picture a, b;

  push_rows (prompt, &rows, 10, 0);
  push_eos (prompt);
  n_frames = gst_harness_buffers_in_queue (prompt);
  a = pull_picture (prompt);

  gst_harness_push_upstream_event (late, gst_event_new_qos
      (GST_QOS_TYPE_UNDERFLOW, 2, GST_SECOND / 2, 0));
  push_rows (late, &rows, 10, 0);
  push_eos (late);
  n_drawn = gst_harness_buffers_in_queue (late);
  b = pull_picture (late);
  n_dropped = count_messages (bus, GST_MESSAGE_QOS);
  fail_unless (n_drawn < n_frames / 2 + 1 && n_drawn > n_frames / 2 - 2);
  fail_unless_equals_int (n_drawn + n_dropped, n_frames);
  assert_same_picture (&a, &b);

  picture_free (&a);
  picture_free (&b);
  rows_free (&rows);
  bus_free (bus, late->element);
  gst_harness_teardown (prompt);
  gst_harness_teardown (late);
}

GST_END_TEST;

/* All frames are late, also that at the end: it is drawn nevertheless. */
GST_START_TEST (test_last_frame_is_never_dropped)
{
  GstHarness *harness = harness_new (SMALL);
  Rows rows = waves_new (2, 20);

  gst_harness_push_upstream_event (harness, gst_event_new_qos
      (GST_QOS_TYPE_UNDERFLOW, 2, 3600 * GST_SECOND, 0));
  push_rows (harness, &rows, 10, 0);
  assert_no_frame (harness);
  push_eos (harness);
  fail_unless_equals_uint64 (pull_time (harness), 190 * GST_MSECOND);
  assert_no_frame (harness);
  rows_free (&rows);
  gst_harness_teardown (harness);
}

GST_END_TEST;

static GstPadProbeReturn
count_qos (GstPad * pad, GstPadProbeInfo * info, gpointer count)
{
  if (GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info)) == GST_EVENT_QOS)
    ++ * (guint *) count;
  return GST_PAD_PROBE_OK;
}

GST_START_TEST (test_lateness_of_frames_does_not_go_to_rows)
{
  GstHarness *harness = harness_new ("");
  guint n = 0;

  gst_pad_add_probe (harness->srcpad, GST_PAD_PROBE_TYPE_EVENT_UPSTREAM,
      count_qos, &n, NULL);
  gst_harness_push_upstream_event (harness, gst_event_new_qos
      (GST_QOS_TYPE_UNDERFLOW, 2, GST_SECOND, 0));
  fail_unless_equals_int (n, 0);
  gst_harness_teardown (harness);
}

GST_END_TEST;

/* The frames are those of the second series alone. */
static void
assert_begins_anew (GstHarness * harness, const Rows * rows, GstClockTime start)
{
  GstHarness *fresh = harness_new ("threshold=0.5");
  Picture a, b;

  count_frames (harness);
  push_rows (harness, rows, 10, start);
  push_eos (harness);
  push_rows (fresh, rows, 10, start);
  push_eos (fresh);
  fail_unless_equals_int (gst_harness_buffers_in_queue (harness),
      gst_harness_buffers_in_queue (fresh));
  a = pull_picture (harness);
  b = pull_picture (fresh);
  assert_same_picture (&a, &b);
  picture_free (&a);
  picture_free (&b);
  gst_harness_teardown (fresh);
}

GST_START_TEST (test_flush_begins_anew)
{
  GstHarness *harness = harness_new ("threshold=0.5");
  Rows before = waves_new (2, 150), after = waves_new (2, 80);
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  push_rows (harness, &before, 10, 0);
  gst_harness_push_upstream_event (harness, gst_event_new_qos
      (GST_QOS_TYPE_UNDERFLOW, 2, 3600 * GST_SECOND, 0));
  gst_harness_push_event (harness, gst_event_new_flush_start ());
  gst_harness_push_event (harness, gst_event_new_flush_stop (TRUE));
  gst_harness_push_event (harness, gst_event_new_segment (&segment));
  assert_begins_anew (harness, &after, 2 * GST_SECOND);
  rows_free (&before);
  rows_free (&after);
  gst_harness_teardown (harness);
}

GST_END_TEST;

GST_START_TEST (test_back_in_time_begins_anew)
{
  GstHarness *harness = harness_new ("threshold=0.5");
  Rows before = waves_new (2, 150), after = waves_new (2, 80);

  push_rows (harness, &before, 10, GST_SECOND);
  assert_begins_anew (harness, &after, 0);
  rows_free (&before);
  rows_free (&after);
  gst_harness_teardown (harness);
}

GST_END_TEST;

GST_START_TEST (test_other_channels_begin_anew)
{
  GstHarness *harness = harness_new ("threshold=0.5");
  Rows before = waves_new (2, 150), after = waves_new (5, 80);

  push_rows (harness, &before, 10, 0);
  assert_begins_anew (harness, &after, 2 * GST_SECOND);
  rows_free (&before);
  rows_free (&after);
  gst_harness_teardown (harness);
}

GST_END_TEST;

GST_START_TEST (test_flattened_rows_are_drawn)
{
  GstHarness *harness = harness_new ("threshold=0.5");
  GstHarness *flat = harness_new ("threshold=0.5");
  Rows rows = waves_new (3, 100);
  const GstVaeTensorsInfo info = rows_info (&rows, 100);
  GstBuffer *buffer = rows_buffer (&rows, 0, 100);
  gpointer bytes;
  gsize size;
  Picture a = picture_of_rows (harness, &rows), b;

  gst_buffer_extract_dup (buffer, 0, -1, &bytes, &size);
  gst_buffer_unref (buffer);
  push_caps (flat, &info);
  fail_unless_equals_int (gst_harness_push (flat, gst_buffer_new_wrapped
          (bytes, size)), GST_FLOW_OK);
  b = pull_picture (flat);
  assert_same_picture (&a, &b);
  picture_free (&a);
  picture_free (&b);
  rows_free (&rows);
  gst_harness_teardown (harness);
  gst_harness_teardown (flat);
}

GST_END_TEST;

GST_START_TEST (test_tensors_are_picked)
{
  const PlotGeometry g = geometry ();
  const gchar *properties[] = {
    "threshold=1", "threshold=1 score-tensor=0", "threshold=1 data-tensor=2",
    "threshold=1 label-tensor=-1",
  };
  const PlotBox all = { 0, 0, WIDTH, HEIGHT };
  Rows rows = waves_new (1, 100);
  Picture pictures[4];

  for (guint i = 0; i < 100; i++) {
    rows.data[i] = 2;
    rows.scores[i] = 0;
  }
  for (guint i = 0; i < 4; i++) {
    GstHarness *harness = harness_new (properties[i]);

    pictures[i] = picture_of_rows (harness, &rows);
    gst_harness_teardown (harness);
  }
  fail_unless_equals_int (count_color (&pictures[0], &g.flagged,
          palette ()->flagged), 0);
  fail_unless (count_color (&pictures[1], &g.flagged, palette ()->flagged)
      > (guint) g.flagged.width);
  fail_unless (count_color (&pictures[0], &g.labelled,
          palette ()->labelled) > 0);
  fail_unless_equals_int (count_color (&pictures[3], &g.labelled,
          palette ()->labelled), 0);
  /* The last tensor is the data, so there is no score. */
  fail_unless_equals_int (count_color (&pictures[2], &all,
          palette ()->threshold), 0);
  fail_unless (count_color (&pictures[0], &all, palette ()->threshold) > 100);
  for (guint i = 0; i < 4; i++)
    picture_free (&pictures[i]);
  rows_free (&rows);
}

GST_END_TEST;

GST_START_TEST (test_end_without_rows)
{
  GstHarness *harness = harness_new ("");
  GstBus *bus = bus_new (harness->element);
  Rows rows = waves_new (1, 10);
  const GstVaeTensorsInfo info = rows_info (&rows, 10);

  if (__i__ == 1)
    push_caps (harness, &info);
  push_eos (harness);
  assert_no_frame (harness);
  fail_unless_equals_int (count_messages (bus, GST_MESSAGE_ERROR), 0);
  rows_free (&rows);
  bus_free (bus, harness->element);
  gst_harness_teardown (harness);
}

GST_END_TEST;

/* --- errors ------------------------------------------------------------- */

static const struct
{
  const gchar *property;
  const gchar *value;
  const gchar *message;
} wrong_settings[] = {
  {"span", "-1", "span is -1"},
  {"span", "1e-7", "span is 1e-07"},
  {"span", "1e10", "span is 1e+10"},
  {"width", "0", "width is 0"},
  {"width", "15", "width is 15"},
  {"height", "16385", "height is 16385"},
  {"framerate", "0/1", "framerate is 0/1"},
  {"framerate", "-5/1", "framerate is -5/1"},
  {"data-tensor", "-1", "data-tensor is -1"},
  {"data-tensor", "16", "data-tensor is 16"},
  {"label-tensor", "-2", "label-tensor is -2"},
  {"score-tensor", "16", "score-tensor is 16"},
};

GST_START_TEST (test_wrong_settings_are_refused)
{
  GstElement *plot = gst_element_factory_make ("tensorplot", NULL);
  GstBus *bus = bus_new (plot);

  gst_util_set_object_arg (G_OBJECT (plot), wrong_settings[__i__].property,
      wrong_settings[__i__].value);
  fail_unless_equals_int (gst_element_set_state (plot, GST_STATE_PAUSED),
      GST_STATE_CHANGE_FAILURE);
  expect_error (bus, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS,
      wrong_settings[__i__].message);
  gst_element_set_state (plot, GST_STATE_NULL);
  bus_free (bus, plot);
  gst_object_unref (plot);
}

GST_END_TEST;

static const struct
{
  const gchar *properties;
  const gchar *caps;
  const gchar *message;
} wrong_caps[] = {
  {"", "other/tensors,num_tensors=1,dimensions=(string)2:5,types=int16",
      "int16 and not float32"},
  {"data-tensor=1", "other/tensors,num_tensors=1,dimensions=(string)2:5,"
        "types=float32",
      "there is no tensor 1"},
  {"label-tensor=2", "other/tensors,num_tensors=1,dimensions=(string)2:5,"
        "types=float32",
      "label-tensor is 2"},
  {"score-tensor=1", "other/tensors,num_tensors=2,dimensions=(string)"
        "\"2:5,1:5\",types=(string)\"float32,uint8\"", "score-tensor is 1"},
  {"", "other/tensors,num_tensors=2,dimensions=(string)\"2:5,1:4\","
        "types=(string)\"float32,uint8\"", "has 4 rows"},
};

GST_START_TEST (test_wrong_caps_are_refused)
{
  GstHarness *harness = harness_new (wrong_caps[__i__].properties);
  GstBus *bus = bus_new (harness->element);
  GstCaps *caps = gst_caps_from_string (wrong_caps[__i__].caps);

  gst_harness_push_event (harness, gst_event_new_caps (caps));
  expect_error (bus, GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION,
      wrong_caps[__i__].message);
  gst_caps_unref (caps);
  bus_free (bus, harness->element);
  gst_harness_teardown (harness);
}

GST_END_TEST;

GST_START_TEST (test_wrong_downstream_is_refused)
{
  GstHarness *harness = harness_new ("");
  GstBus *bus = bus_new (harness->element);
  Rows rows = waves_new (1, 10);
  const GstVaeTensorsInfo info = rows_info (&rows, 10);
  GstCaps *caps = gst_vae_tensors_to_caps (&info);

  gst_harness_set_sink_caps_str (harness, "video/x-raw,format=I420");
  gst_harness_push_event (harness, gst_event_new_caps (caps));
  expect_error (bus, GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION,
      "Downstream takes no video/x-raw");
  gst_caps_unref (caps);
  rows_free (&rows);
  bus_free (bus, harness->element);
  gst_harness_teardown (harness);
}

GST_END_TEST;

GST_START_TEST (test_wrong_rows_are_refused)
{
  GstHarness *harness = harness_new ("");
  GstBus *bus = bus_new (harness->element);
  Rows rows = waves_new (1, 10);
  const GstVaeTensorsInfo info = rows_info (&rows, 10);

  push_caps (harness, &info);
  fail_unless_equals_int (gst_harness_push (harness,
          rows_buffer (&rows, 0, 9)), GST_FLOW_ERROR);
  expect_error (bus, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT, "36 + 9 + 36");
  rows.labels[3] = 7;
  fail_unless_equals_int (gst_harness_push (harness,
          rows_buffer (&rows, 0, 10)), GST_FLOW_ERROR);
  expect_error (bus, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
      "The label of row 3 is 7");
  assert_no_frame (harness);
  rows_free (&rows);
  bus_free (bus, harness->element);
  gst_harness_teardown (harness);
}

GST_END_TEST;

/* --- pipelines ---------------------------------------------------------- */

static void
run_line (const gchar * format, const gchar * folder)
{
  gchar **parts = g_strsplit (format, "FOLDER", -1);
  gchar *line = g_strjoinv (folder, parts);
  GstElement *pipeline = pipeline_new ("%s", line);

  fail_unless_equals_int (pipeline_run (pipeline), GST_MESSAGE_EOS);
  pipeline_free (pipeline);
  g_free (line);
  g_strfreev (parts);
}

GST_START_TEST (test_pictures_and_films_are_made)
{
  const gchar *names[] = { "00.png", "12.png", "13.png", "plot.avi" };
  gchar *folder = folder_new ();

  run_line ("vaesynth num-samples=50 ! tensorplot width=160 height=90 "
      "! pngenc ! multifilesink location=FOLDER/%02d.png", folder);
  run_line ("vaesynth num-samples=50 ! tensorplot width=160 height=90 "
      "! jpegenc ! avimux ! filesink location=FOLDER/plot.avi", folder);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    gchar *path = g_build_filename (folder, names[i], NULL);
    GStatBuf status;

    fail_unless (g_stat (path, &status) == 0, "no %s", names[i]);
    fail_unless (status.st_size > 300);
    g_free (path);
  }
  folder_free (folder);
}

GST_END_TEST;

GST_START_TEST (test_a_live_series_is_shown)
{
  run_line ("vaesynth is-live=true num-samples=50 samples-per-buffer=10 "
      "! tensorplot ! videoconvert ! fakesink sync=true qos=true", "");
}

GST_END_TEST;

/* What the last stream said of its model is of no meaning to the next one. */
GST_START_TEST (test_a_stop_forgets_the_model)
{
  GstHarness *harness = harness_new ("");
  Rows rows = rows_new (1, 100);
  const GstVaeTensorsInfo info = rows_info (&rows, 100);
  GstCaps *caps = gst_vae_tensors_to_caps (&info);
  GstSegment segment;

  push_caps (harness, &info);
  push_model (harness, -1);
  fail_unless (count_flagged (harness, &rows) > 0);
  gst_element_set_state (harness->element, GST_STATE_NULL);
  gst_pad_set_active (harness->srcpad, FALSE);  /* forgets what it has sent */
  gst_pad_set_active (harness->srcpad, TRUE);
  gst_element_set_state (harness->element, GST_STATE_PLAYING);
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_harness_push_event (harness, gst_event_new_stream_start ("next"));
  gst_harness_push_event (harness, gst_event_new_caps (caps));
  gst_harness_push_event (harness, gst_event_new_segment (&segment));
  fail_unless_equals_int (count_flagged (harness, &rows), 0);
  gst_caps_unref (caps);
  rows_free (&rows);
  gst_harness_teardown (harness);
}

GST_END_TEST;

/* --- axes --------------------------------------------------------------- */

static const struct
{
  gdouble seconds, step;
  const gchar *label;
} times[] = {
  {0, 1, "0 s"}, {2.5, 0.5, "2.5 s"}, {59.9999999, 5, "1:00"},
  {62.5, 0.5, "1:02.5"}, {600, 60, "10:00"}, {3602, 1, "1:00:02"},
  {86400, 3600, "1d 00:00:00"}, {1e-6, 1e-6, "0.000001 s"},
};

GST_START_TEST (test_times_are_told)
{
  gchar label[PLOT_LABEL_SIZE];

  for (guint i = 0; i < G_N_ELEMENTS (times); i++) {
    plot_axis_time_label (label, times[i].seconds, times[i].step);
    fail_unless_equals_string (label, times[i].label);
  }
}

GST_END_TEST;

static const struct
{
  gdouble value, step;
  const gchar *label;
} numbers[] = {
  {0, 1, "0"}, {-1e-17, 0.1, "0.0"}, {2.5, 0.5, "2.5"}, {-12, 2, "-12"},
  {500, 100, "500"}, {3e38, 1e38, "3e+38"}, {1e-6, 1e-6, "1e-06"},
  {100000.25, 0.25, "100000.2"},
};

GST_START_TEST (test_numbers_are_told)
{
  gchar label[PLOT_LABEL_SIZE];

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++) {
    plot_axis_label (label, numbers[i].value, numbers[i].step);
    fail_unless_equals_string (label, numbers[i].label);
  }
}

GST_END_TEST;

GST_START_TEST (test_steps_are_round)
{
  fail_unless_equals_float (plot_axis_step (10, 5), 2);
  fail_unless_equals_float (plot_axis_step (10, 4), 5);
  fail_unless_equals_float (plot_axis_step (0.7, 9), 0.1);
  fail_unless_equals_float (plot_axis_time_step (10, 9), 2);
  fail_unless_equals_float (plot_axis_time_step (200, 9), 30);
  fail_unless_equals_float (plot_axis_time_step (7200, 9), 900);
  fail_unless_equals_float (plot_axis_time_step (40 * 86400., 9), 5 * 86400.);
}

GST_END_TEST;

GST_START_TEST (test_every_axis_has_a_length)
{
  const gdouble values[][2] = {
    {0, 0}, {5, 5}, {-3, -3}, {FLT_MAX, FLT_MAX}, {-FLT_MAX, FLT_MAX},
    {FLT_MIN, FLT_MIN}, {1e8, 1e8 + 8}, {0, 1e-45},
  };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++) {
    const PlotAxis axis = plot_axis_new (values[i][0], values[i][1]);

    fail_unless (isfinite (axis.low) && isfinite (axis.high));
    fail_unless (axis.low < values[i][0] && axis.high > values[i][1]);
  }
}

GST_END_TEST;

static void
add_frame_tests (Suite * suite)
{
  TCase *tc = tcase_create ("frames");

  suite_add_tcase (suite, tc);
  tcase_add_loop_test (tc, test_frames_have_a_rate_of_their_own, 0,
      G_N_ELEMENTS (cuts));
  tcase_add_test (tc, test_a_rate_that_rows_do_not_meet_is_kept);
  tcase_add_test (tc, test_rows_far_apart_have_a_frame_each);
  tcase_add_test (tc, test_rows_without_times_have_a_frame_per_buffer);
  tcase_add_test (tc, test_bytes_become_time);
  tcase_add_test (tc, test_size_and_rate_are_downstreams_choice);
  tcase_add_test (tc, test_rgba_is_the_same_picture);
}

static void
add_picture_tests (Suite * suite)
{
  TCase *tc = tcase_create ("pictures");

  suite_add_tcase (suite, tc);
  tcase_add_loop_test (tc, test_cuts_do_not_change_the_picture, 0,
      G_N_ELEMENTS (cuts));
  tcase_add_test (tc, test_flagged_rows_are_shaded);
  tcase_add_test (tc, test_labelled_rows_are_hatched);
  tcase_add_test (tc, test_threshold_is_where_its_value_is);
  tcase_add_test (tc, test_threshold_comes_from_the_model);
  tcase_add_loop_test (tc, test_missing_cells_are_gaps, 0, 3);
  tcase_add_test (tc, test_discontinuities_are_gaps);
  tcase_add_test (tc, test_time_goes_on_in_gaps);
  tcase_add_test (tc, test_gaps_do_not_time_rows_without_times);
  tcase_add_test (tc, test_window_scrolls);
  tcase_add_loop_test (tc, test_every_channel_is_seen, 0,
      G_N_ELEMENTS (many_channels));
  tcase_add_test (tc, test_layouts_differ_and_auto_chooses);
  tcase_add_test (tc, test_themes_change_while_playing);
  tcase_add_loop_test (tc, test_nothing_is_drawn_outside, 0,
      G_N_ELEMENTS (sizes));
  tcase_add_test (tc, test_lines_stay_in_their_panel);
  tcase_add_test (tc, test_no_row_is_lost_among_many);
}

static void
add_stream_tests (Suite * suite)
{
  TCase *tc = tcase_create ("stream");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_frames_are_dropped_and_rows_are_not);
  tcase_add_test (tc, test_last_frame_is_never_dropped);
  tcase_add_test (tc, test_lateness_of_frames_does_not_go_to_rows);
  tcase_add_test (tc, test_flush_begins_anew);
  tcase_add_test (tc, test_back_in_time_begins_anew);
  tcase_add_test (tc, test_other_channels_begin_anew);
  tcase_add_test (tc, test_flattened_rows_are_drawn);
  tcase_add_test (tc, test_tensors_are_picked);
  tcase_add_loop_test (tc, test_end_without_rows, 0, 2);
  tcase_add_test (tc, test_pictures_and_films_are_made);
  tcase_add_test (tc, test_a_live_series_is_shown);
  tcase_add_test (tc, test_a_stop_forgets_the_model);
}

static void
add_error_tests (Suite * suite)
{
  TCase *tc = tcase_create ("errors");

  suite_add_tcase (suite, tc);
  tcase_add_loop_test (tc, test_wrong_settings_are_refused, 0,
      G_N_ELEMENTS (wrong_settings));
  tcase_add_loop_test (tc, test_wrong_caps_are_refused, 0,
      G_N_ELEMENTS (wrong_caps));
  tcase_add_test (tc, test_wrong_downstream_is_refused);
  tcase_add_test (tc, test_wrong_rows_are_refused);
}

static void
add_axis_tests (Suite * suite)
{
  TCase *tc = tcase_create ("axes");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_times_are_told);
  tcase_add_test (tc, test_numbers_are_told);
  tcase_add_test (tc, test_steps_are_round);
  tcase_add_test (tc, test_every_axis_has_a_length);
}

static Suite *
tensorplot_suite (void)
{
  Suite *suite = suite_create ("tensorplot");

  add_frame_tests (suite);
  add_picture_tests (suite);
  add_stream_tests (suite);
  add_error_tests (suite);
  add_axis_tests (suite);
  return suite;
}

GST_CHECK_MAIN (tensorplot);
