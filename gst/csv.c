/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "csv.h"
#include "csvnumber.h"

#include <math.h>
#include <string.h>

/* Characters of a cell that a message shows. */
#define EXCERPT 40

/* A line without its end; *end can be read. */
typedef struct
{
  const char *start;
  const char *end;
  const char *limit;            /* what is before it can be read */
  guint64 number;
  guint64 n_lines;
} Line;

typedef struct
{
  const char *start;
  const char *end;
} Text;

/* Where in the chunk the next of a kind of byte is, at the earliest. */
typedef struct
{
  char byte;
  const char *at;
} Finder;

struct _CsvParser
{
  char delimiter;               /* 0 while it is not known */
  char mark;                    /* decimal; 0 while it is not known */
  gboolean finished;
  gboolean data_begun;
  char **names;

  /* The chunk, and the line in progress. */
  const char *pos;
  const char *end;
  Finder newline, carriage_return, quote, nul;
  guint mark_matched;           /* bytes of the byte order mark */
  guint64 line_number;
  GString *carry;               /* what earlier chunks had of the line */
  gboolean carry_taken;         /* and the line has been handed out */
  gboolean skip_newline;        /* the second half of CRLF */
  gboolean in_quotes;
  gboolean had_quotes;
  gboolean had_nul;
  gboolean too_long;
  const char *reopen;           /* behind a quote that closed: one here is the
                                 * second of a doubled one */
  gboolean reopen_in_next_chunk;

  /* Lines that were looked at before their turn. */
  GString *first;
  Line ahead[2];
  guint n_ahead;

  GString *comment;             /* the last one */
  GString *unescaped;           /* a cell's text without doubled quotes */

  Line row;
  const char *cursor;           /* the next cell; NULL after the last */
  Text cell;
};

/* --- life --------------------------------------------------------------- */

/* Only with semicolons may the decimal mark be a comma. */
static void
set_delimiter (CsvParser * parser, char delimiter)
{
  parser->delimiter = delimiter;
  if (delimiter != '\0' && delimiter != ';')
    parser->mark = '.';
}

CsvParser *
csv_parser_new (char delimiter)
{
  CsvParser *parser = g_new0 (CsvParser, 1);

  set_delimiter (parser, delimiter);
  parser->line_number = 1;
  parser->newline.byte = '\n';
  parser->carriage_return.byte = '\r';
  parser->quote.byte = '"';
  parser->nul.byte = '\0';
  parser->carry = g_string_new (NULL);
  parser->first = g_string_new (NULL);
  parser->comment = g_string_new (NULL);
  parser->unescaped = g_string_new (NULL);
  return parser;
}

void
csv_parser_free (CsvParser * parser)
{
  if (!parser)
    return;
  g_string_free (parser->carry, TRUE);
  g_string_free (parser->first, TRUE);
  g_string_free (parser->comment, TRUE);
  g_string_free (parser->unescaped, TRUE);
  g_strfreev (parser->names);
  g_free (parser);
}

void
csv_parser_push (CsvParser * parser, const char *bytes, gsize size)
{
  g_return_if_fail (parser->pos == parser->end);

  if (size == 0)
    return;
  parser->pos = bytes;
  parser->end = bytes + size;
  parser->newline.at = NULL;
  parser->carriage_return.at = NULL;
  parser->quote.at = NULL;
  parser->nul.at = NULL;
  parser->reopen = parser->reopen_in_next_chunk ? bytes : NULL;
}

void
csv_parser_finish (CsvParser * parser)
{
  parser->finished = TRUE;
}

guint64
csv_parser_get_line (const CsvParser * parser)
{
  return parser->row.number;
}

guint64
csv_parser_get_n_lines (const CsvParser * parser)
{
  return parser->row.n_lines;
}

const char *const *
csv_parser_get_names (const CsvParser * parser)
{
  return (const char *const *) parser->names;
}

/* --- bytes to lines ----------------------------------------------------- */

static inline gboolean
is_blank (const CsvParser * parser, char c)
{
  return c == ' ' || (c == '\t' && parser->delimiter != '\t');
}

/* The next such byte at or after `from`, or the chunk's end. Each byte of a
 * chunk is looked at once, however often this is called. */
