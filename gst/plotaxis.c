/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "plotaxis.h"

#include <math.h>

/* Of the length of the values, at either end. */
#define ROOM 0.06

#define MINUTE 60.
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

PlotAxis
plot_axis_new (gdouble min, gdouble max)
{
  gdouble room = ROOM * (max - min);

  /* Floats that are as good as one number. */
  if (max - min <= 1e-6 * MAX (fabs (min), fabs (max)))
    room = MAX (fabs (min), fabs (max)) / 10;
  if (room == 0)
    room = 1;
  return (PlotAxis) {
  .low = min - room,.high = max + room};
}

gdouble
plot_axis_place (const PlotAxis * axis, gdouble value)
{
  return (axis->high - value) / (axis->high - axis->low);
}

gdouble
plot_axis_step (gdouble length, guint n)
{
  const gdouble shortest = length / MAX (n, 1);
  const gdouble power = pow (10, floor (log10 (shortest)));

  if (shortest <= power)
    return power;
  if (shortest <= 2 * power)
    return 2 * power;
  return shortest <= 5 * power ? 5 * power : 10 * power;
}

gdouble
plot_axis_time_step (gdouble seconds, guint n)
{
  static const gdouble steps[] = {
    MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE,
    HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY
  };
  const gdouble shortest = seconds / MAX (n, 1);

  if (shortest > 20 && shortest <= 30)
    return 30;
  if (shortest <= 20)
    return plot_axis_step (seconds, n);
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++) {
    if (shortest <= steps[i])
      return steps[i];
  }
  return DAY * plot_axis_step (seconds / DAY, n);
}

/* How many decimals a multiple of the step has. */
static gint
count_decimals (gdouble step)
{
  return step >= 1 ? 0 : (gint) ceil (-log10 (step) - 1e-9);
}

/* Whatever the locale. */
static void
write_number (gchar * label, gchar conversion, gint digits, gdouble value)
{
  gchar format[8];

  g_snprintf (format, sizeof (format), "%%.%d%c", digits, conversion);
  g_ascii_formatd (label, PLOT_LABEL_SIZE, format, value);
}

void
plot_axis_label (gchar label[PLOT_LABEL_SIZE], gdouble value, gdouble step)
{
  if (fabs (value) < step / 2)
    value = 0;
  if (fabs (value) < 1e6 && step >= 1e-4)
    write_number (label, 'f', count_decimals (step), value);
  else
    write_number (label, 'g', CLAMP (1 + (gint) ceil (log10 (fabs (value) /
                    step)), 2, 9), value);
}

void
plot_axis_time_label (gchar label[PLOT_LABEL_SIZE], gdouble seconds,
    gdouble step)
{
  const gint decimals = MIN (count_decimals (step), 9);
  const gdouble minutes = floor ((seconds + MIN (step, 1) / 2) / MINUTE);
  const gint64 m = (gint64) minutes;
  gchar second[PLOT_LABEL_SIZE];

  if (m < 1) {
    write_number (second, 'f', decimals, seconds);
    g_snprintf (label, PLOT_LABEL_SIZE, "%s s", second);
    return;
  }
  write_number (second, 'f', decimals, MAX (seconds - minutes * MINUTE, 0));
  if (m < 60)
    g_snprintf (label, PLOT_LABEL_SIZE, "%d:%s%s", (gint) m,
        second[1] == '.' || !second[1] ? "0" : "", second);
  else if (m < 24 * 60)
    g_snprintf (label, PLOT_LABEL_SIZE, "%d:%02d:%s%s", (gint) (m / 60),
        (gint) (m % 60), second[1] == '.' || !second[1] ? "0" : "", second);
  else
    g_snprintf (label, PLOT_LABEL_SIZE, "%dd %02d:%02d:%s%s",
        (gint) (m / (24 * 60)), (gint) (m / 60 % 24), (gint) (m % 60),
        second[1] == '.' || !second[1] ? "0" : "", second);
}
