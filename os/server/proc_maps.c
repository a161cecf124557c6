/* SPDX-License-Identifier: BSD-2-Clause */
/* The regions of a process as text (maps, smaps, smaps_rollup), for proc_parts.c; see proc.h. */
#include "base/text.h"
#include "os/calls/linux/posix.h"
#include "os/core/pace.h"
#include "os/memory/clock.h"
#include "os/process/vdso.h"
#include "os/server/proc.h"
#include "sos/clock.h"
#include "text/text.h"

enum { KIB = 1024, GIVEN_UP_US = 50000, NAME_COLUMN = 73 };

/* The file that the pages belong to; NULL: none. */
static const struct node *file_of(const struct process *p, const struct region *r)
{
        if (region_of_file(r))
                return r->node;
        return r->kind == REGION_MEMORY && r->file_size && !r->file ? p->space->program : NULL;
}

static void add_name(struct text *t, const struct node *n, const struct region *r)
{
        char path[PATH_MAX];

        if (n && node_path(n, path, sizeof(path)))
                text_add(t, "                          %s%s", path, n->named ? "" : " (deleted)");
        else if (r->kind == REGION_HEAP || r->kind == REGION_STACK || vdso_is(r))
                text_add(t, "                          %s",
                         r->kind == REGION_HEAP    ? "[heap]"
                         : r->kind == REGION_STACK ? "[stack]"
                                                   : "[vdso]");
        text_add(t, "\n");
}

static void add_region(struct text *t, const struct process *p, const struct region *r)
{
        static const char rights[8][4] = {"---", "r--", "-w-", "rw-", "--x", "r-x", "-wx", "rwx"};
        const struct node *n = file_of(p, r);

        text_add(t, "%08lx-%08lx %s%c %08lx 00:01 %u", r->start, r->end, rights[r->access & 7],
                 region_common(r) ? 's' : 'p', n ? r->file_offset + (r->start - r->file_start) : 0,
                 n ? node_number(n) + 1 : 0);
        add_name(t, n, r);
}

/* Lines, until there are enough for a part. */
void proc_maps(struct text *t, struct process *p, seL4_Word *place)
{
        struct region_place at;

        for (struct region *r = space_from(p->space, *place, &at); r && t->length < PROC_PART;
             r = space_next(p->space, &at)) {
                add_region(t, p, r);
                *place = r->end;
        }
}

/* --- what of a region is in memory --- */

enum {
        SHARED_CLEAN,
        SHARED_DIRTY,
        PRIVATE_CLEAN,
        PRIVATE_DIRTY,
        REFERENCED,
        ANONYMOUS,
        SWAPPED,
        LOCKED,
        COUNTS
};

/* What has been counted: of one region, for one file, up to an address. */
static struct counting {
        const struct file *of;
        int process;
        uint64_t us;              /* when it got on */
        seL4_Word start, end, at; /* of all regions together: 0 and SPACE_TOP */
        uint32_t pages[COUNTS];
        uint64_t share; /* bytes, those of a page divided by its users */
} counting;

/* Users of the frame besides the file or the segment that it belongs to. */
static uint32_t users_of(const struct page *page)
{
        uint32_t users = frame_users(page->frame);

        return (page->common || page->files) && users > 1 ? users - 1 : users;
}

static void count_page(struct counting *c, const struct region *r, const struct page *page)
{
        bool there = page->frame && !page->coming, shared;

        if (!there) {
                c->pages[SWAPPED] += page->swap != 0;
                return;
        }
        shared = users_of(page) > 1;
        c->pages[(shared ? SHARED_CLEAN : PRIVATE_CLEAN) + page->dirty]++;
        c->pages[REFERENCED] += page->touched;
        c->pages[ANONYMOUS] += !page->common && (page->dirty || !r->file_size);
        c->pages[LOCKED] += page->fixed && r->never & REGION_LOCKED;
        c->share += PAGE / (users_of(page) ? users_of(page) : 1);
}

/* A piece of the pages of a region; true: that was all. */
static bool count_some(struct counting *c, struct space *s, const struct region *r)
{
        while (c->at < r->end) {
                uint32_t leaf = space_next_leaf(s, (uint32_t)(c->at >> SPACE_LEAF_BITS));
                seL4_Word first = (seL4_Word)leaf << SPACE_LEAF_BITS, end = first + (1ul << SPACE_LEAF_BITS);
                struct page *pages = leaf < SPACE_LEAVES ? space_leaf(s, leaf) : NULL;

                if (!pages || first >= r->end)
                        return true;
                c->at = c->at < first ? first : c->at;
                for (; c->at < end && c->at < r->end; c->at += PAGE)
                        count_page(c, r, &pages[c->at / PAGE % SPACE_LEAF_PAGES]);
                if (c->at < r->end && pace_is_over())
                        return false;
        }
        return true;
}

