/* SPDX-License-Identifier: BSD-2-Clause */
/* Firmware as a guest knows it: PSCI for one processor, by SMC or HVC (spec el2.md 14.5). */
#include "os/monitor/monitor.h"

enum {
        VERSION = 0x84000000,
        PROCESSOR_OFF = 0x84000002,
        MIGRATE_INFO_TYPE = 0x84000006,
        SYSTEM_OFF = 0x84000008,
        SYSTEM_RESET = 0x84000009,
        FEATURES = 0x8400000a,
        PROCESSOR_ON = 0x84000003,
        AFFINITY_INFO = 0x84000004,
        WIDE = 0x40000000, /* the 64-bit form of a call */
        VERSION_1_1 = 0x00010001,
        NO_MIGRATION = 2,
};
enum { NOT_SUPPORTED = -1, INVALID = -2, ALREADY_ON = -4 };

/* The features of calls that have none, for those that are there. */
static long features(uint32_t call)
{
        switch (call & ~(uint32_t)WIDE) {
        case VERSION:
        case FEATURES:
        case MIGRATE_INFO_TYPE:
        case PROCESSOR_ON:
        case AFFINITY_INFO:
        case SYSTEM_OFF:
        case SYSTEM_RESET:
                return 0;
        default:
                return NOT_SUPPORTED;
        }
}

/* Processor 0 exists, and is on. */
static long of_processor(uint64_t affinity, long answer)
{
        return affinity == 0 ? answer : INVALID;
}

void psci_call(void)
{
        uint32_t call = (uint32_t)guest_register(0);
        long answer = NOT_SUPPORTED;

        switch (call) {
        case VERSION:
                answer = VERSION_1_1;
                break;
        case MIGRATE_INFO_TYPE:
                answer = NO_MIGRATION;
                break;
        case FEATURES:
                answer = features((uint32_t)guest_register(1));
                break;
        case PROCESSOR_ON:
        case PROCESSOR_ON | WIDE:
                answer = of_processor(guest_register(1), ALREADY_ON);
                break;
        case AFFINITY_INFO:
        case AFFINITY_INFO | WIDE:
                answer = of_processor(guest_register(1), 0);
                break;
        case PROCESSOR_OFF:
                monitor_ends(MACHINE_ENDED, "its only processor is switched off");
        case SYSTEM_OFF:
                monitor_ends(MACHINE_ENDED, "it has switched itself off");
        case SYSTEM_RESET:
                monitor_ends(MACHINE_AGAIN, "it restarts");
        }
        guest_set_register(0, (uint64_t)answer);
}
