/* SPDX-License-Identifier: BSD-2-Clause */
/* Integer types of fixed width, the machine word, and printf formats for them. */
#pragma once

#include <sel4/arch/simple_types.h>
#include <sel4/config.h>
#include <sel4/macros.h>

typedef signed char seL4_Int8;
typedef unsigned char seL4_Uint8;
typedef signed short seL4_Int16;
typedef unsigned short seL4_Uint16;
typedef signed int seL4_Int32;
typedef unsigned int seL4_Uint32;
typedef signed long seL4_Int64;
typedef unsigned long seL4_Uint64;

typedef seL4_Int8 seL4_Bool;
#define seL4_True  ((seL4_Bool)1)
#define seL4_False ((seL4_Bool)0)

#ifdef __cplusplus
#define seL4_Null 0
#else
#define seL4_Null ((void *)0)
#endif

typedef seL4_Uint64 seL4_Word; /* what a register or a message word holds */
typedef seL4_Word seL4_CPtr;   /* address of a capability in the caller's capability space */

/* Conversion specifiers, to be written behind a per cent sign: "%" SEL4_PRIx_word. */
#define SEL4_PRId64    "ld"
#define SEL4_PRIi64    "li"
#define SEL4_PRIu64    "lu"
#define SEL4_PRIx64    "lx"
#define SEL4_PRId_word SEL4_PRId64
#define SEL4_PRIi_word SEL4_PRIi64
#define SEL4_PRIu_word SEL4_PRIu64
#define SEL4_PRIx_word SEL4_PRIx64
#define SEL4_PRI_word  SEL4_PRIu_word

SEL4_COMPILE_ASSERT(int8_is_1_byte, sizeof(seL4_Int8) == 1 && sizeof(seL4_Uint8) == 1)
SEL4_COMPILE_ASSERT(int16_is_2_bytes, sizeof(seL4_Int16) == 2 && sizeof(seL4_Uint16) == 2)
SEL4_COMPILE_ASSERT(int32_is_4_bytes, sizeof(seL4_Int32) == 4 && sizeof(seL4_Uint32) == 4)
SEL4_COMPILE_ASSERT(int64_is_8_bytes, sizeof(seL4_Int64) == 8 && sizeof(seL4_Uint64) == 8)
SEL4_COMPILE_ASSERT(bool_is_1_byte, sizeof(seL4_Bool) == 1)
SEL4_COMPILE_ASSERT(word_holds_a_pointer, sizeof(seL4_Word) == sizeof(void *))
