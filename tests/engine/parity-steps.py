# gst-vae
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Forward pass, loss, gradients and ten Adam steps against PyTorch, from the same
weights and the same noise, to a relative error below 1e-5."""

import ctypes
import sys

import numpy as np
import torch
from torch import nn

import default_model
import seed_model

STEPS = 10
library = ctypes.CDLL(sys.argv[1])
losses_by_name = {"seed": seed_model.loss, "gaussian": default_model.loss}
activations = {"relu": nn.ReLU, "tanh": nn.Tanh, "identity": nn.Identity}


def pointer(a, kind=ctypes.c_float):
    return a.ctypes.data_as(ctypes.POINTER(kind))


def flat(tensors):
    return torch.cat([t.detach().reshape(-1) for t in tensors]).numpy().copy()


def engine(name, loss, activation, rows, hidden, latents, beta, rate, noise,
           weights):
    batch, channels = rows.shape
    losses = np.zeros(STEPS)
    y = np.zeros((-(-batch // 16) * 16, channels), np.float32)
    gradient = np.zeros_like(weights)
    sizes = (ctypes.c_int * len(hidden))(*hidden)
    library.parity_steps(
        ["vae", "ae"].index(name), ["gaussian", "seed"].index(loss),
        list(activations).index(activation),
        channels, len(hidden), sizes, latents, ctypes.c_double(beta),
        ctypes.c_double(rate), batch, pointer(rows), STEPS, pointer(noise),
        pointer(weights), pointer(losses, ctypes.c_double), pointer(y),
        pointer(gradient))
    return losses, y[:batch], gradient, weights


def reference(model, loss, rows, beta, rate, noise):
    x = torch.tensor(np.nan_to_num(rows, nan=0.0))
    observed = torch.tensor(~np.isnan(rows), dtype=torch.float32)
    optimizer = torch.optim.Adam(model.parameters(), lr=rate)
    losses = []
    for step in range(STEPS):
        y, mu, logvar = model(x, torch.tensor(noise[step]))
        value = losses_by_name[loss](x, observed, y, mu, logvar, beta)
        optimizer.zero_grad()
        value.backward()
        if step == 0:
            first = y.detach().numpy().copy()
            gradient = flat(p.grad for p in model.parameters())
        optimizer.step()
        losses.append(value.item())
    return np.array(losses), first, gradient, flat(model.parameters())


def relative_error(a, b):
    return np.linalg.norm(a - b) / np.linalg.norm(b)


def check(name, activation="relu", channels=5, hidden=(64, 32), latents=3,
          beta=2.0, batch=64, missing=0.0, rate=1e-3, loss="seed"):
    torch.manual_seed(channels + batch)
    rng = np.random.default_rng(channels * batch)
    rows = rng.normal(size=(batch, channels)).astype(np.float32)
    rows[rng.random(rows.shape) < missing] = np.nan
    noise = rng.normal(size=(STEPS, batch, latents)).astype(np.float32)
    if loss == "gaussian":
        model = default_model.VAE(channels, hidden, latents,
                                  activations[activation])
    elif name == "vae":
        model = seed_model.VAE(channels, hidden, latents,
                               activations[activation])
    else:
        model = seed_model.AE(channels, hidden, activations[activation])

    weights = flat(model.parameters())
    ours = engine(name, loss, activation, rows, hidden, latents, beta, rate, noise,
                  weights)
    theirs = reference(model, loss, rows, beta, rate, noise)
    label = f"{loss} {name} {activation} {channels}-{hidden}-{latents} x {batch}"
    for what, a, b in zip(("losses", "forward", "gradient", "weights"), ours,
                          theirs):
        error = relative_error(a, b)
        print(f"{label:40s} {what:8s} {error:.1e}")
        assert error < 1e-5, (label, what, error)


check("vae")
check("vae", batch=1)
check("vae", batch=8, beta=0.5, latents=2)
check("vae", batch=50, missing=0.1)
check("vae", "tanh", channels=38, hidden=(20,), latents=7)
check("vae", "identity", channels=3, hidden=(), latents=2)
check("vae", channels=1, hidden=(16, 8, 4), latents=1)
check("ae", hidden=(32,))
check("ae", hidden=(64, 32), channels=38, missing=0.05, batch=100)
check("vae", loss="gaussian", beta=0.3)
check("vae", "tanh", loss="gaussian", channels=76, hidden=(128, 64), latents=32,
      beta=0.3, batch=128, missing=0.05)
check("vae", loss="gaussian", hidden=(16,), beta=1.0)
print("parity with PyTorch", torch.__version__)
