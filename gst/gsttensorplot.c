/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/**
 * SECTION:element-tensorplot
 * @title: tensorplot
 * @short_description: draws rows, their scores and what is flagged as video
 * @see_also: vaescore, rocmetric
 *
 * Draws a stream of tensors as video frames, with time from left to right: above,
 * the channels; below, the score with the threshold. What is flagged, because the
 * score has reached the threshold, has a plain background, and what is labelled a
 * hatched one; both have a lane of their own, too.
 *
 * Every row is taken in, but at most one frame is drawn for each row and for each
 * frame's duration. The work for a frame has a bound, whatever the rate of the
 * rows: those that are too close to be told apart are drawn by their smallest and
 * largest value. When downstream is late frames are dropped, and never rows.
 *
 * A frame has the PTS of the newest row on it. Rows without PTS are counted, their
 * number is their time, and each buffer makes a frame.
 *
 * A cell that is missing (NaN) or infinite leaves a gap in the line, and so does
 * what does not follow the row before: a discontinuity (DISCONT) and a GAP event.
 * A stream that goes back in time, and one that changes its channels, begins a new
 * plot.
 *
 * ## Example launch lines
 * |[
 * gst-launch-1.0 vaesynth is-live=true ! vaescore model=m.bin ! tensorplot ! videoconvert ! autovideosink
 * ]| A live dashboard.
 * |[
 * gst-launch-1.0 vaesynth ! vaescore model=m.bin ! tensorplot threshold=5 span=50 framerate=1/60 ! pngenc ! multifilesink location=plot.png
 * ]| A picture: each frame, the first and the last one, replaces the file.
 * |[
 * gst-launch-1.0 vaesynth ! vaescore model=m.bin ! tensorplot ! jpegenc ! avimux ! filesink location=plot.avi
 * ]| A film.
 *
 * Since: 0.1
 */

#include "gsttensorplot.h"

#include <math.h>

#include "gsttensorplotsettings.h"
#include "gsttensorplotvideo.h"
#include "gstvaeelements.h"
#include "gstvaeerror.h"
#include "gstvaemodeltag.h"
#include "gstvaetensor.h"
#include "plotclock.h"

GST_DEBUG_CATEGORY_STATIC (tensorplot_debug);
#define GST_CAT_DEFAULT tensorplot_debug

#define AUTO_SECONDS 10

struct _GstTensorPlot
{
  GstElement parent;

  GstPad *sinkpad;
  GstPad *srcpad;

  /* Under the object lock. */
  GstTensorPlotSettings settings;
  GstClockTime earliest;        /* running time that a frame must be after */

  GstTensorPlotSettings job;    /* the settings when the stream began */
  GstVaeTensorsInfo info;       /* no tensors before the first caps */
  gint label;                   /* index of a tensor, or of none */
  gint score;                   /* likewise */
  gdouble model_threshold;      /* NaN = not known */

  GstSegment segment;           /* of the frames */
  gboolean in_time;             /* and of the rows */
  PlotHistory *history;
  PlotClock clock;

  GstTensorPlotVideo video;
  gboolean unseen;              /* rows have come since the last frame */
  guint64 newest;               /* start of the last row */
  guint64 n_due;                /* frames of this plot, drawn or dropped */
  guint64 n_drawn;
  guint64 n_dropped;
};

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS (GST_VAE_TENSORS_CAPS));

static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE ("src",
    GST_PAD_SRC, GST_PAD_ALWAYS,
    GST_STATIC_CAPS (GST_TENSOR_PLOT_VIDEO_CAPS));

#define gst_tensor_plot_parent_class parent_class
G_DEFINE_TYPE_WITH_CODE (GstTensorPlot, gst_tensor_plot, GST_TYPE_ELEMENT,
    GST_DEBUG_CATEGORY_INIT (tensorplot_debug, "tensorplot", 0,
        "tensors to video"));
