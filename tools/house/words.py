# SPDX-License-Identifier: BSD-2-Clause
"""How things are said: the words that docs/style.md refuses, and results that are named as it says."""
import re

from .sources import code, read, tracked

PAGE = "docs/style.md"
TEXTS = ("kernel/*.[chS]", "lib/*.[chS]", "os/*.[ch]", "net/*.[ch]", "drivers/*.[ch]", "loader/*.[chS]", "apps/*.[ch]", "bench/*.[ch]",
         "abi/*.h", "tests/*.[chS]", "tests/*/run", "tools/*", "docs/*.md", "examples/*.[ch]", "README.md", "CHANGELOG.md",
         "CONTRIBUTING.md")
ELSEWHERE = ("docs/spec/", "docs/known-bugs", "tools/house/", "tests/style/")  # texts of others, and this rule itself
# C functions whose result has a meaning by the layer's convention: its type, its name
FUNCTION = re.compile(r"^(?:static |inline )*(int|long|seL4_Error|enum \w+)\s+(\w+)\([^;{]*\)\n\{\n(.*?)^\}", re.M | re.S)
NUMBER = re.compile(r"\breturn\s+(?:[^;?]*\?\s*)?(-?\d+)\s*(?:;|:)|\breturn\b[^;?]*\?[^;:]*:\s*(-?\d+);")
# what the course's headers say (docs/style.md), and numbers that are counted
COURSE = ("lib/compat/", "lib/driver/clock/", "lib/core/base/")


def refused():
    """word -> instead"""
    table = (re.search(r"^## Words\n(.*?)(?:^## |\Z)", read(PAGE), re.M | re.S) or ["", ""])[1]
    return dict(re.findall(r'^\| "([^"|]+)" \| ([^|]+) \|$', table, re.M))


def words():
    """The rule of the house: none of them is in a comment, a page or a message."""
    table = refused()
    if not table:
        yield f"{PAGE}: no table of words"
    for path in tracked(*TEXTS):
        if str(path).startswith(ELSEWHERE) or str(path) == PAGE:
            continue
        for number, line in enumerate(read(path).split("\n"), 1):
            for word, instead in table.items():
                if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", line):
                    yield f"{path}:{number}: {word}: {instead.strip()}"


def results():
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
                    yield f"{path}: {name} returns {value}: its name, as {PAGE} says of results"
    for path in tracked("os/*.[ch]"):
        for number, line in enumerate(code(read(path)).split("\n"), 1):
            if re.search(r"^\s*\[\d+\]\s*=\s*posix_|\bnumber\s*[=<>!]=\s*\d{2,}", line):
                yield f"{path}:{number}: the number of a call: os/process/numbers.h has its name"
