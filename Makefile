# SPDX-License-Identifier: BSD-2-Clause
# What is built lies in mk/*.mk, one file per product; flags and commands are here.  Sources are
# found by folder, so a new file needs no line; all output goes to build/, one folder per preset:
#
#   build/debug build/release   the kernel for AArch64          build/sdk    what programs are built and packed with
#   build/loader                the boot loader                 build/host   kernel, libraries and tests for this machine
#   build/user                  libraries and the starter OS    build/deps   arm64 Debian libraries
# V=1 shows the commands.

# `make bench-profile PATH=call` names a path of the kernel; recipes get the PATH that make was started with.
ifeq ($(origin PATH),command line)
PROFILE := $(PATH)
override PATH := $(shell [ "$$PATH" != "$(PROFILE)" ] && echo "$$PATH" || echo /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin)
endif

B := build
CROSS := aarch64-linux-gnu-
HOSTCC := gcc
FUZZCC := clang-14
T := 60
VERSION := 0.1

JOBS := $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))
MAKEFLAGS += --no-builtin-rules --no-print-directory $(JOBS)
Q := $(if $(V),,@)
begin = @mkdir -p $(@D)$(if $(V),,; printf '  %-7s %s\n' $(1) $(@F)) # KIND of product

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:
.PRECIOUS: $(B)/.setup-%
.PHONY: start-again all run disk disk-get trace picture debug-app run-net bench-net bench-streams bench-reads bench-clients bench-linux test test-long test-boards debug sdk host fuzz bench bench-accept bench-profile measure coverage coverage-spec size format check lint docs compdb clean help

WARN := -Wall -Wextra -Wshadow -Werror
C := -std=gnu11 -O2 -g -MMD -MP $(WARN)
BARE := -ffreestanding -mgeneral-regs-only -mno-outline-atomics -fno-stack-protector -fno-tree-loop-distribute-patterns
ULINK := -nostdlib -static -no-pie -Wl,--build-id=none -Wl,-z,max-page-size=4096

files = $(foreach d,$(1),$(wildcard $(d)/*.c $(d)/*.S))
objects = $(patsubst %,$(B)/$(1)/%.o,$(2))

# lib/GROUP/NAME: a header is found as NAME/header.h, in this tree as in the SDK.
LIB_GROUPS := $(wildcard lib/*)
LIB_I := $(LIB_GROUPS:%=-I%)

# What objects are made by: they are made again when a flag may have changed.
RULES := Makefile $(wildcard mk/*.mk)

# Objects below one folder of build/: $(call compile,FOLDER,COMPILER,FLAGS,what must be there before)
define compile
$(B)/$(1)/%.o: % $(RULES) | $(READY) $(4)
	@mkdir -p $$(@D)
	$$(Q)$(2) $(3) $$(if $$(filter %.S,$$<),-fno-lto) $$(EXTRA) -c $$< -o $$@
endef

all: $(B)/tessera.img ## Everything that `make run` needs, without running it

# --- packages -----------------------------------------------------------------------------------------------

READY := $(B)/.setup-base
$(B)/.setup-%: tools/setup
	$(Q)tools/setup $* $(B)

include mk/kernel.mk mk/sdk.mk mk/os.mk mk/vm.mk mk/net.mk mk/ext2.mk mk/qemu.mk mk/host.mk mk/microkit.mk

# --- commands --------------------------------------------------------------------------------------------------

# What the suites run, besides what they build themselves.
TESTED := $(B)/.setup-compat $(B)/.setup-firmware sdk host $(B)/host/dump $(SUITE) $(SMP) \
	$(addprefix $(B)/,tessera.img vm/tessera.img vm/cores/4.img tests/posix/tessera.img tests/dump/deadlock.img tests/dump/many.img tests/dump/busy.elf tests/trace/chain.img tests/trace/cores.img tests/trace/storm.img tests/parallel/tessera.img tests/parallel/cores.img tests/packages.img measure/tessera.img bench/count.so net/server.img tests/gdb/debugged.elf)
test: $(TESTED) ## Every test; ends with `N passed, N failed`
	@tools/test-all
test-long: $(TESTED) $(SMP_LONG) ## The same with large numbers, before a release: an hour or more
	@tools/test-long $(NAMES)
test-boards: $(B)/.setup-compat $(B)/.setup-firmware $(B)/.setup-trees $(PACK) $(B)/tessera.img ## The same image on every board by every way in: the README's table
	@tests/boards/run $(B) --all --matrix
coverage-spec: ## Which statements of the specification have a test
	@tools/spec coverage
coverage: sdk host ## Kernel lines that the host tests reach (clang); details in build/coverage
	@tools/coverage $(B)
size: $(PACK) ## Size of the kernel per room, and of both kernels
	@tools/size-report
format: ## Lay out all sources as .clang-format says
	@git ls-files '*.c' '*.h' | xargs clang-format-14 -i
clean: ## Remove what was built, but keep the packages
	$(Q)rm -rf $(filter-out $(B)/deps,$(wildcard $(B)/*))
check: ## Build what one suite of tests needs and run it, or its tests of a name: T=unit or T=unit/rights
	@tools/check '$(if $(filter command line environment,$(origin T)),$(T))'
lint: $(B)/.setup-lint $(B)/.setup-fuzz sdk $(ROOT) ## The rules of the house, scripts and links, without running anything
	@tools/lint
docs: $(B)/.setup-docs ## The manual as HTML: guide, specification, headers; build/docs/index.html
	@tools/docs $(B)/docs
compdb: | $(READY) ## build/compile_commands.json, which clangd finds by itself
	@$(MAKE) -nB V=1 sdk host $(ROOT) $(LOADER_OBJECTS) 2>/dev/null | tools/compdb $(B)/compile_commands.json
help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

-include $(shell find $(B) -path '$(B)/deps' -prune -o -name '*.d' -type f -print 2>/dev/null)
