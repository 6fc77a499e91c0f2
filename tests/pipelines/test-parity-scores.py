# gst-vae
# Copyright (C) 2026 the gst-vae authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later
"""PyTorch loads what vaetrain wrote and computes vaescore's scores, and vaescore
scores with what PyTorch wrote, both to a relative error of 1e-5:
test-parity-scores.py MODEL-FILE.MD FOLDER-OF-SEED_MODEL"""

import json
import os
import re
import struct
import sys
import tempfile

import numpy as np
import torch

from check import succeed

sys.path.insert(0, sys.argv[2])
import seed_model  # noqa: E402


def documented_writer(page):
    """The function that the page gives to PyTorch users to write a model."""
    with open(page) as file:
        block = re.search("```python\n(.*?)```", file.read(), re.DOTALL)
    names = {}
    exec(block.group(1), names)
    return names["write_model"]


def launch(line):
    succeed("gst-launch-1.0", "-q", *line.split())


def read_tensors(path):
    with open(path, "rb") as file:
        length, = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    metadata = header.pop("__metadata__")
    return metadata, {
        name: torch.tensor(np.frombuffer(
            data[slice(*entry["data_offsets"])], "<f4").reshape(entry["shape"]))
        for name, entry in header.items()}


def vaescore(model, properties=""):
    """The rows of a series, and vaescore's score of each."""
    launch(f"vaesynth seed=2 ! vaescore model={model} {properties} ! tensorcsvenc "
           "! filesink location=scores.csv")
    with open("scores.csv") as file:
        names = file.readline().strip().split(",")
        table = np.loadtxt(file, delimiter=",", dtype=np.float32)
    return table[:, :names.index("label")], table[:, names.index("score")]


def torch_scores(network, rows, offset, scale):
    x = (torch.tensor(rows) - offset) / scale
    with torch.no_grad():
        return seed_model.score(x, *network(x)).numpy()


def assert_equal(ours, theirs, what):
    error = np.abs(ours - theirs).max() / np.abs(theirs).max()
    relative = (np.abs(ours - theirs) / np.maximum(np.abs(theirs), 1e-3)).max()
    print(f"{what}: {len(ours)} scores from {theirs.min():.3g} to "
          f"{theirs.max():.3g}, largest relative error {relative:.1e}")
    assert len(ours) == 5000 and theirs.std() > 1e-3
    assert error < 1e-5 and relative < 1e-5, what


def check_model_of_vaetrain(properties, network, what):
    launch(f"vaesynth seed=1 ! vaetrain silent=true epochs=10 beta=0.5 "
           f"model=ours.bin {properties}")
    _, tensors = read_tensors("ours.bin")
    network.load_state_dict({name: tensor for name, tensor in tensors.items()
                             if not name.startswith(("scaler.", "calibration."))
                             and name != "threshold"}, strict=True)
    rows, ours = vaescore("ours.bin")
    theirs = torch_scores(network, rows, tensors["scaler.offset"],
                          tensors["scaler.scale"])
    assert_equal(ours, theirs, what)


def check_model_of_pytorch(network, write_model, what):
    write_model("theirs.safetensors", network.state_dict())
    rows, ours = vaescore("theirs.safetensors")
    assert_equal(ours, torch_scores(network, rows, 0.0, 1.0), what)


torch.manual_seed(1)
write = documented_writer(sys.argv[1])
with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    check_model_of_vaetrain("", seed_model.VAE(5), "VAE from vaetrain")
    check_model_of_vaetrain("scaler=robust hidden=<20> latent-dim=2 activation=tanh",
                            seed_model.VAE(5, (20,), 2, torch.nn.Tanh),
                            "VAE 20-2, tanh, robust, from vaetrain")
    check_model_of_vaetrain("kind=ae scaler=none", seed_model.AE(5),
                            "AE from vaetrain")
    check_model_of_pytorch(seed_model.VAE(5), write, "VAE from PyTorch")
    check_model_of_pytorch(seed_model.AE(5, (64, 32)), write, "AE from PyTorch")
    os.chdir("/")
