# SPDX-License-Identifier: BSD-2-Clause
"""Device trees read once more: by other code than lib/driver/fdt and libfdt, so that the two can be compared.

Follows the Devicetree Specification (0.4): chapter 2 for properties, interrupts and maps, chapter 5 for the blob.  A tree
becomes objects; addresses and interrupts are answered by recursion towards the root.
"""
import struct

GICS = {"arm,gic-v3", "arm,gic-400", "arm,cortex-a15-gic", "arm,cortex-a7-gic", "arm,cortex-a9-gic", "arm,pl390",
        "arm,eb11mp-gic", "arm,arm1176jzf-devchip-gic", "arm,arm11mp-gic", "arm,tc11mp-gic", "qcom,msm-qgic2",
        "qcom,msm-8660-qgic"}
BCM2836 = {"brcm,bcm2836-l1-intc", "brcm,bcm2836-armctrl-ic"}
CHAINED = {"nvidia,tegra210-agic"}  # a GIC behind the GIC
LIMIT = 16
WINDOW = (1 << 39) - (1 << 30)  # physical addresses that the kernel reaches
# Serial lines that the manuals of their makers describe, by the general name in their nodes: where a byte is sent and which register says
# that there is room, each with the width of the access, in bytes.
UARTS = {**dict.fromkeys(("arm,pl011", "arm,sbsa-uart"), (0, 4, 0x18, 4)), "cdns,uart-r1p12": (0x30, 4, 0x2c, 4),
         **dict.fromkeys(("amlogic,meson-gx-uart", "amlogic,meson-ao-uart", "amlogic,meson-s4-uart"), (0, 4, 0x0c, 4)),
         "fsl,imx6q-uart": (0x40, 4, 0xb4, 4),
         **dict.fromkeys(("fsl,imx7ulp-lpuart", "fsl,imx8qxp-lpuart"), (0x1c, 4, 0x14, 4)), "qcom,msm-uartdm": (0x70, 4, 0xa4, 4),
         **dict.fromkeys(("qcom,geni-debug-uart", "qcom,geni-uart"), (0x700, 4, 0x40, 4)), "marvell,armada-3700-uart": (4, 4, 0x0c, 4),
         **dict.fromkeys(("renesas,scif", "renesas,hscif"), (0x0c, 1, 0x10, 2))}
# The 8250 family, whose nodes say how its registers are wired: log2 of their distance and the width, where a node does not.
LIKE_8250 = {**dict.fromkeys(("ns16550a", "ns16550", "ns8250", "snps,dw-apb-uart"), (0, 1)),
             **dict.fromkeys(("nvidia,tegra20-uart", "mediatek,mt6577-uart", "ti,am654-uart", "brcm,bcm2835-aux-uart"), (2, 4))}
KNOWN = UARTS.keys() | LIKE_8250.keys()


