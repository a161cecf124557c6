/* SPDX-License-Identifier: BSD-2-Clause */
/* Pages that are a file's own frames (struct page.files): text of programs and libraries, of which all processes have the same pages.
 *
 * Whoever writes there gets a copy first, the process or the file.  The file counts as a user of the frame, so evicting such a page frees
 * it only when the file lets go of it, too: it does when the disk or the archive has the same. */
#include "os/files/node.h"
#include "os/memory/space_pages.h"

enum { PLENTY_PART = 4 }; /* of memory has to be available: the slots of those who share take memory, too */

/* The file behind a page, and which of its pages it is; NULL: none, or not exactly one. */
static struct node *file_of(const struct space *s, const struct region *r, seL4_Word va, uint64_t *page)
{
        struct node *n = r->kind == REGION_FILE ? r->node : r->file ? NULL : s->program;
        uint64_t offset = r->file_offset + (va - r->file_start);

        *page = offset / PAGE;
        return n && offset % PAGE == 0 && space_is_whole(r, va) ? n : NULL;
}

bool space_share_file(struct space *s, const struct region *r, struct page *p, seL4_Word va)
{
        uint64_t page;
        struct node *n = s->fixed ? NULL : file_of(s, r, va, &page);

        if (!n || frame_available() < frame_total() / PLENTY_PART)
                return false;
        p->frame = node_share_frame(n, page);
        p->files = p->frame != 0;
        frame_share(p->frame);
        return p->files;
}

static struct node *find_file(const struct space *s, seL4_Word va, uint64_t *page)
{
        const struct region *r = space_find((struct space *)s, va);

        return r ? file_of(s, r, va, page) : NULL;
}

bool space_is_files(const struct space *s, const struct page *p, seL4_Word va)
{
        uint64_t page;
        struct node *n = p->files ? find_file(s, va, &page) : NULL;

        return n && node_frame_as_is(n, page) == p->frame;
}

void space_leave_files(const struct space *s, seL4_Word va)
{
        uint64_t page;
        struct node *n = find_file(s, va, &page);

        if (n)
                node_leave_frame(n, page);
}

bool space_files_can_leave(const struct space *s, seL4_Word va)
{
        uint64_t page;
        struct node *n = find_file(s, va, &page);

        return n && node_frame_comes_back(n, page);
}
