/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* AUROC, AUPRC and the rest of many rows, and the memory that they take. */

#include "bench.h"

#include <stdio.h>
#include <stdlib.h>

/* Two overlapping bells, 2 % of the rows in the upper one. */
static void
make_scores (gsize n, float **scores, guint8 **labels)
{
  GRand *rand = g_rand_new_with_seed (1);

  *scores = g_new (float, n);
  *labels = g_new (guint8, n);
  for (gsize i = 0; i < n; i++) {
    double bell = -6;
    for (guint k = 0; k < 12; k++)
      bell += g_rand_double (rand);
    (*labels)[i] = i % 50 == 0;
    (*scores)[i] = bell + 2 * (*labels)[i];
  }
  g_rand_free (rand);
}

static void
compute_metrics (const float *scores, const guint8 *labels, gsize n)
{
  GError *error = NULL;
  VaeMetrics metrics;

  vae_metrics_compute (scores, labels, n, &metrics, &error);
  bench_need (error);
}

/* ROWS: seconds */
static double
compute (const char *argument)
{
  static gsize n = 0;
  static float *scores = NULL;
  static guint8 *labels = NULL;

  if (!n)
    make_scores (n = atol (argument), &scores, &labels);

  const double start = bench_now ();
  compute_metrics (scores, labels, n);
  return bench_now () - start;
}

/* ROWS: bytes a row beyond scores and labels */
static double
memory (const char *argument)
{
  const gsize n = atol (argument);
  g_autofree float *scores = NULL;
  g_autofree guint8 *labels = NULL;
  GError *error = NULL;

  make_scores (n, &scores, &labels);
  /* Forgets the highest resident size so far, see proc(5). */
  g_file_set_contents_full ("/proc/self/clear_refs", "5", 1,
      G_FILE_SET_CONTENTS_NONE, 0, &error);
  bench_need (error);
  const double before = bench_memory ("VmRSS:");
  compute_metrics (scores, labels, n);
  return (bench_memory ("VmHWM:") - before) / n;
}

int
main (void)
{
  const BenchCase cases[] = {
    {"compute", compute}, {"memory", memory}, {NULL, NULL}
  };

  return bench_serve (cases);
}
