#!/bin/sh
# gst-vae
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# No object outlives a run of training, scoring, writing, reading, evaluation and
# drawing.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

traced () {
  G_DEBUG= GST_TRACERS=leaks GST_DEBUG=GST_TRACER:7 GST_DEBUG_NO_COLOR=1 \
    gst-launch-1.0 -q "$@" >out 2>trace || { cat out trace; exit 1; }
  grep -q 'format string: object-alive,' trace || { echo "no tracer"; exit 1; }
  if grep ':: object-alive,' trace; then
    echo "leaked by $*"
    exit 1
  fi
}

traced vaesynth seed=1 num-samples=1000 ! vaetrain model=m.bin epochs=2
traced vaesynth seed=3 num-samples=1000 ! \
  vaetrain initial-model=m.bin model=m.bin epochs=1
traced audiotestsrc num-buffers=10 ! audio/x-raw,format=S16LE ! \
  vaetrain model=audio.bin epochs=1
traced vaesynth num-samples=1000 ! \
  vaetrain model=grid.bin epochs=2 latent-dims='<2,3>' select=auroc
traced vaesynth seed=2 num-samples=1000 ! vaescore model=m.bin ! \
  rocmetric location=results.json
traced vaesynth seed=2 num-samples=1000 ! vaescore model=m.bin ! \
  tensorcsvenc ! filesink location=scored.csv
traced filesrc location=scored.csv ! tensorcsvdec columns=score \
  label-column=label ! rocmetric score-tensor=0
traced vaesynth num-samples=100 ! vaescore model=m.bin ! tensorplot ! fakesink
