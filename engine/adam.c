/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "adam.h"
#include "hot.h"

#include <math.h>

VAE_HOT void
vae_adam_step (float *restrict params, const float *restrict gradient,
    float *restrict mean, float *restrict square, gsize n,
    double learning_rate, guint64 step)
{
  const double beta1 = 0.9, beta2 = 0.999;
  const float mean_decay = beta1, mean_gain = 1.0 - beta1;
  const float square_decay = beta2, square_gain = 1.0 - beta2;
  const float rate = learning_rate / (1.0 - pow (beta1, step));
  const float root_scale = 1.0 / sqrt (1.0 - pow (beta2, step));
  const float epsilon = 1e-8f;

  for (gsize i = 0; i < n; i++) {
    float g = gradient[i];
    float m = mean_decay * mean[i] + mean_gain * g;
    float v = square_decay * square[i] + square_gain * g * g;
    mean[i] = m;
    square[i] = v;
    params[i] -= rate * m / (sqrtf (v) * root_scale + epsilon);
  }
}
