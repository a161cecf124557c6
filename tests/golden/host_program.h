/* SPDX-License-Identifier: BSD-2-Clause */
/* Included before the program's files when they are built for the host core. */
#pragma once

#include <sel4/sel4.h>

/* Names that the kernel or the C library of this process also has. */
#define print         golden_print
#define halt          golden_halt
#define memset        golden_memset
#define memcpy        golden_memcpy
#define __assert_fail golden_assert_fail

/* A receive that is completed by a bound notification leaves x1 alone, and the program notes x1 as if it were message
 * info: in the record that is what the compiled program had in x1, the end of the loop that filled the message.  Here
 * that word is handed in, so that the record shows that x1 is indeed left alone. */
static inline seL4_MessageInfo_t golden_recv(seL4_CPtr from, seL4_Word *sender, seL4_CPtr reply, seL4_Word x1)
{
        seL4_MessageInfo_t info;
        seL4_Word badge, mr[4] = {0};

        arm_sys_nbsend_recv((seL4_Word)seL4_SysRecv, 0, from, &badge, x1, &info.words[0], &mr[0], &mr[1],
                            &mr[2], &mr[3], reply);
        *sender = badge;
        return info;
}
#define seL4_Recv(from, sender, reply) golden_recv(from, sender, reply, me * 1000 + k + len)
