/* gst-vae
 * Copyright (C) 2026 the gst-vae authors
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/*
 * Pipelines, from a source that costs next to nothing: `benchrows` pushes one
 * buffer of rows over and over.
 */

#include "bench.h"

#include <gst/base/gstpushsrc.h>

#define BENCH_TYPE_SOURCE (bench_source_get_type ())
/* *INDENT-OFF* */
G_DECLARE_FINAL_TYPE (BenchSource, bench_source, BENCH, SOURCE, GstPushSrc)
/* *INDENT-ON* */

struct _BenchSource
{
  GstPushSrc parent;

  guint channels;
  guint rows;
  guint64 buffers;
  guint64 n_pushed;
  GstBuffer *buffer;
};

enum
{
  PROP_0,
  PROP_CHANNELS,
  PROP_ROWS,
  PROP_BUFFERS
};

static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE ("src",
    GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS ("other/tensors"));

G_DEFINE_TYPE (BenchSource, bench_source, GST_TYPE_PUSH_SRC);

static void
bench_source_set_property (GObject * object, guint prop_id,
    const GValue * value, GParamSpec * pspec)
{
  BenchSource *self = BENCH_SOURCE (object);

  switch (prop_id) {
    case PROP_CHANNELS:
      self->channels = g_value_get_uint (value);
      break;
    case PROP_ROWS:
      self->rows = g_value_get_uint (value);
      break;
    case PROP_BUFFERS:
      self->buffers = g_value_get_uint64 (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
      break;
  }
}

static gboolean
bench_source_start (GstBaseSrc * src)
{
  BenchSource *self = BENCH_SOURCE (src);
  const gsize size = self->rows * self->channels * sizeof (float);

  self->n_pushed = 0;
  self->buffer = gst_buffer_new_wrapped (bench_rows (self->rows,
          self->channels, NULL), size);
  return TRUE;
}

static gboolean
bench_source_stop (GstBaseSrc * src)
{
  gst_clear_buffer (&BENCH_SOURCE (src)->buffer);
  return TRUE;
}

static GstCaps *
bench_source_get_caps (GstBaseSrc * src, GstCaps * filter)
{
  BenchSource *self = BENCH_SOURCE (src);
  g_autofree char *caps = g_strdup_printf ("other/tensors, format=static, "
      "num_tensors=1, dimensions=(string)\"%u:%u\", types=(string)float32, "
      "framerate=0/1", self->channels, self->rows);

  return gst_caps_from_string (caps);
}

static GstFlowReturn
bench_source_create (GstPushSrc * src, GstBuffer ** buffer)
{
  BenchSource *self = BENCH_SOURCE (src);

  if (self->n_pushed++ == self->buffers)
    return GST_FLOW_EOS;
  *buffer = gst_buffer_ref (self->buffer);
  return GST_FLOW_OK;
}

static void
bench_source_init (BenchSource * self)
{
  gst_base_src_set_format (GST_BASE_SRC (self), GST_FORMAT_TIME);
}

static void
bench_source_class_init (BenchSourceClass * klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstBaseSrcClass *src_class = GST_BASE_SRC_CLASS (klass);

  object_class->set_property = bench_source_set_property;
  g_object_class_install_property (object_class, PROP_CHANNELS,
      g_param_spec_uint ("channels", "Channels", "Channels", 1,
          VAE_MAX_CHANNELS, 5, G_PARAM_WRITABLE | G_PARAM_CONSTRUCT));
  g_object_class_install_property (object_class, PROP_ROWS,
      g_param_spec_uint ("rows", "Rows", "Rows in a buffer", 1, G_MAXINT, 1,
          G_PARAM_WRITABLE | G_PARAM_CONSTRUCT));
  g_object_class_install_property (object_class, PROP_BUFFERS,
      g_param_spec_uint64 ("buffers", "Buffers", "Buffers before the end", 1,
          G_MAXUINT64, 1, G_PARAM_WRITABLE | G_PARAM_CONSTRUCT));

  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class, "Bench rows",
      "Source/Tensor", "Pushes one buffer over and over",
      "the gst-vae authors");

  src_class->start = bench_source_start;
  src_class->stop = bench_source_stop;
  src_class->get_caps = bench_source_get_caps;
  GST_PUSH_SRC_CLASS (klass)->create = bench_source_create;
}

static void
wait_for_end (GstElement * pipeline)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GstMessage) message = gst_bus_timed_pop_filtered (bus,
      GST_CLOCK_TIME_NONE, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  GError *error = NULL;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    gst_message_parse_error (message, &error, NULL);
  bench_need (error);
}

/* A launch line: seconds from setting it to playing until its end. */
static double
launch (const char *argument)
{
  GError *error = NULL;
  g_autoptr (GstElement) pipeline = gst_parse_launch (argument, &error);

  bench_need (error);
  const double start = bench_now ();
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  wait_for_end (pipeline);
  const double seconds = bench_now () - start;
  gst_element_set_state (pipeline, GST_STATE_NULL);
  return seconds;
}

/* A launch line: the bytes that this process has held at most. */
static double
memory (const char *argument)
{
  launch (argument);
  return bench_memory ("VmHWM:");
}

int
main (void)
{
  const BenchCase cases[] = {
    {"launch", launch}, {"memory", memory}, {NULL, NULL}
  };

  gst_init (NULL, NULL);
  gst_element_register (NULL, "benchrows", GST_RANK_NONE, BENCH_TYPE_SOURCE);
  return bench_serve (cases);
}
