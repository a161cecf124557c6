/* SPDX-License-Identifier: BSD-2-Clause */
#include "example.h"

enum { UART = 0x09000000, UART_IRQ = 33, MASK = 0x38 / 4, CLEAR = 0x44 / 4, ROOM_TO_SEND = 1 << 5 };

static void overflow(void *stack)
{
        *(volatile char *)stack = 0;
}

static int on_uart(void *data, seL4_Word irq, seL4_IRQHandler handler)
{
        volatile uint32_t *uart = data;

        (void)handler;
        uart[MASK] = 0;
        uart[CLEAR] = ROOM_TO_SEND;
        report("interrupt %lu", irq);
        return 0;
}

int main(void)
{
        seL4_CPtr endpoint, reply, notification;
        volatile uint32_t *uart;
        thread_config_t config;
        seL4_MessageInfo_t info;
        seL4_Word badge;
        thread_t *t;

        example_start();
        endpoint = example_object(seL4_EndpointObject);
        reply = example_object(seL4_ReplyObject);
        notification = example_object(seL4_NotificationObject);

        config = thread_defaults("clumsy", overflow, NULL);
        config.suspended = true;
        config.fault_ep = endpoint;
        config.fault_badge = 7;
        t = thread_create_ex(&config);
        t->arg = (void *)(t->stack - 8);
        thread_resume(t);
        info = seL4_Recv(endpoint, &badge, reply);
        report("fault message, badge %lu, page fault: %s", badge, seL4_isVMFault_tag(info) ? "yes" : "no");
        report("%s", thread_explain_fault(seL4_GetMR(seL4_VMFault_Addr)));
        thread_destroy(t);

        uart = sos_map_device(&cspace, UART, 0x1000);
        irq_start(&cspace, seL4_CapIRQControl, notification);
        irq_attach(UART_IRQ, false, on_uart, (void *)uart);
        uart[MASK] = ROOM_TO_SEND;
        seL4_Wait(notification, &badge);
        irq_dispatch(badge);
        report("lines served: %lu", irq_count(UART_IRQ));
        report("end");
        return 0;
}
