# SPDX-License-Identifier: BSD-2-Clause
"""The rows of the table: each a machine that QEMU has, and a way to start the image on it.

In options, files and what is typed: {image}, {uimage}, {fit}, {elf} are the image in that form, {deps} what tools/setup downloaded,
{trees} Debian's device trees, {esp} a folder that the machine sees as a disk.
"""
from dataclasses import dataclass, field


@dataclass
class Row:
    board: str
    way: str
    interrupts: str
    console: str
    options: list
    tree: str = ""          # for -dtb, or to be packed: a source in this folder, or one of Debian's
    typed: str = ""         # at the firmware's prompt
    elf: str = ""           # the address of the ELF form
    kernel: bool = False    # -kernel
    esp: dict = field(default_factory=dict)     # the files of the disk: where they come from, or their text
    needs: tuple = ()       # files that tools/setup must have fetched
    quick: bool = False     # in `make test`

    @property
    def off(self):
        """Can firmware switch the machine off?  There is none on these boards, nor after an entry at EL3."""
        return not self.board.startswith(("raspi", "vexpress")) and "EL3" not in self.way


def virt(gic=2, cpu="cortex-a53", **options):
    rest = "".join(f",{key}={value}" for key, value in options.items())
    return ["-machine", f"virt,gic-version={gic}{rest}", "-cpu", cpu, "-m", "512M"]


CPUS = ["cortex-a35", "cortex-a53", "cortex-a57", "cortex-a72", "cortex-a76", "a64fx", "neoverse-n1", "max"]
# Every processor with every controller, with and without EL2 and a secure world: one line of the table.  No A64FX with a
# GICv2, which does not exist: the emulator's claims to have the registers of a GICv3, and they are undefined.
MATRIX = [Row("virt", f"-kernel, {cpu}{', EL2' if el2 == 'on' else ''}{', secure' if secure == 'on' else ''}", f"GICv{gic}", "PL011",
              virt(gic, cpu, virtualization=el2, secure=secure), kernel=True)
          for cpu in CPUS for gic in (2, 3) for el2 in ("off", "on") for secure in ("off", "on")
          if (cpu, gic) != ("a64fx", 2)]

SERIAL2 = ["-serial", "null"]  # the Raspberry Pi's console is its second line
EL3 = "ELF, EL3, {} cores"

UBOOT = "{deps}/usr/lib/u-boot/qemu_arm64/u-boot.bin"
PI_UBOOT = "{deps}/usr/lib/u-boot/rpi_3/u-boot.bin"
EDK2 = "{deps}/usr/share/qemu-efi-aarch64/QEMU_EFI.fd"
GRUB = "{deps}/usr/lib/grub/arm64-efi/monolithic/grubaa64.efi"
SYSTEMD_BOOT = "{deps}/usr/lib/systemd/boot/efi/systemd-bootaa64.efi"
SYSTEMD_STUB = "{deps}/usr/lib/systemd/boot/efi/linuxaa64.efi.stub"
DISK = ["-drive", "if=none,id=esp,format=raw,readonly=on,file=fat:{esp}", "-device", "virtio-blk-pci,drive=esp"]
NET = ["-netdev", "user,id=net,tftp={esp},bootfile=tessera.img", "-device", "virtio-net-pci,netdev=net,romfile="]
BY_NET = {"tessera.img": "{image}"}
ALONE = {"EFI/BOOT/BOOTAA64.EFI": "{image}"}
UNIFIED = {"EFI/BOOT/BOOTAA64.EFI": "{uki}"}
BY_GRUB = {"EFI/BOOT/BOOTAA64.EFI": GRUB, "tessera.img": "{image}",
           "EFI/debian/grub.cfg": "text:search --file --set=root /tessera.img\nlinux /tessera.img\nboot\n"}
BY_SYSTEMD = {"EFI/BOOT/BOOTAA64.EFI": SYSTEMD_BOOT, "tessera.img": "{image}",
              "loader/loader.conf": "text:timeout 0\ndefault tessera.conf\n",
              "loader/entries/tessera.conf": "text:title Tessera\nlinux /tessera.img\n"}
EXTLINUX = {"tessera.img": "{image}", "extlinux/extlinux.conf": "text:default tessera\nlabel tessera\n  kernel /tessera.img\n"}


def at(name, address):
    return ["-device", f"loader,file={{{name}}},addr={address},force-raw=on"]


