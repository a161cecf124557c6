/* SPDX-License-Identifier: BSD-2-Clause */
/* See service.h.  Each service has 64 KiB of addresses: guard, stack, guard, and the page of its IPC buffer with its
 * thread-local storage behind the buffer. */
#include "os/init/service.h"
#include "os/init/memory.h"
#include "os/init/window.h"
#include "sel4/tls.h"

enum {
        AREA = 64 << 10,
        PAGE = 4096,
        STACK_PAGES = 8,
        BUFFER_AT = 12 * PAGE,
        TLS_AT = BUFFER_AT + 1024,
        SC_BITS = 8,
};

static struct service *services[SERVICES];
static unsigned service_count;

static seL4_Word area(const struct service *s)
{
        for (unsigned i = 0; i < service_count; i++) {
                if (services[i] == s)
                        return WINDOW_STACKS + (seL4_Word)i * AREA;
        }
        return 0;
}

struct service *service_entry(unsigned i)
{
        return i < service_count ? services[i] : NULL;
}

/* The buffer's own frame, so that the kernel can be given its capability. */
static bool make_buffer(seL4_Word at, struct object *frame)
{
        return object_make(frame, seL4_ARM_SmallPageObject, seL4_PageBits, SLOT_FRAME) &&
               window_map(frame->cap, at + BUFFER_AT, seL4_ARM_Default_VMAttributes | seL4_ARM_ExecuteNever);
}

bool service_make(struct service *s, seL4_CPtr sched_control)
{
        seL4_Word guard = seL4_CNode_CapData_new(0, seL4_WordBits - SERVICE_SLOT_BITS).words[0];
        struct object tcb, sc, cnode, buffer;
        seL4_Word at;

        if (service_count == SERVICES)
                return false;
        services[service_count++] = s;
        at = area(s);
        if (!object_make(&tcb, seL4_TCBObject, seL4_TCBBits, SLOT_TCB) ||
            !object_make(&sc, seL4_SchedContextObject, SC_BITS, SLOT_SC) ||
            !object_make(&cnode, seL4_CapTableObject, SERVICE_SLOT_BITS, SLOT_CNODE) ||
            !window_fill(at + PAGE, STACK_PAGES) || !make_buffer(at, &buffer))
                return false;
        s->tcb = tcb.cap;
        s->sc = sc.cap;
        s->cnode = cnode.cap;
        return !seL4_SchedControl_ConfigureFlags(sched_control, s->sc, SERVICE_SLICE_US, SERVICE_SLICE_US, 0,
                                                 0, 0) &&
               !seL4_TCB_Configure(s->tcb, s->cnode, guard, seL4_CapInitThreadVSpace, seL4_NilData,
                                   at + BUFFER_AT, buffer.cap) &&
               !seL4_TCB_SetSchedParams(s->tcb, seL4_CapInitThreadTCB, 0, s->priority, s->sc, seL4_CapNull);
}

bool service_give(struct service *s, seL4_Word slot, seL4_CPtr cap, seL4_CapRights_t rights, seL4_Word badge)
{
        if (badge)
                return !seL4_CNode_Mint(s->cnode, slot, SERVICE_SLOT_BITS, seL4_CapInitThreadCNode, cap,
                                        seL4_WordBits, rights, badge);
        return !seL4_CNode_Copy(s->cnode, slot, SERVICE_SLOT_BITS, seL4_CapInitThreadCNode, cap,
                                seL4_WordBits, rights);
}

static _Noreturn void enter(struct service *s)
{
        s->run(s->argument);
        for (;;)
                seL4_Yield();
}

bool service_start(struct service *s)
{
        seL4_Word at = area(s);
        seL4_UserContext registers = {
                .pc = (seL4_Word)enter,
                .sp = at + (1 + STACK_PAGES) * PAGE,
                .x0 = (seL4_Word)s,
                .tpidr_el0 = tls_write((void *)(at + TLS_AT), (seL4_IPCBuffer *)(at + BUFFER_AT)),
        };

        return !seL4_TCB_WriteRegisters(s->tcb, true, 0, sizeof(registers) / sizeof(seL4_Word), &registers);
}
