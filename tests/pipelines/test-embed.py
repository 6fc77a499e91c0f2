# gst-vae
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The applications that embed the elements: each scores its faulty rows above all
others, both print the same, and both say what is wrong with a path."""

import pathlib
import re
import sys
import tempfile

import check

script, programs = sys.argv[1], sys.argv[2:]
commands = [[sys.executable, script]] + [[program] for program in programs]


def assert_finds_faults(out):
    rows = re.findall(r"^row (\d+)  score ([0-9.]+)(  faulty)?$", out, re.MULTILINE)
    assert [int(row) for row, _, _ in rows] == list(range(2000, 2012)), out
    faulty = [float(score) for _, score, fault in rows if fault]
    normal = [float(score) for _, score, fault in rows if not fault]
    assert len(faulty) == 2 and min(faulty) > 2 * max(normal), out


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
