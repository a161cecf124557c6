/* SPDX-License-Identifier: BSD-2-Clause */
/* Devices as handles: opening, closing, bounds. */
#include <device/device.h>
#include <sel4/report.h>
#include <tessera/extensions.h>

int device_open(struct device *device, uintptr_t paddr, size_t size)
{
        *device =
                (struct device){.registers = sos_map_device(NULL, paddr, size), .size = size, .paddr = paddr};
        return device->registers ? seL4_NoError : seL4_InvalidArgument;
}

static const seL4_BootInfoHeader *find_chunk(const seL4_BootInfo *bi, seL4_Word id)
{
        const char *chunk = (const char *)bi + seL4_BootInfoFrameSize;
        const char *end = chunk + bi->extraLen;

        while ((size_t)(end - chunk) >= sizeof(seL4_BootInfoHeader)) {
                const seL4_BootInfoHeader *header = (const seL4_BootInfoHeader *)chunk;

                if (header->len < sizeof(*header) || header->len > (size_t)(end - chunk))
                        return NULL;
                if (header->id == id)
                        return header;
                chunk += header->len;
        }
        return NULL;
}

bool device_tree(const seL4_BootInfo *bi, struct fdt *fdt)
{
        const seL4_BootInfoHeader *header = find_chunk(bi, SEL4_BOOTINFO_HEADER_FDT);

        return header && fdt_open(fdt, header + 1, header->len - sizeof(*header));
}

seL4_Word device_extensions(const seL4_BootInfo *bi)
{
        const seL4_BootInfoHeader *header = find_chunk(bi, TESSERA_BOOTINFO_ID);

        return header && header->len >= sizeof(*header) + sizeof(seL4_Word) ? *(const seL4_Word *)(header + 1)
                                                                            : 0;
}

static int open_found(struct device *device, const struct fdt_device *found)
{
        int err = device_open(device, found->base, found->size);

        device->has_interrupt = found->has_interrupt;
        device->interrupt = found->interrupt;
        device->edge = found->edge;
        device->controller = found->controller;
        return err;
}

int device_open_node(struct device *device, const struct fdt *fdt, int node)
{
        struct fdt_device found;

        if (!fdt_read_device(fdt, node, &found)) {
                report("device_open: no enabled device with registers there");
                return seL4_FailedLookup;
        }
        return open_found(device, &found);
}

int device_open_compatible(struct device *device, const seL4_BootInfo *bi, const char *compatible,
                           unsigned index)
{
        struct fdt_device found;
        struct fdt fdt;

        if (!device_tree(bi, &fdt) || !fdt_find_compatible(&fdt, compatible, index, &found)) {
                report("device_open: no device number %u that is compatible with %s", index, compatible);
                return seL4_FailedLookup;
        }
        return open_found(device, &found);
}

int device_open_path(struct device *device, const seL4_BootInfo *bi, const char *path)
{
        struct fdt_device found;
        struct fdt fdt;

        if (!device_tree(bi, &fdt) || !fdt_find_path(&fdt, path, &found)) {
                report("device_open: no device at %s", path);
                return seL4_FailedLookup;
        }
        return open_found(device, &found);
}

void device_close(struct device *device)
{
        if (device->registers)
                (void)sos_unmap_device((void *)device->registers, device->size);
        *device = (struct device){0};
}

bool device_allows(const struct device *device, size_t offset, size_t width)
{
        if (offset < device->size && width <= device->size - offset && !(offset & (width - 1)))
                return true;
        report("device at 0x%lx: no register of %zu bytes at 0x%zx (it has 0x%zx)", device->paddr, width,
               offset, device->size);
        return false;
}
