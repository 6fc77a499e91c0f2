/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/*
 * The safetensors container: named float32 tensors and a table of strings, in
 * one block of bytes. It knows nothing of models.
 *
 * The header is JSON of one fixed form, which is read here, strictly: a general
 * JSON reader takes duplicate names, octal numbers, comments or a NUL within a
 * name, which two readers of one file would understand differently.
 */

#pragma once

#include "vae.h"

G_BEGIN_DECLS

#define VAE_SAFETENSORS_MAX_HEADER (1u << 20)   /* bytes */

typedef struct
{
  const char *name;
  guint n_dims;                 /* 1 or 2 */
  gsize shape[2];               /* outermost first, none of them 0 */
  gconstpointer data;           /* of a container that was read: in the bytes that
                                 * it was read from, little-endian and not
                                 * aligned, see vae_safetensor_copy() */
} VaeSafetensor;

/* What a block of bytes contains. */
typedef struct _VaeSafetensors VaeSafetensors;

/* Checks that names are unique, that the type is F32, that sizes fit shapes and
 * that the tensors fill the data without overlap, hole or rest. The bytes must
 * outlive the container. VAE_ERROR_FORMAT. */
VaeSafetensors *vae_safetensors_read (const guint8 * bytes, gsize size,
    GError ** error);
void vae_safetensors_free (VaeSafetensors * container);

guint vae_safetensors_n_tensors (const VaeSafetensors * container);
const VaeSafetensor *vae_safetensors_nth (const VaeSafetensors * container,
    guint index);

/* NULL if there is none of that name. */
const VaeSafetensor *vae_safetensors_find (const VaeSafetensors * container,
    const char *name);
const char *vae_safetensors_metadata (const VaeSafetensors * container,
    const char *key);

gsize vae_safetensor_n_floats (const VaeSafetensor * tensor);

/* out [n_floats] */
void vae_safetensor_copy (const VaeSafetensor * tensor, float *out);

/* A string from a file, for a message: quoted, escaped and cut to a reasonable
 * length, whatever it contains. The caller's to g_free(). */
char *vae_safetensors_quote (const char *string);

/* A container of `tensors`, whose data are floats, in this order, and of
 * metadata: key, value, key, value, ..., NULL. Names, keys and values are plain
 * ASCII that needs no escape. NULL if there is no memory. */
GBytes *vae_safetensors_write (const char *const *metadata,
    const VaeSafetensor * tensors, guint n_tensors);

G_END_DECLS
