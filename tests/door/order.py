#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What a cross compiler or the emulator makes waits for the packages: prints each file of make's data base whose recipe
uses one and which may be begun before tools/setup has ended.

Usage: order.py <DATABASE      (make -pn TARGET...)
"""
import re
import sys

RULE = re.compile(r"^((?!#)[^\s:=][^:=]*): ?(?!=)([^|]*)(?:\|(.*))?$")
TOOLS = re.compile(r"aarch64-linux-gnu-|\$\(CROSS\)|qemu-system-aarch64")


def rules(text):
    """target -> (everything that is made before it, its recipe)."""
    before, recipe, targets = {}, {}, []
    for line in text.splitlines():
        rule = RULE.match(line)
        if line.startswith("\t"):
            for name in targets:
                recipe[name] = recipe.get(name, "") + line
        elif rule:
            targets = rule[1].split()
            for name in targets:
                before.setdefault(name, set()).update(rule[2].split(), (rule[3] or "").split())
        elif not line.startswith("#"):
            targets = []
    return before, recipe


def waits(name, before, known):
    """Whether a package mark is among all that is made before `name`."""
    if name not in known:
        known[name] = False  # circles end here
        known[name] = "/.setup-" in name or any(waits(n, before, known) for n in before.get(name, ()))
    return known[name]


def main():
    sys.setrecursionlimit(10000)
    before, recipe = rules(sys.stdin.read())
    using = [n for n, lines in recipe.items() if TOOLS.search(lines) and not set("%$") & set(n)]
    early = [n for n in using if not waits(n, before, {})]
    print(f"{len(using)} files are made by a tool of the packages")
    for name in sorted(early):
        print(f"  {name} does not wait for them: add `| $(READY)`")
    return bool(early) or len(using) < 100


sys.exit(main())
