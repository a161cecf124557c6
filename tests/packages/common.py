# SPDX-License-Identifier: BSD-2-Clause
"""What the short and the long tests of packages share: results, disks of a folder of their own, machines."""
import atexit
import os
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


def end(c):
    c.send("exit\n")
    check("exit", c.end() == 0)
