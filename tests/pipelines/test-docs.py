# gst-vae
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Each element has a page with its pads, all of its properties, the messages that it
posts, and three pipelines: test-docs.py DOCS"""

import pathlib
import re
import sys

import gi

gi.require_version("Gst", "1.0")
from gi.repository import GObject, Gst  # noqa: E402

WITH_MESSAGES = ("vaetrain", "vaescore", "rocmetric")


def names_in_tables(text):
    """The names in the first cells. `-b` after `x-a` stands for `x-b`."""
    names = set()
    for cell in re.findall(r"^\|([^|]*)\|", text, re.MULTILINE):
        listed = re.findall("`([^`]+)`", cell)
        for name in listed:
            stem = listed[0].rpartition("-")[0] if name.startswith("-") else ""
            names.add(stem + name)
    return names


def own_properties(element):
    return [spec.name for spec in GObject.list_properties(element)
            if spec.owner_type == element.__gtype__]


def faults_of(factory, text):
    documented = names_in_tables(text)
    for name in own_properties(factory.create()):
        if name not in documented:
            yield f"the property {name} is in no table"
    for template in factory.get_static_pad_templates():
        if f"`{template.name_template}`" not in text:
            yield f"the pad {template.name_template} is not described"
    if len(re.findall(rf"gst-launch-1\.0[^\n]*(?:\\\n[^\n]*)*\b{factory.get_name()}\b",
                      text)) < 3:
        yield "there are not three pipelines with it"
    if factory.get_name() in WITH_MESSAGES and not re.search("^#+ Message", text, re.M):
        yield "its messages are not described"


Gst.init(None)
folder, failed = pathlib.Path(sys.argv[1]), False
factories = Gst.Registry.get().get_feature_list_by_plugin("vae")
assert len(factories) >= 7, factories
for one in factories:
    page = (folder / f"{one.get_name()}.md").read_text(encoding="utf-8")
    for fault in faults_of(one, page):
        failed = True
        print(f"{one.get_name()}.md: {fault}")
sys.exit(failed)
