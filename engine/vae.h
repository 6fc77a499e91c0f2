/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/*
 * libvae: a beta-VAE for multivariate time series.
 *
 *   VaeParams params;
 *   vae_params_init (&params);
 *   params.channels = 5;
 *
 *   VaeRows rows = { .data = x, .n_rows = n };
 *   VaeModel *model = vae_train (&params, &rows, 0, NULL, NULL, NULL, &error);
 *   vae_model_save (model, "m.bin", &error);
 *
 *   VaeScorer *scorer = vae_scorer_new (model, VAE_SCORE_AUTO, &error);
 *   vae_scorer_execute (scorer, y, m, scores, NULL, NULL);
 *
 * Conventions, everywhere in this header:
 *
 * - A series is row-major float [rows][channels], oldest row first. A cell that
 *   is NaN is missing: it adds nothing to a loss or a score. An infinite cell
 *   is missing too.
 * - Functions that can fail return NULL or FALSE and set a GError: of VAE_ERROR
 *   for what concerns the mathematics and the file's contents, of G_FILE_ERROR
 *   for what the operating system refused.
 * - Arrays that are passed in stay the caller's and are not kept, unless a
 *   function says so. What is returned by a *_new, *_load or vae_train function
 *   is the caller's and goes back through the matching free or unref function,
 *   all of which accept NULL.
 * - Nothing here prints, aborts on bad input, or keeps a global. An object may
 *   be used by one thread at a time; a VaeModel never changes once made and may
 *   be shared by any number of threads.
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#ifdef __GNUC__
#define VAE_API __attribute__ ((visibility ("default"))) extern
#else
#define VAE_API extern
#endif

/* --- errors ------------------------------------------------------------- */

#define VAE_ERROR (vae_error_quark ())
VAE_API GQuark vae_error_quark (void);

typedef enum
{
  VAE_ERROR_PARAMETER,          /* a parameter is outside its range */
  VAE_ERROR_DATA,               /* the rows do not allow it: too few, all
                                 * missing */
  VAE_ERROR_FORMAT,             /* not a model file, or it contradicts itself */
  VAE_ERROR_VERSION,            /* a model file of a later format version */
  VAE_ERROR_MEMORY,             /* the memory that it takes is not there */
  VAE_ERROR_DIVERGED,           /* the loss is no longer a number */
  VAE_ERROR_CANCELLED           /* the GCancellable was cancelled */
} VaeError;

/* --- parameters --------------------------------------------------------- */

typedef enum
{
  VAE_KIND_VAE,                 /* "vae": beta-VAE, Higgins et al. 2017 */
  VAE_KIND_AE,                  /* "ae": auto-encoder; the last hidden layer is
                                 * its code */
  VAE_KIND_PCA,                 /* "pca": principal components of the windows,
                                 * as many as keep 90 % of the variance, at most
                                 * 64 */
  VAE_KIND_NORM,                /* "norm": no model; a row is compared with the
                                 * mean */
  VAE_KIND_NEAREST,             /* "nearest": a row is compared with the nearest
                                 * of some typical ones, by k-means */
  VAE_KIND_ENSEMBLE             /* "ensemble": vae, pca and nearest together */
} VaeKind;

typedef enum
{
  VAE_ACTIVATION_RELU,          /* "relu" */
  VAE_ACTIVATION_TANH,          /* "tanh" */
  VAE_ACTIVATION_IDENTITY       /* "identity" */
} VaeActivation;

typedef enum
{
  VAE_LOSS_GAUSSIAN,            /* "gaussian": the negative ELBO of a Gaussian
                                 * decoder of variance beta, times beta: half the
                                 * squared error + beta * the KL divergence, both
                                 * summed, over the number of observed cells. A
                                 * VAE's head and last layer then also see its
                                 * input and its code themselves, and start from
                                 * the principal components */
  VAE_LOSS_SEED                 /* "seed": mean over all observed cells of the
                                 * squared error + beta * mean over all latent
                                 * elements of the KL divergence: the seed
                                 * experiment's. An AE's has no second term */
} VaeLoss;

typedef enum
{
  VAE_SCALER_NONE,              /* "none": x as it is */
  VAE_SCALER_STANDARD,          /* "standard": (x - mean) / standard deviation */
  VAE_SCALER_ROBUST             /* "robust": (x - median) / interquartile range */
} VaeScaler;

