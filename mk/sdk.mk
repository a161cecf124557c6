# SPDX-License-Identifier: BSD-2-Clause
# Headers and libraries for programs outside this tree: build/sdk.  Included by the Makefile, which has the flags.

# --- SDK: what a program outside this tree is built and packed with ---------------------------------------------

PACK := $(addprefix $(B)/sdk/,mkimage loader.img kernel-debug.elf kernel-release.elf)

# Public headers, in three folders that a program adds one by one:
#   libsel4/include   the kernel's API and nothing else
#   include           the libraries, each header under its folder's name, and links to the API: one -I is enough for most
#   course/include    what has the names of the course's framework or of a C library's neighbour: threads.h, utils/, aos/, sos.h
HEADER_ROOTS := $(wildcard abi/include lib/*/*/include)
OWN_ROOTS := abi/include lib/core/base/include
SDK_API := $(B)/sdk/libsel4/include
SDK_LIBRARIES := $(B)/sdk/include
SDK_COURSE := $(B)/sdk/course/include
SDK_FOLDERS := $(SDK_API) $(SDK_LIBRARIES) $(SDK_COURSE)
SDK_I := $(SDK_FOLDERS:%=-I%)

INCLUDES :=
# $(call public,ROOT,FOLDER,FILES): the rule that copies, and the names of what it makes.  A header that is gone may still be
# known to an old .d file.
define public
INCLUDES += $(patsubst $(1)/%,$(2)/%,$(3))
$(patsubst $(1)/%,$(2)/%,$(3)): $(2)/%: $(1)/%
	@mkdir -p $$(@D) && cp $$< $$@
endef
API_FILES := $(filter-out abi/include/tessera/%,$(shell find abi/include -type f))
$(eval $(call public,abi/include,$(SDK_API),$(API_FILES)))
API_LINKS := $(API_FILES:abi/include/%=$(SDK_LIBRARIES)/%)
INCLUDES += $(API_LINKS)
$(API_LINKS): $(SDK_LIBRARIES)/%: $(SDK_API)/%
	@mkdir -p $(@D) && ln -sfr $< $@
$(eval $(call public,abi/include,$(SDK_LIBRARIES),$(wildcard abi/include/tessera/*.h)))
$(eval $(call public,lib/core/base/include,$(SDK_LIBRARIES),$(wildcard lib/core/base/include/base/*.h)))
$(foreach g,$(LIB_GROUPS),$(eval $(call public,$(g),$(SDK_LIBRARIES),$(wildcard $(g)/*/*.h))))
$(foreach r,$(filter-out $(OWN_ROOTS),$(HEADER_ROOTS)),$(eval $(call public,$(r),$(SDK_COURSE),$(shell find $(r) -name '*.h'))))

# Headers of an older tree would be found before those that took their place.
HEADER_NAMES := $(B)/sdk/.headers
$(HEADER_NAMES): start-again
	@mkdir -p $(@D); echo '$(filter-out $@,$(INCLUDES))' | cmp -s - $@ || { \
		rm -f $(filter-out $(INCLUDES),$(shell find $(SDK_FOLDERS) -type f 2>/dev/null)); \
		echo '$(filter-out $@,$(INCLUDES))' >$@; }
INCLUDES += $(HEADER_NAMES)

