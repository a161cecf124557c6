/* SPDX-License-Identifier: BSD-2-Clause */
/* What the libraries' calls cost, in instructions, including the debug kernel: once with nothing else in the system, once among many
 * live objects, which must make no difference.  Runs in QEMU, which counts instructions (one is a nanosecond); the
 * virtual counter ticks every 16.
 * Prints `value NAME N` for each figure and `FAIL NAME: ...` for each failure. */
#include <bootstrap/bootstrap.h>
#include <clock/clock.h>
#include <ring/ring.h>
#include <sel4/report.h>
#include <sel4/start.h>
#include <threads/threads.h>

enum { ROUNDS = 200, INSTRUCTIONS_PER_TICK = 16, CROWD = 2000 };

/* 64 KiB from one thread to another. */
enum { PIECE_WORDS = seL4_MsgMaxLength, PIECES = 68, RING_ITEMS = 64 };

static cspace_t cspace;
static vspace_t vspace;
static struct clock timer;

static uint64_t ticks(void)
{
        uint64_t value;

        __asm__ volatile("isb\n\tmrs %0, cntvct_el0" : "=r"(value) : : "memory");
        return value;
}

static void slot(void)
{
        cspace_free_slot(&cspace, cspace_alloc_slot(&cspace));
}

static void page_of_memory(void)
{
        ut_free(ut_alloc_4k_untyped(NULL));
}

static void endpoint(void)
{
        seL4_CPtr cap;
        ut_t *ut = ut_new_object(&cspace, &cap, seL4_EndpointObject, 0);

        ut_free_object(&cspace, cap, ut);
}

static void mapped_page(void)
{
        vspace_free_pages(&vspace, vspace_new_pages(&vspace, 0, 1, VSPACE_RW), 1);
}

static void space(void)
{
        static vspace_t other;

        vspace_create(&other, &cspace);
        vspace_new_pages(&other, 0x400000, 1, VSPACE_RX);
        vspace_destroy(&other);
}

static void idle(void *unused)
{
        (void)unused;
}

static void thread(void)
{
        thread_config_t config = thread_defaults("t", idle, NULL);

        config.stack_bytes = 4096;
        config.suspended = true;
        thread_destroy(thread_create_ex(&config));
}

static void never(uint32_t id, void *data)
{
        (void)id;
        (void)data;
}

static void timeout(void)
{
        clock_cancel(&timer, clock_after(&timer, 1000000, never, NULL));
}

static timestamp_t now(void *unused)
{
        (void)unused;
        return ticks();
}

static void arm(void *unused, timestamp_t deadline)
{
        (void)unused;
        (void)deadline;
}

static void disarm(void *unused)
{
        (void)unused;
}

static const struct {
        const char *name;
        void (*once)(void);
} work[] = {
        {"slot", slot},   {"untyped", page_of_memory}, {"endpoint", endpoint}, {"page", mapped_page},
        {"space", space}, {"thread", thread},          {"timeout", timeout},
};

enum { WORKS = sizeof(work) / sizeof(work[0]) };

static void measure(uint64_t cost[WORKS])
{
        for (unsigned i = 0; i < WORKS; i++) {
                uint64_t start;

                for (int k = 0; k < ROUNDS; k++) { /* let caches of the libraries settle */
                        work[i].once();
                }
                start = ticks();
                for (int k = 0; k < ROUNDS; k++)
                        work[i].once();
                cost[i] = (ticks() - start) * INSTRUCTIONS_PER_TICK / ROUNDS;
        }
}

static bool crowd(void)
{
        seL4_CPtr cap;
        bool ok = true;

        for (int i = 0; i < CROWD && ok; i++) {
                ok = ut_new_object(&cspace, &cap, i % 2 ? seL4_EndpointObject : seL4_TCBObject, 0) &&
                     vspace_new_pages(&vspace, 0, 1, VSPACE_RW) &&
                     clock_after(&timer, 500000 + (uint64_t)i, never, NULL);
        }
        return ok;
}

static seL4_Word source[PIECES][PIECE_WORDS], sink[PIECES][PIECE_WORDS];
static _Alignas(RING_LINE) char shared[RING_HEAD + RING_ITEMS * sizeof(source[0])];
static seL4_CPtr call_ep, call_reply, items, room, done;

static seL4_CPtr object(seL4_Word type)
{
        seL4_CPtr cap = seL4_CapNull;

        (void)ut_new_object(&cspace, &cap, type, 0);
        return cap;
}

