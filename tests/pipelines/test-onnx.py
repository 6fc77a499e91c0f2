# gst-vae
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What to-onnx.py writes is a valid ONNX file, whose evaluation gives the scores of
vaescore, row by row, to a relative error of 1e-5; what it cannot write, it says; and
the example of the page works: test-onnx.py TO-ONNX.PY ONNX.MD"""

import csv
import os
import re
import sys
import tempfile
import types

import numpy as np

from check import run, succeed

try:
    import onnxeval
except ImportError:
    print("skipped: python3-onnx is not installed")
    sys.exit(77)

CHANNELS, ROWS = 5, 500
EMPTY_ROWS = [120, 230]

# What is trained, and what to-onnx.py is told of the score.
MODELS = {
    "default": ("", ["auto", "calibrated", "unsmoothed", "recon-kl"]),
    "smoothed": ("smoothing=8 drift=20", ["auto", "unsmoothed"]),
    "no-drift": ("kind=vae drift=0 scaler=robust", ["auto", "unsmoothed", "recon-kl"]),
    "seed-ensemble": ("loss=seed kind=ensemble", ["auto", "recon-kl"]),
    "seed": ("loss=seed beta=0.1 epochs=20", ["auto", "reconstruction", "kl",
                                              "calibrated"]),
    "seed-ae": ("loss=seed kind=ae hidden=<8,2> scaler=none activation=tanh",
                ["auto", "calibrated"]),
    "no-hidden": ("kind=vae hidden=<> window=3", ["auto", "recon-kl"]),
    "identity": ("kind=vae hidden=<9> activation=identity window=3 clip=0",
                 ["auto", "recon-kl"]),
    "ae": ("kind=ae window=2", ["auto", "reconstruction"]),
    "pca": ("kind=pca", ["auto", "reconstruction"]),
    "nearest": ("kind=nearest prototypes=20", ["auto", "reconstruction"]),
    "norm": ("kind=norm", ["auto", "reconstruction"]),
}


def launch(line):
    succeed("gst-launch-1.0", "-q", *line.split())


def read_scores(path):
    with open(path, encoding="ascii") as file:
        return np.array([float(row["score"] or "nan") for row in csv.DictReader(file)],
                        np.float32)


def make_series():
    """[2][ROWS][CHANNELS]: labelled anomalies, a level that lasts longer than a
    baseline is frozen, missing, infinite and extreme cells, empty rows; and all of
    it backwards."""
    launch(f"vaesynth seed=2 num-samples={ROWS} ! tensorcsvenc "
           "! filesink location=series.csv")
    rows = np.loadtxt("series.csv", delimiter=",", skiprows=1,
                      dtype=np.float32)[:, :CHANNELS]
    rows[200:350, 1] += 3
    rows[50:80, 2] = np.nan
    rows[100, 3] = np.inf
    rows[400:402, 0] = 100, -100
    rows[EMPTY_ROWS] = np.nan
    return np.stack([rows, rows[::-1]])


def write_rows(path, rows):
    header = ",".join(f"c{i}" for i in range(CHANNELS))
    np.savetxt(path, rows, delimiter=",", header=header, comments="", fmt="%.9g")


def vaescore(model, score, n_series):
    for i in range(n_series):
        launch(f"filesrc location={i}.csv ! tensorcsvdec ! vaescore model={model} "
               f"score={score} ! tensorcsvenc ! filesink location=scores{i}.csv")
    return np.stack([read_scores(f"scores{i}.csv") for i in range(n_series)])


def evaluate(path, series):
    """The window, and the scores of all series at once, each a stream of its own."""
    evaluator = onnxeval.Evaluator(path)
    window = evaluator.shapes["window"][1]
    scores = np.full(series.shape[:2], np.nan, np.float32)
    outputs, state = ["score"], {}
    if "state" in evaluator.shapes:
        outputs.append("next_state")
        state["state"] = np.full((len(series), evaluator.shapes["state"][1]), np.nan)
    for end in range(window, series.shape[1] + 1):
        inputs = {"window": series[:, end - window:end], **state}
        scores[:, end - 1], *following = evaluator.run(outputs, inputs)
        state = dict(zip(["state"], following))
    return window, scores


def assert_equal(window, ours, theirs, what):
    known = ~np.isnan(ours)
    assert not known[:, :window - 1].any(), what
    assert known.sum() == 2 * (ROWS - window + 1 - len(EMPTY_ROWS)), what
    assert (known == ~np.isnan(theirs)).all(), f"{what}: other rows have no score"
    error = (np.abs(ours - theirs) / np.maximum(np.abs(ours), 1e-3))[known].max()
    print(f"{what}: {known.sum()} scores from {ours[known].min():.3g} to "
          f"{ours[known].max():.3g}, largest relative error {error:.1e}")
    assert ours[known].std() > 0.1 * ours[known].mean(), what
    assert error < 1e-5, what


def check_scores(converter, series):
    for name, (properties, scores) in MODELS.items():
        launch("vaesynth seed=1 num-samples=1500 ! vaetrain silent=true epochs=3 "
               f"model={name}.bin {properties}")
        for score in scores:
            succeed(sys.executable, converter, f"{name}.bin", "out.onnx", score)
            ours = vaescore(f"{name}.bin", score, len(series))
            window, theirs = evaluate("out.onnx", series)
            assert_equal(window, ours, theirs, f"{name}, {score}")


def check_refusals(converter):
    with open("default.bin", "rb") as file:
        data = file.read()
    for name, content in (("empty", b""), ("cut", data[:-4]), ("text", b"a,b\n" * 99),
                          ("other", data.replace(b'"mu.bias"', b'"nu.bias"'))):
        with open(name, "wb") as file:
            file.write(content)
    for arguments, complaint in (
            (["missing.bin", "o.onnx"], "missing.bin: No such file"),
            (["empty", "o.onnx"], "empty: is no model file"),
            (["cut", "o.onnx"], "cut: is no model file"),
            (["text", "o.onnx"], "text: is no model file"),
            (["other", "o.onnx"], "other: its tensors are no model"),
            (["default.bin", "no/o.onnx"], "no/o.onnx: No such file"),
            (["pca.bin", "o.onnx", "kl"], "kind pca and has no score kl"),
            (["ae.bin", "o.onnx", "recon-kl"], "kind ae and has no score recon-kl"),
            (["default.bin", "o.onnx", "best"], "calibrated|unsmoothed"),
            (["default.bin"], "MODEL OUT.onnx")):
        status, out, err = run(sys.executable, converter, *arguments)
        assert status == 1 and complaint in err, (arguments, status, out, err)
        assert "Traceback" not in err and not os.path.exists("o.onnx"), err


def check_example(converter, page):
    """The Python on the page scores test.csv with m.onnx."""
    text = re.search("```python\n(.*?)```", page, re.DOTALL)[1]
    reference = types.ModuleType("onnx.reference")
    reference.ReferenceEvaluator = onnxeval.Evaluator
    sys.modules["onnx.reference"] = reference
    launch("vaesynth num-samples=100 ! tensorcsvenc ! filesink location=test.csv")
    launch("vaesynth num-samples=100 ! vaescore model=default.bin ! tensorcsvenc "
           "! filesink location=scores.csv")
    succeed(sys.executable, converter, "default.bin", "m.onnx")
    names = {}
    exec(text, names)
    assert abs(names["score"][0] / read_scores("scores.csv")[-1] - 1) < 1e-5, names


to_onnx = os.path.abspath(sys.argv[1])
with open(sys.argv[2], encoding="utf-8") as file:
    onnx_page = file.read()
with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    both = make_series()
    for index, one in enumerate(both):
        write_rows(f"{index}.csv", one)
    print(f"evaluated by {onnxeval.NAME}")
    check_scores(to_onnx, both)
    check_refusals(to_onnx)
    check_example(to_onnx, onnx_page)
    os.chdir("/")
