# SPDX-License-Identifier: BSD-2-Clause
"""What the public tool makes of a board folder, as far as its formats are described: a raw image out of loader.elf, sel4.elf and a root task."""
import json
import struct

MAGIC = 0x5e14dead14de5ead
TABLES = [f"boot_lvl{n}_{half}" for half in ("lower", "upper") for n in range(3)]
KEYS = """SEL4_ARCH WORD_SIZE ARM_HYPERVISOR_SUPPORT ARM_PA_SIZE_BITS_40 ALLOW_SMC_CALLS PADDR_USER_DEVICE_TOP ROOT_CNODE_SIZE_BITS
          RETYPE_FAN_OUT_LIMIT MAX_NUM_BOOTINFO_UNTYPED_CAPS ENABLE_SMP_SUPPORT NUM_DOMAINS NUM_DOMAIN_SCHEDULES HAVE_FPU""".split()


class Elf:
    def __init__(self, path):
        with open(path, "rb") as f:
            self.data = f.read()
        self.entry, programs, sections = struct.unpack_from("<QQQ", self.data, 24)
        count, = struct.unpack_from("<H", self.data, 56)
        self.segments = []  # (offset, vaddr, paddr, filesz, memsz)
        for i in range(count):
            kind, _, *rest = struct.unpack_from("<IIQQQQQ", self.data, programs + 56 * i)
            if kind == 1 and rest[4]:
                self.segments.append(rest)
        self.symbols = {}
        section_count, = struct.unpack_from("<H", self.data, 60)
        headers = [struct.unpack_from("<IIQQQQIIQQ", self.data, sections + 64 * i) for i in range(section_count)]
        for h in headers:
            if h[1] != 2:
                continue
            names = headers[h[6]][4]
            for at in range(h[4], h[4] + h[5], 24):
                name, _, _, _, value, size = struct.unpack_from("<IBBHQQ", self.data, at)
                end = self.data.index(b"\0", names + name)
                self.symbols[self.data[names + name:end].decode()] = (value, size)

    def bytes_of(self, segment):
        offset, _, _, filesz, memsz = segment
        return self.data[offset:offset + filesz] + bytes(memsz - filesz)


def faults(folder):
    """What that tool would miss in the folder."""
    loader, kernel = Elf(f"{folder}/elf/loader.elf"), Elf(f"{folder}/elf/sel4.elf")
    out = [f"loader: {t}" for t in TABLES if loader.symbols.get(t, (0, 0))[1] != 4096]
    if len(loader.segments) != 1 or loader.entry != loader.segments[0][1]:
        out.append("loader: one segment, whose first byte is the entry")
    start, end, bss = (loader.symbols[n][0] for n in ("_loader_start", "_loader_end", "_bss_end"))
    if start >> 30 != (end - 1) >> 30 or bss != loader.segments[0][1] + loader.segments[0][4] or bss % 4:
        out.append("loader: its ends")
    if len({s[1] - s[2] for s in kernel.segments}) != 1 or not kernel.segments[0][1] < kernel.symbols["ki_boot_end"][0] <= kernel.symbols["ki_end"][0]:
        out.append("sel4: its addresses")
    for name in ("pd_names_len", "vm_names_len", "pd_names", "vm_names", "pd_stack_bottom_addrs"):
        if name not in Elf(f"{folder}/elf/monitor.elf").symbols:
            out.append(f"monitor: {name}")
    initialiser = Elf(f"{folder}/elf/initialiser.elf").symbols
    if (initialiser["sel4_phdrs_patched__vaddr"][1], initialiser["sel4_phdrs_patched__phnum"][1]) != (8, 2):
        out.append("initialiser: its variables")
    with open(f"{folder}/include/kernel/gen_config.json", encoding="utf-8") as f:
        options = json.load(f)
    out += [f"gen_config.json: {k}" for k in KEYS if not isinstance(options.get(k), (bool, str))]
    with open(f"{folder}/platform_gen.json", encoding="utf-8") as f:
        memory = json.load(f)["memory"]
    if kernel.segments[0][2] != memory[0]["start"]:
        out.append("sel4: lies not where memory begins")
    return out


def image(folder, root_path):
    loader, kernel, root = Elf(f"{folder}/elf/loader.elf"), Elf(f"{folder}/elf/sel4.elf"), Elf(root_path)
    first = kernel.segments[0]
    start = kernel.symbols["ki_boot_end"][0] - first[1] + first[2]
    low = min(s[1] for s in root.segments) & ~0xfff
    end = start + ((max(s[1] + s[4] for s in root.segments) + 0xfff & ~0xfff) - low)
    regions = [(s[2], kernel.bytes_of(s)) for s in kernel.segments] + [(start + s[1] - low, root.bytes_of(s)) for s in root.segments]
    data, rows = b"", b""
    for address, contents in regions:
        rows += struct.pack("<QQQQ", address, len(contents), len(data), 1)
        data += contents
    table = struct.pack("<QQQQQQQQ", MAGIC, 64 + len(rows) + len(data), kernel.entry, start, end, (start - low) % (1 << 64), root.entry, len(regions))
    return loader.bytes_of(loader.segments[0]) + table + rows + data
