/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "team.h"
#include "denormals.h"

/* How often to look whether there is something to do, or all is done, before
 * going to sleep: some ten microseconds, about what waking up takes. */
#define SPINS 4000

typedef struct
{
  VaeTeam *team;
  guint part;
  GThread *thread;
} Member;

struct _VaeTeam
{
  guint n_members;              /* without the calling thread */
  Member *members;
  VaeTeamFunc func;             /* NULL = go home */
  gpointer user_data;

  gint round;                   /* atomic, as the next one: counts vae_team_run()s */
  gint n_busy;
  GMutex lock;                  /* of nothing but the two conditions */
  GCond begin;
  GCond end;
};

static inline void
pause_a_moment (void)
{
#ifdef __SSE__
  _mm_pause ();
#endif
}

static void
wait_for_round (VaeTeam * team, gint last_round)
{
  for (guint i = 0; i < SPINS; i++) {
    if (g_atomic_int_get (&team->round) != last_round)
      return;
    pause_a_moment ();
  }
  g_mutex_lock (&team->lock);
  while (g_atomic_int_get (&team->round) == last_round)
    g_cond_wait (&team->begin, &team->lock);
  g_mutex_unlock (&team->lock);
}

static void
wait_for_end (VaeTeam * team)
{
  for (guint i = 0; i < SPINS; i++) {
    if (g_atomic_int_get (&team->n_busy) == 0)
      return;
    pause_a_moment ();
  }
  g_mutex_lock (&team->lock);
  while (g_atomic_int_get (&team->n_busy) > 0)
    g_cond_wait (&team->end, &team->lock);
  g_mutex_unlock (&team->lock);
}

static gpointer
member_run (gpointer user_data)
{
  Member *member = user_data;
  VaeTeam *team = member->team;

  /* As the thread does that a team is for: the results must be the same. */
  vae_denormals_off ();
  for (gint round = 0;; round++) {
    wait_for_round (team, round);
    if (!team->func)
      return NULL;
    team->func (member->part, team->n_members + 1, team->user_data);
    if (g_atomic_int_dec_and_test (&team->n_busy)) {
      g_mutex_lock (&team->lock);
      g_cond_signal (&team->end);
      g_mutex_unlock (&team->lock);
    }
  }
}

static void
begin_round (VaeTeam * team, VaeTeamFunc func, gpointer user_data)
{
  team->func = func;
  team->user_data = user_data;
  g_atomic_int_set (&team->n_busy, team->n_members);
  g_mutex_lock (&team->lock);
  g_atomic_int_inc (&team->round);
  g_cond_broadcast (&team->begin);
  g_mutex_unlock (&team->lock);
}

VaeTeam *
vae_team_new (guint threads)
{
  VaeTeam *team = g_new0 (VaeTeam, 1);

  g_mutex_init (&team->lock);
  g_cond_init (&team->begin);
  g_cond_init (&team->end);
  team->members = g_new0 (Member, MAX (threads, 1));
  while (team->n_members + 1 < threads) {
    Member *member = &team->members[team->n_members];
    member->team = team;
    member->part = team->n_members + 1;
    member->thread = g_thread_try_new ("vae-team", member_run, member, NULL);
    if (!member->thread)
      break;
    team->n_members++;
  }
  return team;
}

void
vae_team_free (VaeTeam * team)
{
  if (!team)
    return;
  begin_round (team, NULL, NULL);
  for (guint i = 0; i < team->n_members; i++)
    g_thread_join (team->members[i].thread);
  g_free (team->members);
  g_mutex_clear (&team->lock);
  g_cond_clear (&team->begin);
  g_cond_clear (&team->end);
  g_free (team);
}

void
vae_team_run (VaeTeam * team, VaeTeamFunc func, gpointer user_data)
{
  if (!team || team->n_members == 0) {
    func (0, 1, user_data);
    return;
  }
  begin_round (team, func, user_data);
  func (0, team->n_members + 1, user_data);
  wait_for_end (team);
}
