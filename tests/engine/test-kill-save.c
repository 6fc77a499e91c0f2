/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* A process that is killed while it saves leaves a whole model. */

#include "model.h"
#include "rng.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define N_KILLS 100

/* About 1.4 MB, so that saving takes its time. */
static VaeModel *
make_model (guint64 seed)
{
  VaeParams params;
  GError *error = NULL;

  vae_params_init_seed (&params);
  params.channels = 100;
  params.hidden[0] = 600;
  params.hidden[1] = 200;
  params.seed = seed;
  VaeModel *model = vae_model_new (&params, (VaeSizes) { 0, 0 }, &error);
  g_assert_no_error (error);
  vae_net_randomize (&model->detectors[0].net, model->detectors[0].weights,
      seed);
  return model;
}

static void
save_for_ever (VaeModel * models[2], const char *path)
{
  for (guint i = 1;; i++)
    if (!vae_model_save (models[i % 2], path, NULL))
      _exit (1);
}

static void
kill_while_saving (VaeModel * models[2], const char *path, gulong delay)
{
  int status;
  pid_t child = fork ();

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    save_for_ever (models, path);
  g_usleep (delay);
  g_assert_cmpint (kill (child, SIGKILL), ==, 0);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFSIGNALED (status));
  g_assert_cmpint (WTERMSIG (status), ==, SIGKILL);
}

/* In microseconds. */
static gint64
time_to_save (VaeModel * models[2], const char *path)
{
  gint64 start = g_get_monotonic_time ();

  for (guint i = 0; i < 4; i++)
    g_assert_true (vae_model_save (models[i % 2], path, NULL));
  return (g_get_monotonic_time () - start) / 4;
}

/* Which of the models the file is, to the last bit. */
static guint
identify (VaeModel * models[2], const char *path)
{
  GError *error = NULL;
  VaeModel *loaded = vae_model_load (path, &error);

  g_assert_no_error (error);
  const guint which = loaded->params.seed;
  g_assert_cmpuint (which, <, 2);
  const VaeModel *expected = models[which];
  g_assert_cmpuint (loaded->detectors[0].net.n_params, ==,
      expected->detectors[0].net.n_params);
  g_assert_cmpmem (loaded->detectors[0].weights,
      loaded->detectors[0].net.n_params * sizeof (float),
      expected->detectors[0].weights,
      expected->detectors[0].net.n_params * sizeof (float));
  vae_model_unref (loaded);
  return which;
}

/* Removes what is left in the folder beside the model; how many files. */
static guint
remove_leftovers (const char *folder)
{
  GDir *dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir))) {
    if (g_str_equal (name, "m.bin"))
      continue;
    g_assert_true (g_str_has_prefix (name, ".gst-vae-"));
    g_assert_true (g_str_has_suffix (name, ".tmp"));
    g_autofree char *path = g_build_filename (folder, name, NULL);
    g_assert_cmpint (g_unlink (path), ==, 0);
    n++;
  }
  g_dir_close (dir);
  return n;
}

static void
test_kill (void)
{
  VaeModel *models[2] = { make_model (0), make_model (1) };
  g_autofree char *folder = g_dir_make_tmp ("vae-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "m.bin", NULL);
  VaeRng rng = vae_rng (2026, 0);
  guint n_found[2] = { 0, 0 };
  guint n_interrupted = 0;

  gint64 max_delay = 5 * time_to_save (models, path) + 1000;
  for (guint i = 0; i < N_KILLS; i++) {
    kill_while_saving (models, path, vae_rng_below (rng, i, max_delay));
    n_found[identify (models, path)]++;
    n_interrupted += remove_leftovers (folder);
  }
  g_test_message ("found %u and %u, %u of %u kills fell into a save",
      n_found[0], n_found[1], n_interrupted, N_KILLS);

  /* Else it was not tried. */
  g_assert_cmpuint (n_found[0], >, 0);
  g_assert_cmpuint (n_found[1], >, 0);
  g_assert_cmpuint (n_interrupted, >, N_KILLS / 10);

  g_unlink (path);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  vae_model_unref (models[0]);
  vae_model_unref (models[1]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kill-save", test_kill);
  return g_test_run ();
}
