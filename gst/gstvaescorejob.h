/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What vaescore scores with: a model and a threshold, and how others take their
 * place. */

#pragma once

#include "gstvaescoremodel.h"
#include "gstvaescoresettings.h"

G_BEGIN_DECLS

typedef struct
{
  GstVaeScoreSettings settings; /* as last looked at */
  GstVaeScoreModel model;
  GstVaeScoreWatch watch;       /* of settings.model */
  gdouble fixed;                /* threshold; 0 = the model's */
} GstVaeScoreJob;

/* The job that the settings describe. Sets an error of VAE_ERROR, of the file or of
 * a GStreamer domain. The job was cleared, or zero, before, and is to be cleared
 * afterwards in either case. */
gboolean gst_vae_score_job_init (GstVaeScoreJob * job,
    const GstVaeScoreSettings * settings, GError ** error);
void gst_vae_score_job_clear (GstVaeScoreJob * job);

/* Same errors; the old threshold or model stays on failure. A new model has to be
 * of so many channels, and is shown the last rows that the old one has seen. */
gboolean gst_vae_score_job_change_threshold (GstVaeScoreJob * job,
    GError ** error);
gboolean gst_vae_score_job_change_model (GstVaeScoreJob * job, guint channels,
    GError ** error);

/* The threshold that the next row is held against, or NaN. */
gdouble gst_vae_score_job_get_threshold (const GstVaeScoreJob * job);

/* Whether the next row, of this score, is above the threshold, which may learn from
 * it. */
gboolean gst_vae_score_job_decide (GstVaeScoreJob * job, gfloat score);

/* GST_CORE_ERROR_NEGOTIATION unless the model is of so many channels. */
gboolean gst_vae_score_job_check_channels (const GstVaeScoreJob * job,
    guint channels, GError ** error);

G_END_DECLS
