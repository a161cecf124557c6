# SPDX-License-Identifier: BSD-2-Clause
"""How often a page fault of a Linux program climbs: calls from a room of os/ to a function of a higher floor.

Counted over the sources, from `space_fault` on: whoever is named in the body of a function is taken to be called by it, and whoever is
stored in a member by that name, by those that call the member.  So nothing is missed, and some calls that a fault never makes are counted.
docs/floors.md has the list.
"""
import re

from .floors import PAGE, trees
from .sources import code, read

START = "space_fault"
FUNCTION = re.compile(r"^(?!static const|enum \{|struct \w+ \{)([a-z][^\n;={}]*?)\b(\w+)\([^;{}]*\)\n\{\n(.*?)^\}", re.M | re.S)


def sources(tree):
    """Function -> its file and body (static ones under FILE:NAME), and member -> what is stored in it, with the file."""
    functions, stored = {}, {}
    for path in tree.files:
        text = code(read(path))
        for before, name, body in FUNCTION.findall(text):
            functions[f"{path}:{name}" if before.startswith("static") and path.endswith(".c") else name] = path, body
        for member, name in re.findall(r"(?:\.|->)(\w+)\s*=\s*(\w+)\b", text):
            stored.setdefault(member, set()).add((path, name))
    return functions, stored


def climbing(tree):
    """(function, function) of each call that goes up, in reach of START."""
    functions, stored = sources(tree)
    floor = {name: tree.floor[tree.room(path)] for name, (path, _) in functions.items()}
    seen, todo, found = {START}, [START], set()
    while todo:
        name = todo.pop()
        path, body = functions[name]
        words = {(path, word) for word in re.findall(r"\b\w+\b", body)}
        for member in re.findall(r"(?:->|\.)(\w+)\(", body):
            words |= stored.get(member, set())
        for where, word in words:
            other = next((n for n in (f"{where}:{word}", word) if n in functions), None)
            if other and floor[other] > floor[name]:
                found.add((name.split(":")[-1], other.split(":")[-1]))
            if other and other not in seen:
                seen.add(other)
                todo.append(other)
    return found


def climbs():
    found = climbing(next(tree for tree in trees() if tree.name == "os"))
    told = set(re.findall(r"^\| `(\w+)` to `(\w+)` \|", read(PAGE).partition("## A page fault")[2], re.M))
    print(f"a page fault of a Linux program climbs in at most {len(found)} places")
    yield from (f"{PAGE}: a page fault climbs from {a} to {b}, which the page does not list" for a, b in sorted(found - told))
    yield from (f"{PAGE}: a page fault climbs from {a} to {b} no more" for a, b in sorted(told - found))
