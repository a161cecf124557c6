/* SPDX-License-Identifier: BSD-2-Clause */
/* Every flush and every request of a change, one after the other; see steps.h.
 *
 * Between two flushes the device may write in any order, so the power goes instead of a flush, when all writes since the one
 * before are in doubt, and of those only the last, all but the first, all or none has reached the medium.  A history is two
 * changes in a row: the power goes in either, and then a second time, while the log is carried out or in the change that
 * follows.  The test judges itself: with any one flush left out some history must go wrong.
 */
#include "steps.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHANGES = 2, TREES = CHANGES + 1 };

static struct bytes archive[TREES]; /* of the first only the lines are used */
static char *lines[TREES];

static struct {
        const struct disk *disk;
        const char *file;
        unsigned runs;
} sweep;

static bool begin(const struct disk *disk, const char *file, uint64_t seed)
{
        sweep.disk = disk;
        sweep.file = file;
        sweep.runs = 0;
        disk_seed(seed);
        tree_begin();
        free(lines[0]);
        lines[0] = disk ? step_mounted(disk) : NULL;
        return lines[0] != NULL;
}

static void fresh_trees(void)
{
        for (unsigned i = 1; i < TREES; i++) {
                tree_change();
                tree_archive(&archive[i]);
                free(lines[i]);
                lines[i] = tree_lines(&archive[i]);
        }
        disk_remember();
}

/* The disk holds the last of the remembered trees; the next trees begin there. */
static bool go_on(void)
{
        char words[VOLUME_WORDS];

        disk_go_back();
        for (unsigned i = 1; i < TREES; i++) {
                if (!step_change(sweep.disk, &archive[i], words))
                        return false;
        }
        free(lines[0]);
        lines[0] = lines[TREES - 1];
        lines[TREES - 1] = NULL;
        return true;
}

/* Where the power goes (a flush, counted from the last power on; 0: not), what survives, and which flush is left out. */
struct part {
        uint64_t cut, lost;
        enum disk_order order;
};

/* Makes the changes from `next` until the power goes, and returns the last that was reported as kept; -1: one was refused. */
static int part_played(const struct part *p, int next)
{
        char words[VOLUME_WORDS];

        disk_cut_at_flush(p->cut);
        disk_lose_flush(p->lost);
        for (; next < TREES; next++) {
                if (!step_change(sweep.disk, &archive[next], words))
                        return disk_is_cut() ? next - 1 : -1;
        }
        return CHANGES;
}

/* Is the tree that the disk has now one of these two? */
static bool has_tree(int one, int other)
{
        char *now = step_mounted(sweep.disk);
        bool good = now && (!strcmp(now, lines[one]) || !strcmp(now, lines[other]));

        free(now);
        return good;
}

enum verdict { GOOD, WRONG, NOT_CUT };

/* What a tree does not show: a superblock of the one state, bitmaps of the other. */
static bool is_worst(enum disk_order order)
{
        return order == DISK_LAST || order == DISK_NOT_FIRST;
}

/* A history of one or two (`second`) parts.  NOT_CUT: its last cut lies beyond its last flush. */
static enum verdict play(const struct part *first, const struct part *second)
{
        int kept;
        bool cut;

        sweep.runs++;
        disk_go_back();
        kept = part_played(first, 1);
        cut = disk_is_cut();
        disk_power_on(first->order);
        if (kept >= 0 && cut && second) {
                kept = part_played(second, kept < CHANGES ? kept + 1 : CHANGES);
                cut = disk_is_cut();
                disk_power_on(second->order);
        }
        if (kept < 0 || !has_tree(kept, kept < CHANGES ? kept + 1 : kept))
                return WRONG;
        if (is_worst(second ? second->order : first->order) &&
            (!second || second->lost || sweep.runs % 8 == 0) && !step_is_clean(sweep.file))
                return WRONG;
        return cut ? GOOD : NOT_CUT;
}

/* Every cut of the last part, from `p->cut` on.  `p` is the first part itself when there is only one. */
static enum verdict play_all(const struct part *first, struct part *p)
{
        for (;; p->cut++) {
                for (p->order = DISK_NONE; p->order <= DISK_NOT_FIRST; p->order++) {
                        enum verdict v = play(first, p == first ? NULL : p);

                        if (v != GOOD)
                                return v;
                }
        }
}

