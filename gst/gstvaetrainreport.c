/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstvaetrainreport.h"

#include <math.h>
#include <stdlib.h>

#include "gstvaereport.h"

/* An even number: every second one is dropped when there would be more. */
#define MAX_EPOCHS 800

/* Lines that can be told apart somehow. */
#define MAX_LATENTS 64

/* What counts as active, as in VaeSummary. */
#define ACTIVE_KL 0.01

/* --- collecting --------------------------------------------------------- */

void
gst_vae_train_report_init (GstVaeTrainReport * report)
{
  *report = (GstVaeTrainReport) {
  .epochs = g_array_new (FALSE, FALSE, sizeof (VaeEpoch)),.latent_kl =
        g_array_new (FALSE, FALSE, sizeof (gfloat)),.stride = 1,};
}

void
gst_vae_train_report_clear (GstVaeTrainReport * report)
{
  g_clear_pointer (&report->epochs, g_array_unref);
  g_clear_pointer (&report->latent_kl, g_array_unref);
  g_clear_pointer (&report->cells, g_free);
}

static gfloat *
latents_of (const GstVaeTrainReport * report, guint i)
{
  return (gfloat *) report->latent_kl->data + (gsize) i *report->n_latents;
}

/* Keeps the second of each two. */
static void
drop_half (GstVaeTrainReport * report)
{
  VaeEpoch *epochs = (VaeEpoch *) report->epochs->data;
  const guint n = report->epochs->len / 2;

  for (guint i = 0; i < n; i++) {
    epochs[i] = epochs[2 * i + 1];
    if (report->n_latents > 0)
      memcpy (latents_of (report, i), latents_of (report, 2 * i + 1),
          report->n_latents * sizeof (gfloat));
  }
  g_array_set_size (report->epochs, n);
  g_array_set_size (report->latent_kl, n * report->n_latents);
  report->stride *= 2;
}

void
gst_vae_train_report_add_epoch (GstVaeTrainReport * report,
    const VaeEpoch * epoch)
{
  if (epoch->epoch % report->stride != 0)
    return;
  report->n_latents = epoch->n_latents;
  g_array_append_val (report->epochs, *epoch);
  for (guint k = 0; k < epoch->n_latents; k++) {
    const gfloat kl = (gfloat) epoch->latent_kl[k];
    g_array_append_val (report->latent_kl, kl);
  }
  if (report->epochs->len == MAX_EPOCHS)
    drop_half (report);
}

VaeGridCell *
gst_vae_train_report_get_cells (GstVaeTrainReport * report,
    const VaeGridParams * grid)
{
  report->n_cells = grid->n_latent_dims * grid->n_betas;
  g_free (report->cells);
  report->cells = g_new0 (VaeGridCell, report->n_cells);
  return report->cells;
}

/* --- the outcome -------------------------------------------------------- */

static gboolean
has_latents (const VaeParams * params)
{
  return params->kind == VAE_KIND_VAE || params->kind == VAE_KIND_ENSEMBLE;
}

/* Takes the remark. */
static void
headline (GString * page, const gchar * name, gdouble number, gchar * remark)
{
  g_autofree gchar *text = gst_vae_report_number (number);

  gst_vae_report_headline (page, name, text, remark);
  g_free (remark);
}

static void
append_latents_headline (GString * page, const VaeParams * params,
    const VaeSummary * summary)
{
  g_autofree gchar *text = g_strdup_printf ("%u of %u",
      summary->active_latents, params->latent_dim);

  gst_vae_report_headline (page, "Active latents", text,
      summary->active_latents > 0 ? "carry more than 0.01 nats of a row"
      : "collapsed: the VAE reconstructs every row as the mean");
}

static void
append_epochs_headline (GString * page, const VaeParams * params,
    const VaeSummary * summary)
{
  g_autofree gchar *text = g_strdup_printf ("%u of %u", summary->epochs_run,
      params->epochs);
  g_autofree gchar *remark = summary->best_epoch == 0
      ? g_strdup ("kept: what it began with, no epoch was better")
      : g_strdup_printf ("kept: the weights of epoch %u", summary->best_epoch);

  gst_vae_report_headline (page, "Epochs", text, remark);
}

