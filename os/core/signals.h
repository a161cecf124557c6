/* SPDX-License-Identifier: BSD-2-Clause */
/* Badges of signals through the notification bound to the server, by which drivers announce that something has happened. */
#pragma once

enum {
        SIGNAL_PIECE = 8,
        SIGNAL_DRIVERS = 0xff00 /* a driver in a process of its own, by its number */,
        SIGNAL_DRIVER_SHIFT = 8
};
#define SIGNAL_FLAG (1ull << 63)
