/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes become a history of the machine: several threads with authority over everything make system calls, touch
 * memory and fault, while interrupts come and time passes; the whole state is checked after every kernel entry.
 *
 * Any byte string is a valid history.  What a byte means depends on the state (the kind of the cap decides which
 * invocations are likely), so that short inputs achieve a lot.  The kernel must survive all of them: any failed invariant,
 * assertion, sanitizer report or stale translation aborts.
 */
#include "arch/arch.h"
#include "arch/host/face.h"
#include "invoke/labels.h"
#include "ipc/message.h"
#include "tests/fuzz/calls.h"
#include "tests/fuzz/fuzz_guest.h"
#include "tests/fuzz/fuzz_machine.h"
#include "tests/fuzz/fuzz_state.h"
#include "tests/fuzz/fuzz_time.h"
#include "tests/lib/whole.h"
#include "time/clock.h"

enum { STEPS_MAX = 400, DUMP_EVERY = 128, SYSCALL_DEBUG_FIRST = -13, LATE = 208 };

static struct {
        const uint8_t *next, *end;
} input;

static word byte(void)
{
        return input.next < input.end ? *input.next++ : 0;
}

static word number(void)
{
        word value = 0;

        for (word i = 0; i < sizeof(word); i++)
                value |= byte() << (8 * i);
        return value;
}

/* A slot of the root CNode; rarely an address of another slot, or of none. */
static word some_slot(void)
{
        word b = byte();

        if (b == 0xff)
                return number();
        if (b == 0xfe)
                return byte() % 8;
        return fuzz_slot(b);
}

/* A full slot, or an empty one; a slot with a cap of a kind. */
static word some_full_slot(void)
{
        return fuzz_slot_where(byte(), FUZZ_FULL);
}

static word some_of_kind(enum cap_kind kind)
{
        word b = byte();

        return b >= 240 ? some_slot() : fuzz_slot_where(b, kind);
}

static word some_time(void)
{
        static const word us[] = {0, 19, 20, 50, 100, 200, 1000, 5000, 10000, 100000, 1000000};
        word b = byte();

        return b < 250 ? us[b % (sizeof(us) / sizeof(us[0]))] : number();
}

static word some_address(void)
{
        static const word base[] = {0x400000,   FUZZ_VA,    FUZZ_VA + 0x1000, 0x20000000,
                                    0x40000000, 0x80000000, (word)1 << 39,    ((word)1 << 47) - 0x1000};
        word b = byte();

        if (b == 0xff)
                return number();
        return base[b % 8] + (b >> 3 & 3) * 0x1000 + (b >> 5 == 7);
}

/* An argument of an invocation by its letter (calls.h). */
static word argument(char code)
{
        word b;

        switch (code) {
        case 's':
                return some_full_slot();
        case 'e':
                b = byte();
                return b >= 240 ? some_slot() : fuzz_slot_where(b, CAP_NULL);
        case 'D':
        case 'd':
                b = byte();
                if (b < 230)
                        return code == 'd' ? 64 : 0;
                return b - 230;
        case 't':
                return byte() % 13;
        case 'z':
                return byte() % 16;
        case 'n':
                b = byte();
                return b < 200 ? 1 + b % 4 : b * 5 - 999;
        case 'v':
                return some_address();
        case 'u':
                return some_time();
        case 'i':
                b = byte();
                return b < 128 ? FUZZ_LINE + b % 4 : b;
        case 'r':
                return byte() % 16;
        case 'G':
        case 'g':
                b = byte();
                return code == 'G' && b < 200 ? 0 : (b & 7) | (b >> 3) << 6;
        case 'p':
                b = byte();
                return b < 240 ? 100 + b % 8 : (b - 240) * 20;
        case 'x':
                return number();
        default:
                return byte();
        }
}

static word extra_cap(char code)
{
        switch (code) {
        case 'E':
                return some_of_kind(CAP_ENDPOINT);
        case 'N':
                return some_of_kind(CAP_NOTIFICATION);
        case 'T':
                return some_of_kind(CAP_TCB);
        case 'S':
                return some_of_kind(CAP_SCHED_CONTEXT);
        case 'B':
                return some_of_kind(byte() & 1 ? CAP_TCB : CAP_NOTIFICATION);
        case 'V':
                return some_of_kind(CAP_VSPACE);
        case 'F':
                return some_of_kind(CAP_FRAME);
        case 'U':
                return some_of_kind(CAP_UNTYPED);
        default:
                return byte() < 200 ? SLOT_INIT_CNODE : some_of_kind(CAP_CNODE);
        }
}