static void
append_outcome (GString * page, const VaeModel * model)
{
  const VaeParams *params = vae_model_params (model);
  const VaeSummary *summary = vae_model_summary (model);

  gst_vae_report_headlines_begin (page);
  if (summary->epochs_run > 0) {
    headline (page, "Validation loss", summary->validation_loss,
        isnan (summary->validation_loss)
        ? g_strdup ("no rows were held back")
        : g_strdup ("of the kept weights, on the rows that were held back"));
    headline (page, "Training loss", summary->loss,
        g_strdup ("of the kept epoch, mean over its batches"));
    append_epochs_headline (page, params, summary);
  }
  if (has_latents (params))
    append_latents_headline (page, params, summary);
  headline (page, "Threshold", vae_model_threshold (model, VAE_SCORE_AUTO),
      g_strdup ("of the default score, above which a row is an alarm"));
  gst_vae_report_headlines_end (page);
}

/* --- epochs ------------------------------------------------------------- */

static const VaeEpoch *
get_epoch (const GstVaeTrainReport * report, guint i)
{
  return &g_array_index (report->epochs, VaeEpoch, i);
}

typedef gdouble (*EpochFunc) (const VaeEpoch * epoch);

static gdouble
get_loss (const VaeEpoch * epoch)
{
  return epoch->loss;
}

static gdouble
get_validation_loss (const VaeEpoch * epoch)
{
  return epoch->validation_loss;
}

static gdouble
get_reconstruction (const VaeEpoch * epoch)
{
  return epoch->reconstruction;
}

static gdouble
get_kl (const VaeEpoch * epoch)
{
  return epoch->kl;
}

typedef struct
{
  const gchar *style;
  const gchar *name;
  EpochFunc get;
} Series;

/* An axis that holds all of them; the low end is what is typical, as a loss falls
 * to it. */
static GstVaeReportAxis
axis_of (const GstVaeTrainReport * report, const Series * series, guint n)
{
  gdouble low = INFINITY, high = -INFINITY;

  for (guint s = 0; s < n; s++) {
    for (guint i = 0; i < report->epochs->len; i++) {
      low = fmin (low, series[s].get (get_epoch (report, i)));
      high = fmax (high, series[s].get (get_epoch (report, i)));
    }
  }
  return gst_vae_report_axis_new (low, low, high);
}

static GstVaeReportAxis
epoch_axis (const GstVaeTrainReport * report)
{
  const gdouble first = get_epoch (report, 0)->epoch;
  const gdouble last = get_epoch (report, report->epochs->len - 1)->epoch;

  return (GstVaeReportAxis) {
  first - 0.5, last + 0.5, FALSE};
}

/* What a reader has to know of a plot over epochs. */
static gchar *
describe_epochs (const GstVaeTrainReport * report, const gchar * what,
    gboolean is_log)
{
  GString *text = g_string_new (what);

  if (report->stride > 1)
    g_string_append_printf (text, " Every %uth epoch is drawn.",
        report->stride);
  if (is_log)
    g_string_append (text, " The axis is logarithmic.");
  return g_string_free (text, FALSE);
}

/* A rule at the epoch whose weights are kept. */
static void
append_kept (GString * page, const GstVaeReportPlot * plot, guint best_epoch)
{
  const GstVaeReportPoint rule[] = {
    {best_epoch, plot->y.low}, {best_epoch, plot->y.high}
  };

  if (best_epoch > 0)
    gst_vae_report_line (page, plot, "rule", "kept", rule, 2);
}

static void
append_kept_key (GString * page, guint best_epoch)
{
  g_autofree gchar *key = g_strdup_printf ("kept: epoch %u", best_epoch);

  if (best_epoch > 0)
    gst_vae_report_key (page, "rule", key);
}

static void
append_lines (GString * page, const GstVaeTrainReport * report,
    const GstVaeReportPlot * plot, const Series * series)
{
  GstVaeReportPoint points[MAX_EPOCHS];

  for (guint i = 0; i < report->epochs->len; i++)
    points[i] = (GstVaeReportPoint) {
    get_epoch (report, i)->epoch, series->get (get_epoch (report, i))};
  gst_vae_report_line (page, plot, series->style, series->name, points,
      report->epochs->len);
}

