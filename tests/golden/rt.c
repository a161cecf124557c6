/* SPDX-License-Identifier: BSD-2-Clause */
#include "rt.h"
#ifndef GOLDEN_BESIDE /* the second program uses the first one's */
__thread seL4_IPCBuffer *__sel4_ipc_buffer;
#endif
seL4_BootInfo *bi;
word self = seL4_CapInitThreadTCB, self_sc = seL4_CapInitThreadSC, core;
char *said;
int n_pass, n_fail;
const char *cur = "";
static volatile uint32_t *uart;
static word slot_next, ut_index = ~0ul;
static word va_next = 0x20000000;

void *memset(void *d, int c, size_t n)
{
        char *p = d;
        while (n--)
                *p++ = c;
        return d;
}
void *memcpy(void *d, const void *s, size_t n)
{
        char *p = d;
        const char *q = s;
        while (n--)
                *p++ = *q++;
        return d;
}
void __assert_fail(const char *s, const char *f, int l, const char *fn)
{
        print("ASSERT %s %s:%d %s\n", s, f, l, fn);
        halt();
}

static void putc_(char c)
{
        if (said) {
                *said++ = c;
        } else if (uart) {
                while (uart[6] & (1u << 5)) {
                }
                uart[0] = c;
        }
#ifdef CONFIG_PRINTING
        else
                seL4_DebugPutChar(c);
#endif
}
static void num(word v, int base, int neg)
{
        char b[24];
        int i = 0;
        if (neg)
                putc_('-');
        do {
                b[i++] = "0123456789abcdef"[v % base];
                v /= base;
        } while (v);
        while (i--)
                putc_(b[i]);
}
void print(const char *f, ...)
{
        va_list a;
        va_start(a, f);
        for (; *f; f++) {
                if (*f != '%') {
                        if (*f == '\n')
                                putc_('\r');
                        putc_(*f);
                        continue;
                }
                f++;
                while (*f == 'l')
                        f++;
                if (*f == 's') {
                        const char *s = va_arg(a, const char *);
                        while (*s)
                                putc_(*s++);
                } else if (*f == 'd') {
                        long v = va_arg(a, int);
                        num(v < 0 ? -v : v, 10, v < 0);
                } else if (*f == 'u')
                        num(va_arg(a, word), 10, 0);
                else if (*f == 'x')
                        num(va_arg(a, word), 16, 0);
                else
                        putc_(*f);
        }
        va_end(a);
}
NORETURN void halt(void)
{
        print("GOLDEN END\n");
        for (;;)
                seL4_TCB_Suspend(self);
}

