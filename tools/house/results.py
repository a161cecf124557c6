# SPDX-License-Identifier: BSD-2-Clause
"""One convention of results per layer, as docs/style.md has it: what functions return, and what their headers say that they return."""
import re

from .sources import code, read, tracked

PAGE = "docs/style.md"
# C functions whose result has a meaning by the layer's convention: its type, its name
FUNCTION = re.compile(r"^(?:static |inline )*(int|long|seL4_Error|enum \w+)\s+(\w+)\([^;{]*\)\n\{\n(.*?)^\}", re.M | re.S)
NUMBER = re.compile(r"\breturn\s+(?:[^;?]*\?\s*)?(-?\d+)\s*(?:;|:)|\breturn\b[^;?]*\?[^;:]*:\s*(-?\d+);")
# names of the course's headers (docs/style.md), and numbers that are counts
COURSE = ("lib/compat/", "lib/driver/clock/", "lib/core/base/")
# a comment or a declaration of a header; an empty line ends what a comment describes
PART = re.compile(r"(/\*.*?\*/)|^(?:static inline )?((?:int|long|seL4_Error)\s)(\w+)\((?:[^;{()]|\([^;{()]*\))*\)\s*(?:;|\n\{)|^(\s*)$", re.M | re.S)


def values():
    """The rule of the house: a result that is an error has a name, -1 excepted where the layer's convention has it."""
    for path in tracked("kernel/*.c", "lib/*.c", "os/*.c"):
        if str(path).startswith(COURSE):
            continue
        lowest = -1 if path.parts[0] == "lib" else 0
        for kind, name, body in FUNCTION.findall(code(read(path))):
            for found in NUMBER.finditer(body):
                value = int(found[1] or found[2])
                bad = value < lowest if kind in ("int", "long") else value != 0
                if bad:
                    yield f"{path}: {name} returns {value}: write the name instead, as {PAGE} says of results"
    for path in tracked("os/*.[ch]"):
        for number, line in enumerate(code(read(path)).split("\n"), 1):
            if re.search(r"^\s*\[\d+\]\s*=\s*posix_|\bnumber\s*[=<>!]=\s*\d{2,}", line):
                yield f"{path}:{number}: the number of a call: write its name from os/process/numbers.h"


def layers():
    """Tree -> (what a comment about a result must name one of, what it must not name): the table of the page."""
    table = (re.search(r"^\| headers of \|.*?\n\n", read(PAGE) + "\n\n", re.M | re.S) or [""])[0]
    for tree, one_of, none_of in re.findall(r"^\| `(\w+)` \| (.+?) \| (.+?) \|$", table, re.M):
        yield tree, *(re.findall(r"`([^`]+)`", cell) for cell in (one_of, none_of))


def pattern(names):
    """Names as the page writes them: `X*` is any name that begins so."""
    return "|".join(r"(?<![\w-])" + re.escape(name).replace(r"\*", r"\w*") + r"(?!\w)" for name in names)


def declared(text):
    """(function, what is said of it) of each declaration whose result may be an error; what the head of the file says of results holds for all."""
    comment = ""
    head = (re.search(r"\bResults: .*?\*/", text, re.S) or [""])[0]
    for found in PART.finditer(text):
        if found[1]:
            comment = found[1]
        elif found[3]:
            yield found[3], comment + " " + head
        else:
            comment = ""


def said():
    """The rule of the house: headers say what is returned, in the words of their layer."""
    known = list(layers())
    if not known:
        yield f"{PAGE}: no table of what headers say of results"
    for tree, one_of, none_of in known:
        for path in tracked(f"{tree}/*.h"):
            if str(path).startswith(COURSE):
                continue
            for name, comment in declared(read(path)):
                if not re.search(pattern(one_of), comment):
                    yield f"{path}: {name}: its comment names no result of the layer: {', '.join(one_of)}"
                for wrong in re.findall(pattern(none_of), comment):
                    yield f"{path}: {name}: {wrong} is a result of another layer ({PAGE})"


def results():
    yield from values()
    yield from said()
