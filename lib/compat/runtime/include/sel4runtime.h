/* SPDX-License-Identifier: BSD-2-Clause */
/* The public names for what a program knows of its start, its threads' storage and its end; sel4/start.h and sel4/tls.h do
 * the work. */
#pragma once

#include <sel4/sel4.h>
#include <sel4runtime/auxv.h>
#include <stddef.h>
#include <stdint.h>

typedef void sel4runtime_exit_cb(int code);
typedef int sel4runtime_pre_exit_cb(int code); /* may change the code */

/* The boot information; NULL in a process. */
seL4_BootInfo *sel4runtime_bootinfo(void);

/* A root task is called "rootserver" and has one environment string, "seL4=1". */
char const *sel4runtime_process_name(void);
int sel4runtime_argc(void);
char const *const *sel4runtime_argv(void);
char const *const *sel4runtime_envp(void);

/* The auxiliary vector, which ends with type AT_NULL. */
auxv_t const *sel4runtime_auxv(void);

/* Bytes of thread-local storage per thread, with everything around it. */
size_t sel4runtime_get_tls_size(void);

/* Fill a block of that size (16-byte aligned) with initial values; the TLS base for a thread, 0 for a NULL block. */
uintptr_t sel4runtime_write_tls_image(void *tls_memory);

/* The TLS base of the calling thread. */
void sel4runtime_set_tls_base(uintptr_t tls_base);
uintptr_t sel4runtime_get_tls_base(void);

/* Go on with a fresh block instead of the static first one; its TLS base, 0 for NULL. */
uintptr_t sel4runtime_move_initial_tls(void *tls_memory);
int sel4runtime_initial_tls_enabled(void);

/* Set the copy of a __thread variable in the storage at `base`; 0. */
#define sel4runtime_set_tls_variable(base, variable, value)                                                  \
        __extension__({                                                                                      \
                *(__typeof__(variable) *)sel4runtime_tls_variable((base), &(variable)) = (value);            \
                0;                                                                                           \
        })
void *sel4runtime_tls_variable(uintptr_t base, void *mine);

/* What is called when the program ends; the callback before it is returned.  `pre_exit` comes first. */
sel4runtime_exit_cb *sel4runtime_set_exit(sel4runtime_exit_cb *callback);
sel4runtime_pre_exit_cb *sel4runtime_set_pre_exit(sel4runtime_pre_exit_cb *callback);
_Noreturn void sel4runtime_exit(int code);
