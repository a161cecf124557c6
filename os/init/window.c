/* SPDX-License-Identifier: BSD-2-Clause */
/* See window.h. */
#include "os/init/window.h"
#include "os/init/memory.h"

enum { LEVELS = 4 };

static const seL4_ARM_VMAttributes DEVICE = seL4_ARM_ExecuteNever;
static const seL4_ARM_VMAttributes DATA = seL4_ARM_Default_VMAttributes | seL4_ARM_ExecuteNever;

static bool add_table(seL4_Word va)
{
        struct object table;

        if (!object_make(&table, seL4_ARM_PageTableObject, seL4_PageTableBits, SLOT_TABLE))
                return false;
        if (!seL4_ARM_PageTable_Map(table.cap, seL4_CapInitThreadVSpace, va, seL4_ARM_Default_VMAttributes))
                return true;
        object_free(&table);
        return false;
}

bool window_map(seL4_CPtr frame, seL4_Word va, seL4_ARM_VMAttributes attributes)
{
        seL4_Error error = seL4_FailedLookup;

        for (int level = 0; level < LEVELS && error == seL4_FailedLookup; level++) {
                error = seL4_ARM_Page_Map(frame, seL4_CapInitThreadVSpace, va, seL4_ReadWrite, attributes);
                if (error == seL4_FailedLookup && !add_table(va))
                        return false;
        }
        return error == seL4_NoError;
}

volatile void *window_map_device(seL4_Word paddr)
{
        static seL4_Word next = WINDOW_DEVICES;
        struct object frame;

        if (!object_make_device(&frame, paddr))
                return NULL;
        if (!window_map(frame.cap, next, DEVICE)) {
                object_free(&frame);
                return NULL;
        }
        next += bit(seL4_PageBits);
        return (volatile void *)(next - bit(seL4_PageBits));
}

bool window_fill(seL4_Word va, seL4_Word pages)
{
        for (; pages > 0; pages--, va += bit(seL4_PageBits)) {
                struct object frame;

                if (!object_make(&frame, seL4_ARM_SmallPageObject, seL4_PageBits, SLOT_FRAME) ||
                    !window_map(frame.cap, va, DATA))
                        return false;
        }
        return true;
}
