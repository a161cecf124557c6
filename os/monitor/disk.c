/* SPDX-License-Identifier: BSD-2-Clause */
/* A disk of the guest in a file of the starter OS.  The guest stands still while a request is carried out; after FLUSH is answered the data
 * are in the file, and after the next pass of /disk on the medium; data of a device are on its medium. */
#include "base/text.h"
#include "os/monitor/device.h"
#include "os/monitor/monitor.h"
#include "os/monitor/virtio.h"
#include "sos/posix.h"

enum {
        BLOCK = 2,
        SECTOR_BITS = 9,
        CHUNK = 32 << 10,
        PAGE = 4096,
        O_RDWR = 2,
        SEEK_SET = 0,
        SEEK_END = 2,
        HEADER = 16,
        ID_BYTES = 20
};
enum { SEGMENTS = 1 << 2, FLUSH = 1 << 9, SEGMENTS_AT = 12 };
enum { READ = 0, WRITE = 1, DO_FLUSH = 4, GET_ID = 8 };
enum { DONE = 0, FAILED = 1, UNKNOWN = 2 };

struct request {
        uint32_t type, reserved;
        uint64_t sector;
};

static struct {
        struct virtio_slot slot;
        int file;
        bool device;             /* what is written to it is not with the server, but on its way */
        uint64_t start, sectors; /* bytes before it in the file; its size */
} disk;

/* Through memory that the server can read and write. */
static bool move(uint64_t at, const struct virtio_part *p, bool to_file)
{
        static _Alignas(PAGE) unsigned char chunk[CHUNK];

        if (posix_seek(disk.file, (long)(disk.start + at), SEEK_SET) < 0)
                return false;
        for (uint32_t done = 0; done < p->bytes;) {
                uint32_t part = p->bytes - done < CHUNK ? p->bytes - done : CHUNK;
                long n;

                if (to_file)
                        memcpy(chunk, p->at + done, part);
                n = to_file ? posix_write(disk.file, chunk, part) : posix_read(disk.file, chunk, part);
                if (n <= 0)
                        return false;
                if (!to_file)
                        memcpy(p->at + done, chunk, (size_t)n);
                done += (uint32_t)n;
        }
        return true;
}

/* All data of a request; `written` counts what went to the guest. */
static int transfer(const struct virtio_chain *c, uint64_t sector, bool to_file, uint32_t *written)
{
        uint64_t at = sector << SECTOR_BITS, end = disk.sectors << SECTOR_BITS;

        for (unsigned i = 1; i + 1 < c->parts; i++) {
                const struct virtio_part *p = &c->part[i];

                if (sector > disk.sectors || p->writable == to_file || p->bytes > end - at ||
                    !move(at, p, to_file))
                        return FAILED;
                at += p->bytes;
                *written += to_file ? 0 : p->bytes;
        }
        return DONE;
}

static int identify(const struct virtio_chain *c, uint32_t *written)
{
        static const char name[ID_BYTES] = "tessera";

        if (c->parts < 3 || !c->part[1].writable || c->part[1].bytes < ID_BYTES)
                return FAILED;
        memcpy(c->part[1].at, name, ID_BYTES);
        *written = ID_BYTES;
        return DONE;
}

static int serve(const struct virtio_chain *c, uint32_t *written)
{
        struct request r;

        if (c->part[0].bytes < HEADER || c->part[0].writable)
                return FAILED;
        memcpy(&r, c->part[0].at, sizeof(r));
        virtio_copied();
        switch (r.type) {
        case READ:
        case WRITE:
                return transfer(c, r.sector, r.type == WRITE, written);
        case DO_FLUSH:
                return disk.device && posix_fsync(disk.file) ? FAILED : DONE;
        case GET_ID:
                return identify(c, written);
        default:
                return UNKNOWN;
        }
}

static void notify(struct virtio_slot *v, unsigned queue)
{
        struct virtio_chain c;

        while (virtio_take(v, queue, &c)) {
                const struct virtio_part *last = &c.part[c.parts - 1];
                uint32_t written = 0;

                if (c.parts >= 2 && last->writable && last->bytes > 0) {
                        last->at[0] = (unsigned char)serve(&c, &written);
                        written++;
                }
                virtio_give(v, queue, &c, written);
        }
        virtio_tell(v);
}

/* The sectors of the file that are the disk; it ends the monitor when they are not all there. */
static uint64_t sectors_of(const struct settings *s, long bytes)
{
        uint64_t all = (uint64_t)bytes >> SECTOR_BITS;

        if (!s->disk_sectors)
                return all;
        if (s->disk_start > all || s->disk_sectors > all - s->disk_start)
                monitor_fails("disk %s: there are no sectors %lu+%lu: it has %lu", s->disk, s->disk_start,
                              s->disk_sectors, all);
        return s->disk_sectors;
}

void disk_open(const struct settings *s)
{
        static const uint32_t most = VIRTIO_PARTS - 2;
        static const char devices[] = "/dev/";
        long file = posix_open(s->disk, O_RDWR), bytes = file < 0 ? file : posix_seek((int)file, 0, SEEK_END);

        if (bytes < 0)
                monitor_fails("there is no disk %s: make the file, or start it without disk", s->disk);
        disk.file = (int)file;
        disk.sectors = sectors_of(s, bytes);
        disk.start = s->disk_start << SECTOR_BITS;
        disk.device = strlen(s->disk) > sizeof(devices) && !memcmp(s->disk, devices, sizeof(devices) - 1);
        disk.slot = (struct virtio_slot){
                .id = BLOCK, .features = SEGMENTS | FLUSH, .queues = 1, .notify = notify};
        memcpy(disk.slot.config, &disk.sectors, sizeof(disk.sectors));
        memcpy(disk.slot.config + SEGMENTS_AT, &most, sizeof(most));
        virtio_add(&disk.slot);
}
