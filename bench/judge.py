# SPDX-License-Identifier: BSD-2-Clause
"""Whether a figure got worse, and taking figures as expected."""
import subprocess

import docs
import host
from figures import EXPECTED, expected, in_order, is_row, number, parse_expected, rows, worse
from measure import ROOT

HEAD = """# Figures of the release kernel, written by `make bench-accept REASON='...'`.
# id	figure	reason (of a figure that got more than 2 % worse)
"""


# Rows whose target no reason excuses: neither the check nor accepting lets a larger figure pass.
LIMITED = ["kernel-size"]

# Allowed growth of the kernel: name, bytes, reason; and its largest size with all of them.
ADDITIONS = ROOT / "bench" / "additions.tsv"
LARGEST = 99328


def additions(text):
    """{name: (bytes, reason)}"""
    lines = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {words[0]: (int(words[1]), words[2]) for words in lines}


def limit(row, text=None):
    """The target with what is declared; never more than LARGEST."""
    declared = additions(ADDITIONS.read_text() if text is None else text)
    return min(row.target + sum(size for size, _ in declared.values()), LARGEST)


def beyond(found):
    """Lines about figures of LIMITED rows that are larger than their limits."""
    return ["FAIL %s: %s, and the limit is %s (bench/additions.tsv)" % (row.id, number(found[row.id]), number(limit(row)))
            for row in rows() if row.id in LIMITED and found.get(row.id, 0) > limit(row)]


def complaints(result):
    """Lines about rows without a figure, figures without a row, and figures beyond their limits."""
    known = {row.id for row in rows()}
    return ["FAIL %s: has no figure" % name for name in sorted(known - set(result.figures))] + \
           ["FAIL %s: is measured, but has no row in bench/rows.tsv" % name for name in sorted(set(result.figures) - known)
            if is_row(name)] + beyond(result.figures)


def raised(before, now):
    """Lines about figures that are worse in `now` without a new reason; both as of parse_expected."""
    return ["FAIL %s: bench/expected.tsv raises it from %s to %s without a reason" % (name, number(before[name][0]), number(figure))
            for name, (figure, reason) in now.items()
            if name in before and worse(figure, before[name][0], name) and reason in ("", before[name][1])]


def unexplained():
    """The same for the last change of expected.tsv; nothing when there is no history."""
    def git(*arguments):
        return subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=False)
    path = str(EXPECTED.relative_to(ROOT))
    changed = git("diff", "--quiet", "HEAD", "--", path).returncode == 1
    base = "HEAD" if changed else git("log", "-1", "--format=%H", "--", path).stdout.strip() + "~"
    old = git("show", "%s:%s" % (base, path))
    return raised(parse_expected(old.stdout), expected()) if old.returncode == 0 else []


def plain(wanted):
    """Without the reasons."""
    return {name: figure for name, (figure, _) in wanted.items()}


def check(result):
    """For `make test`."""
    wanted = expected()
    failed = complaints(result) + unexplained() + ["FAIL %s: not in bench/expected.tsv (make bench-accept)" % name
                                                   for name in result.figures if name not in wanted]
    failed += ["FAIL %s: expected, but not measured (make bench-accept)" % name for name in wanted if name not in result.figures]
    failed += docs.complaints(plain(wanted))
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
    ratio = host.used_pages()
    if ratio and ratio[0] <= host.RATIO:
        passed += 1
    else:
        failed.append("FAIL objects on pages that once held code: " + ("%.2f times the host time of fresh ones" % ratio[0] if ratio else
                                                                      "the program did not end"))
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
        docs.rewrite(plain(expected()), result)
    return bool(problems)
