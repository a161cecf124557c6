/* SPDX-License-Identifier: BSD-2-Clause */
/* /disk over a disk that ends its requests in any order, may fail, and is switched off at any moment.
 *
 * Each machine is a process.  It changes files one at a time, and records for every change the contents of all of them; it syncs now and
 * then, and records which change was synced.  The next machine must find the files as they were after one of the changes, and
 * of no earlier one than what was synced.
 *
 * Usage: store [SEED [HISTORIES]]      ends with `N passed, N failed`
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/core/wait.h"
#include "os/files/node.h"
#include "os/files/store.h"
#include "world.h"

enum { FILES = 5, CHANGES = 1000, MACHINES = 10, PAGES_MAX = 24 };

/* What a file has: 0: it does not exist; otherwise each of its words is this number, and its length follows from it. */
typedef uint32_t state[FILES];

struct history {
        state after[CHANGES + 1]; /* after[0]: nothing */
        unsigned changes, synced; /* of all machines so far */
        unsigned machine, syncs, refused, found_later;
        char wrong[200];
};
static struct history *history;

static unsigned length_of(uint32_t version)
{
        return version ? 4 * (1 + version * 2654435761u % (PAGES_MAX * 1024)) : 0;
}

static const char *path_of(unsigned file)
{
        static char path[20];

        snprintf(path, sizeof(path), "/disk/%s%u", file % 2 ? "d/" : "", file);
        return path;
}

static _Noreturn void wrong(const char *what, unsigned number)
{
        snprintf(history->wrong, sizeof(history->wrong), "machine %u: %s (%u)", history->machine, what,
                 number);
        _exit(1);
}

/* --- files --- */

static void write_file(unsigned file, uint32_t version)
{
        struct node *n = node_make(node_root(), path_of(file), NODE_MEMORY);
        uint32_t words[1024];
        unsigned length = length_of(version);

        if (!n || node_truncate(n, 0))
                wrong("a file cannot be made", file);
        for (unsigned i = 0; i < 1024; i++)
                words[i] = version;
        for (unsigned at = 0; at < length; at += sizeof(words)) {
                unsigned part = length - at < sizeof(words) ? length - at : sizeof(words);

                if (node_write(n, at, words, part) != (long)part)
                        wrong("a file cannot be written", file);
        }
        store_changed(n);
}

static uint32_t read_file(unsigned file)
{
        struct node *n = node_find(node_root(), path_of(file));
        uint32_t version = 0, word;

        if (!n)
                return 0;
        for (uint64_t at = 0; at < n->size; at += 4) {
                if (node_read(n, at, &word, 4) != 4 || (version && word != version))
                        wrong("a file of two changes", file);
                version = word;
        }
        if (n->size != length_of(version))
                wrong("a file of another length", file);
        return version;
}

static void change(void)
{
        unsigned file = (unsigned)world_random(FILES), number = history->changes + 1;
        struct node_place place;
        bool remove;

        if (number > CHANGES || node_walk(node_root(), path_of(file), NODE_NO_FOLLOW, &place))
                return;
        remove = place.node && world_random(4) == 0;
        memcpy(history->after[number], history->after[number - 1], sizeof(state));
        history->after[number][file] = remove ? 0 : number;
        history->changes = number;
        if (remove) {
                store_changed(place.node);
                node_remove(&place, false);
        } else {
                write_file(file, number);
        }
}

/* --- a machine --- */

/* The change after which the files were as they are now. */
static unsigned find(void)
{
        state now;

        for (unsigned i = 0; i < FILES; i++)
                now[i] = read_file(i);
        for (unsigned i = history->changes + 1; i-- > history->synced;) {
                if (!memcmp(history->after[i], now, sizeof(now)))
                        return i;
        }
        wrong("what was synced is lost", history->synced);
}

/* As sync(2): true when it says that all is written. */
static bool sync_all(void)
{
        uint64_t pass = store_pass();
        long result;

        for (unsigned steps = 0; (result = store_passed(pass)) > 0; steps++) {
                if (steps == 100000)
                        wrong("a sync does not end", (unsigned)pass);
                for (uint64_t unseen = world_random(40); unseen > 0;
                     unseen--) { /* the caller need not check at once */
                        store_settle();
                        world_step();
                        if (world_random(64) == 0)
                                change();
                }
        }
        return result == 0;
}

static void power_on(void)
{
        struct disk_areas areas;

        world_power_on();
        *node_root() = (struct node){.kind = NODE_DIRECTORY, .named = 1, .mode = 0755};
        areas = store_open(NULL, NULL);
        if (!areas.half_blocks)
                wrong("no disk", 0);
}

/* Ends at any moment. */
static void live(void)
{
        unsigned errors = world->errors, found;

        world->errors = 0; /* of reading at the start, which other tests cover */
        power_on();
        world->errors = errors;
        found = find();
        history->found_later += found > history->synced;
        history->changes = history->synced = found;
        if (!node_find(node_root(), "/disk/d"))
                store_changed(node_make(node_root(), "/disk/d", NODE_DIRECTORY));
        for (unsigned left = (unsigned)world_random(400); left > 0; left--) {
                unsigned before = history->changes;

                switch (world_random(12)) {
                case 0:
                        change();
                        break;
                case 1:
                        history->syncs++;
                        if (!sync_all()) {
                                history->refused++;
                                break;
                        }
                        history->synced = before > history->synced ? before : history->synced;
                        left = world_random(8) ? left : 1; /* switched off at once */
                        break;
                default:
                        store_settle();
                        world_step();
                }
        }
        world_cut();
}

/* False, with a line: something was wrong. */
static bool run(uint64_t seed)
{
        world_begin(seed);
        world->errors = seed % 3 == 1 ? 40 : 0;
        world->no_cache = seed % 5 == 4;
        memset(history, 0, sizeof(*history));
        for (; history->machine < MACHINES; history->machine++) {
                int status = 0;
                pid_t child = fork();

                if (child == 0) {
                        live();
                        _exit(0);
                }
                waitpid(child, &status, 0);
                if (!status)
                        continue;
                printf("FAIL history %lu: %s\n", (unsigned long)seed,
                       history->wrong[0] ? history->wrong : "the program went down");
                return false;
        }
        return true;
}

int main(int count, char **argument)
{
        uint64_t seed = count > 1 ? strtoull(argument[1], NULL, 0) : 1;
        unsigned histories = count > 2 ? (unsigned)strtoul(argument[2], NULL, 0) : 200;
        unsigned passed = 0, syncs = 0, refused = 0, later = 0;

        history = mmap(NULL, sizeof(*history), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        for (unsigned i = 0; i < histories; i++) {
                passed += run(seed + i);
                syncs += history->syncs;
                refused += history->refused;
                later += history->found_later;
        }
        printf("store: %u histories, %u syncs, %u of them told of an error, %u machines found more than was "
               "synced\n",
               histories, syncs, refused, later);
        printf("%u passed, %u failed\n", passed, histories - passed);
        return passed != histories || !syncs;
}
