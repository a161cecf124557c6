/* SPDX-License-Identifier: BSD-2-Clause */
/* A thread that makes random calls, touches random memory and computes, for ever.  Its stack and its page are the only memory that
 * it may write: others change its registers, its thread-local base and its spaces. */
#include "storm.h"
#include "tests/fuzz/calls.h"

struct caller {
        struct page *mine;
        word random;
};

static word number(struct caller *c)
{
        c->random ^= c->random << 13;
        c->random ^= c->random >> 7;
        c->random ^= c->random << 17;
        return c->random;
}

static word below(struct caller *c, word n)
{
        return (number(c) >> 20) % n;
}

/* A slot of a kind, or rarely any slot. */
static word near(struct caller *c, word first, word n)
{
        word r = below(c, 256);

        if (r < 224)
                return first + r % n;
        return r < 254 ? below(c, SLOTS) : number(c);
}

/* The same where the wrong thing ends in a fault, and mostly in the end of the caller. */
static word nearer(struct caller *c, word first, word n)
{
        return below(c, 8) ? first + below(c, n) : near(c, first, n);
}

static word some_slot(struct caller *c)
{
        return below(c, 4) ? below(c, SLOT_FREE) : near(c, 0, SLOTS);
}

static word some_address(struct caller *c)
{
        static const word base[] = {0x400000,   PAGES_AT,   STACKS_AT, 0x20000000,
                                    0x40000000, 0x80000000, 1ul << 39, (1ul << 47) - 0x1000};
        word r = below(c, 256);

        return r == 255 ? number(c) : base[r % 8] + (r >> 3 & 3) * PAGE + (r >> 5 == 7);
}

static word argument(struct caller *c, char code)
{
        static const word us[] = {0, 19, 20, 50, 100, 200, 1000, 5000, 10000, 100000, 1000000};
        word r = below(c, 256);

        switch (code) {
        case 's':
                return some_slot(c);
        case 'e':
                return r < 240 ? SLOT_FREE + r % (SLOTS - SLOT_FREE) : some_slot(c);
        case 'D':
        case 'd':
                return r >= 230 ? r - 230 : code == 'd' ? 64 : 0;
        case 't':
                return r % 13;
        case 'z':
                return r % 16;
        case 'n':
                return r < 200 ? 1 + r % 4 : r * 5 - 999;
        case 'v':
                return some_address(c);
        case 'u':
                return r < 250 ? us[r % (sizeof us / sizeof us[0])] : number(c);
        case 'i':
                return r < 128 ? FIRST_LINE + r % LINES : r;
        case 'r':
                return r % 16;
        case 'G':
        case 'g':
                return code == 'G' && r < 200 ? 0 : (r & 7) | (r >> 3) << 6;
        case 'p':
                return r < 240 ? FIRST_PRIORITY + r % 8 : (r - 240) * 20;
        case 'x':
                return number(c);
        default:
                return r;
        }
}

static word extra_cap(struct caller *c, char code)
{
        switch (code) {
        case 'E':
                return near(c, SLOT_ENDPOINT, 4);
        case 'N':
                return near(c, SLOT_SIGNAL, 4);
        case 'T':
                return near(c, SLOT_TCB, CALLERS);
        case 'S':
                return near(c, SLOT_TIME, CALLERS + 1);
        case 'B':
                return below(c, 2) ? near(c, SLOT_TCB, CALLERS) : near(c, SLOT_SIGNAL, 4);
        case 'V':
                return near(c, SLOT_VSPACE, 2);
        case 'F':
                return near(c, SLOT_FRAME, 4);
        case 'U':
                return near(c, SLOT_UNTYPED, 2);
        default:
                return near(c, SLOT_CNODE, 2);
        }
}

