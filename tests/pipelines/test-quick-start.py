# gst-vae
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The quick start trains and detects, in an environment that says nothing of the
plug-in, and leaves nothing behind."""

import os
import pathlib
import re
import shutil
import sys
import tempfile

import check

script, build = map(pathlib.Path, sys.argv[1:])


def assert_detects(out):
    lines = re.findall(r"^\$ (gst-launch-1\.0 .*)$", out, re.MULTILINE)
    assert len(lines) == 2, out
    auroc = re.search(r"^AUROC +([0-9.]+)$", out, re.MULTILINE)
    assert auroc and float(auroc[1]) >= 0.99, out


with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    bare = {key: value for key, value in os.environ.items()
            if not key.startswith(("GST_", "LD_LIBRARY_"))}
    bare["TMPDIR"] = name
    assert_detects(check.succeed(script, build, env=bare))
    assert not list(folder.iterdir())

    # Away from any build folder it uses the plug-in that GStreamer finds.
    copy = folder / "pipelines" / script.name
    copy.parent.mkdir()
    shutil.copy(script, copy)
    assert_detects(check.succeed(copy, env=dict(os.environ, TMPDIR=name)))

    status, out, err = check.run(script, folder)
    assert status != 0 and not out and "no build folder" in err, (status, out, err)
