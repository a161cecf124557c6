/* SPDX-License-Identifier: BSD-2-Clause */
/* The guest's memory before it begins: kernel, initial files, device tree.  Everything is checked before anything is copied. */
#include "base/text.h"
#include "os/monitor/monitor.h"
#include "sos/posix.h"

enum {
        CHUNK = 64 << 10,
        TREE_BYTES = 2 * MIB, /* at the end of memory */
        PAGE = 4096,
        SEEK_SET = 0,
        SEEK_END = 2,
        PE_AT = 0x3c,
        PE_SECTIONS = 6,
        PE_OPTIONAL = 20,
        PE_HEADER = 24,
        PE_SECTION = 40,
        PE_RAW_BYTES = 16,
        PE_RAW_AT = 20,
        PE_MAGIC = 0x4550,
};

/* The header of a kernel for 64-bit Arm, as its documentation has it. */
struct header {
        uint32_t code[2];
        uint64_t text_offset, image_size, flags, reserved[3];
        uint32_t magic, pe_offset;
};
enum { MAGIC = 0x644d5241, MAGIC_AT = 56 };

struct file {
        const char *path;
        int number;
        uint64_t bytes;
};

static struct file open_file(const char *what, const char *path)
{
        struct file f = {.path = path};
        long number = posix_open(path, 0), bytes = number < 0 ? number : posix_seek((int)number, 0, SEEK_END);

        if (number == -SOS_ENOENT)
                monitor_fails("there is no %s %s", what, path);
        if (bytes < 0)
                monitor_fails("the %s %s cannot be read (error %ld)", what, path, -bytes);
        f.number = (int)number;
        f.bytes = (uint64_t)bytes;
        return f;
}

static void read_at(const struct file *f, uint64_t offset, void *to, uint64_t bytes)
{
        long n = posix_seek(f->number, (long)offset, SEEK_SET);

        n = n < 0 ? n : posix_read(f->number, to, bytes);
        if (n < 0 || (uint64_t)n < bytes)
                monitor_fails("%s is truncated: it ends at %lu bytes, before %lu", f->path, f->bytes,
                              offset + bytes);
}

/* Through memory that the server can write. */
static void copy_to(const struct file *f, unsigned char *to)
{
        static unsigned char chunk[CHUNK];

        for (uint64_t at = 0; at < f->bytes; at += CHUNK) {
                uint64_t n = f->bytes - at < CHUNK ? f->bytes - at : CHUNK;

                read_at(f, at, chunk, n);
                memcpy(to + at, chunk, n);
        }
}

static uint32_t number_at(const unsigned char *bytes, unsigned at, unsigned width)
{
        uint32_t value = 0;

        memcpy(&value, bytes + at, width);
        return value;
}

/* A kernel is a program of EFI as well, whose sections show where the file ends. */
static void check_whole(const struct file *f, const struct header *h)
{
        unsigned char pe[PE_HEADER], section[PE_SECTION];
        uint64_t at = h->pe_offset, end = 0;

        if (!at || (h->code[0] & 0xffff) != 0x5a4d)
                return;
        read_at(f, at, pe, sizeof(pe));
        if (number_at(pe, 0, 4) != PE_MAGIC)
                return;
        at += PE_HEADER + number_at(pe, PE_OPTIONAL, 2);
        for (unsigned i = 0; i < number_at(pe, PE_SECTIONS, 2); i++, at += PE_SECTION) {
                uint64_t last;

                read_at(f, at, section, sizeof(section));
                last = (uint64_t)number_at(section, PE_RAW_AT, 4) + number_at(section, PE_RAW_BYTES, 4);
                end = last > end ? last : end;
        }
        if (end > f->bytes)
                monitor_fails("%s is truncated: it has %lu of %lu bytes", f->path, f->bytes, end);
}

/* Where in memory it goes, and how much of it; the header is checked. */
static uint64_t check_kernel(const struct file *f, uint64_t *bytes)
{
        struct header h;

        if (f->bytes < sizeof(h))
                monitor_fails("%s is truncated: a kernel begins with %lu bytes of header, it has %lu",
                              f->path, sizeof(h), f->bytes);
        read_at(f, 0, &h, sizeof(h));
        if (h.magic != MAGIC)
                monitor_fails("%s is not a kernel for 64-bit Arm: there is no Image magic at byte %u (a "
                              "compressed one must be unpacked)",
                              f->path, (unsigned)MAGIC_AT);
        check_whole(f, &h);
        *bytes = h.image_size > f->bytes ? h.image_size : f->bytes;
        return h.text_offset;
}

void image_load(const struct settings *s, uint64_t *entry, uint64_t *tree)
{
        struct file kernel = open_file("kernel", s->kernel), initrd = {.bytes = 0};
        uint64_t bytes, offset = check_kernel(&kernel, &bytes), initrd_at,
                        room = monitor.ram_bytes - TREE_BYTES;
        size_t tree_bytes;

        if (s->initrd)
                initrd = open_file("initrd", s->initrd);
        if (offset > room || bytes > room - offset || initrd.bytes + PAGE > room - offset - bytes)
                monitor_fails("it needs %lu MiB: kernel and initrd do not fit into the guest's %lu MiB; give "
                              "memory=MIB",
                              (offset + bytes + initrd.bytes + PAGE + TREE_BYTES + MIB - 1) / MIB, s->mib);
        copy_to(&kernel, guest_at(MACHINE_RAM + offset, bytes));
        posix_close(kernel.number);
        initrd_at = MACHINE_RAM + ((room - initrd.bytes) & ~(uint64_t)(PAGE - 1));
        if (s->initrd) {
                copy_to(&initrd, guest_at(initrd_at, initrd.bytes));
                posix_close(initrd.number);
        }
        *entry = MACHINE_RAM + offset;
        *tree = MACHINE_RAM + room;
        tree_bytes = tree_make(guest_at(*tree, TREE_BYTES), TREE_BYTES, s, initrd_at, initrd.bytes);
        if (!tree_bytes)
                monitor_fails("its device tree cannot be made");
        guest_clean();
}
