# SPDX-License-Identifier: BSD-2-Clause
"""What the short and the long tests of packages share: results, disks of a folder of their own, machines."""
import atexit
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.abspath(f"{HERE}/../..")
sys.path.insert(0, f"{HERE}/../shell")
sys.dont_write_bytecode = True
from console import PROMPT, Console  # noqa: E402

os.makedirs(f"{ROOT}/build", exist_ok=True)
PLACE = tempfile.mkdtemp(prefix="packages.", dir=f"{ROOT}/build")  # scripts have a /tmp of their own
atexit.register(shutil.rmtree, PLACE, True)
COUNT = {True: 0, False: 0}


def check(name, good, seen=""):
    COUNT[bool(good)] += 1
    if not good:
        print(f"FAIL {name}: {seen}", flush=True)


def result():
    print(f"{COUNT[True]} passed, {COUNT[False]} failed")
    return COUNT[False] > 0


def mkdisk(*arguments):
    return subprocess.run([f"{ROOT}/tools/mkdisk", *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)


def boot(image, disk, *options):
    c = Console(image, *options, "-drive", f"file={disk},if=none,format=raw,id=disk", "-device", "virtio-blk-device,drive=disk")
    c.until("\n" + PROMPT)
    return c


def table(name):
    """Rows of a table beside this file: the first column, and the second."""
    with open(f"{HERE}/{name}", encoding="ascii") as f:
        return dict(line.split("\t")[:2] for line in f if line.strip() and not line.startswith("#"))


def boot_with(build, disk, folder, debs, *options):
    """A machine with a disk of its own: what make-disk puts there."""
    done = subprocess.run([f"{ROOT}/tools/make-disk", build, disk, "512M", folder, debs], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          check=False)
    check(f"{os.path.basename(disk)}: its disk", done.returncode == 0, done.stdout)
    return boot(f"{build}/tessera.img", disk, *options)


def test_each(build, disk, options, jobs, c=None, patience=90):
    """Jobs are names, commands, and statuses that they end with (`any`).  One that does not end is ended with its machine, and the next one gets another."""
    for name, command, wanted in jobs:
        c = c or boot(f"{build}/tessera.img", disk, *options)
        c.send(f"sh -c 'cd /tmp; {command}; echo status $?'\n")
        answer = c.until("\n$ ", patience)
        found = re.search(r"^status (\d+)$", answer, re.M)
        check(name, found and wanted in (found[1], "any"), answer[-1500:])
        if not found:
            c.kill()
            c = None
    if c:
        end(c)
    os.unlink(disk)


def end(c):
    c.send("exit\n")
    check("exit", c.end() == 0)
