/* SPDX-License-Identifier: BSD-2-Clause */
/* What occupies which memory, for the message of a failure. */
#include <object/object.h>
#include <sel4/report.h>
#include <text/text.h>
#include <ut/inside.h>

static const char *contents(const ut_t *piece)
{
        switch (cspace_probe_untyped(ut_pool.cspace, piece->cap)) {
        case seL4_NoError:
                return "empty";
        case seL4_NotEnoughMemory:
                return "no slot to ask the kernel with";
        case seL4_RevokeFirst:
                return "an object lives there";
        default:
                return "its untyped capability is gone";
        }
}

const char *object_explain(uintptr_t paddr, char *buffer, size_t size)
{
        const ut_t *piece = ut_find(paddr);
        struct text text = {.buffer = buffer, .size = size};

        if (!piece) {
                text_add(&text, "no memory at 0x%lx: no boot untyped contains it", (unsigned long)paddr);
        } else {
                text_add(&text, "2^%u bytes%s at 0x%lx: ", piece->size_bits,
                         piece->device ? " of a device" : "", (unsigned long)piece->paddr);
                if (piece->state == UT_FREE) {
                        text_add(&text, "free, ");
                } else {
                        text_add(&text, "handed out for %s, ",
                                 piece->holds ? report_type_name(piece->holds - 1ul) : "something");
                }
                text_add(&text, "%s", contents(piece));
        }
        return text_end(&text);
}
