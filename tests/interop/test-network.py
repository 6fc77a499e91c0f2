# gst-vae
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Sends rows, labels and scores from one process to another with the lines of
docs/network.md, and compares what arrives with the same pipeline in one process:
test-network.py NETWORK.MD

Of the lines, only the port differs, and -v instead of -q to be told about it."""

import itertools
import os
import pathlib
import re
import shlex
import signal
import subprocess
import sys
import tempfile

import gi
import numpy as np

gi.require_version("Gst", "1.0")
gi.require_version("GstApp", "1.0")
from gi.repository import Gst, GstApp  # noqa: E402, F401

PATIENCE = 60
WINDOW = 6
RTP_TICK = Gst.SECOND / 90000

# Three buffers, the last one shorter; cells that are NaN, and scores that are.
STREAM = ("vaesynth num-samples=130 anomaly=missing anomaly-ratio=0.4 "
          "! vaescore model=windowed.bin contributions=true")


# --- the lines of the page ------------------------------------------------------------

def read_blocks(page):
    """The two lines of each block of the page."""
    blocks = re.findall(r"^```sh\n(.*)\n(.*)\n```$", page.read_text("utf-8"), re.MULTILINE)
    print(*map("\n".join, blocks), sep="\n\n", flush=True)
    return blocks


def split_sender(line):
    """The pipeline before the carrier, and the carrier."""
    return re.fullmatch(r"gst-launch-1\.0 (?:-q )?(.*) ! (\w+pay .*)", line).groups()


def split_receiver(line):
    """The carrier, and the pipeline behind it."""
    return re.fullmatch(r"gst-launch-1\.0 (?:-q )?(.*depay) ! (.*)", line).groups()


def with_port(text, port):
    assert text.count("port=5000") == 1, text
    return text.replace("port=5000", f"port={port}")


# --- processes ------------------------------------------------------------------------

def start(line, port, folder):
    """Starts a line, with port 0 on one that is free, so that it prints the port."""
    pipeline = shlex.split(with_port(line, port))[1:]
    if pipeline[0] == "-q":
        del pipeline[0]
    # To print the caps, too, is not safe beside gdppay.
    return subprocess.Popen(["timeout", str(PATIENCE), "gst-launch-1.0", "-v", "-X", "caps",
                             *pipeline], cwd=folder, stdout=subprocess.PIPE, text=True)


def port_of(process):
    """Waits until the process listens."""
    for line in process.stdout:
        match = re.search(r"port = ([1-9]\d*)$", line)
        if match:
            return int(match[1])
    raise AssertionError("ended before it listened")


def finish(process):
    process.stdout.read()
    assert process.wait() == 0, process.args


def interrupt(process):
    process.send_signal(signal.SIGINT)
    process.stdout.read()
    process.wait()


def run_alone(line, folder):
    return subprocess.run(["gst-launch-1.0", "-q", *shlex.split(line)], cwd=folder,
                          stdout=subprocess.PIPE, text=True, check=True,
                          timeout=PATIENCE).stdout


def is_row(line):
    return re.fullmatch(r"[-+.,e0-9]+", line.strip()) is not None


def rows_of(process):
    """The rows that the process prints, as they come."""
    return (line.strip() for line in process.stdout if is_row(line))


def take(rows, n):
    taken = list(itertools.islice(rows, n))
    assert len(taken) == n, f"{len(taken)} rows of {n}"
    return taken


# --- the documented lines -------------------------------------------------------------

def test_a_file(block, result, folders):
    """What the receiver writes is what one process writes, byte for byte."""
    here, there, alone = folders
    receiver = start(block[0], 0, there)
    finish(start(block[1], port_of(receiver), here))
    finish(receiver)

    run_alone(split_sender(block[1])[0] + " ! " + split_receiver(block[0])[1], alone)
    expected = (alone / result).read_bytes()
    assert len(expected) > 1000
    assert (there / result).read_bytes() == expected


def test_a_live_source(block, folders):
    """Each receiver gets the rows from some row on, none missing. The scores of the
    seed's loss know nothing of the rows before, which a receiver may have missed."""
    here, there, alone = folders
    sender = start(block[0], 0, here)
    port = port_of(sender)
    first = start(block[1], port, there)
    received = [take(rows_of(first), 200)]
    second = start(block[1], port, there)
    received.append(take(rows_of(second), 200))
    interrupt(sender)
    finish(first)
    finish(second)

    source = split_sender(block[0])[0]
    finite = source.replace("num-samples=-1 is-live=true", "num-samples=60000")
    assert finite != source
    expected = run_alone(finite + " ! " + split_receiver(block[1])[1], alone).split()
    for rows in received:
        at = expected.index(rows[0])
        assert rows == expected[at:at + len(rows)]


