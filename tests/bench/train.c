/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Training steps, and the grid. */

#include "bench.h"

#include <stdlib.h>

/* NETWORK BATCHES EPOCHS: seconds of one step, being those of the whole
 * training, its beginning and its calibration included, shared out among its
 * steps. */
static double
step (const char *argument)
{
  VaeParams params;
  guint more[2];

  bench_read_network (argument, &params, G_N_ELEMENTS (more), more);
  const gsize batches = more[0];
  VaeRows rows = {.n_rows = batches * params.batch_size + params.window - 1 };
  g_autofree float *data = bench_rows (rows.n_rows, params.channels, NULL);
  rows.data = data;
  params.epochs = more[1];

  const double start = bench_now ();
  VaeModel *model = bench_train (&params, &rows);
  const double seconds = bench_now () - start;
  vae_model_unref (model);
  return seconds / (batches * params.epochs);
}

/* NETWORK ROWS EPOCHS THREADS: seconds of the seed's grid, chosen its way. */
static double
grid (const char *argument)
{
  static const guint latent_dims[] = { 2, 3, 5 };
  static const double betas[] = { 0.5, 1, 2, 4 };
  g_autofree guint8 *labels = NULL;
  GError *error = NULL;
  VaeParams params;
  guint more[3];

  bench_read_network (argument, &params, G_N_ELEMENTS (more), more);
  params.epochs = more[1];
  g_autofree float *data = bench_rows (more[0], params.channels, &labels);
  const VaeRows rows = {.data = data,.labels = labels,.n_rows = more[0] };
  const VaeGridParams cells = {
    .latent_dims = latent_dims,
    .n_latent_dims = G_N_ELEMENTS (latent_dims),
    .betas = betas,
    .n_betas = G_N_ELEMENTS (betas),
    .select = VAE_SELECT_AUROC,
    .threads = more[2],
  };

  const double start = bench_now ();
  VaeModel *model = vae_grid (&params, &cells, &rows, NULL, NULL, NULL, NULL,
      &error);
  const double seconds = bench_now () - start;
  bench_need (error);
  vae_model_unref (model);
  return seconds;
}

int
main (void)
{
  const BenchCase cases[] = { {"step", step}, {"grid", grid}, {NULL, NULL} };

  return bench_serve (cases);
}
