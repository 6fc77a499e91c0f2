/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gstvaereport.h"

#include <math.h>

#include "plotaxis.h"

/* The drawings' own units, stretched to whatever size a plot has. */
#define UNITS 1000

#define MAX_TICKS 5

/* What is narrower would not be seen. */
#define MIN_SPAN 0.002

/* Text has a contrast of 4.5 and lines of 3 against what they are on, in both
 * schemes; the colours differ for all common kinds of colour blindness (after
 * Okabe & Ito 2008), and never alone. */
static const gchar style[] =
    ":root{color-scheme:light dark;--page:#fff;--panel:#f4f6f8;--ink:#16191d;"
    "--soft:#55606c;--rule:#ccd2d9;--grid:#e1e5e9;--one:#0068a8;--two:#bf4b00;"
    "--three:#00775a;--heat:0,104,168}\n"
    "@media(prefers-color-scheme:dark){:root{--page:#14171c;--panel:#1c2128;"
    "--ink:#e8ebef;--soft:#a5afba;--rule:#3d454f;--grid:#2c333b;"
    "--one:#62b6f0;--two:#f2a563;--three:#4ecba2;--heat:64,140,205}}\n"
    "*{box-sizing:border-box}\n"
    "html{-webkit-text-size-adjust:100%}\n"
    "body{margin:0 auto;padding:1.5rem 1rem 3rem;max-width:70rem;"
    "background:var(--page);color:var(--ink);"
    "font:1rem/1.5 system-ui,'Segoe UI',Roboto,'Liberation Sans',sans-serif;"
    "overflow-wrap:anywhere}\n"
    "h1{font-size:1.6rem;line-height:1.2;margin:0 0 .25rem}\n"
    "h2{font-size:1.15rem;margin:2.25rem 0 .75rem;padding-top:1rem;"
    "border-top:1px solid var(--rule)}\n"
    "h3{font-size:1rem;margin:0}\n"
    "p{margin:.25rem 0 .75rem;max-width:48rem}\n"
    ".lead,.caption,.axis,.note{color:var(--soft)}\n"
    ".caption{font-size:.875rem;margin:0 0 .75rem}\n"
    ".headlines{display:grid;gap:.75rem;margin:0;"
    "grid-template-columns:repeat(auto-fill,minmax(min(100%,10rem),1fr))}\n"
    ".headlines div{background:var(--panel);border-radius:.5rem;"
    "padding:.7rem .85rem}\n"
    ".headlines dt{font-size:.875rem}\n"
    ".headlines dd{margin:0}\n"
    ".headlines .value{font-size:1.6rem;line-height:1.3;font-weight:600;"
    "font-variant-numeric:tabular-nums}\n"
    ".headlines .note{font-size:.8125rem;line-height:1.35}\n"
    ".figures{display:grid;gap:1rem;margin-bottom:1rem;"
    "grid-template-columns:repeat(auto-fit,minmax(min(100%,24rem),1fr))}\n"
    "figure{margin:0;padding:1rem;background:var(--panel);border-radius:.5rem;"
    "min-width:0}\n"
    "figure.wide{grid-column:1/-1}\n"
    ".axis{font-size:.8125rem;line-height:1.3;margin-top:.4rem}\n"
    ".plot,.strip{position:relative;margin:.25rem .75rem 0 3.4rem}\n"
    ".plot{height:17rem;margin-bottom:1.5rem}\n"
    ".square{height:auto;aspect-ratio:1;max-height:30rem}\n"
    ".strip{height:1.15rem;background:var(--page);"
    "box-shadow:0 0 0 1px var(--rule)}\n"
    "svg{display:block;width:100%;height:100%;overflow:visible}\n"
    ".plot svg{box-shadow:0 0 0 1px var(--rule);background:var(--page)}\n"
    ".y,.x{position:absolute;font-size:.75rem;line-height:1;color:var(--soft);"
    "white-space:nowrap;font-variant-numeric:tabular-nums}\n"
    ".y{right:100%;padding-right:.4rem;transform:translateY(-50%)}\n"
    ".x{top:100%;padding-top:.4rem;transform:translateX(-50%)}\n"
    ".x.last{transform:translateX(-100%)}\n"
    ".x.first{transform:none}\n"
    ".axis.of-x{margin:0 .75rem .5rem 3.4rem;text-align:center}\n"
    "path{fill:none;vector-effect:non-scaling-stroke;stroke-width:2;"
    "stroke-linejoin:round;stroke-linecap:butt}\n"
    ".grid{stroke:var(--grid);stroke-width:1}\n"
    ".one{stroke:var(--one)}\n"
    ".two{stroke:var(--two);stroke-dasharray:7 4}\n"
    ".three{stroke:var(--three);stroke-dasharray:2 3}\n"
    ".soft{stroke:var(--one);stroke-width:1;stroke-opacity:.65}\n"
    ".rule{stroke:var(--ink);stroke-width:1.25;stroke-dasharray:5 4}\n"
    ".area{fill:var(--one);stroke:var(--one);stroke-width:1}\n"
    ".area2{fill:var(--two);stroke:var(--two);stroke-width:1}\n"
    ".shade{fill:var(--two);fill-opacity:.16;stroke:none}\n"
    ".under{stroke:var(--page);stroke-width:3}\n"
    ".halo{stroke:var(--page);stroke-width:17;stroke-linecap:round}\n"
    ".mark{stroke:var(--two);stroke-width:11;stroke-linecap:round}\n"
    ".keys{display:flex;flex-wrap:wrap;gap:.25rem 1.1rem;margin:0;padding:0;"
    "list-style:none;font-size:.875rem}\n"
    ".keys li{display:flex;align-items:baseline;gap:.45rem}\n"
    ".keys svg{flex:none;width:2rem;height:.8rem}\n"
    ".scroll{overflow-x:auto;margin:.5rem 0 1rem}\n"
    "table{border-collapse:collapse;font-size:.875rem;"
    "font-variant-numeric:tabular-nums}\n"
    "caption{text-align:left;font-weight:600;padding-bottom:.35rem}\n"
    "th,td{text-align:left;vertical-align:top;padding:.35rem .75rem .35rem 0;"
    "border-bottom:1px solid var(--rule);overflow-wrap:normal}\n"
    "th{font-weight:600;color:var(--soft);white-space:nowrap}\n"
    "td.heat{border:2px solid var(--page);padding:.5rem .75rem;min-width:5.5rem;"
    "text-align:center;border-radius:.25rem;"
    "background:rgba(var(--heat),var(--share))}\n"
    "td.chosen{outline:3px solid var(--ink);outline-offset:-3px;"
    "font-weight:700}\n"
    "td small{display:block;font-weight:400;white-space:nowrap}\n"
    "details{margin:.5rem 0}\n"
    "summary{cursor:pointer;font-weight:600}\n"
    ".items{display:grid;gap:0 1.5rem;margin:.5rem 0;font-size:.875rem;"
    "grid-template-columns:repeat(auto-fill,minmax(min(100%,19rem),1fr))}\n"
    ".items div{display:flex;justify-content:space-between;gap:1rem;"
    "padding:.3rem 0;border-bottom:1px solid var(--rule)}\n"
    ".items dt{color:var(--soft)}\n"
    ".items dd{margin:0;text-align:right;font-variant-numeric:tabular-nums}\n"
    "@media(max-width:40rem){.minor{display:none}figure{padding:.75rem}"
    ".plot{height:13rem}.square{height:auto}.strip,.plot,.axis.of-x{"
    "margin-left:2.9rem;margin-right:.25rem}}\n"
    "@media print{details>*{display:block}}\n";

