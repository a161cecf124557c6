/* SPDX-License-Identifier: BSD-2-Clause */
/* The host has RAM from 0x40000000 on and AddressSanitizer from 0x7fff0000 on: everything moves below. */
#pragma once

#define PAGES_START       0x10000000ul
#define PAGES_END         0x30000000ul
#define BOOK_WINDOW_START 0x70000000ul
#define BOOK_WINDOW_END   0x74000000ul
#define FRAME_DATA        0x30000000ul
