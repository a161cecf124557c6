# SPDX-License-Identifier: BSD-2-Clause
"""Virtual machines of the starter OS on several cores, a part of tests/vm/run: a guest is on the core of its monitor, and each on another one;
it goes on when its monitor is moved; what a killed one had comes back, and it begins again.  In tests/vm/long Debian's kernel does, too."""
import re

IMAGE = "vm/cores/4.img"


def core_of_monitor(c, name):
    return int(re.search(rf"^ *\d+ {name} +\d+ \S+ +(\d+) ", c.ask("ps"), re.M)[1])


def core_of_guest(c, name):
    """Of the thread that waits for the monitor's answer, or runs: the only one without a name that its monitor answers."""
    found = re.findall(rf"^thread \d+ +50 +(\d+) .* {name}\[\d+\] .*guest fault", c.ask("dump"), re.M)
    return int(found[0]) if len(found) == 1 else found


def move(t, c, name, core):
    c.ask(f"busybox taskset -p {1 << core} {t.row(c, name)[1]}")


def passes_its_checks(t, c, name, what):
    """What the guest of checks.c says on its console; then it waits for a letter."""
    c.send(f"vm console {name}\n")
    text = c.until(" failed\n")
    t.check(f"{what}: the guest's own checks", re.search(r"checks: \d\d passed, 0 failed\n$", text), text)
    c.send(t.ESCAPE + "q")
    c.until("\n" + t.PROMPT)
    c.ask("msleep 50")  # now it waits for the letter


def start(c, name):
    return c.ask(f"vm start {name} kernel=/boot/checks memory=32")


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
    there = [core_of_guest(c, name) for name in "ab"]
    t.check(f"{cores} cores: guests are where their monitors are", there == at, (there, at))
    move(t, c, "a", at[1])
    there = core_of_monitor(c, "a"), core_of_guest(c, "a")
    t.check(f"{cores} cores: a guest is moved with its monitor", there == (at[1], at[1]), (there, at))


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


def test(t, gic, cores, every, *options):
    c = t.Console(str(t.BUILD / IMAGE), *t.CARD, "-smp", str(cores), *options, machine=f"virt,virtualization=on,gic-version={gic}")
    t.check(f"{cores} cores, GICv{gic}", c.until("\n" + t.PROMPT).endswith("\n" + t.PROMPT))
    test_guests(t, c, cores)
    if every:
        test_debian(t, c, cores, f"Debian on {cores} cores, GICv{gic}{', counted' if options else ''}")
    t.leave(c)