GST_ELEMENT_REGISTER_DEFINE (tensorplot, "tensorplot", GST_RANK_NONE,
    GST_TYPE_TENSOR_PLOT);

static void
gst_tensor_plot_set_property (GObject * object, guint prop_id,
    const GValue * value, GParamSpec * pspec)
{
  GstTensorPlot *self = GST_TENSOR_PLOT (object);

  GST_OBJECT_LOCK (self);
  if (!gst_tensor_plot_settings_set (&self->settings, prop_id, value))
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  GST_OBJECT_UNLOCK (self);
}

static void
gst_tensor_plot_get_property (GObject * object, guint prop_id, GValue * value,
    GParamSpec * pspec)
{
  GstTensorPlot *self = GST_TENSOR_PLOT (object);

  GST_OBJECT_LOCK (self);
  if (!gst_tensor_plot_settings_get (&self->settings, prop_id, value))
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  GST_OBJECT_UNLOCK (self);
}

/* --- frames ------------------------------------------------------------- */

static GstFlowReturn
negotiate (GstTensorPlot * self)
{
  const GstVideoInfo before = self->video.info;
  const GstVideoInfo *info = &self->video.info;
  g_autoptr (GError) error = NULL;
  GstFlowReturn ret;

  if (!gst_pad_check_reconfigure (self->srcpad) && self->video.pool)
    return GST_FLOW_OK;
  ret = gst_tensor_plot_video_negotiate (&self->video, self->srcpad,
      &self->job, &error);
  if (error)
    gst_vae_element_error (self, error, GST_RESOURCE_ERROR_FAILED);
  if (info->fps_n != before.fps_n || info->fps_d != before.fps_d)
    self->clock.anchored = FALSE;
  return ret;
}

static GstClockTime
frames_last (const GstTensorPlot * self, guint64 n)
{
  return plot_clock_frames (n, self->video.info.fps_n, self->video.info.fps_d);
}

static PlotView
current_view (GstTensorPlot * self)
{
  PlotView view = {
    .timed = self->clock.timed,
    .scored = self->score != GST_TENSOR_PLOT_NO_TENSOR,
    .labelled = self->label != GST_TENSOR_PLOT_NO_TENSOR,
    .threshold = self->model_threshold,
  };

  GST_OBJECT_LOCK (self);
  view.layout = self->settings.layout;
  view.theme = self->settings.theme;
  if (self->settings.threshold != 0)
    view.threshold = self->settings.threshold;
  GST_OBJECT_UNLOCK (self);
  return view;
}

static GstFlowReturn
push_frame (GstTensorPlot * self, GstClockTime pts)
{
  const PlotView view = current_view (self);
  g_autoptr (GError) error = NULL;
  GstFlowReturn ret = negotiate (self);
  GstBuffer *buffer;

  if (ret == GST_FLOW_OK)
    ret = gst_tensor_plot_video_draw (&self->video, self->history, &view,
        &buffer, &error);
  if (error)
    gst_vae_element_error (self, error, GST_RESOURCE_ERROR_WRITE);
  if (ret != GST_FLOW_OK)
    return ret;

  GST_BUFFER_PTS (buffer) = pts;
  GST_BUFFER_DURATION (buffer) = frames_last (self, 1);
  self->unseen = FALSE;
  self->n_drawn++;
  return gst_pad_push (self->srcpad, buffer);
}

static gboolean
is_late (GstTensorPlot * self, GstClockTime pts)
{
  const GstClockTime running_time =
      gst_segment_to_running_time (&self->segment, GST_FORMAT_TIME, pts);
  gboolean late;

  GST_OBJECT_LOCK (self);
  late = GST_CLOCK_TIME_IS_VALID (self->earliest)
      && GST_CLOCK_TIME_IS_VALID (running_time)
      && running_time <= self->earliest;
  GST_OBJECT_UNLOCK (self);
  return late;
}

