/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gsttensorcsvdecsettings.h"

#include <string.h>

#define DEFAULT_ROWS_PER_BUFFER 64
#define DEFAULT_RATE_N 1
#define DEFAULT_RATE_D 1

#define DEFAULT_ON_ERROR GST_TENSOR_CSV_DEC_FAIL

enum
{
  PROP_0,
  PROP_LABEL_COLUMN,
  PROP_TIME_COLUMN,
  PROP_COLUMNS,
  PROP_DELIMITER,
  PROP_ROWS_PER_BUFFER,
  PROP_RATE,
  PROP_ON_ERROR
};

#define GST_TYPE_TENSOR_CSV_DEC_ON_ERROR (on_error_get_type ())
static GType
on_error_get_type (void)
{
  static const GEnumValue values[] = {
    {GST_TENSOR_CSV_DEC_FAIL, "End with an error", "fail"},
    {GST_TENSOR_CSV_DEC_SKIP, "Leave the line out", "skip"},
    {GST_TENSOR_CSV_DEC_MISSING, "Take the cell as missing", "missing"},
    {0, NULL, NULL}
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type,
        g_enum_register_static ("GstTensorCsvDecOnError", values));
  return type;
}

static void
set_string (gchar ** text, const GValue * value)
{
  g_free (*text);
  *text = g_value_dup_string (value);
}

gboolean
gst_tensor_csv_dec_settings_set (GstTensorCsvDecSettings * settings,
    guint prop_id, const GValue * value)
{
  switch (prop_id) {
    case PROP_LABEL_COLUMN:
      set_string (&settings->label_column, value);
      break;
    case PROP_TIME_COLUMN:
      set_string (&settings->time_column, value);
      break;
    case PROP_COLUMNS:
      set_string (&settings->columns, value);
      break;
    case PROP_DELIMITER:
      set_string (&settings->delimiter, value);
      break;
    case PROP_ROWS_PER_BUFFER:
      settings->rows_per_buffer = g_value_get_uint (value);
      break;
    case PROP_RATE:
      settings->rate_n = gst_value_get_fraction_numerator (value);
      settings->rate_d = gst_value_get_fraction_denominator (value);
      break;
    case PROP_ON_ERROR:
      settings->on_error = (GstTensorCsvDecOnError) g_value_get_enum (value);
      break;
    default:
      return FALSE;
  }
  return TRUE;
}

gboolean
gst_tensor_csv_dec_settings_get (const GstTensorCsvDecSettings * settings,
    guint prop_id, GValue * value)
{
  switch (prop_id) {
    case PROP_LABEL_COLUMN:
      g_value_set_string (value, settings->label_column);
      break;
    case PROP_TIME_COLUMN:
      g_value_set_string (value, settings->time_column);
      break;
    case PROP_COLUMNS:
      g_value_set_string (value, settings->columns);
      break;
    case PROP_DELIMITER:
      g_value_set_string (value, settings->delimiter);
      break;
    case PROP_ROWS_PER_BUFFER:
      g_value_set_uint (value, settings->rows_per_buffer);
      break;
    case PROP_RATE:
      gst_value_set_fraction (value, settings->rate_n, settings->rate_d);
      break;
    case PROP_ON_ERROR:
      g_value_set_enum (value, settings->on_error);
      break;
    default:
      return FALSE;
  }
  return TRUE;
}

void
gst_tensor_csv_dec_settings_init (GstTensorCsvDecSettings * settings)
{
  *settings = (GstTensorCsvDecSettings) {
  .rows_per_buffer = DEFAULT_ROWS_PER_BUFFER,.rate_n =
        DEFAULT_RATE_N,.rate_d = DEFAULT_RATE_D,.on_error = DEFAULT_ON_ERROR,};
}

void
gst_tensor_csv_dec_settings_clear (GstTensorCsvDecSettings * settings)
{
  g_free (settings->label_column);
  g_free (settings->time_column);
  g_free (settings->columns);
  g_free (settings->delimiter);
  memset (settings, 0, sizeof (*settings));
}

void
gst_tensor_csv_dec_settings_copy (GstTensorCsvDecSettings * to,
    const GstTensorCsvDecSettings * from)
{
  gst_tensor_csv_dec_settings_clear (to);
  *to = *from;
  to->label_column = g_strdup (from->label_column);
  to->time_column = g_strdup (from->time_column);
  to->columns = g_strdup (from->columns);
  to->delimiter = g_strdup (from->delimiter);
}

static gchar
delimiter_character (const gchar * text)
{
  if (!text || !*text)
    return '\0';
  if (g_str_equal (text, "tab"))
    return '\t';
  if (g_str_equal (text, "space"))
    return ' ';
  if (text[1] != '\0' || (guchar) text[0] >= 0x80
      || g_ascii_isalnum (text[0]) || strchr ("\"+-.#\r\n", text[0]))
    return '\0';
  return text[0];
}

