/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* A team does every part once, and is done when it says so. */

#include "team.h"

#include <string.h>

typedef struct
{
  gint parts;
  gint done[8];
} Tally;

static void
tally_part (guint part, guint parts, gpointer user_data)
{
  Tally *tally = user_data;

  g_assert_cmpuint (part, <, parts);
  g_atomic_int_set (&tally->parts, parts);
  g_atomic_int_inc (&tally->done[part]);
}

static void
check_rounds (VaeTeam * team, gint parts, guint rounds, gulong pause)
{
  for (guint i = 0; i < rounds; i++) {
    Tally tally = { 0 };

    vae_team_run (team, tally_part, &tally);
    g_assert_cmpint (tally.parts, ==, parts);
    for (gint part = 0; part < 8; part++)
      g_assert_cmpint (tally.done[part], ==, part < parts);
    if (pause)
      g_usleep (pause);
  }
}

static void
test_alone (void)
{
  check_rounds (NULL, 1, 10, 0);
  VaeTeam *team = vae_team_new (1);
  check_rounds (team, 1, 10, 0);
  vae_team_free (team);
}

/* Also after the members have gone to sleep. */
static void
test_together (void)
{
  for (guint threads = 2; threads <= 8; threads += 2) {
    VaeTeam *team = vae_team_new (threads);
    check_rounds (team, threads, 2000, 0);
    check_rounds (team, threads, 20, 2000);
    vae_team_free (team);
  }
}

static void
test_free_unused (void)
{
  for (guint i = 0; i < 100; i++)
    vae_team_free (vae_team_new (4));
  vae_team_free (NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/team/alone", test_alone);
  g_test_add_func ("/team/together", test_together);
  g_test_add_func ("/team/free-unused", test_free_unused);
  return g_test_run ();
}