/* Which slots hold what an invocation is meant for, and its labels.  What may stop a caller comes once. */
static const struct target {
        word slot, slots, first, last;
} targets[] = {
        {SLOT_TCB, CALLERS, LABEL_TCB_READ_REGISTERS, LABEL_TCB_SET_FLAGS},
        {SLOT_CONTROL, 1, LABEL_SCHED_CONTROL_CONFIGURE_FLAGS, LABEL_SCHED_CONTROL_CONFIGURE_FLAGS},
        {SLOT_TIME, CALLERS + 1, LABEL_SCHED_CONTEXT_BIND, LABEL_SCHED_CONTEXT_YIELD_TO},
        {SLOT_DOMAINS, 1, LABEL_DOMAIN_SET_SET, LABEL_DOMAIN_SCHEDULE_SET_START},
        {SLOT_LINE, LINES, LABEL_IRQ_ACK_IRQ, LABEL_IRQ_CLEAR_IRQ_HANDLER},
        {SLOT_UNTYPED, 2, LABEL_UNTYPED_RETYPE, LABEL_UNTYPED_RETYPE},
        {SLOT_UNTYPED, 2, LABEL_UNTYPED_RETYPE, LABEL_UNTYPED_RETYPE},
        {SLOT_UNTYPED, 2, LABEL_UNTYPED_RETYPE, LABEL_UNTYPED_RETYPE},
        {SLOT_CNODE, 2, LABEL_CNODE_REVOKE, LABEL_CNODE_ROTATE},
        {SLOT_CNODE, 2, LABEL_CNODE_REVOKE, LABEL_CNODE_ROTATE},
        {SLOT_CNODE, 2, LABEL_CNODE_REVOKE, LABEL_CNODE_ROTATE},
        {SLOT_CNODE, 2, LABEL_CNODE_COPY, LABEL_CNODE_MINT},
        {SLOT_VSPACE, 2, LABEL_VSPACE_CLEAN_DATA, LABEL_VSPACE_UNIFY_INSTRUCTION},
        {SLOT_VSPACE, 2, LABEL_VSPACE_CLEAN_DATA, LABEL_VSPACE_UNIFY_INSTRUCTION},
        {SLOT_TABLE, 2, LABEL_PAGE_TABLE_MAP, LABEL_PAGE_TABLE_UNMAP},
        {SLOT_TABLE, 2, LABEL_PAGE_TABLE_MAP, LABEL_PAGE_TABLE_UNMAP},
        {SLOT_FRAME, 4, LABEL_PAGE_MAP, LABEL_PAGE_GET_ADDRESS},
        {SLOT_FRAME, 4, LABEL_PAGE_MAP, LABEL_PAGE_GET_ADDRESS},
        {SLOT_FRAME, 4, LABEL_PAGE_MAP, LABEL_PAGE_GET_ADDRESS},
        {SLOT_POOL, 1, LABEL_ASID_POOL_ASSIGN, LABEL_ASID_POOL_ASSIGN},
};

enum {
        CALL = -1,
        REPLY_RECV = -2,
        NBSEND_RECV = -3,
        NBSEND_WAIT = -4,
        SEND = -5,
        NBSEND = -6,
        RECV = -7,
        NBRECV = -8,
        WAIT = -9,
        NBWAIT = -10,
        YIELD = -11
};

struct registers {
        word x[9];
};

/* No function is called while values are in their registers. */
static word enter(const struct registers *r)
{
        register word x0 __asm__("x0") = r->x[0], x1 __asm__("x1") = r->x[1], x2 __asm__("x2") = r->x[2];
        register word x3 __asm__("x3") = r->x[3], x4 __asm__("x4") = r->x[4], x5 __asm__("x5") = r->x[5];
        register word x6 __asm__("x6") = r->x[6], x7 __asm__("x7") = r->x[7], x8 __asm__("x8") = r->x[8];

        __asm__ volatile("svc #0"
                         : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3), "+r"(x4), "+r"(x5), "+r"(x6), "+r"(x8)
                         : "r"(x7)
                         : "memory");
        return x1;
}

/* One system call; `m`: four words. */
static void trap(struct caller *c, long call, word cptr, word info, const word *m)
{
        word reply = nearer(c, SLOT_REPLY, 3), other = nearer(c, SLOT_ENDPOINT, 8);
        struct registers r = {{cptr, info, m[0], m[1], m[2], m[3], reply, (word)call, other}};

        if (call == REPLY_RECV || call == NBSEND_RECV ||
            call == NBSEND_WAIT) { /* the first phase, and where the second receives */
                r.x[call == NBSEND_RECV ? 8 : 6] = cptr;
                r.x[0] = other;
        }
        word answer = enter(&r);

        c->mine->done += call == CALL && answer >> 12 == 0;
}

