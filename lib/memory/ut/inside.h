/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the ut library share. */
#pragma once

#include <ut/ut.h>

enum ut_state {
        UT_UNUSED = 0, /* a record without a piece */
        UT_FREE,
        UT_USED,
        UT_SPLIT,
        UT_JOINING, /* a half on its way out */
};

enum {
        UT_TYPES = seL4_ObjectTypeCount + 1, /* all types, and `not known` */
        UT_ROOTS_MAX = 256,                  /* the boot information has room for 230 untypeds */
        ONE_GROWTH = MAPPING_SLOTS + 2,      /* 4 KiB pieces that growing a CSpace once may take */
        UT_PAIRS_SPARE = 96, /* pairs kept ready: splitting from the largest to the smallest size takes 43 */
};

struct ut_list {
        ut_t *first;
        size_t count;
};

/* Two halves of one piece; made and freed together. */
struct ut_pair {
        ut_t half[2];
};

struct ut_pool {
        cspace_t *cspace;
        struct ut_list free[UT_MAX_BITS + 1];     /* RAM pieces that can be handed out */
        struct ut_list joinable[UT_MAX_BITS + 1]; /* split RAM pieces whose halves are both free */
        ut_t *root[UT_ROOTS_MAX];                 /* sorted by address */
        unsigned roots;
        struct ut_pair *spare; /* unused pairs, linked through half[0].next */
        size_t spares;
        char *seed, *seed_end;    /* static memory for the first records */
        size_t objects[UT_TYPES]; /* pieces in use, by what they hold */
        size_t total, used, peak, reserve, splits, merges;
        bool refilling;
};

extern struct ut_pool ut_pool;

void ut_list_push(struct ut_list *list, ut_t *piece);
void ut_list_drop(struct ut_list *list, ut_t *piece);

bool ut_is_root(const ut_t *piece);
ut_t *ut_buddy(ut_t *piece);

/* Is slot allocation forbidden because the CSpace library is asking for memory? */
bool ut_nested(void);

struct ut_pair *ut_pair_new(void);
void ut_pair_free(struct ut_pair *pair);
bool ut_pair_more(void);
void ut_pairs_trim(void);

bool ut_split(ut_t *piece);
bool ut_join(ut_t *piece);
void ut_became_free(ut_t *piece);
void ut_no_longer_free(ut_t *piece);