static void
drop_frame (GstTensorPlot * self, GstClockTime pts)
{
  const GstSegment *segment = &self->segment;
  GstMessage *message = gst_message_new_qos (GST_OBJECT (self), FALSE,
      gst_segment_to_running_time (segment, GST_FORMAT_TIME, pts),
      gst_segment_to_stream_time (segment, GST_FORMAT_TIME, pts), pts,
      frames_last (self, 1));

  self->n_dropped++;
  gst_message_set_qos_stats (message, GST_FORMAT_BUFFERS, self->n_drawn,
      self->n_dropped);
  gst_element_post_message (GST_ELEMENT (self), message);
}

/* Of rows without times each buffer has its frame. */
static GstFlowReturn
show (GstTensorPlot * self, guint64 time)
{
  const GstVideoInfo *info = &self->video.info;
  GstClockTime pts = time;

  if (self->clock.timed)
    plot_clock_schedule (&self->clock, time, info->fps_n, info->fps_d);
  else
    pts = frames_last (self, self->n_due);
  self->n_due++;

  if (!is_late (self, pts))
    return push_frame (self, pts);
  drop_frame (self, pts);
  return GST_FLOW_OK;
}

/* --- rows --------------------------------------------------------------- */

static void
begin_plot (GstTensorPlot * self, gboolean timed)
{
  const guint channels = self->info.tensors[self->job.data_tensor].cols;
  const guint64 second = timed ? GST_SECOND : 1;
  const gboolean automatic = self->job.span == 0;
  guint64 span = (guint64) (self->job.span * (gdouble) second);

  if (automatic && timed)
    span = AUTO_SECONDS * second;
  self->clock = (PlotClock) {
  .timed = timed};
  self->n_due = 0;
  self->unseen = FALSE;
  g_clear_pointer (&self->history, plot_history_free);
  self->history = plot_history_new (channels, span,
      automatic ? PLOT_AUTO_ROWS : 0);
}

/* How long the rows of a buffer last, as far as one can know. */
static guint64
duration_of (const GstTensorPlot * self, GstBuffer * buffer)
{
  if (GST_BUFFER_DURATION_IS_VALID (buffer))
    return GST_BUFFER_DURATION (buffer);
  return self->info.fps_n == 0 ? 0 : gst_util_uint64_scale (GST_SECOND,
      (guint64) self->info.fps_d, (guint64) self->info.fps_n);
}

/* Once rows have had a PTS those without follow the ones before. */
static void
place_rows (GstTensorPlot * self, GstBuffer * buffer, PlotRows * rows)
{
  PlotClock *clock = &self->clock;
  const GstClockTime pts = GST_BUFFER_PTS (buffer);
  const gboolean has_time = GST_CLOCK_TIME_IS_VALID (pts) && self->in_time;

  if (has_time && (!clock->timed || pts < clock->last))
    begin_plot (self, TRUE);
  plot_clock_place (clock, has_time ? pts : clock->end,
      clock->timed ? duration_of (self, buffer) : rows->n_rows, rows);
}

static void
append (GstTensorPlot * self, const PlotRows * rows)
{
  plot_history_append (self->history, rows);
  self->newest = plot_rows_get_time (rows, rows->n_rows - 1);
  self->unseen = TRUE;
}

static GstFlowReturn
take_timed_rows (GstTensorPlot * self, const PlotRows * rows)
{
  gsize first = 0;

  plot_clock_anchor (&self->clock, rows->start);
  while (first < rows->n_rows) {
    const gsize due = MAX (plot_rows_find (rows, self->clock.due), first);
    const gsize end = MIN (due + 1, rows->n_rows);
    const PlotRows part = plot_rows_part (rows, first, end);
    GstFlowReturn ret = GST_FLOW_OK;

    append (self, &part);
    if (due < rows->n_rows)
      ret = show (self, self->newest);
    if (ret != GST_FLOW_OK)
      return ret;
    first = end;
  }
  return GST_FLOW_OK;
}

