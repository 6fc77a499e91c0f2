/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Time for a row as rows become many: the seed's network, all else default. */

#include "bench.h"

#include <stdlib.h>

#define CHANNELS 5
#define LEAST_SECONDS 0.1

typedef struct
{
  gsize n_rows;
  float *data;
  guint8 *labels;
  float *scores;
  VaeModel *model;
  VaeScorer *scorer;
} Work;

static void
train_work (Work * work)
{
  const VaeRows rows = {.data = work->data,.n_rows = work->n_rows };
  VaeParams params;

  vae_params_init_seed (&params);
  params.channels = CHANNELS;
  params.epochs = 1;
  g_clear_pointer (&work->model, vae_model_unref);
  work->model = bench_train (&params, &rows);
}

static void
score_work (Work * work)
{
  vae_scorer_execute (work->scorer, work->data, work->n_rows, work->scores,
      NULL, NULL);
}

static void
evaluate_work (Work * work)
{
  GError *error = NULL;
  VaeMetrics metrics;

  vae_metrics_compute (work->scores, work->labels, work->n_rows, &metrics,
      &error);
  bench_need (error);
}

static double
seconds_per_row (void (*func) (Work *), Work * work)
{
  const double start = bench_now ();
  double seconds = 0;
  gsize n = 0;

  for (; seconds < LEAST_SECONDS; n += work->n_rows) {
    func (work);
    seconds = bench_now () - start;
  }
  return seconds / n;
}

/* The rows stay from call to call, as run.py measures one number of rows after
 * the other. */
static Work *
work_for (gsize n_rows)
{
  static Work work = { 0 };
  GError *error = NULL;

  if (work.n_rows == n_rows)
    return &work;
  g_clear_pointer (&work.scorer, vae_scorer_free);
  g_free (work.data);
  g_free (work.labels);
  g_free (work.scores);
  work.n_rows = n_rows;
  work.data = bench_rows (n_rows, CHANNELS, &work.labels);
  work.scores = g_new0 (float, n_rows);
  if (!work.model)
    train_work (&work);
  work.scorer = vae_scorer_new (work.model, VAE_SCORE_AUTO, &error);
  bench_need (error);
  score_work (&work);
  return &work;
}

/* All three: ROWS, seconds for a row. */
static double
train (const char *argument)
{
  return seconds_per_row (train_work, work_for (atol (argument)));
}

static double
score (const char *argument)
{
  return seconds_per_row (score_work, work_for (atol (argument)));
}

static double
evaluate (const char *argument)
{
  return seconds_per_row (evaluate_work, work_for (atol (argument)));
}

int
main (void)
{
  const BenchCase cases[] = {
    {"train", train}, {"score", score}, {"evaluate", evaluate}, {NULL, NULL}
  };

  return bench_serve (cases);
}
