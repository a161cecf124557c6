# SPDX-License-Identifier: BSD-2-Clause
"""What a description asks for, and what the kernel's dump of the booted system shows: two readings of their own, compared."""
import re
import struct
import xml.etree.ElementTree as ET

PAGE = 4096
RWG, RW = "RWG", "RW"


def number(text, otherwise=None):
    return otherwise if text is None else int(text.replace("_", ""), 0)


def pages_of_program(path):
    with open(path, "rb") as f:
        data = f.read()
    at, = struct.unpack_from("<Q", data, 32)
    count, = struct.unpack_from("<H", data, 56)
    pages = set()
    for i in range(count):
        kind, _, _, vaddr, _, _, memsz = struct.unpack_from("<IIQQQQQ", data, at + 56 * i)
        if kind == 1 and memsz:
            pages |= set(range(vaddr // PAGE * PAGE, vaddr + memsz, PAGE))
    return pages


class Wanted:
    """Per domain: capabilities {slot: (kind, whose, rights, badge)}, the same of the root CNode, mapped addresses."""

    def __init__(self, path):
        self.root = ET.parse(path).getroot()
        self.pds, self.parents = [], {}
        self.walk(self.root, None)
        self.names = [p.get("name") for p in self.pds]
        self.caps = {n: {} for n in self.names}
        self.roots = {n: {} for n in self.names}
        self.pages = {}
        self.irq_count = 0
        called = {e.get("pd") for c in self.root.findall("channel") for e, o in self.ends(c) if o.get("pp") == "true"}
        self.has_endpoint = {n: n in called or n in self.parents.values() for n in self.names}
        for index, p in enumerate(self.pds):
            self.domain(index, p)
        for c in self.root.findall("channel"):
            for e, o in self.ends(c):
                self.end(e, o)

    def walk(self, element, parent):
        for p in element.findall("protection_domain"):
            self.pds.append(p)
            self.parents[p.get("name")] = parent
            self.walk(p, p.get("name"))

    @staticmethod
    def ends(channel):
        a, b = channel.findall("end")
        return (a, b), (b, a)

    def domain(self, index, p):
        name, parent = p.get("name"), self.parents[p.get("name")]
        caps, badge = self.caps[name], 1 << 62 | number(p.get("id"), 0) if parent else index + 1
        caps[1] = ("endpoint", name, RWG, 0) if self.has_endpoint[name] else ("notification", name, RW, 0)
        caps[2] = ("endpoint", parent or "monitor", RWG, badge)
        caps[3] = ("VSpace", name, None, None)
        caps[4] = ("reply", name, None, None)
        if p.get("passive") == "true":
            caps[5] = ("endpoint", "monitor", RWG, index + 1)
        for q in p.findall("irq"):
            caps[138 + number(q.get("id"))] = ("IRQ handler", number(q.get("irq")), None, None)
        if parent:
            self.caps[parent][202 + number(p.get("id"))] = ("TCB", name, None, None)
        for g in p.iterfind("cspace/*"):
            kind = {"cap_tcb": "TCB", "cap_sc": "sched context", "cap_vspace": "VSpace"}[g.tag]
            self.roots[name][number(g.get("slot"))] = (kind, g.get("pd"), None, None)
        self.space(name, p)

    def space(self, name, p):
        path = p.find("program_image").get("path")
        old = path.startswith("old")
        pages = pages_of_program(path)
        top = 0x800000000000 if old else 0x7fffffffe000
        pages |= set(range(top - number(p.get("stack_size"), 0x2000), top, PAGE))
        if not old:
            pages.add(0x7ffffffff000)
        for m in p.findall("map"):
            r = next(r for r in self.root.findall("memory_region") if r.get("name") == m.get("mr"))
            size, start = number(r.get("size")), number(m.get("vaddr"))
            step = 1 << 21 if (size | start) % (1 << 21) == 0 else PAGE
            pages |= set(range(start, start + size, step))
        self.pages[name] = pages

    def end(self, e, o):
        mine, other, id_mine, id_other = e.get("pd"), o.get("pd"), number(e.get("id")), number(o.get("id"))
        if e.get("notify") != "false":
            self.caps[mine][10 + id_mine] = ("notification", other, RW, 1 << id_other)
        if e.get("pp") == "true":
            self.caps[mine][74 + id_mine] = ("endpoint", other, RWG, 1 << 63 | id_other)


class Found:
    """The same out of the lines of a dump."""

    def __init__(self, lines):
        self.cnodes, self.threads, self.mapped = {}, {}, {}
        current = thread = None
        for line in lines:
            if match := re.match(r"tcb_(\w+) \{ (\S+), .*?prio (\d+),", line):
                thread = self.threads[match[2]] = {"tcb": match[1], "prio": int(match[3])}
            elif match := re.match(r"(cspace|vspace|fault_ep): \S+ (\w+) (.*)", line):
                thread[match[1]] = (match[2], match[3])
            elif match := re.match(r"cnode_(\w+) \{", line):
                current = self.cnodes.setdefault(match[1], {})
            elif (match := re.match(r"0x(\w+): ([A-Za-z ]+?) (\w+) \((.*)\)", line)) and current is not None:
                current[int(match[1], 16)] = self.cap(match[2], match[3], match[4])

    def cap(self, kind, address, rest):
        rights = re.match(r"([RWG]+), badge (\w+)", rest)
        if frame := re.search(r"asid (\w+), mapping (\w+)", rest):
            if kind == "frame":
                self.mapped.setdefault(int(frame[1]), set()).add(int(frame[2], 16))
        if kind == "IRQ handler":
            return kind, int(rest, 16), None, None
        return kind, address, rights[1] if rights else None, int(rights[2], 16) if rights else None


def differences(wanted, found):
    """Lines about what is not as it should be."""
    who, out = {}, []

    def same(place, want, have):
        if have is None or want[0] != have[0] or want[2:] != have[2:]:
            out.append(f"{place}: {want} is {have}")
        elif want[0] == "IRQ handler":
            if want[1] != have[1]:
                out.append(f"{place}: {want} is {have}")
        elif who.setdefault(want[:2], have[1]) != have[1]:
            out.append(f"{place}: {want} is at {have[1]}, elsewhere at {who[want[:2]]}")

    for name, thread in found.threads.items():
        who[("TCB", name)], who[("VSpace", name)] = thread["tcb"], thread["vspace"][0]
    for index, name in enumerate(wanted.names):
        thread = found.threads.get(name)
        if thread is None:
            out.append(f"{name}: no thread")
            continue
        if thread["prio"] != number(wanted.pds[index].get("priority"), 0):
            out.append(f"{name}: priority {thread['prio']}")
        root = dict(found.cnodes[thread["cspace"][0]])
        inner = found.cnodes[root.pop(0)[1]]
        for place, want, have in (("root", wanted.roots[name], root), ("", wanted.caps[name], inner)):
            out += [f"{name}: {place} slot {s} has {have[s]}, which nobody asked for" for s in have if s not in want]
            for slot, cap in want.items():
                same(f"{name}: {place} slot {slot}", cap, have.get(slot))
        space = thread["vspace"][1].strip("()")
        if found.mapped.get(int(space, 16), set()) != wanted.pages[name]:
            out.append(f"{name}: pages {sorted(map(hex, found.mapped.get(int(space, 16), set()) ^ wanted.pages[name]))[:6]} differ")
    if len(set(who.values())) != len(who):
        out.append(f"two objects in one place: {who}")
    return out
