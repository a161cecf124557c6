# SPDX-License-Identifier: BSD-2-Clause
"""A trace as text, as Trace Event JSON, and as a page that needs nothing else."""
import base64
import json
import pathlib
import re

from ring import BY_LINE, ENTRY, EXITS, FAULTS, KINDS, STATES, TABLE, THINGS, table

PAGE = pathlib.Path(__file__).resolve().parent / "page.html"
HEADERS = PAGE.parent.parent.parent / "abi/include/tessera"
NOBODY = 0
THREADS, CORES = 1, 2  # the two groups of lines of a viewer
RUNS = ("call", "return", "fault", "interrupt")  # whose `who` runs on the core of the event


def extensions():
    """The labels of abi/include/tessera, by number."""
    found = {}
    for header in sorted(HEADERS.glob("*.h")):
        found.update({int(number, 16): name for name, number in re.findall(r"^#define TESSERA_([A-Z][a-z]\w+) +(0x5445\w+)", header.read_text(encoding="ascii"), re.M)})
    return found


def tables():
    """What numbers in events are called."""
    return {
        "calls": {-number: name.replace("seL4_Sys", "") for number, name in table("syscalls.tsv", "number", "name").items()},
        "labels": {**table("invocations.tsv", "number", "label"), **extensions()},
        "caps": table("capidentify.tsv", "value", "cap_kind"),
        "kinds": KINDS, "states": STATES, "faults": FAULTS, "exits": EXITS,
        "things": THINGS,
        "words": [4, 6, 8],  # kinds whose label is the caller's: endpoint, notification, reply object
    }


def mapped(e, verb):
    """A frame or page table comes or goes."""
    table_of = "a page table of " if e.detail & TABLE else ""
    return f"{verb} {table_of}2^{e.detail & TABLE - 1} bytes at 0x{e.a:x}, address space {e.b}"


def sentence(ring, e, t):
    """What happened, for people."""
    kind, who = KINDS[e.kind], ring.name(e.who)
    a = ring.name(e.a) if "a" in THINGS.get(kind, "") else e.a
    return {
        "call": lambda: f"{t['calls'].get(e.detail, 'system call')} of 0x{e.a:x}, label {e.b >> 12}",
        "return": lambda: f"goes on, label {e.b >> 12}",
        "invoke": lambda: f"uses {t['caps'][e.detail]} {a}, label {e.b}" if e.detail in t["words"] else f"{t['labels'].get(e.b, f'label {e.b}')} on {f'{a} ' if e.a else ''}({t['caps'].get(e.detail, e.detail)})",
        "switch": lambda: f"runs; {a} {STATES[e.detail] if e.detail < len(STATES) else e.detail}",
        "message": lambda: f"sends to {a}, badge 0x{e.b:x}",
        "reply": lambda: f"answers {a}",
        "block": lambda: f"{STATES[e.detail]} at {a}",
        "wake": lambda: f"may run, priority {e.detail}",
        "signal": lambda: f"signals {a}, badge 0x{e.b:x}",
        "donate": lambda: f"gets the time of {ring.name(e.b)}",
        "charge": lambda: f"pays {e.b * 1e6 / ring.hz:.3f} us",
        "exhaust": lambda: "has used its budget" if e.detail else "has used its turn",
        "refill": lambda: "has budget again",
        "fault": lambda: f"{FAULTS.get(e.detail, 'fault')} at 0x{e.a:x}, pc 0x{e.b:x}",
        "interrupt": lambda: f"interrupted by line {a}",
        "map": lambda: mapped(e, "maps"),
        "unmap": lambda: mapped(e, "unmaps"),
        "retype": lambda: f"makes {e.a} of type {e.detail}, 2^{e.b} bytes each",
        "name": lambda: f"names {a}",
        "revoke": lambda: f"deleted {e.a} capabilities{', and goes on' if e.b else ''}",
        "delete": lambda: f"deletes a capability of {a} ({t['caps'].get(e.detail, e.detail)})",
        "empty": lambda: f"went through what was in it, {e.a} steps{', and goes on' if e.b else ''}",
        "exit": lambda: f"leaves the guest: {EXITS.get(e.detail, f'exception class {e.detail}')}, pc 0x{e.b:x}" +
                        (f", syndrome 0x{e.a:x}" if e.detail != BY_LINE else ""),
    }[kind](), who


