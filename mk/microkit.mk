# SPDX-License-Identifier: BSD-2-Clause
# Protection domains: the board folders of the Microkit SDK, and the builder.  Included by the Makefile, which has the flags.

MK := $(B)/sdk/microkit
MK_BOARD := $(MK)/board/tessera_virt_aarch64
# What the images export, and the public SDK's boards promise.
MK_SET := --set LIB_SEL4_USE_THREAD_LOCALS=false --set EXPORT_PCNT_USER=true --set EXPORT_VCNT_USER=true --set EXPORT_PTMR_USER=true \
	--set NUM_DOMAINS=16 --set NUM_DOMAIN_SCHEDULES=100 --set ROOT_CNODE_SIZE_BITS=17
MK_FLAGS := $(C) -ffreestanding -fno-pic -mno-outline-atomics -fno-stack-protector -fno-asynchronous-unwind-tables \
	-fno-tree-loop-distribute-patterns -mstrict-align -mcpu=cortex-a53 -I. -DMICROKIT_IPC_BUFFER=0x7ffffffff000

# $(call microkit,PRESET): headers, library, monitor and root task of one configuration.
define microkit
MK_$(1) := $(addprefix $(MK_BOARD)/$(1)/,lib/libmicrokit.a lib/microkit.ld elf/monitor.elf elf/initialiser.elf)
$(MK_BOARD)/$(1)/include/made: $(B)/sdk/prefix/el1-$(1)/made lib/compat/microkit/runtime/microkit.h
	$$(call begin,API)
	$$(Q)tools/gen-machine $(B)/microkit-$(1) --kernel $(1) --tree $(B)/tree-el1.dtb $(MK_SET)
	@rm -rf $(MK_BOARD)/$(1)/include && mkdir -p $(MK_BOARD)/$(1) && cp -r $(B)/microkit-$(1)/libsel4/include $(MK_BOARD)/$(1)/
	@cp lib/compat/microkit/runtime/microkit.h $(MK_BOARD)/$(1)/include/ && cp $(B)/microkit-$(1)/support/*.json $(MK_BOARD)/$(1)/
	@touch $$@
$(call compile,microkit-$(1)-o,$(CROSS)gcc,$(MK_FLAGS) -I$(MK_BOARD)/$(1)/include,$(MK_BOARD)/$(1)/include/made)
$(MK_BOARD)/$(1)/lib/libmicrokit.a: $(call objects,microkit-$(1)-o,$(call files,lib/compat/microkit/runtime))
$(MK_BOARD)/$(1)/lib/microkit.ld: lib/compat/microkit/runtime/microkit.ld
	@mkdir -p $$(@D) && cp $$< $$@
$(MK_BOARD)/$(1)/elf/monitor.elf: $(call objects,microkit-$(1)-o,lib/compat/microkit/monitor/monitor.c lib/compat/microkit/runtime/start.S \
		lib/compat/microkit/runtime/debug.c) lib/compat/microkit/runtime/microkit.ld
	$$(call begin,USER)
	$$(Q)$(CROSS)gcc $(ULINK) -Wl,-T,lib/compat/microkit/runtime/microkit.ld $$(filter %.o,$$^) -lgcc -o $$@
$(MK_BOARD)/$(1)/elf/initialiser.elf: $(call objects,microkit-$(1)-o,$(call files,tools/microkit/init)) tools/microkit/init/init.ld
	$$(call begin,USER)
	$$(Q)$(CROSS)gcc $(ULINK) -Wl,-T,tools/microkit/init/init.ld $$(filter %.o,$$^) -lgcc -o $$@
endef
$(foreach preset,debug release,$(eval $(call microkit,$(preset))))
$(MK_BOARD)/%.a:
	@mkdir -p $(@D) && rm -f $@
	$(Q)$(CROSS)ar rcs $@ $^

$(MK)/bin/microkit: $(wildcard tools/microkit/*.[ch] tools/common/*.[ch] lib/program/elf/*.[ch]) tools/microkit/init/system.h | $(READY)
	$(call begin,HOST)
	$(Q)$(HOSTCC) -std=gnu11 -D_GNU_SOURCE -O2 $(WARN) -I. -Iabi/include $(filter %.c,$^) -lexpat -o $@

# The rest of the folder, as the public SDK has it.
MK_EXAMPLE := $(patsubst examples/microkit/%,$(MK)/example/echo/%,$(wildcard examples/microkit/*))
$(MK)/example/echo/%: examples/microkit/%
	@mkdir -p $(@D) && cp $< $@
$(MK)/VERSION: Makefile
	@mkdir -p $(@D) && echo '$(VERSION)' >$@

MICROKIT := $(MK_EXAMPLE) $(MK)/VERSION $(MK)/bin/microkit $(MK_debug) $(MK_release)
sdk: $(MICROKIT)

# The builder without its command line, fed with broken input.
MK_HOST := $(call objects,host,$(filter-out %/main.c,$(call files,tools/microkit)) $(call files,tools/common) tests/microkit/storm.c)
$(MK_HOST): EXTRA := -D_GNU_SOURCE
$(B)/host/microkit: $(MK_HOST) $(B)/host/libpure.a
	$(call begin,HOST)
	$(Q)$(HOSTCC) $(HFLAGS) $^ -lexpat -o $@
host: $(B)/host/microkit
