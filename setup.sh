#!/bin/sh
# Installs what gst-vae is built from (Debian 12 or later), builds it in ./build,
# and shows it at work.
set -eu
cd "$(dirname "$0")"

as_root () {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

as_root apt-get update -q
as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qy \
  --no-install-recommends \
  gcc libc6-dev pkg-config meson ninja-build \
  libglib2.0-dev libjson-glib-dev libcairo2-dev \
  libgstreamer1.0-dev libgstreamer-plugins-base1.0-dev \
  gstreamer1.0-tools gstreamer1.0-plugins-base gstreamer1.0-plugins-good

[ -d build ] || meson setup build
meson compile -C build
pipelines/quick-start.sh build
