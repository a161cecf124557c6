#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# QEMU 7.2 (Debian bookworm, qemu-system-arm 1:7.2+dfsg-7+deb12u18+b3): two halves of one GICv3 tell different numbers of priority bits.
#
# The usual question is to write all ones to a priority and read back which of them stay.  The redistributor's priority registers keep 8
# bits; ICC_PMR_EL1 of the CPU interface of the same (emulated) Cortex-A53 keeps 5, and ICC_CTLR_EL1 says 5.  Code that asks the
# distributor, as GICv2 had it, and places its levels one apart gets levels that the CPU interface cannot tell from each other.
# Seen: "GICR_IPRIORITYR ff, ICC_PMR_EL1 f8, ICC_CTLR_EL1.PRIbits 5".
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
        .macro  digit shift                     // of w2, in hexadecimal
        ubfx    w9, w2, #\shift, #4
        add     w10, w9, #'0'
        add     w11, w9, #'a' - 10
        cmp     w9, #10
        csel    w9, w10, w11, lo
        str     w9, [x1]
        .endm
        .global _start
_start: mov     x1, #0x09000000
        mov     x0, #1
        msr     S3_0_C12_C12_5, x0              // ICC_SRE_EL1
        isb
        mov     x0, #0xff
        mov     x3, #0x080a0000
        add     x3, x3, #0x10000                // the frame of the first redistributor's private interrupts
        strb    w0, [x3, #0x41b]                // GICR_IPRIORITYR of the virtual timer's
        ldrb    w2, [x3, #0x41b]
        digit   4
        digit   0
        msr     S3_0_C4_C6_0, x0                // ICC_PMR_EL1
        mrs     x2, S3_0_C4_C6_0
        digit   4
        digit   0
        mrs     x2, S3_0_C12_C12_4              // ICC_CTLR_EL1
        ubfx    x2, x2, #8, #3
        add     x2, x2, #1
        digit   0
        ldr     w0, =0x84000008                 // PSCI SYSTEM_OFF
        hvc     #0
        b       .
END
"$folder/usr/bin/aarch64-linux-gnu-as" "$folder/program.s" -o "$folder/program.o" || exit 2
"$folder/usr/bin/aarch64-linux-gnu-ld" -Ttext=0x40100000 "$folder/program.o" -o "$folder/program" || exit 2
out=$(timeout 20 "$QEMU" -machine virt,gic-version=3 -cpu cortex-a53 -display none -nic none -monitor none -serial stdio \
        -kernel "$folder/program" </dev/null 2>/dev/null)
"$QEMU" --version | head -n 1
echo "GICR_IPRIORITYR $(echo "$out" | cut -c 1-2), ICC_PMR_EL1 $(echo "$out" | cut -c 3-4), ICC_CTLR_EL1.PRIbits $(echo "$out" | cut -c 5)"
[ "$out" = fff85 ]
