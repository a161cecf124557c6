/* SPDX-License-Identifier: BSD-2-Clause */
/* The root task of a system of protection domains: makes what the builder has listed, starts all threads, stops itself.
 *
 * It reads the boot information of the machine that it runs on, so nothing of it is predicted.  The order is the builder's;
 * whatever fails stops the whole system, with a line on the debug kernel's console that says what and why.
 */
#include "tools/microkit/init/init.h"

seL4_IPCBuffer *__sel4_ipc_buffer;
const seL4_BootInfo *boot_info;
__attribute__((section(".data"))) const struct system_record *system_address;

extern char image_start[];

/* For images written by the public tool, the root task reports what is missing, instead of the tool. */
seL4_Word sel4_phdrs_patched__vaddr __attribute__((used)) = 1;
unsigned short sel4_phdrs_patched__phnum __attribute__((used)) = 1;

void init_system(seL4_BootInfo *info);

static void say(const char *text)
{
#ifdef CONFIG_PRINTING
        while (*text != '\0')
                seL4_DebugPutChar(*text++);
#else
        (void)text;
#endif
}

static void say_number(seL4_Word value)
{
        char digits[2 + 16 + 1] = "0x";
        unsigned at = 2;

        for (int shift = 60; shift >= 0; shift -= 4)
                if (shift == 0 || value >> shift)
                        digits[at++] = "0123456789abcdef"[value >> shift & 15];
        digits[at] = '\0';
        say(digits);
}

_Noreturn void stop(const char *what, const char *name, seL4_Word number)
{
        say("microkit: cannot start: ");
        say(what);
        say(" ");
        say(name);
        say(": ");
        say_number(number);
        say("\n");
        for (;;)
                seL4_TCB_Suspend(seL4_CapInitThreadTCB);
}

void must(seL4_Error error, const char *what, const char *name)
{
        if (error != seL4_NoError)
                stop(what, name, (seL4_Word)error);
}

void __assert_fail(const char *text, const char *file, int line, const char *function);

void __assert_fail(const char *text, const char *file, int line, const char *function)
{
        (void)file, (void)function;
        stop(text, "", (seL4_Word)line);
}

const void *part(enum system_part which, seL4_Word *count)
{
        *count = system_address->part[which].count;
        return (const char *)system_address + system_address->part[which].offset;
}

seL4_CPtr slot_of(uint32_t slot)
{
        if (slot == SYSTEM_FIRMWARE)
                return seL4_CapSMC;
        if (slot & SYSTEM_IMAGE)
                return boot_info->userImageFrames.start +
                       (system_address->image - (seL4_Word)image_start) / PAGE + (slot & ~SYSTEM_IMAGE);
        return boot_info->empty.start + slot;
}

static void map_tables(void)
{
        seL4_Word count;
        const struct system_table *t = part(PART_TABLE, &count);

        for (seL4_Word i = 0; i < count; i++)
                must(seL4_ARM_PageTable_Map(slot_of(t[i].slot), slot_of(t[i].vspace), t[i].vaddr,
                                            seL4_ARM_Default_VMAttributes),
                     "page table", "");
}

static void map_frames(const struct system_map *m)
{
        seL4_CapRights_t rights = m->flags & MAP_WRITE ? seL4_ReadWrite : seL4_CanRead;
        seL4_ARM_VMAttributes attributes = m->flags & MAP_UNCACHED ? 0 : seL4_ARM_Default_VMAttributes;

        if (!(m->flags & MAP_EXECUTE))
                attributes |= seL4_ARM_ExecuteNever;
        for (uint32_t i = 0; i < m->count; i++) {
                seL4_CPtr frame = slot_of(m->slot + i);

                if (m->flags & MAP_CLEAN)
                        must(seL4_ARM_Page_CleanInvalidate_Data(frame, 0, 1ul << m->page_bits), "cleaning",
                             "");
                if (m->copy != SYSTEM_NONE) {
                        must(seL4_CNode_Copy(CNODE, slot_of(m->copy + i), 64, CNODE, frame, 64,
                                             seL4_AllRights),
                             "capability of a frame", "");
                        frame = slot_of(m->copy + i);
                } else if (m->slot & SYSTEM_IMAGE) {
                        must(seL4_ARM_Page_Unmap(frame), "page of the image", "");
                }
                must(seL4_ARM_Page_Map(frame, slot_of(m->vspace), m->vaddr + ((seL4_Word)i << m->page_bits),
                                       rights, attributes),
                     "frame", "");
        }
}

static void make_caps(void)
{
        seL4_Word count;
        const struct system_cap *c = part(PART_CAP, &count);

        for (seL4_Word i = 0; i < count; i++) {
                seL4_CapRights_t rights = {{c[i].rights}};
                seL4_CPtr cnode = c[i].cnode == SYSTEM_NONE ? (seL4_CPtr)CNODE : slot_of(c[i].cnode);
                seL4_Word index = c[i].cnode == SYSTEM_NONE ? slot_of((uint32_t)c[i].index) : c[i].index;

                must(seL4_CNode_Mint(cnode, index, (seL4_Uint8)c[i].depth, CNODE, slot_of(c[i].source), 64,
                                     rights, c[i].badge),
                     c[i].source == SYSTEM_FIRMWARE
                             ? "smc=\"true\": this machine's firmware is not called by SMC"
                             : "capability",
                     "");
        }
}

static seL4_Error get_irq(const struct system_irq *q, seL4_CPtr handler)
{
#ifdef CONFIG_ENABLE_SMP_SUPPORT
        return seL4_IRQControl_GetTriggerCore(seL4_CapIRQControl, q->irq, q->trigger, CNODE, handler, 64,
                                              q->cpu);
#else
        return seL4_IRQControl_GetTrigger(seL4_CapIRQControl, q->irq, q->trigger, CNODE, handler, 64);
#endif
}

