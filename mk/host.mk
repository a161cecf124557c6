# SPDX-License-Identifier: BSD-2-Clause
# Kernel and libraries as programs of this machine: tests under sanitizers, fuzzers.  Included by the Makefile, which has the flags.

# --- host: the kernel core and the libraries under sanitizers ---------------------------------------------------

SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
HFLAGS := $(C) $(SANITIZE) -DTESSERA_DEBUG=1 $(call kernel_roots,host) -I. $(LIB_I)
$(eval $(call compile,host,$(HOSTCC),$(HFLAGS)))

PURE := $(call files,lib/program/elf lib/program/cpio lib/driver/fdt)
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
$(foreach t,$(foreach t,elf cpio fdt trees efi unit sim model,$(if $(wildcard tests/$(t)/*.c),$(t))), \
	$(eval $(call program,$(t),$(call objects,host,$(call files,tests/$(t))))))

# The loader's discovery.
$(B)/host/trees: $(call objects,host,loader/platform.c loader/cores.c loader/memory.c loader/hypervisor.c lib/driver/uart/line.c)

# The loader's entry from EFI.
$(B)/host/efi: $(call objects,host,loader/efi.c loader/acpi.c lib/driver/uart/line.c)

# Parts of the starter OS that use no system call.
$(eval $(call program,disk,$(call objects,host,$(call files,tests/disk lib/driver/virtio lib/server/ring) lib/driver/queue/block.c tests/virtio/mmio_device.c os/device/label.c os/device/block.c os/memory/blocks.c)))
$(B)/host/os/%.o: EXTRA := -Ilib/core/base/include -Ilib/compat/sosapi/include
$(B)/host/tests/disk/%.o: EXTRA := -Ilib/compat/sosapi/include
$(eval $(call compile,host/line-side,$(HOSTCC),-Itests/serial/around -include tests/serial/around/moment.h $(HFLAGS) -Ilib/core/base/include \
	-Ilib/compat/sosapi/include))
$(eval $(call program,serial,$(call objects,host/line-side,$(call files,tests/serial lib/server/ring) os/core/wait.c os/device/patience.c) \
	$(call objects,host,$(call files,lib/driver/line lib/core/text))))
$(eval $(call program,line,$(call objects,host,$(call files,tests/line lib/driver/line) $(call files,lib/core/text))))
$(B)/host/tests/text/names.c.o: EXTRA := -Ilib/core/base/include -fno-sanitize=address
$(eval $(call program,text,$(call objects,host,$(call files,tests/text lib/core/text))))
$(B)/host/lib/driver/line/%.o: EXTRA := -Ilib/core/base/include

# Drivers of lib/, with models of devices behind their registers.
$(eval $(call program,virtio,$(call objects,host,$(call files,tests/virtio lib/driver/virtio))))

# The monitor of virtual machines over a kernel of the test's own, with the interface of EL2.
MONITOR_HOST := $(addprefix os/monitor/,exits.c guest.c gic.c gicv2.c gicv3.c irq.c device.c processor.c psci.c virtio.c disk.c)
$(eval $(call compile,host/el2,$(HOSTCC),$(C) $(SANITIZE) -iquote tests/monitor/instead -I. -DCONFIG_ARM_HYPERVISOR_SUPPORT=1 -DTESSERA_DEBUG=1 \
	$(SDK_I) -Ilib/core/base/include $(call kernel_roots,host),$(INCLUDES)))
$(eval $(call program,monitor,$(call objects,host/el2,$(call files,tests/monitor) $(MONITOR_HOST) tests/lib/test.c)))

# The network server's stack and services (mk/net.mk), with lwIP's own guards around its memory.
NET_HOST := -DMEMP_OVERFLOW_CHECK=2 -DMEM_OVERFLOW_CHECK=2 -DMEM_SANITY_CHECK=0
$(eval $(call lwip,host,$(HOSTCC),$(HFLAGS) $(NET_HOST)))
NET_HOST_OBJECTS := $(call objects,host,$(NET_FILES) tests/net/packets.c tests/net/virtual.c)
$(NET_HOST_OBJECTS): EXTRA := $(LWIP_I) -Ilib/core/base/include $(NET_HOST)
$(NET_HOST_OBJECTS): | $(B)/.setup-net
NET_HOST_REST := $(call objects,host,$(NET_FILES) $(call files,lib/driver/virtio) tests/virtio/card.c tests/virtio/mmio_device.c $(call files,lib/core/text)) \
	$(LWIP_FILES:%=$(B)/host/lwip/%.o)
$(foreach t,packets virtual,$(eval $(call program,$(t),$(call objects,host,tests/net/$(t).c) $(NET_HOST_REST))))

# Replays saved histories of the kernel fuzzer.
$(eval $(call program,replay,$(call objects,host,$(addprefix tests/fuzz/,replay.c kernel_fuzz.c fuzz_machine.c fuzz_time.c fuzz_guest.c fuzz_state.c))))

# User code against the public headers, its threads as coroutines over the kernel core: golden program and suite.
# Names that both the program and the kernel use; on the real machine they are never linked together.
PROGRAM_RENAME := invoke=suite_invoke page_map=suite_page_map
$(eval $(call compile,host/program,$(HOSTCC),$(C:-O2=-O1) $(SANITIZE) $(PROGRAM_RENAME:%=-D%) $(SDK_I),$(INCLUDES)))
GOLDEN := $(call objects,host/program,$(addprefix tests/golden/,walk.c rt.c main.c))
$(GOLDEN): EXTRA := -Wno-all -Wno-extra -Wno-shadow -include tests/golden/host_program.h
$(eval $(call program,golden,$(call objects,host,tests/golden/host.c) $(GOLDEN)))
SUITE_PROGRAM := $(filter-out %_qemu.c %_arm.c,$(wildcard tests/suite/*.c)) tests/suite_host/machine_host.c
$(eval $(call program,suite,$(call objects,host,tests/suite_host/main.c) $(call objects,host/program,$(SUITE_PROGRAM))))

# The libraries, tested as root tasks over the kernel core; their system calls pass through one that can make them fail.
LIBS_RENAME := tessera_host_trap=libs_trap thread_suspend=libs_thread_suspend thread_resume=libs_thread_resume
LIBS_FLAGS = $(C) $(LIBS_RENAME:%=-D%) -Itests/libs/layout $(LIB_I) -I. $(HEADER_ROOTS:%=-I%)
LIBS := $(filter-out lib/compat/aos/seed_compat.c %.S,$(call files,$(filter-out %/base %/line %/sosapi,$(LIBRARY_FOLDERS))))
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

# Several cores as coroutines: each atomic access to shared data calls tests/cores/seam.c in place of the sanitizer's library.
CORES_WATCHED := $(addprefix kernel/,trap/local.c trap/mail.c trap/short_call.c trap/short_receive.c trap/short_signal.c door/door.c sched/cores.c time/preempt.c boot/cores_start.c arch/host/host_cores.c)
$(eval $(call compile,watched,$(HOSTCC),$(filter-out $(SANITIZE),$(HFLAGS)) -fsanitize=thread -Wno-tsan))
$(B)/host/libcores.a: $(call objects,watched,$(CORES_WATCHED)) $(call objects,plain,$(filter-out $(CORES_WATCHED),$(call kernel_files,host)) \
	$(call files,tests/cores) $(addprefix tests/lib/,sim.c user.c test.c poison.c))
$(B)/host/cores: $(B)/host/libcores.a
	$(call begin,HOST)
	$(Q)$(HOSTCC) $< -o $@

# The same with a thread of this machine for each core, under ThreadSanitizer.
$(eval $(call compile,races,$(FUZZCC),$(filter-out $(SANITIZE),$(HFLAGS)) -fsanitize=thread))
$(B)/host/libraces.a: $(call objects,races,$(call kernel_files,host) $(addprefix tests/cores/,threads/threads.c threads/races.c jobs.c work.c listen.c state.c walk.c) \
	$(addprefix tests/lib/,sim.c user.c test.c poison.c))
$(B)/host/races: $(B)/host/libraces.a
	$(call begin,HOST)
	$(Q)$(FUZZCC) -fsanitize=thread $< -lpthread -o $@
# How calls scale that stay on their core, without it.
$(B)/host/libscale.a: $(call objects,plain,$(call kernel_files,host) $(addprefix tests/cores/,threads/threads.c threads/scale.c jobs.c) \
		$(addprefix tests/lib/,sim.c user.c test.c poison.c))
$(B)/host/scale: $(B)/host/libscale.a
	$(call begin,HOST)
	$(Q)$(HOSTCC) $< -lpthread -o $@
host: $(B)/host/cores $(B)/host/races $(B)/host/scale

# The suite with the interface of EL2, for spaces of 40 and of 44 bits: most of such a space is reserved by AddressSanitizer.
SUITES_EL2 := $(B)/host/suite40 $(B)/host/suite44
define suite_el2_host
$(call compile,plain/suite$(1),$(HOSTCC),$(C) $(PROGRAM_RENAME:%=-D%) -DCONFIG_ARM_HYPERVISOR_SUPPORT=1 -DCONFIG_ARM_PA_SIZE_BITS_$(1)=1 \
	$(SDK_I),$(INCLUDES))
$(B)/host/suite$(1): $(call objects,plain,tests/suite_host/main.c $(call kernel_files,host) $(call files,tests/lib)) \
		$(call objects,plain/suite$(1),$(SUITE_PROGRAM))
endef
$(foreach bits,40 44,$(eval $(call suite_el2_host,$(bits))))
$(SUITES_EL2):
	$(call begin,HOST)
	$(Q)$(HOSTCC) $^ -l:libfdt.a -o $@

# /disk over a disk that keeps no order.  Frames are at fixed addresses, which the sanitizers use themselves.
STORE := $(call files,tests/store) $(addprefix os/files/,store.c store_load.c volume.c pack.c unpack.c node.c kept.c names.c rights.c walk.c attribute.c content.c holes.c frozen.c in_use.c later.c) lib/program/elf/elf64.c os/core/wait.c os/device/label.c
$(call objects,plain,$(STORE)): EXTRA := -Ilib/core/base/include -iquote tests/store/clock -Ilib/compat/sosapi/include
$(B)/host/store: $(call objects,plain,$(STORE)) $(call objects,plain,$(call files,lib/core/text))
	$(call begin,HOST)
	$(Q)$(HOSTCC) $^ -o $@

$(HOST_PROGRAMS):
	$(call begin,HOST)
	$(Q)$(HOSTCC) $(HFLAGS) $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group -l:libfdt.a -o $@

host: $(HOST_PROGRAMS) $(SUITES_EL2) $(B)/host/libs_plain $(B)/host/store $(B)/host/ext2 ## Host tests: kernel core and libraries with ASan and UBSan

# tests/fuzz/NAME_fuzz.c; those named kernel_* get the kernel core and the simulated machine too.  The checker and the
# simulator judge results: their own coverage guides nothing.
FUZZERS := $(patsubst tests/fuzz/%_fuzz.c,%,$(wildcard tests/fuzz/*_fuzz.c))
FUZZ_LEARN := -fsanitize-coverage=edge,inline-8bit-counters,pc-table -include tests/fuzz/sections.h
FUZZ_KERNEL := $(call objects,fuzz/objects,$(call kernel_files,host) $(addprefix tests/fuzz/,fuzz_machine.c fuzz_time.c fuzz_guest.c fuzz_state.c) \
	$(filter-out %/native.c,$(call files,tests/lib)))
$(eval $(call compile,fuzz/objects,$(FUZZCC),$(HFLAGS),$(B)/.setup-fuzz))
$(filter-out $(call objects,fuzz/objects,$(wildcard kernel/debug/check*.c tests/lib/*.c)),$(FUZZ_KERNEL)): \
	EXTRA := $(FUZZ_LEARN)

# The libraries over that kernel; only the coverage of the libraries guides the fuzzer.
$(eval $(call compile,fuzz/user,$(FUZZCC),$(SANITIZE) $(LIBS_FLAGS) $(FUZZ_LEARN),$(B)/.setup-fuzz))
$(B)/fuzz/libs: $(call objects,fuzz/user,tests/fuzz/libs_program.c $(filter-out %_test.c %/host.c,$(call files,tests/libs)) \
	$(filter-out $(PURE),$(LIBS))) $(call objects,fuzz/objects,tests/lib/native.c)
$(filter $(B)/fuzz/kernel% $(B)/fuzz/libs,$(FUZZERS:%=$(B)/fuzz/%)): $(FUZZ_KERNEL)
FUZZ_FRESH := $(call objects,fuzz/objects,tests/fuzz/fuzz_fresh.c)
$(B)/fuzz/kernel: $(FUZZ_FRESH)
$(B)/fuzz/kernel_model: $(call objects,fuzz/objects,$(filter-out %/model.c,$(call files,tests/model)))
$(B)/fuzz/gdb: $(addprefix apps/linux/gdbserver/,packet.c command.c describe.c next.c run.c watch.c) apps/linux/gdbserver/target.c
$(B)/fuzz/%: tests/fuzz/%_fuzz.c $(PURE) $(B)/.setup-fuzz
	$(call begin,FUZZ)
	$(Q)$(FUZZCC) $(filter-out -MMD -MP,$(HFLAGS)) -fsanitize=fuzzer $(filter-out %/target.c,$(filter %.c %.o,$^)) -l:libfdt.a -o $@

# The kernel fuzzer over the release kernel: the same checker, no assertions and no names.
RELEASED := $(HFLAGS:-DTESSERA_DEBUG=1=-DTESSERA_DEBUG=0)
FUZZ_RELEASE := $(FUZZ_KERNEL:$(B)/fuzz/objects/%=$(B)/fuzz/release/%)
$(eval $(call compile,fuzz/release,$(FUZZCC),$(RELEASED),$(B)/.setup-fuzz))
$(filter-out $(call objects,fuzz/release,$(wildcard kernel/debug/check*.c tests/lib/*.c)),$(FUZZ_RELEASE)): EXTRA := $(FUZZ_LEARN)
$(B)/fuzz/kernel_release: tests/fuzz/kernel_fuzz.c $(FUZZ_RELEASE) $(call objects,fuzz/release,tests/fuzz/fuzz_fresh.c) $(B)/.setup-fuzz
	$(call begin,FUZZ)
	$(Q)$(FUZZCC) $(filter-out -MMD -MP,$(RELEASED)) -fsanitize=fuzzer $(filter %.c %.o,$^) -o $@

# The kernel fuzzer over a kernel with a fault that it must find: a lost thread (tests/known_bugs/bugs.txt).
LOST := a running thread that is lent a context without budget is lost
$(B)/fuzz/lost/sched.c: kernel/sched/sched.c tests/known_bugs/faults.py tests/known_bugs/bugs.txt
	@mkdir -p $(@D)
	$(Q)python3 tests/known_bugs/faults.py "our own: $(LOST)" >$@.new && mv $@.new $@
$(B)/fuzz/kernel_lost: $(B)/fuzz/lost/sched.c tests/fuzz/kernel_fuzz.c $(B)/fuzz/kernel
	$(call begin,FUZZ)
	$(Q)$(FUZZCC) $(filter-out -MMD -MP,$(HFLAGS)) $(FUZZ_LEARN) -c $< -o $(@D)/lost/sched.o
	$(Q)$(FUZZCC) $(filter-out -MMD -MP,$(HFLAGS)) -fsanitize=fuzzer tests/fuzz/kernel_fuzz.c $(@D)/lost/sched.o \
		$(filter-out %/kernel/sched/sched.c.o,$(FUZZ_KERNEL) $(FUZZ_FRESH)) -l:libfdt.a -o $@

fuzz: $(FUZZERS:%=$(B)/fuzz/%) ## Feed random input to each parser and the kernel; T=60 seconds each
	$(Q)tools/fuzz-all $(B)/fuzz $(T) $(FUZZERS)

# The starter OS's program `dump`, for saved copies of /proc/dump.
$(B)/host/dump: $(wildcard apps/linux/dump/*.c apps/linux/dump/*.h)
	$(call begin,HOST)
	$(Q)$(HOSTCC) -std=gnu11 -O2 -g $(WARN) $(filter %.c,$^) -o $@
