/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/*
 * Which column of a table is what.
 *
 * A column is named as the header names it, or by its number: 1 is the first,
 * -1 the last.
 */

#pragma once

#include "csv.h"

G_BEGIN_DECLS

#define CSV_COLUMNS_ERROR (csv_columns_error_quark ())
GQuark csv_columns_error_quark (void);

typedef enum
{
  CSV_COLUMNS_ERROR_CHOICE,     /* what was asked for is not in the table */
  CSV_COLUMNS_ERROR_TABLE       /* the table can't be used */
} CsvColumnsError;

#define CSV_MAX_CHANNELS 65536

typedef enum
{
  CSV_ROLE_NONE,
  CSV_ROLE_CHANNEL,
  CSV_ROLE_LABEL,
  CSV_ROLE_TIME
} CsvRole;

typedef struct
{
  CsvRole role;
  guint channel;                /* counted from 0 */
} CsvColumn;

typedef struct
{
  CsvColumn *columns;           /* [n_columns] */
  guint n_columns;
  guint n_channels;
  gboolean has_label;
  gboolean has_time;
  const char *const *names;     /* the parser's, or NULL */
} CsvColumns;

/* What is to be found. NULL stands for the default, "" for none. */
typedef struct
{
  const char *label;            /* default: the column called `label`, if any */
  const char *time;             /* default: the first whose first cell
                                 * is an ISO 8601 date */
  const char *channels;         /* names, numbers, `a-b` and `a-`, with commas
                                 * between; default: all others, but for columns
                                 * without a name in a header */
} CsvChoice;

/* Finds the columns, with the parser at the first row of data, which is then
 * begun again. csv_columns_clear() frees what a success has allocated. */
gboolean csv_columns_find (CsvColumns * columns, CsvParser * parser,
    const CsvChoice * choice, GError ** error);
void csv_columns_clear (CsvColumns * columns);

/* `column 3 (temperature)`, the index being counted from 0; to g_free(). */
char *csv_columns_describe (const CsvColumns * columns, guint index);

G_END_DECLS
