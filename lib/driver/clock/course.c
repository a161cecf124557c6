/* SPDX-License-Identifier: BSD-2-Clause */
/* The course's calls: one clock for the whole program. */
#include <clock/clock.h>
#include <stdbool.h>

static struct clock clock_one;
static struct clock_device device;
static bool stopped;

void clock_use(struct clock_device new_device)
{
        device = new_device;
}

int start_timer(unsigned char *timer_vaddr)
{
        (void)timer_vaddr; /* the device was given to clock_use with its registers */
        if (clock_one.started)
                stop_timer();
        stopped = false;
        return clock_open(&clock_one, device);
}

/* Before start_timer, and after stop_timer, nothing works: CLOCK_R_UINT and CLOCK_R_CNCL. */
static int state(void)
{
        if (clock_one.started)
                return CLOCK_R_OK;
        return stopped ? CLOCK_R_CNCL : CLOCK_R_UINT;
}

timestamp_t get_time(void)
{
        return device.now ? device.now(device.device) : 0;
}

uint32_t register_timer(uint64_t delay, timer_callback_t callback, void *data)
{
        return clock_after(&clock_one, delay, callback, data);
}

uint32_t register_timer_at(timestamp_t deadline, timer_callback_t callback, void *data)
{
        return clock_at(&clock_one, deadline, callback, data);
}

int remove_timer(uint32_t id)
{
        return state() ? state() : clock_cancel(&clock_one, id);
}

int timer_irq(void *data, seL4_Word irq, seL4_IRQHandler irq_handler)
{
        (void)data;
        (void)irq;
        if (state())
                return state();
        clock_expire(&clock_one);
        return irq_handler ? (int)seL4_IRQHandler_Ack(irq_handler) : 0;
}

int stop_timer(void)
{
        if (state())
                return state();
        clock_close(&clock_one);
        stopped = true;
        return CLOCK_R_OK;
}
