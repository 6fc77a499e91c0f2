/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What a model file's metadata says: parameters and summaries, as text. */

#pragma once

#include "vae.h"

G_BEGIN_DECLS

typedef enum
{
  VAE_FIELD_KIND,
  VAE_FIELD_ACTIVATION,
  VAE_FIELD_LOSS,
  VAE_FIELD_SCALER,
  VAE_FIELD_THRESHOLD,
  VAE_FIELD_UINT,
  VAE_FIELD_UINT64,
  VAE_FIELD_REAL,
  VAE_FIELD_BOOLEAN,
  VAE_FIELD_HIDDEN                  /* n_hidden and hidden of VaeParams */
} VaeFieldType;

typedef struct
{
  const char *key;
  VaeFieldType type;
  gsize offset;
} VaeField;

/* Those of VaeParams and of VaeSummary, in the order of the file. */
extern const VaeField vae_param_fields[];
extern const guint vae_n_param_fields;
extern const VaeField vae_summary_fields[];
extern const guint vae_n_summary_fields;

/* A field of the structure at `base`. The caller's to g_free(); NULL for a figure
 * that is not known. */
char *vae_field_format (const VaeField * field, gconstpointer base);

/* FALSE if `text` is no such value. */
gboolean vae_field_parse (const VaeField * field, gpointer base,
    const char *text);
gboolean vae_field_parse_uint (const char *text, guint * value);

G_END_DECLS
