#!/bin/sh
# Installs what the tests need (Debian 12 or later), builds gst-vae, and runs all
# tests: as built, and again under AddressSanitizer and UndefinedBehaviorSanitizer,
# and those of the elements under valgrind.
set -eu
cd "$(dirname "$0")/.."

as_root () {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# The plugins-bad, 110 MB with all that they need, are for gdppay and gdpdepay alone.
as_root apt-get update -q
as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qy \
  --no-install-recommends \
  gcc libc6-dev libc6-dbg pkg-config meson ninja-build indent git valgrind \
  locales-all \
  libglib2.0-dev libjson-glib-dev libcairo2-dev libxsmm-dev libopenblas-dev \
  libgstreamer1.0-dev libgstreamer-plugins-base1.0-dev \
  gstreamer1.0-tools gstreamer1.0-plugins-base gstreamer1.0-plugins-good \
  gstreamer1.0-plugins-bad \
  python3 python3-gi gir1.2-gstreamer-1.0 gir1.2-gst-plugins-base-1.0 \
  python3-numpy python3-onnx python3-sklearn python3-torch

# Chromium, 98 MB, looks at the reports; without it that part is skipped.
as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qy \
  --no-install-recommends chromium-headless-shell fonts-dejavu-core ||
  echo "No Chromium: the looks of the reports are not tested"

.ci/format --check

[ -d build ] || meson setup build --werror
meson test -C build --print-errorlogs

echo "The same with the matrix libraries"
for gemm in libxsmm cblas; do
  [ -d build-$gemm ] || meson setup build-$gemm -Dgemm=$gemm --werror
  meson test -C build-$gemm --print-errorlogs --suite engine --suite parity
done

echo "The same under AddressSanitizer and UndefinedBehaviorSanitizer"
[ -d build-asan ] || meson setup build-asan --werror \
  -Db_sanitize=address,undefined -Db_lundef=false
# Python and gst-launch-1.0 are not instrumented themselves.
LD_PRELOAD="$(gcc -print-file-name=libasan.so) $(gcc -print-file-name=libubsan.so)" \
ASAN_OPTIONS=detect_leaks=0:verify_asan_link_order=0 \
UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 \
  meson test -C build-asan --print-errorlogs --timeout-multiplier 4

echo "The elements under valgrind, but for those that take minutes there"
# In one process each: a forked child is not done with its memory when it ends. With
# fair turns, or a thread that trains keeps the others from theirs. rocmetric and
# vaetrain take minutes, and tensorplot has what cairo and fontconfig keep; these
# three are left to the sanitizers and to the leaks test.
CK_FORK=no meson test -C build --print-errorlogs --timeout-multiplier 5 \
  --wrap "valgrind --quiet --fair-sched=yes --error-exitcode=1
    --leak-check=full --show-leak-kinds=definite --errors-for-leak-kinds=definite
    --suppressions=$PWD/tests/valgrind.supp" \
  audio csv error states tensor tensorcsvdec tensorcsvenc vaescore vaesynth
