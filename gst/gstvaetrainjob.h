/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The training that vaetrain's properties ask for. */

#pragma once

#include "gstvaetrainsettings.h"

G_BEGIN_DECLS

/* One training, as the settings were when the stream began. */
typedef struct
{
  gchar *model;
  gchar *report;                /* NULL = none */
  VaeModel *initial;            /* what to go on from; NULL = begin anew */
  VaeParams params;
  GArray *latent_dims;          /* guint, those of the grid; never empty */
  GArray *betas;                /* gdouble, likewise */
  VaeGridParams grid;           /* points into the arrays */
  gboolean is_grid;
  guint64 max_rows;
  gboolean silent;
} GstVaeTrainJob;

/* The job that the settings describe; all of it is checked that can be without
 * knowing the channels, also whether the model can be written. Sets an error of
 * VAE_ERROR or of a GStreamer domain. The job was cleared, or zero, before, and is
 * to be cleared afterwards in either case. */
gboolean gst_vae_train_job_init (GstVaeTrainJob * job,
    const GstVaeTrainSettings * settings, GError ** error);
void gst_vae_train_job_clear (GstVaeTrainJob * job);

/* Checks every network of the job over so many channels, also against what it goes
 * on from: VAE_ERROR_PARAMETER. */
gboolean gst_vae_train_job_check_params (const GstVaeTrainJob * job,
    guint channels, GError ** error);

gboolean gst_vae_train_job_selects_by_labels (const GstVaeTrainJob * job);

G_END_DECLS
