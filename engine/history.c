/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "history.h"
#include "floats.h"
#include "hot.h"
#include "kernels.h"
#include "window.h"

#include <math.h>
#include <string.h>

/* Rows that are scaled as one. */
#define SCALED_ROWS 16

gboolean
vae_history_init (VaeHistory * history, gsize n_before, gsize most,
    const VaeScalerFit * scaler)
{
  const gsize channels = scaler->channels;
  /* So that the rows before are moved back to the front once in `most` rows, and not
   * at every one. */
  const gsize capacity = n_before + 2 * most;
  const gsize column = vae_align (capacity) + VAE_ALIGN;

  *history = (VaeHistory) {
  .channels = channels,.n_before = n_before,.most = most,.capacity =
        capacity,.first = n_before,.column = column};
  history->scaled = vae_floats_new (most * channels);
  history->scaled_rows = g_try_new (const float *, most);
  history->rows = vae_floats_new (capacity * channels);
  history->columns = vae_floats_new (column * channels);
  history->observed = vae_floats_new (column * channels);
  if (!history->scaled || !history->scaled_rows || !history->rows
      || !history->columns || !history->observed
      || !vae_scaler_repeat (&history->wide_scaler, scaler, SCALED_ROWS)) {
    vae_history_clear (history);
    return FALSE;
  }
  for (gsize r = 0; r < most; r++)
    history->scaled_rows[r] = history->scaled + r * channels;
  return TRUE;
}

void
vae_history_clear (VaeHistory * history)
{
  vae_scaler_clear (&history->wide_scaler);
  vae_floats_free (history->scaled);
  g_free (history->scaled_rows);
  vae_floats_free (history->rows);
  vae_floats_free (history->columns);
  vae_floats_free (history->observed);
  *history = (VaeHistory) {
  0};
}

/* Copies the rows before the next one to the front, from another history or from
 * further behind in the same. */
static void
copy_rows_before (VaeHistory * to, const VaeHistory * from)
{
  const gsize n = from->n_before, begin = from->first + from->n - n;

  memmove (to->rows, from->rows + begin * from->channels,
      n * from->channels * sizeof (float));
  for (gsize c = 0; c < from->channels; c++)
    memmove (to->columns + c * to->column,
        from->columns + c * from->column + begin, n * sizeof (float));
  to->first = n;
  to->n = 0;
}

void
vae_history_continue (VaeHistory * history, const VaeHistory * before)
{
  copy_rows_before (history, before);
}

static void
scale (VaeHistory * history, const VaeScalerFit * scaler, const float *data,
    gsize n)
{
  const gsize blocks = n / SCALED_ROWS, scaled = blocks * SCALED_ROWS;
  const gsize cells = scaled * history->channels;

  vae_scaler_apply (&history->wide_scaler, data, blocks, history->scaled);
  vae_scaler_apply (scaler, data + cells, n - scaled, history->scaled + cells);
}

VAE_HOT static void
fill_missing (const float *in, gsize n, float *out)
{
  for (gsize i = 0; i < n; i++)
    out[i] = in[i] == in[i] ? in[i] : 0.f;
}

static void
put_rows (VaeHistory * history, gsize n)
{
  const gsize at = history->first;

  fill_missing (history->scaled, n * history->channels,
      history->rows + at * history->channels);
  vae_kernels ()->transpose (history->scaled_rows, n, history->channels,
      history->columns + at, history->column);
  for (gsize c = 0; c < history->channels; c++)
    vae_window_split (history->columns + c * history->column + at,
        history->observed + c * history->column + at, n);
}

/* The same for one row, of which most vectors would be air. */
static void
put_row (VaeHistory * history)
{
  const gsize at = history->first;

  for (gsize c = 0; c < history->channels; c++) {
    const float x = history->scaled[c];
    const gsize cell = c * history->column + at;
    history->observed[cell] = x == x ? 1.f : 0.f;
    history->columns[cell] = x == x ? x : 0.f;
    history->rows[at * history->channels + c] = history->columns[cell];
  }
}

void
vae_history_take (VaeHistory * history, const VaeScalerFit * scaler,
    const float *data, gsize n)
{
  /* Not n, as there are to be lanes behind the last row. */
  if (history->first + history->n + history->most > history->capacity)
    copy_rows_before (history, history);
  history->first += history->n;
  history->n = n;
  scale (history, scaler, data, n);
  if (n == 1)
    put_row (history);
  else
    put_rows (history, n);
}

const float *
vae_history_row (const VaeHistory * history, gsize r)
{
  return history->scaled_rows[r];
}

const float *
vae_history_window (const VaeHistory * history, gsize r)
{
  const gsize begin = history->first + r - history->n_before;

  return history->rows + begin * history->channels;
}

void
vae_history_windows (const VaeHistory * history, gsize r, const float **rows)
{
  const float *begin = history->columns + history->first + r
      - history->n_before;

  for (gsize w = 0; w <= history->n_before; w++)
    for (gsize c = 0; c < history->channels; c++)
      *rows++ = begin + c * history->column + w;
}

const float *
vae_history_channel (const VaeHistory * history, gsize channel, gsize r)
{
  return history->columns + channel * history->column + history->first + r;
}

const float *
vae_history_observed (const VaeHistory * history, gsize channel, gsize r)
{
  return history->observed + channel * history->column + history->first + r;
}
