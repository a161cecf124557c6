/* SPDX-License-Identifier: BSD-2-Clause */
/* A signal caused by an instruction or sent by somebody: its number, the reason (codes of siginfo), and the address or the sender. */
#pragma once

#include <sel4/sel4.h>
#include <stdbool.h>

struct signal_cause {
        int signal;
        int code;
        int error;         /* or another number, as its filter says (SIGSYS) */
        seL4_Word address; /* or the sender: its pid, and the user in the upper half */
        seL4_Word value;
        bool fault; /* it is an address */
};
