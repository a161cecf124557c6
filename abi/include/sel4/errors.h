/* SPDX-License-Identifier: BSD-2-Clause */
/* Error codes: the label of the reply to an invocation.  The details are in the first message registers, which
 * a stub leaves in the IPC buffer:
 *
 *      if (seL4_CNode_Delete(cnode, slot, depth) == seL4_RangeError)
 *              report(seL4_GetMR(0), seL4_GetMR(1));
 *
 * An error means that nothing has changed. */
#pragma once

typedef enum {
        seL4_NoError = 0,
        seL4_InvalidArgument = 1,   /* MR0: number of the message word that is not acceptable */
        seL4_InvalidCapability = 2, /* MR0: number of the cap of the wrong kind; 0 is the invoked one */
        seL4_IllegalOperation = 3,  /* not on this cap, or not now */
        seL4_RangeError = 4,        /* MR0, MR1: smallest and largest value allowed */
        seL4_AlignmentError = 5,    /* an address is not aligned as required */
        seL4_FailedLookup = 6,      /* MR0: 1 if the source slot failed, else 0; MR1: seL4_LookupFailureType;
                                        MR2..: details of that type, see sel4/constants.h */
        seL4_TruncatedMessage = 7,  /* too few message words or extra caps */
        seL4_DeleteFirst = 8,       /* something must be deleted first */
        seL4_RevokeFirst = 9,       /* something must be revoked first */
        seL4_NotEnoughMemory = 10,  /* MR0: bytes left in the untyped */
        seL4_NumErrors = 11,
} seL4_Error;
