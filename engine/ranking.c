/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/*
 * The keys of either class are thrown into buckets by their highest bits, and
 * each bucket is sorted by radix within the cache. There are the more buckets
 * the more rows, so that the work for a row stays the same, and so few of them
 * that writing to all at once is cheap. Scores that nearly all fall into one
 * bucket, between others far away, are sorted as well, only not in the cache. A few
 * rows are in the cache anyway, and need no buckets.
 */

#include "ranking.h"
#include "floats.h"
#include "hot.h"
#include "scorekey.h"
#include "vae.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Measured: what serves 10^4 and 10^7 rows alike. */
#define BUCKET_ROWS 512
#define MAX_BUCKET_BITS 10
#define MAX_DIGIT_BITS 9
#define FEW_KEYS 32
#define FEW_ROWS (1 << 15)
#define MAX_KEY_DIGITS 4        /* of 32 bits */

#define MAX_BUCKETS (1 << MAX_BUCKET_BITS)
#define MAX_DIGITS (1 << MAX_DIGIT_BITS)
#define N_CLASSES 2

#define HUGE_PAGE (2 * 1024 * 1024)

/* Of keys less the lowest one: those of the normal rows come first. */
typedef struct
{
  guint32 lowest;
  guint shift;                  /* key >> shift is its bucket */
  guint n;                      /* of each class */
  gsize place[N_CLASSES * MAX_BUCKETS]; /* where the next key goes */
} Buckets;

float
vae_ranking_get_score (const VaeRanking * ranking, guint32 key)
{
  return vae_score_from_key (ranking->lowest + key);
}

/* --- buckets ------------------------------------------------------------ */

/* The lowest and the highest score but NaN, which compares as neither. */
VAE_HOT static void
find_range (const float *scores, gsize n, float *lowest, float *highest)
{
  float low[VAE_ALIGN], high[VAE_ALIGN];
  for (guint k = 0; k < VAE_ALIGN; k++) {
    low[k] = INFINITY;
    high[k] = -INFINITY;
  }

  gsize i = 0;
  for (; n - i >= VAE_ALIGN; i += VAE_ALIGN)
    for (guint k = 0; k < VAE_ALIGN; k++) {
      low[k] = scores[i + k] < low[k] ? scores[i + k] : low[k];
      high[k] = scores[i + k] > high[k] ? scores[i + k] : high[k];
    }
  for (guint k = 0; i + k < n; k++) {
    low[k] = scores[i + k] < low[k] ? scores[i + k] : low[k];
    high[k] = scores[i + k] > high[k] ? scores[i + k] : high[k];
  }

  *lowest = INFINITY;
  *highest = -INFINITY;
  for (guint k = 0; k < VAE_ALIGN; k++) {
    *lowest = MIN (*lowest, low[k]);
    *highest = MAX (*highest, high[k]);
  }
}

static void
choose_buckets (Buckets * buckets, guint32 lowest, guint32 range, guint bits,
    gsize n)
{
  const guint wanted = g_bit_storage (n / BUCKET_ROWS);

  buckets->lowest = lowest;
  buckets->shift = bits - MIN (bits, MIN (wanted, MAX_BUCKET_BITS));
  buckets->n = (range >> buckets->shift) + 1;
}

VAE_INLINE gsize *
place_of (Buckets * buckets, guint32 key, guint8 label)
{
  guint class = label != 0;
  return &buckets->place[class * buckets->n + (key >> buckets->shift)];
}

static void
count_keys (Buckets * buckets, const float *scores, const guint8 *labels,
    gsize n)
{
  memset (buckets->place, 0, N_CLASSES * buckets->n * sizeof *buckets->place);
  for (gsize i = 0; i < n; i++)
    if (!isnan (scores[i])) {
      guint32 key = vae_score_key (scores[i]) - buckets->lowest;
      (*place_of (buckets, key, labels && labels[i]))++;
    }
}

