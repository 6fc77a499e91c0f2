/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* A model for tensor_filter framework=custom: twice the first tensor, of float32
 * and any shape. The others, which it is told of but not given, say nothing. */

#include <gmodule.h>
#include <tensor_filter_custom.h>

static void *
open_model (const GstTensorFilterProperties * properties)
{
  return g_new0 (gint, 1);
}

static void
close_model (void *model, const GstTensorFilterProperties * properties)
{
  g_free (model);
}

static int
set_input (void *model, const GstTensorFilterProperties * properties,
    const GstTensorsInfo * in, GstTensorsInfo * out)
{
  const GstTensorInfo *tensor = &in->info[0];

  if (tensor->type != _NNS_FLOAT32)
    return -1;

  out->num_tensors = 1;
  out->info[0].type = tensor->type;
  for (guint i = 0; i < G_N_ELEMENTS (tensor->dimension); i++)
    out->info[0].dimension[i] = tensor->dimension[i];
  return 0;
}

static int
invoke (void *model, const GstTensorFilterProperties * properties,
    const GstTensorMemory * in, GstTensorMemory * out)
{
  const gfloat *x = in->data;
  gfloat *y = out->data;

  for (gsize i = 0; i < in->size / sizeof *x; i++)
    y[i] = 2 * x[i];
  return 0;
}

static NNStreamer_custom_class double_class = {
  .initfunc = open_model,
  .exitfunc = close_model,
  .setInputDim = set_input,
  .invoke = invoke,
};

G_MODULE_EXPORT NNStreamer_custom_class *NNStreamer_custom = &double_class;
