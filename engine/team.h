/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* A few threads that do the parts of one thing together, many times over. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _VaeTeam VaeTeam;

/* Does part `part` of `parts`. */
typedef void (*VaeTeamFunc) (guint part, guint parts, gpointer user_data);

/* A team of the calling thread and `threads` - 1 others, or fewer if they can't be
 * had. */
VaeTeam *vae_team_new (guint threads);
void vae_team_free (VaeTeam * team);

/* Has every part done, each by a thread of its own, and returns when all are. A
 * team that is NULL is the calling thread alone. */
void vae_team_run (VaeTeam * team, VaeTeamFunc func, gpointer user_data);

G_END_DECLS
