/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What vaescore's properties are. */

#pragma once

#include <gst/gst.h>

#include "vae.h"

G_BEGIN_DECLS

typedef struct
{
  gchar *model;
  gboolean watch;
  VaeScore score;
  gdouble threshold;            /* 0 = the model's */
  gboolean contributions;
  gboolean expected;
  gboolean decision;
  gboolean post_messages;
  guint min_rows;
  guint of_rows;
  guint cool_down;
  guint threads;
} GstVaeScoreSettings;

/* Installs the properties, which begin with number 1. */
void gst_vae_score_settings_install (GObjectClass * object_class);

/* The defaults. */
void gst_vae_score_settings_init (GstVaeScoreSettings * settings);
void gst_vae_score_settings_clear (GstVaeScoreSettings * settings);

/* `copy` is overwritten, and to be cleared. */
void gst_vae_score_settings_copy (const GstVaeScoreSettings * settings,
    GstVaeScoreSettings * copy);

/* FALSE if there is no such property. */
gboolean gst_vae_score_settings_set (GstVaeScoreSettings * settings,
    guint prop_id, const GValue * value);
gboolean gst_vae_score_settings_get (const GstVaeScoreSettings * settings,
    guint prop_id, GValue * value);

/* Sets GST_LIBRARY_ERROR_SETTINGS for what makes no sense. The second one looks
 * at a threshold alone. */
gboolean gst_vae_score_settings_check (const GstVaeScoreSettings * settings,
    GError ** error);
gboolean gst_vae_score_settings_check_threshold (gdouble threshold,
    GError ** error);

/* Whether a threshold has to be known. */
gboolean gst_vae_score_settings_need_threshold (const GstVaeScoreSettings *
    settings);

G_END_DECLS
