# SPDX-License-Identifier: BSD-2-Clause
"""gdb: what the kernel knows, while the machine stands in it (its memory cannot be read from user level).

kthreads           every thread: state, priority, where it is, what it waits for
kcaps [THREAD]     the full slots of a thread's CSpace, by its name or address; of the current one without
kqueues            who is ready, who waits for budget, who stands in which queue
"""
import gdb
import gdb.types

RIGHTS = ((2, "R"), (1, "W"), (4, "G"), (8, "P"))
NESTING = 4


def value(expression):
    try:
        found = gdb.parse_and_eval(expression)
        found.fetch_lazy()
        return found
    except gdb.MemoryError:
        raise gdb.GdbError("the machine is at user level, where the kernel cannot be read: stop in it first, for example with `tbreak trap_other_syscall` "
                           "and `continue`") from None


def enum_name(kind, prefix, number):
    for field in gdb.lookup_type(f"enum {kind}").fields():
        if field.enumval == number:
            return field.name.removeprefix(prefix).lower().replace("_", " ")
    return str(number)


def threads():
    """Newest first."""
    at = value("kernel.threads")
    while int(at):
        yield at
        at = at["all_next"]


def name_of(thread):
    if not int(thread):
        return "nobody"
    name = (thread.cast(gdb.lookup_type("char").pointer()) + gdb.types.get_basic_type(thread.type.target())["name"].bitpos // 8).string("ascii", "replace")
    return name or hex(int(thread))


def waits_for(thread):
    if int(thread["waiting_at"]):
        return f"queue {int(thread['waiting_at']):x}"
    if int(thread["reply"]):
        return f"reply {int(thread['reply']):x}"
    return "-"


class Threads(gdb.Command):
    """kthreads: every thread of the kernel, newest first."""

    def __init__(self):
        super().__init__("kthreads", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        current = int(value("kernel.core[0].current"))
        print(f"{'':2}{'THREAD':18} {'NAME':24} {'STATE':15} {'PRIO':>4} {'PC':>12}  WAITS FOR")
        for t in threads():
            state = enum_name("thread_state", "", int(t["state"]))
            pc = t["context"]["pc" if state == "running" else "restart"]
            print(f"{'* ' if int(t) == current else '  '}{int(t):<18x} {name_of(t):24} {state:15} {int(t['priority']):4} {int(pc):12x}  {waits_for(t)}")


def cap_text(cap):
    a, b = int(cap["a"]), int(cap["b"])
    kind = enum_name("cap_kind", "CAP_", a >> 59)
    info, address = a >> 48 & 0x7ff, a & (1 << 48) - 1
    address |= 0xffff << 48 if address >> 47 else 0
    if kind in ("endpoint", "notification"):
        return f"{kind} {address:x}, {''.join(c for bit, c in RIGHTS if info & bit)}, badge {b:x}"
    if kind == "cnode":
        return f"{kind} {address & ~63:x}, {info & 63} bits"
    if kind in ("frame", "page table"):
        return f"{kind} {address:x}" + (f", mapped at {b & (1 << 48) - 1:x}" if b else "")
    if kind == "untyped":
        return f"{kind} {(address & (1 << 47) - 1) * 16:x}, {info & 63} bits, used {b:x}"
    return f"{kind} {address:x}"


def show_cnode(cap, prefix, seen):
    a = int(cap["a"])
    address = (a & (1 << 48) - 1) & ~63
    address |= 0xffff << 48 if address >> 47 else 0
    if address in seen or len(seen) == NESTING:
        return
    slots = gdb.Value(address).cast(gdb.lookup_type("struct slot").pointer())
    inner = []
    for i in range(1 << (a >> 48 & 63)):
        held = slots[i]["cap"]
        if int(held["a"]) >> 59:
            print(f"{prefix}{i:x}: {cap_text(held)}")
            if enum_name("cap_kind", "CAP_", int(held["a"]) >> 59) == "cnode":
                inner.append((i, held))
    for i, held in inner:
        show_cnode(held, f"{prefix}{i:x}/", seen | {address})


class Caps(gdb.Command):
    """kcaps [THREAD]: the full slots of a thread's CSpace; THREAD is a name or an address."""

    def __init__(self):
        super().__init__("kcaps", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        wanted = argument or hex(int(value("kernel.core[0].current")))
        for t in threads():
            if name_of(t) == wanted or f"{int(t):x}" == wanted.removeprefix("0x"):
                for i, what in enumerate(("CSpace", "VSpace", "IPC buffer", "fault handler", "timeout handler")):
                    print(f"{what}: {cap_text(t['slot'][i]['cap'])}")
                show_cnode(t["slot"][0]["cap"], "", frozenset())
                return
        raise gdb.GdbError(f"kcaps: no thread {wanted}; see kthreads")


class Queues(gdb.Command):
    """kqueues: ready threads by priority, those that wait for budget, and those at endpoints and notifications."""

    def __init__(self):
        super().__init__("kqueues", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        ready, late, waiting = [], [], {}
        for t in threads():
            if t["in_ready"]:
                ready.append(t)
            if t["in_release"]:
                late.append(t)
            if int(t["waiting_at"]):
                waiting.setdefault(int(t["waiting_at"]), []).append(t)
        print(f"runs: {name_of(value('kernel.core[0].current'))}")
        for t in sorted(ready, key=lambda t: -int(t["priority"])):
            print(f"ready, {int(t['priority'])}: {name_of(t)}")
        for t in sorted(late, key=lambda t: int(t["release_time"])):
            print(f"waits for budget until tick {int(t['release_time'])}: {name_of(t)}")
        for queue, there in sorted(waiting.items()):
            print(f"queue {queue:x}: " + ", ".join(f"{name_of(t)} {enum_name('thread_state', '', int(t['state']))}" for t in there))


Threads()
Caps()
Queues()
