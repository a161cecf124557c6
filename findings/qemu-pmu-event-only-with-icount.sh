#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# QEMU 7.2 (Debian bookworm, qemu-system-arm 1:7.2+dfsg-7+deb12u18+b3): which events the performance counters offer depends on -icount.
#
# A bare program on `-machine virt -cpu cortex-a53` prints bit 8 of PMCEID0_EL0 (instructions retired, which the architecture asks of
# every implementation of PMUv3).  The same processor has the event with `-icount shift=0`, and lacks it without.
# Seen: "1" with -icount, "0" without.
# Exit status: 0 as seen, 1 it behaves otherwise now, 2 it could not be tried.
set -u
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
(cd "$folder" && apt-get -qq download qemu-system-arm=1:7.2+dfsg-7+deb12u18+b3 binutils-aarch64-linux-gnu=2.40-2 &&
        for p in *.deb; do dpkg -x "$p" .; done) || exit 2
QEMU=$folder/usr/bin/qemu-system-aarch64
LD_LIBRARY_PATH=$folder/usr/lib/$(gcc -print-multiarch)
export LD_LIBRARY_PATH
if ldd "$QEMU" | grep -q 'not found'; then # what it stands on is not installed here
        (cd "$folder" && apt-get -qq download $(apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks \
                --no-replaces --no-enhances qemu-system-arm | grep '^lib' | sort -u) && for p in lib*.deb; do dpkg -x "$p" .; done) || exit 2
fi
cat >"$folder/program.s" <<'END'
        .global _start
_start: mrs     x0, pmceid0_el0
        ubfx    x0, x0, #8, #1
        add     w0, w0, #'0'
        mov     x1, #0x09000000
        strb    w0, [x1]
        ldr     w0, =0x84000008                 // PSCI SYSTEM_OFF
        hvc     #0
        b       .
END
"$folder/usr/bin/aarch64-linux-gnu-as" "$folder/program.s" -o "$folder/program.o" || exit 2
"$folder/usr/bin/aarch64-linux-gnu-ld" -Ttext=0x40100000 "$folder/program.o" -o "$folder/program" || exit 2
run() { # OPTION...
        timeout 20 "$QEMU" -machine virt -cpu cortex-a53 -nographic -nic none -monitor none -serial file:"$folder/out" "$@" \
                -kernel "$folder/program" </dev/null >/dev/null 2>&1
        cat "$folder/out"
}
counted=$(run -icount shift=0)
plain=$(run)
"$QEMU" --version | head -n 1
echo "with -icount:    $counted"
echo "without -icount: $plain"
[ "$counted" = 1 ] && [ "$plain" = 0 ]
