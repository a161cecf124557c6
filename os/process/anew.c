/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver's program restarts where it is: same process, objects, capabilities and pages.  So it needs no memory, which may be unavailable
 * while the disk does not answer, and it cannot fail half way. */
#include "caps/fp.h"
#include "os/process/image.h"
#include "os/process/process_parts.h"

bool process_anew(struct process *p, const struct process_plan *plan)
{
        static const struct fp_state none;
        seL4_UserContext registers = {0};
        struct image_entry entry;

        p->state = PROCESS_RUNNING;
        p->job.stopped = p->call.faulting = false;
        space_renew(p->space);
        if (image_again(p->space, plan, &entry))
                return false;
        registers.pc = entry.pc;
        registers.sp = entry.sp;
        fp_write(p->kernel.tcb.cap, &none);
        return !seL4_TCB_WriteRegisters(p->kernel.tcb.cap, true, 0, sizeof(registers) / sizeof(seL4_Word),
                                        &registers);
}
