/* SPDX-License-Identifier: BSD-2-Clause */
/* The runner of the behaviour suite: one test after the other, each in memory of its own.
 *
 * Prints `ok NAME` or `FAIL NAME: where: what` per test and ends with `N passed, N failed`.
 */
#include "suite.h"
#include "machine.h"
#include <stdarg.h>

#ifndef SUITE_ARENA_BITS
#define SUITE_ARENA_BITS (10 + seL4_VSpaceBits) /* memory for each test */
#endif

enum { SLOTS_KEPT = 64 };
static const word LONG_US = 3600000000ul;
static const word ADDRESS_BASE = 0x20000000;

seL4_BootInfo *suite_boot;

static word arena, slot_base, slot_next, address_next;
static volatile int failed;
static void *escape[5];
static void *main_buffer;

/* --- console --- */

static void say_number(word value, word base, int width)
{
        char digits[24];
        int n = 0;

        do {
                digits[n++] = "0123456789abcdef"[value % base];
                value /= base;
        } while (value || n < width);
        while (n)
                machine_put(digits[--n]);
}

void say(const char *format, ...)
{
        va_list list;

        va_start(list, format);
        for (; *format; format++) {
                if (*format != '%') {
                        machine_put(*format);
                        continue;
                }
                do
                        format++;
                while (*format == 'l');
                if (*format == 's') {
                        for (const char *s = va_arg(list, const char *); *s; s++)
                                machine_put(*s);
                } else {
                        say_number(va_arg(list, word), *format == 'x' ? 16 : 10, 1);
                }
        }
        va_end(list);
}

_Noreturn void suite_fail(const char *file, int line, const char *what, word got, word wanted)
{
        failed = 1;
        say("  %s:%lu: %s (0x%lx, 0x%lx)\n", file, (word)line, what, got, wanted);
        if ((void *)seL4_GetIPCBuffer() == main_buffer)
                __builtin_longjmp(escape, 1);
        for (;;)
                seL4_Wait(seL4_CapNull, NULL);
}

/* --- slots and objects --- */

word new_slots(word n)
{
        word first = slot_next;

        slot_next += n;
        CHECK(slot_next <= suite_boot->empty.end);
        return first;
}

word new_slot(void)
{
        return new_slots(1);
}

word test_untyped(void)
{
        return arena;
}

word new_object(word type, word bits)
{
        word slot = new_slot();

        OK(seL4_Untyped_Retype(arena, type, bits, ROOT, 0, 0, slot, 1));
        return slot;
}

word new_endpoint(void)
{
        return new_object(seL4_EndpointObject, 0);
}

word new_notification(void)
{
        return new_object(seL4_NotificationObject, 0);
}

word new_reply(void)
{
        return new_object(seL4_ReplyObject, 0);
}

word new_frame(void)
{
        return new_object(seL4_ARM_SmallPageObject, 0);
}

word new_sc(word budget_us, word period_us)
{
        word sc = new_object(seL4_SchedContextObject, 9);

        OK(seL4_SchedControl_ConfigureFlags(suite_boot->schedcontrol.start, sc, budget_us, period_us, 0, 0,
                                            0));
        return sc;
}

word minted(word slot, word badge, seL4_CapRights_t rights)
{
        word to = new_slot();

        OK(seL4_CNode_Mint(AT(to), AT(slot), rights, badge));
        return to;
}

word copied(word slot, seL4_CapRights_t rights)
{
        word to = new_slot();

        OK(seL4_CNode_Copy(AT(to), AT(slot), rights));
        return to;
}

word kind_of(word slot)
{
#ifdef CONFIG_DEBUG_BUILD
        return seL4_DebugCapIdentify(slot);
#else
        return seL4_CNode_Move(AT(slot), AT(slot)) == seL4_DeleteFirst;
#endif
}

int on_debug_kernel(void)
{
#ifdef CONFIG_DEBUG_BUILD
        return 1;
#else
        return 0;
#endif
}

