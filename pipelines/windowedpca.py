# gst-vae
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A control that shares no code with the elements: principal components of windows of
rows, scored as channel errors over what is usual. It needs NumPy."""

import itertools
import math

import numpy

WINDOW = 16
KEPT = 0.9              # of the variance
FITTED = 3000           # windows, evenly spaced
HELD_BACK = 0.2         # of the rows
CLIP = 8
FLOOR = 1e-2            # of a usual squared error
CAP = 300
SMOOTHING = 10          # rows
BLOCK = 4096            # rows at a time, for the memory


def scores(train, test, channels):
    """One score per test row, NaN before the first full window. Both are row after
    row."""
    train, test = (numpy.nan_to_num(numpy.frombuffer(rows, numpy.float32), nan=0)
                   .astype(numpy.float64).reshape(-1, channels)
                   for rows in (train, test))
    offset, scale = _standard_scale(train)
    train, test = (numpy.clip((rows - offset) / scale, -CLIP, CLIP)
                   for rows in (train, test))
    held_back = int(len(train) * (1 - HELD_BACK))
    mean, components = _fit(train[:held_back])
    usual = (_residuals(train[held_back:], mean, components) ** 2).mean(0) + FLOOR
    errors = _residuals(test, mean, components) ** 2
    smoothed = _smooth(numpy.minimum(errors / usual, CAP).mean(1))
    return [math.nan] * (WINDOW - 1) + smoothed[WINDOW - 1:]


def _standard_scale(rows):
    mean, deviation = rows.mean(0), rows.std(0)
    constant = ((numpy.ptp(rows, 0) < 1e-6)
                | (deviation < numpy.maximum(1e-9, 1e-4 * numpy.abs(mean))))
    return mean, numpy.where(constant, 1, deviation)


def _windows(rows):
    """[rows][WINDOW * channels]; the first row stands for those before it."""
    padded = numpy.vstack([numpy.repeat(rows[:1], WINDOW - 1, 0), rows])
    view = numpy.lib.stride_tricks.sliding_window_view(padded, WINDOW, axis=0)
    return view.transpose(0, 2, 1).reshape(len(rows), -1)


def _fit(rows):
    chosen = numpy.linspace(0, len(rows) - 1, min(FITTED, len(rows))).astype(int)
    windows = _windows(rows)[chosen]
    mean = windows.mean(0)
    variances, vectors = numpy.linalg.eigh((windows - mean).T @ (windows - mean))
    variances = numpy.maximum(variances[::-1], 0)
    share = numpy.cumsum(variances) / max(variances.sum(), 1e-12)
    n_kept = int(numpy.searchsorted(share, KEPT)) + 1
    return mean, vectors[:, ::-1][:, :n_kept]


def _residuals(rows, mean, components):
    """What the components leave of the last row of each window."""
    channels = rows.shape[1]
    residuals = numpy.empty_like(rows)
    for start in range(0, len(rows), BLOCK):
        before = min(start, WINDOW - 1)
        windows = _windows(rows[start - before:start + BLOCK])[before:] - mean
        last = components[-channels:]
        residuals[start:start + BLOCK] = (windows[:, -channels:]
                                          - (windows @ components) @ last.T)
    return residuals


def _smooth(values):
    """An exponential moving average that begins with the first value."""
    weight = 1 / SMOOTHING
    return list(itertools.accumulate(
        values.tolist(), lambda average, value: average + weight * (value - average)))
