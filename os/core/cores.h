/* SPDX-License-Identifier: BSD-2-Clause */
/* The cores that the OS runs on: as many as the kernel has started (numNodes of the boot information), one for an image packed without
 * --cores.  The OS and its programs are the same files for any number.
 *
 * Server, services and drivers are on core 0, as the table in cores.c says.  So what they have in common is as on one core: while the
 * server runs, no driver does.  Programs are anywhere (process/spread.h): they share no memory with the server, which reads and writes
 * theirs while they run.
 */
#pragma once

#include <sel4/sel4.h>
#include <stdint.h>

enum { CORES_MAX = 8 };

/* Sets of cores are words with a bit for each. */
enum { CORE_OF_SERVER = 1, CORE_ANY = (1 << CORES_MAX) - 1 };

void cores_open(const seL4_BootInfo *info);

unsigned cores_count(void);
uint32_t cores_all(void);

/* The capability that configures scheduling contexts for that core. */
seL4_CPtr core_control(unsigned core);

/* Where the driver or server of that name may be; all cores when the table does not have it. */
uint32_t cores_of_server(const char *name);
