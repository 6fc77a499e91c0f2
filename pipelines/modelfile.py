# gst-vae
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Model files as NumPy arrays: docs/model-file.md tells what is in them."""

import json
import struct

import numpy as np

FORMAT_VERSION = 1


class Refusal(Exception):
    """Why a file cannot be used as a model."""


def read_model(path):
    """Returns the metadata, strings by key, and the tensors, arrays by name."""
    with open(path, "rb") as file:
        data = file.read()
    try:
        metadata, tensors = _parse(data)
        version = int(metadata.get("format-version", 1))
    except (struct.error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refusal(f"is no model file: {error!r}") from None
    if version > FORMAT_VERSION:
        raise Refusal(f"is of format version {version}, known is {FORMAT_VERSION}")
    return metadata, tensors


def _parse(data):
    length, = struct.unpack_from("<Q", data)
    header = json.loads(data[8:8 + length])
    metadata = header.pop("__metadata__", {})
    return metadata, {name: _array(data, 8 + length, entry)
                      for name, entry in header.items()}


def _array(data, first, entry):
    start, end = entry["data_offsets"]
    if entry["dtype"] != "F32" or not 0 <= start <= end <= len(data) - first:
        raise ValueError(f"a tensor is {entry}")
    return np.frombuffer(data[first + start:first + end], "<f4").reshape(entry["shape"])


def write_model(path, metadata, tensors):
    header, data = {"__metadata__": metadata}, b""
    for name, tensor in tensors.items():
        raw = np.asarray(tensor, "<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(np.shape(tensor)),
                        "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)
