/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gst/check/check.h>

#include "csv.h"
#include "csvcolumns.h"
#include "csvnumber.h"

/* --- rows as text ------------------------------------------------------- */

static void
append_cell (GString * out, CsvParser * parser, CsvCell cell, float value)
{
  char number[CSV_NUMBER_SIZE];
  char *text;

  switch (cell) {
    case CSV_CELL_NUMBER:
      csv_number_write (value, number);
      g_string_append (out, number);
      return;
    case CSV_CELL_MISSING:
      fail_unless (isnan (value));
      g_string_append (out, "_");
      return;
    default:
      text = csv_parser_dup_cell (parser);
      fail_unless (g_utf8_validate (text, -1, NULL));
      g_string_append_printf (out, "%c<%s>",
          cell == CSV_CELL_TEXT ? 'T' : 'R', text);
      g_free (text);
  }
}

/* `1 2|3 4`, with `#line:status` for what is no row. */
static void
append_rows (GString * out, CsvParser * parser)
{
  CsvStatus status;

  while ((status = csv_parser_next_row (parser)) != CSV_END) {
    CsvCell cell;
    float value;

    if (status != CSV_ROW)
      g_string_append_printf (out, "#%" G_GUINT64_FORMAT ":%d",
          csv_parser_get_line (parser), status);
    while ((cell = csv_parser_next_number (parser, &value)) != CSV_CELL_NONE) {
      append_cell (out, parser, cell, value);
      g_string_append_c (out, ' ');
    }
    g_string_append_c (out, '|');
  }
}

/* `names: rows`, from chunks of 1 to `longest` bytes, each in memory of its own
 * so that a look beyond it is seen by the sanitizer. */
static char *
parse (const char *text, gsize size, char delimiter, gsize longest,
    GRand * rand)
{
  CsvParser *parser = csv_parser_new (delimiter);
  GString *out = g_string_new (NULL);

  for (gsize pos = 0; pos < size;) {
    gsize n = rand ? (gsize) g_rand_int_range (rand, 1, (gint) longest + 1)
        : longest;
    char *chunk;

    n = MIN (n, size - pos);
    chunk = g_malloc (n);
    memcpy (chunk, text + pos, n);
    csv_parser_push (parser, chunk, n);
    append_rows (out, parser);
    g_free (chunk);
    pos += n;
  }
  csv_parser_finish (parser);
  append_rows (out, parser);
  if (csv_parser_get_names (parser)) {
    char *names = g_strjoinv ("/", (char **) csv_parser_get_names (parser));

    g_string_prepend (out, ": ");
    g_string_prepend (out, names);
    g_free (names);
  }
  csv_parser_free (parser);
  return g_string_free (out, FALSE);
}

static void
assert_rows_of_size (const char *text, gsize size, char delimiter,
    const char *expected)
{
  const gsize chunks[] = { 1, 2, 3, 7, 4096 };

  for (guint i = 0; i < G_N_ELEMENTS (chunks); i++) {
    char *rows = parse (text, size, delimiter, chunks[i], NULL);

    fail_unless (strcmp (rows, expected) == 0,
        "in chunks of %u bytes:\n%s\ngave\n%s\nand not\n%s", (guint) chunks[i],
        text, rows, expected);
    g_free (rows);
  }
}

static void
assert_rows (const char *text, const char *expected)
{
  assert_rows_of_size (text, strlen (text), '\0', expected);
}

/* --- rows --------------------------------------------------------------- */

GST_START_TEST (test_delimiters_are_detected)
{
  assert_rows ("a,b\n1,2\n3,4\n", "a/b: 1 2 |3 4 |");
  assert_rows ("a;b\n1;2\n", "a/b: 1 2 |");
  assert_rows ("a\tb\n1\t2\n", "a/b: 1 2 |");
  assert_rows ("a|b\n1|2\n", "a/b: 1 2 |");
  assert_rows ("  a  b c\n 1   2\t3  \n", "a/b/c: 1 2 3 |");
  assert_rows ("1 2\n3 4", "1 2 |3 4 |");
  assert_rows ("wind speed\n1\n2\n", "wind speed: 1 |2 |");
  assert_rows ("t, a;b\n1;2\n", "t, a/b: 1 2 |");
  assert_rows ("1;2,5\n3;4,5\n", "1 2.5 |3 4.5 |");
  assert_rows ("a,b\n1\n", "a/b: 1 |");
  assert_rows ("1,2", "1 2 |");
  assert_rows ("1 2", "1 2 |");
}

GST_END_TEST;

GST_START_TEST (test_delimiter_can_be_fixed)
{
  assert_rows_of_size ("a:b\n1:2\n", 8, ':', "a/b: 1 2 |");
  assert_rows_of_size ("a b\n1;2 3;4\n", 12, ' ', "a/b: T<1;2> T<3;4> |");
  assert_rows_of_size ("1,5;2\n", 6, ';', "1.5 2 |");
  assert_rows_of_size ("\t\n1\t2\n", 6, '\t', "_ _ |1 2 |");
}