static GstFlowReturn
take_rows (GstTensorPlot * self, const PlotRows * rows)
{
  if (self->clock.timed)
    return take_timed_rows (self, rows);
  append (self, rows);
  return show (self, self->newest);
}

static gboolean
check_labels (GstTensorPlot * self, const PlotRows * rows)
{
  for (gsize i = 0; rows->labels && i < rows->n_rows; i++) {
    if (rows->labels[i] <= 1)
      continue;
    GST_ELEMENT_ERROR (self, STREAM, FORMAT,
        ("The label of row %" G_GUINT64_FORMAT " is %u: a label is 0 (normal) "
            "or 1 (anomaly); label-tensor=-1 draws none.",
            plot_history_get_rows (self->history) + i, rows->labels[i]),
        (NULL));
    return FALSE;
  }
  return TRUE;
}

static GstFlowReturn
take_buffer (GstTensorPlot * self, GstBuffer * buffer,
    const GstVaeTensorsMap * map)
{
  const GstVaeTensor *data = &self->info.tensors[self->job.data_tensor];
  PlotRows rows = {
    .data = map->data[self->job.data_tensor],
    .scores =
        self->score !=
        GST_TENSOR_PLOT_NO_TENSOR ? map->data[self->score] : NULL,
    .labels =
        self->label !=
        GST_TENSOR_PLOT_NO_TENSOR ? map->data[self->label] : NULL,
    .n_rows = data->rows,
    .cols = data->cols,
  };

  if (!check_labels (self, &rows))
    return GST_FLOW_ERROR;
  place_rows (self, buffer, &rows);
  if (GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DISCONT))
    plot_history_break (self->history);
  return take_rows (self, &rows);
}

static GstFlowReturn
gst_tensor_plot_chain (GstPad * pad, GstObject * parent, GstBuffer * buffer)
{
  GstTensorPlot *self = GST_TENSOR_PLOT (parent);
  g_autoptr (GstBuffer) input = buffer;
  g_autoptr (GError) error = NULL;
  GstVaeTensorsMap map;
  GstFlowReturn ret;

  if (self->info.n_tensors == 0) {
    GST_ELEMENT_ERROR (self, CORE, NEGOTIATION,
        ("Rows came without caps that say what they are."), (NULL));
    return GST_FLOW_NOT_NEGOTIATED;
  }
  if (!gst_vae_tensors_map (&map, input, &self->info, &error)) {
    gst_vae_element_error (self, error, GST_RESOURCE_ERROR_READ);
    return GST_FLOW_ERROR;
  }
  ret = take_buffer (self, input, &map);
  gst_vae_tensors_unmap (&map);
  return ret;
}

/* --- events ------------------------------------------------------------- */

static gboolean
read_caps (GstTensorPlot * self, const GstCaps * caps, GError ** error)
{
  const guint data = (guint) self->job.data_tensor;
  GstVaeTensorsInfo info;
  gint label, score;

  if (!gst_vae_tensors_from_caps (&info, caps, error)
      || !gst_vae_tensors_check_data (&info, data, error)
      || !gst_tensor_plot_settings_find_label (&self->job, &info, &label, error)
      || !gst_tensor_plot_settings_find_score (&self->job, &info, &score,
          error))
    return FALSE;
  self->info = info;
  self->label = label;
  self->score = score;
  if (!self->history
      || plot_history_get_channels (self->history) != info.tensors[data].cols)
    begin_plot (self, FALSE);
  return TRUE;
}

static gboolean
take_caps (GstTensorPlot * self, GstEvent * event)
{
  g_autoptr (GstEvent) owned = event;
  g_autoptr (GError) error = NULL;
  GstCaps *caps;

  gst_event_parse_caps (owned, &caps);
  GST_DEBUG_OBJECT (self, "caps %" GST_PTR_FORMAT, caps);
  if (!read_caps (self, caps, &error)) {
    gst_vae_element_error (self, error, GST_RESOURCE_ERROR_READ);
    self->info.n_tensors = 0;
    return FALSE;
  }
  if (negotiate (self) == GST_FLOW_OK)
    return TRUE;
  self->info.n_tensors = 0;
  return FALSE;
}

