/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstvaetrainjob.h"

#include <string.h>

#include "gstvaesink.h"

/* A size as the engine takes it; which sizes make sense is for it to say. */
static gboolean
size_from_number (const gchar * name, gdouble number, guint *size,
    GError ** error)
{
  if (gst_vae_train_is_size (number)) {
    *size = (guint) number;
    return TRUE;
  }
  g_set_error (error, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS,
      "%s holds %g, it takes whole numbers from 1", name, number);
  return FALSE;
}

static gboolean
job_take_hidden (GstVaeTrainJob * job, const GstVaeTrainSettings * settings,
    GError ** error)
{
  const GArray *hidden = settings->hidden;

  if (!hidden)
    return TRUE;
  job->params.n_hidden = hidden->len;
  for (guint i = 0; i < MIN (hidden->len, VAE_MAX_HIDDEN); i++)
    if (!size_from_number ("hidden", g_array_index (hidden, gdouble, i),
            &job->params.hidden[i], error))
      return FALSE;
  return TRUE;
}

/* An axis of the grid that is not set has the single value of its property. */
static gboolean
job_take_grid (GstVaeTrainJob * job, const GstVaeTrainSettings * settings,
    GError ** error)
{
  const GArray *dims = settings->latent_dims;

  job->latent_dims = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < dims->len; i++) {
    guint dim;

    if (!size_from_number ("latent-dims", g_array_index (dims, gdouble, i),
            &dim, error))
      return FALSE;
    g_array_append_val (job->latent_dims, dim);
  }
  if (dims->len == 0)
    g_array_append_val (job->latent_dims, job->params.latent_dim);

  job->betas = g_array_copy (settings->betas);
  if (job->betas->len == 0)
    g_array_append_val (job->betas, job->params.beta);

  job->is_grid = settings->latent_dims->len > 0 || settings->betas->len > 0;
  job->grid.latent_dims = (const guint *) job->latent_dims->data;
  job->grid.n_latent_dims = job->latent_dims->len;
  job->grid.betas = (const gdouble *) job->betas->data;
  job->grid.n_betas = job->betas->len;
  job->grid.select = settings->select;
  job->grid.threads = settings->threads;
  return TRUE;
}

/* Checks every network of the job over `channels` channels. */
gboolean
gst_vae_train_job_check_params (const GstVaeTrainJob * job, guint channels,
    GError ** error)
{
  VaeParams params = job->params;

  params.channels = channels;
  for (guint i = 0; i < job->grid.n_latent_dims; i++) {
    params.latent_dim = job->grid.latent_dims[i];
    for (guint j = 0; j < job->grid.n_betas; j++) {
      params.beta = job->grid.betas[j];
      if (!vae_params_validate (&params, error)
          || (job->initial
              && !vae_train_check_from (job->initial, &params, error)))
        return FALSE;
    }
  }
  return TRUE;
}

gboolean
gst_vae_train_job_selects_by_labels (const GstVaeTrainJob * job)
{
  return job->is_grid && (job->grid.select == VAE_SELECT_AUROC
      || job->grid.select == VAE_SELECT_AUPRC);
}

static gboolean
job_check_grid (const GstVaeTrainJob * job, GError ** error)
{
  if (job->is_grid && job->initial) {
    g_set_error (error, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS,
        "latent-dims and betas begin anew: they are of no meaning to "
        "initial-model");
    return FALSE;
  }
  if (!job->is_grid || job->params.kind == VAE_KIND_VAE)
    return TRUE;
  g_set_error (error, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS,
      "latent-dims and betas are of no meaning to kind=%s",
      vae_kind_name (job->params.kind));
  return FALSE;
}

static gboolean
job_check_model (const GstVaeTrainJob * job, GError ** error)
{
  if (job->model && *job->model)
    return gst_vae_sink_check_path (job->model, error);
  g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND,
      "model is not set: it says which file to write");
  return FALSE;
}

static gboolean
job_load_initial (GstVaeTrainJob * job, const gchar * path, GError ** error)
{
  if (!path || !*path)
    return TRUE;
  job->initial = vae_model_load (path, error);
  if (job->initial)
    return TRUE;
  g_prefix_error (error, "initial-model ");
  return FALSE;
}

/* As far as the channels do not matter. */
static gboolean
job_check_params (const GstVaeTrainJob * job, GError ** error)
{
  return gst_vae_train_job_check_params (job, job->initial
      ? vae_model_params (job->initial)->channels : 1, error);
}

static gboolean
job_check_report (const GstVaeTrainJob * job, GError ** error)
{
  if (!job->report)
    return TRUE;
  if (g_strcmp0 (job->report, job->model) != 0)
    return gst_vae_sink_check_path (job->report, error);
  g_set_error (error, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS,
      "model and report are both \"%s\": they are two files", job->report);
  return FALSE;
}

gboolean
gst_vae_train_job_init (GstVaeTrainJob * job,
    const GstVaeTrainSettings * settings, GError ** error)
{
  if (!job_load_initial (job, settings->initial_model, error))
    return FALSE;
  gst_vae_train_settings_get_params (settings,
      job->initial ? vae_model_params (job->initial) : NULL, &job->params);
  job->model = g_strdup (settings->model);
  job->report = g_strdup (settings->report);
  job->max_rows = settings->max_rows;
  job->silent = settings->silent;

  return job_take_hidden (job, settings, error)
      && job_take_grid (job, settings, error)
      && job_check_model (job, error)
      && job_check_report (job, error)
      && job_check_grid (job, error)
      && job_check_params (job, error);
}

void
gst_vae_train_job_clear (GstVaeTrainJob * job)
{
  g_free (job->model);
  g_free (job->report);
  vae_model_unref (job->initial);
  g_clear_pointer (&job->latent_dims, g_array_unref);
  g_clear_pointer (&job->betas, g_array_unref);
  memset (job, 0, sizeof (*job));
}
