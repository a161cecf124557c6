# SPDX-License-Identifier: BSD-2-Clause
# The program of a disk with ext2: libext2fs as Debian has it (LGPL 2), with our options, and our code around it.  Included by the Makefile, which has the
# flags.  To link it with another libext2fs: give its sources with E2FSPROGS=FOLDER.

E2FSPROGS := $(B)/deps/e2fsprogs
E2_LIB := $(E2FSPROGS)/lib
E2_MADE := $(B)/ext2/include
E2_FILES := $(addprefix ext2fs/,alloc.c alloc_sb.c alloc_stats.c alloc_tables.c atexit.c badblocks.c bb_inode.c bitmaps.c bitops.c blkmap64_ba.c \
	blkmap64_rb.c blknum.c block.c bmap.c check_desc.c closefs.c crc16.c crc32c.c csum.c dir_iterate.c dirblock.c dirhash.c expanddir.c \
	ext_attr.c extent.c fallocate.c fileio.c freefs.c gen_bitmap.c gen_bitmap64.c get_num_dirs.c hashmap.c i_block.c icount.c ind_block.c \
	initialize.c inline.c inline_data.c inode.c io_manager.c link.c lookup.c mkdir.c mkjournal.c mmp.c namei.c native.c newdir.c nls_utf8.c \
	openfs.c orphan.c progress.c punch.c rbtree.c read_bb.c read_bb_file.c res_gdt.c rw_bitmaps.c sha512.c swapfs.c symlink.c unlink.c \
	valid_blk.c) $(addprefix et/,com_err.c error_message.c et_name.c init_et.c) e2p/feature.c
E2_FLAGS := -std=gnu11 -O2 -g -ffunction-sections -DHAVE_CONFIG_H -I$(E2_MADE) -Idrivers/ext2/lib -isystem $(E2_LIB) -I$(E2_LIB)/ext2fs
E2_OWN := -Idrivers/ext2 -Ilib/compat/sosapi/include
E2_HEADERS := $(wildcard drivers/ext2/*.h drivers/ext2/lib/*.h drivers/ext2/lib/*/*.h tests/ext2/*.h) lib/compat/sosapi/include/sos/volume.h

# What its own build generates: the numbers and texts of errors, and a table.
$(E2_MADE)/made: $(B)/.setup-ext2 drivers/ext2/lib/config.h
	$(Q)rm -rf $(@D) && mkdir -p $(@D)/ext2fs
	$(Q)sed 's/@E2FSPROGS_VERSION@/Debian/' $(E2_LIB)/ext2fs/ext2_err.et.in >$(@D)/ext2_err.et
	$(Q)awk -f $(E2_LIB)/et/et_h.awk outfile=$(@D)/ext2_err.h outfn=ext2_err.h $(@D)/ext2_err.et
	$(Q)awk -f $(E2_LIB)/et/et_c.awk outfile=$(@D)/ext2_err.c outfn=ext2_err.c $(@D)/ext2_err.et
	$(Q)cp $(@D)/ext2_err.h $(@D)/ext2fs/
	$(Q)$(HOSTCC) -w $(E2_FLAGS) $(E2_LIB)/ext2fs/gen_crc32ctable.c -o $(@D)/table
	$(Q)$(@D)/table >$(@D)/crc32c_table.h && touch $@

# $(call libext2fs,FOLDER,COMPILER,FLAGS): its objects below build/ext2/FOLDER.  Its warnings are its authors'.
define libext2fs
$(B)/ext2/$(1)/%.o: $(E2_MADE)/made
	@mkdir -p $$(@D)
	$(Q)$(2) $(3) -w $(E2_FLAGS) -c $(E2_LIB)/$$* -o $$@
$(B)/ext2/$(1)/ext2_err.o: $(E2_MADE)/made
	@mkdir -p $$(@D)
	$(Q)$(2) $(3) -w $(E2_FLAGS) -c $(E2_MADE)/ext2_err.c -o $$@
$(B)/ext2/$(1)/own/%.o: % $(E2_HEADERS) $(E2_MADE)/made $(RULES)
	@mkdir -p $$(@D)
	$(Q)$(2) $(3) $(WARN) $(E2_FLAGS) $(E2_OWN) -c $$< -o $$@
endef
E2_MUSL := -nostdinc -isystem $(DEPS)/include/aarch64-linux-musl -isystem $(shell $(CROSS)gcc -print-file-name=include 2>/dev/null) -mno-outline-atomics
$(eval $(call libext2fs,musl,$(CROSS)gcc,$(E2_MUSL)))
$(eval $(call libext2fs,host,$(HOSTCC),))
e2_objects = $(E2_FILES:%=$(B)/ext2/$(1)/%.o) $(B)/ext2/$(1)/ext2_err.o $(patsubst %,$(B)/ext2/$(1)/own/%.o,$(2))
E2_ENGINE := $(filter-out %/program.c,$(wildcard drivers/ext2/*.c))
$(call e2_objects,musl,$(E2_ENGINE) drivers/ext2/program.c): | $(READY)

$(B)/drv/ext2.elf: $(call e2_objects,musl,$(E2_ENGINE) drivers/ext2/program.c) | $(READY)
	$(call begin,LINUX)
	@mkdir -p $(@D)
	$(Q)$(CROSS)gcc -static -no-pie -nostdlib -Wl,--build-id=none -Wl,--gc-sections $(addprefix $(MUSL)/,crt1.o crti.o) $^ \
		-Wl,--start-group $(MUSL)/libc.a -lgcc -lgcc_eh -Wl,--end-group $(MUSL)/crtn.o -o $@

# The same with a simulated disk that loses its power (tests/ext2).
E2_TEST := $(patsubst %,$(B)/ext2/host/own/%.o,$(wildcard tests/ext2/*.c))
$(E2_TEST): E2_OWN += -Itests/ext2
$(B)/host/ext2: $(call e2_objects,host,$(E2_ENGINE)) $(E2_TEST)
	$(call begin,HOST)
	@mkdir -p $(@D)
	$(Q)$(HOSTCC) -Wl,--gc-sections $^ -o $@
