# gst-vae
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The pages that rocmetric and vaetrain write: their drawings are those of the data,
they need nothing but themselves, and, where there is a headless Chromium to look at
them, they fit into the width of a phone and of a desktop in both colour schemes."""

import contextlib
import html.parser
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import tempfile

import gi
import numpy as np

import check

gi.require_version("Gst", "1.0")
from gi.repository import Gst  # noqa: E402

VOID = {"meta", "br", "path"}
CHROMIUM = (shutil.which("chromium-headless-shell") or shutil.which("chromium")
            or shutil.which("google-chrome"))
COLUMNS = 800
CURVE_COLUMNS = 500


def launch(*line, **options):
    return check.succeed("gst-launch-1.0", *" ".join(line).split(), **options)


# --- a page ------------------------------------------------------------------


class Page(html.parser.HTMLParser):
    """Its paths by name, its tables by caption, and what its lists say."""

    def __init__(self, path):
        super().__init__()
        self.source = path.read_text(encoding="utf-8")
        self.open, self.paths, self.tables, self.items = [], {}, {}, {}
        self.labels, self.words, self.tags = [], [], set()
        self.table = self.name = None
        self.feed(self.source)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.tags.add(tag)
        if tag == "path" and "data-name" in attributes:
            self.paths[attributes["data-name"]] = attributes["d"]
        if tag == "svg" and "aria-label" in attributes:
            self.labels.append(attributes["aria-label"])
        if tag == "table":
            self.table = []
        if tag == "tr":
            self.table.append([])
        if tag in ("td", "th"):
            self.table[-1].append([attributes.get("class", "")])
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        assert tag in VOID, tag

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, (tag, self.open)

    def handle_data(self, data):
        within = self.open[-1] if self.open else None
        self.words.append(data)
        if within == "caption":
            self.tables[data] = self.table
        elif within == "dt":
            self.name = data
        elif within == "dd":
            self.items.setdefault(self.name, []).append(data)
        elif self.table and {"td", "th"} & set(self.open):
            self.table[-1][-1].append(data)

    def points(self, name):
        """From 0 to 1, y upwards; and where a line is begun."""
        found = re.findall(r"([ML])(-?[0-9.]+) (-?[0-9.]+)", self.paths[name])
        points = np.array([(float(x) / 1000, 1 - float(y) / 1000)
                           for _, x, y in found]).reshape(-1, 2)
        return points, [i for i, (command, _, _) in enumerate(found) if command == "M"]

    def rows_of(self, caption):
        """The cells' texts, without the heading."""
        table = next(table for title, table in self.tables.items()
                     if title.startswith(caption))
        return [["".join(cell[1:]) for cell in row] for row in table[1:]]


def assert_stands_alone(page):
    assert not page.tags & {"script", "link", "img", "iframe", "object", "base"}
    assert not re.search(r"\s(href|src)=|url\(|@import|https?:", page.source)
    assert "default-src 'none'; style-src 'unsafe-inline'" in page.source


def same_scale(drawn, values):
    """Whether the heights drawn are the values on some axis."""
    for scaled in [values] + ([np.log(values)] if min(values) > 0 else []):
        fit = np.polyfit(scaled, drawn, 1)
        if fit[0] > 0 and np.abs(np.polyval(fit, scaled) - drawn).max() < 1e-4:
            return True
    return False


# --- rocmetric ---------------------------------------------------------------


def curve_of(scores, labels):
    """Points (false positive rate, recall, precision), one per distinct score."""
    scores, labels = scores[~np.isnan(scores)], labels[~np.isnan(scores)]
    order = np.argsort(-scores, kind="stable")
    scores, labels = scores[order], labels[order]
    last = np.append(np.diff(scores) != 0, True)
    found, flagged = np.cumsum(labels)[last], np.flatnonzero(last) + 1
    rates = np.stack([(flagged - found) / (labels == 0).sum(), found / labels.sum(),
                      found / flagged], axis=1)
    return np.concatenate([[(0, 0, 1)], rates])


def write_scores(path, scores, labels):
    lines = ["" if np.isnan(score) else repr(float(score)) for score in scores]
    path.write_text("score,label\n" + "".join(
        f"{line},{label}\n" for line, label in zip(lines, labels)))


