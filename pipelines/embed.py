#!/usr/bin/env python3
# gst-vae
# SPDX-License-Identifier: LGPL-2.1-or-later
"""An application that embeds the elements: it trains a model on rows of its own,
then scores live rows one by one and is told of what is wrong with them. embed.c is
the same in C.

  embed.py [MODEL]     (embed.bin)
"""

import array
import math
import struct
import sys
import warnings

import gi

gi.require_version("Gst", "1.0")
from gi.repository import GLib, Gst  # noqa: E402

CHANNELS = 5
TRAINING_ROWS = 2000
LIVE_ROWS = 200
FAULTY_ROWS = range(2100, 2105)
ROWS_PER_SECOND = 10

# No more than this waits to be trained on or scored: pushing waits, too.
QUEUE_BYTES = 65536

CAPS = ('other/tensors, format=(string)static, num_tensors=(int)1, '
        'dimensions=(string)"5:1", types=(string)"float32", framerate=(fraction)0/1')


class Failure(Exception):
    """What an element or GStreamer says is wrong."""


def measure(row, faulty):
    """Five sensors that swing out of step, with a little noise. Stands for what the
    application measures."""
    values = [math.sin(0.01 * row + i) + 0.1 * math.sin(1e4 * (row * CHANNELS + i))
              for i in range(CHANNELS)]
    if faulty:
        values[2] = 4.0
    return values


def push_row(source, row):
    values = array.array("f", measure(row, row in FAULTY_ROWS))
    buffer = Gst.Buffer.new_wrapped(values.tobytes())
    buffer.pts = row * Gst.SECOND // ROWS_PER_SECOND
    buffer.duration = Gst.SECOND // ROWS_PER_SECOND
    buffer.offset = row
    source.emit("push-buffer", buffer)


def start_pipeline(description, model):
    """A running pipeline whose element `vae` has the model and whose appsrc `in` has
    the caps."""
    pipeline = Gst.parse_launch(description)
    pipeline.get_by_name("in").set_property("caps", Gst.Caps.from_string(CAPS))
    pipeline.get_by_name("vae").set_property("model", model)
    pipeline.set_state(Gst.State.PLAYING)
    return pipeline


def print_anomaly(message):
    """What vaescore posts when an anomaly begins and when it ends."""
    fields = message.get_structure()
    if not fields.has_name("vaescore"):
        return
    with warnings.catch_warnings():
        # All that PyGObject has for a GST_TYPE_ARRAY.
        warnings.simplefilter("ignore", DeprecationWarning)
        channel = fields.get_array("channels")[1].get_nth(0)
    event, first, last = map(fields.get_value, ("event", "first-row", "last-row"))
    print(f"{event}  rows {first} to {last}  channel {channel}")


def finish_pipeline(pipeline):
    """Ends the stream and waits until that, or an error, has come through."""
    types = Gst.MessageType.EOS | Gst.MessageType.ERROR | Gst.MessageType.ELEMENT
    bus = pipeline.get_bus()
    pipeline.get_by_name("in").emit("end-of-stream")
    message = bus.timed_pop_filtered(Gst.CLOCK_TIME_NONE, types)
    while message.type == Gst.MessageType.ELEMENT:
        print_anomaly(message)
        message = bus.timed_pop_filtered(Gst.CLOCK_TIME_NONE, types)
    pipeline.set_state(Gst.State.NULL)
    if message.type == Gst.MessageType.ERROR:
        error, _debug = message.parse_error()
        raise Failure(f"{message.src.get_name()}: {error.message}")


def print_anomalies(pipeline):
    """The messages that have come until now."""
    bus = pipeline.get_bus()
    while message := bus.pop_filtered(Gst.MessageType.ELEMENT):
        print_anomaly(message)


def train(model):
    pipeline = start_pipeline("appsrc name=in format=time block=true "
                              f"max-bytes={QUEUE_BYTES} ! vaetrain name=vae", model)
    for row in range(TRAINING_ROWS):
        push_row(pipeline.get_by_name("in"), row)
    finish_pipeline(pipeline)


def score_row(source, sink, row):
    """Sends a row, takes it back and prints its score, which follows it; the first
    ones have none, as their windows are not full."""
    push_row(source, row)
    sample = sink.emit("try-pull-sample", 5 * Gst.SECOND)
    if not sample:
        return False
    score, = struct.unpack("=f", sample.get_buffer().extract_dup(CHANNELS * 4, 4))
    if row in FAULTY_ROWS or row % 20 == 0:
        print(f"row {row}  score {score:.4f}{'  faulty' if row in FAULTY_ROWS else ''}")
    return True


def score_live(model):
    pipeline = start_pipeline("appsrc name=in format=time is-live=true block=true "
                              f"max-bytes={QUEUE_BYTES} ! vaescore name=vae "
                              "post-messages=true ! appsink name=out sync=false", model)
    source, sink = pipeline.get_by_name("in"), pipeline.get_by_name("out")
    scored = True
    for row in range(TRAINING_ROWS, TRAINING_ROWS + LIVE_ROWS):
        scored = scored and score_row(source, sink, row)
        print_anomalies(pipeline)
    finish_pipeline(pipeline)
    if not scored:
        raise Failure("a row came back without a score")


def main():
    model = sys.argv[1] if len(sys.argv) > 1 else "embed.bin"
    Gst.init(None)
    try:
        train(model)
        score_live(model)
    except Failure as failure:
        sys.exit(str(failure))
    except GLib.Error as error:
        sys.exit(error.message)


if __name__ == "__main__":
    main()
