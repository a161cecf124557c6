# SPDX-License-Identifier: BSD-2-Clause
"""docs/known-bugs.md beside bugs.txt: the second column of its tables is what bugs.txt says.

As a program: page.py writes that column anew.
"""
import re

from faults import ROOT, blocks

PAGE = ROOT / "docs" / "known-bugs.md"
OWN = "our own"
HOMES = {"unit": "unit", "sim": "sim", "suite": "suite", "domains": "suite", "qemu": "suite"}


def rows(text):
    """(line number, cells) of the tables that have tests."""
    for number, line in enumerate(text.split("\n")):
        cells = [c.strip() for c in line.strip().strip("|").split(" | ")] if line.startswith("| ") else []
        if len(cells) == 3 and cells[0] not in ("Row", "Report"):
            yield number, cells


def belongs(block, row):
    """A block is about a row when it bears its name, or one of the parts that its name has; more after a colon."""
    name = block.row.split(":: ")[0]
    return name == row or name in row.split("; ")


def tests_of(row):
    """What bugs.txt says of a row."""
    here = [b for b in blocks() if belongs(b, row)]
    named = {}
    for program, name in dict.fromkeys(t for b in here for t in b.tests):
        named.setdefault(program, []).append('"%s"' % name if " " in name or ":" in name else "`%s`" % name)
    said = ["%s: %s" % (program, ", ".join(names)) for program, names in named.items()] + ["no fault: " + b.why for b in here if b.why]
    return "; ".join(said)


def without_test():
    """Names in bugs.txt that no test of this machine has."""
    text = {program: "".join(p.read_text() for p in sorted((ROOT / "tests" / folder).glob("*.[ch]"))) for program, folder in HOMES.items()}
    for block in blocks():
        for program, name in block.tests:
            if program in HOMES and not re.search(r"(?<!\w)%s(?!\w)" % re.escape(name), text[program]):
                yield "bugs.txt: tests/%s has no test of that name: %s" % (HOMES[program], name)


def mistakes():
    """What is wrong with the page or with bugs.txt, a line each."""
    yield from without_test()
    names = []
    for number, cells in rows(PAGE.read_text()):
        names.append(cells[0])
        said = tests_of(cells[0])
        if not said:
            yield "docs/known-bugs.md:%d: bugs.txt has nothing about it: %s" % (number + 1, cells[0])
        elif said != cells[1]:
            yield "docs/known-bugs.md:%d: run tests/known_bugs/page: bugs.txt says %s" % (number + 1, said)
    for block in blocks():
        if block.row.startswith(OWN):
            continue
        if sum(belongs(block, name) for name in names) != 1:
            yield "bugs.txt: is about no row, or about several: " + block.row
        if bool(block.why) == bool(block.tests):
            yield "bugs.txt: wants tests or a reason why there is no fault: " + block.row


def write():
    lines = PAGE.read_text().split("\n")
    for number, cells in rows("\n".join(lines)):
        lines[number] = "| %s | %s | %s |" % (cells[0], tests_of(cells[0]) or cells[1], cells[2])
    PAGE.write_text(re.sub(r" +\|$", " |", "\n".join(lines), flags=re.M))
