/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/*
 * What the benchmark programs share. A program serves its cases to run.py: a
 * line of standard input is the name of a case and its argument, and the answer
 * is one number, seconds unless the case says otherwise. So ours and a peer can
 * take turns, in one run, each in a process of its own.
 */

#pragma once

#include "vae.h"

G_BEGIN_DECLS

typedef double (*BenchFunc) (const char *argument);

typedef struct
{
  const char *name;
  BenchFunc run;
} BenchCase;

/* Serves until the input ends; `cases` end with a NULL name. For main() to
 * return. */
int bench_serve (const BenchCase * cases);

double bench_now (void);        /* seconds */

/* Ends the program with `format` on standard error, for what is no fault of the
 * thing measured. bench_need() does so with an error, if there is one. */
void bench_fail (const char *format, ...) G_GNUC_PRINTF (1, 2) G_GNUC_NORETURN;
void bench_need (GError * error);

/* A line of /proc/self/status, such as "VmRSS:", in bytes. */
double bench_memory (const char *line);

/* Reads "channels window hidden hidden latents batch", called NETWORK, and
 * behind it n_more further numbers. Neither a scaler nor held-back rows, as the
 * peers have none. */
void bench_read_network (const char *argument, VaeParams * params,
    guint n_more, guint * more);

/* A synthetic series [n_rows][channels], to g_free(), and its labels, if asked
 * for. */
float *bench_rows (gsize n_rows, guint channels, guint8 ** labels);

VaeModel *bench_train (const VaeParams * params, const VaeRows * rows);

G_END_DECLS
