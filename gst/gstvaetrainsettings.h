/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What vaetrain's properties are. */

#pragma once

#include <gst/gst.h>
#include <math.h>

#include "vae.h"

G_BEGIN_DECLS

/* What the properties say. */
typedef struct
{
  gchar *model;
  gchar *report;
  gchar *initial_model;
  VaeParams params;             /* those that are set; without hidden */
  guint64 is_set;               /* bits, by number of the property */
  GArray *hidden;               /* gdouble; NULL = not set */
  GArray *latent_dims;          /* gdouble */
  GArray *betas;                /* gdouble */
  VaeSelect select;
  guint threads;
  guint64 max_rows;
  gboolean silent;
} GstVaeTrainSettings;

/* Installs the properties, which begin with number 1. */
void gst_vae_train_settings_install (GObjectClass * object_class);

/* The defaults; and their end. */
void gst_vae_train_settings_init (GstVaeTrainSettings * settings);
void gst_vae_train_settings_clear (GstVaeTrainSettings * settings);

/* FALSE if there is no such property. */
gboolean gst_vae_train_settings_set (GstVaeTrainSettings * settings,
    guint prop_id, const GValue * value);
gboolean gst_vae_train_settings_get (const GstVaeTrainSettings * settings,
    guint prop_id, GValue * value);

/* The parameters that a training would have, without `settings->hidden` and the
 * channels: what is not set is as in those of the model that it goes on from or, if
 * that is NULL, the default. */
void gst_vae_train_settings_get_params (const GstVaeTrainSettings * settings,
    const VaeParams * initial, VaeParams * params);

/* Whether a number from an array can be the size of something. */
static inline gboolean
gst_vae_train_is_size (gdouble number)
{
  return number >= 0 && number <= G_MAXINT && floor (number) == number;
}

G_END_DECLS