word slot_alloc(void)
{
        if (slot_next >= bi->empty.end) {
                print("no slots\n");
                halt();
        }
        return slot_next++;
}
void rt_slots(word first)
{
        slot_next = first;
}
word slot_range(word n)
{
        word s = slot_next;
        slot_next += n;
        return s;
}
static word fit_ut(void)
{ /* the biggest RAM untyped */
        word best = ~0ul, bits = 0;
        for (word i = 0; i < bi->untyped.end - bi->untyped.start; i++)
                if (!bi->untypedList[i].isDevice && bi->untypedList[i].sizeBits > bits) {
                        bits = bi->untypedList[i].sizeBits;
                        best = i;
                }
        return best;
}
word obj_at(word type, word bits, word slot)
{
        if (ut_index == ~0ul)
                ut_index = fit_ut();
        return seL4_Untyped_Retype(bi->untyped.start + ut_index, type, bits, ROOT, 0, 0, slot, 1);
}
word obj(word type, word bits)
{
        word s = slot_alloc();
        word e = obj_at(type, bits, s);
        if (e) {
                print("obj type %u bits %u error %u\n", type, bits, e);
                halt();
        }
        return s;
}
word untyped(word bits)
{
        return obj(seL4_UntypedObject, bits);
}
word device_frame(word pa)
{
        for (word i = 0; i < bi->untyped.end - bi->untyped.start; i++) {
                seL4_UntypedDesc *u = &bi->untypedList[i];
                if (!u->isDevice || pa < u->paddr || pa >= u->paddr + (1ul << u->sizeBits))
                        continue;
                word ut = bi->untyped.start + i, base = u->paddr, bits = u->sizeBits;
                while (bits > 12) { /* split in halves, take the half that holds pa */
                        word s = slot_range(2);
                        if (seL4_Untyped_Retype(ut, seL4_UntypedObject, bits - 1, ROOT, 0, 0, s, 2))
                                return 0;
                        bits--;
                        if (pa >= base + (1ul << bits)) {
                                base += 1ul << bits;
                                ut = s + 1;
                        } else
                                ut = s;
                }
                word f = slot_alloc();
                if (seL4_Untyped_Retype(ut, seL4_ARM_SmallPageObject, 12, ROOT, 0, 0, f, 1))
                        return 0;
                return f;
        }
        return 0;
}
word map_frame(word frame, word va, seL4_CapRights_t r)
{
        for (int i = 0; i < 5; i++) {
                word e = seL4_ARM_Page_Map(frame, VSP, va, r, seL4_ARM_Default_VMAttributes);
                if (e != seL4_FailedLookup)
                        return e;
                word pt = obj(seL4_ARM_PageTableObject, 12);
                e = seL4_ARM_PageTable_Map(pt, VSP, va, seL4_ARM_Default_VMAttributes);
                if (e)
                        return e;
        }
        return seL4_FailedLookup;
}
word map_new(word va)
{
        word f = obj(seL4_ARM_SmallPageObject, 12);
        word e = map_frame(f, va, seL4_AllRights);
        if (e) {
                print("map error %u at %x\n", e, va);
                halt();
        }
        return f;
}
word vaddr_new(void)
{
        word v = va_next;
        va_next += 0x2000;
        return v;
}
static word device_map(word pa, word va)
{
        word f = device_frame(pa);
        if (!f)
                return 1;
        for (int i = 0; i < 5; i++) {
                word e = seL4_ARM_Page_Map(f, VSP, va, seL4_AllRights, 0);
                if (e != seL4_FailedLookup)
                        return e;
                seL4_ARM_PageTable_Map(obj(seL4_ARM_PageTableObject, 12), VSP, va, 0);
        }
        return 1;
}
void rt_init(seL4_BootInfo *b)
{
        bi = b;
        __sel4_ipc_buffer = b->ipcBuffer;
        slot_next = b->empty.start;
        if (device_map(0x9000000, 0x10000000) == 0)
                uart = (void *)0x10000000;
#ifdef BENCH
        word v = 1 | 4;
        __asm__ volatile("msr pmcr_el0, %0" ::"r"(v));
        v = 1ul << 31;
        __asm__ volatile("msr pmcntenset_el0, %0; isb" ::"r"(v));
#endif
}
void rt_beside(seL4_BootInfo *b, word slots, word pages)
{
        bi = b;
        slot_next = slots;
        va_next = pages;
}
void sc_full(word sc, word b, word p, word refills, word badge, word flags)
{
        word e = seL4_SchedControl_ConfigureFlags(bi->schedcontrol.start + core, sc, b, p, refills, badge,
                                                  flags);
        if (e) {
                print("sc configure %u\n", e);
                halt();
        }
}
void sc_set(word sc, word b, word p)
{
        sc_full(sc, b, p, 0, 0, 0);
}
void thread_make(thread_t *t, word prio)
{
        word va = vaddr_new(), vs = vaddr_new();
        t->ipcbuf_cap = map_new(va);
        t->ipcbuf = va;
        map_new(vs);
        t->stack = vs + 4096;
        t->tls = va + 2048;
        t->tcb = obj(seL4_TCBObject, seL4_TCBBits);
        t->sc = obj(seL4_SchedContextObject, 9);
        t->cnode = ROOT;
        sc_set(t->sc, 10000, 10000);
        word e = seL4_TCB_Configure(t->tcb, ROOT,
                                    seL4_CNode_CapData_new(0, 64 - bi->initThreadCNodeSizeBits).words[0], VSP,
                                    0, va, t->ipcbuf_cap);
        if (e) {
                print("tcb configure %u\n", e);
                halt();
        }
        e = seL4_TCB_SetSchedParams(t->tcb, seL4_CapInitThreadTCB, prio, prio, t->sc, 0);
        if (e) {
                print("sched params %u\n", e);
                halt();
        }
}
extern void thread_entry(void);
void thread_start(thread_t *t, fn_t fn, word arg)
{
        *(word *)(t->tls + 16) = t->ipcbuf;
        seL4_UserContext c;
        memset(&c, 0, sizeof c);
        c.pc = (word)thread_entry;
        c.sp = t->stack;
        c.x0 = (word)fn;
        c.x1 = arg;
        c.tpidr_el0 = t->tls;
        word e = seL4_TCB_WriteRegisters(t->tcb, 1, 0, sizeof c / sizeof(word), &c);
        if (e) {
                print("write regs %u\n", e);
                halt();
        }
}
void thread_passive(thread_t *t)
{
        seL4_SchedContext_Unbind(t->sc);
}
void thread_kill(thread_t *t)
{
        seL4_CNode_Revoke(ROOT, t->tcb, 64);
        seL4_CNode_Delete(ROOT, t->tcb, 64);
        seL4_CNode_Delete(ROOT, t->sc, 64);
}
