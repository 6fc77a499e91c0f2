/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/**
 * SECTION:element-vaetrain
 * @title: vaetrain
 * @short_description: learns what is normal in a multivariate time series
 * @see_also: vaescore, vaesynth, rocmetric
 *
 * Collects the rows of a stream in memory, trains a detector on them at the end of
 * the stream (by default an ensemble of a beta-VAE, a PCA and the nearest of some
 * typical rows), and writes one model file, which #vaescore reads. The EOS message
 * is posted once the model is written: who sees it can use the model.
 *
 * The first tensor is the data, float32, one row per time step; a cell that is
 * NaN is missing. A uint8 tensor of one column that follows it is taken for the
 * labels, 1 being an anomaly; training does not look at them unless
 * #GstVaeTrain:skip-labelled or #GstVaeTrain:select say so. Of interleaved raw
 * audio, a frame is a row. No window spans a discontinuity (DISCONT), a flush or a
 * new segment.
 *
 * A property that was never set has the default of #GstVaeTrain:loss: with
 * `loss=seed`, the seed experiment's. With #GstVaeTrain:initial-model it is as it was
 * when that model was trained, whose weights training then begins with.
 *
 * If #GstVaeTrain:latent-dims or #GstVaeTrain:betas are set, each of their
 * combinations is trained, on #GstVaeTrain:threads processors, and the best one by
 * #GstVaeTrain:select is written.
 *
 * Training happens in the streaming thread. Shutting the pipeline down, or
 * flushing it, ends the training within a batch; nothing is written then, and a
 * model that was there stays. Pausing does not stop the training, only the EOS
 * message. A flush forgets the rows.
 *
 * ## Messages
 *
 * Training posts %GST_MESSAGE_PROGRESS messages with code `vae-train`, which
 * gst-launch-1.0 prints, and element messages named `vaetrain`. A field whose
 * value is not known, such as the validation loss without validation, is left
 * out. Losses are in the units of #GstVaeTrain:loss on scaled rows.
 *
 * After each epoch, except in a grid:
 *
 * * #gchararray `event`: `epoch`
 * * #guint `epoch`: counted from 1
 * * #guint `epochs`: how many there are at most
 * * #gdouble `loss`, `reconstruction`, `kl`: means over the training batches
 * * #gdouble `validation-loss`
 * * #guint `active-latents`: latents that carry more than 0.01 nats
 *
 * After each cell of a grid, in any order:
 *
 * * #gchararray `event`: `cell`
 * * #guint `latent-dim`, #gdouble `beta`: which it is
 * * #gdouble `loss`, `validation-loss`
 * * #gdouble `elbo`: nats per validation row
 * * #gdouble `auroc`, `auprc`: on the labelled validation rows
 * * #guint `active-latents`, `epochs-run`
 *
 * When the model has been written:
 *
 * * #gchararray `event`: `trained`
 * * #gchararray `model`: where it is
 * * #gchararray `checksum`: SHA-256 of the file, in hexadecimal
 * * #guint64 `rows`: windows that were trained on
 * * #guint `epochs-run`, `best-epoch`
 * * #gdouble `loss`, `validation-loss`, #guint `active-latents`: of that epoch
 * * #guint `latent-dim`, #gdouble `beta`: of the model, unless it is an AE
 *
 * ## Example launch lines
 * |[
 * gst-launch-1.0 vaesynth ! vaetrain model=m.bin
 * ]| Trains on 5,000 synthetic rows.
 * |[
 * gst-launch-1.0 filesrc location=train.csv ! tensorcsvdec ! vaetrain model=m.bin
 * ]| Trains on a CSV file.
 * |[
 * gst-launch-1.0 vaesynth seed=2 ! vaetrain initial-model=m.bin model=m.bin epochs=3
 * ]| Goes on training a model.
 * |[
 * gst-launch-1.0 vaesynth ! vaetrain model=m.bin latent-dims="<2,3,5>" betas="<0.5,1,2,4>"
 * ]| Trains twelve models and writes the best.
 *
 * Since: 0.1
 */

#include "gstvaetrain.h"

