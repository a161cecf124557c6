# SPDX-License-Identifier: BSD-2-Clause
"""Braces: none round one statement on one line, and in a chain of `else` round all or none."""
import re

from .sources import read, tracked

HEAD = re.compile(r"^(\s*)(?:if|for|while) \(.*\) \{$")
NEXT = re.compile(r"^\s*\} else(?: if \(.*\))? \{$")
CONTROL = re.compile(r"\s*(?:if|for|while|do|switch|else|case|default)\b")


def braced(lines, at):
    """How many statements the chain that begins at this line puts into braces each, if they need none; 0: it is another line, or needs them."""
    head = HEAD.match(lines[at])
    if not head:
        return 0
    indent, branches = head[1], 0
    while at + 2 < len(lines):
        body, close = lines[at + 1], lines[at + 2]
        if not body.endswith(";") or CONTROL.match(body):
            return 0
        branches += 1
        if close == indent + "}":
            behind = lines[at + 3].strip() if at + 3 < len(lines) else ""
            return 0 if behind.startswith("else") else branches
        if not (NEXT.match(close) and close.startswith(indent + "}")):
            return 0
        at += 2
    return 0


def braces():
    """The rule of the house."""
    for path in tracked("*.c", "*.h"):
        lines = read(path).split("\n")
        for at in range(len(lines)):
            if braced(lines, at):
                yield f"{path}:{at + 1}: braces round one statement"
