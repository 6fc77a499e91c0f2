# gst-vae
# Copyright (C) 2026 the gst-vae authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Compares libvae's principal components with NumPy's eigenvectors, and its
typical rows with scikit-learn's k-means: parity-pca.py MODULE"""

import ctypes
import sys

import numpy as np
from sklearn.cluster import KMeans

library = ctypes.CDLL(sys.argv[1])
FLOATS = np.ctypeslib.ndpointer(np.float32, flags="C")
DOUBLES = np.ctypeslib.ndpointer(np.float64, flags="C")
library.parity_pca.argtypes = [
    FLOATS, ctypes.c_uint, ctypes.c_uint, ctypes.c_size_t, ctypes.c_uint,
    ctypes.c_double, FLOATS, FLOATS, DOUBLES, ctypes.POINTER(ctypes.c_double)]
library.parity_nearest.argtypes = [
    FLOATS, ctypes.c_uint, ctypes.c_size_t, ctypes.c_uint, ctypes.c_uint64,
    FLOATS]

MOST_WINDOWS = 8192
MOST_ROWS = 6000


def evenly(n, most):
    return np.arange(min(n, most)) * n // min(n, most)


def windows_of(rows, window):
    """What is looked at, a window a row, 0 for a missing cell."""
    n = len(rows) - window + 1
    ends = evenly(n, MOST_WINDOWS)
    windows = np.stack([rows[end:end + window].ravel() for end in ends])
    return np.nan_to_num(windows.astype(float), nan=0.0)


def our_components(rows, window, n, keep):
    inputs = rows.shape[1] * window
    mean = np.empty(inputs, np.float32)
    vectors = np.empty((n, inputs), np.float32)
    variance = np.empty(n)
    total = ctypes.c_double()
    n = library.parity_pca(rows, rows.shape[1], window, len(rows) - window + 1,
                           n, keep, mean, vectors, variance, total)
    return mean, vectors[:n], variance[:n], total.value


def spectrum_of(windows):
    values, vectors = np.linalg.eigh(np.atleast_2d(np.cov(windows.T)))
    return values[::-1], vectors.T[::-1]


def largest_angle(ours, theirs):
    """Its sine, between what the two sets of rows span."""
    rest = theirs - theirs @ ours.T @ ours
    return np.linalg.norm(rest, 2)


def check_components(name, rows, window, n, keep=1.0, spanned=None):
    """`spanned` components, all of them if it is None, are well separated from
    those behind them, so that they are to be found exactly."""
    rows = np.ascontiguousarray(rows, np.float32)
    windows = windows_of(rows, window)
    mean, vectors, variance, total = our_components(rows, window, n, keep)
    values, reference = spectrum_of(windows)
    spanned = spanned or len(vectors)

    np.testing.assert_allclose(mean, windows.mean(axis=0), atol=1e-5)
    np.testing.assert_allclose(total, values.sum(), rtol=1e-5)
    np.testing.assert_allclose(variance[:spanned], values[:spanned], rtol=1e-3)
    orthonormality = vectors.astype(float) @ vectors.T - np.eye(len(vectors))
    assert np.abs(orthonormality).max() < 1e-5, name
    angle = largest_angle(vectors[:spanned].astype(float), reference[:spanned])
    assert angle < 1e-2, (name, angle)

    # A component that is not well separated from the next may be a mixture, but
    # together they lose next to nothing.
    best = values[:len(vectors)].sum()
    kept = variance.sum()
    assert abs(kept - best) < 1e-3 * best, (name, kept, best)
    largest = np.abs(vectors).argmax(axis=1)
    assert np.all(vectors[np.arange(len(vectors)), largest] > 0), name
    return vectors