typedef enum
{
  VAE_THRESHOLD_QUANTILE,       /* "quantile": of the held-back scores */
  VAE_THRESHOLD_POT,            /* "pot": peaks over threshold: what so many
                                 * scores exceed by the generalised Pareto
                                 * distribution of the highest 2 %, Siffer et
                                 * al. 2017 */
  VAE_THRESHOLD_SPOT            /* "spot": the same, which goes on learning from
                                 * the rows that are scored */
} VaeThreshold;

#define VAE_MAX_HIDDEN 8
#define VAE_MAX_CHANNELS 65536
#define VAE_MAX_WINDOW 65536
#define VAE_MAX_UNITS 65536     /* of a hidden layer */
#define VAE_MAX_LATENT 4096
#define VAE_MAX_PROTOTYPES 65536
#define VAE_MAX_SMOOTHING 1000000       /* rows */
#define VAE_MAX_BATCH 65536
#define VAE_MAX_PARAMETERS (1u << 26)   /* weights and biases of a network */

/* Everything that defines a training. With equal parameters and equal rows,
 * one build on one processor gives one model, bit for bit. */
typedef struct
{
  VaeKind kind;
  VaeActivation activation;     /* of the hidden layers */
  VaeLoss loss;
  VaeScaler scaler;
  double clip;                  /* > 0: scaled cells saturate at +-clip; 0 = they
                                 * don't */
  guint channels;               /* 1 to VAE_MAX_CHANNELS */
  guint window;                 /* rows that the network sees, the last one
                                 * being the one that is scored */
  guint n_hidden;               /* 0 to VAE_MAX_HIDDEN; an AE has at least 1 */
  guint hidden[VAE_MAX_HIDDEN]; /* units, from the input inwards; the decoder
                                 * mirrors them */
  guint latent_dim;             /* 1 to VAE_MAX_LATENT; of no meaning without a
                                 * VAE */
  double beta;                  /* >= 0, weight of the KL term */
  guint prototypes;             /* 1 to VAE_MAX_PROTOTYPES, typical rows of
                                 * "nearest" */
  double learning_rate;         /* > 0, Adam's */
  guint batch_size;             /* 1 to VAE_MAX_BATCH, in rows */
  guint epochs;                 /* at least 1 */
  guint64 seed;                 /* of weights, shuffle and noise */
  double validation;            /* in [0, 0.9]: fraction of the rows, the last in
                                 * time, that is held back; 0 = none */
  guint patience;               /* epochs without a better validation loss
                                 * before training stops; 0 = never stop */
  gboolean skip_labelled;       /* leave windows with a labelled row out of
                                 * training and validation loss */
  guint smoothing;              /* of the calibrated score: rows of its moving
                                 * average, up to VAE_MAX_SMOOTHING; 0 = the
                                 * mean of several */
  guint drift;                  /* rows over which the calibrated score follows a
                                 * baseline, up to VAE_MAX_SMOOTHING; 0 = it
                                 * follows none */
  VaeThreshold threshold;
  double quantile;              /* in [0.5, 1), for pot and spot above 0.98: the
                                 * share of usual rows below the threshold */
} VaeParams;

/* Sets the defaults: the ensemble on windows of 16 rows, the standard scaler
 * clipped at 8, a fifth of the rows for validation. `channels` is 0 and is the
 * caller's to set. docs/accuracy.md tells how they were found. */
VAE_API void vae_params_init (VaeParams * params);

/* Sets the seed experiment's VAE (its loss, hidden 64-32, latent 3, beta 2, Adam
 * 1e-3, batch 64, 50 epochs, ReLU, window 1), not clipped; the rest as above. */
VAE_API void vae_params_init_seed (VaeParams * params);

/* Checks every field against its range, and the size of the network against
 * VAE_MAX_PARAMETERS. Sets VAE_ERROR_PARAMETER, naming the field, its value and
 * what is allowed. */
VAE_API gboolean vae_params_validate (const VaeParams * params,
    GError ** error);

/* --- models ------------------------------------------------------------- */

