/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What the tests of the elements that learn, score and evaluate share. */

#pragma once

#include <gst/check/check.h>
#include <gst/check/gstharness.h>

#include "gstvaetensor.h"
#include "vae.h"

G_BEGIN_DECLS

/* A labelled series. */
typedef struct
{
  guint channels;
  gsize n_rows;
  gfloat *data;
  guint8 *labels;
} Series;

/* The default synthetic series. */
Series *series_new (guint channels, gsize n_rows, guint64 seed);
void series_free (Series * series);

/* Tensors [data, label] or, with `labelled` FALSE, [data]. */
GstVaeTensorsInfo series_info (const Series * series, guint rows,
    gboolean labelled);
GstBuffer *series_buffer (const Series * series, gsize first_row, guint rows,
    gboolean labelled);

/* Pushes caps, unless the last ones were the same, without a segment event, which
 * would begin a new window. */
void push_caps (GstHarness * harness, const GstVaeTensorsInfo * info);

/* Pushes n rows from first_row on, in buffers of at most `rows`. */
void push_series (GstHarness * harness, const Series * series,
    gsize first_row, gsize n, guint rows, gboolean labelled);

/* A folder of the test's own. */
gchar *folder_new (void);
void folder_free (gchar * folder);

/* A bus that keeps all messages of `element`, which each hold the element: hence
 * bus_free(). */
GstBus *bus_new (GstElement * element);
void bus_free (GstBus * bus, GstElement * element);

/* The next message of the types, all others being dropped; NULL after 30 s. */
GstMessage *wait_for (GstBus * bus, GstMessageType types);

/* Like it, an element message whose field `event` is this. */
GstMessage *wait_for_event (GstBus * bus, const gchar * event);

/* How many messages of the type there are; the bus is empty afterwards. */
guint count_messages (GstBus * bus, GstMessageType type);

/* Expects an error among the messages, and that its text contains `text`. */
void expect_error (GstBus * bus, GQuark domain, gint code, const gchar * text);

/* Runs a pipeline until EOS or an error, which it returns; the bus keeps all
 * messages. */
GstElement *pipeline_new (const gchar * format, ...) G_GNUC_PRINTF (1, 2);
GstMessageType pipeline_run (GstElement * pipeline);
void pipeline_free (GstElement * pipeline);

/* Trains a model on the unlabelled, unbroken series into a file. */
void train_model (const VaeParams * params, const Series * series,
    const gchar * path);

void fail_unless_same_file (const gchar * a, const gchar * b);

G_END_DECLS