GST_END_TEST;

GST_START_TEST (test_header_is_detected)
{
  assert_rows ("1,2\n3,4\n", "1 2 |3 4 |");
  assert_rows ("nan,\n3,4\n", "_ _ |3 4 |");
  assert_rows ("2020-03-09 10:00:00,1,True\n", "T<2020-03-09 10:00:00> 1 "
      "T<True> |");
  assert_rows (",x\n1,2\n", "/x: 1 2 |");
  assert_rows ("1,x\n3,4\n", "1/x: 3 4 |");
  assert_rows ("1e99,2\n", "R<1e99> 2 |");
  assert_rows ("# a b label\n1 2 0\n", "a/b/label: 1 2 0 |");
  assert_rows ("# made by hand\n1,2\n", "1 2 |");
  assert_rows ("a,b\n", "a/b: ");
}

GST_END_TEST;

GST_START_TEST (test_lines_end_in_any_way)
{
  assert_rows ("a,b\r\n1,2\r\n3,4\r\n", "a/b: 1 2 |3 4 |");
  assert_rows ("a,b\r1,2\r3,4\r", "a/b: 1 2 |3 4 |");
  assert_rows ("a,b\n1,2\n3,4", "a/b: 1 2 |3 4 |");
  assert_rows ("a,b\r\n1,2\r\n3,4", "a/b: 1 2 |3 4 |");
  assert_rows ("\n\na,b\n\n1,2\n  \n3,4\n\n\n", "a/b: 1 2 |3 4 |");
}

GST_END_TEST;

GST_START_TEST (test_byte_order_mark_is_no_cell)
{
  assert_rows ("\xef\xbb\xbf" "a,b\n1,2\n", "a/b: 1 2 |");
  assert_rows ("\xef\xbb\xbf\"a,b\",c\n1,2\n", "a,b/c: 1 2 |");
  assert_rows ("\xef\xbb\xbf" "1,2\n", "1 2 |");
  assert_rows ("\xef\xbb\xbf", "");
  assert_rows ("\xef\xbb" "a,b\n1,2\n",
      "\xef\xbf\xbd\xef\xbf\xbd" "a/b: 1 2 |");
}

GST_END_TEST;

GST_START_TEST (test_quotes)
{
  assert_rows ("\"a\",\"b\"\n\"1\",\"2.5\"\n", "a/b: 1 2.5 |");
  assert_rows ("\"say \"\"a\"\"\",\"b,c\nd\"\n1,2\n",
      "say \"a\"/b,c\nd: 1 2 |");
  assert_rows ("\"a\"\"b\nc\",d\n1,2\n", "a\"b\nc/d: 1 2 |");
  assert_rows ("a,b\n 1 , \"2\" \n", "a/b: 1 2 |");
  assert_rows ("a,b\n\" 1 \",\"\"\n", "a/b: 1 _ |");
  assert_rows ("pipe 5\",b\n1,2\n", "pipe 5\"/b: 1 2 |");
  assert_rows ("height (6 \"),b\n1,2\n", "height (6 \")/b: 1 2 |");
  assert_rows ("a,b\n\"1\"2,3\n", "a/b: T<\"1\"2> 3 |");
  assert_rows ("\"a\" \"b c\"\n1 2\n", "a/b c: 1 2 |");
  assert_rows ("a,b\n1,2\n3,\"4\n5,6\n", "a/b: 1 2 |#3:4|");
}

GST_END_TEST;

GST_START_TEST (test_comments_come_before_the_data)
{
  assert_rows ("# by hand, \"quoted\n#\na,b\n# units\n1,2\n#3,4\n",
      "a/b: 1 2 |T<#3> 4 |");
  assert_rows ("a,b\n#N/A,2\n", "a/b: _ 2 |");
}

GST_END_TEST;

GST_START_TEST (test_missing_cells)
{
  assert_rows ("a,b,c,d,e,f,g,h,i,j\n"
      ", ,NaN,nan,-nan,NA,N/A,null,?,<NA>\n", "a/b/c/d/e/f/g/h/i/j: "
      "_ _ _ _ _ _ _ _ _ _ |");
  assert_rows ("a,b\n,\n", "a/b: _ _ |");
  assert_rows ("a,b\n1,\n", "a/b: 1 _ |");
  assert_rows ("a,b\nNone,\"NULL\"\n", "a/b: _ _ |");
}

GST_END_TEST;

GST_START_TEST (test_what_is_no_number)
{
  assert_rows ("a,b\n1.5abc,0x10\n", "a/b: T<1.5abc> T<0x10> |");
  assert_rows ("a,b\n1 2,1e\n", "a/b: T<1 2> T<1e> |");
  assert_rows ("a,b\n.,-\n", "a/b: T<.> T<-> |");
  assert_rows ("a,b\n--1,1.2.3\n", "a/b: T<--1> T<1.2.3> |");
  assert_rows ("a,b\n1e39,-1e39\n", "a/b: R<1e39> R<-1e39> |");
  assert_rows ("a,b\n+1,-.5e+1\n", "a/b: 1 -5 |");
  assert_rows ("a,b\n1.,-0\n", "a/b: 1 -0 |");
  assert_rows ("a,b\ninf,-Infinity\n", "a/b: inf -inf |");
}

