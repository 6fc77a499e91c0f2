/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "vaetest.h"

#include <math.h>
#include <string.h>

#define N_ROWS 1000
#define CHANNELS 5

static gchar *folder;
static gchar *path;             /* of a model of CHANNELS channels */
static Series *series;

static void
setup (void)
{
  folder = folder_new ();
  path = g_build_filename (folder, "model.bin", NULL);
  series = series_new (CHANNELS, N_ROWS, 1);
}

static void
teardown (void)
{
  folder_free (folder);
  g_free (path);
  series_free (series);
}

/* A model of the seed's loss, whose score of a row depends on its window alone. */
static void
write_model_to (const gchar * file, VaeKind kind, guint window, guint64 seed)
{
  VaeParams params;

  vae_params_init_seed (&params);
  params.kind = kind;
  params.window = window;
  params.beta = 0.5;
  params.epochs = 2;
  params.seed = seed;
  train_model (&params, series, file);
}

static void
write_model (VaeKind kind, guint window)
{
  write_model_to (path, kind, window, 1);
}

/* A small one of the default kind. */
static void
write_ensemble (guint window)
{
  VaeParams params;

  vae_params_init (&params);
  params.window = window;
  params.n_hidden = 1;
  params.hidden[0] = 16;
  params.latent_dim = 4;
  params.epochs = 2;
  train_model (&params, series, path);
}

typedef struct
{
  GstElement *element;
  GstHarness *harness;
  GstBus *bus;
} Fixture;

static GstElement *
element_new (const gchar * properties)
{
  gchar *description = g_strdup_printf ("vaescore %s", properties);
  GstElement *element = gst_parse_launch (description, NULL);

  fail_unless (element != NULL, "%s", description);
  g_object_set (element, "model", path, NULL);
  g_free (description);
  return element;
}

static void
fixture_init (Fixture * f, const gchar * properties)
{
  f->element = element_new (properties);
  f->bus = bus_new (f->element);
  f->harness = gst_harness_new_with_element (f->element, "sink", "src");
}

static void
fixture_clear (Fixture * f)
{
  gst_harness_teardown (f->harness);
  bus_free (f->bus, f->element);
  gst_object_unref (f->element);
}

/* --- what comes out ----------------------------------------------------- */

/* Copies tensor `index` of a buffer to `out`; returns its size. */
static gsize
read_tensor (GstBuffer * buffer, guint index, gpointer out)
{
  GstMapInfo map;
  gsize size;

  fail_unless (gst_buffer_map_range (buffer, index, 1, &map, GST_MAP_READ));
  size = map.size;
  memcpy (out, map.data, size);
  gst_buffer_unmap (buffer, &map);
  return size;
}

/* Pulls buffers until `n_rows` rows have come, and takes their last tensor. */
static void
pull_scores (GstHarness * harness, guint n_tensors, gsize n_rows,
    gfloat * scores)
{
  gsize n = 0;

  while (n < n_rows) {
    GstBuffer *buffer = gst_harness_pull (harness);

    fail_unless (buffer != NULL);
    fail_unless_equals_int (gst_buffer_n_memory (buffer), n_tensors);
    fail_unless_equals_uint64 (GST_BUFFER_OFFSET (buffer), n);
    n += read_tensor (buffer, n_tensors - 1, scores + n) / sizeof (gfloat);
    gst_buffer_unref (buffer);
  }
  fail_unless_equals_int (n, n_rows);
}

/* What the model in a file says about the series; what is NULL is not wanted. */
static void
engine_execute (const gchar * file, VaeScore score, gfloat * scores,
    gfloat * errors, gfloat * expected)
{
  VaeModel *model = vae_model_load (file, NULL);
  VaeScorer *scorer;

  fail_unless (model != NULL);
  scorer = vae_scorer_new (model, score, NULL);
  fail_unless (scorer != NULL);
  vae_scorer_execute (scorer, series->data, N_ROWS, scores, errors, expected);
  vae_scorer_free (scorer);
  vae_model_unref (model);
}

static void
engine_scores (VaeScore score, gfloat * scores, gfloat * errors)
{
  engine_execute (path, score, scores, errors, NULL);
}

