# SPDX-License-Identifier: BSD-2-Clause
# Headers and libraries for programs outside this tree: build/sdk.  Included by the Makefile, which has the flags.

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
