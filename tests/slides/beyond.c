/* SPDX-License-Identifier: BSD-2-Clause */
/* What the libraries have beyond the slides and only a machine can show: registers, stacks, caches, the device tree. */
#include "slides.h"

#include <aos/debug.h>
#include <caps/fp.h>
#include <clock/timestamp.h>
#include <dma.h>
#include <fault/fault.h>
#include <frame_table.h>
#include <reply/reply.h>
#include <sel4runtime.h>
#include <string.h>
#include <tests.h>
#include <utils/util.h>

enum { DEPTH = 24, FRAME_BYTES = 256 };

static seL4_CPtr object(seL4_Word type)
{
        seL4_CPtr cap = seL4_CapNull;

        (void)ut_new_object(&cspace, &cap, type, 0);
        return cap;
}

static void start(void)
{
        check(sel4runtime_argc() == 1 && !strcmp(sel4runtime_process_name(), "rootserver") &&
                      !strcmp(sel4runtime_envp()[0], "seL4=1") && !sel4runtime_envp()[1],
              "a root task has a name and an environment");
        check(sel4runtime_auxv()[0].a_type == AT_SEL4_BOOT_INFO &&
                      sel4runtime_auxv()[0].a_un.a_ptr == (void *)sel4runtime_bootinfo() &&
                      sel4runtime_auxv()[2].a_type == AT_NULL,
              "and an auxiliary vector");
}

static __thread int mine = 7;

static __attribute__((noinline)) int look_at_mine(void)
{
        __asm__ volatile("" ::: "memory"); /* its address is asked for again */
        return mine;
}

static void storage(void)
{
        static char block[8192] __attribute__((aligned(64)));
        uintptr_t old = sel4runtime_get_tls_base();
        uintptr_t base = sel4runtime_write_tls_image(block);

        check(base > (uintptr_t)block && base < (uintptr_t)block + sel4runtime_get_tls_size() &&
                      sel4runtime_get_tls_size() <= sizeof(block),
              "a block of thread-local storage");
        mine = 8;
        sel4runtime_set_tls_variable(base, mine, 9);
        check(mine == 8 && sel4runtime_initial_tls_enabled(), "a variable of another thread is set");
        sel4runtime_set_tls_base(base);
        check(look_at_mine() == 9 && sel4runtime_get_tls_base() == base,
              "and seen after the change of storage");
        sel4runtime_set_tls_base(old);
}

static void *where(void *arg)
{
        int local = 0;

        *(uintptr_t *)arg = (uintptr_t)&local;
        return (char *)arg + 1;
}

static void other_stack(void)
{
        static char stack[4096] __attribute__((aligned(16)));
        uintptr_t at = 0;
        void *result = utils_run_on_stack(stack + sizeof(stack), where, &at);

        check(result == (char *)&at + 1 && at > (uintptr_t)stack && at < (uintptr_t)stack + sizeof(stack),
              "utils_run_on_stack");
}

static void dma(void)
{
        dma_addr_t a, b, c;

        check(dma_start(&cspace) == 0, "a pool of DMA memory");
        a = sos_dma_malloc(100, 0);
        b = sos_dma_malloc(8192, 4096);
        check(a.vaddr && b.vaddr && !(a.paddr % 128) && !(b.paddr % 4096) && sos_dma_used() == 128 + 8192,
              "aligned pieces");
        check(sos_dma_virt_to_phys(b.vaddr + 5) == b.paddr + 5 && sos_dma_phys_to_virt(a.paddr) == a.vaddr &&
                      !sos_dma_virt_to_phys((uintptr_t)&a),
              "both ways between the addresses");
        *(volatile int *)b.vaddr = 3;
        check(!sos_dma_cache_clean(b.vaddr, 8192) && !sos_dma_cache_invalidate(b.vaddr, 8192) &&
                      !sos_dma_cache_clean_invalidate(a.vaddr, 100) && *(volatile int *)b.vaddr == 3,
              "cache calls");
        check(sos_dma_cache_clean(b.vaddr, 1 << 21) == seL4_RangeError, "not beyond the pool");
        sos_dma_free(a);
        c = sos_dma_malloc(128, 0);
        check(c.vaddr == a.vaddr && !sos_dma_malloc(1 << 22, 0).vaddr, "a freed piece comes back");
        sos_dma_free(b);
        sos_dma_free(c);
        sos_dma_free(c);
        check(sos_dma_used() == 0, "all of it, once");
}

