#!/usr/bin/env python3
# gst-vae
# SPDX-License-Identifier: LGPL-2.1-or-later
"""How well the default configuration finds the anomalies of real series, beside
controls: NAME.train.csv and NAME.test.csv in FOLDER/SET or in FOLDER, the test file
with a column `label`, which is 1 for an anomaly. NAME.causes.txt, if there is one,
names the guilty channels of each anomaly: FIRST-LAST:CHANNEL,CHANNEL with rows counted
from 0 and channels from 1."""

import argparse
import collections
import concurrent.futures
import multiprocessing
import os
import pathlib
import resource
import tempfile
import time

import accuracyreport
import blame
import gstrun
import marked

try:
    import windowedpca
except ImportError:     # no NumPy
    windowedpca = None

TRAIN_SUFFIX = ".train.csv"
TEST_SUFFIX = ".test.csv"
CAUSES_SUFFIX = ".causes.txt"
ROWS_PER_BUFFER = 4096

Series = collections.namedtuple("Series", "set name train test causes")
Detector = collections.namedtuple("Detector", "key train score seeded")
# `figures` are rocmetric's, a list over the seeds for each detector; `verdicts` those
# on the default's blame, likewise; `cells` are those of the training rows.
Result = collections.namedtuple("Result", "figures verdicts cells seconds")

CONTROLS = (
    Detector("vae", "kind=vae", "", True),
    Detector("pca", "kind=pca", "", False),
    Detector("nearest", "kind=nearest", "", True),
    Detector("norm", "kind=norm", "", False),
    Detector("squared-norm", "kind=norm", "score=reconstruction", False),
)


def find_series(folder):
    for train in sorted(folder.rglob("*" + TRAIN_SUFFIX)):
        name = train.name[:-len(TRAIN_SUFFIX)]
        yield Series(train.parent.name, name, train,
                     train.with_name(name + TEST_SUFFIX),
                     train.with_name(name + CAUSES_SUFFIX))


def csv_source(path, properties=""):
    return gstrun.csv_source(path, f"rows-per-buffer={ROWS_PER_BUFFER} {properties}")


class Measurement:
    """One series, all detectors and seeds. Each file is read once."""

    def __init__(self, series, options, folder):
        self.series, self.folder, self.n_seeds = series, folder, options.seeds
        self.detectors = (Detector("default", options.train, options.score, True),
                          *CONTROLS)

    def run(self):
        start = time.monotonic()
        training_rows = self.train()
        scored = self.score()
        figures = {detector.key: [scored[name] for name in self.names(detector)]
                   for detector in self.detectors}
        if windowedpca:
            figures["windowed-pca"] = [self.windowed_pca(training_rows, scored["rows"])]
        return Result(figures, self.blame(scored), len(training_rows.floats(0)),
                      time.monotonic() - start)

    def names(self, detector):
        n_seeds = self.n_seeds if detector.seeded else 1
        return [f"{detector.key}-{seed}" for seed in range(1, n_seeds + 1)]

    def model(self, name):
        return gstrun.quote(self.folder / f"{name}.bin")

    def train(self):
        """Returns the rows of the training."""
        branches = {"rows": gstrun.ROWS}
        for detector in self.detectors:
            for seed, name in enumerate(self.names(detector), 1):
                branches[name] = (f"vaetrain silent=true threads=1 seed={seed} "
                                  f"model={self.model(name)} {detector.train}")
        return gstrun.fan_out(csv_source(self.series.train), branches)["rows"]

    def score(self):
        branches = {"rows": gstrun.ROWS}
        for detector in self.detectors:
            for name in self.names(detector):
                branches[name] = (f"vaescore model={self.model(name)} {detector.score} "
                                  "! rocmetric silent=true")
        if self.series.causes.exists():
            for name in self.names(self.detectors[0]):
                branches["blame-" + name] = (
                    f"vaescore model={self.model(name)} {self.detectors[0].score} "
                    f"contributions=true ! {gstrun.ROWS}")
        return gstrun.fan_out(csv_source(self.series.test, "label-column=label"),
                              branches)

    def windowed_pca(self, training_rows, rows):
        scores = windowedpca.scores(training_rows.tensors[0], rows.tensors[0],
                                    rows.channels)
        return gstrun.evaluate_scores(scores, rows.tensors[1],
                                      self.folder / "scores.csv")

    def blame(self, scored):
        if not self.series.causes.exists():
            return []
        causes = blame.read_causes(self.series.causes)
        return [blame.judge(causes, scored["blame-" + name])
                for name in self.names(self.detectors[0])]


