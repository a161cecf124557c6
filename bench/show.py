# SPDX-License-Identifier: BSD-2-Clause
"""What is printed: the table, a profile; CSV and the chart."""
import bisect
import csv
import html
import math
import subprocess

import host
from figures import PROGRAMS, number, rows
from measure import KERNEL, OUT, symbols

COUNTERS = ["kernel", "user", "barriers", "tlbi", "msr", "timer", "cache", "loads", "stores", "code_lines", "data_lines",
            "written_lines", "longest"]


SIZES = [1, 16, 256, 1000, 10000]


def geometric_mean(values):
    return math.exp(sum(map(math.log, values)) / len(values)) if values else math.nan


def ratio_of(row, figures):
    return figures[row.id] / row.reference if row.reference and row.id in figures else None


def operations(figures):
    """[(row, ratio)] of what users ask for: all rows with a reference but the figures of the whole."""
    return [(row, ratio_of(row, figures)) for row in rows()
            if row.section not in ("Figures of the whole", PROGRAMS) and ratio_of(row, figures) is not None]


def mean_line(figures):
    ratios = [ratio for row, ratio in operations(figures)]
    return "geometric mean of %d operations: %.3f of the reference (aim 0.42); highest %.2f (aim 0.70)" % (
        len(ratios), geometric_mean(ratios), max(ratios, default=math.nan))


def cells(row, figures):
    """(reference, before, target, ours, ratio, remark) as texts."""
    ours, ratio = figures.get(row.id), ratio_of(row, figures)
    return (*("-" if n is None else number(n) for n in (row.reference, row.before, row.target)), "missing" if ours is None else number(ours),
            "-" if ratio is None else "%.2f" % ratio,
            "above target" if row.target and ours is not None and ours > row.target else "")


def table(result):
    """Every row, growth, the counters of every path, the mean; files beside them."""
    section = None
    layout = "%-58s %-12s %9s %9s %9s %9s %6s"
    print(layout % ("operation", "unit", "reference", "before", "target", "ours", "ratio"))
    for row in rows():
        if row.section != section:
            section = row.section
            print("\n" + section)
        print(((layout + "  %s") % (row.operation, row.unit, *cells(row, result.figures))).rstrip())
    growth(result)
    print("\nper path: " + ", ".join(COUNTERS))
    for name, interval in result.intervals.items():
        print("%-28s" % name + "".join("%7d" % interval.counters[c] for c in COUNTERS))
    print("\nlongest runs of the kernel without a look at interrupts, on the way to these figures")
    for instructions, name in sorted(result.longest, reverse=True)[:12]:
        print("%7d  %s" % (instructions, name))
    write_csv(result)
    (OUT / "bench.svg").write_text(chart(result.figures))
    print("\n".join(["", *host.report(), "", *result.failures, mean_line(result.figures)]))


def growth_lines(figures):
    """[(what, [a text per size])]"""
    lines = {}
    for name, figure in figures.items():
        if name.startswith("grow/"):
            what, which, n = name.split("/")[1:]
            lines.setdefault("%s, %s" % (what, which), {})[int(n)] = figure
    return [(what, [number(at[n]) if n in at else "" for n in SIZES]) for what, at in sorted(lines.items())]


def growth(result):
    """Costs against the number of elements."""
    print("\n%-44s" % "instructions with so many elements" + "".join("%9d" % n for n in SIZES))
    for what, texts in growth_lines(result.figures):
        print("%-44s" % what + "".join("%9s" % text for text in texts))


def write_csv(result):
    with open(OUT / "bench.csv", "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["id", "operation", "unit", "reference", "before", "target", "ours", "ratio", *COUNTERS])
        for row in rows():
            ours = result.figures.get(row.id)
            interval = result.intervals.get(row.id)
            out.writerow([row.id, row.operation, row.unit, row.reference, row.before, row.target, ours,
                          round(ours / row.reference, 3) if ours is not None and row.reference else None,
                          *([interval.counters[c] for c in COUNTERS] if interval else [])])


def chart(figures):
    """Bars of ratios, lowest first, with lines at 0.42 and 1.0; an SVG text."""
    ratios = sorted(operations(figures), key=lambda r: r[1])
    wide, high, left, scale = 900, 18, 400, 360
    bottom = 30 + high * len(ratios)
    out = ['<!-- SPDX-License-Identifier: BSD-2-Clause -->',
           '<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="12">' % (wide, bottom + 30),
           '<rect width="100%" height="100%" fill="white"/>',
           '<text x="8" y="18">Instructions, as a part of the reference (1.0)</text>']
    for i, (row, ratio) in enumerate(ratios):
        y, length = 30 + high * i, min(ratio, 1.3) * scale
        colour = "#3b7" if ratio <= 0.42 else "#69c" if ratio <= 0.7 else "#c64"
        out.append('<text x="%d" y="%d" text-anchor="end">%s</text>' % (left - 6, y + 12, html.escape(row.operation)))
        out.append('<rect x="%d" y="%d" width="%.0f" height="%d" fill="%s"/>' % (left, y + 2, length, high - 5, colour))
        out.append('<text x="%.0f" y="%d">%.2f</text>' % (left + length + 4, y + 12, ratio))
    for at in (0.42, 1.0):
        x = left + at * scale
        out.append('<line x1="%.0f" y1="26" x2="%.0f" y2="%d" stroke="#333" stroke-dasharray="3 3"/>' % (x, x, bottom))
        out.append('<text x="%.0f" y="%d">%s</text>' % (x - 10, bottom + 16, at))
    return "\n".join(out + ["</svg>", ""])


def inlined(elf, addresses):
    """For each address the function its code was written in, whatever it was compiled into."""
    if not addresses:
        return {}
    out = subprocess.run(["aarch64-linux-gnu-addr2line", "-f", "-e", str(elf)], input="\n".join("%#x" % a for a in addresses),
                         capture_output=True, text=True, check=True).stdout.splitlines()
    return dict(zip(addresses, out[::2]))


def by_function(interval):
    """[(is kernel, function, instructions, {function as written: instructions})], kernel first, largest first."""
    found = {}
    for elf, kernel in ((KERNEL, 1), (OUT / "paths.elf", 0)):
        known = symbols(elf)
        mine = {a: n for a, n in interval.addresses.items() if a >> 63 == kernel}
        written = inlined(elf, list(mine))
        for address, count in mine.items():
            name = known[bisect.bisect_right(known, (address, "\x7f")) - 1][1]
            parts = found.setdefault((kernel, name), {})
            parts[written[address]] = parts.get(written[address], 0) + count
    return sorted(((kernel, name, sum(parts.values()), parts) for (kernel, name), parts in found.items()),
                  key=lambda f: (-f[0], -f[2]))


def profile(result, name):
    """Instructions of one path by function, and by what was inlined there."""
    if name not in result.intervals:
        print("bench: no path %s; say PATH=NAME with one of: %s" % (name, " ".join(sorted(result.intervals))))
        return 2
    interval = result.intervals[name]
    print("%s: %d instructions in the kernel, %d at user level" % (name, interval.counters["kernel"], interval.counters["user"]))
    for kernel, function, count, parts in by_function(interval):
        print("%7d  %s%s" % (count, function, "" if kernel else "  (user)"))
        for part, inside in sorted(parts.items(), key=lambda p: -p[1]):
            if len(parts) > 1:
                print("         %7d  %s" % (inside, part))
    print("  ".join("%s %d" % (c, interval.counters[c]) for c in COUNTERS))
    return 0
