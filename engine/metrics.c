/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/*
 * All figures come from one sweep over the distinct scores, from the highest
 * down, that counts the true and the false positives above each. Counts are
 * integers, so ten million rows are as exact as ten.
 */

#include "ranking.h"
#include "vae.h"

#include <math.h>

/* 2 * positives * negatives outgrows 64 bits at six billion rows. */
__extension__ typedef unsigned __int128 PairCount;

/* What flagging every score >= threshold gives. */
typedef struct
{
  guint32 key;                  /* of the threshold */
  gsize true_positives;
  gsize false_positives;
} Sweep;

static gsize
skip_ties (VaeRanks ranks, gsize index, guint32 key)
{
  while (index < ranks.n && ranks.keys[index] == key)
    index++;
  return index;
}

/* Lowers the threshold to the next distinct score; FALSE if there is none. */
static gboolean
sweep_next (Sweep * sweep, const VaeRanking * ranking)
{
  VaeRanks positives = ranking->positives;
  VaeRanks negatives = ranking->negatives;
  gboolean more_positives = sweep->true_positives < positives.n;
  gboolean more_negatives = sweep->false_positives < negatives.n;
  if (!more_positives && !more_negatives)
    return FALSE;

  guint32 key = G_MAXUINT32;
  if (more_positives)
    key = positives.keys[sweep->true_positives];
  if (more_negatives)
    key = MIN (key, negatives.keys[sweep->false_positives]);

  sweep->key = key;
  sweep->true_positives = skip_ties (positives, sweep->true_positives, key);
  sweep->false_positives = skip_ties (negatives, sweep->false_positives, key);
  return TRUE;
}

/* Passes over the normal rows above the next anomalous one, where F1 falls and
 * nothing else changes; FALSE if there is none. */
static gboolean
sweep_to_positive (Sweep * sweep, const VaeRanking * ranking)
{
  VaeRanks negatives = ranking->negatives;
  if (sweep->true_positives == ranking->positives.n)
    return FALSE;

  guint32 key = ranking->positives.keys[sweep->true_positives];
  while (sweep->false_positives < negatives.n &&
      negatives.keys[sweep->false_positives] < key)
    sweep->false_positives++;
  return TRUE;
}

static double
sweep_precision (const Sweep * sweep)
{
  return (double) sweep->true_positives /
      ((double) sweep->true_positives + (double) sweep->false_positives);
}

static double
sweep_f1 (const Sweep * sweep, gsize positives)
{
  return 2.0 * (double) sweep->true_positives /
      ((double) sweep->true_positives + (double) sweep->false_positives +
      (double) positives);
}

/* Kahan 1965: the error of a sum does not grow with the number of terms. */
typedef struct
{
  double sum;
  double lost;
} Sum;

static void
sum_add (Sum * sum, double term)
{
  double corrected = term - sum->lost;
  double total = sum->sum + corrected;
  sum->lost = (total - sum->sum) - corrected;
  sum->sum = total;
}

static void
compute_figures (const VaeRanking * ranking, VaeMetrics * metrics)
{
  gsize positives = ranking->positives.n;
  gsize negatives = ranking->negatives.n;
  PairCount twice_won_pairs = 0;
  Sum precision_sum = { 0 };    /* over the positives */
  metrics->best_f1 = 0;

  Sweep sweep = { 0 };
  while (sweep_to_positive (&sweep, ranking)) {
    Sweep last = sweep;
    sweep_next (&sweep, ranking);
    PairCount gained = sweep.true_positives - last.true_positives;
    gsize ties = sweep.false_positives - last.false_positives;
    gsize below = negatives - sweep.false_positives;
    twice_won_pairs += gained * (2 * below + ties);
    sum_add (&precision_sum, (double) gained * sweep_precision (&sweep));

    double f1 = sweep_f1 (&sweep, positives);
    if (f1 > metrics->best_f1) {
      metrics->best_f1 = f1;
      metrics->best_threshold = vae_ranking_get_score (ranking, sweep.key);
      metrics->best_precision = sweep_precision (&sweep);
      metrics->best_recall = (double) sweep.true_positives / (double) positives;
    }
  }

  metrics->auroc = (double) twice_won_pairs /
      (2.0 * (double) positives * (double) negatives);
  metrics->auprc = precision_sum.sum / (double) positives;
}

gboolean
vae_metrics_compute (const float *scores, const guint8 *labels, gsize n,
    VaeMetrics * metrics, GError ** error)
{
  VaeRanking ranking;
  if (!vae_ranking_init (&ranking, scores, labels, n, error))
    return FALSE;

  gsize scored = ranking.positives.n + ranking.negatives.n;
  metrics->rows = n;
  metrics->positives = ranking.positives.n;
  metrics->unscored = n - scored;
  metrics->base_rate = metrics->auroc = metrics->auprc = NAN;
  metrics->best_f1 = metrics->best_threshold = NAN;
  metrics->best_precision = metrics->best_recall = NAN;
  if (scored > 0)
    metrics->base_rate = (double) ranking.positives.n / (double) scored;
  if (ranking.positives.n > 0 && ranking.negatives.n > 0)
    compute_figures (&ranking, metrics);

  vae_ranking_clear (&ranking);
  return TRUE;
}

static gsize
count_distinct (const VaeRanking * ranking)
{
  gsize distinct = 0;
  for (Sweep sweep = { 0 }; sweep_next (&sweep, ranking);)
    distinct++;
  return distinct;
}

/* An empty array with room for n points, or NULL: GArray itself aborts without
 * memory, and rounds up to a power of two, so it is asked for first. */
static GArray *
try_points (gsize n)
{
  if (n > G_MAXUINT / 2)
    return NULL;
  gpointer probe = g_try_malloc_n (2 * n, sizeof (VaeCurvePoint));
  if (probe == NULL)
    return NULL;
  g_free (probe);
  return g_array_sized_new (FALSE, FALSE, sizeof (VaeCurvePoint), (guint) n);
}

static GArray *
trace_curve (const VaeRanking * ranking)
{
  GArray *curve = try_points (1 + count_distinct (ranking));
  if (curve == NULL)
    return NULL;

  VaeCurvePoint point = { INFINITY, 0, 0, 1 };
  g_array_append_val (curve, point);
  for (Sweep sweep = { 0 }; sweep_next (&sweep, ranking);) {
    point.threshold = vae_ranking_get_score (ranking, sweep.key);
    point.true_positive_rate =
        (double) sweep.true_positives / (double) ranking->positives.n;
    point.false_positive_rate =
        (double) sweep.false_positives / (double) ranking->negatives.n;
    point.precision = sweep_precision (&sweep);
    g_array_append_val (curve, point);
  }
  return curve;
}

GArray *
vae_metrics_curve (const float *scores, const guint8 *labels, gsize n,
    GError ** error)
{
  VaeRanking ranking;
  if (!vae_ranking_init (&ranking, scores, labels, n, error))
    return NULL;

  GArray *curve = NULL;
  if (ranking.positives.n == 0 || ranking.negatives.n == 0) {
    g_set_error (error, VAE_ERROR, VAE_ERROR_DATA,
        "a curve needs scored rows of both classes: there are %"
        G_GSIZE_FORMAT " anomalous and %" G_GSIZE_FORMAT " normal ones",
        ranking.positives.n, ranking.negatives.n);
  } else {
    curve = trace_curve (&ranking);
    if (curve == NULL)
      g_set_error (error, VAE_ERROR, VAE_ERROR_MEMORY,
          "no memory for the curves of %" G_GSIZE_FORMAT " rows", n);
  }

  vae_ranking_clear (&ranking);
  return curve;
}