int on_host(void)
{
        return machine_is_host();
}

/* --- memory --- */

word new_page_address(void)
{
        word address = address_next;

        address_next += 2ul << seL4_PageBits;
        return address;
}

word map_at(word frame, word address, seL4_CapRights_t rights, word attributes)
{
        for (int tables = 0; tables < 4; tables++) {
                word error =
                        seL4_ARM_Page_Map(frame, VSPACE, address, rights, (seL4_ARM_VMAttributes)attributes);

                if (error != seL4_FailedLookup)
                        return error;
                error = seL4_ARM_PageTable_Map(new_object(seL4_ARM_PageTableObject, 0), VSPACE, address,
                                               seL4_ARM_Default_VMAttributes);
                if (error)
                        return error;
        }
        return seL4_FailedLookup;
}

word map_new_page(void *address_out)
{
        word frame = new_frame(), address = new_page_address();

        OK(map_at(frame, address, seL4_AllRights, seL4_ARM_Default_VMAttributes));
        *(word *)address_out = address;
        return frame;
}

/* --- threads --- */

struct start {
        struct helper *helper;
        helper_fn *fn;
        word a, b;
};

void helper_make(struct helper *h, word priority)
{
        word page, stack;

        *h = (struct helper){.tcb = new_object(seL4_TCBObject, 0), .sc = new_sc(10000, 10000)};
        h->frame = map_new_page(&page);
        map_new_page(&stack);
        h->buffer = page;
        h->tls = page + 2048;
        h->stack_top = stack + (1ul << seL4_PageBits);
        OK(seL4_TCB_Configure(h->tcb, ROOT, 0, VSPACE, 0, h->buffer, h->frame));
        OK(seL4_TCB_SetSchedParams(h->tcb, seL4_CapInitThreadTCB, 255, priority, h->sc, seL4_CapNull));
}

void helper_has_periods(struct helper *h, word budget_us, word period_us)
{
        word sc = new_sc(budget_us, period_us);

        OK(seL4_SchedContext_Unbind(h->sc));
        OK(seL4_SchedControl_ConfigureFlags(suite_boot->schedcontrol.start, sc, budget_us, period_us, 0, 0,
                                            seL4_SchedContext_Sporadic));
        OK(seL4_SchedContext_Bind(sc, h->tcb));
        h->sc = sc;
}

static void thread_main(word argument)
{
        const struct start start = *(struct start *)argument;
        struct helper *h = start.helper;
        const word tcb = h->tcb; /* the helper may be gone when the function returns */

        seL4_SetIPCBuffer((seL4_IPCBuffer *)h->buffer);
        start.fn(start.a, start.b);
        h->done = 1;
        for (;;) {
                seL4_TCB_Suspend(tcb);
                seL4_Wait(seL4_CapNull, NULL); /* a fault: the thread may be in a CSpace of its own */
        }
}

void helper_start(struct helper *h, helper_fn *fn, word a, word b)
{
        struct start *start = (struct start *)(h->tls + 1024);
        seL4_UserContext c = {0};

        *start = (struct start){h, fn, a, b};
        machine_thread(&c, thread_main, (word)start, h->stack_top, h->tls);
        OK(seL4_TCB_WriteRegisters(h->tcb, 1, 0, sizeof c / sizeof(word), &c));
}

void helper_passive(struct helper *h)
{
        OK(seL4_SchedContext_Unbind(h->sc));
}

void spawn(struct helper *h, word priority, helper_fn *fn, word a, word b)
{
        helper_make(h, priority);
        helper_start(h, fn, a, b);
}

static void own_priority(word priority)
{
        OK(seL4_TCB_SetPriority(seL4_CapInitThreadTCB, seL4_CapInitThreadTCB, priority));
}

void let_run(void)
{
        own_priority(1);
        own_priority(SUITE_PRIORITY);
}

word registers_read(struct helper *h, seL4_UserContext *c, int suspend)
{
        return seL4_TCB_ReadRegisters(h->tcb, suspend, 0, sizeof *c / sizeof(word), c);
}

