#!/usr/bin/env python3
# gst-vae
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The seed experiment as GStreamer pipelines: an auto-encoder, twelve beta-VAEs, a PCA
and no model at all, on the same synthetic series, in one table of means and ranges over
several seeds. `Fresh` columns are of a series that was not trained on."""

import argparse
import collections
import json
import pathlib
import tempfile

import gstrun

# As the seed experiment has it: no scaler, no held-back rows, the choice by labels.
COMMON = "scaler=none validation=0 loss=seed epochs=50"
AE = f"kind=ae hidden=<32> {COMMON}"
PCA = f"kind=pca {COMMON}"
GRID = f"{COMMON} latent-dims=<2,3,5> betas=<0.5,1,2,4> select=auroc"

NORM = "squared norm, no model"
CHOSEN = "VAE, chosen by AUROC"
COLLAPSE = """
Active latents are those whose KL exceeds 0.01 nats. A cell with 0 of them has
collapsed: it reconstructs the mean whatever it is shown, so its score is the
distance from the mean - the squared norm by another name. A perfect AUROC of
such a cell says that the anomalies are far out, not that it has learnt the series."""


def norm_figures(source, folder):
    channels, data, labels = gstrun.read_rows(source)
    norms = gstrun.squared_norms(data, channels)
    return gstrun.evaluate_scores(norms, labels, folder / "norms.csv")


def run_norm(trained, fresh, folder):
    return result(norm_figures(trained, folder), norm_figures(fresh, folder))


def run_model(trained, fresh, properties, folder):
    model = folder / "model.bin"
    gstrun.train(trained, model, properties)
    return result(gstrun.evaluate(trained, model), gstrun.evaluate(fresh, model))


def run_grid(trained, fresh, seed, folder):
    """Yields the name and the result of each cell, then of the chosen model."""
    model = folder / "vae.bin"
    messages = gstrun.train(trained, model, f"{GRID} seed={seed}")
    cells = [m for m in messages if m["event"] == "cell"]
    for cell in sorted(cells, key=lambda m: (m["latent-dim"], m["beta"])):
        yield cell_name(cell), result(cell, latents=cell["active-latents"])

    chosen = messages[-1]
    yield CHOSEN, result(gstrun.evaluate(trained, model),
                         gstrun.evaluate(fresh, model),
                         chosen["active-latents"], cell_name(chosen))


def cell_name(fields):
    return f"VAE latent {fields['latent-dim']}, beta {fields['beta']:g}"


def result(trained, fresh=None, latents=None, choice=None):
    """The figures of one model with one seed."""
    figures = {"auroc": trained["auroc"], "auprc": trained["auprc"]}
    if fresh:
        figures.update({"fresh-auroc": fresh["auroc"], "fresh-auprc": fresh["auprc"]})
    if latents is not None:
        figures["active-latents"] = latents
    if choice:
        figures["choice"] = choice
    return figures


def run_seed(seed, folder):
    """Yields the name and the result of each model."""
    trained = f"vaesynth seed={seed}"
    fresh = f"vaesynth seed={1000 + seed}"
    yield NORM, run_norm(trained, fresh, folder)
    yield "PCA, 90 % of the variance", run_model(trained, fresh, PCA, folder)
    yield "AE, code 32", run_model(trained, fresh, f"{AE} seed={seed}", folder)
    yield from run_grid(trained, fresh, seed, folder)


def run_seeds(n_seeds):
    """The results of each model, one per seed and key."""
    table = collections.defaultdict(lambda: collections.defaultdict(list))
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(1, n_seeds + 1):
            for name, figures in run_seed(seed, pathlib.Path(folder)):
                for key, value in figures.items():
                    table[name][key].append(value)
    return table


def spread(values):
    if not values:
        return ""
    return f"{sum(values) / len(values):.3f} ({min(values):.3f}-{max(values):.3f})"


def latents(values):
    if not values:
        return "", ""
    low, high = min(values), max(values)
    return (str(low) if low == high else f"{low}-{high}",
            f"{values.count(0)} of {len(values)}")


def print_table(table, n_seeds):
    print(f"Mean (least-most) over {n_seeds} seeds; 5 channels, 5,000 rows, "
          "2 % anomalous\n")
    line = "{:<25} {:<20} {:<20} {:<7} {:<9} {:<20} {:<20}".format
    print(line("", "AUROC", "AUPRC", "active", "collapsed", "AUROC", "AUPRC"))
    print(line("model", "training rows", "training rows", "latents", "in seeds",
               "fresh rows", "fresh rows").rstrip())
    for name, row in table.items():
        active, collapsed = latents(row["active-latents"])
        print(line(name, spread(row["auroc"]), spread(row["auprc"]), active,
                   collapsed, spread(row["fresh-auroc"]),
                   spread(row["fresh-auprc"])).rstrip())
    print("\nChosen: " + "; ".join(table[CHOSEN]["choice"]))
    print(COLLAPSE)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5, metavar="N")
    parser.add_argument("--json", metavar="FILE", help="write every figure here too")
    options = parser.parse_args()
    if options.seeds < 1:
        parser.error("--seeds must be at least 1")

    gstrun.init()
    try:
        table = run_seeds(options.seeds)
    except gstrun.PipelineError as error:
        raise SystemExit(f"A pipeline failed: {error}")
    print_table(table, options.seeds)
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(table, indent=2) + "\n")


if __name__ == "__main__":
    main()
