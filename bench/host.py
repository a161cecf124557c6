# SPDX-License-Identifier: BSD-2-Clause
"""Processor seconds of the host: what the emulator makes of the kernel, which counting instructions does not show.

They depend on the machine and on what else it does, so they are told and not held; only the ratio of two parts of one run is.
"""
import collections
import os
import subprocess
import threading

from measure import BUILD, OUT, QEMU, SECONDS

RATIO = 1.1  # the most that pages which once held code may cost
ATTEMPTS = 3
PLAIN = [word for word in QEMU if word not in ("-icount", "shift=0,sleep=off")]
SHELL = "help\nps\nls\nping\nbenchmark\nexit\n"


def seconds_of(pid):
    with open("/proc/%d/stat" % pid) as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def pages(*options):
    """{what: least processor seconds of a part}, or None if the program did not end."""
    parts, begun = collections.defaultdict(list), {}
    ended = False
    with subprocess.Popen(PLAIN + ["-kernel", str(OUT / "host.img"), *options], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT) as p:
        watchdog = threading.Timer(SECONDS, p.kill)
        watchdog.start()
        for raw in p.stdout:
            words = raw.decode("ascii", "replace").split()
            if words[:2] == ["host", "begin"]:
                begun[words[2]] = seconds_of(p.pid)
            elif words[:2] == ["host", "end"]:
                parts[words[2]].append(seconds_of(p.pid) - begun[words[2]])
            elif words[:1] == ["FAIL"]:
                break
            elif words == ["SUITE", "END"]:
                ended = True
                break
        watchdog.cancel()
        p.kill()
    return {what: min(times) for what, times in parts.items()} if ended else None


def used_pages(*options):
    """(ratio, seconds fresh, seconds on pages that once held code), the best of some attempts; None if it cannot be run."""
    best = None
    for _ in range(ATTEMPTS):
        least = pages(*options)
        if not least:
            return None
        found = (least["once-code"] / max(least["fresh"], 0.01), least["fresh"], least["once-code"])
        best = min(best or found, found)
        if best[0] <= RATIO:
            break
    return best


def timed(command, stdin, until):
    """Processor seconds of a command, which is killed when a line of its output holds `until`."""
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as p:
        watchdog = threading.Timer(SECONDS, p.kill)
        watchdog.start()
        p.stdin.write(stdin.encode())
        p.stdin.close()
        seconds = None
        for raw in p.stdout:
            if until in raw.decode("ascii", "replace"):
                seconds = seconds_of(p.pid)
                break
        watchdog.cancel()
        p.kill()
    return seconds


def suite():
    """The behaviour suite on the release kernel, as tests/suite/run does it once."""
    image = OUT / "suite.img"
    subprocess.run([str(BUILD / "sdk/mkimage"), "--release", "--export-vcnt", str(BUILD / "suite-release.elf"), "-o", str(image)],
                   check=True)
    return timed([*PLAIN, "-icount", "shift=3,sleep=off", "-kernel", str(image)], "", "SUITE END")


def shell():
    """Boot to the shell, a few commands, and leave."""
    return timed(["tools/run-qemu", str(BUILD / "tessera.img")], SHELL, "Good bye")


def report():
    """Lines for `make bench`."""
    lines = ["host: processor seconds on this machine, told and not held"]
    for name, seconds in (("behaviour suite, release kernel", suite()), ("boot, shell, %d commands" % SHELL.count("\n"), shell())):
        lines.append("  %-52s %s" % (name, "did not end" if seconds is None else "%.2f s" % seconds))
    for name, options in (("", ()), (", -accel tcg,tb-size=1", ("-accel", "tcg,tb-size=1"))):
        found = used_pages(*options)
        lines.append("  objects on pages that once held code%-16s %s" % (
            name, "did not end" if not found else "%.2f s, %.2f s on fresh ones: ratio %.2f (at most %.1f)" %
            (found[2], found[1], found[0], RATIO)))
    return lines