static void
append_chart (GString * page, const GstVaeTrainReport * report,
    const gchar * title, const gchar * what, guint best_epoch,
    const Series * series, guint n)
{
  const GstVaeReportPlot plot = {
    .name = title,
    .x_name = "epoch",
    .y_name = "loss",
    .x = epoch_axis (report),
    .y = axis_of (report, series, n),
  };
  g_autofree gchar *caption = describe_epochs (report, what, plot.y.is_log);

  gst_vae_report_figure_begin (page, title, caption);
  gst_vae_report_plot_begin (page, &plot);
  append_kept (page, &plot, best_epoch);
  for (guint s = 0; s < n; s++)
    append_lines (page, report, &plot, &series[s]);
  gst_vae_report_plot_end (page, &plot);
  for (guint s = 0; s < n; s++)
    gst_vae_report_key (page, series[s].style, series[s].name);
  append_kept_key (page, best_epoch);
  gst_vae_report_figure_end (page);
}

/* --- latents ------------------------------------------------------------ */

typedef struct
{
  guint latent;
  gfloat kl;                    /* in the last epoch */
} Latent;

static int
compare_latents (const void *a, const void *b)
{
  const Latent *x = a, *y = b;

  return (x->kl < y->kl) - (x->kl > y->kl);
}

/* By falling KL in the last epoch. */
static Latent *
sort_latents (const GstVaeTrainReport * report)
{
  const gfloat *last = latents_of (report, report->epochs->len - 1);
  Latent *latents = g_new (Latent, report->n_latents);

  for (guint k = 0; k < report->n_latents; k++)
    latents[k] = (Latent) {
    k, last[k]};
  qsort (latents, report->n_latents, sizeof (Latent), compare_latents);
  return latents;
}

static void
append_latent (GString * page, const GstVaeTrainReport * report,
    const GstVaeReportPlot * plot, guint latent)
{
  GstVaeReportPoint points[MAX_EPOCHS];
  g_autofree gchar *name = g_strdup_printf ("latent %u", latent);

  for (guint i = 0; i < report->epochs->len; i++)
    points[i] = (GstVaeReportPoint) {
    get_epoch (report, i)->epoch, latents_of (report, i)[latent]};
  gst_vae_report_line (page, plot, "soft", name, points, report->epochs->len);
}

/* From a tenth of what is active, or less would take all of the axis. */
static GstVaeReportAxis
latent_axis (const GstVaeTrainReport * report)
{
  const gfloat *kl = (const gfloat *) report->latent_kl->data;
  gdouble high = 10 * ACTIVE_KL;

  for (guint i = 0; i < report->latent_kl->len; i++)
    high = fmax (high, kl[i]);
  return (GstVaeReportAxis) {
  ACTIVE_KL / 10, 1.2 * high, TRUE};
}

static void
append_latents (GString * page, const GstVaeTrainReport * report,
    guint best_epoch)
{
  const GstVaeReportPlot plot = {
    .name = "KL of each latent",
    .x_name = "epoch",
    .y_name = "KL in nats per row",
    .x = epoch_axis (report),
    .y = latent_axis (report),
  };
  const GstVaeReportPoint active[] = {
    {plot.x.low, ACTIVE_KL}, {plot.x.high, ACTIVE_KL}
  };
  const guint n = MIN (report->n_latents, MAX_LATENTS);
  g_autofree Latent *latents = sort_latents (report);
  g_autofree gchar *what = n == report->n_latents
      ? g_strdup_printf ("What each of the %u latents carries of a row. Those "
      "below 0.001 nats are at the bottom.", n)
      : g_strdup_printf ("What latents carry of a row, for those %u of %u that "
      "carry most in the end. Those below 0.001 nats are at the bottom.", n,
      report->n_latents);
  g_autofree gchar *caption = describe_epochs (report, what, TRUE);

  gst_vae_report_figure_begin (page, "KL of each latent", caption);
  gst_vae_report_plot_begin (page, &plot);
  for (guint i = 0; i < n; i++)
    append_latent (page, report, &plot, latents[i].latent);
  gst_vae_report_line (page, &plot, "two", "active", active, 2);
  append_kept (page, &plot, best_epoch);
  gst_vae_report_plot_end (page, &plot);
  gst_vae_report_key (page, "soft", "a latent");
  gst_vae_report_key (page, "two", "active above: 0.01 nats");
  append_kept_key (page, best_epoch);
  gst_vae_report_figure_end (page);
}

