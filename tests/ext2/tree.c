/* SPDX-License-Identifier: BSD-2-Clause */
/* See tree.h.  Nodes have a parent with a lower number or none (-1), so that the order of the table is one for an archive. */
#include "tree.h"

#include "disk.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NODES = 60, HEAD = 110, NAME = 200, LINES = 4 * NODES };

struct node {
        int parent;
        unsigned mode, user, date; /* mode 0: absent */
        int same;                  /* the node whose file it is another name of; -1: its own */
        uint64_t seed;
        size_t size, mark; /* the byte before `mark` differs from the pattern */
        char name[NAME];
};

static struct node node[NODES];
static unsigned names;

bool bytes_add(void *state, const void *what, size_t size)
{
        struct bytes *b = state;

        if (b->size + size > b->room) {
                b->room = 2 * (b->size + size) + 4096;
                b->at = realloc(b->at, b->room);
                if (!b->at)
                        abort();
        }
        memcpy(b->at + b->size, what, size);
        b->size += size;
        return true;
}

void tree_begin(void)
{
        memset(node, 0, sizeof(node));
        names = 0;
}

static void fresh_name(struct node *n)
{
        int length = disk_random() % 8 == 0 ? (int)(disk_random() % 150) : 1;

        snprintf(n->name, NAME, "n%u-%0*d", names++, length, 7);
}

/* At a border of blocks or one beside it: of any block, and where indirect blocks begin, with blocks of 1 and of 4 KiB. */
static size_t border(void)
{
        static const size_t blocks[] = {1, 2, 11, 12, 13, 12 + 256, 12 + 257};
        size_t size = blocks[disk_random() % 7] * (disk_random() % 2 ? 1024 : 4096);

        while (size > 300000)
                size /= 4;
        return size - 1 + disk_random() % 3;
}

static size_t fresh_size(void)
{
        static const size_t most[] = {1, 60, 2000, 5000, 30000, 90000};

        return disk_random() % 3 == 0 ? border() : disk_random() % most[disk_random() % 6];
}

static int some_directory(int before)
{
        for (unsigned tries = 0; tries < 4; tries++) {
                int i = before > 0 ? (int)(disk_random() % (unsigned)before) : 0;

                if (i < before && node[i].mode >> 12 == 4)
                        return i;
        }
        return -1;
}

static void make(int i)
{
        static const unsigned kinds[] = {040755, 0100644, 0100600, 0100755, 0120777, 010644, 0100444, 040700};
        struct node *n = &node[i];
        int other = (int)(disk_random() % NODES);

        *n = (struct node){.parent = some_directory(i),
                           .mode = kinds[disk_random() % 8],
                           .user = disk_random() % 3 * 50000,
                           .date = 1000000000 + (unsigned)disk_random() % 1000000,
                           .same = -1,
                           .seed = disk_random()};
        fresh_name(n);
        if (n->mode >> 12 == 8)
                n->size = fresh_size();
        if (n->mode >> 12 == 10)
                n->size = 1 + disk_random() % 150;
        if (n->mode >> 12 == 8 && other < i && node[other].mode >> 12 == 8 && node[other].same < 0)
                n->same = other;
}

/* Removes it with all that is in it, and its other names. */
static void take_away(int i)
{
        node[i].mode = 0;
        for (int j = i + 1; j < NODES; j++) {
                if (node[j].mode && (node[j].parent == i || node[j].same == i))
                        take_away(j);
        }
}

/* Another size, other bytes, or a single one at a border. */
static void change_content(struct node *n)
{
        if (disk_random() % 3 == 0) {
                n->mark = border();
                return;
        }
        n->size = disk_random() % 2 ? fresh_size() : n->size;
        n->seed += disk_random() % 2;
}

void tree_change(void)
{
        for (unsigned left = 1 + disk_random() % 12; left > 0; left--) {
                int i = (int)(disk_random() % NODES);

                if (!node[i].mode)
                        make(i);
                else if (disk_random() % 3 == 0)
                        take_away(i);
                else if (disk_random() % 3 == 0)
                        fresh_name(&node[i]);
                else if (node[i].mode >> 12 == 8)
                        change_content(&node[i]);
        }
}

static void add_path(char *to, int i)
{
        if (node[i].parent >= 0) {
                add_path(to, node[i].parent);
                strcat(to, "/");
        }
        strcat(to, node[i].name);
}

static unsigned links_of(int file)
{
        unsigned links = 0;

        for (int i = 0; i < NODES; i++)
                links += node[i].mode && (i == file || node[i].same == file);
        return links;
}

