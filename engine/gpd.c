/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/*
 * Grimshaw 1993, "Computing Maximum Likelihood Estimates for the Generalized
 * Pareto Distribution". With x = shape / scale, the best shape for a given x
 * is mean (log (1 + x y)), so that one unknown is left. Its likelihood is
 * stationary where u (x) v (x) = 1, u = mean (1 / (1 + x y)) and v = 1 +
 * shape, and rises with x where u v > 1: it has a maximum where u v - 1 falls
 * through 0. Such roots are looked for on a grid of x on either side of 0.
 *
 * Two candidates are not among the roots: x = 0, the exponential distribution,
 * where u v = 1 for any values, and the edge shape = -1, beyond which
 * likelihood grows without bound.
 */

#include "gpd.h"

#include <math.h>

#define MIN_DISTINCT 10
#define LN_10 2.30258509299404568402

/* The grid goes in steps of 4 from SMALLEST, where the tail is exponential to
 * four digits. Below 0 it ends where the largest value nearly is the end of the
 * tail; roots beyond are as good as the edge. */
#define GRID_STEP 4.0
#define SMALLEST 0x1p-14
#define NEAREST 0x1p-30

/* Likelihood is flat at its maximum: this is exact to the last digit of it. */
#define ROOT_PRECISION 1e-10
#define MAX_ROOT_STEPS 100

/* The values above the level, in units of their mean. */
typedef struct
{
  const float *values;
  gsize n;
  double level;
  double mean;                  /* of value - level */
  double smallest;              /* in units of the mean */
  double largest;
} Excesses;

typedef struct
{
  double x;
  double slope;                 /* has the sign of the likelihood's */
} Point;

typedef struct
{
  VaeGpd gpd;                   /* in units of the mean */
  double log_likelihood;        /* per value */
} Candidate;

static gboolean
has_distinct (const float *values, gsize n, guint required)
{
  float seen[MIN_DISTINCT];
  guint n_seen = 0;

  for (gsize i = 0; i < n && n_seen < required; i++) {
    guint k = 0;
    while (k < n_seen && seen[k] != values[i])
      k++;
    if (k == n_seen)
      seen[n_seen++] = values[i];
  }
  return n_seen == required;
}

static Excesses
summarize (const float *values, gsize n, float level)
{
  float smallest = values[0], largest = values[0];
  double sum = 0;

  for (gsize i = 0; i < n; i++) {
    smallest = MIN (smallest, values[i]);
    largest = MAX (largest, values[i]);
    sum += (double) values[i] - level;
  }

  Excesses excesses = {.values = values,.n = n,.level = level };
  excesses.mean = sum / n;
  excesses.smallest = ((double) smallest - level) / excesses.mean;
  excesses.largest = ((double) largest - level) / excesses.mean;
  return excesses;
}

static double
shape_at (const Excesses * excesses, double x)
{
  const double factor = x / excesses->mean;
  double logs = 0;

  for (gsize i = 0; i < excesses->n; i++)
    logs += log (1 + factor * (excesses->values[i] - excesses->level));
  return logs / excesses->n;
}

/* u v - 1, brought into (-1, 1), as it has a pole at the end of the tail. */
static Point
point_at (const Excesses * excesses, double x)
{
  const double factor = x / excesses->mean;
  double inverses = 0;

  for (gsize i = 0; i < excesses->n; i++)
    inverses += 1 / (1 + factor * (excesses->values[i] - excesses->level));
  const double u = inverses / excesses->n;
  const double slope = u * (1 + shape_at (excesses, x)) - 1;
  const Point point = { x, slope / (1 + fabs (slope)) };
  return point;
}

/* Between `low`, where the slope is above 0, and `high`, where it is not:
 * false position, halving the slope of an end that stays twice (Dowell &
 * Jarratt 1971, "Illinois"). */
static double
find_root (const Excesses * excesses, Point low, Point high)
{
  gboolean low_moved = FALSE, high_moved = FALSE;

  for (guint step = 0; step < MAX_ROOT_STEPS && high.slope < 0
      && high.x - low.x > ROOT_PRECISION * fabs (low.x); step++) {
    const double part = low.slope / (low.slope - high.slope);
    const Point point = point_at (excesses, low.x + (high.x - low.x) * part);
    if (point.slope > 0) {
      low = point;
      high.slope /= low_moved ? 2 : 1;
    } else {
      high = point;
      low.slope /= high_moved ? 2 : 1;
    }
    low_moved = point.slope > 0;
    high_moved = !low_moved;
  }
  return high.x;
}

static void
consider (Candidate * best, double shape, double scale, double log_likelihood)
{
  const Candidate candidate = { {shape, scale}, log_likelihood };

  if (shape >= -1 && log_likelihood > best->log_likelihood)
    *best = candidate;
}

/* Goes on from `last` to x; considers the maximum between, if there is one. */
static void
visit (Candidate * best, const Excesses * excesses, Point * last, double x)
{
  const Point point = point_at (excesses, x);
  const Point low = x < last->x ? point : *last;
  const Point high = x < last->x ? *last : point;

  if (low.slope > 0 && high.slope <= 0) {
    const double root = find_root (excesses, low, high);
    const double shape = shape_at (excesses, root);
    consider (best, shape, shape / root, -log (shape / root) - shape - 1);
  }
  *last = point;
}

static void
visit_below_0 (Candidate * best, const Excesses * excesses)
{
  const double end = -1 / excesses->largest;    /* of the tail */
  double part = MIN (SMALLEST * excesses->largest, 0.5);
  Point last = point_at (excesses, part * end);

  for (part *= GRID_STEP; part < 0.5; part *= GRID_STEP)
    visit (best, excesses, &last, part * end);
  for (double rest = 0.5; rest > NEAREST; rest /= GRID_STEP)
    visit (best, excesses, &last, (1 - rest) * end);
}

static void
visit_above_0 (Candidate * best, const Excesses * excesses)
{
  const double bound =          /* no root is beyond: Grimshaw */
      2 * (1 - excesses->smallest) / pow (excesses->smallest, 2);
  Point last = point_at (excesses, SMALLEST);

  while (last.x < bound)
    visit (best, excesses, &last, last.x * GRID_STEP);
}

gboolean
vae_gpd_fit (const float *values, gsize n, float level, VaeGpd * gpd)
{
  if (!has_distinct (values, n, MIN_DISTINCT))
    return FALSE;

  const Excesses excesses = summarize (values, n, level);
  Candidate best = { {0, 1}, -1 };
  consider (&best, -1, excesses.largest, -log (excesses.largest));
  visit_below_0 (&best, &excesses);
  visit_above_0 (&best, &excesses);

  gpd->shape = best.gpd.shape;
  gpd->scale = best.gpd.scale * excesses.mean;
  return TRUE;
}

double
vae_gpd_excess (const VaeGpd * gpd, double probability)
{
  const double rarity = -log (probability);

  return gpd->shape == 0 ? gpd->scale * rarity
      : gpd->scale * expm1 (gpd->shape * rarity) / gpd->shape;
}

double
vae_gpd_rarity (const VaeGpd * gpd, double y)
{
  const double units = y / gpd->scale;

  if (gpd->shape == 0)
    return units / LN_10;
  if (gpd->shape * units <= -1)
    return INFINITY;
  return log1p (gpd->shape * units) / gpd->shape / LN_10;
}
