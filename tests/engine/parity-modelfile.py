#!/usr/bin/python3
# gst-vae
# Copyright (C) 2026 the gst-vae authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Weights go from PyTorch to libvae and back, through safetensors files, and score
there as they do here.

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

import default_model
import seed_model

RECON_KL, RECONSTRUCTION = 4, 5  # of VaeScore


def documented_code(page):
    """What the page's Python blocks define."""
    with open(page) as file:
        blocks = re.findall("```python\n(.*?)```", file.read(), re.DOTALL)
    names = {}
    for block in blocks:
        exec(block, names)
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
        pointer, error = ctypes.c_void_p, ctypes.POINTER(
            ctypes.POINTER(GError))
        self.lib.vae_model_load.restype = pointer
        self.lib.vae_model_load.argtypes = [ctypes.c_char_p, error]
        self.lib.vae_model_save.argtypes = [pointer, ctypes.c_char_p, error]
        self.lib.vae_model_unref.argtypes = [pointer]
        self.lib.vae_scorer_new.restype = pointer
        self.lib.vae_scorer_new.argtypes = [pointer, ctypes.c_int, error]
        self.lib.vae_scorer_free.argtypes = [pointer]
        self.lib.vae_scorer_execute.argtypes = [
            pointer, pointer, ctypes.c_size_t, pointer, pointer, pointer]

    def call(self, function, *arguments):
        error = ctypes.POINTER(GError)()
        result = function(*arguments, ctypes.byref(error))
        assert not error, error.contents.message
        return result

    def load_and_save(self, source, target):
        model = self.call(self.lib.vae_model_load, os.fsencode(source))
        self.call(self.lib.vae_model_save, model, os.fsencode(target))
        self.lib.vae_model_unref(model)

    def score(self, path, which, rows):
        model = self.call(self.lib.vae_model_load, os.fsencode(path))
        scorer = self.call(self.lib.vae_scorer_new, model, which)
        rows = np.ascontiguousarray(rows, np.float32)
        scores = np.empty(len(rows), np.float32)
        self.lib.vae_scorer_execute(scorer, rows.ctypes.data, len(rows),
                                    scores.ctypes.data, None, None)
        self.lib.vae_scorer_free(scorer)
        self.lib.vae_model_unref(model)
        return scores


def is_weight(name):
    """Of a network that is PyTorch's, as the page says."""
    return not name.startswith(("pca.", "norm.", "nearest.", "calibration.",
                                "scaler.", "threshold"))


def windows(rows, window):
    return np.stack([rows[t - window:t].reshape(-1)
                     for t in range(window, len(rows) + 1)])


def check_scores(library, path, which, rows, window, inputs, outputs, kl):
    """Of the last row of each window."""
    channels = rows.shape[1]
    expected = np.mean((inputs - outputs)[:, -channels:] ** 2, 1) + kl
    scores = library.score(path, which, rows)
    assert np.isnan(scores[:window - 1]).all()
    np.testing.assert_allclose(scores[window - 1:], expected, 1e-4, 1e-5)


def check(library, write_model, folder, make_module, expected, metadata={}):
    """Through the library, the weights arrive in another module of the kind, and
    the scores are the module's."""
    state, twin = make_module().state_dict(), make_module()
    orders = [list(state), list(state)[::-1], sorted(state)]
    source = os.path.join(folder, "torch.safetensors")
    target = os.path.join(folder, "m.bin")

    for order in orders:
        write_model(source, {name: state[name] for name in order}, metadata)
        library.load_and_save(source, target)
        tensors, saved = read(target)
        weights = {name: torch.from_numpy(array.copy())
                   for name, array in tensors.items() if is_weight(name)}
        assert list(weights) == list(state), "not in the module's order"
        twin.load_state_dict(weights, strict=True)
        for name, tensor in twin.state_dict().items():
            assert torch.equal(tensor, state[name]), name
        for key, value in expected.items():
            assert saved[key] == value, (key, saved[key])

    window = int(metadata.get("window", 1))
    rows = np.random.default_rng(1).normal(size=(100, 5)).astype(np.float32)
    inputs = windows(rows, window)
    twin.eval()
    with torch.no_grad():
        outputs, mu, logvar = twin(torch.from_numpy(inputs))
    kl = 0 if mu is None else -0.5 * torch.sum(
        1 + logvar - mu ** 2 - logvar.exp(), 1).numpy()
    check_scores(library, target, RECONSTRUCTION if mu is None else RECON_KL,
                 rows, window, inputs, outputs.numpy(), kl)


