/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Scores, in blocks of rows and row by row. */

#include "bench.h"

#define LEAST_ROWS 5000
#define LEAST_SECONDS 0.1

/* NETWORK ROWS: seconds for a row in calls of ROWS rows each. */
static double
score (const char *argument)
{
  GError *error = NULL;
  VaeParams params;
  guint block;

  bench_read_network (argument, &params, 1, &block);
  const gsize n_rows = MAX (block, LEAST_ROWS);
  g_autofree float *data = bench_rows (n_rows, params.channels, NULL);
  g_autofree float *scores = g_new (float, block);
  const VaeRows rows = {.data = data,.n_rows = LEAST_ROWS };
  params.epochs = 1;
  VaeModel *model = bench_train (&params, &rows);
  VaeScorer *scorer = vae_scorer_new (model, VAE_SCORE_AUTO, &error);
  bench_need (error);

  const double start = bench_now ();
  double seconds = 0;
  gsize n_scored = 0;
  while (seconds < LEAST_SECONDS) {
    for (gsize r = 0; r + block <= n_rows; r += block, n_scored += block)
      vae_scorer_execute (scorer, data + r * params.channels, block, scores,
          NULL, NULL);
    seconds = bench_now () - start;
  }
  vae_scorer_free (scorer);
  vae_model_unref (model);
  return seconds / n_scored;
}

int
main (void)
{
  const BenchCase cases[] = { {"score", score}, {NULL, NULL} };

  return bench_serve (cases);
}
