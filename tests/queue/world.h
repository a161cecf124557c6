/* SPDX-License-Identifier: BSD-2-Clause */
/* What the cases of the transport share: random numbers from a seed, checks, memory that AddressSanitizer guards. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

extern unsigned long rounds; /* of each random case */
extern int passed, failed;

uint64_t draw(uint64_t below);
void check(bool ok, const char *what);

/* `bytes` zeroed and aligned to a cache line, with nothing accessible after them. */
void *shared(unsigned long bytes);

/* Overwrites up to `writes` words of `bytes` of memory as an attacker might: small numbers, huge ones, neighbours of the old ones. */
void scribble(void *memory, unsigned long bytes, unsigned writes);

void queue_cases(void);
void share_cases(void);
void block_cases(void);
void other_cases(void);
void socket_cases(void);
void thread_case(void);
