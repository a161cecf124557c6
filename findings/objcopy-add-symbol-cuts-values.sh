#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# binutils 2.40 (Debian bookworm, binutils-aarch64-linux-gnu 2.40-2): `objcopy --add-symbol` cuts values at 2^63 - 1, without a word.
#
# An absolute symbol is added to an AArch64 object with the value 0xffffffc000000000, an ordinary address of a kernel in the upper
# half.  objcopy succeeds and prints nothing, and the symbol has another value.
# Seen: 7fffffffffffffff instead of ffffffc000000000.
# Exit status: 0 as seen, 1 it behaves otherwise now, 2 it could not be tried.
set -u
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
(cd "$folder" && apt-get -qq download binutils-aarch64-linux-gnu=2.40-2 && dpkg -x *.deb .) || exit 2
tool=$folder/usr/bin/aarch64-linux-gnu
LD_LIBRARY_PATH=$folder/usr/lib/$(gcc -print-multiarch)
export LD_LIBRARY_PATH
echo nop | "$tool-as" -o "$folder/a.o" - || exit 2
"$tool-objcopy" --add-symbol place=0xffffffc000000000,global "$folder/a.o" "$folder/b.o" >"$folder/said" 2>&1 || exit 1
got=$("$tool-nm" "$folder/b.o" | awk '$3 == "place" { print $1 }')
"$tool-objcopy" --version | head -n 1
echo "place is $got; objcopy printed $(wc -c <"$folder/said") bytes"
[ "$got" = 7fffffffffffffff ] && [ ! -s "$folder/said" ]
