/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstvaescoremodel.h"

#include <glib/gstdio.h>
#include <string.h>

#include "gstvaesink.h"

/* After so many rows the longest moving average of a score has forgotten how it
 * began; a longer window needs more. */
#define LEAST_HISTORY 256

#define LOOK_INTERVAL G_USEC_PER_SEC

/* --- the last rows -------------------------------------------------------- */

static gboolean
history_init (GstVaeScoreHistory * history, const VaeParams * params,
    GError ** error)
{
  history->channels = params->channels;
  history->capacity = MAX (params->window - 1, LEAST_HISTORY);
  history->n = history->next = 0;
  history->rows = g_try_new (gfloat, history->capacity * history->channels);
  if (history->rows)
    return TRUE;
  g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NO_SPACE_LEFT,
      "There is no memory for %" G_GSIZE_FORMAT " rows of %u channels",
      history->capacity, history->channels);
  return FALSE;
}

static void
keep_piece (GstVaeScoreHistory * history, const gfloat * data, gsize n_rows)
{
  memcpy (history->rows + history->next * history->channels, data,
      n_rows * history->channels * sizeof (gfloat));
  history->next = (history->next + n_rows) % history->capacity;
  history->n = MIN (history->n + n_rows, history->capacity);
}

static void
history_keep (GstVaeScoreHistory * history, const gfloat * data, gsize n_rows)
{
  const gsize kept = MIN (n_rows, history->capacity);
  const gsize first = MIN (kept, history->capacity - history->next);

  data += (n_rows - kept) * history->channels;
  keep_piece (history, data, first);
  keep_piece (history, data + first * history->channels, kept - first);
}

/* --- the model ------------------------------------------------------------ */

gboolean
gst_vae_score_model_load (GstVaeScoreModel * model, const gchar * path,
    VaeScore score, guint threads, GError ** error)
{
  if (!path || !*path) {
    g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND,
        "model is not set: it says which file to read the model from");
    return FALSE;
  }
  model->path = g_strdup (path);
  model->score = score;
  model->model = vae_model_load (path, error);
  if (!model->model)
    return FALSE;
  model->scorer = vae_scorer_new (model->model, score, error);
  if (!model->scorer)
    return FALSE;
  vae_scorer_use_threads (model->scorer, threads);
  return history_init (&model->history, vae_model_params (model->model), error);
}

void
gst_vae_score_model_clear (GstVaeScoreModel * model)
{
  g_clear_pointer (&model->scorer, vae_scorer_free);
  g_clear_pointer (&model->model, vae_model_unref);
  g_clear_pointer (&model->path, g_free);
  g_clear_pointer (&model->history.rows, g_free);
}

GstStructure *
gst_vae_score_model_describe (const GstVaeScoreModel * model,
    const gchar * name, gdouble threshold)
{
  const VaeParams *params = vae_model_params (model->model);
  const VaeSummary *summary = vae_model_summary (model->model);
  GstStructure *structure = gst_structure_new (name,
      "path", G_TYPE_STRING, model->path,
      "kind", G_TYPE_STRING, vae_kind_name (params->kind),
      "score", G_TYPE_STRING, vae_score_name (model->score),
      "channels", G_TYPE_UINT, params->channels,
      "window", G_TYPE_UINT, params->window,
      "epochs-run", G_TYPE_UINT, summary->epochs_run,
      "active-latents", G_TYPE_UINT, summary->active_latents, NULL);

  gst_vae_structure_set_known (structure, "threshold", threshold);
  gst_vae_structure_set_known (structure, "loss", summary->loss);
  gst_vae_structure_set_known (structure, "validation-loss",
      summary->validation_loss);
  return structure;
}

void
gst_vae_score_model_execute (GstVaeScoreModel * model, const gfloat * data,
    gsize n_rows, gfloat * scores, gfloat * contributions, gfloat * expected)
{
  vae_scorer_execute (model->scorer, data, n_rows, scores, contributions,
      expected);
  history_keep (&model->history, data, n_rows);
}

void
gst_vae_score_model_reset (GstVaeScoreModel * model)
{
  vae_scorer_reset (model->scorer);
  model->history.n = model->history.next = 0;
}

gboolean
gst_vae_score_model_warm_up (GstVaeScoreModel * model,
    const GstVaeScoreModel * old, GError ** error)
{
  const GstVaeScoreHistory *history = &old->history;
  const gsize oldest = history->n < history->capacity ? 0 : history->next;
  const gsize first = history->n - oldest;

  if (history->channels != model->history.channels)
    return TRUE;
  g_autofree gfloat *scores = g_try_new (gfloat, history->capacity);
  if (!scores) {
    g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NO_SPACE_LEFT,
        "There is no memory for %" G_GSIZE_FORMAT " scores", history->capacity);
    return FALSE;
  }
  gst_vae_score_model_execute (model, history->rows
      + oldest * history->channels, first, scores, NULL, NULL);
  gst_vae_score_model_execute (model, history->rows, oldest, scores, NULL,
      NULL);
  return TRUE;
}

/* --- the file ------------------------------------------------------------- */

/* FALSE if there is no such file. */
static gboolean
identify (GstVaeScoreWatch * watch, const gchar * path)
{
  GStatBuf info;

  if (!path || g_stat (path, &info) != 0)
    return FALSE;
  watch->device = info.st_dev;
  watch->inode = info.st_ino;
  watch->size = info.st_size;
  watch->seconds = info.st_mtim.tv_sec;
  watch->nanoseconds = info.st_mtim.tv_nsec;
  return TRUE;
}

static gboolean
is_same_file (const GstVaeScoreWatch * a, const GstVaeScoreWatch * b)
{
  return a->device == b->device && a->inode == b->inode && a->size == b->size
      && a->seconds == b->seconds && a->nanoseconds == b->nanoseconds;
}

void
gst_vae_score_watch_init (GstVaeScoreWatch * watch, const gchar * path)
{
  *watch = (GstVaeScoreWatch) {
  .looked = g_get_monotonic_time ()};
  identify (watch, path);
}

gboolean
gst_vae_score_watch_look (GstVaeScoreWatch * watch, const gchar * path)
{
  const gint64 now = g_get_monotonic_time ();
  GstVaeScoreWatch seen = { 0 };

  if (now - watch->looked < LOOK_INTERVAL)
    return FALSE;
  watch->looked = seen.looked = now;
  if (!identify (&seen, path) || is_same_file (watch, &seen))
    return FALSE;
  *watch = seen;
  return TRUE;
}
