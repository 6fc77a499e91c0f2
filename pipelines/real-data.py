#!/usr/bin/env python3
# gst-vae
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Trains and evaluates a model for each real series below a folder: NAME.train.csv and
NAME.test.csv in FOLDER/SET or in FOLDER, the test file with a column `label`, which is
1 for an anomaly. Prints per set the mean over its series, each weighing the same."""

import argparse
import collections
import concurrent.futures
import multiprocessing
import os
import pathlib
import tempfile
import time

import gstrun

TRAIN_SUFFIX = ".train.csv"
TEST_SUFFIX = ".test.csv"

Series = collections.namedtuple("Series", "set name train test")
# `control` is what the squared norm gets.
Result = collections.namedtuple("Result", "metrics control latents seconds")


def find_series(folder):
    for train in sorted(folder.rglob("*" + TRAIN_SUFFIX)):
        name = train.name[:-len(TRAIN_SUFFIX)]
        test = train.with_name(name + TEST_SUFFIX)
        yield Series(train.parent.name, name, train, test)


def run_control(series, test_source, folder):
    """The squared norm of the test rows, standardised by the training rows."""
    channels, rows, _ = gstrun.read_rows(gstrun.csv_source(series.train))
    statistics = gstrun.channel_statistics(rows, channels)
    channels, rows, labels = gstrun.read_rows(test_source)
    norms = gstrun.squared_norms(rows, channels, *statistics)
    return gstrun.evaluate_scores(norms, labels, folder / "norms.csv")


def run_series(series, options):
    start = time.monotonic()
    test_source = gstrun.csv_source(series.test, "label-column=label")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        model = folder / "model.bin"
        trained = gstrun.train(gstrun.csv_source(series.train), model, options.train)
        metrics = gstrun.evaluate(test_source, model, options.score)
        control = run_control(series, test_source, folder)
    return Result(metrics, control, trained[-1]["active-latents"],
                  time.monotonic() - start)


def is_defined(result):
    return "auroc" in result.metrics and "auroc" in result.control


def mean(values):
    values = list(values)
    return sum(values) / len(values) if values else None


FIGURES = "{:>9} {:>8} {:>8} {:>8} {:>8}".format
HEADINGS = FIGURES("base rate", "AUROC", "AUPRC", "AUROC", "AUPRC")


def figures(results):
    """The means over the results that are defined."""
    defined = [r for r in results if is_defined(r)]
    means = [mean(r.metrics[key] for r in defined)
             for key in ("base-rate", "auroc", "auprc")]
    means += [mean(r.control[key] for r in defined) for key in ("auroc", "auprc")]
    return FIGURES(*("-" if m is None else f"{m:.4f}" for m in means))


def print_series(series, result):
    defined = "" if is_defined(result) else "  undefined: its labels are of one class"
    print(f"  {series.set + '/' + series.name:<30} {figures([result])}"
          f"  {result.metrics['rows']} rows, {result.metrics['unscored']} unscored, "
          f"active latents {result.latents}, {result.seconds:.1f} s{defined}",
          flush=True)


def print_sets(results, failures):
    line = "{:<12} {:>6} {:>6} {:>9} {:>9}  {}".format
    print(f"\n{'':<56} {'no model: squared norm':>25}")
    print(line("set", "series", "failed", "undefined", "collapsed", HEADINGS))
    for name in sorted({series.set for series in [*results, *failures]}):
        of_set = [r for series, r in results.items() if series.set == name]
        failed = sum(series.set == name for series in failures)
        undefined = sum(not is_defined(r) for r in of_set)
        collapsed = sum(r.latents == 0 for r in of_set)
        print(line(name, len(of_set) + failed, failed, undefined, collapsed,
                   figures(of_set)))


def print_notes(results, failures):
    print("""
Figures are unweighted means over the series of a set. The squared norm is of the
test rows standardised with the mean and the standard deviation of the training
rows: no network. Random scores have an AUPRC of the base rate. A collapsed model,
one without an active latent, scores the distance from the mean, as the norm does.""")
    undefined = [f"{s.set}/{s.name}" for s, r in results.items() if not is_defined(r)]
    if undefined:
        print("Undefined, for test labels of one class, and left out of the means: "
              + ", ".join(undefined))
    for series, error in sorted(failures.items()):
        print(f"FAILED {series.set}/{series.name}: {error}")


def run_all(all_series, options):
    results, failures = {}, {}
    # Processes, each with a GStreamer of its own: PyGObject makes the classes of a
    # library as they are first used, which two threads must not do at once.
    with concurrent.futures.ProcessPoolExecutor(
            options.jobs, multiprocessing.get_context("spawn"), gstrun.init) as pool:
        futures = {pool.submit(run_series, series, options): series
                   for series in all_series}
        try:
            for future in concurrent.futures.as_completed(futures):
                series = futures[future]
                try:
                    results[series] = future.result()
                except (gstrun.PipelineError, OSError) as error:
                    failures[series] = error
                    continue
                if options.verbose:
                    print_series(series, results[series])
        except KeyboardInterrupt:
            pool.shutdown(cancel_futures=True)
            raise
    return results, failures


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--train", default="", metavar="PROPS",
                        help="properties of vaetrain, e.g. 'beta=0.5 window=16'")
    parser.add_argument("--score", default="", metavar="PROPS",
                        help="properties of vaescore")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), metavar="N",
                        help="series at a time (default: one per processor)")
    parser.add_argument("--verbose", action="store_true", help="a line per series too")
    options = parser.parse_args()
    if options.jobs < 1:
        parser.error("--jobs must be at least 1")
    all_series = list(find_series(options.folder))
    if not all_series:
        parser.error(f"there is no *{TRAIN_SUFFIX} below {options.folder}")

    start = time.monotonic()
    if options.verbose:
        print(f"  {'':<30} {HEADINGS}")
    results, failures = run_all(all_series, options)
    print_sets(results, failures)
    print_notes(results, failures)
    print(f"{len(all_series)} series in {time.monotonic() - start:.0f} s")
    raise SystemExit(1 if failures else 0)


if __name__ == "__main__":
    main()
