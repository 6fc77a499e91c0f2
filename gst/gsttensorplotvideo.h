/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The video that tensorplot makes: its caps, its frames and their times. */

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

#define GST_TENSOR_PLOT_VIDEO_CAPS "video/x-raw, " \
    "format = (string) { " GST_TENSOR_PLOT_DRAWN_FORMAT ", " \
    GST_TENSOR_PLOT_CONVERTED_FORMAT " }, " \
    "width = (int) [ 16, 16384 ], height = (int) [ 16, 16384 ], " \
    "framerate = (fraction) [ 1/2147483647, 2147483647/1 ]"

/* All zero before the first caps are set. */
typedef struct
{
  GstVideoInfo info;
  GstBufferPool *pool;          /* NULL = there are no caps yet, or no more */
} GstTensorPlotVideo;

/* What is nearest to the settings of what downstream takes; empty caps if it
 * takes nothing. */
GstCaps *gst_tensor_plot_video_choose (GstPad * srcpad,
    const GstTensorPlotSettings * settings);

/* Makes the frames be of the caps, which are those of the info. FALSE if there
 * is no memory for them. */
gboolean gst_tensor_plot_video_set (GstTensorPlotVideo * video,
    const GstVideoInfo * info, GstCaps * caps);

/* Frees the frames; the info stays as it is. */
void gst_tensor_plot_video_clear (GstTensorPlotVideo * video);

/* How long so many frames last, rounded up. */
GstClockTime gst_tensor_plot_video_time (const GstTensorPlotVideo * video,
    guint64 n_frames);

/* Draws on a buffer of the pool. FALSE if its memory cannot be written. */
gboolean gst_tensor_plot_video_draw (const GstTensorPlotVideo * video,
    GstBuffer * buffer, const PlotHistory * history, const PlotView * view);

G_END_DECLS
