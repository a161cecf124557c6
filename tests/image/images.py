# SPDX-License-Identifier: BSD-2-Clause
"""What the tests of mkimage and of the loader share: root images, and running them."""
import os
import random
import struct
import subprocess
import sys
import tempfile
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.join(HERE, "../../build"))
MKIMAGE = os.path.join(BUILD, "sdk", "mkimage")
LOADER = os.path.join(BUILD, "sdk", "loader.img")
PAGE, MIB, GIB = 4096, 1 << 20, 1 << 30
RWX = 7
ENDS = ("image ", "Tessera cannot", "Thread '")  # how a line begins after which nothing more comes: the last is a fault without handler
random.seed(1)


class Count:
    passed = failed = 0


def check(good, what, detail=""):
    if good:
        Count.passed += 1
    else:
        Count.failed += 1
        print(f"FAIL {what} {detail}".rstrip())


# --- ELF files ---------------------------------------------------------------------------------------------

def program(kind, offset, vaddr, filesz, memsz, align=PAGE):
    return struct.pack("<IIQQQQQQ", kind, RWX, offset, vaddr, vaddr, filesz, memsz, align)


def elf(segments, entry=None, extra=b"", machine=183, kind=2, word=2):
    """Segments are (address, bytes, size in memory); `extra` is more program headers."""
    offset = 64 + 56 * (len(segments) + len(extra) // 56)
    headers, body = b"", b""
    for vaddr, data, memsz in segments:
        body += bytes((vaddr - offset - len(body)) % PAGE)
        headers += program(1, offset + len(body), vaddr, len(data), memsz)
        body += data
    identity = b"\x7fELF" + bytes([word, 1, 1])
    count = len(headers + extra) // 56
    body += bytes(-len(body) % 8)
    sections = offset + len(body)
    return struct.pack("<16sHHIQQQIHHHHHH", identity, kind, machine, 1, segments[0][0] if entry is None else entry,
                       64, sections, 0, 64, 56, count, 64, 1, 0) + headers + extra + body + bytes(64)


def plain():
    return elf([(0x400000, bytes(range(200)), 300), (0x402000, b"data", 9000)])


# --- running things ------------------------------------------------------------------------------------------

def write(name, data):
    with open(name, "wb") as f:
        f.write(data)
    return name


def mkimage(*arguments):
    return subprocess.run([MKIMAGE, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=900,
                          check=False)


def qemu(*options, machine="virt", cpu="cortex-a53", until=None, seconds=900):
    """Console output up to a line that starts with `until`; and the exit status, None when it had to be ended."""
    command = ["timeout", "-k", "1", "-s", "KILL", str(seconds), "qemu-system-aarch64", "-machine", machine, "-cpu",
               cpu, "-nic", "none", "-display", "none", "-monitor", "none", "-serial", "stdio", *options]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, errors="replace") as p:
        lines = []
        for line in p.stdout:
            lines.append(line.strip())
            if until is not None and line.startswith(until):
                p.terminate()
                return "\n".join(lines), None
        return "\n".join(lines), p.wait()


def checking_code():
    """Machine code of check.S, to be followed by its table."""
    if not os.path.exists("check.bin"):
        subprocess.run(["aarch64-linux-gnu-gcc", "-c", os.path.join(HERE, "check.S"), "-o", "check.o"], check=True)
        subprocess.run(["aarch64-linux-gnu-objcopy", "-O", "binary", "check.o", "check.bin"], check=True)
    with open("check.bin", "rb") as f:
        return f.read()


def self_checking(segments):
    """A file whose code compares the image with what it should be; the code fills the first page of segment 0."""
    start = min(s[0] for s in segments)
    end = max(s[0] + s[2] for s in segments)
    image = bytearray(end - start + -(end - start) % PAGE)
    for vaddr, data, _ in segments:
        image[vaddr - start:vaddr - start + len(data)] = data
    code = segments[0][0] - start
    table = b""
    for low, high in [(0, code), (code + PAGE, len(image))]:
        if low < high:
            table += struct.pack("<QQQ", start + low, start + high, zlib.crc32(image[low:high]))
    blob = checking_code() + table + bytes(24)
    check(len(blob) <= PAGE, "the checking code fits into its page")
    vaddr, data, memsz = segments[0]
    return elf([(vaddr, blob + bytes(PAGE - len(blob)) + data[PAGE:], memsz)] + segments[1:], entry=vaddr)


def run_all(name, tests):
    """Each test in an empty folder of its own; answers the exit status."""
    here = os.getcwd()
    for test in tests:
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            before = Count.passed
            test()
            print(f"{name}: {test.__name__[5:].replace('_', ' ')}: {Count.passed - before} ok", flush=True)
            os.chdir(here)
    print(f"{Count.passed} passed, {Count.failed} failed")
    return 1 if Count.failed else 0
