# SPDX-License-Identifier: BSD-2-Clause
"""How things are said: the words that docs/style.md refuses."""
import re

from .sources import read, tracked

PAGE = "docs/style.md"
TEXTS = ("kernel/*.[chS]", "lib/*.[chS]", "os/*.[ch]", "net/*.[ch]", "drivers/*.[ch]", "loader/*.[chS]", "apps/*.[ch]", "bench/*.[ch]",
         "abi/*.h", "tests/*.[chS]", "tests/*/run", "tools/*", "docs/*.md", "examples/*.[ch]", "README.md", "CHANGELOG.md",
         "CONTRIBUTING.md")
ELSEWHERE = ("docs/spec/", "docs/known-bugs", "tools/house/", "tests/style/")  # texts by others, and this rule itself


def refused():
    """word -> instead"""
    table = (re.search(r"^## Words\n(.*?)(?:^## |\Z)", read(PAGE), re.M | re.S) or ["", ""])[1]
    return dict(re.findall(r'^\| "([^"|]+)" \| ([^|]+) \|$', table, re.M))


def words():
    """The rule of the house: none of them is in a comment, a page or a message."""
    table = refused()
    if not table:
        yield f"{PAGE}: no table of words"
    for path in tracked(*TEXTS):
        if str(path).startswith(ELSEWHERE) or str(path) == PAGE:
            continue
        for number, line in enumerate(read(path).split("\n"), 1):
            for word, instead in table.items():
                if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", line):
                    yield f"{path}:{number}: {word}: {instead.strip()}"
