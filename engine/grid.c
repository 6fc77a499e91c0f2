/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "train.h"

#include <math.h>

/* What the cells of a grid share. */
typedef struct
{
  const VaeParams *params;
  const VaeGridParams *grid;
  const VaeRows *rows;
  const VaeDataset *dataset;
  VaePca pca;
  VaeGridCell *cells;           /* [n_cells] */
  VaeModel **models;            /* [n_cells] */
  guint n_cells;
  GCancellable *cancellable;    /* cancelled with the caller's, and by the first
                                 * cell that fails */
  VaeCellFunc on_cell;
  gpointer user_data;

  GMutex lock;                  /* of the two below, and around on_cell */
  guint n_done;
  GError *error;                /* of the first cell that failed */
} Grid;

static VaeParams
cell_params (const Grid * grid, guint i)
{
  VaeParams params = *grid->params;

  params.latent_dim = grid->grid->latent_dims[i / grid->grid->n_betas];
  params.beta = grid->grid->betas[i % grid->grid->n_betas];
  return params;
}

/* Ranks the held-back rows by their scores [n]. */
static gboolean
measure_ranking (const Grid * grid, VaeGridCell * cell, const float *scores,
    gsize n, GError ** error)
{
  const VaeRows *rows = grid->rows;
  VaeMetrics metrics;

  if (!rows->labels)
    return TRUE;
  if (!vae_metrics_compute (scores, rows->labels + rows->n_rows - n, n,
          &metrics, error))
    return FALSE;
  cell->auroc = metrics.auroc;
  cell->auprc = metrics.auprc;
  return TRUE;
}

/* Trains and measures cell i. */
static gboolean
run_cell (const Grid * grid, guint i, GError ** error)
{
  const VaeDataset *dataset = grid->dataset;
  const gsize n_held_back = grid->rows->n_rows - dataset->first_held_back_row;
  const gsize n = n_held_back > 0 ? n_held_back : grid->rows->n_rows;
  const VaeParams params = cell_params (grid, i);
  VaeGridCell *cell = &grid->cells[i];
  VaeLossSums held_back;

  float *scores = g_try_new (float, n);
  if (!scores) {
    g_set_error (error, VAE_ERROR, VAE_ERROR_MEMORY,
        "no memory for the scores of %" G_GSIZE_FORMAT " rows", n);
    return FALSE;
  }
  grid->models[i] = vae_train_on_dataset (&params, NULL, dataset, &grid->pca,
      grid->rows, &held_back, scores, 1, NULL, NULL, grid->cancellable, error);
  gboolean is_measured = grid->models[i] != NULL;
  if (is_measured) {
    cell->summary = grid->models[i]->summary;
    cell->elbo = vae_loss_elbo (&held_back);
    is_measured = measure_ranking (grid, cell, scores, n, error);
  }
  g_free (scores);
  return is_measured;
}

static void
run_cell_in_pool (gpointer index_plus_one, gpointer user_data)
{
  const guint i = GPOINTER_TO_UINT (index_plus_one) - 1;
  Grid *grid = user_data;
  GError *error = NULL;

  gboolean is_done = run_cell (grid, i, &error);

  g_mutex_lock (&grid->lock);
  if (is_done) {
    grid->n_done++;
    if (grid->on_cell)
      grid->on_cell (&grid->cells[i], grid->n_done, grid->n_cells,
          grid->user_data);
  } else if (!grid->error) {
    grid->error = error;
    g_cancellable_cancel (grid->cancellable);
  } else {
    g_error_free (error);
  }
  g_mutex_unlock (&grid->lock);
}

/* What the choice goes by: the higher the better. */
static double
merit (const VaeGridCell * cell, VaeSelect select)
{
  switch (select) {
    case VAE_SELECT_LOSS:
      return isnan (cell->summary.validation_loss)
          ? -cell->summary.loss : -cell->summary.validation_loss;
    case VAE_SELECT_AUROC:
      return cell->auroc;
    case VAE_SELECT_AUPRC:
      return cell->auprc;
    case VAE_SELECT_ELBO:
      break;
  }
  return cell->elbo;
}

/* The best cell, the first one among equals; -1 if none has the figure. */
static gint
choose (const Grid * grid)
{
  const VaeSelect select = grid->grid->select;
  gint best = -1;

  for (guint i = 0; i < grid->n_cells; i++) {
    double m = merit (&grid->cells[i], select);
    if (!isnan (m) && (best < 0 || m > merit (&grid->cells[best], select)))
      best = i;
  }
  return best;
}

/* Whether labels, if the choice goes by them, are of both classes where it
 * looks. */
static gboolean
check_labels (const VaeGridParams * grid, const VaeRows * rows,
    const VaeDataset * dataset, GError ** error)
{
  const gsize split = dataset->first_held_back_row;
  const gsize first = split < rows->n_rows ? split : 0;
  gsize positives = 0;

  if (grid->select != VAE_SELECT_AUROC && grid->select != VAE_SELECT_AUPRC)
    return TRUE;
  for (gsize t = first; rows->labels && t < rows->n_rows; t++)
    positives += rows->labels[t] != 0;
  if (positives > 0 && positives < rows->n_rows - first)
    return TRUE;
  g_set_error (error, VAE_ERROR, VAE_ERROR_DATA,
      "the grid is to be chosen from by labels, but of the %" G_GSIZE_FORMAT
      " rows that it would be judged on %" G_GSIZE_FORMAT " are labelled as "
      "anomalies; it takes both kinds", rows->n_rows - first, positives);
  return FALSE;
}

