/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gsttensorplotsettings.h"

#define DEFAULT_DATA_TENSOR 0
#define DEFAULT_LABEL_TENSOR 1
#define DEFAULT_SCORE_TENSOR -1
#define DEFAULT_THRESHOLD 0
#define DEFAULT_SPAN 0
#define DEFAULT_LAYOUT PLOT_LAYOUT_AUTO
#define DEFAULT_THEME PLOT_THEME_LIGHT
#define DEFAULT_WIDTH 960
#define DEFAULT_HEIGHT 540
#define DEFAULT_FPS_N 25
#define DEFAULT_FPS_D 1

/* A microsecond and 30 years: both can be told in nanoseconds. */
#define MIN_SPAN 1e-6
#define MAX_SPAN 1e9

enum
{
  PROP_0,
  PROP_DATA_TENSOR,
  PROP_LABEL_TENSOR,
  PROP_SCORE_TENSOR,
  PROP_THRESHOLD,
  PROP_SPAN,
  PROP_LAYOUT,
  PROP_THEME,
  PROP_WIDTH,
  PROP_HEIGHT,
  PROP_FRAMERATE
};

/**
 * GstTensorPlotLayout:
 * @auto: Stacked, unless there are too many channels for that
 * @stacked: One above the other, each on an axis of its own
 * @overlaid: All on one axis
 *
 * Since: 0.1
 */
#define GST_TYPE_TENSOR_PLOT_LAYOUT (gst_tensor_plot_layout_get_type ())
static GType
gst_tensor_plot_layout_get_type (void)
{
  static const GEnumValue values[] = {
    {PLOT_LAYOUT_AUTO, "Stacked, unless there are too many channels for that",
        "auto"},
    {PLOT_LAYOUT_STACKED, "One above the other, each on an axis of its own",
        "stacked"},
    {PLOT_LAYOUT_OVERLAID, "All on one axis", "overlaid"},
    {0, NULL, NULL}
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("GstTensorPlotLayout",
            values));
  return type;
}

/**
 * GstTensorPlotTheme:
 * @light: Dark on white
 * @dark: Light on black
 *
 * Since: 0.1
 */
#define GST_TYPE_TENSOR_PLOT_THEME (gst_tensor_plot_theme_get_type ())
static GType
gst_tensor_plot_theme_get_type (void)
{
  static const GEnumValue values[] = {
    {PLOT_THEME_LIGHT, "Dark on white", "light"},
    {PLOT_THEME_DARK, "Light on black", "dark"},
    {0, NULL, NULL}
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("GstTensorPlotTheme",
            values));
  return type;
}

void
gst_tensor_plot_settings_init (GstTensorPlotSettings * settings)
{
  settings->data_tensor = DEFAULT_DATA_TENSOR;
  settings->label_tensor = DEFAULT_LABEL_TENSOR;
  settings->score_tensor = DEFAULT_SCORE_TENSOR;
  settings->threshold = DEFAULT_THRESHOLD;
  settings->span = DEFAULT_SPAN;
  settings->layout = DEFAULT_LAYOUT;
  settings->theme = DEFAULT_THEME;
  settings->width = DEFAULT_WIDTH;
  settings->height = DEFAULT_HEIGHT;
  settings->fps_n = DEFAULT_FPS_N;
  settings->fps_d = DEFAULT_FPS_D;
}

gboolean
gst_tensor_plot_settings_set (GstTensorPlotSettings * settings, guint prop_id,
    const GValue * value)
{
  switch (prop_id) {
    case PROP_DATA_TENSOR:
      settings->data_tensor = g_value_get_int (value);
      break;
    case PROP_LABEL_TENSOR:
      settings->label_tensor = g_value_get_int (value);
      break;
    case PROP_SCORE_TENSOR:
      settings->score_tensor = g_value_get_int (value);
      break;
    case PROP_THRESHOLD:
      settings->threshold = g_value_get_double (value);
      break;
    case PROP_SPAN:
      settings->span = g_value_get_double (value);
      break;
    case PROP_LAYOUT:
      settings->layout = (PlotLayout) g_value_get_enum (value);
      break;
    case PROP_THEME:
      settings->theme = (PlotTheme) g_value_get_enum (value);
      break;
    case PROP_WIDTH:
      settings->width = g_value_get_uint (value);
      break;
    case PROP_HEIGHT:
      settings->height = g_value_get_uint (value);
      break;
    case PROP_FRAMERATE:
      settings->fps_n = gst_value_get_fraction_numerator (value);
      settings->fps_d = gst_value_get_fraction_denominator (value);
      break;
    default:
      return FALSE;
  }
  return TRUE;
}

