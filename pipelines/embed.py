#!/usr/bin/env python3
# gst-vae
# SPDX-License-Identifier: LGPL-2.1-or-later
"""An application that embeds the elements: it trains a model on rows of its own,
then scores live rows one by one and is told of what is wrong with them. Of the normal
ones among these a new model learns in the background, which takes over while the rows
go on. embed.c is the same in C.

  embed.py [MODEL]     (embed.bin)
"""

import array
import contextlib
import math
import struct
import sys
import time
import warnings

import gi

gi.require_version("Gst", "1.0")
from gi.repository import GLib, Gst  # noqa: E402

CHANNELS = 5
TRAINING_ROWS = 2000
RETRAINING_ROWS = 1200
ROWS_OF_NEW_MODEL = 600
ROWS_PER_SECOND = 10
SPEED = 100  # at which live time goes by here

# Of so many live rows, the last few have a failed sensor.
FAULT_INTERVAL = 500
FAULTY_ROWS = 5

# No more than max-bytes wait to be trained on or scored: pushing waits, too.
SOURCE = "appsrc name=in format=time block=true max-bytes=65536 "
CAPS = ('caps="other/tensors, format=(string)static, num_tensors=(int)1, '
        'dimensions=(string)5:1, types=(string)float32, framerate=(fraction)0/1" ')

# About 1 is usual. The decisions are the labels by which to train again.
TRAINING = SOURCE + CAPS + "! vaetrain name=vae silent=true"
SCORING = (SOURCE + CAPS + "is-live=true ! vaescore name=vae threshold=2 "
           "decision=true post-messages=true ! appsink name=out sync=false")
RETRAINING = SOURCE + "! vaetrain name=vae silent=true skip-labelled=true"


class Failure(Exception):
    """What an element or GStreamer says is wrong."""


@contextlib.contextmanager
def running(description, **properties):
    """The pipeline, whose element `vae` has the properties."""
    pipeline = Gst.parse_launch(description)
    for name, value in properties.items():
        pipeline.get_by_name("vae").set_property(name, value)
    pipeline.set_state(Gst.State.PLAYING)
    try:
        yield pipeline
    finally:
        pipeline.set_state(Gst.State.NULL)


def measure(row):
    """Five sensors that swing out of step, with a little noise. Stands for what the
    application measures."""
    values = [math.sin(0.1 * row + i) + 0.1 * math.sin(1e4 * (row * CHANNELS + i))
              for i in range(CHANNELS)]
    if row >= TRAINING_ROWS and row % FAULT_INTERVAL >= FAULT_INTERVAL - FAULTY_ROWS:
        values[2] = 4.0
    return values


def push_row(pipeline, row):
    buffer = Gst.Buffer.new_wrapped(array.array("f", measure(row)).tobytes())
    buffer.pts = row * Gst.SECOND // ROWS_PER_SECOND
    buffer.duration = Gst.SECOND // ROWS_PER_SECOND
    buffer.offset = row
    pipeline.get_by_name("in").emit("push-buffer", buffer)


def print_event(fields):
    line = fields.get_string("event")
    if fields.has_field("first-row"):
        with warnings.catch_warnings():
            # All that PyGObject has for a GST_TYPE_ARRAY.
            warnings.simplefilter("ignore", DeprecationWarning)
            channel = fields.get_array("channels")[1].get_nth(0)
        first, last = map(fields.get_value, ("first-row", "last-row"))
        line += f"  rows {first} to {last}  channel {channel}"
    print(line)


def next_event(pipeline, timeout):
    """Prints what an element tells next and returns it: "trained", "model-changed",
    ..., at the end "end"; None if there is nothing in time. An error or a refused model
    is a Failure."""
    message = pipeline.get_bus().timed_pop_filtered(
        timeout, Gst.MessageType.EOS | Gst.MessageType.ELEMENT
        | Gst.MessageType.WARNING | Gst.MessageType.ERROR)
    if not message:
        return None
    if message.type == Gst.MessageType.EOS:
        return "end"
    if message.type == Gst.MessageType.ELEMENT:
        print_event(message.get_structure())
        return message.get_structure().get_string("event")
    is_error = message.type == Gst.MessageType.ERROR
    error, _debug = message.parse_error() if is_error else message.parse_warning()
    raise Failure(f"{message.src.get_name()}: {error.message}")


def finish(pipeline):
    """Ends the stream and waits until that, or an error, has come through."""
    pipeline.get_by_name("in").emit("end-of-stream")
    while next_event(pipeline, Gst.CLOCK_TIME_NONE) != "end":
        pass


def train(model):
    with running(TRAINING, model=model) as pipeline:
        for row in range(TRAINING_ROWS):
            push_row(pipeline, row)
        finish(pipeline)


def score_row(scoring, row):
    """Sends a row, takes it back and prints its score, which is the last thing in it;
    the first rows have none, as their windows are not full."""
    push_row(scoring, row)
    sample = scoring.get_by_name("out").emit("try-pull-sample", 5 * Gst.SECOND)
    if not sample:
        finish(scoring)
        raise Failure("a row came back without a score")
    buffer = sample.get_buffer()
    score, = struct.unpack("=f", buffer.extract_dup(buffer.get_size() - 4, 4))
    print(f"row {buffer.offset}  score {score:.4f}")
    return sample


def score_live(model):
    """The first rows are also learnt from. Goes on until the new model has scored
    some, too."""
    row, end = TRAINING_ROWS, None
    with running(SCORING, model=model) as scoring, \
            running(RETRAINING, **{"model": model, "initial-model": model}) as retraining:
        while row != end:
            sample = score_row(scoring, row)
            if row < TRAINING_ROWS + RETRAINING_ROWS:
                retraining.get_by_name("in").emit("push-sample", sample)
            elif row == TRAINING_ROWS + RETRAINING_ROWS:
                retraining.get_by_name("in").emit("end-of-stream")
            while event := next_event(retraining, 0) or next_event(scoring, 0):
                if event == "trained":
                    scoring.get_by_name("vae").set_property("model", model)
                if event == "model-changed":
                    end = row + ROWS_OF_NEW_MODEL
            row += 1
            time.sleep(1 / ROWS_PER_SECOND / SPEED)
        finish(scoring)


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
