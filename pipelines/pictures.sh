#!/bin/sh
# gst-vae
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Makes the pictures of README.md and docs/.
#   pipelines/pictures.sh [BUILD [FOLDER]]   with the plug-in built in BUILD (./build;
#                                            without such a folder, the installed
#                                            one), into FOLDER (docs/images)
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
build=${1:-$root/build}
if [ -d "$build/gst" ]; then
  build=$(cd "$build" && pwd)
  GST_PLUGIN_PATH_1_0=$build/gst${GST_PLUGIN_PATH_1_0:+:$GST_PLUGIN_PATH_1_0}
  GST_REGISTRY_1_0=$build/registry.bin
  export GST_PLUGIN_PATH_1_0 GST_REGISTRY_1_0
elif [ $# -gt 0 ]; then
  echo "$0: $1 is no build folder" >&2
  exit 1
fi

images=${2:-$root/docs/images}
mkdir -p "$images"
images=$(cd "$images" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

# A beta so small that the latents are in use, and rows without an anomaly.
train () {
  gst-launch-1.0 -q vaesynth seed=1 noise=0.05 anomaly-ratio=0 "$@" ! \
    vaetrain model=m.bin beta=0.01 silent=true
}

# picture FILE SYNTH... -- PLOT...: of the second half of the series. The frame of
# its last row replaces that of its first one.
picture () {
  file=$1
  shift
  synth=
  while [ "$1" != -- ]; do
    synth="$synth $1"
    shift
  done
  shift
  # shellcheck disable=SC2086
  gst-launch-1.0 -q vaesynth seed=2 noise=0.05 anomaly-length=60 $synth ! \
    vaescore model=m.bin score=reconstruction ! \
    tensorplot span=25 framerate=1/3600 "$@" ! \
    pngenc compression-level=9 ! multifilesink location="$images/$file"
  echo "$images/$file"
}

train
picture stacked.png anomaly=drift anomaly-ratio=0.12 -- threshold=0.06
picture overlaid.png anomaly=correlation anomaly-ratio=0.05 -- \
  threshold=0.06 layout=overlaid theme=dark

train features=64
picture channels.png features=64 anomaly=drift anomaly-ratio=0.12 -- \
  threshold=0.011 theme=dark height=720
