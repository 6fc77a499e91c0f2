/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "file.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_SIZE 1000

typedef struct
{
  char *folder;
  char *path;                   /* of a file in it that is not there yet */
} Fixture;

static void
set_up (Fixture * fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("vae-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "m.bin", NULL);
}

/* Removes the folder with the files in it. */
static void
tear_down (Fixture * fixture, gconstpointer data)
{
  GDir *dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir))) {
    g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
    g_assert_cmpint (g_remove (path), ==, 0);
  }
  g_dir_close (dir);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static guint
count_files (const Fixture * fixture)
{
  GDir *dir = g_dir_open (fixture->folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir))
    n++;
  g_dir_close (dir);
  return n;
}

static void
put (const char *path, const char *contents)
{
  g_assert_true (g_file_set_contents (path, contents, -1, NULL));
}

static void
assert_contains (const char *path, const char *expected)
{
  g_autofree char *contents = NULL;

  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, expected);
}

static mode_t
permissions (const char *path)
{
  struct stat status;

  g_assert_cmpint (g_stat (path, &status), ==, 0);
  return status.st_mode & 07777;
}

/* --- reading -------------------------------------------------------------- */

static void
assert_reads (const char *path, const char *expected)
{
  GError *error = NULL;
  g_autoptr (GBytes) bytes = vae_file_read (path, MAX_SIZE, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
      expected, strlen (expected));
}

static void
assert_unreadable (const char *path, GQuark domain, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (vae_file_read (path, MAX_SIZE, &error));
  g_assert_error (error, domain, code);
}

static void
test_read (Fixture * fixture, gconstpointer data)
{
  put (fixture->path, "weights");
  assert_reads (fixture->path, "weights");
  put (fixture->path, "");
  assert_reads (fixture->path, "");

  g_autofree char *link = g_build_filename (fixture->folder, "link", NULL);
  put (fixture->path, "weights");
  g_assert_cmpint (symlink ("m.bin", link), ==, 0);
  assert_reads (link, "weights");
}

