/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "events.h"
#include "rng.h"

#define DRAWS 5

/* Gives each row of an event the highest score of the event, which is what point
 * adjustment comes to, whatever the threshold. */
static void
adjust (const VaeScored * series, float *scores)
{
  VaeSpan event = { 0, 0 };

  while (vae_next_event (series, series->n_rows, &event)) {
    float highest = -INFINITY;
    for (gsize i = event.first; i < event.end; i++)
      if (scores[i] > highest)
        highest = scores[i];
    for (gsize i = event.first; i < event.end; i++)
      if (!isnan (scores[i]))
        scores[i] = highest;
  }
}

static gboolean
adjusted_f1 (const VaeScored * series, float *scores, double *f1,
    GError ** error)
{
  VaeMetrics metrics;

  adjust (series, scores);
  if (!vae_metrics_compute (scores, series->labels, series->n_rows, &metrics,
          error))
    return FALSE;
  *f1 = metrics.best_f1;
  return TRUE;
}

/* In [0, 1), for the rows that have a score. */
static void
draw_scores (const VaeScored * series, guint64 seed, float *scores)
{
  const VaeRng rng = vae_rng (seed, VAE_STREAM_NOISE);

  for (gsize i = 0; i < series->n_rows; i++)
    scores[i] = isnan (series->scores[i]) ? NAN
        : (float) vae_rng_uniform (rng, i);
}

static gboolean
random_adjusted_f1 (const VaeScored * series, float *scores, double *mean,
    GError ** error)
{
  *mean = 0;
  for (guint64 seed = 0; seed < DRAWS; seed++) {
    double f1;
    draw_scores (series, seed, scores);
    if (!adjusted_f1 (series, scores, &f1, error))
      return FALSE;
    *mean += f1 / DRAWS;
  }
  return TRUE;
}

static double
always_f1 (const VaeScored * series)
{
  gsize scored = 0, positives = 0;

  for (gsize i = 0; i < series->n_rows; i++) {
    if (isnan (series->scores[i]))
      continue;
    scored++;
    positives += series->labels[i] != 0;
  }
  if (positives == 0 || positives == scored)
    return NAN;
  return 2.0 * (double) positives / ((double) positives + (double) scored);
}

gboolean
vae_controls_compute (const VaeScored * series, VaeControls * controls,
    GError ** error)
{
  g_autofree float *scores = g_try_new (float, MAX (series->n_rows, 1));
  if (scores == NULL) {
    vae_scored_set_memory_error (series, error);
    return FALSE;
  }

  controls->events = vae_count_events (series);
  controls->always_f1 = always_f1 (series);
  for (gsize i = 0; i < series->n_rows; i++)
    scores[i] = series->scores[i];
  return adjusted_f1 (series, scores, &controls->adjusted_f1, error)
      && random_adjusted_f1 (series, scores, &controls->random_adjusted_f1,
      error);
}
