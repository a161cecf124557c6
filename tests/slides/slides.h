/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <aos/seed_compat.h>
#include <bootstrap/bootstrap.h>
#include <sel4/report.h>
#include <uart/pl011.h>

extern cspace_t cspace;
extern vspace_t vspace;

/* Count and print. */
void check(bool ok, const char *what);

void slides_print_to(struct uart *uart);

void threads_in_own_space(void);
void threads_in_new_space(void);
void ipc(void);
void library_calls(void);

/* beyond.c */
void beyond_the_slides(void);
