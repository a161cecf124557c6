/* SPDX-License-Identifier: BSD-2-Clause */
/* Offsets in the headers of the image that mkimage uses, too. */
#pragma once

#define PE_DATA_AT    0x60  /* size of initialised data */
#define PE_MEMORY_AT  0x90  /* size of the program in memory */
#define PE_SECTION_AT 0x120 /* the section that holds everything from data_start to the end */
#define ELF_ENTRY_AT  0x200
#define PE_PAGE       0x1000
#define PE_FILE_UNIT  0x200
#define LOG_AT        0x17000 /* the loader's output where there is no console */
#define A32_AT        0x1693c /* where the image's first word branches to */
