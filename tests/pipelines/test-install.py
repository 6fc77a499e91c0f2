# gst-vae
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What meson install installs works: pkg-config finds the engine, the example of the page
is compiled with it without a warning and finds its faulty row, and GStreamer loads the
plug-in. So does meson devenv, without anything being installed:
test-install.py BUILD EMBEDDING.MD"""

import os
import pathlib
import re
import shlex
import shutil
import sys
import tempfile

from check import run, succeed

build, page = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])

# Neither what the tests find the plug-in by, nor a registry in which it is.
environment = {key: value for key, value in os.environ.items()
               if not key.startswith("GST_")}


def install(folder):
    """Returns the folder that the prefix has become."""
    succeed("meson", "install", "-C", build, "--no-rebuild", "--quiet",
            "--destdir", folder)
    config, = folder.rglob("vae.pc")
    prefix, = re.findall("^prefix=(.*)$", config.read_text(), re.MULTILINE)
    moved = pathlib.Path(f"{folder}{prefix}")
    config.write_text(config.read_text().replace(f"prefix={prefix}", f"prefix={moved}"))
    return moved


def check_engine(prefix, folder):
    config, = prefix.rglob("vae.pc")
    library, = prefix.rglob("libvae.so")
    pkg_config = dict(environment, PKG_CONFIG_PATH=str(config.parent))
    text, = re.findall("```c\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    (folder / "example.c").write_text(text)
    flags = succeed("pkg-config", "--cflags", "--libs", "vae", env=pkg_config)
    succeed("cc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-o", folder / "example",
            folder / "example.c", *shlex.split(flags), "-lm")
    out = succeed(folder / "example",
                  env=dict(environment, LD_LIBRARY_PATH=str(library.parent)))
    score, threshold = re.fullmatch(r"score (\S+), threshold (\S+)\n", out).groups()
    assert float(score) > 2 * float(threshold) > 0, out


def check_plugin(prefix, folder):
    plugin, = prefix.rglob("libgstvae.so")
    library, = prefix.rglob("libvae.so")
    installed = dict(environment, GST_PLUGIN_PATH_1_0=str(plugin.parent),
                     GST_REGISTRY_1_0=str(folder / "registry"),
                     LD_LIBRARY_PATH=str(library.parent))
    out = succeed("gst-inspect-1.0", "vaescore", env=installed)
    assert str(plugin) in out, out


def check_devenv():
    status, out, err = run("meson", "devenv", "-C", build, "gst-inspect-1.0", "vaescore",
                           env=environment)
    assert status == 0 and str(build / "gst" / "libgstvae.so") in out, (out, err)
    out = succeed("meson", "devenv", "-C", build, "pkg-config", "--libs", "vae",
                  env=environment)
    assert str(build) in out, out


if not shutil.which("meson"):
    print("skipped: meson is not on the path")
    sys.exit(77)
with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    installed = install(folder)
    check_engine(installed, folder)
    check_plugin(installed, folder)
check_devenv()