/* --- the page ----------------------------------------------------------- */

GString *
gst_vae_report_new (const gchar * title, const gchar * lead)
{
  GString *page = g_string_new ("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
      "<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" "
      "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>");

  gst_vae_report_text (page, title);
  g_string_append (page, "</title>\n<style>\n");
  g_string_append (page, style);
  g_string_append (page, "</style>\n</head>\n<body>\n<h1>");
  gst_vae_report_text (page, title);
  g_string_append (page, "</h1>\n<p class=\"lead\">");
  gst_vae_report_text (page, lead);
  g_string_append (page, "</p>\n");
  return page;
}

gboolean
gst_vae_report_write (GString * page, const gchar * path, GError ** error)
{
  gboolean written;

  g_string_append (page, "</body>\n</html>\n");
  written = g_file_set_contents_full (path, page->str, (gssize) page->len,
      G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0666,
      error);
  g_string_free (page, TRUE);
  return written;
}

/* --- text --------------------------------------------------------------- */

void
gst_vae_report_text (GString * page, const gchar * text)
{
  g_autofree gchar *valid = g_utf8_make_valid (text, -1);
  g_autofree gchar *escaped = g_markup_escape_text (valid, -1);

  g_string_append (page, escaped);
}

static void
append_element (GString * page, const gchar * open, const gchar * text,
    const gchar * close)
{
  g_string_append (page, open);
  gst_vae_report_text (page, text);
  g_string_append (page, close);
}

