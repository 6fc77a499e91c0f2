# gst-vae
# Copyright (C) 2026 the gst-vae authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Compares libvae's metrics with scikit-learn's: parity-metrics.py LIBVAE"""

import ctypes
import sys

import numpy as np
from sklearn.metrics import (average_precision_score, precision_recall_curve,
                             roc_auc_score, roc_curve)

TOLERANCE = 1e-12


class Metrics(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint64)
                for name in ("rows", "positives", "unscored")]
    _fields_ += [(name, ctypes.c_double)
                 for name in ("base_rate", "auroc", "auprc", "best_f1",
                              "best_threshold", "best_precision",
                              "best_recall")]


class GArray(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("len", ctypes.c_uint)]


CURVE_POINT = np.dtype([(name, np.float64)
                        for name in ("threshold", "true_positive_rate",
                                     "false_positive_rate", "precision")])

libvae = ctypes.CDLL(sys.argv[1])
libglib = ctypes.CDLL("libglib-2.0.so.0")
libglib.g_array_unref.argtypes = [ctypes.POINTER(GArray)]

SERIES = [np.ctypeslib.ndpointer(np.float32, flags="C"),
          np.ctypeslib.ndpointer(np.uint8, flags="C"), ctypes.c_size_t]
libvae.vae_metrics_compute.argtypes = SERIES + [ctypes.POINTER(Metrics),
                                                ctypes.c_void_p]
libvae.vae_metrics_curve.argtypes = SERIES + [ctypes.c_void_p]
libvae.vae_metrics_curve.restype = ctypes.POINTER(GArray)


def compute(scores, labels):
    metrics = Metrics()
    assert libvae.vae_metrics_compute(scores, labels, len(scores),
                                      ctypes.byref(metrics), None)
    return metrics


def trace_curve(scores, labels):
    array = libvae.vae_metrics_curve(scores, labels, len(scores), None)
    assert array
    size = array.contents.len * CURVE_POINT.itemsize
    curve = np.frombuffer(ctypes.string_at(array.contents.data, size),
                          CURVE_POINT)
    libglib.g_array_unref(array)
    return curve


def compare(what, ours, theirs):
    np.testing.assert_allclose(ours, theirs, rtol=TOLERANCE, atol=TOLERANCE,
                               err_msg=what)


def compare_figures(scores, labels):
    metrics = compute(scores, labels)
    compare("rows", metrics.rows, len(scores))
    compare("positives", metrics.positives, labels.sum())
    compare("base rate", metrics.base_rate, labels.mean())
    compare("auroc", metrics.auroc, roc_auc_score(labels, scores))
    compare("auprc", metrics.auprc, average_precision_score(labels, scores))
    return metrics


def compare_curves(scores, labels, metrics):
    # Precision and recall come by rising threshold, and then (1, 0).
    precision, recall, pr_threshold = precision_recall_curve(labels, scores)
    fpr, tpr, threshold = roc_curve(labels, scores, drop_intermediate=False)

    curve = trace_curve(scores, labels)
    compare("roc thresholds", curve["threshold"][1:], threshold[1:])
    compare("pr thresholds", curve["threshold"][:0:-1], pr_threshold)
    compare("tpr", curve["true_positive_rate"], tpr)
    compare("fpr", curve["false_positive_rate"], fpr)
    compare("precision", curve["precision"], precision[::-1])
    compare("recall", curve["true_positive_rate"], recall[::-1])

    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-300)
    best = np.flatnonzero(f1 > f1.max() - 1e-15)[-1]
    compare("best f1", metrics.best_f1, f1[best])
    compare("best threshold", metrics.best_threshold, pr_threshold[best])
    compare("best precision", metrics.best_precision, precision[best])
    compare("best recall", metrics.best_recall, recall[best])


def compare_all(name, scores, labels):
    scores = np.ascontiguousarray(scores, np.float32)
    labels = np.ascontiguousarray(labels, np.uint8)
    metrics = compare_figures(scores, labels)
    compare_curves(scores, labels, metrics)
    print(f"{name}: {len(scores)} rows, AUROC {metrics.auroc:.6f}, "
          f"AUPRC {metrics.auprc:.6f}")


def make(seed, n, base_rate, separation):
    random = np.random.default_rng(seed)
    labels = random.random(n) < base_rate
    labels[:2] = 0, 1
    return random.normal(size=n) + separation * labels, labels


for seed in range(20):
    scores, labels = make(seed, 3 + seed % 5, 0.5, 1)
    compare_all("tiny", scores, labels)
    compare_all("tiny and tied", np.round(scores), labels)

    scores, labels = make(seed, 2000, 0.1, 1)
    compare_all("random", scores, labels)
    compare_all("tied", np.round(scores, 1), labels)
    compare_all("all equal", np.zeros_like(scores), labels)
    compare_all("long tail", np.exp(10 * scores), labels)
    compare_all("inverted", -scores, labels)

compare_all("one anomaly", *make(1, 100000, 0, 2))
compare_all("one normal row", *make(2, 100000, 1, 2))
scores, labels = make(3, 1000000, 0.01, 2)
compare_all("a million", scores, labels)
compare_all("a million, tied", np.round(scores, 2), labels)
compare_all("a million, useless", *make(4, 1000000, 0.5, 0))