/* The labels that an object knows. */
static word some_label(enum cap_kind kind)
{
        static const struct {
                uint8_t first, last;
        } range[CAP_KINDS] = {
                [CAP_UNTYPED] = {LABEL_UNTYPED_RETYPE, LABEL_UNTYPED_RETYPE},
                [CAP_TCB] = {LABEL_TCB_READ_REGISTERS, LABEL_TCB_SET_FLAGS},
                [CAP_CNODE] = {LABEL_CNODE_REVOKE, LABEL_CNODE_ROTATE},
                [CAP_IRQ_CONTROL] = {LABEL_IRQ_ISSUE_IRQ_HANDLER_TRIGGER, LABEL_IRQ_ISSUE_SGI_SIGNAL},
                [CAP_IRQ_HANDLER] = {LABEL_IRQ_ACK_IRQ, LABEL_IRQ_CLEAR_IRQ_HANDLER},
                [CAP_DOMAIN] = {LABEL_DOMAIN_SET_SET, LABEL_DOMAIN_SCHEDULE_SET_START},
                [CAP_SCHED_CONTROL] = {LABEL_SCHED_CONTROL_CONFIGURE_FLAGS,
                                       LABEL_SCHED_CONTROL_CONFIGURE_FLAGS},
                [CAP_SCHED_CONTEXT] = {LABEL_SCHED_CONTEXT_BIND, LABEL_SCHED_CONTEXT_YIELD_TO},
                [CAP_VSPACE] = {LABEL_VSPACE_CLEAN_DATA, LABEL_VSPACE_UNIFY_INSTRUCTION},
                [CAP_PAGE_TABLE] = {LABEL_PAGE_TABLE_MAP, LABEL_PAGE_TABLE_UNMAP},
                [CAP_FRAME] = {LABEL_PAGE_MAP, LABEL_PAGE_GET_ADDRESS},
                [CAP_ASID_CONTROL] = {LABEL_ASID_CONTROL_MAKE_POOL, LABEL_ASID_CONTROL_MAKE_POOL},
                [CAP_ASID_POOL] = {LABEL_ASID_POOL_ASSIGN, LABEL_ASID_POOL_ASSIGN},
        };
        word b = byte();

        if (b >= 240 || !range[kind].first)
                return b % 60;
        return range[kind].first + b % (range[kind].last - range[kind].first + 1u);
}

static enum user_call some_send(void)
{
        static const int8_t number[] = {USER_CALL,   USER_CALL,       USER_CALL,        USER_SEND,
                                        USER_NBSEND, USER_REPLY_RECV, USER_NBSEND_RECV, USER_NBSEND_WAIT};

        return number[byte() % 8];
}

/* The cap that the first phase of a two-phase call uses is in another register than that of a plain send. */
static void send(enum user_call call, word cptr, const struct message *m)
{
        struct thread *t = sim_current();
        bool two = call == USER_REPLY_RECV || call == USER_NBSEND_RECV || call == USER_NBSEND_WAIT;

        user_load(t, call, two ? fuzz_endpoint(byte()) : cptr, m);
        if (two) {
                t->context.x[REG_REPLY] = call == USER_NBSEND_RECV ? some_of_kind(CAP_REPLY) : cptr;
                t->context.x[REG_SECOND] = cptr;
        }
        sim_syscall();
}

static void step_invoke(void)
{
        static const struct template nothing = {"", ""};
        enum user_call call = some_send();
        word slot = some_full_slot();
        struct message m = {.label = some_label(fuzz_kind(slot))};
        const struct template *t = &nothing;

        if (m.label < sizeof(templates) / sizeof(templates[0]) && templates[m.label].words)
                t = &templates[m.label];
        for (const char *w = t->words; *w; w++)
                m.word[m.length++] = argument(*w);
        for (const char *c = t->caps; *c; c++)
                m.cap[m.caps++] = extra_cap(*c);
        send(call, slot, &m);
}

/* A place in some CNode: the root one, or one met inside it, which may hold caps to itself and to others. */
struct place {
        word root, index, depth;
};

static struct place some_place(bool full)
{
        struct place p = {SLOT_INIT_CNODE, 0, 64};

        if (byte() < 120) {
                p.index = full ? some_full_slot() : argument('e');
                return p;
        }
        p.root = some_of_kind(CAP_CNODE);
        p.depth = fuzz_depth(p.root);
        p.index = byte() % 8;
        return p;
}

static void step_cnode(void)
{
        word label = LABEL_CNODE_REVOKE + byte() % 8;
        struct place to = some_place(label <= LABEL_CNODE_CANCEL_BADGED_SENDS);
        struct message m = {.label = label, .length = 2, .word = {to.index, to.depth}};

        if (label == LABEL_CNODE_ROTATE) {
                struct place pivot = some_place(true), from = some_place(true);

                m = (struct message){
                        label,
                        8,
                        {to.index, to.depth, 0, pivot.index, pivot.depth, 0, from.index, from.depth},
                        2,
                        {pivot.root, from.root}};
        } else if (label >= LABEL_CNODE_COPY) {
                struct place from = some_place(true);

                m = (struct message){label,
                                     6,
                                     {to.index, to.depth, from.index, from.depth, byte() % 16, argument('G')},
                                     1,
                                     {from.root}};
                if (label == LABEL_CNODE_MUTATE)
                        m.word[4] = m.word[5];
        }
        send(some_send(), to.root, &m);
}

/* Objects made into a CNode that is not the root one. */
static void step_retype_inside(void)
{
        struct place to = some_place(false);
        word untyped = some_of_kind(CAP_UNTYPED);
        struct message m = {LABEL_UNTYPED_RETYPE,
                            6,
                            {argument('t'), argument('z'), 0, 0, to.index, 1 + byte() % 3},
                            1,
                            {to.root}};

        send(USER_CALL, untyped, &m);
}

