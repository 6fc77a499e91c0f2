# gst-vae
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The seed experiment over fifteen seeds: the figures that PyTorch gives for the seed's
own code, and a table that says what a collapsed model is."""

import json
import os
import pathlib
import sys
import tempfile

import check

# The AE's AUROC has a standard deviation of 0.03 from seed to seed: over five, its
# mean would hang on how a processor rounds.
SEEDS = 15
CELLS = [(latent, beta) for latent in (2, 3, 5) for beta in (0.5, 1, 2, 4)]
script = sys.argv[1]

with tempfile.TemporaryDirectory() as folder:
    results = pathlib.Path(folder) / "results.json"
    out = check.succeed(sys.executable, script, "--seeds", SEEDS, "--json", results)
    table = json.loads(results.read_text())
print(out)


def row(latent, beta):
    return table[f"VAE latent {latent}, beta {beta:g}"]


ae = table["AE, code 32"]["auroc"]
assert len(ae) == SEEDS
assert 0.94 <= sum(ae) / SEEDS <= 0.99, ae

norm = table["squared norm, no model"]
assert min(norm["auroc"] + norm["fresh-auroc"]) >= 0.999, norm

pca = table["PCA, 90 % of the variance"]
assert len(pca["auroc"]) == SEEDS and 0.5 < min(pca["auroc"]) <= 1, pca
assert any("PCA, 90 %" in line for line in out.splitlines()), out

for cell in CELLS:
    assert len(row(*cell)["auroc"]) == SEEDS
    assert min(row(*cell)["auroc"]) >= 0.999, (cell, row(*cell))

collapsing = [row(latent, beta)["active-latents"] for latent, beta in CELLS
              if latent in (2, 3) and beta >= 2]
runs = [latents for cell in collapsing for latents in cell]
assert runs.count(0) > len(runs) / 2, runs

# The model that was written is the cell that was chosen.
chosen = table["VAE, chosen by AUROC"]
for seed in range(SEEDS):
    cell = table[chosen["choice"][seed]]
    for key in ("auroc", "auprc", "active-latents"):
        assert chosen[key][seed] == cell[key][seed], (seed, key, chosen, cell)
    assert cell["auroc"][seed] == max(row(*c)["auroc"][seed] for c in CELLS)
assert min(chosen["fresh-auroc"]) >= 0.99, chosen

lines = out.splitlines()
for latent, beta in CELLS:
    name = f"VAE latent {latent}, beta {beta:g} "
    line = next(line for line in lines if line.startswith(name))
    collapsed = row(latent, beta)["active-latents"].count(0)
    assert f" {collapsed} of {SEEDS}" in line, line
words = " ".join(out.split())
assert "it reconstructs the mean whatever it is shown" in words
assert "the squared norm by another name" in words

# Our plug-in alone: there is no fakesink to read the rows with.
ours = os.environ["GST_PLUGIN_PATH_1_0"].split(":")[0]
with tempfile.TemporaryDirectory() as folder:
    env = dict(os.environ, GST_PLUGIN_PATH_1_0=ours, GST_REGISTRY=folder + "/registry")
    status, out, err = check.run(sys.executable, script, "--seeds", 1, env=env)
assert status != 0 and "A pipeline failed: " in err, (status, out, err)
