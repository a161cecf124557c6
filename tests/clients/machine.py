# SPDX-License-Identifier: BSD-2-Clause
"""Reads the description of the API for machines by the rules that generators of bindings follow, and says what C says the same."""
import json
import re
import xml.etree.ElementTree as ET

FILES = ("object-api.xml", "object-api-sel4-arch.xml", "object-api-arch.xml")
TYPES = set("""seL4_Uint8 seL4_Uint16 seL4_Uint32 seL4_Uint64 seL4_Time seL4_Word seL4_Bool seL4_CapRights_t seL4_CPtr seL4_CNode
    seL4_IRQHandler seL4_IRQControl seL4_TCB seL4_Untyped seL4_DomainSet seL4_SchedContext seL4_SchedControl seL4_ARM_Page
    seL4_ARM_PageTable seL4_ARM_VSpace seL4_ARM_ASIDControl seL4_ARM_ASIDPool seL4_ARM_VCPU seL4_ARM_IOSpace seL4_ARM_IOPageTable
    seL4_ARM_VMAttributes seL4_VCPUReg""".split())
NUMBER = r"(?:0|[1-9][0-9]*)"


class Bad(Exception):
    pass


def options(include):
    """One key space of both files; every value is a boolean or text."""
    values = {}
    for name in ("kernel", "sel4"):
        with open(f"{include}/{name}/gen_config.json", encoding="utf-8") as f:
            values.update(json.load(f))
    for key, value in values.items():
        if not isinstance(value, (bool, str)):
            raise Bad(f"{key} is {value!r}")
    return values


def holds(element, values):
    """A `condition` element or one inside it."""
    if element is None:
        return True
    inner = list(element)
    if element.tag == "config":
        return bool(values[element.get("var").removeprefix("CONFIG_")])
    if element.tag in ("condition", "not") and len(inner) == 1:
        return holds(inner[0], values) != (element.tag == "not")
    if element.tag in ("and", "or") and len(inner) > 1:
        return (all if element.tag == "and" else any)(holds(i, values) for i in inner)
    raise Bad(f"condition: {element.tag} with {len(inner)}")


def labels(include, values):
    """{label: number}: false conditions use no number."""
    apis = [ET.parse(f"{include}/interfaces/{name}").getroot() for name in FILES]
    found, structs = {}, {s.get("name") for api in apis for s in api.findall("struct")}
    for api in apis:
        for method in api.iter("method"):
            if not holds(method.find("condition"), values):
                continue
            found[method.get("id")] = len(found) + 1
            for p in method.findall("param"):
                if p.get("type") not in TYPES | structs or p.get("dir") not in ("in", "out"):
                    raise Bad(f"{method.get('id')}: {p.attrib}")
    return found


def system_calls(include, values):
    """{name: number}: false conditions use a number."""
    root = ET.parse(f"{include}/api/syscall.xml").getroot()
    if [c.tag for c in root] != ["api-master", "api-mcs", "debug"]:
        raise Bad("syscall.xml: wrong children")
    found, number = {}, 0
    for part in list(root)[1:]:
        for config in part:
            for call in config.findall("syscall"):
                number -= 1
                if holds(config.find("condition"), values):
                    found[call.get("name")] = number
    return found


def bit_fields(path):
    """({block: [(field, word, low, width)]}, {union: (tag field, {block: value})}), decimal numbers only."""
    with open(path, encoding="utf-8") as f:
        text = re.sub(r"--[^\n]*", "", f.read())
    blocks, unions = {}, {}
    if not re.match(r"\s*base 64\s", text):
        raise Bad("no base")
    rest = re.sub(r"^\s*base 64", "", text)
    for kind, name, tag, body in re.findall(r"(block|tagged_union)\s+(\w+)\s+(?:(\w+)\s+)?\{([^}]*)\}", rest):
        if kind == "tagged_union":
            unions[name] = (tag, {b: int(v) for b, v in re.findall(rf"tag\s+(\w+)\s+({NUMBER})\b", body)})
            continue
        items = re.findall(rf"(field|padding)\s+(?:([A-Za-z]\w*)\s+)?({NUMBER})\b", body)
        bits = sum(int(width) for _, _, width in items)
        if bits % 64 or re.sub(rf"(field\s+[A-Za-z]\w*|padding)\s+{NUMBER}\b", "", body).strip():
            raise Bad(f"{name}: {bits} bits")
        fields, at = [], bits
        for what, field, width in items:
            at -= int(width)
            if what == "field":
                fields.append((field, at // 64, at % 64, int(width)))
        blocks[name] = fields
    if re.sub(r"(block|tagged_union)\s+\w+\s+(\w+\s+)?\{[^}]*\}", "", rest).strip():
        raise Bad("something else stands in the file")
    return blocks, unions


def c_program(include):
    """A program that ends with 0 if the headers say what the description says."""
    values = options(include)
    out = ["#include <sel4/sel4.h>", "#define SAME(a, b) _Static_assert((long)(a) == (long)(b), #a)",
           "void tessera_host_trap(seL4_Word *r) { (void)r; __builtin_trap(); }"]
    found = labels(include, values)
    out += [f"SAME({label}, {number});" for label, number in found.items()]
    out.append(f"SAME(nArchInvocationLabels, {len(found) + 1});")
    out += [f"SAME(seL4_Sys{name}, {number});" for name, number in system_calls(include, values).items()]
    with open(f"{include}/../../support/invocations_all.json", encoding="utf-8") as f:
        if json.load(f) != found:
            raise Bad("invocations_all.json")
    body = []
    shared, _ = bit_fields(f"{include}/sel4/shared_types.pbf")
    for block, fields in shared.items():
        for field, word, low, width in fields:
            body.append(f"{{ {block}_t v = {{{{0}}}}; v = {block}_set_{field}(v, {(1 << width) - 1}ul); "
                        f"if (v.words[{word}] != {((1 << width) - 1) << low}ul) return __LINE__; }}")
    blocks, unions = bit_fields(f"{include}/sel4/sel4_arch/types.pbf")
    for union, (tag, members) in unions.items():
        for block, number in members.items():
            out.append(f"SAME({union}_{block}, {number});")
            for field, word, low, width in (f for f in blocks[block] if f[0] != tag):
                body.append(f"{{ {union}_t v = {{{{0}}}}; v.words[0] = {number}; v = {union}_{block}_set_{field}(v, {(1 << width) - 1}ul); "
                            f"if ((v.words[{word}] ^ ({word} ? 0 : {number})) != {((1 << width) - 1) << low}ul) return __LINE__; }}")
    for name, value in values.items():
        if value is True:
            out.append(f"SAME(CONFIG_{name}, 1);")
        else:
            out.append(f"#if{'n' if value is not False else ''}def CONFIG_{name}\n#error {name}\n#endif")
    return "\n".join([*out, "int main(void)", "{", *body, f"return {0 if len(body) > 30 else 1};", "}"]) + "\n"
