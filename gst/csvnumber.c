/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "csvnumber.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SECOND G_GINT64_CONSTANT (1000000000)

/* A decimal number, digits * 10^exponent. */
typedef struct
{
  guint64 digits;               /* the first 19 significant ones */
  gint exponent;
  gboolean negative;
} Decimal;

#define MAX_DIGITS 19           /* that fit into 64 bits whatever they are */

/* 19 digits times 10^-71 are far below half the smallest float, 7e-46, and
 * 10^47 is above the largest. To write nine digits of 1e-38 takes 10^46. */
#define MIN_POWER -70
#define MAX_POWER 46

/* *INDENT-OFF* */
static const double powers[] = {
  1e-70, 1e-69, 1e-68, 1e-67, 1e-66, 1e-65, 1e-64, 1e-63, 1e-62, 1e-61, 1e-60,
  1e-59, 1e-58, 1e-57, 1e-56, 1e-55, 1e-54, 1e-53, 1e-52, 1e-51, 1e-50, 1e-49,
  1e-48, 1e-47, 1e-46, 1e-45, 1e-44, 1e-43, 1e-42, 1e-41, 1e-40, 1e-39, 1e-38,
  1e-37, 1e-36, 1e-35, 1e-34, 1e-33, 1e-32, 1e-31, 1e-30, 1e-29, 1e-28, 1e-27,
  1e-26, 1e-25, 1e-24, 1e-23, 1e-22, 1e-21, 1e-20, 1e-19, 1e-18, 1e-17, 1e-16,
  1e-15, 1e-14, 1e-13, 1e-12, 1e-11, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4,
  1e-3, 1e-2, 1e-1, 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10,
  1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22, 1e23,
  1e24, 1e25, 1e26, 1e27, 1e28, 1e29, 1e30, 1e31, 1e32, 1e33, 1e34, 1e35, 1e36,
  1e37, 1e38, 1e39, 1e40, 1e41, 1e42, 1e43, 1e44, 1e45, 1e46
};
/* *INDENT-ON* */

G_STATIC_ASSERT (G_N_ELEMENTS (powers) == MAX_POWER - MIN_POWER + 1);

static inline double
power_of_ten (gint exponent)
{
  return powers[exponent - MIN_POWER];
}

static inline gboolean
is_digit (char c)
{
  return (guchar) (c - '0') <= 9;
}

/* --- text to number ----------------------------------------------------- */

/* Digits and mark again, for a number that has more of them than fit: leading
 * zeros don't count, and those beyond MAX_DIGITS only scale. */
static G_GNUC_NO_INLINE void
take_leading_digits (Decimal * decimal, const char *text, const char *end,
    char mark)
{
  gboolean fraction = FALSE;
  guint n = 0;

  decimal->digits = 0;
  decimal->exponent = 0;
  for (const char *p = text; p < end; p++) {
    if (*p == mark) {
      fraction = TRUE;
      continue;
    }
    if (n < MAX_DIGITS) {
      decimal->digits = decimal->digits * 10 + (guint64) (*p - '0');
      n += decimal->digits != 0;
      decimal->exponent -= fraction;
    } else {
      decimal->exponent += !fraction;
    }
  }
}

/* Larger exponents than these all mean zero or infinity, however many digits
 * of a line of some megabytes come before. */
#define EXPONENT_LIMIT 100000000

static G_GNUC_NO_INLINE const char *
scan_exponent (const char *p, gint *exponent)
{
  gboolean negative = *p == '-';
  gint value = 0;

  if (*p == '-' || *p == '+')
    p++;
  if (!is_digit (*p))
    return NULL;
  for (; is_digit (*p); p++) {
    if (value < EXPONENT_LIMIT)
      value = value * 10 + (*p - '0');
  }
  *exponent += negative ? -value : value;
  return p;
}

/* Eight bytes, the first one lowest: digits less '0', others above 9. */
static inline guint64
load_digits (const char *text)
{
  guint64 bytes;

  memcpy (&bytes, text, sizeof (bytes));
  return GUINT64_FROM_LE (bytes) ^ G_GUINT64_CONSTANT (0x3030303030303030);
}

/* The highest bit of each byte that is no digit; above the first that is no ASCII
 * they mean nothing. */
