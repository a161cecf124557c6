/* SPDX-License-Identifier: BSD-2-Clause */
/* What user programs do, for tests that drive threads by hand: each function is carried out by the running thread, through
 * its registers and its IPC buffer.
 */
#pragma once

#include "boot/bootinfo.h"
#include "tests/lib/sim.h"

enum user_call {
        USER_CALL = -1,
        USER_REPLY_RECV = -2,
        USER_NBSEND_RECV = -3,
        USER_NBSEND_WAIT = -4,
        USER_SEND = -5,
        USER_NBSEND = -6,
        USER_RECV = -7,
        USER_NBRECV = -8,
        USER_WAIT = -9,
        USER_NBWAIT = -10,
        USER_YIELD = -11,
};

enum { USER_WORDS = 8, USER_CAPS = 3 };

struct message {
        word label, length, word[USER_WORDS];
        word caps, cap[USER_CAPS];
};

/* Registers and IPC buffer for a system call with a message; x6 and x8 are set separately. */
void user_load(struct thread *t, enum user_call number, word cptr, const struct message *m);

/* One system call of the running thread; returns which thread runs afterwards. */
struct thread *user_send(enum user_call number, word cptr, const struct message *m);
struct thread *user_receive(enum user_call number, word cptr, word reply);

/* The running root thread gives itself another priority; returns which thread runs afterwards. */
struct thread *user_step_back(word priority);

/* Call a kernel object until it is done, interrupted as often as it may be; the error number.  The caller must be
 * running again at the end. */
word user_invoke(word cptr, const struct message *m);

/* Detail word i of the last error or result of the running thread. */
word user_word(word i);

/* Invocations of the root thread; slots are slots of its root CNode.  Each returns an error number. */
word user_retype(word untyped, word type, word bits, word slot, word count);
word user_copy(word from, word to, word rights);
word user_mint(word from, word to, word rights, word badge);

/* The handler of an interrupt line. */
word user_irq_handler(word line, word slot);
word user_delete(word slot);
word user_revoke(word slot);
word user_configure(word tcb, word buffer, word buffer_frame);
word user_set_time(word tcb, word sc, word priority, word fault_endpoint);
word user_set_budget(word sc, word budget_us, word period_us, word refills);
word user_start(word tcb, word pc);
word user_map(word frame, word va, word rights);
word user_map_table(word table, word va);

/* The bootinfo frame, and the slot of the largest RAM untyped. */
const struct bootinfo *user_bootinfo(void);
word user_memory(void);

/* The content of a slot of the root CNode. */
struct cap user_cap(word slot);

/* A thread with its own TCB, time and IPC buffer page, made from the largest untyped in slots from `slot` on
 * (TCB, SC, buffer frame); ready to be started.  Returns it.  On core 0, or on another one. */
struct thread *user_thread(word slot, word priority, word budget_us, word period_us);
struct thread *user_thread_on(word core, word slot, word priority, word budget_us, word period_us);
enum { USER_THREAD_SLOTS = 3 };