def test_rtp(block, folders):
    here, there, alone = folders
    receiver = start(block[0], 0, there)
    sender = start(block[1], port_of(receiver), here)
    received = take(rows_of(receiver), 5000)
    finish(sender)
    interrupt(receiver)

    line = split_sender(block[1])[0] + " ! " + split_receiver(block[0])[1]
    assert received == list(filter(is_row, run_alone(line, alone).split()))


# --- bit by bit -----------------------------------------------------------------------

class Arrival:
    """What comes out of a pipeline at once."""

    def __init__(self, sample):
        buffer = sample.get_buffer()
        self.caps = sample.get_caps().to_string()
        self.bytes = buffer.extract_dup(0, buffer.get_size())
        self.pts, self.duration = buffer.pts, buffer.duration
        self.offset, self.offset_end = buffer.offset, buffer.offset_end


def drop_some(_pad, _info, numbers):
    lost = next(numbers) % 7 == 3
    return Gst.PadProbeReturn.DROP if lost else Gst.PadProbeReturn.OK


class Receiver:
    def __init__(self, line, drop_from=None):
        self.pipeline = Gst.parse_launch(f"{line} ! appsink name=end sync=false")
        if drop_from:
            pad = self.pipeline.get_by_name(drop_from).get_static_pad("src")
            pad.add_probe(Gst.PadProbeType.BUFFER, drop_some, itertools.count())
        self.pipeline.set_state(Gst.State.PLAYING)
        self.end = self.pipeline.get_by_name("end")

    def port(self):
        source = self.pipeline.get_by_name("source")
        name = "current-port" if source.find_property("current-port") else "port"
        return source.get_property(name)

    def pull(self):
        """What arrives next, or None at the end."""
        sample = self.end.try_pull_sample(PATIENCE * Gst.SECOND)
        assert sample or self.end.props.eos, "nothing arrives"
        return sample and Arrival(sample)

    def pull_all(self):
        return list(iter(self.pull, None))

    def stop(self):
        self.pipeline.set_state(Gst.State.NULL)


def receive_alone(line):
    receiver = Receiver(line)
    arrivals = receiver.pull_all()
    receiver.stop()
    return arrivals


def receive_from_process(block, n):
    """n buffers of the stream, sent by another process."""
    receiver = Receiver(with_port(split_receiver(block[0])[0], "0 name=source"))
    carrier = split_sender(block[1])[1]
    sender = start(f"gst-launch-1.0 {STREAM} ! {carrier}", receiver.port(), None)
    arrivals = [receiver.pull() for _ in range(n)]
    finish(sender)
    return receiver, arrivals


def expected_stream():
    arrivals = receive_alone(STREAM)
    nans = [np.isnan(np.frombuffer(a.bytes[:1000], "<f4")).sum() for a in arrivals]
    assert len(arrivals) == 3 and any(nans), "no NaN is sent"
    return arrivals


def test_tcp_bit_by_bit(block):
    expected = expected_stream()
    receiver, actual = receive_from_process(block, len(expected))
    assert receiver.pull() is None, "more than was sent"
    receiver.stop()
    for a, b in zip(actual, expected):
        assert vars(a) == vars(b), (vars(a), vars(b))


