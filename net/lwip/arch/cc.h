/* SPDX-License-Identifier: BSD-2-Clause */
/* What lwIP needs from its environment.  It must not print by itself; an assertion that fails is reported and ends the program. */
#pragma once

#include <stdint.h>
#include <sys/types.h>

#define LWIP_NO_UNISTD_H   1
#define LWIP_NO_INTTYPES_H 1
#define X8_F               "02x"
#define U16_F              "u"
#define S16_F              "d"
#define X16_F              "x"
#define U32_F              "u"
#define S32_F              "d"
#define X32_F              "x"
#define SZT_F              "lu"
/* Copies of known sizes are instructions, not calls. */
#define SMEMCPY(to, from, size) __builtin_memcpy(to, from, size)
#define MEMCPY(to, from, size)  __builtin_memcpy(to, from, size)
/* An instruction each, not a call. */
#define lwip_htons(x)           __builtin_bswap16(x)
#define lwip_htonl(x)           __builtin_bswap32(x)
#define LWIP_CHKSUM             net_checksum
#define LWIP_RAND()             net_random()
#define LWIP_PLATFORM_DIAG(x)   ((void)0)
#define LWIP_PLATFORM_ASSERT(x) net_assertion(x, __FILE__, __LINE__)

uint16_t net_checksum(const void *bytes, int length);
uint32_t net_random(void);
void net_date_set(uint32_t seconds, uint32_t us);
void net_date_get(uint32_t *seconds, uint32_t *us);
_Noreturn void net_assertion(const char *what, const char *file, int line);
