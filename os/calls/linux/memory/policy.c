/* SPDX-License-Identifier: BSD-2-Clause */
/* Where memory is to be, on a machine with one node: policies of threads and of regions are checked, kept and told as Linux does it, and
 * pages are where they can be. */
#include "base/text.h"
#include "os/calls/linux/posix.h"
#include "os/process/users.h"

enum { DEFAULT, PREFERRED, BIND, INTERLEAVE, LOCAL, SEVERAL, MODES };
enum { STATIC = 0x8000, RELATIVE = 0x4000, BALANCING = 0x2000, KEPT_AS_GIVEN = STATIC | RELATIVE };
enum { NODES_MOST = 16, OWN = 1, MOVE = 2, MOVE_ALL = 4 };

/* A set of nodes, of one bit less than `most`. */
static long read_nodes(struct process *p, seL4_Word va, seL4_Word most, uint16_t *nodes)
{
        static uint64_t words[PAGE / 8];
        seL4_Word bits = most - 1, count = (bits + 63) / 64;

        *nodes = 0;
        if (!bits || !va)
                return 0;
        if (bits > PAGE * 8)
                return -SOS_EINVAL;
        if (!space_read(p->space, va, words, count * sizeof(*words)))
                return -SOS_EFAULT;
        if (bits % 64)
                words[count - 1] &= (1ull << bits % 64) - 1;
        for (seL4_Word i = 0; i < count; i++) {
                if (i ? words[i] : words[i] >> NODES_MOST)
                        return -SOS_EINVAL;
        }
        *nodes = (uint16_t)words[0];
        return 0;
}

static bool is_mode(uint32_t wanted)
{
        uint32_t mode = wanted & ~(uint32_t)(KEPT_AS_GIVEN | BALANCING);

        return mode < MODES && (wanted & KEPT_AS_GIVEN) != KEPT_AS_GIVEN &&
               (!(wanted & BALANCING) || mode == BIND);
}

/* What becomes of a mode and nodes; false: they do not fit, or none of the nodes is there. */
static bool make(uint32_t wanted, uint16_t nodes, struct memory_policy *made)
{
        uint32_t flags = wanted & (KEPT_AS_GIVEN | BALANCING), mode = wanted & ~flags;

        *made = (struct memory_policy){0, 0};
        if (mode == DEFAULT)
                return !nodes;
        if (mode == LOCAL || (mode == PREFERRED && !nodes)) {
                made->mode = LOCAL;
                return !nodes && !flags;
        }
        made->mode = (uint16_t)wanted;
        made->nodes = flags & KEPT_AS_GIVEN ? nodes : OWN;
        return flags & RELATIVE ? nodes : nodes & OWN;
}

long posix_set_mempolicy(struct process *p)
{
        uint32_t mode = (uint32_t)p->call.argument[0];
        struct memory_policy made;
        uint16_t nodes;
        long error;

        if (!is_mode(mode))
                return -SOS_EINVAL;
        error = read_nodes(p, p->call.argument[1], p->call.argument[2], &nodes);
        if (!error && !make(mode, nodes, &made))
                error = -SOS_EINVAL;
        if (error)
                return error;
        p->memory_policy = made;
        return 0;
}

/* --- asking --- */

enum { OF_NODE = 1, OF_ADDRESS = 2, ALLOWED = 4 };

/* The policy that is asked about; what is told of it instead of its mode is 0, the node. */
static long asked(struct process *p, seL4_Word flags, struct memory_policy *of)
{
        seL4_Word va = p->call.argument[3];
        const struct region *r = flags & OF_ADDRESS ? space_find(p->space, va) : NULL;
        void *data;

        *of = p->memory_policy;
        if (flags & ALLOWED) {
                *of = (struct memory_policy){0, OWN};
                return flags & (OF_NODE | OF_ADDRESS) ? -SOS_EINVAL : 0;
        }
        if (!(flags & OF_ADDRESS))
                return va || (flags & OF_NODE && of->mode % STATIC % RELATIVE != INTERLEAVE) ? -SOS_EINVAL
                                                                                             : 0;
        if (!r || (flags & OF_NODE && space_touch(p->space, va, SPACE_READ, &data) != SPACE_OK))
                return -SOS_EFAULT;
        *of = r->policy;
        return 0;
}

static bool write_nodes(struct process *p, seL4_Word va, seL4_Word most, uint64_t nodes)
{
        static uint64_t words[PAGE / 8];
        seL4_Word bytes = (most - 1 + 63) / 64 * 8;

        words[0] = nodes;
        return space_write(p->space, va, words, bytes);
}

static long tell(struct process *p, const struct memory_policy *of)
{
        seL4_Word mode_va = p->call.argument[0], va = p->call.argument[1];
        int32_t mode = p->call.argument[4] & (OF_NODE | ALLOWED) ? 0 : of->mode;

        if (mode_va && !space_write(p->space, mode_va, &mode, sizeof(mode)))
                return -SOS_EFAULT;
        return !va || write_nodes(p, va, p->call.argument[2], of->nodes) ? 0 : -SOS_EFAULT;
}

long posix_get_mempolicy(struct process *p)
{
        seL4_Word most = p->call.argument[2], flags = p->call.argument[4];
        struct memory_policy of;
        long error;

        if (p->call.argument[1] && (!most || most - 1 > PAGE * 8))
                return -SOS_EINVAL;
        if (flags & ~(seL4_Word)(OF_NODE | OF_ADDRESS | ALLOWED))
                return -SOS_EINVAL;
        error = asked(p, flags, &of);
        return error ? error : tell(p, &of);
}

/* --- regions --- */

