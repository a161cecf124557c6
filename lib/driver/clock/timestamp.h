/* SPDX-License-Identifier: BSD-2-Clause */
/* Time stamps from the processor's virtual counter, which the kernel shows to user level where it was built so
 * (mkimage --export-vcnt).  No call. */
#pragma once

#include <stdint.h>

/* The counter's frequency where the processor does not know it, from the device tree (fdt_read_timer_frequency), as the
 * kernel has it, too; 0: the processor knows.  To be called once, before the first look at a clock.  A program that never does
 * has no such word, and needs nothing of this library but the header. */
void timestamp_set_freq(uint64_t hertz);
extern uint64_t timestamp_hertz __attribute__((weak));

static inline uint64_t timestamp_get_freq(void)
{
        uint64_t hertz = &timestamp_hertz ? timestamp_hertz : 0;

        if (hertz)
                return hertz;
        __asm__ volatile("mrs %0, cntfrq_el0" : "=r"(hertz));
        return hertz;
}

static inline uint64_t timestamp_ticks(void)
{
        uint64_t ticks;

        __asm__ volatile("isb\n\tmrs %0, cntvct_el0" : "=r"(ticks) : : "memory");
        return ticks;
}

/* ticks * unit / freq without overflow: whole seconds and the rest apart. */
static inline uint64_t timestamp_scale(uint64_t ticks, uint64_t freq, uint64_t unit)
{
        return ticks / freq * unit + ticks % freq * unit / freq;
}

static inline uint64_t timestamp_ms(uint64_t freq)
{
        return timestamp_scale(timestamp_ticks(), freq, 1000);
}

static inline uint64_t timestamp_us(uint64_t freq)
{
        return timestamp_scale(timestamp_ticks(), freq, 1000000);
}

/* Wait for at least `us` microseconds, busily. */
static inline void udelay(uint64_t us, uint64_t freq)
{
        uint64_t start = timestamp_us(freq);

        while (timestamp_us(freq) - start <= us)
                __asm__ volatile("yield");
}
