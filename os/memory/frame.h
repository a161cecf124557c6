/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames of RAM for processes, files and the server's own books, by numbers of 32 bits that fit many to a page.
 *
 * Frames are made in groups, from one piece of untyped memory and by one call of the kernel, and are kept when they are free.  The
 * capability of a frame, `lent`, is for one page of an address space: giving a process a page is one call of the kernel, and taking
 * it another one.  When the server looks into a frame for the first time, the frame gets a second capability, through which the
 * server maps it from then on, at an address that follows from its number: many pages are only ever seen by their process.
 * Free frames beyond a part of RAM go back in whole groups.  Frames full of zeros are marked; when the processor is idle more
 * are cleared.
 *
 * A large group is one object of 2 MiB for a whole leaf of an address space (large.h), and goes back when none of its frames has a user.
 * They have numbers and content as others have, but no capability for a page.
 *
 * Taking one may evict pages of processes (swap.h), so few are ever missing.
 * Cost: constant, without a kernel call unless frames have to be made.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sel4/sel4.h>
#include <ut/ut.h>

typedef uint32_t frame_id; /* 0: none */

enum { PAGE = 4096 };

enum {
        FRAME_GROUP = 16,        /* made at once */
        FRAME_LARGE = 512,       /* in a large group; its first number is a multiple of that */
        FRAMES_MAX = 1 << 19,    /* in use */
        FRAME_NUMBERS = 1 << 20, /* with those that groups of one frame leave out */
        FRAME_FREE_PART = 32,    /* of RAM that free frames may hold */

};

struct frame {
        uint32_t next; /* in the list of those that are free */
        union {
                uint32_t before; /* there */
                uint32_t
                        code; /* in use: the page of the addresses where instruction fetches see the content; 0: none */
        };
        uint32_t users;      /* 0: free */
        uint32_t lent;       /* for a page of an address space */
        uint32_t own;        /* through which the server maps it, once it is `shown` */
        uint16_t pins;       /* transfers: not to be evicted */
        uint8_t in_use : 1;  /* `lent` belongs to a page */
        uint8_t zero : 1;    /* it was full of zeros when it was taken, or is, being free */
        uint8_t shown : 1;   /* the server maps it */
        uint8_t of_file : 1; /* files were given it, and somebody has it still */
        uint8_t large : 1; /* of a large group; all but users, pins, filling is its first one's, whose `next` counts those without users */
        uint8_t filling : 1; /* a device writes there (hold.h) */
        uint8_t free : 1;    /* it is in a list */
        uint8_t group_free;  /* the first of a group: how many of it are free */
        ut_t *memory;        /* the first of a group */
};
_Static_assert(sizeof(struct frame) == 32, "a power of two");

#define FRAMES_PLACE   0x8200000000ull /* where the server maps them, by number */
#define FRAMES_RECORDS 0x8100000000ull /* their records */

static inline struct frame *frame_record(frame_id f)
{
        return (struct frame *)FRAMES_RECORDS + f;
}

/* The content of a frame of the server's own. */
static inline unsigned char *frame_data(frame_id f)
{
        return (unsigned char *)(FRAMES_PLACE + (uint64_t)f * PAGE);
}

/* The server maps `f`, which it has not looked into so far.  Cost: two calls of the kernel. */
void frame_show(frame_id f);

/* The content of any frame. */
static inline unsigned char *frame_look(frame_id f)
{
        if (!frame_record(f)->shown)
                frame_show(f);
        return frame_data(f);
}

static inline frame_id frame_of(const void *data)
{
        return (frame_id)(((uint64_t)data - FRAMES_PLACE) / PAGE);
}

/* Once. */
void frame_init(void);

/* The most frames in use; 0: FRAMES_MAX. */
void frame_limit(size_t most);

/* So many of those in use are the system's own (drivers) and do not count; fewer, when negative. */
void frame_aside(long frames);

/* A frame with undefined content, or one full of zeros; one user.  0 when out of memory or the limit is reached; then
 * swap_awaited says whether it is worth trying again. */
frame_id frame_take(void);
frame_id frame_take_zero(void);

/* The same for what stays when a program ends: away from the others, so that what those had lies together again. */
frame_id frame_take_apart(void);

/* The same, full of zeros, for a page of a process: the server may never look into it (frame_look). */
frame_id frame_take_page(void);

/* A large group, full of zeros, each of its frames with one user: its first number.  0: there is none, or memory is not plentiful.
 * Cost: that of clearing 2 MiB. */
frame_id frame_take_large(void);

/* The first frame of its large group. */
static inline frame_id frame_large_first(frame_id f)
{
        return f & ~(frame_id)(FRAME_LARGE - 1);
}

/* It becomes content of a file, until nobody has it any more: whoever is last, the file, a copy of it, a process or a transfer. */
void frame_give_to_file(frame_id f);

/* Remove a user, add one; 0 is ignored. */
void frame_drop(frame_id f);
void frame_share(frame_id f);

/* Frames in use, free ones that exist, the limit, how many of those in use are files' (frame_give_to_file), and large groups. */
struct frame_counts {
        size_t used, free, limit, files, large;
};
struct frame_counts frame_counts(void);

/* All that there can be. */
size_t frame_total(void);

/* Those that can still be taken. */
size_t frame_available(void);

/* When there is nothing else to do: make a few ready.  True: there is more to do. */
bool frame_prepare(void);
bool frame_wants_prepared(void);

/* Something that holds frames is being freed piece by piece (1), or is freed (-1): meanwhile there will be more memory, and those who wait
 * for it (swap_queue) are rung for with each piece. */
void frame_come(int more);
bool frame_comes(void);

static inline uint32_t frame_users(frame_id f)
{
        return frame_record(f)->users;
}

/* Transfers (pins) are users, too, but do not share the content. */
static inline bool frame_shared(frame_id f)
{
        const struct frame *frame = frame_record(f);

        return frame->users - frame->pins > 1;
}

/* For devices. */
static inline uint64_t frame_paddr(frame_id f)
{
        unsigned group = frame_record(f)->large ? FRAME_LARGE : FRAME_GROUP;
        const struct frame *first = frame_record(f & ~(frame_id)(group - 1));

        return ut_paddr(first->memory) + (uint64_t)(f % group) * PAGE;
}
