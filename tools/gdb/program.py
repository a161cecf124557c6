# SPDX-License-Identifier: BSD-2-Clause
"""gdb: which program's symbols belong to user addresses.

All programs are linked at the same address, so gdb can know one of them at a time: the root task at first, another
after `program NAME`.  TESSERA_BUILD names the folder with os/root.elf and apps/NAME.elf.
"""
import os

import gdb


class Program(gdb.Command):
    """program NAME: take user-level symbols from apps/NAME, or from the root task (`program root`)."""

    def __init__(self):
        super().__init__("program", gdb.COMMAND_FILES)
        self.current = None

    def invoke(self, argument, from_tty):
        build = os.path.abspath(os.environ["TESSERA_BUILD"])
        path = f"{build}/os/root.elf" if argument == "root" else f"{build}/apps/{argument}.elf"
        if not os.path.exists(path):
            names = sorted(f[:-4] for f in os.listdir(f"{build}/apps") if f.endswith(".elf"))
            raise gdb.GdbError(f"program: give one of: root {' '.join(names)}")
        if self.current is not None:
            gdb.execute(f"remove-symbol-file {self.current}", to_string=True)
        gdb.execute(f"add-symbol-file {path}", to_string=True)
        self.current = path


Program()
gdb.execute("program root")
