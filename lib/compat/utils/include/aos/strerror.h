/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of kernel errors. */
#pragma once

extern char *sel4_errlist[];

/* The name of a seL4_Error; for any other number, "unknown error". */
const char *sel4_strerror(int error);

/* If `error` is one: report `what` with its name and place, and end the program. */
#define sel4_error(error, what) __sel4_error(error, __FILE__, __func__, __LINE__, what)
void __sel4_error(int error, const char *file, const char *function, int line, char *what);
