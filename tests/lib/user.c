/* SPDX-License-Identifier: BSD-2-Clause */
/* See user.h. */
#include "tests/lib/user.h"
#include "cap/lookup.h"
#include "invoke/labels.h"
#include "ipc/message.h"
#include "mem/retype.h"
#include "tests/lib/test.h"

enum { PROGRAM = 0x10000, BUFFERS = 0x20000000, PREEMPTIONS_MAX = 1 << 20, DEPTH = 64 };

void user_load(struct thread *t, enum user_call number, word cptr, const struct message *m)
{
        word *x = t->context.x, *buffer = thread_buffer_writable(t);

        x[REG_SYSCALL] = (word)(int64_t)number;
        x[REG_BADGE] = cptr;
        x[REG_INFO] = info_make(m->label, 0, m->caps, m->length);
        for (word i = 0; i < m->length && i < USER_WORDS; i++) {
                if (i < MESSAGE_REGISTERS)
                        x[REG_MESSAGE + i] = m->word[i];
                else if (buffer)
                        buffer[BUFFER_MESSAGE + i] = m->word[i];
        }
        for (word i = 0; buffer && i < m->caps; i++)
                buffer[BUFFER_CAPS + i] = m->cap[i];
}

struct thread *user_send(enum user_call number, word cptr, const struct message *m)
{
        user_load(sim_current(), number, cptr, m);
        return sim_syscall();
}

struct thread *user_receive(enum user_call number, word cptr, word reply)
{
        word *x = sim_current()->context.x;

        x[REG_SYSCALL] = (word)(int64_t)number;
        x[REG_BADGE] = cptr;
        x[REG_REPLY] = reply;
        return sim_syscall();
}

struct thread *user_step_back(word priority)
{
        return user_send(USER_CALL, SLOT_INIT_TCB,
                         &(struct message){.label = LABEL_TCB_SET_PRIORITY,
                                           .length = 1,
                                           .word = {priority},
                                           .caps = 1,
                                           .cap = {SLOT_INIT_TCB}});
}

word user_invoke(word cptr, const struct message *m)
{
        struct thread *t = sim_current();
        word svc = t->context.pc;

        user_load(t, USER_CALL, cptr, m);
        for (word i = 0; i < PREEMPTIONS_MAX; i++) {
                sim_syscall();
                CHECK(sim_current() == t);
                if (t->context.pc != svc)
                        return info_label(t->context.x[REG_INFO]);
        }
        CHECK(!"an invocation makes progress");
        return 0;
}

word user_word(word i)
{
        struct thread *t = sim_current();

        return i < MESSAGE_REGISTERS ? t->context.x[REG_MESSAGE + i]
                                     : thread_buffer_writable(t)[BUFFER_MESSAGE + i];
}

struct cap user_cap(word slot)
{
        struct thread *t = kernel.threads;
        struct lookup_fault f;
        struct slot *s;

        while (t->all_next)
                t = t->all_next;
        CHECK(lookup_cap(t->slot[TCB_CSPACE].cap, slot, &s, &f));
        return s->cap;
}

const struct bootinfo *user_bootinfo(void)
{
        return window(cap_address(user_cap(SLOT_BOOTINFO_FRAME)));
}

word user_memory(void)
{
        const struct bootinfo *info = user_bootinfo();
        word best = info->untyped.end, bits = 0;

        for (word i = 0; i < info->untyped.end - info->untyped.start; i++) {
                const struct untyped_description *u = &info->untyped_list[i];

                if (!u->is_device && u->bits > bits) {
                        bits = u->bits;
                        best = info->untyped.start + i;
                }
        }
        return best;
}

word user_retype(word untyped, word type, word bits, word slot, word count)
{
        return user_invoke(untyped, &(struct message){.label = LABEL_UNTYPED_RETYPE,
                                                      .length = 6,
                                                      .word = {type, bits, 0, 0, slot, count},
                                                      .caps = 1,
                                                      .cap = {SLOT_INIT_CNODE}});
}

static word cnode_copy(word label, word from, word to, word rights, word badge)
{
        return user_invoke(SLOT_INIT_CNODE, &(struct message){.label = label,
                                                              .length = 6,
                                                              .word = {to, DEPTH, from, DEPTH, rights, badge},
                                                              .caps = 1,
                                                              .cap = {SLOT_INIT_CNODE}});
}

