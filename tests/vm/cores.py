# SPDX-License-Identifier: BSD-2-Clause
"""Virtual machines of the starter OS on several cores, a part of tests/vm/run: a guest is on the core of its monitor, and each on another one;
it goes on when its monitor is moved; what a killed one had comes back, and it begins again.  In tests/vm/long Debian's kernel does, too.
Guests with several processors are here as well, on one core too."""
import re
import time

IMAGE = "vm/cores/4.img"


def core_of_monitor(c, name):
    return int(re.search(rf"^ *\d+ {name} +\d+ \S+ +(\d+) ", c.ask("ps"), re.M)[1])


def cores_of_guest(c, name):
    """Of the threads that wait for the monitor's answer: the only ones without a name that its monitor answers."""
    return [int(core) for core in re.findall(rf"^thread \d+ +50 +(\d+) .* {name}\[\d+\] .*guest fault", c.ask("dump"), re.M)]


def move_to(t, c, name, mask):
    c.ask(f"busybox taskset -p {mask:x} {t.row(c, name)[1]}")


def move(t, c, name, core):
    move_to(t, c, name, 1 << core)


def passes_its_checks(t, c, name, what):
    """What the guest of checks.c says on its console; then it waits for a letter."""
    c.send(f"vm console {name}\n")
    text = c.until(" failed\n")
    t.check(f"{what}: the guest's own checks", re.search(r"checks: \d\d passed, 0 failed\n$", text), text)
    c.send(t.ESCAPE + "q")
    c.until("\n" + t.PROMPT)
    c.ask("msleep 50")  # now it waits for the letter


def start(c, name, cpus=1):
    return c.ask(f"vm start {name} kernel=/boot/checks memory=32 cpus={cpus}")


def ends(t, c, name, what):
    """It hears a letter, and switches itself off."""
    c.send(f"vm console {name}\n")
    c.send("o")
    text = c.until("\n" + t.PROMPT)
    t.check(what, f"[{name}: it has switched itself off]" in text, text)


def test_places(t, c, cores):
    """Two guests that try their machines, and native programs beside them."""
    for name in "ab":
        start(c, name)
    at = [core_of_monitor(c, name) for name in "ab"]
    t.check(f"{cores} cores: each guest has its own", at[0] != at[1] and max(at) < cores, at)
    t.check(f"{cores} cores: native programs run beside them", "20 ok, 0 failed" in c.ask("vmtest"), c.asked["vmtest"])
    for name in "ab":
        passes_its_checks(t, c, name, f"{cores} cores")
    there = [cores_of_guest(c, name) for name in "ab"]
    t.check(f"{cores} cores: guests are where their monitors are", there == [[core] for core in at], (there, at))
    move(t, c, "a", at[1])
    there = core_of_monitor(c, "a"), cores_of_guest(c, "a")
    t.check(f"{cores} cores: a guest is moved with its monitor", there == (at[1], [at[1]]), (there, at))


def test_kill(t, c, cores):
    """One of the two, from outside; it comes back, and the other has not noticed."""
    c.ask(f"kill {t.row(c, 'a')[1]}")
    c.wait_for("vm list", lambda text: re.search("^a +ended", text, re.M))
    t.check(f"{cores} cores: the other one goes on", t.row(c, "b")[0] == "runs")
    start(c, "a")
    passes_its_checks(t, c, "a", f"{cores} cores, after it was killed")


def test_round(t, c, cores, last):
    test_places(t, c, cores)
    if last:
        ends(t, c, "a", f"{cores} cores: one that was moved hears, and ends")
    else:
        test_kill(t, c, cores)
        ends(t, c, "a", f"{cores} cores: one that was killed has begun again, and ends")
    ends(t, c, "b", f"{cores} cores: the other one ends")


def test_guests(t, c, cores):
    """What is used after the second round is used after another one, too: what serves all may grow by a page in either of the first two, as it happens."""
    counts = []
    for last in (False, True, True):
        if len(counts) < 2 or counts[0] != counts[1]:
            test_round(t, c, cores, last)
            counts.append(t.memory(c))
    t.check(f"{cores} cores: nothing is lost", counts[-1] == counts[-2], counts)


def test_debian(t, c, cores, name):
    """Its shell, its disk and the network, which is on core 0; it is moved while it computes."""
    c.ask("dd if=/dev/zero of=/tmp/disk bs=1024 count=2048")
    start(c, "beside")
    t.boot_debian(c, name, "disk=/tmp/disk")
    t.test_network(c, name)
    t.linux(c, "mke2fs /dev/vda >/dev/null && mount /dev/vda /mnt && echo kept >/mnt/file && umount /mnt")
    t.linux(c, "(while :; do :; done) &")
    for core in (*range(cores), 0):
        c.send(t.ESCAPE + "q")
        c.until("\n" + t.PROMPT)
        move(t, c, "debian", core)
        t.check(f"{name} is moved", core_of_monitor(c, "debian") == core, c.asked["ps"])
        c.send("vm console debian\n\n")
        c.until(t.LINUX)
        t.check(f"{name} computes on core {core}", t.linux(c, "expr 6 \\* 7").endswith("42\n"))
    text = t.linux(c, "mount /dev/vda /mnt && cat /mnt/file")
    t.check(f"{name}: the file is kept", text.endswith("kept\n"), text)
    t.power_off(c, name)
    c.ask("vm stop beside")


# --- a guest with several processors ---

