/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "scaler.h"
#include "hot.h"
#include "quantile.h"

#include <math.h>
#include <string.h>

gboolean
vae_scaler_init (VaeScalerFit * fit, guint channels, double clip)
{
  fit->channels = channels;
  fit->limit = clip > 0 ? clip : 1e9;
  fit->offset = g_try_new0 (float, channels);
  fit->scale = g_try_new (float, channels);
  if (!fit->offset || !fit->scale) {
    vae_scaler_clear (fit);
    return FALSE;
  }
  for (guint c = 0; c < channels; c++)
    fit->scale[c] = 1.f;
  return TRUE;
}

void
vae_scaler_clear (VaeScalerFit * fit)
{
  g_clear_pointer (&fit->offset, g_free);
  g_clear_pointer (&fit->scale, g_free);
}

void
vae_scaler_copy (VaeScalerFit * to, const VaeScalerFit * from)
{
  memcpy (to->offset, from->offset, from->channels * sizeof (float));
  memcpy (to->scale, from->scale, from->channels * sizeof (float));
}

/* The finite cells of column c, copied to values [up to n_rows]; their number. */
static gsize
gather_channel (const float *data, const guint8 *use, gsize n_rows,
    guint channels, guint c, float *values)
{
  gsize n = 0;

  for (gsize t = 0; t < n_rows; t++) {
    float x = data[t * channels + c];
    if ((!use || use[t]) && isfinite (x))
      values[n++] = x;
  }
  return n;
}

/* Two passes: the differences from the mean do not cancel. */
static void
mean_and_deviation (const float *values, gsize n, double *mean,
    double *deviation)
{
  double sum = 0, squares = 0;

  for (gsize i = 0; i < n; i++)
    sum += values[i];
  *mean = sum / n;
  for (gsize i = 0; i < n; i++)
    squares += (values[i] - *mean) * (values[i] - *mean);
  *deviation = sqrt (squares / n);
}

/* Reorders the values. */
static void
median_and_range (float *values, gsize n, double *median, double *range)
{
  double lower = vae_quantile (values, n, 0.25);
  double upper = vae_quantile (values, n, 0.75);

  *median = vae_quantile (values, n, 0.5);
  *range = upper - lower;
}

static void
fit_channel (VaeScalerFit * fit, guint c, VaeScaler kind, float *values,
    gsize n)
{
  double offset, scale;

  if (kind == VAE_SCALER_ROBUST)
    median_and_range (values, n, &offset, &scale);
  else
    mean_and_deviation (values, n, &offset, &scale);

  gboolean hardly_varies = !(scale > MAX (1e-9, 1e-4 * fabs (offset)));
  fit->offset[c] = offset;
  fit->scale[c] = hardly_varies ? 1.f : scale;
}

gboolean
vae_scaler_fit (VaeScalerFit * fit, VaeScaler kind, const float *data,
    const guint8 *use, gsize n_rows, GCancellable * cancellable,
    GError ** error)
{
  guint c;

  if (kind == VAE_SCALER_NONE)
    return TRUE;

  float *values = g_try_new (float, MAX (n_rows, 1));
  if (!values) {
    g_set_error (error, VAE_ERROR, VAE_ERROR_MEMORY,
        "no memory for a channel of %" G_GSIZE_FORMAT " rows", n_rows);
    return FALSE;
  }
  for (c = 0; c < fit->channels; c++) {
    if (g_cancellable_is_cancelled (cancellable))
      break;
    gsize n = gather_channel (data, use, n_rows, fit->channels, c, values);
    if (n > 0)
      fit_channel (fit, c, kind, values, n);
  }
  g_free (values);
  if (c == fit->channels)
    return TRUE;
  g_set_error (error, VAE_ERROR, VAE_ERROR_CANCELLED,
      "cancelled while fitting the scaler");
  return FALSE;
}

gboolean
vae_scaler_repeat (VaeScalerFit * wide, const VaeScalerFit * fit, guint repeats)
{
  const guint channels = fit->channels;

  if (!vae_scaler_init (wide, channels * repeats, fit->limit))
    return FALSE;
  for (guint i = 0; i < repeats; i++) {
    memcpy (wide->offset + i * channels, fit->offset,
        channels * sizeof (float));
    memcpy (wide->scale + i * channels, fit->scale, channels * sizeof (float));
  }
  return TRUE;
}

VAE_HOT void
vae_scaler_apply (const VaeScalerFit * fit, const float *in, gsize n_rows,
    float *out)
{
  const guint channels = fit->channels;
  const float limit = fit->limit;

  for (gsize t = 0; t < n_rows; t++, in += channels, out += channels)
    for (guint c = 0; c < channels; c++) {
      float x = in[c];
      float scaled = (x - fit->offset[c]) / fit->scale[c];
      scaled = scaled > limit ? limit : scaled < -limit ? -limit : scaled;
      out[c] = isfinite (x) ? scaled : NAN;
    }
}