gboolean
gst_tensor_csv_dec_settings_check (const GstTensorCsvDecSettings * settings,
    GError ** error)
{
  const gchar *delimiter = settings->delimiter;

  if (delimiter && *delimiter && !delimiter_character (delimiter)) {
    g_set_error (error, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS,
        "delimiter is \"%s\": it must be one ASCII character that is no "
        "letter, digit or part of a number, or else tab or space", delimiter);
    return FALSE;
  }
  if (settings->rows_per_buffer == 0) {
    g_set_error (error, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS,
        "rows-per-buffer is 0: it must be at least 1");
    return FALSE;
  }
  if (settings->rate_n <= 0
      || settings->rate_n > (gint64) GST_SECOND * settings->rate_d) {
    g_set_error (error, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS,
        "rate is %d/%d rows per second: it must be positive, and at most one "
        "row per nanosecond", settings->rate_n, settings->rate_d);
    return FALSE;
  }
  return TRUE;
}

gchar
gst_tensor_csv_dec_settings_get_delimiter (const GstTensorCsvDecSettings *
    settings)
{
  return delimiter_character (settings->delimiter);
}

void
gst_tensor_csv_dec_settings_install (GObjectClass * object_class)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
      | GST_PARAM_MUTABLE_READY;

  /**
   * GstTensorCsvDec:label-column:
   *
   * The column with the labels, 0 or 1, false or true: its name in the header,
   * or its number, counted from 1, or from -1 for the last one. It is not a
   * channel. By default it is the column called `label`, in capitals or not, if
   * there is one. Empty, there is no label.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_LABEL_COLUMN,
      g_param_spec_string ("label-column", "Label column",
          "Name or number (1 = first, -1 = last) of the column with the labels "
          "(NULL = the one called label, if any; empty = none)", NULL, flags));

  /**
   * GstTensorCsvDec:time-column:
   *
   * The column with the time, ISO 8601 dates or seconds: its name in the
   * header, or its number, counted from 1, or from -1 for the last one. It
   * becomes the time stamps, 0 for the first row, and is not a channel. By
   * default it is the first column that has an ISO 8601 date in the first row,
   * if there is one. Empty, time stamps come from #GstTensorCsvDec:rate.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_TIME_COLUMN,
      g_param_spec_string ("time-column", "Time column",
          "Name or number (1 = first, -1 = last) of the column with the time "
          "(NULL = the first one with dates, if any; empty = none)", NULL,
          flags));

  /**
   * GstTensorCsvDec:columns:
   *
   * The columns that become channels, in this order, with commas between: names
   * in the header, numbers, counted from 1, or from -1 for the last one, and
   * ranges of numbers as `3-5` or `3-`, which leave out label and time. By
   * default all columns but label, time, and those to which the header gives no
   * name.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_COLUMNS,
      g_param_spec_string ("columns", "Columns",
          "Names, numbers (1 = first, -1 = last) and ranges (3-5, 3-) of the "
          "columns that become channels, with commas between (NULL = all "
          "others)", NULL, flags));

  /**
   * GstTensorCsvDec:delimiter:
   *
   * What separates the columns: one character, or `tab`, or `space`, which is
   * any run of blanks and tabs. By default tab, semicolon, comma, bar or
   * blanks, the first of these that cuts the first two lines into as many
   * columns.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_DELIMITER,
      g_param_spec_string ("delimiter", "Delimiter",
          "One character, tab or space (NULL = detect)", NULL, flags));

  /**
   * GstTensorCsvDec:rows-per-buffer:
   *
   * How many rows a buffer has. The last one may have less. With live data,
   * which has to wait until a buffer is full, this had better be 1.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_ROWS_PER_BUFFER,
      g_param_spec_uint ("rows-per-buffer", "Rows per buffer",
          "Rows of a buffer (at least 1)", 0, G_MAXUINT,
          DEFAULT_ROWS_PER_BUFFER, flags));

  /**
   * GstTensorCsvDec:rate:
   *
   * Rows per second of the time stamps, if there is no time column.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_RATE,
      gst_param_spec_fraction ("rate", "Rate",
          "Rows per second without a time column (above 0)", -G_MAXINT, 1,
          G_MAXINT, 1, DEFAULT_RATE_N, DEFAULT_RATE_D, flags));

  /**
   * GstTensorCsvDec:on-error:
   *
   * What to do about a cell that can't be read and a line with too few or too
   * many columns. `fail` ends with an error. `skip` leaves the line out.
   * `missing` takes the cell as missing, and cells that a line lacks, too; it
   * leaves a line out only for a bad label or time, for too many columns, or if
   * it can't be read at all. A warning at the end says how many there were.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_ON_ERROR,
      g_param_spec_enum ("on-error", "On error",
          "What to do about a line or a cell that can't be read",
          GST_TYPE_TENSOR_CSV_DEC_ON_ERROR, DEFAULT_ON_ERROR, flags));

  gst_type_mark_as_plugin_api (GST_TYPE_TENSOR_CSV_DEC_ON_ERROR, 0);
}