def check_kept_share(name, rows, window, n, keep):
    rows = np.ascontiguousarray(rows, np.float32)
    _, _, variance, total = our_components(rows, window, n, keep)
    values, _ = spectrum_of(windows_of(rows, window))
    wanted = np.searchsorted(np.cumsum(values) / values.sum(), keep) + 1
    assert len(variance) == min(wanted, n), (name, keep, len(variance), wanted)
    assert len(variance) == n or variance.sum() >= keep * total, (name, keep)


def low_rank(random, n, channels, rank, noise=0.0, decay=0.7):
    """Rows of `rank` directions, each `decay` times as strong as the last."""
    directions = np.linalg.qr(random.standard_normal((channels, rank)))[0].T
    strengths = 3.0 * decay ** np.arange(rank)
    rows = random.standard_normal((n, rank)) * strengths @ directions
    return rows + noise * random.standard_normal((n, channels))


def waves(random, n, channels):
    """Slow oscillations with noise, scaled, as sensors have them."""
    t = np.arange(n)[:, None]
    periods = random.uniform(30, 300, (1, channels))
    rows = np.sin(2 * np.pi * t / periods + random.uniform(0, 6, channels))
    rows = rows + 0.3 * rows[:, ::-1] + 0.2 * random.standard_normal(rows.shape)
    return (rows - rows.mean(axis=0)) / rows.std(axis=0)


def inertia(rows, centres):
    distances = ((rows[:, None, :] - centres[None]) ** 2).sum(axis=2)
    return distances.min(axis=1).sum()


def check_prototypes(name, rows, n):
    rows = np.ascontiguousarray(rows, np.float32)
    prototypes = np.empty((n, rows.shape[1]), np.float32)
    assert library.parity_nearest(rows, rows.shape[1], len(rows), n, 1,
                                  prototypes) == n
    seen = rows[evenly(len(rows), MOST_ROWS)].astype(float)
    theirs = np.mean([
        KMeans(n, init="random", n_init=1, random_state=seed).fit(seen).inertia_
        for seed in range(3)])
    ours = inertia(seen, prototypes.astype(float))
    assert ours < 1.04 * theirs, (name, ours, theirs)


def main():
    random = np.random.default_rng(5)

    check_components("few rows", low_rank(random, 300, 20, 6, 0.05), 1, 6)
    check_components("little between them",
                     low_rank(random, 8000, 40, 20, decay=0.93), 1, 6)
    check_components("windows", low_rank(random, 2000, 7, 3, 0.05), 4, 12)
    check_components("all of them", random.standard_normal((500, 9)), 2, 18)
    check_components("one input", random.standard_normal((100, 1)) + 3, 1, 4)
    check_components("fewer windows than inputs",
                     random.standard_normal((20, 40)), 1, 40)
    check_components("an offset", low_rank(random, 900, 20, 4, 0.1) + 50, 1, 4)
    check_components("many windows", low_rank(random, 20011, 20, 6, 0.05), 1, 6)
    check_components("waves", waves(random, 6000, 12), 16, 40, spanned=8)

    rows = low_rank(random, 1000, 12, 5, 0.1)
    rows[random.random(rows.shape) < 0.2] = np.nan
    check_components("missing cells", rows, 3, 12, spanned=3)

    rank_deficient = low_rank(random, 1000, 30, 5)
    vectors = check_components("rank", rank_deficient, 1, 20, spanned=5)
    assert len(vectors) == 5, len(vectors)

    tiny = 1e-25 * low_rank(random, 400, 10, 3, 0.05)
    check_components("tiny numbers", tiny, 1, 3)

    for keep in (0.0, 0.5, 0.8, 0.9, 0.99):
        rows = low_rank(random, 800, 25, 8, 0.1)
        check_kept_share("share", rows, 1, 20, keep)
        check_kept_share("share of waves", waves(random, 3000, 8), 8, 24, keep)

    check_prototypes("noise", random.standard_normal((3000, 6)), 60)
    check_prototypes("waves", waves(random, 9001, 5), 100)
    check_prototypes("the mean", random.standard_normal((1000, 4)), 1)


main()
