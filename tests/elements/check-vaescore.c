/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstvaemodeltag.h"
#include "vaetest.h"

#include <gst/controller/controller.h>
#include <glib/gstdio.h>
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
  params.n_hidden = 1;
  params.hidden[0] = 16;
  params.beta = 0.5;
  params.epochs = 1;
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
write_ensemble_with (guint window, VaeThreshold threshold)
{
  VaeParams params;

  vae_params_init (&params);
  params.window = window;
  params.n_hidden = 1;
  params.hidden[0] = 16;
  params.latent_dim = 4;
  params.epochs = 2;
  params.threshold = threshold;
  train_model (&params, series, path);
}

static void
write_ensemble (guint window)
{
  write_ensemble_with (window, VAE_THRESHOLD_QUANTILE);
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
  {"score=rarity", VAE_KIND_ENSEMBLE, VAE_SCORE_RARITY},
  {"score=recon-kl", VAE_KIND_ENSEMBLE, VAE_SCORE_RECON_KL},
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

/* --- the model downstream ----------------------------------------------- */

/* The structure of the next event of this type, all others being dropped; NULL if
 * there is none. */
static gboolean
has_event (GstHarness * harness, GstEventType type)
{
  gboolean found = FALSE;
  GstEvent *event;

  while (!found && (event = gst_harness_try_pull_event (harness))) {
    found = GST_EVENT_TYPE (event) == type;
    gst_event_unref (event);
  }
  return found;
}

static GstStructure *
pull_model (GstHarness * harness)
{
  GstStructure *structure = NULL;
  GstEvent *event;

  while (!structure && (event = gst_harness_try_pull_event (harness))) {
    if (gst_vae_model_event_peek (event))
      structure = gst_structure_copy (gst_vae_model_event_peek (event));
    gst_event_unref (event);
  }
  return structure;
}

static gdouble
get_double (const GstStructure * structure, const gchar * field)
{
  gdouble value = NAN;

  fail_unless (gst_structure_get_double (structure, field, &value), "%s",
      field);
  return value;
}

static guint
get_uint (const GstStructure * structure, const gchar * field)
{
  guint value = 0;

  fail_unless (gst_structure_get_uint (structure, field, &value), "%s", field);
  return value;
}

static guint64
get_uint64 (const GstStructure * structure, const gchar * field)
{
  guint64 value = 0;

  fail_unless (gst_structure_get_uint64 (structure, field, &value), "%s",
      field);
  return value;
}

GST_START_TEST (test_model_goes_downstream)
{
  static const GstEventType order[] = { GST_EVENT_STREAM_START,
    GST_EVENT_CAPS, GST_EVENT_SEGMENT, GST_EVENT_TAG
  };
  const VaeSummary *summary;
  const GstStructure *structure;
  VaeModel *model;
  GstEvent *event;
  Fixture f;

  write_ensemble (6);
  model = vae_model_load (path, NULL);
  summary = vae_model_summary (model);
  fixture_init (&f, "");
  push_series (f.harness, series, 0, 30, 10, FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (order); i++) {
    event = gst_harness_pull_event (f.harness);
    fail_unless_equals_int (GST_EVENT_TYPE (event), order[i]);
    if (i + 1 < G_N_ELEMENTS (order))
      gst_event_unref (event);
  }
  structure = gst_vae_model_event_peek (event);
  fail_unless (structure != NULL);
  fail_unless (get_double (structure, "threshold") == engine_threshold (path));
  fail_unless_equals_string (gst_structure_get_string (structure, "kind"),
      "ensemble");
  fail_unless_equals_string (gst_structure_get_string (structure, "score"),
      "auto");
  fail_unless_equals_string (gst_structure_get_string (structure, "path"),
      path);
  fail_unless_equals_int (get_uint (structure, "channels"), CHANNELS);
  fail_unless_equals_int (get_uint (structure, "window"), 6);
  fail_unless_equals_int (get_uint (structure, "epochs-run"),
      summary->epochs_run);
  fail_unless_equals_int (get_uint (structure, "active-latents"),
      summary->active_latents);
  fail_unless (get_double (structure, "loss") == summary->loss);
  fail_unless (get_double (structure, "validation-loss")
      == summary->validation_loss);
  gst_event_unref (event);

  /* once, not with each buffer */
  fail_unless (pull_model (f.harness) == NULL);
  vae_model_unref (model);
  fixture_clear (&f);
}

GST_END_TEST;

GST_START_TEST (test_last_model_is_the_one_downstream)
{
  GstStructure *structure;
  Fixture f;

  write_model (VAE_KIND_VAE, 1);
  fixture_init (&f, "threshold=5");
  push_series (f.harness, series, 0, 10, 10, FALSE);
  fail_unless (gst_harness_push_event (f.harness,
          gst_vae_model_event_new (gst_structure_new ("vae-model", "threshold",
                  G_TYPE_DOUBLE, 77.0, NULL))));
  fail_unless (gst_harness_push_event (f.harness,
          gst_event_new_tag (gst_tag_list_new (GST_TAG_TITLE, "other", NULL))));

  structure = pull_model (f.harness);
  fail_unless (gst_structure_has_name (structure, "vae-model"));
  fail_unless (get_double (structure, "threshold") == 5);
  gst_structure_free (structure);
  fail_unless (has_event (f.harness, GST_EVENT_TAG));
  fixture_clear (&f);
}

GST_END_TEST;

/* --- the threshold ------------------------------------------------------ */

/* How many of the rows of the next buffer are flagged. */
static guint
pull_flagged (GstHarness * harness)
{
  GstBuffer *buffer = gst_harness_pull (harness);
  guint8 decisions[N_ROWS];
  gsize n = read_tensor (buffer, 1, decisions);
  guint flagged = 0;

  for (gsize i = 0; i < n; i++)
    flagged += decisions[i];
  gst_buffer_unref (buffer);
  return flagged;
}

static void
push_ten (Fixture * f, gsize first_row)
{
  push_series (f->harness, series, first_row, 10, 10, FALSE);
}

static void
expect_warning (GstBus * bus, GQuark domain, gint code, const gchar * text)
{
  GstMessage *message = gst_bus_pop_filtered (bus, GST_MESSAGE_WARNING);
  GError *error;

  fail_unless (message != NULL, "no warning that says \"%s\"", text);
  gst_message_parse_warning (message, &error, NULL);
  fail_unless (g_error_matches (error, domain, code), "%s: %s, code %d",
      error->message, g_quark_to_string (error->domain), error->code);
  fail_unless (strstr (error->message, text) != NULL,
      "\"%s\" does not say \"%s\"", error->message, text);
  g_error_free (error);
  gst_message_unref (message);
}

GST_START_TEST (test_threshold_changes_live)
{
  static const gdouble thresholds[] = { 1e-9, 1e9, 0 };
  gfloat scores[N_ROWS];
  Fixture f;

  write_model (VAE_KIND_VAE, 1);
  engine_scores (VAE_SCORE_AUTO, scores, NULL);
  fixture_init (&f, "decision=true threshold=1e9");
  push_ten (&f, 0);
  fail_unless_equals_int (pull_flagged (f.harness), 0);
  gst_structure_free (pull_model (f.harness));

  for (guint i = 0; i < G_N_ELEMENTS (thresholds); i++) {
    const gdouble in_force = thresholds[i] > 0 ? thresholds[i]
        : engine_threshold (path);
    GstStructure *model;
    guint flagged = 0;

    for (guint r = 10; r < 20; r++)
      flagged += scores[r] > in_force;
    g_object_set (f.element, "threshold", thresholds[i], NULL);
    push_ten (&f, 10);
    fail_unless_equals_int (pull_flagged (f.harness), flagged);
    model = pull_model (f.harness);
    fail_unless (get_double (model, "threshold") == in_force);
    gst_structure_free (model);
  }
  fail_unless_equals_int (count_messages (f.bus, GST_MESSAGE_WARNING), 0);

  g_object_set (f.element, "threshold", 1e-9, NULL);
  push_ten (&f, 20);
  g_object_set (f.element, "threshold", -1.0, NULL);
  push_ten (&f, 30);
  push_ten (&f, 40);
  expect_warning (f.bus, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS,
      "The threshold stays 1e-09");
  fail_unless_equals_int (count_messages (f.bus, GST_MESSAGE_WARNING), 0);
  for (guint i = 0; i < 3; i++)
    fail_unless_equals_int (pull_flagged (f.harness), 10);
  fixture_clear (&f);
}

GST_END_TEST;

/* The threshold that such decisions end with. */
static gdouble
engine_decide (const gfloat * scores, guint8 *decisions)
{
  VaeModel *model = vae_model_load (path, NULL);
  VaeScorer *scorer = vae_scorer_new (model, VAE_SCORE_AUTO, NULL);
  gdouble threshold;

  vae_scorer_decide (scorer, scores, N_ROWS, decisions);
  threshold = vae_scorer_threshold (scorer);
  vae_scorer_free (scorer);
  vae_model_unref (model);
  return threshold;
}

GST_START_TEST (test_threshold_learns_if_the_model_says_so)
{
  guint8 expected[N_ROWS], actual[N_ROWS];
  gfloat scores[N_ROWS];
  Fixture f;

  write_ensemble_with (6, VAE_THRESHOLD_SPOT);
  engine_scores (VAE_SCORE_AUTO, scores, NULL);
  fail_unless (engine_decide (scores, expected) != engine_threshold (path));
  fixture_init (&f, "decision=true post-messages=true cool-down=0");
  push_series (f.harness, series, 0, N_ROWS, 7, FALSE);
  for (gsize row = 0; row < N_ROWS;) {
    GstBuffer *buffer = gst_harness_pull (f.harness);

    row += read_tensor (buffer, 1, actual + row);
    gst_buffer_unref (buffer);
  }
  fail_unless (memcmp (actual, expected, N_ROWS) == 0);
  fail_unless (memchr (actual, 1, N_ROWS) != NULL);
  fixture_clear (&f);
}

GST_END_TEST;

GST_START_TEST (test_threshold_follows_a_controller)
{
  GstControlSource *source = gst_interpolation_control_source_new ();
  GstTimedValueControlSource *values = GST_TIMED_VALUE_CONTROL_SOURCE (source);
  Fixture f;

  write_model (VAE_KIND_VAE, 1);
  fixture_init (&f, "decision=true");
  g_object_set (source, "mode", GST_INTERPOLATION_MODE_NONE, NULL);
  gst_timed_value_control_source_set (values, 0, 1e-9);
  gst_timed_value_control_source_set (values, 15 * GST_MSECOND, 1e9);
  gst_object_add_control_binding (GST_OBJECT (f.element),
      gst_direct_control_binding_new_absolute (GST_OBJECT (f.element),
          "threshold", source));
  gst_object_unref (source);

  for (guint i = 0; i < 3; i++)
    push_ten (&f, 10 * i);
  fail_unless_equals_int (pull_flagged (f.harness), 10);
  fail_unless_equals_int (pull_flagged (f.harness), 10);
  fail_unless_equals_int (pull_flagged (f.harness), 0);
  fixture_clear (&f);
}

GST_END_TEST;

/* The file's thresholds become NaN. */
static void
write_model_without_threshold (void)
{
  const gfloat unknown[] = { NAN, NAN, NAN };
  gchar *contents, *entry;
  guint64 header, offset;
  gsize length;

  write_model (VAE_KIND_VAE, 1);
  fail_unless (g_file_get_contents (path, &contents, &length, NULL));
  header = GST_READ_UINT64_LE (contents);
  entry = g_strstr_len (contents + 8, header, "\"threshold\":{");
  entry = g_strstr_len (entry, -1, "\"data_offsets\":[");
  offset = g_ascii_strtoull (entry + strlen ("\"data_offsets\":["), NULL, 10);
  memcpy (contents + 8 + header + offset, unknown, sizeof unknown);
  fail_unless (g_file_set_contents (path, contents, length, NULL));
  fail_unless (isnan (engine_threshold (path)));
  g_free (contents);
}

GST_START_TEST (test_decisions_need_a_threshold)
{
  GstStructure *model;
  Fixture f;

  write_model_without_threshold ();
  expect_refused_model (path, "decision=true", GST_LIBRARY_ERROR,
      GST_LIBRARY_ERROR_SETTINGS, "has no threshold for the score auto");
  expect_refused_model (path, "post-messages=true", GST_LIBRARY_ERROR,
      GST_LIBRARY_ERROR_SETTINGS, "has no threshold for the score auto");

  fixture_init (&f, "");
  push_ten (&f, 0);
  model = pull_model (f.harness);
  fail_if (gst_structure_has_field (model, "threshold"));
  gst_structure_free (model);
  fixture_clear (&f);

  fixture_init (&f, "decision=true threshold=1e-9");
  push_ten (&f, 0);
  g_object_set (f.element, "threshold", 0.0, NULL);
  push_ten (&f, 10);
  expect_warning (f.bus, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS,
      "has no threshold");
  fail_unless_equals_int (pull_flagged (f.harness), 10);
  fail_unless_equals_int (pull_flagged (f.harness), 10);
  fixture_clear (&f);
}

GST_END_TEST;

static const struct
{
  const gchar *properties;
  const gchar *says;
} nonsense[] = {
  {"threshold=-1", "threshold is -1"},
  {"min-rows=0", "min-rows is 0"},
  {"min-rows=3 of-rows=2", "min-rows is 3"},
  {"of-rows=0", "of-rows is 0"},
  {"of-rows=10001", "of-rows is 10001"},
};

GST_START_TEST (test_nonsensical_settings_are_refused)
{
  write_model (VAE_KIND_VAE, 1);
  expect_refused_model (path, nonsense[__i__].properties, GST_LIBRARY_ERROR,
      GST_LIBRARY_ERROR_SETTINGS, nonsense[__i__].says);
}

GST_END_TEST;

/* --- messages ----------------------------------------------------------- */

/* A cell that is far from everything, in a row that then scores far above 200. */
static void
spoil (gsize row, guint channel, gfloat value)
{
  series->data[row * CHANNELS + channel] = value;
}

#define ALARMS "post-messages=true score=reconstruction threshold=200 "

/* The next message of the element, the caller's, or NULL. */
static GstStructure *
pop_alarm (GstBus * bus)
{
  GstMessage *message = gst_bus_pop_filtered (bus, GST_MESSAGE_ELEMENT);
  GstStructure *structure;

  if (!message)
    return NULL;
  structure = gst_structure_copy (gst_message_get_structure (message));
  fail_unless (gst_structure_has_name (structure, "vaescore"));
  gst_message_unref (message);
  return structure;
}

static void
expect_alarm (GstBus * bus, const gchar * event, guint64 first_row,
    guint64 last_row, guint64 peak_row)
{
  GstStructure *alarm = pop_alarm (bus);

  fail_unless (alarm != NULL, "no %s at %" G_GUINT64_FORMAT, event, first_row);
  fail_unless_equals_string (gst_structure_get_string (alarm, "event"), event);
  fail_unless_equals_uint64 (get_uint64 (alarm, "first-row"), first_row);
  fail_unless_equals_uint64 (get_uint64 (alarm, "last-row"), last_row);
  fail_unless_equals_uint64 (get_uint64 (alarm, "peak-row"), peak_row);
  gst_structure_free (alarm);
}

static void
expect_no_alarm (GstBus * bus)
{
  fail_unless (pop_alarm (bus) == NULL);
}

static const guint alarm_cuts[] = { 1, 7, 64, 1000 };

GST_START_TEST (test_an_anomaly_has_two_messages)
{
  Fixture f;

  write_model (VAE_KIND_VAE, 1);
  spoil (300, 2, 50);
  spoil (301, 2, 60);
  spoil (303, 2, 55);           /* within the cool-down, as the next one */
  spoil (306, 2, 50);
  spoil (310, 2, 50);           /* right behind it */
  fixture_init (&f, ALARMS "cool-down=2");
  push_series (f.harness, series, 0, N_ROWS, alarm_cuts[__i__], FALSE);
  expect_alarm (f.bus, "anomaly-begin", 300, 300, 300);
  expect_alarm (f.bus, "anomaly-end", 300, 306, 301);
  expect_alarm (f.bus, "anomaly-begin", 310, 310, 310);
  expect_alarm (f.bus, "anomaly-end", 310, 310, 310);
  expect_no_alarm (f.bus);
  fixture_clear (&f);
}

GST_END_TEST;

static gdouble
get_number (const GstStructure * structure, const gchar * field, guint index)
{
  const GValue *array = gst_structure_get_value (structure, field);
  const GValue *value;

  fail_unless (GST_VALUE_HOLDS_ARRAY (array), "%s", field);
  fail_unless_equals_int (gst_value_array_get_size (array), CHANNELS);
  value = gst_value_array_get_value (array, index);
  return G_VALUE_HOLDS_UINT (value) ? g_value_get_uint (value)
      : g_value_get_double (value);
}

GST_START_TEST (test_message_tells_when_how_bad_and_what)
{
  static gfloat errors[N_ROWS * CHANNELS], expected[N_ROWS * CHANNELS];
  gfloat scores[N_ROWS];
  GstStructure *alarm;
  GstSegment segment;
  Fixture f;

  write_model (VAE_KIND_VAE, 1);
  spoil (101, 3, -60);
  spoil (102, 1, 40);
  engine_execute (path, VAE_SCORE_RECONSTRUCTION, scores, errors, expected);
  fixture_init (&f, ALARMS);
  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.start = 50 * GST_MSECOND;
  segment.time = 10 * GST_MSECOND;
  segment.base = 1000 * GST_MSECOND;
  push_series (f.harness, series, 0, 60, 60, FALSE);
  gst_harness_push_event (f.harness, gst_event_new_segment (&segment));
  push_series (f.harness, series, 60, 100, 10, FALSE);
  expect_alarm (f.bus, "anomaly-begin", 101, 101, 101);
  alarm = pop_alarm (f.bus);

  fail_unless_equals_uint64 (get_uint64 (alarm, "timestamp"),
      101 * GST_MSECOND);
  fail_unless_equals_uint64 (get_uint64 (alarm, "stream-time"),
      61 * GST_MSECOND);
  fail_unless_equals_uint64 (get_uint64 (alarm, "running-time"),
      1051 * GST_MSECOND);
  fail_unless_equals_uint64 (get_uint64 (alarm, "duration"), 2 * GST_MSECOND);
  fail_unless (get_double (alarm, "threshold") == 200);
  fail_unless (get_double (alarm, "peak-score") == scores[101]);
  fail_unless (get_number (alarm, "channels", 0) == 3);
  for (guint i = 0; i < CHANNELS; i++) {
    const gsize cell = 101 * CHANNELS + get_number (alarm, "channels", i);

    fail_unless (get_number (alarm, "contributions", i) == errors[cell]);
    fail_unless (get_number (alarm, "actual", i) == series->data[cell]);
    fail_unless (get_number (alarm, "expected", i) == expected[cell]);
    fail_unless (i == 0 || get_number (alarm, "contributions", i)
        <= get_number (alarm, "contributions", i - 1));
  }
  gst_structure_free (alarm);
  fixture_clear (&f);
}

GST_END_TEST;

GST_START_TEST (test_message_blames_five_of_many_channels)
{
  const GValue *channels;
  GstStructure *alarm;
  Fixture f;

  series_free (series);
  series = series_new (12, N_ROWS, 1);
  write_model (VAE_KIND_VAE, 1);
  for (guint c = 0; c < 6; c++)
    series->data[100 * 12 + 2 * c] = 40 + 10 * c;
  series->data[100 * 12 + 4] = NAN;
  fixture_init (&f, ALARMS);
  push_series (f.harness, series, 0, 200, 50, FALSE);
  alarm = pop_alarm (f.bus);
  channels = gst_structure_get_value (alarm, "channels");
  fail_unless_equals_int (gst_value_array_get_size (channels), 5);
  for (guint i = 0; i < 5; i++) {
    const guint channel = g_value_get_uint (gst_value_array_get_value
        (channels, i));
    fail_unless (channel % 2 == 0 && channel != 4, "%u", channel);
  }
  gst_structure_free (alarm);
  fixture_clear (&f);
}

GST_END_TEST;

GST_START_TEST (test_an_anomaly_takes_enough_rows)
{
  Fixture f;

  write_model (VAE_KIND_VAE, 1);
  spoil (100, 2, 50);           /* alone */
  spoil (200, 2, 50);
  spoil (202, 2, 60);
  spoil (300, 2, 50);
  spoil (303, 2, 60);           /* too far away */
  fixture_init (&f, ALARMS "min-rows=2 of-rows=3 cool-down=0");
  push_series (f.harness, series, 0, N_ROWS, 7, FALSE);
  expect_alarm (f.bus, "anomaly-begin", 200, 202, 202);
  expect_alarm (f.bus, "anomaly-end", 200, 202, 202);
  expect_no_alarm (f.bus);
  fixture_clear (&f);
}

GST_END_TEST;

GST_START_TEST (test_rows_without_a_score_are_not_above)
{
  Fixture f;

  write_model (VAE_KIND_VAE, 1);
  spoil (100, 2, 50);
  for (guint c = 0; c < 2 * CHANNELS; c++)
    series->data[101 * CHANNELS + c] = NAN;
  fixture_init (&f, ALARMS "cool-down=1");
  push_series (f.harness, series, 0, 103, 7, FALSE);
  expect_alarm (f.bus, "anomaly-begin", 100, 100, 100);
  expect_alarm (f.bus, "anomaly-end", 100, 100, 100);
  fixture_clear (&f);
}

GST_END_TEST;

GST_START_TEST (test_no_messages_unless_asked_for)
{
  Fixture f;

  write_model (VAE_KIND_VAE, 1);
  spoil (100, 2, 50);
  fixture_init (&f, "decision=true");
  push_series (f.harness, series, 0, N_ROWS, 7, FALSE);
  gst_harness_push_event (f.harness, gst_event_new_eos ());
  expect_no_alarm (f.bus);
  fixture_clear (&f);
}

GST_END_TEST;

static void
send_eos (Fixture * f)
{
  gst_harness_push_event (f->harness, gst_event_new_eos ());
}

static void
send_flush (Fixture * f)
{
  gst_harness_push_event (f->harness, gst_event_new_flush_start ());
  gst_harness_push_event (f->harness, gst_event_new_flush_stop (TRUE));
}

static void
send_segment (Fixture * f)
{
  push_segment (f->harness);
}

static void
send_discontinuity (Fixture * f)
{
  GstBuffer *buffer = series_buffer (series, 110, 10, FALSE);

  GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  gst_harness_push (f->harness, buffer);
}

static void
send_other_tensors (Fixture * f)
{
  push_series (f->harness, series, 110, 10, 10, TRUE);
}

static void
stop (Fixture * f)
{
  gst_element_set_state (f->element, GST_STATE_READY);
}

static void (*const breaks[]) (Fixture *) = {
  send_eos, send_flush, send_segment, send_discontinuity, send_other_tensors,
  stop,
};

GST_START_TEST (test_a_break_ends_an_anomaly)
{
  Fixture f;

  write_model (VAE_KIND_VAE, 1);
  spoil (105, 2, 50);
  fixture_init (&f, ALARMS "cool-down=100");
  push_series (f.harness, series, 100, 10, 10, FALSE);
  expect_alarm (f.bus, "anomaly-begin", 105, 105, 105);
  expect_no_alarm (f.bus);
  breaks[__i__] (&f);
  expect_alarm (f.bus, "anomaly-end", 105, 105, 105);
  expect_no_alarm (f.bus);
  fixture_clear (&f);
}

GST_END_TEST;

GST_START_TEST (test_rows_without_offset_or_time_are_counted)
{
  GstStructure *alarm;
  Fixture f;

  write_model (VAE_KIND_VAE, 1);
  spoil (25, 2, 50);
  fixture_init (&f, ALARMS);
  for (guint i = 0; i < 3; i++) {
    GstVaeTensorsInfo info = series_info (series, 10, FALSE);
    GstBuffer *buffer = series_buffer (series, 10 * i, 10, FALSE);

    GST_BUFFER_OFFSET (buffer) = GST_BUFFER_OFFSET_NONE;
    GST_BUFFER_PTS (buffer) = GST_CLOCK_TIME_NONE;
    GST_BUFFER_DURATION (buffer) = GST_CLOCK_TIME_NONE;
    push_caps (f.harness, &info);
    gst_harness_push (f.harness, buffer);
  }
  alarm = pop_alarm (f.bus);
  fail_unless_equals_uint64 (get_uint64 (alarm, "first-row"), 25);
  fail_unless (get_uint64 (alarm, "timestamp") == GST_CLOCK_TIME_NONE);
  fail_unless (get_uint64 (alarm, "stream-time") == GST_CLOCK_TIME_NONE);
  fail_unless (get_uint64 (alarm, "duration") == GST_CLOCK_TIME_NONE);
  gst_structure_free (alarm);
  fixture_clear (&f);
}

GST_END_TEST;

/* --- another model ------------------------------------------------------ */

static gchar *
other_path (void)
{
  return g_build_filename (folder, "other.bin", NULL);
}

/* The new window is longer, and yet full. */
GST_START_TEST (test_new_model_takes_over_between_two_rows)
{
  gfloat old[N_ROWS], new[N_ROWS], actual[N_ROWS];
  gchar *other = other_path ();
  GstStructure *structure;
  Fixture f;

  write_model (VAE_KIND_VAE, 6);
  write_model_to (other, VAE_KIND_VAE, 20, 2);
  engine_execute (path, VAE_SCORE_AUTO, old, NULL, NULL);
  engine_execute (other, VAE_SCORE_AUTO, new, NULL, NULL);
  fixture_init (&f, "");
  push_series (f.harness, series, 0, 500, 100, FALSE);
  g_object_set (f.element, "model", other, NULL);
  push_series (f.harness, series, 500, 500, 100, FALSE);
  pull_scores (f.harness, 2, N_ROWS, actual);
  fail_unless_same_floats (actual, old, 500);
  fail_unless_same_floats (actual + 500, new + 500, 500);

  structure = pop_alarm (f.bus);
  fail_unless_equals_string (gst_structure_get_string (structure, "event"),
      "model-changed");
  fail_unless_equals_string (gst_structure_get_string (structure, "path"),
      other);
  fail_unless_equals_uint64 (get_uint64 (structure, "timestamp"),
      500 * GST_MSECOND);
  gst_structure_free (structure);
  expect_no_alarm (f.bus);

  gst_structure_free (pull_model (f.harness));
  structure = pull_model (f.harness);
  fail_unless_equals_string (gst_structure_get_string (structure, "path"),
      other);
  gst_structure_free (structure);
  g_free (other);
  fixture_clear (&f);
}

GST_END_TEST;

GST_START_TEST (test_new_model_knows_no_row_before_a_break)
{
  gchar *other = other_path ();
  Fixture f;

  write_model (VAE_KIND_VAE, 6);
  write_model_to (other, VAE_KIND_VAE, 20, 2);
  fixture_init (&f, "");
  push_series (f.harness, series, 0, 10, 10, FALSE);
  fail_unless_equals_int (count_unscored (f.harness), 5);
  send_discontinuity (&f);
  fail_unless_equals_int (count_unscored (f.harness), 5);
  g_object_set (f.element, "model", other, NULL);
  push_series (f.harness, series, 120, 10, 10, FALSE);
  fail_unless_equals_int (count_unscored (f.harness), 9);
  g_free (other);
  fixture_clear (&f);
}

GST_END_TEST;

static void
write_nothing (const gchar * file)
{
}

static void
write_garbage (const gchar * file)
{
  fail_unless (g_file_set_contents (file, "This is no model file.", -1, NULL));
}

static void
write_four_channels (const gchar * file)
{
  Series *five = series;

  series = series_new (4, N_ROWS, 1);
  write_model_to (file, VAE_KIND_VAE, 1, 1);
  series_free (series);
  series = five;
}

static void
write_auto_encoder (const gchar * file)
{
  write_model_to (file, VAE_KIND_AE, 1, 1);
}

static const struct
{
  void (*write) (const gchar * file);
  const gchar *says;
} misfits[] = {
  {write_nothing, "other.bin"},
  {write_garbage, "other.bin"},
  {write_four_channels, "other.bin was trained on 4 channels"},
  {write_auto_encoder, "only a VAE has a KL"},
};

GST_START_TEST (test_model_that_does_not_fit_leaves_the_old_one)
{
  gfloat expected[N_ROWS], actual[N_ROWS];
  gchar *other = other_path ();
  GstMessage *message;
  GError *warning;
  Fixture f;

  write_model (VAE_KIND_VAE, 6);
  misfits[__i__].write (other);
  engine_scores (VAE_SCORE_RECON_KL, expected, NULL);
  fixture_init (&f, "score=recon-kl");
  push_series (f.harness, series, 0, 500, 100, FALSE);
  g_object_set (f.element, "model", other, NULL);
  push_series (f.harness, series, 500, 500, 100, FALSE);
  pull_scores (f.harness, 2, N_ROWS, actual);
  fail_unless_same_floats (actual, expected, N_ROWS);

  message = gst_bus_pop_filtered (f.bus, GST_MESSAGE_WARNING
      | GST_MESSAGE_ELEMENT);
  fail_unless_equals_int (GST_MESSAGE_TYPE (message), GST_MESSAGE_WARNING);
  gst_message_parse_warning (message, &warning, NULL);
  fail_unless (strstr (warning->message, misfits[__i__].says) != NULL, "%s",
      warning->message);
  fail_unless (g_str_has_prefix (warning->message, "The model stays "));
  g_error_free (warning);
  gst_message_unref (message);
  fail_unless (gst_bus_pop_filtered (f.bus, GST_MESSAGE_WARNING
          | GST_MESSAGE_ERROR | GST_MESSAGE_ELEMENT) == NULL);
  g_free (other);
  fixture_clear (&f);
}

GST_END_TEST;

/* Scores rows one by one from `row` on, until there is a message of the type.
 * Returns the first row after it came. */
static gsize
push_until (Fixture * f, gsize row, GstMessageType type, gfloat * scores)
{
  GstMessage *message = NULL;

  for (; !message; row++) {
    fail_unless (row < N_ROWS, "no message");
    push_series (f->harness, series, row, 1, 1, FALSE);
    message = gst_bus_pop_filtered (f->bus, type);
    g_usleep (10 * 1000);
  }
  gst_message_unref (message);
  for (gsize r = 0; gst_harness_buffers_in_queue (f->harness) > 0; r++) {
    GstBuffer *buffer = gst_harness_pull (f->harness);
    read_tensor (buffer, 1, scores + GST_BUFFER_OFFSET (buffer));
    gst_buffer_unref (buffer);
  }
  return row;
}

GST_START_TEST (test_replaced_file_is_noticed)
{
  gfloat old[N_ROWS], new[N_ROWS], actual[N_ROWS];
  gchar *other = other_path ();
  gsize replaced, spoilt;
  Fixture f;

  write_model (VAE_KIND_VAE, 6);
  write_model_to (other, VAE_KIND_VAE, 6, 2);
  engine_execute (path, VAE_SCORE_AUTO, old, NULL, NULL);
  engine_execute (other, VAE_SCORE_AUTO, new, NULL, NULL);
  fixture_init (&f, "watch=true");
  push_series (f.harness, series, 0, 1, 1, FALSE);

  fail_unless_equals_int (g_rename (other, path), 0);
  replaced = push_until (&f, 1, GST_MESSAGE_ELEMENT, actual);
  fail_unless_same_floats (actual, old, replaced - 1);
  fail_unless_same_floats (actual + replaced - 1, new + replaced - 1, 1);

  write_garbage (path);
  spoilt = push_until (&f, replaced, GST_MESSAGE_WARNING, actual);
  fail_unless_same_floats (actual + replaced, new + replaced,
      spoilt - replaced);
  g_free (other);
  fixture_clear (&f);
}

GST_END_TEST;

GST_START_TEST (test_replaced_file_is_left_alone_unless_watched)
{
  gfloat old[N_ROWS], actual[N_ROWS];
  gchar *other = other_path ();
  Fixture f;

  write_model (VAE_KIND_VAE, 6);
  write_model_to (other, VAE_KIND_VAE, 6, 2);
  engine_execute (path, VAE_SCORE_AUTO, old, NULL, NULL);
  fixture_init (&f, "");
  push_series (f.harness, series, 0, 500, 10, FALSE);
  fail_unless_equals_int (g_rename (other, path), 0);
  g_usleep (1100 * 1000);
  push_series (f.harness, series, 500, 500, 10, FALSE);
  pull_scores (f.harness, 2, N_ROWS, actual);
  fail_unless_same_floats (actual, old, N_ROWS);
  g_free (other);
  fixture_clear (&f);
}

GST_END_TEST;

/* The first model is of four channels. */
GST_START_TEST (test_model_can_change_before_the_caps)
{
  gfloat expected[N_ROWS], actual[N_ROWS];
  gchar *other = other_path ();
  Fixture f;

  write_model_to (other, VAE_KIND_VAE, 6, 2);
  engine_execute (other, VAE_SCORE_AUTO, expected, NULL, NULL);
  write_four_channels (path);
  fixture_init (&f, "");
  g_object_set (f.element, "model", other, NULL);
  push_series (f.harness, series, 0, N_ROWS, 100, FALSE);
  pull_scores (f.harness, 2, N_ROWS, actual);
  fail_unless_same_floats (actual, expected, N_ROWS);
  fail_unless_equals_int (count_messages (f.bus, GST_MESSAGE_ERROR), 0);
  g_free (other);
  fixture_clear (&f);
}

GST_END_TEST;

/* The rows of four channels say nothing to the new model. */
GST_START_TEST (test_model_and_channels_can_change_together)
{
  Series *four = series_new (4, 300, 1);
  gchar *other = other_path ();
  Fixture f;

  write_four_channels (path);
  write_model_to (other, VAE_KIND_VAE, 6, 1);
  fixture_init (&f, "");
  push_series (f.harness, four, 0, 300, 60, FALSE);
  for (guint i = 0; i < 5; i++)
    fail_unless_equals_int (count_unscored (f.harness), 0);
  g_object_set (f.element, "model", other, NULL);
  push_series (f.harness, series, 300, 60, 60, FALSE);
  fail_unless_equals_int (count_unscored (f.harness), 5);
  fail_unless (gst_bus_pop_filtered (f.bus, GST_MESSAGE_ERROR
          | GST_MESSAGE_WARNING) == NULL);
  series_free (four);
  g_free (other);
  fixture_clear (&f);
}

GST_END_TEST;

GST_START_TEST (test_setting_the_model_all_the_time_loses_no_row)
{
  gfloat expected[N_ROWS], actual[N_ROWS];
  GValue value = G_VALUE_INIT;
  GstHarnessThread *thread;
  Fixture f;

  write_model (VAE_KIND_VAE, 6);
  engine_scores (VAE_SCORE_AUTO, expected, NULL);
  fixture_init (&f, "");
  g_value_init (&value, G_TYPE_STRING);
  g_value_set_string (&value, path);
  thread = gst_harness_stress_property_start_full (f.harness, "model", &value,
      100);
  for (gsize row = 0; row < N_ROWS; row += 4) {
    push_series (f.harness, series, row, 4, 4, FALSE);
    g_usleep (500);
  }
  gst_harness_stress_thread_stop (thread);
  pull_scores (f.harness, 2, N_ROWS, actual);
  fail_unless_same_floats (actual, expected, N_ROWS);
  fail_unless (count_messages (f.bus, GST_MESSAGE_ELEMENT) > 1);
  g_value_unset (&value);
  fixture_clear (&f);
}

GST_END_TEST;

/* --- audio -------------------------------------------------------------- */

#define AUDIO "audio/x-raw, format=F32LE, layout=interleaved, rate=1000, " \
    "channel-mask=(bitmask)0, channels="

/* n frames, which are rows of the series. */
static GstBuffer *
audio_buffer (gsize first_row, gsize n)
{
  const gsize size = n * CHANNELS * sizeof (gfloat);
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, size, NULL);

  gst_buffer_fill (buffer, 0, series->data + first_row * CHANNELS, size);
  GST_BUFFER_PTS (buffer) = first_row * GST_MSECOND;
  GST_BUFFER_DURATION (buffer) = n * GST_MSECOND;
  GST_BUFFER_OFFSET (buffer) = first_row;
  return buffer;
}