def evaluate(folder, scores, labels, *more, **options):
    write_scores(folder / "scores.csv", scores, labels)
    launch("-q filesrc location=scores.csv ! tensorcsvdec label-column=label rate=10",
           "! rocmetric score-tensor=0 silent=true location=results.json",
           "report=report.html", *more, cwd=folder, **options)
    return Page(folder / "report.html"), json.loads(
        (folder / "results.json").read_text())


def assert_mark(page, results):
    """The last one on the page is that of precision and recall."""
    (x, y), _ = page.points("operating point")[0]
    assert abs(x - results["recall"]) < 1e-5, (x, results)
    assert abs(y - results["precision"]) < 1e-5, (y, results)


def runs_of(flags):
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags, [0]])))
    return edges.reshape(-1, 2)


def strip_of(page, name):
    return np.array([(float(first), float(end)) for first, end in
                     re.findall(r"M([0-9.]+) 0.00H([0-9.]+)V1000", page.paths[name])])


def test_short_series(folder):
    rng = np.random.default_rng(1)
    labels = np.zeros(400, int)
    labels[100:110] = labels[250] = labels[300:320] = 1
    scores = (rng.gamma(3, 0.3, 400) + labels * rng.gamma(2, 1, 400)).astype("f4")
    scores = np.round(scores, 2).astype("f4")        # ties
    scores[:16] = scores[40] = np.nan
    page, results = evaluate(folder, scores, labels, "threshold=2")
    assert_stands_alone(page)

    curve = curve_of(scores, labels)
    roc, _ = page.points("roc")
    assert np.abs(roc[1:] - curve[:, :2]).max() < 1e-5, "ROC"
    assert abs(np.trapz(roc[:, 1], roc[:, 0]) - results["auroc"]) < 1e-4
    steps, _ = page.points("pr")
    assert np.abs(steps[::2] - curve[:, 1:]).max() < 1e-5, "precision and recall"
    area = np.sum(np.diff(steps[::2, 0]) * steps[2::2, 1])
    assert abs(area - results["auprc"]) < 1e-4, (area, results["auprc"])
    assert_mark(page, results)

    series, begins = page.points("score")
    series = np.delete(series, np.array(begins) + 1, axis=0)
    known = ~np.isnan(scores)
    assert np.abs(series[:, 0] - (np.flatnonzero(known) + 0.5) / 400).max() < 1e-5
    assert same_scale(series[:, 1], scores[known])
    assert len(begins) == 2, "the row without a score leaves a gap"

    assert np.allclose(strip_of(page, "labels"), 1000 * runs_of(labels) / 400, atol=.02)
    assert np.allclose(strip_of(page, "alarms"), 1000 * runs_of(scores >= 2) / 400,
                       atol=.02)
    assert str(results["events-found"]) + " of 3" in page.items["Events found"]
    assert f"{results['base-rate']:.4g}" in page.items["Base rate"]

    rows = page.rows_of("Events by their highest score (3)")
    peaks = {f"{a} to {b - 1}" if b - a > 1 else str(a): max(scores[a:b])
             for a, b in runs_of(labels)}
    told = [(row[0], float(row[2])) for row in rows]
    assert told == [(name, float(f"{peak:.4g}")) for name, peak in
                    sorted(peaks.items(), key=lambda it: -it[1])], (told, peaks)
    assert ["100 to 109", "10.000 s"] in [row[:2] for row in rows], rows