class Node:
    def __init__(self, name, parent):
        self.name, self.parent = name, parent
        self.props, self.children = {}, []

    @property
    def path(self):
        if self.parent is None:
            return "/"
        return ("" if self.parent.parent is None else self.parent.path) + "/" + self.name

    def cells(self, name):
        raw = self.props.get(name)
        return None if raw is None else list(struct.unpack(f">{len(raw) // 4}I", raw[:len(raw) // 4 * 4]))

    def number(self, name, otherwise):
        c = self.cells(name)
        return c[0] if c else otherwise

    def strings(self, name):
        raw = self.props.get(name, b"")
        return [s.decode("latin-1") for s in raw.split(b"\0")[:-1]] if raw else []

    @property
    def compatible(self):
        return self.strings("compatible")

    @property
    def enabled(self):
        own = self.strings("status")[:1] in ([], ["okay"], ["ok"])
        return own and (self.parent is None or self.parent.enabled)

    def walk(self):
        yield self
        for child in self.children:
            yield from child.walk()


class Tree:
    def __init__(self, blob):
        (magic, total, structure, strings, reserve, version, _, _, strings_size,
         structure_size) = struct.unpack(">10I", blob[:40])
        assert magic == 0xd00dfeed and total <= len(blob) and version >= 17
        self.reserve = []
        while True:
            at, size = struct.unpack(">QQ", blob[reserve:reserve + 16])
            reserve += 16
            if not at and not size:
                break
            self.reserve.append((at, size))
        self.root = self._parse(blob[structure:structure + structure_size], blob[strings:strings + strings_size])
        self.phandles = {}
        for node in self.root.walk():
            handle = node.number("phandle", node.number("linux,phandle", 0))
            self.phandles.setdefault(handle, node)

    @staticmethod
    def _parse(block, strings):
        at, node, root = 0, None, None
        while True:
            token, = struct.unpack_from(">I", block, at)
            at += 4
            if token == 1:
                end = block.index(b"\0", at)
                child = Node(block[at:end].decode("latin-1"), node)
                if node is None:
                    root = child
                else:
                    node.children.append(child)
                node, at = child, (end + 4) // 4 * 4
            elif token == 2:
                node = node.parent
            elif token == 3:
                length, name = struct.unpack_from(">II", block, at)
                key = strings[name:strings.index(b"\0", name)].decode("latin-1")
                node.props.setdefault(key, block[at + 8:at + 8 + length])
                at = (at + 8 + length + 3) // 4 * 4
            elif token == 9:
                return root

    def reference(self, handle):
        return self.phandles.get(handle) if handle else None

    # --- nodes by name ---

    def find(self, path):
        path = path.split(":")[0]
        if not path.startswith("/"):
            alias, _, rest = path.partition("/")
            aliases = next((c for c in self.root.children if c.name == "aliases"), None)
            target = aliases.strings(alias)[:1] if aliases else []
            if not target:
                return None
            path = target[0] + ("/" + rest if rest else "")
        node = self.root
        for part in [p for p in path.split("/") if p]:
            exact = [c for c in node.children if c.name == part]
            loose = [c for c in node.children if "@" not in part and c.name.split("@")[0] == part]
            if not exact and not loose:
                return None
            node = next(c for c in node.children if c in exact or c in loose)
        return node

    def console(self, known):
        chosen = self.find("/chosen")
        for key in ("stdout-path", "linux,stdout-path"):
            named = chosen.strings(key)[:1] if chosen else []
            if named:
                node = self.find(named[0])
                if node and node.enabled and "simple-framebuffer" not in node.compatible:
                    return node
                break
        for i in range(10):
            node = self.find(f"serial{i}")
            if node and node.enabled:
                return node
        for node in self.root.walk():
            if set(node.compatible) & known and node.enabled and not node.children:
                return node
        return None

    @staticmethod
    def console_registers(node):
        """Of a line that is known: where a byte is sent, the width of that, where is said that there is room, the width of that."""
        name = next(name for name in node.compatible if name in KNOWN)
        if name in UARTS:
            return UARTS[name]
        shift, width = LIKE_8250[name]
        width, offset = node.number("reg-io-width", width), node.number("reg-offset", 0)
        return offset, width, offset + (5 << node.number("reg-shift", shift)), width

    # --- addresses ---

    @staticmethod
    def _bus(node):
        a, s = node.number("#address-cells", 2), node.number("#size-cells", 1)
        return (a, s) if 1 <= a <= 4 and s <= 4 else None

    @staticmethod
    def _join(cells):
        value = 0
        for c in cells:
            value = (value << 32 | c) & (1 << 64) - 1
        return value

    def _split(self, cells):
        return (cells[0], self._join(cells[1:])) if len(cells) > 2 else (0, self._join(cells))

    def upwards(self, bus, space, at, size):
        """From the bus's own addresses to physical ones, or None."""
        if bus.parent is None:
            return None if space else at
        ranges = bus.cells("ranges")
        if ranges is None:
            return None
        if not ranges:
            return self.upwards(bus.parent, space, at, size)
        own, outer = self._bus(bus), self._bus(bus.parent)
        if own is None or outer is None:
            return None
        step = own[0] + outer[0] + own[1]
        for i in range(0, len(ranges) - step + 1, step):
            child = self._split(ranges[i:i + own[0]])
            parent = self._split(ranges[i + own[0]:i + own[0] + outer[0]])
            length = self._join(ranges[i + own[0] + outer[0]:i + step])
            if child[0] == space and child[1] <= at and at + max(size, 1) <= child[1] + length:
                return self.upwards(bus.parent, parent[0], (parent[1] + at - child[1]) % (1 << 64), size)
        return None

    def registers(self, node):
        """Every entry of `reg`: (address, size), or None where processors do not see it."""
        cells = node.cells("reg") or []
        bus = self._bus(node.parent) if node.parent else None
        out = []
        if bus is None or not cells:
            return out
        for i in range(0, len(cells) - sum(bus) + 1, sum(bus)):
            space, at = self._split(cells[i:i + bus[0]])
            size = self._join(cells[i + bus[0]:i + sum(bus)])
            physical = self.upwards(node.parent, space, at, size)
            out.append(None if physical is None or physical + size >= 1 << 64 else (physical, size))
        return out

    def ranges_of(self, nodes):
        for node in nodes:
            for place in self.registers(node):
                if place is None:
                    break
                yield place

    def memory(self):
        return list(self.ranges_of(n for n in self.root.walk()
                                   if n.strings("device_type")[:1] == ["memory"] and n.enabled))

    def reserved(self):
        parent = self.find("/reserved-memory")
        return self.reserve + list(self.ranges_of(n for n in (parent.children if parent else []) if n.enabled))

    def devices(self):
        """The registers of enabled devices, as ascending ranges."""
        found = set()
        for node in self.root.walk():
            if node is not self.root and node.enabled and node.strings("device_type")[:1] != ["memory"]:
                found |= {(at, at + size) for at, size in filter(None, self.registers(node)) if size}
        return sorted(found)

    # --- interrupts ---

    def interrupt_parent(self, node):
        for _ in range(LIMIT):
            named = node.cells("interrupt-parent")
            node = self.reference(named[0]) if named else node.parent
            if node is None or node.cells("#interrupt-cells"):
                return node
        return None

    def specifiers(self, node):
        """Every interrupt: (controller, specifier)."""
        extended = node.cells("interrupts-extended")
        out = []
        if extended:
            while len(extended) > 1:
                controller = self.reference(extended[0])
                count = controller.number("#interrupt-cells", 0) if controller else 0
                if controller is None or count > len(extended) - 1:
                    break
                out.append((controller, extended[1:1 + count]))
                extended = extended[1 + count:]
            return out
        plain = node.cells("interrupts")
        controller = self.interrupt_parent(node) if plain else None
        count = controller.number("#interrupt-cells", 0) if controller else 0
        return [(controller, plain[i:i + count]) for i in range(0, len(plain) - count + 1, count)] if count else []

    def through_maps(self, controller, spec, address, hops=0):
        table = controller.cells("interrupt-map")
        if not table:
            return controller, spec
        wide = controller.number("#address-cells", 2)
        mask = controller.cells("interrupt-map-mask") or []
        mask += [0xffffffff] * (wide + len(spec) - len(mask))
        key = (address + [0] * wide)[:wide] + spec
        while len(table) > wide + len(spec) and hops < LIMIT:
            entry, rest = table[:wide + len(spec)], table[wide + len(spec):]
            target = self.reference(rest[0])
            if target is None:
                return None
            a, i = target.number("#address-cells", 0), target.number("#interrupt-cells", 0)
            if len(rest) < 1 + a + i:
                return None
            if all((k ^ e) & m == 0 for k, e, m in zip(key, entry, mask)):
                return self.through_maps(target, rest[1 + a:1 + a + i], rest[1:1 + a], hops + 1)
            table = rest[1 + a + i:]
        return None

    def interrupts(self, node):
        """Every interrupt as text: "33", "79e" (edge), "other NAME", or "none"."""
        return [self._line(node, c, s) for c, s in self.specifiers(node)]

    def _line(self, node, controller, spec):
        wide = node.parent.number("#address-cells", 2) if node.parent else 0
        address = (node.cells("reg") or [])
        found = self.through_maps(controller, spec, address[:wide] if len(address) >= wide else []) if spec else None
        if found is None or not found[1]:
            return "none"
        controller, spec = found
        names = set(controller.compatible)
        if names & GICS and not names & CHAINED:
            start, limit = {0: (32, 988), 1: (16, 16), 2: (4096, 1024), 3: (1056, 64)}.get(spec[0], (0, 0))
            if len(spec) < 3 or spec[1] >= limit:
                return "none"
            return str(start + spec[1]) + ("e" if spec[2] & 3 else "")
        if names & BCM2836 and self.timers_controller() not in (None, "gic"):
            if len(spec) != 2:
                return "none"
            if "brcm,bcm2836-l1-intc" in names:
                return str(spec[0]) if spec[0] < 12 else "none"
            return str(32 + 32 * spec[0] + spec[1]) if spec[0] < 3 and spec[1] < 32 else "none"
        return "other " + (controller.compatible[0] if controller.compatible else "")

    def timer(self):
        for wanted in ("arm,armv8-timer", "arm,armv7-timer"):
            for node in self.root.walk():
                if wanted in node.compatible and node.enabled:
                    names = node.strings("interrupt-names")
                    index = names.index("virt") if "virt" in names else 2
                    lines = self.interrupts(node)
                    return lines[index] if index < len(lines) else "none"
        return "none"

    def timers_controller(self):
        """The machine's own controller is the one that takes the timer's interrupt."""
        for wanted in ("arm,armv8-timer", "arm,armv7-timer"):
            for node in self.root.walk():
                if wanted in node.compatible and node.enabled:
                    controller = (self.specifiers(node) or [(None, [])])[0][0]
                    return None if controller is None else "gic" if set(controller.compatible) & GICS else "bcm2836"
        return None

    def timer_hertz(self):
        for wanted in ("arm,armv8-timer", "arm,armv7-timer"):
            for node in self.root.walk():
                if wanted in node.compatible and node.enabled:
                    return node.number("clock-frequency", 0)
        return 0

    def machine(self):
        """What a loader needs: (console's address or why there is none, its registers, timer's line, controllers' addresses, the
        counter's Hz, ...)."""
        node = self.console(KNOWN)
        place = (self.registers(node) or [None])[0] if node else None
        if node is None:
            console = "no console in the tree"
        elif not set(node.compatible) & KNOWN:
            console = "unknown: " + node.compatible[0]
        elif place is None:
            console = "no registers"
        else:
            console = place[0] if sum(place) <= WINDOW else "out of reach"
        own = GICS if self.timers_controller() == "gic" else BCM2836
        controllers = [self.registers(n)[0][0] for n in self.root.walk() if set(n.compatible) & own and not set(n.compatible) & CHAINED and n.enabled]
        registers = self.console_registers(node) if isinstance(console, int) else None
        return console, registers, self.timer().rstrip("e"), controllers, self.timer_hertz(), self.timers_controller(), self.devices()
