# gst-vae
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs the lines of docs/interop.md with NNStreamer and looks at what they wrote:
test-nnstreamer.py INTEROP.MD [DOUBLE-FILTER.SO]"""

import io
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

import gi
import numpy as np

gi.require_version("Gst", "1.0")
from gi.repository import Gst  # noqa: E402

SKIPPED = 77
PATIENCE = 60
DIRECT = "vaesynth seed=2 ! vaescore model=m.bin ! tensorcsvenc ! filesink location={}"


def read_blocks(page):
    """The lines of each block of the page."""
    blocks = re.findall(r"^```sh\n(.*?)^```$", page.read_text("utf-8"),
                        re.MULTILINE | re.DOTALL)
    return [block.splitlines() for block in blocks]


def try_to_launch(line):
    print(line, flush=True)
    return subprocess.run(["gst-launch-1.0", "-q", *shlex.split(line)], text=True,
                          stderr=subprocess.PIPE, timeout=PATIENCE, check=False)


def launch(line):
    done = try_to_launch(line.removeprefix("gst-launch-1.0 "))
    assert done.returncode == 0, f"{done.returncode}\n{done.stderr}"


def read_text(name):
    return pathlib.Path(name).read_text("ascii")


def read_table(name):
    return np.loadtxt(io.StringIO(read_text(name)), delimiter=",", skiprows=1,
                      dtype=np.float32)


def assert_same_file(a, b):
    assert pathlib.Path(a).stat().st_size > 1000, f"{a} is empty"
    assert pathlib.Path(a).read_bytes() == pathlib.Path(b).read_bytes(), f"{a}, {b}"


def check_audio():
    launch("audiotestsrc num-buffers=40 samplesperbuffer=256 "
           "! audio/x-raw,format=F32LE,channels=2,rate=1000 ! filesink location=audio.f32")
    launch("filesrc location=audio.f32 blocksize=2048 ! other/tensors,num_tensors=1,"
           "dimensions=(string)2:256,types=float32 ! vaetrain model=expected.bin")
    assert_same_file("vibration.bin", "expected.bin")


def check_bytes(direct):
    assert np.array_equal(read_table("converted.csv"), direct[:, [0, 1, 2, 3, 4, 6]])


def check_doubled(direct):
    doubled = read_table("transformed.csv")
    assert np.array_equal(doubled[:, :5], 2 * direct[:, :5])
    assert np.array_equal(doubled[:, 5], direct[:, 5])
    launch("filesrc location=transformed.csv ! tensorcsvdec columns=1-5 "
           "! vaescore model=m.bin ! tensorcsvenc ! filesink location=expected.csv")
    assert np.array_equal(doubled[:, 6], read_table("expected.csv")[:, 6])
    assert not np.array_equal(doubled[:, 6], direct[:, 6])
    assert_same_file("filtered.csv", "transformed.csv")


def check_gates(direct):
    rows = direct[direct[:, 6] >= 1]
    assert 0 < len(rows) < len(direct) and np.array_equal(read_table("rows.csv"), rows)

    blocks = direct.reshape(-1, 50, 7)
    passed = blocks[blocks[:, :, 6].mean(axis=1, dtype=np.float64) >= 1.2]
    assert 0 < len(passed) < len(blocks)
    assert np.array_equal(read_table("blocks.csv"), passed.reshape(-1, 7))


def check_repository():
    assert_same_file("repository.csv", "direct.csv")
    launch("vaesynth seed=2 ! vaetrain model=expected.bin")
    assert_same_file("repository.bin", "expected.bin")


def check_sink(direct):
    """An application behind tensor_sink gets one memory per tensor."""
    pipeline = Gst.parse_launch("vaesynth seed=2 ! vaescore model=m.bin "
                                "! tensor_sink name=sink sync=false signal-rate=0")
    received = [], [], []
    pipeline.get_by_name("sink").connect("new-data", take_tensors, received)
    pipeline.set_state(Gst.State.PLAYING)
    message = pipeline.get_bus().timed_pop_filtered(
        PATIENCE * Gst.SECOND, Gst.MessageType.EOS | Gst.MessageType.ERROR)
    pipeline.set_state(Gst.State.NULL)
    assert message and message.type == Gst.MessageType.EOS

    data, labels, scores = map(b"".join, received)
    assert data == direct[:, :5].tobytes()
    assert labels == direct[:, 5].astype(np.uint8).tobytes()
    assert scores == direct[:, 6].tobytes()


def take_tensors(_sink, buffer, received):
    assert buffer.n_memory() == len(received), buffer.n_memory()
    start = 0
    for i, tensor in enumerate(received):
        size = buffer.get_sizes_range(i, 1)[0]
        tensor.append(buffer.extract_dup(start, size))
        start += size


def check_shorter_last_buffer():
    """Rows behind tensor_mux are all there, or the reason is told."""
    done = try_to_launch("vaesynth num-samples=130 ! tensor_mux ! tensorcsvenc "
                         "! filesink location=short.csv")
    if done.returncode == 0:
        assert len(read_table("short.csv")) == 130
    else:
        assert "The buffer holds 600 + 30 bytes" in done.stderr, done.stderr


def main():
    Gst.init(None)
    if len(sys.argv) < 3 or not Gst.ElementFactory.find("tensor_mux"):
        print("skipped: NNStreamer is not found")
        sys.exit(SKIPPED)

    audio, raw, joined, doubled, gates, repository, flattened, gathered = read_blocks(
        pathlib.Path(sys.argv[1]))
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(sys.argv[2], folder)
        os.chdir(folder)
        launch("vaesynth seed=1 ! vaetrain model=m.bin loss=seed epochs=5")
        launch(DIRECT.format("direct.csv"))
        direct = read_table("direct.csv")
        direct[:, :5].tofile("rows.f32")
        for line in [*audio, *raw, *joined, *doubled, *gates, *repository, *flattened,
                     *gathered]:
            launch(line)

        check_audio()
        check_bytes(direct)
        assert_same_file("joined.csv", "direct.csv")
        check_doubled(direct)
        check_gates(direct)
        check_repository()
        assert_same_file("flattened.csv", "direct.csv")
        assert_same_file("gathered.csv", "converted.csv")
        check_sink(direct)
        check_shorter_last_buffer()


main()
