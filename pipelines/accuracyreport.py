# gst-vae
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The tables of accuracy.py, in Markdown."""

import os
import random

METRICS = (("auprc", "AUPRC"), ("auroc", "AUROC"), ("vus-pr", "VUS-PR"))
TITLES = {
    "default": "default",
    "vae": "VAE",
    "pca": "PCA",
    "nearest": "nearest",
    "norm": "norm",
    "windowed-pca": "windowed PCA",
    "squared-norm": "squared norm",
}
DRAWS = 10000
UNDEFINED = "-"


def mean(values):
    values = list(values)
    return sum(values) / len(values) if values else None


def number(value, digits=3):
    return UNDEFINED if value is None else f"{value:.{digits}f}"


def table(headings, lines):
    rule = ["---"] * len(headings)
    return "\n".join("| " + " | ".join(map(str, line)) + " |"
                     for line in [headings, rule, *lines]) + "\n"


def is_defined(result):
    return all("auroc" in figures for runs in result.figures.values()
               for figures in runs)


def of_series(result, detector, key):
    """A figure of a series, its mean over the seeds; None if one has none."""
    values = [figures.get(key) for figures in result.figures[detector]]
    return None if None in values else mean(values)


def of_set(results, detector, key):
    """The mean over the series that have the figure."""
    values = [of_series(result, detector, key) for result in results]
    return mean(value for value in values if value is not None)


def print_series(series, result):
    figures = "  ".join(f"{title} {number(of_series(result, 'default', key))}"
                        for key, title in METRICS)
    first = result.figures["default"][0]
    print(f"{series.set + '/' + series.name:<30} {figures}  {first['rows']} rows, "
          f"{first['unscored']} unscored, {result.seconds:.1f} s", flush=True)


def interval(differences):
    """The mean and the 95 % interval of a bootstrap over series."""
    rng = random.Random(1)
    n = len(differences)
    means = sorted(sum(rng.choices(differences, k=n)) / n for _ in range(DRAWS))
    low, high = means[int(0.025 * DRAWS)], means[int(0.975 * DRAWS) - 1]
    return f"{mean(differences):+.3f} ({low:+.3f} to {high:+.3f})"


class Report:
    """What the results say."""

    def __init__(self, results, options):
        self.options, self.times = options, ""
        self.undefined = [s for s, result in results.items() if not is_defined(result)]
        self.defined = {s: result for s, result in results.items()
                        if is_defined(result)}
        self.detectors = [key for key in TITLES
                          if any(key in result.figures for result in results.values())]
        self.sets = {}
        for series, result in self.defined.items():
            self.sets.setdefault(series.set, []).append(result)

    def parts(self):
        """Texts, by the names of the marks in a page that they go between."""
        if not self.defined:
            return {"accuracy": self.notes()}
        sections = (self.protocol(), self.rankings(), self.differences(),
                    self.alarms(), self.blame(), self.times, self.notes())
        return {"accuracy": "\n".join(filter(None, sections)),
                "accuracy-summary": self.summary()}

    def add_times(self, series, training, everything):
        """Both in seconds, elapsed and of processor time: where these differ, the
        machine had other things to do."""
        self.times = (
            f"Reading and learning {series.set}/{series.name} with the default "
            f"configuration took {training[0]:.1f} s, {training[1]:.1f} s of processor "
            f"time, on {os.cpu_count()} processors; all of the above, "
            f"{len(self.defined) + len(self.undefined)} series, {everything[0]:.0f} s, "
            f"{everything[1]:.0f} s of processor time, with {self.options.jobs} "
            "processes.\n")

    def protocol(self):
        n_seeds = self.options.seeds
        changed = " ".join(filter(None, [self.options.train, self.options.score]))
        return (
            f"{len(self.defined)} series of {len(self.sets)} sets"
            + (f", with `{changed}` for the default" if changed else "")
            + ". Unweighted means over the series of a set; default, VAE and nearest "
            f"are means over {n_seeds} seeds, of which the default's least and most "
            "are given; the rest depend on no seed. Random scores get the base rate in "
            "AUPRC and 0.5 in AUROC.\n")

    def rankings(self):
        return "\n".join(self.ranking(key, title) for key, title in METRICS)

    def ranking(self, key, title):
        lines = [[name, len(results), *self.ranking_line(results, key)]
                 for name, results in self.sets.items()]
        if len(self.sets) > 1:
            lines.append(["**mean of sets**", len(self.defined),
                          number(self.over_sets("default", key)), "",
                          *(number(self.over_sets(d, key)) for d in self.detectors[1:]),
                          number(self.over_sets("default", "base-rate"))])
        return table([title, "series", "default", "over seeds",
                      *(TITLES[d] for d in self.detectors[1:]), "base rate"], lines)

    def ranking_line(self, results, key):
        runs = [result.figures["default"] for result in results]
        seeds = [mean(figures[key] for figures in seed) for seed in zip(*runs)]
        return [number(mean(seeds)), f"{min(seeds):.3f}-{max(seeds):.3f}",
                *(number(of_set(results, d, key)) for d in self.detectors[1:]),
                number(of_set(results, "default", "base-rate"))]

    def over_sets(self, detector, key):
        return mean(of_set(results, detector, key) for results in self.sets.values())

    def differences(self):
        """The default less each control, over the series of all sets together."""
        lines = []
        for detector in self.detectors[1:]:
            line = [f"default less {TITLES[detector]}"]
            for key in ("auprc", "vus-pr"):
                differences = self.paired("default", detector, key)
                wins = sum(difference > 0 for difference in differences)
                line += [interval(differences), f"{wins} of {len(differences)}"]
            lines.append(line)
        return (
            f"Over all {len(self.defined)} series together, with 95 % intervals of a "
            f"paired bootstrap over the series ({DRAWS:,} draws):\n\n"
            + table(["", "AUPRC", "better in", "VUS-PR", "better in"], lines)
            + "\n" + self.vae_by_itself())

    def vae_by_itself(self):
        counts = []
        for key, title in METRICS:
            n = sum(of_set(results, "vae", key) >= of_set(results, "pca", key)
                    for results in self.sets.values())
            counts.append(f"{n} by {title}")
        return (f"The VAE by itself is at least as good as PCA on {', '.join(counts)} "
                f"of the {len(self.sets)} sets.\n")

    def paired(self, detector, control, key):
        return [of_series(result, detector, key) - of_series(result, control, key)
                for result in self.defined.values()]

    def alarms(self):
        keys = ("precision", "recall", "f1", "always-f1", "base-rate", "event-recall",
                "false-alarms-per-1000-rows", "delay-median")
        lines = [[name, *(number(of_set(results, "default", key),
                                 1 if key == "delay-median" else 3) for key in keys)]
                 for name, results in self.sets.items()]
        return ("What the default's stored threshold gives, chosen before it saw a row "
                "of the test:\n\n"
                + table(["set", "precision", "recall", "F1", "F1 of always alarming",
                         "base rate", "events found", "false alarms per 1000 rows",
                         "median delay, rows"], lines))

    def blame(self):
        lines = []
        for name, results in self.sets.items():
            verdicts = [verdict for result in results for seed in result.verdicts
                        for verdict in seed]
            if verdicts:
                n = sum(len(result.verdicts[0]) for result in results)
                lines.append([name, n, *(f"{100 * mean(share):.0f} %"
                                         for share in zip(*verdicts))])
        if not lines:
            return ""
        return ("Who is to blame: of how many anomalies the channel that contributes "
                "most to the score is a guilty one, and how many of the three that do "
                "most are:\n\n"
                + table(["set", "anomalies", "first", "first three", "by chance"],
                        lines))

    def notes(self):
        if not self.undefined:
            return ""
        return ("Undefined, for test labels of one class, and left out: "
                + ", ".join(f"{s.set}/{s.name}" for s in self.undefined) + "\n")

    def summary(self):
        controls = [d for d in ("windowed-pca", "squared-norm") if d in self.detectors]
        shown = ["default", *controls]
        lines = [[name, len(results),
                  *(" / ".join(number(of_set(results, d, key)) for key, _ in METRICS)
                    for d in shown), number(of_set(results, "default", "base-rate"))]
                 for name, results in self.sets.items()]
        lines.append(["**mean**", len(self.defined),
                      *(" / ".join(number(self.over_sets(d, key)) for key, _ in METRICS)
                        for d in shown),
                      number(self.over_sets("default", "base-rate"))])
        gains = [f"{title} {interval(self.paired('default', controls[0], key))}"
                 for key, title in METRICS if key != "auroc"]
        headings = ["set", "series", *(TITLES[d] for d in shown), "base rate"]
        return (table(headings, lines)
                + f"\nThe default less the {TITLES[controls[0]]}, over all series: "
                + ", ".join(gains) + ".\n")