# Every folder of a group is one archive; tests of pure libraries link the same sources for the host.
LIBRARY_FOLDERS := $(patsubst %/,%,$(sort $(dir $(call files,$(wildcard lib/*/*)))))
LIBRARIES := $(sort $(notdir $(LIBRARY_FOLDERS)))
UFLAGS := $(C) -ffreestanding -fno-pic -mno-outline-atomics -fno-stack-protector -mcpu=cortex-a53 \
	-fno-tree-loop-distribute-patterns -I. $(SDK_I)
# A frame larger than the guard page below a stack could step over it.
UFLAGS += -Wframe-larger-than=4096 -Wvla

$(eval $(call compile,user,$(CROSS)gcc,$(UFLAGS),$(INCLUDES)))
$(B)/user/apps/vmtest/main.c.o: EXTRA := -Wno-frame-larger-than # its stack is to grow

$(foreach l,$(LIBRARY_FOLDERS),$(eval $(B)/sdk/lib/lib$(notdir $(l)).a: $(call objects,user,$(call files,$(l)))))

# Ours uses Debian's libfdt, whose reading half goes into the same archive.
$(B)/user/lib/driver/fdt/%.o: EXTRA := -isystem $(DEPS)/include/aarch64-linux-musl -isystem $(DEPS)/include
LIBFDT := $(addprefix $(B)/user/libfdt/,fdt.o fdt_ro.o fdt_addresses.o fdt_check.o)
$(LIBFDT): | $(READY)
	@mkdir -p $(@D)
	$(Q)$(CROSS)ar x --output=$(@D) $(DEPS)/lib/aarch64-linux-gnu/libfdt.a $(@F)
$(B)/sdk/lib/libfdt.a: $(LIBFDT)
$(B)/sdk/lib/%.a:
	@mkdir -p $(@D) && rm -f $@
	$(Q)$(CROSS)ar rcs $@ $^
ARCHIVES := $(LIBRARIES:%=$(B)/sdk/lib/lib%.a)

# --- the API described for machines: prefixes as generators of bindings expect them ------------------------------

# build/sdk/prefix/el1-debug and so on.  The kernel is the same file for both: mkimage --el2 makes it that of EL2.
PREFIXES := $(foreach el,1 2,$(foreach preset,debug release,$(B)/sdk/prefix/el$(el)-$(preset)/made))
MACHINE_2 := ,virtualization=on
$(B)/tree-el%.dtb: | $(READY)
	@mkdir -p $(@D)
	$(Q)qemu-system-aarch64 -machine virt$(MACHINE_$*),dumpdtb=$@ -cpu cortex-a53 -m 2G -nographic 2>/dev/null
define prefix
$(B)/sdk/prefix/el$(1)-$(2)/made: tools/gen-machine tools/gen-abi $(wildcard abi/*.txt abi/*.xsd) $(API_FILES) $(B)/tree-el$(1).dtb lib/core/sel4/api.c \
		$(B)/sdk/kernel-$(2).elf
	$$(call begin,API)
	$$(Q)tools/gen-machine $$(@D) --el $(1) --kernel $(2) --tree $(B)/tree-el$(1).dtb
	@mkdir -p $$(@D)/libsel4/src $$(@D)/bin && cp lib/core/sel4/api.c $$(@D)/libsel4/src/
	@cp $(B)/sdk/kernel-$(2).elf $$(@D)/bin/kernel.elf; touch $$@
endef
$(foreach el,1 2,$(foreach preset,debug release,$(eval $(call prefix,$(el),$(preset)))))

# --- packages of build systems ---------------------------------------------------------------------------------

PACKAGES := $(patsubst tools/cmake/%,$(B)/sdk/cmake/%,$(wildcard tools/cmake/*.cmake tools/cmake/*.lds tools/cmake/configs/*)) \
	$(B)/sdk/cmake/mkcpio $(B)/sdk/pkgconfig/tessera.pc
$(B)/sdk/cmake/mkcpio: tools/mkcpio
	@mkdir -p $(@D) && cp $< $@
$(B)/sdk/cmake/%: tools/cmake/%
	@mkdir -p $(@D) && cp $< $@
$(B)/sdk/pkgconfig/tessera.pc: tools/cmake/tessera.pc mk/sdk.mk
	@mkdir -p $(@D) && sed 's!@VERSION@!$(VERSION)!; s!@LIBRARIES@!$(LIBRARIES:%=$${sdk}/lib/lib%.a)!' $< >$@

sdk: $(PACK) $(ARCHIVES) $(INCLUDES) $(PREFIXES) $(PACKAGES) ## Headers, libraries, kernels and mkimage in build/sdk
	@rm -f $(filter-out $(INCLUDES) $(ARCHIVES) $(PACKAGES),$(shell find $(SDK_FOLDERS) $(B)/sdk/lib -type f 2>/dev/null)) # of folders that no longer exist
	@find $(SDK_FOLDERS) -type d -empty -delete