static void
append_epochs (GString * page, const GstVaeTrainReport * report,
    const VaeModel * model)
{
  static const Series losses[] = {
    {"one", "training", get_loss},
    {"two", "validation", get_validation_loss},
  };
  static const Series terms[] = {
    {"one", "reconstruction", get_reconstruction},
    {"three", "KL, before beta", get_kl},
  };
  const VaeSummary *summary = vae_model_summary (model);
  const gboolean validates = !isnan (summary->validation_loss);

  gst_vae_report_section (page, "Epochs");
  if (report->epochs->len == 0) {
    gst_vae_report_paragraph (page, "This kind of model is found in one step, "
        "without epochs.");
    return;
  }
  g_string_append (page, "<div class=\"figures\">\n");
  append_chart (page, report, "Loss", validates
      ? "On the rows that were trained on, and those that were held back."
      : "On the rows that were trained on; none were held back.",
      summary->best_epoch, losses, validates ? 2 : 1);
  append_chart (page, report, "Terms of the training loss",
      "What it is made of.", summary->best_epoch, terms,
      report->n_latents > 0 ? 2 : 1);
  g_string_append (page, "</div>\n<div class=\"figures\">\n");
  if (report->n_latents > 0)
    append_latents (page, report, summary->best_epoch);
  g_string_append (page, "</div>\n");
}

/* --- the grid ----------------------------------------------------------- */

/* What the choice goes by. */
static gdouble
figure_of (const VaeGridCell * cell, VaeSelect select)
{
  switch (select) {
    case VAE_SELECT_ELBO:
      return cell->elbo;
    case VAE_SELECT_AUROC:
      return cell->auroc;
    case VAE_SELECT_AUPRC:
      return cell->auprc;
    case VAE_SELECT_LOSS:
      break;
  }
  return isnan (cell->summary.validation_loss)
      ? cell->summary.loss : cell->summary.validation_loss;
}

static const gchar *
describe_select (VaeSelect select)
{
  switch (select) {
    case VAE_SELECT_ELBO:
      return "ELBO in nats per row, the higher the better";
    case VAE_SELECT_AUROC:
      return "AUROC on the labelled rows, the higher the better";
    case VAE_SELECT_AUPRC:
      return "AUPRC on the labelled rows, the higher the better";
    case VAE_SELECT_LOSS:
      break;
  }
  return "loss, the lower the better";
}

/* From 0, the worst cell, to 1, the best; by rank, as one bad cell would leave all
 * others alike. */
static gdouble
merit_of (const GstVaeTrainReport * report, const VaeGridCell * cell,
    VaeSelect select)
{
  const gdouble figure = figure_of (cell, select);
  guint below = 0, others = 0;

  for (guint i = 0; i < report->n_cells; i++) {
    const gdouble other = figure_of (&report->cells[i], select);
    if (isnan (other) || other == figure)
      continue;
    others++;
    below += select == VAE_SELECT_LOSS ? other > figure : other < figure;
  }
  return isnan (figure) || others == 0 ? 0 : (gdouble) below / others;
}

