# SPDX-License-Identifier: BSD-2-Clause
# One Makefile for everything.  Sources are found by folder, so a new file needs no line here; all output goes
# to build/, one folder per preset:
#
#   build/debug build/release   the kernel for AArch64          build/sdk    what programs are built and packed with
#   build/loader                the boot loader                 build/host   kernel, libraries and tests for this machine
#   build/user                  libraries and the starter OS    build/deps   arm64 Debian libraries
# V=1 shows the commands.

# `make bench-profile PATH=call` names a path of the kernel; recipes get the PATH that make was started with.
ifeq ($(origin PATH),command line)
PROFILE := $(PATH)
override PATH := $(shell [ "$$PATH" != "$(PROFILE)" ] && echo "$$PATH" || echo /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin)
endif

B := build
CROSS := aarch64-linux-gnu-
HOSTCC := gcc
FUZZCC := clang-14
T := 60
VERSION := 0.1

JOBS := $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))
MAKEFLAGS += --no-builtin-rules --no-print-directory $(JOBS)
Q := $(if $(V),,@)
begin = @mkdir -p $(@D)$(if $(V),,; printf '  %-7s %s\n' $(1) $(@F)) # KIND of product

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:
.PRECIOUS: $(B)/.setup-%
.PHONY: start-again all run test test-long debug sdk host fuzz bench bench-accept bench-profile coverage coverage-spec size format check lint docs compdb clean help

WARN := -Wall -Wextra -Wshadow -Werror
C := -std=gnu11 -O2 -g -MMD -MP $(WARN)
BARE := -ffreestanding -mgeneral-regs-only -mno-outline-atomics -fno-stack-protector -fno-tree-loop-distribute-patterns
ULINK := -nostdlib -static -no-pie -Wl,--build-id=none -Wl,-z,max-page-size=4096