void
gst_vae_report_section (GString * page, const gchar * title)
{
  append_element (page, "<h2>", title, "</h2>\n");
}

void
gst_vae_report_paragraph (GString * page, const gchar * text)
{
  append_element (page, "<p>", text, "</p>\n");
}

gchar *
gst_vae_report_number (gdouble number)
{
  gchar text[G_ASCII_DTOSTR_BUF_SIZE];

  if (isnan (number))
    return g_strdup ("undefined");
  if (isinf (number))
    return g_strdup (number > 0 ? "∞" : "−∞");
  return g_strdup (g_ascii_formatd (text, sizeof (text), "%.4g", number));
}

void
gst_vae_report_headlines_begin (GString * page)
{
  g_string_append (page, "<dl class=\"headlines\">\n");
}

void
gst_vae_report_headline (GString * page, const gchar * name,
    const gchar * value, const gchar * remark)
{
  append_element (page, "<div><dt>", name, "</dt>");
  append_element (page, "<dd class=\"value\">", value, "</dd>");
  append_element (page, "<dd class=\"note\">", remark, "</dd></div>\n");
}

void
gst_vae_report_headlines_end (GString * page)
{
  g_string_append (page, "</dl>\n");
}

void
gst_vae_report_table_begin (GString * page, const gchar * caption,
    const gchar * const *columns)
{
  append_element (page, "<div class=\"scroll\" tabindex=\"0\">\n<table>\n"
      "<caption>", caption, "</caption>\n<thead><tr>");
  for (guint i = 0; columns[i]; i++)
    append_element (page, "<th scope=\"col\">", columns[i], "</th>");
  g_string_append (page, "</tr></thead>\n<tbody>\n");
}

void
gst_vae_report_row_begin (GString * page)
{
  g_string_append (page, "<tr>");
}

void
gst_vae_report_cell (GString * page, const gchar * text)
{
  append_element (page, "<td>", text, "</td>");
}

void
gst_vae_report_row_end (GString * page)
{
  g_string_append (page, "</tr>\n");
}

void
gst_vae_report_table_end (GString * page)
{
  g_string_append (page, "</tbody>\n</table>\n</div>\n");
}

void
gst_vae_report_list_begin (GString * page, const gchar * title, gboolean open)
{
  append_element (page, open ? "<details open><summary>" :
      "<details><summary>", title, "</summary>\n<dl class=\"items\">\n");
}

void
gst_vae_report_item (GString * page, const gchar * name, const gchar * value)
{
  append_element (page, "<div><dt>", name, "</dt>");
  append_element (page, "<dd>", value, "</dd></div>\n");
}

void
gst_vae_report_list_end (GString * page)
{
  g_string_append (page, "</dl>\n</details>\n");
}

static gchar *
describe_value (const GValue * value)
{
  if (G_VALUE_HOLDS_DOUBLE (value))
    return gst_vae_report_number (g_value_get_double (value));
  if (G_VALUE_HOLDS_STRING (value))
    return g_value_dup_string (value);
  return gst_value_serialize (value);
}

static gboolean
append_field (GQuark field, const GValue * value, gpointer page)
{
  g_autofree gchar *text = describe_value (value);

  if (text)
    gst_vae_report_item (page, g_quark_to_string (field), text);
  return TRUE;
}

void
gst_vae_report_structure (GString * page, const GstStructure * structure)
{
  gst_structure_foreach (structure, append_field, page);
}

/* --- axes --------------------------------------------------------------- */

/* From this ratio on the highest value hides the typical ones. */
#define HIDING 50

static GstVaeReportAxis
log_axis_new (gdouble low, gdouble high)
{
  const gdouble room = pow (high / low, 0.03);

  return (GstVaeReportAxis) {
  low / room, high * room, TRUE};
}

