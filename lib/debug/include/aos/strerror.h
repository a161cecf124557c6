/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of kernel errors. */
#pragma once

/* The name of a seL4_Error; for any other number, "unknown error". */
const char *sel4_strerror(int error);

/* If `error` is one: report `what` with its name and end the program. */
void sel4_error(int error, const char *what);