static inline const char *
find (const CsvParser * parser, Finder * finder, const char *from)
{
  if (!finder->at || finder->at < from) {
    finder->at = memchr (from, finder->byte, parser->end - from);
    if (!finder->at)
      finder->at = parser->end;
  }
  return finder->at;
}

/* While the delimiter is not known yet, any of those that can be detected. */
static gboolean
may_come_before_quotes (const CsvParser * parser, char c, gboolean blank)
{
  if (parser->delimiter == ' ')
    return blank;
  if (parser->delimiter)
    return c == parser->delimiter;
  return strchr ("\t;,|", c) != NULL || (blank && c == '"');
}

/* Quotes mean something at the beginning of a cell only: 5" is five inches. */
static gboolean
opens_quotes (const CsvParser * parser, const char *piece, const char *quote)
{
  const char *p = quote;
  gsize n = parser->carry->len;
  gboolean blank;

  if (quote == parser->reopen)
    return TRUE;
  while (p > piece && is_blank (parser, p[-1]))
    p--;
  if (p > piece)
    return may_come_before_quotes (parser, p[-1], p < quote);
  blank = p < quote || (n > 0 && is_blank (parser, parser->carry->str[n - 1]));
  while (n > 0 && is_blank (parser, parser->carry->str[n - 1]))
    n--;
  return n == 0 ||
      may_come_before_quotes (parser, parser->carry->str[n - 1], blank);
}

/* Moves on to the end of the line, or to `limit`, which gives NULL. */
static const char *
find_line_end (CsvParser * parser, const char *piece, const char *limit,
    gboolean quotes)
{
  while (parser->pos < limit) {
    const char *end, *quote;

    if (parser->in_quotes) {
      quote = find (parser, &parser->quote, parser->pos);
      if (quote >= limit)
        break;
      parser->in_quotes = FALSE;
      parser->pos = parser->reopen = quote + 1;
      continue;
    }
    end = MIN (find (parser, &parser->newline, parser->pos),
        find (parser, &parser->carriage_return, parser->pos));
    end = MIN (end, limit);
    quote = quotes ? find (parser, &parser->quote, parser->pos) : end;
    if (quote < end) {
      parser->in_quotes = opens_quotes (parser, piece, quote);
      parser->had_quotes |= parser->in_quotes;
      parser->pos = quote + 1;
      continue;
    }
    parser->pos = end;
    if (end < limit)
      return end;
  }
  parser->pos = limit;
  return NULL;
}

/* FALSE while it is open whether the text begins with a byte order mark. */
static gboolean
pass_byte_order_mark (CsvParser * parser)
{
  static const char mark[] = "\xef\xbb\xbf";
  const guint whole = 3, settled = 4;

  if (parser->mark_matched == settled)
    return TRUE;
  while (parser->mark_matched < whole && parser->pos < parser->end &&
      *parser->pos == mark[parser->mark_matched]) {
    parser->pos++;
    parser->mark_matched++;
  }
  if (parser->mark_matched < whole) {
    if (parser->pos == parser->end && !parser->finished)
      return FALSE;
    g_string_append_len (parser->carry, mark, parser->mark_matched);
  }
  parser->mark_matched = settled;
  return TRUE;
}

static void
begin_line (CsvParser * parser)
{
  g_string_truncate (parser->carry, 0);
  parser->carry_taken = FALSE;
  parser->in_quotes = FALSE;
  parser->had_quotes = FALSE;
  parser->had_nul = FALSE;
  parser->too_long = FALSE;
}

static guint64
count_lines (const char *p, const char *end)
{
  guint64 n = 1;

  for (; p < end; p++)
    n += *p == '\n' || (*p == '\r' && (p + 1 == end || p[1] != '\n'));
  return n;
}

static CsvStatus
hand_out_line (CsvParser * parser, const char *start, const char *end,
    Line * line)
{
  line->start = start;
  line->end = end;
  line->limit = start == parser->carry->str ? end + 1 : parser->end;
  line->number = parser->line_number;
  line->n_lines = parser->had_quotes ? count_lines (start, end) : 1;
  parser->line_number += line->n_lines;
  parser->carry_taken = TRUE;
  if (parser->had_nul)
    return CSV_NUL;
  if (parser->too_long)
    return CSV_TOO_LONG;
  return parser->in_quotes ? CSV_OPEN_QUOTE : CSV_ROW;
}

