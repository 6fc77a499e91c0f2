# gst-vae
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The round trip with PyTorch: what finetune.py loads and saves unchanged scores the
same bits, what it changes scores as PyTorch says, and what it cannot take, it says:
test-pytorch.py FINETUNE.PY"""

import csv
import os
import pathlib
import sys
import tempfile

import numpy as np
import torch

from check import run, succeed

program = pathlib.Path(sys.argv[1]).resolve()
sys.path.insert(0, str(program.parent))
import finetune  # noqa: E402

MODELS = {
    "default": "",
    "seed": "loss=seed",
    "tanh": "kind=vae hidden=<9> activation=tanh window=3 scaler=robust",
    "no-hidden": "kind=vae hidden=<> window=2 scaler=none clip=0",
}


def launch(line):
    succeed("gst-launch-1.0", "-q", *line.split())


def vaescore(model):
    launch(f"filesrc location=test.csv ! tensorcsvdec ! vaescore model={model} "
           "score=recon-kl ! tensorcsvenc ! filesink location=scores.csv")
    with open("scores.csv", encoding="ascii") as file:
        return np.array([float(row["score"] or "nan") for row in csv.DictReader(file)],
                        np.float32)


def torch_scores(model):
    """recon-kl, as docs/vaescore.md says."""
    metadata, tensors, network = finetune.load(model)
    rows = finetune.read_rows("test.csv", 5)
    windows = finetune.scaled_windows(rows, metadata, tensors)
    x = windows.nan_to_num()
    with torch.no_grad():
        mu, logvar = network.encode(x)
        errors = (network.decode(mu) - x)[:, -5:].square()
        kl = 0.5 * (mu.square() + logvar.exp() - 1 - logvar).sum(1)
    errors[windows[:, -5:].isnan()] = torch.nan
    filling = np.full(len(rows) - len(windows), np.nan)
    return np.concatenate([filling, (errors.nanmean(1) + kl).numpy()])


def largest_error(ours, theirs):
    assert (np.isnan(ours) == np.isnan(theirs)).all()
    known = ~np.isnan(ours)
    assert known.sum() > 480
    return (np.abs(ours - theirs) / np.abs(theirs))[known].max()


def check_round_trip(name, properties):
    launch("filesrc location=train.csv ! tensorcsvdec ! vaetrain silent=true epochs=2 "
           f"model={name}.bin {properties}")
    before = vaescore(f"{name}.bin")

    finetune.save("same.bin", *finetune.load(f"{name}.bin"))
    assert np.array_equal(vaescore("same.bin"), before, equal_nan=True), name

    succeed(sys.executable, program, f"{name}.bin", "train.csv", "changed.bin")
    after = vaescore("changed.bin")
    error = largest_error(after, torch_scores("changed.bin"))
    change = largest_error(after, before)
    print(f"{name}: changed by up to {change:.1%}, largest relative error {error:.1e}")
    assert error < 1e-5 < 1e-3 < change, name


def make_rows():
    for name, seed, rows in (("train", 1, 1500), ("test", 2, 500)):
        launch(f"vaesynth seed={seed} num-samples={rows} anomaly=missing "
               f"! tensorcsvenc ! filesink location={name}.csv")
    launch("vaesynth features=3 num-samples=50 ! tensorcsvenc ! filesink location=3.csv")


def check_refusals():
    launch("vaesynth num-samples=500 ! vaetrain silent=true kind=pca model=pca.bin")
    pathlib.Path("empty").touch()
    for arguments, complaint in (
            (["none.bin", "train.csv", "o"], "none.bin: No such file"),
            (["default.bin", "none.csv", "o"], "none.csv: No such file"),
            (["empty", "train.csv", "o"], "empty: is no model file"),
            (["pca.bin", "train.csv", "o"], "pca.bin: has no VAE"),
            (["default.bin", "3.csv", "o"], "has 5 channels, 3.csv has 3"),
            (["default.bin"], "MODEL ROWS.csv OUT")):
        status, _, err = run(sys.executable, program, *arguments)
        assert status == 1 and complaint in err and "Traceback" not in err, err
        assert not os.path.exists("o")


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    make_rows()
    for model, how in MODELS.items():
        check_round_trip(model, how)
    check_refusals()
    os.chdir("/")