static inline guint64
find_others (guint64 bytes)
{
  const guint64 ones = G_GUINT64_CONSTANT (0x0101010101010101);

  return ((bytes + 0x76 * ones) | bytes) & 0x80 * ones;
}

/* The highest bits of the eight bytes, as eight bits. */
static inline guint
gather (guint64 highest)
{
  return (guint) ((highest >> 7) * G_GUINT64_CONSTANT (0x0102040810204080)
      >> 56);
}

/* The first n of eight digits as a number: neighbours are joined to pairs, pairs
 * to fours and these to eight, zeros having moved in before. */
static inline guint64
join_digits (guint64 digits, guint n)
{
  const guint64 pair = G_GUINT64_CONSTANT (0x000000ff000000ff);
  const guint64 outer = 100 + (G_GUINT64_CONSTANT (1000000) << 32);
  const guint64 inner = 1 + (G_GUINT64_CONSTANT (10000) << 32);

  digits = digits << (32 - 4 * n) << (32 - 4 * n);
  digits = digits * 10 + (digits >> 8);
  return ((digits & pair) * outer + (digits >> 16 & pair) * inner) >> 32;
}

static const guint64 scale[] = {
  1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000
};

/* Appends the digits at `p` to those there are, eight at a time as long as these
 * are before `limit`. */
static inline const char *
scan_digits (const char *p, const char *limit, guint64 *digits)
{
  while (limit - p >= 8) {
    guint64 bytes = load_digits (p);
    guint64 others = find_others (bytes);

    if (others) {
      guint n = (guint) __builtin_ctzll (others) / 8;

      *digits = *digits * scale[n] + join_digits (bytes, n);
      return p + n;
    }
    *digits = *digits * scale[8] + join_digits (bytes, 8);
    p += 8;
  }
  for (; is_digit (*p); p++)
    *digits = *digits * 10 + (guint64) (*p - '0');
  return p;
}

static G_GNUC_NO_INLINE const char *
scan_decimal (const char *p, const char *limit, char mark, Decimal * decimal)
{
  const char *first;
  gsize n;

  decimal->negative = *p == '-';
  p += decimal->negative | (*p == '+');
  first = p;
  decimal->digits = 0;
  decimal->exponent = 0;
  p = scan_digits (p, limit, &decimal->digits);
  n = p - first;
  if (*p == mark) {
    const char *fraction = ++p;

    p = scan_digits (p, limit, &decimal->digits);
    decimal->exponent = (gint) (fraction - p);
    n += p - fraction;
  }
  if (n == 0)
    return NULL;
  if (G_UNLIKELY (n > MAX_DIGITS))
    take_leading_digits (decimal, first, p, mark);
  if (*p == 'e' || *p == 'E')
    p = scan_exponent (p + 1, &decimal->exponent);
  return p;
}

/* The bytes that scan_short_decimal() looks at. */
#define SHORT_WINDOW 16

/* Reads a number of less than eight characters before the mark, at most eight
 * digits behind it and no exponent, as most are, without a branch that depends
 * on how many. NULL if the number is another, or none, or may be longer than
 * the window. */
static inline const char *
scan_short_decimal (const char *text, char mark, Decimal * decimal)
{
  guint64 bytes = load_digits (text);
  guint sign = (*text == '-') | (*text == '+');
  guint64 others = find_others (bytes) & ~((guint64) sign << 7);
  guint whole, fraction = 0;
  const char *end;

  if (G_UNLIKELY (!others))
    return NULL;
  whole = (guint) __builtin_ctzll (others) / 8;
  end = text + whole;
  if (*end == mark) {
    guint64 more = find_others (load_digits (text + 8));
    guint places = gather (others) | gather (more) << 8 | 1u << 17;

    end = text + __builtin_ctz (places & (places - 1));
    fraction = (guint) (end - text) - whole - 1;
  }
  if (G_UNLIKELY (whole + fraction == sign || fraction > 8
          || *end == 'e' || *end == 'E'))
    return NULL;
  bytes &= ~(guint64) (sign * 0xff);
  decimal->digits = join_digits (bytes, whole);
  if (fraction > 0)
    decimal->digits = decimal->digits * scale[fraction]
        + join_digits (load_digits (text + whole + 1), fraction);
  decimal->exponent = -(gint) fraction;
  decimal->negative = *text == '-';
  return end;
}

