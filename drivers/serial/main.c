/* SPDX-License-Identifier: BSD-2-Clause */
/* A serial line, as a driver of the starter OS: the class "serial" (queue/serial.h) with the server as its client.
 *
 * It moves characters and nothing else: lines, echo and the meaning of keys are the server's.  A character leaves the ring when the device
 * has it, and is taken from the device only when the ring has room for it. */
#include <queue/serial.h>
#include <sel4/sel4.h>
#include <sos/clock.h>
#include <sos/serial.h>
#include <uart/uart.h>

static struct sos_serial *const shared = (struct sos_serial *)DRIVER_SHARED;
static struct uart_type type;
static struct uart uart;
static struct queue_serial queue;
static bool receiving; /* the device may interrupt for what comes in */

static void open_line(void)
{
        struct uart_line line = shared->line;

        type = shared->type;
        line.type = &type;
        uart_open(&uart, (volatile char *)DRIVER_REGISTERS + shared->start.registers, &line);
        if (!queue_serial_open(&queue, shared->rings, SOS_SERIAL_CHARACTERS, false))
                driver_end("the rings cannot be set up", true);
        ring_resume(&queue.in);
        ring_resume(&queue.out);
}

/* What the device has, as far as there is room; the rest stays there. */
static bool take_input(void)
{
        uint32_t breaks = uart.breaks, before = queue.out.position, room = ring_ready(&queue.out);
        char c;

        while (room > 0 && uart_receive(&uart, &c, 1) == 1) {
                ring_put(&queue.out, &c);
                if (--room == 0)
                        room = ring_ready(&queue.out);
        }
        if ((room > 0) != receiving) {
                receiving = room > 0;
                uart.ops->on_receive(&uart, receiving);
        }
        shared->breaks += uart.breaks - breaks;
        return (queue.out.position != before && ring_must_wake(&queue.out)) || uart.breaks != breaks;
}

/* They are copied together, because that is most of the cost of one, and leave the ring one by one. */
static bool give_output(void)
{
        uint32_t before = queue.in.position, n;
        char text[64];

        while ((n = ring_ready(&queue.in)) > 0) {
                n = n < sizeof(text) ? n : sizeof(text);
                if (!ring_get_at(&queue.in, 0, text, n))
                        break;
                for (uint32_t i = 0; i < n; i++) {
                        uart_put_text(&uart, &text[i], 1);
                        ring_move(&queue.in, 1);
                }
        }
        return queue.in.position != before && ring_must_wake(&queue.in);
}

/* True: the server is to be told. */
static bool step(seL4_Word badge)
{
        bool tell;

        if (badge & DRIVER_BADGE_INTERRUPT)
                uart.ops->acknowledge(&uart);
        tell = take_input();
        tell |= give_output();
        if (badge & DRIVER_BADGE_INTERRUPT)
                seL4_IRQHandler_Ack(DRIVER_INTERRUPT);
        if (queue.in.broken || queue.out.broken)
                driver_end("the rings are broken", false);
        return tell;
}

static bool may_sleep(void)
{
        return ring_may_sleep(&queue.in) && (receiving || ring_may_sleep(&queue.out));
}

int main(void)
{
        seL4_Word badge = 0;
        bool tell = false;

        open_line();
        __atomic_store_n(&shared->ready, 1, __ATOMIC_RELEASE);
        if (shared->start.interrupt)
                seL4_IRQHandler_Ack(DRIVER_INTERRUPT);
        for (;;) {
                tell |= step(badge);
                badge = 0;
                if (!may_sleep())
                        continue;
                if (!shared->start.interrupt)
                        driver_alarm(clock_us() + SOS_SERIAL_POLL_US);
                else if (tell)
                        seL4_NBSendWait(DRIVER_CLIENT, seL4_MessageInfo_new(0, 0, 0, 0), DRIVER_SIGNALS,
                                        &badge);
                if (!shared->start.interrupt || !tell)
                        seL4_Wait(DRIVER_SIGNALS, &badge);
                tell = false;
        }
}
