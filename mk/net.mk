# SPDX-License-Identifier: BSD-2-Clause
# The network: lwIP as packaged by Debian, with our options, and the server that uses it.  Included by the Makefile, which has the flags.

LWIP := $(B)/deps/lwip
LWIP_FILES := $(addprefix core/,init.c def.c dns.c inet_chksum.c ip.c mem.c memp.c netif.c pbuf.c raw.c stats.c tcp.c tcp_in.c \
	tcp_out.c timeouts.c udp.c altcp.c) \
	$(addprefix core/ipv4/,dhcp.c etharp.c icmp.c igmp.c ip4.c ip4_addr.c ip4_frag.c) \
	$(addprefix core/ipv6/,ethip6.c icmp6.c inet6.c ip6.c ip6_addr.c ip6_frag.c mld6.c nd6.c) \
	netif/ethernet.c apps/http/httpd.c apps/http/fs.c apps/sntp/sntp.c
LWIP_I := -Inet/lwip -isystem $(LWIP)/src/include
NET_FILES := $(call files,net/stack net/services)

# $(call lwip,FOLDER,COMPILER,FLAGS): its objects below build/FOLDER/lwip.  Its warnings are its authors'.
define lwip
$(B)/$(1)/lwip/%.o: $(B)/.setup-net net/lwip/lwipopts.h net/lwip/arch/cc.h $(RULES)
	@mkdir -p $$(@D)
	$(Q)$(2) $(filter-out $(WARN) -Wframe-larger-than=% -Wvla,$(3)) -w -I. $(LWIP_I) -c $(LWIP)/src/$$* -o $$@
endef

# As a root task: musl's libc.a for what lwIP needs from a C library.  Without registers of SIMD for copies of a few words: who uses them
# gets them from the program that has them, and that one traps when it wants them back.
NET_EXTRA := -mgeneral-regs-only $(LWIP_I) -isystem $(DEPS)/include/aarch64-linux-musl
NET_USER := $(UFLAGS) $(NET_EXTRA)
$(eval $(call lwip,user,$(CROSS)gcc,$(NET_USER)))
NET_OBJECTS := $(call objects,user,$(NET_FILES) $(call files,net/server))
$(NET_OBJECTS): EXTRA := $(NET_EXTRA)
$(NET_OBJECTS): | $(B)/.setup-net
$(B)/net/server.elf: $(NET_OBJECTS) $(LWIP_FILES:%=$(B)/user/lwip/%.o) $(ARCHIVES)
	$(call begin,USER)
	$(Q)$(CROSS)gcc $(UFLAGS) $(ULINK) $(filter %.o,$^) -Wl,--start-group $(ARCHIVES) $(MUSL)/libc.a -lgcc -Wl,--end-group -o $@
$(B)/net/server.img: $(B)/net/server.elf $(PACK)
	$(call begin,IMAGE)
	$(Q)$(B)/sdk/mkimage --debug --cnode-bits 13 --export-vcnt $< -o $@

# As a program of the starter OS: a driver in the archive's folder drv.
DRIVER_OBJECTS := $(call objects,user,$(call files,net/stack net/program))
$(call objects,user,$(call files,net/program)): EXTRA := $(NET_EXTRA)
$(call objects,user,$(call files,net/program)): | $(B)/.setup-net
$(B)/drv/net.elf: $(DRIVER_OBJECTS) $(LWIP_FILES:%=$(B)/user/lwip/%.o) $(ARCHIVES)
	$(call begin,USER)
	$(Q)$(CROSS)gcc $(UFLAGS) $(ULINK) -Wl,-u,sos_native -Wl,--gc-sections $(filter %.o,$^) -Wl,--start-group $(ARCHIVES) $(MUSL)/libc.a -lgcc -Wl,--end-group -o $@
$(B)/drv/%.bin: $(B)/drv/%.elf
	$(Q)$(CROSS)strip -o $@ $<

# The same on the release kernel, silent: what is measured (bench/net).
NET_RELEASE := $(call objects,bench,$(call files,net/server)) $(filter-out $(B)/user/net/server/%,$(NET_OBJECTS))
$(B)/bench/net/server/%.o: EXTRA := $(NET_EXTRA)
$(call objects,bench,$(call files,net/server)): | $(B)/.setup-net
$(B)/net/release.elf: $(NET_RELEASE) $(LWIP_FILES:%=$(B)/user/lwip/%.o) $(ARCHIVES)
	$(call begin,USER)
	$(Q)$(CROSS)gcc $(UFLAGS) $(ULINK) $(filter %.o,$^) -Wl,--start-group $(ARCHIVES) $(MUSL)/libc.a -lgcc -Wl,--end-group -o $@
$(B)/net/release.img: $(B)/net/release.elf $(PACK)
	$(call begin,IMAGE)
	$(Q)$(B)/sdk/mkimage --release --cnode-bits 13 --export-vcnt $< -o $@

run-net: $(B)/net/server.img ## Boot the network server in QEMU; prints where its page, echo and commands are on this machine
	@tools/run-net $(B)/net/server.img

# --- against Debian's kernel ------------------------------------------------------------------------------------

LINUX_MODULES := virtio_mmio failover net_failover virtio_net
$(B)/bench/linux/initrd: $(B)/bench/stream tools/mkcpio $(B)/.setup-linux
	@mkdir -p $(@D)
	$(Q)tools/mkcpio $@ init=$< $(foreach m,$(LINUX_MODULES),$(m).ko=$(B)/deps/linux/$(m).ko)
bench-net: $(B)/bench/linux/initrd $(B)/bench/total.so $(B)/net/release.img ## Instructions per packet of a UDP echo, here and in Debian's kernel
	@bench/net/measure

# One program that uses sockets, the same binary on both systems (bench/net/streams): it is started with the system.
$(eval $(call archive_program,$(B)/bench/stream,bench/net/stream.c))
$(B)/bench/stream.elf: bench/first_process.h
$(B)/bench/streams/archive.cpio: $(B)/apps/archive.cpio $(B)/bench/stream
	@mkdir -p $(@D)
	$(Q)$(archive) bin/stream=$(B)/bench/stream etc/start=bench/net/start
$(eval $(call other_archive,$(B)/bench/streams,$(B)/bench/streams/archive.cpio))
$(B)/bench/streams.img: $(B)/bench/streams.elf $(PACK)
	$(Q)$(B)/sdk/mkimage --release --cnode-bits 13 --export-vcnt --extensions $< -o $@
bench-streams: $(B)/bench/linux/initrd $(B)/bench/total.so $(B)/bench/streams.img ## Instructions per datagram and KiB of TCP of a program on sockets, here and in Debian's kernel
	@bench/net/streams
