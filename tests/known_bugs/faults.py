# SPDX-License-Identifier: BSD-2-Clause
"""The faults of bugs.txt, and how one is put into a tree.

As a program: faults.py ROW prints the file that the fault of that row changes, changed; nothing else is touched.
"""
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]


class Fault:
    """row, path (relative to the tree), old and new (whole lines), tests ((PROGRAM, NAME) pairs)"""

    def __init__(self, block):
        lines = block.rstrip("\n").split("\n")
        part = {sign: [line[1:] for line in lines[1:] if line.startswith(sign)] for sign in "@-+!"}
        self.row = lines[0]
        self.path = part["@"][0].strip()
        self.old = "".join(line + "\n" for line in part["-"])
        self.new = "".join(line + "\n" for line in part["+"])
        self.tests = [tuple(t.strip().split(" ", 1)) for t in part["!"]]

    def times(self, tree=ROOT):
        """How often the lines that it replaces are there; anything but once is a mistake of bugs.txt."""
        return ("\n" + (tree / self.path).read_text()).count("\n" + self.old)

    def changed(self, tree=ROOT):
        text = "\n" + (tree / self.path).read_text()
        return text.replace("\n" + self.old, "\n" + self.new)[1:]


def faults():
    return [Fault(block) for block in re.split(r"^= ", (HERE / "bugs.txt").read_text(), flags=re.M)[1:]]


def main():
    chosen = [f for f in faults() if f.row == sys.argv[1]]
    if len(chosen) != 1 or chosen[0].times() != 1:
        sys.exit("faults.py: %s: no fault, or its lines are not there once" % sys.argv[1])
    sys.stdout.write(chosen[0].changed())


if __name__ == "__main__":
    main()
