/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "dataset.h"
#include "floats.h"

#include <math.h>

void
vae_dataset_free (VaeDataset * dataset)
{
  if (!dataset)
    return;
  vae_scaler_clear (&dataset->scaler);
  vae_floats_free (dataset->scaled);
  g_free (dataset->train);
  g_free (dataset->held_back);
  g_free (dataset);
}

/* For each row, whether the scaler may learn from it. NULL = from all. */
static guint8 *
usable_rows (const VaeParams * params, const VaeRows * rows)
{
  if (!params->skip_labelled || !rows->labels)
    return NULL;

  guint8 *use = g_try_new (guint8, rows->n_rows);
  for (gsize t = 0; use && t < rows->n_rows; t++)
    use[t] = !rows->labels[t];
  return use;
}

static gboolean
row_has_cell (const float *row, guint channels)
{
  for (guint c = 0; c < channels; c++)
    if (!isnan (row[c]))
      return TRUE;
  return FALSE;
}

/* Finds the windows and puts each where it belongs. Walking along the rows, it
 * remembers since when the series is unbroken, and the last rows that had a
 * cell or a label. */
static void
find_windows (VaeDataset * dataset, const VaeParams * params,
    const VaeRows * rows)
{
  const gsize window = params->window;
  const gsize split = dataset->first_held_back_row;
  gsize unbroken_since = 0, n_observed_until = 0, n_clean_since = 0;

  for (gsize t = 0; t < rows->n_rows; t++) {
    if (rows->breaks && rows->breaks[t])
      unbroken_since = t;
    if (row_has_cell (dataset->scaled + t * dataset->channels,
            dataset->channels))
      n_observed_until = t + 1;
    if (params->skip_labelled && rows->labels && rows->labels[t])
      n_clean_since = t + 1;

    if (t + 1 < unbroken_since + window)
      continue;
    const gsize first = t + 1 - window;
    if (n_observed_until <= first || n_clean_since > first)
      continue;
    if (t < split)
      dataset->train[dataset->n_train++] = t;
    else if (first >= split)
      dataset->held_back[dataset->n_held_back++] = t;
  }
}

static gboolean
check_windows (const VaeDataset * dataset, const VaeParams * params,
    const VaeRows * rows, GError ** error)
{
  if (dataset->n_train < 2) {
    g_set_error (error, VAE_ERROR, VAE_ERROR_DATA,
        "%" G_GSIZE_FORMAT " rows give %" G_GSIZE_FORMAT " windows of %u to "
        "train on, with %g of them held back for validation; it takes two",
        rows->n_rows, dataset->n_train, params->window, params->validation);
    return FALSE;
  }
  if (params->validation > 0 && dataset->n_held_back == 0) {
    g_set_error (error, VAE_ERROR, VAE_ERROR_DATA,
        "the last %g of %" G_GSIZE_FORMAT " rows has no window of %u to "
        "validate with; it takes more rows, or a validation of 0",
        params->validation, rows->n_rows, params->window);
    return FALSE;
  }
  return TRUE;
}

static gboolean
has_observed_cell (const VaeRows * rows, guint channels)
{
  for (gsize i = 0; i < rows->n_rows * channels; i++)
    if (isfinite (rows->data[i]))
      return TRUE;
  return FALSE;
}

static gboolean
check_cancelled (GCancellable * cancellable, GError ** error)
{
  if (!g_cancellable_is_cancelled (cancellable))
    return TRUE;
  g_set_error (error, VAE_ERROR, VAE_ERROR_CANCELLED,
      "cancelled before the first epoch");
  return FALSE;
}

/* Scales the rows, a million cells between two looks at the cancellable. */
static gboolean
scale_rows (VaeDataset * dataset, const VaeRows * rows,
    GCancellable * cancellable, GError ** error)
{
  const gsize step = MAX (1000000 / dataset->channels, 1);

  for (gsize t = 0; t < rows->n_rows; t += step) {
    const gsize i = t * dataset->channels;
    if (!check_cancelled (cancellable, error))
      return FALSE;
    vae_scaler_apply (&dataset->scaler, rows->data + i,
        MIN (step, rows->n_rows - t), dataset->scaled + i);
  }
  return TRUE;
}

/* Fits the scaler to the rows that are trained on, unless it is given. */
static gboolean
set_scaler (VaeDataset * dataset, const VaeScalerFit * given,
    const VaeParams * params, const VaeRows * rows, GCancellable * cancellable,
    GError ** error)
{
  if (given) {
    vae_scaler_copy (&dataset->scaler, given);
    return TRUE;
  }

  guint8 *use = usable_rows (params, rows);
  const gboolean is_fitted = vae_scaler_fit (&dataset->scaler, params->scaler,
      rows->data, use, dataset->first_held_back_row, cancellable, error);
  g_free (use);
  return is_fitted;
}

VaeDataset *
vae_dataset_new (const VaeParams * params, const VaeRows * rows,
    GCancellable * cancellable, GError ** error)
{
  return vae_dataset_new_scaled (params, NULL, rows, cancellable, error);
}

VaeDataset *
vae_dataset_new_scaled (const VaeParams * params, const VaeScalerFit * scaler,
    const VaeRows * rows, GCancellable * cancellable, GError ** error)
{
  const gsize n_held_back = params->validation * rows->n_rows;
  VaeDataset *dataset = g_new0 (VaeDataset, 1);

  if (rows->n_rows == 0 || !has_observed_cell (rows, params->channels)) {
    g_set_error (error, VAE_ERROR, VAE_ERROR_DATA,
        "%" G_GSIZE_FORMAT " rows of %u channels, without a single cell that "
        "is a finite number", rows->n_rows, params->channels);
    goto fail;
  }

  dataset->channels = params->channels;
  dataset->window = params->window;
  dataset->first_held_back_row = rows->n_rows - n_held_back;
  dataset->scaled = vae_floats_new (rows->n_rows * params->channels);
  dataset->train = g_try_new (gsize, dataset->first_held_back_row);
  dataset->held_back = g_try_new (gsize, MAX (n_held_back, 1));
  if (!dataset->scaled || !dataset->train || !dataset->held_back
      || !vae_scaler_init (&dataset->scaler, params->channels, params->clip)) {
    g_set_error (error, VAE_ERROR, VAE_ERROR_MEMORY,
        "no memory to train on %" G_GSIZE_FORMAT " rows of %u channels",
        rows->n_rows, params->channels);
    goto fail;
  }

  if (!set_scaler (dataset, scaler, params, rows, cancellable, error)
      || !scale_rows (dataset, rows, cancellable, error))
    goto fail;
  find_windows (dataset, params, rows);
  if (!check_windows (dataset, params, rows, error))
    goto fail;

  return dataset;

fail:
  vae_dataset_free (dataset);
  return NULL;
}
