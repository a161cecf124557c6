# SPDX-License-Identifier: BSD-2-Clause
"""A copy of the tree into which faults are put, and what fails there.

Programs of this machine print a line per test.  Other names in bugs.txt: `qemu` is the behaviour suite on the debug kernel in QEMU,
`barriers` is barriers.py, and the rest are scripts tests/NAME/run, whose lines with FAIL are looked through.
"""
import pathlib
import re
import resource
import shutil
import subprocess
import tempfile

from faults import ROOT

SECONDS = 120  # of processor time, for a program that a fault makes run for ever; the test it is in by then counts as failed
PATIENCE = 3600  # of host time, for programs that wait

PROGRAM = {
    "unit": ["build/host/unit"],
    "sim": ["build/host/sim"],
    "suite": ["build/host/suite", "1", "fast"],
    "domains": ["build/host/suite", "3", "fast"],
    "model": ["build/host/model"],
    "golden": ["build/host/golden", "tests/golden/expected.txt"],
    "libs": ["build/host/libs_plain"],
}


def run(command, tree, seconds=None):
    """Standard output and error, and whether it came to its end (within `seconds` of processor time)."""
    def limit():
        if seconds:
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))

    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, cwd=tree, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
                                   preexec_fn=limit)
        try:
            status = process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            status = process.wait()
        out.seek(0)
        return out.read().decode("utf-8", "replace"), status


class Tree:
    """The sources as they are here, with what is built of them (`parts` of build/); gone at the end of `with`."""

    def __init__(self, *parts):
        self.parts = parts

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self.folder.name) / "tree"
        names = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT,
                               capture_output=True, text=True, check=True).stdout.split("\0")
        for name in filter(None, names):
            if not (ROOT / name).exists():
                continue
            (self.path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, self.path / name, follow_symlinks=False)
        (self.path / "build").mkdir()
        for part in [*self.parts, "deps", *(p.name for p in (ROOT / "build").glob(".setup-*"))]:
            if (ROOT / "build" / part).exists():
                subprocess.run(["cp", "-a", str(ROOT / "build" / part), str(self.path / "build")], check=True)
        return self

    def __exit__(self, *unused):
        self.folder.cleanup()

    def make(self, programs):
        """None, or what the compiler says."""
        targets = [PROGRAM[p][0] for p in programs if p in PROGRAM]
        r = subprocess.run(["make", "-s", "-j2", *targets], cwd=self.path, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                           check=False) if targets else None
        return r.stderr[-400:] if r and r.returncode else None

    def results(self, program, names):
        """Names of tests that passed and that failed; in a program that runs all it has, also of others than `names`."""
        if program in ("unit", "sim", "qemu"):
            command = PROGRAM.get(program, ["tests/suite/run", "-k", "debug", "--trial"])
            failed = {n for n in names if run([*command, n], self.path, SECONDS if program in PROGRAM else None)[1]}
            return set(names) - failed, failed
        if program in PROGRAM:
            return self.own_results(program)
        command = ["python3", "tests/known_bugs/barriers.py"] if program == "barriers" else ["make", "-s", "check", "T=" + program]
        text, status = run(command, self.path)
        lines = [line for line in text.split("\n") if "FAIL" in line]
        failed = {n for n in names if status and any(n in line for line in lines)}
        return set(names) - failed, failed

    def own_results(self, program):
        """The same of a program that runs all it has; the test that it went down in failed."""
        text, status = run(PROGRAM[program], self.path, SECONDS)
        passed = set(re.findall(r"^ok +(.+?)$", text, re.M))
        failed = set(re.findall(r"^FAIL (.+?)(?::.*)?$", text, re.M))
        begun = re.findall(r"^run (\S+)", text, re.M)
        if status and begun and begun[-1] not in passed:
            failed.add(begun[-1])
        if program == "golden":
            (failed if status else passed).add("golden")
        return passed, failed

    def put_in(self, fault):
        """The text that was there before."""
        path = self.path / fault.path
        text = path.read_text()
        path.write_text(fault.changed(self.path))
        return text


def wanted(faults):
    """{program: names of tests} of some faults."""
    by_program = {}
    for fault in faults:
        for program, name in fault.tests:
            by_program.setdefault(program, []).append(name)
    return by_program


def attempt(tree, fault, everything=()):
    """None, or why the fault is not what bugs.txt says of it.  Prints what failed, also in the programs of `everything`."""
    times = fault.times(tree.path)
    if times != 1:
        return "its code is in %s %d times" % (fault.path, times)
    tests = wanted([fault])
    before = tree.put_in(fault)
    missed, seen = [], []
    try:
        why = tree.make(dict.fromkeys([*tests, *everything]))
        if why:
            return "does not compile: " + why
        for program in dict.fromkeys([*tests, *everything]):
            failed = tree.results(program, tests.get(program, []))[1]
            missed += [(program, name) for name in tests.get(program, []) if name not in failed]
            seen += ["%s %s" % (program, name) for name in sorted(failed) if everything or name in tests[program]]
    finally:
        (tree.path / fault.path).write_text(before)
    print("%s: %s" % (fault.row, ", ".join(seen) or "NOTICED BY NOTHING"), flush=True)
    return "passes with it: " + ", ".join("%s %s" % m for m in missed) if missed or not seen else None