GST_END_TEST;

GST_START_TEST (test_one_text_has_one_decimal_mark)
{
  assert_rows ("a;b\n1,5;2\n3;4,25\n", "a/b: 1.5 2 |3 4.25 |");
  assert_rows ("a;b\n1,5;2.5\n", "a/b: 1.5 T<2.5> |");
  assert_rows ("a;b\n1.5;2,5\n", "a/b: 1.5 T<2,5> |");
  assert_rows ("a\tb\n1,5\t2\n", "a/b: T<1,5> 2 |");
}

GST_END_TEST;

GST_START_TEST (test_nul_bytes_are_refused)
{
  assert_rows_of_size ("a,b\n1,\0002\n3,4\n", 13, '\0', "a/b: #2:3|3 4 |");
  assert_rows_of_size ("\xff\xfe" "a\0,\0b\0\n\0", 10, '\0', "#1:3|#2:3|");
}

GST_END_TEST;

/* The row's line, and how many it spans, after a row in quotes over three. */
GST_START_TEST (test_lines_are_counted)
{
  const char text[] = "\r\na,b\r\n\"1\r\n\n\",2\n\n3,4";
  CsvParser *parser = csv_parser_new ('\0');

  csv_parser_push (parser, text, strlen (text));
  fail_unless_equals_int (csv_parser_next_row (parser), CSV_ROW);
  fail_unless_equals_uint64 (csv_parser_get_line (parser), 3);
  fail_unless_equals_uint64 (csv_parser_get_n_lines (parser), 3);
  fail_unless_equals_int (csv_parser_next_row (parser), CSV_END);
  csv_parser_finish (parser);
  fail_unless_equals_int (csv_parser_next_row (parser), CSV_ROW);
  fail_unless_equals_uint64 (csv_parser_get_line (parser), 7);
  fail_unless_equals_uint64 (csv_parser_get_n_lines (parser), 1);
  csv_parser_free (parser);
}

GST_END_TEST;

GST_START_TEST (test_long_cells_are_shown_in_part)
{
  GString *text = g_string_new ("a,b\n1,");
  char *rows;

  for (guint i = 0; i < 100; i++)
    g_string_append (text, "\xc3\xa4");
  rows = parse (text->str, text->len, '\0', text->len, NULL);
  fail_unless (g_str_has_suffix (rows, "\xc3\xa4...> |"), "%s", rows);
  fail_unless_equals_int (g_utf8_strlen (rows, -1),
      strlen ("a/b: 1 T<") + 40 + strlen ("...> |"));
  g_free (rows);
  g_string_free (text, TRUE);
}

GST_END_TEST;

/* `n` digits in one cell between two good rows. */
static char *
parse_long_line (gsize n, gsize chunk, const char *quote)
{
  GString *text = g_string_new ("a\n1\n");
  char *rows;

  g_string_append (text, quote);
  for (gsize i = 0; i < n; i++)
    g_string_append_c (text, '0');
  g_string_append (text, "\n2\n");
  rows = parse (text->str, text->len, '\0', chunk, NULL);
  g_string_free (text, TRUE);
  return rows;
}

GST_START_TEST (test_long_lines_are_refused)
{
  const gsize chunks[] = { 1, 4096, G_MAXINT };

  for (guint i = 0; i < G_N_ELEMENTS (chunks); i++) {
    char *fits = parse_long_line (CSV_MAX_LINE, chunks[i], "");
    char *longer = parse_long_line (CSV_MAX_LINE + 1, chunks[i], "");
    char *quoted = parse_long_line (CSV_MAX_LINE + 1, chunks[i], "\"");

    fail_unless_equals_string (fits, "a: 1 |0 |2 |");
    fail_unless_equals_string (longer, "a: 1 |#3:2|2 |");
    fail_unless_equals_string (quoted, "a: 1 |#3:2|2 |");
    g_free (fits);
    g_free (longer);
    g_free (quoted);
  }
}

GST_END_TEST;

/* The work grows with the bytes, not with their square: this takes a fraction
 * of a second, and would take minutes if each chunk looked at the line
 * again. */
GST_START_TEST (test_long_lines_take_linear_time)
{
  const char *quotes[] = { "", "\"" };

  for (guint i = 0; i < G_N_ELEMENTS (quotes); i++) {
    gint64 start = g_get_monotonic_time ();
    char *rows = parse_long_line (10 * 1000 * 1000, 16, quotes[i]);

    fail_unless (g_get_monotonic_time () - start < 10 * G_USEC_PER_SEC);
    fail_unless_equals_string (rows, "a: 1 |#3:2|2 |");
    g_free (rows);
  }
}

