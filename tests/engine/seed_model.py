# gst-vae
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The seed experiment's networks and loss, as PyTorch users write them."""

import torch
from torch import nn


def stack(sizes, activation, last):
    layers = []
    for i, (n_in, n_out) in enumerate(zip(sizes, sizes[1:])):
        layers.append(nn.Linear(n_in, n_out))
        if last or i < len(sizes) - 2:
            layers.append(activation())
    return nn.Sequential(*layers)


class VAE(nn.Module):
    def __init__(self, inputs, hidden=(64, 32), latents=3, activation=nn.ReLU):
        super().__init__()
        self.encoder = stack([inputs, *hidden], activation, last=True)
        width = hidden[-1] if hidden else inputs
        self.mu = nn.Linear(width, latents)
        self.logvar = nn.Linear(width, latents)
        self.decoder = stack([latents, *hidden[::-1], inputs], activation,
                             last=False)

    def forward(self, x, noise=None):
        h = self.encoder(x)
        mu, logvar = self.mu(h), self.logvar(h)
        z = mu if noise is None else mu + torch.exp(0.5 * logvar) * noise
        return self.decoder(z), mu, logvar


class AE(nn.Module):
    def __init__(self, inputs, hidden=(32,), activation=nn.ReLU):
        super().__init__()
        self.encoder = stack([inputs, *hidden], activation, last=True)
        self.decoder = stack([*hidden[::-1], inputs], activation, last=False)

    def forward(self, x, noise=None):
        return self.decoder(self.encoder(x)), None, None


def loss(x, observed, y, mu, logvar, beta):
    """Mean squared error over the observed cells + beta * mean KL."""
    error = ((x - y) ** 2 * observed).sum() / observed.sum()
    if mu is None:
        return error
    kl = -0.5 * torch.mean(1 + logvar - mu ** 2 - logvar.exp())
    return error + beta * kl


def score(x, y, mu, logvar):
    """recon-kl, at z = mu."""
    error = ((x - y) ** 2).mean(1)
    if mu is None:
        return error
    return error - 0.5 * (1 + logvar - mu ** 2 - logvar.exp()).sum(1)
