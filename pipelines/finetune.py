#!/usr/bin/env python3
# gst-vae
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Goes on training the VAE of a model in PyTorch, with noise on its input, and writes
it as a model of its own. A start for what vaetrain has not.

  finetune.py MODEL ROWS.csv OUT     (the rows have a header; `label` is no channel)
"""

import sys

import numpy as np
import torch

from modelfile import Refusal, read_model, write_model

EPOCHS, BATCH, LEARNING_RATE, NOISE = 5, 128, 1e-4, 0.1
ACTIVATIONS = {"relu": torch.nn.ReLU, "tanh": torch.nn.Tanh,
               "identity": torch.nn.Identity}
# What the file says of the training that was.
SUMMARY = ("rows", "epochs-run", "best-epoch", "training-loss", "training-kl",
           "training-reconstruction", "validation-loss", "active-latents")


def layers(widths, activation):
    for inputs, outputs in zip(widths, widths[1:]):
        yield from (torch.nn.Linear(inputs, outputs), activation())


class Vae(torch.nn.Module):
    """The network of a model, whose parameters have the names of the file's tensors.
    With `skips`, those of loss=gaussian, the head reads the input too, and the last
    layer z."""

    def __init__(self, inputs, hidden, latents, activation, skips):
        super().__init__()
        widths = [inputs, *hidden]
        seen, coded = (inputs, latents) if skips else (0, 0)
        self.skips = skips
        self.encoder = torch.nn.Sequential(*layers(widths, activation))
        self.mu = torch.nn.Linear(widths[-1] + seen, latents)
        self.logvar = torch.nn.Linear(widths[-1] + seen, latents)
        self.decoder = torch.nn.Sequential(
            *layers([latents, *reversed(hidden)], activation),
            torch.nn.Linear((hidden or [latents])[0] + coded, inputs))

    def encode(self, x):
        h = self.encoder(x)
        head = torch.cat([h, x], 1) if self.skips else h
        return self.mu(head), self.logvar(head)

    def decode(self, z):
        h = self.decoder[:-1](z)
        return self.decoder[-1](torch.cat([h, z], 1) if self.skips else h)


def load(path):
    """The metadata, the tensors, and the network with its weights."""
    metadata, tensors = read_model(path)
    if "mu.weight" not in tensors:
        raise Refusal("has no VAE")
    encoder = [tensors[f"encoder.{2 * i}.weight"] for i in range(len(tensors))
               if f"encoder.{2 * i}.weight" in tensors]
    latents, head = tensors["mu.weight"].shape
    hidden = [len(weight) for weight in encoder]
    network = Vae(encoder[0].shape[1] if encoder else head, hidden, latents,
                  ACTIVATIONS[metadata.get("activation", "relu")],
                  bool(hidden) and head != hidden[-1])
    network.load_state_dict({name: torch.tensor(tensors[name])
                             for name in network.state_dict()})
    return metadata, tensors, network


def scaled_windows(rows, metadata, tensors):
    """[windows][window * channels], NaN where a cell is missing."""
    window, clip = int(metadata.get("window", 1)), float(metadata.get("clip", 0))
    rows = torch.where(torch.isinf(rows), torch.nan, rows)
    x = (rows - torch.tensor(tensors.get("scaler.offset", np.float32(0)))) \
        / torch.tensor(tensors.get("scaler.scale", np.float32(1)))
    if clip > 0:
        x = x.clamp(-clip, clip)
    return x.unfold(0, window, 1).transpose(1, 2).flatten(1)


def loss_of(network, x, observed, beta):
    """That of loss=gaussian, for an input with noise."""
    mu, logvar = network.encode(x + NOISE * torch.randn_like(x) * observed)
    z = mu + torch.exp(logvar / 2) * torch.randn_like(mu)
    error = ((network.decode(z) - x) * observed).square().sum()
    kl = 0.5 * (mu.square() + logvar.exp() - 1 - logvar).sum()
    return (0.5 * error + beta * kl) / observed.sum().clamp(min=1)


def train(network, windows, beta):
    torch.manual_seed(1)
    optimizer = torch.optim.Adam(network.parameters(), lr=LEARNING_RATE)
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(windows)).split(BATCH):
            x, observed = windows[batch].nan_to_num(), ~windows[batch].isnan()
            optimizer.zero_grad()
            loss_of(network, x, observed, beta).backward()
            optimizer.step()


def save(path, metadata, tensors, network):
    """As a model of kind vae: without an ensemble's other detectors, and without what
    was usual for the old weights."""
    kept = {name: tensors[name] for name in ("scaler.offset", "scaler.scale")
            if name in tensors}
    weights = {name: tensor.numpy() for name, tensor in network.state_dict().items()}
    known = {key: text for key, text in metadata.items() if key not in SUMMARY}
    write_model(path, {**known, "kind": "vae"}, {**weights, **kept})


def read_rows(path, channels):
    with open(path, encoding="utf-8") as file:
        names = file.readline().strip().split(",")
        table = np.genfromtxt(file, delimiter=",", dtype=np.float32, ndmin=2)
    rows = table[:, [i for i, name in enumerate(names) if name != "label"]]
    if rows.shape[1] != channels:
        raise Refusal(f"has {channels} channels, {path} has {rows.shape[1]}")
    return torch.tensor(rows)


def main():
    if len(sys.argv) != 4:
        sys.exit("finetune.py MODEL ROWS.csv OUT")
    path, csv, out = sys.argv[1:]
    try:
        metadata, tensors, network = load(path)
        window = int(metadata.get("window", 1))
        rows = read_rows(csv, network.decoder[-1].out_features // window)
        train(network, scaled_windows(rows, metadata, tensors),
              float(metadata.get("beta", 2)))
        save(out, metadata, tensors, network)
    except OSError as error:
        sys.exit(f"{error.filename}: {error.strerror}")
    except Refusal as why:
        sys.exit(f"{path}: {why}")


if __name__ == "__main__":
    main()
