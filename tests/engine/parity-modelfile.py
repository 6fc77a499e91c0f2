#!/usr/bin/python3
# gst-vae
# Copyright (C) 2026 the gst-vae authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Weights go from PyTorch to libvae and back, through safetensors files.

The files are written by the code that docs/model-file.md gives to PyTorch users,
and read here without the safetensors package:
parity-modelfile.py LIBVAE MODEL-FILE.MD
"""
import ctypes
import json
import os
import re
import struct
import sys
import tempfile

import numpy as np
import torch

from seed_model import AE, VAE


def documented_code(page):
    """What the page's Python block defines."""
    with open(page) as file:
        block = re.search("```python\n(.*?)```", file.read(), re.DOTALL)
    names = {}
    exec(block.group(1), names)
    return names


def read(path):
    """The tensors and the metadata of a safetensors file."""
    with open(path, "rb") as file:
        length, = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        assert entry["dtype"] == "F32", name
        tensors[name] = np.frombuffer(data[begin:end], "<f4").reshape(
            entry["shape"])
    return tensors, metadata


class GError(ctypes.Structure):
    _fields_ = [("domain", ctypes.c_uint32), ("code", ctypes.c_int),
                ("message", ctypes.c_char_p)]


class Library:
    def __init__(self, path):
        self.lib = ctypes.CDLL(path)
        self.lib.vae_model_load.restype = ctypes.c_void_p

    def load_and_save(self, source, target):
        error = ctypes.POINTER(GError)()
        model = self.lib.vae_model_load(os.fsencode(source),
                                        ctypes.byref(error))
        assert not error, error.contents.message
        saved = self.lib.vae_model_save(ctypes.c_void_p(model),
                                        os.fsencode(target),
                                        ctypes.byref(error))
        assert saved, error.contents.message
        self.lib.vae_model_unref(ctypes.c_void_p(model))


def is_weight(name):
    return name.split(".")[0] in ("encoder", "mu", "logvar", "decoder")


def check(library, write_model, folder, make_module, expected):
    """Through the library, the weights arrive in another module of the kind."""
    state, twin = make_module().state_dict(), make_module()
    orders = [list(state), list(state)[::-1], sorted(state)]
    source = os.path.join(folder, "torch.safetensors")
    target = os.path.join(folder, "m.bin")

    for order in orders:
        write_model(source, {name: state[name] for name in order})
        library.load_and_save(source, target)
        tensors, metadata = read(target)
        weights = {name: torch.from_numpy(array.copy())
                   for name, array in tensors.items() if is_weight(name)}
        assert list(weights) == list(state), "not in the module's order"
        twin.load_state_dict(weights, strict=True)
        for name, tensor in twin.state_dict().items():
            assert torch.equal(tensor, state[name]), name
        for key, value in expected.items():
            assert metadata[key] == value, (key, metadata[key])


def main():
    library = Library(sys.argv[1])
    write_model = documented_code(sys.argv[2])["write_model"]
    with tempfile.TemporaryDirectory() as folder:
        for hidden in [64, 32], [7], []:
            check(library, write_model, folder, lambda: VAE(5, hidden), {
                "kind": "vae", "channels": "5", "latent-dim": "3",
                "hidden": ",".join(map(str, hidden)), "scaler": "none"})
        for hidden in [32], [16, 4]:
            check(library, write_model, folder, lambda: AE(5, hidden), {
                "kind": "ae", "channels": "5",
                "hidden": ",".join(map(str, hidden)), "scaler": "none"})
    print("weights of 5 networks, in 3 orders each, came back bit by bit")


if __name__ == "__main__":
    main()
