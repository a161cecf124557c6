/* SPDX-License-Identifier: BSD-2-Clause */
/* Extended attributes of files and directories in memory: names with values, which mean nothing here.
 *
 * All of a node lie in one frame, which it takes with the first one, as ext4 keeps them in a block; what does not fit is refused
 * (-SOS_ENOSPC).
 * Nodes that are kept on a disk have none, for its archive has no place for them.
 *
 * Results: bytes or 0, or -SOS_E*.  Cost: that of a page.
 */
#pragma once

#include "os/files/node.h"

enum { ATTRIBUTE_NAME_MAX = 255 };

/* What becomes of a name that has a value already, or has none. */
enum attribute_set { ATTRIBUTE_EITHER, ATTRIBUTE_CREATE, ATTRIBUTE_REPLACE };

/* Can it have any? */
bool attribute_possible(const struct node *n);

/* A value, if `size` is enough (0: only its length); -SOS_ENODATA, -SOS_ERANGE. */
long attribute_get(const struct node *n, const char *name, void *to, size_t size);
long attribute_set(struct node *n, const char *name, const void *value, size_t size, enum attribute_set how);
long attribute_remove(struct node *n, const char *name);

/* The names, each with its NUL. */
long attribute_list(const struct node *n, char *to, size_t size);

/* The node goes. */
void attribute_drop(struct node *n);
