/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/**
 * SECTION:element-vaesynth
 * @title: vaesynth
 * @see_also: vaetrain, vaescore, rocmetric
 *
 * Makes a multivariate series sin (t + channel) + noise with anomalies in it, and
 * a label that says where they are. A row depends on the properties and on its
 * number alone: the same seed gives the same series, bit for bit, however it is
 * cut into buffers and wherever one seeks to.
 *
 * ## Example launch lines
 *
 * |[
 * gst-launch-1.0 vaesynth ! vaetrain model=m.bin
 * ]|
 * Trains a model on the default series.
 *
 * |[
 * gst-launch-1.0 vaesynth seed=2 anomaly=frozen ! vaescore model=m.bin ! rocmetric
 * ]|
 * Tells how well it finds sensors that are stuck.
 *
 * Since: 0.1
 */

#include "gstvaesynth.h"

#include "gstvaeelements.h"
#include "gstvaeerror.h"
#include "gstvaetensor.h"
#include "vae.h"

GST_DEBUG_CATEGORY_STATIC (vaesynth_debug);
#define GST_CAT_DEFAULT vaesynth_debug

#define DEFAULT_NUM_SAMPLES 5000
#define DEFAULT_SAMPLES_PER_BUFFER 50
#define DEFAULT_RATE_N 100
#define DEFAULT_RATE_D 1
#define DEFAULT_IS_LIVE FALSE

#define MAX_BUFFER_BYTES (256 * 1024 * 1024)

enum
{
  PROP_0,
  PROP_NUM_SAMPLES,
  PROP_FEATURES,
  PROP_ANOMALY_RATIO,
  PROP_NOISE,
  PROP_ANOMALY,
  PROP_ANOMALY_LENGTH,
  PROP_SEED,
  PROP_SAMPLES_PER_BUFFER,
  PROP_RATE,
  PROP_IS_LIVE
};

typedef struct
{
  VaeSynthParams series;
  gint64 num_samples;
  guint samples_per_buffer;
  gint rate_n;                  /* rows per second */
  gint rate_d;
} Settings;

struct _GstVaeSynth
{
  GstBaseSrc parent;

  Settings settings;            /* the properties; under the object lock */

  /* What start() made of them. */
  VaeSynth *synth;
  guint64 n_rows;
  gint rate_n;
  gint rate_d;
  GstVaeTensorsInfo full;       /* of a full buffer */

  /* Of the streaming thread. */
  GstVaeTensorsInfo current;    /* as negotiated */
  guint64 next_row;             /* after those of the buffer made last, */
  guint64 made_row;             /* whose first row this is */
  GstClockTime made_position;   /* the segment's position then */
};

static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE ("src",
    GST_PAD_SRC, GST_PAD_ALWAYS,
    GST_STATIC_CAPS ("other/tensors, format = (string) static, "
        "num_tensors = (int) 2, types = (string) \"float32,uint8\", "
        "framerate = (fraction) [ 0/1, max ]"));

G_DEFINE_TYPE (GstVaeSynth, gst_vae_synth, GST_TYPE_BASE_SRC)
    GST_ELEMENT_REGISTER_DEFINE (vaesynth, "vaesynth", GST_RANK_NONE,
    GST_TYPE_VAE_SYNTH)
#define GST_TYPE_VAE_ANOMALY (gst_vae_anomaly_get_type ())
     static GType gst_vae_anomaly_get_type (void)
{
  static const GEnumValue kinds[] = {
    {VAE_ANOMALY_OFFSET, "Every channel of a row is shifted", "offset"},
    {VAE_ANOMALY_SPIKE, "One channel of a row is shifted", "spike"},
    {VAE_ANOMALY_CORRELATION, "One channel runs out of step", "correlation"},
    {VAE_ANOMALY_FROZEN, "One channel keeps its last value", "frozen"},
    {VAE_ANOMALY_PHASE, "All channels jump ahead, and back", "phase"},
    {VAE_ANOMALY_FREQUENCY, "Time runs three times as fast", "frequency"},
    {VAE_ANOMALY_DRIFT, "One channel slowly leaves its place", "drift"},
    {VAE_ANOMALY_MISSING, "One channel's cells are missing", "missing"},
    {0, NULL, NULL}
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("GstVaeAnomaly", kinds));
  return type;
}