def test_long_series(folder):
    rng = np.random.default_rng(2)
    n = 50000
    labels = (np.arange(n) // 100 % 40 == 0).astype(int)
    scores = (rng.gamma(3, 0.3, n) * np.where(rng.random(n) < 0.5, 1, 1 + 60 * labels))
    scores = scores.astype("f4")
    page, results = evaluate(folder, scores, labels, "threshold=2")

    curve = curve_of(scores, labels)
    for name, columns in (("roc", (0, 1)), ("pr", (1, 2))):
        drawn, _ = page.points(name)
        drawn = drawn[1:] if name == "roc" else drawn[::2]
        assert 500 < len(drawn) < 4 * CURVE_COLUMNS + 8 < len(curve)
        x, y = curve[:, columns[0]], curve[:, columns[1]]
        for point in drawn[:: 7]:
            assert np.abs(np.stack([x, y], 1) - point).max(1).min() < 1.1e-5, name
        column = np.floor(x * CURVE_COLUMNS).astype(int)
        drawn_column = np.floor(drawn[:, 0] * CURVE_COLUMNS + 0.01).astype(int)
        for c in range(2, CURVE_COLUMNS - 1, 9):
            both = drawn[drawn_column == c, 1], y[column == c]
            if len(both[1]):
                assert abs(both[0].max() - both[1].max()) < 1e-5, (name, c)
    assert_mark(page, results)

    band, begins = page.points("score")
    assert begins == [0] and len(band) == 2 * COLUMNS
    parts = np.array_split(scores, COLUMNS)
    parts = [scores[c * n // COLUMNS:(c + 1) * n // COLUMNS] for c in range(COLUMNS)]
    extremes = [max(part) for part in parts] + [min(part) for part in parts[::-1]]
    seen = (band[:, 1] > 0) & (band[:, 1] < 1)      # what is lower is at the bottom
    assert seen.mean() > 0.9 and same_scale(band[seen, 1], np.array(extremes)[seen])

    assert len(page.source) < 400000, len(page.source)


def test_undefined(folder):
    """Without anomalies, without scores, and in a locale with a decimal comma."""
    scores = np.linspace(0.5, 1, 50)
    page, _ = evaluate(folder, scores, np.zeros(50, int))
    assert "roc" not in page.paths and "undefined" in page.items["AUROC"]
    assert any("There is no threshold" in words for words in page.words)
    page, _ = evaluate(folder, np.full(50, np.nan), np.ones(50, int), "threshold=1")
    assert "undefined" in page.items["AUROC"] and page.paths["score"] == ""

    labels = (np.arange(50) > 40).astype(int)
    pages = [evaluate(folder, scores, labels, "threshold=0.9",
                      env=dict(os.environ, LC_ALL=locale))[0].source
             for locale in ("C.UTF-8", "de_DE.UTF-8")]
    assert pages[0] == pages[1], "the locale must not matter"

    infinite = scores.copy()
    infinite[[5, 45]] = np.inf
    write_scores(folder / "scores.csv", infinite, labels)
    page, _ = evaluate(folder, infinite, labels, "threshold=0.9")
    assert "nan" not in page.source and "inf" not in page.source.lower().replace(
        "information", ""), "a number that is none"


def test_blame(folder):
    """A spike is in one channel, and that one is named."""
    launch("-q vaesynth ! vaetrain kind=norm window=1 model=norm.bin", cwd=folder)
    source = "-q vaesynth seed=2 anomaly=spike anomaly-ratio=0.002 !"
    launch(source, "tensorcsvenc ! filesink location=data.csv", cwd=folder)
    launch(source, "vaescore model=norm.bin contributions=true score=unsmoothed !",
           "rocmetric silent=true report=blame.html contributions-tensor=2",
           "threshold=1", cwd=folder)
    data = np.loadtxt(folder / "data.csv", delimiter=",", skiprows=1)[:, :5]
    deviation = np.abs(data - data.mean(0)) / data.std(0)
    rows = Page(folder / "blame.html").rows_of("Events by their highest score")
    assert len(rows) == 10, rows
    for row in rows[:5]:
        blamed = int(row[-1].split(" ")[0])
        assert blamed == deviation[int(row[0])].argmax(), (row, deviation[int(row[0])])


# --- vaetrain ----------------------------------------------------------------


def fields(out, event):
    """The numbers of the element messages of one kind."""
    return [{name: float(number) for name, number in
             re.findall(r"([a-z-]+)=\((?:uint|double)\)([-+0-9.e]+)", line)}
            for line in out.splitlines() if f"event=(string){event}" in line]


def test_epochs(folder):
    out = launch("-m vaesynth num-samples=1500 ! vaetrain kind=vae window=2",
                 "latent-dim=6 epochs=7 patience=0 model=<b>&m.bin report=epochs.html",
                 cwd=folder)
    page = Page(folder / "epochs.html")
    assert_stands_alone(page)
    assert page.items["model"] == ["<b>&m.bin"] and "b" not in page.tags

    epochs = fields(out, "epoch")
    assert len(epochs) == 7
    heights = {}
    for name, field in (("training", "loss"), ("validation", "validation-loss"),
                        ("reconstruction", "reconstruction"),
                        ("KL, before beta", "kl")):
        points = page.points(name)[0][1:]
        assert np.abs(points[:, 0] - (np.arange(7) + 0.5) / 7).max() < 1e-5
        heights[name] = points[:, 1], [epoch[field] for epoch in epochs]
    for pair in (("training", "validation"), ("reconstruction", "KL, before beta")):
        both = [np.concatenate(side) for side in zip(*(heights[it] for it in pair))]
        assert same_scale(*both), pair

    active = page.points("active")[0][0, 1]
    latents = [page.points(f"latent {k}")[0][1:, 1] for k in range(6)]
    for i, epoch in enumerate(epochs):
        above = sum(latent[i] > active for latent in latents)
        assert above == epoch["active-latents"], (i, above, epoch)


def test_grid(folder):
    out = launch("-m vaesynth num-samples=1500 ! vaetrain epochs=3 model=grid.bin",
                 "latent-dims=<2,3> betas=<0.1,1,4> report=grid.html", cwd=folder)
    page = Page(folder / "grid.html")
    assert_stands_alone(page)
    cells = {(cell["latent-dim"], cell["beta"]): cell for cell in fields(out, "cell")}
    trained = fields(out, "trained")[0]
    assert len(cells) == 6
    (title, table), = page.tables.items()
    assert title.startswith("ELBO")
    chosen = []
    for row, latent in zip(table[1:], (2, 3)):
        for cell, beta in zip(row[1:], (0.1, 1, 4)):
            told = cells[latent, beta]
            assert cell[1] == f"{told['elbo']:.4g}", (cell, told)
            assert cell[2] == f"active {told['active-latents']:.0f} of {latent}"
            if "chosen" in cell[0]:
                assert cell[3] == "chosen"
                chosen.append((latent, beta))
    assert chosen == [(trained["latent-dim"], trained["beta"])], chosen
    assert chosen == [max(cells, key=lambda it: cells[it]["elbo"])]


def test_many_epochs(folder):
    launch("-q vaesynth num-samples=40 ! vaetrain loss=seed validation=0 epochs=2001",
           "hidden=<4> model=many.bin report=many.html", cwd=folder)
    page = Page(folder / "many.html")
    points, _ = page.points("training")
    assert 300 < len(points) <= 801, len(points)
    assert "Every 4th epoch is drawn." in page.source
    assert len(page.source) < 400000, len(page.source)

    launch("-q vaesynth num-samples=400 ! vaetrain kind=pca model=pca.bin",
           "report=pca.html", cwd=folder)
    assert any("without epochs" in words for words in Page(folder / "pca.html").words)


# --- errors ------------------------------------------------------------------


def error_of(*line):
    """The first error of a pipeline that has one."""
    pipeline = Gst.parse_launch(" ".join(line))
    pipeline.set_state(Gst.State.PLAYING)
    message = pipeline.get_bus().timed_pop_filtered(
        60 * Gst.SECOND, Gst.MessageType.ERROR | Gst.MessageType.EOS)
    pipeline.set_state(Gst.State.NULL)
    assert message and message.type == Gst.MessageType.ERROR, (line, message)
    return message.parse_error()[0].message


@contextlib.contextmanager
def full_disk():
    """As good as one: no file gets longer."""
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    signal.signal(signal.SIGXFSZ, handler)


def test_errors(folder):
    vaetrain = (f"vaesynth num-samples=200 ! vaetrain kind=norm window=1 "
                f"model={folder}/e.bin")
    for report, problem in ((f"{folder}/nowhere/r.html", "there is no folder"),
                            (folder, "it is a folder, not a file"),
                            (f"{folder}/e.bin", "they are two files")):
        message = error_of(vaetrain, f"report={report}")
        assert problem in message and str(report) in message, message
        assert not (folder / "e.bin").exists(), "refused before training"
    launch("-q", vaetrain)

    rocmetric = (f"vaesynth num-samples=200 ! vaescore model={folder}/e.bin "
                 f"! rocmetric silent=true location={folder}/e.json")
    for report, problem in ((f"{folder}/nowhere/r.html", "there is no folder"),
                            (folder, "it is a folder, not a file"),
                            (f"{folder}/e.json", "they are two files")):
        message = error_of(rocmetric, f"report={report}")
        assert problem in message and str(report) in message, message
    message = error_of(rocmetric, f"report={folder}/r.html contributions-tensor=1")
    assert "The stream has no contributions: tensor 1 of 3" in message, message
    message = error_of(rocmetric, f"report={folder}/r.html contributions-tensor=16")
    assert "contributions-tensor is 16" in message, message

    old = folder / "old.html"
    old.write_text("as it was")
    for line in (rocmetric, vaetrain):
        with full_disk():
            message = error_of(line, f"report={old}")
        assert "old.html" in message and "File too large" in message, message
        assert old.read_text() == "as it was"
        assert not list(folder.glob("old.html.*")), "a temporary file is left"


# --- looks -------------------------------------------------------------------

# What is wider than the window, other than what scrolls by itself.
MEASURE = """<script>addEventListener("load", () => {
  const wide = [...document.body.querySelectorAll("*")].filter(it =>
    !it.closest(".scroll > *") && !it.closest("svg > *")
    && (it.getBoundingClientRect().right > innerWidth + 0.5
        || it.getBoundingClientRect().left < -0.5));
  document.title = JSON.stringify({inner: innerWidth,
    scroll: document.documentElement.scrollWidth,
    wide: wide.map(it => it.outerHTML.slice(0, 80)),
    page: getComputedStyle(document.body).backgroundColor,
    line: getComputedStyle(document.body).getPropertyValue("--one").trim()});
});</script></body>"""


def chromium(width, scheme, *arguments):
    # What is meant for the plug-in is not for it: sanitizers, fatal warnings.
    env = {name: value for name, value in os.environ.items()
           if name not in ("LD_PRELOAD", "G_DEBUG")}
    # Containers have no user namespaces for its sandbox.
    return check.succeed(
        CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
        "--force-device-scale-factor=1", f"--window-size={width},2400",
        f"--blink-settings=preferredColorScheme={1 - scheme}", *arguments, env=env)


def pixels_of(picture, folder):
    raw = folder / "raw"
    launch(f"-q filesrc location={picture} ! pngdec ! videoconvert !",
           f"video/x-raw,format=RGBA ! filesink location={raw}")
    return np.fromfile(raw, np.uint8).reshape(2400, -1, 4)[..., :3]


def assert_looks_right(page, folder):
    source = page.read_text(encoding="utf-8")
    measured = folder / "measured.html"
    measured.write_text(re.sub(r'<meta http-equiv="Content[^>]*>', "", source)
                        .replace("</body>", MEASURE), encoding="utf-8")
    pages = set()
    for width in (375, 1280):
        for scheme in (0, 1):
            dom = chromium(width, scheme, "--virtual-time-budget=2000", "--dump-dom",
                           measured.as_uri())
            found = json.loads(html.unescape(
                re.search(r"<title>(.*?)</title>", dom, re.DOTALL)[1]))
            assert found["inner"] == width and found["scroll"] <= width, found
            assert not found["wide"], (page.name, width, found["wide"])

            picture = folder / "picture.png"
            chromium(width, scheme, f"--screenshot={picture}", page.as_uri())
            pixels = pixels_of(picture, folder)
            assert pixels.shape[1] == width
            ground = [int(part) for part in re.findall(r"\d+", found["page"])]
            assert (pixels[2, 2] == ground).all(), (pixels[2, 2], ground)
            colour = [int(found["line"][i:i + 2], 16) for i in (1, 3, 5)]
            assert ((pixels == colour).all(2)).sum() > 200, "nothing is drawn"
            pages.add(found["page"])
    assert len(pages) == 2, "light and dark are the same"


Gst.init(None)
with tempfile.TemporaryDirectory() as name:
    here = pathlib.Path(name)
    test_short_series(here)
    test_undefined(here)
    test_long_series(here)
    test_blame(here)
    test_epochs(here)
    test_grid(here)
    test_many_epochs(here)
    test_errors(here)
    if CHROMIUM:
        for shown in ("report.html", "blame.html", "epochs.html"):
            assert_looks_right(here / shown, here)
    else:
        print("SKIP: no headless Chromium is installed to look at the pages")
