/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstvaescoreoutputs.h"

#include <string.h>

static gboolean
is_wanted (const GstVaeScoreSettings * settings, guint output)
{
  switch ((GstVaeScoreOutput) output) {
    case GST_VAE_SCORE_CONTRIBUTIONS:
      return settings->contributions;
    case GST_VAE_SCORE_EXPECTED:
      return settings->expected;
    case GST_VAE_SCORE_DECISION:
      return settings->decision;
    default:
      return TRUE;
  }
}

/* `data` is what it is about. */
static GstVaeTensor
describe (const GstVaeTensor * data, guint output)
{
  GstVaeTensor tensor = *data;

  if (output == GST_VAE_SCORE_DECISION)
    tensor.type = GST_VAE_UINT8;
  if (output == GST_VAE_SCORE_DECISION || output == GST_VAE_SCORE_SCORES)
    tensor.cols = 1;
  return tensor;
}

gboolean
gst_vae_score_outputs_append (const GstVaeScoreSettings * settings,
    const GstVaeTensorsInfo * in, GstVaeTensorsInfo * out, GError ** error)
{
  guint n = in->n_tensors;

  for (guint i = 0; i < GST_VAE_SCORE_N_OUTPUTS; i++)
    n += is_wanted (settings, i);
  if (n > GST_VAE_MAX_TENSORS) {
    g_set_error (error, GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION,
        "The stream has %u tensors; with those that are added it would have %u, "
        "at most %u are possible", in->n_tensors, n, GST_VAE_MAX_TENSORS);
    return FALSE;
  }
  *out = *in;
  for (guint i = 0; i < GST_VAE_SCORE_N_OUTPUTS; i++)
    if (is_wanted (settings, i))
      out->tensors[out->n_tensors++] = describe (&in->tensors[0], i);
  return TRUE;
}

static gboolean
alloc_output (GstVaeScoreOutputs * outputs, guint i,
    const GstVaeTensor * tensor, GError ** error)
{
  GstMemory *memory = gst_allocator_alloc (NULL,
      gst_vae_tensor_get_size (tensor), NULL);

  if (memory && gst_memory_map (memory, &outputs->maps[i], GST_MAP_WRITE)) {
    outputs->memories[i] = memory;
    outputs->data[i] = outputs->maps[i].data;
    return TRUE;
  }
  g_clear_pointer (&memory, gst_memory_unref);
  g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NO_SPACE_LEFT,
      "There is no memory for %u scores", tensor->rows);
  return FALSE;
}

static void
drop (GstVaeScoreOutputs * outputs)
{
  for (guint i = 0; i < GST_VAE_SCORE_N_OUTPUTS; i++) {
    if (!outputs->memories[i])
      continue;
    gst_memory_unmap (outputs->memories[i], &outputs->maps[i]);
    gst_memory_unref (outputs->memories[i]);
  }
}

gboolean
gst_vae_score_outputs_alloc (GstVaeScoreOutputs * outputs,
    const GstVaeScoreSettings * settings, const GstVaeTensorsInfo * in,
    GError ** error)
{
  memset (outputs, 0, sizeof (GstVaeScoreOutputs));
  for (guint i = 0; i < GST_VAE_SCORE_N_OUTPUTS; i++) {
    const GstVaeTensor tensor = describe (&in->tensors[0], i);

    if (is_wanted (settings, i) && !alloc_output (outputs, i, &tensor, error)) {
      drop (outputs);
      return FALSE;
    }
  }
  return TRUE;
}

void
gst_vae_score_outputs_give (GstVaeScoreOutputs * outputs, GstBuffer * buffer)
{
  for (guint i = 0; i < GST_VAE_SCORE_N_OUTPUTS; i++) {
    if (!outputs->memories[i])
      continue;
    gst_memory_unmap (outputs->memories[i], &outputs->maps[i]);
    gst_buffer_append_memory (buffer, outputs->memories[i]);
  }
}
