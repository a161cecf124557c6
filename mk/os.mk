# SPDX-License-Identifier: BSD-2-Clause
# The starter OS: programs, archive, root task, image; `make run`.  Included by the Makefile, which has the flags.

# --- the starter OS ---------------------------------------------------------------------------------------------

define user_link
	$(call begin,USER)
	$(Q)$(CROSS)gcc $(UFLAGS) $(ULINK) $(filter %.o,$^) -Wl,--start-group $(ARCHIVES) -lgcc -Wl,--end-group -o $@
endef

# Each folder of apps/ is a program; they are in the archive inside the root task, together with Linux programs.
APPS := $(patsubst apps/%/main.c,%,$(wildcard apps/*/main.c))
$(foreach a,$(APPS),$(eval $(B)/apps/$(a).elf: $(call objects,user,$(call files,apps/$(a)))))
$(B)/user/apps/page/page.S.o: apps/page/page.html
$(B)/apps/%.elf: ULINK += -Wl,-u,sos_native
$(B)/apps/%.elf: $(ARCHIVES)
	$(user_link)
# The names of functions are kept, for messages about faults.
$(B)/apps/%.bin: $(B)/apps/%.elf
	$(Q)$(CROSS)strip -g -o $@ $<

# Each folder of apps/linux/ is an ordinary C program, linked with Debian's unmodified musl; without the build ID, which would depend on where
# it was built, for an image is to be the same bytes everywhere.
LINUX := $(patsubst apps/linux/%/main.c,%,$(wildcard apps/linux/*/main.c))
HOSTED := $(CROSS)gcc -std=gnu11 -O2 -g $(WARN) -Wno-unused-result -static -no-pie -Wl,--build-id=none
MUSL := $(DEPS)/lib/aarch64-linux-musl
musl_link = $(HOSTED) -I. -mno-outline-atomics -nostdinc -isystem $(DEPS)/include/aarch64-linux-musl \
	-isystem $$($(CROSS)gcc -print-file-name=include) -nostdlib $(addprefix $(MUSL)/,crt1.o crti.o) $(filter %.c,$^) \
	-Wl,--start-group $(MUSL)/libc.a -lgcc -lgcc_eh -Wl,--end-group $(MUSL)/crtn.o -o $@
