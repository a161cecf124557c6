/* SPDX-License-Identifier: BSD-2-Clause */
/* The receive phase of a system call: everything is looked up first; after that nothing can stop it (spec ipc.md 5.3, 11).
 *
 * Level 15.  Inside the trap room.  What is found holds until user level runs again, or anything but a message is sent: a
 * two-phase call looks up both its phases before the first one has an effect, so it is one step for everybody else.
 */
#pragma once

#include "invoke/request.h"

struct receive {
        bool with_reply, blocking;
        bool found; /* the rest is known */
        word bad;   /* the name that led to `fault`, if its type is not LOOKUP_OK */
        struct lookup_fault fault;
        struct slot *slot;
        struct reply *reply;
        struct message_caps caps;
};

/* Look up what the registers of `t` name.  `after`: what a message will have changed by then.  AGAIN: that took long, and an interrupt
 * waits; nothing has happened.  Cost: six lookups. */
enum outcome receive_find(struct thread *t, struct receive *how, const struct message_effect *after);

/* The same if the invocation `first` comes before and is a message, which may take away the time that stopping the caller would need
 * (ipc.md 9); for other invocations nothing is looked up yet. */
enum outcome receive_find_ahead(const struct request *first, struct receive *how);

/* Receive with what was found. */
void receive(struct thread *t, const struct receive *how);