/* The float next to digits * 10^exponent, or FALSE if double arithmetic can't
 * tell which of two it is.
 *
 * The product is wrong by less than 4 units in the last place of a double: one
 * half each for digits, power and product where a double has to round them, in
 * units that are at most twice as wide, and next to nothing for digits that
 * were left out. Rounding it to float gives the right neighbour unless the
 * middle between two floats is that near: a one and 28 zeros are the 29 bits
 * which a double has more. */
static inline gboolean
decimal_to_float (const Decimal * decimal, float *value)
{
  const guint64 extra = (G_GUINT64_CONSTANT (1) << 29) - 1;
  const guint64 middle = G_GUINT64_CONSTANT (1) << 28;
  double product;
  guint64 bits;

  if (decimal->digits == 0 || decimal->exponent < MIN_POWER) {
    *value = 0.0f;
    return TRUE;
  }
  if (decimal->exponent > MAX_POWER) {
    *value = INFINITY;
    return TRUE;
  }
  product = (double) decimal->digits * power_of_ten (decimal->exponent);
  memcpy (&bits, &product, sizeof (bits));
  if (product < 0x1p-126 || (bits & extra) - (middle - 4) <= 8)
    return FALSE;
  *value = (float) product;
  return TRUE;
}

/* Without a branch: every other number may be negative. */
static inline float
with_sign (float magnitude, gboolean negative)
{
  guint32 bits;

  memcpy (&bits, &magnitude, sizeof (bits));
  bits |= (guint32) negative << 31;
  memcpy (&magnitude, &bits, sizeof (bits));
  return magnitude;
}

/* Exact, by the C library: for one number in fifty million, and those below
 * the smallest normal float. */
static G_GNUC_NO_INLINE float
read_exactly (const char *text, const char *end, char mark)
{
  locale_t c_locale = newlocale (LC_ALL_MASK, "C", (locale_t) 0);
  char *copy = g_strndup (text, end - text);
  char *at = strchr (copy, mark);
  float value;

  if (at)
    *at = '.';
  value = strtof_l (copy, NULL, c_locale);
  g_free (copy);
  freelocale (c_locale);
  return value;
}

const char *
csv_number_read (const char *text, const char *limit, char mark, float *value)
{
  Decimal decimal;
  const char *end = NULL;

  if (G_LIKELY (limit - text >= SHORT_WINDOW))
    end = scan_short_decimal (text, mark, &decimal);
  if (G_UNLIKELY (!end))
    end = scan_decimal (text, limit, mark, &decimal);
  if (!end)
    return NULL;
  if (G_UNLIKELY (!decimal_to_float (&decimal, value)))
    *value = read_exactly (text, end, mark);
  else
    *value = with_sign (*value, decimal.negative);
  return end;
}

/* --- number to text ----------------------------------------------------- */

/* The power of ten of a positive number's first digit. */
static gint
first_power (double value)
{
  gint exponent = (gint) floor (log10 (value));

  if (value < power_of_ten (exponent))
    return exponent - 1;
  return value < power_of_ten (exponent + 1) ? exponent : exponent + 1;
}

/* The fewest digits that make a normal positive float. Six are always enough
 * for a number that had no more of them as a text, and nine for any. */
static gboolean
shortest_decimal (float value, Decimal * decimal)
{
  gint first = first_power (value);

  for (gint n = 6; n <= 9; n++) {
    float back;

    decimal->exponent = first - (n - 1);
    decimal->digits =
        (guint64) (value * power_of_ten (-decimal->exponent) + 0.5);
    if (!decimal_to_float (decimal, &back))
      return FALSE;
    if (back == value)
      return TRUE;
  }
  return FALSE;
}

