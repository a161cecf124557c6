/* SPDX-License-Identifier: BSD-2-Clause */
/* Faults: raising, reporting and answering them (spec ipc.md 8.4 and 13). */
#include "ipc/fault.h"
#include "ipc/endpoint.h"
#include "ipc/message.h"
#include "time/sched_context.h"
#include "trace/trace.h"

bool fault_handler_is_valid(struct cap c)
{
        word rights = cap_rights(c);

        return cap_kind(c) == CAP_ENDPOINT && (rights & RIGHT_WRITE) &&
               (rights & (RIGHT_GRANT | RIGHT_GRANT_REPLY));
}

static void send_fault(struct thread *t, struct cap handler)
{
        struct sending how = {
                .badge = cap_badge(handler),
                .blocking = true,
                .call = true,
                .grant = cap_rights(handler) & RIGHT_GRANT,
                .grant_reply = cap_rights(handler) & RIGHT_GRANT_REPLY,
                .may_donate = t->fault.type != FAULT_TIMEOUT,
        };

        /* A fault is never sent a second time: it is queued, delivered, or cancelled. */
        (void)endpoint_send(cap_object(handler), t, how);
}

void fault_raise(struct thread *t)
{
        struct cap handler = t->slot[TCB_FAULT_HANDLER].cap;

        t->interrupted = false;
        trace(TESSERA_TRACE_FAULT, t, t->fault.type, t->fault.vm.address, t->context.restart);
        if (fault_handler_is_valid(handler)) {
                send_fault(t, handler);
                return;
        }
        if (DEBUG_BUILD)
                dump_fault(t);
        t->fault.type = FAULT_NONE;
        t->state = INACTIVE;
        sched_remove(t);
}

bool fault_raise_timeout(struct thread *t)
{
        struct cap handler = t->slot[TCB_TIMEOUT_HANDLER].cap;

        if (!fault_handler_is_valid(handler))
                return false;
        t->fault.type = FAULT_TIMEOUT;
        t->fault.timeout.badge = t->sc->badge;
        trace(TESSERA_TRACE_FAULT, t, FAULT_TIMEOUT, t->sc->badge, t->context.restart);
        t->interrupted = false;
        send_fault(t, handler);
        return true;
}

enum { FAULT_WORDS_MAX = 7, SYSCALL_WORDS = 13, SYSCALL_REGISTERS = 8 };

static word cap_fault_words(const struct thread *t, word *words)
{
        const struct lookup_fault *f = &t->fault.cap.lookup;

        words[0] = t->context.restart;
        words[1] = t->fault.cap.cptr;
        words[2] = t->fault.cap.receiving;
        words[3] = f->type;
        words[4] = f->left;
        words[5] = f->found;
        words[6] = f->width;
        return 3 + lookup_fault_words(*f);
}

static word timeout_words(struct thread *t, word *words)
{
        words[0] = t->fault.timeout.badge;
        if (!t->sc)
                return 1;
        words[1] = sc_take_consumed(t->sc);
        return 2;
}

/* The message of a pending fault, built from the thread's state as it is now; an unknown system call has a way of its own. */
static word fault_words(struct thread *t, word *words)
{
        const struct context *c = &t->context;

        if (t->fault.type == FAULT_VM) {
                words[0] = c->restart;
                words[1] = t->fault.vm.address;
                words[2] = t->fault.vm.prefetch;
                words[3] = t->fault.vm.status;
                return 4;
        }
        switch (t->fault.type) {
        case FAULT_CAP:
                return cap_fault_words(t, words);
        case FAULT_USER_EXCEPTION:
                words[0] = c->restart;
                words[1] = c->sp;
                words[2] = c->spsr;
                words[3] = t->fault.user.number;
                words[4] = t->fault.user.code;
                return 5;
        case FAULT_TIMEOUT:
                return timeout_words(t, words);
        default: /* FAULT_VGIC_MAINTENANCE, FAULT_VCPU, FAULT_VPPI_EVENT */
                words[0] = t->fault.user.number;
                return 1;
        }
}

/* An unknown system call: as common as the programs of a personality make it, and so its words go to their places straight.  Returns the
 * number of words. */