typedef enum
{
  VAE_SCORE_AUTO,               /* "auto": what suits the model: "calibrated" or,
                                 * for the seed's loss, "recon-kl" of a VAE and
                                 * "reconstruction" of an AE */
  VAE_SCORE_CALIBRATED,         /* "calibrated": how far the row's errors, each
                                 * over what is usual for its channel, are from
                                 * usual, smoothed over the rows before; about 1
                                 * is usual. See docs/accuracy.md */
  VAE_SCORE_UNSMOOTHED,         /* "unsmoothed": the same of the row alone */
  VAE_SCORE_RARITY,             /* "rarity": -log10 of the share of usual rows
                                 * that have at least this calibrated score: 2
                                 * is one in a hundred. In the order of the
                                 * calibrated score */
  VAE_SCORE_RECON_KL,           /* "recon-kl": mean over the observed channels of
                                 * the row's squared error + KL summed over the
                                 * latents, at z = mu; of an ensemble, its VAE's,
                                 * as the next two */
  VAE_SCORE_RECONSTRUCTION,     /* "reconstruction": its first term */
  VAE_SCORE_KL                  /* "kl": its second term */
} VaeScore;

/* A trained model: network, scaler, calibration and how it came about.
 * Immutable and reference counted; both functions are thread-safe. */
typedef struct _VaeModel VaeModel;

VAE_API VaeModel *vae_model_ref (VaeModel * model);
VAE_API void vae_model_unref (VaeModel * model);

/* What the training of a model came to. Losses are in the units of VaeLoss on
 * scaled rows. A figure that is not known is NaN. */
typedef struct
{
  guint64 rows;                 /* windows that were trained on */
  guint epochs_run;
  guint best_epoch;             /* counted from 1: the one whose weights these
                                 * are; 0 = those it began with, as none was
                                 * better, or there are no epochs */
  double loss;                  /* of that epoch: mean over its batches */
  double reconstruction;
  double kl;                    /* mean over latent elements, before beta */
  double validation_loss;       /* at z = mu; NaN without validation */
  guint active_latents;         /* latents whose KL, averaged over the held-back
                                 * rows (else the training rows), exceeds 0.01
                                 * nats: Burda et al. 2016's notion, in KL */
} VaeSummary;

/* Both belong to the model and live as long as it. */
VAE_API const VaeParams *vae_model_params (const VaeModel * model);
VAE_API const VaeSummary *vae_model_summary (const VaeModel * model);

/* The score above which a row is an alarm, found on the held-back rows. NaN if it is not known, or the model has no
 * such score. */
VAE_API double vae_model_threshold (const VaeModel * model, VaeScore score);

/* One self-contained file in the safetensors format, see docs/model-file.md.
 * load (save (model)) is bit-identical.
 *
 * vae_model_save() is atomic: it writes a temporary file in the folder of
 * `path`, syncs it and renames it, so that a crash, a full disk or a kill
 * leaves the file that was there before whole. G_FILE_ERROR on failure,
 * VAE_ERROR_DIVERGED if a weight is not finite, VAE_ERROR_PARAMETER if it has more
 * than a file may, VAE_ERROR_MEMORY.
 *
 * vae_model_load() trusts nothing: sizes, shapes and offsets are checked
 * before anything is allocated for them. VAE_ERROR_FORMAT, _VERSION, _MEMORY or
 * G_FILE_ERROR on failure. */
VAE_API gboolean vae_model_save (const VaeModel * model, const char *path,
    GError ** error);
VAE_API VaeModel *vae_model_load (const char *path, GError ** error);

/* The same, in memory. The bytes are the caller's, to g_bytes_unref(); NULL if
 * there is no memory. */
VAE_API GBytes *vae_model_to_bytes (const VaeModel * model);
VAE_API VaeModel *vae_model_from_bytes (GBytes * bytes, GError ** error);

/* --- training ----------------------------------------------------------- */

/* A series to train on. */
typedef struct
{
  const float *data;            /* [n_rows][channels] */
  const guint8 *labels;         /* [n_rows], 1 = anomaly; NULL = none known */
  const guint8 *breaks;         /* [n_rows], 1 = this row does not follow the one
                                 * before in time, so no window spans the two;
                                 * NULL = one unbroken series */
  gsize n_rows;
} VaeRows;

