#!/usr/bin/env python3
# gst-vae
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs a pipeline and prints what its vaescore posts as JSON, one message a line: when
anomalies begin and end, and when another model has taken over.

  alarms.py "vaesynth ! vaescore model=m.bin post-messages=true ! fakesink"

Times are nanoseconds; what is not known is null. Ctrl-C ends the stream.
"""

import json
import math
import sys
import warnings

import gi

gi.require_version("Gst", "1.0")
from gi.repository import GLib, Gst  # noqa: E402

import gstrun  # noqa: E402

WANTED = (Gst.MessageType.ELEMENT | Gst.MessageType.EOS | Gst.MessageType.ERROR
          | Gst.MessageType.WARNING)


def to_json(value):
    """A value as JSON knows it, which has neither NaN nor GST_CLOCK_TIME_NONE."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return None if value == Gst.CLOCK_TIME_NONE else value


def read_array(structure, name):
    """A GST_TYPE_ARRAY, for which PyGObject alone has only what GLib deprecates."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        values = structure.get_array(name)[1]
        return [to_json(values.get_nth(i)) for i in range(values.n_values)]


def read_field(structure, name):
    if structure.get_field_type(name).name == "GstValueArray":
        return read_array(structure, name)
    return to_json(structure.get_value(name))


def print_message(structure):
    names = map(structure.nth_field_name, range(structure.n_fields()))
    fields = {name: read_field(structure, name) for name in names}
    print(json.dumps(fields), flush=True)


def tell(kind, message, error):
    print(f"{kind}: {message.src.get_name()}: {error.message}", file=sys.stderr)


def next_message(pipeline):
    """The next one of interest; Ctrl-C sends EOS instead of ending it all."""
    while True:
        try:
            message = pipeline.get_bus().timed_pop_filtered(Gst.SECOND // 5, WANTED)
        except KeyboardInterrupt:
            pipeline.send_event(Gst.Event.new_eos())
            continue
        if message:
            return message


def play(pipeline):
    """Runs it to its end. Returns the exit status."""
    pipeline.set_state(Gst.State.PLAYING)
    while True:
        message = next_message(pipeline)
        if message.type == Gst.MessageType.EOS:
            return 0
        if message.type == Gst.MessageType.ERROR:
            tell("error", message, message.parse_error()[0])
            return 1
        if message.type == Gst.MessageType.WARNING:
            tell("warning", message, message.parse_warning()[0])
        elif message.get_structure().get_name() == "vaescore":
            print_message(message.get_structure())


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    gstrun.init()
    try:
        pipeline = Gst.parse_launch(sys.argv[1])
    except GLib.Error as error:
        sys.exit(f"error: {error.message}")
    try:
        sys.exit(play(pipeline))
    finally:
        pipeline.set_state(Gst.State.NULL)


if __name__ == "__main__":
    main()
