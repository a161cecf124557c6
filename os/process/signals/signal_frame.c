/* SPDX-License-Identifier: BSD-2-Clause */
/* See frame.h. */
#include "os/process/signals/signal_frame.h"
#include "base/text.h"
#include "caps/fp.h"

/* Where x0..x30 are in the public order. */
const uint8_t frame_place[FRAME_X] = {
        3,  4,  5,  6,  7,  8,  9,  10, 11, 17, 18, 19, 20, 21, 22, 23,
        12, 13, 14, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 15, 16,
};

bool frame_write(struct process *p, seL4_Word at, struct signal_frame *f, const seL4_UserContext *registers)
{
        uint64_t link[2] = {registers->x29, registers->x30};
        struct fp_state fp;

        if (!fp_read(p->kernel.tcb.cap, &fp))
                return false;
        for (int i = 0; i < FRAME_X; i++)
                f->x[i] = ((const seL4_Word *)registers)[frame_place[i]];
        f->sp = registers->sp;
        f->pc = registers->pc;
        f->state = registers->spsr;
        f->fp.magic = FP_MAGIC;
        f->fp.size = FP_RECORD;
        f->fp.fpsr = (uint32_t)fp.fpsr;
        f->fp.fpcr = (uint32_t)fp.fpcr;
        memcpy(f->fp.v, fp.v, sizeof(fp.v));
        return space_write(p->space, at, f, sizeof(*f)) &&
               space_write(p->space, at + FRAME_LINK, link, sizeof(link));
}

bool frame_read(struct process *p, seL4_Word at, struct signal_frame *f, seL4_UserContext *registers)
{
        struct fp_state fp;

        if (!space_read(p->space, at, f, sizeof(*f)) || f->fp.magic != FP_MAGIC || f->fp.size != FP_RECORD)
                return false;
        fp.fpsr = f->fp.fpsr;
        fp.fpcr = f->fp.fpcr;
        memcpy(fp.v, f->fp.v, sizeof(fp.v));
        if (!fp_write(p->kernel.tcb.cap, &fp))
                return false;
        for (int i = 0; i < FRAME_X; i++)
                ((seL4_Word *)registers)[frame_place[i]] = f->x[i];
        registers->sp = f->sp;
        registers->pc = f->pc;
        registers->spsr = f->state;
        return true;
}
