# SPDX-License-Identifier: BSD-2-Clause
"""What each library is for: a program of the tree uses it, or docs/tour.md quotes the page that asks for it.

A use is an `#include` of one of its headers, directly or through other headers, or an object file that the linker takes for the starter OS.
"""
import re
import subprocess

from . import sources
from .sources import read, tracked

PAGE = "docs/tour.md"
PROGRAMS = ("os/*.[chS]", "apps/*.[chS]", "drivers/*.[chS]", "net/*.[chS]", "loader/*.[chS]", "tools/*.[chS]")


def folder(path):
    return path.split("/")[2]


def included():
    """The folders whose headers the programs include, directly or through other headers of lib/."""
    home = {}  # name as it is included -> the header
    for path in map(str, tracked("lib/*.h")):
        home[path.split("/", 2)[2]] = path
        if "/include/" in path:
            home[path.split("/include/")[1]] = path
    seen, todo = set(), list(map(str, tracked(*PROGRAMS)))
    while todo:
        for name in re.findall(r'^#include ["<]([^">]+)[">]', read(todo.pop()), re.M):
            if name in home and home[name] not in seen:
                seen.add(home[name])
                todo.append(home[name])
    return {folder(path) for path in seen}


def linked():
    """The folders of the object files that a linker takes for the starter OS, one calling for the other."""
    objects = {f"build/user/{f}.o": str(f) for f in tracked("lib/*.[cS]", "os/*.[cS]") if (sources.ROOT / f"build/user/{f}.o").is_file()}
    out = subprocess.run(["aarch64-linux-gnu-gcc-nm", "-A", *objects], cwd=sources.ROOT, capture_output=True, text=True).stdout
    home, wants = {}, {}
    for path, kind, name in re.findall(r"^(\S+?):\s*[0-9a-f]*\s+([A-Z])\s+(\S+)$", out, re.M):
        if kind == "U":
            wants.setdefault(path, set()).add(name)
        elif path.startswith("build/user/os/"):
            home[name] = path  # before any symbol of a library
        else:
            home.setdefault(name, path)
    taken, todo = set(), [path for path in wants if path.startswith("build/user/os/")]
    while todo:
        for path in {home[name] for name in wants.get(todo.pop(), ()) if name in home} - taken:
            taken.add(path)
            todo.append(path)
    return {folder(objects[path]) for path in taken if objects[path].startswith("lib/")}


def unused():
    """The folders of lib/ that no program needs."""
    return {folder(str(path)) for path in tracked("lib/*.[cSh]")} - included() - linked()


def users():
    text = read(PAGE)
    rows = {row[0]: row[1:] for row in re.findall(r'^\| `(\w+)` \| \[[^\]]+\]\(([^)]+)\) \| "([^"]+)" \|$', text, re.M)}
    for name in sorted(unused() - set(rows)):
        yield f"lib/*/{name}: no program uses it, and {PAGE} does not say who asks for it"
    for name in sorted(set(rows) - unused()):
        yield f"{PAGE}: {name} is used by a program, or is gone: its row is no longer needed, remove it"
    for name, (page, words) in rows.items():
        path = sources.ROOT / "docs" / page.partition("#")[0]
        if not path.is_file() or words not in " ".join(path.read_text().split()):
            yield f'{PAGE}: {name}: {page} does not say "{words}"'