/* --- rows and time ------------------------------------------------------ */

static GstClockTime
time_of_row (GstVaeSynth * self, guint64 row)
{
  return gst_util_uint64_scale (row, GST_SECOND * self->rate_d, self->rate_n);
}

/* The row that lasts at `time`: the last one that begins at it or before. */
static guint64
row_at_time (GstVaeSynth * self, GstClockTime time)
{
  return gst_util_uint64_scale_ceil (time + 1, self->rate_n,
      GST_SECOND * self->rate_d) - 1;
}

static guint64
rows_before_time (GstVaeSynth * self, GstClockTime time)
{
  return gst_util_uint64_scale_ceil (time, self->rate_n,
      GST_SECOND * self->rate_d);
}

/* --- starting ----------------------------------------------------------- */

static gboolean
check_rate (const Settings * settings, GError ** error)
{
  if (settings->rate_n > 0
      && settings->rate_n <= (gint64) GST_SECOND * settings->rate_d)
    return TRUE;

  g_set_error (error, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS,
      "rate is %d/%d rows per second: it must be positive, and at most one row "
      "per nanosecond", settings->rate_n, settings->rate_d);
  return FALSE;
}

static gboolean
check_buffers (const Settings * settings, GError ** error)
{
  guint64 row_bytes = settings->series.features * sizeof (gfloat) + 1;

  if (settings->samples_per_buffer > 0
      && settings->samples_per_buffer <= MAX_BUFFER_BYTES / row_bytes)
    return TRUE;

  g_set_error (error, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS,
      "samples-per-buffer is %u: with %u features it must be 1 to %"
      G_GUINT64_FORMAT, settings->samples_per_buffer,
      settings->series.features, MAX_BUFFER_BYTES / row_bytes);
  return FALSE;
}

/* An endless series ends with GStreamer's time, after 292 years. A negative
 * number turns into one that is far too large. */
static gboolean
count_rows (GstVaeSynth * self, gint64 num_samples, GError ** error)
{
  guint64 last_row = row_at_time (self, G_MAXINT64);

  self->n_rows = num_samples == -1 ? last_row : (guint64) num_samples;
  if (self->n_rows <= last_row)
    return TRUE;

  g_set_error (error, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS,
      "num-samples is %" G_GINT64_FORMAT ": at this rate it must be 0 to %"
      G_GUINT64_FORMAT ", or -1 for an endless series", num_samples, last_row);
  return FALSE;
}

static gboolean
prepare (GstVaeSynth * self, const Settings * settings, GError ** error)
{
  self->synth = vae_synth_new (&settings->series, error);
  if (!self->synth || !check_rate (settings, error)
      || !check_buffers (settings, error))
    return FALSE;

  self->rate_n = settings->rate_n;
  self->rate_d = settings->rate_d;
  if (!count_rows (self, settings->num_samples, error))
    return FALSE;

  self->full.n_tensors = 2;
  self->full.tensors[0] = (GstVaeTensor) {
  GST_VAE_FLOAT32, settings->series.features, 1};
  self->full.tensors[1] = (GstVaeTensor) {
  GST_VAE_UINT8, 1, 1};
  self->full.fps_n = self->rate_n;
  self->full.fps_d = self->rate_d;
  gst_vae_tensors_set_rows (&self->full,
      (guint) CLAMP (self->n_rows, 1, settings->samples_per_buffer));
  return TRUE;
}

static gboolean
gst_vae_synth_stop (GstBaseSrc * src)
{
  GstVaeSynth *self = GST_VAE_SYNTH (src);

  g_clear_pointer (&self->synth, vae_synth_free);
  return TRUE;
}

