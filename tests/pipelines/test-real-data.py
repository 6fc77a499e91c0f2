# gst-vae
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Real series: the means of each set, a control that agrees with one computed here, and
series that fail or have no figures, which are named and not averaged."""

import pathlib
import random
import re
import shutil
import statistics
import sys
import tempfile

import check

script = sys.argv[1]
random.seed(1)


def make_rows(n_rows, offsets):
    """Three channels of very different scales; `offsets` is what anomalies add."""
    for row in range(n_rows):
        label = int(bool(offsets) and row % 10 == 0)
        shift = random.choice(offsets) if label else 0
        yield [1000 + 50 * (random.gauss(0, 1) + shift), 0.01 * random.gauss(0, 1), 7.0,
               label]


def write(path, rows, labelled, missing=False):
    path.parent.mkdir(exist_ok=True)
    with open(path, "w", encoding="ascii") as file:
        file.write("a,b,c" + ",label" * labelled + "\n")
        for number, row in enumerate(rows):
            cells = [str(cell) for cell in row[:3 + labelled]]
            if missing and number % 7 == 0:
                cells[1] = ""
            file.write(",".join(cells) + "\n")


def make_series(folder, name, offsets, missing=False):
    """Returns the rows of both files."""
    train, test = list(make_rows(400, [])), list(make_rows(300, offsets))
    write(folder / f"{name}.train.csv", train, False, missing)
    write(folder / f"{name}.test.csv", test, True)
    return train, test


def control(train, test):
    """AUROC, by counting pairs, of the standardised rows' squared norms."""
    columns = list(zip(*train))[:2]     # the third channel is constant
    scales = [(statistics.fmean(c), statistics.pstdev(c)) for c in columns]
    scored = [(sum(((x - m) / s) ** 2 for x, (m, s) in zip(row, scales)), row[3])
              for row in test]
    anomalies = [score for score, label in scored if label]
    normal = [score for score, label in scored if not label]
    wins = sum((a > n) + (a == n) / 2 for a in anomalies for n in normal)
    return wins / (len(anomalies) * len(normal))


def columns(out, name):
    """The line of a set: counts, then figures."""
    line = next(line for line in out.splitlines() if re.match(name + r"\s", line))
    return [None if cell == "-" else float(cell) for cell in line.split()[1:]]


def run(*args):
    return check.run(sys.executable, script, *args)


with tempfile.TemporaryDirectory() as name:
    root = pathlib.Path(name) / 'a "quoted" folder'
    root.mkdir()
    good = root / "GOOD"
    one = make_series(good, "one", [2, 4])
    two = make_series(good, "two", [-1, 1])

    status, out, err = run(root)
    print(out)
    assert status == 0, (out, err)
    series, failed, undefined, _, base, auroc, auprc, norm, norm_auprc = \
        columns(out, "GOOD")
    assert (series, failed, undefined) == (2, 0, 0), out
    assert base == 0.1
    assert abs(norm - (control(*one) + control(*two)) / 2) < 1e-4, (norm, out)
    assert 0.5 < auroc < 1 and 0.1 < auprc < 1 and 0.1 < norm_auprc < 1, out
    assert "no network" in out and "standardised" in out

    # A flat folder, one at a time or not, is the same set.
    means = columns(out, "GOOD")
    for jobs in (1, 2):
        status, out, err = run(good, "--jobs", jobs, "--verbose")
        assert status == 0 and columns(out, "GOOD") == means, (out, err)
        assert re.search(r"^ +GOOD/one .* 300 rows, 0 unscored", out, re.MULTILINE), out

    make_series(root / "BAD", "calm", [])
    make_series(root / "BAD", "gaps", [3], missing=True)
    make_series(root / "BAD", "lonely", [3])
    (root / "BAD" / "lonely.test.csv").unlink()
    make_series(root / "BAD", "ragged", [3])
    with open(root / "BAD" / "ragged.test.csv", "a", encoding="ascii") as file:
        file.write("1,2\n")

    status, out, err = run(root)
    print(out)
    assert status == 1, (out, err)
    assert columns(out, "GOOD") == means
    assert columns(out, "BAD")[:3] == [4, 2, 1], out
    assert columns(out, "BAD")[4] == 0.1        # of `gaps` alone
    assert re.search(r"Undefined.*: BAD/calm$", out, re.MULTILINE), out
    assert re.search(r"^FAILED BAD/lonely: .*lonely\.test\.csv", out, re.MULTILINE), out
    assert re.search(r"^FAILED BAD/ragged: .*Line 302", out, re.MULTILINE), out
    shutil.rmtree(root / "BAD")

    # The properties reach the elements.
    for args, named in ((["--train", "latent-dim=0"], "latent-dim"),
                        (["--train", "kind=ae", "--score", "score=kl"], "no KL")):
        status, out, err = run(root, *args)
        assert status == 1 and columns(out, "GOOD")[:2] == [2, 2], (out, err)
        assert re.search(f"^FAILED GOOD/one: .*{named}", out, re.MULTILINE), out

    (root / "EMPTY").mkdir()
    status, out, err = run(root / "EMPTY")
    assert status != 0 and "there is no *.train.csv" in err, (out, err)
