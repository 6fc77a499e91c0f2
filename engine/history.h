/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/*
 * The rows of a stream that are being scored, and those before them that their
 * windows reach back to. A window is never copied: neighbouring ones overlap where
 * they lie, row by row for a network that takes one of them, and channel by channel
 * for one that takes many, where row k of its input is a stretch of a channel.
 */

#pragma once

#include "scaler.h"

G_BEGIN_DECLS

typedef struct
{
  gsize channels;
  gsize n_before;               /* rows that a window has before its last */
  gsize most;                   /* rows that can be taken at a time */
  gsize capacity;               /* rows there is room for */
  gsize first;                  /* of those, where row 0 lies */
  gsize n;                      /* rows taken last */
  gsize column;                 /* floats from one channel to the next */
  VaeScalerFit wide_scaler;     /* of several rows at a time */
  float *scaled;                /* [most][channels], the rows taken last, NaN =
                                 * missing */
  const float **scaled_rows;    /* [most], their beginnings */
  float *rows;                  /* [capacity][channels], 0 = missing */
  float *columns;               /* [channels][column], the same transposed */
  float *observed;              /* [channels][column], 1, or 0 = missing */
} VaeHistory;

/* With rows before that are all 0. FALSE if there is no memory; what `history` held
 * is not freed. */
gboolean vae_history_init (VaeHistory * history, gsize n_before, gsize most,
    const VaeScalerFit * scaler);
void vae_history_clear (VaeHistory * history);

/* Takes over the rows before those of the next vae_history_take() from another
 * one. */
void vae_history_continue (VaeHistory * history, const VaeHistory * before);

/* Scales rows, data [n][channels], n <= most, and moves on by that many. They are
 * numbered from 0 in what follows. */
void vae_history_take (VaeHistory * history, const VaeScalerFit * scaler,
    const float *data, gsize n);

/* Row r, [channels], NaN = missing. */
const float *vae_history_row (const VaeHistory * history, gsize r);

/* The window that ends with row r, [n_before + 1][channels], 0 = missing. */
const float *vae_history_window (const VaeHistory * history, gsize r);

/* The rows of a network's input, of which lane i is the window that ends with row
 * r + i: rows [(n_before + 1) * channels]. There are most - r lanes, whatever is in
 * those behind the last row. */
void vae_history_windows (const VaeHistory * history, gsize r,
    const float **rows);

/* A channel from row r on, 0 = missing, and whether it is there, 1 or 0. */
const float *vae_history_channel (const VaeHistory * history, gsize channel,
    gsize r);
const float *vae_history_observed (const VaeHistory * history, gsize channel,
    gsize r);

G_END_DECLS
