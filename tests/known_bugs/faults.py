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


def pattern_of(code):
    """The same tokens with any white space between them."""
    tokens = re.findall(r"\w+|[^\w\s]", code)
    text = ""
    for before, token in zip([""] + tokens, tokens):
        both_words = re.match(r"\w", before) and re.match(r"\w", token)
        text += (r"\s+" if both_words else r"\s*" if before else "") + re.escape(token)
    return re.compile(text)


class Fault:
    """row; path (relative to the tree), old and new (code), tests ((PROGRAM, NAME) pairs), slow; or why (there is no fault)"""

    def __init__(self, block):
        lines = block.rstrip("\n").split("\n")
        part = {sign: [line[1:] for line in lines[1:] if line.startswith(sign)] for sign in "@-+!?~"}
        self.row = lines[0]
        self.slow = bool(part["~"])
        self.why = " ".join(line.strip() for line in part["?"])
        self.tests = [tuple(t.strip().split(" ", 1)) for t in part["!"]]
        self.path = part["@"][0].strip() if part["@"] else None
        self.old = "\n".join(part["-"]).strip()
        self.new = "\n".join(part["+"]).strip()

    def times(self, tree=ROOT):
        """How often the fragment that it replaces is there."""
        return len(pattern_of(self.old).findall((tree / self.path).read_text()))

    def changed(self, tree=ROOT):
        return pattern_of(self.old).sub(lambda match: self.new, (tree / self.path).read_text())


def blocks():
    return [Fault(block) for block in re.split(r"^= ", (HERE / "bugs.txt").read_text(), flags=re.M)[1:]]


def faults():
    return [b for b in blocks() if not b.why]


def main():
    chosen = [f for f in faults() if f.row == sys.argv[1]]
    if len(chosen) != 1 or chosen[0].times() != 1:
        sys.exit("faults.py: %s: no fault, or its code is not there once" % sys.argv[1])
    sys.stdout.write(chosen[0].changed())


if __name__ == "__main__":
    main()