def uboot(way, gic, typed, disk=None, loaded=(), bus=tuple(DISK), **options):
    return Row("virt", f"U-Boot{way}", f"GICv{gic}", "PL011", [*virt(gic, **options), "-bios", UBOOT, *loaded, *(bus if disk else [])],
               typed=typed, esp=disk or {}, needs=(UBOOT,))


def edk2(way, gic, disk=None, needs=(), quick=False, bus=tuple(DISK), **options):
    return Row("virt", f"EDK2{way}", f"GICv{gic}", "PL011", [*virt(gic, "cortex-a57", **options), "-bios", EDK2, *bus],
               esp=disk or ALONE, needs=(EDK2, *needs), quick=quick)


def express(machine, cpu):
    return ["-machine", machine, "-cpu", cpu, "-m", "1G", "-audiodev", "none,id=none"]


PI = ["-machine", "raspi3b", *SERIAL2]
VEXPRESS = "vexpress-a15,secure=off"  # the emulator's board accepts 64-bit cores, and then matches this tree
VEXPRESS_TREE = "arm/vexpress-v2f-1xv7-ca53x2.dtb"
PI_TREE = "broadcom/bcm2837-rpi-3-b.dtb"
ZCU = ["-machine", "xlnx-zcu102", "-m", "2G"]
VERSAL = ["-machine", "xlnx-versal-virt", "-m", "2G"]
FDT = "$fdtcontroladdr"

ROWS = [
    Row("virt", "-kernel", "GICv2", "PL011", virt(2), kernel=True, quick=True),
    Row("virt", EL3.format(4), "GICv2", "PL011", [*virt(2, secure="on"), "-smp", "4"], elf="0x40200000"),
    Row("virt", EL3.format(4) + ", EL2", "GICv3", "PL011", [*virt(3, "cortex-a72", secure="on", virtualization="on"), "-smp", "4"],
        elf="0x40200000"),
    Row("virt", "ELF, EL1", "GICv2", "PL011", virt(2), elf="0x40200000"),
    Row("xlnx-versal-virt", "-kernel, EL2", "GICv3", "PL011", VERSAL, kernel=True, quick=True),
    Row("xlnx-versal-virt", EL3.format(2), "GICv3", "PL011", VERSAL, elf="0x200000"),
    Row("xlnx-zcu102", "-kernel, EL1", "GIC-400", "Cadence", ZCU, "zcu102.dts", kernel=True, quick=True),
    Row("xlnx-zcu102", "-kernel, EL2", "GIC-400", "Cadence", ["-machine", "xlnx-zcu102,virtualization=on", "-m", "2G"], "zcu102.dts",
        kernel=True),
    Row("xlnx-zcu102", "-kernel, EL1, secure", "GIC-400", "Cadence", ["-machine", "xlnx-zcu102,secure=on", "-m", "2G"], "zcu102.dts",
        kernel=True),
    Row("xlnx-zcu102", EL3.format(4), "GIC-400", "Cadence", ["-machine", "xlnx-zcu102,secure=on", "-m", "2G"], "zcu102.dts",
        elf="0x200000"),
    Row("xlnx-zcu102", "-kernel, EL1, Debian's tree", "GIC-400", "Cadence", ZCU, "xilinx/zynqmp-zcu102-rev1.0.dtb", kernel=True),
    Row("raspi3b", "-kernel, EL2", "BCM2836", "mini-UART", PI, "raspi3b.dts", kernel=True, quick=True),
    Row("raspi3b", EL3.format(4), "BCM2836", "mini-UART", PI, "raspi3b.dts", elf="0x400000"),
    Row("raspi3b", "-kernel, EL2, Debian's tree", "BCM2836", "mini-UART", PI, PI_TREE, kernel=True),
    Row("raspi3ap", "-kernel, EL2, Debian's tree", "BCM2836", "mini-UART", ["-machine", "raspi3ap", *SERIAL2],
        "broadcom/bcm2837-rpi-3-a-plus.dtb", kernel=True),
    Row("vexpress-a15", "-kernel, EL2, 64-bit core, Debian's tree", "GIC-400", "PL011", [*express(VEXPRESS, "cortex-a53")], VEXPRESS_TREE,
        kernel=True),
    Row("vexpress-a15", "-kernel, EL1, 64-bit cores, Debian's tree", "GIC-400", "PL011",
        [*express(f"{VEXPRESS},virtualization=off", "cortex-a57"), "-smp", "2"], VEXPRESS_TREE, kernel=True),
    uboot(", booti", 2, f"booti 0x41000000 - {FDT}", loaded=at("image", "0x41000000")),
    uboot(" at EL2, booti", 3, f"booti 0x41000000 - {FDT}", loaded=at("image", "0x41000000"), virtualization="on"),
    uboot(", booti of a gzip file", 2, f"setenv kernel_comp_addr_r 0x58000000; setenv kernel_comp_size 0x2000000; booti 0x50000000:1000000 - {FDT}",
          loaded=at("gz", "0x50000000")),
    uboot(", TFTP, booti", 2, f"dhcp 0x42000000 tessera.img; booti 0x42000000 - {FDT}", BY_NET, bus=tuple(NET)),
    uboot(", bootm uImage", 2, f"bootm 0x48000000 - {FDT}", loaded=at("uimage", "0x48000000")),
    uboot(", bootm FIT, #virt", 2, "bootm 0x48000000#virt", loaded=at("fit", "0x48000000")),
    uboot(", extlinux", 2, "virtio scan; sysboot virtio 0:1 any $scriptaddr /extlinux/extlinux.conf", EXTLINUX),
    uboot(", bootefi", 2, f"virtio scan; load virtio 0:1 0x48000000 tessera.img; bootefi 0x48000000 {FDT}", EXTLINUX),
    uboot(" at EL2, bootefi", 3, f"virtio scan; load virtio 0:1 0x48000000 tessera.img; bootefi 0x48000000 {FDT}", EXTLINUX,
          virtualization="on"),
    edk2(", device tree", 2, acpi="off"),
    edk2(" at EL2, device tree", 3, acpi="off", virtualization="on"),
    edk2(", ACPI", 2),
    edk2(" at EL2, ACPI", 3, virtualization="on", quick=True),
    edk2(", GRUB linux, device tree", 2, BY_GRUB, (GRUB,), acpi="off"),
    edk2(", GRUB linux, ACPI", 3, BY_GRUB, (GRUB,)),
    edk2(", systemd-boot, device tree", 2, BY_SYSTEMD, (SYSTEMD_BOOT,), acpi="off"),
    edk2(", systemd-boot, ACPI", 3, BY_SYSTEMD, (SYSTEMD_BOOT,)),
    edk2(", unified kernel image of systemd, device tree", 2, UNIFIED, (SYSTEMD_STUB,), acpi="off"),
    edk2(", unified kernel image of systemd, ACPI", 3, UNIFIED, (SYSTEMD_STUB,)),
    edk2(", -kernel, ACPI", 3, bus=("-kernel", "{image}")),
    edk2(", PXE, device tree", 2, BY_NET, bus=tuple(NET), acpi="off"),
    Row("raspi3b", "U-Boot, booti, Debian's tree", "BCM2836", "mini-UART",
        [*PI, "-kernel", PI_UBOOT, *at("image", "0x10000000"), "-device", f"loader,file={{trees}}/{PI_TREE},addr=0x1000000,force-raw=on"],
        PI_TREE, typed="booti 0x10000000 - 0x1000000", needs=(PI_UBOOT,)),
]