#include <math.h>
#include <string.h>

#include "gstvaeaudio.h"
#include "gstvaeelements.h"
#include "gstvaeerror.h"
#include "gstvaerows.h"
#include "gstvaesink.h"
#include "gstvaetensor.h"
#include "gstvaetrainjob.h"
#include "gstvaetrainreport.h"
#include "vae.h"

GST_DEBUG_CATEGORY_STATIC (gst_vae_train_debug);
#define GST_CAT_DEFAULT gst_vae_train_debug

#define PROGRESS_CODE "vae-train"

/* A long training prints about this many lines. */
#define PROGRESS_LINES 100

struct _GstVaeTrain
{
  GstBaseSink parent;

  GstVaeTrainSettings settings; /* under the object lock */
  gboolean stopping;            /* likewise: the state goes down to READY */

  GstVaeTrainJob job;
  GCancellable *cancellable;
  gint64 training_since;        /* monotonic time */
  GstVaeTensorsInfo info;       /* no tensors before the first caps; of audio, a
                                 * tensor of one frame */
  gboolean is_audio;
  GstVaeAudioInfo audio;
  gint label;                   /* index of the label tensor, or -1 */
  GstVaeRows rows;
  GstVaeTrainReport report;     /* of the last training */
  gboolean broken;              /* the next row does not follow the last one */
};

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS (GST_VAE_TENSORS_CAPS "; "
        GST_VAE_AUDIO_CAPS));

#define gst_vae_train_parent_class parent_class
G_DEFINE_TYPE_WITH_CODE (GstVaeTrain, gst_vae_train, GST_TYPE_BASE_SINK,
    GST_DEBUG_CATEGORY_INIT (gst_vae_train_debug, "vaetrain", 0,
        "beta-VAE trainer"));
GST_ELEMENT_REGISTER_DEFINE (vaetrain, "vaetrain", GST_RANK_NONE,
    GST_TYPE_VAE_TRAIN);

/* --- properties --------------------------------------------------------- */

static void
gst_vae_train_set_property (GObject * object, guint prop_id,
    const GValue * value, GParamSpec * pspec)
{
  GstVaeTrain *self = GST_VAE_TRAIN (object);

  GST_OBJECT_LOCK (self);
  if (!gst_vae_train_settings_set (&self->settings, prop_id, value))
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  GST_OBJECT_UNLOCK (self);
}

static void
gst_vae_train_get_property (GObject * object, guint prop_id, GValue * value,
    GParamSpec * pspec)
{
  GstVaeTrain *self = GST_VAE_TRAIN (object);

  GST_OBJECT_LOCK (self);
  if (!gst_vae_train_settings_get (&self->settings, prop_id, value))
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  GST_OBJECT_UNLOCK (self);
}

/* --- messages ----------------------------------------------------------- */

/* Takes the text. */
static void
post_progress (GstVaeTrain * self, GstProgressType type, gchar * text)
{
  if (!self->job.silent)
    gst_element_post_message (GST_ELEMENT (self),
        gst_message_new_progress (GST_OBJECT (self), type, PROGRESS_CODE,
            text));
  g_free (text);
}

static void
post_structure (GstVaeTrain * self, GstStructure * structure)
{
  gst_element_post_message (GST_ELEMENT (self),
      gst_message_new_element (GST_OBJECT (self), structure));
}

static gboolean
has_latents (VaeKind kind)
{
  return kind == VAE_KIND_VAE || kind == VAE_KIND_ENSEMBLE;
}

static void
append_loss (GString * text, const gchar * name, gdouble loss)
{
  if (!isnan (loss))
    g_string_append_printf (text, "%s%s %.4f", text->len > 0 ? ", " : "", name,
        loss);
}

/* "loss 0.5123, validation 0.4312, active latents 3/3", as far as there are such
 * things. */
static gchar *
describe_outcome (VaeKind kind, guint latent_dim, gdouble loss,
    gdouble validation_loss, guint active_latents)
{
  GString *text = g_string_new (NULL);

  append_loss (text, "loss", loss);
  append_loss (text, "validation", validation_loss);
  if (has_latents (kind))
    g_string_append_printf (text, ", active latents %u/%u", active_latents,
        latent_dim);
  return g_string_free (text, FALSE);
}

