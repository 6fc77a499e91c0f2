# gst-vae
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs the programs that the tests of the pipelines look at."""

import subprocess


def run(*command, **options):
    """Runs a command. Returns its exit status, its output and its errors."""
    done = subprocess.run([str(part) for part in command], text=True, timeout=600,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False,
                          **options)
    return done.returncode, done.stdout, done.stderr


def succeed(*command, **options):
    """Runs a command that must succeed. Returns its output."""
    status, out, err = run(*command, **options)
    assert status == 0, f"{command} ended with {status}\n{out}\n{err}"
    return out
