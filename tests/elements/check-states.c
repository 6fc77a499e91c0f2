/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <gst/check/check.h>

static const GstState walks[][6] = {
  {GST_STATE_READY, GST_STATE_NULL, GST_STATE_READY, GST_STATE_NULL},
  {GST_STATE_READY, GST_STATE_PAUSED, GST_STATE_READY, GST_STATE_PAUSED,
      GST_STATE_READY, GST_STATE_NULL},
  {GST_STATE_PAUSED, GST_STATE_PLAYING, GST_STATE_PAUSED, GST_STATE_PLAYING,
      GST_STATE_READY, GST_STATE_NULL},
  {GST_STATE_PLAYING, GST_STATE_NULL, GST_STATE_PLAYING, GST_STATE_NULL},
};

static GList *
list_factories (void)
{
  GList *features =
      gst_registry_get_feature_list_by_plugin (gst_registry_get (),
      "vae");
  GList *factories = NULL;

  for (GList * l = features; l; l = l->next) {
    if (GST_IS_ELEMENT_FACTORY (l->data))
      factories = g_list_prepend (factories, gst_object_ref (l->data));
  }
  gst_plugin_feature_list_free (features);
  return factories;
}

static void
walk (GstElement * element, const GstState * states)
{
  for (guint i = 0; i < 6 && states[i] != GST_STATE_VOID_PENDING; i++) {
    GstStateChangeReturn ret = gst_element_set_state (element, states[i]);
    GstState state;

    /* To start, an element may need a property or a file that it has not. */
    if (states[i] <= GST_STATE_READY)
      fail_unless (ret == GST_STATE_CHANGE_SUCCESS, "%s to %s",
          GST_ELEMENT_NAME (element), gst_element_state_get_name (states[i]));
    gst_element_get_state (element, &state, NULL, 0);
    if (states[i] <= GST_STATE_READY)
      fail_unless_equals_int (state, states[i]);
  }
}

GST_START_TEST (test_every_element_changes_its_state)
{
  GList *factories = list_factories ();

  fail_unless (factories != NULL);
  for (GList * l = factories; l; l = l->next) {
    GstElement *element = gst_element_factory_create (l->data, NULL);

    fail_unless (element != NULL);
    GST_INFO ("%s", GST_ELEMENT_NAME (element));
    for (guint i = 0; i < 3; i++)
      walk (element, walks[__i__]);
    ASSERT_OBJECT_REFCOUNT (element, "element", 1);
    gst_object_unref (element);
  }
  gst_plugin_feature_list_free (factories);
}

GST_END_TEST;

static Suite *
states_suite (void)
{
  Suite *s = suite_create ("states");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_loop_test (tc, test_every_element_changes_its_state, 0,
      G_N_ELEMENTS (walks));
  return s;
}

GST_CHECK_MAIN (states);
