/* SPDX-License-Identifier: BSD-2-Clause */
/* A hostile program in the place of the one that reads and writes a disk with ext2 (drivers/ext2, sos/volume.h): tests/rogue/run.
 *
 * Each start does the next thing of the list and ends, or goes on until it is ended.  A line "rob: it can ..." means that it has got what
 * it must not have. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sos/volume.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

enum { PAGE = 4096, HEADER = 110, LONGEST = 512, FILES = 2, FIRST_INODE = 12 };
#define STARTS "/tmp/rob-starts"

static _Alignas(PAGE) unsigned char page[PAGE];

static long put(uint64_t at, size_t size)
{
        return pwrite(SOS_VOLUME, page, size, (off_t)at);
}

static long get(uint64_t at, size_t size)
{
        return pread(SOS_VOLUME, page, size, (off_t)at);
}

static unsigned count_starts(void)
{
        int f = open(STARTS, O_RDWR | O_CREAT | O_APPEND, 0600);
        off_t starts = lseek(f, 0, SEEK_END);

        if (write(f, "x", 1) != 1)
                perror("rob: " STARTS);
        close(f);
        return (unsigned)starts;
}

/* --- places --- */

static void must_fail(const char *what, uint64_t at, long result)
{
        if (result >= 0 || errno != EINVAL)
                printf("rob: it can %s at %llx: %ld, %s\n", what, (unsigned long long)at, result,
                       result < 0 ? strerror(errno) : "done");
}

/* Beside every border, and in every size but the right one. */
static void places(void)
{
        struct sos_volume_facts facts;
        static const size_t sizes[] = {1, 8, PAGE - 1, PAGE, 2 * PAGE / 3};
        uint64_t end;

        get(SOS_VOLUME_FACTS, sizeof(facts));
        memcpy(&facts, page, sizeof(facts));
        end = facts.pages * PAGE;
        const uint64_t beyond[] = {1,
                                   PAGE / 2,
                                   PAGE + 1,
                                   end,
                                   end + PAGE,
                                   end - PAGE + 1,
                                   SOS_VOLUME_CONTENT - PAGE,
                                   SOS_VOLUME_CONTENT,
                                   SOS_VOLUME_CONTENT + PAGE,
                                   SOS_VOLUME_ARCHIVE - PAGE,
                                   SOS_VOLUME_FACTS + 1,
                                   SOS_VOLUME_JOB + 8,
                                   SOS_VOLUME_INODES,
                                   SOS_VOLUME_INODES + 8,
                                   SOS_VOLUME_WORD + 1,
                                   INT64_MAX / PAGE * PAGE,
                                   UINT64_MAX / PAGE * PAGE,
                                   UINT64_MAX};

        for (unsigned i = 0; i < sizeof(beyond) / sizeof(*beyond); i++) {
                for (unsigned k = 0; k < sizeof(sizes) / sizeof(*sizes); k++) {
                        must_fail("read", beyond[i], get(beyond[i], sizes[k]));
                        must_fail("write", beyond[i], put(beyond[i], sizes[k]));
                }
        }
        for (unsigned k = 0; k < sizeof(sizes) / sizeof(*sizes); k++) {
                must_fail("say a short word", SOS_VOLUME_WORD, put(SOS_VOLUME_WORD, sizes[k]));
                must_fail("read a short job", SOS_VOLUME_JOB, get(SOS_VOLUME_JOB, sizes[k]));
                if (sizes[k] != PAGE)
                        must_fail("write a part", 0, put(0, sizes[k]));
        }
        printf("rob: %llu pages\n", (unsigned long long)facts.pages);
}

/* --- trees --- */

struct entry {
        const char *name, *content;
        unsigned mode, way, inode, size;
};

static bool give(const struct entry *e)
{
        size_t name = strlen(e->name) + 1, head = (HEADER + name + 3) / 4 * 4,
               size = e->content ? strlen(e->content) : e->size;
        char text[LONGEST * 2] = {0};

        /* inode, mode, user, group, links, date, size, device (2), pages, of a device (1), name, way */
        snprintf(text, sizeof(text), "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%s", e->inode,
                 e->mode, 0u, 0u, 1u, 1u, (unsigned)size, 0u, 0u, 0u, 0u, (unsigned)name, e->way, e->name);
        if (e->content)
                strcpy(text + head, e->content);
        memcpy(page, text, sizeof(text));
        return put(SOS_VOLUME_ARCHIVE, head + (e->content ? (size + 3) / 4 * 4 : 0)) >= 0;
}

