/* SPDX-License-Identifier: BSD-2-Clause */
/* A disk with a file system of others: a program (drivers/ext2) knows it, and reads the tree from it and writes changes
 * to it.  This is its way to the disk and to the tree (sos/volume.h); store.c decides when there is something to write.
 *
 * Requests of the program are calls that wait like others.  It is not believed: it can do wrong to the disk and to what
 * is below /disk.  When it ends, it starts again, and a pass that it had begun is made anew;
 * after VOLUME_FRUITLESS ends without any result, no more.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct node;
struct wait_queue;

enum { VOLUME_FRUITLESS = 3 };

/* Does the first page of a disk say that there is one? */
bool volume_is_there(const void *page);

/* `run_program` starts the program, with such a file as its SOS_VOLUME; false: it cannot. */
void volume_open(uint64_t pages, bool read_only, struct node *root, bool (*run_program)(void));

/* What is known now.  VOLUME_LOST: it will not be mounted, or its program does not come back. */
enum volume_now { VOLUME_MOUNTS, VOLUME_READ_ONLY, VOLUME_MOUNTED, VOLUME_LOST };
enum volume_now volume_now(void);
uint64_t volume_room(void);

/* Start the program when there is none. */
void volume_settle(void);

/* There are changes: an archive can be read. */
void volume_begin_pass(void);

/* The program's calls, and the end of its file.  Bytes, FILE_BLOCKS, or -SOS_E*. */
long volume_read(uint64_t at, void *to, size_t size);
long volume_write(uint64_t at, const void *from, size_t size);
struct wait_queue *volume_queue(void);
void volume_closed(void);
