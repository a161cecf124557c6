/* SPDX-License-Identifier: BSD-2-Clause */
/* The names that libext2fs has for numbers; its own way to make them asks the machine that configures it. */
#pragma once

#include <stdint.h>
#include <sys/types.h>

typedef uint8_t __u8;
typedef int8_t __s8;
typedef uint16_t __u16, __le16, __be16;
typedef int16_t __s16;
typedef uint32_t __u32, __le32, __be32;
typedef int32_t __s32;
typedef unsigned long long __u64, __le64, __be64;
typedef long long __s64;

/* Marks for a checker that is not used here. */
#define __bitwise
#define __force