$(foreach l,$(LINUX),$(eval $(B)/apps/linux/$(l).elf: $(wildcard apps/linux/$(l)/*.c apps/linux/$(l)/*.h)))
$(B)/apps/linux/%.elf: | $(READY)
	$(call begin,LINUX)
	$(Q)$(musl_link)

BUSYBOX := $(B)/deps/bin/busybox
$(BUSYBOX): | $(READY)
	$(Q)[ -e $@ ] || tools/setup base $(B)
# The command that the shell starts with; written only when it has changed.
START := $(B)/apps/start
$(if $(filter-out $(APPS) $(LINUX),$(APP)),$(error there is no folder apps/$(APP) or apps/linux/$(APP) with a main.c))
$(START): start-again
	@mkdir -p $(@D); echo '$(APP)' | cmp -s - $@ || echo '$(APP)' >$@

# The pages that the shell's `man` shows: the sections of docs/shell.md.
MANUAL := $(B)/apps/man/.made
$(MANUAL): docs/shell.md tools/mkman
	$(Q)rm -rf $(@D); tools/mkman $< $(@D) && touch $@

# Each folder of drivers/ is one, and so is the network (net.mk).
DRIVERS := net ext2 $(patsubst drivers/%/main.c,%,$(wildcard drivers/*/main.c))
$(foreach d,$(filter-out net ext2,$(DRIVERS)),$(eval $(B)/drv/$(d).elf: $(call objects,user,$(call files,drivers/$(d)))))
$(filter-out %/net.elf %/ext2.elf,$(DRIVERS:%=$(B)/drv/%.elf)): ULINK += -Wl,-u,sos_native -Wl,--gc-sections
$(filter-out %/net.elf %/ext2.elf,$(DRIVERS:%=$(B)/drv/%.elf)): $(ARCHIVES)
	$(user_link)
PROGRAMS := $(APPS) $(LINUX:%=linux/%)
archive = tools/mkcpio $@ $(foreach a,$(PROGRAMS),bin/$(notdir $(a))=$(B)/apps/$(a).bin) bin/busybox=$(BUSYBOX) etc/applets=apps/applets \
	$(foreach f,$(ETC),etc/$(notdir $(f))=$(f)) \
	$(foreach d,$(DRIVERS),drv/$(d)=$(B)/drv/$(d).bin) \
	$$(for page in $(dir $(MANUAL))*; do echo etc/man/$${page\#\#*/}=$$page; done)
# What C libraries look up: names of users, groups and machines.
ETC := $(wildcard apps/etc/*)
# The highest number of frames of RAM for processes and files, likewise; 0: no limit.
FRAMES := 0
FRAMES_MIN := 100
FRAMES_MAX := 524288
checked_frames := $(shell printf '%s' '$(FRAMES)' | grep -qxE '0|[1-9][0-9]{0,6}' && \
	{ [ '$(FRAMES)' = 0 ] || { [ '$(FRAMES)' -ge $(FRAMES_MIN) ] && [ '$(FRAMES)' -le $(FRAMES_MAX) ]; }; } && echo good)
$(if $(checked_frames),,$(error FRAMES=$(FRAMES): give a number of 4 KiB frames from $(FRAMES_MIN) to $(FRAMES_MAX), or 0 for no limit))
LIMIT := $(B)/apps/frames
$(LIMIT): start-again
	@mkdir -p $(@D); echo '$(FRAMES)' | cmp -s - $@ || echo '$(FRAMES)' >$@

$(B)/apps/archive.cpio: tools/mkcpio $(PROGRAMS:%=$(B)/apps/%.bin) $(DRIVERS:%=$(B)/drv/%.bin) $(BUSYBOX) apps/applets $(ETC) $(MANUAL) $(START) $(LIMIT)
	$(Q)$(archive) etc/start=$(START) etc/frames=$(LIMIT)
$(B)/user/os/server/archive.S.o: $(B)/apps/archive.cpio

# The page of code that every program of Linux has: linked as a dynamic linker expects it.
VDSO := $(B)/apps/vdso.so
$(VDSO).lds: os/vdso/vdso.lds os/process/vdso_page.h | $(READY)
	@mkdir -p $(@D)
	$(Q)$(CROSS)gcc -E -P -x c -D__ASSEMBLER__ -I. $< -o $@
$(VDSO): os/vdso/calls.c os/vdso/handler.S os/process/vdso_page.h lib/driver/clock/timestamp.h $(VDSO).lds $(RULES) | $(READY)
	$(call begin,VDSO)
	$(Q)$(CROSS)gcc -std=gnu11 -O2 $(WARN) $(BARE) -fPIC -fvisibility=hidden -I. -Ilib/driver -shared -nostdlib -Wl,-T,$@.lds \
		-Wl,-soname=linux-vdso.so.1 -Wl,--hash-style=both -Wl,--build-id=none -Wl,-z,max-page-size=4096 \
		os/vdso/calls.c os/vdso/handler.S -o $@.all
	$(Q)head -c $$(($(shell sed -n 's/^#define VDSO_DATA *//p' os/process/vdso_page.h))) $@.all >$@
$(B)/user/os/process/vdso.S.o $(B)/el2/os/process/vdso.S.o: $(VDSO)
$(B)/user/os/process/vdso.S.o $(B)/el2/os/process/vdso.S.o: EXTRA := -DVDSO='"$(VDSO)"'

ROOT := $(B)/os/root.elf
ROOT_FILES := $(call files,$(filter-out os/monitor os/vdso,$(wildcard os/* os/process/signals os/calls/* os/calls/linux/*)))
ROOT_OBJECTS := $(call objects,user,$(ROOT_FILES))
$(ROOT): $(ROOT_OBJECTS) $(ARCHIVES)
	$(user_link)

$(B)/tessera.img: $(PACK) $(ROOT)
	$(call begin,IMAGE)
	$(Q)$(B)/sdk/mkimage --debug --cnode-bits 13 --export-vcnt --export-pmu --extensions $(ROOT) -o $@

# The same root task for several cores, and how many `make run` starts.
CORES := 1
CORES_MAX := 8
$(if $(shell printf '%s' '$(CORES)' | grep -xE '[1-$(CORES_MAX)]'),,$(error CORES=$(CORES): give a number of cores from 1 to $(CORES_MAX)))
$(B)/cores/%.img: $(PACK) $(ROOT)
	$(call begin,IMAGE)
	$(Q)$(B)/sdk/mkimage --debug --cnode-bits 13 --export-vcnt --export-pmu --extensions --cores $* $(ROOT) -o $@

# A root task $(1).elf that is the starter OS with another archive, $(2).
define other_archive
$(1).archive.o: os/server/archive.S $(2) $(RULES)
	$$(Q)$(CROSS)gcc $(UFLAGS) -fno-lto -DARCHIVE='"$(2)"' -c $$< -o $$@
$(1).elf: $(filter-out %/archive.S.o,$(ROOT_OBJECTS)) $(1).archive.o $(ARCHIVES)
	$$(user_link)
endef

# A program $(1) for such an archive: one file, $(2), linked with musl.
define archive_program
$(1).elf: $(2) | $(READY)
	$$(call begin,LINUX)
	$$(Q)$$(musl_link)
$(1): $(1).elf
	$$(Q)$(CROSS)strip -o $$@ $$<
endef

# The starter OS with the programs of tests/posix besides: those of c/ linked with musl and with glibc each, and native ones.
TEST_C := $(patsubst tests/posix/c/%.c,%,$(wildcard tests/posix/c/*.c))
TEST_BIN := $(foreach t,$(TEST_C),$(t)-musl $(t)-glibc)
TEST_H := $(wildcard tests/posix/c/*.h)
$(TEST_C:%=$(B)/tests/posix/%-musl.elf): $(B)/tests/posix/%-musl.elf: tests/posix/c/%.c $(TEST_H) | $(READY)
	$(call begin,LINUX)
	$(Q)$(musl_link)
$(TEST_C:%=$(B)/tests/posix/%-glibc.elf): $(B)/tests/posix/%-glibc.elf: tests/posix/c/%.c $(TEST_H) | $(B)/.setup-compat
	$(call begin,LINUX)
	$(Q)$(HOSTED) $< -lm -o $@
# One file in other layouts: position-independent; with segments so close that two share a page.
TEST_LAID := start-pie start-dense
$(B)/tests/posix/start-pie.elf: LAID := -static-pie -fPIE
$(B)/tests/posix/start-pie.elf: DROPPED := -static -no-pie
$(B)/tests/posix/start-dense.elf: LAID := -Wl,-z,noseparate-code -Wl,-z,max-page-size=4096 -Wl,-z,norelro
$(TEST_LAID:%=$(B)/tests/posix/%.elf): tests/posix/c/start.c | $(B)/.setup-compat
	$(call begin,LINUX)
	$(Q)$(filter-out $(DROPPED),$(HOSTED)) $(LAID) $< -lm -o $@
TEST_BIN += $(TEST_LAID)
# A program of Go, whose runtime makes threads, waits by epoll and interrupts its threads by signals.
$(B)/tests/posix/goroutines.elf: tests/posix/go/goroutines.go | $(B)/.setup-go
	$(call begin,LINUX)
	$(Q)GOARCH=arm64 CGO_ENABLED=0 GO111MODULE=off GOFLAGS= GOCACHE=$(abspath $(B))/tests/posix/go-cache go build -o $@ $<
TEST_BIN += goroutines
# What user-mode emulation does not do exactly is compared with the same file compiled for the host.
TEST_HOST := closed closed_others sending amounts masses busy passing locks widths burdens waits tasks newer rooms labels threads robust pidfds bounds seals cuts crowd mqueues rlimits waiting start timers refused_files refused_names refused_calls between oneself shared notices leases others ways_memory ways_processes ways_files requests ptys packets
TEST_HOST += traced traced_others seen datagrams clocks wakes directories
$(TEST_HOST:%=$(B)/tests/posix/%-host): $(B)/tests/posix/%-host: tests/posix/c/%.c $(TEST_H)
	$(call begin,LINUX)
	$(Q)$(HOSTCC) -std=gnu11 -O2 $(WARN) $< -lm -o $@
TEST_NATIVE := $(patsubst tests/posix/%/main.c,%,$(wildcard tests/posix/*/main.c))
$(foreach t,$(TEST_NATIVE),$(eval $(B)/tests/posix/$(t).elf: $(call objects,user,$(call files,tests/posix/$(t)))))
$(TEST_NATIVE:%=$(B)/tests/posix/%.elf): ULINK += -Wl,-u,sos_native
$(TEST_NATIVE:%=$(B)/tests/posix/%.elf): $(ARCHIVES)
	$(user_link)
TEST_BIN += $(TEST_NATIVE)
# Hostile programs (tests/rogue): one in the place of a disk's, with a short path, which takes the place of the other; a client of the network.
$(foreach t,rob grab,$(eval $(call archive_program,$(B)/tests/posix/$(t),tests/rogue/$(t).c)))
# Transfers of the disk itself (tests/disk/run).
$(eval $(call archive_program,$(B)/tests/posix/spare,$(wildcard tests/disk/spare/*.c tests/disk/spare/*.h)))
$(B)/tests/posix/rob.elf: HOSTED += -Ilib/compat/sosapi/include
$(B)/tests/posix/archive.cpio: $(B)/apps/archive.cpio $(TEST_BIN:%=$(B)/tests/posix/%.elf) $(B)/tests/posix/rob $(B)/tests/posix/grab $(B)/tests/posix/spare
	$(Q)for t in $(TEST_BIN); do $(CROSS)strip -o $(@D)/$$t $(@D)/$$t.elf; done
	$(Q)$(archive) bin/rob=$(@D)/rob bin/grab=$(@D)/grab bin/spare=$(@D)/spare $(foreach t,$(TEST_BIN),bin/$(t)=$(@D)/$(t))
$(eval $(call other_archive,$(B)/tests/posix/root,$(B)/tests/posix/archive.cpio))
$(B)/tests/posix/tessera.img: $(PACK) $(B)/tests/posix/root.elf $(TEST_HOST:%=$(B)/tests/posix/%-host)
	$(call begin,IMAGE)
	$(Q)$(B)/sdk/mkimage --debug --cnode-bits 17 --export-vcnt --extensions $(B)/tests/posix/root.elf -o $@

# The starter OS with programs that need several cores, on four.
PARALLEL := $(B)/tests/parallel
PARALLEL_C := apart together storm
$(foreach t,$(PARALLEL_C),$(eval $(call archive_program,$(PARALLEL)/$(t),tests/parallel/$(t).c)))
$(PARALLEL_C:%=$(PARALLEL)/%.elf): tests/parallel/parts.h
$(PARALLEL)/archive.cpio: $(B)/apps/archive.cpio $(PARALLEL_C:%=$(PARALLEL)/%)
	$(Q)$(archive) $(foreach t,$(PARALLEL_C),bin/$(t)=$(PARALLEL)/$(t))
$(eval $(call other_archive,$(PARALLEL)/root,$(PARALLEL)/archive.cpio))
$(PARALLEL)/tessera.img: $(PACK) $(PARALLEL)/root.elf
	$(call begin,IMAGE)
	$(Q)$(B)/sdk/mkimage --debug --cnode-bits 13 --export-vcnt --extensions --cores 4 $(PARALLEL)/root.elf -o $@
# A root task with threads of the libraries on four cores.
$(eval $(call compile,parallel-cores,$(CROSS)gcc,$(UFLAGS) -DCONFIG_MAX_NUM_NODES=4 -DCONFIG_ENABLE_SMP_SUPPORT=1,$(INCLUDES)))
$(PARALLEL)/cores.elf: $(call objects,parallel-cores,tests/parallel/cores.c) $(ARCHIVES)
	$(user_link)
$(PARALLEL)/cores.img: $(PARALLEL)/cores.elf $(PACK)
	$(Q)$(B)/sdk/mkimage --debug --cores 4 $< -o $@

# Files of /disk, and swap; made when it is missing, and sparse.  `DISK=` is a machine without a disk.
DISK := $(B)/disk.img
NET := 1
RUN := $(B)/$(if $(VM),vm/)$(if $(filter-out 1,$(CORES)),cores/$(CORES).img,tessera.img)
run: $(RUN) ## Boot the starter OS to its shell in QEMU (leave with `exit`, or Ctrl-] X); APP=NAME runs apps/NAME first, DISK=FILE is its disk, NET= is without a network, NTP=HOST tells the date, FRAMES=N limits its memory, CORES=N gives it so many cores, ICOUNT=1 lets QEMU count instructions, VM=1 is the face with virtual machines
	@tools/run-qemu $(RUN) $(DISK:%=--disk '%') $(NET:%=--net) $(NTP:%=--ntp '%') $(if $(filter-out 1,$(CORES)),-smp $(CORES)) $(if $(ICOUNT),-icount shift=0) $(if $(VM),-machine virtualization=on)

# What goes on a new disk, and its size; DEBS are Debian packages for arm64, with their dependencies.
DIR :=
SIZE :=
DEBS :=
FS :=
disk: | $(READY) ## A new disk (DISK=FILE) with the files of DIR=FOLDER or of an archive (.cpio), and of Debian's packages DEBS="bash ..."; SIZE=256M; FS=ext2 for one that other systems read too
	@tools/make-disk $(B) '$(DISK)' '$(SIZE)' '$(DIR)' '$(DEBS)' '$(FS)'

# The disk of tests/packages: Debian's bash and coreutils, and the scripts that they run.
$(B)/tests/packages.img: tools/mkdisk tools/make-disk $(wildcard tests/packages/scripts/*) | $(READY)
	$(call begin,DISK)
	$(Q)rm -rf $@ $(@D)/packages.d && mkdir -p $(@D)/packages.d && cp -r tests/packages/scripts $(@D)/packages.d/
	$(Q)tools/make-disk $(B) $@ '' $(@D)/packages.d 'bash coreutils'

disk-get: ## What a disk (DISK=FILE) holds, into DIR=FOLDER
	@[ -n '$(DIR)' ] || { echo 'disk-get: no folder for the files: give DIR=FOLDER, empty or new' >&2; exit 1; }
	@tools/mkdisk get '$(DISK)' '$(DIR)'

SECONDS := 1
SYMBOLS :=
trace: $(B)/tessera.img ## What the kernel does, as pictures: build/trace.html and trace.json; APP=NAME traces apps/NAME, SECONDS=N so long
	@tools/trace/make $(B) '$(SECONDS)' '$(APP)'

picture: $(B)/tessera.img $(B)/host/dump ## The state of the running system, as pictures: build/dump-tree.svg, -talk.svg, -memory.svg
	@tools/dump/make $(B)

NAME :=
debug-app: $(B)/tessera.img $(B)/.setup-debug ## gdb on a program of the starter OS, from its first instruction on: NAME=hello, or NAME="/disk/PROGRAM ARGUMENT" SYMBOLS=FILE DISK=FILE
	@SYMBOLS='$(SYMBOLS)' DISK='$(if $(filter command line,$(origin DISK)),$(DISK))' tools/debug-app $(B) '$(NAME)'

debug: $(B)/tessera.img $(B)/.setup-debug ## QEMU stopped at its first instruction, gdb attached, all symbols
	@tools/debug-qemu $(B)
