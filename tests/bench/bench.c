/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "bench.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void
answer (const BenchCase * cases, char *line)
{
  char *argument = line + strcspn (line, " ");

  if (*argument)
    *argument++ = '\0';
  for (; cases->name; cases++)
    if (strcmp (cases->name, line) == 0) {
      printf ("%.9g\n", cases->run (argument));
      fflush (stdout);
      return;
    }
  bench_fail ("there is no case %s", line);
}

int
bench_serve (const BenchCase * cases)
{
  char line[1024];

  while (fgets (line, sizeof line, stdin))
    answer (cases, g_strchomp (line));
  return 0;
}

double
bench_now (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return now.tv_sec + 1e-9 * now.tv_nsec;
}

void
bench_fail (const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  vfprintf (stderr, format, arguments);
  va_end (arguments);
  fputc ('\n', stderr);
  exit (1);
}

void
bench_need (GError * error)
{
  if (error)
    bench_fail ("%s", error->message);
}

double
bench_memory (const char *line)
{
  g_autofree char *status = NULL;

  g_file_get_contents ("/proc/self/status", &status, NULL, NULL);
  const char *found = status ? strstr (status, line) : NULL;
  if (!found)
    bench_fail ("no %s in /proc/self/status", line);
  return 1024. * g_ascii_strtoull (found + strlen (line), NULL, 10);
}

void
bench_read_network (const char *argument, VaeParams * params, guint n_more,
    guint *more)
{
  g_auto (GStrv) words = g_strsplit (argument, " ", -1);

  if (g_strv_length (words) != 6 + n_more)
    bench_fail ("not a network and %u numbers: %s", n_more, argument);
  vae_params_init_seed (params);
  params->channels = atoi (words[0]);
  params->window = atoi (words[1]);
  params->n_hidden = 2;
  params->hidden[0] = atoi (words[2]);
  params->hidden[1] = atoi (words[3]);
  params->latent_dim = atoi (words[4]);
  params->batch_size = atoi (words[5]);
  params->scaler = VAE_SCALER_NONE;
  params->validation = 0;
  for (guint i = 0; i < n_more; i++)
    more[i] = atoi (words[6 + i]);
}

float *
bench_rows (gsize n_rows, guint channels, guint8 **labels)
{
  g_autofree guint8 *unwanted = NULL;
  float *data = g_new (float, n_rows * channels);
  guint8 *row_labels = g_new (guint8, n_rows);
  GError *error = NULL;
  VaeSynthParams params;

  vae_synth_params_init (&params);
  params.features = channels;
  VaeSynth *synth = vae_synth_new (&params, &error);
  bench_need (error);
  vae_synth_execute (synth, 0, n_rows, data, row_labels);
  vae_synth_free (synth);

  if (labels)
    *labels = row_labels;
  else
    unwanted = row_labels;
  return data;
}

VaeModel *
bench_train (const VaeParams * params, const VaeRows * rows)
{
  GError *error = NULL;
  VaeModel *model = vae_train (params, rows, 1, NULL, NULL, NULL, &error);

  bench_need (error);
  return model;
}