GST_END_TEST;

/* --- numbers ------------------------------------------------------------ */

static guint32
bits_of (float value)
{
  guint32 bits;

  memcpy (&bits, &value, sizeof (bits));
  return bits;
}

static float
float_of (guint32 bits)
{
  float value;

  memcpy (&value, &bits, sizeof (value));
  return value;
}

/* Just before the limit, and far from it, the number is the same. */
static const char *
read_number (const char *text, float *value)
{
  gsize n = strlen (text);
  char *followed = g_strconcat (text, ",99999999999999999999", NULL);
  float far;
  const char *end = csv_number_read (text, text + n + 1, '.', value);
  const char *far_end = csv_number_read (followed, followed + n + 21, '.',
      &far);

  fail_unless (end == NULL ? far_end == NULL
      : far_end - followed == end - text, "%s", text);
  fail_unless (end == NULL || bits_of (far) == bits_of (*value), "%s", text);
  g_free (followed);
  return end;
}

/* As the C library reads it, whose locale is C in tests. */
static void
assert_reads_exactly (const char *text)
{
  float value = -1.0f;
  const char *end = read_number (text, &value);
  float expected = strtof (text, NULL);

  fail_unless (end == text + strlen (text), "%s", text);
  fail_unless (bits_of (value) == bits_of (expected), "%s is %a and not %a",
      text, expected, value);
}

/* *INDENT-OFF* */
static const char *const hard_numbers[] = {
  "0", "-0", "0.0", "0e99999999999", "1", "-1", "0.1", "0.3", "123456789",
  /* the middle of two floats, and next to it */
  "16777217", "16777219", "16777217.0000000000000000000000001",
  "16777216.9999999999999999999999999", "1.00000005960464477539062500",
  "1.00000005960464477539062501", "1.00000005960464477539062499",
  "1.000000178813934326171875", "1.0000001788139343261718750000000000000000001",
  "8388608.5", "8388609.5", "9007199254740993", "9007199791611905",
  "36028797018963967.9", "0.500000029802322387695312",
  "0.5000000298023223876953125", "0.50000002980232238769531251",
  /* the ends of the range */
  "3.4028234663852886e38", "3.4028235e38", "3.40282356779733e38",
  "340282356779733661637539395458142568447.9999",
  "340282356779733661637539395458142568448", "3.4028236e38", "1e39", "1e400",
  "1.17549435e-38", "1.1754943508222875e-38", "1.17549428e-38", "1e-40",
  "1.4e-45", "1.401298464324817e-45", "7.006492321624085e-46",
  "7.0064923216240853546186479164495806564013097093825788587853e-46",
  "7.0064923216240853546186479164495806564013097093825788587854e-46",
  "7.1e-46", "7e-46", "1e-46", "1e-99", "1e-99999999999999999999",
  /* more digits than 64 bits hold */
  "18446744073709551615", "18446744073709551616", "99999999999999999999",
  "0.00000000000000000000000000000000000000000001",
  "100000000000000000000000000000000000000",
  "000000000000000000000000000000000000000000000000001.5",
  "1.5000000000000000000000000000000000000000000000000000",
  "0.1000000000000000055511151231257827021181583404541015625",
  "3.14159265358979323846264338327950288419716939937510e0",
};
/* *INDENT-ON* */

GST_START_TEST (test_hard_numbers_are_rounded_correctly)
{
  for (guint i = 0; i < G_N_ELEMENTS (hard_numbers); i++)
    assert_reads_exactly (hard_numbers[i]);
}

GST_END_TEST;

static char *
random_number (GRand * rand)
{
  GString *text = g_string_new (g_rand_boolean (rand) ? "-" : "");
  gint before = g_rand_int_range (rand, 0, 12);
  gint after = g_rand_int_range (rand, before == 0, 25);

  for (gint i = 0; i < before; i++)
    g_string_append_c (text, (gchar) g_rand_int_range (rand, '0', '9' + 1));
  if (after > 0)
    g_string_append_c (text, '.');
  for (gint i = 0; i < after; i++)
    g_string_append_c (text, (gchar) g_rand_int_range (rand, '0', '9' + 1));
  if (g_rand_boolean (rand))
    g_string_append_printf (text, "e%d", g_rand_int_range (rand, -60, 45));
  return g_string_free (text, FALSE);
}

/* The exact decimal middle of two floats, half of the time changed in a far
 * digit. */
static char *
number_near_middle (GRand * rand)
{
  guint32 bits = g_rand_int_range (rand, 0, 0x7f7fffff);
  double middle = ((double) float_of (bits) + float_of (bits + 1)) / 2;
  GString *text = g_string_new (NULL);

  g_string_printf (text, "%.150f", middle);
  if (g_rand_boolean (rand))
    g_string_append (text, "1");
  return g_string_free (text, FALSE);
}

