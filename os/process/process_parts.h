/* SPDX-License-Identifier: BSD-2-Clause */
/* What process.c, process_exec.c, thread.c and table.c have together. */
#pragma once

#include "os/process/process.h"

/* Thread number i of those that are not leaders. */
struct process *thread_entry(unsigned i);

/* Records that were ever used are those of thread_any below this number. */
unsigned tasks_known(void);

/* A record has its number from now on, and can be found by it; it has none any more. */
void task_enter(struct process *p);
void task_leave(struct process *p);

/* What its messages come with, except for BADGE_FAULT. */
seL4_Word task_badge(const struct process *p);

/* The entry of family_entry, taken and empty, with a number, its family and its group. */
struct process *task_take_entry(const struct process *maker, int group);

/* It has that number instead of the next one, which somebody else gets: the first process of people is number 1 although drivers run
 * already, and drivers that every machine has do not move the numbers of programs. */
enum { TASK_FIRST = 1 };
void task_renumber(struct process *p, int pid);

/* Name and time, as a child and a thread get them. */
void task_inherit(struct process *to, const struct process *from);

/* The child has the descriptors of `from`, or others; calls know whether somebody else may close one (call_file). */
void task_shares_files(struct process *from, struct process *to, const struct process_fork *how);

/* TCB and scheduling context, with the registers, FP included, of another one as it is in its call; false when out of memory. */
bool task_copy_thread(struct process *from, struct process *to, const struct process_fork *how);

/* A space with the program, and a thread of its own that has not begun; 0, or -SOS_E*: some of the objects may be there then.  Those of a
 * thread with a CSpace go.  Its name, without the folders of a path. */
int task_load(struct process *p, const struct process_plan *plan);
void task_free_objects(struct process *p);
void task_rename(struct process *p, const char *name);

/* It waits for nothing any more, and does not run. */
void task_still(struct process *p);

/* Its scheduling context gets the budget of the record. */
bool task_set_turn(const struct process *p);

/* Those go. */
void task_free_thread(struct process *p);
