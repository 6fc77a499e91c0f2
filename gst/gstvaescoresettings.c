/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstvaescoresettings.h"

#define DEFAULT_MODEL NULL
#define DEFAULT_WATCH FALSE
#define DEFAULT_SCORE VAE_SCORE_AUTO
#define DEFAULT_THRESHOLD 0
#define DEFAULT_CONTRIBUTIONS FALSE
#define DEFAULT_EXPECTED FALSE
#define DEFAULT_DECISION FALSE
#define DEFAULT_POST_MESSAGES FALSE
#define DEFAULT_MIN_ROWS 1
#define DEFAULT_OF_ROWS 1

/* As long as the longest of the score's moving averages takes to forget. */
#define DEFAULT_COOL_DOWN 16
#define DEFAULT_THREADS 0

#define MAX_OF_ROWS 10000

enum
{
  PROP_0,
  PROP_MODEL,
  PROP_WATCH,
  PROP_SCORE,
  PROP_THRESHOLD,
  PROP_CONTRIBUTIONS,
  PROP_EXPECTED,
  PROP_DECISION,
  PROP_POST_MESSAGES,
  PROP_MIN_ROWS,
  PROP_OF_ROWS,
  PROP_COOL_DOWN,
  PROP_THREADS
};

/**
 * GstVaeScoreScore:
 * @auto: calibrated; for models of the seed's loss recon-kl or, of an
 *     auto-encoder, reconstruction
 * @calibrated: How far the errors are from usual, smoothed over the rows before; 1
 *     is about usual
 * @unsmoothed: How far the errors of the row are from usual
 * @rarity: -log10 of the share of usual rows with at least this calibrated score
 * @recon-kl: Mean squared error of the row + KL, summed over the latents
 * @reconstruction: Mean squared error of the row
 * @kl: KL divergence, summed over the latents
 *
 * Since: 0.1
 */
#define GST_TYPE_VAE_SCORE_SCORE (gst_vae_score_score_get_type ())
static GType
gst_vae_score_score_get_type (void)
{
  static const GEnumValue values[] = {
    {VAE_SCORE_AUTO, "calibrated; for models of the seed's loss recon-kl or, "
          "of an auto-encoder, reconstruction", "auto"},
    {VAE_SCORE_CALIBRATED, "How far the errors are from usual, smoothed",
        "calibrated"},
    {VAE_SCORE_UNSMOOTHED, "How far the errors of the row are from usual",
        "unsmoothed"},
    {VAE_SCORE_RARITY, "-log10 of the share of usual rows with at least this "
          "calibrated score", "rarity"},
    {VAE_SCORE_RECON_KL, "Mean squared error of the row + KL, summed over the "
          "latents", "recon-kl"},
    {VAE_SCORE_RECONSTRUCTION, "Mean squared error of the row",
        "reconstruction"},
    {VAE_SCORE_KL, "KL divergence, summed over the latents", "kl"},
    {0, NULL, NULL}
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("GstVaeScoreScore",
            values));
  return type;
}

/* --- values --------------------------------------------------------------- */

void
gst_vae_score_settings_init (GstVaeScoreSettings * settings)
{
  settings->model = g_strdup (DEFAULT_MODEL);
  settings->watch = DEFAULT_WATCH;
  settings->score = DEFAULT_SCORE;
  settings->threshold = DEFAULT_THRESHOLD;
  settings->contributions = DEFAULT_CONTRIBUTIONS;
  settings->expected = DEFAULT_EXPECTED;
  settings->decision = DEFAULT_DECISION;
  settings->post_messages = DEFAULT_POST_MESSAGES;
  settings->min_rows = DEFAULT_MIN_ROWS;
  settings->of_rows = DEFAULT_OF_ROWS;
  settings->cool_down = DEFAULT_COOL_DOWN;
  settings->threads = DEFAULT_THREADS;
}

void
gst_vae_score_settings_clear (GstVaeScoreSettings * settings)
{
  g_clear_pointer (&settings->model, g_free);
}

void
gst_vae_score_settings_copy (const GstVaeScoreSettings * settings,
    GstVaeScoreSettings * copy)
{
  *copy = *settings;
  copy->model = g_strdup (settings->model);
}