/* Telemetry of one epoch, as in VaeSummary. */
typedef struct
{
  guint epoch;                  /* counted from 1 */
  guint epochs;                 /* how many there will be at most */
  double loss;
  double reconstruction;
  double kl;
  double validation_loss;
  guint active_latents;
  guint n_latents;              /* 0 without a VAE */
  const double *latent_kl;      /* [n_latents], what active_latents counts: nats
                                 * per row; valid during the call */
} VaeEpoch;

/* Called from the training thread after each epoch. */
typedef void (*VaeEpochFunc) (const VaeEpoch * epoch, gpointer user_data);

/* Trains a model: fits the scaler on the training rows, trains with Adam
 * (Kingma & Ba 2015) on shuffled batches, and keeps the weights of the epoch
 * with the lowest validation loss (without validation, of the last epoch).
 *
 * Up to `threads` threads (0 = as many as there are processors) share the steps
 * of a large network; the model does not depend on their number. `on_epoch` and
 * `cancellable` may be NULL. The cancellable is looked at before
 * each batch. VAE_ERROR_PARAMETER, _DATA, _MEMORY, _DIVERGED or _CANCELLED on
 * failure. */
VAE_API VaeModel *vae_train (const VaeParams * params, const VaeRows * rows,
    guint threads, VaeEpochFunc on_epoch, gpointer user_data,
    GCancellable * cancellable, GError ** error);

/* As vae_train(), going on from a model of the same kind (vae, ae or ensemble),
 * channels, window, loss, activation, scaler, hidden and latent_dim: the network
 * begins with its weights, on its scale, which is not fitted anew. They stay what
 * they are if no epoch does better on the held-back rows. Adam begins anew; so do
 * the principal components and the typical rows of an ensemble, and everything that
 * says what is usual, which are then those of these rows. VAE_ERROR_PARAMETER,
 * naming the first field that differs. */
VAE_API VaeModel *vae_train_from (const VaeModel * initial,
    const VaeParams * params, const VaeRows * rows, guint threads,
    VaeEpochFunc on_epoch, gpointer user_data, GCancellable * cancellable,
    GError ** error);

/* Whether vae_train_from() can: VAE_ERROR_PARAMETER. */
VAE_API gboolean vae_train_check_from (const VaeModel * initial,
    const VaeParams * params, GError ** error);

/* How a grid chooses among its cells: by the held-back rows or, without any, by
 * the training rows. */
typedef enum
{
  VAE_SELECT_ELBO,              /* "elbo": highest validation ELBO, in nats per
                                 * row, of a Gaussian decoder whose variance is
                                 * the validation error itself; comparable
                                 * across beta */
  VAE_SELECT_LOSS,              /* "loss": lowest validation loss; favours a
                                 * small beta, which weighs less in it */
  VAE_SELECT_AUROC,             /* "auroc": highest AUROC of `recon-kl`: the
                                 * seed's way, which needs labels */
  VAE_SELECT_AUPRC              /* "auprc": the same with average precision */
} VaeSelect;

/* One training of a grid. A figure that is not defined, for lack of labels or
 * of validation rows, is NaN. */
typedef struct
{
  guint latent_dim;
  double beta;
  VaeSummary summary;
  double elbo;                  /* nats per row, see VAE_SELECT_ELBO */
  double auroc;
  double auprc;
  gboolean chosen;
} VaeGridCell;

/* Called as each cell ends, never by two threads at once, in any order.
 * `done` counts the cells that have ended, out of `n_cells`. */
typedef void (*VaeCellFunc) (const VaeGridCell * cell, guint done,
    guint n_cells, gpointer user_data);

typedef struct
{
  const guint *latent_dims;     /* [n_latent_dims] */
  guint n_latent_dims;
  const double *betas;          /* [n_betas] */
  guint n_betas;
  VaeSelect select;
  guint threads;                /* 0 = as many as there are processors */
} VaeGridParams;

/* Trains every combination of latent size and beta, the other parameters being
 * `params`, and returns the chosen model. A cell's result does not depend on
 * its neighbours, their number or the number of threads: it is what vae_train()
 * gives. `cells`, if not NULL, receives n_latent_dims * n_betas entries, betas
 * varying fastest. Fails as vae_train() does, if any cell fails; and with
 * VAE_ERROR_DATA where `select` needs labels of both classes, or validation
 * rows, that are not there. */
