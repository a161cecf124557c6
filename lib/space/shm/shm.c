/* SPDX-License-Identifier: BSD-2-Clause */
/* Views of shared memory: one record per mapping. */
#include <book/book.h>
#include <shm/shm.h>

struct shm_view {
        struct shm_view *next;
        vspace_t *vspace;
        seL4_Word at;
        seL4_Word spare;
};

static struct book_pool views = {.bytes = sizeof(struct shm_view)};
static struct shm *all;

int shm_create(struct shm *shm, size_t bytes)
{
        size_t pages = (bytes + (1 << seL4_PageBits) - 1) >> seL4_PageBits;

        *shm = (struct shm){.memory = vspace_new_pages(vspace_own(), 0, pages, VSPACE_RW), .pages = pages};
        if (!shm->memory)
                return -1;
        shm->next = all;
        all = shm;
        return 0;
}

seL4_Word shm_map(struct shm *shm, vspace_t *vspace, seL4_Word vaddr, enum vspace_flags flags)
{
        struct shm_view *view = book_new(&views);

        if (!view)
                return 0;
        if (!shm->memory ||
            vspace_share(vspace_own(), shm->memory, shm->pages, vspace, vaddr, flags, &view->at)) {
                book_free(&views, view);
                return 0;
        }
        view->vspace = vspace;
        view->next = shm->first;
        shm->first = view;
        shm->views++;
        return view->at;
}

/* Take out the views in `vspace`, or all (NULL). */
static unsigned drop(struct shm *shm, const vspace_t *vspace)
{
        struct shm_view **link = &shm->first;
        unsigned count = 0;

        while (*link) {
                struct shm_view *view = *link;

                if (vspace && view->vspace != vspace) {
                        link = &view->next;
                        continue;
                }
                *link = view->next;
                (void)vspace_unmap(view->vspace, view->at, shm->pages);
                book_free(&views, view);
                count++;
        }
        shm->views -= count;
        return count;
}

int shm_unmap(struct shm *shm, vspace_t *vspace)
{
        return drop(shm, vspace) ? seL4_NoError : seL4_InvalidArgument;
}

unsigned shm_leave(vspace_t *vspace)
{
        unsigned count = 0;

        for (struct shm *shm = all; shm; shm = shm->next)
                count += drop(shm, vspace);
        return count;
}

void shm_destroy(struct shm *shm)
{
        struct shm **link = &all;

        while (*link && *link != shm)
                link = &(*link)->next;
        if (!*link)
                return;
        *link = shm->next;
        (void)drop(shm, NULL);
        (void)vspace_free_pages(vspace_own(), shm->memory, shm->pages);
        *shm = (struct shm){0};
}
