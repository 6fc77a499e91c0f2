# gst-vae
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs what README.md and docs/*.md show: test-readme.py PROJECT

That is the commands in code blocks marked sh or console (there, the lines that begin with
`$ `) and in indented ones that begin with a pipeline, and blocks marked python, each of
which goes on where the one before it ended. They are run in order, each page in a folder
of its own that holds train.csv, test.csv, rig.wav and rows.f32, all of five channels,
scores.csv, a trained m.bin and pipelines/. A comment right before a block may say

    <!-- test: skip: REASON -->
    <!-- test: timeout SECONDS -->

that it is not run, or that its commands have no end of their own: they must still be
running, without an error, after so many seconds, and end when they are interrupted. A
command that is no pipeline is run only if it is of pipelines/, and has to be skipped
otherwise.
"""

import collections
import os
import pathlib
import re
import shlex
import signal
import subprocess
import sys
import tempfile

TIMEOUT = 120
PATH = os.environ["PATH"]
SOUND = ("audiotestsrc wave=pink-noise num-buffers=20 samplesperbuffer=100 "
         "! audio/x-raw,format=F32LE,rate=1000,channels=5")
PREPARATION = [
    "gst-launch-1.0 -q vaesynth seed=1 ! tensorcsvenc ! filesink location=train.csv",
    "gst-launch-1.0 -q vaesynth seed=2 ! tensorcsvenc ! filesink location=test.csv",
    "gst-launch-1.0 -q vaesynth seed=1 ! vaetrain model=m.bin",
    "gst-launch-1.0 -q vaesynth seed=2 ! vaescore model=m.bin ! tensorcsvenc "
    "! filesink location=scored.csv",
    # tensorcsvenc writes the label and the score last.
    "cut -d, -f6,7 scored.csv > scores.csv && rm scored.csv",
    f"gst-launch-1.0 -q {SOUND} ! wavenc ! filesink location=rig.wav",
    f"gst-launch-1.0 -q {SOUND} ! filesink location=rows.f32",
]
BLOCK = re.compile(
    r"^ *(?P<fence>```+)(?P<language>sh|console|python)\b[^\n]*\n"
    r"(?P<text>.*?)^ *(?P=fence)\s*$"
    r"|(?:(?<=\n\n)|(?<=-->\n))"
    r"(?P<indented> {4,}(?:gst-launch-1\.0|pipelines/)[^\n]*(?:\n {4}[^\n]*)*)",
    re.MULTILINE | re.DOTALL)
DIRECTIVE = re.compile(r"<!--\s*test:\s*((?:(?!-->).)*?)\s*-->\s*\Z", re.DOTALL)

Block = collections.namedtuple("Block", "commands skip seconds")


def commands_of(language, text):
    lines = text.replace("\\\n", " ").splitlines()
    if language == "console":
        lines = [line.lstrip()[2:] for line in lines
                 if line.lstrip().startswith("$ ")]
    return [line.strip() for line in lines
            if line.strip() and not line.lstrip().startswith("#")]


def python_command(text):
    return f"{shlex.quote(sys.executable)} -c {shlex.quote(text)}"


def commands_in(match, python):
    if match["indented"]:
        return commands_of("sh", match["indented"])
    if match["language"] != "python":
        return commands_of(match["language"], match["text"])
    return [python_command(python + match["text"])]


def blocks_of(page):
    text, python = page.read_text(encoding="utf-8"), ""
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
        yield Block(commands_in(match, python), skip, seconds)
        if match["language"] == "python" and not skip:
            python += match["text"]


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


def is_runnable(command):
    return (command.startswith("pipelines/") or "gst-launch-1.0" in command
            or command.startswith(python_command("")[:-2]))


def check_command(command, block, folder):
    """Whether it is run; whether it failed."""
    shown = command if len(command) < 300 else command[:300] + "..."
    if block.skip:
        print(f"not run, {block.skip}: {shown}")
        return 0, 0
    print(f"run: {shown}", flush=True)
    problem = "no pipeline: say why it is skipped"
    if is_runnable(command):
        problem = run(command, folder, block.seconds)
    if problem:
        print(f"FAILED: {problem}")
    return 1, bool(problem)


def prepare(folder, root):
    """As a user's shell has it: the pipelines run with the Python of this test."""
    for command in PREPARATION:
        subprocess.run(command, shell=True, check=True, cwd=folder)
    os.symlink(root / "pipelines", folder / "pipelines")
    os.mkdir(folder / "bin")
    os.symlink(sys.executable, folder / "bin" / "python3")
    os.environ["PATH"] = f"{folder / 'bin'}:{PATH}"


def test_page(page, root, folder):
    """Returns how many commands were run, and how many failed."""
    prepare(folder, root)
    counts = [check_command(command, block, folder)
              for block in blocks_of(page) for command in block.commands]
    return sum(run for run, _ in counts), sum(failed for _, failed in counts)


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    total = failed = 0
    for page in sorted([*root.glob("README.md"), *root.glob("docs/*.md")]):
        print(f"--- {page.relative_to(root)}")
        with tempfile.TemporaryDirectory() as folder:
            counts = test_page(page, root, pathlib.Path(folder))
        total, failed = total + counts[0], failed + counts[1]
    print(f"{total} commands run, {failed} failed")
    sys.exit(1 if failed or not total else 0)


main()
