/* SPDX-License-Identifier: BSD-2-Clause */
/* Sizes of pages.  PAGE_MASK_4K are the bits within a page, as the course has it. */
#pragma once

#include <utils/arith.h>

#define PAGE_BITS_4K 12
#define PAGE_BITS_2M 21
#define PAGE_BITS_4M 22
#define PAGE_BITS_1G 30

#define PAGE_SIZE_4K BIT(PAGE_BITS_4K)
#define PAGE_SIZE_2M BIT(PAGE_BITS_2M)
#define PAGE_MASK_4K (PAGE_SIZE_4K - 1)

#define PAGE_ALIGN_4K(address)            ((address) & ~PAGE_MASK_4K) /* rounds down */
#define PAGE_ALIGN_2M(address)            ((address) & ~(PAGE_SIZE_2M - 1))
#define IS_ALIGNED_4K(address)            IS_ALIGNED(address, PAGE_BITS_4K)
#define BYTES_TO_4K_PAGES(b)              DIV_ROUND_UP((b), PAGE_SIZE_4K)
#define BYTES_TO_SIZE_BITS(b)             LOG_BASE_2(b)
#define BYTES_TO_SIZE_BITS_PAGES(b, bits) DIV_ROUND_UP((b), BIT(bits))
#define SIZE_BITS_TO_BYTES(n)             BIT(n)
