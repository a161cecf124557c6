/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tests of objects and invocations share: a question to a kernel object and the whole of its answer.
 *
 *      EXPECT(range_error(1, 36), tcb, TCBReadRegisters, 2, {0, 37});
 *
 * asks by Call and compares everything a caller can see: label, detail words, badge, and that every other register is as
 * it was.  Registers past the length of the question hold marks, so a kernel that read them would be found out.
 */
#pragma once

#include "ipc_common.h"

/* Most questions have no caps, and then say nothing about them. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

enum { QUESTION_WORDS = 12, ANSWER_WORDS = 5, MOST_CAPS = 3, MASK_ALL = 15 };

struct question {
        word cap, label, length;
        word words[QUESTION_WORDS];
        word caps, cap_list[MOST_CAPS];
};

struct said {
        word label, length, words[ANSWER_WORDS];
};

#define EXPECT(answer, ...) expect(__FILE__, __LINE__, answer, &(struct question){__VA_ARGS__})
#define MARKS               MARK(2), MARK(3), MARK(4), MARK(5)

void expect(const char *file, int line, struct said wanted, const struct question *q);
void send_question(word number, const struct question *q); /* Send or NBSend; no register may change */
void combined_question(const struct question *q);          /* as the first phase of NBSendWait */

struct said done(void);
struct said bad_argument(word n);
struct said bad_capability(word n);
struct said illegal(void);
struct said range_error(word low, word high);
struct said misaligned(void);
struct said truncated(void);
struct said delete_first(void);
struct said revoke_first(void);
struct said no_memory(word bytes);
struct said says_word(word value); /* success with one word */
struct said bad_root(word source);
struct said missing(word source, word left);
struct said bad_depth(word source, word left, word found);
struct said bad_guard(word source, word left, word guard, word size);

int there(word slot); /* the slot of the root CNode is full */
int there_in(word node, word index, word depth);
word new_node(word bits);
word radix(void); /* of the root CNode */
word new_untyped(word bits);
word retyped(word untyped, word type, word bits, word slot); /* an error number */
word data_word(word guard, word size);                       /* guard of a CNode cap */

/* A cap of each kind, in one list. */
enum sample {
        S_ENDPOINT,
        S_NOTIFICATION,
        S_CNODE,
        S_TCB,
        S_SC,
        S_SCHED_CONTROL,
        S_DOMAIN,
        S_REPLY,
        S_UNTYPED,
        S_IRQ_CONTROL,
        S_IRQ_HANDLER,
        S_SGI,
        S_FRAME,
        S_TABLE,
        S_VSPACE,
        S_ASID_CONTROL,
        S_ASID_POOL,
        SAMPLES
};

word sample(enum sample kind);        /* a fresh one, or the one of the boot where there is only one */
word sample_number(enum sample kind); /* what DebugCapIdentify says */

/* An agent with a CSpace of its own: 16 slots, addressed by the top four bits; its TCB in slot 0. */
word agent_space(struct agent *a);
static inline word top_slot(word i)
{
        return i << 60;
}
