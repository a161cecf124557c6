/* SPDX-License-Identifier: BSD-2-Clause */
/* The alarm thread.  It is suspended whenever its budget or deadline is changed, so `armed` cannot change under the
 * eyes of arm(). */
#include <clock/alarm.h>
#include <clock/timestamp.h>
#include <object/object.h>

#ifdef __aarch64__

timestamp_t alarm_now(void)
{
        return timestamp_us(timestamp_get_freq());
}

static void run(void *arg)
{
        struct alarm *alarm = arg;
        seL4_Word badge;

        for (;;) {
                seL4_Wait(alarm->go, &badge);
                while (alarm_now() < alarm->deadline)
                        seL4_Yield();
                alarm->armed = false;
                seL4_Signal(alarm->ring);
        }
}

static timestamp_t now(void *device)
{
        (void)device;
        return alarm_now();
}

static void arm(void *device, timestamp_t deadline)
{
        struct alarm *alarm = device;
        timestamp_t time = alarm_now();
        uint64_t wait = deadline > time ? deadline - time + 1 : 0;
        bool was_armed;

        wait = wait < ALARM_MIN_US ? ALARM_MIN_US : wait;
        wait = wait > ALARM_MAX_US ? ALARM_MAX_US : wait;
        thread_suspend(alarm->thread);
        was_armed = alarm->armed;
        alarm->armed = true;
        alarm->deadline = deadline;
        /* A generous budget: overrunning it would cost whole periods. */
        (void)seL4_SchedControl_Configure(alarm->sched_control, alarm->thread->sched_context, wait / 2, wait,
                                          0, 0);
        thread_resume(alarm->thread);
        if (!was_armed)
                seL4_Signal(alarm->go);
}

/* It rings once without cause, which a clock tolerates. */
static void disarm(void *device)
{
        ((struct alarm *)device)->deadline = 0;
}

int alarm_open(struct alarm *alarm, cspace_t *cspace, seL4_CPtr sched_control, seL4_CPtr ring)
{
        thread_config_t config = thread_defaults("alarm", run, alarm);

        *alarm = (struct alarm){.sched_control = sched_control, .ring = ring};
        alarm->go_ut = ut_new_object(cspace, &alarm->go, seL4_NotificationObject, 0);
        if (!alarm->go_ut)
                return VSPACE_NO_MEMORY;
        config.prio = ALARM_PRIORITY;
        config.stack_bytes = THREAD_STACK_MIN;
        alarm->thread = thread_create_ex(&config);
        if (!alarm->thread) {
                ut_free_object(cspace, alarm->go, alarm->go_ut);
                return VSPACE_NO_MEMORY;
        }
        return seL4_NoError;
}

void alarm_close(struct alarm *alarm, cspace_t *cspace)
{
        thread_destroy(alarm->thread);
        ut_free_object(cspace, alarm->go, alarm->go_ut);
}

struct clock_device alarm_device(struct alarm *alarm)
{
        return (struct clock_device){.now = now, .arm = arm, .disarm = disarm, .device = alarm};
}

#endif
