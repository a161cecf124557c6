# SPDX-License-Identifier: BSD-2-Clause
"""Runs the measuring program under the plugin and gathers what both say."""
import dataclasses
import pathlib
import re
import subprocess
import threading

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
OUT = BUILD / "bench"
KERNEL = BUILD / "sdk" / "kernel-release.elf"
SECONDS = 240  # of host time, after which a run is abandoned
QEMU = ["qemu-system-aarch64", "-machine", "virt", "-cpu", "cortex-a53", "-m", "1G", "-icount", "shift=0,sleep=off", "-nographic",
        "-nic", "none", "-monitor", "none"]


@dataclasses.dataclass
class Interval:
    """What the plugin saw between two readings."""
    counters: dict
    addresses: dict  # of instructions: how often


@dataclasses.dataclass
class Result:
    figures: dict = dataclasses.field(default_factory=dict)  # name: a number
    intervals: dict = dataclasses.field(default_factory=dict)  # name: Interval
    growth: dict = dataclasses.field(default_factory=dict)  # the same, of rows that grow
    longest: list = dataclasses.field(default_factory=list)  # (longest run without a look at interrupts, until which name)
    failures: list = dataclasses.field(default_factory=list)  # lines


def boot(image, *options, end="SUITE END"):
    """The lines of the console up to the one that ends the program."""
    lines = []
    with subprocess.Popen(QEMU + ["-kernel", str(image), *options], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT) as p:
        watchdog = threading.Timer(SECONDS, p.kill)
        watchdog.start()
        for raw in p.stdout:
            lines.append(raw.decode("ascii", "replace").rstrip())
            if lines[-1] == end:
                break
        watchdog.cancel()
        p.kill()
    return lines


def symbols(elf):
    """[(address, name)] of functions, ascending, one for each address."""
    out = subprocess.run(["aarch64-linux-gnu-nm", "-n", str(elf)], capture_output=True, text=True, check=True).stdout
    found = {}
    for fields in (line.split() for line in out.splitlines()):
        if len(fields) == 3 and fields[1] in "tTwW" and not fields[2].startswith("$"):
            found.setdefault(int(fields[0], 16), fields[2].split(".")[0])
    return sorted(found.items())


def intervals(path):
    """The records of the plugin, by number."""
    found = {}
    for line in path.read_text().splitlines():
        words = line.split()
        if words[0] == "interval":
            current = found[int(words[1])] = Interval({}, {})
        elif words[0] == "at":
            current.addresses[int(words[1], 16)] = int(words[2])
        elif words[0] != "end":
            current.counters[words[0]] = int(words[1])
    return found


def read_console(result, lines):
    """Figures and failures; returns the names of the costs in order."""
    names, notes = [], []
    for line in lines:
        words = line.split()
        if line.startswith("cost "):
            result.figures[words[1]] = int(words[2]) / int(words[3])
            names.append(words[1])
        elif line.startswith("grow "):
            names.append("grow/" + "/".join(words[1:4]))
            result.figures[names[-1]] = int(words[4]) / int(words[5])
        elif line.startswith("value "):
            result.figures[words[1]] = int(words[2])
        elif line.startswith("FAIL "):
            result.failures += [line, *notes]
        notes = [] if line.startswith("run ") else notes + [line]
    if "SUITE END" not in lines:
        result.failures += ["FAIL the program did not end; its last lines:", *lines[-8:]]
    return names


def whole(result):
    """Figures that come from the plugin and from the kernel's file."""
    for name, path in (("short", "call-reply-passive"), ("active", "call-reply-active")):
        counters = result.intervals[path].counters
        result.figures["lines-%s-code" % name] = counters["code_lines"]
        result.figures["lines-%s-data" % name] = counters["data_lines"]
    result.figures["boot"] = result.intervals["boot"].counters["kernel"]
    result.figures["boot-lines"] = result.intervals["boot"].counters["written_lines"]
    size = subprocess.run(["aarch64-linux-gnu-size", str(KERNEL)], capture_output=True, text=True, check=True).stdout
    result.figures["kernel-size"] = int(size.splitlines()[1].split()[0])


# Counters of each path that also count as figures, named PATH:COUNTER.
GUARDED = ["barriers", "tlbi", "msr", "timer", "code_lines", "data_lines"]


def derive(result):
    """Figures that follow from others."""
    figures = result.figures
    figures["fpu-switch"] = (figures["call-reply-fpu-used"] - figures["call-reply-fpu-unused"]) / 2
    figures["copy-per-word"] = (figures["call-120"] - figures["call"]) / 120
    figures["longest-run"] = max(result.longest)[0]
    for name, interval in result.intervals.items():
        for counter in GUARDED:
            figures["%s:%s" % (name, counter)] = interval.counters[counter]