/* Scans a piece of the line, which ends with the line, with the chunk, or where
 * the line becomes too long; from there on only the line's end matters. Returns
 * NULL while the line goes on. */
static const char *
scan_piece (CsvParser * parser)
{
  const char *piece = parser->pos;
  const char *limit = parser->end;
  gsize room = CSV_MAX_LINE + 1 - parser->carry->len;
  gboolean comment = !parser->data_begun &&
      (parser->carry->len > 0 ? parser->carry->str[0] : *piece) == '#';
  const char *end;

  if (!parser->too_long && (gsize) (limit - piece) > room)
    limit = piece + room;
  end = find_line_end (parser, piece, limit, !comment && !parser->too_long);
  if (!parser->had_nul)
    parser->had_nul = find (parser, &parser->nul, piece) < parser->pos;
  if (!parser->too_long && (!end || parser->carry->len > 0))
    g_string_append_len (parser->carry, piece, parser->pos - piece);
  if (!parser->too_long && parser->carry->len > CSV_MAX_LINE) {
    parser->too_long = TRUE;
    parser->in_quotes = FALSE;
  }
  return end;
}

static CsvStatus
next_line (CsvParser * parser, Line * line)
{
  if (parser->carry_taken)
    begin_line (parser);
  if (!pass_byte_order_mark (parser))
    return CSV_END;
  if (parser->skip_newline && parser->pos < parser->end) {
    parser->pos += *parser->pos == '\n';
    parser->skip_newline = FALSE;
  }
  while (parser->pos < parser->end) {
    const char *start = parser->pos;
    const char *end = scan_piece (parser);

    if (!end)
      continue;
    parser->pos = end + 1;
    parser->skip_newline = *end == '\r' && parser->pos == parser->end;
    if (*end == '\r' && parser->pos < parser->end)
      parser->pos += *parser->pos == '\n';
    if (parser->carry->len > 0)
      return hand_out_line (parser, parser->carry->str,
          parser->carry->str + parser->carry->len, line);
    return hand_out_line (parser, start, end, line);
  }
  parser->reopen_in_next_chunk = parser->reopen != NULL &&
      parser->reopen == parser->end;
  if (!parser->finished || parser->carry->len == 0)
    return CSV_END;
  return hand_out_line (parser, parser->carry->str,
      parser->carry->str + parser->carry->len, line);
}

/* --- lines to cells ----------------------------------------------------- */

static void
trim (const CsvParser * parser, const char **start, const char **end)
{
  while (*start < *end && is_blank (parser, **start))
    (*start)++;
  while (*end > *start && is_blank (parser, (*end)[-1]))
    (*end)--;
}

void
csv_parser_rewind_row (CsvParser * parser)
{
  if (parser->delimiter == ' ')
    trim (parser, &parser->row.start, &parser->row.end);
  parser->cursor = parser->row.start;
}

static const char *
find_delimiter (const CsvParser * parser, const char *from)
{
  const char *end = parser->row.end;
  const char *delimiter;

  if (parser->delimiter == ' ') {
    while (from < end && !is_blank (parser, *from))
      from++;
    return from;
  }
  delimiter = memchr (from, parser->delimiter, end - from);
  return delimiter ? delimiter : end;
}

/* From the delimiter behind a cell, or the row's end, to the next cell. */
static inline void
pass_delimiter (CsvParser * parser, const char *delimiter)
{
  if (delimiter == parser->row.end) {
    parser->cursor = NULL;
    return;
  }
  parser->cursor = delimiter + 1;
  if (parser->delimiter == ' ') {
    while (is_blank (parser, *parser->cursor))
      parser->cursor++;
  }
}

/* Behind the quote that closes the one at `quote`, or NULL. */
static const char *
find_closing_quote (const CsvParser * parser, const char *quote)
{
  const char *end = parser->row.end;
  const char *p = quote + 1;

  while ((p = memchr (p, '"', end - p)) != NULL) {
    if (p + 1 == end || p[1] != '"')
      return p + 1;
    p += 2;
  }
  return NULL;
}

/* The text between quotes. */
static Text
unquote (CsvParser * parser, const char *start, const char *end)
{
  Text text = { start + 1, end - 1 };
  GString *unescaped = parser->unescaped;

  if (!memchr (text.start, '"', text.end - text.start))
    return text;
  g_string_truncate (unescaped, 0);
  for (const char *p = text.start; p < text.end; p += 1 + (*p == '"'))
    g_string_append_c (unescaped, *p);
  text.start = unescaped->str;
  text.end = unescaped->str + unescaped->len;
  return text;
}

