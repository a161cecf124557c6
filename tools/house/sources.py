# SPDX-License-Identifier: BSD-2-Clause
"""The files of the tree, and the functions in them."""
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
QUOTED = r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''
COMMENT = r"/\*.*?\*/|//[^\n]*"


def tracked(*patterns):
    out = subprocess.run(["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [pathlib.Path(p) for p in out.split() if (ROOT / p).is_file()]


def read(path):
    return (ROOT / path).read_text(errors="ignore")


def code(text):
    """A source without its comments, the lines kept."""
    def blank(match):
        return match.group() if match.group()[0] in "\"'" else "\n" * match.group().count("\n")
    return re.sub(QUOTED + "|" + COMMENT, blank, text, flags=re.S)


def functions(text):
    """(name, lines, body) of each function definition, found by our layout: `{` and `}` alone in the first column."""
    lines = text.split("\n")
    start = None
    for i, line in enumerate(lines):
        if line == "{":
            start = i
        elif line == "}" and start is not None:
            j = start - 1
            while j >= 0 and lines[j] and not lines[j].startswith((" ", "\t")) and "(" not in lines[j]:
                j -= 1
            while j > 0 and lines[j].startswith((" ", "\t")):
                j -= 1
            names = [n for n in re.findall(r"(\w+)\(", lines[j] if j >= 0 else "") if n != "__attribute__"]
            yield (names[0] if names else "?"), i - max(j, 0) + 1, "\n".join(lines[start:i + 1])
            start = None