/* A range of whole pages that has something in it: 1; 0; or an error. */
static long range(seL4_Word start, seL4_Word bytes, seL4_Word *end)
{
        *end = start + ((bytes + PAGE - 1) & ~(seL4_Word)(PAGE - 1));
        if (start % PAGE)
                return -SOS_EINVAL;
        if (start >= SPACE_TOP)
                return -SOS_EFAULT;
        return *end < start ? -SOS_EINVAL : *end > start;
}

static long check_range(struct process *p, seL4_Word *end)
{
        seL4_Word flags = p->call.argument[5];

        if (flags & ~(seL4_Word)(OWN | MOVE | MOVE_ALL))
                return -SOS_EINVAL;
        if (flags & MOVE_ALL && !user_can(&p->user, CAPABLE_NICE))
                return -SOS_EPERM;
        return range(p->call.argument[0], p->call.argument[1], end);
}

static long mark(struct process *p, seL4_Word end, const struct memory_policy *made)
{
        seL4_Word start = p->call.argument[0], at = start + p->call.vector;
        bool all;

        if (!p->call.vector && !space_split(p->space, start, end))
                return -SOS_ENOMEM;
        all = region_policy_some(p->space, end, made, &at);
        p->call.vector = at - start;
        return all ? 0 : call_pauses(p);
}

long posix_mbind(struct process *p)
{
        uint32_t mode = (uint32_t)p->call.argument[2];
        struct memory_policy made;
        uint16_t nodes;
        seL4_Word end = 0;
        long error =
                is_mode(mode) ? read_nodes(p, p->call.argument[3], p->call.argument[4], &nodes) : -SOS_EINVAL;
        long some = error ? error : check_range(p, &end);

        if (some <= 0)
                return some;
        if (!make(mode, nodes, &made))
                return -SOS_EINVAL;
        error = posix_look_over(p, p->call.argument[0], end, 0);
        if (error)
                return error == -SOS_ENOMEM ? -SOS_EFAULT : error;
        return mark(p, end, &made);
}

/* Those that have one which can have a home. */
long posix_set_home_node(struct process *p)
{
        seL4_Word start = p->call.argument[0], end;
        long some = p->call.argument[3] || p->call.argument[2] ? -SOS_EINVAL
                                                               : range(start, p->call.argument[1], &end);
        struct region_place place;
        const struct region *r;

        if (some <= 0)
                return some;
        if (!p->call.vector)
                p->call.place = SOS_ENOENT;
        while ((r = space_from(p->space, start + p->call.vector, &place)) != NULL && r->start < end) {
                unsigned mode = r->policy.mode % BALANCING;

                if (mode != DEFAULT && mode != BIND && mode != SEVERAL)
                        return -SOS_EOPNOTSUPP;
                p->call.place = mode ? 0 : p->call.place;
                p->call.vector = r->end - start;
                if (!call_goes_on(p, 1))
                        return CALL_NO_VALUE;
        }
        return -(long)p->call.place;
}

/* --- pages that are to move --- */

static long other(struct process *p, struct process **target)
{
        int pid = (int)p->call.argument[0];

        *target = !pid ? p : pid < 0 ? NULL : thread_find(pid);
        if (!*target || !thread_lives(*target))
                return -SOS_ESRCH;
        return user_may_look(p, *target, CAPABLE_TRACE) ? 0 : -SOS_EPERM;
}

/* All are on the one node already. */
long posix_migrate_pages(struct process *p)
{
        uint16_t from, to;
        struct process *target;
        long error = read_nodes(p, p->call.argument[2], p->call.argument[1], &from);

        if (!error)
                error = read_nodes(p, p->call.argument[3], p->call.argument[1], &to);
        if (!error)
                error = other(p, &target);
        if (!error && to & ~OWN && !user_can(&p->user, CAPABLE_NICE))
                error = -SOS_EPERM;
        return error ? error : to & OWN ? 0 : -SOS_EINVAL;
}

/* Where a page is: on node 0, or nowhere. */
static int32_t place_of(struct process *t, seL4_Word va)
{
        const struct region *r = t->space && va < SPACE_TOP ? space_find(t->space, va) : NULL;
        const struct page *page = r && r->kind != REGION_BUFFER ? space_page(t->space, va) : NULL;

        return page && page->frame ? 0 : -SOS_EFAULT;
}

static long move_one(struct process *p, struct process *t, seL4_Word i)
{
        seL4_Word nodes = p->call.argument[3], va;
        int32_t node = 0;

        if (!space_read(p->space, p->call.argument[2] + i * sizeof(va), &va, sizeof(va)) ||
            (nodes && !space_read(p->space, nodes + i * sizeof(node), &node, sizeof(node))))
                return -SOS_EFAULT;
        if (node)
                return -SOS_ENODEV;
        node = place_of(t, va);
        return space_write(p->space, p->call.argument[4] + i * sizeof(node), &node, sizeof(node))
                       ? 0
                       : -SOS_EFAULT;
}

long posix_move_pages(struct process *p)
{
        seL4_Word flags = p->call.argument[5];
        struct process *target;
        long error;

        if (flags & ~(seL4_Word)(MOVE | MOVE_ALL))
                return -SOS_EINVAL;
        if (flags & MOVE_ALL && !user_can(&p->user, CAPABLE_NICE))
                return -SOS_EPERM;
        error = other(p, &target);
        for (; !error && p->call.progress < p->call.argument[1]; p->call.progress++) {
                if (!call_goes_on(p, 1))
                        return CALL_NO_VALUE;
                error = move_one(p, target, p->call.progress);
        }
        return error;
}
