# gst-vae
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Parts of a page that a program writes, between two marks:

    <!-- NAME -->
    <!-- /NAME -->
"""

import re
import sys


def write_all(pages, parts):
    """Replaces those of `parts`, texts by name, that the pages have marks for."""
    try:
        for page in pages:
            _write(page, parts)
    except OSError as error:
        sys.exit(f"Not written: {error}")


def _write(page, parts):
    text = page.read_text(encoding="utf-8")
    written = 0
    for name, part in parts.items():
        marked = re.compile(f"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        text, n = marked.subn(lambda m, part=part: m[1] + part + m[2], text)
        written += n
    if not written:
        sys.exit(f"Not written: {page} has no marks for " + " or ".join(parts))
    page.write_text(text, encoding="utf-8")
