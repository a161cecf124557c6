# SPDX-License-Identifier: BSD-2-Clause
"""The README's table of boards: what `make test-boards` saw, of which commit, and whether it still tells of the rows that there are.

The line above the table names the commit whose image it was; that commit builds the same bytes again, wherever it is built
(tests/boards/long does).
"""
import datetime
import hashlib
import os
import re
import subprocess

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
README = f"{ROOT}/README.md"
HEAD = "| board | started by | console | interrupts | result | to the prompt | image |\n|---|---|---|---|---|---|---|\n"
SOURCES = ["abi", "kernel", "lib", "loader", "os", "apps", "drivers", "net", "tools/mkimage", "mk", "Makefile"]  # what an image is made of
SAID = re.compile(r"Image sha256 `(\w+)` of commit `(\w+)`, (\d{4}-\d\d-\d\d)\.\n\n" + re.escape(HEAD) + r"((?:\|.*\n)+)")
MATRIX_WORDS = ("virt", "-kernel, 8 processors, EL1 and EL2, secure world or not", "PL011", "GICv2, GICv3")
NEVER = "| sbsa-ref | not run: its firmware is not in Debian | – | – | its RAM at 1 TiB is refused by a line ([why](docs/boards/others.md)) | – | – |\n"


def git(*words):
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()


def checksum(path):
    with open(path, "rb") as f:
        return hashlib.sha256(f.read()).hexdigest()


def line(words, result, seconds, image):
    return f"| {' | '.join(words)} | {result} | {f'{seconds:.1f} s' if seconds else ''} | {image[:8]} |\n"


def words_of(row):
    return (row.board, row.way, row.console, row.interrupts)


def write(lines, image):
    """Replace the table and the line above it.  Only with what a commit holds, or nobody could build it again."""
    changed = git("status", "--porcelain", "--untracked-files=no", "--", *SOURCES)
    if changed:
        return f"not written: the image is that of no commit:\n{changed}"
    with open(README, encoding="utf-8") as f:
        text = f.read()
    new = (f"Image sha256 `{image}` of commit `{git('rev-parse', '--short=12', 'HEAD')}`, {datetime.date.today()}.\n\n"
           f"{HEAD}{''.join(lines)}{NEVER}")
    text, count = SAID.subn(lambda _: new, text)
    with open(README, "w", encoding="utf-8") as f:
        f.write(text)
    return "" if count == 1 else "not written: README.md has no such table"


def age(commit):
    """How much what the image is made of has changed since."""
    if not git("cat-file", "-t", commit):
        return "whose age is not known here: this copy of the repository does not have it"
    return f"{git('rev-list', '--count', f'{commit}..HEAD', '--', *SOURCES)} commits to the image's sources ago"


def wrong_with(rows):
    """What the README's table says that is not so, and a line that tells its age."""
    with open(README, encoding="utf-8") as f:
        found = SAID.search(f.read())
    if not found:
        return ["README.md has no table of boards as tests/boards/table.py writes it"], ""
    image, commit, day, body = found.groups()
    lines = [[cell.strip() for cell in text.strip("|\n").split("|")] for text in body.splitlines()]
    named = [tuple(cells[:4]) for cells in lines[:-1]]
    bad = [f"not in the table: {': '.join(w[:2])}" for w in [MATRIX_WORDS, *map(words_of, rows)] if w not in named]
    bad += [f"in the table alone: {': '.join(w[:2])}" for w in named if w not in [MATRIX_WORDS, *map(words_of, rows)]]
    bad += [f"another image: {': '.join(cells[:2])}" for cells in lines[:-1] if cells[6:] != [image[:8]]]
    bad += [f"not ok: {': '.join(cells[:2])}" for cells in lines[:-1] if cells[4] not in ("ok", "60 of 60 ok")]
    return bad, f"the README's table is of commit {commit}, {day}, {age(commit)}"
