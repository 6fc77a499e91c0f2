# gst-vae
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs the gst-launch-1.0 lines of README.md and docs/*.md.

They are taken from the code blocks marked sh or console (there, the lines that begin
with `$ `), and run in order, each page in a folder of its own that holds train.csv,
test.csv, scores.csv and a trained m.bin. A comment right before a block may say

    <!-- test: skip: REASON -->
    <!-- test: timeout SECONDS -->

that its lines are not run, or that they have no end of their own: they must still be
running, without an error, after so many seconds, and end when they are interrupted.
"""

import collections
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile

TIMEOUT = 120
PREPARATION = [
    "gst-launch-1.0 -q vaesynth seed=1 ! tensorcsvenc ! filesink location=train.csv",
    "gst-launch-1.0 -q vaesynth seed=2 ! tensorcsvenc ! filesink location=test.csv",
    "gst-launch-1.0 -q vaesynth seed=1 ! vaetrain model=m.bin",
    "gst-launch-1.0 -q vaesynth seed=2 ! vaescore model=m.bin ! tensorcsvenc "
    "! filesink location=scored.csv",
    # tensorcsvenc writes the label and the score last.
    "cut -d, -f6,7 scored.csv > scores.csv && rm scored.csv",
]
BLOCK = re.compile(r"^ *(?P<fence>```+)(?P<language>sh|console)\b[^\n]*\n"
                   r"(?P<text>.*?)^ *(?P=fence)\s*$", re.MULTILINE | re.DOTALL)
DIRECTIVE = re.compile(r"<!--\s*test:\s*((?:(?!-->).)*?)\s*-->\s*\Z", re.DOTALL)

Block = collections.namedtuple("Block", "commands skip seconds")


def commands_of(language, text):
    lines = text.replace("\\\n", " ").splitlines()
    if language == "console":
        lines = [line.lstrip()[2:] for line in lines
                 if line.lstrip().startswith("$ ")]
    return [line.strip() for line in lines
            if line.strip() and not line.lstrip().startswith("#")]


def blocks_of(page):
    text = page.read_text(encoding="utf-8")
    for match in BLOCK.finditer(text):
        skip = seconds = None
        directive = DIRECTIVE.search(text[:match.start()])
        if directive:
            what, _, rest = directive[1].partition(" ")
            if what == "skip:" and rest:
                skip = rest
            elif what == "timeout" and rest:
                seconds = float(rest)
            else:
                sys.exit(f"{page.name}: unknown directive: {directive[0]}")
        yield Block(commands_of(match["language"], match["text"]), skip, seconds)


def run(command, folder, seconds):
    """Returns what is wrong, or None."""
    process = subprocess.Popen(command, shell=True, executable="/bin/bash", cwd=folder,
                               text=True, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, start_new_session=True)
    try:
        out, _ = process.communicate(timeout=seconds or TIMEOUT)
    except subprocess.TimeoutExpired:
        return stop(process, seconds)
    if seconds:
        return f"ended by itself within {seconds} s\n{out}"
    return f"exit status {process.returncode}\n{out}" if process.returncode else None


def stop(process, seconds):
    os.killpg(process.pid, signal.SIGINT)
    try:
        out, _ = process.communicate(timeout=10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return f"could not be interrupted\n{process.communicate()[0]}"
    if not seconds:
        return f"did not end within {TIMEOUT} s\n{out}"
    return f"an error\n{out}" if "ERROR" in out else None


def test_page(page, folder):
    """Returns how many lines were run, and how many failed."""
    counts = [0, 0]
    for command in PREPARATION:
        subprocess.run(command, shell=True, check=True, cwd=folder)
    for block in blocks_of(page):
        for command in block.commands:
            if "gst-launch-1.0" not in command:
                print(f"not run, no pipeline: {command}")
            elif block.skip:
                print(f"not run, {block.skip}: {command}")
            else:
                print(f"run: {command}", flush=True)
                counts[0] += 1
                problem = run(command, folder, block.seconds)
                if problem:
                    print(f"FAILED: {problem}")
                    counts[1] += 1
    return counts


def main():
    root = pathlib.Path(sys.argv[1])
    total = failed = 0
    for page in sorted([*root.glob("README.md"), *root.glob("docs/*.md")]):
        print(f"--- {page.relative_to(root)}")
        with tempfile.TemporaryDirectory() as folder:
            counts = test_page(page, folder)
        total, failed = total + counts[0], failed + counts[1]
    print(f"{total} lines run, {failed} failed")
    sys.exit(1 if failed or not total else 0)


main()
