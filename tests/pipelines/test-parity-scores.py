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
import default_model  # noqa: E402
import seed_model  # noqa: E402

WINDOW = 16
CLIP = 8.0


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
        # A row without a score has an empty cell.
        table = np.genfromtxt(file, delimiter=",", dtype=np.float32)
    return table[:, :names.index("label")], table[:, names.index("score")]


def torch_scores(network, rows, offset, scale):
    x = (torch.tensor(rows) - offset) / scale
    with torch.no_grad():
        return seed_model.score(x, *network(x)).numpy()


def torch_window_scores(network, rows, offset, scale):
    """Reconstruction and recon-kl of the rows that have a full window: the error is
    that of the window's last row. In double precision: what is left is ours."""
    channels = rows.shape[1]
    network = network.double()
    x = ((torch.tensor(rows).double() - offset) / scale).clamp(-CLIP, CLIP)
    windows = torch.stack([x[i:i + WINDOW].flatten()
                           for i in range(len(x) - WINDOW + 1)])
    with torch.no_grad():
        y, mu, logvar = network(windows)
        error = ((windows - y)[:, -channels:] ** 2).mean(1)
        kl = -0.5 * (1 + logvar - mu ** 2 - logvar.exp()).sum(1)
    return error.numpy(), (error + kl).numpy()


def assert_equal(ours, theirs, what, floor=1e-3):
    error = np.abs(ours - theirs).max() / np.abs(theirs).max()
    relative = (np.abs(ours - theirs) / np.maximum(np.abs(theirs), floor)).max()
    print(f"{what}: {len(ours)} scores from {theirs.min():.3g} to "
          f"{theirs.max():.3g}, largest relative error {relative:.1e}")
    assert len(ours) == len(theirs) and theirs.std() > 1e-3
    assert error < 1e-5 and relative < 1e-5, what


def train(properties, network):
    """The tensors of a new model in ours.bin, whose network is loaded."""
    launch(f"vaesynth seed=1 ! vaetrain silent=true model=ours.bin {properties}")
    _, tensors = read_tensors("ours.bin")
    network.load_state_dict({name: tensor for name, tensor in tensors.items()
                             if not name.startswith(("scaler.", "calibration."))
                             and name != "threshold"},
                            strict=True)
    return tensors


def check_model_of_vaetrain(properties, network, what):
    tensors = train(f"loss=seed epochs=10 beta=0.5 {properties}", network)
    rows, ours = vaescore("ours.bin")
    theirs = torch_scores(network, rows, tensors["scaler.offset"],
                          tensors["scaler.scale"])
    assert_equal(ours, theirs, what)


def check_windows(model, network, offset, scale, what):
    for i, score in enumerate(("reconstruction", "recon-kl")):
        rows, ours = vaescore(model, f"score={score}")
        expected = torch_window_scores(network, rows, offset, scale)[i]
        assert len(ours) == 5000 and np.isnan(ours[:WINDOW - 1]).all(), what
        # Below this, a score is the square of what is left, in float32, when numbers
        # ten times as large are subtracted.
        assert_equal(ours[WINDOW - 1:], expected, f"{what}, {score}", floor=1e-2)


def check_default_vae_of_vaetrain(properties, network, what):
    tensors = train(f"kind=vae {properties}", network)
    check_windows("ours.bin", network, tensors["scaler.offset"],
                  tensors["scaler.scale"], what)


def check_default_vae_of_pytorch(network, write_model, what):
    write_model("theirs.safetensors", network.state_dict(),
                {"loss": "gaussian", "window": str(WINDOW), "clip": str(CLIP)})
    check_windows("theirs.safetensors", network, 0.0, 1.0, what)


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
    inputs = WINDOW * 5
    check_default_vae_of_vaetrain("", default_model.VAE(inputs),
                                  "default VAE from vaetrain")
    check_default_vae_of_vaetrain(
        "learning-rate=0.003 epochs=3 validation=0 hidden=<20> latent-dim=4 "
        "scaler=robust activation=tanh",
        default_model.VAE(inputs, (20,), 4, torch.nn.Tanh),
        "VAE 20-4, tanh, robust, of the default loss from vaetrain")
    check_model_of_pytorch(seed_model.VAE(5), write, "VAE from PyTorch")
    check_default_vae_of_pytorch(default_model.VAE(inputs), write,
                                 "default VAE from PyTorch")
    check_model_of_pytorch(seed_model.AE(5, (64, 32)), write, "AE from PyTorch")
    os.chdir("/")
