/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Not derived from the name of the file, which may be as long as a name can
 * be. */
#define TEMPORARY_NAME ".gst-vae-XXXXXX.tmp"

/* Returns FALSE for the caller to return. */
static gboolean
set_file_error (GError ** error, const char *what, int code)
{
  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code), "%s: %s",
      what, g_strerror (code));
  return FALSE;
}

static gboolean
check_regular (const struct stat *status, GError ** error)
{
  if (S_ISREG (status->st_mode))
    return TRUE;
  if (S_ISDIR (status->st_mode))
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_ISDIR, "is a folder");
  else
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
        "is not a regular file");
  return FALSE;
}

/* --- reading -------------------------------------------------------------- */

static gboolean
read_all (int fd, guint8 *buffer, gsize size, GError ** error)
{
  for (gsize done = 0; done < size;) {
    gssize n = read (fd, buffer + done, size - done);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return set_file_error (error, "can't be read", errno);
    if (n == 0) {
      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_IO,
          "became shorter while it was read");
      return FALSE;
    }
    done += n;
  }
  return TRUE;
}

static GBytes *
read_regular (int fd, gsize max_size, GError ** error)
{
  struct stat status;

  if (fstat (fd, &status) != 0) {
    set_file_error (error, "can't be read", errno);
    return NULL;
  }
  if (!check_regular (&status, error))
    return NULL;
  if ((guint64) status.st_size > max_size) {
    g_set_error (error, VAE_ERROR, VAE_ERROR_FORMAT,
        "is not a model file: it has %" G_GINT64_FORMAT " bytes, a model has at"
        " most %" G_GSIZE_FORMAT, (gint64) status.st_size, max_size);
    return NULL;
  }

  gsize size = status.st_size;
  guint8 *buffer = g_try_malloc (MAX (size, 1));
  if (!buffer) {
    g_set_error (error, VAE_ERROR, VAE_ERROR_MEMORY,
        "no memory for its %" G_GSIZE_FORMAT " bytes", size);
    return NULL;
  }
  if (!read_all (fd, buffer, size, error)) {
    g_free (buffer);
    return NULL;
  }
  return g_bytes_new_take (buffer, size);
}

GBytes *
vae_file_read (const char *path, gsize max_size, GError ** error)
{
  /* Without O_NONBLOCK a pipe would be waited for. */
  int fd = g_open (path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);

  if (fd < 0) {
    set_file_error (error, "can't be opened", errno);
    return NULL;
  }
  GBytes *bytes = read_regular (fd, max_size, error);
  close (fd);
  return bytes;
}

/* --- replacing ------------------------------------------------------------ */

/* The file that is to be replaced, links resolved, the caller's to g_free(), and
 * its permissions; mode -1 if there is none yet. NULL if it must not be
 * replaced. */
static char *
find_target (const char *path, int *mode, GError ** error)
{
  struct stat status;

  *mode = -1;
  if (g_lstat (path, &status) != 0)
    return g_strdup (path);

  char *resolved = realpath (path, NULL);
  if (!resolved || g_stat (resolved, &status) != 0) {
    set_file_error (error, "can't be written", errno);
    free (resolved);
    return NULL;
  }
  char *target = g_strdup (resolved);
  free (resolved);

  if (!check_regular (&status, error)) {
    g_free (target);
    return NULL;
  }
  if (g_access (target, W_OK) != 0) {
    set_file_error (error, "can't be written", errno);
    g_free (target);
    return NULL;
  }
  *mode = status.st_mode & 0777;
  return target;
}

static gboolean
write_all (int fd, const guint8 *data, gsize size)
{
  for (gsize done = 0; done < size;) {
    gssize n = write (fd, data + done, size - done);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return FALSE;
    done += n;
  }
  return TRUE;
}

/* Closes fd in any case; errno tells what failed. */
static gboolean
fill_and_close (int fd, GBytes * bytes, int mode)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  gboolean filled = write_all (fd, data, size)
      && (mode < 0 || fchmod (fd, mode) == 0) && fsync (fd) == 0;
  int code = errno;

  if (close (fd) != 0 && filled)
    return FALSE;
  errno = code;
  return filled;
}

/* Makes the new name outlast a power failure. Where the permissions or the file
 * system do not let a folder be synced there is no more to be done: the file is
 * whole either way. */
static void
sync_folder (const char *folder)
{
  int fd = g_open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);

  if (fd < 0)
    return;
  fsync (fd);
  close (fd);
}

gboolean
vae_file_replace (const char *path, GBytes * bytes, GError ** error)
{
  int mode;
  g_autofree char *target = find_target (path, &mode, error);
  if (!target)
    return FALSE;

  g_autofree char *folder = g_path_get_dirname (target);
  g_autofree char *temporary = g_build_filename (folder, TEMPORARY_NAME, NULL);
  int fd = g_mkstemp_full (temporary, O_WRONLY | O_CLOEXEC, 0666);
  if (fd < 0)
    return set_file_error (error, "can't be written", errno);

  if (!fill_and_close (fd, bytes, mode) || g_rename (temporary, target) != 0) {
    int code = errno;
    g_unlink (temporary);
    return set_file_error (error, "can't be written", code);
  }
  sync_folder (folder);
  return TRUE;
}
