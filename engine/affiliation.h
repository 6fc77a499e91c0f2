/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "vae.h"

G_BEGIN_DECLS

/* The mean over events of how near the alarms are to the event in whose zone they
 * are, and of how near the event is to these alarms (Huet et al. 2022). Precision
 * is over the events that have alarms in their zone, NaN if none has; recall is
 * NaN if there are no events. */
void vae_affiliation (const VaeScored * series, double threshold,
    double *precision, double *recall);

G_END_DECLS