/* ", at most 12 s left", if there is something left: patience may end it sooner. */
static gchar *
describe_time_left (GstVaeTrain * self, guint done, guint total)
{
  const gint64 spent = g_get_monotonic_time () - self->training_since;

  if (done == total)
    return g_strdup ("");
  return g_strdup_printf (", at most %.0f s left",
      ceil ((gdouble) spent / done * (total - done) / G_TIME_SPAN_SECOND));
}

static gboolean
is_worth_a_line (const VaeEpoch * epoch)
{
  guint step = 1 + (epoch->epochs - 1) / PROGRESS_LINES;

  return epoch->epoch % step == 0 || epoch->epoch == epoch->epochs;
}

static void
on_epoch (const VaeEpoch * epoch, gpointer user_data)
{
  GstVaeTrain *self = user_data;
  const VaeParams *params = &self->job.params;
  GstStructure *structure;

  if (self->job.report)
    gst_vae_train_report_add_epoch (&self->report, epoch);
  if (self->job.silent)
    return;

  structure = gst_structure_new ("vaetrain",
      "event", G_TYPE_STRING, "epoch",
      "epoch", G_TYPE_UINT, epoch->epoch,
      "epochs", G_TYPE_UINT, epoch->epochs,
      "active-latents", G_TYPE_UINT, epoch->active_latents, NULL);
  gst_vae_structure_set_known (structure, "loss", epoch->loss);
  gst_vae_structure_set_known (structure, "reconstruction",
      epoch->reconstruction);
  gst_vae_structure_set_known (structure, "kl", epoch->kl);
  gst_vae_structure_set_known (structure, "validation-loss",
      epoch->validation_loss);
  post_structure (self, structure);

  if (is_worth_a_line (epoch)) {
    g_autofree gchar *outcome = describe_outcome (params->kind,
        params->latent_dim, epoch->loss, epoch->validation_loss,
        epoch->active_latents);
    g_autofree gchar *time_left = describe_time_left (self, epoch->epoch,
        epoch->epochs);

    post_progress (self, GST_PROGRESS_TYPE_CONTINUE,
        g_strdup_printf ("epoch %u/%u: %s%s", epoch->epoch, epoch->epochs,
            outcome, time_left));
  }
}

static void
on_cell (const VaeGridCell * cell, guint done, guint n_cells,
    gpointer user_data)
{
  GstVaeTrain *self = user_data;
  const VaeSummary *summary = &cell->summary;
  GstStructure *structure = gst_structure_new ("vaetrain",
      "event", G_TYPE_STRING, "cell",
      "latent-dim", G_TYPE_UINT, cell->latent_dim,
      "beta", G_TYPE_DOUBLE, cell->beta,
      "active-latents", G_TYPE_UINT, summary->active_latents,
      "epochs-run", G_TYPE_UINT, summary->epochs_run, NULL);
  g_autofree gchar *outcome = describe_outcome (VAE_KIND_VAE, cell->latent_dim,
      summary->loss, summary->validation_loss, summary->active_latents);
  g_autofree gchar *time_left = describe_time_left (self, done, n_cells);

  gst_vae_structure_set_known (structure, "loss", summary->loss);
  gst_vae_structure_set_known (structure, "validation-loss",
      summary->validation_loss);
  gst_vae_structure_set_known (structure, "elbo", cell->elbo);
  gst_vae_structure_set_known (structure, "auroc", cell->auroc);
  gst_vae_structure_set_known (structure, "auprc", cell->auprc);
  post_structure (self, structure);

  post_progress (self, GST_PROGRESS_TYPE_CONTINUE,
      g_strdup_printf ("cell %u/%u: latent-dim %u, beta %g: %s%s", done,
          n_cells, cell->latent_dim, cell->beta, outcome, time_left));
}

