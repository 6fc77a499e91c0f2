# gst-vae
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The default VAE and its loss, as PyTorch users write them."""

import torch
from torch import nn

from seed_model import stack


class VAE(nn.Module):
    """Its head also reads the input, its last layer the code."""

    def __init__(self, inputs, hidden=(128, 64), latents=32, activation=nn.ReLU):
        super().__init__()
        self.encoder = stack([inputs, *hidden], activation, last=True)
        self.mu = nn.Linear(hidden[-1] + inputs, latents)
        self.logvar = nn.Linear(hidden[-1] + inputs, latents)
        self.decoder = stack([latents, *hidden[::-1], inputs], activation,
                             last=False)
        self.decoder[-1] = nn.Linear(hidden[0] + latents, inputs)

    def forward(self, x, noise=None):
        h = torch.cat((self.encoder(x), x), 1)
        mu, logvar = self.mu(h), self.logvar(h)
        z = mu if noise is None else mu + torch.exp(0.5 * logvar) * noise
        return self.decoder[-1](torch.cat((self.decoder[:-1](z), z), 1)), mu, logvar


def loss(x, observed, y, mu, logvar, beta):
    """Half the squared error + beta * KL, both summed, over the observed cells."""
    error = ((x - y) ** 2 * observed).sum() / 2
    kl = -0.5 * torch.sum(1 + logvar - mu ** 2 - logvar.exp())
    return (error + beta * kl) / observed.sum()