gboolean
gst_tensor_plot_settings_get (const GstTensorPlotSettings * settings,
    guint prop_id, GValue * value)
{
  switch (prop_id) {
    case PROP_DATA_TENSOR:
      g_value_set_int (value, settings->data_tensor);
      break;
    case PROP_LABEL_TENSOR:
      g_value_set_int (value, settings->label_tensor);
      break;
    case PROP_SCORE_TENSOR:
      g_value_set_int (value, settings->score_tensor);
      break;
    case PROP_THRESHOLD:
      g_value_set_double (value, settings->threshold);
      break;
    case PROP_SPAN:
      g_value_set_double (value, settings->span);
      break;
    case PROP_LAYOUT:
      g_value_set_enum (value, settings->layout);
      break;
    case PROP_THEME:
      g_value_set_enum (value, settings->theme);
      break;
    case PROP_WIDTH:
      g_value_set_uint (value, settings->width);
      break;
    case PROP_HEIGHT:
      g_value_set_uint (value, settings->height);
      break;
    case PROP_FRAMERATE:
      gst_value_set_fraction (value, settings->fps_n, settings->fps_d);
      break;
    default:
      return FALSE;
  }
  return TRUE;
}

/* --- sense -------------------------------------------------------------- */

static gboolean
check_index (const gchar * name, gint index, gint min, GError ** error)
{
  if (index >= min && index < GST_VAE_MAX_TENSORS)
    return TRUE;
  g_set_error (error, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS,
      "%s is %d: it must be %d to %d", name, index, min,
      GST_VAE_MAX_TENSORS - 1);
  return FALSE;
}

static gboolean
check_size (const gchar * name, guint size, GError ** error)
{
  if (size >= GST_TENSOR_PLOT_MIN_SIZE && size <= GST_TENSOR_PLOT_MAX_SIZE)
    return TRUE;
  g_set_error (error, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS,
      "%s is %u: it must be %d to %d pixels", name, size,
      GST_TENSOR_PLOT_MIN_SIZE, GST_TENSOR_PLOT_MAX_SIZE);
  return FALSE;
}

static gboolean
check_span (gdouble span, GError ** error)
{
  if (span == 0 || (span >= MIN_SPAN && span <= MAX_SPAN))
    return TRUE;
  g_set_error (error, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS,
      "span is %g: it must be %g to %g seconds, or rows where rows have no "
      "times, or 0 to be chosen", span, MIN_SPAN, MAX_SPAN);
  return FALSE;
}

static gboolean
check_framerate (const GstTensorPlotSettings * settings, GError ** error)
{
  if (settings->fps_n > 0)
    return TRUE;
  g_set_error (error, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS,
      "framerate is %d/%d frames per second: it must be above 0",
      settings->fps_n, settings->fps_d);
  return FALSE;
}

gboolean
gst_tensor_plot_settings_check (const GstTensorPlotSettings * settings,
    GError ** error)
{
  return check_index ("data-tensor", settings->data_tensor, 0, error)
      && check_index ("label-tensor", settings->label_tensor, -1, error)
      && check_index ("score-tensor", settings->score_tensor, -1, error)
      && check_span (settings->span, error)
      && check_size ("width", settings->width, error)
      && check_size ("height", settings->height, error)
      && check_framerate (settings, error);
}

/* --- tensors ------------------------------------------------------------ */

static gboolean
is_tensor (const GstVaeTensorsInfo * info, gint index, GstVaeTensorType type)
{
  return (guint) index < info->n_tensors && info->tensors[index].type == type
      && info->tensors[index].cols == 1;
}

gboolean
gst_tensor_plot_settings_find_label (const GstTensorPlotSettings * settings,
    const GstVaeTensorsInfo * info, gint *label, GError ** error)
{
  *label = settings->label_tensor;
  if (*label == GST_TENSOR_PLOT_NO_TENSOR
      || is_tensor (info, *label, GST_VAE_UINT8))
    return TRUE;
  /* Nobody has asked for them. */
  if (*label == DEFAULT_LABEL_TENSOR) {
    *label = GST_TENSOR_PLOT_NO_TENSOR;
    return TRUE;
  }
  g_set_error (error, GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION,
      "label-tensor is %d: tensor %d of %u would be uint8 with one column (the "
      "first is 0)", *label, *label, info->n_tensors);
  return FALSE;
}

gboolean
gst_tensor_plot_settings_find_score (const GstTensorPlotSettings * settings,
    const GstVaeTensorsInfo * info, gint *score, GError ** error)
{
  const gint last = (gint) info->n_tensors - 1;

  *score = settings->score_tensor;
  if (*score < 0) {
    *score = last != settings->data_tensor
        && is_tensor (info, last,
        GST_VAE_FLOAT32) ? last : GST_TENSOR_PLOT_NO_TENSOR;
    return TRUE;
  }
  if (is_tensor (info, *score, GST_VAE_FLOAT32))
    return TRUE;
  g_set_error (error, GST_CORE_ERROR, GST_CORE_ERROR_NEGOTIATION,
      "score-tensor is %d: tensor %d of %u would be float32 with one column (the "
      "first is 0)", *score, *score, info->n_tensors);
  return FALSE;
}

/* --- the properties ----------------------------------------------------- */