/* The same by the C library, for any float. */
static void
shortest_decimal_exactly (float value, Decimal * decimal)
{
  /* *INDENT-OFF* */
  static const char *const formats[] = {
    "%.0e", "%.1e", "%.2e", "%.3e", "%.4e", "%.5e", "%.6e", "%.7e", "%.8e"
  };
  /* *INDENT-ON* */
  char text[CSV_NUMBER_SIZE];

  for (guint n = 0; n < G_N_ELEMENTS (formats); n++) {
    float back = 0.0f;

    g_ascii_formatd (text, sizeof (text), formats[n], value);
    csv_number_read (text, text + strlen (text) + 1, '.', &back);
    scan_decimal (text, text + strlen (text) + 1, '.', decimal);
    if (back == value)
      return;
  }
}

static gsize
write_digits (guint64 digits, char *text)
{
  char reversed[20];
  gsize n = 0;

  do {
    reversed[n++] = (char) ('0' + digits % 10);
    digits /= 10;
  } while (digits);
  for (gsize i = 0; i < n; i++)
    text[i] = reversed[n - 1 - i];
  return n;
}

/* 12300, 123.4, 0.00123 */
static gsize
write_fixed (const char *digits, gint n, gint power, char *text)
{
  char *p = text;

  if (power < 0) {
    *p++ = '0';
    *p++ = '.';
    for (gint i = -1; i > power; i--)
      *p++ = '0';
  }
  for (gint i = 0; i < MAX (n, power + 1); i++) {
    if (i > 0 && i == power + 1)
      *p++ = '.';
    *p++ = i < n ? digits[i] : '0';
  }
  return p - text;
}

/* 1.234e-12 */
static gsize
write_scientific (const char *digits, gint n, gint power, char *text)
{
  char *p = text;

  *p++ = digits[0];
  if (n > 1) {
    *p++ = '.';
    memcpy (p, digits + 1, n - 1);
    p += n - 1;
  }
  *p++ = 'e';
  if (power < 0)
    *p++ = '-';
  p += write_digits (ABS (power), p);
  return p - text;
}

static gsize
write_decimal (Decimal decimal, char *text)
{
  char digits[20];
  gint n, power;

  while (decimal.digits >= 10 && decimal.digits % 10 == 0) {
    decimal.digits /= 10;
    decimal.exponent++;
  }
  n = (gint) write_digits (decimal.digits, digits);
  power = decimal.exponent + n - 1;
  if (power >= -5 && power < 9)
    return write_fixed (digits, n, power, text);
  return write_scientific (digits, n, power, text);
}

static gsize
write_magnitude (float value, char *text)
{
  Decimal decimal;

  if (value < 0x1p24f && value == (float) (guint) value)
    return write_digits ((guint) value, text);
  if (value < 0x1p-126f || !shortest_decimal (value, &decimal))
    shortest_decimal_exactly (value, &decimal);
  return write_decimal (decimal, text);
}

gsize
csv_number_write (float value, char *text)
{
  gsize sign = signbit (value) && !isnan (value);
  gsize n;

  if (sign)
    text[0] = '-';
  if (isnan (value) || isinf (value)) {
    memcpy (text + sign, isnan (value) ? "nan" : "inf", 3);
    n = sign + 3;
  } else {
    n = sign + write_magnitude (fabsf (value), text + sign);
  }
  text[n] = '\0';
  return n;
}

/* --- times -------------------------------------------------------------- */

/* Exactly n digits. */
static gboolean
read_digits (const char **p, const char *end, gint n, gint *value)
{
  if (end - *p < n)
    return FALSE;
  *value = 0;
  for (; n > 0; n--, (*p)++) {
    if (!is_digit (**p))
      return FALSE;
    *value = *value * 10 + (**p - '0');
  }
  return TRUE;
}

static gboolean
read_character (const char **p, const char *end, const char *allowed)
{
  if (*p == end || **p == '\0' || !strchr (allowed, **p))
    return FALSE;
  (*p)++;
  return TRUE;
}

/* Digits behind the decimal mark as nanoseconds, rounded half up. */
static gint64
read_fraction (const char **p, const char *end)
{
  gint64 nanoseconds = 0, unit = SECOND / 10;
  gboolean round_up = FALSE;

  for (guint n = 0; *p < end && is_digit (**p); (*p)++, n++) {
    nanoseconds += (**p - '0') * unit;
    if (n == 9)
      round_up = **p >= '5';
    unit /= 10;
  }
  return nanoseconds + round_up;
}

