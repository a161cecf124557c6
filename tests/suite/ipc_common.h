/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tests of message passing share: agents and looks into queues.
 *
 * An agent is a helper thread that performs system calls from a list and records the registers after each, so a test can
 * say what every party does, let them run, and read the outcome.  The test itself never blocks: it polls.
 *
 * Registers that a step does not set hold MARK(i), so words x2-x5 of a message are MARK(2)-MARK(5) unless changed and
 * registers that a call must leave alone can be told from those it wrote.
 */
#pragma once

#include "machine.h"
#include "suite.h"

enum { AGENT_STEPS = 12, REGISTERS = 9, LOW = 100, MIDDLE = 120, HIGH = 140 };
enum { SVC_BYTES = 4, WORDS_IN_REGISTERS = 4, WORDS_KEPT = 16, LONGEST = 120 };

#define MARK(i) (0xf00d0000ul + (word)(i))

struct raw {
        word in[REGISTERS], out[REGISTERS];
};

struct agent {
        struct helper h; /* h.step counts the calls that returned */
        word faults;     /* endpoint of its fault handler, once watched */
        word steps;
        struct raw step[AGENT_STEPS];
};

/* A message as the test received it.  Later calls use the same buffer, so the words are copied out of it. */
struct message {
        word any; /* 0: nothing was there, and no other member counts */
        word badge, label, length, caps, unwrapped;
        word mr[WORDS_KEPT];
};

static inline word info_word(word label, word caps, word length)
{
        return seL4_MessageInfo_new(label, 0, caps, length).words[0];
}

/* --- agents --- */

void agent_make(struct agent *a, word priority);
void agent_start(struct agent *a);   /* its list must be complete */
void agent_run(struct agent *a);     /* start, then let everybody run */
void agent_passive(struct agent *a); /* start, let it block, take its scheduling context */
void agent_watch(struct agent *a);   /* an endpoint of its own gets its faults, badge FAULT_BADGE */
seL4_IPCBuffer *agent_buffer(struct agent *a);
word agent_pc(struct agent *a);               /* restart address, without suspending */
void agent_skip(struct agent *a, word bytes); /* written forward by so many bytes and resumed */
int agent_is(struct agent *a, word steps); /* everybody has run; it has returned from exactly so many calls */
const word *agent_out(struct agent *a, word step);

/* Add a step; the registers it enters with, to change them. */
word *does(struct agent *a, seL4_Syscall_ID number, word x0, word info);
word *does_send(struct agent *a, word cap, word info);
word *does_call(struct agent *a, word cap, word info);
word *does_recv(struct agent *a, word cap, word reply);
word *does_wait(struct agent *a, word cap);
word *does_reply_recv(struct agent *a, word from, word info, word reply);
word *does_nbsend_recv(struct agent *a, word to, word info, const word from_reply[2]);
word *does_nbsend_wait(struct agent *a, word to, word info, word from);

/* One message of that length from `s` to `r`, who both are through with what they did before, over the endpoint
 * ep_first[0]; ep_first[1]: the sender comes first.  In ipc_transfer.c. */
void exchange(struct agent *s, struct agent *r, const word ep_first[2], word length);

/* --- what the test itself does --- */

enum { FAULT_BADGE = 0xfa017 };

void raw(seL4_Syscall_ID number, word x0, word info, word regs[REGISTERS]); /* the rest marked; x6 = x8 = 0 */
struct message poll_message(word endpoint, word reply); /* everybody has run; then NBRecv */
struct message poll_now(word endpoint, word reply);     /* NBRecv and nothing else */
struct message fault_of(struct agent *a,
                        word reply); /* everybody has run; then a fault has come, or the test fails */
word poll_word(word notification);
void answer(word reply, word label, word length);  /* Send on a reply object; words from the own buffer */
void post(word endpoint, word label, word length); /* NBSend; x2-x5 marked */

/* --- objects --- */

word unresolvable(void);                 /* an address at which the guard of the root CNode does not match */
word irq_handler(word irq, word ntfn);   /* a handler for the interrupt, unmasked, signalling that */
word sc_is_on(word sc, struct agent *a); /* taken from that thread: 1, or 0 when the thread did not have it */
word root_guard_bits(void);
void set_mr(word i, word value); /* of the own buffer */
word get_mr(word i);
