/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/*
 * A push parser for delimited text: bytes in, in chunks of any size, rows of
 * cells out. What comes out depends on the bytes alone, never on the chunks.
 *
 *   csv_parser_push (parser, bytes, size);
 *   while ((status = csv_parser_next_row (parser)) != CSV_END)
 *     while ((cell = csv_parser_next_number (parser, &value)) != CSV_CELL_NONE)
 *       ...
 *
 * Understood: LF, CRLF and CR line ends; a byte order mark; cells in quotes,
 * with doubled quotes, delimiters and line ends in them; blanks around cells;
 * empty lines, which are skipped; lines that begin with `#` before the first
 * row of data, which are comments; a line of names before the first row of
 * data, or, if there is none, a comment right there with as many cells as the
 * row has.
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Longest line, in bytes: 65,536 numbers in the 25 characters that a double
 * takes at most are 1.6 MiB. */
#define CSV_MAX_LINE (2 * 1024 * 1024)

typedef struct _CsvParser CsvParser;

/* A delimiter of ' ' is any run of blanks and tabs. With '\0' it is detected
 * from the first two lines: tab, semicolon, comma, bar or blanks, the first of
 * these that cuts both into as many cells. */
CsvParser *csv_parser_new (char delimiter);
void csv_parser_free (CsvParser * parser);

/* Hands over the next bytes, which must stay where they are until
 * csv_parser_next_row() has returned CSV_END; before that there is nothing more
 * to push. csv_parser_finish() says that no more will come. */
void csv_parser_push (CsvParser * parser, const char *bytes, gsize size);
void csv_parser_finish (CsvParser * parser);

typedef enum
{
  CSV_END,                      /* no further row in what has been pushed */
  CSV_ROW,                      /* a row of data, to be read cell by cell */
  CSV_TOO_LONG,                 /* a line of more than CSV_MAX_LINE bytes */
  CSV_NUL,                      /* a line with NUL bytes: not a text in UTF-8 */
  CSV_OPEN_QUOTE                /* the text ends within quotes */
} CsvStatus;

/* Only after CSV_ROW are there cells to be read. */
CsvStatus csv_parser_next_row (CsvParser * parser);

/* The line that the row began with, counted from 1, and how many it spans. */
guint64 csv_parser_get_line (const CsvParser * parser);
guint64 csv_parser_get_n_lines (const CsvParser * parser);

/* The names of the columns, valid UTF-8, NULL-terminated, or NULL if there are
 * none; known with the first row of data, or at the end. */
const char *const *csv_parser_get_names (const CsvParser * parser);

typedef enum
{
  CSV_CELL_NONE,                /* the row has no further cell */
  CSV_CELL_NUMBER,
  CSV_CELL_MISSING,             /* empty, or a marker for missing: NaN */
  CSV_CELL_TEXT,                /* anything else */
  CSV_CELL_RANGE                /* a number that is beyond float */
} CsvCell;

/* Reads the row's next cell as a number. With a semicolon for delimiter the
 * decimal mark may be a comma; the first mark of a text decides for all of
 * it. */
CsvCell csv_parser_next_number (CsvParser * parser, float *value);

/* Reads the next cell as 0 or 1, which `true` and `false` are too. */
CsvCell csv_parser_next_boolean (CsvParser * parser, gboolean * value);

typedef enum
{
  CSV_TIME_NONE,                /* not a time, or no cell */
  CSV_TIME_DATE,                /* ISO 8601, since 1970 */
  CSV_TIME_SECONDS              /* a number of seconds */
} CsvTime;

/* Reads the next cell as a time. */
CsvTime csv_parser_next_time (CsvParser * parser, gint64 * nanoseconds);

gboolean csv_parser_has_cell (const CsvParser * parser);

/* Passes over the next cell; FALSE if there is none. */
gboolean csv_parser_skip_cell (CsvParser * parser);

/* Begins the row again. */
void csv_parser_rewind_row (CsvParser * parser);

/* The cell that was read last, unless it was a CSV_CELL_NUMBER: without quotes
 * and blanks around it, valid UTF-8, cut short if it is long. The caller's, to
 * g_free(). */
char *csv_parser_dup_cell (const CsvParser * parser);

G_END_DECLS