/* SHA-256 of the model's file, in hexadecimal; NULL if there is no memory. */
static gchar *
checksum_of (const VaeModel * model)
{
  GBytes *bytes = vae_model_to_bytes (model);
  gchar *checksum;

  if (!bytes)
    return NULL;
  checksum = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  g_bytes_unref (bytes);
  return checksum;
}

static void
post_trained (GstVaeTrain * self, const VaeModel * model)
{
  const VaeParams *params = vae_model_params (model);
  const VaeSummary *summary = vae_model_summary (model);
  GstStructure *structure = gst_structure_new ("vaetrain",
      "event", G_TYPE_STRING, "trained",
      "model", G_TYPE_STRING, self->job.model,
      "rows", G_TYPE_UINT64, summary->rows,
      "epochs-run", G_TYPE_UINT, summary->epochs_run,
      "best-epoch", G_TYPE_UINT, summary->best_epoch,
      "active-latents", G_TYPE_UINT, summary->active_latents, NULL);
  g_autofree gchar *checksum = checksum_of (model);

  if (checksum)
    gst_structure_set (structure, "checksum", G_TYPE_STRING, checksum, NULL);
  gst_vae_structure_set_known (structure, "loss", summary->loss);
  gst_vae_structure_set_known (structure, "validation-loss",
      summary->validation_loss);
  if (has_latents (params->kind))
    gst_structure_set (structure,
        "latent-dim", G_TYPE_UINT, params->latent_dim,
        "beta", G_TYPE_DOUBLE, params->beta, NULL);
  post_structure (self, structure);

  post_progress (self, GST_PROGRESS_TYPE_COMPLETE, self->job.is_grid
      ? g_strdup_printf ("model of latent-dim %u, beta %g written to %s",
          params->latent_dim, params->beta, self->job.model)
      : g_strdup_printf ("model written to %s", self->job.model));
}

static void
warn_if_collapsed (GstVaeTrain * self, const VaeModel * model)
{
  const VaeParams *params = vae_model_params (model);

  if (!has_latents (params->kind)
      || vae_model_summary (model)->active_latents > 0)
    return;
  GST_ELEMENT_WARNING (self, LIBRARY, SETTINGS,
      ("The VAE has collapsed: none of its %u latents says anything about a row, "
          "so that its score is the distance from the mean. A smaller beta than "
          "%g may help.", params->latent_dim, params->beta), (NULL));
}

/* --- training ----------------------------------------------------------- */

static VaeModel *
train (GstVaeTrain * self, GError ** error)
{
  const GstVaeTrainJob *job = &self->job;
  const VaeRows rows = {
    .data = self->rows.data,
    .labels = self->rows.labels,
    .breaks = self->rows.breaks,
    .n_rows = self->rows.n_rows,
  };
  VaeParams params = job->params;

  params.channels = self->rows.cols;
  self->training_since = g_get_monotonic_time ();
  if (job->is_grid)
    return vae_grid (&params, &job->grid, &rows,
        gst_vae_train_report_get_cells (&self->report, &job->grid), on_cell,
        self, self->cancellable, error);
  if (job->initial)
    return vae_train_from (job->initial, &params, &rows, job->grid.threads,
        on_epoch, self, self->cancellable, error);
  return vae_train (&params, &rows, job->grid.threads, on_epoch, self,
      self->cancellable, error);
}

static gboolean
save (GstVaeTrain * self, const VaeModel * model, GError ** error)
{
  return !g_cancellable_set_error_if_cancelled (self->cancellable, error)
      && vae_model_save (model, self->job.model, error);
}

/* Whether EOS may be reported; the model is written in either case. */
static gboolean
write_report (GstVaeTrain * self, const VaeModel * model)
{
  const GstVaeTrainJob *job = &self->job;
  g_autoptr (GError) error = NULL;

  if (!job->report || gst_vae_train_report_write (&self->report, model,
          job->model, job->is_grid ? &job->grid : NULL, job->report, &error))
    return TRUE;
  gst_vae_element_error (self, error, GST_RESOURCE_ERROR_WRITE);
  return FALSE;
}