VAE_API VaeModel *vae_grid (const VaeParams * params,
    const VaeGridParams * grid, const VaeRows * rows, VaeGridCell * cells,
    VaeCellFunc on_cell, gpointer user_data, GCancellable * cancellable,
    GError ** error);

/* --- scoring ------------------------------------------------------------ */

/* Scores a stream of rows. A score is about a row in the light of the window
 * that ends with it, and never depends on how the stream was cut into calls. */
typedef struct _VaeScorer VaeScorer;

/* Takes a reference of the model. VAE_ERROR_PARAMETER where the model has no
 * such score (an AE has no KL, a network from elsewhere no calibration),
 * VAE_ERROR_MEMORY. */
VAE_API VaeScorer *vae_scorer_new (VaeModel * model, VaeScore score,
    GError ** error);
VAE_API void vae_scorer_free (VaeScorer * scorer);

/* Has up to `threads` threads (0 = as many as there are processors) share the rows
 * of large calls, where a row takes long enough for that. The scores do not depend
 * on it. Without the memory for it the scorer goes on with what it has. */
VAE_API void vae_scorer_use_threads (VaeScorer * scorer, guint threads);

/* Which of the rows with these scores, the next ones of the stream, are alarms:
 * alarms [n] is 1 where the score exceeds the threshold; a row without a score is
 * none. Learns from them if the model's threshold does. Allocates nothing. */
VAE_API void vae_scorer_decide (VaeScorer * scorer, const float *scores,
    gsize n, guint8 * alarms);

/* The threshold for the next row. NaN if the model has none. */
VAE_API double vae_scorer_threshold (const VaeScorer * scorer);

/* Forgets the rows seen so far, not what the threshold has learned: the next one
 * begins a new window. */
VAE_API void vae_scorer_reset (VaeScorer * scorer);

/* Scores the next rows of the stream, data [n_rows][channels], into `scores`
 * [n_rows]. A row that can't be scored, because its window is not full yet or
 * every cell of the row is missing, scores NaN. These two may be NULL, and are
 * [n_rows][channels], NaN where a cell is missing or the row not scored:
 * `contributions` receives what each cell adds to the score, its squared error,
 * for the calibrated scores over what is usual (the mean over the members of an
 * ensemble); `expected` receives what the model takes the cell to have been, in the
 * data's units (of an ensemble, its VAE). Allocates nothing. */
VAE_API void vae_scorer_execute (VaeScorer * scorer, const float *data,
    gsize n_rows, float *scores, float *contributions, float *expected);

/* --- metrics ------------------------------------------------------------ */

/* How well scores rank anomalies (label 1) above normal rows (label 0); a row
 * whose score is NaN is counted as unscored and otherwise left out. What is
 * undefined, because one class is missing, is NaN. Definitions and values as
 * scikit-learn's roc_auc_score, average_precision_score, roc_curve and
 * precision_recall_curve. */
typedef struct
{
  guint64 rows;                 /* all, unscored ones included */
  guint64 positives;            /* among the scored rows */
  guint64 unscored;
  double base_rate;             /* positives / scored rows */
  double auroc;                 /* Mann-Whitney; a tie counts one half */
  double auprc;                 /* average precision, ties grouped: the sum of
                                 * (R_i - R_i-1) P_i, never a trapezoid */
  double best_f1;               /* the largest over all thresholds: an oracle,
                                 * as it is chosen with the labels */
  double best_threshold;        /* rows with a score >= this are flagged there */
  double best_precision;
  double best_recall;
} VaeMetrics;

/* scores [n], labels [n]. Needs memory for a sorted copy of the scores;
 * VAE_ERROR_MEMORY if that fails. */
VAE_API gboolean vae_metrics_compute (const float *scores,
    const guint8 * labels, gsize n, VaeMetrics * metrics, GError ** error);

/* One point of the ROC and precision-recall curves: what flagging every score
 * >= threshold gives. */
typedef struct
{
  double threshold;
  double true_positive_rate;    /* = recall */
  double false_positive_rate;
  double precision;
} VaeCurvePoint;

/* The curves, one point per distinct score, by falling threshold, as a GArray
 * of VaeCurvePoint, the caller's to g_array_unref(). Preceded by the point
 * (infinity, 0, 0, 1). VAE_ERROR_DATA unless both classes are present,
 * VAE_ERROR_MEMORY. */
