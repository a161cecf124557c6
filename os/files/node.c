/* SPDX-License-Identifier: BSD-2-Clause */
/* Making, naming and removing nodes; see node.h.  The table is in names.c, paths are in walk.c, content is in content.c, the room
 * on the disk in kept.c, what is there at the start in tree.c. */
#include "os/files/node.h"
#include "base/text.h"
#include "os/device/board.h"
#include "os/files/attribute.h"
#include "os/files/names.h"
#include "os/files/notice.h"
#include "sos/proto.h"

enum { NAMES_MAX = 65000 };

static unsigned leaving; /* nodes that nobody knows any more, with content */
/* How many directories may lie one in the other where this one is. */
static unsigned deepest(const struct node *directory)
{
        return directory->kept ? NODE_KEPT_DEPTH : NODE_DEPTH;
}

/* A directory's entries have changed. */
static void touch(struct node *directory)
{
        directory->changed = directory->status = board_date_us();
}

/* What else is reported of an entry. */
static uint32_t directory_bit(const struct node *n)
{
        return n->kind == NODE_DIRECTORY ? (uint32_t)NOTICE_DIRECTORY : 0;
}

/* Can the directory have one name more? */
static long has_room(const struct node *directory)
{
        if (!directory->named)
                return -SOS_ENOENT;
        if (node_read_only(directory))
                return -SOS_EROFS;
        if (node_depth(directory, node_root()) >= deepest(directory))
                return -SOS_ENAMETOOLONG;
        return (directory->kept && node_room_left() < NODE_ENTRY_BYTES) || !names_free_record() ? -SOS_ENOSPC
                                                                                                : 0;
}

static struct node *new_node(struct node *directory, enum node_kind kind)
{
        struct node *n = names_free_record();

        names_use(n, kind);
        n->changed = n->accessed = n->status = board_date_us();
        n->mode = kind == NODE_DIRECTORY ? 0755 : kind == NODE_LINK ? 0777 : kind >= NODE_NULL ? 0666 : 0644;
        n->by_content = kind == NODE_MEMORY;
        if (directory->kept)
                kept_add(n);
        return n;
}

long node_create(const struct node_place *place, enum node_kind kind, struct node **made)
{
        long error = place->node || !place->parent            ? -SOS_EEXIST
                     : place->slash && kind != NODE_DIRECTORY ? -SOS_EISDIR
                                                              : has_room(place->parent);

        if (error)
                return error;
        *made = new_node(place->parent, kind);
        (*made)->named = 1;
        names_put(*made, place->parent, place->name, strlen(place->name));
        touch(place->parent);
        notice_entry(place->parent, place->name, NOTICE_MADE | directory_bit(*made), 0);
        return 0;
}

struct node *node_nameless(void)
{
        return has_room(node_root()) ? NULL : new_node(node_root(), NODE_MEMORY);
}

long node_link(struct node *n, const struct node_place *place)
{
        long error = has_room(place->parent ? place->parent : node_root());
        struct node *alias;

        if (place->node || !place->parent)
                return -SOS_EEXIST;
        if (place->slash || !n->named)
                return -SOS_ENOENT;
        if (n->kind == NODE_DIRECTORY)
                return -SOS_EPERM;
        if (!node_is_own(n) || n->kept != place->parent->kept)
                return -SOS_EXDEV;
        if (error || n->named >= NAMES_MAX)
                return error ? error : -SOS_EMLINK;
        alias = new_node(place->parent, NODE_ALIAS);
        alias->target = (uint16_t)node_number(n);
        alias->next_alias = n->next_alias;
        n->next_alias = (uint16_t)node_number(alias);
        n->named++;
        n->status = board_date_us();
        names_put(alias, place->parent, place->name, strlen(place->name));
        touch(place->parent);
        notice_itself(n, NOTICE_CHANGED);
        notice_entry(place->parent, place->name, NOTICE_MADE, 0);
        return 0;
}

/* --- going --- */

static void release(struct node *n)
{
        if (n->named || n->opened)
                return;
        notice_gone(n);
        attribute_drop(n);
        if (!node_has_content(n) || node_drop_some(n)) {
                names_give(n);
                return;
        }
        n->kind = NODE_LEAVING;
        leaving++;
        frame_come(1);
}

bool node_leaving(void)
{
        return leaving > 0;
}

bool node_leave_some(void)
{
        struct node *n = node_root();

        if (!leaving)
                return false;
        while (n->kind != NODE_LEAVING)
                n++;
        if (node_drop_some(n)) {
                names_give(n);
                leaving--;
                frame_come(-1);
        }
        return leaving > 0;
}

void node_open(struct node *n)
{
        n->opened++;
}

void node_close(struct node *n)
{
        n->opened--;
        release(n);
}

/* A further name goes from the list of its node, and its record with it. */
static void drop_alias(struct node *alias)
{
        uint16_t *at = &node_at(alias->target)->next_alias;

        while (*at != node_number(alias))
                at = &node_at(*at)->next_alias;
        *at = alias->next_alias;
        kept_remove(alias);
        names_give(alias);
}

