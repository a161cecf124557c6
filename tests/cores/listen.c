/* SPDX-License-Identifier: BSD-2-Clause */
/* Listeners on cores 3, 0 and 2, to whom the callers on cores 1 and 2 send letters (docs/smp.md, "The mailbox"), and what may happen to
 * them meanwhile. */
#include "invoke/labels.h"
#include "mem/retype.h"
#include "tests/cores/made.h"
#include "tests/lib/test.h"

enum { URGENT, LIKE_ROOT, AT_DESK, BEHIND, BADGE_AT_HOME = 8, SLICE = 10000 };

/* The last one waits behind the second. */
static const word core_of_listener[LISTENERS] = {3, 0, 3, 2},
                  heard_by[LISTENERS] = {URGENT, LIKE_ROOT, AT_DESK, LIKE_ROOT};

static word tcb_of(word listener)
{
        return at(LISTENER) + listener * USER_THREAD_SLOTS;
}

static word badged(word listener, word me)
{
        return at(HEARD_BADGED) + listener * CALLERS + me;
}

/* By the user level of core 0. */
void make_listeners(void)
{
        struct message bind = about(LABEL_TCB_BIND_NOTIFICATION, 0, 0, 0, at(HEARD) + AT_DESK);
        word memory = user_memory();

        CHECK_EQUAL(user_retype(memory, OBJECT_NOTIFICATION, 0, at(HEARD), LISTENERS), 0);
        CHECK_EQUAL(user_retype(memory, OBJECT_ENDPOINT, 0, at(LISTEN_DESK), 1), 0);
        CHECK_EQUAL(user_retype(memory, OBJECT_REPLY, 0, at(LISTEN_TICKET), 1), 0);
        for (word i = 0; i < LISTENERS; i++) {
                for (word me = 0; me < CALLERS; me++)
                        CHECK_EQUAL(user_mint(at(HEARD) + i, badged(i, me), RIGHTS, 1 + me), 0);
                w.listener[i] = thread_on(core_of_listener[i], LISTENER + i * USER_THREAD_SLOTS,
                                          i == BEHIND ? HIGH : HIGH + 1 + i);
        }
        thread_on(0, READY, LOW);
        CHECK_EQUAL(user_mint(at(HEARD) + LIKE_ROOT, at(HEARD_AT_HOME), RIGHTS, BADGE_AT_HOME), 0);
        CHECK_EQUAL(user_invoke(tcb_of(AT_DESK), &bind), 0);
}

static struct job invoke(word cptr, struct message m)
{
        return (struct job){.number = USER_CALL, .cptr = cptr, .message = m};
}

static void listen(word i)
{
        w.listening[i] = (struct job){.thread = w.listener[i],
                                      .number = i == AT_DESK ? USER_RECV : USER_WAIT,
                                      .cptr = i == AT_DESK ? at(LISTEN_DESK) : at(HEARD) + heard_by[i],
                                      .reply = at(LISTEN_TICKET),
                                      .repeats = true};
        machine_ask(&w.listening[i]);
        machine_run();
}

static struct job set_priority(word tcb, word priority)
{
        return invoke(tcb, about(LABEL_TCB_SET_PRIORITY, 1, priority, 0, SLOT_INIT_TCB));
}

void begin_listening(void)
{
        w.resuming = set_priority(SLOT_INIT_TCB, EQUAL);
        w.resuming.thread = w.root = this_core()->current;
        machine_ask(&w.resuming);
        for (word i = LISTENERS; i-- > 0;)
                listen(i);
}

/* All wait again, so what they wait at is at home with them; the one like core 0's first thread, and the one behind it, get their
 * priorities only now, since they do not run any more, and so does another one like it, which is ready. */
void end_listening(void)
{
        for (word i = 0; i < BEHIND; i++) {
                ask_and_wait(0, (struct job){.number = USER_SEND, .cptr = badged(i, 0)});
                machine_run();
                CHECK_EQUAL(w.listening[i].badge, 1);
                w.listening[i].badge = 0;
        }
        ask_and_wait(0, set_priority(tcb_of(LIKE_ROOT), EQUAL));
        ask_and_wait(0, set_priority(tcb_of(BEHIND), LOW));
        ask_and_wait(0, set_priority(at(READY), EQUAL));
}

static struct job signal_to(word listener, word me)
{
        return (struct job){.number = USER_SEND, .cptr = badged(listener, me)};
}

static struct message slot(word label, word slot)
{
        return about(label, 2, slot, DEPTH, 0);
}

static struct message move(void)
{
        return (struct message){.label = LABEL_SCHED_CONTROL_CONFIGURE_FLAGS,
                                .length = 5,
                                .word = {SLICE, SLICE},
                                .caps = 1,
                                .cap = {tcb_of(URGENT) + 1}};
}

static struct job job_about(enum operation operation, word me)
{
        switch (operation) {
        case DO_ALARM:
                return signal_to(URGENT, me);
        case DO_CHIME:
                return signal_to(LIKE_ROOT, me);
        case DO_RING:
                return signal_to(AT_DESK, me);
        case DO_HOME_CHIME:
                return (struct job){.number = USER_SEND, .cptr = at(HEARD_AT_HOME)};
        case DO_HOME_POLL:
        case DO_FAR_LISTEN:
                return (struct job){.number = USER_NBWAIT,
                                    .cptr = at(HEARD) + (operation == DO_HOME_POLL ? LIKE_ROOT : URGENT)};
        case DO_MOVE_EAR:
                return invoke(w.control + 1 + me, move());
        case DO_STOP_EAR:
                return invoke(tcb_of(URGENT), about(LABEL_TCB_SUSPEND, 0, 0, 0, 0));
        case DO_DELETE_ALARM:
                return invoke(SLOT_INIT_CNODE, slot(LABEL_CNODE_DELETE, badged(URGENT, !me)));
        case DO_REVOKE_ALARM:
                return invoke(SLOT_INIT_CNODE, slot(LABEL_CNODE_REVOKE, at(HEARD) + URGENT));
        default:
                return invoke(tcb_of(AT_DESK), about(LABEL_TCB_UNBIND_NOTIFICATION, 0, 0, 0, 0));
        }
}

void ask_about_listeners(enum operation operation, word me)
{
        w.job[me] = job_about(operation, me);
        w.job[me].thread = operation == DO_HOME_CHIME || operation == DO_HOME_POLL ? w.root : w.caller[me];
        machine_ask(&w.job[me]);
}
