/* SPDX-License-Identifier: BSD-2-Clause */
/* Waiting for words of memory (futex of Linux): a waiter is in the queue of the word's bucket, with the word's key in its call.
 *
 * A word of memory that processes have together has the same key in all of them; any other one belongs to its address space.
 * Comparing the word and entering the queue are one step of the server, and so is waking: no wake is lost between them.  A
 * waiter that is rung for without having been woken (a signal came, or its time) compares again.
 * A lock is a word that says which thread has it.  Who waits for one gets it from its owner, or when that ends; the word says so, and it
 * looks at the word when it is rung for.  Linux raises the priority of the owner meanwhile to that of whoever waits; here it keeps
 * its own (nice.h), which only matters among threads of real time.
 *
 * Cost: waking costs what is woken, and those in the same bucket.
 */
#pragma once

#include "os/process/process.h"

#define FUTEX_ANY 0xffffffffu

/* The key of a word of `p`; `own`: nobody but this space is meant.  False: the address is bad. */
bool futex_key(struct process *p, seL4_Word va, bool own, struct futex_key *key);

/* A word that is a lock: the thread that has it, whether others wait for it, and whether an owner has ended. */
enum { FUTEX_WAITERS = 1u << 31, FUTEX_OWNER_DIED = 1 << 30, FUTEX_OWNER = (1 << 30) - 1 };

/* Stand in the queue; for a lock that another thread has. */
void futex_wait_at(struct process *p, const struct futex_key *key, uint32_t bits);
void futex_wait_lock(struct process *p, const struct futex_key *key, struct process *owner);

/* The lock goes to who has waited longest for it, which is rung for: its number, which the caller writes into the word; 0: nobody waits. */
int futex_hand_over(const struct futex_key *key);

/* Wait for any of several words: their keys, which stay until the call is over.  False: too many threads do that.  What is woken has
 * the number of its word in call.futex.which.
 * Cost: each wake looks at all words of all that wait so. */
enum { FUTEX_WORDS_MAX = 128, FUTEX_MANY = 64 };
bool futex_wait_many(struct process *p, const struct futex_key *keys, unsigned count);

/* Wake up to `most` (at least one) of those that wait with one of these bits; their number. */
long futex_wake(const struct futex_key *key, long most, uint32_t bits);

/* Let up to `most` of those that wait for one word wait for another one; their number. */
long futex_move(const struct futex_key *from, const struct futex_key *to, long most);

/* A thread has ended: a piece of releasing the locks that it holds and waking those who wait for its end; true: that was all. */
bool futex_thread_ends(struct process *t);

/* The same when it goes on as another program, for what it had in the space of the old one. */
bool futex_program_ends(struct process *t, struct space *old);
