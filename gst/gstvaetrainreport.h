/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The page on which vaetrain shows its work. */

#pragma once

#include <gst/gst.h>

#include "vae.h"

G_BEGIN_DECLS

/* What happened in a training: of a long one, every so many epochs are kept. */
typedef struct
{
  GArray *epochs;               /* VaeEpoch, whose latent_kl is of no use */
  GArray *latent_kl;            /* gfloat [epochs][n_latents] */
  guint n_latents;
  guint stride;                 /* epochs from one that is kept to the next */
  VaeGridCell *cells;           /* [n_cells] */
  guint n_cells;
} GstVaeTrainReport;

void gst_vae_train_report_init (GstVaeTrainReport * report);
void gst_vae_train_report_clear (GstVaeTrainReport * report);

void gst_vae_train_report_add_epoch (GstVaeTrainReport * report,
    const VaeEpoch * epoch);

/* Room for the cells of a grid, for vae_grid() to fill in. */
VaeGridCell *gst_vae_train_report_get_cells (GstVaeTrainReport * report,
    const VaeGridParams * grid);

/* Replaces the file in one step. `grid` is NULL if there was none. Sets an error
 * of G_FILE_ERROR. */
gboolean gst_vae_train_report_write (const GstVaeTrainReport * report,
    const VaeModel * model, const gchar * model_path,
    const VaeGridParams * grid, const gchar * path, GError ** error);

G_END_DECLS
