/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstvaeelements.h"
#include "gstvaemodeltag.h"

static gboolean
plugin_init (GstPlugin * plugin)
{
  gboolean ret = FALSE;

  gst_vae_model_tag_register ();
  ret |= GST_ELEMENT_REGISTER (rocmetric, plugin);
  ret |= GST_ELEMENT_REGISTER (tensorcsvdec, plugin);
  ret |= GST_ELEMENT_REGISTER (tensorcsvenc, plugin);
  ret |= GST_ELEMENT_REGISTER (tensorplot, plugin);
  ret |= GST_ELEMENT_REGISTER (vaescore, plugin);
  ret |= GST_ELEMENT_REGISTER (vaesynth, plugin);
  ret |= GST_ELEMENT_REGISTER (vaetrain, plugin);

  return ret;
}

GST_PLUGIN_DEFINE (GST_VERSION_MAJOR, GST_VERSION_MINOR, vae,
    "Trains and scores a beta-VAE on multivariate time series", plugin_init,
    VERSION, "LGPL", GST_PACKAGE_NAME, GST_PACKAGE_ORIGIN)
