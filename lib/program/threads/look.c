/* SPDX-License-Identifier: BSD-2-Clause */
/* Looking at threads: how deep their stacks went, why they do not run, whose guard page an address is in. */
#include <sel4/tls.h>
#include <text/text.h>
#include <threads/threads.h>

enum {
        PAGE = 1 << seL4_PageBits,
        SVC = 0xd4000001,    /* the instruction of a system call */
        CALL_REGISTERS = 11, /* pc, sp, spsr and x0..x7 */
        SHARE = 16,          /* a thread that got all but this part of its budget has spent it */
};

size_t thread_stack_size(const thread_t *thread)
{
        return thread->stack_top - thread->stack - (thread->vspace == vspace_own() ? tls_size() : 0);
}

size_t thread_stack_used(const thread_t *thread)
{
        const seL4_Word *word = (const seL4_Word *)thread->stack;
        const seL4_Word *top = (const seL4_Word *)(thread->stack + thread_stack_size(thread));

        if (thread->vspace != vspace_own())
                return 0;
        while (word < top && !*word)
                word++;
        return (size_t)((const char *)top - (const char *)word);
}

extern const char __executable_start[] __attribute__((weak));
extern const char etext[] __attribute__((weak));

/* Can the word at `pc` be read?  The library knows its own pages; the program's text was mapped by the kernel. */
static bool is_text(const thread_t *thread, seL4_Word pc)
{
        bool in_image = pc >= (seL4_Word)__executable_start && pc < (seL4_Word)etext;

        return thread->vspace == vspace_own() && !(pc & 3) &&
               (in_image || vspace_lookup(thread->vspace, pc).kind == VSPACE_PAGE);
}

static bool is_in_call(const thread_t *thread, seL4_Word pc)
{
        return is_text(thread, pc) && *(const uint32_t *)pc == SVC;
}

static enum thread_why judge(const thread_t *thread, const struct thread_view *view, uint64_t elapsed)
{
        uint64_t whole = elapsed / thread->period * thread->budget;

        if (thread->budget < thread->period && whole && view->used >= whole - whole / SHARE)
                return THREAD_SPENT;
        return view->used ? THREAD_RUNS : THREAD_STARVED;
}

struct thread_view thread_look(thread_t *thread, uint64_t elapsed)
{
        struct thread_view view = {.used = thread_time_used(thread)};
        seL4_UserContext context = {0};

        if (!seL4_TCB_ReadRegisters(thread->tcb, 0, 0, CALL_REGISTERS, &context))
                view.pc = context.pc;
        if (thread->finished) {
                view.why = THREAD_FINISHED;
        } else if (!thread->running) {
                view.why = THREAD_SUSPENDED;
        } else if (is_in_call(thread, context.pc)) {
                view.why = THREAD_IN_CALL;
                view.call = (long)context.x7;
                view.capability = context.x0;
        } else if (!thread->sched_context) {
                view.why = THREAD_NO_TIME;
        } else {
                view.why = judge(thread, &view, elapsed);
        }
        return view;
}

static const char *call_name(long call)
{
        static const char *const name[] = {"Call", "ReplyRecv", "NBSendRecv", "NBSendWait", "Send", "NBSend",
                                           "Recv", "NBRecv",    "Wait",       "NBWait",     "Yield"};

        return call < 0 && call >= -11 ? name[-call - 1] : "a system call";
}

const char *thread_view_text(const thread_t *thread, const struct thread_view *view, char *text, size_t size)
{
        switch (view->why) {
        case THREAD_RUNS:
                return text_print(text, size, "%s ran %lu us", thread->name, view->used);
        case THREAD_FINISHED:
                return text_print(text, size, "%s has finished", thread->name);
        case THREAD_SUSPENDED:
                return text_print(text, size, "%s is suspended", thread->name);
        case THREAD_NO_TIME:
                return text_print(text, size, "%s has no scheduling context", thread->name);
        case THREAD_IN_CALL:
                return text_print(text, size, "%s waits in %s on capability 0x%lx", thread->name,
                                  call_name(view->call), view->capability);
        case THREAD_SPENT:
                return text_print(text, size, "%s is out of budget: %lu us of each %lu us", thread->name,
                                  thread->budget, thread->period);
        case THREAD_STARVED:
                return text_print(
                        text, size,
                        "%s gets no time at 0x%lx: others of its priority or above run, or a fault waits",
                        thread->name, view->pc);
        }
        return text;
}

const char *thread_explain_fault(seL4_Word address)
{
        static char buffer[64];

        for (const thread_t *t = thread_first(); t; t = t->next) {
                if (address >= t->stack - PAGE && address < t->stack)
                        return text_print(buffer, sizeof(buffer), "stack overflow in thread %s", t->name);
                if (address >= t->stack_top && address < t->stack_top + PAGE)
                        return text_print(buffer, sizeof(buffer), "stack underflow in thread %s", t->name);
        }
        return NULL;
}
