# SPDX-License-Identifier: BSD-2-Clause
"""What is printed: the table, a profile; CSV and the chart."""
import bisect
import csv
import math
import subprocess

from figures import number, rows
from measure import KERNEL, OUT, symbols

COUNTERS = ["kernel", "user", "barriers", "tlbi", "msr", "timer", "cache", "loads", "stores", "code_lines", "data_lines",
            "written_lines", "longest"]


SIZES = [1, 16, 256, 1000, 10000]


def geometric_mean(values):
    return math.exp(sum(map(math.log, values)) / len(values)) if values else math.nan


def table(result):
    """Every row, the counters of every path, the mean; files beside them."""
    ratios, section = [], None
    print("%-58s %-12s %9s %8s %8s %6s" % ("operation", "unit", "reference", "target", "ours", "ratio"))
    for row in rows():
        if row.section != section:
            section = row.section
            print("\n" + section)
        ours = result.figures.get(row.id, math.nan)
        ratio = ours / row.reference if row.reference else math.nan
        ratios += [(row, ratio)] if row.reference and row.id in result.figures else []
        print("%-58s %-12s %9s %8s %8s %6s%s" % (
            row.operation, row.unit, number(row.reference) if row.reference else "-", number(row.target) if row.target else "-",
            number(ours) if row.id in result.figures else "missing", "%.2f" % ratio if row.reference else "-",
            "  above target" if row.target and ours > row.target else ""))
    growth(result)
    print("\nper path: " + ", ".join(COUNTERS))
    for name, interval in result.intervals.items():
        print("%-28s" % name + "".join("%7d" % interval.counters[c] for c in COUNTERS))
    operations = [ratio for row, ratio in ratios if row.section != "Figures of the whole"]
    write_csv(result)
    write_chart([(row, ratio) for row, ratio in ratios if row.section != "Figures of the whole"])
    print("\n".join(["", *result.failures]))
    print("geometric mean of %d operations: %.3f of the reference (aim 0.42); highest %.2f (aim 0.70)" %
          (len(operations), geometric_mean(operations), max(operations, default=math.nan)))


def growth(result):
    """Costs against the number of elements."""
    lines = {}
    for name, figure in result.figures.items():
        if name.startswith("grow/"):
            what, which, n = name.split("/")[1:]
            lines.setdefault((what, which), {})[int(n)] = figure
    print("\n%-44s" % "instructions with so many elements" + "".join("%9d" % n for n in SIZES))
    for (what, which), at in sorted(lines.items()):
        print("%-44s" % ("%s, %s" % (what, which)) + "".join("%9s" % (number(at[n]) if n in at else "") for n in SIZES))


def write_csv(result):
    with open(OUT / "bench.csv", "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["id", "operation", "unit", "reference", "target", "ours", "ratio", *COUNTERS])
        for row in rows():
            ours = result.figures.get(row.id)
            interval = result.intervals.get(row.id)
            out.writerow([row.id, row.operation, row.unit, row.reference, row.target, ours,
                          round(ours / row.reference, 3) if ours is not None and row.reference else None,
                          *([interval.counters[c] for c in COUNTERS] if interval else [])])


def write_chart(ratios):
    """Bars of ratios, lowest first; lines at 1.0 and 0.42."""
    wide, high, left, scale = 900, 18, 380, 380
    bottom = 30 + high * len(ratios)
    out = ['<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="12">' % (wide, bottom + 30),
           '<text x="8" y="18">Instructions as a part of the reference (1.0)</text>']
    for i, (row, ratio) in enumerate(sorted(ratios, key=lambda r: r[1])):
        y = 30 + high * i
        out.append('<text x="%d" y="%d" text-anchor="end">%s</text>' % (left - 6, y + 12, row.operation.replace("&", "&amp;")))
        out.append('<rect x="%d" y="%d" width="%.0f" height="%d" fill="%s"/>' %
                   (left, y + 2, min(ratio, 1.3) * scale, high - 5, "#3b7" if ratio <= 0.42 else "#69c" if ratio <= 0.7 else "#c64"))
        out.append('<text x="%.0f" y="%d">%.2f</text>' % (left + min(ratio, 1.3) * scale + 4, y + 12, ratio))
    for at, text in ((0.42, "0.42"), (1.0, "1.0")):
        x = left + at * scale
        out.append('<line x1="%.0f" y1="26" x2="%.0f" y2="%d" stroke="#333" stroke-dasharray="3 3"/>' % (x, x, bottom))
        out.append('<text x="%.0f" y="%d">%s</text>' % (x - 10, bottom + 16, text))
    (OUT / "bench.svg").write_text("\n".join(out + ["</svg>", ""]))


def inlined(elf, addresses):
    """For each address the function its code was written in, whatever it was compiled into."""
    if not addresses:
        return {}
    out = subprocess.run(["aarch64-linux-gnu-addr2line", "-f", "-e", str(elf)], input="\n".join("%#x" % a for a in addresses),
                         capture_output=True, text=True, check=True).stdout.splitlines()
    return dict(zip(addresses, out[::2]))


def profile(result, name):
    """Instructions of one path by function, and by what was inlined there."""
    if name not in result.intervals:
        print("bench: no path %s; there are: %s" % (name, " ".join(sorted(result.intervals))))
        return 2
    interval = result.intervals[name]
    functions = {}
    for elf, side in ((KERNEL, 1), (OUT / "paths.elf", 0)):
        table_of = symbols(elf)
        mine = {a: n for a, n in interval.addresses.items() if a >> 63 == side}
        written = inlined(elf, list(mine))
        for address, count in mine.items():
            at = bisect.bisect_right(table_of, (address, "\x7f")) - 1
            parts = functions.setdefault((side, table_of[at][1].split(".")[0]), {})
            parts[written[address]] = parts.get(written[address], 0) + count
    print("%s: %d instructions in the kernel, %d at user level" % (name, interval.counters["kernel"], interval.counters["user"]))
    for (side, function), parts in sorted(functions.items(), key=lambda f: (-f[0][0], -sum(f[1].values()))):
        print("%7d  %s%s" % (sum(parts.values()), function, "" if side else "  (user)"))
        for part, count in sorted(parts.items(), key=lambda p: -p[1]):
            if len(parts) > 1:
                print("         %7d  %s" % (count, part))
    print("  ".join("%s %d" % (c, interval.counters[c]) for c in COUNTERS))
    return 0
