# gst-vae
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Whether the channels that contribute most to the scores of an anomaly are those that
somebody found guilty."""

import collections
import re

LINE = re.compile(r"(\d+)-(\d+):(\d+(?:,\d+)*)")
TOP = 3

# Channels are counted from 0, and `last` is a row of the anomaly or the one after it,
# as the makers of a data set have it: the labels decide.
Cause = collections.namedtuple("Cause", "first last guilty")
# Shares of the accused channels that are guilty, and of all channels.
Verdict = collections.namedtuple("Verdict", "top1 top3 chance")


class CausesError(Exception):
    """A file of causes that says what cannot be."""


def read_causes(path):
    causes = []
    for number, line in enumerate(path.read_text(encoding="ascii").split(), 1):
        match = LINE.fullmatch(line)
        if not match:
            raise CausesError(f"{path}: line {number} is not FIRST-LAST:CHANNELS")
        guilty = {int(channel) - 1 for channel in match[3].split(",")}
        causes.append(Cause(int(match[1]), int(match[2]), guilty))
    return causes


def judge(causes, rows):
    """A verdict per anomaly on rows of data, label, contributions and score."""
    contributions = rows.floats(2)
    return [_judge(cause, rows, contributions) for cause in causes]


def _judge(cause, rows, contributions):
    labels = rows.tensors[1]
    anomalous = [row for row in range(cause.first, min(cause.last + 1, len(labels)))
                 if labels[row]]
    if not anomalous or not cause.guilty <= set(range(rows.channels)):
        raise CausesError(f"no anomaly of those channels in rows {cause.first}-"
                          f"{cause.last}")
    sums = [0.0] * rows.channels
    for row in anomalous:
        start = row * rows.channels
        for channel in range(rows.channels):
            contribution = contributions[start + channel]
            if contribution == contribution:
                sums[channel] += contribution
    accused = sorted(range(rows.channels), key=lambda channel: -sums[channel])[:TOP]
    right = [channel in cause.guilty for channel in accused]
    return Verdict(float(right[0]), sum(right) / len(right),
                   len(cause.guilty) / rows.channels)