static void make_irqs(void)
{
        seL4_Word count;
        const struct system_irq *q = part(PART_IRQ, &count);

        for (seL4_Word i = 0; i < count; i++) {
                seL4_CPtr handler = slot_of(q[i].handler), signal = slot_of(q[i].signal);
                seL4_Error error = get_irq(&q[i], handler);

                if (error != seL4_NoError)
                        stop("the kernel does not give away interrupt", "", q[i].irq);
                must(seL4_CNode_Mint(CNODE, signal, 64, CNODE, slot_of(q[i].notification), 64, seL4_AllRights,
                                     q[i].badge),
                     "signal of an interrupt", "");
                must(seL4_IRQHandler_SetNotification(handler, signal), "interrupt", "");
        }
}

static void make_guest(const struct system_thread *t)
{
        if (t->vcpu == SYSTEM_NONE)
                return;
#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
        must(seL4_ARM_VCPU_SetTCB(slot_of(t->vcpu), slot_of(t->tcb)), "virtual CPU of", t->name);
#else
        stop("no virtual CPUs for", t->name, 0);
#endif
}

static void make_thread(const struct system_thread *t)
{
        seL4_CPtr tcb = slot_of(t->tcb), fault = t->fault == SYSTEM_NONE ? seL4_CapNull : slot_of(t->fault);
        static seL4_UserContext registers;

        registers.pc = t->entry;
        registers.sp = t->stack;
        must(seL4_SchedControl_ConfigureFlags(boot_info->schedcontrol.start + t->cpu, slot_of(t->sc),
                                              t->budget, t->period, 0, t->badge, 0),
             "budget of", t->name);
        must(seL4_TCB_Configure(tcb, slot_of(t->cspace), t->cspace_data, slot_of(t->vspace), 0, t->buffer,
                                t->frame == SYSTEM_NONE ? seL4_CapNull : slot_of(t->frame)),
             "spaces of", t->name);
        must(seL4_TCB_SetSchedParams(tcb, seL4_CapInitThreadTCB, t->priority, t->priority, slot_of(t->sc),
                                     fault),
             "priority of", t->name);
        make_guest(t);
        must(seL4_TCB_WriteRegisters(tcb, 0, 0, 2, &registers), "registers of", t->name);
        if (t->notification != SYSTEM_NONE)
                must(seL4_TCB_BindNotification(tcb, slot_of(t->notification)), "notification of", t->name);
        if (!t->fpu)
                must((seL4_Error)seL4_TCB_SetFlags(tcb, 0, seL4_TCBFlag_fpuDisabled).error, "flags of",
                     t->name);
        if (t->domain != 0)
                must(seL4_DomainSet_Set(seL4_CapDomain, (seL4_Uint8)t->domain, tcb), "domain of", t->name);
#ifdef CONFIG_DEBUG_BUILD
        seL4_DebugNameThread(tcb, t->name);
#endif
}

static void check_cores(const struct system_thread *thread, seL4_Word threads)
{
        seL4_Word cores = boot_info->schedcontrol.end - boot_info->schedcontrol.start;

        for (seL4_Word i = 0; i < threads; i++)
                if (thread[i].cpu >= cores)
                        stop("this machine has no core for", thread[i].name, thread[i].cpu);
}

static void make_schedule(void)
{
        seL4_Word count;
        const struct system_entry *e = part(PART_ENTRY, &count);

        for (seL4_Word i = 0; i < count; i++)
                must(seL4_DomainSet_ScheduleConfigure(seL4_CapDomain, e[i].index, (seL4_Uint8)e[i].domain,
                                                      e[i].duration),
                     "entry of the domain schedule", "");
}

void init_system(seL4_BootInfo *info)
{
        seL4_Word tables = 0, maps, threads;
        const struct system_map *map;
        const struct system_thread *thread;

        boot_info = info;
        seL4_SetIPCBuffer(info->ipcBuffer);
        if (system_address == NULL || system_address->magic != SYSTEM_MAGIC ||
            system_address->version != SYSTEM_VERSION)
                stop("this root task reads what SDK/bin/microkit of Tessera writes; the public tool needs "
                     "its own initialiser.elf",
                     "", 0);
        thread = part(PART_THREAD, &threads);
        check_cores(thread, threads);
        memory_make();
        contents_fill();
        const struct system_objects *o = part(PART_OBJECTS, &tables);
        for (seL4_Word i = 0; i < tables; i++)
                for (uint32_t n = 0; o[i].type == seL4_ARM_VSpaceObject && n < o[i].count; n++)
                        must(seL4_ARM_ASIDPool_Assign(seL4_CapInitThreadASIDPool, slot_of(o[i].slot + n)),
                             "address space", "");
        map_tables();
        map = part(PART_MAP, &maps);
        for (seL4_Word i = 0; i < maps; i++)
                map_frames(&map[i]);
        make_irqs();
        make_caps();
        for (seL4_Word i = 0; i < threads; i++)
                make_thread(&thread[i]);
        make_schedule();
        for (seL4_Word i = 0; i < threads; i++)
                if (thread[i].vcpu == SYSTEM_NONE)
                        must(seL4_TCB_Resume(slot_of(thread[i].tcb)), "start of", thread[i].name);
        if (system_address->part[PART_ENTRY].count > 0)
                must(seL4_DomainSet_ScheduleSetStart(seL4_CapDomain, system_address->domain_start),
                     "domain schedule", "");
        seL4_TCB_Suspend(seL4_CapInitThreadTCB);
}
