# SPDX-License-Identifier: BSD-2-Clause
# Programs that tests and the bench run in QEMU.  Included by the Makefile, which has the flags.

# --- the behaviour suite as a root task -------------------------------------------------------------------------

# What it uses: the readers of the device tree and of the table of serial lines, and strings.
SUITE_LIBS := $(addprefix $(B)/sdk/lib/lib,uart.a fdt.a base.a text.a)
# One program per kernel, because only one of them knows the debug system calls.  Its threads have stacks of their own
# sizes, so that large frames are no mistake here.
SUITE := $(addprefix $(B)/,suite-debug.elf suite-release.elf suite-el2-40-debug.elf suite-el2-40-release.elf \
	el2-40-debug.elf el2-40-release.elf el2-44-debug.elf)
define suite
$(call compile,suite-$(1),$(CROSS)gcc,$(UFLAGS) -Wno-frame-larger-than $(if $(filter release,$(1)),-DTESSERA_RELEASE=1),$(INCLUDES))
$(B)/suite-$(1).elf: $(call objects,suite-$(1),$(call files,tests/suite)) tests/suite/root.ld $(SUITE_LIBS)
	$$(call begin,USER)
	$$(Q)$(CROSS)gcc $(UFLAGS) $(ULINK) -Wl,-T,tests/suite/root.ld $$(filter %.o %.a,$$^) -lgcc -o $$@
endef
$(foreach preset,debug release,$(eval $(call suite,$(preset))))

# The same for the hypervisor interface, with spaces of 40 and of 44 bits: suite-el2-40-debug.elf
define suite_el2
$(call compile,suite-el2-$(1),$(CROSS)gcc,$(UFLAGS) -Wno-frame-larger-than -DCONFIG_ARM_HYPERVISOR_SUPPORT=1 \
	$(if $(filter 44-%,$(1)),-DCONFIG_ARM_PA_SIZE_BITS_44=1) $(if $(filter %-release,$(1)),-DTESSERA_RELEASE=1),$(INCLUDES))
$(B)/suite-el2-$(1).elf: $(call objects,suite-el2-$(1),$(call files,tests/suite)) tests/suite/root.ld $(SUITE_LIBS)
	$$(call begin,USER)
	$$(Q)$(CROSS)gcc $(UFLAGS) $(ULINK) -Wl,-T,tests/suite/root.ld $$(filter %.o %.a,$$^) -lgcc -o $$@
endef
$(foreach kind,40-debug 40-release 44-debug,$(eval $(call suite_el2,$(kind))))

# Tests of virtual processors, on the runner of the suite: el2-40-debug.elf
define vcpu_tests
$(B)/el2-$(1).elf: $(call objects,suite-el2-$(1),$(addprefix tests/suite/,suite.c machine_qemu.c start.S raw_call.S ipc_common.c \
		obj_common.c) $(call files,tests/el2)) tests/suite/root.ld $(SUITE_LIBS)
	$$(call begin,USER)
	$$(Q)$(CROSS)gcc $(UFLAGS) $(ULINK) -Wl,-T,tests/suite/root.ld $$(filter %.o %.a,$$^) -lgcc -o $$@
endef
$(foreach kind,40-debug 40-release 44-debug,$(eval $(call vcpu_tests,$(kind))))

