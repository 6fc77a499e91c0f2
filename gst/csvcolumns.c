/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "csvcolumns.h"

#include <string.h>

/* Names that a message lists, and characters that it shows of one. */
#define LISTED_NAMES 30
#define SHOWN_CHARACTERS 40

G_DEFINE_QUARK (csv - columns - error, csv_columns_error)
/* --- names and numbers -------------------------------------------------- */
     static char *shorten (const char *name)
{
  if (g_utf8_strlen (name, -1) <= SHOWN_CHARACTERS)
    return g_strdup (name);

  g_autofree char *start = g_utf8_substring (name, 0, SHOWN_CHARACTERS);

  return g_strconcat (start, "...", NULL);
}

char *
csv_columns_describe (const CsvColumns * columns, guint index)
{
  if (!columns->names || index >= columns->n_columns)
    return g_strdup_printf ("column %u", index + 1);

  g_autofree char *name = shorten (columns->names[index]);

  return g_strdup_printf ("column %u (%s)", index + 1, name);
}

static char *
list_names (const CsvColumns * columns)
{
  g_autoptr (GString) list = g_string_new (NULL);

  if (!columns->names)
    return g_strdup_printf ("there is no header, and there are %u columns",
        columns->n_columns);

  for (guint i = 0; i < MIN (columns->n_columns, LISTED_NAMES); i++) {
    g_autofree char *name = shorten (columns->names[i]);

    g_string_append_printf (list, "%s%s", i > 0 ? ", " : "", name);
  }
  if (columns->n_columns > LISTED_NAMES)
    g_string_append_printf (list, " and %u more",
        columns->n_columns - LISTED_NAMES);
  return g_strdup_printf ("the header says: %s", list->str);
}

/* How many columns have the name, and the last one that has. */
static guint
count_name (const CsvColumns * columns, const char *name, guint *index)
{
  guint n = 0;

  for (guint i = 0; columns->names && i < columns->n_columns; i++) {
    if (strcmp (columns->names[i], name) == 0) {
      *index = i;
      n++;
    }
  }
  return n;
}

static gboolean
read_number (const CsvColumns * columns, const char *text, guint *index)
{
  gint64 number;

  if (!g_ascii_string_to_signed (text, 10, -(gint64) columns->n_columns,
          columns->n_columns, &number, NULL) || number == 0)
    return FALSE;
  *index = (guint) (number > 0 ? number - 1 : columns->n_columns + number);
  return TRUE;
}

static gboolean
find_column (const CsvColumns * columns, const char *property,
    const char *wanted, guint *index, GError ** error)
{
  guint n = count_name (columns, wanted, index);

  if (n == 1 || (n == 0 && read_number (columns, wanted, index)))
    return TRUE;
  if (n > 1) {
    g_set_error (error, CSV_COLUMNS_ERROR, CSV_COLUMNS_ERROR_CHOICE,
        "%s: %u columns are called \"%s\"; say which one by its number",
        property, n, wanted);
    return FALSE;
  }

  g_autofree char *names = list_names (columns);

  g_set_error (error, CSV_COLUMNS_ERROR, CSV_COLUMNS_ERROR_CHOICE,
      "%s: there is no column \"%s\"; %s (numbers count from 1, or from -1 "
      "for the last column)", property, wanted, names);
  return FALSE;
}

/* --- roles -------------------------------------------------------------- */

static gboolean
assign (CsvColumns * columns, const char *property, guint index, CsvRole role,
    GError ** error)
{
  static const char *const roles[] = { "", "a channel", "the label",
    "the time"
  };
  CsvColumn *column = &columns->columns[index];

  if (column->role != CSV_ROLE_NONE) {
    g_autofree char *description = csv_columns_describe (columns, index);

    g_set_error (error, CSV_COLUMNS_ERROR, CSV_COLUMNS_ERROR_CHOICE,
        "%s: %s is %s already", property, description, roles[column->role]);
    return FALSE;
  }
  column->role = role;
  if (role == CSV_ROLE_CHANNEL)
    column->channel = columns->n_channels++;
  return TRUE;
}

static gboolean
find_label (CsvColumns * columns, const char *wanted, GError ** error)
{
  guint index = 0, n = 0;

  if (wanted && !*wanted)
    return TRUE;
  if (wanted) {
    if (!find_column (columns, "label-column", wanted, &index, error))
      return FALSE;
    n = 1;
  }
  for (guint i = 0; !wanted && columns->names && i < columns->n_columns; i++) {
    if (g_ascii_strcasecmp (columns->names[i], "label") == 0) {
      index = i;
      n++;
    }
  }
  if (n > 1) {
    g_set_error (error, CSV_COLUMNS_ERROR, CSV_COLUMNS_ERROR_CHOICE,
        "%u columns are called \"label\"; set label-column to the number of "
        "one of them", n);
    return FALSE;
  }
  columns->has_label = n == 1;
  return n == 0
      || assign (columns, "label-column", index, CSV_ROLE_LABEL, error);
}