void skip_instruction(word tcb)
{
        seL4_UserContext c = {0};

        OK(seL4_TCB_ReadRegisters(tcb, 0, 0, 1, &c));
        c.pc += 4;
        OK(seL4_TCB_WriteRegisters(tcb, 0, 0, 1, &c));
}

/* --- time --- */

static void own_time(word budget_us, word period_us)
{
        OK(seL4_SchedControl_ConfigureFlags(suite_boot->schedcontrol.start, seL4_CapInitThreadSC, budget_us,
                                            period_us, 0, 0, 0));
}

word now_us(void)
{
        return machine_ticks() * 1000 / machine_ticks_per_us_x1000();
}

void relax(void)
{
        machine_relax();
}

void spin_us(word us)
{
        for (word end = now_us() + us; now_us() < end;)
                relax();
}

void sleep_us(word us)
{
        own_time(us / 2, us);
        seL4_Yield();
        own_time(LONG_US, LONG_US);
}

/* --- the run --- */

static word biggest_untyped(void)
{
        word best = 0, bits = 0;

        for (word i = 0; i < suite_boot->untyped.end - suite_boot->untyped.start; i++) {
                const seL4_UntypedDesc *u = &suite_boot->untypedList[i];

                if (!u->isDevice && u->sizeBits > bits) {
                        bits = u->sizeBits;
                        best = suite_boot->untyped.start + i;
                }
        }
        return best;
}

static void set_up(void)
{
        word big = biggest_untyped();

        slot_next = suite_boot->empty.start + SLOTS_KEPT;
        arena = new_slot();
        slot_base = slot_next;
        address_next = ADDRESS_BASE;
        OK(seL4_Untyped_Retype(big, seL4_UntypedObject, SUITE_ARENA_BITS, ROOT, 0, 0, arena, 1));
        own_time(LONG_US, LONG_US);
        own_priority(SUITE_PRIORITY);
}

static void clean_up(void)
{
        own_priority(SUITE_PRIORITY);
        seL4_CNode_Revoke(AT(arena));
        for (word s = slot_base; s < slot_next; s++)
                seL4_CNode_Delete(AT(s));
        slot_next = slot_base;
        address_next = ADDRESS_BASE;
}

static int run_one(const struct test *t)
{
        failed = 0;
        say("run %s [%s]\n", t->name, t->statements);
        if (__builtin_setjmp(escape) == 0)
                t->run();
        clean_up();
        say("%s %s\n", failed ? "FAIL" : "ok", t->name);
        return failed;
}

#ifndef SUITE_ONLY
#define SUITE_ONLY "" /* tests whose name begins so are run */
#endif

static int begins(const char *name, const char *wanted)
{
        for (; *wanted; wanted++, name++) {
                if (*name != *wanted)
                        return 0;
        }
        return 1;
}

/* Nothing says how many domains there are; a bad domain is refused as argument 0, no thread as argument 1. */
static int has_domains(void)
{
        seL4_DomainSet_Set(seL4_CapDomain, 1, seL4_CapNull);
        return seL4_GetMR(0) == 1;
}

/* Tests named domains_* are for an image with several domains, all others for one with one. */
static int is_chosen(const struct test *t)
{
        return begins(t->name, SUITE_ONLY) && begins(t->name, "domains_") == has_domains();
}

extern const struct test *const __start_suite[], *const __stop_suite[];

void suite_main(seL4_BootInfo *boot)
{
        word passed = 0, lost = 0;

        suite_boot = boot;
        machine_start();
        main_buffer = seL4_GetIPCBuffer();
        set_up();
        for (const struct test *const *t = __start_suite; t < __stop_suite; t++) {
                if (!is_chosen(*t))
                        continue;
                if (run_one(*t))
                        lost++;
                else
                        passed++;
        }
        say("%lu passed, %lu failed\n", passed, lost);
        machine_stop();
}
