# gst-vae
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The applications that embed the elements: each scores its faulty rows above all
others and tells of them, when they begin and when it is over, and of the channel; both
print the same, and both say what is wrong with a path."""

import math
import pathlib
import re
import sys
import tempfile

import check

script, programs = sys.argv[1], sys.argv[2:]
commands = [[sys.executable, script]] + [[program] for program in programs]


def assert_finds_faults(out):
    rows = re.findall(r"^row (\d+)  score (nan|[0-9.]+)(  faulty)?$", out, re.MULTILINE)
    faulty = {int(row): float(score) for row, score, fault in rows if fault}
    normal = {int(row): float(score) for row, score, fault in rows if not fault}
    assert list(faulty) == list(range(2100, 2105)), out
    assert list(normal) == [row for row in range(2000, 2200, 20) if row != 2100], out
    assert math.isnan(normal.pop(2000)), out
    assert min(faulty.values()) > 2 * max(normal.values()), out

    told = re.findall(r"^anomaly-(\w+)  rows (\d+) to (\d+)  channel (\d)$", out,
                      re.MULTILINE)
    assert told[0] == ("begin", "2100", "2100", "2"), out
    assert len(told) == 2 and told[1][:2] == ("end", "2100") and told[1][3] == "2", out
    assert int(told[1][2]) >= 2104, out
    lines = out.splitlines()
    assert lines[lines.index("anomaly-begin  rows 2100 to 2100  channel 2") - 1] \
        .startswith("row 2100 "), out


with tempfile.TemporaryDirectory() as folder:
    model = pathlib.Path(folder) / "m.bin"
    outputs = [check.succeed(*command, model) for command in commands]
    for out in outputs:
        assert_finds_faults(out)
        assert out == outputs[0], outputs

    for command in commands:
        status, out, err = check.run(*command, model / "below")
        assert status == 1 and out == "", (status, out, err)
        assert str(model) in err and "Traceback" not in err, err
