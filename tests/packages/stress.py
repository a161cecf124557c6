# SPDX-License-Identifier: BSD-2-Clause
"""stress-ng (Debian's package): each of its stressors for a few operations, with its own checks.  What it says is right unless stress.tsv gives another
status, with the reason; those that it leaves out there (`not`) are not begun."""
from common import PLACE, boot_with, check, table, test_each

SECONDS, OPERATIONS = 3, 30
OPTIONS = ["-m", "2G", "-netdev", "user,id=n,restrict=on", "-device", "virtio-net-device,netdev=n,bus=virtio-mmio-bus.0"]


def test_stressors(build, only=()):
    other, disk = table("stress.tsv"), f"{PLACE}/stress"
    c = boot_with(build, disk, "", "stress-ng", *OPTIONS)
    names = c.ask("stress-ng --stressors").split()
    check("its stressors", len(names) > 250 and set(other) <= set(names), (len(names), set(other) - set(names)))
    jobs = [(f"stress-ng: {name}", f"stress-ng --{name} 1 --{name}-ops {OPERATIONS} --verify -t {SECONDS} --oom-avoid", other.get(name, "0"))
            for name in only or names]
    test_each(build, disk, OPTIONS, [job for job in jobs if job[2] != "not"], c)
