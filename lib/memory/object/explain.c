/* SPDX-License-Identifier: BSD-2-Clause */
/* Who has which memory, for the message of a failure. */
#include <object/object.h>
#include <sel4/report.h>
#include <ut/inside.h>

struct text {
        char *at, *end;
};

static void put(void *context, char c)
{
        struct text *text = context;

        if (text->at < text->end) {
                *text->at++ = c;
        }
}

static void print(struct text *text, const char *format, ...)
{
        va_list list;

        va_start(list, format);
        report_format(put, text, format, list);
        va_end(list);
}

/* An untyped can be copied if and only if it has no children. */
static const char *contents(const ut_t *piece)
{
        seL4_CPtr probe = cspace_alloc_slot(ut_pool.cspace);
        seL4_Error err = seL4_NoError;

        if (!probe) {
                return "no slot to ask the kernel with";
        }
        err = cspace_copy(ut_pool.cspace, probe, ut_pool.cspace, piece->cap, seL4_AllRights);
        if (err == seL4_NoError) {
                cspace_discard(ut_pool.cspace, probe);
                return "empty";
        }
        cspace_free_slot(ut_pool.cspace, probe);
        return err == seL4_RevokeFirst ? "an object lives there" : "its untyped capability is gone";
}

const char *object_explain(uintptr_t paddr, char *buffer, size_t size)
{
        const ut_t *piece = ut_find(paddr);
        struct text text = {buffer, buffer + size - 1};

        if (!piece) {
                print(&text, "nobody's memory at 0x%lx: no boot untyped holds it", (unsigned long)paddr);
        } else {
                print(&text, "2^%u bytes%s at 0x%lx: ", piece->size_bits, piece->device ? " of a device" : "",
                      (unsigned long)piece->paddr);
                if (piece->state == UT_FREE) {
                        print(&text, "free, ");
                } else {
                        print(&text, "handed out for %s, ",
                              piece->holds ? report_type_name(piece->holds - 1ul) : "something");
                }
                print(&text, "%s", contents(piece));
        }
        *text.at = '\0';
        return buffer;
}
