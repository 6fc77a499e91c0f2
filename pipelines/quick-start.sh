#!/bin/sh
# gst-vae
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Trains the default detector on one synthetic series and evaluates it on another.
#   pipelines/quick-start.sh [BUILD]   with the plug-in built in BUILD (./build);
#                                      without such a folder, the installed one
set -eu

build=${1:-$(dirname "$0")/../build}
if [ -d "$build/gst" ]; then
  build=$(cd "$build" && pwd)
  GST_PLUGIN_PATH_1_0=$build/gst${GST_PLUGIN_PATH_1_0:+:$GST_PLUGIN_PATH_1_0}
  GST_REGISTRY_1_0=$build/registry.bin
  export GST_PLUGIN_PATH_1_0 GST_REGISTRY_1_0
elif [ $# -gt 0 ]; then
  echo "$0: $1 is no build folder" >&2
  exit 1
fi

run () {
  printf '\n$ %s\n' "$*"
  "$@"
}

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

echo "A beta-VAE, a PCA and typical rows learn a synthetic series of 5 channels, 2 % of"
echo "its rows anomalous; then they score another such series, and the scores are held"
echo "against the labels."
run gst-launch-1.0 vaesynth seed=1 ! vaetrain model=m.bin
run gst-launch-1.0 vaesynth seed=2 ! vaescore model=m.bin ! \
  rocmetric location=results.json
