# SPDX-License-Identifier: BSD-2-Clause
"""stress-ng (Debian's package): each of its stressors for a few operations, with its own checks.  What it says is right unless stress.tsv gives another
status, with the reason; those that it leaves out there are not begun."""
import os
import re
import subprocess

from common import HERE, PLACE, ROOT, boot, check, end

SECONDS, OPERATIONS, PATIENCE = 3, 30, 90


def exceptions():
    """Name: (status, or `not` for one that is not begun; why)."""
    with open(f"{HERE}/stress.tsv", encoding="ascii") as f:
        rows = [line.rstrip("\n").split("\t") for line in f if line.strip() and not line.startswith("#")]
    return {name: (status, why) for name, status, why in rows}


def test_stressors(build, only=()):
    disk = f"{PLACE}/stress"
    done = subprocess.run([f"{ROOT}/tools/make-disk", build, disk, "256M", "", "stress-ng"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          check=False)
    check("a disk with stress-ng", done.returncode == 0, done.stdout)
    other = exceptions()
    options = ["-m", "2G", "-netdev", "user,id=n,restrict=on", "-device", "virtio-net-device,netdev=n,bus=virtio-mmio-bus.0"]
    c = boot(f"{build}/tessera.img", disk, *options)
    names = c.ask("stress-ng --stressors").split()
    check("its stressors", len(names) > 250 and set(other) <= set(names), (len(names), set(other) - set(names)))
    for name in only or names:
        wanted = other.get(name, ("0", ""))[0]
        if wanted == "not":
            continue
        if not c:
            c = boot(f"{build}/tessera.img", disk, *options)
        c.send(f"sh -c 'cd /tmp; stress-ng --{name} 1 --{name}-ops {OPERATIONS} --verify -t {SECONDS} --oom-avoid; echo status $?'\n")
        answer = c.until("\n$ ", PATIENCE)
        found = re.search(r"^status (\d+)$", answer, re.M)
        check(f"stress-ng: {name}", found and found[1] == wanted, answer[-1500:])
        if not found:
            c.kill()
            c = None
    if c:
        end(c)
    os.unlink(disk)
