/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/*
 * Numbers and times as text, whatever the locale.
 *
 * What is read lies between two pointers and is followed by one more readable
 * byte, which is no part of a number: a delimiter, a quote, the line's end or a
 * NUL.
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Reads the decimal number that begins at `text`: sign, digits with `mark`
 * among them, exponent. Returns where it ends, or NULL if there is none. The
 * value is correctly rounded, ties to even; infinite if it is beyond float. All
 * bytes before `limit` can be read, and the one behind the number is before it;
 * farther ahead is faster. */
const char *csv_number_read (const char *text, const char *limit, char mark,
    float *value);

/* What csv_number_write() writes at most, the NUL included. */
#define CSV_NUMBER_SIZE 24

/* Writes the shortest number that csv_number_read() reads as the same float, or
 * `inf`, `-inf`, `nan`. Returns its length. */
gsize csv_number_write (float value, char *text);

/* Nanoseconds since 1970 of an ISO 8601 date, or of a date and a time with `T`
 * or a blank between them, a fraction or none, and `Z`, an offset or nothing
 * (which is UTC) behind. FALSE if the text is not wholly that, or is before
 * 1678 or after 2261, which nanoseconds in 64 bits do not reach. */
gboolean csv_date_time_read (const char *text, const char *end,
    gint64 * nanoseconds);

/* Nanoseconds of a number of seconds, to the nanosecond, half up. FALSE if the
 * text is not wholly a number, or its nanoseconds are beyond 64 bits. */
gboolean csv_seconds_read (const char *text, const char *end, char mark,
    gint64 * nanoseconds);

G_END_DECLS
