/* SPDX-License-Identifier: BSD-2-Clause */
/* Registers of devices: one access of this width.  The value comes first. */
#pragma once

#include <stdint.h>

#define RAW_READ8(address)          (*(volatile uint8_t *)(address))
#define RAW_READ16(address)         (*(volatile uint16_t *)(address))
#define RAW_READ32(address)         (*(volatile uint32_t *)(address))
#define RAW_WRITE8(value, address)  ((void)(*(volatile uint8_t *)(address) = (uint8_t)(value)))
#define RAW_WRITE16(value, address) ((void)(*(volatile uint16_t *)(address) = (uint16_t)(value)))
#define RAW_WRITE32(value, address) ((void)(*(volatile uint32_t *)(address) = (uint32_t)(value)))