static gboolean
gst_vae_synth_start (GstBaseSrc * src)
{
  GstVaeSynth *self = GST_VAE_SYNTH (src);
  g_autoptr (GError) error = NULL;

  GST_OBJECT_LOCK (self);
  Settings settings = self->settings;
  GST_OBJECT_UNLOCK (self);

  if (!prepare (self, &settings, &error)) {
    gst_vae_element_error (self, error, GST_RESOURCE_ERROR_SETTINGS);
    gst_vae_synth_stop (src);
    return FALSE;
  }

  if (settings.num_samples != -1) {
    GST_OBJECT_LOCK (self);
    src->segment.duration = time_of_row (self, self->n_rows);
    GST_OBJECT_UNLOCK (self);
  }
  return TRUE;
}

/* --- negotiation -------------------------------------------------------- */

static GstCaps *
gst_vae_synth_get_caps (GstBaseSrc * src, GstCaps * filter)
{
  GstVaeSynth *self = GST_VAE_SYNTH (src);
  GstCaps *caps = self->synth ? gst_vae_tensors_to_caps (&self->full)
      : gst_pad_get_pad_template_caps (GST_BASE_SRC_PAD (src));

  if (filter) {
    GstCaps *filtered = gst_caps_intersect_full (filter, caps,
        GST_CAPS_INTERSECT_FIRST);

    gst_caps_unref (caps);
    caps = filtered;
  }
  return caps;
}

static gboolean
gst_vae_synth_set_caps (GstBaseSrc * src, GstCaps * caps)
{
  return gst_vae_tensors_from_caps (&GST_VAE_SYNTH (src)->current, caps, NULL);
}

/* A buffer with another number of rows follows caps of its own. */
static gboolean
negotiate_rows (GstVaeSynth * self, guint rows)
{
  if (self->current.tensors[0].rows == rows)
    return TRUE;

  GstVaeTensorsInfo info = self->full;

  gst_vae_tensors_set_rows (&info, rows);
  g_autoptr (GstCaps) caps = gst_vae_tensors_to_caps (&info);

  return gst_base_src_set_caps (GST_BASE_SRC (self), caps);
}

/* --- streaming ---------------------------------------------------------- */

static gboolean
gst_vae_synth_is_seekable (GstBaseSrc * src)
{
  return !gst_base_src_is_live (src);
}

/* The base class would ask only after it has flushed. */
static gboolean
is_refused (GstVaeSynth * self, GstEvent * event)
{
  gdouble rate;

  if (GST_EVENT_TYPE (event) != GST_EVENT_SEEK)
    return FALSE;
  gst_event_parse_seek (event, &rate, NULL, NULL, NULL, NULL, NULL, NULL);
  return rate < 0 || gst_base_src_is_live (GST_BASE_SRC (self));
}

static gboolean
gst_vae_synth_event (GstBaseSrc * src, GstEvent * event)
{
  return !is_refused (GST_VAE_SYNTH (src), event)
      && GST_BASE_SRC_CLASS (gst_vae_synth_parent_class)->event (src, event);
}

static gboolean
gst_vae_synth_send_event (GstElement * element, GstEvent * event)
{
  if (is_refused (GST_VAE_SYNTH (element), event)) {
    gst_event_unref (event);
    return FALSE;
  }
  return GST_ELEMENT_CLASS (gst_vae_synth_parent_class)->send_event (element,
      event);
}

/* Also called to begin with, without a seek. */
static gboolean
gst_vae_synth_do_seek (GstBaseSrc * src, GstSegment * segment)
{
  GstVaeSynth *self = GST_VAE_SYNTH (src);

  segment->time = segment->start;
  self->next_row = row_at_time (self, segment->position);
  self->made_position = GST_CLOCK_TIME_NONE;
  GST_DEBUG_OBJECT (self, "next is row %" G_GUINT64_FORMAT, self->next_row);
  return TRUE;
}

/* A live source that is paused drops the buffer that it was waiting with. The
 * segment's position tells, and the rows are made again. */
static guint64
find_next_row (GstVaeSynth * self)
{
  gboolean dropped =
      self->made_position == GST_BASE_SRC (self)->segment.position;

  return dropped ? self->made_row : self->next_row;
}