VAE_API GArray *vae_metrics_curve (const float *scores, const guint8 * labels,
    gsize n, GError ** error);

/* When rows were: from `first_row` on, up to that of the next entry, each lasts
 * `step` seconds, and the first of them begins at `start`. Both are NaN where the
 * times are not known. */
typedef struct
{
  gsize first_row;
  double start;
  double step;
} VaeRowTimes;

/* A series of scores, with labels. An event is a run of labelled rows, an alarm
 * one of flagged rows, that is of rows with a score >= a threshold; neither
 * spans a break. */
typedef struct
{
  const float *scores;          /* [n_rows], NaN = not scored */
  const guint8 *labels;         /* [n_rows], 0 = normal */
  const guint8 *breaks;         /* [n_rows], as in VaeRows; may be NULL */
  gsize n_rows;
  const VaeRowTimes *times;     /* [n_times], by rising first_row, which begins
                                 * with 0; may be NULL */
  gsize n_times;
} VaeScored;

/* VUS-ROC and VUS-PR: the volumes under the surfaces that the range-based ROC and
 * precision-recall curves make as the buffer around each event, in which an alarm
 * counts in part, grows row by row from 0 to `buffer` rows, half of them on
 * either side (Paparrizos et al. 2022, "Volume under the surface"). Each curve
 * has 250 thresholds, evenly spaced among the sorted scores. No buffer reaches
 * across a break. Rows without a score are left out, and an event of nothing else
 * is never found. NaN where one class is missing among the scored rows. */
typedef struct
{
  double roc;
  double pr;
} VaeVus;

#define VAE_MAX_BUFFER 10000

/* Takes a byte a row and, for a while, eight more; and time of order n_rows +
 * buffer * (events + rows near them + buffer). VAE_ERROR_PARAMETER,
 * VAE_ERROR_MEMORY. */
VAE_API gboolean vae_vus_compute (const VaeScored * series, guint buffer,
    VaeVus * vus, GError ** error);

/* What detectors get that know nothing, to hold figures against. Point adjustment
 * (Xu et al. 2018) takes a whole event for found once one of its rows is, and
 * makes random scores look good. NaN where one class is missing among the scored
 * rows. */
typedef struct
{
  guint64 events;
  double always_f1;             /* of flagging every row: 2 p / (1 + p), p being
                                 * the base rate */
  double adjusted_f1;           /* of the scores: the largest point-adjusted F1
                                 * over all thresholds, an oracle */
  double random_adjusted_f1;    /* the same of random scores in their place:
                                 * mean of 5 draws, seeded */
} VaeControls;

/* VAE_ERROR_MEMORY: it takes 12 bytes a row. */
VAE_API gboolean vae_controls_compute (const VaeScored * series,
    VaeControls * controls, GError ** error);

/* What a threshold, set beforehand, gives. What counts rows leaves out those
 * without a score. What counts events and alarms does not: a detector that has
 * no score raises no alarm, and an event without a scored row is missed.
 *
 * Where nothing is flagged the precisions are undefined, NaN, and the F1s 0;
 * where there is no event the recalls and F1s are undefined. */
typedef struct
{
  double threshold;

  guint64 flagged;              /* rows */
  double precision;
  double recall;
  double f1;
  double missed_rate;           /* share of the anomalous rows: 1 - recall */
  double false_alarm_rate;      /* share of the normal rows that are flagged */

  guint64 events;
  guint64 events_found;         /* events with a flagged row */
  guint64 alarms;
  guint64 false_alarms;         /* alarms without an anomalous row */
  double false_alarms_per_hour; /* of normal rows; NaN unless the times of all of
                                 * them are known */
  double false_alarms_per_1000_rows;    /* 1000 normal rows */

  /* An event found is one hit, however many alarms it takes: precision is found /
   * (found + false alarms), recall found / events. */
  double event_precision;
  double event_recall;
  double event_f1;
  double composite_f1;          /* of precision, by rows, and event_recall (Garg
                                 * et al. 2021) */

  /* From the beginning of an event to its first flagged row, over the events
   * found; in seconds only if the times of all of these are known. */
  double delay_mean;            /* rows */
  double delay_median;
  double delay_mean_seconds;
  double delay_median_seconds;

  /* Tatbul et al. 2018: mean over alarms, and over events, of the share that
   * is covered, divided by the number of pieces that cover it (flat bias,
   * reciprocal cardinality, no reward for existence). */
  double range_precision;
  double range_recall;
  double range_f1;

  /* Huet et al. 2022: how near alarms are to the event of their zone, and events
   * to the alarms in it, as the chance to be farther off at random; rows are
   * counted along the series, breaks or not. */
  double affiliation_precision;
  double affiliation_recall;
  double affiliation_f1;
} VaeDetection;

