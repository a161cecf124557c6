/* SPDX-License-Identifier: BSD-2-Clause */
/* The functions of lib/core/base beside those of the C library, under names of their own (names.c). */
#pragma once

#define memcpy      ours_memcpy
#define memmove     ours_memmove
#define memset      ours_memset
#define memcmp      ours_memcmp
#define strlen      ours_strlen
#define strcmp      ours_strcmp
#define strncmp     ours_strncmp
#define strchr      ours_strchr
#define strrchr     ours_strrchr
#define memchr      ours_memchr
#define strnlen     ours_strnlen
#define string_copy ours_string_copy
#define string_cut  ours_string_cut
#include "lib/core/base/include/base/text.h"
