/* SPDX-License-Identifier: BSD-2-Clause */
/* The names that libext2fs uses for integer types; upstream, its configure script generates them for the machine it runs on. */
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

/* Annotations for a static checker that is not used here. */
#define __bitwise
#define __force