# Tests of several cores, likewise, for four: smp-debug.elf; with large numbers, smp-long-debug.elf; for any number, what growth.c measures
SMP := $(addprefix $(B)/smp-,debug.elf release.elf)
SMP_LONG := $(addprefix $(B)/smp-,long-debug.elf long-release.elf growth-release.elf)
define smp_tests
$(call compile,suite-smp-$(1),$(CROSS)gcc,$(UFLAGS) -Wno-frame-larger-than -DCONFIG_MAX_NUM_NODES=4 -DCONFIG_ENABLE_SMP_SUPPORT=1 \
	$(if $(filter %release,$(1)),-DTESSERA_RELEASE=1) $(if $(filter long-%,$(1)),-DSMP_LONG=1) $(if $(filter growth-%,$(1)),-DSUITE_ONLY=\"growth_\"),$(INCLUDES))
$(B)/smp-$(1).elf: $(call objects,suite-smp-$(1),$(addprefix tests/suite/,suite.c machine_qemu.c start.S) $(call files,tests/smp)) \
		tests/suite/root.ld $(SUITE_LIBS)
	$$(call begin,USER)
	$$(Q)$(CROSS)gcc $(UFLAGS) $(ULINK) -Wl,-T,tests/suite/root.ld $$(filter %.o %.a,$$^) -lgcc -o $$@
endef
$(foreach kind,debug release long-debug long-release growth-release,$(eval $(call smp_tests,$(kind))))

# Guests on several cores: smp-el2-debug.elf; with the tests of several cores besides, smp-el2-all-debug.elf
SMP += $(addprefix $(B)/smp-el2-,debug.elf release.elf)
SMP_LONG += $(addprefix $(B)/smp-el2-all-,debug.elf release.elf)
define smp_guests
$(call compile,suite-smp-el2-$(1),$(CROSS)gcc,$(UFLAGS) -Wno-frame-larger-than -DCONFIG_MAX_NUM_NODES=4 -DCONFIG_ENABLE_SMP_SUPPORT=1 \
	-DCONFIG_ARM_HYPERVISOR_SUPPORT=1 $(if $(filter release,$(1)),-DTESSERA_RELEASE=1),$(INCLUDES))
$(B)/smp-el2-$(1).elf: $(call objects,suite-smp-el2-$(1),tests/smp/common.c)
$(B)/smp-el2-all-$(1).elf: $(call objects,suite-smp-el2-$(1),$(filter-out %/growth.c,$(call files,tests/smp)))
$(B)/smp-el2-$(1).elf $(B)/smp-el2-all-$(1).elf: $(call objects,suite-smp-el2-$(1),$(addprefix tests/suite/,suite.c machine_qemu.c start.S \
		raw_call.S ipc_common.c obj_common.c) tests/el2/guest.c tests/el2/guest.S $(call files,tests/smp/guests)) \
		tests/suite/root.ld $(SUITE_LIBS)
	$$(call begin,USER)
	$$(Q)$(CROSS)gcc $(UFLAGS) $(ULINK) -Wl,-T,tests/suite/root.ld $$(filter %.o %.a,$$^) -lgcc -o $$@
endef
$(foreach preset,debug release,$(eval $(call smp_guests,$(preset))))

# --- the bench: measuring programs on the runner of the suite, and the counting plugin ---------------------------

BENCH := $(addprefix $(B)/bench/,paths.img growth.img host.img libraries.img programs.img el2.img traced.img four.img count.so)
$(eval $(call compile,bench,$(CROSS)gcc,$(UFLAGS) -mgeneral-regs-only -DTESSERA_RELEASE=1 -Itests/suite -Ibench/paths, \
	$(INCLUDES)))
# The parts of the libraries that the runner uses are compiled again: the measuring thread must not own the FP registers.
BENCH_RUNNER := $(call objects,bench,$(addprefix tests/suite/,suite.c machine_qemu.c start.S) $(call files,lib/driver/uart lib/driver/fdt lib/core/base lib/core/text))
$(B)/bench/%.elf: tests/suite/root.ld $(SUITE_LIBS)
	$(call begin,USER)
	$(Q)$(CROSS)gcc $(UFLAGS) $(ULINK) -Wl,-T,tests/suite/root.ld $(filter %.o,$^) $(SUITE_LIBS) -lgcc -o $@
$(B)/bench/tests/suite/suite.c.o: EXTRA := -DSUITE_ARENA_BITS=27
$(B)/bench/paths.elf: $(BENCH_RUNNER) $(call objects,bench,$(call files,bench/paths))
$(B)/bench/growth.elf: $(BENCH_RUNNER) $(call objects,bench,$(call files,bench/growth) \
	$(addprefix bench/paths/,measure.c partner.c raw.S))
$(B)/bench/%.img: $(B)/bench/%.elf $(PACK)
	$(Q)$(B)/sdk/mkimage --release --cnode-bits $(SLOTS) $(FACE) --export-pmu --export-vcnt $< -o $@
# Some of the paths with the interface of EL2, and what guests cost.
$(eval $(call compile,bench-el2,$(CROSS)gcc,$(UFLAGS) -mgeneral-regs-only -DTESSERA_RELEASE=1 -DCONFIG_ARM_HYPERVISOR_SUPPORT=1 \
	-Itests/suite -Ibench/paths,$(INCLUDES)))
$(B)/bench/el2.elf: $(BENCH_RUNNER:$(B)/bench/%=$(B)/bench-el2/%) $(call objects,bench-el2,$(call files,bench/el2) \
	$(addprefix bench/paths/,oneway.c roundtrip.c interrupts.c measure.c partner.c raw.S))
$(B)/bench/el2.img: SLOTS := 12
$(B)/bench/el2.img: FACE := --el2
# The same paths as in paths.img while a trace runs.
$(B)/bench/traced.elf: $(BENCH_RUNNER) $(call objects,bench,$(call files,bench/traced bench/paths))
$(B)/bench/traced.img: SLOTS := 12
$(B)/bench/traced.img: FACE := --extensions
$(B)/bench/paths.img: SLOTS := 12
# The same paths on a kernel for four cores.
$(B)/bench/four.img: $(B)/bench/paths.elf $(PACK)
	$(Q)$(B)/sdk/mkimage --release --cnode-bits 12 --cores 4 --export-pmu --export-vcnt $< -o $@
$(B)/bench/growth.img: SLOTS := 17
$(B)/bench/host.img: SLOTS := 12
$(B)/bench/host.elf: $(BENCH_RUNNER) $(call objects,bench,$(call files,bench/host))
$(B)/bench/libraries.elf: $(call objects,user,$(call files,bench/libraries)) $(ARCHIVES)
	$(user_link)
$(B)/bench/libraries.img: $(B)/bench/libraries.elf $(PACK)
	$(Q)$(B)/sdk/mkimage --debug --export-vcnt $< -o $@
# The starter OS on the release kernel, which starts with the measuring program.
$(eval $(call archive_program,$(B)/bench/costs,bench/programs/costs.c))
$(B)/bench/start:
	@mkdir -p $(@D); echo costs >$@
$(B)/bench/archive.cpio: $(B)/apps/archive.cpio $(B)/bench/costs $(B)/bench/start
	$(Q)$(archive) etc/start=$(B)/bench/start bin/costs=$(B)/bench/costs
$(eval $(call other_archive,$(B)/bench/programs,$(B)/bench/archive.cpio))
$(B)/bench/programs.img: $(B)/bench/programs.elf $(PACK)
	$(Q)$(B)/sdk/mkimage --release --cnode-bits 17 --export-vcnt --extensions $< -o $@
# The same with a shell, $(1).img, and the program $(2), from $(3).
define bench_shell
$(call archive_program,$(B)/bench/$(2),$(3))
$(B)/bench/$(1)/archive.cpio: $(B)/apps/archive.cpio $(B)/bench/$(2)
	@mkdir -p $$(@D)
	$$(Q)$$(archive) bin/$(2)=$(B)/bench/$(2)
$(call other_archive,$(B)/bench/$(1),$(B)/bench/$(1)/archive.cpio)
$(B)/bench/$(1).img: $(B)/bench/$(1).elf $(PACK)
	$$(Q)$(B)/sdk/mkimage --release --cnode-bits 13 --export-vcnt --extensions $$< -o $$@
endef
$(eval $(call bench_shell,block,files,bench/block/files.c))
$(eval $(call bench_shell,random,reads,bench/block/reads.c))
$(B)/bench/reads.elf: bench/first_process.h
$(eval $(call bench_shell,typed,keys,bench/keys/keys.c))
$(eval $(call bench_shell,crowd,clients,bench/clients/clients.c))
$(B)/bench/%.so: bench/plugin/%.c | $(READY)
	$(call begin,HOST)
	$(Q)$(HOSTCC) -std=gnu11 -O2 $(WARN) -shared -fPIC $< -o $@

bench: $(BENCH) $(B)/suite-release.elf $(B)/tessera.img ## What each path of the kernel costs, against reference and target; files in build/bench
	@bench/run
bench-linux: $(B)/bench/programs.img $(B)/bench/linux/costs.initrd ## What calls and faults cost a program, here and in Debian's kernel
	@bench/programs/measure
$(B)/bench/linux/costs.initrd: $(B)/bench/costs tools/mkcpio $(B)/.setup-linux
	@mkdir -p $(@D)
	$(Q)tools/mkcpio $@ init=$<
bench-block: $(B)/bench/block.img $(B)/bench/total.so ## Instructions for a file of 256 KiB, written and synced
	@bench/block/measure
READS_MODULES := virtio virtio_ring virtio_mmio virtio_blk
$(B)/bench/linux/reads.initrd: $(B)/bench/reads tools/mkcpio $(B)/.setup-vm
	@mkdir -p $(@D)
	$(Q)tools/mkcpio $@ init=$< $(foreach m,$(READS_MODULES),$(m).ko=$(B)/deps/vm/$(m).ko)
bench-reads: $(B)/bench/random.img $(B)/bench/linux/reads.initrd $(B)/bench/total.so ## Instructions of a program's read of a disk, here and in Debian's kernel
	@bench/block/reads
bench-keys: $(B)/bench/typed.img $(B)/bench/path.so $(B)/bench/total.so ## Instructions of a key, from its interrupt to who waits for it
	@bench/keys/measure
bench-clients: $(B)/bench/crowd.img ## Instructions of a request beside 1, 16, 112 or 256 clients, and the memory that they take
	@bench/clients/measure
bench-accept: $(BENCH) ## Take the figures of now as expected; REASON='...' if some got worse
	@bench/run --accept '$(REASON)'
bench-profile: $(BENCH) ## Where the instructions of one path go, by function: PATH=call
	@bench/run --profile '$(PROFILE)'

# A program of bench/template as the first on the starter OS with the release kernel, whose counters it may read.
OF := template
POINTS := $(B)/measure/$(OF).elf
$(if $(wildcard bench/template/$(OF).c),,$(error OF=$(OF): there is no bench/template/$(OF).c; copy template.c to begin with))
$(B)/measure/%.elf: bench/template/%.c bench/template/points.h | $(READY)
	$(call begin,LINUX)
	$(Q)$(musl_link)
$(B)/measure/start: start-again
	@mkdir -p $(@D); echo '$(OF)' | cmp -s - $@ || echo '$(OF)' >$@
$(B)/measure/archive.cpio: $(B)/apps/archive.cpio $(B)/measure/start $(POINTS)
	$(Q)$(archive) etc/start=$(B)/measure/start bin/$(OF)=$(POINTS)
$(eval $(call other_archive,$(B)/measure/root,$(B)/measure/archive.cpio))
$(B)/measure/tessera.img: $(B)/measure/root.elf $(PACK)
	$(Q)$(B)/sdk/mkimage --release --cnode-bits 13 --export-vcnt --export-pmu --extensions $< -o $@
measure: $(B)/measure/tessera.img $(B)/bench/count.so ## What lies between two points of bench/template/NAME.c (OF=NAME): instructions, lines, barriers, their distribution
	@bench/template/run $<

# Root tasks under a trace, for tests/trace: a call chain and missed deadlines, four cores, and (long) four that write all the time.
$(eval $(call compile,trace-cores,$(CROSS)gcc,$(UFLAGS) -DCONFIG_MAX_NUM_NODES=4 -DCONFIG_ENABLE_SMP_SUPPORT=1,$(INCLUDES)))
$(B)/tests/trace/chain.elf: $(call objects,user,$(addprefix tests/trace/,chain.c root.c)) $(ARCHIVES)
	$(user_link)
$(B)/tests/trace/cores.elf $(B)/tests/trace/storm.elf: $(B)/tests/trace/%.elf: $(call objects,trace-cores,tests/trace/%.c tests/trace/root.c) $(ARCHIVES)
	$(user_link)
$(B)/tests/trace/cores.img $(B)/tests/trace/storm.img: FACE := --cores 4
$(addprefix $(B)/tests/trace/,chain.img cores.img storm.img): %.img: %.elf $(PACK)
	$(Q)$(B)/sdk/mkimage --debug --cnode-bits 13 --export-vcnt --extensions $(FACE) $< -o $@

# What tests/dump profiles: it may lie anywhere.
$(B)/tests/dump/busy.elf: tests/dump/busy.c | $(B)/.setup-compat
	$(call begin,LINUX)
	$(Q)$(filter-out -static -no-pie,$(HOSTED)) -static-pie -fPIE $< -o $@

# What tests/gdb debugs.
$(B)/tests/gdb/debugged.elf: tests/gdb/debugged.c | $(READY)
	$(call begin,LINUX)
	$(Q)$(musl_link)

# Root tasks whose threads wait for each other, and with many objects, for tests/dump.
$(B)/tests/dump/deadlock.elf: $(call objects,user,tests/dump/deadlock.c) $(ARCHIVES)
	$(user_link)
$(B)/tests/dump/many.elf: $(call objects,user,tests/dump/many.c) $(ARCHIVES)
	$(user_link)
$(B)/tests/dump/deadlock.img $(B)/tests/dump/many.img: %.img: %.elf $(PACK)
	$(Q)$(B)/sdk/mkimage --debug --cnode-bits 14 --export-vcnt --extensions $< -o $@
