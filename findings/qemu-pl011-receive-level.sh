#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# QEMU 7.2 (Debian bookworm, qemu-system-arm 1:7.2+dfsg-7+deb12u18+b3): the PL011 knows no receive level and no receive timeout.
#
# With the FIFO on and UARTIFLS at 7/8, one byte of input raises the receive interrupt (RXRIS) at once, where the manual asks for 28 of 32
# bytes; the receive timeout (RTRIS), which on a real UART is what tells of that byte, is never raised.  So a driver that enables
# only the receive interrupt works here and keeps the last bytes to itself on a board; one that waits for the timeout alone never hears.
# Seen: "RXRIS 1 RTRIS 0" with one byte in the FIFO, 0.1 s and more after it came.
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
_start: mov     x1, #0x09000000
        mov     w0, #0x10                       // UARTLCR_H: FIFO on
        str     w0, [x1, #0x2c]
        mov     w0, #0x24                       // UARTIFLS: 7/8 for both
        str     w0, [x1, #0x34]
        mov     w0, #0x301                      // UARTCR: on, transmit, receive
        str     w0, [x1, #0x30]
empty:  ldr     w0, [x1, #0x18]                 // UARTFR: RXFE
        tbnz    w0, #4, empty
        mrs     x2, cntfrq_el0
        mrs     x3, cntvct_el0
        mov     x4, #10
        udiv    x2, x2, x4
        add     x3, x3, x2
later:  mrs     x4, cntvct_el0
        cmp     x4, x3
        b.lo    later
        ldr     w0, [x1, #0x3c]                 // UARTRIS
        ubfx    w5, w0, #4, #1                  // RXRIS
        add     w5, w5, #'0'
        str     w5, [x1]
        ubfx    w5, w0, #6, #1                  // RTRIS
        add     w5, w5, #'0'
        str     w5, [x1]
        ldr     w0, =0x84000008                 // PSCI SYSTEM_OFF
        hvc     #0
        b       .
END
"$folder/usr/bin/aarch64-linux-gnu-as" "$folder/program.s" -o "$folder/program.o" || exit 2
"$folder/usr/bin/aarch64-linux-gnu-ld" -Ttext=0x40100000 "$folder/program.o" -o "$folder/program" || exit 2
out=$({ sleep 1; printf x; sleep 9; } | timeout 20 "$QEMU" -machine virt -cpu cortex-a53 -display none -nic none -monitor none -serial stdio \
        -kernel "$folder/program" 2>/dev/null)
"$QEMU" --version | head -n 1
echo "RXRIS ${out%?} RTRIS ${out#?}"
[ "$out" = 10 ]
