# SPDX-License-Identifier: BSD-2-Clause
"""The figures in docs/performance.md: blocks between `<!-- begin NAME -->` and `<!-- end -->`, and docs/performance.svg.

Blocks are written from bench/expected.tsv by `make bench-accept`, and `make test` holds them against it:
  table     every row               growth    costs against the number of elements
  traced    paths with and without a trace
  misses    every row above its target, with the functions that take most and what to do next (bench/misses.tsv)
  profile PATH [N]   the N (10) functions that take most; written from a measurement, held by its total
"""
import re

import figures
import show
from measure import ROOT, TRACED

TEXT = ROOT / "docs" / "performance.md"
IDEAS = ROOT / "bench" / "misses.tsv"
CHART = ROOT / "docs" / "performance.svg"
BLOCK = re.compile(r"(<!-- begin ([^>]*?) -->\n)(.*?)(<!-- end -->)", re.S)


def table(wanted):
    """Markdown of all rows, a heading line per section."""
    lines, section = ["| operation | unit | reference | before | target | ours | ratio | |", "|---|---|--:|--:|--:|--:|--:|---|"], None
    for row in figures.rows():
        if row.section != section:
            section = row.section
            lines.append("| **%s** | | | | | | | |" % section)
        lines.append("| %s | %s | %s | %s | %s | %s | %s | %s |" % (row.operation, row.unit, *show.cells(row, wanted)))
    return "\n".join(lines + ["", show.mean_line(wanted).capitalize() + "."])


def growth(wanted):
    head = ["| | %s |" % " | ".join("%d" % n for n in show.SIZES), "|---|" + "--:|" * len(show.SIZES)]
    return "\n".join(head + ["| %s | %s |" % (what, " | ".join(texts)) for what, texts in show.growth_lines(wanted)])


def traced(wanted):
    """Markdown of the paths that are also measured while a trace runs."""
    lines = ["| operation | trace off | trace on | more |", "|---|--:|--:|--:|"]
    operations = {row.id: row.operation for row in figures.rows()}
    for name in TRACED:
        off, on = wanted.get(name, 0), wanted.get("traced-" + name, 0)
        lines.append("| %s | %s | %s | %s |" % (operations[name], figures.number(off), figures.number(on), figures.number(on - off)))
    return "\n".join(lines)


def ideas():
    """{id of a row: what to do next}"""
    lines = (line.split("\t") for line in IDEAS.read_text().splitlines() if line and not line.startswith("#"))
    return {name: idea for names, idea in lines for name in names.split()}


def missed(wanted):
    """Rows above their targets."""
    return [row for row in figures.rows() if row.target and wanted.get(row.id, 0) > row.target]


def most_of(interval, name, count=4):
    """The functions that take most of one path; rows of the libraries and of programs have no intervals."""
    if name not in interval:
        return "-"
    functions = [(f, n) for kernel, f, n, parts in show.by_function(interval[name]) if kernel]
    return ", ".join("%s %d" % (f.replace("_", "\\_"), n) for f, n in functions[:count])


def misses(wanted, old, result):
    """Markdown; without a measurement the column of functions stays as it is."""
    known = {}
    for line in old.splitlines():
        cells = line.strip("| ").split(" | ")
        known[cells[0]] = cells[3] if len(cells) == 5 else "-"
    lines = ["| row | ours | target | most of it, instructions | next idea |", "|---|--:|--:|---|---|"]
    for row in missed(wanted):
        most = most_of({**result.growth, **result.intervals}, row.id) if result else known.get(row.operation, "-")
        lines.append("| %s | %s | %s | %s | %s |" % (row.operation, figures.number(wanted[row.id]), figures.number(row.target), most,
                                                    ideas().get(row.id, "none")))
    return "\n".join(lines)


def profile(result, name, most):
    """One line: the total and the functions that take most of it."""
    interval = result.intervals[name]
    functions = [("%s %d" % (f.replace("_", "\\_"), n)) for kernel, f, n, parts in show.by_function(interval) if kernel]
    shown = ", ".join(functions[:most]) + (", and %d smaller" % (len(functions) - most) if len(functions) > most else "")
    return "`%s`: %s instructions. In the kernel %d: %s.\nBarriers %d, TLB maintenance %d, system registers written %d, timer " \
        "%d; lines of code %d, of data %d." % (
            name, figures.number(result.figures[name]), interval.counters["kernel"], shown,
            *(interval.counters[c] for c in ("barriers", "tlbi", "msr", "timer", "code_lines", "data_lines")))


def render(block, old, wanted, result):
    """The text of a block; profiles stay as they are when nothing was measured."""
    words = block.split()
    if block == "table":
        return table(wanted)
    if block == "growth":
        return growth(wanted)
    if block == "traced":
        return traced(wanted)
    if block == "misses":
        return misses(wanted, old, result)
    if words[0] == "profile" and result:
        return profile(result, words[1], int(words[2]) if len(words) > 2 else 10)
    return old


def rewrite(wanted, result):
    """Write both files; wanted: {name: figure}."""
    text = BLOCK.sub(lambda m: m[1] + render(m[2], m[3].rstrip("\n"), wanted, result) + "\n" + m[4], TEXT.read_text())
    TEXT.write_text(text)
    CHART.write_text(show.chart(wanted))


def complaints(wanted):
    """Lines about what is not as bench/expected.tsv has it."""
    found = []
    for _, block, text, _ in BLOCK.findall(TEXT.read_text()):
        words = block.split()
        if words[0] == "profile":
            total = re.match(r"`\S+`: ([\d.]+) instructions", text)
            good = total and words[1] in wanted and total[1] == figures.number(wanted[words[1]])
        else:
            good = text.rstrip("\n") == render(block, text, wanted, None)
        found += [] if good else ["FAIL docs/performance.md: block `%s` is not as bench/expected.tsv (make bench-accept)" % block]
    found += ["FAIL bench/misses.tsv: %s misses its target, and nothing says what to do next" % row.id for row in missed(wanted)
              if row.id not in ideas()]
    if not CHART.exists() or CHART.read_text() != show.chart(wanted):
        found.append("FAIL docs/performance.svg is not as bench/expected.tsv (make bench-accept)")
    return found
