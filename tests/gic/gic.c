/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's drivers of both interrupt controllers over registers of our own, with as many lines as there can be: no machine
 * of QEMU has more than 512.  Compiled for Arm once with -DVERSION=2 and once with 3; runs as a program of Linux.
 *
 * The registers are plain memory.  After each step the writes to the set and clear registers are applied to a state of one bit
 * per line, as a controller does, and nothing but the intended line may have changed.
 */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "arch/arch.h"
#include "core/platform.h"
#include "core/state.h"
#include "handover.h"
#include "layout.h"

#define window(paddr) ((void *)(paddr))
#if VERSION == 2
#include "drv/gicv2.c"
#else
#include "drv/gicv3.c"
#endif

enum { FRAME = 0x10000, WORDS = 32, SET_CLEAR = 0x80 };

struct platform platform;
struct kernel kernel;
_Thread_local struct core *host_core;
static unsigned char *registers;
static uint32_t enabled[WORDS], old[WORDS];
static unsigned passed, failed;

static void check(bool good, const char *what, unsigned line)
{
        passed += good;
        failed += !good;
        if (!good)
                printf("FAIL GICv%d: %s, line %u\n", VERSION, what, line);
}

static uint32_t *at(word offset)
{
        return (uint32_t *)(registers + offset);
}

static void take_over(void)
{
        memcpy(old, enabled, sizeof(old));
        for (unsigned i = 0; i < WORDS; i++) {
                enabled[i] = (enabled[i] | at(GICD_ISENABLER)[i]) & ~at(GICD_ICENABLER)[i];
                at(GICD_ISENABLER)[i] = at(GICD_ICENABLER)[i] = 0;
        }
}

/* Only that line has changed, and it is as requested. */
static bool only(unsigned line, bool on)
{
        take_over();
        old[line / 32] = (old[line / 32] & ~(1u << line % 32)) | (uint32_t)on << line % 32;
        return memcmp(old, enabled, sizeof(old)) == 0;
}

/* Of the registers from `offset` on with `bits` a line, only that line's field holds something, and it is `value`. */
static bool only_field(word offset, unsigned bits, unsigned line, uint32_t value)
{
        unsigned per_word = 32 / bits;
        bool good = true;

        for (unsigned i = 0; i < 1024 / per_word; i++)
                good = good && at(offset)[i] == (i == line / per_word ? value << line % per_word * bits : 0);
        return good;
}

static void zero(word offset, unsigned bits)
{
        memset(at(offset), 0, 1024 / 8 * bits);
}

static void try_line(unsigned line)
{
        const struct irq_controller *c = &platform.irq;

        zero(GICD_ICFGR, 2);
        c->unmask(line);
        check(only(line, true), "unmask", line);
        c->mask(line);
        check(only(line, false), "mask", line);
        c->set_edge(line, true);
        check(only_field(GICD_ICFGR, 2, line, 2), "edge", line);
        c->set_edge(line, false);
        check(only_field(GICD_ICFGR, 2, line, 0), "level", line);
        zero(GICD_ICACTIVER, 1);
        zero(GICD_ICPENDR, 1);
        c->unmask(line);
        take_over();
        c->forget(line);
        check(only(line, false) && only_field(GICD_ICACTIVER, 1, line, 1) &&
                      only_field(GICD_ICPENDR, 1, line, 1),
              "forget", line);
        check(!c->is_secure(line), "it is ours", line);
        registers[GICD_IPRIORITYR + line] = 0;
        check(c->is_secure(line) && !c->is_secure(line - 1), "one of the secure world", line);
        registers[GICD_IPRIORITYR + line] = 0x80;
}

/* What the start writes for each line: all masked, a priority, a target. */
static void start_all(unsigned last)
{
        memset(enabled, 0xff, sizeof(enabled));
#if VERSION == 2
        memset(at(GICD_ITARGETSR), 1, 32);
        start();
        take_over();
        check(registers[GICD_ITARGETSR + last] == 1, "it goes to this core", last);
#else
        start_distributor();
        *(word *)at(GICD_IROUTER + last * 8) += 1; /* it has been written: 0 before */
        take_over();
        check(*(word *)at(GICD_IROUTER + last * 8) == 1 + affinity(), "it goes to this core", last);
        check(at(GICD_IGROUPR)[last / 32] == ~0u, "its group", last);
#endif
        check(!(enabled[last / 32] & 1u << last % 32), "it is masked", last);
        check(registers[GICD_IPRIORITYR + last] == 0x80, "its priority", last);
}

static void probe(unsigned blocks)
{
        struct handover_device d = {.regions = 1};

        memset(registers, 0, 4 * FRAME);
        *at(GICD_TYPER) = blocks;
        d.reg[0] = (struct handover_range){(word)registers, (word)registers + FRAME};
        d.reg[1] = (struct handover_range){(word)registers + 2 * FRAME, (word)registers + 4 * FRAME};
#if VERSION == 2
        gicv2_probe(&d);
#else
        *(word *)(registers + 2 * FRAME + GICR_TYPER) = affinity() << 32 | TYPER_LAST;
        memset(registers + 2 * FRAME + GICR_SGI_FRAME + GICD_IPRIORITYR, 0x80, 32);
        gicv3_probe(&d);
#endif
}

int main(void)
{
        static const unsigned tried[] = {33, 63, 511, 512, 513, 640, 767, 991, 1018, 1019};

        registers = mmap(NULL, 4 * FRAME, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        probe(15);
        check(platform.irq_last == 511, "the last of 512", (unsigned)platform.irq_last);
        probe(31);
        check(platform.irq_last == 1019, "the last of all", (unsigned)platform.irq_last);
        start_all(1019);
        for (unsigned i = 0; i < sizeof(tried) / sizeof(*tried); i++)
                try_line(tried[i]);
        printf("%u passed, %u failed\n", passed, failed);
        return failed != 0;
}
