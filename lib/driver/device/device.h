/* SPDX-License-Identifier: BSD-2-Clause */
/* Device memory in address spaces: found by its physical address or in the device tree, each page shared by all who ask
 * for it, and touched through accessors of the right width that stay inside.
 *
 *      struct device uart;
 *      device_open_compatible(&uart, start_bootinfo(), "arm,pl011", 0);
 *      irq_attach(uart.interrupt, uart.edge, handler, &uart);
 *      while (device_read32(&uart, 0x18) & 0x20)
 *              ;
 *      device_write32(&uart, 0, 'x');
 *
 * Results: 0, or a seL4_Error; failures of device_open... are reported.
 */
#pragma once

#include <fdt/fdt.h>
#include <vspace/vspace.h>

/* Map the physical range [addr, addr + size) of device memory into the caller's address space, readable, writable, not
 * cached, never executable.  Any alignment; the result points at `addr` itself.  Asking again for a page that is mapped
 * counts the users and returns the same mapping.  NULL (reported) if there is no such device memory. */
void *sos_map_device(cspace_t *cspace, uintptr_t addr, size_t size);

/* The reverse; the page goes with its last user. */
int sos_unmap_device(void *address, size_t size);

/* The same for another address space, at `vaddr` (page aligned) or somewhere (0): for drivers in processes.  Returns the
 * address there, 0 on failure. */
seL4_Word vspace_map_device(vspace_t *vspace, uintptr_t addr, size_t size, seL4_Word vaddr);
int vspace_unmap_device(vspace_t *vspace, seL4_Word address, size_t size);

/* --- a device and its registers --- */

struct device {
        volatile char *registers; /* in the caller's address space */
        size_t size;
        uintptr_t paddr;
        bool has_interrupt, edge; /* from the device tree */
        seL4_Word interrupt;
        const char *controller; /* without has_interrupt: who takes its interrupt; NULL: it has none */
};

/* The device whose registers lie at this physical address.  0, or seL4_InvalidArgument (reported) if we have no device memory there. */
int device_open(struct device *device, uintptr_t paddr, size_t size);

/* Device number `index` of those in the device tree of the boot information that are compatible with this.  Interrupt and
 * trigger come from there, too.  seL4_FailedLookup (reported) if there is none. */
int device_open_compatible(struct device *device, const seL4_BootInfo *bi, const char *compatible,
                           unsigned index);

/* The same by its place in the tree: "/pl031@9010000". */
int device_open_path(struct device *device, const seL4_BootInfo *bi, const char *path);

/* The same for a node that fdt/fdt.h has found. */
int device_open_node(struct device *device, const struct fdt *fdt, int node);

void device_close(struct device *device);

/* The device tree in the boot information; false if there is none. */
bool device_tree(const seL4_BootInfo *bi, struct fdt *fdt);

/* The TESSERA_EXTENSION_* bits of the kernel in the boot information (tessera/extensions.h); 0 if it has none. */
seL4_Word device_extensions(const seL4_BootInfo *bi);

/* Is a register of `width` bytes at `offset` inside and aligned?  If not, that is reported. */
bool device_allows(const struct device *device, size_t offset, size_t width);

/* Accessors: one access of exactly this width, in program order with the others.  Outside of the device a read gives all
 * ones and a write does nothing; both are reported. */
#define DEVICE_ACCESS(bits)                                                                                  \
        static inline uint##bits##_t device_read##bits(const struct device *device, size_t offset)           \
        {                                                                                                    \
                return device_allows(device, offset, (bits) / 8)                                             \
                               ? *(volatile uint##bits##_t *)(device->registers + offset)                    \
                               : (uint##bits##_t) ~0ull;                                                     \
        }                                                                                                    \
        static inline void device_write##bits(const struct device *device, size_t offset,                    \
                                              uint##bits##_t value)                                          \
        {                                                                                                    \
                if (device_allows(device, offset, (bits) / 8)) {                                             \
                        *(volatile uint##bits##_t *)(device->registers + offset) = value;                    \
                }                                                                                            \
        }
DEVICE_ACCESS(8)
DEVICE_ACCESS(16)
DEVICE_ACCESS(32)
DEVICE_ACCESS(64)
#undef DEVICE_ACCESS
