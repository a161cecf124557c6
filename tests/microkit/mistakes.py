# SPDX-License-Identifier: BSD-2-Clause
"""Descriptions with one mistake each, where it is told, and words of the line."""

PD = '<protection_domain name="p" {0}><program_image path="bad4.elf"/>{1}</protection_domain>'
PD2 = '<protection_domain name="q" priority="5"><program_image path="bad4.elf"/></protection_domain>'
MR = '<memory_region name="m" size="0x1000"/>'
USAGE = [([], "the description is missing"), (["x"], "--board is missing"), (["x", "--board", "tessera_virt_aarch64"], "--config is missing"),
         (["x", "--board", "nothing", "--config", "debug"], "there is no folder"), (["x", "y"], "one description at a time"),
         (["x", "--fast"], "no option --fast"),
         (["x", "--board"], "--board needs a value"), (["x", "--board", "b", "--config", "c", "--image-type", "efi"], "there are binary"),
         (["x", "--board", "b", "--config", "c", "-o", "y", "-r", "y"], "both the image and the report")]


def system(*lines):
    return "<system>\n" + "\n".join(lines) + "\n</system>\n"


def pd(attributes="", children=""):
    return PD.format(attributes, children)


def all_of_them():
    """(text, line:column, words)"""
    inside = len('<protection_domain name="p" ><program_image path="bad4.elf"/>') + 1  # column of the first child
    yield "<system>\n<oops\n</system>", "3:1", "not well-formed XML"
    yield '<!DOCTYPE system [<!ENTITY a "b">]>\n<system/>', "1:18", "document type"
    yield "<nothing/>", "1:1", "outermost element is <system>"
    yield system(), "1:1", "at least one <protection_domain>"
    yield system("text"), "2:1", "text between elements"
    yield system("<thing/>"), "2:1", "<system> has no element <thing>"
    yield "<system>" + "<protection_domain>" * 70 + "</protection_domain>" * 70 + "</system>", "1:1206", "nested more than 64"
    for attributes, says in (
            ('priority="255"', "priorities go from 0 to 254"), ('priority="ten"', "is not a number"), ('priority="-1"', "is not a number"),
            ('budget="2000" period="1000"', "larger than the period"), ('budget="19"', "the kernel needs 20"), ('period="36893488147420"', "are the most"),
            ('stack_size="0x800"', "stack_size"), ('stack_size="0x1100"', "stack_size"), ('stack_size="0x2000000"', "stack_size"),
            ('cpu="1"', "runs on one core"), ('passive="yes"', "true or false"), ('id="3"', "has no parent"),
            ('pp="true"', "belongs at the <end>"), ('color="red"', "has no attribute 'color'"), ('domain="d"', "has no <domains>"),
            ('priority="18446744073709551616"', "is not a number"), ('priority="0x"', "is not a number")):
        yield system(pd(attributes)), "2:1", says
    yield system('<protection_domain><program_image path="bad4.elf"/></protection_domain>'), "2:1", "needs the attribute 'name'"
    yield system(pd(), pd()), "3:1", "there is a domain 'p' already (line 2)"
    yield system(pd().replace('"p"', '"monitor"')), "2:1", "the system's own"
    yield system('<protection_domain name="p"/>'), "2:1", "needs a <program_image"
    for child, says in (
            ('<program_image path="x"/>', "has a program_image already (line 2)"), ("<ioport/>", "for x86"),
            ('<virtual_machine name="v"><vcpu id="0"/></virtual_machine>', "hypervisor"), ("<thing/>", "has no element <thing>"),
            ('<map vaddr="0"/>', "needs the attribute 'mr'"), ('<map mr="m"/>', "needs the attribute 'vaddr'"),
            ('<map mr="n" vaddr="0"/>', "no memory region 'n'"), ('<map mr="m" vaddr="8"/>', "not a multiple"),
            ('<map mr="m" vaddr="0x1000" perms="w"/>', "write rw"), ('<map mr="m" vaddr="0x1000" perms="rq"/>', "letters out of"),
            ('<map mr="m" vaddr="0x1000" perms=""/>', "letters out of"), ('<map mr="m" vaddr="0x200000"/>', "overlaps the program"),
            ('<map mr="m" vaddr="0x7fffffffd000"/>', "where the stack"), ('<map mr="m" vaddr="0xfffffffffffff000"/>', "beyond the addresses"),
            ('<map mr="m" vaddr="0x4000" setvar_vaddr="nowhere"/>', "has no variable 'nowhere'"),
            ('<map mr="m" vaddr="0x4000" setvar_vaddr="microkit_name"/>', "has 64 bytes, not 8"),
            ('<map mr="m" vaddr="0x4000" setvar_prefill_size="microkit_irqs"/>', "no prefill_path"),
            ('<irq irq="33" id="62"/>', "go from 0 to 61"), ('<irq irq="27" id="0"/>', "kernel's timer"),
            ('<irq irq="3" id="0"/>', "interrupts go from 16"), ('<irq irq="1020" id="0"/>', "interrupts go from"),
            ('<irq irq="33" id="0" trigger="up"/>', "level or edge"), ('<irq pin="3" id="0"/>', "for x86"),
            ('<setvar symbol="x" region_paddr="n"/>', "no memory region 'n'"), ('<setvar symbol="x"/>', "needs the attribute 'region_paddr'"),
            ('<cspace><cap_tcb slot="0" pd="p"/></cspace>', ""), ("<cspace><cap_endpoint/></cspace>", ""),
            ('<protection_domain name="c"><program_image path="bad4.elf"/></protection_domain>', "needs the attribute 'id'"),
            ('<protection_domain name="c" id="62"><program_image path="bad4.elf"/></protection_domain>', "go from 0 to 61")):
        if says:
            yield system(pd("", child), MR), f"2:{inside}", says
    yield system(pd("", '<cspace>\n<cap_tcb slot="0" pd="p"/></cspace>')), "3:1", "slots go from 1 to 63"
    yield system(pd("", '<cspace>\n<cap_tcb slot="64" pd="p"/></cspace>')), "3:1", "slots go from 1 to 63"
    yield system(pd("", '<cspace>\n<cap_tcb slot="18446744073709551616" pd="p"/></cspace>')), "3:1", "is not a number"
    yield system(pd("", '<cspace>\n<cap_endpoint/></cspace>')), "3:1", "has no element <cap_endpoint>"
    yield system(pd("", '<cspace><cap_tcb slot="1" pd="p"/>\n<cap_sc slot="1" pd="p"/></cspace>')), "3:1", "in use already"
    yield system(pd("", '<cspace>\n<cap_tcb slot="1" pd="z"/></cspace>')), "3:1", "no protection domain 'z'"
    yield system(pd("", '<map mr="m" vaddr="0x4000"/>\n<map mr="m" vaddr="0x4000"/>'), MR), "3:1", "addresses in common"
    yield system(pd("", '<irq irq="40" id="1"/>\n<irq irq="41" id="1"/>')), "3:1", "id 1 is in use"
    yield system(pd("", '<irq irq="40" id="1"/>\n<irq irq="40" id="2"/>')), "3:1", "irq 40 is that of 'p' already"
    yield system(pd("", '<map mr="m" vaddr="0x4000" setvar_vaddr="readable"/>\n<setvar symbol="readable" region_paddr="m"/>'), MR), \
        "3:1", "'readable' of 'p' is set twice"
    for text, says in (
            ('size="0x1001"', "not a multiple of its pages"), ('size="0"', "not a multiple"), ("", "needs a size"), ('size="0x1000" page_size="0x2000"', "page_size"),
            ('size="0x1000" phys_addr="0x123"', "phys_addr 0x123"), ('size="0x1000" prefill_path="absent"', "no file 'absent'"),
            ('size="0x1000" prefill_path="filled.bin"', "more than the region"), ('size="0x1000" prefill_bootinfo="x86_acpi"', "has fdt"),
            ('prefill_path="filled.bin" prefill_bootinfo="fdt"', "one of them"), ('size="0x200000000" page_size="0x1000"', "use page_size"),
            ('size="0x1000" phys_addr="0xfffffffffffff000"', "physical addresses of the machine"), ('size="0x1000" kind="x"', "no attribute 'kind'")):
        yield system(f'<memory_region name="m" {text}/>', pd("", '<map mr="m" vaddr="0x40000000"/>')), "2:1", says
    yield system(MR, MR, pd("", '<map mr="m" vaddr="0x4000"/>')), "3:1", "memory region 'm' already (line 2)"
    fixed = '<memory_region name="{0}" size="0x2000" phys_addr="{1}"/>'
    yield system(fixed.format("m", "0x60000000"), fixed.format("n", "0x60001000"), pd()), "3:1", "physical addresses in common"
    for ends, says in (
            ("", "two <end> elements, not 0"), ('<end pd="p" id="1"/>', "not 1"), ('<end pd="p" id="1"/>' * 3, "not 3"),
            ('<end pd="p" id="1"/><end pd="p" id="2"/>', "both ends are 'p'"),
            ('<end pd="p" id="1" pp="true"/><end pd="q" id="2" pp="true"/>', "pp at both ends")):
        yield system(f"<channel>{ends}</channel>", pd(), PD2), "2:1", says
    for end, says in (('pd="z" id="1"', "no protection domain 'z'"), ('pd="q" id="62"', "go from 0 to 61"),
                      ('pd="q" id="1" pp="true"', "needs the higher priority"), ('pd="q" id="1" x=""', "no attribute 'x'")):
        yield system(f'<channel><end pd="p" id="1"/>\n<end {end}/></channel>', pd(), PD2), "3:1", says
    yield system('<channel><end pd="p" id="1"/><end pd="q" id="1"/></channel>', '<channel><end pd="p" id="2"/>\n<end pd="q" id="1"/></channel>',
                 pd(), PD2), "4:1", "id 1 already"
    yield system("<channel><thing/></channel>", pd()), "2:10", "has no element <thing>"
    for extra in ("io_address_space", "iomap"):
        yield system(f"<{extra}/>", pd()), "2:1", "IOMMU"
    yield system(pd().replace("bad4.elf", "absent.elf")), "2:30", "no file 'absent.elf'"
    yield system(pd().replace("bad4.elf", "filled.bin")), "2:30", "'filled.bin' "
    for inner, place, says in (
            ('<domain name="d"/>', "2:1", "one <domain_schedule>"), ('<domain_schedule><schedule_entry domain="d" duration="1 us"/></domain_schedule>', "2:1",
                                                                   "at least one <domain>"),
            ('<domain name="d"/>\n<domain name="d"/>', "3:1", "a domain 'd' already"), ('<domain name="d" id="16"/>', "2:10", "from 0 to 15"),
            ('<domain name="d" id="1"/>\n<domain name="e" id="1"/>', "3:1", "that of 'd' already"), ("<thing/>", "2:10", "has no element <thing>"),
            ('<domain name="d"/>\n<domain_schedule start_index="1"><schedule_entry domain="d" duration="1 us"/></domain_schedule>', "3:1",
             "the schedule has 1 entries"),
            ('<domain name="d"/>\n<domain_schedule index_shift="99"><schedule_entry domain="d" duration="1 us"/></domain_schedule>', "3:1", "100 places"),
            ('<domain name="d"/><domain_schedule>\n<schedule_entry domain="d" duration="0 us"/></domain_schedule>', "3:1", "a number above 0"),
            ('<domain name="d"/><domain_schedule>\n<schedule_entry domain="d" duration="5 ms"/></domain_schedule>', "3:1", "us or ticks"),
            ('<domain name="d"/><domain_schedule>\n<schedule_entry domain="d" duration="72057594037927936 ticks"/></domain_schedule>', "3:1", "2^56"),
            ('<domain name="d"/><domain_schedule>\n<schedule_entry domain="e" duration="1 us"/></domain_schedule>', "3:1", "no domain 'e'")):
        yield system(f"<domains>{inner}</domains>", pd('domain="d"')), place, says
    yield system('<domains><domain name="d"/><domain_schedule><schedule_entry domain="d" duration="1 us"/></domain_schedule></domains>', pd()), "3:1", \
        "needs domain="


