# SPDX-License-Identifier: BSD-2-Clause
"""The Open POSIX Test Suite (Debian's source package posixtestsuite): each program whose name is of two numbers, with Debian's C library and its own checks.  A status
of 0 is right, unless conformance.tsv gives another one (or `any`, for a program that races with itself), with the reason."""
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess

from common import PLACE, ROOT, boot_with, check, table, test_each

SECONDS = 25
OPTIONS = ["-m", "2G"]
FLAGS = "-O1 -w -D_GNU_SOURCE -std=gnu99 -s".split()


def compile_one(suite, source, program):
    done = subprocess.run(["aarch64-linux-gnu-gcc", *FLAGS, f"-I{suite}/include", "-o", program, source, "-lpthread", "-lrt", "-lm"],
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return not done.returncode


def programs(build):
    """A folder of them; those that do not compile with today's headers are left out."""
    folder = f"{PLACE}/files/posix"
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    subprocess.run([f"{ROOT}/tools/setup", "posix", build], check=True)
    suite = pathlib.Path(build) / "deps/posixtestsuite"
    jobs = []
    for source in sorted(suite.glob("conformance/interfaces/*/*.c")):
        numbers = re.fullmatch(r"\d+-(\d+)", source.stem)
        # Those of sigaction are the same for each signal.
        if numbers and not (source.parent.name == "sigaction" and int(numbers[1]) > 3):
            jobs.append((str(suite), str(source), f"{folder}/{source.parent.name}_{source.stem}"))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(lambda job: compile_one(*job), jobs))
    return folder, sorted(os.listdir(folder))


def test_conformance(build, only=()):
    folder, names = programs(build)
    other, disk = table("conformance.tsv"), f"{PLACE}/conformance"
    check("there are more than a thousand, and the table names only such", len(names) > 1000 and set(other) <= set(names), (len(names), set(other) - set(names)))
    jobs = [(f"posix: {name}", f"busybox setsid busybox timeout -s KILL {SECONDS} /disk/posix/{name} >/tmp/said 2>&1 </dev/null", other.get(name, "0"))
            for name in only or names]
    test_each(build, disk, OPTIONS, jobs, boot_with(build, disk, os.path.dirname(folder), "libc6", *OPTIONS))
