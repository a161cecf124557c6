/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of registers, and dumps. */
#include <aos/debug.h>
#include <caps/fp.h>
#include <fault/fault.h>
#include <sel4/report.h>
#include <sel4/start.h>

enum { FRAMES_MAX = 32 };

static bool debug_kernel;

void debug_kernel_is_debug(bool yes)
{
        debug_kernel = yes;
}

#ifdef __aarch64__
void print_backtrace(void)
{
        const seL4_Word *frame = __builtin_frame_address(0);

        for (int i = 0; i < FRAMES_MAX && frame; i++) {
                const seL4_Word *caller = (const seL4_Word *)frame[0];

                report("#%d 0x%lx", i, frame[1]);
                if (caller <= frame || (seL4_Word)caller % 16) {
                        return; /* frames lie ever higher; anything else is no chain of frames */
                }
                frame = caller;
        }
}
#endif

seL4_Word debug_cap_kind(seL4_CPtr cap)
{
#ifdef CONFIG_DEBUG_BUILD
        if (debug_kernel)
                return seL4_DebugCapIdentify(cap);
#endif
        (void)cap;
        return 0;
}

void debug_cap_identify(seL4_CPtr cap)
{
        report("slot 0x%lx: capability of kind %lu", cap, debug_cap_kind(cap));
}

void debug_name_thread(seL4_CPtr tcb, const char *name)
{
#ifdef CONFIG_DEBUG_BUILD
        if (debug_kernel)
                seL4_DebugNameThread(tcb, name);
#endif
        (void)tcb;
        (void)name;
}

void debug_print_bootinfo(seL4_BootInfo *bi)
{
        report("node %lu of %lu, IPC buffer %p, CNode of 2^%lu slots, domain %u", bi->nodeID, bi->numNodes,
               (const void *)bi->ipcBuffer, bi->initThreadCNodeSizeBits, (unsigned)bi->initThreadDomain);
        report("slots: empty %lu..%lu, image %lu..%lu, tables %lu..%lu, scheduling control %lu..%lu",
               bi->empty.start, bi->empty.end, bi->userImageFrames.start, bi->userImageFrames.end,
               bi->userImagePaging.start, bi->userImagePaging.end, bi->schedcontrol.start,
               bi->schedcontrol.end);
        for (seL4_CPtr slot = bi->untyped.start; slot < bi->untyped.end; slot++) {
                const seL4_UntypedDesc *untyped = &bi->untypedList[slot - bi->untyped.start];

                report("untyped %lu: 0x%lx, 2^%u bytes%s", slot, untyped->paddr, untyped->sizeBits,
                       untyped->isDevice ? ", device" : "");
        }
}

void debug_print_fault(seL4_MessageInfo_t tag, const char *thread_name)
{
        struct fault fault = fault_decode(tag, 0, seL4_CapNull);
        char text[96];

        report("%s: %s", thread_name, fault_text(&fault, text, sizeof(text)));
        for (unsigned i = 0; i < fault.count; i++) { /* the message is still to be answered by others */
                seL4_SetMR((int)i, fault.word[i]);
        }
}

/* Only those that are not 0, as most threads use few of them or none. */
static void dump_fp(seL4_CPtr tcb)
{
        struct fp_state fp;

        if (!fp_read(tcb, &fp)) {
                report("v0-v31, fpcr, fpsr: unknown, as the image was packed without --extensions");
                return;
        }
        for (unsigned i = 0; i < 32; i++) {
                if (fp.v[2 * i] | fp.v[2 * i + 1])
                        report("v%u 0x%016lx%016lx", i, fp.v[2 * i + 1], fp.v[2 * i]);
        }
        report("fpcr 0x%lx  fpsr 0x%lx  (v registers not shown are 0)", fp.fpcr, fp.fpsr);
}

void debug_dump_registers(seL4_CPtr tcb)
{
        union {
                seL4_UserContext context;
                seL4_Word word[REGISTER_COUNT];
        } registers;
        int err = seL4_TCB_ReadRegisters(tcb, 0, 0, REGISTER_COUNT, &registers.context);

        if (err) {
                report("registers of 0x%lx: %s", tcb, sel4_strerror(err));
                return;
        }
        for (unsigned i = 0; i + 3 < REGISTER_COUNT; i += 4) {
                report("%s 0x%lx  %s 0x%lx  %s 0x%lx  %s 0x%lx", register_names[i], registers.word[i],
                       register_names[i + 1], registers.word[i + 1], register_names[i + 2],
                       registers.word[i + 2], register_names[i + 3], registers.word[i + 3]);
        }
        dump_fp(tcb);
}

size_t cspace_dump(const cspace_t *cspace, size_t limit)
{
        size_t found = 0;

        for (seL4_CPtr slot = 1; slot < cspace_capacity(cspace) && found < cspace_used_slots(cspace);
             slot++) {
                if (!cspace_is_allocated(cspace, slot))
                        continue;
                if (found++ < limit) {
                        report("slot 0x%lx: %s, kind %lu", slot,
                               cspace_is_occupied(cspace, slot) ? "a capability" : "taken, but empty",
                               cspace->bootstrap ? 0 : debug_cap_kind(slot));
                }
        }
        return found;
}