static gdouble
engine_threshold (const gchar * file)
{
  VaeModel *model = vae_model_load (file, NULL);
  gdouble threshold = vae_model_threshold (model, VAE_SCORE_AUTO);

  vae_model_unref (model);
  return threshold;
}

static void
fail_unless_same_floats (const gfloat * a, const gfloat * b, gsize n)
{
  for (gsize i = 0; i < n; i++)
    fail_unless (memcmp (a + i, b + i, sizeof (gfloat)) == 0,
        "%" G_GSIZE_FORMAT ": %g is not %g", i, a[i], b[i]);
}

static const struct
{
  guint rows_per_buffer;
  guint window;
  gboolean is_ensemble;
} cuts[] = {
  {1, 1, FALSE}, {7, 1, FALSE}, {64, 1, FALSE}, {5000, 1, FALSE},
  {1, 6, FALSE}, {7, 6, FALSE}, {64, 6, FALSE}, {5000, 6, FALSE},
  {1, 6, TRUE}, {7, 6, TRUE}, {64, 6, TRUE}, {5000, 6, TRUE},
};

GST_START_TEST (test_buffering_never_changes_a_score)
{
  gfloat actual[N_ROWS], expected[N_ROWS];
  Fixture f;

  if (cuts[__i__].is_ensemble)
    write_ensemble (cuts[__i__].window);
  else
    write_model (VAE_KIND_VAE, cuts[__i__].window);
  engine_scores (VAE_SCORE_AUTO, expected, NULL);
  fail_unless (isnan (expected[0]) == (cuts[__i__].window > 1));
  fail_unless (expected[N_ROWS - 1] > 0);

  fixture_init (&f, "");
  push_series (f.harness, series, 0, N_ROWS, cuts[__i__].rows_per_buffer, TRUE);
  pull_scores (f.harness, 3, N_ROWS, actual);
  fail_unless_same_floats (actual, expected, N_ROWS);
  fixture_clear (&f);
}

GST_END_TEST;

static const struct
{
  const gchar *properties;
  VaeKind kind;
  VaeScore score;
} scores_of[] = {
  {"score=auto", VAE_KIND_VAE, VAE_SCORE_RECON_KL},
  {"score=auto", VAE_KIND_AE, VAE_SCORE_RECONSTRUCTION},
  {"score=recon-kl", VAE_KIND_VAE, VAE_SCORE_RECON_KL},
  {"score=reconstruction", VAE_KIND_VAE, VAE_SCORE_RECONSTRUCTION},
  {"score=kl", VAE_KIND_VAE, VAE_SCORE_KL},
  {"score=unsmoothed", VAE_KIND_AE, VAE_SCORE_UNSMOOTHED},
  {"score=auto", VAE_KIND_ENSEMBLE, VAE_SCORE_CALIBRATED},
  {"score=calibrated", VAE_KIND_ENSEMBLE, VAE_SCORE_CALIBRATED},
  {"score=unsmoothed", VAE_KIND_ENSEMBLE, VAE_SCORE_UNSMOOTHED},
};

GST_START_TEST (test_score_is_the_one_asked_for)
{
  gfloat actual[N_ROWS], expected[N_ROWS];
  Fixture f;

  if (scores_of[__i__].kind == VAE_KIND_ENSEMBLE)
    write_ensemble (1);
  else
    write_model (scores_of[__i__].kind, 1);
  engine_scores (scores_of[__i__].score, expected, NULL);
  fixture_init (&f, scores_of[__i__].properties);
  push_series (f.harness, series, 0, N_ROWS, 100, FALSE);
  pull_scores (f.harness, 2, N_ROWS, actual);
  fail_unless_same_floats (actual, expected, N_ROWS);
  fixture_clear (&f);
}

GST_END_TEST;

static gfloat *
pull_floats (GstBuffer * buffer, guint index, gsize n)
{
  gfloat *floats = g_new (gfloat, n);

  fail_unless_equals_int (read_tensor (buffer, index, floats),
      n * sizeof (gfloat));
  return floats;
}