static void
test_read_missing (Fixture * fixture, gconstpointer data)
{
  assert_unreadable (fixture->path, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  assert_unreadable ("", G_FILE_ERROR, G_FILE_ERROR_NOENT);
  put (fixture->path, "weights");
  g_autofree char *below = g_build_filename (fixture->path, "m.bin", NULL);
  assert_unreadable (below, G_FILE_ERROR, G_FILE_ERROR_NOTDIR);
}

static void
test_read_folder (Fixture * fixture, gconstpointer data)
{
  assert_unreadable (fixture->folder, G_FILE_ERROR, G_FILE_ERROR_ISDIR);
}

/* Nobody writes to the pipe: whoever waits for it hangs, which the alarm
 * ends. */
static void
test_read_pipe (Fixture * fixture, gconstpointer data)
{
  g_assert_cmpint (mkfifo (fixture->path, 0600), ==, 0);
  alarm (10);
  assert_unreadable (fixture->path, G_FILE_ERROR, G_FILE_ERROR_INVAL);
  alarm (0);
}

static void
test_read_device (Fixture * fixture, gconstpointer data)
{
  alarm (10);
  assert_unreadable ("/dev/zero", G_FILE_ERROR, G_FILE_ERROR_INVAL);
  assert_unreadable ("/dev/null", G_FILE_ERROR, G_FILE_ERROR_INVAL);
  alarm (0);
}

static void
test_read_too_large (Fixture * fixture, gconstpointer data)
{
  g_autofree char *contents = g_strnfill (MAX_SIZE, 'x');

  put (fixture->path, contents);
  assert_reads (fixture->path, contents);
  g_assert_cmpint (truncate (fixture->path, MAX_SIZE + 1), ==, 0);
  assert_unreadable (fixture->path, VAE_ERROR, VAE_ERROR_FORMAT);
  g_assert_cmpint (truncate (fixture->path, (off_t) 1 << 40), ==, 0);
  assert_unreadable (fixture->path, VAE_ERROR, VAE_ERROR_FORMAT);
}

/* --- replacing ------------------------------------------------------------ */

static gboolean
replace (const char *path, const char *contents, GError ** error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (contents, strlen (contents));

  return vae_file_replace (path, bytes, error);
}

static void
assert_replaces (const char *path, const char *contents)
{
  GError *error = NULL;

  replace (path, contents, &error);
  g_assert_no_error (error);
  assert_contains (path, contents);
}

static void
assert_irreplaceable (const char *path, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (replace (path, "new", &error));
  g_assert_error (error, G_FILE_ERROR, code);
}

static void
test_replace (Fixture * fixture, gconstpointer data)
{
  assert_replaces (fixture->path, "a longer model");
  assert_replaces (fixture->path, "short");
  assert_replaces (fixture->path, "");
  g_assert_cmpuint (count_files (fixture), ==, 1);
}

static void
test_replace_relative (Fixture * fixture, gconstpointer data)
{
  g_autofree char *before = g_get_current_dir ();

  g_assert_cmpint (g_chdir (fixture->folder), ==, 0);
  assert_replaces ("m.bin", "one");
  assert_replaces ("./m.bin", "two");
  g_assert_cmpint (g_chdir (before), ==, 0);
  assert_contains (fixture->path, "two");
}

static void
test_replace_longest_name (Fixture * fixture, gconstpointer data)
{
  g_autofree char *name = g_strnfill (255, 'm');
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

  assert_replaces (path, "one");
  assert_replaces (path, "two");
}

/* Whoever has the old file open keeps it: it is another file that is put in its
 * place. */
static void
test_replace_leaves_readers_alone (Fixture * fixture, gconstpointer data)
{
  char contents[4] = "";

  put (fixture->path, "old");
  FILE *reader = g_fopen (fixture->path, "r");
  assert_replaces (fixture->path, "new");
  g_assert_nonnull (fgets (contents, sizeof contents, reader));
  g_assert_cmpstr (contents, ==, "old");
  fclose (reader);
}

static void
test_replace_permissions (Fixture * fixture, gconstpointer data)
{
  mode_t mask = umask (027);

  assert_replaces (fixture->path, "one");
  g_assert_cmpint (permissions (fixture->path), ==, 0640);
  g_assert_cmpint (g_chmod (fixture->path, 0606), ==, 0);
  assert_replaces (fixture->path, "two");
  g_assert_cmpint (permissions (fixture->path), ==, 0606);
  umask (mask);
}

static void
test_replace_through_link (Fixture * fixture, gconstpointer data)
{
  g_autofree char *link = g_build_filename (fixture->folder, "link", NULL);

  put (fixture->path, "old");
  g_assert_cmpint (symlink ("m.bin", link), ==, 0);
  assert_replaces (link, "new");
  g_assert_true (g_file_test (link, G_FILE_TEST_IS_SYMLINK));
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_IS_SYMLINK));
  assert_contains (fixture->path, "new");

  g_assert_cmpint (g_unlink (fixture->path), ==, 0);
  assert_irreplaceable (link, G_FILE_ERROR_NOENT);
  g_assert_true (g_file_test (link, G_FILE_TEST_IS_SYMLINK));
  g_assert_cmpuint (count_files (fixture), ==, 1);
}

static void
test_replace_what_is_no_file (Fixture * fixture, gconstpointer data)
{
  assert_irreplaceable (fixture->folder, G_FILE_ERROR_ISDIR);
  g_assert_true (g_file_test (fixture->folder, G_FILE_TEST_IS_DIR));

  alarm (10);
  g_assert_cmpint (mkfifo (fixture->path, 0600), ==, 0);
  assert_irreplaceable (fixture->path, G_FILE_ERROR_INVAL);
  assert_irreplaceable ("/dev/null", G_FILE_ERROR_INVAL);
  alarm (0);
  g_assert_cmpuint (count_files (fixture), ==, 1);

  g_autofree char *link = g_build_filename (fixture->folder, "link", NULL);
  g_assert_cmpint (symlink (fixture->folder, link), ==, 0);
  assert_irreplaceable (link, G_FILE_ERROR_ISDIR);
}

static void
test_replace_in_no_folder (Fixture * fixture, gconstpointer data)
{
  g_autofree char *below = g_build_filename (fixture->path, "m.bin", NULL);

  assert_irreplaceable (below, G_FILE_ERROR_NOENT);
  assert_irreplaceable ("", G_FILE_ERROR_NOENT);
  put (fixture->path, "old");
  assert_irreplaceable (below, G_FILE_ERROR_NOTDIR);
  assert_contains (fixture->path, "old");
}

/* --- no room, no permission ----------------------------------------------- */

#define SKIP 77