static const gsize frames[] = { 100, 7, 0, 1, 300 };

GST_START_TEST (test_audio_passes_with_its_scores)
{
  gfloat expected[N_ROWS];
  gdouble threshold;
  GstCaps *caps;
  gsize row = 0;
  Fixture f;

  write_model (VAE_KIND_VAE, 6);
  engine_scores (VAE_SCORE_AUTO, expected, NULL);
  fixture_init (&f, "");
  gst_harness_set_src_caps_str (f.harness, AUDIO "5");
  for (guint i = 0; i < G_N_ELEMENTS (frames); row += frames[i++])
    fail_unless_equals_int (gst_harness_push (f.harness, audio_buffer (row,
                frames[i])), GST_FLOW_OK);
  caps = gst_pad_get_current_caps (f.harness->sinkpad);
  fail_unless (gst_structure_has_name (gst_caps_get_structure (caps, 0),
          "audio/x-raw"));
  gst_caps_unref (caps);

  row = 0;
  for (guint i = 0; i < G_N_ELEMENTS (frames); row += frames[i++]) {
    GstStructure *structure;
    GstBuffer *buffer;
    GBytes *scores;

    if (frames[i] == 0)
      continue;
    buffer = gst_harness_pull (f.harness);
    fail_unless_equals_int (gst_buffer_memcmp (buffer, 0, series->data
            + row * CHANNELS, frames[i] * CHANNELS * sizeof (gfloat)), 0);
    structure = gst_custom_meta_get_structure (gst_buffer_get_custom_meta
        (buffer, "GstVaeScoreMeta"));
    fail_unless (gst_structure_get (structure, "scores", G_TYPE_BYTES, &scores,
            "threshold", G_TYPE_DOUBLE, &threshold, NULL));
    fail_unless_equals_int (g_bytes_get_size (scores),
        frames[i] * sizeof (gfloat));
    fail_unless_same_floats (g_bytes_get_data (scores, NULL), expected + row,
        frames[i]);
    fail_unless (threshold == engine_threshold (path));
    g_bytes_unref (scores);
    gst_buffer_unref (buffer);
  }
  fail_unless (gst_harness_try_pull (f.harness) == NULL);
  fixture_clear (&f);
}

