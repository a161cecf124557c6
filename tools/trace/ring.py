# SPDX-License-Identifier: BSD-2-Clause
"""The memory of a trace (abi/include/tessera/trace.h) as events and names; each problem of the file is a `Bad` that says which."""
import pathlib
import struct

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
MAGIC = 0x3145434152543154
HEADER = struct.Struct("<8Q")
ENTRY = 32
KINDS = ["", "call", "return", "invoke", "switch", "message", "reply", "block", "wake", "signal", "donate", "charge", "exhaust",
         "refill", "fault", "interrupt", "map", "unmap", "retype", "revoke", "name", "delete", "empty", "exit"]
CORE_SHIFT = 60
TURN = 1 << CORE_SHIFT - 8  # of the counter
TABLE, BY_LINE = 0x40, 0x40  # in the detail of a mapping, of a guest's exit
# Why a guest exits, by the class of the exception.
EXITS = {0x01: "waits", 0x07: "uses floating point", 0x16: "calls its monitor", 0x17: "calls firmware", 0x18: "uses a system register",
         0x20: "fetches from what is not mapped", 0x24: "accesses what is not mapped", BY_LINE: "interrupt"}
# Which words of an event are objects: `a`, `b`.
THINGS = {"invoke": "a", "switch": "ab", "message": "a", "reply": "a", "block": "a", "signal": "a", "donate": "ab", "charge": "a",
          "exhaust": "a", "refill": "a", "name": "a", "delete": "a"}
STATES = ["inactive", "ready", "ready", "sends", "receives", "waits for a signal", "waits for an answer"]
FAULTS = {1: "capability fault", 2: "unknown system call", 3: "user exception", 5: "timeout", 6: "memory fault"}


class Bad(Exception):
    """The file is no trace, or a damaged one."""


def table(name, key, value):
    """Number -> name from a table of the specification."""
    lines = [line.rstrip("\n").split("\t") for line in open(ROOT / "docs/spec/tables" / name, encoding="ascii")]
    k, v = lines[0].index(key), lines[0].index(value)
    return {int(line[k]): line[v] for line in lines[1:] if line[k].lstrip("-").isdigit()}


class Event:
    """One event; `who`, `a`, `b` as tessera/trace.h explains them, but that objects are numbers of `Ring.things`."""
    __slots__ = ("core", "ticks", "kind", "who", "detail", "a", "b")

    def __init__(self, when, who, a, b):
        self.core, self.ticks, self.kind = when >> CORE_SHIFT, (when & (1 << CORE_SHIFT) - 1) >> 8, when & 255
        self.who, self.detail = who & ~0x7ff, who & 0x7ff
        self.a, self.b = a, b


class Ring:
    """All that a trace's memory holds."""

    def __init__(self, data):
        if len(data) < HEADER.size:
            raise Bad(f"{len(data)} bytes are too few for a trace")
        magic, self.hz, names_at, names_max, names, self.events_at, events_max, self.written = HEADER.unpack_from(data)
        if magic != MAGIC:
            raise Bad("this is not the memory of a trace: its first eight bytes are wrong")
        if not self.hz:
            raise Bad("the counter's frequency is 0")
        if names > names_max or names_at + names_max * ENTRY > len(data):
            raise Bad("its names lie outside of it: was all of the memory saved?")
        if not events_max or self.events_at + events_max * ENTRY > len(data):
            raise Bad("its events lie outside of it: was all of the memory saved?")
        self.table = []  # (object, name)
        for i in range(names):
            thing, text = struct.unpack_from("<Q24s", data, names_at + i * ENTRY)
            self.table.append((thing, text.split(b"\0")[0].decode("utf-8", "replace")))
        self.lost = max(0, self.written - events_max)
        first = self.written % events_max if self.lost else 0
        count = min(self.written, events_max)
        self.events = [Event(*struct.unpack_from("<4Q", data, self.events_at + (first + i) % events_max * ENTRY)) for i in range(count)]
        if self.lost and count > 1 and 0 < self.events[0].ticks - self.events[1].ticks < TURN // 2:  # the machine stopped while it wrote over the oldest
            self.events.pop(0)
            self.lost += 1
        bad = next((e for e in self.events if not 0 < e.kind < len(KINDS)), None)
        if bad:
            raise Bad(f"an event has the unknown kind {bad.kind}")
        self.unwrap()
        self.tell_apart()

    def unwrap(self):
        """The counter's 52 bits may begin again (at 1 GHz after 52 days): events are in the order of time, so what is far below the one before is later."""
        for before, e in zip(self.events, self.events[1:]):
            e.ticks += before.ticks & -TURN
            if e.ticks < before.ticks - TURN // 2:
                e.ticks += TURN

    def tell_apart(self):
        """Memory is used again: what has another name is another thing.  Thing 0 is nobody."""
        later = {}  # object -> the first name that it is given in these events
        for e in self.events:
            if KINDS[e.kind] == "name" and e.b < len(self.table):
                later.setdefault(e.a, e.b)
        before = {thing: self.table[i][1] for thing, i in later.items()}  # objects that were seen before they had a name get their first one
        before.update({thing: name for i, (thing, name) in enumerate(self.table) if i < later.get(thing, len(self.table))})
        self.things, number = ["nobody"], {0: 0}

        def look(thing, name=None):
            if thing not in number or name not in (None, self.things[number[thing]]):
                number[thing] = len(self.things)
                self.things.append(name or before.get(thing, f"0x{thing:x}"))
            return number[thing]

        for e in self.events:
            kind = KINDS[e.kind]
            if kind == "name" and e.b < len(self.table):
                look(e.a, self.table[e.b][1])
            e.who = look(e.who)
            for field in THINGS.get(kind, ""):
                setattr(e, field, look(getattr(e, field)))

    def us(self, ticks):
        """Microseconds since the first event."""
        return (ticks - self.events[0].ticks) * 1e6 / self.hz if self.events else 0

    def name(self, thing):
        """What people call an object."""
        return self.things[thing]
