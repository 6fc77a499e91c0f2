/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* A model in use, where it is from, and how another one takes its place. */

#pragma once

#include <gst/gst.h>

#include "vae.h"

G_BEGIN_DECLS

/* The rows that a new model will see before its first one. */
typedef struct
{
  guint channels;
  gsize capacity;               /* rows */
  gsize n;                      /* how many there are */
  gsize next;                   /* where the next one goes */
  gfloat *rows;                 /* [capacity][channels], a ring */
} GstVaeScoreHistory;

typedef struct
{
  gchar *path;
  VaeModel *model;
  VaeScorer *scorer;
  VaeScore score;               /* as asked for */
  GstVaeScoreHistory history;
} GstVaeScoreModel;

/* Reads the model and prepares it to give such scores, with up to so many threads
 * (0 = one per processor). `model` was cleared, or
 * zero, before, and is to be cleared afterwards in either case. Sets an error of
 * the engine or of the file. */
gboolean gst_vae_score_model_load (GstVaeScoreModel * model,
    const gchar * path, VaeScore score, guint threads, GError ** error);
void gst_vae_score_model_clear (GstVaeScoreModel * model);

/* What is told about the model downstream and on the bus; `threshold`, the one in
 * force, is left out if it is NaN, as is all that is not known. */
GstStructure *gst_vae_score_model_describe (const GstVaeScoreModel * model,
    const gchar * name, gdouble threshold);

/* Scores the next rows, and keeps the last of them in mind. */
void gst_vae_score_model_execute (GstVaeScoreModel * model, const gfloat * data,
    gsize n_rows, gfloat * scores, gfloat * contributions, gfloat * expected);

/* Forgets the rows. */
void gst_vae_score_model_reset (GstVaeScoreModel * model);

/* Shows a new model the last rows that an old one has seen, if they have as many
 * channels. Sets GST_RESOURCE_ERROR_NO_SPACE_LEFT. */
gboolean gst_vae_score_model_warm_up (GstVaeScoreModel * model,
    const GstVaeScoreModel * old, GError ** error);

/* Tells whether a file was replaced. */
typedef struct
{
  guint64 device;
  guint64 inode;
  gint64 size;
  gint64 seconds;
  gint64 nanoseconds;
  gint64 looked;                /* when, on the monotonic clock */
} GstVaeScoreWatch;

/* Remembers the file as it is, if there is one. */
void gst_vae_score_watch_init (GstVaeScoreWatch * watch, const gchar * path);

/* TRUE if there now is another file than the one remembered, which then is
 * remembered; FALSE without looking, if the last look was less than a second
 * ago. */
gboolean gst_vae_score_watch_look (GstVaeScoreWatch * watch,
    const gchar * path);

G_END_DECLS