static gboolean
train_and_save (GstVaeTrain * self)
{
  g_autoptr (GError) error = NULL;
  VaeModel *model;
  gboolean saved;

  post_progress (self, GST_PROGRESS_TYPE_START,
      g_strdup_printf ("training on %" G_GSIZE_FORMAT " rows of %u channels",
          self->rows.n_rows, self->rows.cols));

  gst_vae_train_report_init (&self->report);
  model = train (self, &error);
  saved = model && save (self, model, &error);
  if (saved) {
    post_trained (self, model);
    warn_if_collapsed (self, model);
    saved = write_report (self, model);
  } else if (g_cancellable_is_cancelled (self->cancellable)) {
    GST_INFO_OBJECT (self, "cancelled");
    post_progress (self, GST_PROGRESS_TYPE_CANCELED,
        g_strdup ("training cancelled"));
  } else {
    post_progress (self, GST_PROGRESS_TYPE_ERROR,
        g_strdup_printf ("training failed: %s", error->message));
    gst_vae_element_error (self, error, GST_RESOURCE_ERROR_WRITE);
  }
  gst_vae_train_report_clear (&self->report);
  vae_model_unref (model);
  return saved;
}

/* Whether EOS may be reported. */
static gboolean
gst_vae_train_finish (GstVaeTrain * self)
{
  GstBaseSink *sink = GST_BASE_SINK (self);
  gboolean trained;

  if (self->rows.n_rows == 0) {
    GST_ELEMENT_ERROR (self, STREAM, FORMAT,
        ("The stream ended without a row to train on."), (NULL));
    return FALSE;
  }

  /* A pause takes this lock; it must neither wait for the training nor end it. */
  GST_BASE_SINK_PREROLL_UNLOCK (sink);
  trained = train_and_save (self);
  GST_BASE_SINK_PREROLL_LOCK (sink);

  gst_vae_rows_clear (&self->rows);
  return trained && !sink->flushing;
}

/* --- the stream --------------------------------------------------------- */

static void
gst_vae_train_forget (GstVaeTrain * self)
{
  gst_vae_rows_clear (&self->rows);
  self->broken = TRUE;
}

static gboolean
gst_vae_train_prepare (GstVaeTrain * self)
{
  g_autoptr (GError) error = NULL;
  gboolean valid;

  gst_vae_train_forget (self);
  self->info.n_tensors = 0;
  gst_vae_train_job_clear (&self->job);

  GST_OBJECT_LOCK (self);
  self->stopping = FALSE;
  g_cancellable_reset (self->cancellable);
  valid = gst_vae_train_job_init (&self->job, &self->settings, &error);
  GST_OBJECT_UNLOCK (self);

  if (!valid)
    gst_vae_element_error (self, error, GST_RESOURCE_ERROR_OPEN_READ);
  return valid;
}

/* The base class's start() comes before READY, where properties may still
 * change; and its unlock() is for a pause too. So both are done here. */
static GstStateChangeReturn
gst_vae_train_change_state (GstElement * element, GstStateChange transition)
{
  GstVaeTrain *self = GST_VAE_TRAIN (element);
  GstStateChangeReturn ret;

  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED) {
    if (!gst_vae_train_prepare (self))
      return GST_STATE_CHANGE_FAILURE;
  } else if (transition == GST_STATE_CHANGE_PAUSED_TO_READY) {
    GST_OBJECT_LOCK (self);
    self->stopping = TRUE;
    GST_OBJECT_UNLOCK (self);
    g_cancellable_cancel (self->cancellable);
  }

  ret = GST_ELEMENT_CLASS (parent_class)->change_state (element, transition);

  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY)
    gst_vae_train_forget (self);
  return ret;
}

static void
gst_vae_train_flush_stop (GstVaeTrain * self)
{
  gst_vae_train_forget (self);
  GST_OBJECT_LOCK (self);
  if (!self->stopping)
    g_cancellable_reset (self->cancellable);
  GST_OBJECT_UNLOCK (self);
}

