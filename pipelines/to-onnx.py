#!/usr/bin/env python3
# gst-vae
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes a model of vaetrain, scaler and score included, as an ONNX file.

  to-onnx.py MODEL OUT.onnx [SCORE]     (auto)

What goes in and comes out of the file is in docs/onnx.md.
"""

import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from modelfile import Refusal, read_model

# What every runtime of the last years knows, and all that is needed.
OPSET, IR_VERSION = 15, 8

SCORES = ("auto", "calibrated", "unsmoothed", "recon-kl", "reconstruction", "kl")

# The numbers of the calibrated score, see engine/deviation.c.
AVERAGED_ROWS = (1, 3, 10, 30)
LEAST_ERROR, MOST_DEVIATION = 0.01, 300
LEAST_RATIO, LEAST_LEVEL = 0.5, 1e-3
MOST_FROZEN = 50
NO_LIMIT = 1e9


# --- the model ---------------------------------------------------------------


class Model:
    """What of a model file the graph is made of."""

    def __init__(self, metadata, tensors):
        self.metadata, self.tensors = metadata, tensors
        self.members = self._members()
        self.window, self.channels = self._window_and_channels()
        self.clip = float(self.metadata.get("clip", 0)) or NO_LIMIT
        self.smoothing = int(self.metadata.get("smoothing", 0))
        self.drift = int(self.metadata.get("drift", 1000))

    def _members(self):
        """The detectors: (kind, prefix of the tensors), in the order of the file."""
        found = []
        if "mu.weight" in self.tensors:
            found.append(("vae", ""))
        elif "encoder.0.weight" in self.tensors:
            found.append(("ae", ""))
        if "pca.encoder.0.weight" in self.tensors:
            found.append(("pca", "pca."))
        if "nearest.prototypes" in self.tensors:
            found.append(("nearest", "nearest."))
        if len(found) > 1 and [kind for kind, _ in found] != ["vae", "pca", "nearest"]:
            raise Refusal("its tensors are of several models")
        return found or [("norm", "norm.")]

    def _window_and_channels(self):
        prefix = self.members[0][1]
        for name in ("encoder.0.weight", "mu.weight"):
            if prefix + name in self.tensors:
                window = int(self.metadata.get("window", 1))
                inputs = self.tensors[prefix + name].shape[1]
                if window < 1 or inputs % window:
                    raise Refusal(f"window is {window}, which does not divide the "
                                  f"network's {inputs} inputs")
                return window, inputs // window
        name = "nearest.prototypes" if prefix == "nearest." else "scaler.offset"
        return 1, self.tensors[name].shape[-1]

    @property
    def kind(self):
        return self.members[0][0] if len(self.members) == 1 else "ensemble"

    def channel_tensor(self, name, unknown):
        """A tensor of a number per channel, `unknown` where there is none."""
        tensor = self.tensors.get(name, np.full(self.channels, np.nan, np.float32))
        if tensor.shape != (self.channels,):
            raise Refusal(f"{name} is not of {self.channels} channels")
        return np.where(np.isnan(tensor), np.float32(unknown), tensor)

    def levels(self, prefix):
        return self.tensors.get(prefix + "calibration.levels",
                                np.full(3, np.nan, np.float32))

    def activation_of(self, kind):
        return "identity" if kind == "pca" else self.metadata.get("activation", "relu")

    def resolve(self, score):
        """The score that is asked for, which there must be."""
        if score == "auto":
            score = self._best_score()
        if score in ("calibrated", "unsmoothed"):
            if any(np.isnan(self.levels(prefix)).any() for _, prefix in self.members):
                raise Refusal(f"it has no score {score}: it does not say what is usual")
        elif score != "reconstruction" and self.members[0][0] != "vae":
            raise Refusal(f"it is of kind {self.kind} and has no score {score}")
        return score

    def _best_score(self):
        if self.kind == "ensemble" or self._loss() == "gaussian":
            return "calibrated"
        return "recon-kl" if self.kind == "vae" else "reconstruction"

    def _loss(self):
        sees_input = "encoder.0.weight" in self.tensors and self.kind == "vae" and (
            self.tensors["mu.weight"].shape[1] != self._last_hidden())
        return self.metadata.get("loss", "gaussian" if sees_input else "seed")

    def _last_hidden(self):
        return [weight for weight, _ in self.layers("encoder.")][-1].shape[0]

    def layers(self, prefix):
        """Weights and biases of encoder or decoder."""
        place = 0
        while f"{prefix}{place}.weight" in self.tensors:
            yield (self.tensors[f"{prefix}{place}.weight"],
                   self.tensors[f"{prefix}{place}.bias"])
            place += 2

    def threshold(self, score):
        """NaN if it is not known."""
        for name, scores in (("calibration.threshold", SCORES[1:3]),
                             ("threshold", SCORES[3:])):
            if score in scores and name in self.tensors:
                return float(self.tensors[name][scores.index(score)])
        return np.nan


# --- the graph ---------------------------------------------------------------


class Graph:
    """Nodes and constants in the making. A value is known by its name."""

    def __init__(self):
        self.nodes, self.constants = [], []

    def constant(self, values, dtype=np.float32):
        name = f"c{len(self.constants)}"
        array = np.array(values, dtype, order="C")
        self.constants.append(numpy_helper.from_array(array, name))
        return name

    def floats(self, value):
        return self.constant(value)

    def doubles(self, value):
        return self.constant(value, np.float64)

    def indices(self, *values):
        return self.constant(values, np.int64)

    def __call__(self, op, *inputs, output=None, **attributes):
        output = output or f"v{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, inputs, [output], **attributes))
        return output

    def cut(self, value, start, end):
        """Columns of a matrix."""
        return self("Slice", value, self.indices(start), self.indices(end),
                    self.indices(1))

    def sum_of_columns(self, value):
        return self("ReduceSum", value, self.indices(1), keepdims=1)


# --- rows and detectors ------------------------------------------------------


class Row:
    """The scaled window, and the row of it that is scored, with 0 for a cell that is
    missing, which is not `observed`."""

    def __init__(self, graph, model):
        last = graph.constant(model.window - 1, np.int64)
        is_missing = graph("Or", graph("IsNaN", "window"), graph("IsInf", "window"))
        centred = graph("Sub", "window", graph.floats(
            model.channel_tensor("scaler.offset", 0)))
        scaled = graph("Div", centred, graph.floats(
            model.channel_tensor("scaler.scale", 1)))
        clipped = graph("Clip", scaled, graph.floats(-model.clip),
                        graph.floats(model.clip))
        window = graph("Where", is_missing, graph.floats(0), clipped)
        self.window = graph("Flatten", window, axis=1)
        self.values = graph("Gather", window, last, axis=1)
        self.is_observed = graph("Not", graph("Gather", is_missing, last, axis=1))
        self.observed = graph("Cast", self.is_observed, to=TensorProto.FLOAT)
        self.count = graph.sum_of_columns(self.observed)

    def mean(self, graph, cells):
        """Over the observed channels; 0 / 0 = NaN if there is none."""
        total = graph.sum_of_columns(graph("Mul", cells, self.observed))
        return graph("Div", total, self.count)


def dense(graph, x, layer, activation):
    weight, bias = layer
    y = graph("Gemm", x, graph.floats(weight), graph.floats(bias), transB=1)
    if activation == "identity":
        return y
    return graph({"relu": "Relu", "tanh": "Tanh"}[activation], y)


def beside(graph, hidden, width, other, weight):
    """What a layer reads: where it has more columns than there are hidden units, it
    reads `other` too."""
    if weight.shape[1] == width:
        return hidden
    return graph("Concat", hidden, other, axis=1)


def network(graph, model, member, row):
    """The row that is scored as the network takes it to be, mu and logvar."""
    kind, prefix = member
    activation = model.activation_of(kind)
    x, width, heads = row.window, model.window * model.channels, []

    for layer in model.layers(prefix + "encoder."):
        x, width = dense(graph, x, layer, activation), len(layer[0])
    if kind == "vae":
        for name in ("mu", "logvar"):
            layer = (model.tensors[name + ".weight"], model.tensors[name + ".bias"])
            seen = beside(graph, x, width, row.window, layer[0])
            heads.append(dense(graph, seen, layer, "identity"))
        x, width = heads[0], len(layer[0])

    *hidden, (weight, bias) = model.layers(prefix + "decoder.")
    for layer in hidden:
        x, width = dense(graph, x, layer, activation), len(layer[0])
    if kind == "vae":
        x = beside(graph, x, width, heads[0], weight)
    last_row = (weight[-model.channels:], bias[-model.channels:])
    return dense(graph, x, last_row, "identity"), heads


def nearest(graph, model, row):
    """The prototype that is the nearest to the row by what of it is observed."""
    prototypes = graph.floats(model.tensors["nearest.prototypes"])
    middle = graph.indices(1)
    difference = graph("Sub", graph("Unsqueeze", row.values, middle), prototypes)
    counted = graph("Mul", difference, graph("Unsqueeze", row.observed, middle))
    distance = graph("ReduceSum", graph("Mul", counted, counted), graph.indices(2),
                     keepdims=0)
    return graph("Gather", prototypes, graph("ArgMin", distance, axis=1, keepdims=0))


def look(graph, model, member, row):
    """The residuals of a detector, and mu and logvar of a VAE."""
    if member[0] == "norm":
        return row.values, []
    if member[0] == "nearest":
        expected, heads = nearest(graph, model, row), []
    else:
        expected, heads = network(graph, model, member, row)
    return graph("Sub", row.values, expected), heads


# --- scores ------------------------------------------------------------------


def divergence(graph, mu, logvar):
    """KL (N (mu, exp (logvar)) || N (0, 1)), summed over the latents."""
    # The range of engine/exp.h.
    variance = graph("Exp", graph("Clip", logvar, graph.floats(-87), graph.floats(88)))
    terms = graph("Sub", graph("Add", graph("Mul", mu, mu), variance), logvar)
    latents = graph("Sub", terms, graph.floats(1))
    return graph("Mul", graph.floats(0.5), graph.sum_of_columns(latents))


def own_score(graph, model, score, row):
    """The score of the first detector."""
    residual, heads = look(graph, model, model.members[0], row)
    reconstruction = row.mean(graph, graph("Mul", residual, residual))
    if score == "reconstruction":
        return reconstruction
    kl = divergence(graph, *heads)
    if score == "recon-kl":
        return graph("Add", reconstruction, kl)
    return graph("Where", graph("IsNaN", reconstruction), reconstruction, kl)


class State:
    """What the calibrated score knows of the rows before: columns of a double matrix,
    NaN = nothing yet."""

    def __init__(self, graph):
        self.graph = graph
        self.width = 0
        self.following = []

    def take(self, width):
        """The next columns, as they were."""
        self.width += width
        return self.graph.cut("state", self.width - width, self.width)

    def keep(self, value):
        """Those columns, as they will be: doubles, in the order in which they were
        taken."""
        self.following.append(value)


def deviation(graph, row, residual, error):
    """Mean over the observed channels of the squared residual over the usual one."""
    inverse = graph.floats(np.float32(1) / (error + np.float32(LEAST_ERROR)))
    ratio = graph("Mul", graph("Mul", residual, residual), inverse)
    return row.mean(graph, graph("Min", ratio, graph.floats(MOST_DEVIATION)))


def less_baseline(graph, model, prefix, row, residual, state):
    """The deviation from a baseline, which then follows the residual. It stands still
    while something is going on, but not for ever."""
    usual = model.channel_tensor(prefix + "calibration.baseline", 0)
    before = state.take(model.channels)
    frozen = state.take(1)
    baseline = graph("Where", graph("IsNaN", before), graph.floats(usual),
                     graph("Cast", before, to=TensorProto.FLOAT))
    rest = graph("Sub", residual, baseline)
    view = deviation(graph, row, rest,
                     model.channel_tensor(prefix + "calibration.drift_error", 0))

    is_high = graph("Greater", view, graph.floats(model.levels(prefix)[2]))
    counted = graph("Add", graph.doubles(1), graph(
        "Where", graph("IsNaN", frozen), graph.doubles(0), frozen))
    now_frozen = graph("Where", graph("IsNaN", view), frozen, graph(
        "Where", is_high, counted, graph.doubles(0)))
    moves = graph("Or", graph("Not", is_high),
                  graph("Greater", now_frozen, graph.doubles(MOST_FROZEN)))
    step = graph("Where", graph("And", moves, row.is_observed),
                 graph("Mul", rest, graph.floats(1 / model.drift)), graph.floats(0))
    state.keep(graph("Cast", graph("Add", baseline, step), to=TensorProto.DOUBLE))
    state.keep(now_frozen)
    return view


def log_of_ratios(graph, view, level, rows, state):
    """The logarithms of how many times the usual level moving averages over so many
    rows are, one column each."""
    view = graph("Cast", view, to=TensorProto.DOUBLE)
    before = state.take(len(rows))
    steps = graph.doubles([[1 / n for n in rows]])
    moved = graph("Add", before, graph("Mul", steps, graph("Sub", view, before)))
    begun = graph("Where", graph("IsNaN", before), view, moved)
    average = graph("Where", graph("IsNaN", view), before, begun)
    state.keep(average)

    ratio = graph("Div", average, graph.doubles(float(level) + LEAST_LEVEL))
    damped = graph("Div", graph("Add", ratio, graph.doubles(LEAST_RATIO)),
                   graph.doubles(1 + LEAST_RATIO))
    return graph("Log", damped)


def member_score(graph, model, member, rows, row, state):
    """The mean logarithm of these ratios, and whether the row has any."""
    residual, _ = look(graph, model, member, row)
    prefix = member[1]
    views = [deviation(graph, row, residual, model.channel_tensor(
        prefix + "calibration.channel_error", 0))]
    if model.drift:
        views.append(less_baseline(graph, model, prefix, row, residual, state))
    logs = [log_of_ratios(graph, view, level, rows, state)
            for view, level in zip(views, model.levels(prefix))]
    together = graph("Concat", *logs, axis=1) if len(logs) > 1 else logs[0]
    return graph("ReduceMean", together, axes=[1], keepdims=1)


def calibrated_score(graph, model, score, row, state):
    rows = AVERAGED_ROWS
    if score == "unsmoothed" or model.smoothing:
        rows = (1 if score == "unsmoothed" else model.smoothing,)
    logs = [member_score(graph, model, member, rows, row, state)
            for member in model.members]
    together = graph("Concat", *logs, axis=1) if len(logs) > 1 else logs[0]
    mean = graph("ReduceMean", together, axes=[1], keepdims=1)
    value = graph("Cast", graph("Exp", mean), to=TensorProto.FLOAT)
    is_empty = graph("Equal", row.count, graph.floats(0))
    return graph("Where", is_empty, graph.floats(np.nan), value)


# --- the file ----------------------------------------------------------------


def make_graph(model, score):
    graph = Graph()
    row, state = Row(graph, model), State(graph)
    inputs = [helper.make_tensor_value_info(
        "window", TensorProto.FLOAT, ["streams", model.window, model.channels])]
    outputs = [helper.make_tensor_value_info("score", TensorProto.FLOAT, ["streams"])]

    if score in ("calibrated", "unsmoothed"):
        value = calibrated_score(graph, model, score, row, state)
        shape = ["streams", state.width]
        inputs.append(helper.make_tensor_value_info("state", TensorProto.DOUBLE, shape))
        outputs.append(helper.make_tensor_value_info("next_state", TensorProto.DOUBLE,
                                                     shape))
        graph("Concat", *state.following, axis=1, output="next_state")
    else:
        value = own_score(graph, model, score, row)
    graph("Squeeze", value, graph.indices(1), output="score")
    return helper.make_graph(graph.nodes, "gst-vae", inputs, outputs, graph.constants)


def convert(model, score):
    score = model.resolve(score)
    proto = helper.make_model(
        make_graph(model, score), producer_name="gst-vae", ir_version=IR_VERSION,
        opset_imports=[helper.make_opsetid("", OPSET)])
    properties = dict(model.metadata, score=score)
    threshold = model.threshold(score)
    if not np.isnan(threshold):
        properties["score-threshold"] = repr(threshold)
    helper.set_model_props(proto, properties)
    onnx.checker.check_model(proto, full_check=True)
    return proto


def main():
    if not 3 <= len(sys.argv) <= 4 or not set(sys.argv[3:]) <= set(SCORES):
        sys.exit("to-onnx.py MODEL OUT.onnx [" + "|".join(SCORES) + "]")
    path, out, score = (sys.argv[1:] + ["auto"])[:3]
    try:
        onnx.save(convert(Model(*read_model(path)), score), out)
    except OSError as error:
        sys.exit(f"{error.filename}: {error.strerror}")
    except Refusal as why:
        sys.exit(f"{path}: {why}")
    # Tensors that are missing, or do not fit together.
    except (KeyError, ValueError, IndexError, onnx.checker.ValidationError,
            onnx.shape_inference.InferenceError) as error:
        sys.exit(f"{path}: its tensors are no model: {error!r}")


if __name__ == "__main__":
    main()