static void
fill (GstVaeSynth * self, GstBuffer * buffer, guint64 first_row, guint rows)
{
  GstMapInfo data, labels;

  gst_buffer_map_range (buffer, 0, 1, &data, GST_MAP_WRITE);
  gst_buffer_map_range (buffer, 1, 1, &labels, GST_MAP_WRITE);
  vae_synth_execute (self->synth, first_row, rows, (gfloat *) data.data,
      labels.data);
  gst_buffer_unmap (buffer, &labels);
  gst_buffer_unmap (buffer, &data);

  GST_BUFFER_OFFSET (buffer) = first_row;
  GST_BUFFER_OFFSET_END (buffer) = first_row + rows;
  GST_BUFFER_PTS (buffer) = time_of_row (self, first_row);
  GST_BUFFER_DURATION (buffer) = time_of_row (self, first_row + rows)
      - GST_BUFFER_PTS (buffer);
}

static GstFlowReturn
gst_vae_synth_create (GstBaseSrc * src, guint64 offset, guint size,
    GstBuffer ** buffer)
{
  GstVaeSynth *self = GST_VAE_SYNTH (src);
  guint64 first_row = find_next_row (self);
  guint64 end_row = self->n_rows;

  if (GST_CLOCK_TIME_IS_VALID (src->segment.stop))
    end_row = MIN (end_row, rows_before_time (self, src->segment.stop));
  if (first_row >= end_row)
    return GST_FLOW_EOS;

  guint rows = (guint) MIN (self->full.tensors[0].rows, end_row - first_row);

  if (!negotiate_rows (self, rows))
    return GST_PAD_IS_FLUSHING (GST_BASE_SRC_PAD (src)) ? GST_FLOW_FLUSHING
        : GST_FLOW_NOT_NEGOTIATED;

  *buffer = gst_vae_tensors_buffer_new (&self->current);
  fill (self, *buffer, first_row, rows);
  self->made_row = first_row;
  self->made_position = src->segment.position;
  self->next_row = first_row + rows;
  return GST_FLOW_OK;
}

/* Rows are there once they have been measured: a live buffer leaves when its
 * last row is over. */
static void
gst_vae_synth_get_times (GstBaseSrc * src, GstBuffer * buffer,
    GstClockTime * start, GstClockTime * end)
{
  if (gst_base_src_is_live (src))
    *start = GST_BUFFER_PTS (buffer) + GST_BUFFER_DURATION (buffer);
}

/* --- queries ------------------------------------------------------------ */

static gboolean
convert (GstVaeSynth * self, GstQuery * query)
{
  GstFormat from, to;
  gint64 value;

  gst_query_parse_convert (query, &from, &value, &to, NULL);
  if (self->synth && value >= 0) {
    if (from == GST_FORMAT_TIME && to == GST_FORMAT_DEFAULT)
      value = row_at_time (self, value);
    else if (from == GST_FORMAT_DEFAULT && to == GST_FORMAT_TIME)
      value = time_of_row (self, value);
    else if (from != to)
      return FALSE;
  } else if (from != to && value != -1) {
    return FALSE;
  }
  gst_query_set_convert (query, from, value, to, value);
  return TRUE;
}

static gboolean
gst_vae_synth_query (GstBaseSrc * src, GstQuery * query)
{
  GstVaeSynth *self = GST_VAE_SYNTH (src);

  switch (GST_QUERY_TYPE (query)) {
    case GST_QUERY_CONVERT:
      return convert (self, query);
    case GST_QUERY_LATENCY:
      if (!self->synth || !gst_base_src_is_live (src))
        break;
      gst_query_set_latency (query, TRUE,
          time_of_row (self, self->full.tensors[0].rows), GST_CLOCK_TIME_NONE);
      return TRUE;
    default:
      break;
  }
  return GST_BASE_SRC_CLASS (gst_vae_synth_parent_class)->query (src, query);
}

/* --- properties --------------------------------------------------------- */

