#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# e2fsprogs 1.47.0 (Debian bookworm, e2fsprogs 1.47.0-2+b2): debugfs ends with status 0 although its command failed.
#
# `debugfs -R` of a command that cannot be done prints the error and answers 0, even where the image does not exist.  The obvious test of an
# image, `debugfs -R "cat /file" disk >/dev/null && echo there`, cannot fail: what is looked for has to be compared.
# Seen: "cat of a missing file 0, write of a missing file 0, no such image 0".
# Exit status: 0 as seen, 1 it behaves otherwise now, 2 it could not be tried.
set -u
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
(cd "$folder" && apt-get -qq download e2fsprogs=1.47.0-2+b2 libext2fs2=1.47.0-2+b2 libcom-err2=1.47.0-2+b2 libss2=1.47.0-2+b2 &&
        for p in *.deb; do dpkg -x "$p" .; done) || exit 2
multiarch=$(gcc -print-multiarch)
LD_LIBRARY_PATH=$folder/usr/lib/$multiarch:$folder/lib/$multiarch
export LD_LIBRARY_PATH
cd "$folder" || exit 2
truncate -s 1M disk
sbin/mke2fs -q -F disk || exit 2
sbin/debugfs -R "cat /missing" disk >out 2>said
cat=$?
sbin/debugfs -w -R "write $folder/missing name" disk >out 2>>said
write=$?
sbin/debugfs -R stats none >out 2>>said
open=$?
sbin/debugfs -V 2>&1 | head -n 1
grep -v '^debugfs' said
out="cat of a missing file $cat, write of a missing file $write, no such image $open"
echo "$out"
[ "$out" = "cat of a missing file 0, write of a missing file 0, no such image 0" ]
