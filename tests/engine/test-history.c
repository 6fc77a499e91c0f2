/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Whatever way a stream is cut up, every window is the rows that precede it. */

#include "history.h"
#include "rng.h"

#include <math.h>

#define CHANNELS 3
#define ROWS 1000

typedef struct
{
  float data[ROWS][CHANNELS];
  VaeScalerFit scaler;
  gsize n_before;
  const float **rows;           /* [(n_before + 1) * CHANNELS] */
} Stream;

/* With a missing cell now and then. */
static void
stream_init (Stream * stream, gsize n_before)
{
  const VaeRng rng = vae_rng (1, 0);

  for (gsize t = 0; t < ROWS; t++)
    for (gsize c = 0; c < CHANNELS; c++)
      stream->data[t][c] = (t * CHANNELS + c) % 11 == 7 ? NAN
          : vae_rng_normal (rng, t * CHANNELS + c);
  g_assert_true (vae_scaler_init (&stream->scaler, CHANNELS, 0));
  stream->scaler.offset[1] = 1;
  stream->scaler.scale[2] = 4;
  stream->n_before = n_before;
  stream->rows = g_new (const float *, (n_before + 1) * CHANNELS);
}

static void
stream_clear (Stream * stream)
{
  vae_scaler_clear (&stream->scaler);
  g_free (stream->rows);
}

/* A scaled cell, NaN if it is missing. */
static float
cell (const Stream * stream, gsize t, gsize c)
{
  return (stream->data[t][c] - stream->scaler.offset[c])
      / stream->scaler.scale[c];
}

static float
filled (const Stream * stream, gssize t, gsize c)
{
  return t < 0 || isnan (cell (stream, t, c)) ? 0.f : cell (stream, t, c);
}

/* The window that ends with row t of the stream, which is row r of those taken. */
static void
check_window (Stream * stream, const VaeHistory * history, gsize t, gsize r)
{
  const gssize begin = (gssize) t - (gssize) stream->n_before;
  const float *window = vae_history_window (history, r);

  vae_history_windows (history, r, stream->rows);
  for (gsize w = 0; w <= stream->n_before; w++)
    for (gsize c = 0; c < CHANNELS; c++) {
      const gsize k = w * CHANNELS + c;
      g_assert_cmpfloat (window[k], ==, filled (stream, begin + (gssize) w, c));
      g_assert_cmpfloat (stream->rows[k][0], ==, window[k]);
    }
  for (gsize c = 0; c < CHANNELS; c++) {
    const gboolean is_there = !isnan (cell (stream, t, c));
    const float in_row = vae_history_row (history, r)[c];
    g_assert_cmpint (isnan (in_row), ==, !is_there);
    if (is_there)
      g_assert_cmpfloat (in_row, ==, cell (stream, t, c));
    g_assert_cmpfloat (*vae_history_channel (history, c, r), ==,
        filled (stream, t, c));
    g_assert_cmpfloat (*vae_history_observed (history, c, r), ==, is_there);
  }
}

/* Lane i of the input's rows is the window i rows later, and there are lanes for a
 * full tile. */
static void
check_lanes (Stream * stream, const VaeHistory * history, gsize n)
{
  const float *end = history->columns + CHANNELS * history->column;

  vae_history_windows (history, 0, stream->rows);
  for (gsize k = 0; k < (stream->n_before + 1) * CHANNELS; k++)
    g_assert_true (stream->rows[k] + history->most <= end);
  for (gsize i = 0; i < n; i++) {
    const float *window = vae_history_window (history, i);
    for (gsize k = 0; k < (stream->n_before + 1) * CHANNELS; k++)
      g_assert_cmpfloat (stream->rows[k][i], ==, window[k]);
  }
}

static void
check_cuts (gsize n_before, gsize most)
{
  const VaeRng rng = vae_rng (2, most);
  VaeHistory history;
  Stream stream;
  gsize n;

  stream_init (&stream, n_before);
  g_assert_true (vae_history_init (&history, n_before, most, &stream.scaler));
  for (gsize t = 0; t < ROWS; t += n) {
    n = 1 + vae_rng_below (rng, t, most);
    n = t % 3 == 0 ? 1 : MIN (n, ROWS - t);
    vae_history_take (&history, &stream.scaler, stream.data[t], n);
    for (gsize r = 0; r < n; r++)
      check_window (&stream, &history, t + r, r);
    check_lanes (&stream, &history, n);
  }
  vae_history_clear (&history);
  stream_clear (&stream);
}

static void
test_cuts (void)
{
  const gsize before[] = { 0, 1, 15, 16, 40, 100 };
  const gsize most[] = { 1, 2, 64, 200 };

  for (gsize i = 0; i < G_N_ELEMENTS (before); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (most); j++)
      check_cuts (before[i], most[j]);
}

/* One with more room takes over. */
static void
test_continue (void)
{
  const gsize n_before = 20;
  VaeHistory first, second;
  Stream stream;

  stream_init (&stream, n_before);
  g_assert_true (vae_history_init (&first, n_before, 64, &stream.scaler));
  g_assert_true (vae_history_init (&second, n_before, 256, &stream.scaler));
  vae_history_take (&first, &stream.scaler, stream.data[0], 50);
  vae_history_take (&first, &stream.scaler, stream.data[50], 7);
  vae_history_continue (&second, &first);
  vae_history_clear (&first);
  vae_history_take (&second, &stream.scaler, stream.data[57], 200);
  for (gsize r = 0; r < 200; r++)
    check_window (&stream, &second, 57 + r, r);
  vae_history_clear (&second);
  stream_clear (&stream);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/history/cuts", test_cuts);
  g_test_add_func ("/history/continue", test_continue);
  return g_test_run ();
}
