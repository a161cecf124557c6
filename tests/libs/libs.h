/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of the libraries: root tasks against the public headers, run on the host over the real kernel core.
 *
 * Each case is a program of its own on a machine of its own (one process each); the first failed check ends it.
 */
#pragma once

#include <book/book.h>
#include <bootstrap/bootstrap.h>
#include <cspace/cspace.h>
#include <sel4/report.h>
#include <sel4/sel4.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <ut/ut.h>
#include <vspace/vspace.h>

struct libs_case {
        const char *name;
        void (*run)(const seL4_BootInfo *bi);
        size_t memory; /* MiB of RAM, 0: 64 */
        bool fast;     /* no whole-state checker after each kernel entry: there are too many */
};

/* The longest cases do all their rounds in build/host/libs_plain (tests/libs/long), and a tenth of them under sanitizers. */
#ifdef __SANITIZE_ADDRESS__
enum { LIBS_SHORTER = 10 };
#else
enum { LIBS_SHORTER = 1 };
#endif

#define LIBS_CASES(name)                                                                                     \
        extern const struct libs_case name[];                                                                \
        extern const size_t name##_count

#define LIBS_COUNT(name) const size_t name##_count = sizeof(name) / sizeof(name[0])

/* The program passes time without a system call (tests/lib/native.h). */
void native_relax(seL4_Word ticks);

/* The kernel's checker of its whole state, once. */
void native_check(void);

_Noreturn void libs_fail(const char *file, int line, const char *what, unsigned long got, unsigned long want);

#define CHECK(x) ((x) ? (void)0 : libs_fail(__FILE__, __LINE__, #x, 0, 1))
#define CHECK_EQUAL(got, want)                                                                               \
        libs_check((unsigned long)(got), (unsigned long)(want), #got, __FILE__, __LINE__)

static inline void libs_check(unsigned long got, unsigned long want, const char *what, const char *file,
                              int line)
{
        if (got != want)
                libs_fail(file, line, what, got, want);
}

/* A line of text from a case. */
__attribute__((format(printf, 1, 2))) void libs_note(const char *format, ...);

/* The usual start: libraries ready. */
extern cspace_t cspace;
extern vspace_t vspace;
void libs_start(const seL4_BootInfo *bi);

/* The same with threads, of which those above priority 150 run at once. */
void libs_start_threads(const seL4_BootInfo *bi);

/* Records everything that must be the same before and after. */
struct libs_balance {
        size_t slots, used, pages, tables;
};

struct libs_balance libs_balance(void);
void libs_check_balance(struct libs_balance before);

/* All audits at once; fails the case on a contradiction. */
void libs_audit(void);
void libs_audit_space(vspace_t *space);
void libs_audit_slots(const cspace_t *slots);

/* The same, of the slots only those of one leaf (modulo their number). */
void libs_audit_some(uint32_t leaf);

/* Misuse must be reported: the number of lines since the last call. */
unsigned long libs_reports(void);

/* Lets one in `one_in` of all kernel calls that can fail do so without any effect (0: none); `seed` chooses which. */
void libs_inject(unsigned one_in, uint64_t seed);

/* The `next` such call from now on fails (0: none), and then each `every`th (0: none). */
void libs_inject_at(unsigned next, unsigned every);

/* Kernel calls so far. */
unsigned long libs_calls(void);

/* A number from a fixed sequence. */
uint64_t libs_random(void);
