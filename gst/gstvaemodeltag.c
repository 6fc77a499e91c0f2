/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstvaemodeltag.h"

void
gst_vae_model_tag_register (void)
{
  gst_tag_register (GST_VAE_TAG_MODEL, GST_TAG_FLAG_META, GST_TYPE_STRUCTURE,
      "anomaly model", "What is known about the model that scores the stream",
      NULL);
}

GstEvent *
gst_vae_model_event_new (GstStructure * model)
{
  GstTagList *tags = gst_tag_list_new_empty ();

  gst_tag_list_set_scope (tags, GST_TAG_SCOPE_GLOBAL);
  gst_tag_list_add (tags, GST_TAG_MERGE_REPLACE, GST_VAE_TAG_MODEL, model,
      NULL);
  gst_structure_free (model);
  return gst_event_new_tag (tags);
}

const GstStructure *
gst_vae_model_event_peek (GstEvent * event)
{
  const GstStructure *model;
  const GValue *value;
  GstTagList *tags;

  if (GST_EVENT_TYPE (event) != GST_EVENT_TAG)
    return NULL;
  gst_event_parse_tag (event, &tags);
  value = gst_tag_list_get_value_index (tags, GST_VAE_TAG_MODEL, 0);
  model = value ? gst_value_get_structure (value) : NULL;
  return model && gst_structure_has_name (model, GST_VAE_TAG_MODEL)
      ? model : NULL;
}
