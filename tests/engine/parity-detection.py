# gst-vae
# Copyright (C) 2026 the gst-vae authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Compares libvae's time-series metrics with their definitions, written down plainly
and slowly, on random and degenerate series: parity-detection.py LIBVAE"""

import ctypes
import itertools
import math
import sys

import numpy as np

TOLERANCE = 1e-10

SERIES_FIELDS = ["scores", "labels", "breaks", "n_rows", "times", "n_times"]
DETECTION_FIELDS = """
    threshold=d flagged precision=d recall=d f1=d missed_rate=d false_alarm_rate=d
    events events_found alarms false_alarms
    false_alarms_per_hour=d false_alarms_per_1000_rows=d
    event_precision=d event_recall=d event_f1=d composite_f1=d
    delay_mean=d delay_median=d delay_mean_seconds=d delay_median_seconds=d
    range_precision=d range_recall=d range_f1=d
    affiliation_precision=d affiliation_recall=d affiliation_f1=d""".split()


def structure(name, fields):
    types = [(field.removesuffix("=d"), ctypes.c_double if field.endswith("=d")
              else ctypes.c_uint64) for field in fields]
    return type(name, (ctypes.Structure,), {"_fields_": types})


Scored = type("Scored", (ctypes.Structure,),
              {"_fields_": [(name, ctypes.c_void_p) for name in SERIES_FIELDS]})
Detection = structure("Detection", DETECTION_FIELDS)
Vus = structure("Vus", ["roc=d", "pr=d"])
Controls = structure("Controls", ["events", "always_f1=d", "adjusted_f1=d",
                                  "random_adjusted_f1=d"])
RowTimes = np.dtype([("first_row", np.uintp), ("start", np.float64),
                     ("step", np.float64)])
libvae = ctypes.CDLL(sys.argv[1])


class Series:
    def __init__(self, scores, labels, breaks, times):
        self.scores = np.ascontiguousarray(scores, np.float32)
        self.labels = np.ascontiguousarray(labels, np.uint8)
        self.breaks = np.ascontiguousarray(breaks, np.uint8)
        self.times = np.array(times, RowTimes)
        self.scored = ~np.isnan(self.scores)
        self.n = len(self.scores)

    def call(self, function, result, *arguments):
        series = Scored(self.scores.ctypes.data, self.labels.ctypes.data,
                        self.breaks.ctypes.data, self.n, self.times.ctypes.data,
                        len(self.times))
        assert function(ctypes.byref(series), *arguments, ctypes.byref(result), None)
        return result

    def time_of(self, row):
        entry = self.times[self.times["first_row"] <= row][-1]
        return entry["start"] + (row - int(entry["first_row"])) * entry["step"]

    def step_of(self, row):
        return self.times[self.times["first_row"] <= row][-1]["step"]

    def runs(self, rows):
        """Lists of row numbers."""
        runs = []
        for i in range(self.n):
            if not rows[i]:
                continue
            if runs and runs[-1][-1] == i - 1 and not self.breaks[i]:
                runs[-1].append(i)
            else:
                runs.append([i])
        return runs

    def part_of(self, row):
        """The number of the unbroken part that the row is in."""
        return self.breaks[1:row + 1].sum()


def divide(a, b):
    return a / b if b else math.nan


def mean(values):
    return divide(sum(values), len(values))


def f1(precision, recall):
    if math.isnan(recall):
        return math.nan
    if math.isnan(precision) or precision + recall == 0:
        return 0
    return 2 * precision * recall / (precision + recall)


# --- volume under the surface ----------------------------------------------


def soft_labels(series, events, w):
    """Labels with buffers, and the events whose buffers meet as one list of rows."""
    labels = series.labels.astype(float)
    zones = []
    for event in events:
        zone = [i for i in range(event[0] - w // 2, event[-1] + w // 2 + 1)
                if 0 <= i < series.n and series.part_of(i) == series.part_of(event[0])]
        for i in set(zone) - set(event):
            labels[i] += math.sqrt(1 - min(abs(i - event[0]), abs(i - event[-1])) / w)
        if zones and set(zones[-1]) & set(zone):
            zones[-1] = sorted({*zones[-1], *zone})
        else:
            zones.append(zone)
    return np.minimum(labels, 1), zones


def range_curve(series, events, w):
    labels, zones = soft_labels(series, events, w)
    scored, scores = series.scored, series.scores
    hard = (series.labels == 1) & scored
    descending = np.sort(scores[scored])[::-1]
    for place in np.linspace(0, len(descending) - 1, 250).astype(int):
        flagged = scored & (scores >= descending[place])
        hits = labels[flagged].sum()
        in_buffers = labels[flagged & (series.labels == 0)].sum()
        relevant = (hard.sum() + hard.sum() + in_buffers) / 2
        found = np.mean([flagged[zone].any() for zone in zones])
        yield (min(hits / relevant, 1) * found,
               (flagged.sum() - hits) / (scored.sum() - relevant),
               hits / flagged.sum())


def plain_vus(series, buffer):
    hard = series.labels[series.scored]
    if not len(hard) or hard.all() or not hard.any():
        return math.nan, math.nan
    events = series.runs(series.labels)
    rocs, prs = [], []
    for w in range(buffer + 1):
        tpr, fpr, precision = np.transpose(list(range_curve(series, events, w)))
        rocs.append(np.trapz([0, *tpr, 1], [0, *fpr, 1]))
        prs.append(np.dot(np.diff([0, *tpr]), precision))
    return mean(rocs), mean(prs)


# --- affiliation ------------------------------------------------------------

# All that is piecewise linear bends at quarters of a row at most, so the middles of
# quarter rows give exact integrals.
QUARTER = 0.25


def points(start, end):
    return np.arange(start, end, QUARTER) + QUARTER / 2


def plain_affiliation(series, alarms):
    events = series.runs(series.labels)
    alarm_points = np.array([p for alarm in alarms
                             for p in points(alarm[0], alarm[-1] + 1)])
    precisions, recalls = [], []
    for j, event in enumerate(events):
        start, end = event[0], event[-1] + 1
        low = (events[j - 1][-1] + 1 + start) / 2 if j else 0
        high = (end + events[j + 1][0]) / 2 if j + 1 < len(events) else series.n
        zone = high - low

        inside = [p for p in alarm_points if low < p < high]
        if not inside:
            recalls.append(0)
            continue
        chances = []
        for p in inside:
            d = max(start - p, p - end, 0)
            near = min(d, start - low) + (end - start) + min(d, high - end)
            chances.append(1 - near / zone if d else 1)
        precisions.append(mean(chances))

        # The nearest point of an alarm: its own ends, within the zone.
        ends = [(max(a[0], low), min(a[-1] + 1, high)) for a in alarms
                if a[0] < high and a[-1] + 1 > low]
        chances = []
        for p in points(start, end):
            d = min(max(a - p, p - b, 0) for a, b in ends)
            near = min(d, p - low) + min(d, high - p)
            chances.append(1 - near / zone)
        recalls.append(mean(chances))
    return mean(precisions), mean(recalls)


# --- detection --------------------------------------------------------------


def range_share(run, others):
    covered = [len(set(run) & set(other)) for other in others]
    pieces = sum(c > 0 for c in covered)
    return sum(covered) / len(run) / pieces if pieces else 0


def plain_detection(series, threshold):
    flagged = series.scored & (series.scores >= threshold)
    labels, scored = series.labels == 1, series.scored
    hits, false = (flagged & labels).sum(), (flagged & ~labels).sum()
    normal = np.flatnonzero(scored & ~labels)
    events, alarms = series.runs(labels), series.runs(flagged)
    found = [event for event in events if flagged[event].any()]
    false_alarms = [alarm for alarm in alarms if not labels[alarm].any()]
    firsts = [event[np.flatnonzero(flagged[event])[0]] for event in found]
    delays = [first - event[0] for event, first in zip(found, firsts)]
    seconds = [series.time_of(first) - series.time_of(event[0])
               for event, first in zip(found, firsts)]
    hours = sum(series.step_of(i) for i in normal) / 3600

    plain = {
        "threshold": threshold,
        "flagged": flagged.sum(),
        "precision": divide(hits, flagged.sum()),
        "recall": divide(hits, (labels & scored).sum()),
        "false_alarm_rate": divide(false, len(normal)),
        "events": len(events),
        "events_found": len(found),
        "alarms": len(alarms),
        "false_alarms": len(false_alarms),
        "false_alarms_per_hour": divide(len(false_alarms), hours),
        "false_alarms_per_1000_rows": divide(1000 * len(false_alarms), len(normal)),
        "event_precision": divide(len(found), len(found) + len(false_alarms)),
        "event_recall": divide(len(found), len(events)),
        "delay_mean": mean(delays),
        "delay_median": np.median(delays) if delays else math.nan,
        "delay_mean_seconds": mean(seconds),
        "delay_median_seconds": np.median(seconds) if seconds else math.nan,
        "range_precision": mean([range_share(alarm, events) for alarm in alarms]),
        "range_recall": mean([range_share(event, alarms) for event in events]),
    }
    plain["affiliation_precision"], plain["affiliation_recall"] = \
        plain_affiliation(series, alarms)
    plain["missed_rate"] = 1 - plain["recall"]
    plain["f1"] = f1(plain["precision"], plain["recall"])
    plain["composite_f1"] = f1(plain["precision"], plain["event_recall"])
    for kind in "event", "range", "affiliation":
        plain[kind + "_f1"] = f1(plain[kind + "_precision"], plain[kind + "_recall"])
    return plain


# --- controls ---------------------------------------------------------------


def plain_adjusted_f1(series, threshold):
    flagged = series.scored & (series.scores >= threshold)
    for event in series.runs(series.labels):
        if flagged[event].any():
            flagged[event] = series.scored[event]
    labels = (series.labels == 1) & series.scored
    return 2 * (flagged & labels).sum() / (flagged.sum() + labels.sum())


def plain_controls(series):
    labels = series.labels[series.scored]
    if not len(labels) or labels.all() or not labels.any():
        return math.nan, math.nan
    best = max(plain_adjusted_f1(series, score)
               for score in series.scores[series.scored])
    return 2 * labels.sum() / (labels.sum() + len(labels)), best


# --- comparison -------------------------------------------------------------


def compare(what, ours, plain):
    np.testing.assert_allclose(float(ours), float(plain), rtol=TOLERANCE,
                               atol=TOLERANCE, err_msg=what)


def compare_all(series, buffer):
    vus = series.call(libvae.vae_vus_compute, Vus(), buffer)
    roc, pr = plain_vus(series, buffer)
    compare("VUS-ROC", vus.roc, roc)
    compare("VUS-PR", vus.pr, pr)

    controls = series.call(libvae.vae_controls_compute, Controls())
    always, adjusted = plain_controls(series)
    compare("always", controls.always_f1, always)
    compare("adjusted", controls.adjusted_f1, adjusted)
    assert math.isnan(always) or always <= controls.random_adjusted_f1 <= 1

    known = series.scores[series.scored]
    quantiles = np.quantile(known, [0, 0.5, 0.9, 1]) if len(known) else []
    for threshold in map(float, [*quantiles, 1e9]):
        ours = series.call(libvae.vae_detection_compute, Detection(),
                           ctypes.c_double(threshold))
        plain = plain_detection(series, threshold)
        assert set(plain) == {name for name, _ in Detection._fields_}
        for name, value in plain.items():
            compare(name, getattr(ours, name), value)


def make(seed, n, base_rate, longest):
    random = np.random.default_rng(seed)
    labels = np.zeros(n, np.uint8)
    while labels.sum() < base_rate * n:
        start = random.integers(n)
        labels[start:start + random.integers(1, longest + 1)] = 1
    scores = random.normal(size=n) + labels
    breaks = random.random(n) < random.choice([0, 0.05])
    half = n // 2
    times = [(0, 1e9, 0.5), (half, 2e9, random.uniform(0, 3))]
    return scores, labels, breaks, times


def variants(scores, labels, breaks, times):
    yield scores, labels, breaks, times
    yield np.round(scores), labels, breaks, times
    yield np.zeros_like(scores), labels, breaks, times
    yield np.where(np.abs(scores) < 0.4, np.nan, scores), labels, breaks, times
    yield np.where(labels == 1, np.nan, scores), labels, breaks, times
    yield np.full_like(scores, np.nan), labels, breaks, times
    yield scores, np.zeros_like(labels), breaks, times
    yield scores, np.ones_like(labels), breaks, times


count = 0
for seed, n in itertools.product(range(5), (2, 9, 60, 300)):
    for variant in variants(*make(seed, n, (0.02, 0.1, 0.5)[seed % 3], 1 + 10 * seed)):
        compare_all(Series(*variant), (0, 1, 2, 9, 24)[count % 5])
        count += 1
compare_all(Series([1], [1], [0], [(0, 0, 1)]), 100)
compare_all(Series([1], [0], [0], [(0, 0, 1)]), 100)
compare_all(Series(*make(1, 3000, 0.05, 60)), 4)
print(f"{count + 3} series agree")
