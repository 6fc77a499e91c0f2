/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gsttensorplotvideo.h"

GstCaps *
gst_tensor_plot_video_choose (GstPad * srcpad,
    const GstTensorPlotSettings * settings)
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

void
gst_tensor_plot_video_clear (GstTensorPlotVideo * video)
{
  if (video->pool)
    gst_buffer_pool_set_active (video->pool, FALSE);
  gst_clear_object (&video->pool);
}

/* The pool is not one of downstream's, which could be of few frames, and make
 * rows wait. */
gboolean
gst_tensor_plot_video_set (GstTensorPlotVideo * video,
    const GstVideoInfo * info, GstCaps * caps)
{
  GstStructure *config;

  gst_tensor_plot_video_clear (video);
  video->info = *info;
  video->pool = gst_video_buffer_pool_new ();
  config = gst_buffer_pool_get_config (video->pool);
  gst_buffer_pool_config_set_params (config, caps,
      (guint) GST_VIDEO_INFO_SIZE (&video->info), 0, 0);
  return gst_buffer_pool_set_config (video->pool, config)
      && gst_buffer_pool_set_active (video->pool, TRUE);
}

GstClockTime
gst_tensor_plot_video_time (const GstTensorPlotVideo * video, guint64 n_frames)
{
  return gst_util_uint64_scale_ceil (n_frames,
      GST_SECOND * (guint64) GST_VIDEO_INFO_FPS_D (&video->info),
      (guint64) GST_VIDEO_INFO_FPS_N (&video->info));
}

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

gboolean
gst_tensor_plot_video_draw (const GstTensorPlotVideo * video,
    GstBuffer * buffer, const PlotHistory * history, const PlotView * view)
{
  GstVideoFrame frame;
  PlotCanvas canvas;

  if (!gst_video_frame_map (&frame, &video->info, buffer, GST_MAP_READWRITE))
    return FALSE;
  canvas = (PlotCanvas) {
  .pixels = GST_VIDEO_FRAME_PLANE_DATA (&frame, 0),.stride =
        GST_VIDEO_FRAME_PLANE_STRIDE (&frame, 0) / 4,.width =
        GST_VIDEO_FRAME_WIDTH (&frame),.height =
        GST_VIDEO_FRAME_HEIGHT (&frame)};
  plot_draw (&canvas, history, view);
  if (GST_VIDEO_FRAME_FORMAT (&frame) == GST_VIDEO_FORMAT_RGBA)
    convert (&canvas);
  gst_video_frame_unmap (&frame);
  return TRUE;
}