static void
expect_dimensions (GstHarness * harness, const gchar * dimensions,
    const gchar * types)
{
  GstCaps *caps = gst_pad_get_current_caps (harness->sinkpad);
  GstStructure *structure = gst_caps_get_structure (caps, 0);

  fail_unless_equals_string (gst_structure_get_string (structure,
          "dimensions"), dimensions);
  fail_unless_equals_string (gst_structure_get_string (structure, "types"),
      types);
  gst_caps_unref (caps);
}

GST_START_TEST (test_all_results_come_in_order)
{
  static gfloat errors[N_ROWS * CHANNELS], expected[N_ROWS * CHANNELS];
  gfloat scores[N_ROWS];
  guint8 decisions[N_ROWS];
  gfloat *floats[3];
  guint flagged = 0;
  GstBuffer *buffer;
  gdouble threshold;
  Fixture f;

  series->data[50 * CHANNELS + 2] = NAN;
  write_ensemble (6);
  threshold = engine_threshold (path);
  engine_execute (path, VAE_SCORE_AUTO, scores, errors, expected);
  fixture_init (&f, "contributions=true expected=true decision=true");
  push_series (f.harness, series, 0, N_ROWS, N_ROWS, TRUE);
  expect_dimensions (f.harness, "5:1000,1:1000,5:1000,5:1000,1:1000,1:1000",
      "float32,uint8,float32,float32,uint8,float32");

  buffer = gst_harness_pull (f.harness);
  fail_unless_equals_int (gst_buffer_n_memory (buffer), 6);
  floats[0] = pull_floats (buffer, 2, N_ROWS * CHANNELS);
  floats[1] = pull_floats (buffer, 3, N_ROWS * CHANNELS);
  floats[2] = pull_floats (buffer, 5, N_ROWS);
  fail_unless_equals_int (read_tensor (buffer, 4, decisions), N_ROWS);
  fail_unless_same_floats (floats[0], errors, N_ROWS * CHANNELS);
  fail_unless_same_floats (floats[1], expected, N_ROWS * CHANNELS);
  fail_unless_same_floats (floats[2], scores, N_ROWS);
  for (guint i = 0; i < N_ROWS; i++) {
    fail_unless_equals_int (decisions[i], scores[i] > threshold);
    flagged += decisions[i];
  }
  fail_unless (flagged > 0 && flagged < N_ROWS / 2);
  gst_buffer_unref (buffer);
  for (guint i = 0; i < 3; i++)
    g_free (floats[i]);
  fixture_clear (&f);
}

GST_END_TEST;

GST_START_TEST (test_contributions_come_before_the_score)
{
  static gfloat errors[N_ROWS * CHANNELS], actual[N_ROWS * CHANNELS];
  gfloat scores[N_ROWS], actual_scores[N_ROWS];
  GstBuffer *buffer;
  Fixture f;

  series->data[50 * CHANNELS + 2] = NAN;
  write_model (VAE_KIND_VAE, 3);
  engine_scores (VAE_SCORE_AUTO, scores, errors);
  fixture_init (&f, "contributions=true");
  push_series (f.harness, series, 0, N_ROWS, N_ROWS, TRUE);

  buffer = gst_harness_pull (f.harness);
  fail_unless_equals_int (gst_buffer_n_memory (buffer), 4);
  fail_unless_equals_int (read_tensor (buffer, 2, actual), sizeof errors);
  fail_unless_equals_int (read_tensor (buffer, 3, actual_scores),
      sizeof scores);
  fail_unless_same_floats (actual, errors, N_ROWS * CHANNELS);
  fail_unless_same_floats (actual_scores, scores, N_ROWS);
  fail_unless (isnan (actual[50 * CHANNELS + 2]));
  gst_buffer_unref (buffer);

  expect_dimensions (f.harness, "5:1000,1:1000,5:1000,1:1000",
      "float32,uint8,float32,float32");
  fixture_clear (&f);
}

GST_END_TEST;

