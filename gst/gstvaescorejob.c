/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstvaescorejob.h"

#include <math.h>

static gboolean
check_threshold (const GstVaeScoreSettings * settings,
    const GstVaeScoreModel * model, GError ** error)
{
  if (!gst_vae_score_settings_check_threshold (settings->threshold, error))
    return FALSE;
  if (settings->threshold > 0
      || !gst_vae_score_settings_need_threshold (settings)
      || !isnan (vae_scorer_threshold (model->scorer)))
    return TRUE;
  g_set_error (error, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS,
      "Model %s has no threshold for the score %s: threshold sets one",
      model->path, vae_score_name (model->score));
  return FALSE;
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
  job->fixed = settings->threshold;
  return gst_vae_score_settings_check (settings, error)
      && gst_vae_score_model_load (&job->model, settings->model,
      settings->score, settings->threads, error)
      && check_threshold (settings, &job->model, error);
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
  if (check_threshold (&job->settings, &job->model, error)) {
    job->fixed = job->settings.threshold;
    return TRUE;
  }
  g_prefix_error (error, "The threshold stays %g: ",
      gst_vae_score_job_get_threshold (job));
  return FALSE;
}

static gboolean
load_successor (const GstVaeScoreJob * job, guint channels,
    GstVaeScoreModel * next, GError ** error)
{
  return gst_vae_score_model_load (next, job->settings.model,
      job->settings.score, job->settings.threads, error)
      && check_channels (next, channels, error)
      && check_threshold (&job->settings, next, error)
      && gst_vae_score_model_warm_up (next, &job->model, error);
}

gboolean
gst_vae_score_job_change_model (GstVaeScoreJob * job, guint channels,
    GError ** error)
{
  GstVaeScoreModel next = { NULL };

  if (!load_successor (job, channels, &next, error)) {
    g_prefix_error (error, "The model stays %s: ", job->model.path);
    gst_vae_score_model_clear (&next);
    return FALSE;
  }
  gst_vae_score_model_clear (&job->model);
  job->model = next;
  job->fixed = job->settings.threshold;
  return TRUE;
}

gboolean
gst_vae_score_job_check_channels (const GstVaeScoreJob * job, guint channels,
    GError ** error)
{
  return check_channels (&job->model, channels, error);
}

gdouble
gst_vae_score_job_get_threshold (const GstVaeScoreJob * job)
{
  return job->fixed > 0 ? job->fixed : vae_scorer_threshold (job->model.scorer);
}

gboolean
gst_vae_score_job_decide (GstVaeScoreJob * job, gfloat score)
{
  guint8 alarm;

  if (job->fixed > 0)
    return score > job->fixed;
  vae_scorer_decide (job->model.scorer, &score, 1, &alarm);
  return alarm;
}
