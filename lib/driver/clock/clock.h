/* SPDX-License-Identifier: BSD-2-Clause */
/* Time in microseconds: timeouts in any number, one device underneath.
 *
 * A clock keeps its timeouts in a heap (register, remove and expire are O(log n)) inside memory that grows by pages of
 * the bookkeeping library, and programs the device for the nearest one.  Callbacks run in the order of their deadlines,
 * never early, and may register and remove timeouts, their own included.
 *
 * The course's calls work on one clock for the whole program; clock_* works on a clock that the caller provides.
 */
#pragma once

#include <sel4/sel4.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint64_t timestamp_t;
typedef void (*timer_callback_t)(uint32_t id, void *data);

#define CLOCK_R_OK   0
#define CLOCK_R_UINT (-1) /* not initialised */
#define CLOCK_R_CNCL (-2) /* stopped */
#define CLOCK_R_FAIL (-3) /* unknown id, or no memory */

enum {
        CLOCK_MAX = 1 << 16,
};

/* A timer device.  `now` is in microseconds and never goes back; `arm` asks for an interrupt at `deadline` (which may
 * have passed already: then at once) and replaces the earlier request; `disarm` ends it.  All get `device`. */
struct clock_device {
        timestamp_t (*now)(void *device);
        void (*arm)(void *device, timestamp_t deadline);
        void (*disarm)(void *device);
        void *device;
};

struct clock_chunk;

struct clock {
        struct clock_device device;
        struct clock_chunk *chunk[CLOCK_MAX / 64];
        uint32_t chunks, count; /* memory for 64 events each; timeouts outstanding */
        uint32_t free;          /* first unused event */
        uint32_t serial;
        bool started;
        timestamp_t pass; /* a pass over expired timeouts serves what was due at this time; 0: none runs */
        timestamp_t armed;
        uint64_t fired, late_max;
};

/* Memory for events: 4 KiB zeroed, or NULL.  The default takes pages of the bookkeeping library. */
void clock_memory(void *(*page)(void));

int clock_open(struct clock *clock, struct clock_device device);

/* Call `callback(id, data)` once, `delay` microseconds from now, or at `deadline`.  The id, or 0 on failure. */
uint32_t clock_after(struct clock *clock, uint64_t delay, timer_callback_t callback, void *data);
uint32_t clock_at(struct clock *clock, timestamp_t deadline, timer_callback_t callback, void *data);

/* Every `period` microseconds from now on, without drift. */
uint32_t clock_every(struct clock *clock, uint64_t period, timer_callback_t callback, void *data);

int clock_cancel(struct clock *clock, uint32_t id);

/* To be called when the device has interrupted: run what has expired, program the device again.  Returns the number of
 * callbacks called. */
unsigned clock_expire(struct clock *clock);

/* Forget all timeouts; the device is quiet. */
void clock_close(struct clock *clock);

/* --- the course's calls --- */

/* `timer_vaddr` is not used on boards whose timer has no registers in memory (NULL); see clock/device.h. */
int start_timer(unsigned char *timer_vaddr);
timestamp_t get_time(void);
uint32_t register_timer(uint64_t delay, timer_callback_t callback, void *data);
uint32_t register_timer_at(timestamp_t deadline, timer_callback_t callback, void *data);
int remove_timer(uint32_t id);
int timer_irq(void *data, seL4_Word irq, seL4_IRQHandler irq_handler);
int stop_timer(void);

/* Use this device for the calls above (before start_timer). */
void clock_use(struct clock_device device);