static void
gst_vae_synth_set_property (GObject * object, guint prop_id,
    const GValue * value, GParamSpec * pspec)
{
  GstVaeSynth *self = GST_VAE_SYNTH (object);
  Settings *settings = &self->settings;

  GST_OBJECT_LOCK (self);
  switch (prop_id) {
    case PROP_NUM_SAMPLES:
      settings->num_samples = g_value_get_int64 (value);
      break;
    case PROP_FEATURES:
      settings->series.features = g_value_get_uint (value);
      break;
    case PROP_ANOMALY_RATIO:
      settings->series.anomaly_ratio = g_value_get_double (value);
      break;
    case PROP_NOISE:
      settings->series.noise = g_value_get_double (value);
      break;
    case PROP_ANOMALY:
      settings->series.anomaly = (VaeAnomaly) g_value_get_enum (value);
      break;
    case PROP_ANOMALY_LENGTH:
      settings->series.anomaly_length = g_value_get_uint (value);
      break;
    case PROP_SEED:
      settings->series.seed = g_value_get_uint64 (value);
      break;
    case PROP_SAMPLES_PER_BUFFER:
      settings->samples_per_buffer = g_value_get_uint (value);
      break;
    case PROP_RATE:
      settings->rate_n = gst_value_get_fraction_numerator (value);
      settings->rate_d = gst_value_get_fraction_denominator (value);
      break;
    case PROP_IS_LIVE:
      GST_OBJECT_UNLOCK (self);
      gst_base_src_set_live (GST_BASE_SRC (self), g_value_get_boolean (value));
      return;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
      break;
  }
  GST_OBJECT_UNLOCK (self);
}

static void
gst_vae_synth_get_property (GObject * object, guint prop_id, GValue * value,
    GParamSpec * pspec)
{
  GstVaeSynth *self = GST_VAE_SYNTH (object);
  const Settings *settings = &self->settings;

  GST_OBJECT_LOCK (self);
  switch (prop_id) {
    case PROP_NUM_SAMPLES:
      g_value_set_int64 (value, settings->num_samples);
      break;
    case PROP_FEATURES:
      g_value_set_uint (value, settings->series.features);
      break;
    case PROP_ANOMALY_RATIO:
      g_value_set_double (value, settings->series.anomaly_ratio);
      break;
    case PROP_NOISE:
      g_value_set_double (value, settings->series.noise);
      break;
    case PROP_ANOMALY:
      g_value_set_enum (value, settings->series.anomaly);
      break;
    case PROP_ANOMALY_LENGTH:
      g_value_set_uint (value, settings->series.anomaly_length);
      break;
    case PROP_SEED:
      g_value_set_uint64 (value, settings->series.seed);
      break;
    case PROP_SAMPLES_PER_BUFFER:
      g_value_set_uint (value, settings->samples_per_buffer);
      break;
    case PROP_RATE:
      gst_value_set_fraction (value, settings->rate_n, settings->rate_d);
      break;
    case PROP_IS_LIVE:
      GST_OBJECT_UNLOCK (self);
      g_value_set_boolean (value, gst_base_src_is_live (GST_BASE_SRC (self)));
      return;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
      break;
  }
  GST_OBJECT_UNLOCK (self);
}