def measure(series, options):
    with tempfile.TemporaryDirectory() as folder:
        return Measurement(series, options, pathlib.Path(folder)).run()


def measure_all(all_series, options):
    results, failures = {}, {}
    # Processes, each with a GStreamer of its own: PyGObject makes the classes of a
    # library as they are first used, which two threads must not do at once.
    with concurrent.futures.ProcessPoolExecutor(
            options.jobs, multiprocessing.get_context("spawn"), gstrun.init) as pool:
        # The long ones first, so that no process is left with one in the end.
        futures = {pool.submit(measure, series, options): series
                   for series in sorted(all_series, reverse=True,
                                        key=lambda s: s.train.stat().st_size)}
        try:
            for future in concurrent.futures.as_completed(futures):
                series = futures[future]
                try:
                    results[series] = future.result()
                except (gstrun.PipelineError, blame.CausesError, OSError) as error:
                    failures[series] = error
                    continue
                if options.verbose:
                    accuracyreport.print_series(series, results[series])
        except KeyboardInterrupt:
            pool.shutdown(cancel_futures=True)
            raise
    return dict(sorted(results.items())), dict(sorted(failures.items()))


def time_training(series, options):
    """Seconds that the default takes to read and learn a series, on all processors:
    elapsed, and of processor time."""
    gstrun.init()
    with tempfile.TemporaryDirectory() as folder:
        start, busy = time.monotonic(), time.process_time()
        gstrun.train(csv_source(series.train), pathlib.Path(folder) / "model.bin",
                     options.train)
        return time.monotonic() - start, time.process_time() - busy


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--seeds", type=int, default=3, metavar="N")
    parser.add_argument("--write", type=pathlib.Path, nargs="+", default=[],
                        metavar="PAGE", help="write the figures into these pages, "
                        "where they have marks for them")
    parser.add_argument("--train", default="", metavar="PROPS",
                        help="other properties of vaetrain than the default's, e.g. "
                        "'beta=0.5 window=8'")
    parser.add_argument("--score", default="", metavar="PROPS",
                        help="other properties of vaescore")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), metavar="N",
                        help="series at a time (default: one per processor)")
    parser.add_argument("--verbose", action="store_true", help="a line per series too")
    options = parser.parse_args()
    for name in ("jobs", "seeds"):
        if getattr(options, name) < 1:
            parser.error(f"--{name} must be at least 1")
    options.all_series = list(find_series(options.folder))
    if not options.all_series:
        parser.error(f"there is no *{TRAIN_SUFFIX} below {options.folder}")
    return options


def main():
    options = parse_options()
    # One process per processor is enough, also for NumPy.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    start = time.monotonic()
    results, failures = measure_all(options.all_series, options)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    everything = time.monotonic() - start, children.ru_utime + children.ru_stime
    failed = "".join(f"FAILED {series.set}/{series.name}: {error}\n"
                     for series, error in failures.items())
    if not results:
        raise SystemExit(failed.rstrip())

    largest = max(results, key=lambda series: results[series].cells)
    report = accuracyreport.Report(results, options)
    report.add_times(largest, time_training(largest, options), everything)
    parts = report.parts()
    print("\n".join(parts.values()))
    if failures:
        raise SystemExit(failed.rstrip())
    marked.write_all(options.write, parts)


if __name__ == "__main__":
    main()
