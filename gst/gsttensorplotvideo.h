/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The frames of tensorplot: their caps, their memory, and what is on them. */

#pragma once

#include <gst/video/video.h>

#include "gsttensorplotsettings.h"
#include "plotdraw.h"

G_BEGIN_DECLS

/* The pixels that are drawn are numbers with blue in the lowest byte; pngenc
 * takes others. */
#if G_BYTE_ORDER == G_LITTLE_ENDIAN
#define GST_TENSOR_PLOT_DRAWN_FORMAT "BGRx"
#else
#define GST_TENSOR_PLOT_DRAWN_FORMAT "xRGB"
#endif
#define GST_TENSOR_PLOT_CONVERTED_FORMAT "RGBA"

#define GST_TENSOR_PLOT_VIDEO_CAPS \
    "video/x-raw, format = (string) { " GST_TENSOR_PLOT_DRAWN_FORMAT ", " \
    GST_TENSOR_PLOT_CONVERTED_FORMAT " }, " \
    "width = (int) [ 16, 16384 ], height = (int) [ 16, 16384 ], " \
    "framerate = (fraction) [ 1/2147483647, 2147483647/1 ]"

typedef struct
{
  GstVideoInfo info;
  GstBufferPool *pool;          /* NULL before the first caps */
} GstTensorPlotVideo;

void gst_tensor_plot_video_clear (GstTensorPlotVideo * video);

/* Agrees with downstream on the caps of `srcpad`, and prepares for such frames. */
GstFlowReturn gst_tensor_plot_video_negotiate (GstTensorPlotVideo * video,
    GstPad * srcpad, const GstTensorPlotSettings * settings, GError ** error);

/* A new frame. */
GstFlowReturn gst_tensor_plot_video_draw (GstTensorPlotVideo * video,
    const PlotHistory * history, const PlotView * view, GstBuffer ** buffer,
    GError ** error);

G_END_DECLS
