# SPDX-License-Identifier: BSD-2-Clause
# The kernel in its presets, the loader, and mkimage.  Included by the Makefile, which has the flags.

# --- kernel: the same rooms for every preset, one architecture each -------------------------------------------

ROOMS := core console trace door cap thread time sched chain ipc vm vcpu mem irq invoke trap boot drv debug
# the simulated machine has interrupt lines and a console of its own
kernel_files = $(if $(filter host,$(1)),$(call files,$(patsubst %,kernel/%,$(filter-out drv,$(ROOMS))) kernel/arch/$(1)),\
	$(call files,$(ROOMS:%=kernel/%) $(addprefix kernel/arch/,$(1) $(1)/trace $(1)/entry)))
kernel_roots = -Ikernel -Ikernel/arch/$(1) -Iabi -Iabi/include

LDSCRIPT := kernel/arch/aarch64/kernel.ld
# Code is not padded: fewer lines of the instruction cache on every path.
UNPADDED := $(addprefix -falign-,functions=4 jumps=4 loops=4 labels=4)
$(foreach room,invoke cap mem vm drv,$(B)/release/kernel/$(room)/%.o): EXTRA := -freorder-blocks-algorithm=simple
# Where paths differ by the level that the kernel runs at (face.h), the one for EL2 is out of line.
$(B)/release/kernel/invoke/inv_vm.c.o $(patsubst %,$(B)/release/kernel/vm/%.c.o,frame table): EXTRA := -freorder-blocks-algorithm=stc
# The loader adjusts the image's constants (abi/handover.h: struct handover_face).
KLINK := $(ULINK) -Wl,--emit-relocs
# Code and variables lie within 1 MiB (kernel.ld asserts it): an address takes one instruction, and so does a load from it.
# Functions are inlined as a whole or not at all: halves made by the compiler cost a call and save nothing here.
KFLAGS := $(C) $(BARE) $(UNPADDED) -fno-section-anchors -fomit-frame-pointer -fno-partial-inlining -fno-pic -mcmodel=tiny -mcpu=cortex-a53 -flto -flto-partition=one $(call kernel_roots,aarch64)

define kernel
$(call compile,$(1),$(CROSS)gcc,$(KFLAGS) -DTESSERA_DEBUG=$(if $(filter debug,$(1)),1,0))
$(B)/sdk/kernel-$(1).elf: $(call objects,$(1),$(call kernel_files,aarch64)) $(LDSCRIPT)
	$$(call begin,KERNEL)
	$$(Q)$(CROSS)gcc $(KFLAGS) $(KLINK) -Wl,-T,$(LDSCRIPT) $$(filter %.o,$$^) -lgcc -o $$@.linked
	$$(Q)tools/check-addresses $$@.linked
	$$(Q)$(CROSS)objcopy --remove-relocations='*' $$@.linked $$@ && rm $$@.linked
endef
$(foreach preset,debug release,$(eval $(call kernel,$(preset))))

# Code that runs once, prints, or is rarely used is optimised for size.
SMALL := trap/guest door/door door/lines trap/local thread/core_of ipc/endpoint trap/traced trace/trace thread/debugged arch/aarch64/debug_registers ipc/cancel ipc/dump_fault invoke/inv_registers drv/gicv3 trap/syscall trap/receive trap/request thread/thread chain/life chain/donation invoke/inv_space console/log cap/refuse \
	drv/drivers drv/uart drv/bcm2836 $(addprefix arch/aarch64/,cpu entry/bug registers mmu el2 guest_more) vm/asid vm/kinds_vm invoke/kinds \
	chain/binding sched/domain sched/cores console/panic $(addprefix invoke/inv_,asid cache domain dump extension ipc irq)
$(foreach room,boot debug,$(B)/release/kernel/$(room)/%.o) $(SMALL:%=$(B)/release/kernel/%.c.o): EXTRA := -Os

# --- loader and mkimage -----------------------------------------------------------------------------------------

DEPS := $(B)/deps/usr
LOADER_OBJECTS := $(call objects,loader,$(call files,loader lib/driver/fdt lib/core/text) lib/program/elf/elf64.c lib/driver/uart/line.c)
LFLAGS := $(C) $(BARE) -fpie -fvisibility=hidden -mstrict-align -mcpu=cortex-a53 -fno-delete-null-pointer-checks \
	-DTESSERA_VERSION='"$(VERSION)"' -I. $(LIB_I) -Iabi -isystem $(DEPS)/include/aarch64-linux-musl -isystem $(DEPS)/include

$(eval $(call compile,loader,$(CROSS)gcc,$(LFLAGS)))

$(B)/loader/loader.ld: loader/loader.ld loader/ways.h | $(READY)
	@mkdir -p $(@D)
	$(Q)$(CROSS)cpp -P -I. $< -o $@
$(B)/loader/loader.elf: $(LOADER_OBJECTS) $(B)/loader/loader.ld
	$(Q)$(CROSS)gcc $(LFLAGS) -nostdlib -static -Wl,-pie,--no-dynamic-linker,--build-id=none,-z,norelro \
		-Wl,--no-warn-rwx-segments -Wl,-T,$(B)/loader/loader.ld $(LOADER_OBJECTS) \
		$(DEPS)/lib/aarch64-linux-gnu/libfdt.a $(DEPS)/lib/aarch64-linux-musl/libc.a -o $@

$(B)/sdk/loader.img: $(B)/loader/loader.elf
	$(call begin,LOADER)
	$(Q)$(CROSS)objcopy -O binary $< $@

$(B)/sdk/mkimage: $(wildcard tools/mkimage/*.[ch] tools/common/*.[ch]) lib/program/elf/elf64.c lib/core/sel4/tls_size.h \
		$(wildcard lib/program/elf/*.h abi/*.h) abi/include/tessera/extensions.h loader/payload.h loader/ways.h | $(READY)
	$(call begin,HOST)
	$(Q)$(HOSTCC) -std=gnu11 -D_GNU_SOURCE -O2 $(WARN) -I. -Iabi -Iabi/include $(filter %.c,$^) -l:libfdt.a -o $@