static gboolean
gst_vae_train_event (GstBaseSink * sink, GstEvent * event)
{
  GstVaeTrain *self = GST_VAE_TRAIN (sink);

  switch (GST_EVENT_TYPE (event)) {
    case GST_EVENT_FLUSH_START:
      g_cancellable_cancel (self->cancellable);
      break;
    case GST_EVENT_FLUSH_STOP:
      gst_vae_train_flush_stop (self);
      break;
    case GST_EVENT_SEGMENT:
      self->broken = TRUE;
      break;
    case GST_EVENT_EOS:
      if (!gst_vae_train_finish (self)) {
        gst_event_unref (event);
        return FALSE;
      }
      break;
    default:
      break;
  }
  return GST_BASE_SINK_CLASS (parent_class)->event (sink, event);
}

static gboolean
check_labels_suffice (GstVaeTrain * self, gint label, GError ** error)
{
  const gchar *asking = NULL;

  if (self->job.params.skip_labelled)
    asking = "skip-labelled";
  else if (gst_vae_train_job_selects_by_labels (&self->job))
    asking = "select";
  if (!asking || label >= 0)
    return TRUE;
  g_set_error (error, GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION,
      "%s needs labels, but the stream has none: the tensor after the data would "
      "be uint8 with one column", asking);
  return FALSE;
}

static gboolean
check_same_stream (GstVaeTrain * self, const GstVaeTensorsInfo * info,
    GError ** error)
{
  if (self->rows.n_rows == 0 || gst_vae_tensors_same_stream (&self->info, info))
    return TRUE;
  g_set_error (error, GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION,
      "After %" G_GSIZE_FORMAT " rows of %u channels the stream changed to %u "
      "channels, or to other types: one model needs one kind of row",
      self->rows.n_rows, self->info.tensors[0].cols, info->tensors[0].cols);
  return FALSE;
}

static gboolean
check_info (GstVaeTrain * self, const GstVaeTensorsInfo * info, GError ** error)
{
  return gst_vae_tensors_check_data (info, 0, error)
      && check_same_stream (self, info, error)
      && check_labels_suffice (self, gst_vae_tensors_find_label (info), error)
      && gst_vae_train_job_check_params (&self->job, info->tensors[0].cols,
      error);
}

static gboolean
read_caps (GstVaeTensorsInfo * info, GstVaeAudioInfo * audio,
    const GstCaps * caps, GError ** error)
{
  if (!gst_vae_audio_is_caps (caps))
    return gst_vae_tensors_from_caps (info, caps, error);
  if (!gst_vae_audio_from_caps (audio, caps, error))
    return FALSE;
  *info = (GstVaeTensorsInfo) {
    .n_tensors = 1,.tensors = { {GST_VAE_FLOAT32, audio->channels, 1}
    }
  };
  return TRUE;
}

static gboolean
gst_vae_train_set_caps (GstBaseSink * sink, GstCaps * caps)
{
  GstVaeTrain *self = GST_VAE_TRAIN (sink);
  g_autoptr (GError) error = NULL;
  GstVaeTensorsInfo info;
  GstVaeAudioInfo audio = { 0 };

  GST_DEBUG_OBJECT (self, "caps %" GST_PTR_FORMAT, (gpointer) caps);
  if (!read_caps (&info, &audio, caps, &error)
      || !check_info (self, &info, &error)) {
    gst_vae_element_error (self, error, GST_RESOURCE_ERROR_FAILED);
    return FALSE;
  }
  self->info = info;
  self->audio = audio;
  self->is_audio = gst_vae_audio_is_caps (caps);
  if (self->rows.n_rows == 0) {
    self->label = gst_vae_tensors_find_label (&info);
    gst_vae_rows_init (&self->rows, info.tensors[0].cols, self->label >= 0);
  }
  return TRUE;
}

static guint64
room_left (const GstVaeTrain * self)
{
  if (self->job.max_rows == 0)
    return G_MAXUINT64;
  return self->job.max_rows - self->rows.n_rows;
}

static gboolean
append (GstVaeTrain * self, const gfloat * data, const guint8 *labels,
    gsize n_rows, GError ** error)
{
  const gsize n = MIN (n_rows, room_left (self));

  if (!gst_vae_rows_append (&self->rows, data, labels, n, self->broken, error))
    return FALSE;
  if (n > 0)
    self->broken = FALSE;
  return TRUE;
}