static gboolean
next_cell (CsvParser * parser)
{
  const char *start = parser->cursor;
  const char *closed = NULL, *delimiter;

  if (!start)
    return FALSE;
  while (start < parser->row.end && is_blank (parser, *start))
    start++;
  if (start < parser->row.end && *start == '"')
    closed = find_closing_quote (parser, start);
  delimiter = find_delimiter (parser, closed ? closed : start);
  parser->cell.start = start;
  parser->cell.end = delimiter;
  trim (parser, &parser->cell.start, &parser->cell.end);
  if (closed && closed == parser->cell.end) {
    parser->cell = unquote (parser, start, closed);
    trim (parser, &parser->cell.start, &parser->cell.end);
  }
  pass_delimiter (parser, delimiter);
  return TRUE;
}

gboolean
csv_parser_has_cell (const CsvParser * parser)
{
  return parser->cursor != NULL;
}

gboolean
csv_parser_skip_cell (CsvParser * parser)
{
  return next_cell (parser);
}

static char *
dup_text (Text text)
{
  char *bytes = g_strndup (text.start, text.end - text.start);
  char *valid = g_utf8_make_valid (bytes, -1);

  g_free (bytes);
  return valid;
}

char *
csv_parser_dup_cell (const CsvParser * parser)
{
  Text text = parser->cell;
  gsize longest = 6 * EXCERPT;  /* of the bytes that a character has at most */
  char *whole, *excerpt;

  text.end = MIN (text.end, text.start + MIN (longest,
          (gsize) (text.end - text.start)));
  whole = dup_text (text);
  if (g_utf8_strlen (whole, -1) <= EXCERPT)
    return whole;
  *g_utf8_offset_to_pointer (whole, EXCERPT) = '\0';
  excerpt = g_strconcat (whole, "...", NULL);
  g_free (whole);
  return excerpt;
}

/* --- what a cell says --------------------------------------------------- */

static gboolean
text_is (Text text, const char *word)
{
  gsize n = strlen (word);

  return (gsize) (text.end - text.start) == n &&
      g_ascii_strncasecmp (text.start, word, n) == 0;
}

static Text
without_sign (Text text)
{
  if (text.start < text.end && (*text.start == '-' || *text.start == '+'))
    text.start++;
  return text;
}

static gboolean
is_missing (Text text)
{
  static const char *const markers[] = {
    "", "na", "n/a", "#n/a", "<na>", "null", "none", "?"
  };

  for (guint i = 0; i < G_N_ELEMENTS (markers); i++) {
    if (text_is (text, markers[i]))
      return TRUE;
  }
  return text_is (without_sign (text), "nan");
}

static gboolean
is_infinite (Text text)
{
  text = without_sign (text);
  return text_is (text, "inf") || text_is (text, "infinity");
}

static inline char
decimal_mark (const CsvParser * parser)
{
  return parser->mark ? parser->mark : '.';
}

/* The first mark decides; only with semicolons is there anything to decide. */
static void
note_mark (CsvParser * parser, const char *start, const char *end, char mark)
{
  if (parser->mark == '\0' && memchr (start, mark, end - start))
    parser->mark = mark;
}

static CsvCell
read_number (CsvParser * parser, char mark, float *value)
{
  Text text = parser->cell;
  const char *end = csv_number_read (text.start, text.end + 1, mark, value);

  if (!end || end != text.end)
    return CSV_CELL_TEXT;
  note_mark (parser, text.start, end, mark);
  return isinf (*value) ? CSV_CELL_RANGE : CSV_CELL_NUMBER;
}

static CsvCell
classify_cell (CsvParser * parser, float *value)
{
  CsvCell cell;

  if (is_missing (parser->cell)) {
    *value = NAN;
    return CSV_CELL_MISSING;
  }
  cell = read_number (parser, decimal_mark (parser), value);
  if (cell == CSV_CELL_TEXT && parser->mark == '\0')
    cell = read_number (parser, ',', value);
  if (cell == CSV_CELL_TEXT && is_infinite (parser->cell)) {
    *value = *parser->cell.start == '-' ? -INFINITY : INFINITY;
    return CSV_CELL_NUMBER;
  }
  return cell;
}