static void
gst_vae_synth_class_init (GstVaeSynthClass * klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstBaseSrcClass *src_class = GST_BASE_SRC_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
      | GST_PARAM_MUTABLE_READY;
  VaeSynthParams defaults;

  GST_DEBUG_CATEGORY_INIT (vaesynth_debug, "vaesynth", 0,
      "synthetic series with labelled anomalies");
  vae_synth_params_init (&defaults);

  object_class->set_property = gst_vae_synth_set_property;
  object_class->get_property = gst_vae_synth_get_property;

  /* Every range holds what makes no sense, too, so that start() can say so:
   * g_object_set() would keep the default instead. */

  /**
   * GstVaeSynth:num-samples:
   *
   * How many rows there are.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_NUM_SAMPLES,
      g_param_spec_int64 ("num-samples", "Number of samples",
          "Rows of the series (-1 = endless)", G_MININT64, G_MAXINT64,
          DEFAULT_NUM_SAMPLES, flags));

  /**
   * GstVaeSynth:features:
   *
   * How many channels a row has.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_FEATURES,
      g_param_spec_uint ("features", "Features",
          "Channels of a row (1 to 65536)", 0, G_MAXUINT, defaults.features,
          flags));

  /**
   * GstVaeSynth:anomaly-ratio:
   *
   * Which part of the rows is anomalous. Each full block of 5,000 rows has the
   * same share.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_ANOMALY_RATIO,
      g_param_spec_double ("anomaly-ratio", "Anomaly ratio",
          "Fraction of anomalous rows (0 to 1 for offset and spike, 0 to 0.5 "
          "for the anomalies that last)", -G_MAXDOUBLE, G_MAXDOUBLE,
          defaults.anomaly_ratio, flags));

  /**
   * GstVaeSynth:noise:
   *
   * Standard deviation of the Gaussian noise in each cell.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_NOISE,
      g_param_spec_double ("noise", "Noise",
          "Standard deviation of the noise (at least 0)", -G_MAXDOUBLE,
          G_MAXDOUBLE, defaults.noise, flags));

  /**
   * GstVaeSynth:anomaly:
   *
   * What an anomaly is.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_ANOMALY,
      g_param_spec_enum ("anomaly", "Anomaly", "Kind of the anomalies",
          GST_TYPE_VAE_ANOMALY, defaults.anomaly, flags));

  /**
   * GstVaeSynth:anomaly-length:
   *
   * How long an anomaly lasts, unless it is an offset or a spike, which last
   * one row.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_ANOMALY_LENGTH,
      g_param_spec_uint ("anomaly-length", "Anomaly length",
          "Rows that one anomaly lasts (1 to 2500; offset and spike: always 1)",
          0, G_MAXUINT, defaults.anomaly_length, flags));

  /**
   * GstVaeSynth:seed:
   *
   * Another seed gives other noise and other anomalies.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_SEED,
      g_param_spec_uint64 ("seed", "Seed", "Seed of the series", 0,
          G_MAXUINT64, defaults.seed, flags));

  /**
   * GstVaeSynth:samples-per-buffer:
   *
   * How many rows a buffer has. The last one may have less.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_SAMPLES_PER_BUFFER,
      g_param_spec_uint ("samples-per-buffer", "Samples per buffer",
          "Rows of a buffer (at least 1)", 0, G_MAXUINT,
          DEFAULT_SAMPLES_PER_BUFFER, flags));

  /**
   * GstVaeSynth:rate:
   *
   * Rows per second of the time stamps, and of the clock if the source is live.
   * The series itself does not depend on it.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_RATE,
      gst_param_spec_fraction ("rate", "Rate",
          "Rows per second (above 0)", -G_MAXINT, 1, G_MAXINT, 1,
          DEFAULT_RATE_N, DEFAULT_RATE_D, flags));

  /**
   * GstVaeSynth:is-live:
   *
   * Whether to send each buffer at its time, when its last row is over. A live
   * source can't seek.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_IS_LIVE,
      g_param_spec_boolean ("is-live", "Is live",
          "Whether to act as a live source", DEFAULT_IS_LIVE, flags));

  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class,
      "Synthetic series with anomalies", "Source/Tensor",
      "Makes a multivariate time series with labelled anomalies",
      "the gst-vae authors");

  element_class->send_event = gst_vae_synth_send_event;

  src_class->start = gst_vae_synth_start;
  src_class->stop = gst_vae_synth_stop;
  src_class->get_caps = gst_vae_synth_get_caps;
  src_class->set_caps = gst_vae_synth_set_caps;
  src_class->is_seekable = gst_vae_synth_is_seekable;
  src_class->event = gst_vae_synth_event;
  src_class->do_seek = gst_vae_synth_do_seek;
  src_class->create = gst_vae_synth_create;
  src_class->get_times = gst_vae_synth_get_times;
  src_class->query = gst_vae_synth_query;

  gst_type_mark_as_plugin_api (GST_TYPE_VAE_ANOMALY, 0);
}

static void
gst_vae_synth_init (GstVaeSynth * self)
{
  vae_synth_params_init (&self->settings.series);
  self->settings.num_samples = DEFAULT_NUM_SAMPLES;
  self->settings.samples_per_buffer = DEFAULT_SAMPLES_PER_BUFFER;
  self->settings.rate_n = DEFAULT_RATE_N;
  self->settings.rate_d = DEFAULT_RATE_D;

  gst_base_src_set_format (GST_BASE_SRC (self), GST_FORMAT_TIME);
  gst_base_src_set_live (GST_BASE_SRC (self), DEFAULT_IS_LIVE);
}