static void say(enum sos_volume_what what, const char *words)
{
        struct sos_volume_word w = {.what = what, .room = UINT64_MAX};

        strncpy(w.words, words, sizeof(w.words) - 1);
        memcpy(page, &w, sizeof(w));
        put(SOS_VOLUME_WORD, sizeof(w));
}

/* A tree that is wrong is not read on, so that each start has one name that leads out of /disk. */
static void outside(unsigned number)
{
        static const struct entry way_out[] = {{"there", "/tmp", 0120777, 0, 1, 0},
                                               {"up", "../tmp", 0120777, 0, 1, 0}};
        static const char *const name[] = {"../tmp/escaped", "there/escaped"};

        for (unsigned i = 0; i < 2; i++)
                give(&way_out[i]);
        if (give(&(struct entry){name[number], "escaped\n", 0100644, 0, 1, 0}))
                printf("rob: it can make %s\n", name[number]);
}

/* A tree with files whose content it has, it says; and a message with what a terminal obeys. */
static void mount(void)
{
        static const char *const name[FILES] = {"first", "second"};

        for (unsigned i = 0; i < FILES; i++)
                give(&(struct entry){name[i], NULL, 0100644, SOS_VOLUME_SAME, FIRST_INODE + i, 2 * PAGE});
        give(&(struct entry){"TRAILER!!!", NULL, 0, 0, 0, 0});
        say(SOS_VOLUME_MOUNTED, "\033[2J\033]0;owned\a\nserver: fine");
}

/* --- content --- */

/* Content that nobody wanted, and never what was wanted. */
static void mislead(void)
{
        struct sos_volume_job job;

        while (get(SOS_VOLUME_JOB, sizeof(job)) == sizeof(job)) {
                memcpy(&job, page, sizeof(job));
                if (job.changes) {
                        say(SOS_VOLUME_FAILED, "no");
                        continue;
                }
                memset(page, 'r', PAGE);
                for (uint64_t at = 1; at < 1 << 20; at *= 2) {
                        must_fail("give what is behind", job.page + job.count + at,
                                  put(SOS_VOLUME_CONTENT + (job.page + job.count + at) * PAGE, PAGE));
                        must_fail("give a part", job.page,
                                  put(SOS_VOLUME_CONTENT + job.page * PAGE, PAGE / 2));
                }
        }
}

static void talk(void)
{
        for (unsigned i = 0; i < 100; i++) {
                say(SOS_VOLUME_MOUNTED, "I talk and talk and talk and talk and talk and talk and talk and "
                                        "talk and talk and talk and talk and talk");
                say(SOS_VOLUME_READ_ONLY + 77, "and talk");
                say(SOS_VOLUME_KEPT, "and talk");
        }
}

/* --- time --- */

/* Its time does not become another by words. */
static void be_nice(void)
{
        for (int i = 0; i < 5; i++)
                nice(i % 2 ? 1 : -1);
}

static void *idle(void *unused)
{
        return unused;
}

/* Each other one would have a budget of its own. */
static void multiply(void)
{
        pthread_t thread;
        pid_t child = fork();

        if (child == 0)
                for (;;)
                        ;
        if (child > 0 || errno != EAGAIN)
                printf("rob: it can make a process: %s\n", strerror(errno));
        if (!pthread_create(&thread, NULL, idle, NULL))
                printf("rob: it can make a thread\n");
}

/* The server works all the time, and the program nearly never. */
static void call(int pieces)
{
        static char much[64 * PAGE];
        static struct iovec all[1000];
        int f = open("/tmp/rob-file", O_RDWR | O_CREAT, 0600);

        pwrite(f, much, sizeof(much), 0);
        ftruncate(f, (off_t)pieces * (off_t)sizeof(much));
        for (int i = 0; i < pieces; i++)
                all[i] = (struct iovec){much, sizeof(much)};
        for (;;)
                preadv(f, all, pieces, 0);
}

int main(void)
{
        unsigned start = count_starts();

        setvbuf(stdout, NULL, _IOLBF, 0);
        if (start == 0)
                places();
        if (start < 2) {
                outside(start);
                return 1;
        }
        if (start == 2) {
                mount();
                mislead();
        }
        if (start == 3) {
                talk();
                multiply();
                be_nice();
        }
        if (start == 4)
                call(1);
        if (start == 5)
                call(1000); /* and each call is much */
        for (;;)
                ;
}