GST_START_TEST (test_missing_rows_have_no_score)
{
  gfloat scores[N_ROWS];
  Fixture f;

  write_model (VAE_KIND_VAE, 1);
  series->data[3 * CHANNELS] = NAN;
  for (guint c = 0; c < CHANNELS; c++)
    series->data[7 * CHANNELS + c] = NAN;
  fixture_init (&f, "");
  push_series (f.harness, series, 0, N_ROWS, 100, FALSE);
  pull_scores (f.harness, 2, N_ROWS, scores);
  for (guint i = 0; i < N_ROWS; i++)
    fail_unless_equals_int (isnan (scores[i]) != 0, i == 7);
  fixture_clear (&f);
}

GST_END_TEST;

/* --- caps --------------------------------------------------------------- */

#define OUT "other/tensors, format=(string)static, num_tensors=(int)3, " \
    "dimensions=(string)\"5:8,1:8,1:8\", " \
    "types=(string)\"float32,uint8,float32\", framerate=(fraction)"

static const struct
{
  const gchar *in;
  const gchar *out;
} spellings[] = {
  {"other/tensors, format=(string)static, num_tensors=(int)2, "
        "dimensions=(string)\"5:8,1:8\", types=(string)\"float32,uint8\", "
        "framerate=(fraction)25/2", OUT "25/2"},
  {"other/tensors, format=(string)static, num_tensors=(int)2, "
        "dimensions=(string)\"5:8:1:1,1:8:1:1\", "
        "types=(string)\"float32,uint8\", framerate=(fraction)0/1", OUT "0/1"},
  {"other/tensors, format=(string)static, num_tensors=(int)2, "
        "dimensions=(string)5:8.1:8, types=(string)float32.uint8, "
        "framerate=(fraction)0/1", OUT "0/1"},
  {"other/tensors, num_tensors=(int)2, dimensions=(string)\"5:8, 1:8\", "
        "types=(string)\"float32, uint8\"", OUT "0/1"},
};

GST_START_TEST (test_caps_are_canonical_byte_for_byte)
{
  GstCaps *expected = gst_caps_from_string (spellings[__i__].out), *caps;
  gchar *expected_string = gst_caps_to_string (expected), *string;
  Fixture f;

  write_model (VAE_KIND_VAE, 1);
  fixture_init (&f, "");
  gst_harness_set_src_caps_str (f.harness, spellings[__i__].in);
  fail_unless_equals_int (gst_harness_push (f.harness, series_buffer (series,
              0, 8, TRUE)), GST_FLOW_OK);
  caps = gst_pad_get_current_caps (f.harness->sinkpad);
  string = gst_caps_to_string (caps);
  fail_unless_equals_string (string, expected_string);
  g_free (string);
  g_free (expected_string);
  gst_caps_unref (expected);
  gst_caps_unref (caps);
  fixture_clear (&f);
}

GST_END_TEST;

static void
expect_refused_caps (const gchar * properties, const gchar * caps,
    const gchar * says)
{
  Fixture f;

  fixture_init (&f, properties);
  gst_harness_set_src_caps_str (f.harness, caps);
  expect_error (f.bus, GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION, says);
  fixture_clear (&f);
}

#define STATIC "other/tensors, format=static, framerate=0/1, "

GST_START_TEST (test_streams_that_do_not_fit_the_model_are_refused)
{
  write_model (VAE_KIND_VAE, 1);
  expect_refused_caps ("", STATIC "num_tensors=1, types=(string)float32, "
      "dimensions=(string)\"38:2\"",
      "model.bin was trained on 5 channels, the stream has 38");
  expect_refused_caps ("", STATIC "num_tensors=1, types=(string)float64, "
      "dimensions=(string)\"5:2\"", "float32");
  expect_refused_caps ("", STATIC "num_tensors=1, types=(string)float32, "
      "dimensions=(string)\"5:many\"", "5:many");
  expect_refused_caps ("", STATIC "num_tensors=2, types=(string)"
      "\"float32,uint8\", dimensions=(string)\"5:2,1:3\"", "3");
}

GST_END_TEST;