/* VAE_ERROR_PARAMETER for a threshold that is NaN, VAE_ERROR_MEMORY. */
VAE_API gboolean vae_detection_compute (const VaeScored * series,
    double threshold, VaeDetection * detection, GError ** error);

/* --- synthetic series --------------------------------------------------- */

typedef enum
{
  VAE_ANOMALY_OFFSET,           /* "offset": every channel of a row is shifted by
                                 * N(3, 0.5): the seed experiment's */
  VAE_ANOMALY_SPIKE,            /* "spike": one channel of a row is shifted by
                                 * N(3, 0.5), up or down */
  VAE_ANOMALY_CORRELATION,      /* "correlation": one channel runs half a period
                                 * out of step, within its normal range */
  VAE_ANOMALY_FROZEN,           /* "frozen": one channel keeps its last value */
  VAE_ANOMALY_PHASE,            /* "phase": all channels jump ahead by a random
                                 * phase, and back */
  VAE_ANOMALY_FREQUENCY,        /* "frequency": time runs three times as fast */
  VAE_ANOMALY_DRIFT,            /* "drift": one channel slowly leaves its place,
                                 * by 1.0 in the end */
  VAE_ANOMALY_MISSING           /* "missing": one channel's cells are missing */
} VaeAnomaly;

typedef struct
{
  guint features;               /* channels, 1 to VAE_MAX_CHANNELS */
  double anomaly_ratio;         /* fraction of anomalous rows, in [0, 1] for
                                 * offset and spike, in [0, 0.5] for the kinds
                                 * that last */
  double noise;                 /* standard deviation, 0 to 1e9 */
  VaeAnomaly anomaly;
  guint anomaly_length;         /* rows that one anomaly lasts, 1 to 2500; of no
                                 * meaning to offset and spike */
  guint64 seed;
} VaeSynthParams;

/* Sets the seed experiment's values: 5 features, ratio 0.02, noise 0.1, offset;
 * anomalies of 25 rows. */
VAE_API void vae_synth_params_init (VaeSynthParams * params);

/* The series sin (t + i) + noise, channel i = 0 .. features - 1, with t
 * advancing by 50/4999 a row (the seed experiment's linspace (0, 50, 5000)), and
 * labelled anomalies. Row k is a function of the parameters and k alone, so that
 * any part can be made at any time. */
typedef struct _VaeSynth VaeSynth;

VAE_API VaeSynth *vae_synth_new (const VaeSynthParams * params,
    GError ** error);
VAE_API void vae_synth_free (VaeSynth * synth);

/* Makes rows first_row .. first_row + n_rows - 1: data [n_rows][features] and
 * labels [n_rows]. Each full block of 5,000 rows has the same share of
 * anomalies, to within one event. Allocates nothing. */
VAE_API void vae_synth_execute (const VaeSynth * synth, guint64 first_row,
    gsize n_rows, float *data, guint8 * labels);

/* --- names -------------------------------------------------------------- */

/* The enumerations as the nicknames that are quoted above, which the model file
 * and the elements use. vae_*_from_name() returns -1 for an unknown name. */
VAE_API const char *vae_kind_name (VaeKind kind);
VAE_API const char *vae_activation_name (VaeActivation activation);
VAE_API const char *vae_loss_name (VaeLoss loss);
VAE_API const char *vae_scaler_name (VaeScaler scaler);
VAE_API const char *vae_score_name (VaeScore score);
VAE_API const char *vae_threshold_name (VaeThreshold threshold);
VAE_API int vae_kind_from_name (const char *name);
VAE_API int vae_activation_from_name (const char *name);
VAE_API int vae_loss_from_name (const char *name);
VAE_API int vae_scaler_from_name (const char *name);
VAE_API int vae_score_from_name (const char *name);
VAE_API int vae_threshold_from_name (const char *name);

G_END_DECLS