static gboolean
find_time (CsvColumns * columns, CsvParser * parser, const char *wanted,
    GError ** error)
{
  guint index;
  gint64 time;

  if (wanted && !*wanted)
    return TRUE;
  if (wanted) {
    columns->has_time = TRUE;
    return find_column (columns, "time-column", wanted, &index, error)
        && assign (columns, "time-column", index, CSV_ROLE_TIME, error);
  }
  for (guint i = 0; i < columns->n_columns; i++) {
    if (csv_parser_next_time (parser, &time) != CSV_TIME_DATE
        || columns->columns[i].role != CSV_ROLE_NONE)
      continue;
    columns->columns[i].role = CSV_ROLE_TIME;
    columns->has_time = TRUE;
    break;
  }
  csv_parser_rewind_row (parser);
  return TRUE;
}

/* a-b or a-, counted from 1. */
static gboolean
read_range (const CsvColumns * columns, const char *text, guint *first,
    guint *last)
{
  const char *dash = strchr (text, '-');

  if (!dash || dash == text)
    return FALSE;

  g_autofree char *start = g_strndup (text, dash - text);
  const char *end = dash + 1;

  *last = columns->n_columns - 1;
  return read_number (columns, start, first)
      && (!*end || (*end != '-' && read_number (columns, end, last)))
      && *first <= *last;
}

/* A range passes over the label and the time; by itself, neither can be a
 * channel. */
static gboolean
add_channels (CsvColumns * columns, const char *item, GError ** error)
{
  guint first = 0, last = 0;

  if (count_name (columns, item, &first) == 0
      && read_range (columns, item, &first, &last)) {
    for (guint i = first; i <= last; i++) {
      CsvRole role = columns->columns[i].role;

      if (role != CSV_ROLE_LABEL && role != CSV_ROLE_TIME
          && !assign (columns, "columns", i, CSV_ROLE_CHANNEL, error))
        return FALSE;
    }
    return TRUE;
  }
  return find_column (columns, "columns", item, &first, error)
      && assign (columns, "columns", first, CSV_ROLE_CHANNEL, error);
}

static gboolean
find_chosen_channels (CsvColumns * columns, const char *wanted, GError ** error)
{
  g_auto (GStrv) items = g_strsplit (wanted, ",", -1);

  for (char **item = items; *item; item++) {
    if (!add_channels (columns, g_strstrip (*item), error))
      return FALSE;
  }
  return TRUE;
}

/* A column without a name is the row number that pandas and R write, or comes
 * from a delimiter at the end of each line. */
static void
take_other_columns (CsvColumns * columns)
{
  for (guint i = 0; i < columns->n_columns; i++) {
    CsvColumn *column = &columns->columns[i];

    if (column->role == CSV_ROLE_NONE
        && (!columns->names || *columns->names[i])) {
      column->role = CSV_ROLE_CHANNEL;
      column->channel = columns->n_channels++;
    }
  }
}

static gboolean
find_channels (CsvColumns * columns, const char *wanted, GError ** error)
{
  if (!wanted || !*wanted)
    take_other_columns (columns);
  else if (!find_chosen_channels (columns, wanted, error))
    return FALSE;

  if (columns->n_channels > 0 && columns->n_channels <= CSV_MAX_CHANNELS)
    return TRUE;
  if (columns->n_channels == 0)
    g_set_error (error, CSV_COLUMNS_ERROR, CSV_COLUMNS_ERROR_TABLE,
        "No column is left for a channel");
  else
    g_set_error (error, CSV_COLUMNS_ERROR, CSV_COLUMNS_ERROR_TABLE,
        "There are %u channels, and there may be %d; choose with columns",
        columns->n_channels, CSV_MAX_CHANNELS);
  return FALSE;
}

/* --- the table ---------------------------------------------------------- */

static guint
count_columns (CsvParser * parser)
{
  const char *const *names = csv_parser_get_names (parser);
  guint n = 0;

  if (names)
    return g_strv_length ((char **) names);
  while (csv_parser_skip_cell (parser))
    n++;
  csv_parser_rewind_row (parser);
  return n;
}

gboolean
csv_columns_find (CsvColumns * columns, CsvParser * parser,
    const CsvChoice * choice, GError ** error)
{
  *columns = (CsvColumns) {
  NULL};
  columns->names = csv_parser_get_names (parser);
  columns->n_columns = count_columns (parser);
  columns->columns = g_new0 (CsvColumn, columns->n_columns);
  if (find_label (columns, choice->label, error)
      && find_time (columns, parser, choice->time, error)
      && find_channels (columns, choice->channels, error))
    return TRUE;
  csv_columns_clear (columns);
  return FALSE;
}

void
csv_columns_clear (CsvColumns * columns)
{
  g_clear_pointer (&columns->columns, g_free);
  *columns = (CsvColumns) {
  NULL};
}
