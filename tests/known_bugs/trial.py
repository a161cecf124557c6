# SPDX-License-Identifier: BSD-2-Clause
"""A copy of the tree into which faults are put, and what fails there."""
import pathlib
import re
import shutil
import subprocess
import tempfile

from faults import ROOT

SECONDS = 180  # of the machine, for a program that a fault makes run for ever; whatever it was in by then counts as failed
SCRIPT_SECONDS = 1800

# Programs of this machine: they print a line per test.  Other names are scripts tests/NAME/run; `qemu` is the behaviour suite there.
PROGRAM = {
    "unit": ["build/host/unit"],
    "sim": ["build/host/sim"],
    "suite": ["build/host/suite", "1", "fast"],
    "domains": ["build/host/suite", "3", "fast"],
    "model": ["build/host/model"],
    "golden": ["build/host/golden", "tests/golden/expected.txt"],
    "efi": ["build/host/efi"],
    "libs": ["build/host/libs_plain"],
}


def run(command, tree, seconds):
    """Standard output and error, and whether it came to its end."""
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, cwd=tree, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT)
        try:
            status = process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            status = process.wait()
        out.seek(0)
        return out.read().decode("utf-8", "replace"), status


class Tree:
    """The sources as they are here, with what is built of them; gone at the end of `with`."""

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
        for part in ["host", "plain", "deps", *(p.name for p in (ROOT / "build").glob(".setup-*"))]:
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
        """Names of tests that passed and that failed.  A script is asked for `names` alone, a program runs all it has."""
        if program == "qemu":
            passed, failed = set(), set()
            for name in names:
                text, status = run(["tests/suite/run", "-k", "debug", name], self.path, SCRIPT_SECONDS)
                (failed if status else passed).add(name)
            return passed, failed
        if program not in PROGRAM:
            text, status = run(["make", "-s", "check", "T=" + program], self.path, SCRIPT_SECONDS)
            lines = [line for line in text.split("\n") if "FAIL" in line]
            failed = {n for n in names if status and any(n in line for line in lines)}
            return set(names) - failed, failed
        text, status = run(PROGRAM[program], self.path, SECONDS)
        passed = set(re.findall(r"^ok +(.+?)$", text, re.M))
        failed = set(re.findall(r"^FAIL (.+?)(?::.*)?$", text, re.M))
        begun = re.findall(r"^run (\S+)", text, re.M)
        if status and begun and begun[-1] not in passed:
            failed.add(begun[-1])
        if program == "golden" and status:
            failed.add("golden")
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
