/* SPDX-License-Identifier: BSD-2-Clause */
/* Object type numbers for seL4_Untyped_Retype: the types that every architecture has.
 *
 * Sizes are powers of two and alignment equals size.  The retype argument `size_bits` means slots (log2) for
 * CNodes, bytes (log2) for untypeds and scheduling contexts, and is ignored for the rest, where the constant
 * named here is the size. */
#pragma once

#include <sel4/macros.h>
#include <sel4/simple_types.h>

typedef enum {
        seL4_UntypedObject = 0,      /* size_bits, seL4_MinUntypedBits to seL4_MaxUntypedBits */
        seL4_TCBObject = 1,          /* seL4_TCBBits */
        seL4_EndpointObject = 2,     /* seL4_EndpointBits */
        seL4_NotificationObject = 3, /* seL4_NotificationBits */
        seL4_CapTableObject = 4,     /* seL4_SlotBits + size_bits; at least 2 slots */
        seL4_SchedContextObject = 5, /* size_bits, at least seL4_MinSchedContextBits */
        seL4_ReplyObject = 6,        /* seL4_ReplyBits */
        seL4_NonArchObjectTypeCount = 7,
} seL4_ObjectType;

static const seL4_ObjectType seL4_AsyncEndpointObject LIBSEL4_UNUSED
        SEL4_DEPRECATED("use seL4_NotificationObject") = seL4_NotificationObject;

typedef seL4_Word api_object_t; /* a type number in a message word */
