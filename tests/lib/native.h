/* SPDX-License-Identifier: BSD-2-Clause */
/* User programs in C, written against <sel4/sel4.h>, as threads of the simulated machine.
 *
 * A thread whose pc is the address of a C function runs that function as a coroutine with its own host stack; x0 and
 * x1 are its arguments.  sp is data (the host stack is another), and so is everything else in the registers.  User
 * addresses work: a page is mapped where the kernel's page tables say so at the first touch, taken away when the
 * kernel drops it from the TLB, and an access that the tables refuse is an exception for the kernel.
 *
 * Addresses to avoid in programs: RAM at HOST_BASE, and (with AddressSanitizer) everything from 0x7fff0000 on.
 * Programs that spin must call native_relax now and then, because time does not pass by itself.
 */
#pragma once

#include "arch/host/host.h"

enum native_end {
        NATIVE_STUCK,  /* no thread can ever run again */
        NATIVE_HALTED, /* the kernel halted the machine: DebugHalt or a panic */
};

/* Boot with `entry` as the first thread's program (x0: address of the bootinfo frame) and run to the end. */
enum native_end native_run(const struct host_options *options, void (*entry)(word bootinfo));

/* After native_run, on the same machine or on one restored to an earlier state in which the same thread runs: that
 * thread restarts at `entry`, with its x0 unchanged; other threads must not have run yet. */
enum native_end native_run_again(void (*entry)(word bootinfo));

/* The program lets `ticks` of time pass without a system call; interrupts that become due are taken. */
void native_relax(word ticks);

/* The program is finished: native_run returns NATIVE_STUCK. */
_Noreturn void native_stop(void);

/* Checks the whole state of the kernel now. */
void native_check(void);

/* Ticks that pass in every kernel entry; checker after each entry or not. */
void native_settings(word cost, bool checks);