static void message_reader(void *unused)
{
        seL4_Word badge;

        (void)unused;
        seL4_Recv(call_ep, &badge, call_reply);
        for (int n = 0;; n = (n + 1) % PIECES) {
                for (int i = 0; i < PIECE_WORDS; i++)
                        sink[n][i] = seL4_GetMR(i);
                seL4_ReplyRecv(call_ep, seL4_MessageInfo_new(0, 0, 0, 0), &badge, call_reply);
        }
}

static void by_messages(void)
{
        for (int n = 0; n < PIECES; n++) {
                for (int i = 0; i < PIECE_WORDS; i++)
                        seL4_SetMR(i, source[n][i]);
                seL4_Call(call_ep, seL4_MessageInfo_new(0, 0, 0, PIECE_WORDS));
        }
}

static void ring_reader(void *unused)
{
        struct ring ring;
        seL4_Word badge;

        (void)unused;
        ring_open(&ring, shared, RING_ITEMS, sizeof(source[0]), false);
        for (int n = 0;;) {
                while (!ring_get(&ring, sink[n])) {
                        if (ring_may_sleep(&ring))
                                seL4_Wait(items, &badge);
                }
                if (ring_must_wake(&ring))
                        seL4_Signal(room);
                n = (n + 1) % PIECES;
                if (!n)
                        seL4_Signal(done);
        }
}

static void by_ring(void)
{
        static struct ring ring;
        seL4_Word badge;

        if (!ring.own)
                ring_open(&ring, shared, RING_ITEMS, sizeof(source[0]), true);
        for (int n = 0; n < PIECES; n++) {
                while (!ring_put(&ring, source[n])) {
                        if (ring_may_sleep(&ring))
                                seL4_Wait(room, &badge);
                }
                if (ring_must_wake(&ring))
                        seL4_Signal(items);
        }
        seL4_Wait(done, &badge);
}

/* One transfer; 0 if the data did not arrive. */
static uint64_t transfer(void (*way)(void))
{
        uint64_t start;

        way(); /* the reader has started and waits */
        for (int i = 0; i < PIECES * PIECE_WORDS; i++)
                source[i / PIECE_WORDS][i % PIECE_WORDS]++;
        start = ticks();
        way();
        start = (ticks() - start) * INSTRUCTIONS_PER_TICK;
        for (int i = 0; i < PIECES * PIECE_WORDS; i++) {
                if (sink[i / PIECE_WORDS][i % PIECE_WORDS] != source[i / PIECE_WORDS][i % PIECE_WORDS])
                        return 0;
        }
        return start;
}

/* Shared memory compared with messages (SHR-2): it must be faster. */
static void compare(void)
{
        thread_config_t messages = thread_defaults("messages", message_reader, NULL);
        thread_config_t ring = thread_defaults("ring", ring_reader, NULL);
        uint64_t cost[2];
        bool ok;

        call_ep = object(seL4_EndpointObject);
        call_reply = object(seL4_ReplyObject);
        items = object(seL4_NotificationObject);
        room = object(seL4_NotificationObject);
        done = object(seL4_NotificationObject);
        ok = thread_create_ex(&messages) && thread_create_ex(&ring);
        cost[0] = ok ? transfer(by_messages) : 0;
        cost[1] = ok ? transfer(by_ring) : 0;
        ok = cost[1] && cost[1] < cost[0];
        report("value lib-64k-by-messages %lu", cost[0]);
        report("value lib-64k-by-ring %lu", cost[1]);
        if (!ok)
                report("FAIL lib-64k-by-ring: it did not arrive, or is not faster than messages");
}

int main(void)
{
        const struct clock_device device = {now, arm, disarm, NULL};
        uint64_t alone[WORKS], crowded[WORKS];

        start_report_to_kernel();
        if (bootstrap(&cspace, &vspace, start_bootinfo()) || clock_open(&timer, device))
                return 1;
        threads_start(&cspace, start_bootinfo()->schedcontrol.start, seL4_CapInitThreadTCB, false);
        measure(alone);
        if (!crowd())
                report("FAIL lib: the crowd could not be made");
        measure(crowded);
        for (unsigned i = 0; i < WORKS; i++) {
                report("value lib-%s %lu", work[i].name, alone[i]);
                report("value lib-%s-among-2000 %lu", work[i].name, crowded[i]);
                if (crowded[i] > alone[i] + alone[i] / 5 + 200)
                        report("FAIL lib-%s: grows with what exists", work[i].name);
        }
        compare();
        if (ut_audit() || vspace_audit(&vspace))
                report("FAIL lib: the books do not agree");
        report("SUITE END");
        return 0;
}