files = $(foreach d,$(1),$(wildcard $(d)/*.c $(d)/*.S))
objects = $(patsubst %,$(B)/$(1)/%.o,$(2))

# Objects below one folder of build/: $(call compile,FOLDER,COMPILER,FLAGS,what must be there before)
define compile
$(B)/$(1)/%.o: % | $(READY) $(4)
	@mkdir -p $$(@D)
	$$(Q)$(2) $(3) $$(if $$(filter %.S,$$<),-fno-lto) $$(EXTRA) -c $$< -o $$@
endef

all: $(B)/tessera.img ## Everything that `make run` needs, without running it

# --- packages -----------------------------------------------------------------------------------------------

READY := $(B)/.setup-base
$(B)/.setup-%: tools/setup
	$(Q)tools/setup $* $(B)

# --- kernel: the same rooms for every preset, one architecture each -------------------------------------------

ROOMS := core cap thread ipc vm mem irq invoke trap boot drv debug
kernel_files = $(call files,$(patsubst %,kernel/%,$(if $(filter host,$(1)),$(filter-out drv,$(ROOMS)),$(ROOMS))) kernel/arch/$(1))
kernel_roots = -Ikernel -Ikernel/arch/$(1) -Iabi -Iabi/include

LDSCRIPT := kernel/arch/aarch64/kernel.ld
# Code is not padded: fewer lines of the instruction cache on every path.
UNPADDED := $(addprefix -falign-,functions=4 jumps=4 loops=4 labels=4)
KFLAGS := $(C) $(BARE) $(UNPADDED) -fno-pic -mcmodel=small -mcpu=cortex-a53 -flto -flto-partition=one $(call kernel_roots,aarch64)

define kernel
$(call compile,$(1),$(CROSS)gcc,$(KFLAGS) -DTESSERA_DEBUG=$(if $(filter debug,$(1)),1,0))
$(B)/sdk/kernel-$(1).elf: $(call objects,$(1),$(call kernel_files,aarch64)) $(LDSCRIPT)
	$$(call begin,KERNEL)
	$$(Q)$(CROSS)gcc $(KFLAGS) $(ULINK) -Wl,-T,$(LDSCRIPT) $$(filter %.o,$$^) -lgcc -o $$@
endef
$(foreach preset,debug release,$(eval $(call kernel,$(preset))))

# What runs once, or prints, is small rather than fast.
$(foreach room,boot debug,$(B)/release/kernel/$(room)/%.o): EXTRA := -Os
$(addprefix $(B)/release/kernel/,core/log.c.o cap/refuse.c.o drv/drivers.c.o drv/pl011.c.o thread/domain.c.o \
	$(addprefix invoke/inv_,asid.c.o cache.c.o domain.c.o)): EXTRA := -Os

# --- loader and mkimage -----------------------------------------------------------------------------------------

DEPS := $(B)/deps/usr
LOADER_OBJECTS := $(call objects,loader,$(call files,loader lib/fdt) lib/elf/elf64.c lib/uart/line.c)
LFLAGS := $(C) $(BARE) -fpie -fvisibility=hidden -mstrict-align -mcpu=cortex-a53 -fno-delete-null-pointer-checks \
	-DTESSERA_VERSION='"$(VERSION)"' -I. -Ilib -Iabi -isystem $(DEPS)/include/aarch64-linux-musl -isystem $(DEPS)/include

$(eval $(call compile,loader,$(CROSS)gcc,$(LFLAGS)))

$(B)/loader/loader.elf: $(LOADER_OBJECTS) loader/loader.ld
	$(Q)$(CROSS)gcc $(LFLAGS) -nostdlib -static -Wl,-pie,--no-dynamic-linker,--build-id=none,-z,norelro \
		-Wl,--no-warn-rwx-segments -Wl,-T,loader/loader.ld $(LOADER_OBJECTS) \
		$(DEPS)/lib/aarch64-linux-gnu/libfdt.a $(DEPS)/lib/aarch64-linux-musl/libc.a -o $@

$(B)/sdk/loader.img: $(B)/loader/loader.elf
	$(call begin,LOADER)
	$(Q)$(CROSS)objcopy -O binary $< $@

$(B)/sdk/mkimage: tools/mkimage.c lib/elf/elf64.c lib/sel4/tls_size.h $(wildcard lib/elf/*.h abi/*.h) loader/payload.h | $(READY)
	$(call begin,HOST)
	$(Q)$(HOSTCC) -std=gnu11 -O2 $(WARN) -I. -Iabi -Iabi/include $(filter %.c,$^) -o $@

# --- SDK: what a program outside this tree is built and packed with ---------------------------------------------

PACK := $(addprefix $(B)/sdk/,mkimage loader.img kernel-debug.elf kernel-release.elf)

# Public headers: abi/include and lib/*/include as they are; those beside a library's sources under its folder's name.
HEADER_ROOTS := $(wildcard abi/include lib/*/include)
INCLUDES := $(foreach r,$(HEADER_ROOTS),$(patsubst $(r)/%,$(B)/sdk/include/%,$(shell find $(r) -name '*.h'))) \
	$(patsubst lib/%,$(B)/sdk/include/%,$(wildcard lib/*/*.h))

# A header that is gone may still be known to an old .d file.
copy = $(B)/sdk/include/%.h: $(1)/%.h ; @mkdir -p $$(@D); if [ -e $$< ]; then cp $$< $$@; else rm -f $$@; fi
$(foreach r,$(HEADER_ROOTS) lib,$(eval $(call copy,$(r))))

# Every folder of lib/ is one archive; tests of pure libraries link the same sources for the host.
LIBRARIES := $(patsubst lib/%/,%,$(sort $(dir $(call files,$(wildcard lib/*)))))
UFLAGS := $(C) -ffreestanding -fno-pic -mno-outline-atomics -fno-stack-protector -mcpu=cortex-a53 \
	-fno-tree-loop-distribute-patterns -I. -I$(B)/sdk/include
# A frame larger than the guard page below a stack could step over it.
UFLAGS += -Wframe-larger-than=4096 -Wvla

$(eval $(call compile,user,$(CROSS)gcc,$(UFLAGS),$(INCLUDES)))
$(B)/user/apps/vmtest/main.c.o: EXTRA := -Wno-frame-larger-than # its stack is to grow

$(foreach l,$(LIBRARIES),$(eval $(B)/sdk/lib/lib$(l).a: $(call objects,user,$(call files,lib/$(l)))))

# Ours stands on Debian's libfdt, whose reading half goes into the same archive.
$(B)/user/lib/fdt/%.o: EXTRA := -isystem $(DEPS)/include/aarch64-linux-musl -isystem $(DEPS)/include
LIBFDT := $(addprefix $(B)/user/libfdt/,fdt.o fdt_ro.o fdt_addresses.o fdt_check.o)
$(LIBFDT): | $(READY)
	@mkdir -p $(@D)
	$(Q)$(CROSS)ar x --output=$(@D) $(DEPS)/lib/aarch64-linux-gnu/libfdt.a $(@F)
$(B)/sdk/lib/libfdt.a: $(LIBFDT)
$(B)/sdk/lib/%.a:
	@mkdir -p $(@D) && rm -f $@
	$(Q)$(CROSS)ar rcs $@ $^
ARCHIVES := $(LIBRARIES:%=$(B)/sdk/lib/lib%.a)

sdk: $(PACK) $(ARCHIVES) $(INCLUDES) ## Headers, libraries, kernels and mkimage in build/sdk
	@rm -f $(filter-out $(INCLUDES) $(ARCHIVES),$(shell find $(B)/sdk/include $(B)/sdk/lib -type f)) # of folders that are gone

# --- the starter OS ---------------------------------------------------------------------------------------------

define user_link
	$(call begin,USER)
	$(Q)$(CROSS)gcc $(UFLAGS) $(ULINK) $(filter %.o,$^) -Wl,--start-group $(ARCHIVES) -lgcc -Wl,--end-group -o $@
endef

# Each folder of apps/ is a program; they travel in the archive inside the root task, beside programs of Linux.
APPS := $(patsubst apps/%/main.c,%,$(wildcard apps/*/main.c))
$(foreach a,$(APPS),$(eval $(B)/apps/$(a).elf: $(call objects,user,$(call files,apps/$(a)))))
$(B)/apps/%.elf: ULINK += -Wl,-u,sos_native
$(B)/apps/%.elf: $(ARCHIVES)
	$(user_link)
$(B)/apps/%.bin: $(B)/apps/%.elf
	$(Q)$(CROSS)strip -o $@ $<

# Each folder of apps/linux/ is an ordinary C program, linked with Debian's musl as it is.
LINUX := $(patsubst apps/linux/%/main.c,%,$(wildcard apps/linux/*/main.c))
HOSTED := $(CROSS)gcc -std=gnu11 -O2 -g $(WARN) -Wno-unused-result -static -no-pie
MUSL := $(DEPS)/lib/aarch64-linux-musl
musl_link = $(HOSTED) -mno-outline-atomics -nostdinc -isystem $(DEPS)/include/aarch64-linux-musl \
	-isystem $$($(CROSS)gcc -print-file-name=include) -nostdlib $(addprefix $(MUSL)/,crt1.o crti.o) $(filter %.c,$^) \
	-Wl,--start-group $(MUSL)/libc.a -lgcc -lgcc_eh -Wl,--end-group $(MUSL)/crtn.o -o $@
$(foreach l,$(LINUX),$(eval $(B)/apps/linux/$(l).elf: $(wildcard apps/linux/$(l)/*.c apps/linux/$(l)/*.h)))
$(B)/apps/linux/%.elf: | $(READY)
	$(call begin,LINUX)
	$(Q)$(musl_link)

BUSYBOX := $(B)/deps/bin/busybox
$(BUSYBOX): | $(READY)
	$(Q)[ -e $@ ] || tools/setup base $(B)
# The command that the shell begins with; written only when it is another one than last time.
START := $(B)/apps/start
$(if $(filter-out $(APPS) $(LINUX),$(APP)),$(error there is no folder apps/$(APP) or apps/linux/$(APP) with a main.c))
$(START): start-again
	@mkdir -p $(@D); echo '$(APP)' | cmp -s - $@ || echo '$(APP)' >$@

PROGRAMS := $(APPS) $(LINUX:%=linux/%)
archive = tools/mkcpio $@ $(foreach a,$(PROGRAMS),bin/$(notdir $(a))=$(B)/apps/$(a).bin) bin/busybox=$(BUSYBOX) etc/applets=apps/applets
# The most frames of RAM for processes and files, likewise; 0: all there are.
FRAMES := 0
FRAMES_MIN := 256
FRAMES_MAX := 524288
checked_frames := $(shell printf '%s' '$(FRAMES)' | grep -qxE '0|[1-9][0-9]{0,6}' && \
	{ [ '$(FRAMES)' = 0 ] || { [ '$(FRAMES)' -ge $(FRAMES_MIN) ] && [ '$(FRAMES)' -le $(FRAMES_MAX) ]; }; } && echo good)
$(if $(checked_frames),,$(error FRAMES=$(FRAMES): give a number of 4 KiB frames from $(FRAMES_MIN) to $(FRAMES_MAX), or 0 for no limit))
LIMIT := $(B)/apps/frames
$(LIMIT): start-again
	@mkdir -p $(@D); echo '$(FRAMES)' | cmp -s - $@ || echo '$(FRAMES)' >$@

$(B)/apps/archive.cpio: tools/mkcpio $(PROGRAMS:%=$(B)/apps/%.bin) $(BUSYBOX) apps/applets $(START) $(LIMIT)
	$(Q)$(archive) etc/start=$(START) etc/frames=$(LIMIT)
$(B)/user/os/init/archive.S.o: $(B)/apps/archive.cpio

ROOT := $(B)/os/root.elf
ROOT_OBJECTS := $(call objects,user,$(call files,$(wildcard os/*)))
$(ROOT): $(ROOT_OBJECTS) $(ARCHIVES)
	$(user_link)

$(B)/tessera.img: $(PACK) $(ROOT)
	$(call begin,IMAGE)
	$(Q)$(B)/sdk/mkimage --debug --cnode-bits 12 --export-vcnt --extensions $(ROOT) -o $@

# The starter OS with the programs of tests/posix besides: those of c/ linked with musl and with glibc each, and native ones.
TEST_C := $(patsubst tests/posix/c/%.c,%,$(wildcard tests/posix/c/*.c))
TEST_BIN := $(foreach t,$(TEST_C),$(t)-musl $(t)-glibc)
$(TEST_C:%=$(B)/tests/posix/%-musl.elf): $(B)/tests/posix/%-musl.elf: tests/posix/c/%.c | $(READY)
	$(call begin,LINUX)
	$(Q)$(musl_link)
$(TEST_C:%=$(B)/tests/posix/%-glibc.elf): $(B)/tests/posix/%-glibc.elf: tests/posix/c/%.c | $(B)/.setup-compat
	$(call begin,LINUX)
	$(Q)$(HOSTED) $< -lm -o $@
TEST_NATIVE := $(patsubst tests/posix/%/main.c,%,$(wildcard tests/posix/*/main.c))
$(foreach t,$(TEST_NATIVE),$(eval $(B)/tests/posix/$(t).elf: $(call objects,user,$(call files,tests/posix/$(t)))))
$(TEST_NATIVE:%=$(B)/tests/posix/%.elf): ULINK += -Wl,-u,sos_native
$(TEST_NATIVE:%=$(B)/tests/posix/%.elf): $(ARCHIVES)
	$(user_link)
TEST_BIN += $(TEST_NATIVE)
$(B)/tests/posix/archive.cpio: $(B)/apps/archive.cpio $(TEST_BIN:%=$(B)/tests/posix/%.elf)
	$(Q)for t in $(TEST_BIN); do $(CROSS)strip -o $(@D)/$$t $(@D)/$$t.elf; done
	$(Q)$(archive) $(foreach t,$(TEST_BIN),bin/$(t)=$(@D)/$(t))
$(B)/user/tests/posix/archive.S.o: $(B)/tests/posix/archive.cpio
$(B)/tests/posix/root.elf: $(filter-out %/archive.S.o,$(ROOT_OBJECTS)) $(B)/user/tests/posix/archive.S.o $(ARCHIVES)
	$(user_link)
$(B)/tests/posix/tessera.img: $(PACK) $(B)/tests/posix/root.elf
	$(call begin,IMAGE)
	$(Q)$(B)/sdk/mkimage --debug --cnode-bits 17 --export-vcnt --extensions $(B)/tests/posix/root.elf -o $@

# Files of /disk, and swap; made when it is missing, and sparse.  `DISK=` is a machine without a disk.
DISK := $(B)/disk.img
run: $(B)/tessera.img ## Boot the starter OS to its shell in QEMU (leave with `exit`, or Ctrl-A X); APP=NAME runs apps/NAME first, DISK=FILE is its disk, FRAMES=N limits its memory
	@tools/run-qemu $(B)/tessera.img $(DISK:%=--disk '%')

debug: $(B)/tessera.img $(B)/.setup-debug ## QEMU stopped at its first instruction, gdb attached, all symbols
	@tools/debug-qemu $(B)

# --- the behaviour suite as a root task -------------------------------------------------------------------------

# One program per kernel, for the debug system calls are known to one of them only.  Its threads have stacks of their own
# sizes, so that large frames are no mistake here.
SUITE := $(B)/suite-debug.elf $(B)/suite-release.elf
define suite
$(call compile,suite-$(1),$(CROSS)gcc,$(UFLAGS) -Wno-frame-larger-than $(if $(filter release,$(1)),-DTESSERA_RELEASE=1),$(INCLUDES))
$(B)/suite-$(1).elf: $(call objects,suite-$(1),$(call files,tests/suite)) tests/suite/root.ld
	$$(call begin,USER)
	$$(Q)$(CROSS)gcc $(UFLAGS) $(ULINK) -Wl,-T,tests/suite/root.ld $$(filter %.o,$$^) -lgcc -o $$@
endef
$(foreach preset,debug release,$(eval $(call suite,$(preset))))

# --- the bench: measuring programs on the runner of the suite, and the counting plugin ---------------------------

BENCH := $(addprefix $(B)/bench/,paths.img growth.img host.img libraries.img count.so)
$(eval $(call compile,bench,$(CROSS)gcc,$(UFLAGS) -mgeneral-regs-only -DTESSERA_RELEASE=1 -Itests/suite -Ibench/paths, \
	$(INCLUDES)))
BENCH_RUNNER := $(call objects,bench,$(addprefix tests/suite/,suite.c machine_qemu.c start.S))
$(B)/bench/%.elf: tests/suite/root.ld
	$(call begin,USER)
	$(Q)$(CROSS)gcc $(UFLAGS) $(ULINK) -Wl,-T,tests/suite/root.ld $(filter %.o,$^) -lgcc -o $@
$(B)/bench/tests/suite/suite.c.o: EXTRA := -DSUITE_ARENA_BITS=27
$(B)/bench/paths.elf: $(BENCH_RUNNER) $(call objects,bench,$(call files,bench/paths))
$(B)/bench/growth.elf: $(BENCH_RUNNER) $(call objects,bench,$(call files,bench/growth) \
	$(addprefix bench/paths/,measure.c partner.c raw.S))
$(B)/bench/%.img: $(B)/bench/%.elf $(PACK)
	$(Q)$(B)/sdk/mkimage --release --cnode-bits $(SLOTS) --export-pmu --export-vcnt $< -o $@
$(B)/bench/paths.img: SLOTS := 12
$(B)/bench/growth.img: SLOTS := 17
$(B)/bench/host.img: SLOTS := 12
$(B)/bench/host.elf: $(BENCH_RUNNER) $(call objects,bench,$(call files,bench/host))
$(B)/bench/libraries.elf: $(call objects,user,$(call files,bench/libraries)) $(ARCHIVES)
	$(user_link)
$(B)/bench/libraries.img: $(B)/bench/libraries.elf $(PACK)
	$(Q)$(B)/sdk/mkimage --debug --export-vcnt $< -o $@
$(B)/bench/%.so: bench/plugin/%.c | $(READY)
	$(call begin,HOST)
	$(Q)$(HOSTCC) -std=gnu11 -O2 $(WARN) -shared -fPIC $< -o $@

bench: $(BENCH) $(B)/suite-release.elf $(B)/tessera.img ## What each path of the kernel costs, against reference and target; files in build/bench
	@bench/run
bench-accept: $(BENCH) ## Take the figures of now as expected; REASON='...' if some got worse
	@bench/run --accept '$(REASON)'
bench-profile: $(BENCH) ## Where the instructions of one path go, by function: PATH=call
	@bench/run --profile '$(PROFILE)'

# --- host: the kernel core and the libraries under sanitizers ---------------------------------------------------

SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
HFLAGS := $(C) $(SANITIZE) -DTESSERA_DEBUG=1 $(call kernel_roots,host) -I. -Ilib
$(eval $(call compile,host,$(HOSTCC),$(HFLAGS)))

PURE := $(call files,lib/elf lib/cpio lib/fdt)
$(B)/host/libpure.a: $(call objects,host,$(PURE))
$(B)/host/libkernel.a: $(call objects,host,$(call kernel_files,host))
$(B)/host/libsim.a: $(call objects,host,$(call files,tests/lib))
$(B)/host/%.a:
	@mkdir -p $(@D) && rm -f $@
	$(Q)ar rcs $@ $^

# $(call program,NAME,objects): the objects and, where they ask for it, the simulated machine with the kernel in it.
define program
HOST_PROGRAMS += $(B)/host/$(1)
$(B)/host/$(1): $(2) $(addprefix $(B)/host/,libsim.a libkernel.a libpure.a)
endef
$(foreach t,$(foreach t,elf cpio fdt trees unit sim model,$(if $(wildcard tests/$(t)/*.c),$(t))), \
	$(eval $(call program,$(t),$(call objects,host,$(call files,tests/$(t))))))

# The loader's discovery.
$(B)/host/trees: $(call objects,host,loader/platform.c loader/memory.c lib/uart/line.c)

# Parts of the starter OS that know no system call.
$(eval $(call program,disk,$(call objects,host,$(call files,tests/disk) os/disk/virtio.c os/disk/label.c os/swap/blocks.c)))
$(B)/host/os/%.o: EXTRA := -Ilib/base/include

# Replays saved histories of the kernel fuzzer.
$(eval $(call program,replay,$(call objects,host,$(addprefix tests/fuzz/,replay.c kernel_fuzz.c fuzz_machine.c fuzz_time.c))))

# User code against the public headers, its threads as coroutines over the kernel core: golden program and suite.
# Names that the program and the kernel both have; on the machine they never meet.
PROGRAM_RENAME := invoke=suite_invoke page_map=suite_page_map
$(eval $(call compile,host/program,$(HOSTCC),$(C) $(SANITIZE) $(PROGRAM_RENAME:%=-D%) -I$(B)/sdk/include,$(INCLUDES)))
GOLDEN := $(call objects,host/program,$(addprefix tests/golden/,walk.c rt.c main.c))
$(GOLDEN): EXTRA := -Wno-all -Wno-extra -Wno-shadow -include tests/golden/host_program.h
$(eval $(call program,golden,$(call objects,host,tests/golden/host.c) $(GOLDEN)))
$(eval $(call program,suite,$(call objects,host,tests/suite_host/main.c) $(call objects,host/program, \
	$(filter-out %_qemu.c %_arm.c,$(wildcard tests/suite/*.c)) tests/suite_host/machine_host.c)))

# The libraries, tested as root tasks over the kernel core; their traps go through one that can make calls fail.
LIBS_RENAME := tessera_host_trap=libs_trap thread_suspend=libs_thread_suspend thread_resume=libs_thread_resume
LIBS_FLAGS = $(C) $(LIBS_RENAME:%=-D%) -Itests/libs/layout -Ilib -I. $(HEADER_ROOTS:%=-I%)
LIBS := $(filter-out lib/aos/seed_compat.c %.S,$(call files,$(patsubst %,lib/%,$(filter-out base sosapi,$(LIBRARIES)))))
LIBS_USER := $(filter-out %/host.c,$(call files,tests/libs)) $(LIBS)
$(eval $(call compile,host/user,$(HOSTCC),$(SANITIZE) $(LIBS_FLAGS)))
$(eval $(call program,libs,$(call objects,host,tests/libs/host.c) $(call objects,host/user,$(LIBS_USER))))

# The same without sanitizers, for what is long.
$(eval $(call compile,plain,$(HOSTCC),$(filter-out $(SANITIZE),$(HFLAGS))))
$(eval $(call compile,plain/user,$(HOSTCC),$(LIBS_FLAGS)))
$(B)/host/libs_plain: $(call objects,plain,tests/libs/host.c $(call kernel_files,host) $(call files,tests/lib)) \
		$(call objects,plain/user,$(LIBS_USER))
	$(call begin,HOST)
	$(Q)$(HOSTCC) $^ -l:libfdt.a -o $@

$(HOST_PROGRAMS):
	$(call begin,HOST)
	$(Q)$(HOSTCC) $(HFLAGS) $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group -l:libfdt.a -o $@

host: $(HOST_PROGRAMS) $(B)/host/libs_plain ## Host tests: kernel core and libraries with ASan and UBSan

# tests/fuzz/NAME_fuzz.c; those named kernel_* get the kernel core and the simulated machine too.  The checker and the
# simulator judge: nothing is to be learned from the ways they take.
FUZZERS := $(patsubst tests/fuzz/%_fuzz.c,%,$(wildcard tests/fuzz/*_fuzz.c))
FUZZ_LEARN := -fsanitize-coverage=edge,inline-8bit-counters,pc-table -include tests/fuzz/sections.h
FUZZ_KERNEL := $(call objects,fuzz/objects,$(call kernel_files,host) tests/fuzz/fuzz_machine.c tests/fuzz/fuzz_time.c \
	$(filter-out %/native.c,$(call files,tests/lib)))
$(eval $(call compile,fuzz/objects,$(FUZZCC),$(HFLAGS),$(B)/.setup-fuzz))
$(filter-out $(call objects,fuzz/objects,$(wildcard kernel/debug/check*.c tests/lib/*.c)),$(FUZZ_KERNEL)): \
	EXTRA := $(FUZZ_LEARN)

# The libraries over that kernel; only what the libraries do is worth learning.
$(eval $(call compile,fuzz/user,$(FUZZCC),$(SANITIZE) $(LIBS_FLAGS) $(FUZZ_LEARN),$(B)/.setup-fuzz))
$(B)/fuzz/libs: $(call objects,fuzz/user,tests/fuzz/libs_program.c $(filter-out %_test.c %/host.c,$(call files,tests/libs)) \
	$(filter-out $(PURE),$(LIBS))) $(call objects,fuzz/objects,tests/lib/native.c)
$(filter $(B)/fuzz/kernel% $(B)/fuzz/libs,$(FUZZERS:%=$(B)/fuzz/%)): $(FUZZ_KERNEL)
$(B)/fuzz/kernel_model: $(call objects,fuzz/objects,$(filter-out %/model.c,$(call files,tests/model)))
$(B)/fuzz/%: tests/fuzz/%_fuzz.c $(PURE) $(B)/.setup-fuzz
	$(call begin,FUZZ)
	$(Q)$(FUZZCC) $(filter-out -MMD -MP,$(HFLAGS)) -fsanitize=fuzzer $(filter %.c %.o,$^) -l:libfdt.a -o $@

# The kernel fuzzer over the release kernel: the same checker, no assertions and no names.
RELEASED := $(HFLAGS:-DTESSERA_DEBUG=1=-DTESSERA_DEBUG=0)
FUZZ_RELEASE := $(FUZZ_KERNEL:$(B)/fuzz/objects/%=$(B)/fuzz/release/%)
$(eval $(call compile,fuzz/release,$(FUZZCC),$(RELEASED),$(B)/.setup-fuzz))
$(filter-out $(call objects,fuzz/release,$(wildcard kernel/debug/check*.c tests/lib/*.c)),$(FUZZ_RELEASE)): EXTRA := $(FUZZ_LEARN)
$(B)/fuzz/kernel_release: tests/fuzz/kernel_fuzz.c $(FUZZ_RELEASE) $(B)/.setup-fuzz
	$(call begin,FUZZ)
	$(Q)$(FUZZCC) $(filter-out -MMD -MP,$(RELEASED)) -fsanitize=fuzzer $(filter %.c %.o,$^) -o $@

fuzz: $(FUZZERS:%=$(B)/fuzz/%) ## Feed random input to each parser and the kernel; T=60 seconds each
	$(Q)tools/fuzz-all $(B)/fuzz $(T) $(FUZZERS)

# --- commands --------------------------------------------------------------------------------------------------

test: $(B)/.setup-compat sdk host $(SUITE) $(B)/tessera.img $(B)/tests/posix/tessera.img ## Every test; ends with `N passed, N failed`
	@tools/test-all
test-long: $(B)/.setup-compat sdk host $(SUITE) $(B)/tessera.img $(B)/tests/posix/tessera.img ## The same with large numbers, before a release: an hour or more
	@tools/test-long $(NAMES)
coverage-spec: ## Which statements of the specification have a test
	@tools/spec coverage
coverage: sdk host ## Kernel lines that the host tests reach (clang); details in build/coverage
	@tools/coverage $(B)
size: $(PACK) ## Size of the kernel per room, and of both kernels
	@tools/size-report
format: ## Lay out all sources as .clang-format says
	@git ls-files '*.c' '*.h' | xargs clang-format-14 -i
clean: ## Remove what was built, but keep the packages
	$(Q)rm -rf $(filter-out $(B)/deps,$(wildcard $(B)/*))
check: ## Build what one suite of tests needs and run it, or its tests of a name: T=unit or T=unit/rights
	@tools/check '$(if $(filter command line environment,$(origin T)),$(T))'
lint: $(B)/.setup-lint ## The rules of the house, scripts and links, without running anything
	@tools/lint
docs: $(B)/.setup-docs ## The manual as HTML: guide, specification, headers; build/docs/index.html
	@tools/docs $(B)/docs
compdb: | $(READY) ## build/compile_commands.json, which clangd finds by itself
	@$(MAKE) -nB V=1 sdk host $(ROOT) $(LOADER_OBJECTS) 2>/dev/null | tools/compdb $(B)/compile_commands.json
help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

-include $(shell find $(B) -path '$(B)/deps' -prune -o -name '*.d' -type f -print 2>/dev/null)
