/* SPDX-License-Identifier: BSD-2-Clause */
/* The behaviour suite: one source, three homes.
 *
 * A test is a C function written against <sel4/sel4.h> alone, so the same file runs as a root task on the debug and on
 * the release kernel in QEMU, and as user threads of the host core (tests/lib).  Each test gets a fresh untyped of 4 MiB (8 MiB at EL2);
 * when it ends everything made from it is revoked, so tests cannot disturb each other.
 *
 *      TEST(call_on_empty_slot, "IPC-02")
 *      {
 *              seL4_MessageInfo_t r = seL4_Call(new_slot(), seL4_MessageInfo_new(0, 0, 0, 0));
 *              EQ(seL4_MessageInfo_get_label(r), seL4_InvalidCapability);
 *      }
 *
 * The second argument names the statements of the specification that the test shows, separated by spaces:
 * IPC-n, SCH-n, VM-n, or document and section with the number of the check, as OBJ-7.2.14, ABI-1.2, BOOT-5, OBJ-17.3.
 * `make coverage-spec` reads them.
 */
#pragma once

#include "face.h"

#include <sel4/sel4.h>
#include <sel4/sel4_arch/mapping.h>
#include <stddef.h>
#include <stdint.h>

typedef seL4_Word word;

struct test {
        const char *name, *statements;
        void (*run)(void);
};

#define TEST(id, shows)                                                                                      \
        static void test_##id(void);                                                                         \
        static const struct test entry_##id = {#id, shows, test_##id};                                       \
        __attribute__((used, section("suite"))) static const struct test *const pointer_##id = &entry_##id;  \
        static void test_##id(void)

/* Checks: the first that fails ends the test (also from a helper thread, which then stops). */
#define CHECK(x)                                                                                             \
        do {                                                                                                 \
                if (!(x))                                                                                    \
                        suite_fail(__FILE__, __LINE__, #x, 0, 0);                                            \
        } while (0)
#define EQ(a, b)                                                                                             \
        do {                                                                                                 \
                word eq_a = (word)(a), eq_b = (word)(b);                                                     \
                if (eq_a != eq_b)                                                                            \
                        suite_fail(__FILE__, __LINE__, #a " == " #b, eq_a, eq_b);                            \
        } while (0)
#define OK(call) EQ(call, seL4_NoError)

_Noreturn void suite_fail(const char *file, int line, const char *what, word got, word wanted);

/* Environment */
extern seL4_BootInfo *suite_boot;
#define ROOT     seL4_CapInitThreadCNode
#define VSPACE   seL4_CapInitThreadVSpace
#define AT(slot) ROOT, (slot), 64 /* a slot of the root CNode as (root, index, depth) */

/* Objects, all made from the test's untyped.  Slots are given out in ascending order. */
word test_untyped(void);               /* the 4 MiB untyped itself */
word new_slot(void);                   /* an empty slot of the root CNode */
word new_slots(word n);                /* n neighbouring ones; the first */
word new_object(word type, word bits); /* fails the test when it cannot be made */
word new_endpoint(void);
word new_notification(void);
word new_reply(void);
word new_frame(void);                                        /* 4 KiB, not mapped */
word new_sc(word budget_us, word period_us);                 /* configured, no extra refills */
word minted(word slot, word badge, seL4_CapRights_t rights); /* a badged copy in a new slot */
word copied(word slot, seL4_CapRights_t rights);
word kind_of(word slot); /* debug kernel: DebugCapIdentify; release: 0 when Move finds it empty else 1 */
int on_debug_kernel(void);
int on_host(void);

/* Memory: page addresses nobody uses, and mapping with tables made on demand. */
word new_page_address(void);
word map_at(word frame, word address, seL4_CapRights_t rights, word attributes); /* an error number */
word map_new_page(
        void *address_out); /* a new frame mapped RW at a new address; the frame cap; *address_out = address */

/* Threads.  They share the root task's CSpace and VSpace; each has an IPC buffer, a stack and TLS.  The test itself runs
 * at priority 200 with a long round-robin budget. */
enum { SUITE_PRIORITY = 200 };

struct helper {
        word tcb, sc;       /* sc 0: passive */
        word buffer, frame; /* IPC buffer address and its frame cap */
        word stack_top, tls;
        volatile word step; /* for the thread to count in */
        volatile word done; /* set when its function has returned */
};

typedef void helper_fn(word a, word b);

void helper_make(struct helper *h, word priority); /* TCB, buffer, stack, SC of 10 ms round robin */
void helper_start(struct helper *h, helper_fn *fn, word a, word b); /* registers written, resumed */
void helper_has_periods(struct helper *h, word budget_us,
                        word period_us); /* made: a sporadic SC, whose periods do not drift */
void helper_passive(struct helper *h);   /* its SC is unbound (kept in h->sc) */
void spawn(struct helper *h, word priority, helper_fn *fn, word a, word b); /* make and start */
void let_run(void); /* everything of priority 2 to 199 runs until it blocks, then the test goes on */

word registers_read(struct helper *h, seL4_UserContext *c, int suspend); /* all 36; an error number */

void skip_instruction(word tcb); /* of a thread that waits for the answer to a fault */

/* Time in microseconds, and a step of a busy loop (on the host it is what lets time pass). */
word now_us(void);
void relax(void);
void spin_us(word us);  /* busy */
void sleep_us(word us); /* the test steps back for that long; for helpers that never block */

/* Console */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