static gboolean
collect_frames (GstVaeTrain * self, GstBuffer * buffer, GError ** error)
{
  GstVaeAudioMap map;
  gboolean collected;

  if (!gst_vae_audio_map (&map, buffer, &self->audio, error))
    return FALSE;
  collected = append (self, map.data, NULL, map.n_rows, error);
  gst_vae_audio_unmap (&map);
  return collected;
}

static gboolean
collect_tensors (GstVaeTrain * self, GstBuffer * buffer, GError ** error)
{
  GstVaeTensorsMap map;
  gboolean collected;

  if (!gst_vae_tensors_map (&map, buffer, &self->info, error))
    return FALSE;
  collected = append (self, map.data[0],
      self->label >= 0 ? map.data[self->label] : NULL,
      self->info.tensors[0].rows, error);
  gst_vae_tensors_unmap (&map);
  return collected;
}

static gboolean
collect (GstVaeTrain * self, GstBuffer * buffer, GError ** error)
{
  if (GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DISCONT))
    self->broken = TRUE;
  return self->is_audio ? collect_frames (self, buffer, error)
      : collect_tensors (self, buffer, error);
}

static GstFlowReturn
gst_vae_train_render (GstBaseSink * sink, GstBuffer * buffer)
{
  GstVaeTrain *self = GST_VAE_TRAIN (sink);
  g_autoptr (GError) error = NULL;

  if (room_left (self) == 0)
    return GST_FLOW_EOS;
  if (!collect (self, buffer, &error)) {
    gst_vae_element_error (self, error, GST_RESOURCE_ERROR_FAILED);
    return GST_FLOW_ERROR;
  }
  GST_LOG_OBJECT (self, "%" G_GSIZE_FORMAT " rows", self->rows.n_rows);
  if (room_left (self) == 0) {
    GST_ELEMENT_WARNING (self, RESOURCE, NO_SPACE_LEFT,
        ("max-rows=%" G_GUINT64_FORMAT " is reached: the rows so far are "
            "trained on, no later ones.", self->job.max_rows), (NULL));
    return GST_FLOW_EOS;
  }
  return GST_FLOW_OK;
}

/* --- the type ----------------------------------------------------------- */

static void
gst_vae_train_init (GstVaeTrain * self)
{
  gst_vae_train_settings_init (&self->settings);
  self->cancellable = g_cancellable_new ();
  gst_base_sink_set_sync (GST_BASE_SINK (self), FALSE);
  gst_vae_tensors_accept_generously (GST_BASE_SINK_PAD (self));
}

static void
gst_vae_train_finalize (GObject * object)
{
  GstVaeTrain *self = GST_VAE_TRAIN (object);

  gst_vae_train_settings_clear (&self->settings);
  gst_vae_train_job_clear (&self->job);
  gst_vae_rows_clear (&self->rows);
  g_object_unref (self->cancellable);
  G_OBJECT_CLASS (parent_class)->finalize (object);
}

static void
gst_vae_train_class_init (GstVaeTrainClass * klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstBaseSinkClass *sink_class = GST_BASE_SINK_CLASS (klass);

  object_class->set_property = gst_vae_train_set_property;
  object_class->get_property = gst_vae_train_get_property;
  object_class->finalize = gst_vae_train_finalize;

  gst_vae_train_settings_install (object_class);

  element_class->change_state = GST_DEBUG_FUNCPTR (gst_vae_train_change_state);
  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_set_static_metadata (element_class,
      "beta-VAE trainer", "Sink/Trainer/Tensor",
      "Learns what is normal in a multivariate time series and writes a model",
      "the gst-vae authors");

  sink_class->set_caps = GST_DEBUG_FUNCPTR (gst_vae_train_set_caps);
  sink_class->event = GST_DEBUG_FUNCPTR (gst_vae_train_event);
  sink_class->render = GST_DEBUG_FUNCPTR (gst_vae_train_render);
}