@dataclass
class Lack:
    """The tree of `virt` without something, and the line that must tell of it; all else goes on."""
    what: str
    said: str
    edit: list      # commands of fdtput, without its tree
    waits: bool = False     # also try a sleep of one second


UART = "/pl011@9000000"
LACKS = [
    Lack("no interrupt of the console", "board: the console's interrupt is not known; input is polled", [["-d", UART, "interrupts"]]),
    Lack("the console's interrupt goes to a GPIO block", "board: the console's interrupt belongs to a arm,pl061; input is polled", [
        ["-t", "x", "/pl061@9030000", "#interrupt-cells", "2"], ["/pl061@9030000", "interrupt-controller"],
        ["-t", "x", "/pl061@9030000", "phandle", "7777"], ["-t", "x", UART, "interrupt-parent", "7777"],
        ["-t", "x", UART, "interrupts", "3", "4"]]),
    Lack("the console's interrupt is one that there is not", "board: the kernel does not give the console's interrupt 1019", [
        ["-t", "u", UART, "interrupts", "0", "987", "4"]]),
    Lack("no clock", "board: no known real-time clock; dates count from 1970", [["-r", "/pl031@9010000"]]),
    Lack("no place for a disk", "board: no virtio-mmio; there is no disk and no network card", [
        ["-r", f"/virtio_mmio@a00{slot << 9:04x}"] for slot in range(32)]),
    Lack("no timer", "loader: the device tree names no interrupt of the virtual timer; trying 27", [["-r", "/timer"]], waits=True),
]
