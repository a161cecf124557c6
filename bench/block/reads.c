/* SPDX-License-Identifier: BSD-2-Clause */
/* reads THREADS COUNT BYTES: COUNT reads of a disk, BYTES each, by so many threads: at random places, or one behind the other when they are
 * larger than 4 KiB.  The same binary runs on the starter OS (/dev/spare) and as the first process of Linux, past its cache; there it
 * loads the modules of the disk first, and ends the machine. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../first_process.h"

enum { PAGE = 4096, THREADS_MAX = 16, PAGES = 16384, LARGEST = 1 << 20 };

static struct {
        int disk;
        unsigned count, bytes;
} work;

static void configure(void)
{
        static const char *const modules[] = {"virtio_ring", "virtio", "virtio_mmio", "virtio_blk"};

        for (unsigned i = 0; i < sizeof(modules) / sizeof(*modules); i++)
                load(modules[i]);
        mkdir("/dev", 0755);
        if (mount("devtmpfs", "/dev", "devtmpfs", 0, NULL))
                perror("/dev");
}

/* The number of reads that failed. */
static void *read_some(void *number)
{
        uint64_t seed = (uintptr_t)number + 1, bad = 0;
        void *data;

        if (posix_memalign(&data, PAGE, LARGEST))
                return (void *)1;
        for (unsigned i = 0; i < work.count; i++) {
                uint64_t at = (uint64_t)i * work.bytes % ((uint64_t)PAGES * PAGE);

                seed = seed * 6364136223846793005u + 1442695040888963407u;
                if (work.bytes == PAGE)
                        at = (seed >> 33) % PAGES * PAGE;
                for (unsigned done = 0; done < work.bytes;) {
                        ssize_t n =
                                pread(work.disk, (char *)data + done, work.bytes - done, (off_t)(at + done));

                        bad += n <= 0;
                        done += n > 0 ? (unsigned)n : work.bytes;
                }
        }
        free(data);
        return (void *)(uintptr_t)bad;
}

int main(int count, char **argument)
{
        unsigned threads = count > 3 ? (unsigned)atoi(argument[1]) : 1, bad = 0;
        pthread_t thread[THREADS_MAX];

        if (getpid() == 1)
                configure();
        work.bytes = count > 3 ? (unsigned)atoi(argument[3]) : PAGE;
        work.count = (count > 3 ? (unsigned)atoi(argument[2]) : 1) / threads;
        work.disk = open(getpid() == 1 ? "/dev/vda" : "/dev/spare", O_RDONLY | O_DIRECT);
        if (work.disk < 0)
                perror("disk");
        for (uintptr_t i = 0; i < threads; i++)
                pthread_create(&thread[i], NULL, read_some, (void *)i);
        for (unsigned i = 0; i < threads; i++) {
                void *result;

                pthread_join(thread[i], &result);
                bad += (unsigned)(uintptr_t)result;
        }
        printf("reads: done, %u bad\n", bad);
        fflush(stdout);
        if (getpid() == 1)
                reboot(RB_POWER_OFF);
        return bad > 0;
}