/* With nothing left out: each cut, and after each that leaves much or only the last write, each second cut. */
static bool all_hold(void)
{
        struct part first = {.cut = 1};

        if (play_all(&first, &first) == WRONG)
                return false;
        for (uint64_t end = first.cut, at = 1; at < end; at++) {
                for (unsigned last = 0; last < 2; last++) {
                        struct part before = {.cut = at, .order = last ? DISK_LAST : DISK_ALL};
                        struct part second = {.cut = 1};

                        if (play_all(&before, &second) == WRONG)
                                return false;
                }
        }
        return true;
}

enum { COMMIT = 4, REPLAY = 2 }; /* flushes (log.c) */

/* A bit for each flush without which a history went wrong: those of a commit, then those of carrying a log out. */
static unsigned noticed(void)
{
        unsigned seen = 0;

        for (uint64_t lost = 1; lost <= COMMIT; lost++) {
                struct part first = {.cut = lost + 1, .lost = lost};

                if (play_all(&first, &first) == WRONG)
                        seen |= 1u << (lost - 1);
        }
        for (uint64_t lost = 1; lost <= REPLAY; lost++) {
                struct part first = {
                        .cut = 3,
                        .order = DISK_LAST}; /* the head, and nothing of what it describes is in its place */
                struct part second = {.cut = lost + 1, .lost = lost};

                if (play_all(&first, &second) == WRONG)
                        seen |= 1u << (COMMIT + lost - 1);
        }
        return seen;
}

static int fail(const char *what, unsigned change)
{
        printf("FAIL change %u: %s\n", change, what);
        return 1;
}

int sweep_flushes(const struct disk *disk, const char *file, uint64_t seed, unsigned changes)
{
        unsigned seen = 0;

        step_know_inodes(true);
        if (!begin(disk, file, seed))
                return fail("the image cannot be mounted", 0);
        for (unsigned i = 0; i < changes; i++) {
                fresh_trees();
                if (!all_hold())
                        return fail("a cut at a flush loses something, or leaves what e2fsck finds", i);
                seen |= noticed();
                if (!go_on())
                        return fail("it is refused", i);
        }
        for (unsigned i = 0; i < COMMIT + REPLAY; i++) {
                if (!(seen & 1u << i))
                        return fail(i < COMMIT ? "one flush of a commit less is not noticed"
                                               : "one flush after the log less is not noticed",
                                    i);
        }
        printf("%u histories\n", sweep.runs);
        return 0;
}

/* --- errors --- */

/* One request of the change fails: it is reported as kept only if it is; nothing is lost, and the next attempt succeeds.
 * NOT_CUT: there is no such request. */
static enum verdict play_error(uint64_t request, bool power_goes)
{
        char words[VOLUME_WORDS];
        bool kept;
        uint64_t made;

        sweep.runs++;
        disk_go_back();
        disk_fail(request);
        kept = step_change(sweep.disk, &archive[1], words);
        made = disk_requests();
        if (power_goes)
                disk_power_on(DISK_ANY);
        disk_cut_after(0);
        if (kept ? made >= request : !words[0])
                return WRONG; /* an error that nobody is told about */
        if (!has_tree(0, 1) || !step_change(sweep.disk, &archive[1], words))
                return WRONG;
        disk_power_on(DISK_NONE);
        if (!has_tree(1, 1) || (sweep.runs % 128 == 0 && !step_is_clean(sweep.file)))
                return WRONG;
        return kept ? NOT_CUT : GOOD;
}

int sweep_errors(const struct disk *disk, const char *file, uint64_t seed, unsigned changes)
{
        if (!begin(disk, file, seed))
                return fail("the image cannot be mounted", 0);
        for (unsigned i = 0; i < changes; i++) {
                enum verdict v = GOOD;

                fresh_trees();
                for (uint64_t request = 1; v == GOOD; request++) {
                        v = play_error(request, false);
                        if (v != WRONG)
                                v = play_error(request, true);
                }
                if (v == WRONG)
                        return fail("an error is not told, or loses something", i);
                if (!go_on())
                        return fail("it is refused", i);
        }
        printf("%u errors\n", sweep.runs);
        return 0;
}
