/* SPDX-License-Identifier: BSD-2-Clause */
/* Texts of /proc that may be long are made in parts: where one begins is kept with the file; see proc.h. */
#include "base/text.h"
#include "os/calls/linux/posix.h"
#include "os/core/pace.h"
#include "os/server/proc.h"
#include "text/text.h"

static bool add_regions(struct text *t, const struct file *f, struct process *p, seL4_Word *place)
{
        if (f->node->report == PROC_PROCESS_SMAPS)
                return proc_smaps(t, f, p, place);
        if (f->node->report == PROC_PROCESS_SMAPS_ROLLUP)
                return proc_smaps_rollup(t, f, p, place);
        proc_maps(t, p, place);
        return true;
}

static bool add_part(struct text *t, const struct file *f, seL4_Word *place)
{
        struct process *p;

        switch (f->node->report) {
        case PROC_QUEUES:
                return posix_tell_queues(t, place);
        case PROC_SEMAPHORES:
                return posix_tell_semaphores(t, place);
        case PROC_SEGMENTS:
                return posix_tell_segments(t, place);
        default:
                p = process_find(f->node->number);
                return !p || !p->space || add_regions(t, f, p, place);
        }
}

long proc_parts(struct file *f, char *to, size_t size)
{
        static char text[PROC_PART + PROC_PART_MORE];

        if (f->offset < f->text_from)
                f->text_from = f->text_place = 0;
        for (;;) {
                struct text t = {.buffer = text, .size = sizeof(text)};
                seL4_Word next = f->text_place;
                size_t skip = f->offset - f->text_from;

                if (!add_part(&t, f, &next)) {
                        f->text_place = next;
                        return FILE_GOES_ON;
                }
                if (t.length == 0)
                        return 0;
                if (skip < t.length) {
                        size = size < t.length - skip ? size : t.length - skip;
                        memcpy(to, text + skip, size);
                        return (long)size;
                }
                f->text_from += t.length;
                f->text_place = next;
                if (pace_is_over())
                        return FILE_GOES_ON;
        }
}