/* hh:mm, hh:mm:ss, hh:mm:ss.fraction; a leap second counts as the one after. */
static gboolean
read_time_of_day (const char **p, const char *end, gint64 *nanoseconds)
{
  gint hour, minute, second = 0;
  gint64 fraction = 0;

  if (!read_digits (p, end, 2, &hour) || !read_character (p, end, ":") ||
      !read_digits (p, end, 2, &minute))
    return FALSE;
  if (read_character (p, end, ":")) {
    if (!read_digits (p, end, 2, &second))
      return FALSE;
    if (read_character (p, end, ".,")) {
      if (*p == end || !is_digit (**p))
        return FALSE;
      fraction = read_fraction (p, end);
    }
  }
  *nanoseconds = (hour * 3600 + minute * 60 + second) * SECOND + fraction;
  return hour < 24 && minute < 60 && second <= 60;
}

/* Nothing, Z, +hh, +hh:mm or +hhmm. */
static gboolean
read_offset (const char **p, const char *end, gint64 *nanoseconds)
{
  gboolean west;
  gint hour, minute = 0;

  *nanoseconds = 0;
  if (*p == end || read_character (p, end, "Zz"))
    return TRUE;
  west = **p == '-';
  if (!read_character (p, end, "+-") || !read_digits (p, end, 2, &hour))
    return FALSE;
  read_character (p, end, ":");
  if (*p < end && !read_digits (p, end, 2, &minute))
    return FALSE;
  *nanoseconds = (hour * 3600 + minute * 60) * SECOND * (west ? -1 : 1);
  return hour < 24 && minute < 60;
}

gboolean
csv_date_time_read (const char *text, const char *end, gint64 *nanoseconds)
{
  const guint32 julian_1970 = 719163;
  const char *p = text;
  gint year, month, day;
  gint64 time = 0, offset = 0, days;
  GDate date;

  if (!read_digits (&p, end, 4, &year) || !read_character (&p, end, "-") ||
      !read_digits (&p, end, 2, &month) || !read_character (&p, end, "-") ||
      !read_digits (&p, end, 2, &day))
    return FALSE;
  if (!g_date_valid_dmy ((GDateDay) day, (GDateMonth) month, (GDateYear) year))
    return FALSE;
  if (year < 1678 || year > 2261)
    return FALSE;
  if (read_character (&p, end, "Tt ")) {
    if (!read_time_of_day (&p, end, &time) || !read_offset (&p, end, &offset))
      return FALSE;
  }
  g_date_clear (&date, 1);
  g_date_set_dmy (&date, (GDateDay) day, (GDateMonth) month, (GDateYear) year);
  days = (gint64) g_date_get_julian (&date) - julian_1970;
  *nanoseconds = days * 86400 * SECOND + time - offset;
  return p == end;
}

/* With an exponent there is no exact way that is short; double is good to a
 * microsecond in 1e9 seconds. */
static gboolean
read_scientific_seconds (const char *text, const char *end, char mark,
    gint64 *nanoseconds)
{
  char *copy = g_strndup (text, end - text);
  char *at = strchr (copy, mark);
  double value;

  if (at)
    *at = '.';
  value = g_ascii_strtod (copy, NULL) * (double) SECOND;
  g_free (copy);
  if (!(fabs (value) < 0x1p63))
    return FALSE;
  *nanoseconds = llround (value);
  return TRUE;
}

gboolean
csv_seconds_read (const char *text, const char *end, char mark,
    gint64 *nanoseconds)
{
  const gint64 limit = G_MAXINT64 / SECOND;
  Decimal decimal;
  const char *p = text;
  gint64 seconds = 0;

  if (scan_decimal (text, end + 1, mark, &decimal) != end)
    return FALSE;
  if (decimal.negative || *p == '+')
    p++;
  for (; p < end && is_digit (*p); p++) {
    seconds = seconds * 10 + (*p - '0');
    if (seconds >= limit)
      return FALSE;
  }
  if (p < end && *p == mark) {
    p++;
    seconds = seconds * SECOND + read_fraction (&p, end);
  } else {
    seconds *= SECOND;
  }
  if (p < end)
    return read_scientific_seconds (text, end, mark, nanoseconds);
  *nanoseconds = decimal.negative ? -seconds : seconds;
  return TRUE;
}