static void step_message(void)
{
        enum user_call call = some_send();
        struct message m = {.label = byte(), .length = byte() % USER_WORDS, .caps = byte() % (USER_CAPS + 1)};

        for (word i = 0; i < m.caps; i++)
                m.cap[i] = some_full_slot();
        send(call, byte() < 64 ? some_of_kind(CAP_REPLY) : fuzz_endpoint(byte()), &m);
}

static void step_receive(void)
{
        static const int8_t number[] = {USER_RECV, USER_NBRECV, USER_WAIT, USER_NBWAIT};
        word b = byte();

        word from = b >= 0xf0 ? some_slot() : fuzz_endpoint(b >> 2);

        user_receive(number[b % 4], from, byte() < 220 ? some_of_kind(CAP_REPLY) : some_slot());
}

/* Where the running thread receives caps. */
static void step_receive_slot(void)
{
        word *buffer = thread_buffer_writable(sim_current());

        if (!buffer)
                return;
        buffer[BUFFER_RECEIVE_CNODE] = byte() & 1 ? SLOT_INIT_CNODE : FUZZ_NODE;
        buffer[BUFFER_RECEIVE_INDEX] = some_slot();
        buffer[BUFFER_RECEIVE_DEPTH] = argument('d');
}

static void step_touch(void)
{
        word va = some_address();

        sim_touch(va, (enum host_access)(byte() % 3), NULL);
}

static void step_exception(void)
{
        static const word syndrome[] = {0x02000000, 0xf2000001, 0x9a000000, 0x8a000000, 0x92000061};
        word b = byte();

        if (b & 1 && !host_fpu_is_on())
                sim_exception(0x1fe00000, 0);
        else
                sim_exception(syndrome[b / 2 % 5], some_address());
}

static void step_time(void)
{
        sim_pass(ticks_from_us(some_time() % 1000000));
}

static void step_interrupt(void)
{
        word b = byte();

        host_raise(FUZZ_LINE + b % 4);
        if (b & 0x80)
                host_lower(FUZZ_LINE + (b >> 2) % 4);
        sim_interrupt();
}

/* The next entry finds an interrupt pending, at once or at one of its checks, which is taken at a preemption point or after it. */
static void step_interrupted_call(void)
{
        word b = byte();

        if (b & 0x40)
                host_raise_at(FUZZ_LINE + b % 4, 1 + (b >> 2) % 8);
        else
                host_raise(FUZZ_LINE + b % 4);
        sim.hold_interrupts = true;
        step_invoke();
        sim.hold_interrupts = false;
        host_raise_at(0, 0);
        sim_interrupt();
}

/* With unchanged registers: what a preempted or restarted thread does by itself. */
static void step_again(void)
{
        word x7 = sim_current()->context.x[REG_SYSCALL];

        if ((int64_t)x7 > SYSCALL_DEBUG_FIRST || x7 < 100)
                sim_syscall();
}

static void step_odd(void)
{
        static const int64_t odd[] = {-13, -15, -16, -18, -40, 0, 7, INT64_MIN};
        struct thread *t = sim_current();

        t->context.x[REG_SYSCALL] = (word)odd[byte() % 8];
        t->context.x[REG_BADGE] = some_slot();
        sim_syscall();
}

static void step_yield(void)
{
        user_send(USER_YIELD, 0, &(struct message){0});
}

static void step(void)
{
        static void (*const steps[])(void) = {
                step_invoke, step_invoke,    step_invoke,  step_invoke,        step_invoke,
                step_invoke, step_message,   step_message, step_receive,       step_receive,
                step_touch,  step_exception, step_time,    step_interrupt,     step_interrupted_call,
                step_again,  step_again,     step_odd,     step_yield,         step_receive_slot,
                step_cnode,  step_cnode,     step_cnode,   step_retype_inside,
        };

        word b = byte();

        fuzz_state(FUZZ_STEP_ANY);
        if (host_guest_runs() && b % 2)
                fuzz_guest(byte);
        else if (host_hypervisor && b % 8 == 0)
                fuzz_vcpu(byte);
        else if (b >= LATE)
                fuzz_time(b, byte);
        else
                steps[b % (sizeof(steps) / sizeof(steps[0]))]();
}

/* Nobody runs: an interrupt or the timer may change that.  Histories end before the counter does. */
static bool wake_up(void)
{
        if (byte() & 1) {
                step_interrupt();
                return true;
        }
        return host_deadline() < bit(FUZZ_CENTURIES) &&
               (sim_wait() != NULL || host_deadline() < bit(FUZZ_CENTURIES));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        input.next = data;
        input.end = data + size;
        fuzz_machine(byte());
        for (word i = 0; i < STEPS_MAX && input.next < input.end; i++) {
                if (sim_current() && (i + size) % DUMP_EVERY == 0)
                        whole_dump(sim_current()->slot[TCB_CSPACE].cap);
                if (sim_current())
                        step();
                else if (!wake_up())
                        break;
        }
        return 0;
}
