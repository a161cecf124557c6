# SPDX-License-Identifier: BSD-2-Clause
"""Who may know whom, as docs/floors.md says: no room takes a name from its own floor or from a higher one.

An arrow is an `#include`, a symbol that an object file takes from another room's (so that a declaration by hand hides nothing), or a
pointer to a function: the room that calls a member of a table takes a name from the room that fills it in.
"""
import graphlib
import re
import subprocess

from .sources import ROOT, code, read, tracked

PAGE = "docs/floors.md"
# tree -> where its object files are, and what is built elsewhere: the simulated machine, programs of mk/microkit.mk and mk/vm.mk
OBJECTS = {"kernel": "build/debug", "lib": "build/user", "os": "build/user"}
ELSEWHERE = ("kernel/arch/host/", "lib/compat/microkit/", "os/monitor/", "os/vdso/")
MAKE = "make sdk build/os/root.elf"


class Tree:
    """One tree of the page: its floors and its exceptions."""

    def __init__(self, name, text):
        self.name = name
        self.floor = {}  # of each room
        self.group = {}  # of rooms that share one name, and may use each other
        self.folder = {}  # -> room: GROUP/room, or the room's own name
        for number, rooms in re.findall(r"^\| (\d+) \| (.+?) \|", text, re.M):
            named = re.findall(r"`([\w./]+)`", rooms)
            group = re.match(r"\*\*(\w+)\*\*", rooms)
            if group:
                self.group.update({room: int(number) for room in named})
            self.floor.update({room: int(number) for room in named})
            self.folder.update({f"{group[1]}/{room}" if group else room: room for room in named})
        self.rows = []  # exceptions: lower rooms, upper rooms, names, reason
        for row in re.findall(r"^\| (`[^|]+?) to (`[^|]+?) \| (.+?) \| (.+?) \|$", text, re.M):
            lowers, uppers, names = (re.findall(r"`([^`]+)`", cell) for cell in row[:3])
            self.rows.append((lowers, uppers, names, row[3]))
        self.files = [str(p) for p in tracked(f"{name}/*.[chS]") if not str(p).startswith(ELSEWHERE)]

    def room(self, path):
        """The longest room of the page that a file lies in."""
        parts = path.split("/")[1:]
        for length in range(len(parts), 0, -1):
            if "/".join(parts[:length]) in self.folder:
                return self.folder["/".join(parts[:length])]
        return None

    def includes(self):
        """(room, room, header) of each include of a header of the same tree."""
        for path in self.files:
            for name in re.findall(r'^#include ["<]([^">]+)[">]', read(path), re.M):
                beside = path.rsplit("/", 1)[0] + "/" + name
                found = [beside] if beside in self.files else [f for f in self.files if f.endswith("/" + name)]
                if len(found) == 1:
                    yield self.room(path), self.room(found[0]), name

    def symbols(self):
        """(room, room, symbol) of each symbol that one object takes from another."""
        where = OBJECTS[self.name]
        objects = {f"{where}/{f}.o": f for f in self.files if not f.endswith(".h")}
        out = subprocess.run(["aarch64-linux-gnu-gcc-nm", "-A", *objects], cwd=ROOT, capture_output=True, text=True).stdout
        found = re.findall(r"^(\S+?):\s*[0-9a-f]*\s+([A-Z])\s+(\S+)$", out, re.M)
        home = {name: self.room(objects[o]) for o, kind, name in found if kind != "U"}
        for o, kind, name in found:
            if kind == "U" and name in home:
                yield self.room(objects[o]), home[name], name

    def tables(self):
        """(room, room, member) of each pointer to a function that one room calls and another fills in."""
        sources = {f: code(read(f)) for f in self.files if not f.endswith(".S")}
        names = set(re.findall(r"\(\*(\w+)\)\(", "\n".join(sources.values())))
        calls, fills = {}, {}
        for path, text in sources.items():
            for before, name in re.findall(r"(\.|->)(\w+)\(", text):
                calls.setdefault(name, set()).add(self.room(path))
            for name in re.findall(r"(?:\.|->)(\w+)\s*=\s*\w", text):
                fills.setdefault(name, set()).add(self.room(path))
        for name in names:
            for lower in calls.get(name, ()):
                for upper in fills.get(name, ()):
                    yield lower, upper, name

    def missing(self):
        """What is not built, or older than its source."""
        for path in self.files:
            made = ROOT / OBJECTS[self.name] / (path + ".o")
            if not path.endswith(".h") and (not made.is_file() or made.stat().st_mtime < (ROOT / path).stat().st_mtime):
                yield f"{path}: its object is missing or old: run `{MAKE}` first"


