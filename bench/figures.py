# SPDX-License-Identifier: BSD-2-Clause
"""The rows, what is expected of them, and whether a figure got worse."""
import subprocess

from measure import ROOT

EXPECTED = ROOT / "bench" / "expected.tsv"
HEAD = """# Figures of the release kernel, rewritten by `make bench-accept REASON='...'`.
# id	figure	reason (of a figure that got more than 2 % worse)
"""
TOLERANCE = 1.02


class Row:
    """A line of rows.tsv."""

    def __init__(self, line, section):
        self.id, self.operation, self.unit, reference, target = line.split("\t")
        self.reference = None if reference == "-" else float(reference)
        self.target = None if target == "-" else float(target)
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


def complaints(result):
    """Lines about rows without a figure and figures without a row."""
    known = {row.id for row in rows()}
    return ["FAIL %s: has no figure" % name for name in sorted(known - set(result.figures))] + \
           ["FAIL %s: is measured, but has no row in bench/rows.tsv" % name for name in sorted(set(result.figures) - known) if is_row(name)]


def unexplained():
    """Figures of expected.tsv that its last change made worse without a new reason; none when there is no history."""
    def git(*arguments):
        return subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=False)
    path = str(EXPECTED.relative_to(ROOT))
    changed = git("diff", "--quiet", "HEAD", "--", path).returncode == 1
    base = "HEAD" if changed else git("log", "-1", "--format=%H", "--", path).stdout.strip() + "~"
    old = git("show", "%s:%s" % (base, path))
    if old.returncode:
        return []
    before = parse_expected(old.stdout)
    return ["FAIL %s: bench/expected.tsv raises it from %s to %s without a reason" % (name, number(before[name][0]), number(figure))
            for name, (figure, reason) in expected().items()
            if name in before and worse(figure, before[name][0], name) and reason in ("", before[name][1])]


def check(result):
    """For `make test`."""
    wanted = expected()
    failed = complaints(result) + unexplained() + ["FAIL %s: not in bench/expected.tsv (make bench-accept)" % name
                                                   for name in result.figures if name not in wanted]
    passed = better = 0
    for name, figure in result.figures.items():
        if name not in wanted:
            continue
        before = wanted[name][0]
        better += worse(before, figure)
        if worse(figure, before, name):
            failed.append("FAIL %s: %s, expected %s: make it fast again, or make bench-accept REASON='why'" %
                          (name, number(figure), number(before)))
        else:
            passed += 1
    failed += result.failures
    print("\n".join(failed + ["bench: %d figures got more than 2 %% better (make bench-accept)" % better] * (better > 0)))
    print("%d passed, %d failed" % (passed, sum(line.startswith("FAIL") for line in failed)))
    return bool(failed)


def accept(result, reason):
    """Rewrite expected.tsv; nothing is written when something got worse and no reason is given."""
    wanted, lines = expected(), []
    problems = complaints(result) + result.failures
    for name in in_order(result):
        figure = result.figures[name]
        before, why = wanted.get(name, (figure, ""))
        if worse(figure, before, name):
            why = reason.strip()
            if not why:
                problems.append("FAIL %s: %s, was %s: say why in REASON='...'" % (name, number(figure), number(before)))
        elif worse(before, figure):
            why = ""
        lines.append("%s\t%s\t%s" % (name, number(figure), why))
    print("\n".join(problems or ["bench: %d figures accepted" % len(lines)]))
    if not problems:
        EXPECTED.write_text(HEAD + "".join(line.rstrip() + "\n" for line in lines))
    return bool(problems)
