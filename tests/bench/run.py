# gst-vae
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs the benchmarks, all or those that are named:

    run.py BUILD [--rounds N] [--json FILE] [--write PAGE] [NAME...]

Ours and its peer take turns, in rounds, and a table tells the medians. Nothing is
asserted. With --write the table replaces the one in PAGE, docs/performance.md."""

import argparse
import contextlib
import json
import os
import pathlib
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).parent
ROUNDS = 5
PER_SECOND = {"s": 1, "ms": 1e3, "µs": 1e6, "ns": 1e9}

# channels, window, hidden, hidden, latents, batch
SEED = 5, 1, 64, 32, 3, 64
LARGE = 38, 32, 512, 256, 16, 256


def weights(network):
    """Of each layer: inputs times outputs."""
    channels, window, outer, inner, latents, _ = network
    sizes = [(channels * window, outer), (outer, inner), (inner, 2 * latents),
             (latents, inner), (inner, outer), (outer, channels * window)]
    return [inputs * outputs for inputs, outputs in sizes]


def score_flops(network):
    """Of one row."""
    return 2 * sum(weights(network))


def step_flops(network):
    """Of one step: forward, gradient of the weights, and gradient of the inputs,
    which the first layer does not need."""
    return network[-1] * 2 * (3 * sum(weights(network)) - weights(network)[0])


def grid_flops(rows, epochs):
    return sum(step_flops((*SEED[:4], latents, rows)) * epochs
               for latents in (2, 3, 5) for _ in range(4))


class Worker:
    """A program that serves cases, see bench.h."""

    def __init__(self, command, env):
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=env)

    def measure(self, case, *words):
        self.process.stdin.write(" ".join(map(str, (case, *words))) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            sys.exit(f"{self.process.args} failed in {case} {words}")
        return float(answer)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Bench:
    """What the benchmarks use: workers by name, a folder for files, a model."""

    def __init__(self, build, folder, rounds):
        self.build = build
        self.folder = folder
        self.rounds = rounds
        self.workers = {}
        self.rows = []
        self.env = os.environ | {
            "GST_PLUGIN_PATH_1_0": str(build / "gst"),
            "GST_REGISTRY": str(folder / "registry.bin"),
            "LD_LIBRARY_PATH": str(build / "engine"),
        }
        self.model = folder / "model.bin"
        self.default_model = folder / "default.bin"
        self.gst_launch(f"vaesynth ! vaetrain loss=seed epochs=5 model={self.model}")
        self.gst_launch(f"vaesynth ! vaetrain model={self.default_model}")

    def gst_launch(self, line):
        start = time.perf_counter()
        subprocess.run(["gst-launch-1.0", "-q", *line.split()], check=True,
                       env=self.env)
        return time.perf_counter() - start

    def program(self, name):
        return self.build / "tests" / "bench" / ("bench-" + name)

    def worker(self, name):
        if name == "peers":
            return Worker([sys.executable, HERE / "peers.py"], self.env)
        return Worker([self.program(name)], self.env)

    def call(self, name, case, *words):
        """What measures that case, in a worker that stays until close()."""
        def measure():
            if name not in self.workers:
                self.workers[name] = self.worker(name)
            return self.workers[name].measure(case, *words)
        return measure

    def alone(self, name, case, *words):
        """The same, each time in a new process."""
        def measure():
            with contextlib.closing(self.worker(name)) as worker:
                return worker.measure(case, *words)
        return measure

    def close(self):
        for worker in self.workers.values():
            worker.close()
        self.workers = {}

    def turns(self, *functions, rounds=None):
        """The medians of functions that take turns, after one that is not
        counted; every other round they go backwards."""
        results = {f: [] for f in functions}
        for i in range(-1, rounds or self.rounds):
            for f in functions[::-1] if i % 2 else functions:
                results[f].append(f())
        return [statistics.median(results[f][1:]) for f in functions]

    def add(self, benchmark, what, unit, ours, peers, flops=None,
            of_peak=None, cores=1, rounds=None):
        """Rows of the table, one for each peer: a name, a function and how many
        times as fast ours should be. `of_peak` is the fraction of the FMA peak
        that is aimed at, of so many cores."""
        functions = [ours, *(measure for _, measure, _ in peers)]
        if flops:
            functions.append(self.call("peak", "peak"))
        seconds, *others = self.turns(*functions, rounds=rounds)
        for (name, _, target), theirs in zip(peers, others):
            row = {
                "benchmark": benchmark, "what": what, "unit": unit,
                "ours": seconds * PER_SECOND[unit], "peer": name,
                "theirs": theirs * PER_SECOND[unit],
                "ratio": theirs / seconds, "target": target,
            }
            if flops:
                rate = flops / seconds
                row |= {"flops": flops, "flop_rate": rate,
                        "of_peak": rate / (cores * others[-1]),
                        "of_peak_target": of_peak}
            self.put(row)

    def put(self, row):
        self.rows.append(row)
        print(" | ".join(cells(row)), flush=True)


def openblas(bench, case, *words):
    """As a peer, if it is there."""
    if not bench.program("openblas").exists():
        return []
    return [("OpenBLAS, the products alone",
             bench.call("openblas", case, *words), None)]


def train(bench):
    bench.add("train", "a step, seed network, batch 64", "µs",
              bench.call("train", "step", *SEED, 78, 50),
              [("PyTorch", bench.call("peers", "torch_step", *SEED, 78, 2), 40),
               *openblas(bench, "step", *SEED)],
              step_flops(SEED), of_peak=0.5)
    bench.add("train", "a step, 38x32 - 512 - 256 - 16, batch 256", "ms",
              bench.call("train", "step", *LARGE, 4, 15),
              [("PyTorch", bench.call("peers", "torch_step", *LARGE, 4, 4),
                1.5),
               *openblas(bench, "step", *LARGE)],
              step_flops(LARGE))
    bench.add("train", "the same on two threads", "ms", train_on(bench, 2),
              [("one thread", train_on(bench, 1), 1.7)], step_flops(LARGE),
              cores=2)


def train_on(bench, threads):
    """A step of the large network in vaetrain, which has the property."""
    channels, window, outer, inner, latents, batch = LARGE
    epochs = 40
    line = (f"benchrows channels={channels} rows={4 * batch + window - 1} ! "
            f"vaetrain model={bench.folder / 'large.bin'} silent=true "
            f"loss=seed window={window} hidden=<{outer},{inner}> "
            f"latent-dim={latents} batch-size={batch} epochs={epochs} scaler=none "
            f"validation=0 threads={threads}")
    launch = bench.call("pipeline", "launch", line)
    return lambda: launch() / (4 * epochs)


def score(bench):
    bench.add("score", "a row in blocks of 5,000, seed network", "ns",
              bench.call("score", "score", *SEED, 5000),
              [("PyTorch, its best block",
                bench.call("peers", "torch_score", *SEED, 0), 3),
               *openblas(bench, "score", *SEED, 5000)],
              score_flops(SEED), of_peak=0.6)


def latency(bench):
    bench.add("latency", "one row, seed network", "µs",
              bench.call("score", "score", *SEED, 1),
              [("PyTorch", bench.call("peers", "torch_score", *SEED, 1), 80)],
              score_flops(SEED))


def pipeline(bench):
    def through(element, rows, buffers):
        launch = bench.call("pipeline", "launch", f"benchrows rows={rows} "
                            f"buffers={buffers} ! {element} ! fakesink")
        return lambda: launch() / buffers

    for rows, buffers, model, name, target in (
            (1, 200000, bench.model, "the seed's model", 1 / 3),
            (1, 200000, bench.default_model, "the default's", None),
            (64, 50000, bench.model, "the seed's", None),
            (64, 50000, bench.default_model, "the default's", None)):
        bench.add("pipeline", f"a buffer of {rows} through vaescore, {name}", "µs",
                  through(f"vaescore model={model}", rows, buffers),
                  [("identity", through("identity", rows, buffers), target)])


def grid(bench):
    rows, epochs, cores = 5000, 50, os.cpu_count()
    bench.add("grid", f"the seed's, 12 cells x 50 epochs, {cores} cores", "s",
              bench.call("train", "grid", *SEED, rows, epochs, 0),
              [("PyTorch, one by one",
                bench.call("peers", "torch_grid", *SEED, rows, epochs, 1),
                70)],
              grid_flops(rows, epochs), cores=cores, rounds=3)


def metrics(bench):
    rows = 10 ** 7
    bench.add("metrics", "AUROC, AUPRC and best F1 of 10 M rows", "s",
              bench.call("metrics", "compute", rows),
              [("scikit-learn, the first two",
                bench.call("peers", "sklearn_metrics", rows), 10)],
              rounds=3)
    size = bench.alone("metrics", "memory", rows)()
    bench.put({"benchmark": "metrics", "what": "memory beyond the scores",
               "unit": "B/row", "ours": size, "limit": 8, "held": size})


def csv(bench):
    import numpy

    path = bench.folder / "rows.csv"
    cells = numpy.random.default_rng(1).normal(size=(200000, 10))
    numpy.savetxt(path, cells, "%.7g", ",")
    size = path.stat().st_size / 1e6

    def through(elements):
        return bench.call("pipeline", "launch",
                          f"filesrc location={path} ! {elements}")

    bench.add("csv", f"{size:.0f} MB, 10 columns, by tensorcsvdec", "ms",
              through("tensorcsvdec ! fakesink"),
              [("pandas.read_csv", bench.call("peers", "pandas_csv", path), 2),
               ("numpy.loadtxt", bench.call("peers", "numpy_csv", path), 30),
               ("filesrc without it", through("fakesink"), None)])


def scaling(bench):
    rounds = min(3, bench.rounds)
    for case in "train", "score", "evaluate":
        figures = {rows: bench.turns(bench.call("scaling", case, rows),
                                     rounds=rounds)[0] * 1e9
                   for rows in (10 ** 4, 10 ** 5, 10 ** 6, 10 ** 7)}
        slow, fast = max(figures, key=figures.get), min(figures, key=figures.get)
        bench.put({"benchmark": "scaling",
                   "what": f"{case}, a row of {slow:,}", "unit": "ns",
                   "peer": f"a row of {fast:,}", "ours": figures[slow],
                   "theirs": figures[fast], "figures": figures,
                   "limit": 1.2, "held": figures[slow] / figures[fast]})

    def memory(buffers):
        return bench.alone(
            "pipeline", "memory", f"benchrows rows=5000 buffers={buffers} ! "
            f"vaescore model={bench.model} ! fakesink")() / 2 ** 20

    many, few = memory(20000), memory(200)
    bench.put({"benchmark": "scaling", "what": "memory, 10^8 rows scored",
               "unit": "MiB", "peer": "10^6 rows", "ours": many,
               "theirs": few, "limit": 1.05, "held": many / few})


def startup(bench):
    def line(element):
        return lambda: bench.gst_launch(
            f"vaesynth num-samples=1 ! {element} ! fakesink") * 1e3

    ours, theirs = bench.turns(line(f"vaescore model={bench.model}"),
                               line("identity"), rounds=4 * bench.rounds)
    bench.put({"benchmark": "startup", "what": "gst-launch with vaescore",
               "unit": "ms", "peer": "identity", "ours": ours,
               "theirs": theirs, "limit": 20, "held": ours - theirs})


BENCHMARKS = {f.__name__: f for f in (
    train, score, latency, pipeline, grid, metrics, csv, scaling, startup)}

HEADER = ("benchmark", "what", "ours", "peer", "", "ratio", "target",
          "GFLOP/s", "of FMA peak")


def digits(number):
    return f"{number:.4g}" if number < 1000 else f"{number:.0f}"


def cells(row):
    """A row as text. A ratio tells how many times as fast ours is; what is held
    against a limit instead is the quotient, the difference or the figure."""
    theirs = f"{digits(row['theirs'])} {row['unit']}" if "peer" in row else ""
    if "limit" in row:
        ratio, target = digits(row["held"]), f"<= {row['limit']}"
    else:
        ratio = digits(row["ratio"]) + "x"
        target = f">= {row['target']:.3g}x" if row["target"] else ""
    flop_rate = of_peak = ""
    if "flops" in row:
        flop_rate = f"{row['flop_rate'] / 1e9:.1f}"
        of_peak = f"{row['of_peak']:.0%}"
        if row["of_peak_target"]:
            of_peak += f" (>= {row['of_peak_target']:.0%})"
    return (row["benchmark"], row["what"],
            f"{digits(row['ours'])} {row['unit']}", theirs,
            row.get("peer", ""), ratio, target, flop_rate, of_peak)


def table(rows):
    lines = [HEADER, *map(cells, rows)]
    widths = [max(map(len, column)) for column in zip(*lines)]
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join(
        "| " + " | ".join(map(str.ljust, line, widths)) + " |" for line in lines)


def processor():
    found = re.search(r"model name\s*: (.*)",
                      pathlib.Path("/proc/cpuinfo").read_text())
    return found[1] if found else platform.machine()


def gemm(build):
    options = json.loads(subprocess.check_output(
        ["meson", "introspect", "--buildoptions", build]))
    return next(o["value"] for o in options if o["name"] == "gemm")


def report(build, rounds, rows, peak):
    return (f"{processor()}, {os.cpu_count()} cores, FMA peak "
            f"{peak / 1e9:.0f} GFLOP/s on one; `-Dgemm={gemm(build)}`; "
            f"{time.strftime('%Y-%m-%d')}; medians of {rounds} rounds.\n\n"
            + table(rows))


def write(page, text):
    """Between the two lines that mark the place."""
    before, rest = page.read_text().split("<!-- measured -->\n")
    after = rest[rest.index("<!-- end -->"):]
    page.write_text(f"{before}<!-- measured -->\n{text}\n{after}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("names", nargs="*", metavar="NAME",
                        help=", ".join(BENCHMARKS))
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE")
    parser.add_argument("--write", type=pathlib.Path, metavar="PAGE")
    options = parser.parse_intermixed_args()
    unknown = set(options.names) - set(BENCHMARKS)
    if unknown:
        parser.error(f"no benchmark is called {', '.join(unknown)}")

    build = options.build.resolve()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(build, pathlib.Path(folder), options.rounds)
        peak, = bench.turns(bench.call("peak", "peak"))
        for name in options.names or BENCHMARKS:
            BENCHMARKS[name](bench)
            bench.close()

    text = report(build, options.rounds, bench.rows, peak)
    print("\n" + text)
    if options.json:
        options.json.write_text(json.dumps(bench.rows, indent=1))
    if options.write:
        write(options.write, text)


if __name__ == "__main__":
    main()
