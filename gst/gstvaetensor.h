/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/*
 * The one place that knows tensor caps strings and tensor memories; see
 * docs/stream.md for the contract.
 */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* As many tensors as a buffer has memories before GStreamer merges them. */
#define GST_VAE_MAX_TENSORS 16

/* What can be read. A framerate is not asked for: a capsfilter that does not set
 * one could not be linked. */
#define GST_VAE_TENSORS_CAPS \
    "other/tensors, format = (string) static, num_tensors = (int) [ 1, 16 ]"

/* NNStreamer's element types, under their names in caps. */
typedef enum
{
  GST_VAE_INT8, GST_VAE_UINT8, GST_VAE_INT16, GST_VAE_UINT16,
  GST_VAE_INT32, GST_VAE_UINT32, GST_VAE_INT64, GST_VAE_UINT64,
  GST_VAE_FLOAT16, GST_VAE_FLOAT32, GST_VAE_FLOAT64
} GstVaeTensorType;

/* A row-major array [rows][cols], `cols:rows` in caps. */
typedef struct
{
  GstVaeTensorType type;
  guint cols;
  guint rows;
} GstVaeTensor;

/* What fixed tensor caps say. */
typedef struct
{
  guint n_tensors;
  GstVaeTensor tensors[GST_VAE_MAX_TENSORS];
  gint fps_n;                   /* buffers per second; 0/1 when irregular */
  gint fps_d;
} GstVaeTensorsInfo;

/* Reads fixed caps, generously: any rank with ones after the second dimension,
 * `.` or `,` between tensors, blanks, `format` or `framerate` missing. Sets a
 * GST_CORE_ERROR_NEGOTIATION error that says what is wrong otherwise. */
gboolean gst_vae_tensors_from_caps (GstVaeTensorsInfo * info,
    const GstCaps * caps, GError ** error);

/* Writes caps in the one canonical spelling. */
GstCaps *gst_vae_tensors_to_caps (const GstVaeTensorsInfo * info);

/* Sets the rows of every tensor that has `info->tensors[0].rows` of them, and
 * the framerate so that rows per second stay what they are (to 0/1 if no
 * fraction of integers can say it). */
void gst_vae_tensors_set_rows (GstVaeTensorsInfo * info, guint rows);

/* TRUE if b may follow a in one stream: the same tensors, types and columns;
 * rows and framerate may differ. */
gboolean gst_vae_tensors_same_stream (const GstVaeTensorsInfo * a,
    const GstVaeTensorsInfo * b);

/* The stream's data: tensor `data_tensor`, float32, with every other tensor
 * having as many rows. Sets a GST_CORE_ERROR_NEGOTIATION error otherwise. */
gboolean gst_vae_tensors_check_data (const GstVaeTensorsInfo * info,
    guint data_tensor, GError ** error);

/* The index of the label (uint8, one column) that follows data tensor 0, or
 * -1. */
gint gst_vae_tensors_find_label (const GstVaeTensorsInfo * info);

gsize gst_vae_tensor_get_size (const GstVaeTensor * tensor);

/* Lets a sink pad, of GstBaseSink or GstBaseTransform too, take every CAPS
 * event that has an intersection with its template instead of only those that
 * are a subset of it: caps without `format` or `framerate` are not. Call it in
 * the instance's init, then read the caps with gst_vae_tensors_from_caps(),
 * whose error says what is wrong where negotiation would not. */
void gst_vae_tensors_accept_generously (GstPad * sinkpad);

/* Tensors of a buffer, mapped for reading. */
typedef struct
{
  guint n_tensors;
  gconstpointer data[GST_VAE_MAX_TENSORS];
  /*< private > */
  guint n_maps;
  GstMapInfo maps[2 * GST_VAE_MAX_TENSORS];
  GstMemory *memories[2 * GST_VAE_MAX_TENSORS];
} GstVaeTensorsMap;

/* Maps each memory by itself, never the buffer as a whole, which would merge
 * the memories of a writable buffer. One memory per tensor, or one that holds
 * all of them. Sets a GST_STREAM_ERROR_FORMAT error if the sizes do not fit. A
 * tensor that lies unaligned for its type is copied, so that `data` can always
 * be read as an array of its type. */
gboolean gst_vae_tensors_map (GstVaeTensorsMap * map, GstBuffer * buffer,
    const GstVaeTensorsInfo * info, GError ** error);
void gst_vae_tensors_unmap (GstVaeTensorsMap * map);

/* A buffer with one memory of the right size per tensor, not initialised. */
GstBuffer *gst_vae_tensors_buffer_new (const GstVaeTensorsInfo * info);

/* Makes the memories of a writable buffer one per tensor, sharing the flattened
 * memory's bytes if need be. Same errors as gst_vae_tensors_map(). */
gboolean gst_vae_tensors_split (GstBuffer * buffer,
    const GstVaeTensorsInfo * info, GError ** error);

G_END_DECLS
