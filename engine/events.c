/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "events.h"

gboolean
vae_next_event (const VaeScored * series, gsize limit, VaeSpan * span)
{
  const guint8 *labels = series->labels;
  gsize row = span->end;

  while (row < limit && !labels[row])
    row++;
  if (row >= limit)
    return FALSE;

  span->first = row++;
  while (row < limit && labels[row] && !vae_is_broken (series, row))
    row++;
  span->end = row;
  return TRUE;
}

gboolean
vae_next_alarm (const VaeScored * series, double threshold, gsize limit,
    VaeSpan * span)
{
  const float *scores = series->scores;
  gsize row = span->end;

  while (row < limit && !(scores[row] >= threshold))
    row++;
  if (row >= limit)
    return FALSE;

  span->first = row++;
  while (row < limit && scores[row] >= threshold
      && !vae_is_broken (series, row))
    row++;
  span->end = row;
  return TRUE;
}

gsize
vae_count_events (const VaeScored * series)
{
  VaeSpan event = { 0, 0 };
  gsize n = 0;

  while (vae_next_event (series, series->n_rows, &event))
    n++;
  return n;
}

void
vae_scored_set_memory_error (const VaeScored * series, GError ** error)
{
  g_set_error (error, VAE_ERROR, VAE_ERROR_MEMORY,
      "no memory to evaluate the scores of %" G_GSIZE_FORMAT " rows",
      series->n_rows);
}
