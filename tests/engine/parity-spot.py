# gst-vae
# Copyright (C) 2026 the gst-vae authors
#
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Compares the likelihood of libvae's generalised Pareto distributions with that
of SciPy's: parity-spot.py MODULE"""

import ctypes
import sys

import numpy as np
from scipy.stats import genpareto

# What rounding makes of a sum of as many logarithms, per value.
HAIR = 1e-11

library = ctypes.CDLL(sys.argv[1])
library.parity_gpd_fit.argtypes = [
    np.ctypeslib.ndpointer(np.float32, flags="C"), ctypes.c_size_t,
    ctypes.c_float, ctypes.POINTER(ctypes.c_double),
    ctypes.POINTER(ctypes.c_double)]


def log_likelihood(excesses, shape, scale):
    """Of a shape of -1 SciPy leaves out the end, where the largest value is."""
    if shape == -1:
        assert excesses.max() <= scale * (1 + 1e-12)
        return -np.log(scale)
    return np.mean(genpareto.logpdf(excesses, shape, 0, scale))


def ours(values, level):
    shape, scale = ctypes.c_double(), ctypes.c_double()
    assert library.parity_gpd_fit(values, len(values), level, shape, scale)
    assert shape.value >= -1
    return shape.value, scale.value


def theirs(excesses, start):
    """SciPy's, in units of the mean, without which it does not converge; None
    where it goes below a shape of -1, as the likelihood has no bound there."""
    mean = np.mean(excesses)
    shape, _, scale = genpareto.fit(excesses / mean, start, floc=0)
    return (shape, scale * mean) if shape >= -1 else None


def compare(name, values, level=np.float32(0), starts=(-0.3, 0.1, 1)):
    values = np.ascontiguousarray(values, np.float32)
    excesses = values.astype(float) - float(level)
    assert excesses.min() > 0
    fit = ours(values, level)
    likelihood = log_likelihood(excesses, *fit)
    for start in starts:
        reference = theirs(excesses, start)
        if reference:
            gain = likelihood - log_likelihood(excesses, *reference)
            assert gain >= -HAIR, (name, fit, reference, gain)
    return fit


def draw(random, shape, n):
    values = genpareto.rvs(shape, size=n, random_state=random)
    return values[values.astype(np.float32) > 0].astype(np.float32)


random = np.random.default_rng(0)
for n in (12, 25, 100, 1000):
    for shape in (-1, -0.7, -0.4, -0.1, 0, 0.1, 0.4, 1, 2, 5):
        for _ in range(2):
            values = draw(random, shape, n)
            values *= np.float32(10 ** random.uniform(-6, 6))
            compare(f"{n} values of shape {shape}", values,
                    starts=(shape, -0.3, 0.1))

# The fit finds what was put in: the standard error is (1 + shape) / sqrt (n).
for shape in (-0.4, -0.1, 0, 0.1, 0.4, 1, 2, 5):
    fit = compare(f"shape {shape}", draw(random, shape, 20000),
                  starts=(shape,))
    print(f"shape {shape}: fitted {fit[0]:.4f}")
    assert abs(fit[0] - shape) < 5 * (1 + shape) / np.sqrt(20000), fit
fit = compare("uniform", draw(random, -1, 20000))
assert -1 <= fit[0] < -0.98, fit

# Other distributions, on a level and rounded.
for seed in range(5):
    random = np.random.default_rng(seed)
    gaussian = random.normal(size=20000).astype(np.float32)
    level = np.float32(np.quantile(gaussian, 0.98))
    compare("gaussian", gaussian[gaussian > level], level)
    lognormal = np.exp(2 * gaussian)
    level = np.float32(np.quantile(lognormal, 0.98))
    compare("lognormal", lognormal[lognormal > level], level)
    compare("rounded", 1 + np.floor(20 * random.exponential(size=500)))
    compare("mixture", np.where(random.random(500) < 0.9, 1, 1e4)
            * random.exponential(size=500))
    compare("an outlier", np.append(random.exponential(size=200), 1e6))
    compare("a tiny one", np.append(random.exponential(size=200), 1e-40))
