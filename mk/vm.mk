# SPDX-License-Identifier: BSD-2-Clause
# The starter OS for the hypervisor interface: its libraries and root task compiled for that interface.  Included by the Makefile, which has the flags.

$(eval $(call compile,el2,$(CROSS)gcc,$(UFLAGS) -DCONFIG_ARM_HYPERVISOR_SUPPORT=1,$(INCLUDES)))
EL2_ARCHIVES := $(LIBRARIES:%=$(B)/el2/lib%.a)
$(foreach l,$(LIBRARY_FOLDERS),$(eval $(B)/el2/lib$(notdir $(l)).a: $(call objects,el2,$(call files,$(l)))))
$(B)/el2/lib/driver/fdt/%.o: EXTRA := -isystem $(DEPS)/include/aarch64-linux-musl -isystem $(DEPS)/include
$(B)/el2/libfdt.a: $(LIBFDT)
$(B)/el2/lib%.a:
	@mkdir -p $(@D) && rm -f $@
	$(Q)$(CROSS)ar rcs $@ $^
define el2_link
	$(call begin,USER)
	$(Q)$(CROSS)gcc $(UFLAGS) $(ULINK) $(filter %.o,$^) -Wl,--start-group $(EL2_ARCHIVES) -lgcc -Wl,--end-group -o $@
endef

# The monitor of virtual machines: a native program of that interface.  It writes device trees, with the other half of libfdt.
MONITOR_FDT := $(addprefix $(B)/el2/libfdt/,fdt_sw.o fdt_wip.o fdt_rw.o)
$(MONITOR_FDT): | $(READY)
	@mkdir -p $(@D)
	$(Q)$(CROSS)ar x --output=$(@D) $(DEPS)/lib/aarch64-linux-gnu/libfdt.a $(@F)
$(B)/el2/os/monitor/tree.c.o: EXTRA := -isystem $(DEPS)/include/aarch64-linux-musl -isystem $(DEPS)/include
$(B)/drv/vmm.elf: ULINK += -Wl,-u,sos_native
$(B)/drv/vmm.elf: $(call objects,el2,$(call files,os/monitor)) $(MONITOR_FDT) $(EL2_ARCHIVES)
	$(el2_link)

# Debian's kernel as a guest, with a shell: the settings of the machine "debian", what it boots from, and its first files.
GUEST := os/monitor/guests
VM_MODULES := virtio_ring virtio virtio_mmio virtio_blk virtio_console failover net_failover virtio_net
$(B)/vm/initrd: $(GUEST)/debian/init $(GUEST)/debian/dhcp $(BUSYBOX) tools/mkcpio $(B)/.setup-vm
	@mkdir -p $(@D)
	$(Q)tools/mkcpio $@ bin/ dev/ proc/ sys/ tmp/ mnt/ lib/ etc/ init=$< etc/dhcp=$(GUEST)/debian/dhcp bin/busybox=$(BUSYBOX) \
		$(foreach m,$(VM_MODULES),lib/$(m).ko=$(B)/deps/vm/$(m).ko)
VM_DEBIAN := etc/vm/debian=$(GUEST)/debian/settings boot/vmlinuz=$(B)/deps/vm/vmlinuz boot/initrd=$(B)/vm/initrd

# The smallest guest, for tests.
$(B)/vm/tiny.elf: tests/vm/tiny.S | $(READY)
	$(call begin,VM)
	$(Q)$(CROSS)gcc -nostdlib -static -no-pie -Wl,--build-id=none -Wl,-Ttext=0 $< -o $@
$(B)/vm/tiny: $(B)/vm/tiny.elf
	$(Q)$(CROSS)objcopy -O binary $< $@

# A guest that tests its machine.
$(B)/vm/checks.elf: tests/vm/checks_start.S tests/vm/checks.c tests/vm/several.c tests/vm/checks.h tests/lib/pairs.inc | $(READY)
	$(call begin,VM)
	$(Q)$(CROSS)gcc $(C) $(BARE) -mstrict-align -nostdlib -static -no-pie -Wl,--build-id=none -Wl,-Ttext=0 -Wl,-z,max-page-size=4096 $(filter %.S %.c,$^) -o $@
$(B)/vm/checks: $(B)/vm/checks.elf
	$(Q)$(CROSS)objcopy -O binary $< $@

# The starter OS as a root task of that interface: its archive has the monitor and what guests boot from besides.
$(B)/vm/archive.cpio: $(B)/apps/archive.cpio $(B)/drv/vmm.bin $(GUEST)/debian/settings $(B)/vm/initrd $(B)/vm/tiny $(B)/vm/checks
	@mkdir -p $(@D)
	$(Q)$(archive) etc/start=$(START) etc/frames=$(LIMIT) drv/vmm=$(B)/drv/vmm.bin $(VM_DEBIAN) boot/tiny=$(B)/vm/tiny boot/checks=$(B)/vm/checks
$(B)/el2/os/server/archive.S.o: $(B)/vm/archive.cpio
$(B)/el2/os/server/archive.S.o: EXTRA := -DARCHIVE='"$(B)/vm/archive.cpio"'
# Files of guests contain none of our instructions.
$(B)/vm/root.elf: ULINK += -Wl,-z,separate-code
$(B)/vm/root.elf: $(call objects,el2,$(ROOT_FILES)) $(EL2_ARCHIVES)
	$(el2_link)
$(B)/vm/tessera.img: $(B)/vm/root.elf $(PACK)
	$(call begin,IMAGE)
	$(Q)$(B)/sdk/mkimage --debug --el2 --cnode-bits 17 --export-vcnt --export-pmu --extensions $< -o $@
$(B)/vm/cores/%.img: $(B)/vm/root.elf $(PACK)
	$(call begin,IMAGE)
	$(Q)mkdir -p $(@D) && $(B)/sdk/mkimage --debug --el2 --cnode-bits 17 --export-vcnt --export-pmu --extensions --cores $* $< -o $@
