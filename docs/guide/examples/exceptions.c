/* SPDX-License-Identifier: BSD-2-Clause */
#include "example.h"

#include <device/device.h>
#include <uart/uart.h>

static void overflow(void *stack)
{
        *(volatile char *)stack = 0;
}

static int on_uart(void *data, seL4_Word irq, seL4_IRQHandler handler)
{
        struct uart *uart = data;

        (void)handler;
        uart->ops->on_space(uart, false);
        uart->ops->acknowledge(uart);
        report("interrupt %lu", irq);
        return 0;
}

int main(void)
{
        seL4_CPtr endpoint, reply, notification;
        struct fdt tree;
        struct device device;
        struct uart_line line;
        struct uart uart;
        int node;
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

        if (!device_tree(start_bootinfo(), &tree) || (node = fdt_find_console(&tree, uart_is_known)) < 0 ||
            !uart_line_of(&tree, node, &line) || device_open_node(&device, &tree, node)) {
                return 1;
        }
        uart_open(&uart, device.registers, &line);
        irq_start(&cspace, seL4_CapIRQControl, notification);
        irq_attach(device.interrupt, device.edge, on_uart, &uart);
        uart.ops->on_space(&uart, true);
        report("this line makes room as it goes out");
        seL4_Wait(notification, &badge);
        irq_dispatch(badge);
        report("lines served: %lu", irq_count(device.interrupt));
        report("end");
        return 0;
}
