#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# gcc 12.2 (Debian bookworm, cpp-12-aarch64-linux-gnu 12.2.0-14cross1): the cross compiler looks for headers in the build machine's /usr/include.
#
# Debian shares /usr/include between architectures, so it is at the end of the search list of the compiler for AArch64 too, and
# -ffreestanding does not take it off.  Where libc6-dev-arm64-cross is installed nobody sees it; without it, as in a build of bare-metal code,
# `#include <assert.h>` does not fail: the build machine's own C library supplies it, for another architecture.
# Seen: # 1 "/usr/include/assert.h".
# Exit status: 0 as seen, 1 it behaves otherwise now, 2 it could not be tried.
set -u
[ -e /usr/include/assert.h ] || exit 2
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 2
apt-get -qq download cpp-12-aarch64-linux-gnu=12.2.0-14cross1 && dpkg -x *.deb . || exit 2
echo '#include <assert.h>' >a.c
usr/bin/aarch64-linux-gnu-cpp-12 --version | head -n 1
usr/bin/aarch64-linux-gnu-cpp-12 -ffreestanding -D__STRICT_ANSI__ a.c >out 2>said
grep '^# 1 "/.*assert.h"' out
usr/bin/aarch64-linux-gnu-cpp-12 -ffreestanding -v a.c 2>&1 | sed -n '/^#include <...>/,/^End/p'
grep -q '^# 1 "/usr/include/assert.h"' out
