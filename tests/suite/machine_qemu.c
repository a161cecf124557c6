/* SPDX-License-Identifier: BSD-2-Clause */
/* The suite as a root task: the console of the device tree, the exported virtual counter as clock. */
#include "machine.h"

#include <base/text.h>
#include <fdt/fdt.h>
#include <uart/uart.h>

enum { TLS_PREFIX = 16, TREE = 6, TREE_AT = 4096, VIRT_LARGEST = 159 };

static const word UART_ADDRESS = 0x10000000;
static struct uart uart;
static struct fdt_device console;
static word largest, distributor;
static word hertz; /* by the tree, 0: the processor knows */

__thread seL4_IPCBuffer *__sel4_ipc_buffer;
extern char tls_image[], tls_image_end[], tls_end[];

word machine_asserts, machine_expects_asserts;

void __assert_fail(const char *what, const char *file, int line, const char *function)
{
        (void)function;
        machine_asserts++;
        if (!machine_expects_asserts)
                suite_fail(file, line, what, 0, 0);
}

/* Split the device untyped that holds `paddr` down to its page.  Uses the slots kept for this. */
word device_frame(word paddr, word slot)
{
        for (word i = 0; i < suite_boot->untyped.end - suite_boot->untyped.start; i++) {
                const seL4_UntypedDesc *u = &suite_boot->untypedList[i];
                word ut = suite_boot->untyped.start + i, base = u->paddr;

                if (!u->isDevice || paddr < base || paddr - base >= 1ul << u->sizeBits)
                        continue;
                for (word bits = u->sizeBits; bits-- > seL4_PageBits; slot += 2) {
                        seL4_Untyped_Retype(ut, seL4_UntypedObject, bits, ROOT, 0, 0, slot, 2);
                        word upper = paddr >= base + (1ul << bits);
                        base += upper << bits;
                        ut = slot + upper;
                }
                seL4_Untyped_Retype(ut, seL4_ARM_SmallPageObject, 0, ROOT, 0, 0, slot, 1);
                return slot;
        }
        return 0;
}

/* The tree behind the boot information. */
static int find_tree(struct fdt *fdt)
{
        const char *at = (const char *)suite_boot + TREE_AT, *end = at + suite_boot->extraLen;

        for (const seL4_BootInfoHeader *h = (const void *)at; at + sizeof(*h) <= end && h->len >= sizeof(*h);
             at += h->len) {
                h = (const void *)at;
                if (h->id == TREE)
                        return fdt_open(fdt, h + 1, h->len - sizeof(*h));
        }
        return 0;
}

/* Without a console a debug kernel says why, and a release kernel cannot. */
static _Noreturn void give_up(const char *why)
{
        (void)why;
#ifndef TESSERA_RELEASE
        for (; *why; why++)
                seL4_DebugPutChar(*why);
        seL4_DebugHalt();
#endif
        for (;;)
                seL4_TCB_Suspend(seL4_CapInitThreadTCB);
}

static word find_distributor(const struct fdt *fdt)
{
        struct fdt_range reg = {0, 0};

        for (int node = 0; node >= 0; node = fdt_find_following(fdt, node))
                if (fdt_is_enabled(fdt, node) && fdt_controller_kind(fdt, node) == FDT_GIC)
                        (void)fdt_read_reg(fdt, node, 0, &reg);
        return reg.base;
}

static struct uart_line find_console(void)
{
        struct uart_line line;
        struct fdt fdt;
        int node;

        if (!find_tree(&fdt))
                give_up("suite: no device tree in the boot information\n");
        node = fdt_find_console(&fdt, uart_is_known);
        if (!uart_line_of(&fdt, node, &line) || !fdt_read_device(&fdt, node, &console))
                give_up("suite: no driver for the console, or no registers\n");
        largest = fdt_is_compatible(&fdt, 0, "linux,dummy-virt") ? VIRT_LARGEST : 0;
        distributor = find_distributor(&fdt);
        hertz = fdt_read_timer_frequency(&fdt);
        return line;
}

void machine_start(void)
{
        struct uart_line line = find_console();
        word page = console.base & ~0xffful, first = suite_boot->empty.start,
             frame = device_frame(page, first), table = first + 40;
        word big = 0, bits = 0;

        for (word i = 0; i < suite_boot->untyped.end - suite_boot->untyped.start; i++) {
                const seL4_UntypedDesc *u = &suite_boot->untypedList[i];

                if (!u->isDevice && u->sizeBits >= 15 && (!bits || u->sizeBits < bits)) {
                        bits = u->sizeBits;
                        big = suite_boot->untyped.start + i;
                }
        }
        while (seL4_ARM_Page_Map(frame, VSPACE, UART_ADDRESS, seL4_ReadWrite, 0) == seL4_FailedLookup) {
                seL4_Untyped_Retype(big, seL4_ARM_PageTableObject, 0, ROOT, 0, 0, table, 1);
                seL4_ARM_PageTable_Map(table++, VSPACE, UART_ADDRESS, 0);
        }
        uart_open(&uart, (volatile void *)(UART_ADDRESS + (console.base - page)), &line);
}

void machine_put(char c)
{
        if (c == '\n')
                machine_put('\r');
        uart_put(&uart, (uint8_t)c);
}

_Noreturn void machine_stop(void)
{
        say("SUITE END\n");
        for (;;)
                seL4_TCB_Suspend(seL4_CapInitThreadTCB);
}

word machine_ticks(void)
{
        word ticks;

        __asm__ volatile("isb; mrs %0, cntvct_el0" : "=r"(ticks));
        return ticks;
}

word machine_ticks_per_us_x1000(void)
{
        word hz = hertz;

        if (hz)
                return hz / 1000;
        __asm__("mrs %0, cntfrq_el0" : "=r"(hz));
        return hz / 1000;
}

void machine_relax(void)
{
}

int machine_is_host(void)
{
        return 0;
}

word machine_largest_irq(void)
{
        return largest;
}

word machine_distributor(void)
{
        return distributor;
}

word machine_irq(void)
{
        return console.interrupt;
}

word machine_console(void)
{
        return (word)uart.registers;
}

/* The console has sent a character; that makes an interrupt as long as it is not masked. */
void machine_irq_set(int up)
{
        uart.ops->on_space(&uart, up);
}

void machine_thread(seL4_UserContext *c, void (*entry)(word), word argument, word stack_top, word tls)
{
        memset((void *)tls, 0, (size_t)(TLS_PREFIX + (tls_end - tls_image)));
        memcpy((void *)(tls + TLS_PREFIX), tls_image, (size_t)(tls_image_end - tls_image));
        c->pc = (word)entry;
        c->sp = stack_top;
        c->x0 = argument;
        c->tpidr_el0 = tls;
}

void suite_main(seL4_BootInfo *boot);

/* From start.S, on the root stack with the root's TLS. */
void root_main(seL4_BootInfo *boot)
{
        suite_boot = boot;
        seL4_SetIPCBuffer(boot->ipcBuffer);
        suite_main(boot);
}
