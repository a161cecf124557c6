# SPDX-License-Identifier: BSD-2-Clause
"""The faults of bugs.txt, and how one is put into a tree.

A fault replaces a fragment of code that is in its file exactly once.  White space does not count, so that the fragment is found
again when lines are broken elsewhere; anything but one place is a mistake of bugs.txt and is said.

As a program: faults.py ROW prints the file that the fault of that row changes, changed; nothing else is touched.
"""
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]


class Fault:
    """row, path (relative to the tree), old and new (code), tests ((PROGRAM, NAME) pairs)"""

    def __init__(self, block):
        lines = block.rstrip("\n").split("\n")
        part = {sign: [line[1:] for line in lines[1:] if line.startswith(sign)] for sign in "@-+!"}
        self.row = lines[0]
        self.path = part["@"][0].strip()
        self.old = "\n".join(part["-"]).strip()
        self.new = "\n".join(part["+"]).strip()
        self.tests = [tuple(t.strip().split(" ", 1)) for t in part["!"]]
        self.pattern = re.compile(r"\s+".join(re.escape(word) for word in self.old.split()))

    def times(self, tree=ROOT):
        """How often the fragment that it replaces is there."""
        return len(self.pattern.findall((tree / self.path).read_text()))

    def changed(self, tree=ROOT):
        return self.pattern.sub(lambda match: self.new, (tree / self.path).read_text())


def faults():
    return [Fault(block) for block in re.split(r"^= ", (HERE / "bugs.txt").read_text(), flags=re.M)[1:]]


def main():
    chosen = [f for f in faults() if f.row == sys.argv[1]]
    if len(chosen) != 1 or chosen[0].times() != 1:
        sys.exit("faults.py: %s: no fault, or its code is not there once" % sys.argv[1])
    sys.stdout.write(chosen[0].changed())


if __name__ == "__main__":
    main()
