# gst-vae
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Evaluates an ONNX file: with onnx's reference evaluator where there is one (onnx
1.14), else with the same operators, those that to-onnx.py uses, in NumPy."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

try:
    from onnx.reference import ReferenceEvaluator
except ImportError:
    ReferenceEvaluator = None

NAME = "onnx.reference" if ReferenceEvaluator else "NumPy"


def cut(x, starts, ends, axes):
    place = [slice(None)] * x.ndim
    for start, end, axis in zip(starts, ends, axes):
        place[axis] = slice(start, end)
    return x[tuple(place)]


def gemm(a, b, c, transB):
    return a @ (b.T if transB else b) + c


TYPES = {TensorProto.FLOAT: np.float32, TensorProto.DOUBLE: np.float64}
OPERATORS = {
    "Add": np.add,
    "And": np.logical_and,
    "ArgMin": lambda x, axis, keepdims: np.argmin(x, axis),
    "Cast": lambda x, to: x.astype(TYPES[to]),
    "Clip": lambda x, low, high: np.minimum(np.maximum(x, low), high),
    "Concat": lambda *x, axis: np.concatenate(x, axis),
    "Div": np.divide,
    "Equal": np.equal,
    "Exp": np.exp,
    "Flatten": lambda x, axis: x.reshape(np.prod(x.shape[:axis]), -1),
    "Gather": lambda x, indices, axis=0: np.take(x, indices, axis),
    "Gemm": gemm,
    "Greater": np.greater,
    "IsInf": np.isinf,
    "IsNaN": np.isnan,
    "Log": np.log,
    "Min": np.minimum,
    "Mul": np.multiply,
    "Not": np.logical_not,
    "Or": np.logical_or,
    "ReduceMean": lambda x, axes, keepdims: x.mean(tuple(axes), keepdims=keepdims == 1),
    "ReduceSum": lambda x, axes, keepdims: x.sum(tuple(axes), keepdims=keepdims == 1),
    "Relu": lambda x: np.maximum(x, 0),
    "Slice": cut,
    "Squeeze": lambda x, axes: np.squeeze(x, tuple(axes)),
    "Sub": np.subtract,
    "Tanh": np.tanh,
    "Unsqueeze": lambda x, axes: np.expand_dims(x, tuple(axes)),
    "Where": np.where,
}


class NumpyEvaluator:
    """Has the interface of the reference evaluator."""

    def __init__(self, model):
        self.graph = model.graph
        self.constants = {tensor.name: numpy_helper.to_array(tensor)
                          for tensor in model.graph.initializer}
        self.attributes = [{attribute.name: helper.get_attribute_value(attribute)
                            for attribute in node.attribute}
                           for node in model.graph.node]

    def run(self, outputs, inputs):
        values = {**self.constants, **inputs}
        with np.errstate(divide="ignore", invalid="ignore"):
            for node, attributes in zip(self.graph.node, self.attributes):
                values[node.output[0]] = OPERATORS[node.op_type](
                    *(values[name] for name in node.input), **attributes)
        return [values[output] for output in outputs]


class Evaluator:
    """Of a file, which is checked."""

    def __init__(self, path):
        self.model = onnx.load(path)
        onnx.checker.check_model(self.model, full_check=True)
        self.run = (ReferenceEvaluator or NumpyEvaluator)(self.model).run
        self.shapes = {value.name: [size.dim_value for size
                                    in value.type.tensor_type.shape.dim]
                       for value in self.model.graph.input}
