# SPDX-License-Identifier: BSD-2-Clause
"""How large functions and files are, against the bounds and the exceptions of docs/style.md.

Lines of a function are counted from its type to its closing brace.  The cyclomatic number is one more than its decisions: if, for,
while, case, &&, ||, ?: of the source, before macros.
"""
import re

from .sources import ROOT, code, functions, read, tracked

PAGE = "docs/style.md"
DECISION = re.compile(r"\b(?:if|for|while|case)\b|&&|\|\||\?")
TEXT = re.compile(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'')


def cyclomatic(body):
    return 1 + len(DECISION.findall(TEXT.sub("", code(body))))


def percentile(numbers, part):
    return sorted(numbers)[min(len(numbers) - 1, int(len(numbers) * part))] if numbers else 0


def tables():
    """Of the page: tree -> (median, 90th percentile, longest, most decisions, lines of a file), and (file, function) -> reason."""
    page = (ROOT / PAGE).read_text()
    bounds = {tree: tuple(map(int, row.split("|")))
              for trees, row in re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|((?: \d+ \|){5})$", page, re.M)
              for tree in re.findall(r"`(\w+)`", trees)
              for row in [row.rstrip("|")]}
    reasons = {(path, name): reason for path, name, reason in re.findall(r"^\| `([\w/.-]+)` \| `(\w+)` \| (\w.*) \|$", page, re.M)}
    return bounds, reasons


def measure(tree):
    """(file, function, lines, cyclomatic) of each function, and file -> lines."""
    found, files = [], {}
    for path in tracked(f"{tree}/*.c", f"{tree}/*.h"):
        text = read(path)
        files[str(path)] = text.count("\n")
        found += [(str(path), name, lines, cyclomatic(body)) for name, lines, body in functions(text)]
    return found, files


def metrics():
    """The rule of the house; prints what each tree has."""
    bounds, reasons = tables()
    needed = set()
    if not bounds:
        yield f"{PAGE} has no table of bounds"
    for tree, (median, ninety, longest, most, file_lines) in bounds.items():
        found, files = measure(tree)
        lines = [row[2] for row in found]
        is_median, is_ninety = percentile(lines, .5), percentile(lines, .9)
        print(f"  {tree}: {len(found)} functions, median {is_median}, p90 {is_ninety}, longest {max(lines)}, "
              f"cyclomatic p90 {percentile([row[3] for row in found], .9)}, longest file {max(files.values())}")
        if is_median > median:
            yield f"{tree}: the median of functions is {is_median} lines, more than {median}"
        if is_ninety > ninety:
            yield f"{tree}: 90 of 100 functions have up to {is_ninety} lines, more than {ninety}"
        for path, name, length, decisions in found:
            if length > longest or decisions > most:
                needed.add((path, name))
                if (path, name) not in reasons:
                    yield f"{path}: {name} has {length} lines and cyclomatic {decisions}; bounds {longest} and {most}, or a reason in {PAGE}"
        yield from (f"{path}: {n} lines, more than {file_lines}" for path, n in files.items() if n > file_lines)
    for path, name in sorted(set(reasons) - needed):
        yield f"{PAGE}: the exception {name} of {path} is no longer needed: remove it"
