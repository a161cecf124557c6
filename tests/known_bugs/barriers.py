#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Cache, TLB and barrier operations of the processor, which no emulator shows, in the order in which the compiled functions have them.

Usage: barriers.py      prints what is wrong, and `N passed, N failed`
Compiled without optimisation, so that each function has its own operations in the order of the source.
"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
COMPILE = ["aarch64-linux-gnu-gcc", "-std=gnu11", "-O0", "-ffreestanding", "-mgeneral-regs-only", "-fno-pic", "-I", str(ROOT / "kernel"),
           "-I", str(ROOT / "kernel/arch/aarch64"), "-I", str(ROOT / "abi"), "-I", str(ROOT / "abi/include"), "-DTESSERA_DEBUG=0", "-S", "-o", "-"]

# Where two are side by side, the second replaces the first at EL2 (face.h).
# Every store of a translation is visible to the walker before what depends on it; invalidations are complete before the function ends;
# new code is in memory before the instruction cache drops the old, and the function waits for that.  Of a guest, translations of stage 2 go
# before those that stage 1 was combined with.
EXPECTED = {
    "kernel/arch/aarch64/cache.c": {
        "finish": "dsb sy",
        "arch_cache_clean": "dc cvac, call finish",
        "arch_cache_clean_invalidate": "dc civac, call finish",
        "drop_instructions": "ic ialluis, ic ivau",
        "arch_cache_unify": "dc cvau, dsb ish, call drop_instructions, dsb ish, isb",
    },
    "kernel/arch/aarch64/mmu.c": {
        "arch_mmu_start": "call arch_space_leave, call arch_tlb_drop_all",
        "arch_space_enter": "msr ttbr0_el1, msr vttbr_el2",
        "arch_space_leave": "msr ttbr0_el1, msr vttbr_el2, isb",
        "arch_table_written": "dsb ishst",
        "borrow_space": "msr vttbr_el2, isb",
        "return_space": "msr vttbr_el2, isb",
        "drop_page_of_stage2": "call borrow_space, dsb ishst, tlbi ipas2e1is, dsb ish, tlbi vmalle1is, dsb ish, call return_space",
        "drop_space_of_stage2": "call borrow_space, dsb ishst, tlbi vmalls12e1is, dsb ish, call return_space",
        "arch_tlb_drop_page": "call drop_page_of_stage2, dsb ishst, tlbi vae1is, dsb ish",
        "arch_tlb_drop_space": "call drop_space_of_stage2, dsb ishst, tlbi aside1is, dsb ish, isb",
        "arch_tlb_drop_all": "dsb ishst, tlbi vmalle1is, tlbi alle1is, dsb ish, isb",
    },
    "kernel/arch/aarch64/memory.S": {
        "arch_clear_to_memory": "dc cvac, dc cvac, dsb sy",
    },
}
OPERATION = re.compile(r"\s+(dc|ic|dsb|tlbi)\s+(\w+)|\s+(isb)\b|\s+msr\s+(v?ttbr0?_el[12])|\s+bl\s+(\w+)")


def operations(path):
    """{function: its operations}; calls of functions of the same file that have some are listed too."""
    text = path.read_text()
    if path.suffix != ".S":
        text = subprocess.run([*COMPILE, str(path)], capture_output=True, text=True, check=True).stdout
    found, function = {}, None
    for line in text.split("\n"):
        label = re.match(r"(\w+):", line)
        if label and not re.match(r"\d+$", label[1]):
            function = label[1]
            found[function] = []
        m = OPERATION.match(" " + re.sub(r"^\s*\d+:", "", line))
        if not m or function is None:
            continue
        if m[1]:
            found[function].append("%s %s" % (m[1], m[2]))
        elif m[3] or m[5] == "isb":
            found[function].append("isb")
        elif m[4]:
            found[function].append("msr " + m[4])
        elif m[5]:
            found[function].append("call " + m[5])
    while any(o.startswith("call ") and not found.get(o[5:]) for ops in found.values() for o in ops):
        found = {f: [o for o in ops if not o.startswith("call ") or found.get(o[5:])] for f, ops in found.items()}
    return found


def returns():
    """(place, what stands behind it) of every return from an exception."""
    for path in sorted([*(ROOT / "kernel/arch/aarch64").rglob("*.[Sch]"), *(ROOT / "loader").glob("*.[Sch]")]):
        lines = [re.sub(r"/\*.*", "", line).strip() for line in path.read_text().split("\n")]
        for number, line in enumerate(lines):
            if re.search(r"\beret\b", line):
                yield "%s:%d" % (path.relative_to(ROOT), number + 1), [" ".join(behind.split()) for behind in lines[number + 1:number + 3]]


def check():
    """How many functions and returns are as they should be, and how many not, which are printed."""
    passed = failed = 0
    for place, behind in returns():
        is_right = behind == ["dsb nsh", "isb"]
        passed += is_right
        failed += not is_right
        if not is_right:
            print("FAIL %s: what stands behind ERET lets the processor run on ahead of it: %s" % (place, behind))
    for name, functions in EXPECTED.items():
        found = operations(ROOT / name)
        for function, wanted in functions.items():
            is_right = ", ".join(found.get(function, [])) == wanted
            passed += is_right
            failed += not is_right
            if not is_right:
                print("FAIL %s: %s" % (function, ", ".join(found.get(function, ["missing"]))))
    return passed, failed


def main():
    passed, failed = check()
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