/* Frames always have times. */
static gboolean
take_segment (GstTensorPlot * self, GstEvent * event)
{
  g_autoptr (GstEvent) owned = event;
  GstEvent *timed;

  gst_event_copy_segment (owned, &self->segment);
  self->in_time = self->segment.format == GST_FORMAT_TIME;
  if (self->in_time)
    return gst_pad_push_event (self->srcpad, g_steal_pointer (&owned));

  gst_segment_init (&self->segment, GST_FORMAT_TIME);
  timed = gst_event_new_segment (&self->segment);
  gst_event_set_seqnum (timed, gst_event_get_seqnum (owned));
  return gst_pad_push_event (self->srcpad, timed);
}

/* Time goes on without rows, and so do the frames, which take the event's place. */
static void
take_gap (GstTensorPlot * self, GstEvent * event)
{
  PlotClock *clock = &self->clock;
  GstClockTime time;

  gst_event_parse_gap (event, &time, NULL);
  plot_history_break (self->history);
  if (!GST_CLOCK_TIME_IS_VALID (time) || !self->in_time)
    return;
  if (!clock->timed && plot_history_get_rows (self->history) == 0)
    begin_plot (self, TRUE);
  if (!clock->timed || time < clock->end)
    return;
  clock->last = clock->end = time;
  plot_history_advance (self->history, time);
  plot_clock_anchor (clock, time);
  if (time >= clock->due)
    show (self, time);
}

static void
take_model (GstTensorPlot * self, GstEvent * event)
{
  const GstStructure *structure = gst_vae_model_event_peek (event);
  gdouble threshold = NAN;

  if (!structure)
    return;
  gst_structure_get_double (structure, "threshold", &threshold);
  self->model_threshold = isfinite (threshold) ? threshold : NAN;
}

/* What has not been seen yet is, though it were late. */
static void
show_last (GstTensorPlot * self)
{
  if (self->unseen)
    push_frame (self, self->clock.timed ? self->newest
        : frames_last (self, self->n_due));
}

static void
forget_lateness (GstTensorPlot * self)
{
  GST_OBJECT_LOCK (self);
  self->earliest = GST_CLOCK_TIME_NONE;
  GST_OBJECT_UNLOCK (self);
}

static void
flush (GstTensorPlot * self)
{
  gst_segment_init (&self->segment, GST_FORMAT_TIME);
  forget_lateness (self);
  if (self->history)
    begin_plot (self, FALSE);
}

static gboolean
gst_tensor_plot_sink_event (GstPad * pad, GstObject * parent, GstEvent * event)
{
  GstTensorPlot *self = GST_TENSOR_PLOT (parent);

  switch (GST_EVENT_TYPE (event)) {
    case GST_EVENT_CAPS:
      return take_caps (self, event);
    case GST_EVENT_SEGMENT:
      return take_segment (self, event);
    case GST_EVENT_GAP:
      if (!self->history)
        break;
      take_gap (self, event);
      gst_event_unref (event);
      return TRUE;
    case GST_EVENT_TAG:
      take_model (self, event);
      break;
    case GST_EVENT_FLUSH_STOP:
      flush (self);
      break;
    case GST_EVENT_EOS:
      show_last (self);
      break;
    default:
      break;
  }
  return gst_pad_event_default (pad, parent, event);
}