def test_processors_places(t, c, cores, cpus):
    """Each on another core as long as there are any; all of them on those that are allowed."""
    for mask in dict.fromkeys(((1 << cores) - 1, 3, 1)):
        move_to(t, c, "s", mask)
        allowed = [core for core in range(cores) if mask >> core & 1]
        there = cores_of_guest(c, "s")
        each = [there.count(core) for core in allowed]
        t.check(f"{cpus} processors on the cores {allowed}", sum(each) == cpus and max(each) <= -(-cpus // len(allowed))
                and core_of_monitor(c, "s") in there, (there, mask))


def exits_grow(t, c):
    before = t.row(c, "s")[3]
    return t.wait_row(c, "s", lambda row: row[3] > before + 100)


def test_storm(t, c, what):
    """All processors send interrupts to all, without end: they stand still while they are paused, go on, and are killed like that."""
    c.send("vm console s\n")
    c.send("s")
    time.sleep(0.2)
    c.send(t.ESCAPE + "q")
    c.until("\n" + t.PROMPT)
    t.check(f"{what}: all send to all", exits_grow(t, c))
    c.ask("vm pause s")
    before = t.row(c, "s")
    c.ask("msleep 50")
    t.check(f"{what}: a pause stops all", t.row(c, "s") == before and before[0] == "paused", (before, t.row(c, "s")))
    c.ask("vm resume s")
    t.check(f"{what}: all go on", exits_grow(t, c))
    c.ask(f"kill {t.row(c, 's')[1]}")
    c.wait_for("vm list", lambda text: re.search("^s +ended", text, re.M))


def test_processors(t, c, cores, cpus, what):
    """What is used after the second round is used after another one, too."""
    counts = []
    while len(counts) < 2 or (len(counts) < 4 and counts[-1] != counts[-2]):
        start(c, "s", cpus)
        passes_its_checks(t, c, "s", what)
        t.check(f"{what}: the list has them", re.search(rf"^s +runs +\d+ +{cpus} +32 ", c.ask("vm list"), re.M), c.asked)
        if cores > 1 and not counts:
            test_processors_places(t, c, cores, cpus)
        test_storm(t, c, what)
        counts.append(t.memory(c))
    t.check(f"{what}: nothing is lost", counts[-1] == counts[-2], counts)
    start(c, "s", cpus)
    passes_its_checks(t, c, "s", what)
    ends(t, c, "s", f"{what}: it switches itself off")


def row_of_interrupt(t, c, name):
    """How often it came to each processor."""
    found = re.search(rf"^ *(?:\d+|{name}):((?: +\d+)+) .*{name if not name.startswith('IPI') else ''}", t.linux(c, f"grep {name} /proc/interrupts"), re.M)
    return [int(number) for number in found[1].split()] if found else []


def test_linux_processors(t, c, cpus, name):
    """They are all there, have their timers and each other's interrupts, and compute at once."""
    t.check(f"{name}: it has them all", t.linux(c, "nproc") == f"{cpus}\n")
    timers, calls = row_of_interrupt(t, c, "arch_timer"), row_of_interrupt(t, c, "IPI1")
    t.check(f"{name}: timers, and interrupts from each other", len(timers) == len(calls) == cpus and min(timers) > 0 and min(calls) > 0, (timers, calls))
    t.linux(c, f"for i in $(seq {2 * cpus}); do (n=0; while [ $n -lt 5000 ]; do n=$((n+1)); done) & done >/dev/null 2>&1; wait")
    busy = [int(ticks) for ticks in re.findall(r"^cpu\d (\d+)", t.linux(c, "cat /proc/stat"), re.M)]
    t.check(f"{name}: all have computed", len(busy) == cpus and min(busy) > 0, busy)


def test_hotplug(t, c, cpus, name, rounds):
    for number in range(rounds):
        at = f"/sys/devices/system/cpu/cpu{1 + number % (cpus - 1)}/online"
        text = t.linux(c, f"echo 0 >{at}; nproc")
        t.check(f"{name}: one is off", text.endswith(f"{cpus - 1}\n"), text)
        text = t.linux(c, f"echo 1 >{at}; nproc")
        t.check(f"{name}: and on again", text.endswith(f"{cpus}\n"), text)


def test_linux(t, c, cpus, name, rounds=1, again=False):
    """With a restart if that is asked for; `rounds` times, a processor is switched off and on."""
    t.boot_debian(c, name, f"cpus={cpus}")
    if again:
        c.send("reboot -f\n")
        c.until("init: Linux")
        c.until(t.LINUX)
    test_linux_processors(t, c, cpus, name)
    test_hotplug(t, c, cpus, name, rounds)
    t.power_off(c, name)


def test(t, gic, cores, every, *options):
    c = t.Console(str(t.BUILD / IMAGE), *t.CARD, "-smp", str(cores), *options, machine=f"virt,virtualization=on,gic-version={gic}")
    t.check(f"{cores} cores, GICv{gic}", c.until("\n" + t.PROMPT).endswith("\n" + t.PROMPT))
    test_guests(t, c, cores)
    cpus = 2 if not options else 4 if every else 3  # at once, on the host's processors: those that spin make the others wait for long
    test_processors(t, c, cores, cpus, f"{cores} cores, GICv{gic}, {cpus} processors")
    if options:  # not at once: where the host has less than all cores need, Linux's watchdogs of processors bark
        test_linux(t, c, 2, f"Debian with two processors, GICv{gic}")
    if options and every:
        test_linux(t, c, 4, f"Debian with four processors on {cores} cores, GICv{gic}", 10, True)
    if every:
        test_debian(t, c, cores, f"Debian on {cores} cores, GICv{gic}{', counted' if options else ''}")
    t.leave(c)