static void
fill_keys (Buckets * buckets, const float *scores, const guint8 *labels,
    gsize n, guint32 *keys)
{
  for (gsize i = 0; i < n; i++)
    if (!isnan (scores[i])) {
      guint32 key = vae_score_key (scores[i]) - buckets->lowest;
      keys[(*place_of (buckets, key, labels && labels[i]))++] = key;
    }
}

/* Turns counts into the places where what was counted begins; returns the sum
 * and finds the largest. */
static gsize
place_counts (gsize *counts, gsize n, gsize *largest)
{
  gsize sum = 0;
  *largest = 0;
  for (gsize i = 0; i < n; i++) {
    gsize count = counts[i];
    counts[i] = sum;
    sum += count;
    *largest = MAX (*largest, count);
  }
  return sum;
}

/* --- sorting ------------------------------------------------------------ */

/* A part of a key. */
typedef struct
{
  guint shift;
  guint32 mask;
  gsize place[MAX_DIGITS];      /* where the next key with such a digit goes */
} Digit;

VAE_INLINE gsize *
place_of_digit (Digit * digit, guint32 key)
{
  return &digit->place[key >> digit->shift & digit->mask];
}

/* Cuts keys of so many bits into digits, the least significant first, and counts
 * them. */
VAE_INLINE void
count_digits (Digit * digits, guint n_digits, const guint32 *keys, gsize n,
    guint bits)
{
  for (guint d = 0; d < n_digits; d++) {
    const guint first = bits * d / n_digits, next = bits * (d + 1) / n_digits;
    digits[d].shift = first;
    digits[d].mask = (1u << (next - first)) - 1;
    memset (digits[d].place, 0, (digits[d].mask + 1) * sizeof (gsize));
  }
  for (gsize i = 0; i < n; i++)
    for (guint d = 0; d < n_digits; d++)
      (*place_of_digit (&digits[d], keys[i]))++;
}

static void
insert_keys (guint32 *keys, gsize n)
{
  for (gsize i = 1; i < n; i++) {
    guint32 key = keys[i];
    gsize j = i;
    for (; j > 0 && keys[j - 1] > key; j--)
      keys[j] = keys[j - 1];
    keys[j] = key;
  }
}

/* Radix sort by the lowest bits, the least significant digit first; `scratch`
 * has room for n. */
VAE_INLINE void
sort_by_digits (guint32 *keys, guint32 *scratch, gsize n, guint bits,
    guint n_digits)
{
  Digit digits[MAX_KEY_DIGITS];
  guint32 *from = keys, *to = scratch;
  gsize largest;

  count_digits (digits, n_digits, keys, n, bits);
  for (guint d = 0; d < n_digits; d++) {
    place_counts (digits[d].place, digits[d].mask + 1, &largest);
    for (gsize i = 0; i < n; i++)
      to[(*place_of_digit (&digits[d], from[i]))++] = from[i];
    guint32 *sorted = to;
    to = from;
    from = sorted;
  }
  if (from != keys)
    memcpy (keys, from, n * sizeof *keys);
}

static void
sort_keys (guint32 *keys, guint32 *scratch, gsize n, guint bits)
{
  const guint n_digits = (bits + MAX_DIGIT_BITS - 1) / MAX_DIGIT_BITS;

  if (n_digits == 1)
    sort_by_digits (keys, scratch, n, bits, 1);
  else if (n_digits == 2)
    sort_by_digits (keys, scratch, n, bits, 2);
  else if (n_digits == 3)
    sort_by_digits (keys, scratch, n, bits, 3);
  else if (n_digits > 3)
    sort_by_digits (keys, scratch, n, bits, 4);
}

static void
sort_buckets (const Buckets * buckets, guint32 *keys, guint32 *scratch)
{
  gsize start = 0;
  for (guint i = 0; i < N_CLASSES * buckets->n; i++) {
    gsize end = buckets->place[i];
    gsize n = end - start;
    if (n < FEW_KEYS)
      insert_keys (keys + start, n);
    else
      sort_keys (keys + start, scratch, n, buckets->shift);
    start = end;
  }
}

