/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstvaeerror.h"

#include "vae.h"

static void
judge_engine_error (VaeError error, GQuark * domain, gint *code)
{
  switch (error) {
    case VAE_ERROR_PARAMETER:
      *domain = GST_LIBRARY_ERROR;
      *code = GST_LIBRARY_ERROR_SETTINGS;
      return;
    case VAE_ERROR_DATA:
      *domain = GST_STREAM_ERROR;
      *code = GST_STREAM_ERROR_FORMAT;
      return;
    case VAE_ERROR_FORMAT:
      *domain = GST_STREAM_ERROR;
      *code = GST_STREAM_ERROR_DECODE;
      return;
    case VAE_ERROR_VERSION:
      *domain = GST_STREAM_ERROR;
      *code = GST_STREAM_ERROR_NOT_IMPLEMENTED;
      return;
    case VAE_ERROR_MEMORY:
      *domain = GST_RESOURCE_ERROR;
      *code = GST_RESOURCE_ERROR_NO_SPACE_LEFT;
      return;
    case VAE_ERROR_DIVERGED:
    case VAE_ERROR_CANCELLED:
      *domain = GST_LIBRARY_ERROR;
      *code = GST_LIBRARY_ERROR_FAILED;
      return;
  }
}

static GstResourceError
judge_file_error (GFileError error, GstResourceError refusal)
{
  switch (error) {
    case G_FILE_ERROR_NOENT:
    case G_FILE_ERROR_NOTDIR:
      return GST_RESOURCE_ERROR_NOT_FOUND;
    case G_FILE_ERROR_ACCES:
    case G_FILE_ERROR_PERM:
      return GST_RESOURCE_ERROR_NOT_AUTHORIZED;
    case G_FILE_ERROR_TXTBSY:
      return GST_RESOURCE_ERROR_BUSY;
    case G_FILE_ERROR_NOSPC:
    case G_FILE_ERROR_NOMEM:
      return GST_RESOURCE_ERROR_NO_SPACE_LEFT;
    default:
      return refusal;
  }
}

static GstResourceError
judge_io_error (GIOErrorEnum error, GstResourceError refusal)
{
  switch (error) {
    case G_IO_ERROR_NOT_FOUND:
    case G_IO_ERROR_NOT_DIRECTORY:
      return GST_RESOURCE_ERROR_NOT_FOUND;
    case G_IO_ERROR_PERMISSION_DENIED:
      return GST_RESOURCE_ERROR_NOT_AUTHORIZED;
    case G_IO_ERROR_BUSY:
      return GST_RESOURCE_ERROR_BUSY;
    case G_IO_ERROR_NO_SPACE:
      return GST_RESOURCE_ERROR_NO_SPACE_LEFT;
    default:
      return refusal;
  }
}

static gboolean
is_gstreamer_domain (GQuark domain)
{
  return domain == GST_CORE_ERROR || domain == GST_LIBRARY_ERROR
      || domain == GST_RESOURCE_ERROR || domain == GST_STREAM_ERROR;
}

void
gst_vae_element_message_full (GstElement * element, GstMessageType type,
    const GError * error, GstResourceError refusal, const gchar * file,
    const gchar * function, gint line)
{
  GQuark domain = GST_LIBRARY_ERROR;
  gint code = GST_LIBRARY_ERROR_FAILED;

  if (is_gstreamer_domain (error->domain)) {
    domain = error->domain;
    code = error->code;
  } else if (error->domain == VAE_ERROR) {
    judge_engine_error ((VaeError) error->code, &domain, &code);
  } else if (error->domain == G_FILE_ERROR) {
    domain = GST_RESOURCE_ERROR;
    code = judge_file_error ((GFileError) error->code, refusal);
  } else if (error->domain == G_IO_ERROR) {
    domain = GST_RESOURCE_ERROR;
    code = judge_io_error ((GIOErrorEnum) error->code, refusal);
  }

  gst_element_message_full (element, type, domain, code,
      g_strdup (error->message), g_strdup_printf ("%s, code %d",
          g_quark_to_string (error->domain), error->code), file, function,
      line);
}
