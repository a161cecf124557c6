/* SPDX-License-Identifier: BSD-2-Clause */
/* Processes: an address space, a CSpace and a thread, made from one program image and undone as one.
 *
 * Life: FREE -> (process_make) RUNNING <-> WAITING for an answer -> (process_end) ZOMBIE, until its exit was heard, or
 * FREE at once when nobody can wait for it.  A zombie has no kernel objects any more.
 */
#pragma once

#include "os/init/space.h"
#include "sos/proto.h"

enum process_state { PROCESS_FREE, PROCESS_RUNNING, PROCESS_WAITING, PROCESS_ZOMBIE };

enum { PROCESSES = 64, CHILD_PRIORITY_MAX = 100, PROCESS_SLOT_BITS = 7 };

/* Badges on the server's endpoint: the pid, and this bit on fault messages. */
#define BADGE_FAULT (1ull << 62)

struct process {
        uint32_t state;
        int pid, parent;
        char name[SOS_NAME_MAX];
        struct object tcb, sc, cnode;
        struct space *space;
        seL4_CPtr reply; /* holds the caller while WAITING */
        int waits_for;   /* pid whose end is awaited, -1: any child, 0: none */
        int exit_code;
        unsigned long priority, budget_us, period_us, consumed_us;
        unsigned faults;
        bool tell_budget;
};

/* What a process is made from. */
struct process_plan {
        const char *name;
        const unsigned char *image;
        seL4_Word size;
        const char *arguments; /* as in struct sos_spawn; the name goes in front */
        unsigned long priority, budget_us, period_us;
        int parent;
        bool console;     /* may talk to the serial server */
        bool tell_budget; /* an exhausted budget is a fault */
};

/* The endpoints that processes get; unbadged originals in the root CNode. */
struct process_endpoints {
        seL4_CPtr server, timer, serial;
        seL4_CPtr sched_control;
};
void process_init(const struct process_endpoints *e);

/* Make and start; the pid, or -SOS_E*. */
int process_make(const struct process_plan *plan);

/* Everything back; the record stays as a zombie when the parent lives. */
void process_end(struct process *p, int code);

/* Forget a zombie. */
void process_forget(struct process *p);

/* NULL when there is no such process (zombies are found). */
struct process *process_find(int pid);
struct process *process_named(const char *name);

/* Entry i of the table, for walking; FREE entries included. */
struct process *process_entry(unsigned i);

/* Time used so far, microseconds. */
unsigned long process_consumed(struct process *p);