GST_START_TEST (test_numbers_of_any_length)
{
  static const char *const signs[] = { "", "-", "+" };
  const char *digits = "7182818284590452353602874713526624977572470936999";

  for (guint i = 0; i < 3 * 24 * 24; i++) {
    gint whole = i / 3 % 24, fraction = i / 3 / 24;
    char *text = g_strdup_printf ("%s%.*s.%.*s", signs[i % 3], whole, digits,
        fraction, digits + whole);

    if (whole + fraction > 0)
      assert_reads_exactly (text);
    else
      fail_unless (read_number (text, &(float) { 0 }) == NULL);
    *strchr (text, '.') = '\0';
    if (whole > 0)
      assert_reads_exactly (text);
    g_free (text);
  }
}

GST_END_TEST;

GST_START_TEST (test_random_numbers_are_rounded_correctly)
{
  GRand *rand = g_rand_new_with_seed (1);

  for (guint i = 0; i < 100000; i++) {
    char *text = random_number (rand);

    assert_reads_exactly (text);
    g_free (text);
  }
  for (guint i = 0; i < 10000; i++) {
    char *text = number_near_middle (rand);

    assert_reads_exactly (text);
    g_free (text);
  }
  g_rand_free (rand);
}

GST_END_TEST;

static void
assert_writes (float value, const char *expected)
{
  char text[CSV_NUMBER_SIZE];
  gsize n = csv_number_write (value, text);

  fail_unless_equals_string (text, expected);
  fail_unless_equals_uint64 (n, strlen (expected));
}

GST_START_TEST (test_numbers_are_written_short)
{
  assert_writes (0.0f, "0");
  assert_writes (-0.0f, "-0");
  assert_writes (1.0f, "1");
  assert_writes (-2.5f, "-2.5");
  assert_writes (0.1f, "0.1");
  assert_writes (1.0f / 3, "0.33333334");
  assert_writes (16777216.0f, "16777216");
  assert_writes (123456792.0f, "123456790");
  assert_writes (1e9f, "1e9");
  assert_writes (0.00012f, "0.00012");
  assert_writes (1.5e-7f, "1.5e-7");
  assert_writes (3.4028235e38f, "3.4028235e38");
  assert_writes (1.1754944e-38f, "1.1754944e-38");
  assert_writes (1e-45f, "1e-45");
  assert_writes (NAN, "nan");
  assert_writes (-INFINITY, "-inf");
}

GST_END_TEST;

/* Reads back, and with one digit less the C library finds no such text. */
static void
assert_shortest (float value)
{
  char text[CSV_NUMBER_SIZE], shorter[CSV_NUMBER_SIZE];
  float back;
  const char *end;
  int digits = 0;
  gsize n = csv_number_write (value, text);

  fail_unless (n < sizeof (text));
  end = read_number (text, &back);
  fail_unless (end == text + n && bits_of (back) == bits_of (value),
      "%a is written %s", value, text);
  for (const char *p = text; *p && *p != 'e'; p++)
    digits += g_ascii_isdigit (*p) && (digits > 0 || *p != '0');
  if (digits < 2 || digits > 9)
    return;
  g_snprintf (shorter, sizeof (shorter), "%.*e", digits - 2, value);
  fail_unless (text[n - 1] == '0' || strtof (shorter, NULL) != value,
      "%a is written %s, and %s is shorter", value, text, shorter);
}

GST_START_TEST (test_random_floats_read_back)
{
  GRand *rand = g_rand_new_with_seed (2);

  for (guint i = 0; i < 100000; i++) {
    float value = float_of (g_rand_int (rand));

    if (isfinite (value))
      assert_shortest (value);
    value = (float) (g_rand_int_range (rand, -99999, 99999) * 1e-3);
    assert_shortest (value);
  }
  for (guint32 bits = 1; bits < 2000; bits++)
    assert_shortest (float_of (bits));
  for (guint exponent = 0; exponent < 255; exponent++) {
    assert_shortest (float_of (exponent << 23));
    assert_shortest (float_of ((exponent << 23) | 0x7fffff));
  }
  g_rand_free (rand);
}

GST_END_TEST;

/* In a locale with decimal commas, of package locales-all. */
GST_START_TEST (test_locale_does_not_matter)
{
  char text[CSV_NUMBER_SIZE];
  float value;

  fail_unless (setlocale (LC_ALL, "de_DE.UTF-8") != NULL);
  read_number ("16777217.5", &value);
  fail_unless_equals_float (value, 16777218.0f);
  csv_number_write (1e-45f, text);
  fail_unless_equals_string (text, "1e-45");
  read_number ("1.5e-40", &value);
  fail_unless (value > 1.49e-40f && value < 1.51e-40f);
  setlocale (LC_ALL, "C");
}

GST_END_TEST;

/* --- times -------------------------------------------------------------- */