gboolean
gst_vae_score_settings_set (GstVaeScoreSettings * settings, guint prop_id,
    const GValue * value)
{
  switch (prop_id) {
    case PROP_MODEL:
      g_free (settings->model);
      settings->model = g_value_dup_string (value);
      break;
    case PROP_WATCH:
      settings->watch = g_value_get_boolean (value);
      break;
    case PROP_SCORE:
      settings->score = (VaeScore) g_value_get_enum (value);
      break;
    case PROP_THRESHOLD:
      settings->threshold = g_value_get_double (value);
      break;
    case PROP_CONTRIBUTIONS:
      settings->contributions = g_value_get_boolean (value);
      break;
    case PROP_EXPECTED:
      settings->expected = g_value_get_boolean (value);
      break;
    case PROP_DECISION:
      settings->decision = g_value_get_boolean (value);
      break;
    case PROP_POST_MESSAGES:
      settings->post_messages = g_value_get_boolean (value);
      break;
    case PROP_MIN_ROWS:
      settings->min_rows = g_value_get_uint (value);
      break;
    case PROP_OF_ROWS:
      settings->of_rows = g_value_get_uint (value);
      break;
    case PROP_COOL_DOWN:
      settings->cool_down = g_value_get_uint (value);
      break;
    case PROP_THREADS:
      settings->threads = g_value_get_uint (value);
      break;
    default:
      return FALSE;
  }
  return TRUE;
}

gboolean
gst_vae_score_settings_get (const GstVaeScoreSettings * settings,
    guint prop_id, GValue * value)
{
  switch (prop_id) {
    case PROP_MODEL:
      g_value_set_string (value, settings->model);
      break;
    case PROP_WATCH:
      g_value_set_boolean (value, settings->watch);
      break;
    case PROP_SCORE:
      g_value_set_enum (value, settings->score);
      break;
    case PROP_THRESHOLD:
      g_value_set_double (value, settings->threshold);
      break;
    case PROP_CONTRIBUTIONS:
      g_value_set_boolean (value, settings->contributions);
      break;
    case PROP_EXPECTED:
      g_value_set_boolean (value, settings->expected);
      break;
    case PROP_DECISION:
      g_value_set_boolean (value, settings->decision);
      break;
    case PROP_POST_MESSAGES:
      g_value_set_boolean (value, settings->post_messages);
      break;
    case PROP_MIN_ROWS:
      g_value_set_uint (value, settings->min_rows);
      break;
    case PROP_OF_ROWS:
      g_value_set_uint (value, settings->of_rows);
      break;
    case PROP_COOL_DOWN:
      g_value_set_uint (value, settings->cool_down);
      break;
    case PROP_THREADS:
      g_value_set_uint (value, settings->threads);
      break;
    default:
      return FALSE;
  }
  return TRUE;
}

/* --- checks --------------------------------------------------------------- */

gboolean
gst_vae_score_settings_check_threshold (gdouble threshold, GError ** error)
{
  if (threshold >= 0)
    return TRUE;
  g_set_error (error, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS,
      "threshold is %g, it must be above 0, or 0 for the model's", threshold);
  return FALSE;
}

static gboolean
check_rows (const GstVaeScoreSettings * settings, GError ** error)
{
  if (settings->of_rows < 1 || settings->of_rows > MAX_OF_ROWS) {
    g_set_error (error, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS,
        "of-rows is %u, it must be 1 to %u", settings->of_rows, MAX_OF_ROWS);
    return FALSE;
  }
  if (settings->min_rows < 1 || settings->min_rows > settings->of_rows) {
    g_set_error (error, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS,
        "min-rows is %u, it must be 1 to of-rows, which is %u",
        settings->min_rows, settings->of_rows);
    return FALSE;
  }
  return TRUE;
}

gboolean
gst_vae_score_settings_check (const GstVaeScoreSettings * settings,
    GError ** error)
{
  return gst_vae_score_settings_check_threshold (settings->threshold, error)
      && check_rows (settings, error);
}

gboolean
gst_vae_score_settings_need_threshold (const GstVaeScoreSettings * settings)
{
  return settings->decision || settings->post_messages;
}

/* --- properties ----------------------------------------------------------- */

#define READY_FLAGS \
    (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY)
#define PLAYING_FLAGS \
    (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_PLAYING)

