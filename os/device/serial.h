/* SPDX-License-Identifier: BSD-2-Clause */
/* The serial server: owns the UART and its interrupt, edits lines, lends them to one reader at a time.
 *
 * Incoming characters wait in a ring until somebody reads; only then are they echoed and edited, so that input
 * typed (or piped) ahead appears behind the prompt it answers.  A full ring stops the device, not the program.
 * Output of others takes the line that is being edited off the terminal and shows it again below itself, once the terminal has
 * told its size.
 */
#pragma once

#include <sel4/sel4.h>
#include <stdbool.h>
#include <uart/uart.h>

/* Slots of the server's CSpace. */
enum {
        SERIAL_ENDPOINT = 1, /* read */
        SERIAL_IRQ_HANDLER,
        SERIAL_REPLY_A,
        SERIAL_REPLY_B,
        SERIAL_WATCHER,   /* write: somebody who took nothing may try again */
        SERIAL_INTERRUPT, /* write: Ctrl-C while the shell does not read */
        SERIAL_BREAK,     /* write: the line had a break */
};

/* The badge of the interrupt, through the notification bound to the server. */
#define SERIAL_BADGE_IRQ (1ull << 63)

/* The line, as os/device/board.h finds it.  Without registers what is written goes to the kernel's console. */
struct serial_device {
        struct uart_line line;
        volatile void *registers;
        bool has_interrupt, edge;
        bool terminal; /* a person sits there, as far as who started the machine knows */
        seL4_Word interrupt;
};

void serial_run(void *device);

/* For a line without an interrupt of ours: a thread that signals now and then as the interrupt would. */
enum { POLL_RING = 1 };
void serial_poll_run(void *unused);

/* Write past the server, straight to the device: for reports when the server may be what has failed. */
void serial_put(char c);
