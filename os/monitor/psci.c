/* SPDX-License-Identifier: BSD-2-Clause */
/* Firmware as a guest knows it: PSCI, by SMC or HVC (spec el2.md 14.5).  The processors are one cluster. */
#include "os/monitor/monitor.h"

enum {
        VERSION = 0x84000000,
        SUSPEND = 0x84000001,
        PROCESSOR_OFF = 0x84000002,
        PROCESSOR_ON = 0x84000003,
        AFFINITY_INFO = 0x84000004,
        MIGRATE_INFO_TYPE = 0x84000006,
        SYSTEM_OFF = 0x84000008,
        SYSTEM_RESET = 0x84000009,
        FEATURES = 0x8400000a,
        WIDE = 0x40000000, /* the 64-bit form of a call */
        VERSION_1_1 = 0x00010001,
        NO_MIGRATION = 2,
};
enum { SUCCESS = 0, NOT_SUPPORTED = -1, INVALID = -2, ALREADY_ON = -4, FAILURE = -6, INVALID_ADDRESS = -9 };
enum { IS_ON = 0, IS_OFF = 1 };

/* The features of calls that have none, for those that are there. */
static long features(uint32_t call)
{
        switch (call & ~(uint32_t)WIDE) {
        case VERSION:
        case SUSPEND:
        case PROCESSOR_OFF:
        case PROCESSOR_ON:
        case AFFINITY_INFO:
        case MIGRATE_INFO_TYPE:
        case SYSTEM_OFF:
        case SYSTEM_RESET:
        case FEATURES:
                return SUCCESS;
        default:
                return NOT_SUPPORTED;
        }
}

/* The narrow form of a call has words of 32 bits. */
static uint64_t argument(uint32_t call, unsigned number)
{
        uint64_t value = guest_register(number);

        return call & WIDE ? value : (uint32_t)value;
}

/* NULL: there is none of that affinity. */
static struct processor *processor_of(uint64_t affinity)
{
        return affinity < monitor.processors ? &monitor.processor[affinity] : NULL;
}

static long start(uint32_t call)
{
        struct processor *p = processor_of(argument(call, 1));
        uint64_t entry = argument(call, 2);

        if (!p)
                return INVALID;
        if (processor_is_on(p))
                return ALREADY_ON;
        if (entry % INSTRUCTION || !guest_at(entry, INSTRUCTION))
                return INVALID_ADDRESS;
        return processor_start(p, entry, argument(call, 3)) ? SUCCESS : FAILURE;
}

/* Of a processor, or of the cluster, in which the caller is on. */
static long affinity_info(uint32_t call)
{
        enum { LEVELS = 4, CLUSTER_SHIFT = 8 };
        uint64_t affinity = argument(call, 1), level = argument(call, 2);
        const struct processor *p = processor_of(affinity);

        if (level > 0)
                return level < LEVELS && affinity >> CLUSTER_SHIFT == 0 ? IS_ON : INVALID;
        return !p ? INVALID : processor_is_on(p) ? IS_ON : IS_OFF;
}

/* There is no answer to the caller, unless it is started again. */
static long stop(void)
{
        if (monitor.on == 1u << monitor.caller->number)
                monitor_ends(MACHINE_ENDED, "its last processor is switched off");
        processor_stop(monitor.caller);
        return SUCCESS;
}

/* Every state is one of those that lose nothing.  Unlike WFI the call comes here with an interrupt pending, too: whatever is in a list
 * register may be that. */
static long suspend(void)
{
        if (!irq_holds(monitor.caller))
                exits_wait();
        return SUCCESS;
}

/* What the caller does not go on from. */
static void of_system(uint32_t call)
{
        if (call == SYSTEM_OFF)
                monitor_ends(MACHINE_ENDED, "it has switched itself off");
        if (call == SYSTEM_RESET)
                monitor_ends(MACHINE_AGAIN, "it restarts");
}

static long answer_to(uint32_t call)
{
        switch (call) {
        case VERSION:
                return VERSION_1_1;
        case MIGRATE_INFO_TYPE:
                return NO_MIGRATION;
        case FEATURES:
                return features((uint32_t)guest_register(1));
        case SUSPEND:
        case SUSPEND | WIDE:
                return suspend();
        case PROCESSOR_OFF:
                return stop();
        case PROCESSOR_ON:
        case PROCESSOR_ON | WIDE:
                return start(call);
        case AFFINITY_INFO:
        case AFFINITY_INFO | WIDE:
                return affinity_info(call);
        default:
                return NOT_SUPPORTED;
        }
}

void psci_call(void)
{
        uint32_t call = (uint32_t)guest_register(0);

        of_system(call);
        guest_set_register(0, (uint64_t)answer_to(call));
}
