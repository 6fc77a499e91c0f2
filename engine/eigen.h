/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The eigenvalues and eigenvectors of a symmetric matrix. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* a [n][n], symmetric, becomes its eigenvectors: row i, of length 1, is that of
 * values[i]. The values fall. work is [3][n]. */
void vae_eigen (gsize n, double *a, double *values, double *work);

G_END_DECLS