static const struct
{
  const char *text;
  gint64 nanoseconds;
} dates[] = {
  {"1970-01-01", 0},
  {"1970-01-02", G_GINT64_CONSTANT (86400000000000)},
  {"1970-01-01T00:00:00Z", 0},
  {"1970-01-01 00:01", G_GINT64_CONSTANT (60000000000)},
  {"1970-01-01T00:00:00.5", 500000000},
  {"1970-01-01t00:00:00,000000001z", 1},
  {"1970-01-01 00:00:00.0000000015", 2},
  {"1969-12-31 23:59:59.9", -100000000},
  {"1970-01-01T01:00:00+01:00", 0},
  {"1970-01-01T01:00:00+0100", 0},
  {"1969-12-31T19:30-04:30", 0},
  {"1970-01-01T05:00+05", 0},
  {"2020-02-29T12:34:56.789Z", G_GINT64_CONSTANT (1582979696789000000)},
  {"2016-12-31T23:59:60Z", G_GINT64_CONSTANT (1483228800000000000)},
  {"1678-01-01", G_GINT64_CONSTANT (-9214560000000000000)},
};

GST_START_TEST (test_dates)
{
  for (guint i = 0; i < G_N_ELEMENTS (dates); i++) {
    const char *text = dates[i].text;
    gint64 time = -1;

    fail_unless (csv_date_time_read (text, text + strlen (text), &time), "%s",
        text);
    fail_unless (time == dates[i].nanoseconds, "%s is %" G_GINT64_FORMAT, text,
        time);
  }
}

GST_END_TEST;

/* *INDENT-OFF* */
static const char *const no_dates[] = {
  "", "2020", "2020-03", "20200309", "2020-3-9", "2020-02-30", "2020-13-01",
  "2020-00-01", "2021-02-29", "2020-03-09T", "2020-03-09 10",
  "2020-03-09 10:", "2020-03-09 24:00", "2020-03-09 10:60",
  "2020-03-09 10:00:61", "2020-03-09 10:00:00.", "2020-03-09 10:00:00x",
  "2020-03-09 10:00:00+", "2020-03-09 10:00:00+24:00",
  "2020-03-09 10:00:00+01:60", "2020-03-09 10:00:00+01:0", "2020-03-09Z",
  "0001-01-01", "9999-01-01", "x020-03-09", "09/03/2020", "10:00:00"
};
/* *INDENT-ON* */

GST_START_TEST (test_what_is_no_date)
{
  for (guint i = 0; i < G_N_ELEMENTS (no_dates); i++) {
    const char *text = no_dates[i];
    gint64 time;

    fail_if (csv_date_time_read (text, text + strlen (text), &time), "%s",
        text);
  }
}

GST_END_TEST;

static const struct
{
  const char *text;
  gint64 nanoseconds;
} seconds[] = {
  {"0", 0},
  {"1", 1000000000},
  {"-1.5", -1500000000},
  {"+.000000001", 1},
  {"0.0000000005", 1},
  {"1.", 1000000000},
  {"1583748873.123456789", G_GINT64_CONSTANT (1583748873123456789)},
  {"1.5e3", G_GINT64_CONSTANT (1500000000000)},
  {"1e-9", 1},
};

GST_START_TEST (test_seconds)
{
  static const char *const none[] = {
    "", "x", "1x", "1e", "9223372036", "1583748873123", "1e10", "nan", "1,5"
  };
  gint64 time;

  for (guint i = 0; i < G_N_ELEMENTS (seconds); i++) {
    const char *text = seconds[i].text;

    fail_unless (csv_seconds_read (text, text + strlen (text), '.', &time),
        "%s", text);
    fail_unless (time == seconds[i].nanoseconds, "%s is %" G_GINT64_FORMAT,
        text, time);
  }
  for (guint i = 0; i < G_N_ELEMENTS (none); i++)
    fail_if (csv_seconds_read (none[i], none[i] + strlen (none[i]), '.',
            &time), "%s", none[i]);
}

GST_END_TEST;

/* --- columns ------------------------------------------------------------ */

/* What each column is: a channel by its number, L, T or -; or the error. */
static char *
find_columns (const char *text, const CsvChoice * choice)
{
  CsvParser *parser = csv_parser_new ('\0');
  GString *roles = g_string_new (NULL);
  GError *error = NULL;
  CsvColumns columns;

  csv_parser_push (parser, text, strlen (text));
  while (csv_parser_next_row (parser) == CSV_END)
    csv_parser_finish (parser);
  if (csv_columns_find (&columns, parser, choice, &error)) {
    for (guint i = 0; i < columns.n_columns; i++) {
      static const char letters[] = "-?LT";

      if (columns.columns[i].role == CSV_ROLE_CHANNEL)
        g_string_append_printf (roles, "%u", columns.columns[i].channel);
      else
        g_string_append_c (roles, letters[columns.columns[i].role]);
    }
    csv_columns_clear (&columns);
  } else {
    fail_unless (error && error->domain == CSV_COLUMNS_ERROR);
    g_string_append (roles, error->message);
    g_error_free (error);
  }
  csv_parser_free (parser);
  return g_string_free (roles, FALSE);
}

