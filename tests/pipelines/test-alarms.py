# gst-vae
# SPDX-License-Identifier: LGPL-2.1-or-later
"""alarms.py prints one line of JSON when an anomaly begins and one when it ends, and
says what is wrong with a pipeline."""

import itertools
import json
import pathlib
import sys
import tempfile

import check

command = [sys.executable, sys.argv[1]]

ALARMS = ("vaesynth seed=2 num-samples=1000 ! vaescore model={model} "
          "post-messages=true cool-down=0 decision=true "
          "! tensorcsvenc ! filesink location={rows}")


def refuse(constant):
    raise ValueError(f"{constant} is no JSON")


def runs_of(decisions):
    """The first and the last row of each run of ones."""
    runs = [list(run) for flagged, run in
            itertools.groupby(range(len(decisions)), lambda row: decisions[row])
            if flagged == "1"]
    return [(run[0], run[-1]) for run in runs]


def assert_tells_runs(messages, runs):
    begins = [m for m in messages if m["event"] == "anomaly-begin"]
    ends = [m for m in messages if m["event"] == "anomaly-end"]
    assert len(runs) > 3 and len(messages) == 2 * len(runs), (messages, runs)
    assert [(m["first-row"], m["last-row"]) for m in ends] == runs, messages
    assert [m["first-row"] for m in begins] == [first for first, _ in runs], messages


def assert_is_complete(message):
    assert message["timestamp"] == message["first-row"] * 10_000_000, message
    assert message["peak-score"] > message["threshold"] > 0, message
    assert sorted(message["channels"]) == list(range(5)), message
    for name in "contributions", "actual", "expected":
        assert all(isinstance(value, float) for value in message[name]), message
        assert len(message[name]) == 5, message


with tempfile.TemporaryDirectory() as folder:
    model = pathlib.Path(folder) / "m.bin"
    rows = pathlib.Path(folder) / "rows.csv"
    check.succeed("gst-launch-1.0", "-q", "vaesynth", "!", "vaetrain", "silent=true",
                  f"model={model}")

    status, out, err = check.run(*command, ALARMS.format(model=model, rows=rows))
    assert status == 0 and err == "", (status, err)
    lines = [json.loads(line, parse_constant=refuse) for line in out.splitlines()]
    _header, *cells = [line.split(",") for line in rows.read_text().splitlines()]
    # The decision is right before the score.
    assert_tells_runs(lines, runs_of([row[-2] for row in cells]))
    for line in lines:
        assert_is_complete(line)

    for pipeline in ("no-such-element", f"vaesynth ! vaescore model={folder}/none ! "
                     "fakesink"):
        status, out, err = check.run(*command, pipeline)
        assert status == 1 and out == "", (status, out, err)
        assert "error: " in err and "Traceback" not in err, err
    assert check.run(*command)[0] == 1
