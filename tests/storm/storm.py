# SPDX-License-Identifier: BSD-2-Clause
"""One storm in QEMU: built for a seed, packed, played."""
import pathlib
import re
import subprocess
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SDK = ROOT / "build" / "sdk"
SUITE = ROOT / "tests" / "suite"
QUIET = 600  # host seconds without a sign of life, after which a run is given up: a safety net
FLAGS = ["-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", "-ffreestanding", "-fno-pic", "-no-pie", "-nostdlib", "-static",
         "-mno-outline-atomics", "-fno-stack-protector", "-fno-tree-loop-distribute-patterns", "-ftls-model=local-exec",
         "-Wl,--build-id=none", "-Wl,-z,max-page-size=4096", f"-Wl,-T,{SUITE}/root.ld", "-DSUITE_ARENA_BITS=24"]


def build(folder, kernel, seed, periods):
    sources = [SUITE / "suite.c", SUITE / "machine_qemu.c", SUITE / "start.S", HERE / "watch.c", HERE / "caller.c"]
    subprocess.run(["aarch64-linux-gnu-gcc", *FLAGS, *(["-DTESSERA_RELEASE=1"] if kernel == "release" else []), f"-DSEED={seed}",
                    f"-DPERIODS={periods}", f"-I{ROOT}/abi/include", f"-I{SDK}/include", f"-I{SUITE}", f"-I{ROOT}", f"-I{ROOT}/kernel",
                    *map(str, sources), *(str(SDK / "lib" / f"lib{name}.a") for name in ("uart", "fdt", "base")), "-lgcc",
                    "-o", folder / "storm.elf"], check=True)
    subprocess.run([SDK / "mkimage", "--" + kernel, "--export-vcnt", folder / "storm.elf", "-o", folder / "storm.img"], check=True)


def run(folder):
    """The console."""
    command = ["qemu-system-aarch64", "-machine", "virt", "-cpu", "cortex-a53", "-m", "512M", "-nic", "none", "-nographic", "-monitor",
               "none", "-icount", "shift=3,sleep=off", "-kernel", folder / "storm.img"]
    log = folder / "log"
    with open(log, "wb") as out, subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out) as qemu:
        end = time.monotonic() + QUIET
        while qemu.poll() is None and b"SUITE END" not in log.read_bytes() and time.monotonic() < end:
            time.sleep(0.05)
        qemu.kill()
    return log.read_text(errors="replace").replace("\r", "")


def play(kernel, seed, periods):
    """One line: what the storm says of itself, or FAIL and why."""
    with tempfile.TemporaryDirectory(prefix="storm.") as name:
        folder = pathlib.Path(name)
        build(folder, kernel, seed, periods)
        console = run(folder)
    line = re.search(r"^storm: (.*)$", console, re.M)
    if line and re.search(r"^1 passed, 0 failed$", console, re.M) and "halted" not in console:
        return line[1]
    return "FAIL seed %d: %s" % (seed, " | ".join(console.strip().split("\n")[-12:]))
