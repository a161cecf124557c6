/* SPDX-License-Identifier: BSD-2-Clause */
/* From nothing to the first thread: a hand-over as the loader would fill it, and the kernel's own boot code. */
#include "arch/arch.h"
#include "arch/host/host.h"
#include "arch/host/host_cores.h"
#include "arch/host/host_tlb.h"
#include "boot/boot.h"
#include "core/platform.h"
#include "core/state.h"
#include "trace/trace.h"
#include "trap/trap.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { ROOT_VA = 0x400000, CNODE_BITS_DEFAULT = 13 };

struct host_word {
        uint32_t *at;
        word word; /* in the other case */
};

extern struct host_word __start_host_words[], __stop_host_words[];

void boot(struct handover *h);

bool host_hypervisor, host_several;
unsigned long host_user_top = (1ul << 47) - 1;

static word or_default(word value, word otherwise)
{
        return value ? value : otherwise;
}

static word place_dtb(word start, word bytes)
{
        for (word i = 0; i < bytes; i++)
                *(uint8_t *)(start + i) = (uint8_t)i;
        return start + bytes;
}

/* What the code for several cores has in place of some words (face.h). */
static void set_words(bool several)
{
        static bool are_set;

        for (struct host_word *w = __start_host_words; are_set != several && w < __stop_host_words; w++) {
                uint32_t other = (uint32_t)w->word;
                word page = align_down((word)w->at, PAGE_BITS);
                if (mprotect((void *)page, 2 << PAGE_BITS, PROT_READ | PROT_WRITE) != 0)
                        abort();
                w->word = *w->at;
                *w->at = other;
        }
        are_set = several;
}

static void describe(struct handover *h, const struct host_options *o)
{
        word memory = or_default(o->memory, HOST_MEMORY_DEFAULT);
        word image = or_default(o->image_pages, 1) << PAGE_BITS;

        h->magic = HANDOVER_MAGIC;
        h->size = sizeof(*h);
        h->kernel = (struct handover_range){HOST_BASE, HOST_BASE + HOST_KERNEL_SIZE};
        h->user_pt_root = HOST_BASE;
        h->root = (struct handover_range){h->kernel.end, h->kernel.end + image};
        if (o->dtb_bytes)
                h->dtb = (struct handover_range){h->root.end, place_dtb(h->root.end, o->dtb_bytes)};
        h->root_va = ROOT_VA;
        h->root_entry_va = or_default(o->entry, ROOT_VA);
        h->options.cnode_bits = (uint32_t)or_default(o->cnode_bits, CNODE_BITS_DEFAULT);
        h->options.domains = (uint32_t)or_default(o->domains, 1);
        h->options.device_top = bit(40);
        h->options.hypervisor = (uint32_t)o->hypervisor;
        h->options.cores = (uint32_t)o->cores;
        h->options.long_ways = o->long_ways || getenv("TESSERA_LONG_WAYS");
        h->timer_irq = HOST_TIMER_IRQ;
        if (o->hypervisor) {
                h->timer_irq = HOST_TIMER_IRQ_EL2;
                h->guest_timer_irq = HOST_GUEST_TIMER_IRQ;
                h->maintenance_irq = HOST_MAINTENANCE_IRQ;
        }
        h->ram_count = 1;
        h->ram[0] = (struct handover_range){HOST_BASE, HOST_BASE + memory};
        if (o->hide_uart) {
                h->reserved_count = 1;
                h->reserved[0] = (struct handover_range){HOST_UART, HOST_UART + bit(PAGE_BITS)};
        }
}

/* Tests can run traced without knowing about it. */
static void trace_all(void)
{
        static char ring[1 << 16];

        trace_start(ring, sizeof(ring));
}

struct context *host_boot(const struct host_options *options)
{
        struct handover h;

        host_hypervisor = options->hypervisor != 0;
        host_several = options->cores > 1;
        host_core = NULL;
        set_words(host_several);
        host_user_top = ones(host_hypervisor ? options->hypervisor : 47);
        memset(&kernel, 0, sizeof(kernel));
        memset(&platform, 0, sizeof(platform));
        memset(&h, 0, sizeof(h));
        host_memory_make(or_default(options->memory, HOST_MEMORY_DEFAULT));
        host_clock_reset();
        host_lines_reset();
        host_lines_split(options->split_eoi);
        host_tlb_reset();
        host_guest_reset();
        if (options->asid_bits)
                host_tlb_bits(options->asid_bits);
        host_console_start();
        describe(&h, options);
        if (host_several)
                host_cores_describe(&h);
        boot(&h);
        if (options->trace || getenv("TESSERA_TRACE"))
                trace_all();
        return host_out(trap_first());
}

void arch_start(word exports, word empty_root)
{
        (void)exports, (void)empty_root;
}

/* Who drives the machine looks at bit 0, as entry.S does. */
struct context *arch_resume(struct context *c)
{
        return (struct context *)((word)c | 1);
}

/* There is no firmware: every function is unknown. */
void arch_firmware_call(word x[FIRMWARE_WORDS])
{
        x[0] = ~(word)0;
}
