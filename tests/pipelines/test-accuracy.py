# gst-vae
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Real series: the means of each set, controls that agree with ones computed here,
blame, series that fail or have no figures, which are named and not averaged, and the
pages that the figures are written into."""

import os
import pathlib
import random
import re
import shutil
import statistics
import sys
import tempfile

import numpy

import check

script = sys.argv[1]
sys.path.insert(0, str(pathlib.Path(script).parent))
import accuracyreport  # noqa: E402
import windowedpca  # noqa: E402

random.seed(1)
PAGE = "before\n<!-- accuracy -->\nold\n<!-- /accuracy -->\nafter\n"


def make_rows(n_rows, offsets):
    """Three channels of very different scales; `offsets` is what anomalies add to the
    first."""
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


def squared_norm_auroc(train, test):
    """By counting pairs; the last fifth of the training rows is held back."""
    columns = list(zip(*train[:320]))[:2]       # the third channel is constant
    scales = [(statistics.fmean(c), statistics.pstdev(c)) for c in columns]
    scored = [(sum(((x - m) / s) ** 2 for x, (m, s) in zip(row, scales)), row[3])
              for row in test]
    anomalies = [score for score, label in scored if label]
    normal = [score for score, label in scored if not label]
    wins = sum((a > n) + (a == n) / 2 for a in anomalies for n in normal)
    return wins / (len(anomalies) * len(normal))


def rows_of(out, heading):
    """The lines of the table whose first heading it is, as {first cell: the others by
    their headings}."""
    lines = out.splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith(f"| {heading} |"))
    table = {}
    headings = cells_of(lines[start])[1:]
    for line in lines[start + 2:]:
        if not line.startswith("|"):
            break
        first, *others = cells_of(line)
        table[first] = dict(zip(headings, others))
    return table


def cells_of(line):
    return [cell.strip() for cell in line.strip("|").split("|")]


def run(*args, **options):
    return check.run(sys.executable, script, "--seeds", 2, *args, **options)


def test_sets(root):
    one = make_series(root / "GOOD", "one", [2, 4])
    two = make_series(root / "GOOD", "two", [-1, 1])
    status, out, err = run(root)
    print(out)
    assert status == 0, (out, err)
    aurocs, auprcs = rows_of(out, "AUROC")["GOOD"], rows_of(out, "AUPRC")["GOOD"]
    assert aurocs["series"] == "2"
    # Of 300 rows 30 are anomalous, of the 15 without a full window 2.
    assert auprcs["base rate"] == f"{28 / 285:.3f}", auprcs
    expected = (squared_norm_auroc(*one) + squared_norm_auroc(*two)) / 2
    assert abs(float(aurocs["squared norm"]) - expected) <= 0.0005, (expected, aurocs)
    for detector in accuracyreport.TITLES.values():
        assert 0.5 < float(aurocs[detector]) < 1, (detector, aurocs)
        assert 0.1 < float(auprcs[detector]) < 1, (detector, auprcs)
    least, most = map(float, aurocs["over seeds"].split("-"))
    assert least <= float(aurocs["default"]) <= most and least < most, aurocs
    assert "over 2 seeds" in out and "10,000 draws" in out

    # A flat folder, one at a time or not, is the same set.
    tables = out[:out.index("Reading and learning")]
    for jobs in (1, 2):
        status, out, err = run(root / "GOOD", "--jobs", jobs, "--verbose")
        assert status == 0 and tables in out, (out, err)
        assert re.search(r"^GOOD/one .* 300 rows, 15 unscored", out, re.MULTILINE), out
    return aurocs


def test_without_numpy(root, aurocs):
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "numpy.py").write_text("raise ImportError\n")
        status, out, err = run(root, env=dict(os.environ, PYTHONPATH=folder))
    assert status == 0, (out, err)
    without = {d: a for d, a in aurocs.items() if d != "windowed PCA"}
    assert rows_of(out, "AUROC")["GOOD"] == without, out


def test_failures(root, aurocs):
    bad = root / "BAD"
    make_series(bad, "calm", [])
    make_series(bad, "gaps", [3], missing=True)
    for name in ("lonely", "ragged", "guilty"):
        make_series(bad, name, [3])
    (bad / "lonely.test.csv").unlink()
    with open(bad / "ragged.test.csv", "a", encoding="ascii") as file:
        file.write("1,2\n")
    (bad / "guilty.causes.txt").write_text("10-10:1\n20-20:1;2\n", encoding="ascii")
    page = root / "page.md"
    page.write_text(PAGE, encoding="utf-8")

    status, out, err = run(root, "--write", page)
    print(out, err)
    assert status == 1 and page.read_text(encoding="utf-8") == PAGE
    assert rows_of(out, "AUROC")["GOOD"] == aurocs
    assert rows_of(out, "AUROC")["BAD"]["series"] == "1", out     # `gaps` alone
    assert re.search(r"Undefined.*: BAD/calm$", out, re.MULTILINE), out
    for failure in (r"lonely: .*lonely\.test\.csv", "ragged: .*Line 302",
                    "guilty: .*line 2 is not FIRST-LAST:CHANNELS"):
        assert re.search("^FAILED BAD/" + failure, err, re.MULTILINE), err
    shutil.rmtree(bad)

    # The properties reach the elements.
    for args, named in ((["--train", "latent-dim=0"], "latent-dim"),
                        (["--train", "kind=pca", "--score", "score=kl"], "kl")):
        status, out, err = run(root, *args)
        assert status == 1, (out, err)
        assert re.search(f"^FAILED GOOD/one: .*{named}", err, re.MULTILINE), err

    (root / "EMPTY").mkdir()
    status, out, err = run(root / "EMPTY")
    assert status != 0 and "there is no *.train.csv" in err, (out, err)


def test_blame(folder):
    """The first channel is to blame for every anomaly; that the third is, as half of
    the lines have it, is wrong."""
    make_series(folder, "one", [8])
    causes = folder / "one.causes.txt"
    for last, guilty, right in ((0, (1, 3), "50 %"), (1, (1, 1), "100 %")):
        causes.write_text("".join(f"{row}-{row + last}:{guilty[row // 10 % 2]}\n"
                                  for row in range(20, 300, 10)), encoding="ascii")
        status, out, err = run(folder)
        assert status == 0, (out, err)
        verdict = rows_of(out, "set | anomalies")[folder.name]
        assert verdict == {"anomalies": "28", "first": right, "first three": "33 %",
                           "by chance": "33 %"}, out
    causes.write_text("21-22:1\n", encoding="ascii")
    status, out, err = run(folder)
    assert status == 1 and "no anomaly of those channels in rows 21-22" in err, err
    causes.unlink()


def test_pages(folder):
    page = folder / "page.md"
    page.write_text(PAGE, encoding="utf-8")
    status, out, err = run(folder, "--write", page)
    assert status == 0, (out, err)
    written = page.read_text(encoding="utf-8")
    assert written.startswith("before\n<!-- accuracy -->\n1 series of 1 sets"), written
    assert written.endswith("processes.\n<!-- /accuracy -->\nafter\n"), written
    assert "\nold\n" not in written

    page.write_text("nothing\n", encoding="utf-8")
    status, out, err = run(folder, "--write", page)
    assert status == 1 and f"{page} has no marks for accuracy" in err, err


def windowed_pca_scores(train, test):
    """By the singular values of all windows at once."""
    offset, scale = train.mean(0), train.std(0)
    train, test = (numpy.clip((rows - offset) / scale, -8, 8) for rows in (train, test))

    def windows(rows):
        return numpy.array([rows[numpy.maximum(range(i - 15, i + 1), 0)].ravel()
                            for i in range(len(rows))])

    held_back = len(train) * 4 // 5
    mean = windows(train[:held_back]).mean(0)
    _, values, vectors = numpy.linalg.svd(windows(train[:held_back]) - mean)
    share = numpy.cumsum(values ** 2) / (values ** 2).sum()
    kept = vectors[:1 + int((share < 0.9).sum())]

    def errors(rows):
        centred = windows(rows) - mean
        return (centred - centred @ kept.T @ kept)[:, -train.shape[1]:] ** 2

    usual = errors(train[held_back:]).mean(0) + 0.01
    deviations = numpy.minimum(errors(test) / usual, 300).mean(1)
    smoothed = [deviations[0]]
    for deviation in deviations[1:]:
        smoothed.append(0.9 * smoothed[-1] + 0.1 * deviation)
    return [numpy.nan] * 15 + smoothed[15:]


def test_windowed_pca():
    rng = numpy.random.default_rng(1)
    mixing = rng.normal(size=(3, 4))
    train, test = ((rng.normal(size=(n, 3)).cumsum(0) @ mixing
                    + rng.normal(size=(n, 4))).astype(numpy.float32)
                   for n in (500, 300))
    test[100] += 1000           # reaches clip and cap
    windowedpca.BLOCK = 64
    ours = windowedpca.scores(train.tobytes(), test.tobytes(), 4)
    theirs = windowed_pca_scores(train.astype(float), test.astype(float))
    numpy.testing.assert_allclose(ours, theirs, rtol=1e-6)


def test_interval():
    """That of the mean of many differences is nearly the normal distribution's."""
    differences = [random.gauss(0.1, 1) for _ in range(200)]
    text = accuracyreport.interval(differences)
    mean, low, high = map(float, re.findall(r"[-+]\d\.\d+", text))
    half = 1.96 * statistics.pstdev(differences) / 200 ** 0.5
    assert abs(mean - statistics.fmean(differences)) < 0.001, text
    assert abs(mean - low - half) < 0.1 * half, (text, half)
    assert abs(high - mean - half) < 0.1 * half, (text, half)


test_interval()
test_windowed_pca()
with tempfile.TemporaryDirectory() as name:
    top = pathlib.Path(name) / 'a "quoted" folder'
    top.mkdir()
    good_aurocs = test_sets(top)
    test_without_numpy(top, good_aurocs)
    test_failures(top, good_aurocs)
    test_blame(pathlib.Path(name) / "BLAME")
    test_pages(pathlib.Path(name) / "BLAME")
