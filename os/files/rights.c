/* SPDX-License-Identifier: BSD-2-Clause */
/* Who may do what with a file; see rights.h. */
#include "os/files/rights.h"
#include "os/server/proc.h"
#include "sos/proto.h"

enum { ALL_RIGHTS = 7 };

bool user_in_group(const struct user *u, uint32_t group)
{
        unsigned from = 0, end = u->groups;

        while (from < end) { /* setgroups has sorted them */
                unsigned middle = (from + end) / 2;

                if (u->further[middle] < group)
                        from = middle + 1;
                else
                        end = middle;
        }
        return group == u->group[USER_FILES] || (from < u->groups && u->further[from] == group);
}

/* Whether a file that nobody has given a mode is a program depends on what it holds. */
static unsigned given(const struct user *u, const struct node *n)
{
        unsigned mode = n->mode | (n->by_content && node_executable(n) ? 0111u : 0);

        if (n->user == u->user[USER_FILES])
                return mode >> 6 & ALL_RIGHTS;
        if (!((mode >> 3 ^ mode) & ALL_RIGHTS)) /* the same for both: nobody looks through groups */
                return mode & ALL_RIGHTS;
        return (user_in_group(u, n->group) ? mode >> 3 : mode) & ALL_RIGHTS;
}

static bool is_above(const struct user *u, const struct node *n, unsigned wanted)
{
        bool directory = n->kind == NODE_DIRECTORY;

        if (user_can(u, CAPABLE_OVERRIDE) && (directory || !(wanted & RIGHT_EXECUTE) || node_executable(n)))
                return true;
        return user_can(u, CAPABLE_SEARCH) && (directory ? !(wanted & RIGHT_WRITE) : wanted == RIGHT_READ);
}

bool rights_allow(const struct user *u, const struct node *n, unsigned wanted)
{
        if (!u)
                return true;
        return (is_above(u, n, wanted) || !(wanted & ~given(u, n)) ||
                (!(wanted & RIGHT_WRITE) && proc_is_own(n))) &&
               !(n->kind == NODE_REPORT && proc_refuses(n));
}

bool rights_own(const struct user *u, const struct node *n)
{
        return n->user == u->user[USER_FILES] || user_can(u, CAPABLE_OWNER);
}

long rights_add(const struct user *u, const struct node_place *place)
{
        if (place->node || !place->parent) /* what is wrong with that is said elsewhere */
                return 0;
        return rights_allow(u, place->parent, RIGHT_WRITE | RIGHT_EXECUTE) ? 0 : -SOS_EACCES;
}

long rights_remove(const struct user *u, const struct node_place *place)
{
        const struct node *above = place->parent;

        if (!place->node || !above)
                return 0;
        if (!rights_allow(u, above, RIGHT_WRITE | RIGHT_EXECUTE))
                return -SOS_EACCES;
        return above->mode & MODE_STICKY && !rights_own(u, place->node) && !rights_own(u, above) ? -SOS_EPERM
                                                                                                 : 0;
}

long rights_name(const struct user *u, const struct node *n)
{
        bool trusted = n->mode & MODE_SET_USER || rights_set_group(n);

        if (rights_own(u, n))
                return 0;
        return n->kind != NODE_MEMORY || trusted || !rights_allow(u, n, RIGHT_READ | RIGHT_WRITE) ? -SOS_EPERM
                                                                                                  : 0;
}

void rights_written(const struct user *u, struct node *n)
{
        if (n->mode & (MODE_SET_USER | MODE_SET_GROUP) && !user_can(u, CAPABLE_SET_ID))
                n->mode &= (uint16_t) ~(rights_set_group(n) ? MODE_SET_USER | MODE_SET_GROUP : MODE_SET_USER);
}