GstVaeReportAxis
gst_vae_report_axis_new (gdouble low, gdouble typical, gdouble high)
{
  PlotAxis axis;

  if (typical > 0 && high > HIDING * typical)
    return log_axis_new (MAX (low, typical / 1000), high);
  axis = plot_axis_new (low, high);
  return (GstVaeReportAxis) {
  low >= 0 ? MAX (axis.low, 0) : axis.low, axis.high, FALSE};
}

gdouble
gst_vae_report_axis_place (const GstVaeReportAxis * axis, gdouble value)
{
  if (axis->is_log)
    return value <= axis->low ? 0 : MIN (log (value / axis->low)
        / log (axis->high / axis->low), 1);
  return CLAMP ((value - axis->low) / (axis->high - axis->low), 0, 1);
}

gdouble
gst_vae_report_axis_value (const GstVaeReportAxis * axis, gdouble place)
{
  if (axis->is_log)
    return axis->low * pow (axis->high / axis->low, place);
  return axis->low + place * (axis->high - axis->low);
}

/* The first tick at or above low; `step` is a factor on a logarithmic axis. */
static gdouble
first_tick (const GstVaeReportAxis * axis, gdouble * step)
{
  gdouble decades;

  if (!axis->is_log) {
    *step = plot_axis_step (axis->high - axis->low, MAX_TICKS);
    return ceil (axis->low / *step - 1e-9) * *step;
  }
  decades = ceil (log10 (axis->high / axis->low) / MAX_TICKS);
  *step = pow (10, decades);
  return pow (10, decades * ceil (log10 (axis->low) / decades - 1e-9));
}

static gdouble
next_tick (const GstVaeReportAxis * axis, gdouble tick, gdouble step)
{
  return axis->is_log ? tick * step : tick + step;
}

static gboolean
is_on_axis (const GstVaeReportAxis * axis, gdouble tick)
{
  return tick <= axis->high * (1 + 1e-12);
}

/* --- plots -------------------------------------------------------------- */

