/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the libraries put things in the address space of a server: values may move, names stay.
 *
 *      0x400000            image, IPC buffer, boot information (the kernel's choice)
 *      PAGES_START..END    pages "somewhere": stacks, buffers, device registers
 *      BOOK_WINDOW         the libraries' own books (SOS_UT_TABLE)
 *      FRAME_DATA          the frame table's frames, by number (SOS_FRAME_DATA)
 *
 * A program that needs another layout puts a header of this name in front of this one in its include path.
 */
#pragma once

#define PAGES_START       0x10000000ul
#define PAGES_END         0x8000000000ul
#define BOOK_WINDOW_START 0x8000000000ul
#define BOOK_WINDOW_END   0x8040000000ul
#define FRAME_DATA        0x8200000000ul
