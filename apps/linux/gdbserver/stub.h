/* SPDX-License-Identifier: BSD-2-Clause */
/* gdbserver: GDB's remote protocol over TCP for processes of the starter OS.
 *
 * main.c has the connection and waits for gdb or the program, whichever comes first; packet.c frames; command.c answers;
 * run.c continues and steps threads; next.c finds where an instruction leads; watch.c has the core's watchpoints; target.c calls the
 * system.  All threads stop together.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../../lib/compat/sosapi/include/sos/debug.h"

enum { PACKET = 4096, THREADS = 256, ERROR_MEMORY = 14 };

/* --- packet.c: bytes of the connection become packets --- */

struct packets {
        int fd;
        bool no_ack;
        unsigned state, length, sum;
        int told; /* the sum in the packet, so far */
        char data[PACKET + 1];
};

enum heard { HEARD_NOTHING, HEARD_PACKET, HEARD_BREAK };

/* Takes one more byte; a complete packet is in `data`, as it was framed, with a NUL after its `length` bytes. */
enum heard packet_hear(struct packets *p, unsigned char byte);

/* Sends a packet, and a `+` or `-`; bytes with a meaning in a frame are escaped. */
void packet_send(struct packets *p, const char *text, size_t length);

/* Hex digits: the value of one, or -1; a number of at most 16 digits, `at` moves to its end; bytes, false when they are not digits. */
int hex_digit(char c);
uint64_t hex_number(const char **at);
bool hex_bytes(const char *text, void *to, size_t size);
char *hex_put(char *to, const void *from, size_t size);

/* --- target.c: the program --- */

struct target {
        int pid;
        bool lives, started;  /* started by us: it ends with the connection, unless gdb lets it go */
        int current, general; /* the thread that stopped last; the one that gdb's requests are about */
        int stop;             /* the signal of the last stop, as gdb numbers it */
        bool at_break;        /* at one of gdb's breakpoints */
        const char *met;      /* the kind of gdb's watchpoint that stopped it, or NULL */
        uint64_t watched;     /* where its region begins */
};

long target_ask(int request, long a, long b, long c, long d);
bool target_start(struct target *t, char **words);
bool target_attach(struct target *t, int pid);
int target_threads(const struct target *t, int *numbers);
bool target_has(const struct target *t, int thread);
bool target_get(const struct target *t, int thread, struct debug_registers *r);
long target_set(const struct target *t, int thread, const struct debug_registers *r);
long target_read(const struct target *t, uint64_t address, void *to, size_t size);
bool target_write(const struct target *t, uint64_t address, const void *from, size_t size);

/* Signals in gdb's numbers, and in the system's; 0 for those that the other does not have. */
int signal_to_gdb(int signal);
int signal_from_gdb(int signal);

/* --- next.c --- */

enum { PLACES = 3 };

/* Where a thread may be after one instruction, or after a sequence of exclusive accesses, which a stop in between would break;
 * `word` reads memory.  Returns how many places, 0 when the instruction cannot be read. */
typedef bool read_word(void *context, uint64_t address, uint32_t *word);
unsigned next_places(const struct debug_registers *r, read_word *word, void *context,
                     uint64_t places[PLACES]);

/* A load of a sequence of exclusive accesses, which a stop after it would break. */
bool begins_sequence(uint32_t word);

/* --- watch.c --- */

/* The core can step programs, and has watchpoints for them. */
bool core_debugs(const struct target *t);

/* gdb's kinds: 2 for writes, 3 for reads, 4 for both; false: the core has no more for that many bytes. */
bool watch_set(const struct target *t, int kind, uint64_t address, uint64_t size);
void watch_clear(const struct target *t, int kind, uint64_t address, uint64_t size);

/* Another program runs now, without them. */
void watch_forget(void);

/* That address was about to be accessed: gdb's word for the watchpoint there and where its region begins; NULL: there is none. */
const char *watch_met(uint64_t accessed, uint64_t *region);

/* --- run.c --- */

/* gdb's breakpoints. */
long break_set(const struct target *t, uint64_t address);
long break_clear(const struct target *t, uint64_t address);
bool break_is(uint64_t address);

/* Runs what gdb asks for: one thread for a step (0: none), and the others, or only some of them; the fault of the thread that stopped
 * last becomes that signal (0: it retries its instruction). */
enum { SOME = 32 };
struct wish {
        int one;
        bool all;
        int some[SOME];
        unsigned count;
        int signal;
};
bool run_go(struct target *t, const struct wish *w);

/* An event of the system: true when gdb is to be told of the stop (or the end), which is in the target now; `end`: as wait4 returns it. */
bool run_event(struct target *t, const struct debug_event *e, int *end);

/* Stops all threads, at gdb's request. */
void run_stop(struct target *t);

/* --- command.c --- */

enum after { AFTER_GO_ON, AFTER_RUNS, AFTER_DETACH, AFTER_KILL };

/* Answer a packet. */
enum after command(struct packets *p, struct target *t);

/* describe.c: a piece of the description, FROM,SIZE. */
void describe_send(struct packets *p, const char *at);

/* The numbers of all threads, and the name of one. */
void describe_threads(struct packets *p, struct target *t);
void describe_thread(struct packets *p, const char *number);

/* Why the program stopped, or how it ended. */
void tell_stop(struct packets *p, const struct target *t);
void tell_end(struct packets *p, int status);