static long some_send(struct caller *c)
{
        static const long number[] = {CALL, CALL, CALL, SEND, NBSEND, REPLY_RECV, NBSEND_RECV, NBSEND_WAIT};

        return number[below(c, below(c, 4) ? 5 : 8)];
}

static void send(struct caller *c, long call, word cptr, word label, const char *words, const char *caps)
{
        word m[9] = {0}, length = 0, n = 0;

        for (; words[length]; length++) {
                m[length] = argument(c, words[length]);
                if (length >= 4)
                        c->mine->buffer.msg[length] = m[length];
        }
        for (; caps[n]; n++)
                c->mine->buffer.caps_or_badges[n] = extra_cap(c, caps[n]);
        trap(c, call, cptr, label << 12 | n << 7 | length, m);
}

static void invoke(struct caller *c)
{
        const struct target *t = &targets[below(c, sizeof targets / sizeof targets[0])];
        word label = below(c, 16) ? t->first + below(c, t->last - t->first + 1) : below(c, 60);
        static const struct template nothing = {"", ""};
        const struct template *form = label < sizeof templates / sizeof templates[0] && templates[label].words
                                              ? &templates[label]
                                              : &nothing;

        send(c, some_send(c), near(c, t->slot, t->slots), label, form->words, form->caps);
}

static void message(struct caller *c)
{
        static const char words[] = "xxxxxxxx", caps[] = "ENT";

        send(c, below(c, 4) ? NBSEND : some_send(c),
             below(c, 4) ? near(c, SLOT_ENDPOINT, 8) : near(c, SLOT_REPLY, 3), below(c, 256),
             &words[below(c, 9)], &caps[below(c, 4)]);
}

/* Mostly calls that end at once: a caller that waits for nobody is restarted by the watch only. */
static void receive(struct caller *c)
{
        word m[4] = {0};

        c->mine->buffer.receiveCNode = near(c, SLOT_CNODE, 2);
        c->mine->buffer.receiveIndex = argument(c, 'e');
        c->mine->buffer.receiveDepth = argument(c, 'd');
        trap(c,
             below(c, 4)   ? below(c, 2) ? NBRECV : NBWAIT
             : below(c, 2) ? RECV
                           : WAIT,
             nearer(c, SLOT_ENDPOINT, 8), 0, m);
}

static void odd(struct caller *c)
{
        static const long number[] = {-40, -100, 0, 7};
        word m[4] = {0};

        trap(c, below(c, 16) ? YIELD : number[below(c, sizeof number / sizeof number[0])], some_slot(c), 0,
             m);
}

static void touch(struct caller *c)
{
        volatile word *at =
                (volatile word *)(below(c, 8) ? (word)&c->mine->spare[below(c, 100)] : some_address(c));

        if (below(c, 2))
                (void)*at;
        else
                *at = 1;
}

static void compute(struct caller *c)
{
        word x = number(c);

        for (word i = below(c, 200); i > 0; i--)
                x = x * 6364136223846793005 + 1;
        if (x & 1)
                __asm__ volatile("fmov d0, %0\n fadd d1, d0, d1\n mov v31.d[0], %0"
                                 :
                                 : "r"(x)
                                 : "v0", "v1", "v31");
        else if (x % 256 == 2)
                __asm__ volatile("brk #1");
        else if (x % 256 == 4)
                __asm__ volatile(".inst 0");
}

void storm_caller(struct page *mine, word seed)
{
        static void (*const steps[])(struct caller *) = {invoke, invoke,  invoke,  invoke,  invoke,
                                                         invoke, message, message, receive, odd,
                                                         touch,  compute, compute};
        struct caller c = {mine, seed * 2 + 1};

        for (;;) {
                mine->calls++;
                steps[below(&c, sizeof steps / sizeof steps[0])](&c);
        }
}
