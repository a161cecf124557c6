/* SPDX-License-Identifier: BSD-2-Clause */
/* Guests on our network: frames between the card, lwIP and the wires of virtual machines (sos/wire.h), as a switch passes them on.
 *
 * Each guest has an address of its own, derived from the card's; a frame with another sender is dropped, so no guest can pose as another.
 * A frame goes to its destination: to a guest, to lwIP, otherwise to the card; one for a group goes to all but its sender.  A guest
 * that does not take its frames loses them, and nobody waits for it; guests send in turn, WIRE_OUT frames each.
 * A wire whose queues have impossible contents is dead until its epoch changes.
 */
#pragma once

#include <stdbool.h>

#include "net/stack/stack.h"

/* `count` wires are mapped at WIRE_AT; the card is running. */
void guests_open(struct net *n, unsigned count);

/* Takes what guests have sent; wakes those who have received something; and checks before sleeping that nothing more has come. */
void guests_serve(void);
void guests_tell(void);
bool guests_may_sleep(void);
