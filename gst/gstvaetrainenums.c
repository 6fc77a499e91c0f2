/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstvaetrainenums.h"

#include "vae.h"

/**
 * GstVaeTrainKind:
 * @vae: Beta-VAE
 * @ae: Auto-encoder; its last hidden layer is the code
 * @pca: Principal components of the windows
 * @norm: No model: rows are compared with the mean
 * @nearest: Rows are compared with the nearest of some typical ones
 * @ensemble: vae, pca and nearest together
 *
 * Since: 0.1
 */
GType
gst_vae_train_kind_get_type (void)
{
  static const GEnumValue values[] = {
    {VAE_KIND_VAE, "Beta-VAE", "vae"},
    {VAE_KIND_AE, "Auto-encoder; its last hidden layer is the code", "ae"},
    {VAE_KIND_PCA, "Principal components of the windows", "pca"},
    {VAE_KIND_NORM, "No model: rows are compared with the mean", "norm"},
    {VAE_KIND_NEAREST, "Rows are compared with the nearest of some typical "
          "ones", "nearest"},
    {VAE_KIND_ENSEMBLE, "vae, pca and nearest together", "ensemble"},
    {0, NULL, NULL}
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("GstVaeTrainKind",
            values));
  return type;
}

/**
 * GstVaeTrainActivation:
 * @relu: max (x, 0)
 * @tanh: Hyperbolic tangent
 * @identity: None: a linear network
 *
 * Since: 0.1
 */
GType
gst_vae_train_activation_get_type (void)
{
  static const GEnumValue values[] = {
    {VAE_ACTIVATION_RELU, "max (x, 0)", "relu"},
    {VAE_ACTIVATION_TANH, "Hyperbolic tangent", "tanh"},
    {VAE_ACTIVATION_IDENTITY, "None: a linear network", "identity"},
    {0, NULL, NULL}
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("GstVaeTrainActivation",
            values));
  return type;
}

/**
 * GstVaeTrainLoss:
 * @gaussian: Half the squared error + beta * KL, both summed, over the number of
 *     cells
 * @seed: Mean squared error over all cells + beta * KL, averaged over all latent
 *     elements
 *
 * Since: 0.1
 */
GType
gst_vae_train_loss_get_type (void)
{
  static const GEnumValue values[] = {
    {VAE_LOSS_GAUSSIAN, "Half the squared error + beta * KL, both summed, over "
          "the number of cells", "gaussian"},
    {VAE_LOSS_SEED, "Mean squared error over all cells + beta * KL, averaged "
          "over all latent elements", "seed"},
    {0, NULL, NULL}
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("GstVaeTrainLoss",
            values));
  return type;
}

/**
 * GstVaeTrainScaler:
 * @none: Channels as they are
 * @standard: Mean 0 and standard deviation 1
 * @robust: Median 0 and interquartile range 1
 *
 * Since: 0.1
 */
GType
gst_vae_train_scaler_get_type (void)
{
  static const GEnumValue values[] = {
    {VAE_SCALER_NONE, "Channels as they are", "none"},
    {VAE_SCALER_STANDARD, "Mean 0 and standard deviation 1", "standard"},
    {VAE_SCALER_ROBUST, "Median 0 and interquartile range 1", "robust"},
    {0, NULL, NULL}
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("GstVaeTrainScaler",
            values));
  return type;
}

/**
 * GstVaeTrainSelect:
 * @elbo: Highest ELBO of the validation rows, comparable across beta
 * @loss: Lowest validation loss, which favours a small beta
 * @auroc: Highest AUROC on the labelled validation rows
 * @auprc: Highest average precision on the labelled validation rows
 *
 * Since: 0.1
 */
GType
gst_vae_train_select_get_type (void)
{
  static const GEnumValue values[] = {
    {VAE_SELECT_ELBO, "Highest ELBO of the validation rows, comparable across "
          "beta", "elbo"},
    {VAE_SELECT_LOSS, "Lowest validation loss, which favours a small beta",
        "loss"},
    {VAE_SELECT_AUROC, "Highest AUROC on the labelled validation rows",
        "auroc"},
    {VAE_SELECT_AUPRC, "Highest average precision on the labelled validation "
          "rows", "auprc"},
    {0, NULL, NULL}
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("GstVaeTrainSelect",
            values));
  return type;
}

/**
 * GstVaeTrainThreshold:
 * @quantile: Quantile of the validation rows' scores
 * @pot: Peaks over threshold: by the distribution of their highest 2 %
 * @spot: The same, and the rows that are scored go on moving it
 *
 * Since: 0.1
 */
GType
gst_vae_train_threshold_get_type (void)
{
  static const GEnumValue values[] = {
    {VAE_THRESHOLD_QUANTILE, "Quantile of the validation rows' scores",
        "quantile"},
    {VAE_THRESHOLD_POT, "Peaks over threshold: by the distribution of their "
          "highest 2 %", "pot"},
    {VAE_THRESHOLD_SPOT, "The same, and the rows that are scored go on moving "
          "it", "spot"},
    {0, NULL, NULL}
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("GstVaeTrainThreshold",
            values));
  return type;
}
