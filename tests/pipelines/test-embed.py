# gst-vae
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The applications that embed the elements: each scores every live row once, its faulty
rows above all others, and tells of them, when they begin and when it is over, and of
the channel; meanwhile a new model is trained and takes over. Both print the same until
then, and both say what is wrong with a path."""

import math
import pathlib
import re
import sys
import tempfile

import check

TRAINING_ROWS, RETRAINING_ROWS, ROWS_OF_NEW_MODEL = 2000, 1200, 600

script, programs = sys.argv[1], sys.argv[2:]
commands = [[sys.executable, script]] + [[program] for program in programs]


def scores_of(out):
    """Of the rows in the order in which they came back."""
    return [(int(row), float(score)) for row, score
            in re.findall(r"^row (\d+)  score (nan|[0-9.]+)$", out, re.MULTILINE)]


def is_fault(row):
    return row % 500 >= 495


def assert_no_row_lost_or_scored_twice(out):
    rows = [row for row, _score in scores_of(out)]
    assert rows == list(range(TRAINING_ROWS, TRAINING_ROWS + len(rows))), out
    unscored = [row for row, score in scores_of(out) if math.isnan(score)]
    assert unscored == rows[:15], out


def assert_finds_faults(out):
    scores = scores_of(out)[15:]
    # After a fault the moving averages take a while to forget it.
    normal = [score for row, score in scores if not is_fault(row) and row % 500 > 100]
    assert min(score for row, score in scores if is_fault(row)) > 2 * max(normal), out

    told = re.findall(r"^anomaly-(\w+)  rows (\d+) to (\d+)  channel (\d)$", out,
                      re.MULTILINE)
    begins = [row for row, _score in scores if row % 500 == 495]
    assert len(begins) >= 3 and len(told) == 2 * len(begins), out
    for first, begin, end in zip(begins, told[::2], told[1::2]):
        assert begin == ("begin", str(first), str(first), "2"), out
        assert end[:2] == ("end", str(first)) and end[3] == "2", out
        assert int(end[2]) >= min(first + 4, scores[-1][0]), out
    lines = out.splitlines()
    assert lines[lines.index("anomaly-begin  rows 2495 to 2495  channel 2") - 1] \
        .startswith("row 2495 "), out


def assert_swaps_models(out):
    first, before, between, after = re.fullmatch(
        "(.*?)trained\n(.*)trained\n(.*)model-changed\n(.*)", out, re.DOTALL).groups()
    assert first == "", out
    assert scores_of(before)[-1][0] >= TRAINING_ROWS + RETRAINING_ROWS, out
    # The next row is the new model's.
    assert len(scores_of(between)) == 1, out
    assert len(scores_of(after)) == ROWS_OF_NEW_MODEL - 1, out


def until_trained(out):
    """What depends on no other time than that of the rows."""
    return out.split(f"row {TRAINING_ROWS + RETRAINING_ROWS} ")[0]


with tempfile.TemporaryDirectory() as folder:
    model = pathlib.Path(folder) / "m.bin"
    outputs = [check.succeed(*command, model) for command in commands]
    for out in outputs:
        assert_no_row_lost_or_scored_twice(out)
        assert_swaps_models(out)
        assert_finds_faults(out)
        assert until_trained(out) == until_trained(outputs[0]), outputs

    for command in commands:
        status, out, err = check.run(*command, model / "below")
        assert status == 1 and out == "", (status, out, err)
        assert str(model) in err and "Traceback" not in err, err
