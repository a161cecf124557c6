/* SPDX-License-Identifier: BSD-2-Clause */
/* The clock over the alarm thread in QEMU: thousands of timeouts, in order, never early, not late. */
#include <bootstrap/bootstrap.h>
#include <clock/alarm.h>
#include <clock/timestamp.h>
#include <sel4/report.h>
#include <sel4/start.h>

enum { TIMEOUTS = 3000, SPREAD_US = 200000, LATE_US = 5000 };

static cspace_t cspace;
static vspace_t vspace;
static struct clock timer;
static struct alarm alarm;
static timestamp_t deadline[TIMEOUTS];
static unsigned fired, early, out_of_order;
static timestamp_t last, late_max;
static unsigned passed, failed;

static void check(bool ok, const char *what)
{
        passed += ok;
        failed += !ok;
        report("%s %s", ok ? "ok  " : "FAIL", what);
}

static void note(uint32_t id, void *data)
{
        timestamp_t due = deadline[(seL4_Word)data];
        timestamp_t now = alarm_now();

        (void)id;
        fired++;
        early += now < due;
        out_of_order += due < last;
        last = due;
        late_max = now - due > late_max ? now - due : late_max;
}

static void wait_for(seL4_CPtr ring, unsigned count)
{
        seL4_Word badge;

        while (fired < count) {
                seL4_Wait(ring, &badge);
                clock_expire(&timer);
        }
}

static unsigned rounds;
static uint32_t periodic;

static void tick(uint32_t id, void *data)
{
        (void)id;
        (void)data;
        fired++;
        if (++rounds == 50)
                clock_cancel(&timer, periodic);
}

int main(void)
{
        seL4_CPtr ring;
        uint64_t random = 12345;
        timestamp_t start;
        uint32_t far;

        start_report_to_kernel();
        if (bootstrap(&cspace, &vspace, start_bootinfo()) ||
            !ut_new_object(&cspace, &ring, seL4_NotificationObject, 0)) {
                return 1;
        }
        threads_start(&cspace, start_bootinfo()->schedcontrol.start, seL4_CapInitThreadTCB, false);
        seL4_TCB_SetPriority(seL4_CapInitThreadTCB, seL4_CapInitThreadTCB, 100);
        check(!alarm_open(&alarm, &cspace, start_bootinfo()->schedcontrol.start, ring), "alarm_open");
        check(!clock_open(&timer, alarm_device(&alarm)), "clock_open");
        far = clock_after(&timer, 1000ul * 1000 * 3600, note, NULL);
        start = alarm_now() + 20000;
        for (seL4_Word i = 0; i < TIMEOUTS; i++) {
                random = random * 6364136223846793005ul + 1442695040888963407ul;
                deadline[i] = start + (random >> 33) % SPREAD_US;
                if (!clock_at(&timer, deadline[i], note, (void *)i))
                        failed++;
        }
        wait_for(ring, TIMEOUTS);
        check(fired == TIMEOUTS, "3000 timeouts");
        check(!early, "none early");
        check(!out_of_order, "in order");
        report("     at most %lu microseconds late", late_max);
        check(late_max < LATE_US, "none late");
        start = alarm_now();
        fired = 0;
        periodic = clock_every(&timer, 1000, tick, NULL);
        wait_for(ring, 50);
        check(alarm_now() - start >= 50000 && alarm_now() - start < 50000 + LATE_US, "50 periods of 1 ms");
        check(clock_cancel(&timer, far) == CLOCK_R_OK && timer.count == 0, "cancelled");
        start = alarm_now();
        fired = 0;
        deadline[0] = start + 300000;
        far = clock_at(&timer, deadline[0], note, NULL);
        deadline[1] = start + 3000;
        clock_at(&timer, deadline[1], note, (void *)1ul); /* sooner than the time that the alarm is set for */
        wait_for(ring, 1);
        check(alarm_now() - start < 3000 + LATE_US, "an earlier timeout is not kept waiting");
        clock_close(&timer);
        alarm_close(&alarm, &cspace);
        check(!ut_audit() && !thread_first(), "all given back");
        report("     %lu ticks in a second", timestamp_get_freq());
        report("%u passed, %u failed", passed, failed);
        return 0;
}
