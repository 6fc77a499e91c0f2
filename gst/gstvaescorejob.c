/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstvaescorejob.h"

#include <math.h>

static gboolean
find_threshold (const GstVaeScoreSettings * settings,
    const GstVaeScoreModel * model, gdouble * threshold, GError ** error)
{
  const gdouble found = settings->threshold > 0 ? settings->threshold
      : gst_vae_score_model_get_threshold (model);

  if (!gst_vae_score_settings_check_threshold (settings->threshold, error))
    return FALSE;
  if (isnan (found) && gst_vae_score_settings_need_threshold (settings)) {
    g_set_error (error, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS,
        "Model %s has no threshold for the score %s: threshold sets one",
        model->path, vae_score_name (model->score));
    return FALSE;
  }
  *threshold = found;
  return TRUE;
}

static gboolean
check_channels (const GstVaeScoreModel * model, guint channels, GError ** error)
{
  const guint trained = vae_model_params (model->model)->channels;

  if (channels == trained)
    return TRUE;
  g_set_error (error, GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION,
      "Model %s was trained on %u channels, the stream has %u", model->path,
      trained, channels);
  return FALSE;
}

gboolean
gst_vae_score_job_init (GstVaeScoreJob * job,
    const GstVaeScoreSettings * settings, GError ** error)
{
  gst_vae_score_settings_copy (settings, &job->settings);
  gst_vae_score_watch_init (&job->watch, settings->model);
  return gst_vae_score_settings_check (settings, error)
      && gst_vae_score_model_load (&job->model, settings->model,
      settings->score, error)
      && find_threshold (settings, &job->model, &job->threshold, error);
}

void
gst_vae_score_job_clear (GstVaeScoreJob * job)
{
  gst_vae_score_model_clear (&job->model);
  gst_vae_score_settings_clear (&job->settings);
}

gboolean
gst_vae_score_job_change_threshold (GstVaeScoreJob * job, GError ** error)
{
  if (find_threshold (&job->settings, &job->model, &job->threshold, error))
    return TRUE;
  g_prefix_error (error, "The threshold stays %g: ", job->threshold);
  return FALSE;
}

static gboolean
load_successor (const GstVaeScoreJob * job, guint channels,
    GstVaeScoreModel * next, gdouble * threshold, GError ** error)
{
  return gst_vae_score_model_load (next, job->settings.model,
      job->settings.score, error)
      && check_channels (next, channels, error)
      && find_threshold (&job->settings, next, threshold, error)
      && gst_vae_score_model_warm_up (next, &job->model, error);
}

gboolean
gst_vae_score_job_change_model (GstVaeScoreJob * job, guint channels,
    GError ** error)
{
  GstVaeScoreModel next = { NULL };
  gdouble threshold;

  if (!load_successor (job, channels, &next, &threshold, error)) {
    g_prefix_error (error, "The model stays %s: ", job->model.path);
    gst_vae_score_model_clear (&next);
    return FALSE;
  }
  gst_vae_score_model_clear (&job->model);
  job->model = next;
  job->threshold = threshold;
  return TRUE;
}

gboolean
gst_vae_score_job_check_channels (const GstVaeScoreJob * job, guint channels,
    GError ** error)
{
  return check_channels (&job->model, channels, error);
}