def of_other_boards():
    """The same with what the builder is called with: boards for guests, configurations for several cores."""
    el2, smp = ("board", "tessera_virt_aarch64_el2"), ("config", "smp-debug")
    yield system(pd('cpu="4"')), "2:1", "are 0 to 3", smp
    yield system('<domains><domain name="d"/><domain_schedule><schedule_entry domain="d" duration="1 us"/></domain_schedule></domains>',
                 pd('domain="d"')), "2:1", "several cores have one scheduling domain", smp
    vm = '<virtual_machine name="{0}" {1}>{2}</virtual_machine>'
    for inner, place, says in (
            (vm.format("v", "", ""), "3:1", "needs a <vcpu"), (vm.format("v", 'fpu="true"', '<vcpu id="0"/>'), "3:1", "no attribute 'fpu'"),
            (vm.format("v", 'priority="255"', '<vcpu id="0"/>'), "3:1", "priorities go from 0 to 254"),
            (vm.format("v", 'budget="19"', '<vcpu id="0"/>'), "3:1", "the kernel needs"),
            (vm.format("v", "", '\n<vcpu id="62"/>'), "4:1", "go from 0 to 61"), (vm.format("v", "", '\n<vcpu/>'), "4:1", "needs the attribute 'id'"),
            (vm.format("v", "", '<vcpu id="1"/>\n<vcpu id="1"/>'), "4:1", "id 1 is in use"),
            (vm.format("v", "", '\n<vcpu id="1" cpu="1"/>'), "4:1", "runs on one core"),
            (vm.format("v", "", '<vcpu id="1"/>\n<irq irq="40" id="1"/>'), "4:1", "has no element <irq>"),
            (vm.format("v", "", '<vcpu id="1"/>\n<map mr="m" vaddr="0x1000" setvar_vaddr="x"/>'), "4:1", "a guest has no variables"),
            (vm.format("v", "", '<vcpu id="1"/>\n<map mr="n" vaddr="0x1000"/>'), "4:1", "no memory region 'n'"),
            (vm.format("v", "", '<vcpu id="1"/>\n<map mr="m" vaddr="0x10000000000"/>'), "4:1", "beyond the addresses"),
            (vm.format("v", "", '<vcpu id="1"/>') + "\n" + vm.format("w", "", '<vcpu id="2"/>'), "4:1", "has a virtual machine already"),
            ('<irq irq="27" id="0"/>', "3:1", "guests' timer"), ('<irq irq="26" id="0"/>', "3:1", "kernel's own"),
            ('<protection_domain name="c" id="3"><program_image path="guested.elf"/>' + vm.format("v", "", '<vcpu id="3"/>') + "</protection_domain>\n"
             + vm.format("v", "", '<vcpu id="1"/>'), "4:1", "a virtual machine 'v' already"),
            ('<protection_domain name="c" id="3"><program_image path="guested.elf"/></protection_domain>\n' + vm.format("v", "", '<vcpu id="3"/>'), "4:28",
             "id 3 is in use")):
        yield system('<protection_domain name="p"><program_image path="guested.elf"/>\n' + inner + "</protection_domain>",
                     '<memory_region name="m" size="0x1000"/>'), place, says, el2
    yield system(vm.format("v", "", '<vcpu id="1"/>'), pd()), "2:1", "belongs inside the <protection_domain>", el2
