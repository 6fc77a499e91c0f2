/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/*
 * The parts that reports are made of: one HTML page with its style and its
 * drawings, SVG, in it, which needs neither scripts nor a network.
 *
 * Whatever text comes in is escaped. Numbers are written the same in any locale.
 *
 *   GString *page = gst_vae_report_new ("Title", "What it is about");
 *   gst_vae_report_section (page, "Curves");
 *   gst_vae_report_figure_begin (page, "Name", "What to see in it");
 *   gst_vae_report_plot_begin (page, &plot);
 *   gst_vae_report_line (page, &plot, "one", "loss", points, n);
 *   gst_vae_report_plot_end (page, &plot);
 *   gst_vae_report_key (page, "one", "loss");
 *   gst_vae_report_figure_end (page);
 *   gst_vae_report_write (page, "report.html", &error);
 *
 * A class is how something is drawn: "one", "two" and "three" are lines that
 * differ in colour and dashes, "soft" is a thin one, "rule" a dashed one without a
 * colour, "under" sets such a one off from what it crosses, "area", "area2" and
 * "shade" are filled, "mark" is a point with a ring.
 */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

GString *gst_vae_report_new (const gchar * title, const gchar * lead);

/* Ends the page, replaces the file by it in one step, and frees the page in any
 * case. Sets an error of G_FILE_ERROR. */
gboolean gst_vae_report_write (GString * page, const gchar * path,
    GError ** error);

/* --- text --------------------------------------------------------------- */

void gst_vae_report_section (GString * page, const gchar * title);
void gst_vae_report_text (GString * page, const gchar * text);

/* To be escaped yet. */
void gst_vae_report_paragraph (GString * page, const gchar * text);

/* A number as a reader wants it; "undefined" for NaN. The caller's. */
gchar *gst_vae_report_number (gdouble number);

/* Numbers that are to be seen first, each with what to hold it against. */
void gst_vae_report_headlines_begin (GString * page);
void gst_vae_report_headline (GString * page, const gchar * name,
    const gchar * value, const gchar * remark);
void gst_vae_report_headlines_end (GString * page);

/* A table that may be wider than the page and scrolls then. */
void gst_vae_report_table_begin (GString * page, const gchar * caption,
    const gchar * const *columns);
void gst_vae_report_row_begin (GString * page);
void gst_vae_report_cell (GString * page, const gchar * text);
void gst_vae_report_row_end (GString * page);
void gst_vae_report_table_end (GString * page);

/* Names and values, folded away unless `open`. */
void gst_vae_report_list_begin (GString * page, const gchar * title,
    gboolean open);
void gst_vae_report_item (GString * page, const gchar * name,
    const gchar * value);
void gst_vae_report_list_end (GString * page);

/* An item for each field. */
void gst_vae_report_structure (GString * page, const GstStructure * structure);

/* --- drawings ----------------------------------------------------------- */

typedef struct
{
  gdouble low;
  gdouble high;                 /* above low */
  gboolean is_log;
} GstVaeReportAxis;

/* An axis for values from low to high, most of which are about `typical`: it is
 * logarithmic if the highest would otherwise hide the others, and then ends at a
 * thousandth of what is typical. */
GstVaeReportAxis gst_vae_report_axis_new (gdouble low, gdouble typical,
    gdouble high);

/* From 0 at the low end to 1 at the high one; what is beyond is at the end. */
gdouble gst_vae_report_axis_place (const GstVaeReportAxis * axis,
    gdouble value);

/* What is there. */
gdouble gst_vae_report_axis_value (const GstVaeReportAxis * axis,
    gdouble place);

typedef struct
{
  gdouble x;
  gdouble y;
} GstVaeReportPoint;

/* How a value of x is called. The caller's. */
typedef gchar *(*GstVaeReportNameFunc) (gdouble x, gconstpointer user_data);

typedef struct
{
  const gchar *name;            /* for who cannot see it */
  const gchar *x_name;
  const gchar *y_name;
  GstVaeReportAxis x;
  GstVaeReportAxis y;
  gboolean square;
  GstVaeReportNameFunc name_x;  /* NULL = as numbers */
  gconstpointer user_data;
} GstVaeReportPlot;

void gst_vae_report_figure_begin (GString * page, const gchar * title,
    const gchar * caption);
void gst_vae_report_figure_end (GString * page);

void gst_vae_report_plot_begin (GString * page, const GstVaeReportPlot * plot);
void gst_vae_report_plot_end (GString * page, const GstVaeReportPlot * plot);

/* A strip above a plot, in which [n] spans of its width, from 0 to 1, are
 * filled. */
void gst_vae_report_strip (GString * page, const gchar * style,
    const gchar * name, const GstVaeReportPoint * spans, gsize n);

/* What of a plot's width, from 0 to 1, is filled. */
void gst_vae_report_shade (GString * page, const GstVaeReportPoint * spans,
    gsize n);

/* A line through points [n], broken where y is NaN. `name` is that of the path,
 * for who reads the page by a program. */
void gst_vae_report_line (GString * page, const GstVaeReportPlot * plot,
    const gchar * style, const gchar * name, const GstVaeReportPoint * points,
    gsize n);

/* The same as steps: y holds from the point before up to x. */
void gst_vae_report_steps (GString * page, const GstVaeReportPlot * plot,
    const gchar * style, const gchar * name, const GstVaeReportPoint * points,
    gsize n);

/* What lies between low [n] and high [n], each by rising x; gaps are NaN. */
void gst_vae_report_band (GString * page, const GstVaeReportPlot * plot,
    const gchar * name, const GstVaeReportPoint * low,
    const GstVaeReportPoint * high, gsize n);

/* A bar from the height 0 of the plot. */
void gst_vae_report_bar (GString * page, const GstVaeReportPlot * plot,
    const gchar * style, gdouble from_x, gdouble to_x, gdouble y);

void gst_vae_report_mark (GString * page, const GstVaeReportPlot * plot,
    gdouble x, gdouble y);

/* After plot_end(): what is drawn in this style. */
void gst_vae_report_key (GString * page, const gchar * style,
    const gchar * text);

/* Keeps of points [n], by rising x, only the first, the last, the lowest and the
 * highest of those that are in the same of `columns` columns of the axis: nothing
 * that could be seen in so many columns is lost. Keeps all if there are no more
 * than that. Returns how many are left. */
gsize gst_vae_report_thin (GstVaeReportPoint * points, gsize n,
    const GstVaeReportAxis * x, guint columns);

G_END_DECLS