def text(ring):
    """One line for each event; with several cores, each with its own."""
    t = tables()
    several = len({e.core for e in ring.events}) > 1
    yield f"{len(ring.events)} events, {ring.lost} lost before them; microseconds{', core' if several else ''}"
    for e in ring.events:
        said, who = sentence(ring, e, t)
        yield f"{ring.us(e.ticks):14.3f} {f'{e.core} ' if several else ''}{who:<18} {said}"


def at_first(ring):
    """Of each core, (thread, start, payer) of what it ran when the events begin: its first one tells the thread, the first charge who paid."""
    first, paid = {}, {}
    for e in ring.events:
        kind = KINDS[e.kind]
        if kind in RUNS or kind == "switch":
            first.setdefault(e.core, e.a if kind == "switch" else e.who)
        if kind == "charge":
            paid.setdefault(e.who, e.a)
    return {core: (thread, 0, paid.get(thread, NOBODY)) for core, thread in first.items()}


def slices(ring):
    """(core, thread, start, end, payer, how it stopped) of each time that a thread had a core, in microseconds."""
    running = at_first(ring)
    for e in ring.events:
        if KINDS[e.kind] != "switch":
            continue
        thread, start, payer = running.get(e.core, (NOBODY, 0, NOBODY))
        at = ring.us(e.ticks)
        if thread != NOBODY:
            yield e.core, thread, start, at, payer, STATES[e.detail] if e.detail < len(STATES) else "?"
        running[e.core] = (e.who, at, e.b)
    for core, (thread, start, payer) in running.items():
        if thread != NOBODY:
            yield core, thread, start, ring.us(ring.events[-1].ticks), payer, "the end of the trace"


def trace_event_json(ring):
    """For Perfetto, chrome://tracing and others: slices, messages and answers as arrows, what else happens as instants."""
    t = tables()
    number = {}
    out = [{"ph": "M", "pid": THREADS, "name": "process_name", "args": {"name": "threads"}},
           {"ph": "M", "pid": CORES, "name": "process_name", "args": {"name": "cores"}}]
    out += [{"ph": "M", "pid": CORES, "tid": core + 1, "name": "thread_name", "args": {"name": f"core {core}"}} for core in sorted({e.core for e in ring.events})]

    def tid(thread):
        if thread not in number:
            number[thread] = len(number) + 1
            out.append({"ph": "M", "pid": THREADS, "tid": number[thread], "name": "thread_name", "args": {"name": ring.name(thread)}})
        return number[thread]

    for core, thread, start, end, payer, stop in slices(ring):
        when = {"ph": "X", "ts": start, "dur": end - start, "args": {"time of": ring.name(payer), "then": stop, "core": core}}
        out.append({**when, "pid": THREADS, "tid": tid(thread), "name": "runs"})
        out.append({**when, "pid": CORES, "tid": core + 1, "name": ring.name(thread)})
    for i, e in enumerate(ring.events):
        kind, at = KINDS[e.kind], ring.us(e.ticks)
        if kind in ("message", "reply", "donate") and e.who and (e.b if kind == "donate" else e.a):
            source, target = (e.b, e.who) if kind == "donate" else (e.who, e.a)
            common = {"pid": THREADS, "cat": kind, "name": {"donate": "time"}.get(kind, kind), "id": i}
            out.append({"ph": "s", "tid": tid(source), "ts": at, **common})
            out.append({"ph": "f", "bp": "e", "tid": tid(target), "ts": at + 0.001, **common})
        elif kind not in ("switch", "message", "reply", "donate"):
            said, _ = sentence(ring, e, t)
            line = {"pid": THREADS, "tid": tid(e.who)} if e.who else {"pid": CORES, "tid": e.core + 1}
            out.append({"ph": "i", "s": "t", **line, "ts": at, "name": kind, "args": {"what": said, "core": e.core}})
    return json.dumps({"traceEvents": out, "displayTimeUnit": "ns", "otherData": {"lost": ring.lost, "hz": ring.hz}})


def page(ring, data):
    """The page with the memory in it, as far as it is used."""
    html = PAGE.read_text(encoding="utf-8")
    data = data[:ring.events_at + len(ring.events) * ENTRY]
    html = html.replace('"TABLES"', json.dumps(tables()).replace("</", "<\\/"), 1)
    return html.replace("MEMORY", base64.b64encode(data).decode("ascii"), 1)
