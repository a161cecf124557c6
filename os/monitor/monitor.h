/* SPDX-License-Identifier: BSD-2-Clause */
/* The monitor of one guest: what its parts share.
 *
 * One thread: it takes the next fault of one of the guest's processors or a signal, works, and answers.  While it works that processor
 * stands still, and the others run: what they can write is looked at once.  The only thing a guest can do to end the monitor is PSCI's
 * calls for it: what cannot be emulated is an abort inside the guest.
 *
 * Owns `monitor`.
 */
#pragma once

#include <sel4/sel4.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "os/monitor/processor.h"
#include "sos/machine.h"

enum { MIB = 1 << 20, INSTRUCTION = 4 };

struct monitor {
        struct machine_page *page;
        const char *name;
        uint64_t ram_bytes;
        struct processor processor[MACHINE_PROCESSORS];
        unsigned processors;
        uint32_t on;              /* the set of those that are */
        struct processor *caller; /* whose fault is handled, or was the last to be */
};
extern struct monitor monitor;

/* --- its memory and registers (guest.c) --- */

/* Take memory and map it, here and in the guest. */
void guest_make(uint64_t bytes);

/* Memory of the guest at its address; NULL when not all of it is RAM. */
void *guest_at(uint64_t address, uint64_t bytes);

/* What was written is seen by a guest whose caches are off. */
void guest_clean(void);

/* A processor's registers for its start, and it runs unless it stands.  False: the kernel refuses. */
bool guest_begin(const struct processor *p, uint64_t entry, uint64_t x0);

/* The caller's registers while it stands: what was changed is written by guest_answer_registers.  31 is the zero register. */
void guest_look(void);
void guest_knows_pc(uint64_t pc); /* the fault has said it */
uint64_t guest_register(unsigned number);
void guest_set_register(unsigned number, uint64_t value);
void guest_skip(void); /* the instruction is done */
void guest_answer_registers(void);
uint64_t guest_system_register(seL4_VCPUReg number);

/* An access that no device answers: an external abort inside the guest. */
void guest_abort(bool fetch);

/* --- what comes from it (exits.c) --- */

/* The caller has faulted, and stands. */
void exits_handle(seL4_MessageInfo_t info);

/* It waits for an interrupt, and is at its next instruction; none is in a list register. */
void exits_wait(void);

/* Firmware calls: x0 to x3 (psci.c). */
void psci_call(void);

/* --- its image (image.c, tree.c) --- */

struct settings {
        const char *kernel, *initrd, *disk, *arguments;
        uint64_t disk_start, disk_sectors; /* a part of it, in sectors; 0: all */
        uint64_t mib;
        unsigned processors;
        bool virtio_console; /* it hears what is typed; else the serial line does */
};
void image_load(const struct settings *s, uint64_t *entry, uint64_t *tree);

/* The device tree: its size, at most `bytes`. */
size_t tree_make(void *at, size_t bytes, const struct settings *s, uint64_t initrd, uint64_t initrd_bytes);

/* A signal at that time, microseconds since boot; 0: none. */
void monitor_alarm(uint64_t us);

/* The objects of one more processor, from the server. */
bool monitor_gets_processor(void);

/* --- its end --- */

/* Why, for people; the process ends, and with it the guest. */
_Noreturn void monitor_ends(enum machine_state state, const char *format, ...)
        __attribute__((format(printf, 2, 3)));
#define monitor_fails(...) monitor_ends(MACHINE_ENDED, __VA_ARGS__)
