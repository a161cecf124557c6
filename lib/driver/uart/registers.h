/* SPDX-License-Identifier: BSD-2-Clause */
/* Device registers at byte offsets.
 *
 * On a machine with real registers an access is one volatile load or store of the line's width.  Tests put a model behind the
 * two functions of uart_model, which is NULL otherwise.
 */
#pragma once

#include <stdint.h>
#include <uart/uart.h>

struct uart_model {
        uint32_t (*read)(volatile void *registers, unsigned offset);
        void (*write)(volatile void *registers, unsigned offset, uint32_t value);
};

extern const struct uart_model *uart_model;
