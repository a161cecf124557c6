/* SPDX-License-Identifier: BSD-2-Clause */
/* The guest's memory and registers; see monitor.h. */
#include "base/text.h"
#include "os/monitor/monitor.h"

enum {
        PIECE = 1 << MACHINE_PIECE_BITS,
        LARGE = 1 << seL4_LargePageBits,
        PER_PIECE = PIECE / LARGE,
        GUEST_TABLE = MACHINE_FREE,
        OWN_TABLE,
        FRAMES, /* slots: a capability for each place where a frame is mapped */
        VIEWS = FRAMES + MACHINE_PIECES * PER_PIECE,
        REGISTERS = sizeof(seL4_UserContext) / sizeof(seL4_Word),
        EL1H_MASKED = 0x3c5,
        ZERO_REGISTER = 31,
};
#define PROCESSOR 0x80000000ul /* MPIDR of the first one; the others follow */

/* Of the caller.  Reading and writing registers are calls of the kernel that move the first words of a context: so many as are needed
 * are. */
static struct {
        seL4_UserContext c;
        unsigned known, changed; /* words */
} now;

enum { PC = 0, PSTATE = 2 };

/* Where x0 to x30 lie in a context. */
static unsigned place_of(unsigned number)
{
        static const uint8_t place[] = {3,  4,  5,  6,  7,  8,  9,  10, 11, 17, 18, 19, 20, 21, 22, 23,
                                        12, 13, 14, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 15, 16};

        return place[number];
}

/* --- memory --- */

static void map_frame(unsigned n)
{
        seL4_Word offset = (seL4_Word)n * LARGE;
        seL4_Error error = seL4_CNode_Copy(MACHINE_CSPACE, VIEWS + n, MACHINE_SLOT_BITS, MACHINE_CSPACE,
                                           FRAMES + n, MACHINE_SLOT_BITS, seL4_AllRights);

        error = error ? error
                      : seL4_ARM_Page_Map(FRAMES + n, MACHINE_GUEST_SPACE, MACHINE_RAM + offset,
                                          seL4_AllRights, seL4_ARM_Default_VMAttributes);
        error = error ? error
                      : seL4_ARM_Page_Map(VIEWS + n, MACHINE_OWN_SPACE, MACHINE_RAM_VIEW + offset,
                                          seL4_AllRights,
                                          seL4_ARM_Default_VMAttributes | seL4_ARM_ExecuteNever);
        if (error)
                monitor_fails("its memory cannot be mapped (error %d)", (int)error);
}

void guest_make(uint64_t bytes)
{
        unsigned pieces = (unsigned)(bytes / PIECE);

        if (seL4_Untyped_Retype(MACHINE_TABLES, seL4_ARM_PageTableObject, 0, MACHINE_CSPACE, 0, 0,
                                GUEST_TABLE, 2) ||
            seL4_ARM_PageTable_Map(GUEST_TABLE, MACHINE_GUEST_SPACE, MACHINE_RAM,
                                   seL4_ARM_Default_VMAttributes) ||
            seL4_ARM_PageTable_Map(OWN_TABLE, MACHINE_OWN_SPACE, MACHINE_RAM_VIEW,
                                   seL4_ARM_Default_VMAttributes))
                monitor_fails("its address space cannot be made");
        for (unsigned i = 0; i < pieces; i++) {
                if (seL4_Untyped_Retype(MACHINE_MEMORY + i, seL4_ARM_LargePageObject, 0, MACHINE_CSPACE, 0, 0,
                                        FRAMES + i * PER_PIECE, PER_PIECE))
                        monitor_fails("its memory cannot be made");
        }
        for (unsigned i = 0; i < pieces * PER_PIECE; i++)
                map_frame(i);
        monitor.ram_bytes = bytes;
        memset((void *)MACHINE_RAM_VIEW, 0, bytes); /* nothing of a guest before */
}

