#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# QEMU 7.2 (Debian bookworm, qemu-system-arm 1:7.2+dfsg-7+deb12u18+b3): DC ZVA leaves translated code behind.
#
# A program runs two instructions that lie in a block of 64 bytes, but not at its start, clears the block by DC ZVA, invalidates the
# instruction cache as the architecture asks, reads the block back as zero, and jumps there again.  A word of zero is an undefined
# instruction, so there has to be an exception; QEMU runs the old instructions.  With a plain store of zero instead all is well.
# Besides, as the old code is never thrown away, all later stores to that page stay on the emulator's slow way.
# Seen: "undefined" after the plain store, "old code ran" after DC ZVA.
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
cat >"$folder/program.S" <<'END'
        .global _start
_start: adr     x0, vectors
        msr     vbar_el1, x0
        mov     x1, #0xff                       // attribute 0: normal, write-back
        msr     mair_el1, x1
        ldr     x1, =25 | (1 << 8) | (1 << 10) | (3 << 12) | (1 << 23)
        msr     tcr_el1, x1
        adrp    x1, table
        add     x1, x1, :lo12:table
        msr     ttbr0_el1, x1
        dsb     sy
        isb
        mrs     x1, sctlr_el1
        mov     x2, #0x1005                     // MMU and caches on
        orr     x1, x1, x2
        msr     sctlr_el1, x1
        isb
        adrp    x19, block
        add     x19, x19, :lo12:block
        add     x20, x19, #8
        blr     x20                             // the code runs
#ifdef PLAIN
        str     xzr, [x20]
#else
        dc      zva, x19
#endif
        dc      cvau, x19
        dsb     ish
        ic      ivau, x19
        dsb     ish
        isb
        ldr     x21, [x20]
        adr     x0, not_zero
        cbnz    x21, print
        mov     w22, #0
        blr     x20                             // has to be undefined
        adr     x0, stale
        b       print
        .balign 2048
vectors:
        .rept   16
        .balign 128
        adr     x0, undefined
        b       print
        .endr
print:  mov     x1, #0x09000000
1:      ldrb    w2, [x0], #1
        cbz     w2, 2f
        strb    w2, [x1]
        b       1b
2:      ldr     w0, =0x84000008                 // PSCI SYSTEM_OFF
        hvc     #0
        b       .
undefined: .asciz "undefined\n"
stale:  .asciz  "old code ran\n"
not_zero: .asciz "not zero\n"
        .balign 4096
        .skip   64
block:  .skip   8
        mov     w22, #1
        ret
        .balign 4096
table:  .quad   0x00000000 | 0x701              // devices; the attribute does not matter to QEMU
        .quad   0x40000000 | 0x701
        .skip   4080
END
run() { # FLAG...
        gcc -E -x assembler-with-cpp -P "$@" "$folder/program.S" -o "$folder/program.s" || exit 2
        "$folder/usr/bin/aarch64-linux-gnu-as" "$folder/program.s" -o "$folder/program.o" || exit 2
        "$folder/usr/bin/aarch64-linux-gnu-ld" -Ttext=0x40100000 -N --no-warn-rwx-segments "$folder/program.o" -o "$folder/program" || exit 2
        timeout 20 "$QEMU" -machine virt -cpu cortex-a53 -nographic -nic none -monitor none -serial file:"$folder/out" -kernel "$folder/program" </dev/null >/dev/null 2>&1
        cat "$folder/out"
}
plain=$(run -DPLAIN)
zva=$(run)
"$QEMU" --version | head -n 1
echo "after a plain store of zero: $plain"
echo "after DC ZVA:                $zva"
[ "$plain" = undefined ] && [ "$zva" = "old code ran" ]