static void devices(void)
{
        struct device uart, clock;

        check(device_open_compatible(&uart, sel4runtime_bootinfo(), "arm,pl011", 0) == 0 &&
                      uart.paddr == 0x9000000 && uart.has_interrupt && uart.interrupt == 33 && !uart.edge,
              "the serial line from the device tree");
        check((device_read32(&uart, 0xfe0) & 0xff) == 0x11, "its identification register");
        check(device_read32(&uart, 0x1000) == 0xffffffff, "nothing beyond it");
        device_close(&uart);
        check(device_open_compatible(&clock, sel4runtime_bootinfo(), "arm,pl031", 0) == 0 &&
                      device_read32(&clock, 0),
              "the time of day");
        device_close(&clock);
        check(device_open_path(&clock, sel4runtime_bootinfo(), "/pl031@9010000") == 0 &&
                      clock.paddr == 0x9010000 && clock.interrupt == 34,
              "and by its place in the tree");
        device_close(&clock);
}

/* Skipping, which only real instructions can show. */
static volatile int steps;

static void faulty(void *unused)
{
        (void)unused;
        steps = 1;
        __asm__ volatile("str wzr, [%0]" ::"r"(0x10ul) : "memory");
        steps = 2;
        __asm__ volatile("udf #0");
        steps = 3;
        __asm__ volatile("mov x7, #99\n\tsvc #0" ::: "x7", "memory");
        steps = 4;
        __asm__ volatile("ldr x9, [%0]" ::"r"(0x10ul) : "x9", "memory");
        steps = 5;
}

static void faults(void)
{
        thread_config_t config = thread_defaults("faulty", faulty, NULL);
        static const enum fault_kind order[] = {FAULT_MEMORY, FAULT_EXCEPTION, FAULT_CALL};
        seL4_CPtr reply = object(seL4_ReplyObject);
        struct fault fault;
        seL4_Word badge;
        thread_t *thread;

        config.fault_ep = object(seL4_EndpointObject);
        config.fault_badge = 5;
        thread = thread_create_ex(&config);
        for (int i = 0; i < 3; i++) {
                seL4_MessageInfo_t info = seL4_Recv(config.fault_ep, &badge, reply);

                fault = fault_decode(info, badge, reply);
                check(fault.kind == order[i] && steps == i + 1 && fault_skip(&fault, thread->tcb) == 0,
                      "a fault is skipped");
        }
        fault = fault_decode(seL4_Recv(config.fault_ep, &badge, reply), badge, reply);
        check(fault.access == FAULT_READ && fault.cause == FAULT_UNMAPPED && fault_kill(&fault) == 0 &&
                      steps == 4,
              "and one is the last");
        debug_dump_registers(thread->tcb);
        thread_destroy(thread);
}

/* What the debugger shows of a thread that computes; tests/slides/run looks at the lines. */
static void computing(void *unused)
{
        (void)unused;
        __asm__ volatile(
                "fmov d8, #3.25\n\tmov x9, #0x400000\n\tmsr fpcr, x9\n\tmov x9, #0x10\n\tmsr fpsr, x9\n\t"
                "movi v31.16b, #0x5a\n\tudf #0" ::
                        : "x9", "v8", "v31");
}

static void floating_point(void)
{
        thread_config_t config = thread_defaults("computing", computing, NULL);
        seL4_CPtr reply = object(seL4_ReplyObject);
        struct fp_state fp = {.v = {[16] = 1}};
        thread_t *thread;
        struct fault fault;
        seL4_Word badge;
        bool told;

        config.fault_ep = object(seL4_EndpointObject);
        thread = thread_create_ex(&config);
        fault = fault_decode(seL4_Recv(config.fault_ep, &badge, reply), badge, reply);
        report("registers of a thread that computes:");
        debug_dump_registers(thread->tcb);
        told = fp_read(thread->tcb, &fp);
        check(fp.v[16] == (told ? 0x400a000000000000 : 1) && fp.fpcr == (told ? 0x400000 : 0),
              "FP state, or none");
        fp.v[16] = 7;
        fp.fpcr = 0;
        check(fp_write(thread->tcb, &fp) == told && fp_read(thread->tcb, &fp) == told && fp.v[16] == 7 &&
                      !fp.fpcr,
              "is written");
        check(!fp_read(seL4_CapInitThreadTCB, &fp) && fp.v[16] == 7, "not its own");
        check(fault_kill(&fault) == 0, "it ends");
        thread_destroy(thread);
}

/* A killed thread stays stopped, whatever its fault, and whatever is received afterwards. */
static volatile int starts;

static void write_nowhere(void *unused)
{
        (void)unused;
        for (;;) {
                starts++;
                __asm__ volatile("str wzr, [%0]" ::"r"(0x10ul) : "memory");
        }
}

