# SPDX-License-Identifier: BSD-2-Clause
"""Who writes what, as the kernel's headers say it: a field whose comment, or the comment above it, says `Written by a, b.` is assigned
in these files only (a.c or a.h, whose base names are unique), and each of them does assign something that is said of it.

Every field of struct core and struct kernel says so; a `.c` file that `Owns core->x` is the first that is named.
"""
import re

from .sources import code, read, tracked

STATE = "kernel/core/state.h"
# struct -> how its fields are reached; others are reached by any pointer, so their names are unique
BASE = {"core": r"(?:\bcore|\bthis_core\(\))->", "kernel": r"\bkernel\.(?:core\[\w+\]\.)?"}
READS = r"\bconst\b[^;=]*=\s*&|[!=]=\s*&"  # an address that nothing is written through
SAID = re.compile(r"Written by ((?:\w+(?:, | and )?)+)\.")
FIELD = re.compile(r"(\w+)\s*(?:\[[^]]*\]\s*)*(?:, \*?(\w+))?;")


def assigned(base, field, texts):
    """Base names of the files that assign a field, by =, by an operator, to a part of it, or through its address."""
    place = base + field + r"\b(?:\s*\[[^]]*\])*(?:\.\w+|\[[^]]*\])*"
    pattern = re.compile(place + r"\s*(?:=(?!=)|[-+|&^*/]=|<<=|>>=|\+\+|--)|(?:\+\+|--|(?<!&)&)" + place)
    return {path.stem for path, text in texts.items() if pattern.search(text)}


def structs(text):
    for name, body in re.findall(r"^struct (\w+) \{\n(.*?)^\};", text, re.M | re.S):
        yield name, body


def fields(body):
    """(field, writers or None) of each; a comment that stands alone speaks for the fields up to the next empty line."""
    above = None
    for line in re.sub(r"/\*.*?\*/", lambda m: re.sub(r"\s*\n\s*\*?\s*", " ", m[0]), body, flags=re.S).split("\n"):
        said = SAID.search(line)
        names = re.split(r", | and ", said[1]) if said else None
        if not line.strip():
            above = None
        elif re.match(r"\s*/\*", line):
            above = names or above
        elif FIELD.search(code(line)):
            for field in filter(None, FIELD.search(code(line)).groups()):
                yield field, names or above


def owners():
    """The rule of the house."""
    paths = tracked("kernel/*.c", "kernel/*.h")
    texts = {path: re.sub(READS, "", code(read(path))) for path in paths if "arch/host" not in str(path)}
    said = {}
    for path in paths:
        if path.suffix != ".h":
            continue
        for struct, body in structs(read(path)):
            base = BASE.get(struct, r"(?:->|\.)")
            for field, names in fields(body):
                if names is None:
                    if str(path) == STATE and struct in BASE and field not in BASE:
                        yield f"{path}: {struct}: nobody is said to write {field}"
                    continue
                said[struct, field] = names
                found = assigned(base, field, texts)
                for name in sorted(found - set(names)):
                    yield f"{path}: {struct}: {field} is written by {', '.join(names)}, but {name} does so too"
    for (struct, field), names in said.items():
        together = [f for f, n in said.items() if n == names and f[0] == struct]
        found = set().union(*(assigned(BASE.get(struct, r"(?:->|\.)"), f, texts) for _, f in together))
        for name in names:
            if name not in found:
                yield f"{struct}: {name} is said to write {field}, and does not"
    for path in paths:
        for sentence in re.findall(r"\bOwns ([^.]*(?:\w\.\w[^.]*)*)\.", " ".join(read(path)[:2000].replace("\n * ", " ").split())):
            for struct, field in re.findall(r"\b(core|kernel)(?:->|\.)(\w+)", sentence):
                if said.get((struct, field), [""])[0] != path.stem:
                    yield f"{path}: owns {struct}'s {field}, of which {STATE} says otherwise"


CAP = ("kernel/cap/cap.h", "kernel/cap/cap_memory.h")


def bits():
    """The second word of a cap means something else for each kind: outside of these it has names only.  A hint that both words are
    read together tells nothing of them."""
    for path in tracked("kernel/*.[ch]"):
        for number, line in enumerate(code(read(path)).split("\n"), 1):
            if str(path) not in CAP and re.search(r"\.b\b", re.sub(r"\btogether\([^)]*\)", "", line)):
                yield f"{path}:{number}: the second word of a cap: {CAP[0]} has names for it"
