/* SPDX-License-Identifier: BSD-2-Clause */
/* Guests on our network: frames between the card, lwIP and the wires of virtual machines (sos/wire.h), as a switch passes them on.
 *
 * Each guest has an address of its own, made of the card's; a frame of another sender is dropped, so no guest takes what is another's.
 * A frame goes where its destination is: to a guest, to lwIP, else to the card; to a group it goes to all but its sender.  A guest
 * that does not take its frames loses them, and nobody waits for it; what it sends goes in turn, WIRE_OUT frames of each.
 * A wire whose queues say what cannot be is dead until its epoch changes.
 */
#pragma once

#include <stdbool.h>

#include "net/stack/stack.h"

/* `count` wires lie at WIRE_AT; the card runs. */
void guests_open(struct net *n, unsigned count);

/* Take what guests have sent; wake those who have got something; and before sleeping: has really nothing come? */
void guests_serve(void);
void guests_tell(void);
bool guests_may_sleep(void);