static void add_amount(struct text *t, const char *name, uint64_t kib)
{
        text_add(t, "%-16s%8lu kB\n", name, kib);
}

static void add_flags(struct text *t, const struct region *r)
{
        text_add(t, "VmFlags:%s%s%s%s%s%s\n", r->access & SPACE_READ ? " rd" : "",
                 r->access & SPACE_WRITE ? " wr" : "", r->access & SPACE_EXECUTE ? " ex" : "",
                 region_common(r) ? " sh" : "",
                 r->kind == REGION_STACK || r->never & REGION_GROWS ? " gd" : "",
                 r->never & REGION_LOCKED ? " lo" : "");
}

static void add_counts(struct text *t, const struct counting *c)
{
        static const char *const names[] = {[SHARED_CLEAN] = "Shared_Clean:",
                                            [SHARED_DIRTY] = "Shared_Dirty:",
                                            [PRIVATE_CLEAN] = "Private_Clean:",
                                            [PRIVATE_DIRTY] = "Private_Dirty:",
                                            [REFERENCED] = "Referenced:",
                                            [ANONYMOUS] = "Anonymous:",
                                            [SWAPPED] = "Swap:",
                                            [LOCKED] = "Locked:"};
        uint64_t page = PAGE / KIB, there = 0;

        for (unsigned i = SHARED_CLEAN; i <= PRIVATE_DIRTY; i++)
                there += c->pages[i];
        add_amount(t, "Rss:", there * page);
        add_amount(t, "Pss:", c->share / KIB);
        for (unsigned i = 0; i < COUNTS; i++)
                add_amount(t, names[i], c->pages[i] * page);
}

/* This file's counting goes on, or begins; false: another's is not done yet. */
static bool is_turn(const struct file *f, const struct process *p, seL4_Word start, seL4_Word end)
{
        struct counting *c = &counting;

        if (c->of && c->of != f && clock_us() - c->us < GIVEN_UP_US)
                return false; /* one after the other */
        if (c->of != f || c->process != p->pid || c->start != start || c->end != end)
                *c = (struct counting){.of = f, .process = p->pid, .start = start, .end = end, .at = start};
        c->us = clock_us();
        return true;
}

/* One region, when all its pages have been counted; false: they have not yet. */
bool proc_smaps(struct text *t, const struct file *f, struct process *p, seL4_Word *place)
{
        struct counting *c = &counting;
        struct region_place at;
        struct region *r = space_from(p->space, *place, &at);

        if (!r)
                return true;
        if (!is_turn(f, p, r->start, r->end) || !count_some(c, p->space, r))
                return false;
        add_region(t, p, r);
        add_amount(t, "Size:", (r->end - r->start) / KIB);
        add_amount(t, "KernelPageSize:", PAGE / KIB);
        add_amount(t, "MMUPageSize:", PAGE / KIB);
        add_counts(t, c);
        add_flags(t, r);
        c->of = NULL;
        *place = r->end;
        return true;
}

/* All regions together, as one that is said once, when all their pages have been counted; false: they have not yet. */
bool proc_smaps_rollup(struct text *t, const struct file *f, struct process *p, seL4_Word *place)
{
        struct counting *c = &counting;
        struct region_place at;
        struct region *r = space_from(p->space, 0, &at);
        seL4_Word start = r ? r->start : 0;

        if (!r || *place)
                return true;
        if (!is_turn(f, p, 0, SPACE_TOP))
                return false;
        for (r = space_from(p->space, c->at, &at); r; r = space_next(p->space, &at)) {
                c->at = c->at < r->start ? r->start : c->at;
                if (!count_some(c, p->space, r))
                        return false;
                c->at = r->end;
                if (pace_is_over())
                        return false;
        }
        text_add(t, "%08lx-%08lx ---p 00000000 00:00 0 ", start, c->at);
        while (t->length < NAME_COLUMN)
                text_add(t, " ");
        text_add(t, "[rollup]\n");
        add_counts(t, c);
        c->of = NULL;
        *place = SPACE_TOP;
        return true;
}
