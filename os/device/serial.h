/* SPDX-License-Identifier: BSD-2-Clause */
/* The console's line: the client's half of its driver, and the way past it.
 *
 * What is written goes through a ring to the program /drv/serial (drivers/serial), which runs before the server does; what comes in
 * waits in another ring until the console takes it.  Both rings stay as they are when the driver ends: nothing that was written
 * is lost, and nothing that had been taken from the device.
 *
 * The server keeps a mapping of the registers and writes there itself, waiting for room: before the driver runs, after it has gone for
 * good, what has no room in the ring while the driver does not take anything, and reports, whatever may have failed.  After the driver has
 * gone for good it also looks for what comes in, SOS_SERIAL_POLL_US apart.
 */
#pragma once

#include <device/device.h>
#include <sel4/sel4.h>
#include <stdbool.h>
#include <uart/uart.h>

/* The line, as os/device/board.h finds it.  Without one what is written goes to the kernel's console. */
struct serial_device {
        struct device device;
        struct uart_line line;
        const char *compatible;
};

/* From now on there is output.  False: the machine has no line that we know. */
bool serial_open(void);

/* The device, for its driver; what it is, NULL when there is none. */
const char *serial_find(struct device *device);

/* A character, past the driver, straight to the device. */
void serial_put(char c);

/* How long a driver may take nothing while there is no room. */
enum { SERIAL_PATIENCE_US = 2000000 };

/* Is there room for CONSOLE_STEP characters of a program, besides what is kept for the server's own lines?  If not, `hear` is called
 * when there is: a driver that has taken nothing for SERIAL_PATIENCE_US then is ended. */
bool serial_has_room(void);

/* Text; a newline gets its carriage return.  Waits for the driver SERIAL_PATIENCE_US at most while it takes nothing. */
void serial_write(const char *text, size_t length);

/* The machine is about to be switched off: what was written goes out first, whatever the driver does. */
void serial_finish(void);

/* What has come in, up to `size`; how much that was. */
size_t serial_take(char *to, size_t size);

/* Breaks of the line since the last time that was asked; a driver may say any number. */
bool serial_had_break(void);

/* The driver's row of the table (os/process/driver.c). */
void serial_begins(void *shared, void (*poke)(void));
bool serial_hear(void);
void serial_lost(void);
void serial_gone(void);
bool serial_useful(void);
bool serial_hangs(void);
void serial_halts(bool on);
void serial_poll(void);

/* Who wants to know when something has come in; `again` signals the server as the driver does. */
void serial_tell(void (*hear)(void), seL4_CPtr again);