void *guest_at(uint64_t address, uint64_t bytes)
{
        uint64_t offset = address - MACHINE_RAM;

        if (address < MACHINE_RAM || offset > monitor.ram_bytes || bytes > monitor.ram_bytes - offset)
                return NULL;
        return (void *)(MACHINE_RAM_VIEW + offset);
}

void guest_clean(void)
{
        for (unsigned i = 0; i < monitor.ram_bytes / LARGE; i++)
                seL4_ARM_Page_CleanInvalidate_Data(VIEWS + i, 0, LARGE);
}

/* --- registers --- */

bool guest_begin(const struct processor *p, uint64_t entry, uint64_t x0)
{
        seL4_UserContext c = {.pc = entry, .spsr = EL1H_MASKED, .x0 = x0};

        return !seL4_ARM_VCPU_SetTCB(p->vcpu, p->tcb) &&
               !seL4_ARM_VCPU_WriteRegs(p->vcpu, seL4_VCPUReg_VMPIDR_EL2, PROCESSOR | p->number) &&
               !seL4_TCB_WriteRegisters(p->tcb, !p->stands, 0, REGISTERS, &c);
}

void guest_look(void)
{
        now.known = now.changed = 0;
}

void guest_knows_pc(uint64_t pc)
{
        now.c.pc = pc;
        now.known = 1;
}

/* The word at that place.  What is read again is as it was, except for the pc: nothing else is changed before the last register is
 * looked at. */
static seL4_Word *word_at(unsigned place)
{
        seL4_Word pc = now.c.pc;

        if (place < now.known)
                return (seL4_Word *)&now.c + place;
        seL4_TCB_ReadRegisters(monitor.caller->tcb, false, 0, place + 1, &now.c);
        if (now.known)
                now.c.pc = pc;
        now.known = place + 1;
        return (seL4_Word *)&now.c + place;
}

static void change(unsigned place, uint64_t value)
{
        *word_at(place) = value;
        if (now.changed <= place)
                now.changed = place + 1;
}

uint64_t guest_register(unsigned number)
{
        return number == ZERO_REGISTER ? 0 : *word_at(place_of(number));
}

void guest_set_register(unsigned number, uint64_t value)
{
        if (number != ZERO_REGISTER)
                change(place_of(number), value);
}

void guest_skip(void)
{
        change(PC, *word_at(PC) + INSTRUCTION);
}

void guest_answer_registers(void)
{
        if (now.changed)
                seL4_TCB_WriteRegisters(monitor.caller->tcb, false, 0, now.changed, &now.c);
        guest_look();
}

uint64_t guest_system_register(seL4_VCPUReg number)
{
        return seL4_ARM_VCPU_ReadRegs(monitor.caller->vcpu, number).value;
}

/* --- an abort of its own --- */

static void set_system_register(seL4_VCPUReg number, uint64_t value)
{
        seL4_ARM_VCPU_WriteRegs(monitor.caller->vcpu, number, value);
}

void guest_abort(bool fetch)
{
        enum { MODE = 0xf, EL1T = 4, EL1H = 5, FROM_EL0 = 0x400, FROM_EL1H = 0x200 };
        enum {
                CLASS_SHIFT = 26,
                FETCH = 0x20,
                DATA = 0x24,
                LONG = 1 << 25,
                NO_ADDRESS = 1 << 10,
                EXTERNAL = 0x10
        };
        uint64_t mode, same, syndrome;

        mode = *word_at(PSTATE) & MODE;
        same = mode == EL1T || mode == EL1H;
        syndrome = ((uint64_t)(fetch ? FETCH : DATA) + same) << CLASS_SHIFT | LONG | NO_ADDRESS | EXTERNAL;
        set_system_register(seL4_VCPUReg_ELR_EL1, now.c.pc);
        set_system_register(seL4_VCPUReg_SPSR_EL1, now.c.spsr);
        set_system_register(seL4_VCPUReg_ESR, syndrome);
        change(PC, guest_system_register(seL4_VCPUReg_VBAR) + (mode == EL1H ? FROM_EL1H
                                                               : same       ? 0
                                                                            : FROM_EL0));
        change(PSTATE, EL1H_MASKED);
}
