# SPDX-License-Identifier: BSD-2-Clause
# Protection domains: the board folders of the Microkit SDK, and the builder.  Included by the Makefile, which has the flags.

MK := $(B)/sdk/microkit
MK_NAME := tessera_virt_aarch64
# What the images export to user level, as the public SDK's boards promise.
MK_SET := --set LIB_SEL4_USE_THREAD_LOCALS=false --set EXPORT_PCNT_USER=true --set EXPORT_VCNT_USER=true --set EXPORT_PTMR_USER=true \
	--set ROOT_CNODE_SIZE_BITS=17 --set ALLOW_SMC_CALLS=true
MK_SET_1 := --set NUM_DOMAINS=16 --set NUM_DOMAIN_SCHEDULES=100
MK_SET_SMP := --set ENABLE_SMP_SUPPORT=true --set MAX_NUM_NODES=4
MK_FLAGS := $(C) -ffreestanding -fno-pic -mno-outline-atomics -fno-stack-protector -fno-asynchronous-unwind-tables \
	-fno-tree-loop-distribute-patterns -mstrict-align -mcpu=cortex-a53 -I.

# Flags of the loader behind which the public tool puts its table; it runs with the MMU off.
MK_LOADER_FLAGS := $(MK_FLAGS) -fpie -fvisibility=hidden -mgeneral-regs-only -Iabi
# At least what our loader puts into RAM before the root task: the public tool uses only RAM above it.
MK_KERNEL_END := .bss:0x1e0000

