# gst-vae
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The pictures of the documentation can be made again: as many, and as large."""

import pathlib
import struct
import sys
import tempfile

import check

script, build, images = map(pathlib.Path, sys.argv[1:])


def size_of(path):
    header = path.read_bytes()[:24]
    assert header[:8] == b"\x89PNG\r\n\x1a\n", path
    return struct.unpack(">II", header[16:])


def sizes_in(folder):
    return {path.name: size_of(path) for path in folder.glob("*.png")}


with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name, "pictures")
    check.succeed(script, build, folder)
    made = sizes_in(folder)
    assert made and made == sizes_in(images), (made, sizes_in(images))

    status, out, err = check.run(script, folder)
    assert status != 0 and not out and "no build folder" in err, (status, out, err)