static void undefined(void *unused)
{
        (void)unused;
        for (;;) {
                starts++;
                __asm__ volatile("udf #0");
        }
}

static void receive_from_nothing(void *unused)
{
        seL4_Word badge;

        (void)unused;
        for (;;) {
                starts++;
                (void)seL4_Recv(0xffff0, &badge, 0xffff1);
        }
}

static void call_unknown(void *unused)
{
        (void)unused;
        for (;;) {
                starts++;
                __asm__ volatile("mov x7, #99\n\tsvc #0" ::: "x7", "memory");
        }
}

static void killed(thread_main_f *entry, enum fault_kind kind, seL4_CPtr ep, seL4_CPtr reply)
{
        thread_config_t config = thread_defaults("killed", entry, NULL);
        struct fault fault = {0};
        seL4_Word badge = 0;
        thread_t *thread;
        int again = 0;

        starts = 0;
        config.fault_ep = ep;
        config.fault_badge = 5;
        config.prio = seL4_MaxPrio; /* above this thread, which is at the same level: it runs when it can */
        thread = thread_create_ex(&config);
        fault = fault_decode(seL4_Recv(ep, &badge, reply), badge, reply);
        check(fault.kind == kind && fault_kill(&fault) == 0, "a thread is killed");
        for (int i = 0; i < 20; i++) {
                seL4_Yield();
                badge = 0;
                (void)seL4_NBRecv(ep, &badge, reply);
                again += badge != 0;
        }
        check(again == 0 && starts == 1, "and stays so");
        thread_destroy(thread);
}

static void killed_threads(void)
{
        seL4_CPtr ep = object(seL4_EndpointObject), reply = object(seL4_ReplyObject);

        killed(write_nowhere, FAULT_MEMORY, ep, reply);
        killed(undefined, FAULT_EXCEPTION, ep, reply);
        killed(receive_from_nothing, FAULT_CAPABILITY, ep, reply);
        killed(call_unknown, FAULT_CALL, ep, reply);
}

static __attribute__((noinline)) int deeper(int level)
{
        volatile char frame[FRAME_BYTES];

        frame[0] = (char)level;
        return level ? deeper(level - 1) + frame[0] : frame[0];
}

static void deep(void *ep)
{
        (void)deeper(DEPTH);
        (void)seL4_Call((seL4_CPtr)ep, seL4_MessageInfo_new(0, 0, 0, 0));
}

/* A thread in a call, kept in a pool of reply objects, looked at. */
static void waiting(void)
{
        seL4_CPtr ep = object(seL4_EndpointObject);
        thread_config_t config = thread_defaults("deep", deep, (void *)ep);
        struct reply_pool pool;
        struct reply reply;
        struct thread_view view;
        thread_t *thread;
        seL4_Word badge;
        char text[80];

        check(reply_start(&pool, &cspace, 1) == 0, "a pool of reply objects");
        thread = thread_create_ex(&config);
        (void)seL4_Recv(ep, &badge, reply_ready(&pool));
        reply = reply_take(&pool, badge, 0);
        view = thread_look(thread, 1000);
        (void)thread_view_text(thread, &view, text, sizeof(text));
        check(view.why == THREAD_IN_CALL && strstr(text, "deep waits in Call on capability"),
              "why a thread does not run: it waits");
        check(thread_stack_used(thread) > DEPTH * FRAME_BYTES &&
                      thread_stack_used(thread) < DEPTH * (FRAME_BYTES + 64) + 512,
              "how deep its stack went");
        check(reply_answer(&pool, reply, seL4_MessageInfo_new(0, 0, 0, 0)) == 0 && thread_join(thread) == 0,
              "its answer");
        thread_destroy(thread);
        reply_end(&pool);
}

void beyond_the_slides(void)
{
        uint64_t frequency = timestamp_get_freq();

        start();
        storage();
        other_stack();
        dma();
        devices();
        faults();
        floating_point();
        killed_threads();
        waiting();
        frame_table_init(&cspace, seL4_CapInitThreadVSpace);
        run_tests(&cspace);
        check(frequency == 62500000, "the counter's frequency");
        check(timestamp_scale(~0ul, frequency, 1000000) == 295147905179352825ul,
              "no overflow in time stamps");
        check(cspace_dump(&cspace, 3) == cspace_used_slots(&cspace) - WATERMARK_SLOTS - 1,
              "a dump of the CSpace");
        debug_print_bootinfo(sel4runtime_bootinfo());
}
