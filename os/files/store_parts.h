/* SPDX-License-Identifier: BSD-2-Clause */
/* Between store.c and store_load.c. */
#pragma once

#include "os/device/block.h"
#include "os/device/label.h"

enum { STORE_BUFFERS = 16 };

/* A page on its way to or from the device. */
struct store_buffer {
        struct block_request request; /* first: a request is found by it */
        void *data;
        uint64_t paddr;
        bool busy;
};

struct store_found {
        uint64_t blocks; /* of the device */
        struct disk_areas areas;
        unsigned current;
        uint64_t generation;
        bool in_use;  /* it has something else, and is left alone */
        bool foreign; /* it has a file system of others (volume.h), and no areas */
};

struct node;

/* Read the label, or make one on a fresh device.  False, with a line on the console: the device cannot be used. */
bool store_find(struct store_found *found, struct store_buffer *buffers);

/* The pass that a program makes (volume.h) ends so; or begins anew, for another program goes on. */
void store_pass_ends(bool good, const char *why);
void store_pass_anew(void);

/* Read the newer whole half into `root`; no files when there is none.  False: it did not fit. */
bool store_load(struct store_found *found, struct store_buffer *buffers, struct node *root);
