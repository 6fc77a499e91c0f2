/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstvaesink.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <unistd.h>

static gboolean
check_folder (const gchar * path, const gchar * folder, GError ** error)
{
  if (!g_file_test (folder, G_FILE_TEST_IS_DIR)) {
    g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND,
        "\"%s\" cannot be written: there is no folder \"%s\"", path, folder);
    return FALSE;
  }
  if (g_access (folder, W_OK | X_OK) != 0) {
    g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_WRITE,
        "\"%s\" cannot be written: folder \"%s\": %s", path, folder,
        g_strerror (errno));
    return FALSE;
  }
  return TRUE;
}

gboolean
gst_vae_sink_check_path (const gchar * path, GError ** error)
{
  g_autofree gchar *folder = g_path_get_dirname (path);

  if (g_str_has_suffix (path, G_DIR_SEPARATOR_S)
      || g_file_test (path, G_FILE_TEST_IS_DIR)) {
    g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_WRITE,
        "\"%s\" cannot be written: it is a folder, not a file", path);
    return FALSE;
  }
  /* It would be replaced: as root, /dev/null too. */
  if (g_file_test (path, G_FILE_TEST_EXISTS)
      && !g_file_test (path, G_FILE_TEST_IS_REGULAR)) {
    g_set_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_WRITE,
        "\"%s\" cannot be written: it is not a regular file", path);
    return FALSE;
  }
  return check_folder (path, folder, error);
}

void
gst_vae_structure_set_known (GstStructure * structure, const gchar * field,
    gdouble value)
{
  if (!isnan (value))
    gst_structure_set (structure, field, G_TYPE_DOUBLE, value, NULL);
}
