# gst-vae
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The kinds of anomalies: the default finds those that it is said to find, also where
the norm sees nothing, and what the page says are the figures of the elements."""

import pathlib
import re
import sys
import tempfile

import check

script = sys.argv[1]
PAGE = "before\n<!-- synthetic -->\nold\n<!-- /synthetic -->\nafter\n"


def read_table(text, title):
    """{kind: {detector: figure}}"""
    block = text[text.index(f"{title}, mean of"):].split("\n\n")[1]
    (_, *detectors), _, *lines = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in block.splitlines()]
    return {kind.strip("`"): dict(zip(detectors, map(float, figures)))
            for kind, *figures in lines}


def vaesynth_auroc(kind, seed, folder):
    model = pathlib.Path(folder) / "model.bin"
    check.succeed("gst-launch-1.0", "-q", "vaesynth", "anomaly-ratio=0", f"seed={seed}",
                  "!", "vaetrain", f"seed={seed}", f"model={model}")
    out = check.succeed("gst-launch-1.0", "vaesynth", f"anomaly={kind}",
                        f"seed={1000 + seed}", "!", "vaescore", f"model={model}", "!",
                        "rocmetric")
    return float(re.search(r"^AUROC +([0-9.]+)", out, re.MULTILINE)[1])


def run(*args):
    return check.run(sys.executable, script, "--seeds", 2, *args)


with tempfile.TemporaryDirectory() as name:
    page = pathlib.Path(name) / "page.md"
    page.write_text(PAGE, encoding="utf-8")
    status, out, err = run("--write", page)
    print(out, err)
    assert status == 0
    assert page.read_text(encoding="utf-8") == PAGE.replace("old\n", out)

    auroc = read_table(out, "AUROC")
    assert read_table(out, "AUPRC").keys() == auroc.keys() and len(auroc) == 8
    for kind in ("offset", "spike", "correlation", "phase"):
        for detector in ("default", "VAE", "PCA", "AE"):
            assert auroc[kind][detector] >= 0.95, (kind, detector, auroc)
    for kind in ("correlation", "frozen", "phase", "frequency", "drift", "missing"):
        for detector in ("norm", "squared norm"):
            assert auroc[kind][detector] < 0.7, (kind, detector, auroc)

    expected = sum(vaesynth_auroc("drift", seed, name) for seed in (1, 2)) / 2
    assert abs(auroc["drift"]["default"] - expected) < 0.001, (expected, auroc)

    found, in_part, missed = (re.findall(r"`(\w+)`", words) for words in
                              out.splitlines()[-1].split(";"))
    assert sorted(found + in_part + missed) == sorted(auroc), out
    assert all(auroc[kind]["default"] >= 0.95 for kind in found)
    assert all(0.6 <= auroc[kind]["default"] < 0.95 for kind in in_part)
    assert all(auroc[kind]["default"] < 0.6 for kind in missed)

    page.write_text("nothing\n", encoding="utf-8")
    status, out, err = run("--write", page)
    assert status == 1 and f"{page} has no marks for synthetic" in err, err
