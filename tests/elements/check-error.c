/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <gst/check/check.h>

#include "gstvaeerror.h"
#include "vae.h"

#define REFUSAL GST_RESOURCE_ERROR_OPEN_WRITE

static GError *
post_and_read_back (GQuark domain, gint code)
{
  GstElement *element = gst_check_setup_element ("fakesink");
  GstBus *bus = gst_bus_new ();
  GError *error = g_error_new_literal (domain, code, "what went wrong");
  GError *posted = NULL;

  gst_element_set_bus (element, bus);
  gst_vae_element_error (element, error, REFUSAL);
  g_error_free (error);

  GstMessage *message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);

  fail_unless (message != NULL);
  fail_unless (GST_MESSAGE_SRC (message) == GST_OBJECT (element));
  gst_message_parse_error (message, &posted, NULL);
  gst_message_unref (message);
  gst_element_set_bus (element, NULL);
  gst_object_unref (bus);
  gst_check_teardown_element (element);
  return posted;
}

static void
assert_becomes (GQuark domain, gint code, GQuark gst_domain, gint gst_code)
{
  GError *posted = post_and_read_back (domain, code);

  fail_unless (g_error_matches (posted, gst_domain, gst_code),
      "%s %d became %s %d", g_quark_to_string (domain), code,
      g_quark_to_string (posted->domain), posted->code);
  fail_unless_equals_string (posted->message, "what went wrong");
  g_error_free (posted);
}

GST_START_TEST (test_errors_of_the_engine)
{
  assert_becomes (VAE_ERROR, VAE_ERROR_PARAMETER,
      GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS);
  assert_becomes (VAE_ERROR, VAE_ERROR_DATA,
      GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT);
  assert_becomes (VAE_ERROR, VAE_ERROR_FORMAT,
      GST_STREAM_ERROR, GST_STREAM_ERROR_DECODE);
  assert_becomes (VAE_ERROR, VAE_ERROR_VERSION,
      GST_STREAM_ERROR, GST_STREAM_ERROR_NOT_IMPLEMENTED);
  assert_becomes (VAE_ERROR, VAE_ERROR_MEMORY,
      GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NO_SPACE_LEFT);
  assert_becomes (VAE_ERROR, VAE_ERROR_DIVERGED,
      GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_FAILED);
  assert_becomes (VAE_ERROR, VAE_ERROR_CANCELLED,
      GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_FAILED);
}

GST_END_TEST;

GST_START_TEST (test_errors_of_the_operating_system)
{
  assert_becomes (G_FILE_ERROR, G_FILE_ERROR_NOENT,
      GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND);
  assert_becomes (G_FILE_ERROR, G_FILE_ERROR_ACCES,
      GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_AUTHORIZED);
  assert_becomes (G_FILE_ERROR, G_FILE_ERROR_NOSPC,
      GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NO_SPACE_LEFT);
  assert_becomes (G_FILE_ERROR, G_FILE_ERROR_ISDIR,
      GST_RESOURCE_ERROR, REFUSAL);
  assert_becomes (G_FILE_ERROR, G_FILE_ERROR_IO, GST_RESOURCE_ERROR, REFUSAL);
  assert_becomes (G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
      GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND);
  assert_becomes (G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
      GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_AUTHORIZED);
  assert_becomes (G_IO_ERROR, G_IO_ERROR_NO_SPACE,
      GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NO_SPACE_LEFT);
  assert_becomes (G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY,
      GST_RESOURCE_ERROR, REFUSAL);
}

GST_END_TEST;

GST_START_TEST (test_errors_of_gstreamer_stay_what_they_are)
{
  assert_becomes (GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION,
      GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION);
  assert_becomes (GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS,
      GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS);
  assert_becomes (GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_BUSY,
      GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_BUSY);
  assert_becomes (GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT,
      GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT);
}

GST_END_TEST;

GST_START_TEST (test_an_unknown_error_is_a_failure)
{
  assert_becomes (G_CONVERT_ERROR, G_CONVERT_ERROR_FAILED,
      GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_FAILED);
}

GST_END_TEST;

static Suite *
error_suite (void)
{
  Suite *s = suite_create ("error");
  TCase *tc = tcase_create ("general");

  suite_add_tcase (s, tc);
  tcase_add_test (tc, test_errors_of_the_engine);
  tcase_add_test (tc, test_errors_of_the_operating_system);
  tcase_add_test (tc, test_errors_of_gstreamer_stay_what_they_are);
  tcase_add_test (tc, test_an_unknown_error_is_a_failure);
  return s;
}

GST_CHECK_MAIN (error);
