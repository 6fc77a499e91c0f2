/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gsttensorplotvideo.h"

void
gst_tensor_plot_video_clear (GstTensorPlotVideo * video)
{
  if (video->pool)
    gst_buffer_pool_set_active (video->pool, FALSE);
  gst_clear_object (&video->pool);
}

/* --- caps --------------------------------------------------------------- */

static GstCaps *
choose_caps (GstPad * srcpad, const GstTensorPlotSettings * settings)
{
  GstCaps *caps = gst_pad_get_allowed_caps (srcpad);
  GstStructure *structure;

  if (!caps)
    caps = gst_pad_get_pad_template_caps (srcpad);
  if (gst_caps_is_empty (caps))
    return caps;

  caps = gst_caps_make_writable (gst_caps_truncate (caps));
  structure = gst_caps_get_structure (caps, 0);
  gst_structure_fixate_field_nearest_int (structure, "width",
      (gint) settings->width);
  gst_structure_fixate_field_nearest_int (structure, "height",
      (gint) settings->height);
  gst_structure_fixate_field_nearest_fraction (structure, "framerate",
      settings->fps_n, settings->fps_d);
  if (gst_structure_has_field (structure, "pixel-aspect-ratio"))
    gst_structure_fixate_field_nearest_fraction (structure,
        "pixel-aspect-ratio", 1, 1);
  return gst_caps_fixate (caps);
}

/* Not one of downstream's, which could be of few frames, and make rows wait. */
static gboolean
make_pool (GstTensorPlotVideo * video, GstCaps * caps)
{
  GstStructure *config;

  gst_tensor_plot_video_clear (video);
  video->pool = gst_video_buffer_pool_new ();
  config = gst_buffer_pool_get_config (video->pool);
  gst_buffer_pool_config_set_params (config, caps,
      (guint) GST_VIDEO_INFO_SIZE (&video->info), 0, 0);
  return gst_buffer_pool_set_config (video->pool, config)
      && gst_buffer_pool_set_active (video->pool, TRUE);
}

GstFlowReturn
gst_tensor_plot_video_negotiate (GstTensorPlotVideo * video, GstPad * srcpad,
    const GstTensorPlotSettings * settings, GError ** error)
{
  g_autoptr (GstCaps) caps = choose_caps (srcpad, settings);

  if (gst_caps_is_empty (caps)
      || !gst_video_info_from_caps (&video->info, caps)
      || !gst_pad_set_caps (srcpad, caps)) {
    gst_pad_mark_reconfigure (srcpad);
    if (GST_PAD_IS_FLUSHING (srcpad))
      return GST_FLOW_FLUSHING;
    g_set_error (error, GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION,
        "Downstream takes no video/x-raw of the format "
        GST_TENSOR_PLOT_DRAWN_FORMAT " or " GST_TENSOR_PLOT_CONVERTED_FORMAT
        ", 16 to 16384 pixels wide and high, with a framerate above 0: a "
        "videoconvert in between may help");
    return GST_FLOW_NOT_NEGOTIATED;
  }
  if (make_pool (video, caps))
    return GST_FLOW_OK;
  g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NO_SPACE_LEFT,
      "There is no memory for frames of %d x %d pixels", video->info.width,
      video->info.height);
  return GST_FLOW_ERROR;
}

/* --- pixels ------------------------------------------------------------- */

/* To RGBA, a byte each, whose A is opaque. */
static void
convert (const PlotCanvas * canvas)
{
  for (gint y = 0; y < canvas->height; y++) {
    guint32 *pixels = canvas->pixels + (gsize) y * (gsize) canvas->stride;

    for (gint x = 0; x < canvas->width; x++)
      pixels[x] = GUINT32_TO_BE (pixels[x] << 8 | 0xff);
  }
}

static void
draw (GstVideoFrame * frame, const PlotHistory * history, const PlotView * view)
{
  const PlotCanvas canvas = {
    GST_VIDEO_FRAME_PLANE_DATA (frame, 0),
    GST_VIDEO_FRAME_PLANE_STRIDE (frame, 0) / 4,
    GST_VIDEO_FRAME_WIDTH (frame),
    GST_VIDEO_FRAME_HEIGHT (frame),
  };

  plot_draw (&canvas, history, view);
  if (GST_VIDEO_FRAME_FORMAT (frame) == GST_VIDEO_FORMAT_RGBA)
    convert (&canvas);
}

GstFlowReturn
gst_tensor_plot_video_draw (GstTensorPlotVideo * video,
    const PlotHistory * history, const PlotView * view, GstBuffer ** buffer,
    GError ** error)
{
  const GstFlowReturn ret =
      gst_buffer_pool_acquire_buffer (video->pool, buffer, NULL);
  GstVideoFrame frame;

  if (ret != GST_FLOW_OK)
    return ret;
  if (gst_video_frame_map (&frame, &video->info, *buffer, GST_MAP_READWRITE)) {
    draw (&frame, history, view);
    gst_video_frame_unmap (&frame);
    return GST_FLOW_OK;
  }
  gst_clear_buffer (buffer);
  g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_WRITE,
      "The memory of a frame cannot be written");
  return GST_FLOW_ERROR;
}
