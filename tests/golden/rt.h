/* SPDX-License-Identifier: BSD-2-Clause */
/* Freestanding runtime of the golden-record root task: console, object allocation, mapping, threads.
 * Compiles against any libsel4-compatible header set (MCS, AArch64). */
#pragma once
#include <sel4/sel4.h>
#include <sel4/sel4_arch/mapping.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

typedef seL4_Word word;
#define NORETURN __attribute__((noreturn))

extern seL4_BootInfo *bi;
extern word self, self_sc; /* the thread that runs the program, and its scheduling context */
extern word core;          /* whose core's time all contexts get */
extern char *said;         /* where lines go instead of to the console; NULL for the console */
void print(const char *fmt, ...);
void rt_init(seL4_BootInfo *b);
void rt_beside(seL4_BootInfo *b, word slots,
               word pages); /* for a program beside another one: its first slot and page */
NORETURN void halt(void);

word slot_alloc(void); /* an empty slot of the root CNode */
word slot_range(word n);
word obj_at(word type, word bits, word slot); /* 0 on success */
word obj(word type, word bits);               /* new object in a new slot; halts on failure */
word untyped(word bits);                      /* a fresh untyped cap of that size */
word device_frame(word paddr);                /* 4K frame cap of a device page */
word map_new(word vaddr);                     /* maps a fresh 4K RW frame; returns the frame cap */
word map_frame(word frame, word vaddr, seL4_CapRights_t r);
word vaddr_new(void); /* an unused page address (2 pages apart) */

typedef struct thread {
        word tcb, sc, ipcbuf_cap, ipcbuf, stack, tls, cnode;
} thread_t;
typedef void (*fn_t)(word);
void thread_make(thread_t *t, word prio); /* TCB+SC+stack+IPC buffer, not started */
void thread_start(thread_t *t, fn_t fn, word arg);
void thread_passive(thread_t *t); /* unbinds its SC */
void thread_kill(thread_t *t);
void sc_set(word sc, word budget_us, word period_us);
void sc_full(word sc, word budget_us, word period_us, word refills, word badge, word flags);

static inline word ccnt(void)
{
        word v;
        __asm__ volatile("isb; mrs %0, pmccntr_el0" : "=r"(v));
        return v;
}
static inline word vcnt(void)
{
        word v;
        __asm__ volatile("isb; mrs %0, cntvct_el0" : "=r"(v));
        return v;
}
static inline word vfrq(void)
{
        word v;
        __asm__ volatile("mrs %0, cntfrq_el0" : "=r"(v));
        return v;
}

/* checks */
extern int n_pass, n_fail;
extern const char *cur;
#define CHECK(c)                                                                                             \
        do {                                                                                                 \
                if (!(c)) {                                                                                  \
                        print("FAIL %s: %s line %d\n", cur, #c, __LINE__);                                   \
                        n_fail++;                                                                            \
                        return;                                                                              \
                }                                                                                            \
        } while (0)
#define CHECKEQ(a, b)                                                                                        \
        do {                                                                                                 \
                word _a = (word)(a), _b = (word)(b);                                                         \
                if (_a != _b) {                                                                              \
                        print("FAIL %s: %s = 0x%lx, expected 0x%lx line %d\n", cur, #a, _a, _b, __LINE__);   \
                        n_fail++;                                                                            \
                        return;                                                                              \
                }                                                                                            \
        } while (0)
#define MI(label, caps, len) seL4_MessageInfo_new(label, 0, caps, len)
#define ROOT                 seL4_CapInitThreadCNode
#define VSP                  seL4_CapInitThreadVSpace