static const struct
{
  const char *text;
  CsvChoice choice;
  const char *roles;
} tables[] = {
  {"a,b,c\n1,2,3\n", {NULL, NULL, NULL}, "012"},
  {"1,2,3\n", {NULL, NULL, NULL}, "012"},
  {"a,Label,c\n1,0,3\n", {NULL, NULL, NULL}, "0L1"},
  {"a,label,c\n1,0,3\n", {"", NULL, NULL}, "012"},
  {"a,b,c\n1,0,3\n", {"b", NULL, NULL}, "0L1"},
  {"a,b,c\n1,0,3\n", {"-1", NULL, NULL}, "01L"},
  {"1,0,3\n", {"1", NULL, NULL}, "L01"},
  {"2,0\n1,0,3\n", {"3", "2", NULL}, "label-column: there is no column \"3\"; "
      "there is no header, and there are 2 columns (numbers count from 1, or "
      "from -1 for the last column)"},
  {"2,1,b\n1,2,3\n", {"1", NULL, NULL}, "0L1"},
  {"t,b,label\n2020-01-01,2,0\n", {NULL, NULL, NULL}, "T0L"},
  {"t,b,label\n2020-01-01,2,0\n", {NULL, "", NULL}, "01L"},
  {"t,b\n2020-01-01,2020-01-01\n", {NULL, NULL, NULL}, "T0"},
  {"t,b\n1,2\n", {NULL, "t", NULL}, "T0"},
  {"t,b,c,label\n2020-01-01,2,3,0\n", {NULL, NULL, "c,b"}, "T10L"},
  {"t,b,c,label\n2020-01-01,2,3,0\n", {NULL, NULL, " -2 "}, "T-0L"},
  {"t,b,c,label\n2020-01-01,2,3,0\n", {NULL, NULL, "1-"}, "T01L"},
  {"a,b,c,d\n1,2,3,0\n", {NULL, NULL, "2-3"}, "-01-"},
  {"a,1-2,c\n1,2,3\n", {NULL, NULL, "1-2"}, "-0-"},
  {",a,b,\n0,1,2,\n", {NULL, NULL, NULL}, "-01-"},
  {",a\n0,1\n", {NULL, NULL, "1,2"}, "01"},
  {"a,b\n1,2\n", {"x", NULL, NULL}, "label-column: there is no column \"x\"; "
      "the header says: a, b (numbers count from 1, or from -1 for the last "
      "column)"},
  {"a,b\n1,2\n", {NULL, "0", NULL}, "time-column: there is no column \"0\"; "
      "the header says: a, b (numbers count from 1, or from -1 for the last "
      "column)"},
  {"a,b\n1,2\n", {NULL, NULL, "a,,b"}, "columns: there is no column \"\"; "
      "the header says: a, b (numbers count from 1, or from -1 for the last "
      "column)"},
  {"a,b\n1,2\n", {NULL, NULL, "2-1"}, "columns: there is no column \"2-1\"; "
      "the header says: a, b (numbers count from 1, or from -1 for the last "
      "column)"},
  {"a,a\n1,2\n", {NULL, NULL, "a"}, "columns: 2 columns are called \"a\"; say "
      "which one by its number"},
  {"label,label\n1,2\n", {NULL, NULL, NULL}, "2 columns are called \"label\"; "
      "set label-column to the number of one of them"},
  {"a,b\n1,2\n", {"a", "a", NULL}, "time-column: column 1 (a) is the label "
      "already"},
  {"a,label\n1,2\n", {NULL, NULL, "a,label"}, "columns: column 2 (label) is "
      "the label already"},
  {"a,b\n1,2\n", {NULL, NULL, "a,1"}, "columns: column 1 (a) is a channel "
      "already"},
  {"label\n1\n", {NULL, NULL, NULL}, "No column is left for a channel"},
};

GST_START_TEST (test_columns_are_found)
{
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++) {
    char *roles = find_columns (tables[i].text, &tables[i].choice);

    fail_unless (strcmp (roles, tables[i].roles) == 0,
        "%s\ngave\n%s\nand not\n%s", tables[i].text, roles, tables[i].roles);
    g_free (roles);
  }
}

GST_END_TEST;

GST_START_TEST (test_channels_are_limited)
{
  const CsvChoice all = { NULL, NULL, NULL }, some = { NULL, NULL, "2-9" };
  GString *text = g_string_new ("1");
  char *roles;

  for (guint i = 1; i <= CSV_MAX_CHANNELS; i++)
    g_string_append (text, ",1");
  roles = find_columns (text->str, &all);
  fail_unless_equals_string (roles,
      "There are 65537 channels, and there may be 65536; choose with columns");
  g_free (roles);
  roles = find_columns (text->str, &some);
  fail_unless (g_str_has_prefix (roles, "-01234567-"));
  g_free (roles);
  g_string_free (text, TRUE);
}

GST_END_TEST;

/* --- mutations ---------------------------------------------------------- */

