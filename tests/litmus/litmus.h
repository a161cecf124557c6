/* SPDX-License-Identifier: BSD-2-Clause */
/* Litmus tests under the memory model of AArch64: programs of a few threads, and all that they can do.
 *
 * A test is text, a line an instruction (read.c has the list); explore.c goes through every state that it can reach.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum {
        THREADS = 4,
        WINDOW = 12, /* instructions of a thread that have begun and are not finished */
        GUESSES = 2, /* branches among them whose direction is only guessed */
        CODE = 120,  /* instructions of a thread */
        LOCATIONS = 20,
        REGISTERS = 10,
        CLAUSES = 12,
        ATOMS = 6,
        NO_REGISTER = 0xff,
};

enum op { LOAD, STORE, FENCE, ISB, BRANCH, JUMP, WAIT_INTERRUPT, WAIT_EVENT, SEND_EVENT, RING };

/* What a fence orders. */
enum { READS = 1, WRITES = 2, EFFECTS = 4 };

struct instruction {
        enum op op;
        uint8_t location; /* of RING and WAIT_INTERRUPT too: the line */
        uint8_t reg;      /* what a load writes, a branch looks at, a store's value begins with */
        uint8_t other;    /* a branch: the register it compares with, or NO_REGISTER */
        uint8_t address;  /* a register that the address depends on, or NO_REGISTER */
        uint8_t constant;
        char how; /* a store's value: '=', '+', '|' or '&' (and not) the constant; a branch: '=', '!', '1' or '0' (bits) */
        bool acquire, release; /* LDAR, STLR */
        bool weak;             /* with `acquire`: LDAPR */
        bool exclusive, watch; /* LDXR and STXR that succeed; an exclusive load for the sake of its event */
        uint8_t before, after; /* of a fence */
        uint8_t target;
};

/* thread:register, or, with thread THREADS, a location, has a value or has another one. */
struct atom {
        uint8_t thread, index, value;
        bool equal;
};

struct clause {
        bool allowed; /* must be seen; otherwise must not be */
        uint8_t atoms;
        struct atom atom[ATOMS];
        bool seen;
        char text[160];
};

struct program {
        char name[80];
        uint8_t threads, locations, clauses;
        uint8_t length[THREADS];
        struct instruction code[THREADS][CODE];
        uint16_t live[THREADS][CODE + 1]; /* registers that are read later, a bit each */
        uint8_t initial[LOCATIONS];
        struct clause clause[CLAUSES];
};

/* The next test of standard input; false: there is none.  An unreadable line ends the program with a message about it. */
bool read_program(struct program *p);

/* Go through all states; marks the clauses that were seen at an end.  `early`: loads of one location may be satisfied in another order
 * than the program's, as long as nobody can tell.  Without it, *stuck says whether the end cannot be reached from some state.
 * Returns how many states there are. */
uint64_t explore(struct program *p, bool early, bool *stuck);