GST_END_TEST;

GST_START_TEST (test_audio_becomes_tensors_if_asked_for)
{
  gfloat expected[N_ROWS], scores[N_ROWS];
  gsize row = 0;
  Fixture f;

  write_model (VAE_KIND_VAE, 6);
  engine_scores (VAE_SCORE_AUTO, expected, NULL);
  fixture_init (&f, "decision=true");
  gst_harness_set_sink_caps_str (f.harness, "other/tensors");
  gst_harness_set_src_caps_str (f.harness, AUDIO "5");
  for (guint i = 0; i < G_N_ELEMENTS (frames); row += frames[i++]) {
    const gsize n = frames[i];
    gchar *dimensions = g_strdup_printf ("5:%d,1:%d,1:%d", (gint) n, (gint) n,
        (gint) n);
    GstBuffer *buffer;

    fail_unless_equals_int (gst_harness_push (f.harness, audio_buffer (row,
                n)), GST_FLOW_OK);
    buffer = gst_harness_try_pull (f.harness);
    fail_unless_equals_int (buffer != NULL, n > 0);
    if (buffer) {
      expect_dimensions (f.harness, dimensions, "float32,uint8,float32");
      fail_unless_equals_int (gst_buffer_n_memory (buffer), 3);
      fail_unless_equals_uint64 (GST_BUFFER_PTS (buffer), row * GST_MSECOND);
      fail_unless_equals_uint64 (GST_BUFFER_OFFSET (buffer), row);
      fail_unless_equals_int (gst_buffer_memcmp (buffer, 0, series->data
              + row * CHANNELS, n * CHANNELS * sizeof (gfloat)), 0);
      fail_unless_equals_int (read_tensor (buffer, 2, scores),
          n * sizeof (gfloat));
      fail_unless_same_floats (scores, expected + row, n);
      gst_buffer_unref (buffer);
    }
    g_free (dimensions);
  }
  fixture_clear (&f);
}

