/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Brings channels onto one scale, by what the training rows are like. */

#pragma once

#include "vae.h"

G_BEGIN_DECLS

typedef struct
{
  guint channels;
  float *offset;                /* [channels] */
  float *scale;                 /* [channels], finite and > 0 */
  float limit;                  /* scaled cells saturate at +-limit */
} VaeScalerFit;

/* The identity, saturating at +-clip or, with 0, at +-1e9: no cell, however
 * absurd, makes the network's sums overflow to NaN. FALSE if there is no memory. */
gboolean vae_scaler_init (VaeScalerFit * fit, guint channels, double clip);
void vae_scaler_clear (VaeScalerFit * fit);

/* Both have the same channels. */
void vae_scaler_copy (VaeScalerFit * to, const VaeScalerFit * from);

/* Fits offset and scale, by `kind`, to the rows of data [n_rows][channels] for
 * which use [n_rows] is not 0 (NULL = all). Missing cells are left out. A
 * channel that hardly varies (standard deviation, or interquartile range, below
 * 1e-9 or 1e-4 of its mean or median) keeps scale 1: dividing by it would make
 * a signal of rounding errors. A channel without any cell keeps the identity.
 * `cancellable`, which may be NULL, is looked at before each channel.
 * VAE_ERROR_MEMORY, VAE_ERROR_CANCELLED. */
gboolean vae_scaler_fit (VaeScalerFit * fit, VaeScaler kind, const float *data,
    const guint8 * use, gsize n_rows, GCancellable * cancellable,
    GError ** error);

/* Scales rows: in and out [n_rows][channels], which may be the same. What is not
 * finite is missing and becomes NaN. */
void vae_scaler_apply (const VaeScalerFit * fit, const float *in,
    gsize n_rows, float *out);

/* A fit for rows of `repeats` times as many channels: as many rows side by side,
 * which as one are long enough to be vectors. FALSE if there is no memory. */
gboolean vae_scaler_repeat (VaeScalerFit * wide, const VaeScalerFit * fit,
    guint repeats);

G_END_DECLS
