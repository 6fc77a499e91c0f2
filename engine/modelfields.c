/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "modelfields.h"

#include <math.h>
#include <string.h>

#define PARAM(key, type, member) \
    { key, type, G_STRUCT_OFFSET (VaeParams, member) }
#define FIGURE(key, type, member) \
    { key, type, G_STRUCT_OFFSET (VaeSummary, member) }

const VaeField vae_param_fields[] = {
  PARAM ("kind", VAE_FIELD_KIND, kind),
  PARAM ("activation", VAE_FIELD_ACTIVATION, activation),
  PARAM ("loss", VAE_FIELD_LOSS, loss),
  PARAM ("scaler", VAE_FIELD_SCALER, scaler),
  PARAM ("clip", VAE_FIELD_REAL, clip),
  PARAM ("channels", VAE_FIELD_UINT, channels),
  PARAM ("window", VAE_FIELD_UINT, window),
  {"hidden", VAE_FIELD_HIDDEN, 0},
  PARAM ("latent-dim", VAE_FIELD_UINT, latent_dim),
  PARAM ("beta", VAE_FIELD_REAL, beta),
  PARAM ("prototypes", VAE_FIELD_UINT, prototypes),
  PARAM ("learning-rate", VAE_FIELD_REAL, learning_rate),
  PARAM ("batch-size", VAE_FIELD_UINT, batch_size),
  PARAM ("epochs", VAE_FIELD_UINT, epochs),
  PARAM ("seed", VAE_FIELD_UINT64, seed),
  PARAM ("validation", VAE_FIELD_REAL, validation),
  PARAM ("patience", VAE_FIELD_UINT, patience),
  PARAM ("skip-labelled", VAE_FIELD_BOOLEAN, skip_labelled),
  PARAM ("smoothing", VAE_FIELD_UINT, smoothing),
  PARAM ("drift", VAE_FIELD_UINT, drift),
  PARAM ("threshold", VAE_FIELD_THRESHOLD, threshold),
  PARAM ("quantile", VAE_FIELD_REAL, quantile),
};

const VaeField vae_summary_fields[] = {
  FIGURE ("rows", VAE_FIELD_UINT64, rows),
  FIGURE ("epochs-run", VAE_FIELD_UINT, epochs_run),
  FIGURE ("best-epoch", VAE_FIELD_UINT, best_epoch),
  FIGURE ("training-loss", VAE_FIELD_REAL, loss),
  FIGURE ("training-reconstruction", VAE_FIELD_REAL, reconstruction),
  FIGURE ("training-kl", VAE_FIELD_REAL, kl),
  FIGURE ("validation-loss", VAE_FIELD_REAL, validation_loss),
  FIGURE ("active-latents", VAE_FIELD_UINT, active_latents),
};

const guint vae_n_param_fields = G_N_ELEMENTS (vae_param_fields);
const guint vae_n_summary_fields = G_N_ELEMENTS (vae_summary_fields);

static char *
format_hidden (const VaeParams * params)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < params->n_hidden; i++)
    g_string_append_printf (text, "%s%u", i > 0 ? "," : "", params->hidden[i]);
  return g_string_free (text, FALSE);
}

/* 17 significant digits, which identify a double. */
static char *
format_real (double value)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];

  if (!isfinite (value))
    return NULL;
  return g_strdup (g_ascii_dtostr (digits, sizeof digits, value));
}

char *
vae_field_format (const VaeField * field, gconstpointer base)
{
  gconstpointer member = (const guint8 *) base + field->offset;

  switch (field->type) {
    case VAE_FIELD_KIND:
      return g_strdup (vae_kind_name (*(const VaeKind *) member));
    case VAE_FIELD_ACTIVATION:
      return g_strdup (vae_activation_name (*(const VaeActivation *) member));
    case VAE_FIELD_LOSS:
      return g_strdup (vae_loss_name (*(const VaeLoss *) member));
    case VAE_FIELD_SCALER:
      return g_strdup (vae_scaler_name (*(const VaeScaler *) member));
    case VAE_FIELD_THRESHOLD:
      return g_strdup (vae_threshold_name (*(const VaeThreshold *) member));
    case VAE_FIELD_UINT:
      return g_strdup_printf ("%u", *(const guint *) member);
    case VAE_FIELD_UINT64:
      return g_strdup_printf ("%" G_GUINT64_FORMAT, *(const guint64 *) member);
    case VAE_FIELD_REAL:
      return format_real (*(const double *) member);
    case VAE_FIELD_BOOLEAN:
      return g_strdup (*(const gboolean *) member ? "true" : "false");
    case VAE_FIELD_HIDDEN:
      return format_hidden (base);
  }
  return NULL;
}

static gboolean
parse_unsigned (const char *text, guint64 max, guint64 *value)
{
  return g_ascii_string_to_unsigned (text, 10, 0, max, value, NULL);
}

gboolean
vae_field_parse_uint (const char *text, guint *value)
{
  guint64 wide;

  if (!parse_unsigned (text, G_MAXUINT, &wide))
    return FALSE;
  *value = wide;
  return TRUE;
}

/* Decimal, finite. */
static gboolean
parse_real (const char *text, double *value)
{
  char *end;

  if (*text == '\0' || text[strspn (text, "0123456789+-.eE")] != '\0')
    return FALSE;
  *value = g_ascii_strtod (text, &end);
  return *end == '\0' && isfinite (*value);
}

static gboolean
parse_boolean (const char *text, gboolean *value)
{
  *value = g_str_equal (text, "true");
  return *value || g_str_equal (text, "false");
}

/* "64,32"; "" for no layers. */
static gboolean
parse_hidden (const char *text, VaeParams * params)
{
  g_auto (GStrv) units = g_strsplit (text, ",", VAE_MAX_HIDDEN + 1);

  memset (params->hidden, 0, sizeof params->hidden);
  for (params->n_hidden = 0; units[params->n_hidden]; params->n_hidden++) {
    guint i = params->n_hidden;
    if (i == VAE_MAX_HIDDEN
        || !vae_field_parse_uint (units[i], &params->hidden[i]))
      return FALSE;
  }
  return TRUE;
}

/* `value` is what a vae_*_from_name() function returned. */
static gboolean
take_enum (int value, gpointer member)
{
  memcpy (member, &value, sizeof value);
  return value >= 0;
}

G_STATIC_ASSERT (sizeof (VaeKind) == sizeof (int));

gboolean
vae_field_parse (const VaeField * field, gpointer base, const char *text)
{
  gpointer member = (guint8 *) base + field->offset;

  switch (field->type) {
    case VAE_FIELD_KIND:
      return take_enum (vae_kind_from_name (text), member);
    case VAE_FIELD_ACTIVATION:
      return take_enum (vae_activation_from_name (text), member);
    case VAE_FIELD_LOSS:
      return take_enum (vae_loss_from_name (text), member);
    case VAE_FIELD_SCALER:
      return take_enum (vae_scaler_from_name (text), member);
    case VAE_FIELD_THRESHOLD:
      return take_enum (vae_threshold_from_name (text), member);
    case VAE_FIELD_UINT:
      return vae_field_parse_uint (text, member);
    case VAE_FIELD_UINT64:
      return parse_unsigned (text, G_MAXUINT64, member);
    case VAE_FIELD_REAL:
      return parse_real (text, member);
    case VAE_FIELD_BOOLEAN:
      return parse_boolean (text, member);
    case VAE_FIELD_HIDDEN:
      return parse_hidden (text, base);
  }
  return FALSE;
}