static gchar *
caps_of_tensors (guint n)
{
  GString *dimensions = g_string_new ("5:2"), *types = g_string_new ("float32");
  gchar *caps;

  for (guint i = 1; i < n; i++) {
    g_string_append (dimensions, ",1:2");
    g_string_append (types, ",uint8");
  }
  caps = g_strdup_printf (STATIC "num_tensors=%u, dimensions=(string)\"%s\", "
      "types=(string)\"%s\"", n, dimensions->str, types->str);
  g_string_free (dimensions, TRUE);
  g_string_free (types, TRUE);
  return caps;
}

GST_START_TEST (test_no_more_than_sixteen_tensors)
{
  gchar *fifteen = caps_of_tensors (15), *sixteen = caps_of_tensors (16);
  GstCaps *caps;
  Fixture f;

  write_model (VAE_KIND_VAE, 1);
  expect_refused_caps ("", sixteen, "16 tensors");
  expect_refused_caps ("contributions=true", fifteen, "15 tensors");

  fixture_init (&f, "");
  gst_harness_set_src_caps_str (f.harness, fifteen);
  caps = gst_pad_get_current_caps (f.harness->sinkpad);
  fail_unless (caps != NULL);
  gst_caps_unref (caps);
  fail_unless_equals_int (count_messages (f.bus, GST_MESSAGE_ERROR), 0);
  fixture_clear (&f);
  g_free (fifteen);
  g_free (sixteen);
}

GST_END_TEST;

GST_START_TEST (test_other_channels_in_mid_stream_are_an_error)
{
  Series *four = series_new (4, 10, 1);
  GstVaeTensorsInfo info = series_info (four, 10, FALSE);
  Fixture f;

  write_model (VAE_KIND_VAE, 1);
  fixture_init (&f, "");
  push_series (f.harness, series, 0, 10, 10, FALSE);
  push_caps (f.harness, &info);
  expect_error (f.bus, GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION,
      "trained on 5 channels, the stream has 4");
  fixture_clear (&f);
  series_free (four);
}

GST_END_TEST;

/* --- memories ----------------------------------------------------------- */

static void
fail_unless_untouched (GstBuffer * out, GstMemory * const *memories)
{
  fail_unless_equals_int (gst_buffer_n_memory (out), 3);
  fail_unless (gst_buffer_peek_memory (out, 0) == memories[0]);
  fail_unless (gst_buffer_peek_memory (out, 1) == memories[1]);
  fail_unless_equals_uint64 (GST_BUFFER_PTS (out), 10 * GST_MSECOND);
  fail_unless_equals_uint64 (GST_BUFFER_DURATION (out), 8 * GST_MSECOND);
  fail_unless_equals_uint64 (GST_BUFFER_OFFSET (out), 10);
  fail_unless (GST_BUFFER_FLAG_IS_SET (out, GST_BUFFER_FLAG_GAP));
  fail_unless (GST_BUFFER_FLAG_IS_SET (out, GST_BUFFER_FLAG_MARKER));
}

/* Whether or not somebody else holds the buffer. */
GST_START_TEST (test_tensors_pass_without_a_copy)
{
  const gboolean shared = __i__;
  GstVaeTensorsInfo info = series_info (series, 8, TRUE);
  GstBuffer *buffer = series_buffer (series, 10, 8, TRUE), *out;
  GstMemory *memories[2];
  gfloat scores[8];
  Fixture f;

  write_model (VAE_KIND_VAE, 1);
  GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_GAP | GST_BUFFER_FLAG_MARKER);
  for (guint i = 0; i < 2; i++)
    memories[i] = gst_buffer_get_memory (buffer, i);

  fixture_init (&f, "");
  push_caps (f.harness, &info);
  if (shared)
    gst_buffer_ref (buffer);
  fail_unless_equals_int (gst_harness_push (f.harness, buffer), GST_FLOW_OK);
  out = gst_harness_pull (f.harness);
  fail_unless_untouched (out, memories);
  fail_unless_equals_int (read_tensor (out, 2, scores), sizeof scores);
  fail_unless (scores[7] > 0);
  gst_buffer_unref (out);

  if (shared) {
    fail_unless_equals_int (gst_buffer_n_memory (buffer), 2);
    gst_buffer_unref (buffer);
  }
  gst_memory_unref (memories[0]);
  gst_memory_unref (memories[1]);
  fixture_clear (&f);
}

GST_END_TEST;

