/* SPDX-License-Identifier: BSD-2-Clause */
/* Steps with threads, processes, interrupts and timeouts. */
#include "image.h"
#include "steps.h"

#include <clock/clock.h>
#include <irq/irq.h>

enum { HIGH = 200, LOW = 50, FIRST_LINE = 40, LINES = 70 };

static void idle(void *arg)
{
        (void)arg;
}

/* Threads of high priority run at once and finish; the others never run, and may be in another address space. */
static bool make_thread(struct thing *t)
{
        thread_config_t config = thread_defaults("random", idle, NULL);
        struct thing *space = !rarely(4) ? NULL : choose_thing(SPACE);
        struct thing *slots = !rarely(4) ? NULL : choose_thing(SLOTS);

        config.prio = choose(2) || space || slots ? LOW : HIGH;
        config.vspace = space && space->space.top ? &space->space : NULL;
        config.cspace = slots ? &slots->slots : NULL;
        config.passive = rarely(4);
        config.extra_refills = (uint8_t)choose(9);
        config.stack_bytes = choose(6) * 4096;
        config.stack_top = !rarely(8) ? 0 : choose_address();
        config.ipc_buffer = !rarely(8) ? 0 : choose_address();
        if (!config.vspace && !is_touchable(config.ipc_buffer))
                config.ipc_buffer = 0;
        config.suspended = rarely(4);
        t->thread = thread_create_ex(&config);
        return t->thread;
}

static void use_thread(struct thing *t)
{
        switch (choose(6)) {
        case 0:
                (void)thread_suspend(t->thread);
                break;
        case 1:
                if (t->thread->vspace == &vspace && t->thread->cspace == &cspace)
                        (void)thread_resume(t->thread);
                break;
        case 2:
                (void)thread_set_priority(t->thread, (uint8_t)choose(LOW));
                break;
        case 3:
                if (t->thread->finished)
                        CHECK_EQUAL(thread_join(t->thread), 0);
                break;
        case 4:
                (void)thread_time_used(t->thread);
                break;
        default:
                CHECK(thread_explain_fault(t->thread->stack - 8));
                CHECK(thread_explain_fault(t->thread->stack_top));
                break;
        }
}

static int unmake_thread(struct thing *t)
{
        thread_destroy(t->thread);
        return 0;
}

const struct step_calls steps_thread = {make_thread, use_thread, unmake_thread};

/* Some damage to a good image: a bit, a byte, or a whole absurd word. */
static size_t damage(struct elf_file *file)
{
        static const uint64_t absurd[] = {~0ul,     1ul << 63, 1ul << 47, 0xfff, PROCESS_STACK_TOP - 8192,
                                          1ul << 32};
        uint8_t *bytes = (uint8_t *)file;

        for (uint64_t n = choose(4); n > 0; n--) {
                size_t at = choose(64 + 2 * 56);

                switch (choose(3)) {
                case 0:
                        bytes[at] ^= (uint8_t)(1u << choose(8));
                        break;
                case 1:
                        bytes[at] = (uint8_t)choose(256);
                        break;
                default:
                        memcpy(bytes + at / 8 * 8, &absurd[choose(6)], sizeof(uint64_t));
                        break;
                }
        }
        return !rarely(8) ? sizeof(*file) : choose(sizeof(*file));
}

static bool make_process(struct thing *t)
{
        static const char *const argv[] = {"prog", "one", NULL};
        static struct elf_file file;
        struct thing *endpoint = choose_thing(OBJECT);
        process_config_t config = {
                .name = "prog",
                .image = &file,
                .argv = choose(2) ? argv : NULL,
                .badge = choose(3),
                .endpoint = endpoint && endpoint->type == seL4_EndpointObject ? endpoint->cap : 0,
                .stack_bytes = choose(4) * 4096,
        };

        file = good();
        config.image_size = damage(&file);
        return !process_create(&t->process, &config);
}

static void use_process(struct thing *t)
{
        if (rarely(4) && t->process.thread)
                (void)thread_suspend(t->process.thread);
        else if (t->process.has_vspace)
                use_space(&t->process.vspace);
}

static int unmake_process(struct thing *t)
{
        return process_destroy(&t->process);
}

const struct step_calls steps_process = {make_process, use_process, unmake_process};

static int on_interrupt(void *data, seL4_Word irq, seL4_IRQHandler handler)
{
        (void)data, (void)irq, (void)handler;
        return 0;
}

static bool make_line(struct thing *t)
{
        t->at = FIRST_LINE + choose(LINES);
        t->count = choose(2);
        return !(t->count ? irq_attach(t->at, choose(2), on_interrupt, t)
                          : sos_register_irq_handler(t->at, choose(2), on_interrupt, t, NULL));
}

static void use_line(struct thing *t)
{
        (void)irq_dispatch(IRQ_FLAG_BIT | 1ul << choose(63) | 1ul << choose(63));
        CHECK(irq_attach(t->at, false, on_interrupt, t)); /* it has a handler */
}

static int unmake_line(struct thing *t)
{
        return irq_detach(t->at);
}

const struct step_calls steps_line = {make_line, use_line, unmake_line};

static struct {
        struct clock clock;
        timestamp_t now;
} timer = {.now = 1000};

static timestamp_t timer_now(void *device)
{
        (void)device;
        return timer.now;
}

static void timer_arm(void *device, timestamp_t deadline)
{
        (void)device, (void)deadline;
}

static void timer_disarm(void *device)
{
        (void)device;
}

static void on_timeout(uint32_t id, void *data)
{
        struct thing *t = data;

        CHECK_EQUAL(t->kind, ALARM);
        CHECK_EQUAL(t->at, id);
        if (t->type == 0) {
                t->count++; /* once */
        }
}

static bool make_alarm(struct thing *t)
{
        uint64_t delay = choose(5000);

        if (!timer.clock.started) {
                CHECK_EQUAL(clock_open(&timer.clock,
                                       (struct clock_device){timer_now, timer_arm, timer_disarm, NULL}),
                            CLOCK_R_OK);
        }
        t->count = 0;
        t->type = choose(2);
        t->at = t->type ? clock_every(&timer.clock, delay, on_timeout, t)
                        : clock_after(&timer.clock, delay, on_timeout, t);
        return t->at;
}

static void use_alarm(struct thing *t)
{
        timer.now += choose(3000);
        (void)clock_expire(&timer.clock);
        CHECK(t->count <= 1);
}

/* One that has fired cannot be cancelled any more. */
static int unmake_alarm(struct thing *t)
{
        CHECK_EQUAL(clock_cancel(&timer.clock, (uint32_t)t->at), t->count ? CLOCK_R_FAIL : CLOCK_R_OK);
        return 0;
}

const struct step_calls steps_alarm = {make_alarm, use_alarm, unmake_alarm};