/* --- the ranking -------------------------------------------------------- */

/* NULL without memory. In huge pages to touch 80 MB for the first time takes
 * 5 ms, and in small ones 40. */
static guint32 *
try_keys (gsize n)
{
  gsize size = MAX (n, 1) * sizeof (guint32);
  gboolean huge = size >= HUGE_PAGE;
  gpointer keys;

  if (posix_memalign (&keys, huge ? HUGE_PAGE : sizeof (gpointer), size) != 0)
    return NULL;
#ifdef MADV_HUGEPAGE
  if (huge)
    madvise (keys, size, MADV_HUGEPAGE);
#endif
  return keys;
}

/* Room for the keys, and to sort `most` of them. */
static gboolean
allocate (guint32 **keys, gsize n, guint32 **scratch, gsize most,
    GError ** error)
{
  *keys = try_keys (n);
  *scratch = try_keys (most);
  if (*keys && *scratch)
    return TRUE;
  free (*keys);
  free (*scratch);
  g_set_error (error, VAE_ERROR, VAE_ERROR_MEMORY,
      "no memory to rank the scores of %" G_GSIZE_FORMAT " rows", n);
  return FALSE;
}

/* The normal rows' keys from the front of keys [n], and the others' from its end. */
static void
split_classes (VaeRanking * ranking, const float *scores,
    const guint8 *labels, gsize n, guint32 *keys)
{
  gsize front = 0, back = n;

  for (gsize i = 0; i < n; i++)
    if (!isnan (scores[i])) {
      const guint32 key = vae_score_key (scores[i]) - ranking->lowest;
      keys[labels && labels[i] ? --back : front++] = key;
    }
  ranking->negatives = (VaeRanks) {
  keys, front};
  ranking->positives = (VaeRanks) {
  keys + back, n - back};
}

static gboolean
rank_few (VaeRanking * ranking, const float *scores, const guint8 *labels,
    gsize n, guint bits, GError ** error)
{
  guint32 *keys, *scratch;

  if (!allocate (&keys, n, &scratch, n, error))
    return FALSE;
  split_classes (ranking, scores, labels, n, keys);
  sort_keys (ranking->negatives.keys, scratch, ranking->negatives.n, bits);
  sort_keys (ranking->positives.keys, scratch, ranking->positives.n, bits);
  free (scratch);
  return TRUE;
}

static gboolean
rank_many (VaeRanking * ranking, const float *scores, const guint8 *labels,
    gsize n, guint bits, guint32 range, GError ** error)
{
  guint32 *keys, *scratch;
  gsize largest;
  Buckets buckets;

  choose_buckets (&buckets, ranking->lowest, range, bits, n);
  count_keys (&buckets, scores, labels, n);
  const gsize scored =
      place_counts (buckets.place, N_CLASSES * buckets.n, &largest);
  if (!allocate (&keys, scored, &scratch, largest, error))
    return FALSE;
  fill_keys (&buckets, scores, labels, n, keys);
  sort_buckets (&buckets, keys, scratch);
  free (scratch);

  const gsize negatives = buckets.place[buckets.n - 1];
  ranking->negatives = (VaeRanks) {
  keys, negatives};
  ranking->positives = (VaeRanks) {
  keys + negatives, scored - negatives};
  return TRUE;
}

gboolean
vae_ranking_init (VaeRanking * ranking, const float *scores,
    const guint8 *labels, gsize n, GError ** error)
{
  float lowest, highest;

  find_range (scores, n, &lowest, &highest);
  ranking->lowest = vae_score_key (highest);
  const guint32 range = vae_score_key (lowest) - ranking->lowest;
  const guint bits = g_bit_storage (range);

  return n <= FEW_ROWS ? rank_few (ranking, scores, labels, n, bits, error)
      : rank_many (ranking, scores, labels, n, bits, range, error);
}

void
vae_ranking_clear (VaeRanking * ranking)
{
  free (ranking->negatives.keys);
}