GST_END_TEST;

GST_START_TEST (test_audio_has_messages_too)
{
  Fixture f;

  write_model (VAE_KIND_VAE, 1);
  spoil (105, 2, 50);
  fixture_init (&f, ALARMS);
  gst_harness_set_src_caps_str (f.harness, AUDIO "5");
  gst_harness_push (f.harness, audio_buffer (0, 400));
  expect_alarm (f.bus, "anomaly-begin", 105, 105, 105);
  expect_alarm (f.bus, "anomaly-end", 105, 105, 105);
  fixture_clear (&f);
}

GST_END_TEST;

GST_START_TEST (test_audio_that_does_not_fit_is_refused)
{
  Fixture f;

  write_model (VAE_KIND_VAE, 1);
  expect_refused_caps ("", AUDIO "2",
      "model.bin was trained on 5 channels, the stream has 2");

  fixture_init (&f, "");
  gst_harness_set_src_caps_str (f.harness, AUDIO "5");
  fail_unless_equals_int (gst_harness_push (f.harness,
          gst_buffer_new_allocate (NULL, 21, NULL)), GST_FLOW_ERROR);
  expect_error (f.bus, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT, "21");
  fixture_clear (&f);
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

  tcase_add_test (tc, test_model_goes_downstream);
  tcase_add_test (tc, test_last_model_is_the_one_downstream);

  tcase_add_test (tc, test_threshold_changes_live);
  tcase_add_test (tc, test_threshold_learns_if_the_model_says_so);
  tcase_add_test (tc, test_threshold_follows_a_controller);
  tcase_add_test (tc, test_decisions_need_a_threshold);
  tcase_add_loop_test (tc, test_nonsensical_settings_are_refused, 0,
      G_N_ELEMENTS (nonsense));

  tcase_add_loop_test (tc, test_an_anomaly_has_two_messages, 0,
      G_N_ELEMENTS (alarm_cuts));
  tcase_add_test (tc, test_message_tells_when_how_bad_and_what);
  tcase_add_test (tc, test_message_blames_five_of_many_channels);
  tcase_add_test (tc, test_an_anomaly_takes_enough_rows);
  tcase_add_test (tc, test_rows_without_a_score_are_not_above);
  tcase_add_test (tc, test_no_messages_unless_asked_for);
  tcase_add_loop_test (tc, test_a_break_ends_an_anomaly, 0,
      G_N_ELEMENTS (breaks));
  tcase_add_test (tc, test_rows_without_offset_or_time_are_counted);

  tcase_add_test (tc, test_new_model_takes_over_between_two_rows);
  tcase_add_test (tc, test_new_model_knows_no_row_before_a_break);
  tcase_add_loop_test (tc, test_model_that_does_not_fit_leaves_the_old_one, 0,
      G_N_ELEMENTS (misfits));
  tcase_add_test (tc, test_replaced_file_is_noticed);
  tcase_add_test (tc, test_replaced_file_is_left_alone_unless_watched);
  tcase_add_test (tc, test_model_can_change_before_the_caps);
  tcase_add_test (tc, test_model_and_channels_can_change_together);
  tcase_add_test (tc, test_setting_the_model_all_the_time_loses_no_row);

  tcase_add_test (tc, test_audio_passes_with_its_scores);
  tcase_add_test (tc, test_audio_becomes_tensors_if_asked_for);
  tcase_add_test (tc, test_audio_has_messages_too);
  tcase_add_test (tc, test_audio_that_does_not_fit_is_refused);

  tcase_add_test (tc, test_second_run_is_like_the_first);
  tcase_add_test (tc, test_eos_without_rows_passes);
  tcase_add_test (tc, test_pipeline_scores_every_row);
  return s;
}

GST_CHECK_MAIN (vaescore);
