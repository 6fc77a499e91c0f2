/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The tensors that vaescore adds to a buffer. */

#pragma once

#include "gstvaescoresettings.h"
#include "gstvaetensor.h"

G_BEGIN_DECLS

/* In their order. */
typedef enum
{
  GST_VAE_SCORE_CONTRIBUTIONS,  /* float32 [rows][channels] */
  GST_VAE_SCORE_EXPECTED,       /* float32 [rows][channels] */
  GST_VAE_SCORE_DECISION,       /* uint8 [rows] */
  GST_VAE_SCORE_SCORES,         /* float32 [rows] */
  GST_VAE_SCORE_N_OUTPUTS
} GstVaeScoreOutput;

/* The stream that comes out where `in` goes in. Sets GST_CORE_ERROR_NEGOTIATION if
 * there is no room for more tensors. */
gboolean gst_vae_score_outputs_append (const GstVaeScoreSettings * settings,
    const GstVaeTensorsInfo * in, GstVaeTensorsInfo * out, GError ** error);

/* Their memories, mapped for writing. */
typedef struct
{
  gpointer data[GST_VAE_SCORE_N_OUTPUTS];       /* NULL = not wanted */
  /*< private > */
  GstMemory *memories[GST_VAE_SCORE_N_OUTPUTS];
  GstMapInfo maps[GST_VAE_SCORE_N_OUTPUTS];
} GstVaeScoreOutputs;

/* Memories for the rows of `in`. Sets GST_RESOURCE_ERROR_NO_SPACE_LEFT. */
gboolean gst_vae_score_outputs_alloc (GstVaeScoreOutputs * outputs,
    const GstVaeScoreSettings * settings, const GstVaeTensorsInfo * in,
    GError ** error);

/* Unmaps the memories and appends them to the buffer. */
void gst_vae_score_outputs_give (GstVaeScoreOutputs * outputs,
    GstBuffer * buffer);

G_END_DECLS
