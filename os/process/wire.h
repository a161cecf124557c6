/* SPDX-License-Identifier: BSD-2-Clause */
/* The wires between guests' network cards and the network program: their pages, and who has them (sos/wire.h).
 *
 * There is a wire for each machine, made when the network program begins for the first time, and kept.  Without virtual processors, or
 * without a network, there is none.
 * Owns the table of wires.
 */
#pragma once

#include "os/process/process.h"
#include "sos/machine.h"

/* `monitor` has for each machine what wakes its monitor, `network` the notification of the network program. */
void wires_init(const seL4_CPtr *monitor, seL4_CPtr network);

/* The network program starts, or restarts: how many wires it has.  Then, the first time, what it needs is put into its process. */
unsigned wires_begin(void);
bool wires_equip_network(const struct process *p);

/* The monitor of machine `number` begins, with nothing that a guest before has left, and learns whether there is a wire; or it
 * has ended. */
bool wire_equip_monitor(unsigned number, const struct process *p, seL4_Word slot_bits, uint32_t *there);
void wire_end(unsigned number);