GST_START_TEST (test_flattened_buffer_is_split_without_a_copy)
{
  GstVaeTensorsInfo info = series_info (series, 8, TRUE);
  const gsize data_size = 8 * CHANNELS * sizeof (gfloat);
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, data_size + 8, NULL);
  GstMemory *memory = gst_buffer_get_memory (buffer, 0);
  gfloat scores[8], expected[N_ROWS];
  guint8 labels[8];
  GstMapInfo whole, part;
  GstBuffer *out;
  Fixture f;

  write_model (VAE_KIND_VAE, 1);
  engine_scores (VAE_SCORE_AUTO, expected, NULL);
  gst_buffer_fill (buffer, 0, series->data, data_size);
  gst_buffer_fill (buffer, data_size, series->labels, 8);

  fixture_init (&f, "");
  push_caps (f.harness, &info);
  fail_unless_equals_int (gst_harness_push (f.harness, buffer), GST_FLOW_OK);
  out = gst_harness_pull (f.harness);
  fail_unless_equals_int (gst_buffer_n_memory (out), 3);
  fail_unless_equals_int (read_tensor (out, 1, labels), sizeof labels);
  fail_unless_equals_int (read_tensor (out, 2, scores), sizeof scores);
  fail_unless (memcmp (labels, series->labels, 8) == 0);
  fail_unless_same_floats (scores, expected, 8);

  fail_unless (gst_memory_map (memory, &whole, GST_MAP_READ));
  fail_unless (gst_buffer_map_range (out, 1, 1, &part, GST_MAP_READ));
  fail_unless (part.data == whole.data + data_size);
  gst_buffer_unmap (out, &part);
  gst_memory_unmap (memory, &whole);
  gst_buffer_unref (out);
  gst_memory_unref (memory);
  fixture_clear (&f);
}

GST_END_TEST;

GST_START_TEST (test_short_buffer_is_an_error)
{
  GstVaeTensorsInfo info = series_info (series, 8, TRUE);
  Fixture f;

  write_model (VAE_KIND_VAE, 1);
  fixture_init (&f, "");
  push_caps (f.harness, &info);
  fail_unless_equals_int (gst_harness_push (f.harness,
          gst_buffer_new_allocate (NULL, 77, NULL)), GST_FLOW_ERROR);
  expect_error (f.bus, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT, "77");
  fixture_clear (&f);
}

GST_END_TEST;

/* --- windows ------------------------------------------------------------ */

static guint
count_unscored (GstHarness * harness)
{
  GstBuffer *buffer = gst_harness_pull (harness);
  gfloat scores[64];
  gsize n = read_tensor (buffer, 1, scores) / sizeof (gfloat);
  guint unscored = 0;

  for (gsize i = 0; i < n; i++)
    unscored += isnan (scores[i]) != 0;
  gst_buffer_unref (buffer);
  return unscored;
}

static void
push_segment (GstHarness * harness)
{
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_harness_push_event (harness, gst_event_new_segment (&segment));
}

GST_START_TEST (test_window_begins_anew_after_a_break_only)
{
  GstBuffer *buffer;
  Fixture f;

  write_model (VAE_KIND_VAE, 6);
  fixture_init (&f, "");
  push_series (f.harness, series, 0, 20, 20, FALSE);
  fail_unless_equals_int (count_unscored (f.harness), 5);

  push_series (f.harness, series, 20, 20, 20, FALSE);
  fail_unless_equals_int (count_unscored (f.harness), 0);

  /* other rows per buffer */
  push_series (f.harness, series, 40, 10, 10, FALSE);
  fail_unless_equals_int (count_unscored (f.harness), 0);

  buffer = series_buffer (series, 50, 10, FALSE);
  GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  gst_harness_push (f.harness, buffer);
  fail_unless_equals_int (count_unscored (f.harness), 5);

  push_segment (f.harness);
  push_series (f.harness, series, 60, 10, 10, FALSE);
  fail_unless_equals_int (count_unscored (f.harness), 5);

  gst_harness_push_event (f.harness, gst_event_new_flush_start ());
  gst_harness_push_event (f.harness, gst_event_new_flush_stop (TRUE));
  push_segment (f.harness);
  push_series (f.harness, series, 60, 10, 10, FALSE);
  fail_unless_equals_int (count_unscored (f.harness), 5);
  fixture_clear (&f);
}

