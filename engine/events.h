/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Rows in a run: an event is one of labelled rows, an alarm one of flagged rows.
 * Neither spans a break. A row without a score is never flagged. */

#pragma once

#include "vae.h"

G_BEGIN_DECLS

typedef struct
{
  gsize first;
  gsize end;                    /* the row behind the last one */
} VaeSpan;

static inline gsize
vae_span_rows (VaeSpan span)
{
  return span.end - span.first;
}

/* Whether the row does not follow the one before. */
static inline gboolean
vae_is_broken (const VaeScored * series, gsize row)
{
  return row == 0 || (series->breaks != NULL && series->breaks[row]);
}

/* Finds the next one in the rows span->end .. limit - 1, cutting off what of it
 * is outside; FALSE if there is none. `span` begins as {0, 0}. */
gboolean vae_next_event (const VaeScored * series, gsize limit,
    VaeSpan * span);
gboolean vae_next_alarm (const VaeScored * series, double threshold,
    gsize limit, VaeSpan * span);

gsize vae_count_events (const VaeScored * series);

/* Sets VAE_ERROR_MEMORY. */
void vae_scored_set_memory_error (const VaeScored * series, GError ** error);

G_END_DECLS