def test_live_tcp_bit_by_bit(block):
    source = "vaesynth num-samples={} is-live={} rate=1000 ! vaescore model=m.bin"
    line = f"gst-launch-1.0 {source.format(-1, 'true')} ! {split_sender(block[0])[1]}"
    sender = start(line, 0, None)
    receiver = Receiver(with_port(split_receiver(block[1])[0], port_of(sender)))
    actual = [receiver.pull() for _ in range(10)]
    interrupt(sender)
    receiver.stop()

    expected = {a.offset: a for a in receive_alone(source.format(60000, "false"))}
    late = actual[0].pts - expected[actual[0].offset].pts
    for i, a in enumerate(actual):
        b = expected[actual[0].offset + 50 * i]
        b.pts += late
        assert vars(a) == vars(b), (vars(a), vars(b))


def test_rtp_bit_by_bit(block):
    expected = expected_stream()
    receiver, actual = receive_from_process(block, len(expected))
    receiver.stop()
    for a, b in zip(actual, expected):
        assert (a.caps, a.bytes) == (b.caps, b.bytes)
        assert abs(a.pts - b.pts) <= RTP_TICK, (a.pts, b.pts)


def rows_and_scores(arrivals):
    """Rows of 5 channels, as bytes, and the scores in the last tensor."""
    for arrival in arrivals:
        n = len(arrival.bytes) // (5 * 4 + 1 + 4)
        rows = np.frombuffer(arrival.bytes[:n * 20], "V20")
        yield from zip(rows.tolist(), np.frombuffer(arrival.bytes[-4 * n:], "<f4"))


def test_no_score_spans_a_lost_packet(rows_per_buffer):
    """Some buffers are one packet each, others are several."""
    source = f"vaesynth num-samples=6000 samples-per-buffer={rows_per_buffer}"
    score = "vaescore model=windowed.bin"
    expected = dict(rows_and_scores(receive_alone(f"{source} ! {score}")))
    number = {row: i for i, row in enumerate(expected)}

    receiver = Receiver(f"{source} ! rtpgstpay ! identity name=wire ! rtpgstdepay ! {score}",
                        drop_from="wire")
    received = list(rows_and_scores(receiver.pull_all()))
    receiver.stop()

    gaps, following = 0, 0
    for (before, _), (row, score) in zip([(None, None), *received], received):
        consecutive = before and number[row] == number[before] + 1
        following = following + 1 if consecutive else 1
        gaps += not consecutive
        right = np.float32(np.nan) if following < WINDOW else expected[row]
        assert np.array_equal(score, right, equal_nan=True), (number[row], score, right)
    assert gaps > 3 and len(received) > 1000, (gaps, len(received))


def train(folder, *properties):
    run_alone(f"vaesynth seed=1 num-samples=1000 ! vaetrain loss=seed epochs=2 silent=true "
              + " ".join(properties), folder)


def make_folders(root):
    """Three machines: one with the rows, one with the model, one with both."""
    folders = [root / name for name in ("here", "there", "alone")]
    for folder in folders:
        folder.mkdir()
    here, there, alone = folders
    for folder in (there, alone):
        train(folder, "model=m.bin")
    for folder in (here, alone):
        for seed, name in enumerate(("train.csv", "test.csv")):
            run_alone(f"vaesynth seed={seed} num-samples=1000 ! tensorcsvenc "
                      f"! filesink location={name}", folder)
    return folders


def main():
    Gst.init(None)
    for name in ("gdppay", "rtpgstpay"):
        if not Gst.ElementFactory.find(name):
            sys.exit(f"no {name}: tests/run.sh says which packages the tests need")

    score, train_there, live, rtp = read_blocks(pathlib.Path(sys.argv[1]))
    with tempfile.TemporaryDirectory() as root:
        folders = make_folders(pathlib.Path(root))
        test_a_file(score, "scores.csv", folders)
        test_a_file(train_there, "trained.bin", folders)
        test_a_live_source(live, folders)
        test_rtp(rtp, folders)

        os.chdir(root)
        train(root, "model=m.bin")
        train(root, f"model=windowed.bin window={WINDOW}")
        test_tcp_bit_by_bit(score)
        test_live_tcp_bit_by_bit(live)
        test_rtp_bit_by_bit(rtp)
        for rows_per_buffer in (5, 50, 200):
            test_no_score_spans_a_lost_packet(rows_per_buffer)


main()
