# SPDX-License-Identifier: BSD-2-Clause
# What coreutils does with files.
PATH=/usr/bin:/bin
d=$(mktemp -d /tmp/files.XXXXXX)
cd "$d" || exit 1
umask 022
mkdir -p a/b/c
seq 1 1000 >a/numbers
cp -p a/numbers a/b/copy
ln -s ../numbers a/b/link
ln a/numbers a/b/c/hard
mkfifo fifo
chmod 640 a/b/copy
stat -c '%n %A %h %s %F' a/numbers a/b/copy a/b/link fifo
ls -R a
readlink -f a/b/link | sed "s|$d|D|"
cp -a a again
diff -r a again && echo same
mv again/b/copy moved
sort -rn moved | head -n 2
split -n l/3 moved part.
wc -l part.* | tail -n 1
cat part.* | cmp - moved && echo whole
sha256sum moved | cut -c1-16
tac moved | nl | tail -n 1 | tr -s ' \t' ' '
shuf -i 1-50 | sort -n | tail -n 1
(cat <fifo & echo in >fifo; wait)
dd if=moved of=hole bs=100 seek=1000 count=1 2>/dev/null
stat -c %s hole
truncate -s 50 hole
od -c hole | tail -n 1
touch -d '2001-02-03 04:05:06 UTC' hole
TZ=UTC date -r hole +%F_%T
du -b moved | cut -f1
rm -r a again && ls
cd / && rm -r "$d"
ls "$d" 2>&1 | sed "s|$d|D|; s|^[^ ]*ls|ls|"
mkdir /tmp/x-$$/y 2>&1 | sed "s|$$|N|; s|^[^ ]*mkdir|mkdir|"