#define READY_FLAGS \
    (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY)
#define PLAYING_FLAGS \
    (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_PLAYING)

static void
install_tensors (GObjectClass * object_class)
{
  /**
   * GstTensorPlot:data-tensor:
   *
   * The index of the tensor whose columns are the channels.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_DATA_TENSOR,
      g_param_spec_int ("data-tensor", "Data tensor",
          "Index of the tensor with the data, 0 to 15", G_MININT, G_MAXINT,
          DEFAULT_DATA_TENSOR, READY_FLAGS));

  /**
   * GstTensorPlot:label-tensor:
   *
   * The index of the tensor that holds the labels; -1 = there is none. If
   * tensor 1, the default, holds no labels, none are drawn.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_LABEL_TENSOR,
      g_param_spec_int ("label-tensor", "Label tensor",
          "Index of the tensor with the labels, -1 to 15 (-1 = none)",
          G_MININT, G_MAXINT, DEFAULT_LABEL_TENSOR, READY_FLAGS));

  /**
   * GstTensorPlot:score-tensor:
   *
   * The index of the tensor that holds the scores; -1 = the last one, where
   * #vaescore puts them. If that holds no scores, none are drawn.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_SCORE_TENSOR,
      g_param_spec_int ("score-tensor", "Score tensor",
          "Index of the tensor with the scores, -1 to 15 (-1 = the last, if it "
          "has some)", G_MININT, G_MAXINT, DEFAULT_SCORE_TENSOR, READY_FLAGS));
}

static void
install_view (GObjectClass * object_class)
{
  /**
   * GstTensorPlot:threshold:
   *
   * Rows with a score of at least this are flagged; 0 = the threshold that the
   * stream says, if it does (the tag `vae-model`, see #vaescore).
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_THRESHOLD,
      g_param_spec_double ("threshold", "Threshold",
          "Rows with a score of at least this are flagged (0 = what the stream "
          "says, if it does)", -G_MAXDOUBLE, G_MAXDOUBLE, DEFAULT_THRESHOLD,
          PLAYING_FLAGS));

  /**
   * GstTensorPlot:span:
   *
   * How much is seen at once, in seconds, or in rows if the rows have no time
   * stamps; 0 = the last 1,000 rows, or ten seconds if that is more.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_SPAN,
      g_param_spec_double ("span", "Span",
          "Seconds to be seen at once, or rows if they have no time stamps, "
          "1e-6 to 1e9 (0 = 1000 rows, or 10 seconds if that is more)",
          -G_MAXDOUBLE, G_MAXDOUBLE, DEFAULT_SPAN, READY_FLAGS));

  /**
   * GstTensorPlot:layout:
   *
   * How the channels share the upper part.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_LAYOUT,
      g_param_spec_enum ("layout", "Layout",
          "How the channels share the upper part", GST_TYPE_TENSOR_PLOT_LAYOUT,
          DEFAULT_LAYOUT, PLAYING_FLAGS));

  /**
   * GstTensorPlot:theme:
   *
   * The colours.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_THEME,
      g_param_spec_enum ("theme", "Theme", "The colours",
          GST_TYPE_TENSOR_PLOT_THEME, DEFAULT_THEME, PLAYING_FLAGS));
}

static void
install_video (GObjectClass * object_class)
{
  /**
   * GstTensorPlot:width:
   *
   * Pixels from left to right, unless the caps of what is downstream say
   * otherwise.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_WIDTH,
      g_param_spec_uint ("width", "Width",
          "Width of the frames in pixels, 16 to 16384, if downstream leaves the "
          "choice", 0, G_MAXUINT, DEFAULT_WIDTH, READY_FLAGS));

  /**
   * GstTensorPlot:height:
   *
   * Pixels from top to bottom, unless the caps of what is downstream say
   * otherwise.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_HEIGHT,
      g_param_spec_uint ("height", "Height",
          "Height of the frames in pixels, 16 to 16384, if downstream leaves "
          "the choice", 0, G_MAXUINT, DEFAULT_HEIGHT, READY_FLAGS));

  /**
   * GstTensorPlot:framerate:
   *
   * At most so many frames are drawn for a second of the stream, and at most one
   * for each row, unless the caps of what is downstream say otherwise.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_FRAMERATE,
      gst_param_spec_fraction ("framerate", "Frame rate",
          "Frames per second at most, above 0, if downstream leaves the choice",
          -G_MAXINT, 1, G_MAXINT, 1, DEFAULT_FPS_N, DEFAULT_FPS_D,
          READY_FLAGS));
}

void
gst_tensor_plot_settings_install (GObjectClass * object_class)
{
  install_tensors (object_class);
  install_view (object_class);
  install_video (object_class);
  gst_type_mark_as_plugin_api (GST_TYPE_TENSOR_PLOT_LAYOUT, 0);
  gst_type_mark_as_plugin_api (GST_TYPE_TENSOR_PLOT_THEME, 0);
}