static gboolean
check_grid (const VaeParams * params, const VaeGridParams * grid,
    GError ** error)
{
  if (grid->n_latent_dims == 0 || grid->n_betas == 0) {
    g_set_error (error, VAE_ERROR, VAE_ERROR_PARAMETER,
        "a grid needs at least one latent size and one beta, it has %u and %u",
        grid->n_latent_dims, grid->n_betas);
    return FALSE;
  }
  if (params->kind != VAE_KIND_VAE) {
    g_set_error (error, VAE_ERROR, VAE_ERROR_PARAMETER,
        "a grid over latent sizes and beta needs kind vae, not %s",
        vae_kind_name (params->kind));
    return FALSE;
  }
  if ((guint) grid->select > VAE_SELECT_AUPRC) {
    g_set_error (error, VAE_ERROR, VAE_ERROR_PARAMETER,
        "there is no way to select number %d", grid->select);
    return FALSE;
  }
  for (guint l = 0; l < grid->n_latent_dims; l++)
    for (guint b = 0; b < grid->n_betas; b++) {
      VaeParams cell = *params;
      cell.latent_dim = grid->latent_dims[l];
      cell.beta = grid->betas[b];
      if (!vae_params_validate (&cell, error))
        return FALSE;
    }
  return TRUE;
}

/* Queues every cell and waits for all of them. */
static void
run_cells (Grid * grid)
{
  const guint threads = grid->grid->threads > 0 ? grid->grid->threads
      : g_get_num_processors ();
  /* A pool that is not exclusive starts without the threads it can't have, so
   * this can't fail. */
  GThreadPool *pool = g_thread_pool_new (run_cell_in_pool, grid,
      MIN (threads, grid->n_cells), FALSE, NULL);

  for (guint i = 0; i < grid->n_cells; i++)
    g_thread_pool_push (pool, GUINT_TO_POINTER (i + 1), NULL);
  g_thread_pool_free (pool, FALSE, TRUE);
}

static void
on_cancelled (GCancellable * cancellable, gpointer grid_cancellable)
{
  g_cancellable_cancel (grid_cancellable);
}

/* Runs a grid whose cells are described; the chosen model. */
static VaeModel *
run (Grid * grid, GCancellable * cancellable, GError ** error)
{
  gulong handler = cancellable ? g_cancellable_connect (cancellable,
      G_CALLBACK (on_cancelled), grid->cancellable, NULL) : 0;
  run_cells (grid);
  if (handler)
    g_cancellable_disconnect (cancellable, handler);

  if (grid->error) {
    g_propagate_error (error, g_steal_pointer (&grid->error));
    return NULL;
  }
  gint best = choose (grid);
  if (best < 0) {
    g_set_error (error, VAE_ERROR, VAE_ERROR_DATA,
        "no row of both kinds could be scored to choose from the grid by");
    return NULL;
  }
  grid->cells[best].chosen = TRUE;
  return vae_model_ref (grid->models[best]);
}

VaeModel *
vae_grid (const VaeParams * params, const VaeGridParams * grid_params,
    const VaeRows * rows, VaeGridCell * cells, VaeCellFunc on_cell,
    gpointer user_data, GCancellable * cancellable, GError ** error)
{
  if (!check_grid (params, grid_params, error))
    return NULL;
  VaeDataset *dataset = vae_dataset_new (params, rows, cancellable, error);
  if (!dataset)
    return NULL;
  if (!check_labels (grid_params, rows, dataset, error)) {
    vae_dataset_free (dataset);
    return NULL;
  }

  Grid grid = {
    .params = params,
    .grid = grid_params,
    .rows = rows,
    .dataset = dataset,
    .n_cells = grid_params->n_latent_dims * grid_params->n_betas,
    .cancellable = g_cancellable_new (),
    .on_cell = on_cell,
    .user_data = user_data,
  };
  g_mutex_init (&grid.lock);
  grid.cells = g_new0 (VaeGridCell, grid.n_cells);
  grid.models = g_new0 (VaeModel *, grid.n_cells);
  for (guint i = 0; i < grid.n_cells; i++) {
    const VaeParams cell = cell_params (&grid, i);
    grid.cells[i] = (VaeGridCell) {
    .latent_dim = cell.latent_dim,.beta = cell.beta,.elbo = NAN,.auroc =
          NAN,.auprc = NAN,};
  }

  VaeModel *model = NULL;
  if (vae_train_fit_pca (params, NULL, dataset, &grid.pca, cancellable, error))
    model = run (&grid, cancellable, error);

  for (guint i = 0; i < grid.n_cells; i++) {
    vae_model_unref (grid.models[i]);
    if (cells)
      cells[i] = grid.cells[i];
  }
  g_free (grid.models);
  g_free (grid.cells);
  vae_pca_clear (&grid.pca);
  g_mutex_clear (&grid.lock);
  g_object_unref (grid.cancellable);
  vae_dataset_free (dataset);
  return model;
}
