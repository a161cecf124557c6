#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# gcc 12 for AArch64 (Debian bookworm, gcc-12-aarch64-linux-gnu 12.2.0-14cross1): what bare-metal flags do not prevent.
#
# With -ffreestanding -mgeneral-regs-only -fno-tree-loop-distribute-patterns, as kernels are compiled: clearing a structure of 48 bytes
# is three stores of pairs, clearing one of 56 bytes is a call of memset, which nobody wrote; and a loop that copies three words is
# straight code, while one of four words stays a loop, although assigning a structure of four words is two loads and two stores.
# Seen: clear 48: straight, clear 56: calls memset, copy 3: straight, copy 4: loop, assign 4: straight
# Exit status: 0 as seen, 1 it behaves otherwise now, 2 it could not be tried.
set -u
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
(cd "$folder" && apt-get -qq download gcc-12-aarch64-linux-gnu=12.2.0-14cross1 cpp-12-aarch64-linux-gnu=12.2.0-14cross1 libisl23 libmpc3 \
        libmpfr6 libgmp10 libzstd1 && for p in *.deb; do dpkg -x "$p" .; done) || exit 2
LD_LIBRARY_PATH=$folder/usr/lib/$(gcc -print-multiarch)
export LD_LIBRARY_PATH
cat >"$folder/program.c" <<'END'
struct six { unsigned long word[6]; };
struct seven { unsigned long word[7]; };
struct four { unsigned long word[4]; };

void clear_48(struct six *s) { *s = (struct six){0}; }
void clear_56(struct seven *s) { *s = (struct seven){0}; }
void copy_3(unsigned long *to, const unsigned long *from) { for (int i = 0; i < 3; i++) to[i] = from[i]; }
void copy_4(unsigned long *to, const unsigned long *from) { for (int i = 0; i < 4; i++) to[i] = from[i]; }
void assign_4(struct four *to, const struct four *from) { *to = *from; }
END
"$folder/usr/bin/aarch64-linux-gnu-gcc-12" -O2 -ffreestanding -mgeneral-regs-only -fno-tree-loop-distribute-patterns -S \
        "$folder/program.c" -o "$folder/program.s" || exit 2
kind() { # FUNCTION
        body=$(sed -n "/^$1:/,/\.size/p" "$folder/program.s")
        case $body in
        *memset*) echo "calls memset" ;;
        *"b.ne"* | *"bne"*) echo "loop" ;;
        *) echo "straight" ;;
        esac
}
out="clear 48: $(kind clear_48), clear 56: $(kind clear_56), copy 3: $(kind copy_3), copy 4: $(kind copy_4), assign 4: $(kind assign_4)"
echo "$out"
[ "$out" = "clear 48: straight, clear 56: calls memset, copy 3: straight, copy 4: loop, assign 4: straight" ]