static void
append_grid_cell (GString * page, const GstVaeTrainReport * report,
    const VaeGridCell * cell, VaeSelect select)
{
  g_autofree gchar *figure = gst_vae_report_number (figure_of (cell, select));
  g_autofree gchar *active = g_strdup_printf ("active %u of %u",
      cell->summary.active_latents, cell->latent_dim);
  gchar share[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (share, sizeof (share), "%.3f",
      0.45 * merit_of (report, cell, select));
  g_string_append_printf (page, "<td class=\"heat%s\" style=\"--share:%s\">",
      cell->chosen ? " chosen" : "", share);
  gst_vae_report_text (page, figure);
  g_string_append (page, "<small>");
  gst_vae_report_text (page, active);
  g_string_append (page, "</small>");
  if (cell->chosen)
    g_string_append (page, "<small>chosen</small>");
  g_string_append (page, "</td>");
}

static void
append_grid (GString * page, const GstVaeTrainReport * report,
    const VaeGridParams * grid)
{
  g_autoptr (GPtrArray) columns = g_ptr_array_new_with_free_func (g_free);

  gst_vae_report_section (page, "Grid");
  gst_vae_report_paragraph (page,
      "The stronger its colour, the better a cell's " "rank.");
  g_ptr_array_add (columns, g_strdup ("latent-dim"));
  for (guint j = 0; j < grid->n_betas; j++) {
    g_autofree gchar *beta = gst_vae_report_number (grid->betas[j]);
    g_ptr_array_add (columns, g_strconcat ("beta ", beta, NULL));
  }
  g_ptr_array_add (columns, NULL);

  gst_vae_report_table_begin (page, describe_select (grid->select),
      (const gchar * const *) columns->pdata);
  for (guint i = 0; i < grid->n_latent_dims; i++) {
    gst_vae_report_row_begin (page);
    g_string_append_printf (page, "<th scope=\"row\">%u</th>",
        grid->latent_dims[i]);
    for (guint j = 0; j < grid->n_betas; j++)
      append_grid_cell (page, report, &report->cells[i * grid->n_betas + j],
          grid->select);
    gst_vae_report_row_end (page);
  }
  gst_vae_report_table_end (page);
}

/* --- settings ----------------------------------------------------------- */

static void
append_number (GString * page, const gchar * name, gdouble number)
{
  g_autofree gchar *text = gst_vae_report_number (number);

  gst_vae_report_item (page, name, text);
}

static void
append_hidden (GString * page, const VaeParams * params)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < params->n_hidden; i++)
    g_string_append_printf (text, "%s%u", i > 0 ? ", " : "", params->hidden[i]);
  gst_vae_report_item (page, "hidden", text->len > 0 ? text->str : "none");
}

static void
append_settings (GString * page, const VaeModel * model,
    const gchar * model_path)
{
  const VaeParams *params = vae_model_params (model);
  g_autofree gchar *seed = g_strdup_printf ("%" G_GUINT64_FORMAT,
      params->seed);
  g_autofree gchar *rows = g_strdup_printf ("%" G_GUINT64_FORMAT,
      vae_model_summary (model)->rows);

  gst_vae_report_section (page, "Model");
  gst_vae_report_list_begin (page, "How it was trained", TRUE);
  gst_vae_report_item (page, "model", model_path);
  gst_vae_report_item (page, "kind", vae_kind_name (params->kind));
  gst_vae_report_item (page, "windows trained on", rows);
  append_number (page, "channels", params->channels);
  append_number (page, "window", params->window);
  gst_vae_report_item (page, "scaler", vae_scaler_name (params->scaler));
  append_number (page, "clip", params->clip);
  if (has_latents (params) || params->kind == VAE_KIND_AE) {
    append_hidden (page, params);
    gst_vae_report_item (page, "activation",
        vae_activation_name (params->activation));
    gst_vae_report_item (page, "loss", vae_loss_name (params->loss));
    append_number (page, "learning-rate", params->learning_rate);
    append_number (page, "batch-size", params->batch_size);
    append_number (page, "epochs", params->epochs);
    append_number (page, "patience", params->patience);
  }
  if (has_latents (params)) {
    append_number (page, "latent-dim", params->latent_dim);
    append_number (page, "beta", params->beta);
  }
  append_number (page, "validation", params->validation);
  append_number (page, "quantile", params->quantile);
  gst_vae_report_item (page, "seed", seed);
  gst_vae_report_list_end (page);
}

gboolean
gst_vae_train_report_write (const GstVaeTrainReport * report,
    const VaeModel * model, const gchar * model_path,
    const VaeGridParams * grid, const gchar * path, GError ** error)
{
  const VaeParams *params = vae_model_params (model);
  g_autofree gchar *lead = g_strdup_printf ("Kind %s, %u channels, trained on %"
      G_GUINT64_FORMAT " windows of %u.", vae_kind_name (params->kind),
      params->channels, vae_model_summary (model)->rows, params->window);
  GString *page = gst_vae_report_new ("What training came to", lead);

  append_outcome (page, model);
  if (grid)
    append_grid (page, report, grid);
  else
    append_epochs (page, report, model);
  append_settings (page, model, model_path);
  return gst_vae_report_write (page, path, error);
}
