/* SPDX-License-Identifier: BSD-2-Clause */
/* Users of processes; see users.h. */
#include "os/process/users.h"

#define CAPABILITIES_FILES                                                                                   \
        (1ull << CAPABLE_CHOWN | 1ull << CAPABLE_OVERRIDE | 1ull << CAPABLE_SEARCH | 1ull << CAPABLE_OWNER | \
         1ull << CAPABLE_SET_ID | 1ull << CAPABLE_UNCHANGEABLE | 1ull << CAPABLE_DEVICES |                   \
         1ull << CAPABLE_LABELS)

void user_begin(struct user *u)
{
        *u = (struct user){
                .permitted = CAPABILITIES_ALL, .effective = CAPABILITIES_ALL, .bounding = CAPABILITIES_ALL};
}

static bool has_root(const struct user *u)
{
        return !u->user[USER_REAL] || !u->user[USER_EFFECTIVE] || !u->user[USER_SAVED];
}

/* User 0 for files has the capabilities that are about files. */
static void change_files(struct user *u, const struct user *before)
{
        if (!before->user[USER_FILES] && u->user[USER_FILES])
                u->effective &= ~CAPABILITIES_FILES;
        if (before->user[USER_FILES] && !u->user[USER_FILES])
                u->effective |= u->permitted & CAPABILITIES_FILES;
}

void user_changed(struct user *u, const struct user *before)
{
        if (u->bits & USER_NO_FIXUP)
                return;
        if (has_root(before) && !has_root(u)) {
                if (!(u->bits & USER_KEEPS))
                        u->permitted = u->effective = 0;
                u->ambient = 0;
        }
        if (!before->user[USER_EFFECTIVE] && u->user[USER_EFFECTIVE])
                u->effective = 0;
        else if (before->user[USER_EFFECTIVE] && !u->user[USER_EFFECTIVE])
                u->effective = u->permitted;
        else if (before->user[USER_EFFECTIVE] == u->user[USER_EFFECTIVE])
                change_files(u, before);
}

void user_hides(struct process *p, const struct user *before)
{
        const struct user *u = &p->user;

        if (u->user[USER_EFFECTIVE] == before->user[USER_EFFECTIVE] &&
            u->user[USER_FILES] == before->user[USER_FILES] &&
            u->group[USER_EFFECTIVE] == before->group[USER_EFFECTIVE] &&
            u->group[USER_FILES] == before->group[USER_FILES] && !(u->permitted & ~before->permitted))
                return;
        p->leader->traits.no_dump = true;
        p->leader->traits.parent_signal = 0;
}

/* Capabilities of a program that begins with these users. */
static void begin_with(struct user *u)
{
        bool root = !(u->bits & USER_NO_ROOT);

        u->permitted = u->ambient;
        if (root && (!u->user[USER_REAL] || !u->user[USER_EFFECTIVE]))
                u->permitted |= u->bounding | u->inheritable;
        u->effective = root && !u->user[USER_EFFECTIVE] ? u->permitted : u->ambient;
        u->bits &= (uint8_t)~USER_KEEPS;
}

bool user_program(struct user *u, const struct node *program, bool no_more)
{
        bool user = !no_more && program->mode & MODE_SET_USER;
        bool group = !no_more && rights_set_group(program), secure;

        if (user)
                u->user[USER_EFFECTIVE] = program->user;
        if (group)
                u->group[USER_EFFECTIVE] = program->group;
        u->user[USER_SAVED] = u->user[USER_FILES] = u->user[USER_EFFECTIVE];
        u->group[USER_SAVED] = u->group[USER_FILES] = u->group[USER_EFFECTIVE];
        secure = u->user[USER_REAL] != u->user[USER_EFFECTIVE] ||
                 u->group[USER_REAL] != u->group[USER_EFFECTIVE];
        if (user || group)
                u->ambient = 0;
        begin_with(u);
        return secure;
}

bool user_may_meet(const struct process *p, const struct process *other, enum capability above)
{
        const uint32_t *own = p->user.user, *others = other->user.user;

        return user_can(&p->user, above) || own[USER_EFFECTIVE] == others[USER_REAL] ||
               own[USER_EFFECTIVE] == others[USER_SAVED] || own[USER_REAL] == others[USER_REAL] ||
               own[USER_REAL] == others[USER_SAVED];
}

bool user_may_set(const struct process *p, const struct process *other)
{
        uint32_t own = p->user.user[USER_EFFECTIVE];

        return own == other->user.user[USER_EFFECTIVE] || own == other->user.user[USER_REAL] ||
               user_can(&p->user, CAPABLE_NICE);
}

/* All of the other one's are its real ones. */
static bool is_all(const uint32_t *ids, uint32_t id)
{
        return ids[USER_REAL] == id && ids[USER_EFFECTIVE] == id && ids[USER_SAVED] == id;
}

static bool may_look(const struct process *p, const struct process *other, enum capability above, unsigned as)
{
        return p->leader == other->leader || user_can(&p->user, above) ||
               (is_all(other->user.user, p->user.user[as]) && is_all(other->user.group, p->user.group[as]) &&
                !other->leader->traits.no_dump && !(other->user.permitted & ~p->user.permitted));
}

bool user_may_look(const struct process *p, const struct process *other, enum capability above)
{
        return may_look(p, other, above, USER_REAL);
}

/* As who it is for files. */
bool user_may_see(const struct process *p, const struct process *other)
{
        return may_look(p, other, CAPABLE_TRACE, USER_FILES);
}