word user_copy(word from, word to, word rights)
{
        return cnode_copy(LABEL_CNODE_COPY, from, to, rights, 0);
}

word user_mint(word from, word to, word rights, word badge)
{
        return cnode_copy(LABEL_CNODE_MINT, from, to, rights, badge);
}

word user_irq_handler(word line, word slot)
{
        return user_invoke(SLOT_IRQ_CONTROL, &(struct message){.label = LABEL_IRQ_ISSUE_IRQ_HANDLER,
                                                               .length = 3,
                                                               .word = {line, slot, DEPTH},
                                                               .caps = 1,
                                                               .cap = {SLOT_INIT_CNODE}});
}

static word cnode_do(word label, word slot)
{
        return user_invoke(SLOT_INIT_CNODE,
                           &(struct message){.label = label, .length = 2, .word = {slot, DEPTH}});
}

word user_delete(word slot)
{
        return cnode_do(LABEL_CNODE_DELETE, slot);
}

word user_revoke(word slot)
{
        return cnode_do(LABEL_CNODE_REVOKE, slot);
}

word user_configure(word tcb, word buffer, word buffer_frame)
{
        return user_invoke(tcb, &(struct message){.label = LABEL_TCB_CONFIGURE,
                                                  .length = 3,
                                                  .word = {0, 0, buffer},
                                                  .caps = 3,
                                                  .cap = {SLOT_INIT_CNODE, SLOT_INIT_VSPACE, buffer_frame}});
}

word user_set_time(word tcb, word sc, word priority, word fault_endpoint)
{
        return user_invoke(tcb, &(struct message){.label = LABEL_TCB_SET_SCHED_PARAMS,
                                                  .length = 2,
                                                  .word = {priority, priority},
                                                  .caps = 3,
                                                  .cap = {SLOT_INIT_TCB, sc, fault_endpoint}});
}

static word set_budget_on(word core, word sc, word budget_us, word period_us, word refills)
{
        return user_invoke(user_bootinfo()->sched_control.start + core,
                           &(struct message){.label = LABEL_SCHED_CONTROL_CONFIGURE_FLAGS,
                                             .length = 5,
                                             .word = {budget_us, period_us, refills, 0, 0},
                                             .caps = 1,
                                             .cap = {sc}});
}

word user_set_budget(word sc, word budget_us, word period_us, word refills)
{
        return set_budget_on(0, sc, budget_us, period_us, refills);
}

word user_start(word tcb, word pc)
{
        /* resume, no architecture flags; one word of registers: pc */
        return user_invoke(
                tcb, &(struct message){.label = LABEL_TCB_WRITE_REGISTERS, .length = 3, .word = {1, 1, pc}});
}

word user_map(word frame, word va, word rights)
{
        return user_invoke(frame, &(struct message){.label = LABEL_PAGE_MAP,
                                                    .length = 3,
                                                    .word = {va, rights, 1},
                                                    .caps = 1,
                                                    .cap = {SLOT_INIT_VSPACE}});
}

word user_map_table(word table, word va)
{
        return user_invoke(table, &(struct message){.label = LABEL_PAGE_TABLE_MAP,
                                                    .length = 2,
                                                    .word = {va, 1},
                                                    .caps = 1,
                                                    .cap = {SLOT_INIT_VSPACE}});
}

struct thread *user_thread(word slot, word priority, word budget_us, word period_us)
{
        return user_thread_on(0, slot, priority, budget_us, period_us);
}

struct thread *user_thread_on(word core, word slot, word priority, word budget_us, word period_us)
{
        word memory = user_memory(), buffer = BUFFERS + (slot << PAGE_BITS);

        CHECK_EQUAL(user_retype(memory, OBJECT_TCB, 0, slot, 1), 0);
        CHECK_EQUAL(user_retype(memory, OBJECT_SCHED_CONTEXT, 8, slot + 1, 1), 0);
        CHECK_EQUAL(user_retype(memory, OBJECT_SMALL_PAGE, 0, slot + 2, 1), 0);
        CHECK_EQUAL(user_configure(slot, buffer, slot + 2), 0);
        CHECK_EQUAL(set_budget_on(core, slot + 1, budget_us, period_us, 0), 0);
        CHECK_EQUAL(user_set_time(slot, slot + 1, priority, 0), 0);
        struct thread *t = cap_object(user_cap(slot));

        t->context.restart = PROGRAM;
        return t;
}