/* Half of the pieces of 512 bytes are zeros, and so are half of those of 8 KiB. */
static char content(uint64_t seed, size_t at, bool text)
{
        uint64_t mixed = (seed + at / 512) * 0x9e3779b97f4a7c15ull,
                 more = (seed + at / 8192) * 0xd1342543de82ef95ull;

        return text                   ? 'a' + (char)(seed % 26)
               : (mixed | more) >> 63 ? 0
                                      : (char)(seed * 31 + at * 7 + (at >> 8));
}

static void pad(struct bytes *to)
{
        bytes_add(to, "\0\0\0", (4 - to->size % 4) % 4);
}

static void add_head(struct bytes *to, const char *path, const struct node *n, unsigned number,
                     unsigned links, size_t size)
{
        char head[HEAD + 1];

        snprintf(head, sizeof(head), "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x", number,
                 n->mode, n->user, n->user / 2, links, n->date, (unsigned)size, 0, 0, 0, 0,
                 (unsigned)strlen(path) + 1, 0);
        bytes_add(to, head, HEAD);
        bytes_add(to, path, strlen(path) + 1);
        pad(to);
}

void tree_archive(struct bytes *to)
{
        static const struct node none;

        to->size = 0;
        for (int i = 0; i < NODES; i++) {
                int file = node[i].same < 0 ? i : node[i].same;
                char path[NODES * NAME] = "";
                size_t size = node[i].same < 0 ? node[i].size : 0;

                if (!node[i].mode)
                        continue;
                add_path(path, i);
                if (node[i].mode >> 12 == 4)
                        strcat(path, "/");
                add_head(to, path, &node[file], (unsigned)file + 1, links_of(file), size);
                for (size_t at = 0; at < size; at++) {
                        char c = content(node[i].seed, at, node[i].mode >> 12 == 10);

                        c ^= node[i].mark == at + 1 && node[i].mode >> 12 == 8;
                        bytes_add(to, &c, 1);
                }
                pad(to);
        }
        add_head(to, "TRAILER!!!", &none, 0, 1, 0);
}

/* --- comparing --- */

static unsigned field(const char *head, unsigned i)
{
        char digits[9] = "";

        memcpy(digits, head + 6 + 8 * i, 8);
        return (unsigned)strtoul(digits, NULL, 16);
}

static int compare(const void *a, const void *b)
{
        return strcmp(*(char *const *)a, *(char *const *)b);
}

/* A file with several names is known by the first one. */
struct seen {
        unsigned number;
        uint64_t sum;
        size_t size;
};

static struct seen *seen_as(struct seen *seen, unsigned *count, unsigned number, unsigned links)
{
        for (unsigned i = 0; links > 1 && i < *count; i++) {
                if (seen[i].number == number)
                        return &seen[i];
        }
        seen[*count] = (struct seen){.number = number};
        return &seen[(*count)++];
}

static char *line_of(const char *head, const struct seen *s)
{
        char *line = malloc(NODES * NAME + 100);
        unsigned mode = field(head, 1), links = field(head, 4);

        if (!line)
                abort();
        sprintf(line, "%s %o %u %u %u %u %zu %016llx", head + HEAD, mode, field(head, 2), field(head, 3),
                field(head, 5), mode >> 12 == 4 ? 1 : links, s->size, (unsigned long long)s->sum);
        return line;
}

static size_t padded(size_t size)
{
        return (size + 3) / 4 * 4;
}

static char *join(char **line, unsigned count)
{
        struct bytes all = {0};

        qsort(line, count, sizeof(*line), compare);
        for (unsigned i = 0; i < count; i++) {
                bytes_add(&all, line[i], strlen(line[i]));
                bytes_add(&all, "\n", 1);
                free(line[i]);
        }
        bytes_add(&all, "", 1);
        return all.at;
}

char *tree_lines(const struct bytes *archive)
{
        struct seen seen[LINES];
        char *line[LINES];
        unsigned count = 0, files = 0;

        for (size_t at = 0; at + HEAD < archive->size && count < LINES;) {
                const char *head = archive->at + at;
                size_t size = field(head, 6), length = padded(HEAD + field(head, 11));
                struct seen *s;

                if (!strcmp(head + HEAD, "TRAILER!!!"))
                        return join(line, count);
                s = seen_as(seen, &files, field(head, 0), field(head, 1) >> 12 == 4 ? 1 : field(head, 4));
                for (size_t i = 0; i < size; i++)
                        s->sum = (s->sum ^ (unsigned char)head[length + i]) * 0x100000001b3ull;
                s->size = size ? size : s->size;
                line[count++] = line_of(head, s);
                at += length + padded(size);
        }
        return NULL;
}