static G_GNUC_NO_INLINE CsvCell
next_unusual_number (CsvParser * parser, float *value)
{
  next_cell (parser);
  return classify_cell (parser, value);
}

CsvCell
csv_parser_next_number (CsvParser * parser, float *value)
{
  const char *start = parser->cursor;
  const char *end;

  if (!start)
    return CSV_CELL_NONE;
  while (*start == ' ')
    start++;
  end =
      csv_number_read (start, parser->row.limit, decimal_mark (parser), value);
  if (G_LIKELY (end && !isinf (*value) && (end == parser->row.end
              || *end == parser->delimiter))) {
    if (G_UNLIKELY (parser->mark == '\0'))
      note_mark (parser, start, end, '.');
    pass_delimiter (parser, end);
    return CSV_CELL_NUMBER;
  }
  return next_unusual_number (parser, value);
}

CsvCell
csv_parser_next_boolean (CsvParser * parser, gboolean *value)
{
  CsvCell cell;
  float number;

  if (!next_cell (parser))
    return CSV_CELL_NONE;
  *value = text_is (parser->cell, "true");
  if (*value || text_is (parser->cell, "false"))
    return CSV_CELL_NUMBER;
  cell = classify_cell (parser, &number);
  if (cell != CSV_CELL_NUMBER)
    return cell;
  *value = number == 1.0f;
  return number == 0.0f || number == 1.0f ? CSV_CELL_NUMBER : CSV_CELL_TEXT;
}

CsvTime
csv_parser_next_time (CsvParser * parser, gint64 *nanoseconds)
{
  Text *text = &parser->cell;
  char mark;

  if (!next_cell (parser))
    return CSV_TIME_NONE;
  if (csv_date_time_read (text->start, text->end, nanoseconds))
    return CSV_TIME_DATE;
  mark = decimal_mark (parser);
  if (!csv_seconds_read (text->start, text->end, mark, nanoseconds)) {
    mark = ',';
    if (parser->mark != '\0' ||
        !csv_seconds_read (text->start, text->end, mark, nanoseconds))
      return CSV_TIME_NONE;
  }
  note_mark (parser, text->start, text->end, mark);
  return CSV_TIME_SECONDS;
}

/* --- the first lines ---------------------------------------------------- */

static gboolean
is_empty (const CsvParser * parser, const Line * line)
{
  gboolean tabs = parser->delimiter != '\0';

  for (const char *p = line->start; p < line->end; p++) {
    if (!(tabs ? is_blank (parser, *p) : *p == ' '))
      return FALSE;
  }
  return TRUE;
}

/* A spreadsheet's #N/A is a cell. */
static gboolean
is_comment (const Line * line)
{
  return line->start < line->end && *line->start == '#' &&
      (line->end - line->start < 4 || memcmp (line->start, "#N/A", 4) != 0);
}

/* The next line that is not empty or a comment. */
static CsvStatus
next_full_line (CsvParser * parser, Line * line)
{
  for (;;) {
    CsvStatus status = next_line (parser, line);

    if (status != CSV_ROW)
      return status;
    if (is_empty (parser, line))
      continue;
    if (parser->data_begun || !is_comment (line))
      return CSV_ROW;
    g_string_truncate (parser->comment, 0);
    g_string_append_len (parser->comment, line->start, line->end - line->start);
  }
}

static void
set_row (CsvParser * parser, const Line * line)
{
  parser->row = *line;
  csv_parser_rewind_row (parser);
}

static guint
count_cells (CsvParser * parser, const Line * line, char delimiter)
{
  char kept = parser->delimiter;
  guint n = 0;

  parser->delimiter = delimiter;
  set_row (parser, line);
  while (next_cell (parser))
    n++;
  parser->delimiter = kept;
  return n;
}

/* Blanks only if both lines agree: they are also found in the name of a single
 * column. If there is only one line, it can only be data. Commas are tried
 * late, as decimal marks look the same. */
static char
detect_delimiter (CsvParser * parser, const Line * first, const Line * second)
{
  static const char agreeing[] = "\t;,| ";
  const char *alone = second ? "\t;,|" : agreeing;

  for (const char *c = agreeing; *c; c++) {
    guint n = count_cells (parser, first, *c);

    if (n > 1 && second && count_cells (parser, second, *c) == n)
      return *c;
  }
  for (const char *c = alone; *c; c++) {
    if (count_cells (parser, first, *c) > 1)
      return *c;
  }
  return ',';
}