GST_END_TEST;

/* With a label from now on, the rows are another stream's. */
GST_START_TEST (test_window_begins_anew_with_other_tensors)
{
  GstBuffer *buffer;
  gfloat scores[10];
  Fixture f;

  write_model (VAE_KIND_VAE, 6);
  fixture_init (&f, "");
  push_series (f.harness, series, 0, 10, 10, FALSE);
  fail_unless_equals_int (count_unscored (f.harness), 5);
  push_series (f.harness, series, 10, 10, 10, TRUE);
  buffer = gst_harness_pull (f.harness);
  fail_unless_equals_int (read_tensor (buffer, 2, scores), sizeof scores);
  fail_unless (isnan (scores[0]) && isnan (scores[4]) && !isnan (scores[5]));
  gst_buffer_unref (buffer);
  fixture_clear (&f);
}

GST_END_TEST;

/* --- models ------------------------------------------------------------- */

static void
expect_refused_model (const gchar * model, const gchar * properties,
    GQuark domain, gint code, const gchar * says)
{
  GstElement *element = element_new (properties);
  GstBus *bus = bus_new (element);

  g_object_set (element, "model", model, NULL);
  fail_unless_equals_int (gst_element_set_state (element, GST_STATE_PAUSED),
      GST_STATE_CHANGE_FAILURE);
  expect_error (bus, domain, code, says);
  gst_element_set_state (element, GST_STATE_NULL);
  bus_free (bus, element);
  gst_object_unref (element);
}

static void
truncate_model (gsize length)
{
  gchar *contents;

  fail_unless (g_file_get_contents (path, &contents, NULL, NULL));
  fail_unless (g_file_set_contents (path, contents, length, NULL));
  g_free (contents);
}

GST_START_TEST (test_bad_models_are_refused)
{
  gchar *none = g_build_filename (folder, "none.bin", NULL);

  expect_refused_model (NULL, "", GST_RESOURCE_ERROR,
      GST_RESOURCE_ERROR_NOT_FOUND, "not set");
  expect_refused_model (none, "", GST_RESOURCE_ERROR,
      GST_RESOURCE_ERROR_NOT_FOUND, "none.bin");
  expect_refused_model (folder, "", GST_RESOURCE_ERROR,
      GST_RESOURCE_ERROR_OPEN_READ, folder);

  fail_unless (g_file_set_contents (path, "", 0, NULL));
  expect_refused_model (path, "", GST_STREAM_ERROR, GST_STREAM_ERROR_DECODE,
      path);
  fail_unless (g_file_set_contents (path, "This is no model file.", -1, NULL));
  expect_refused_model (path, "", GST_STREAM_ERROR, GST_STREAM_ERROR_DECODE,
      path);
  write_model (VAE_KIND_VAE, 1);
  truncate_model (4000);
  expect_refused_model (path, "", GST_STREAM_ERROR, GST_STREAM_ERROR_DECODE,
      path);
  g_free (none);
}

GST_END_TEST;

GST_START_TEST (test_auto_encoder_has_no_kl)
{
  write_model (VAE_KIND_AE, 1);
  expect_refused_model (path, "score=kl", GST_LIBRARY_ERROR,
      GST_LIBRARY_ERROR_SETTINGS, "only a VAE has a KL");
  expect_refused_model (path, "score=recon-kl", GST_LIBRARY_ERROR,
      GST_LIBRARY_ERROR_SETTINGS, "only a VAE has a KL");
}

GST_END_TEST;

/* --- life --------------------------------------------------------------- */