/* A name goes.  When it was a node's own, one of the further names becomes that. */
static void drop_name(struct node *record)
{
        struct node *n = names_meaning(record), *directory = node_parent(record);
        uint32_t what = NOTICE_REMOVED | directory_bit(n);
        char name[NODE_NAME_MAX];

        touch(directory);
        n->status = board_date_us();
        n->named--;
        memcpy(name, record->name, sizeof(name));
        names_take(record);
        if (record != n) {
                drop_alias(record);
        } else if (n->named) {
                struct node *alias = node_at(n->next_alias);

                names_take(alias);
                names_put(n, node_parent(alias), alias->name, strlen(alias->name));
                drop_alias(alias);
        } else {
                kept_remove(n);
        }
        if (n->kind != NODE_DIRECTORY)
                notice_itself(n, NOTICE_CHANGED);
        release(n);
        notice_entry(directory, name, what, 0);
}

/* The same for a path that ends in a directory without a name there. */
static long stays_unnamed(const struct node_place *place)
{
        if (!strcmp(place->name, "."))
                return -SOS_EINVAL;
        return place->node == node_root() ? -SOS_EBUSY : -SOS_ENOTEMPTY;
}

/* Why a name that is the last part of a path cannot go. */
static long stays(const struct node_place *place, bool directory)
{
        const struct node *n = place->node;

        if (place->parent && node_read_only(place->parent))
                return -SOS_EROFS;
        if (!n)
                return -SOS_ENOENT;
        if (!place->parent && directory)
                return stays_unnamed(place);
        if (directory != (n->kind == NODE_DIRECTORY))
                return directory ? -SOS_ENOTDIR : -SOS_EISDIR;
        if (!node_is_own(n))
                return -SOS_EACCES;
        return directory && n->children ? -SOS_ENOTEMPTY : 0;
}

long node_remove(const struct node_place *place, bool directory)
{
        long error = stays(place, directory);

        if (!error)
                drop_name(place->record);
        return error;
}

void node_vanish(struct node *n)
{
        drop_name(n);
}

/* --- another name --- */

static long cannot_hold(const struct node *directory, const struct node *n)
{
        if (n->kept != directory->kept)
                return -SOS_EXDEV;
        if (!directory->named)
                return -SOS_ENOENT;
        return node_depth(directory, node_root()) + 1 + names_height(n) > deepest(directory)
                       ? -SOS_ENAMETOOLONG
                       : 0;
}

/* Why what is at `from` cannot go to `to`, whatever exists there; 0 when it can. */
static long cannot_move(const struct node_place *from, const struct node_place *to)
{
        const struct node *n = from->node;

        if (!from->parent || !to->parent)
                return -SOS_EBUSY;
        if (from->parent->kept != to->parent->kept)
                return -SOS_EXDEV;
        if (node_read_only(to->parent))
                return -SOS_EROFS;
        if (!n)
                return -SOS_ENOENT;
        if (!node_is_own(n))
                return -SOS_EACCES;
        if ((to->slash || from->slash) && n->kind != NODE_DIRECTORY)
                return -SOS_ENOTDIR;
        if (to->parent == n || node_depth(to->parent, n))
                return -SOS_EINVAL;
        return cannot_hold(to->parent, n);
}

static void move(struct node *record, struct node *directory, const char *name)
{
        const struct node *n = names_meaning(record);
        uint32_t cookie = notice_cookie();

        notice_entry(node_parent(record), record->name, NOTICE_MOVED_FROM | directory_bit(n), cookie);
        touch(node_parent(record));
        touch(directory);
        names_meaning(record)->status = board_date_us();
        names_take(record);
        names_put(record, directory, name, strlen(name));
        notice_entry(directory, name, NOTICE_MOVED_TO | directory_bit(n), cookie);
        notice_itself(n, NOTICE_MOVED_ITSELF);
}

long node_rename(const struct node_place *from, const struct node_place *to)
{
        struct node *n = from->node, *old = to->node;
        long error = cannot_move(from, to);

        if (error || old == n)
                return error;
        if (old && old->kind != NODE_DIRECTORY && n->kind == NODE_DIRECTORY)
                return -SOS_ENOTDIR;
        if (old && old->kind == NODE_DIRECTORY && n->kind != NODE_DIRECTORY)
                return -SOS_EISDIR;
        error = old ? stays(to, n->kind == NODE_DIRECTORY) : 0;
        if (error)
                return error;
        if (old)
                drop_name(to->record);
        move(from->record, to->parent, to->name);
        return 0;
}

long node_exchange(const struct node_place *from, const struct node_place *to)
{
        struct node *parent = from->parent;
        char name[NODE_NAME_MAX];
        long error = !to->node ? -SOS_ENOENT : cannot_move(from, to);

        if (!error)
                error = cannot_move(to, from);
        if (error || from->record == to->record)
                return error;
        memcpy(name, from->name, sizeof(name));
        names_take(to->record);
        move(from->record, to->parent, to->name);
        names_put(to->record, parent, name, strlen(name));
        touch(parent);
        return 0;
}
