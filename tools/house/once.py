# SPDX-License-Identifier: BSD-2-Clause
"""What is written once: a table of docs/style.md names the file for each kind of code, and every other file that has such code, with a reason.

Each kind is found by what such code cannot do without; comments do not count.
"""
import re

from .sources import code, read, tracked

PAGE = "docs/style.md"
TREES = ("kernel", "lib", "os", "net", "drivers", "loader", "apps", "tools", "bench", "examples", "abi")
FAULT = r"seL4_VMFault_FSR|seL4_UserException_Number"
# kind -> all of these are in such a file, and none of those
KINDS = {
    # takes arguments one by one, and looks for directives
    "formatter of text": ((r"\bva_arg\s*\(", r"'%'"), ()),
    # knows how an ELF file begins, or the names of <elf.h>
    "ELF header": ((r"464c457f|\bELFMAG|\bEM_AARCH64\b|\b[eE]_(?:phoff|shoff|phnum|PHOFF|SHOFF|PHNUM)\b|<elf\.h>|\\(?:x7f|177)\W*ELF|0x7f\W+'E'",), ()),
    # names the pairs of the auxiliary vector, or writes what is around it, without the library's header
    "initial stack": ((r"\bAT_(?:PHDR|PHENT|PHNUM|PAGESZ|RANDOM)\b|\bELF64_AUX_NULL,|^uint64_t elf64_stack_words\([^;{]*\)\n\{",),
                      (r'^#include ["<](?:lib/program/)?elf/stack\.h|^#include "os/process/image\.h"',)),
    # takes apart the syndrome of a fault's message or of an exception
    "decoder of faults": ((r"seL4_VMFault_FSR|seL4_UserException_Number|\bsyndrome\b(?! *;)|\besr", r">>\s*26|>>\s*CLASS_SHIFT|&\s*\(?1u?l?\s*<<\s*6\b|&\s*STATUS_WRITE"), ()),
    # understands RevokeFirst as an answer about untyped memory, without asking through the library
    "probe for an empty untyped": ((r"\bseL4_RevokeFirst\b", r"(?i)untyped"), (r"\bcspace_probe_untyped\s*\((?!cspace_t)",)),
}


def table():
    """(kind, file) -> reason, of the page."""
    text = (re.search(r"^## Written once\n(.*?)(?:^## |\Z)", read(PAGE), re.M | re.S) or ["", ""])[1]
    return {(kind, path): reason for kind, path, reason in re.findall(r"^\| ([^|`]+?) \| `([^`|]+)` \| (.+?) \|$", text, re.M)}


def has(kind, text):
    needed, refused = KINDS[kind]
    return all(re.search(p, text, re.M) for p in needed) and not any(re.search(p, text, re.M) for p in refused)


def once():
    """The rule of the house."""
    told = table()
    for kind in KINDS:
        if not any(k == kind for k, _ in told):
            yield f"{PAGE}: no row says where the {kind} is"
    found = set()
    for path in tracked(*(f"{tree}/*.[chS]" for tree in TREES)):
        text = code(read(path))
        found |= {(kind, str(path)) for kind in KINDS if has(kind, text)}
    for kind, path in sorted(found - set(told)):
        home = next((p for k, p in told if k == kind), "?")
        yield f"{path}: another {kind}: use {home}, or give the reason in {PAGE}"
    for kind, path in sorted(set(told) - found):
        yield f"{PAGE}: {path} has no {kind} any more" if kind in KINDS else f"{PAGE}: {kind}: nothing checks that kind"