static word deliver_syscall(const struct thread *from, struct thread *to, word *buffer)
{
        const struct context *c = &from->context;

        message_set_registers(to, c->x, MESSAGE_REGISTERS);
        if (!buffer)
                return MESSAGE_REGISTERS;
        buffer += BUFFER_MESSAGE;
        message_copy_words(&c->x[4], &buffer[4], 4);
        buffer[8] = c->restart;
        buffer[9] = c->sp;
        buffer[10] = c->restart + 4;
        buffer[11] = c->spsr;
        buffer[12] = from->flags & THREAD_SVC_FAULTS ? c->x[8] : c->x[REG_SYSCALL];
        return SYSCALL_WORDS;
}

static word deliver_words(struct thread *from, struct thread *to, word *buffer)
{
        word words[FAULT_WORDS_MAX], length = fault_words(from, words), i;

        if (!buffer)
                length = min_word(length, MESSAGE_REGISTERS);
        message_set_registers(to, words, length);
        for (i = MESSAGE_REGISTERS; i < length; i++)
                buffer[BUFFER_MESSAGE + i] = words[i];
        return length;
}

void fault_deliver(struct thread *from, struct thread *to, word badge)
{
        word *buffer = thread_buffer_writable(to);
        word length = from->fault.type == FAULT_UNKNOWN_SYSCALL ? deliver_syscall(from, to, buffer)
                                                                : deliver_words(from, to, buffer);

        message_announce(to, badge, info_make(from->fault.type, 0, 0, length));
}

void fault_answer(struct thread *from, struct thread *to)
{
        static const uint8_t limit[] = {
                [FAULT_UNKNOWN_SYSCALL] = SYSCALL_ANSWER_WORDS,
                [FAULT_USER_EXCEPTION] = 3,
                [FAULT_TIMEOUT] = USER_CONTEXT_TIMEOUT,
                [FAULT_VM] = 0,
                [FAULT_VGIC_MAINTENANCE] = 0,
                [FAULT_VCPU] = 0,
                [FAULT_VPPI_EVENT] = 0,
        };
        word type = to->fault.type, n = min_word(info_length(from->context.x[REG_INFO]), limit[type]);
        const word *buffer = NULL;

        to->fault.type = FAULT_NONE;
        if (n > MESSAGE_REGISTERS) {
                buffer = thread_buffer_readable(from);
                n = buffer ? n : MESSAGE_REGISTERS;
        }
        word i = 0, first = type == FAULT_UNKNOWN_SYSCALL ? USER_CONTEXT_WORDS : 0;
        if (first && n >= SYSCALL_REGISTERS) {
                message_copy_words(&from->context.x[REG_MESSAGE], &to->context.x[0], MESSAGE_REGISTERS);
                message_copy_words(&buffer[BUFFER_MESSAGE + MESSAGE_REGISTERS],
                                   &to->context.x[MESSAGE_REGISTERS], SYSCALL_REGISTERS - MESSAGE_REGISTERS);
                i = SYSCALL_REGISTERS;
        }
        for (; i < n; i++)
                user_context_set(&to->context, first + i, message_get(from, buffer, i));
}

/* An answered thread goes on, unless the time that came back is used up. */
static void go_on(struct thread *t, word answered)
{
        if (!t->sc || !sc_is_configured(t->sc))
                return;
        sc_thread_woken(t->sc);
        if (sc_is_usable(t->sc) || answered == FAULT_TIMEOUT || !fault_raise_timeout(t))
                sched_wake(t);
}

enum outcome reply_send(struct reply *r, struct thread *replier, bool grant)
{
        struct thread *to = r->thread;
        struct message_caps caps = {.count = 0};

        if (!to || to->state != AWAITING_REPLY)
                return DONE;
        word fault = to->fault.type;
        trace(TESSERA_TRACE_REPLY, replier, 0, (word)to, 0);
        if (fault == FAULT_NONE && grant && info_caps(replier->context.x[REG_INFO]) &&
            message_find_caps(replier, to, &message_none, &caps) == AGAIN)
                return AGAIN;
        reply_pop(r);
        if (fault == FAULT_NONE) {
                message_transfer(replier, to, NULL, 0, &caps);
                to->state = RUNNING;
        } else {
                to->state = fault_restarts(to, replier->context.x[REG_INFO]) ? RESTARTING : INACTIVE;
                fault_answer(replier, to);
        }
        if (thread_is_runnable(to))
                go_on(to, fault);
        return DONE;
}