# $(call microkit,BOARD,CONFIG,EL,PRESET,SETTINGS,OPTIONS): headers, library, monitor and root task of one configuration; for the public
# tool, boot loader and kernel.  Settings are those of the description, options those of mkimage.
define microkit
MICROKIT += $(addprefix $(MK)/board/$(1)/$(2)/,lib/libmicrokit.a lib/microkit.ld elf/monitor.elf elf/root.elf elf/initialiser.elf elf/loader.elf elf/sel4.elf)
$(MK)/board/$(1)/$(2)/include/made: $(B)/sdk/prefix/el$(3)-$(4)/made lib/compat/microkit/runtime/microkit.h mk/microkit.mk
	$$(call begin,API)
	$$(Q)tools/gen-machine $(B)/$(1)-$(2) --el $(3) --kernel $(4) --tree $(B)/tree-el$(3).dtb $(MK_SET) $(5)
	@rm -rf $$(@D) && mkdir -p $$(dir $$(@D)) && cp -r $(B)/$(1)-$(2)/libsel4/include $$(dir $$(@D))
	@cp lib/compat/microkit/runtime/microkit.h $$(@D)/ && cp $(B)/$(1)-$(2)/support/*.json $$(dir $$(@D))
	@touch $$@
$(call compile,$(1)-$(2)-o,$(CROSS)gcc,$(MK_FLAGS) -I$(MK)/board/$(1)/$(2)/include,$(MK)/board/$(1)/$(2)/include/made)
$(MK)/board/$(1)/$(2)/lib/libmicrokit.a: $(call objects,$(1)-$(2)-o,$(call files,lib/compat/microkit/runtime))
$(MK)/board/$(1)/$(2)/lib/microkit.ld: lib/compat/microkit/runtime/microkit.ld
	@mkdir -p $$(@D) && cp $$< $$@
$(MK)/board/$(1)/$(2)/elf/monitor.elf: $(call objects,$(1)-$(2)-o,lib/compat/microkit/monitor/monitor.c lib/compat/microkit/runtime/start.S \
		lib/compat/microkit/runtime/debug.c) lib/compat/microkit/runtime/microkit.ld
	$$(call begin,USER)
	$$(Q)$(CROSS)gcc $(ULINK) -Wl,-T,lib/compat/microkit/runtime/microkit.ld $$(filter %.o,$$^) -lgcc -o $$@
$(MK)/board/$(1)/$(2)/elf/root.elf: $(call objects,$(1)-$(2)-o,$(call files,tools/microkit/init)) tools/microkit/init/init.ld
	$$(call begin,USER)
	$$(Q)$(CROSS)gcc $(ULINK) -Wl,-T,tools/microkit/init/init.ld $$(filter %.o,$$^) -lgcc -o $$@
$(MK)/board/$(1)/$(2)/elf/initialiser.elf: $(MK)/board/$(1)/$(2)/elf/root.elf
	@cp $$< $$@
$(B)/$(1)-$(2)/base.img: $(MK)/board/$(1)/$(2)/elf/root.elf $(PACK)
	@mkdir -p $$(@D) && $(B)/sdk/mkimage --$(4) --export-pcnt --export-vcnt --export-ptmr --smc-calls --cnode-bits 17 $(6) $$< -o $$@
$(B)/$(1)-$(2)-l/tools/microkit/loader/head.S.o: $(B)/$(1)-$(2)/base.img
$(B)/$(1)-$(2)-l/tools/microkit/loader/head.S.o: EXTRA := -DIMAGE='"$(B)/$(1)-$(2)/base.img"'
$(call compile,$(1)-$(2)-l,$(CROSS)gcc,$(MK_LOADER_FLAGS))
$(MK)/board/$(1)/$(2)/elf/loader.elf: $(call objects,$(1)-$(2)-l,$(call files,tools/microkit/loader)) tools/microkit/loader/loader.ld
	$$(call begin,LOADER)
	$$(Q)$(CROSS)gcc $(ULINK) -Wl,--no-warn-rwx-segments -Wl,-T,tools/microkit/loader/loader.ld $$(filter %.o,$$^) -lgcc -o $$@
$(MK)/board/$(1)/$(2)/elf/sel4.elf: $(B)/sdk/kernel-$(4).elf
	@mkdir -p $$(@D) && $(CROSS)objcopy --strip-debug --change-section-lma '*+$(if $(filter 2,$(3)),0xa0000000,0x80000000)' \
		-N ki_boot_end -N ki_end --add-symbol ki_boot_end=$(MK_KERNEL_END),global --add-symbol ki_end=$(MK_KERNEL_END),global $$< $$@
endef
MICROKIT :=
$(foreach preset,debug release,$(eval $(call microkit,$(MK_NAME),$(preset),1,$(preset),$(MK_SET_1),--domains 16)) \
	$(eval $(call microkit,$(MK_NAME)_el2,$(preset),2,$(preset),$(MK_SET_1),--domains 16 --el2)) \
	$(eval $(call microkit,$(MK_NAME),smp-$(preset),1,$(preset),$(MK_SET_SMP),--cores 4)))
$(MK)/board/%.a:
	@mkdir -p $(@D) && rm -f $@
	$(Q)$(CROSS)ar rcs $@ $^

# It knows the objects of both interfaces.
MK_DEFINE := -D_GNU_SOURCE -DCONFIG_ARM_HYPERVISOR_SUPPORT=1
$(MK)/bin/microkit: $(wildcard tools/microkit/*.[ch] tools/common/*.[ch] lib/program/elf/*.[ch]) tools/microkit/init/system.h | $(READY)
	$(call begin,HOST)
	$(Q)$(HOSTCC) -std=gnu11 $(MK_DEFINE) -O2 $(WARN) -I. -Iabi/include $(filter %.c,$^) -lexpat -o $@

# The rest of the folder, laid out as in the public SDK.
MK_EXAMPLE := $(patsubst examples/microkit/%,$(MK)/example/echo/%,$(wildcard examples/microkit/*))
$(MK)/example/echo/%: examples/microkit/%
	@mkdir -p $(@D) && cp $< $@
$(MK)/VERSION: Makefile
	@mkdir -p $(@D) && echo '$(VERSION)' >$@

$(MK)/LICENSE: LICENSE
	@mkdir -p $(@D) && cp $< $@
$(MK)/doc/microkit.md: docs/clients/microkit.md
	@mkdir -p $(@D) && cp $< $@

MICROKIT += $(MK_EXAMPLE) $(MK)/VERSION $(MK)/LICENSE $(MK)/doc/microkit.md $(MK)/bin/microkit
sdk: $(MICROKIT)

# The builder without its command line, fed with broken input.
MK_HOST := $(call objects,host,$(filter-out %/main.c,$(call files,tools/microkit)) $(call files,tools/common) tests/microkit/storm.c)
$(MK_HOST): EXTRA := $(MK_DEFINE)
$(B)/host/microkit: $(MK_HOST) $(B)/host/libpure.a
	$(call begin,HOST)
	$(Q)$(HOSTCC) $(HFLAGS) $^ -lexpat -o $@
host: $(B)/host/microkit