def traced(result, program, *options):
    """Boot one of the programs under the plugin: [(name, Interval)] in order, boot first."""
    entry = next(address for address, name in symbols(KERNEL) if name == "_start")
    records = OUT / (program + ".intervals")
    plugin = "%s,out=%s,kernel=%#x" % (OUT / "count.so", records, entry)
    lines = boot(OUT / (program + ".img"), *options, "-plugin", plugin)
    names = ["boot", *read_console(result, lines)]
    seen = intervals(records)
    if sorted(seen) != list(range(len(names))):
        result.failures.append("FAIL %s: %d records of the plugin for %d figures" % (program, len(seen), len(names)))
        return []
    return [(name, seen[number]) for number, name in enumerate(names)]


def paths():
    """What is behind `make bench-profile` only."""
    result = Result()
    result.intervals = dict(traced(result, "paths"))
    return result


def hypervisor(result, wanted=("call", "replyrecv", "call-reply-passive", "call-reply-active", "irq-to-driver")):
    """Paths of native threads with the interface of EL2, as `el2-NAME` and in percent of those at EL1; and what guests cost."""
    seen = Result()
    read_console(seen, boot(OUT / "el2.img", "-machine", "virtualization=on"))
    result.failures += seen.failures
    for name, figure in seen.figures.items():
        if name in wanted:
            result.figures["el2-" + name] = figure
            result.figures["el2-percent-" + name] = 100 * figure / result.figures.get(name, figure)
        elif name.startswith(("guest-", "native-")):
            result.figures[name] = figure


# Paths whose cost with a running trace is a figure too, as traced-NAME.
TRACED = ["call", "replyrecv", "call-reply-passive", "call-reply-active", "signal-switch", "signal-nobody", "yield-switch", "fault-vm-round-trip",
          "irq-to-driver", "budget-ends", "page-map", "retype-tcb"]


def tracing(result):
    """Paths while a trace runs; without events, they would cost what they cost elsewhere."""
    seen = Result()
    read_console(seen, boot(OUT / "traced.img"))
    result.failures += seen.failures
    for name in TRACED:
        result.figures["traced-" + name] = seen.figures.get(name, 0)
        if seen.figures.get(name, 0) <= result.figures.get(name, 0):
            result.failures.append("FAIL traced-%s: no trace ran" % name)


# Paths on a kernel for four cores, the others idle, as four-NAME; the lines written that other cores write too, as four-NAME-shared.
FOUR = ["call", "replyrecv", "call-reply-passive", "call-reply-active", "signal-switch", "signal-nobody", "poll", "yield-switch", "nbrecv-nothing",
        "recv-waiting-sender", "recv-blocks", "send-blocks", "call-blocks", "slice-ends", "budget-ends", "budget-comes", "page-map",
        "signal-other-core", "signal-other-core-nobody"]
FOUR_SHARED = ["call-reply-passive", "call-reply-active", "send-lower-receiver", "send-higher", "signal-lower-waiter", "signal-switch", "signal-nobody",
               "wait-signalled", "poll", "yield-switch", "nbrecv-nothing", "recv-waiting-sender", "recv-blocks", "send-blocks", "call-blocks",
               "nbsend-nobody", "slice-ends", "budget-ends", "budget-comes", "page-map", "signal-other-core", "signal-other-core-nobody"]


def four_cores(result):
    """Paths of one core of four.  Page_Map goes by the door on purpose: without shared lines, nothing would have been counted."""
    seen = Result()
    inside = dict(traced(seen, "four", "-smp", "4"))
    result.failures += seen.failures
    for name in FOUR:
        result.figures["four-" + name] = seen.figures.get(name, 0)
    for name in FOUR_SHARED:
        result.figures["four-%s-shared" % name] = inside[name].counters["shared_lines"] if name in inside else 0
    if not result.figures["four-page-map-shared"]:
        result.failures.append("FAIL four-page-map-shared: all cores write the door's lines, and none was counted")


def run():
    """Everything measured once."""
    result = Result()
    inside, growth = traced(result, "paths"), traced(result, "growth")
    read_console(result, boot(OUT / "libraries.img"))
    read_console(result, boot(OUT / "programs.img"))
    hypervisor(result)
    tracing(result)
    four_cores(result)
    result.intervals, result.growth = dict(inside), dict(growth)
    result.longest = [(i.counters["longest_since"], name) for name, i in inside[1:] + growth[1:]]
    if not result.failures:
        whole(result)
        derive(result)
    return result