/* *INDENT-OFF* */
static const char *const seeds[] = {
  "a,b,c\n1,2,3\n4,5,6\n7,8,9\n",
  "\xef\xbb\xbf\"a\";\"b\"\"c\"\r\n1,5;2\r\n\"3\";\"\"\r\n",
  "# a b label\n 1   2\t0\n 3 4 1\n\n5 6 0",
  "t\tx\tlabel\r2020-03-09 10:00:00.5Z\t1e-3\tTrue\r2020-03-10\tNaN\tFalse\r",
  "x\n1\n\n-2.5e10\n0.000123456789012345678\nnan\n",
  "a|b\n\"1\n2\",3\n\"x,y\"\"z\",inf\n",
};
static const char *const pieces[] = {
  "\"", "\"\"", "\n", "\r", "\r\n", ",", ";", "\t", " ", "#", "\xef\xbb\xbf",
  "\xff", "1e400", "-", "+.5", "nan", "2020-02-30", "99999999999999999999", "e"
};
/* *INDENT-ON* */

static void
mutate (GString * text, GRand * rand)
{
  const char *piece = pieces[g_rand_int_range (rand, 0,
          G_N_ELEMENTS (pieces))];
  gint at = g_rand_int_range (rand, 0, (gint) text->len + 1);
  gint left = (gint) text->len - at;
  gint n = g_rand_int_range (rand, 0, 9);

  switch (g_rand_int_range (rand, 0, 4)) {
    case 0:
      g_string_insert (text, at, piece);
      break;
    case 1:
      g_string_erase (text, at, MIN (left, n));
      break;
    case 2:
      if (left > 0)
        text->str[at] = (char) g_rand_int_range (rand, 0, 256);
      break;
    default:
      if (left > 0)
        g_string_insert_len (text, at, text->str + at / 2, MIN (left, 20));
  }
}

/* Whatever the bytes, there are rows or refusals, the same in any chunks. */
GST_START_TEST (test_mutations)
{
  GRand *rand = g_rand_new_with_seed (3);

  for (guint i = 0; i < 10000; i++) {
    const char *seed = seeds[g_rand_int_range (rand, 0,
            G_N_ELEMENTS (seeds))];
    GString *text = g_string_new (seed);
    char *whole, *pieced;

    for (gint n = g_rand_int_range (rand, 1, 8); n > 0; n--)
      mutate (text, rand);
    whole = parse (text->str, text->len, '\0', text->len + 1, NULL);
    pieced = parse (text->str, text->len, '\0', 6, rand);
    fail_unless (strcmp (whole, pieced) == 0, "%s\ngave\n%s\nor\n%s",
        text->str, whole, pieced);
    g_free (whole);
    g_free (pieced);
    g_string_free (text, TRUE);
  }
  g_rand_free (rand);
}

GST_END_TEST;

static Suite *
csv_suite (void)
{
  Suite *suite = suite_create ("csv");
  TCase *rows = tcase_create ("rows");
  TCase *numbers = tcase_create ("numbers");
  TCase *columns = tcase_create ("columns");

  suite_add_tcase (suite, rows);
  tcase_add_test (rows, test_delimiters_are_detected);
  tcase_add_test (rows, test_delimiter_can_be_fixed);
  tcase_add_test (rows, test_header_is_detected);
  tcase_add_test (rows, test_lines_end_in_any_way);
  tcase_add_test (rows, test_byte_order_mark_is_no_cell);
  tcase_add_test (rows, test_quotes);
  tcase_add_test (rows, test_comments_come_before_the_data);
  tcase_add_test (rows, test_missing_cells);
  tcase_add_test (rows, test_what_is_no_number);
  tcase_add_test (rows, test_one_text_has_one_decimal_mark);
  tcase_add_test (rows, test_nul_bytes_are_refused);
  tcase_add_test (rows, test_lines_are_counted);
  tcase_add_test (rows, test_long_cells_are_shown_in_part);
  tcase_add_test (rows, test_long_lines_are_refused);
  tcase_add_test (rows, test_long_lines_take_linear_time);
  tcase_add_test (rows, test_mutations);

  suite_add_tcase (suite, numbers);
  tcase_add_test (numbers, test_hard_numbers_are_rounded_correctly);
  tcase_add_test (numbers, test_numbers_of_any_length);
  tcase_add_test (numbers, test_random_numbers_are_rounded_correctly);
  tcase_add_test (numbers, test_numbers_are_written_short);
  tcase_add_test (numbers, test_random_floats_read_back);
  tcase_add_test (numbers, test_locale_does_not_matter);
  tcase_add_test (numbers, test_dates);
  tcase_add_test (numbers, test_what_is_no_date);
  tcase_add_test (numbers, test_seconds);

  suite_add_tcase (suite, columns);
  tcase_add_test (columns, test_columns_are_found);
  tcase_add_test (columns, test_channels_are_limited);
  return suite;
}

GST_CHECK_MAIN (csv);
