/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/*
 * Householder's reduction to a tridiagonal matrix, then the implicit QR
 * algorithm with Wilkinson's shift: Golub & Van Loan 2013, algorithms 8.3.1 to
 * 8.3.3.
 */

#include "eigen.h"
#include "doubles.h"

#include <float.h>
#include <math.h>

/* It takes about two steps a value. More than these are taken only if there are
 * numbers in the matrix that are not finite. */
#define MAX_STEPS 64

/* Turns x [n] into v so that the reflection I - factor v v' takes x to
 * (target, 0, ...), and returns the factor. */
VAE_INLINE double
make_reflection (double *x, gsize n, double *target)
{
  const double norm = sqrt (doubles_dot (x, x, n));

  *target = x[0] > 0 ? -norm : norm;
  x[0] -= *target;
  const double square = doubles_dot (x, x, n);
  return square > DBL_MIN ? 2 / square : 0;
}

/* The square of a [.][n] from row and column `from` on, reflected from both
 * sides; product is scratch [n]. */
VAE_INLINE void
reflect_square (double *a, gsize n, gsize from, const double *v,
    double factor, double *product)
{
  const gsize size = n - from;

  for (gsize i = 0; i < size; i++)
    product[i] = 0;
  for (gsize i = 0; i < size; i++)
    doubles_add (product, factor * v[i], a + (from + i) * n + from, size);
  doubles_add (product, -factor / 2 * doubles_dot (product, v, size), v, size);
  for (gsize i = 0; i < size; i++) {
    double *row = a + (from + i) * n + from;
    doubles_add (row, -v[i], product, size);
    doubles_add (row, -product[i], v, size);
  }
}

/* The same square, an orthogonal matrix, times the reflection. */
VAE_INLINE void
reflect_columns (double *a, gsize n, gsize from, const double *v, double factor)
{
  for (gsize i = from; i < n; i++) {
    double *row = a + i * n + from;
    doubles_add (row, -factor * doubles_dot (row, v, n - from), v, n - from);
  }
}

/* a = q' t q: leaves q in a, the diagonal of t in diagonal [n] and what is
 * beside it in beside [n - 1]. */
VAE_HOT static void
make_tridiagonal (gsize n, double *a, double *diagonal, double *beside,
    double *factors, double *scratch)
{
  for (gsize k = 0; k + 1 < n; k++) {
    double *v = a + k * n + k + 1;
    factors[k] = make_reflection (v, n - k - 1, &beside[k]);
    reflect_square (a, n, k + 1, v, factors[k], scratch);
  }
  for (gsize k = n; k-- > 0;) {
    diagonal[k] = a[k * n + k];
    if (k + 1 < n)
      reflect_columns (a, n, k + 1, a + k * n + k + 1, factors[k]);
    for (gsize i = k; i < n; i++)
      a[k * n + i] = a[i * n + k] = 0;
    a[k * n + k] = 1;
  }
}

/* The eigenvalue of the 2 x 2 matrix at the end of a block that is the nearer
 * to the last element. */
static double
wilkinson_shift (double before_last, double last, double beside)
{
  const double half = (before_last - last) / 2;
  const double root = hypot (half, beside);

  return last - beside * beside / (half + (half < 0 ? -root : root));
}

VAE_INLINE void
rotate_rows (double *a, double *b, gsize n, double c, double s)
{
  for (gsize i = 0; i < n; i++) {
    const double x = a[i], y = b[i];
    a[i] = c * x + s * y;
    b[i] = c * y - s * x;
  }
}

/* One step on rows first .. last of the tridiagonal matrix, none of which has
 * a 0 beside it, and the same rotations on the rows of q. */
VAE_HOT static void
qr_step (gsize n, double *q, double *diagonal, double *beside, gsize first,
    gsize last)
{
  double x = diagonal[first] - wilkinson_shift (diagonal[last - 1],
      diagonal[last], beside[last - 1]);
  double bulge = beside[first];

  for (gsize k = first; k < last; k++) {
    const double r = hypot (x, bulge);
    const double c = r > 0 ? x / r : 1, s = r > 0 ? bulge / r : 0;
    const double a = diagonal[k], b = beside[k], d = diagonal[k + 1];

    if (k > first)
      beside[k - 1] = r;
    diagonal[k] = c * c * a + 2 * c * s * b + s * s * d;
    diagonal[k + 1] = s * s * a - 2 * c * s * b + c * c * d;
    beside[k] = x = c * s * (d - a) + (c * c - s * s) * b;
    if (k + 1 < last) {
      bulge = s * beside[k + 1];
      beside[k + 1] *= c;
    }
    rotate_rows (q + k * n, q + (k + 1) * n, n, c, s);
  }
}

static double
largest_magnitude (gsize n, const double *diagonal, const double *beside)
{
  double largest = 0;

  for (gsize i = 0; i < n; i++)
    largest = MAX (largest, fabs (diagonal[i]));
  for (gsize i = 0; i + 1 < n; i++)
    largest = MAX (largest, fabs (beside[i]));
  return largest;
}

/* Makes the tridiagonal matrix diagonal. */
static void
make_diagonal (gsize n, double *q, double *diagonal, double *beside)
{
  const double hair = DBL_EPSILON * largest_magnitude (n, diagonal, beside);
  gsize last = n - 1;

  for (gsize step = 0; last > 0 && step < MAX_STEPS * n; step++) {
    gsize first = last;
    while (first > 0 && fabs (beside[first - 1]) > hair)
      first--;
    if (first == last)
      last--;
    else
      qr_step (n, q, diagonal, beside, first, last);
  }
}

static void
sort_falling (gsize n, double *q, double *values)
{
  for (gsize i = 0; i < n; i++) {
    gsize largest = i;
    for (gsize j = i + 1; j < n; j++)
      if (values[j] > values[largest])
        largest = j;
    if (largest == i)
      continue;
    const double value = values[i];
    values[i] = values[largest];
    values[largest] = value;
    rotate_rows (q + i * n, q + largest * n, n, 0, 1);
  }
}

void
vae_eigen (gsize n, double *a, double *values, double *work)
{
  double *beside = work, *factors = work + n, *scratch = work + 2 * n;

  make_tridiagonal (n, a, values, beside, factors, scratch);
  make_diagonal (n, a, values, beside);
  sort_falling (n, a, values);
}
