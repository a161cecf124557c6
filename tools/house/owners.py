# SPDX-License-Identifier: BSD-2-Clause
"""Who writes what, as the kernel's headers say it: a field whose comment, or the comment above it, says `Written by a, b.` is assigned
in these files only (a.c or a.h, whose base names are unique), and each of them does assign something that is said of it.

Every field of the structs in TOLD says so.  A file that `Owns core->x` is the first that is named there.
"""
import re

from .sources import code, read, tracked

# header -> its structs in which every field names its writers, except fields that all may write or nobody does
TOLD = {
    "kernel/core/state.h": {"core": ("local", "marks", "uncommon", "watched"), "kernel": ("core", "ready", "irq"), "ready": ("some", "highest", "zero", "zero_too", "turn")},
    "kernel/core/cap_slot.h": {"slot": ()},
    "kernel/thread/thread.h": {"thread": ("context", "turn", "link", "slot", "fpu", "spare")},
    "kernel/thread/waitq.h": {"waitq": (), "waitlink": ()},
    "kernel/time/sched_context.h": {"sched_context": ("refill",), "refill": ()},
    "kernel/chain/binding.h": {"notification": ("waiters", "spare")},
    "kernel/chain/reply.h": {"reply": ()},
    "kernel/ipc/endpoint.h": {"endpoint": ("queue",)},
    "kernel/core/guest.h": {"vcpu": ("interface", "debug", "counters")},
}
SAID = re.compile(r"Written by ((?:\w+(?:, | and )?)+)\.")
NAMES = re.compile(r"(\w+)\s*(?:\[[^]]*\]\s*)*$")
TYPE = re.compile(r"\s*(?:(?:const|volatile|unsigned|enum|_Alignas\(\w+\))\s+)*(?:struct (\w+)|\w+)\b(.*)", re.S)
STEP = r"(?:\s*(?:->|\.)\s*\w+|\s*\[(?:[^][]|\[[^][]*\])*\])"
PLACE = re.compile(r"(?<![\w.>])(this_core\(\)|\w+)(%s+)" % STEP)
ASSIGNS = re.compile(r"\s*(?:=(?!=)|[-+|&^*/]=|<<=|>>=|\+\+|--)")
READS = r"\bconst\b[^;=]*=\s*&|[!=]=\s*&"  # an address through which nothing is written


def structs(text):
    """(name, body) of each definition; a struct or union without a name inside belongs to it."""
    return re.findall(r"^struct (\w+) \{\n(.*?)^\}", text, re.M | re.S)


def declared(body):
    """(field, struct that it is or points to or None, whether it is one) of each."""
    for line in code(body).split(";"):
        found = TYPE.match(re.sub(r"\b(?:union|struct)\s*\{|[{}]", "", line).strip())
        for word in found[2].split(",") if found else ():
            name = NAMES.search(re.sub(r":\s*\d+\s*$|\)\(.*", "", word.strip()))
            if name:
                yield name[1], found[1], bool(found[1]) and "*" not in word


def said(body):
    """(field, writers or None) of each; a comment that stands alone speaks for the fields up to the next empty line."""
    above = None
    for line in re.sub(r"/\*.*?\*/", lambda m: re.sub(r"\s*\n\s*\*?\s*", " ", m[0]), body, flags=re.S).split("\n"):
        found = SAID.search(line)
        names = re.split(r", | and ", found[1]) if found else None
        if not line.strip():
            above = None
        elif re.match(r"\s*/\*", line):
            above = names or above
        elif ";" in code(line):
            for field, _, _ in declared(line):
                yield field, names or above


def parts(text):
    """Declarators of one declaration: split at commas outside of brackets."""
    depth, part = 0, ""
    for sign in text + ",":
        depth += (sign in "([{") - (sign in ")]}")
        if sign == "," and depth == 0:
            yield part
            part = ""
        else:
            part += sign


def variables(body):
    """Name -> struct of what a function declares, parameters included."""
    known = {name: struct for struct, name in re.findall(r"\bstruct (\w+)\s+\**\s*(?:const\s+)?(\w+)", body)}
    for struct, rest in re.findall(r"\bstruct (\w+)\s+([^;(){}]*(?:\([^()]*\)[^;(){}]*)*);", body):
        for part in parts(rest):
            name = re.match(r"\s*\**\s*(?:const\s+)?(\w+)", part)
            if name:
                known[name[1]] = struct
    return known


def written(text, types):
    """(struct, field) that a file assigns: by an operator, a part of it, or through its address; what lies inside of a struct that
    is handed on by its address is said of its own fields."""
    for body in re.split(r"^\}", re.sub(READS, "", text), flags=re.M):
        known = {"kernel": "kernel", "this_core()": "core", **variables(body)}
        for found in PLACE.finditer(body):
            struct, path = known.get(found[1]), []
            for arrow, field in re.findall(r"(->|\.)\s*(\w+)", re.sub(r"\[.*?\](?!\])", "", found[2])):
                if field not in types.get(struct, {}):
                    path = []
                    break
                path = (path if arrow == "." else []) + [(struct, field)]
                struct, inside = types[struct][field]
            before = body[:found.start()].rstrip()
            address = before.endswith("&") and not before.endswith("&&") and not (path and inside and struct in types)
            if ASSIGNS.match(body[found.end():found.end() + 8]) or before.endswith(("++", "--")) or address:
                yield from path


def owners():
    """The rule of the house."""
    paths = [path for path in tracked("kernel/*.c", "kernel/*.h") if "arch/host" not in str(path)]
    texts = {path: read(path) for path in paths}
    types, told = {}, {}
    for path in paths:
        for struct, body in structs(texts[path]):
            types.setdefault(struct, {}).update({field: (of, inside) for field, of, inside in declared(body)})
            for field, names in said(body):
                if names:
                    told[struct, field] = names
                elif field not in TOLD.get(str(path), {}).get(struct, (field,)):
                    yield f"{path}: {struct}: nobody is said to write {field}"
    writers = {}
    for path in paths:
        for place in written(code(texts[path]), types):
            writers.setdefault(place, set()).add(path.stem)
    for (struct, field), names in told.items():
        for name in sorted(writers.get((struct, field), set()) - set(names)):
            yield f"{struct}: {field} is written by {', '.join(names)}, but {name} does so too"
        together = [place for place, n in told.items() if n == names and place[0] == struct]
        for name in set(names) - set().union(*(writers.get(place, set()) for place in together)):
            yield f"{struct}: {name} is said to write {field}, and does not"
    for path in paths:
        head = " ".join(texts[path][:2000].replace("\n * ", " ").split())
        for sentence in re.findall(r"\bOwns ((?:[^.]|\.(?=\w))*)\.", head):
            owned = re.findall(r"\b(\w+)(?:->|\.)(\w+)", sentence)
            if not owned:
                yield f"{path}: owns {sentence}: struct->field is what can be checked"
            for struct, field in owned:
                if told.get((struct, field), [""])[0] != path.stem:
                    yield f"{path}: owns {struct}'s {field}, but the struct says otherwise"


CAP = ("kernel/cap/cap.h", "kernel/cap/cap_memory.h")


def bits():
    """The second word of a cap means something else for each kind: outside of these it has names only.  A hint that both words are
    read together tells nothing of them."""
    for path in tracked("kernel/*.[ch]"):
        for number, line in enumerate(code(read(path)).split("\n"), 1):
            if str(path) not in CAP and re.search(r"\.b\b", re.sub(r"\btogether\([^)]*\)", "", line)):
                yield f"{path}:{number}: the second word of a cap: write a name from {CAP[0]}"
