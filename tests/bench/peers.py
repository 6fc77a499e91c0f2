# gst-vae
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The peers in Python: PyTorch, scikit-learn, NumPy and pandas, one thread each.
Serves its cases like the programs in C, see bench.h."""

import os
import sys
import time

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = "1"
sys.path.append(os.path.join(os.path.dirname(__file__), "..", "engine"))

import numpy as np  # noqa: E402, once the threads are set

LEAST_SECONDS = 0.1
BATCH_SIZES = 1000, 5000, 20000, 100000


def network(words):
    """The network, its inputs and its batch size, and what follows in `words`."""
    import torch
    import seed_model

    channels, window, outer, inner, latents, batch = map(int, words[:6])
    torch.set_num_threads(1)
    torch.manual_seed(0)
    model = seed_model.VAE(channels * window, (outer, inner), latents)
    return model, channels * window, batch, list(map(int, words[6:]))


def train(model, rows, batch, epochs, beta=2.0):
    """The seed experiment's loop, without telemetry; returns the seconds."""
    import torch

    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    start = time.perf_counter()
    for _ in range(epochs):
        for x in rows[torch.randperm(len(rows))].split(batch):
            h = model.encoder(x)
            mu, logvar = model.mu(h), model.logvar(h)
            z = mu + torch.exp(0.5 * logvar) * torch.randn_like(mu)
            y = model.decoder(z)
            kl = -0.5 * torch.mean(1 + logvar - mu.pow(2) - logvar.exp())
            loss = torch.nn.functional.mse_loss(y, x) + beta * kl
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
    return time.perf_counter() - start


def torch_step(*words):
    """NETWORK BATCHES EPOCHS: seconds of one training step"""
    import torch

    model, inputs, batch, (batches, epochs) = network(words)
    rows = torch.randn(batches * batch, inputs)
    return train(model, rows, batch, epochs) / (batches * epochs)


def torch_grid(*words):
    """NETWORK ROWS EPOCHS TRAINED: seconds of the seed's grid, of which TRAINED
    epochs are trained, and each of the others takes as long"""
    import torch
    import seed_model

    _, inputs, batch, (n_rows, epochs, trained) = network(words)
    rows = torch.randn(n_rows, inputs)
    seconds = sum(train(seed_model.VAE(inputs, latents=latents), rows, batch,
                        trained, beta)
                  for latents in (2, 3, 5) for beta in (0.5, 1, 2, 4))
    return seconds * epochs / trained


def seconds_per_row(model, rows, block):
    import seed_model

    n, start = 0, time.perf_counter()
    while (seconds := time.perf_counter() - start) < LEAST_SECONDS or n == 0:
        for x in rows.split(block):
            seed_model.score(x, *model(x))
            n += len(x)
    return seconds / n


def torch_score(*words):
    """NETWORK ROWS: seconds for a row in calls of ROWS rows, of the best number
    of rows if that is 0"""
    import torch

    model, inputs, _, (block,) = network(words)
    with torch.inference_mode():
        return min(seconds_per_row(model, torch.randn(max(size, 5000), inputs),
                                   size)
                   for size in ([block] if block else BATCH_SIZES))


ranked = {}


def sklearn_metrics(n):
    """ROWS: seconds for AUROC and AUPRC"""
    from sklearn.metrics import average_precision_score, roc_auc_score

    if n not in ranked:
        rng = np.random.default_rng(1)
        labels = (np.arange(int(n)) % 50 == 0).astype(np.uint8)
        scores = rng.normal(size=int(n)) + 2 * labels
        ranked[n] = labels, scores.astype(np.float32)
    start = time.perf_counter()
    roc_auc_score(*ranked[n])
    average_precision_score(*ranked[n])
    return time.perf_counter() - start


def pandas_csv(path):
    """PATH: seconds to read it as float32"""
    import pandas

    start = time.perf_counter()
    pandas.read_csv(path, header=None, dtype=np.float32).to_numpy()
    return time.perf_counter() - start


def numpy_csv(path):
    """PATH: seconds to read it as float32"""
    start = time.perf_counter()
    np.loadtxt(path, np.float32, delimiter=",")
    return time.perf_counter() - start


if __name__ == "__main__":
    for line in sys.stdin:
        name, *words = line.split()
        print(globals()[name](*words), flush=True)