static void
install_model (GObjectClass * object_class)
{
  /**
   * GstVaeScore:model:
   *
   * The model file to score with, as #vaetrain writes it. Set in mid-stream, the
   * file is read before the next buffer and takes over from there, if it is a
   * model that fits; if not, there is a warning and the old one stays.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_MODEL,
      g_param_spec_string ("model", "Model", "File to read the model from",
          DEFAULT_MODEL, PLAYING_FLAGS));

  /**
   * GstVaeScore:watch:
   *
   * Looks before a buffer, at most once a second, whether the file of
   * #GstVaeScore:model was replaced, and then takes the new one as if it had been
   * set.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_WATCH,
      g_param_spec_boolean ("watch", "Watch",
          "Take a new model when the file is replaced",
          DEFAULT_WATCH, READY_FLAGS));

  /**
   * GstVaeScore:score:
   *
   * What of a row makes up its score. What a model has no such score of is
   * refused: an auto-encoder has no KL.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_SCORE,
      g_param_spec_enum ("score", "Score", "What makes up the score of a row",
          GST_TYPE_VAE_SCORE_SCORE, DEFAULT_SCORE, READY_FLAGS));

  /**
   * GstVaeScore:threshold:
   *
   * Rows with a score above this are flagged; 0 = the threshold that is stored
   * with the model for such a score. It changes with the next buffer.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_THRESHOLD,
      g_param_spec_double ("threshold", "Threshold",
          "Score above which a row is flagged (above 0; 0 = the model's)",
          -G_MAXDOUBLE, G_MAXDOUBLE, DEFAULT_THRESHOLD,
          PLAYING_FLAGS | GST_PARAM_CONTROLLABLE));
  gst_type_mark_as_plugin_api (GST_TYPE_VAE_SCORE_SCORE, 0);
}

static void
install_tensors (GObjectClass * object_class)
{
  /**
   * GstVaeScore:contributions:
   *
   * Adds a tensor, float32 and shaped as the data: what each cell adds to the
   * score, its squared error on the scaled axis, for the calibrated scores over
   * what is usual. NaN where the cell is missing or the row has no score. It
   * tells which channel is to blame.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_CONTRIBUTIONS,
      g_param_spec_boolean ("contributions", "Contributions",
          "Add a tensor with what each cell adds to the score",
          DEFAULT_CONTRIBUTIONS, READY_FLAGS));

  /**
   * GstVaeScore:expected:
   *
   * Adds a tensor, float32 and shaped as the data, after the contributions: what
   * the model takes each cell to have been, in the data's units. NaN where the
   * cell is missing or the row has no score.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_EXPECTED,
      g_param_spec_boolean ("expected", "Expected",
          "Add a tensor with what each cell is expected to be",
          DEFAULT_EXPECTED, READY_FLAGS));

  /**
   * GstVaeScore:decision:
   *
   * Adds a tensor, uint8 and one a row, right before the score: 1 where the score
   * is above the threshold, else 0.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_DECISION,
      g_param_spec_boolean ("decision", "Decision",
          "Add a tensor with 1 for each row above the threshold",
          DEFAULT_DECISION, READY_FLAGS));
}

static void
install_alarms (GObjectClass * object_class)
{
  /**
   * GstVaeScore:post-messages:
   *
   * Posts an element message when an anomaly begins and another when it ends.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_POST_MESSAGES,
      g_param_spec_boolean ("post-messages", "Post messages",
          "Post a message when an anomaly begins and when it ends",
          DEFAULT_POST_MESSAGES, READY_FLAGS));

  /**
   * GstVaeScore:min-rows:
   *
   * An anomaly begins once so many of the last #GstVaeScore:of-rows rows are
   * above the threshold.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_MIN_ROWS,
      g_param_spec_uint ("min-rows", "Minimal rows",
          "Rows above the threshold that make an anomaly (1 to of-rows)",
          0, G_MAXUINT, DEFAULT_MIN_ROWS, READY_FLAGS));

  /**
   * GstVaeScore:of-rows:
   *
   * How many rows #GstVaeScore:min-rows looks back on, itself included.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_OF_ROWS,
      g_param_spec_uint ("of-rows", "Of rows",
          "Rows among which min-rows are looked for (1 to 10000)",
          0, G_MAXUINT, DEFAULT_OF_ROWS, READY_FLAGS));

  /**
   * GstVaeScore:cool-down:
   *
   * So many rows in succession may be not above the threshold within one
   * anomaly; one more, and it has ended with the last row that was.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_COOL_DOWN,
      g_param_spec_uint ("cool-down", "Cool-down",
          "Rows not above the threshold that an anomaly outlasts",
          0, G_MAXUINT, DEFAULT_COOL_DOWN, READY_FLAGS));

  /**
   * GstVaeScore:threads:
   *
   * How many threads share the rows of a large buffer, where a row takes long
   * enough for that; 0 = as many as there are processors. The scores do not depend
   * on it.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_THREADS,
      g_param_spec_uint ("threads", "Threads",
          "Threads that share the rows of large buffers (0 = one per processor)",
          0, G_MAXUINT, DEFAULT_THREADS, READY_FLAGS));
}

void
gst_vae_score_settings_install (GObjectClass * object_class)
{
  install_model (object_class);
  install_tensors (object_class);
  install_alarms (object_class);
}