def check_pca(library, write_model, folder):
    """Components from elsewhere, of windows of 3 rows of 5 channels."""
    rng = np.random.default_rng(2)
    rows = rng.normal(size=(100, 5)).astype(np.float32)
    components = np.linalg.qr(rng.normal(size=(15, 4)))[0].T
    mean = rng.normal(size=15)
    state = {"pca.encoder.0.weight": components,
             "pca.encoder.0.bias": -components @ mean,
             "pca.decoder.0.weight": components.T,
             "pca.decoder.0.bias": mean}
    path = os.path.join(folder, "pca.safetensors")
    write_model(path, {name: torch.from_numpy(array)
                       for name, array in state.items()}, {"window": "3"})
    inputs = windows(rows, 3)
    outputs = (inputs - mean) @ components.T @ components + mean
    check_scores(library, path, RECONSTRUCTION, rows, 3, inputs, outputs, 0)
    return state


def check_nearest(library, write_model, folder):
    rng = np.random.default_rng(3)
    rows = rng.normal(size=(100, 5)).astype(np.float32)
    prototypes = rng.normal(size=(7, 5))
    path = os.path.join(folder, "nearest.safetensors")
    write_model(path, {"nearest.prototypes": torch.from_numpy(prototypes)})
    distances = ((rows[:, None] - prototypes) ** 2).sum(2)
    outputs = prototypes[distances.argmin(1)]
    check_scores(library, path, RECONSTRUCTION, rows, 1, rows, outputs, 0)
    return {"nearest.prototypes": prototypes}


def check_ensemble(library, write_model, folder, others):
    """The VAE of an ensemble finds its way out again."""
    vae, twin = default_model.VAE(15, (8,), 2), default_model.VAE(15, (8,), 2)
    state = vae.state_dict()
    state.update((name, torch.from_numpy(array))
                 for name, array in others.items())
    source = os.path.join(folder, "torch.safetensors")
    target = os.path.join(folder, "m.bin")
    write_model(source, state, {"window": "3"})
    library.load_and_save(source, target)
    tensors, metadata = read(target)
    assert metadata["kind"] == "ensemble"
    for name in others:
        np.testing.assert_array_equal(tensors[name],
                                      others[name].astype(np.float32))
    twin.load_state_dict({name: torch.from_numpy(array.copy())
                          for name, array in tensors.items()
                          if is_weight(name)}, strict=True)
    for name, tensor in twin.state_dict().items():
        assert torch.equal(tensor, vae.state_dict()[name]), name


def main():
    library = Library(sys.argv[1])
    page = documented_code(sys.argv[2])
    write_model = page["write_model"]
    with tempfile.TemporaryDirectory() as folder:
        for hidden in [64, 32], [7], []:
            check(library, write_model, folder,
                  lambda: seed_model.VAE(5, hidden), {
                      "kind": "vae", "loss": "seed", "channels": "5",
                      "latent-dim": "3", "hidden": ",".join(map(str, hidden)),
                      "scaler": "none", "clip": "0"})
        for hidden in [32], [16, 4]:
            check(library, write_model, folder,
                  lambda: seed_model.AE(5, hidden), {
                      "kind": "ae", "channels": "5",
                      "hidden": ",".join(map(str, hidden)), "scaler": "none"})
        for module in default_model.VAE, page["DefaultVAE"]:
            for hidden, latents in ([128, 64], 32), ([7], 1):
                check(library, write_model, folder,
                      lambda: module(80, hidden, latents), {
                          "kind": "vae", "loss": "gaussian", "channels": "5",
                          "window": "16", "latent-dim": str(latents),
                          "hidden": ",".join(map(str, hidden))},
                      {"window": "16"})
        others = check_pca(library, write_model, folder)
        others.update(check_nearest(library, write_model, folder))
        check_ensemble(library, write_model, folder, others)
    print("9 networks came back bit by bit and scored as in PyTorch; so did "
          "components, typical rows and an ensemble")


if __name__ == "__main__":
    main()