GST_START_TEST (test_second_run_is_like_the_first)
{
  gfloat scores[2][20];
  GstCaps *caps;
  Fixture f;

  write_model (VAE_KIND_VAE, 6);
  fixture_init (&f, "");
  push_series (f.harness, series, 0, 20, 20, FALSE);
  pull_scores (f.harness, 2, 20, scores[0]);

  fail_unless_equals_int (gst_element_set_state (f.element, GST_STATE_NULL),
      GST_STATE_CHANGE_SUCCESS);
  fail_unless_equals_int (gst_element_set_state (f.element,
          GST_STATE_PLAYING), GST_STATE_CHANGE_SUCCESS);
  caps = gst_pad_get_current_caps (f.harness->srcpad);
  gst_harness_push_event (f.harness, gst_event_new_stream_start ("again"));
  gst_harness_push_event (f.harness, gst_event_new_caps (caps));
  gst_caps_unref (caps);
  push_segment (f.harness);
  push_series (f.harness, series, 0, 20, 20, FALSE);
  pull_scores (f.harness, 2, 20, scores[1]);
  fail_unless_same_floats (scores[0], scores[1], 20);
  fixture_clear (&f);
}

GST_END_TEST;

GST_START_TEST (test_eos_without_rows_passes)
{
  Fixture f;

  write_model (VAE_KIND_VAE, 1);
  fixture_init (&f, "");
  fail_unless (gst_harness_push_event (f.harness, gst_event_new_eos ()));
  fail_unless_equals_int (count_messages (f.bus, GST_MESSAGE_ERROR), 0);
  fixture_clear (&f);
}

GST_END_TEST;

GST_START_TEST (test_pipeline_scores_every_row)
{
  GstElement *pipeline, *sink;
  GstSample *sample;
  GstCaps *caps;

  write_model (VAE_KIND_VAE, 1);
  pipeline = pipeline_new ("vaesynth num-samples=120 samples-per-buffer=50 ! "
      "vaescore model=%s ! fakesink name=sink", path);
  sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  gst_message_unref (wait_for (GST_ELEMENT_BUS (pipeline), GST_MESSAGE_EOS));

  /* The last buffer is a shorter one. */
  g_object_get (sink, "last-sample", &sample, NULL);
  fail_unless_equals_int (gst_buffer_n_memory (gst_sample_get_buffer (sample)),
      3);
  caps = gst_sample_get_caps (sample);
  fail_unless_equals_string (gst_structure_get_string (gst_caps_get_structure
          (caps, 0), "dimensions"), "5:20,1:20,1:20");
  gst_sample_unref (sample);
  gst_object_unref (sink);
  pipeline_free (pipeline);
}

GST_END_TEST;

static Suite *
vaescore_suite (void)
{
  Suite *s = suite_create ("vaescore");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_checked_fixture (tc, setup, teardown);

  tcase_add_loop_test (tc, test_buffering_never_changes_a_score, 0,
      G_N_ELEMENTS (cuts));
  tcase_add_loop_test (tc, test_score_is_the_one_asked_for, 0,
      G_N_ELEMENTS (scores_of));
  tcase_add_test (tc, test_all_results_come_in_order);
  tcase_add_test (tc, test_contributions_come_before_the_score);
  tcase_add_test (tc, test_missing_rows_have_no_score);

  tcase_add_loop_test (tc, test_caps_are_canonical_byte_for_byte, 0,
      G_N_ELEMENTS (spellings));
  tcase_add_test (tc, test_streams_that_do_not_fit_the_model_are_refused);
  tcase_add_test (tc, test_no_more_than_sixteen_tensors);
  tcase_add_test (tc, test_other_channels_in_mid_stream_are_an_error);

  tcase_add_loop_test (tc, test_tensors_pass_without_a_copy, 0, 2);
  tcase_add_test (tc, test_flattened_buffer_is_split_without_a_copy);
  tcase_add_test (tc, test_short_buffer_is_an_error);

  tcase_add_test (tc, test_window_begins_anew_after_a_break_only);
  tcase_add_test (tc, test_window_begins_anew_with_other_tensors);

  tcase_add_test (tc, test_bad_models_are_refused);
  tcase_add_test (tc, test_auto_encoder_has_no_kl);

  tcase_add_test (tc, test_second_run_is_like_the_first);
  tcase_add_test (tc, test_eos_without_rows_passes);
  tcase_add_test (tc, test_pipeline_scores_every_row);
  return s;
}

GST_CHECK_MAIN (vaescore);