/* What can't be read as a row has no cells. */
static CsvStatus
refuse_line (CsvParser * parser, const Line * line, CsvStatus status)
{
  if (status != CSV_END)
    parser->row = *line;
  parser->cursor = NULL;
  return status;
}

/* Takes the first two lines and what they say about the delimiter; they are
 * then ahead. */
static CsvStatus
look_ahead (CsvParser * parser)
{
  Line *first = &parser->ahead[0], *second = &parser->ahead[1];
  CsvStatus status;

  if (parser->first->len == 0) {
    status = next_full_line (parser, first);
    if (status != CSV_ROW)
      return refuse_line (parser, first, status);
    g_string_append_len (parser->first, first->start,
        first->end - first->start);
    first->start = parser->first->str;
    first->end = parser->first->str + parser->first->len;
    first->limit = first->end + 1;
  }
  status = next_full_line (parser, second);
  if (status != CSV_ROW && !(status == CSV_END && parser->finished))
    return refuse_line (parser, second, status);
  parser->n_ahead = status == CSV_ROW ? 2 : 1;
  set_delimiter (parser, detect_delimiter (parser, first,
          status == CSV_ROW ? second : NULL));
  return CSV_ROW;
}

/* A row with a cell that no row of data could have. */
static gboolean
is_header (CsvParser * parser, const Line * line)
{
  char mark = parser->mark;
  gboolean found = FALSE, boolean;
  gint64 time;

  set_row (parser, line);
  while (parser->cursor && !found) {
    const char *cell = parser->cursor;

    found = csv_parser_next_boolean (parser, &boolean) == CSV_CELL_TEXT;
    if (found) {
      float number;

      parser->cursor = cell;
      found = csv_parser_next_number (parser, &number) == CSV_CELL_TEXT;
    }
    if (found) {
      parser->cursor = cell;
      found = csv_parser_next_time (parser, &time) == CSV_TIME_NONE;
    }
  }
  parser->mark = mark;
  return found;
}

static void
take_names (CsvParser * parser, const Line * line)
{
  GPtrArray *names = g_ptr_array_new ();

  set_row (parser, line);
  while (next_cell (parser))
    g_ptr_array_add (names, dup_text (parser->cell));
  g_ptr_array_add (names, NULL);
  parser->names = (char **) g_ptr_array_free (names, FALSE);
}

/* As numpy.savetxt() writes names. */
static void
take_names_from_comment (CsvParser * parser, const Line * row)
{
  GString *comment = parser->comment;
  const char *end = comment->str + comment->len;
  Line line = { comment->str, end, end + 1, 0, 1 };
  guint n = count_cells (parser, row, parser->delimiter);

  while (line.start < line.end && *line.start == '#')
    line.start++;
  if (n > 1 && count_cells (parser, &line, parser->delimiter) == n &&
      is_header (parser, &line))
    take_names (parser, &line);
}

/* TRUE if the line was the header. */
static gboolean
begin_data (CsvParser * parser, const Line * line)
{
  if (!parser->names && is_header (parser, line)) {
    take_names (parser, line);
    return TRUE;
  }
  if (!parser->names)
    take_names_from_comment (parser, line);
  parser->data_begun = TRUE;
  return FALSE;
}

static CsvStatus
next_line_in_turn (CsvParser * parser, Line * line)
{
  if (parser->n_ahead == 0)
    return next_full_line (parser, line);
  *line = parser->ahead[0];
  parser->ahead[0] = parser->ahead[1];
  parser->n_ahead--;
  return CSV_ROW;
}

CsvStatus
csv_parser_next_row (CsvParser * parser)
{
  if (parser->delimiter == '\0') {
    CsvStatus status = look_ahead (parser);

    if (status != CSV_ROW)
      return status;
  }
  for (;;) {
    Line line = { NULL, NULL, NULL, 0, 0 };
    CsvStatus status = next_line_in_turn (parser, &line);

    if (status != CSV_ROW)
      return refuse_line (parser, &line, status);
    if (!parser->data_begun && begin_data (parser, &line))
      continue;
    set_row (parser, &line);
    return CSV_ROW;
  }
}
