/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/*
 * All figures come from one sweep over the distinct scores, from the highest
 * down, that counts the true and the false positives above each. Counts are
 * integers, so ten million rows are as exact as ten.
 *
 * The scores of the anomalous and of the normal rows are sorted apart and
 * merged by the sweep: so a key needs no room for its label, and the sort takes
 * four bytes a row and at most four more while it runs.
 */

#include "vae.h"

#include <math.h>
#include <string.h>

/* 2 * positives * negatives outgrows 64 bits at six billion rows. */
__extension__ typedef unsigned __int128 PairCount;

typedef struct
{
  guint32 *keys;                /* ascending, that is from the highest score */
  gsize n;
} Ranks;

typedef struct
{
  Ranks positives;
  Ranks negatives;
} Ranking;

/* What flagging every score >= threshold gives. */
typedef struct
{
  guint32 key;                  /* of the threshold */
  gsize true_positives;
  gsize false_positives;
} Sweep;

/* Integers whose ascending order is the falling order of the scores: the bits
 * of a float order as sign and magnitude. The mapping is its own inverse. */
static guint32
flip_bits (guint32 bits)
{
  return bits & 0x80000000u ? bits : bits ^ 0x7fffffffu;
}

static guint32
key_from_score (float score)
{
  float one_zero = score + 0.0f;        /* -0 becomes +0: they tie */
  guint32 bits;
  memcpy (&bits, &one_zero, sizeof bits);
  return flip_bits (bits);
}

static float
score_from_key (guint32 key)
{
  guint32 bits = flip_bits (key);
  float score;
  memcpy (&score, &bits, sizeof score);
  return score;
}

static void
sort_by_digit (const guint32 *from, guint32 *to, gsize n, guint shift)
{
  gsize place[256] = { 0 };
  for (gsize i = 0; i < n; i++)
    place[from[i] >> shift & 0xff]++;

  gsize start = 0;
  for (guint digit = 0; digit < 256; digit++) {
    gsize count = place[digit];
    place[digit] = start;
    start += count;
  }

  for (gsize i = 0; i < n; i++)
    to[place[from[i] >> shift & 0xff]++] = from[i];
}

/* Radix sort, the least significant digit first; `scratch` has room for n. */
static void
sort_ranks (Ranks ranks, guint32 *scratch)
{
  sort_by_digit (ranks.keys, scratch, ranks.n, 0);
  sort_by_digit (scratch, ranks.keys, ranks.n, 8);
  sort_by_digit (ranks.keys, scratch, ranks.n, 16);
  sort_by_digit (scratch, ranks.keys, ranks.n, 24);
}

static void
count_scored (const float *scores, const guint8 *labels, gsize n,
    Ranking * ranking)
{
  ranking->positives.n = ranking->negatives.n = 0;
  for (gsize i = 0; i < n; i++) {
    if (isnan (scores[i]))
      continue;
    if (labels[i])
      ranking->positives.n++;
    else
      ranking->negatives.n++;
  }
}

/* The positives' keys come first, the negatives' behind them. */
static void
fill_keys (const float *scores, const guint8 *labels, gsize n,
    Ranking * ranking)
{
  guint32 *positive = ranking->positives.keys;
  guint32 *negative = ranking->negatives.keys;
  for (gsize i = 0; i < n; i++) {
    if (isnan (scores[i]))
      continue;
    if (labels[i])
      *positive++ = key_from_score (scores[i]);
    else
      *negative++ = key_from_score (scores[i]);
  }
}

static void
set_memory_error (gsize n, GError ** error)
{
  g_set_error (error, VAE_ERROR, VAE_ERROR_MEMORY,
      "no memory to rank the scores of %" G_GSIZE_FORMAT " rows", n);
}

static void
ranking_clear (Ranking * ranking)
{
  g_free (ranking->positives.keys);
}

static gboolean
ranking_init (Ranking * ranking, const float *scores, const guint8 *labels,
    gsize n, GError ** error)
{
  count_scored (scores, labels, n, ranking);

  gsize scored = ranking->positives.n + ranking->negatives.n;
  gsize longer = MAX (ranking->positives.n, ranking->negatives.n);
  guint32 *keys = g_try_new (guint32, MAX (scored, 1));
  guint32 *scratch = g_try_new (guint32, MAX (longer, 1));
  if (keys == NULL || scratch == NULL) {
    g_free (keys);
    g_free (scratch);
    set_memory_error (n, error);
    return FALSE;
  }

  ranking->positives.keys = keys;
  ranking->negatives.keys = keys + ranking->positives.n;
  fill_keys (scores, labels, n, ranking);
  sort_ranks (ranking->positives, scratch);
  sort_ranks (ranking->negatives, scratch);
  g_free (scratch);
  return TRUE;
}

static gsize
skip_ties (Ranks ranks, gsize index, guint32 key)
{
  while (index < ranks.n && ranks.keys[index] == key)
    index++;
  return index;
}

/* Lowers the threshold to the next distinct score; FALSE if there is none. */
static gboolean
sweep_next (Sweep * sweep, const Ranking * ranking)
{
  Ranks positives = ranking->positives;
  Ranks negatives = ranking->negatives;
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
compute_figures (const Ranking * ranking, VaeMetrics * metrics)
{
  gsize positives = ranking->positives.n;
  gsize negatives = ranking->negatives.n;
  PairCount twice_won_pairs = 0;
  Sum precision_sum = { 0 };    /* over the positives */
  metrics->best_f1 = 0;

  Sweep last = { 0 };
  for (Sweep sweep = last; sweep_next (&sweep, ranking); last = sweep) {
    PairCount gained = sweep.true_positives - last.true_positives;
    gsize ties = sweep.false_positives - last.false_positives;
    gsize below = negatives - sweep.false_positives;
    twice_won_pairs += gained * (2 * below + ties);
    sum_add (&precision_sum, (double) gained * sweep_precision (&sweep));

    double f1 = sweep_f1 (&sweep, positives);
    if (f1 > metrics->best_f1) {
      metrics->best_f1 = f1;
      metrics->best_threshold = score_from_key (sweep.key);
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
  Ranking ranking;
  if (!ranking_init (&ranking, scores, labels, n, error))
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

  ranking_clear (&ranking);
  return TRUE;
}

static gsize
count_distinct (const Ranking * ranking)
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
trace_curve (const Ranking * ranking)
{
  GArray *curve = try_points (1 + count_distinct (ranking));
  if (curve == NULL)
    return NULL;

  VaeCurvePoint point = { INFINITY, 0, 0, 1 };
  g_array_append_val (curve, point);
  for (Sweep sweep = { 0 }; sweep_next (&sweep, ranking);) {
    point.threshold = score_from_key (sweep.key);
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
  Ranking ranking;
  if (!ranking_init (&ranking, scores, labels, n, error))
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
      set_memory_error (n, error);
  }

  ranking_clear (&ranking);
  return curve;
}