/* A fraction in units, or in percent. */
static void
append_scaled (GString * page, gdouble fraction, gdouble scale)
{
  gchar text[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (page, g_ascii_formatd (text, sizeof (text), "%.2f",
          fraction * scale));
}

static void
append_xy (GString * page, gchar command, gdouble x, gdouble y)
{
  g_string_append_c (page, command);
  append_scaled (page, x, UNITS);
  g_string_append_c (page, ' ');
  append_scaled (page, 1 - y, UNITS);
}

static void
append_point (GString * page, const GstVaeReportPlot * plot, gchar command,
    GstVaeReportPoint point)
{
  append_xy (page, command, gst_vae_report_axis_place (&plot->x, point.x),
      gst_vae_report_axis_place (&plot->y, point.y));
}

static void
path_begin (GString * page, const gchar * path_style, const gchar * name)
{
  g_string_append_printf (page, "<path class=\"%s\"", path_style);
  if (name)
    append_element (page, " data-name=\"", name, "\"");
  g_string_append (page, " d=\"");
}

static void
path_end (GString * page)
{
  g_string_append (page, "\"/>\n");
}

void
gst_vae_report_figure_begin (GString * page, const gchar * title,
    const gchar * caption)
{
  append_element (page, "<figure>\n<figcaption><h3>", title, "</h3>");
  append_element (page, "<p class=\"caption\">", caption,
      "</p></figcaption>\n");
}

void
gst_vae_report_figure_end (GString * page)
{
  g_string_append (page, "</ul>\n</figure>\n");
}

static void
append_label (GString * page, const gchar * label_style, const gchar * side,
    gdouble fraction, const gchar * text)
{
  g_string_append_printf (page, "<span class=\"%s\" style=\"%s:", label_style,
      side);
  append_scaled (page, fraction, 100);
  append_element (page, "%\">", text, "</span>\n");
}

static void
append_y_labels (GString * page, const GstVaeReportAxis * axis)
{
  gchar text[PLOT_LABEL_SIZE];
  gdouble step, tick;

  for (tick = first_tick (axis, &step); is_on_axis (axis, tick);
      tick = next_tick (axis, tick, step)) {
    plot_axis_label (text, tick, axis->is_log ? tick : step);
    append_label (page, "y", "top",
        1 - gst_vae_report_axis_place (axis, tick), text);
  }
}

static void
append_x_numbers (GString * page, const GstVaeReportAxis * axis)
{
  gchar text[PLOT_LABEL_SIZE];
  gdouble step, tick;

  for (tick = first_tick (axis, &step); is_on_axis (axis, tick);
      tick = next_tick (axis, tick, step)) {
    plot_axis_label (text, tick, axis->is_log ? tick : step);
    append_label (page, "x", "left", gst_vae_report_axis_place (axis, tick),
        text);
  }
}

static void
append_x_names (GString * page, const GstVaeReportPlot * plot)
{
  static const gchar *const styles[] = {
    "x first", "x minor", "x", "x minor", "x last"
  };

  for (guint i = 0; i < G_N_ELEMENTS (styles); i++) {
    const gdouble place = (gdouble) i / (G_N_ELEMENTS (styles) - 1);
    g_autofree gchar *name =
        plot->name_x (gst_vae_report_axis_value (&plot->x, place),
        plot->user_data);

    append_label (page, styles[i], "left", place, name);
  }
}

static void
append_grid (GString * page, const GstVaeReportPlot * plot)
{
  gdouble step, tick;

  path_begin (page, "grid", NULL);
  for (tick = first_tick (&plot->y, &step); is_on_axis (&plot->y, tick);
      tick = next_tick (&plot->y, tick, step)) {
    append_xy (page, 'M', 0, gst_vae_report_axis_place (&plot->y, tick));
    g_string_append_printf (page, "H%d", UNITS);
  }
  path_end (page);
}

static void
append_svg (GString * page, const gchar * name)
{
  append_element (page, "<svg viewBox=\"0 0 1000 1000\" "
      "preserveAspectRatio=\"none\" role=\"img\" aria-label=\"", name, "\">\n");
}

void
gst_vae_report_plot_begin (GString * page, const GstVaeReportPlot * plot)
{
  append_element (page, "<div class=\"axis\">", plot->y_name, "</div>\n");
  g_string_append_printf (page, "<div class=\"plot%s\">\n",
      plot->square ? " square" : "");
  append_y_labels (page, &plot->y);
  append_svg (page, plot->name);
  append_grid (page, plot);
}

void
gst_vae_report_plot_end (GString * page, const GstVaeReportPlot * plot)
{
  g_string_append (page, "</svg>\n");
  if (plot->name_x)
    append_x_names (page, plot);
  else
    append_x_numbers (page, &plot->x);
  append_element (page, "</div>\n<div class=\"axis of-x\">", plot->x_name,
      "</div>\n<ul class=\"keys\">\n");
}

static void
append_spans (GString * page, const gchar * path_style, const gchar * name,
    const GstVaeReportPoint * spans, gsize n)
{
  path_begin (page, path_style, name);
  for (gsize i = 0; i < n; i++) {
    const gdouble from = MIN (spans[i].x, 1 - MIN_SPAN);

    append_xy (page, 'M', from, 1);
    g_string_append_c (page, 'H');
    append_scaled (page, MAX (spans[i].y, from + MIN_SPAN), UNITS);
    g_string_append_printf (page, "V%dH", UNITS);
    append_scaled (page, from, UNITS);
    g_string_append_c (page, 'Z');
  }
  path_end (page);
}

void
gst_vae_report_strip (GString * page, const gchar * path_style,
    const gchar * name, const GstVaeReportPoint * spans, gsize n)
{
  append_element (page, "<div class=\"strip\"><span class=\"y\" "
      "style=\"top:50%\">", name, "</span>\n");
  append_svg (page, name);
  append_spans (page, path_style, name, spans, n);
  g_string_append (page, "</svg>\n</div>\n");
}

void
gst_vae_report_shade (GString * page, const GstVaeReportPoint * spans, gsize n)
{
  append_spans (page, "shade", NULL, spans, n);
}

void
gst_vae_report_line (GString * page, const GstVaeReportPlot * plot,
    const gchar * path_style, const gchar * name,
    const GstVaeReportPoint * points, gsize n)
{
  gboolean drawn = FALSE;

  path_begin (page, path_style, name);
  for (gsize i = 0; i < n; i++) {
    const gboolean known = !isnan (points[i].y);

    if (known)
      append_point (page, plot, drawn ? 'L' : 'M', points[i]);
    /* A point by itself is seen only as a line that ends where it begins. */
    if (known && !drawn)
      append_point (page, plot, 'L', points[i]);
    drawn = known;
  }
  path_end (page);
}

void
gst_vae_report_steps (GString * page, const GstVaeReportPlot * plot,
    const gchar * path_style, const gchar * name,
    const GstVaeReportPoint * points, gsize n)
{
  path_begin (page, path_style, name);
  for (gsize i = 0; i < n; i++) {
    if (i > 0)
      append_point (page, plot, 'L', (GstVaeReportPoint) {
          points[i - 1].x, points[i].y}
    );
    append_point (page, plot, i > 0 ? 'L' : 'M', points[i]);
  }
  path_end (page);
}

void
gst_vae_report_band (GString * page, const GstVaeReportPlot * plot,
    const gchar * name, const GstVaeReportPoint * low,
    const GstVaeReportPoint * high, gsize n)
{
  gsize end;

  path_begin (page, "area", name);
  for (gsize i = 0; i < n; i = end + 1) {
    for (end = i; end < n && !isnan (high[end].y); end++)
      append_point (page, plot, end == i ? 'M' : 'L', high[end]);
    for (gsize j = end; j > i; j--)
      append_point (page, plot, 'L', low[j - 1]);
    if (end > i)
      g_string_append_c (page, 'Z');
  }
  path_end (page);
}

void
gst_vae_report_bar (GString * page, const GstVaeReportPlot * plot,
    const gchar * path_style, gdouble from_x, gdouble to_x, gdouble y)
{
  const GstVaeReportPoint from = { from_x, 0 }, to = { to_x, y };

  path_begin (page, path_style, NULL);
  append_point (page, plot, 'M', from);
  append_point (page, plot, 'L', (GstVaeReportPoint) {
      from.x, to.y});
  append_point (page, plot, 'L', to);
  append_point (page, plot, 'L', (GstVaeReportPoint) {
      to.x, from.y});
  g_string_append_c (page, 'Z');
  path_end (page);
}

void
gst_vae_report_mark (GString * page, const GstVaeReportPlot * plot, gdouble x,
    gdouble y)
{
  const GstVaeReportPoint point = { x, y };

  gst_vae_report_line (page, plot, "halo", NULL, &point, 1);
  gst_vae_report_line (page, plot, "mark", "operating point", &point, 1);
}

void
gst_vae_report_key (GString * page, const gchar * path_style,
    const gchar * text)
{
  const gboolean filled = g_str_has_prefix (path_style, "area")
      || g_str_equal (path_style, "shade");
  const gchar *path = filled ? "M2 2H30V11H2Z"
      : g_str_equal (path_style, "mark") ? "M16 7H16.01" : "M0 7H32";

  g_string_append_printf (page, "<li><svg viewBox=\"0 0 32 13\" "
      "aria-hidden=\"true\"><path class=\"%s\" d=\"%s\"/></svg>", path_style,
      path);
  gst_vae_report_text (page, text);
  g_string_append (page, "</li>\n");
}

/* --- thinning ----------------------------------------------------------- */

static gsize
column_of (const GstVaeReportPoint * point, const GstVaeReportAxis * x,
    guint columns)
{
  return (gsize) (gst_vae_report_axis_place (x, point->x) * columns);
}

/* Moves points[from] to where it is kept, unless it just was. */
static gsize
keep (GstVaeReportPoint * points, gsize n_kept, gsize *last, gsize from)
{
  if (from == *last)
    return n_kept;
  points[n_kept] = points[from];
  *last = from;
  return n_kept + 1;
}

gsize
gst_vae_report_thin (GstVaeReportPoint * points, gsize n,
    const GstVaeReportAxis * x, guint columns)
{
  gsize n_kept = 0, last = G_MAXSIZE, end;

  if (n <= 4 * columns)
    return n;
  for (gsize first = 0; first < n; first = end) {
    const gsize column = column_of (&points[first], x, columns);
    gsize low = first, high = first;

    for (end = first + 1; end < n
        && column_of (&points[end], x, columns) == column; end++) {
      if (points[end].y < points[low].y)
        low = end;
      if (points[end].y > points[high].y)
        high = end;
    }
    n_kept = keep (points, n_kept, &last, first);
    n_kept = keep (points, n_kept, &last, MIN (low, high));
    n_kept = keep (points, n_kept, &last, MAX (low, high));
    n_kept = keep (points, n_kept, &last, end - 1);
  }
  return n_kept;
}
