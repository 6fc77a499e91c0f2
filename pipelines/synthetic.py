#!/usr/bin/env python3
# gst-vae
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Which detector finds which kind of vaesynth's anomalies: each is trained on 5,000
normal rows and scores 5,000 others, 2 % of them anomalous, over several seeds."""

import argparse
import collections
import pathlib
import tempfile

import gstrun
import marked

Detector = collections.namedtuple("Detector", "title train score")

DETECTORS = (
    Detector("squared norm", "kind=norm", "score=reconstruction"),
    Detector("norm", "kind=norm", ""),
    Detector("PCA", "kind=pca", ""),
    Detector("AE", "kind=ae", ""),
    Detector("VAE", "kind=vae", ""),
    Detector("nearest", "kind=nearest", ""),
    Detector("default", "", ""),
    Detector("default, window 64", "window=64", ""),
)
SUMMARY = ("squared norm", "PCA", "VAE", "default")
KINDS = ("offset", "spike", "correlation", "frozen", "phase", "frequency", "drift",
         "missing")
METRICS = (("auroc", "AUROC"), ("auprc", "AUPRC"))
# What random scores get is 0.5.
FOUND, CHANCE = 0.95, 0.6
UNSEEN_SEEDS = 1000     # from the seed of the training rows to that of the others


class Models:
    """The detectors, trained on the normal rows of one seed."""

    def __init__(self, seed, folder):
        self.seed = seed
        self.paths = {f"detector-{i}": gstrun.quote(folder / f"{i}.bin")
                      for i in range(len(DETECTORS))}
        gstrun.fan_out(f"vaesynth anomaly-ratio=0 seed={seed}", {
            name: f"vaetrain silent=true seed={seed} model={path} {detector.train}"
            for (name, path), detector in zip(self.paths.items(), DETECTORS)})

    def figures(self, kind):
        """What rocmetric says of each detector."""
        source = f"vaesynth anomaly={kind} seed={UNSEEN_SEEDS + self.seed}"
        scored = gstrun.fan_out(source, {
            name: f"vaescore model={path} {detector.score} ! rocmetric silent=true"
            for (name, path), detector in zip(self.paths.items(), DETECTORS)})
        return [scored[name] for name in self.paths]


def measure(n_seeds):
    """The figures of each kind, for each detector, over the seeds."""
    results = {kind: [[] for _ in DETECTORS] for kind in KINDS}
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(1, n_seeds + 1):
            models = Models(seed, pathlib.Path(folder))
            for kind in KINDS:
                for runs, figures in zip(results[kind], models.figures(kind)):
                    runs.append(figures)
    return results


def mean(runs, key):
    return sum(figures[key] for figures in runs) / len(runs)


def table(results, key, titles):
    shown = [(i, d.title) for i, d in enumerate(DETECTORS) if d.title in titles]
    lines = [["anomaly", *(title for _, title in shown)], ["---"] * (len(shown) + 1)]
    lines += [[f"`{kind}`", *(f"{mean(detectors[i], key):.3f}" for i, _ in shown)]
              for kind, detectors in results.items()]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def verdict(results):
    """Which kinds the default finds, in words."""
    index = [detector.title for detector in DETECTORS].index("default")
    aurocs = {kind: mean(runs[index], "auroc") for kind, runs in results.items()}

    def kinds(low, high):
        named = [f"`{kind}`" for kind, auroc in aurocs.items() if low <= auroc < high]
        return ", ".join(named) or "none"

    return (f"By the AUROC of the default: found ({FOUND} or more): "
            f"{kinds(FOUND, 2)}; found in part: {kinds(CHANCE, FOUND)}; not found "
            f"(below {CHANCE}): {kinds(0, CHANCE)}.\n")


def parts(results, n_seeds):
    """Texts, by the names of the marks in a page that they go between."""
    titles = [detector.title for detector in DETECTORS]
    tables = [f"{title}, mean of {n_seeds} seeds:\n\n{table(results, key, titles)}"
              for key, title in METRICS]
    return {"synthetic": "\n".join([*tables, verdict(results)]),
            "synthetic-summary": table(results, "auroc", SUMMARY)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5, metavar="N")
    parser.add_argument("--write", type=pathlib.Path, nargs="+", default=[],
                        metavar="PAGE", help="write the figures into these pages, "
                        "where they have marks for them")
    options = parser.parse_args()
    if options.seeds < 1:
        parser.error("--seeds must be at least 1")

    gstrun.init()
    try:
        texts = parts(measure(options.seeds), options.seeds)
    except gstrun.PipelineError as error:
        raise SystemExit(f"A pipeline failed: {error}") from None
    print(texts["synthetic"], end="")
    marked.write_all(options.write, texts)


if __name__ == "__main__":
    main()