def trees():
    parts = re.split(r"^## (\w+)$", (ROOT / PAGE).read_text(), flags=re.M)
    return [Tree(name, text) for name, text in zip(parts[1::2], parts[2::2]) if name in OBJECTS]


def cycle(arrows):
    """The rooms of a cycle of arrows, the first one again at its end; None if there is none."""
    graph = graphlib.TopologicalSorter()
    for lower, upper, _ in arrows:
        if lower != upper:
            graph.add(lower, upper)
    try:
        graph.prepare()
    except graphlib.CycleError as error:
        return error.args[1]
    return None


def check(tree):
    homeless = sorted({f for f in tree.files if tree.room(f) is None})
    for path in homeless:
        yield f"{path}: {PAGE} gives it no floor"
    for path in tree.files if tree.name == "kernel" else ():  # elsewhere headers do not tell
        for told in re.findall(r"\bLevel (\d+)\b(?! in name)", read(path)):
            if int(told) != tree.floor.get(tree.room(path), int(told)):
                yield f"{path}: says level {told}, and stands on floor {tree.floor[tree.room(path)]}"
    old = list(tree.missing())
    yield from old[:3]
    if homeless or old:
        return
    for source, arrows in (("include", tree.includes()), ("symbol", tree.symbols())) if tree.group else ():
        round_trip = cycle([(a, b, n) for a, b, n in arrows if tree.group.get(a) == tree.group.get(b)])
        if round_trip:
            yield f"{tree.name}: a cycle by {source}: {' - '.join(round_trip)}"
    used = set()
    for source, arrows in (("includes", tree.includes()), ("takes", tree.symbols()), ("calls", tree.tables())):
        for lower, upper, name in sorted(set(arrows)):
            together = lower in tree.group and tree.group[lower] == tree.group.get(upper)
            if lower == upper or together or tree.floor[lower] > tree.floor[upper]:
                continue
            row = next((n for n, r in enumerate(tree.rows) if lower in r[0] and upper in r[1] and name in r[2]), None)
            if row is None:
                yield (f"{tree.name}/{lower} (floor {tree.floor[lower]}) {source} {name} of "
                       f"{tree.name}/{upper} (floor {tree.floor[upper]})")
            else:
                used.update((row, part) for part in (("from", lower), ("to", upper), ("name", name)))
    for n, (lowers, uppers, names, _) in enumerate(tree.rows):
        for kind, rest in (("from", lowers), ("to", uppers), ("name", names)):
            for word in rest:
                if (n, (kind, word)) not in used:
                    yield f"{PAGE}: {tree.name}: an exception {kind} {word} is no longer needed: remove it"


def listed(tree):
    """A line for each room, from the lowest floor up: its floor, and the rooms that it takes symbols from, calls, or includes."""
    takes = {}
    for lower, upper, _ in (*tree.includes(), *tree.symbols(), *tree.tables()):
        takes.setdefault(lower, set()).add(upper)
    for room, floor in sorted(tree.floor.items(), key=lambda item: item[1]):
        yield f"{tree.name} {floor} {room}: {' '.join(sorted(takes.get(room, set()) - {room}, key=lambda r: (tree.floor[r], r)))}".rstrip()


def floors():
    """The rule of the house; prints the exceptions beside."""
    everything = trees()
    print(f"upward, with reasons: {sum(len(tree.rows) for tree in everything)}")
    for tree in everything:
        for lowers, uppers, names, reason in tree.rows:
            print(f"  {tree.name}: {', '.join(lowers)} to {', '.join(uppers)}: {', '.join(names)}: {reason}")
    for tree in everything:
        yield from check(tree)
