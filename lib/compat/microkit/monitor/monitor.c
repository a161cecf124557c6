/* SPDX-License-Identifier: BSD-2-Clause */
/* The monitor of a system of protection domains: it hears the faults of domains without a parent and reports them, and takes
 * the time of a passive domain away once that has said it is ready.
 *
 * Badges are the place of the domain in the system plus one.  A fault is not answered: the domain stays stopped.  Names and
 * stacks are written into the image by the builder.
 */
#include <microkit.h>

enum {
        INPUT = 1,
        REPLY = 2,
        TCBS = 10,
        GUESTS = 74,
        SCHED_CONTEXTS = 138,
        NOTIFICATIONS = 202,
        DOMAINS_MAX = 64,
        GUARD_BYTES = 4096,
        REGISTERS = sizeof(seL4_UserContext) / sizeof(seL4_Word),
};

/* In the last page. */
seL4_IPCBuffer *__sel4_ipc_buffer = (seL4_IPCBuffer *)(seL4_UserVSpaceTop & ~0xffful);

seL4_Word pd_names_len = 1, vm_names_len = 1;
char pd_names[DOMAINS_MAX][MICROKIT_PD_NAME_LENGTH] = {"?"},
     vm_names[DOMAINS_MAX][MICROKIT_PD_NAME_LENGTH] = {"?"};
seL4_Word pd_stack_bottom_addrs[DOMAINS_MAX] = {1};
char microkit_name[MICROKIT_PD_NAME_LENGTH] = "monitor";

static seL4_Word current; /* the domain that lines are about */

int main(void);

static void put_hex(seL4_Word value)
{
        microkit_dbg_puts("0x");
        for (int shift = 60; shift >= 0; shift -= 4)
                if (shift == 0 || value >> shift)
                        microkit_dbg_putc("0123456789abcdef"[value >> shift & 15]);
}

/* "NAME: text"; every line has the name. */
static void begin(const char *text)
{
        microkit_dbg_puts("MON|");
        microkit_dbg_puts(pd_names[current]);
        microkit_dbg_puts(": ");
        microkit_dbg_puts(text);
}

static void line(const char *text, seL4_Word value)
{
        begin(text);
        put_hex(value);
        microkit_dbg_puts("\n");
}

static void show_registers(void)
{
        static const char names[REGISTERS][10] = {
                "pc ",  "sp ",  "spsr ", "x0 ",  "x1 ",  "x2 ",  "x3 ",  "x4 ",    "x5 ",
                "x6 ",  "x7 ",  "x8 ",   "x16 ", "x17 ", "x18 ", "x29 ", "x30 ",   "x9 ",
                "x10 ", "x11 ", "x12 ",  "x13 ", "x14 ", "x15 ", "x19 ", "x20 ",   "x21 ",
                "x22 ", "x23 ", "x24 ",  "x25 ", "x26 ", "x27 ", "x28 ", "tpidr ", "tpidrro "};
        seL4_UserContext context;

        if (seL4_TCB_ReadRegisters(TCBS + current, seL4_False, 0, REGISTERS, &context) != seL4_NoError)
                return;
        for (unsigned i = 0; i < REGISTERS; i++)
                line(names[i], ((seL4_Word *)&context)[i]);
}

static void show_memory_fault(void)
{
        seL4_Word address = seL4_GetMR(seL4_VMFault_Addr), syndrome = seL4_GetMR(seL4_VMFault_FSR);
        seL4_Word bottom = pd_stack_bottom_addrs[current];

        begin(seL4_GetMR(seL4_VMFault_PrefetchFault) ? "instruction fetch"
              : syndrome & 1 << 6                    ? "write"
                                                     : "read");
        microkit_dbg_puts(" faults at address ");
        put_hex(address);
        microkit_dbg_puts(", pc ");
        put_hex(seL4_GetMR(seL4_VMFault_IP));
        microkit_dbg_puts("\n");
        line("fault status ", syndrome);
        line("exception class ", syndrome >> 26);
        if (address < bottom && address >= bottom - GUARD_BYTES)
                begin("the address is just below the stack: it has overflowed (stack_size)\n");
}

static void show_fault(seL4_MessageInfo_t tag)
{
        seL4_Word label = seL4_MessageInfo_get_label(tag);

        switch (label) {
        case seL4_Fault_CapFault:
                line("no capability at address ", seL4_GetMR(seL4_CapFault_Addr));
                line("pc ", seL4_GetMR(seL4_CapFault_IP));
                break;
        case seL4_Fault_VMFault:
                show_memory_fault();
                break;
        case seL4_Fault_UnknownSyscall:
                line("unknown system call ", seL4_GetMR(seL4_UnknownSyscall_Syscall));
                line("pc ", seL4_GetMR(seL4_UnknownSyscall_FaultIP));
                break;
        case seL4_Fault_UserException:
                line("exception, syndrome ", seL4_GetMR(seL4_UserException_Number));
                line("pc ", seL4_GetMR(seL4_UserException_FaultIP));
                break;
        default:
                line("fault of kind ", label);
        }
        show_registers();
        begin("stopped\n");
}

/* From now on the domain runs on the time of its callers, or of its notification. */
static void make_passive(void)
{
        seL4_Error error;

        seL4_SchedContext_UnbindObject(SCHED_CONTEXTS + current, TCBS + current);
        error = seL4_SchedContext_Bind(SCHED_CONTEXTS + current, NOTIFICATIONS + current);
        if (error != seL4_NoError) {
                line("cannot be made passive, error ", (seL4_Word)error);
                return;
        }
        begin("is passive\n");
}

int main(void)
{
#ifdef CONFIG_DEBUG_BUILD
        for (seL4_Word i = 0; i < pd_names_len && i < DOMAINS_MAX; i++)
                seL4_DebugNameThread(TCBS + i, pd_names[i]);
        for (seL4_Word i = 0; i < vm_names_len && i < DOMAINS_MAX; i++)
                seL4_DebugNameThread(GUESTS + i, vm_names[i]);
#endif
        for (;;) {
                seL4_Word badge;
                seL4_MessageInfo_t tag = seL4_Recv(INPUT, &badge, REPLY);

                if (badge == 0 || badge > pd_names_len || badge > DOMAINS_MAX)
                        continue;
                current = badge - 1;
                if (seL4_MessageInfo_get_label(tag) == 0)
                        make_passive();
                else
                        show_fault(tag);
        }
}
