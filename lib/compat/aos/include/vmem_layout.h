/* SPDX-License-Identifier: BSD-2-Clause */
/* Where things are in the address spaces of a server and of its processes, by the course's names.  The values are those of
 * sel4/layout.h: pages, devices and stacks of a server go to one window of the vspace library, wherever there is room. */
#pragma once

#include <process/process.h>
#include <sel4/layout.h>

#define SOS_SCRATCH               PAGES_START
#define SOS_DEVICE_START          PAGES_START
#define SOS_STACK                 PAGES_START
#define SOS_IPC_BUFFER            PAGES_START
#define SOS_UART_RECV_BUF_ADDRESS PAGES_START
#define SOS_UT_TABLE              BOOK_WINDOW_START
#define SOS_FRAME_TABLE           BOOK_WINDOW_START
#define SOS_FRAME_DATA            FRAME_DATA
#define SOS_STACK_PAGES           100
#define SOS_DMA_SIZE_BITS         21
