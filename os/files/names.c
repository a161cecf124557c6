/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of nodes and the names in it: which name in a directory means which node; see node.h.
 *
 * A name is a record: the node's own one, or, of further names of a file, one of kind NODE_ALIAS that says which node is meant.
 * Records with a name are linked in a chain by directory and name.  Cost: that of the chain, which does not grow with the tree.
 */
#include "os/files/names.h"
#include "base/text.h"

enum { BUCKETS = 1024 };

static struct node nodes[NODES];
static uint16_t bucket[BUCKETS]; /* first record of each chain; 0: none */
static uint32_t first_free = 1;  /* no free record before it */
static uint32_t behind_last = 1; /* no record in use from it on */
static uint32_t used;
static uint32_t generations;

struct node *node_root(void)
{
        return &nodes[0];
}

uint32_t node_number(const struct node *n)
{
        return (uint32_t)(n - nodes);
}

struct node *node_at(uint32_t number)
{
        return &nodes[number];
}

struct node *node_parent(const struct node *n)
{
        return &nodes[n->parent];
}

uint32_t names_end(void)
{
        return behind_last;
}

unsigned node_unused(void)
{
        return NODES - 1 - used;
}

void node_date(uint64_t us)
{
        for (uint32_t i = 0; i < names_end(); i++) {
                nodes[i].changed += us;
                nodes[i].accessed += us;
                nodes[i].status += us;
        }
}

struct node *names_free_record(void)
{
        while (first_free < NODES && nodes[first_free].kind != NODE_FREE)
                first_free++;
        return first_free < NODES ? &nodes[first_free] : NULL;
}

void names_use(struct node *n, enum node_kind kind)
{
        memset(n, 0, sizeof(*n));
        n->kind = (uint8_t)kind;
        n->generation = ++generations;
        used++;
        if (node_number(n) >= behind_last)
                behind_last = node_number(n) + 1;
}

void names_give(struct node *n)
{
        n->kind = NODE_FREE;
        used--;
        if (node_number(n) < first_free)
                first_free = node_number(n);
}

static uint16_t *chain(uint32_t directory, const char *name, size_t length)
{
        uint32_t mixed = directory * 0x9e3779b9u;

        for (size_t i = 0; i < length; i++)
                mixed = (mixed ^ (unsigned char)name[i]) * 0x01000193u;
        return &bucket[(mixed ^ mixed >> 15) % BUCKETS];
}

struct node *names_find(const struct node *directory, const char *name, size_t length)
{
        uint32_t number = *chain(node_number(directory), name, length);

        for (; number; number = nodes[number].next) {
                struct node *n = &nodes[number];

                if (n->parent == node_number(directory) && !strncmp(n->name, name, length) &&
                    !n->name[length])
                        return n;
        }
        return NULL;
}

void names_put(struct node *n, struct node *directory, const char *name, size_t length)
{
        uint16_t *first = chain(node_number(directory), name, length);

        if (name != n->name)
                memcpy(n->name, name, length);
        n->name[length] = '\0';
        n->parent = (uint16_t)node_number(directory);
        n->next = *first;
        n->in_directory = true;
        *first = (uint16_t)node_number(n);
        directory->children++;
}

void names_take(struct node *n)
{
        uint16_t *at = chain(n->parent, n->name, strlen(n->name));

        while (*at != node_number(n))
                at = &nodes[*at].next;
        *at = n->next;
        n->in_directory = false;
        nodes[n->parent].children--;
}

struct node *names_meaning(struct node *record)
{
        return record && record->kind == NODE_ALIAS ? &nodes[record->target] : record;
}

enum { OUTSIDE = 1, INSIDE };

/* INSIDE and the steps from a directory up to the one for which INSIDE is noted, or OUTSIDE; noted for all on the way. */
static unsigned note_steps(uint16_t *noted, uint32_t number)
{
        uint32_t end = number;
        unsigned steps = 0, result;

        for (; !noted[end]; end = nodes[end].parent)
                steps++;
        result = noted[end] == OUTSIDE ? OUTSIDE : noted[end] + steps;
        for (unsigned each = result; number != end; number = nodes[number].parent) {
                noted[number] = (uint16_t)each;
                each -= result != OUTSIDE;
        }
        return result;
}

unsigned names_height(const struct node *n)
{
        static uint16_t noted[NODES];
        unsigned most = 0;

        if (!n->children)
                return 0;
        memset(noted, 0, behind_last * sizeof(noted[0]));
        noted[0] = OUTSIDE;
        noted[node_number(n)] = INSIDE;
        for (uint32_t i = 1; i < behind_last; i++) {
                if (nodes[i].kind == NODE_DIRECTORY && nodes[i].children) {
                        unsigned steps = note_steps(noted, i);

                        most = steps > most ? steps : most;
                }
        }
        return most - INSIDE + 1;
}

struct node *node_next(const struct node *directory, uint64_t number)
{
        if (!directory->children)
                return NULL;
        for (uint64_t i = number ? number : 1; i < behind_last; i++) {
                struct node *n = &nodes[i];

                if (n->parent == node_number(directory) && n->in_directory && n->kind != NODE_FREE)
                        return n;
        }
        return NULL;
}

struct node *node_entry(const struct node *directory, unsigned position)
{
        struct node *n = node_next(directory, 0);

        while (n && position-- > 0)
                n = node_next(directory, node_number(n) + 1ull);
        return n;
}