/* Runs a part of a test in a child, which may limit itself for good. */
static void
run_in_child (Fixture * fixture, void (*part) (Fixture * fixture))
{
  pid_t child = fork ();
  int status;

  g_assert_cmpint (child, >=, 0);
  if (child == 0) {
    part (fixture);
    _exit (0);
  }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  if (WEXITSTATUS (status) == SKIP)
    g_test_skip ("this user must not do that");
  else
    g_assert_cmpint (WEXITSTATUS (status), ==, 0);
}

/* The old file stays, and nothing else does. */
static void
assert_no_room (Fixture * fixture, int code, int number)
{
  g_autofree char *contents = g_strnfill (1 << 20, 'x');
  g_autoptr (GError) error = NULL;

  g_assert_false (replace (fixture->path, contents, &error));
  g_assert_error (error, G_FILE_ERROR, code);
  g_assert_nonnull (strstr (error->message, g_strerror (number)));
  assert_contains (fixture->path, "old");
  g_assert_cmpuint (count_files (fixture), ==, 1);
}

static void
exceed_file_size (Fixture * fixture)
{
  const struct rlimit limit = { 65536, 65536 };

  put (fixture->path, "old");
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  assert_no_room (fixture, G_FILE_ERROR_FAILED, EFBIG);
}

static void
test_replace_limited (Fixture * fixture, gconstpointer data)
{
  run_in_child (fixture, exceed_file_size);
}

static void
fill_disk (Fixture * fixture)
{
  if (unshare (CLONE_NEWNS) != 0
      || mount ("none", "/", "", MS_REC | MS_PRIVATE, NULL) != 0
      || mount ("none", fixture->folder, "tmpfs", 0, "size=64k") != 0)
    _exit (SKIP);
  put (fixture->path, "old");
  assert_no_room (fixture, G_FILE_ERROR_NOSPC, ENOSPC);
}

static void
test_replace_full_disk (Fixture * fixture, gconstpointer data)
{
  run_in_child (fixture, fill_disk);
}

static void
become_nobody (Fixture * fixture)
{
  const uid_t nobody = 65534;

  put (fixture->path, "old");
  g_assert_cmpint (g_chmod (fixture->path, 0444), ==, 0);
  g_assert_cmpint (g_chmod (fixture->folder, 0777), ==, 0);
  if (setuid (nobody) != 0)
    _exit (SKIP);
  assert_irreplaceable (fixture->path, G_FILE_ERROR_ACCES);
  assert_contains (fixture->path, "old");
}

/* The folder would allow it: rename () doesn't care about the permissions of
 * what it replaces. */
static void
test_replace_write_protected (Fixture * fixture, gconstpointer data)
{
  run_in_child (fixture, become_nobody);
}

static void
be_kept_out (Fixture * fixture)
{
  const uid_t nobody = 65534;

  put (fixture->path, "old");
  g_assert_cmpint (g_chmod (fixture->path, 0666), ==, 0);
  g_assert_cmpint (g_chmod (fixture->folder, 0755), ==, 0);
  if (setuid (nobody) != 0)
    _exit (SKIP);
  assert_irreplaceable (fixture->path, G_FILE_ERROR_ACCES);
  assert_contains (fixture->path, "old");
}

static void
test_replace_in_protected_folder (Fixture * fixture, gconstpointer data)
{
  run_in_child (fixture, be_kept_out);
}

#define add(path, test) \
    g_test_add ("/file/" path, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("read", test_read);
  add ("read/missing", test_read_missing);
  add ("read/folder", test_read_folder);
  add ("read/pipe", test_read_pipe);
  add ("read/device", test_read_device);
  add ("read/too-large", test_read_too_large);
  add ("replace", test_replace);
  add ("replace/relative", test_replace_relative);
  add ("replace/longest-name", test_replace_longest_name);
  add ("replace/leaves-readers-alone", test_replace_leaves_readers_alone);
  add ("replace/permissions", test_replace_permissions);
  add ("replace/through-link", test_replace_through_link);
  add ("replace/what-is-no-file", test_replace_what_is_no_file);
  add ("replace/in-no-folder", test_replace_in_no_folder);
  add ("replace/limited", test_replace_limited);
  add ("replace/full-disk", test_replace_full_disk);
  add ("replace/write-protected", test_replace_write_protected);
  add ("replace/in-protected-folder", test_replace_in_protected_folder);
  return g_test_run ();
}
