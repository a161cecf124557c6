# SPDX-License-Identifier: BSD-2-Clause
"""The rows, what is expected of them, and how figures are written."""
from measure import ROOT

EXPECTED = ROOT / "bench" / "expected.tsv"
TOLERANCE = 1.02
PROGRAMS = "Programs of Linux on the release kernel; the reference is Debian's kernel"  # a section that is no part of the mean


class Row:
    """A line of rows.tsv."""

    def __init__(self, line, section):
        self.id, self.operation, self.unit, *numbers = line.split("\t")
        self.reference, self.target, self.before = (None if n == "-" else float(n) for n in numbers)
        self.section = section


def rows():
    """All rows in order."""
    found, section = [], ""
    for line in (ROOT / "bench" / "rows.tsv").read_text().splitlines():
        if line.startswith("= "):
            section = line[2:]
        elif line and not line.startswith("#"):
            found.append(Row(line, section))
    return found


def parse_expected(text):
    """{id: (figure, reason)}"""
    lines = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {words[0]: (float(words[1]), words[2] if len(words) > 2 else "") for words in lines}


def expected():
    return parse_expected(EXPECTED.read_text()) if EXPECTED.exists() else {}


def number(value):
    return "%d" % value if value == int(value) else "%.1f" % value


def worse(figure, before, name=""):
    """More than 2 % and, where lines are counted, by more than two: where the linker puts code moves them by one or two."""
    return figure > before * TOLERANCE + (2 if name.endswith("_lines") or name.startswith("lines-") else 0)


def is_row(name):
    """Other figures are counters of a path (`call:msr`) and points of growth (`grow/copy/one-more/16`)."""
    return ":" not in name and not name.startswith("grow/")


def in_order(result):
    """Names of all figures: rows as in rows.tsv, then the others."""
    first = [row.id for row in rows() if row.id in result.figures]
    return first + [name for name in result.figures if name not in set(first)]