/* What frames are late for is no matter of rows: it goes no further upstream. */
static void
take_qos (GstTensorPlot * self, GstEvent * event)
{
  GstClockTimeDiff late;
  GstClockTime time;

  gst_event_parse_qos (event, NULL, NULL, &late, &time);
  if (!GST_CLOCK_TIME_IS_VALID (time))
    return;
  GST_OBJECT_LOCK (self);
  /* As the base classes do: twice as late is where one catches up. */
  if (late > 0)
    self->earliest = plot_clock_add (time, 2 * (guint64) late);
  else
    self->earliest = time - MIN (time, (guint64) -late);
  GST_OBJECT_UNLOCK (self);
}

static gboolean
gst_tensor_plot_src_event (GstPad * pad, GstObject * parent, GstEvent * event)
{
  if (GST_EVENT_TYPE (event) == GST_EVENT_QOS) {
    take_qos (GST_TENSOR_PLOT (parent), event);
    gst_event_unref (event);
    return TRUE;
  }
  return gst_pad_event_default (pad, parent, event);
}

/* --- the element -------------------------------------------------------- */

static void
reset (GstTensorPlot * self)
{
  g_clear_pointer (&self->history, plot_history_free);
  gst_tensor_plot_video_clear (&self->video);
  self->info.n_tensors = 0;
  self->clock = (PlotClock) {
  0};
  self->unseen = FALSE;
  self->model_threshold = NAN;
  self->n_due = self->n_drawn = self->n_dropped = 0;
  gst_segment_init (&self->segment, GST_FORMAT_TIME);
  forget_lateness (self);
}

static gboolean
start (GstTensorPlot * self)
{
  g_autoptr (GError) error = NULL;

  GST_OBJECT_LOCK (self);
  self->job = self->settings;
  GST_OBJECT_UNLOCK (self);

  if (gst_tensor_plot_settings_check (&self->job, &error))
    return TRUE;
  gst_vae_element_error (self, error, GST_RESOURCE_ERROR_FAILED);
  return FALSE;
}

static GstStateChangeReturn
gst_tensor_plot_change_state (GstElement * element, GstStateChange transition)
{
  GstTensorPlot *self = GST_TENSOR_PLOT (element);
  GstStateChangeReturn ret;

  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED && !start (self))
    return GST_STATE_CHANGE_FAILURE;

  ret = GST_ELEMENT_CLASS (parent_class)->change_state (element, transition);

  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY)
    reset (self);
  return ret;
}

static void
gst_tensor_plot_finalize (GObject * object)
{
  reset (GST_TENSOR_PLOT (object));
  G_OBJECT_CLASS (parent_class)->finalize (object);
}

static void
gst_tensor_plot_class_init (GstTensorPlotClass * klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  object_class->set_property = gst_tensor_plot_set_property;
  object_class->get_property = gst_tensor_plot_get_property;
  object_class->finalize = gst_tensor_plot_finalize;
  gst_tensor_plot_settings_install (object_class);

  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class,
      "Tensors to video", "Filter/Converter/Video",
      "Draws rows, their scores and what is flagged", "the gst-vae authors");

  element_class->change_state =
      GST_DEBUG_FUNCPTR (gst_tensor_plot_change_state);
}

static void
gst_tensor_plot_init (GstTensorPlot * self)
{
  gst_tensor_plot_settings_init (&self->settings);
  reset (self);

  self->sinkpad = gst_pad_new_from_static_template (&sink_template, "sink");
  gst_pad_set_chain_function (self->sinkpad,
      GST_DEBUG_FUNCPTR (gst_tensor_plot_chain));
  gst_pad_set_event_function (self->sinkpad,
      GST_DEBUG_FUNCPTR (gst_tensor_plot_sink_event));
  gst_vae_tensors_accept_generously (self->sinkpad);
  gst_element_add_pad (GST_ELEMENT (self), self->sinkpad);

  self->srcpad = gst_pad_new_from_static_template (&src_template, "src");
  gst_pad_set_event_function (self->srcpad,
      GST_DEBUG_FUNCPTR (gst_tensor_plot_src_event));
  gst_element_add_pad (GST_ELEMENT (self), self->srcpad);
}
