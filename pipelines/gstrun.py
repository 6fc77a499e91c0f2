# gst-vae
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the Python pipelines of this folder share: running a pipeline to its end,
reading its rows, and the control that needs no model."""

import array
import math
import operator
import pathlib
import sys

import gi

gi.require_version("Gst", "1.0")
from gi.repository import GLib, Gst  # noqa: E402

BUILT_PLUGIN = pathlib.Path(__file__).resolve().parent.parent / "build" / "gst"


# A sink that keeps its rows, for fan_out().
ROWS = "fakesink signal-handoffs=true"


class PipelineError(Exception):
    """A pipeline that could not be made or that posted an error."""


class Rows:
    """What came into a sink: its tensors, each of them row after row."""

    def __init__(self, sink):
        self.channels, self.tensors = 0, []
        sink.connect("handoff", self._on_buffer)

    def floats(self, index):
        return array.array("f", bytes(self.tensors[index]))

    def _on_buffer(self, _sink, buffer, pad):
        if not self.tensors:
            caps = pad.get_current_caps().get_structure(0)
            self.channels = int(caps.get_string("dimensions").partition(":")[0])
            self.tensors = [bytearray() for _ in range(buffer.n_memory())]
        offset = 0
        for index, tensor in enumerate(self.tensors):
            size = buffer.get_sizes_range(index, 1)[0]
            tensor.extend(buffer.extract_dup(offset, size))
            offset += size


def init():
    """Starts GStreamer, with the plug-in of ./build unless another is found."""
    Gst.init(None)
    if not Gst.ElementFactory.find("vaetrain") and BUILT_PLUGIN.is_dir():
        Gst.Registry.get().scan_path(str(BUILT_PLUGIN))
    if not Gst.ElementFactory.find("vaetrain"):
        sys.exit("The plug-in is not found: build it in ./build, install it, or set "
                 "GST_PLUGIN_PATH to the folder that libgstvae.so is in.")


def quote(value):
    """A value of a property, as a pipeline description wants it."""
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def csv_source(path, properties=""):
    return f"filesrc location={quote(path)} ! tensorcsvdec {properties}"


def run(line):
    """Runs a pipeline to its end. Returns its element messages, as (name, fields)."""
    return [(name, fields) for _, name, fields in _play(_parse(line))]


def read_rows(source):
    """Runs a source of tensors to its end. Returns its number of channels, its data,
    row after row, and its labels, which are empty if it has none."""
    rows = fan_out(source, {"rows": ROWS})["rows"]
    labels = rows.tensors[1] if len(rows.tensors) > 1 else bytearray()
    return rows.channels, rows.floats(0), labels


def fan_out(source, branches):
    """Runs a source into several branches, named and each ending with a sink, one
    after the other in one thread. Returns, by name, the fields of the last element
    message of each sink, or its Rows if the sink is ROWS."""
    line = f"{source} ! tee name=fan"
    for name, branch in branches.items():
        # A sink that waits for PLAYING would keep the others from their first buffer.
        line += f" fan. ! {branch} async=false name={name}"
    pipeline = _parse(line)
    results = {name: Rows(pipeline.get_by_name(name))
               for name, branch in branches.items() if branch.endswith(ROWS)}
    results.update((sink, fields) for sink, _, fields in _play(pipeline))
    return results


def train(source, model, properties):
    """Trains a model. Returns the messages of vaetrain."""
    messages = run(f"{source} ! vaetrain silent=true model={quote(model)} {properties}")
    return [fields for name, fields in messages if name == "vaetrain"]


def evaluate(source, model, properties=""):
    """Scores a source with a model. Returns what rocmetric says."""
    return _metrics(f"{source} ! vaescore model={quote(model)} {properties} "
                    "! rocmetric silent=true")


def evaluate_scores(scores, labels, path):
    """Writes scores and labels to a CSV file. Returns what rocmetric says."""
    with open(path, "w", encoding="ascii") as file:
        file.write("score,label\n")
        for score, label in zip(scores, labels):
            file.write(f"{'' if math.isnan(score) else score},{label}\n")
    return _metrics(csv_source(path, "label-column=label")
                    + " ! rocmetric silent=true score-tensor=0")


def squared_norms(data, channels):
    """The squared norm of each row over its number of observed channels: the control
    without a model. NaN for a row without an observed cell."""
    n_rows = len(data) // channels
    sums, counts = [0.0] * n_rows, [0] * n_rows
    for channel in range(channels):
        column = data[channel::channels]
        squares = map(operator.mul, column, column)
        for row, square in enumerate(squares):
            if square == square:
                sums[row] += square
                counts[row] += 1
    return [s / n if n else math.nan for s, n in zip(sums, counts)]


def _metrics(line):
    return next(fields for name, fields in run(line) if name == "rocmetric")


def _parse(line):
    try:
        return Gst.parse_launch(line)
    except GLib.Error as error:
        raise PipelineError(f"{line}: {error.message}") from None


def _play(pipeline):
    try:
        started = pipeline.set_state(Gst.State.PLAYING)
        if started == Gst.StateChangeReturn.FAILURE:
            raise PipelineError(_first_error(pipeline))
        return list(_messages(pipeline))
    finally:
        pipeline.set_state(Gst.State.NULL)


def _first_error(pipeline):
    message = pipeline.get_bus().pop_filtered(Gst.MessageType.ERROR)
    return _describe(message) if message else "The pipeline does not start"


def _messages(pipeline):
    bus = pipeline.get_bus()
    wanted = (Gst.MessageType.ELEMENT | Gst.MessageType.EOS | Gst.MessageType.ERROR)
    while True:
        # Not for ever, so that Ctrl-C is seen.
        message = bus.timed_pop_filtered(Gst.SECOND // 5, wanted)
        if message is None:
            continue
        if message.type == Gst.MessageType.ERROR:
            raise PipelineError(_describe(message))
        if message.type == Gst.MessageType.EOS:
            return
        fields = message.get_structure()
        names = map(fields.nth_field_name, range(fields.n_fields()))
        yield (message.src.get_name(), fields.get_name(),
               {name: fields.get_value(name) for name in names})


def _describe(message):
    error, debug = message.parse_error()
    # After the line that says where in the source it is, there may be a reason.
    _, _, reason = (debug or "").strip().partition("\n")
    return f"{message.src.get_name()}: {error.message} {reason}".strip()
