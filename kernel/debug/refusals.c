/* SPDX-License-Identifier: BSD-2-Clause */
/* See refusals.h.  Debug builds only: the release kernel knows no file and no line. */
#include "debug/refusals.h"
#include "console/log.h"
#include "core/state.h"
#include "debug/dump.h"
#include "thread/registers.h"

static const char *error_name(word error)
{
        static const char *const names[] = {
                [REFUSE_ARGUMENT] = "InvalidArgument",   [REFUSE_CAPABILITY] = "InvalidCapability",
                [REFUSE_ILLEGAL] = "IllegalOperation",   [REFUSE_RANGE] = "RangeError",
                [REFUSE_ALIGNMENT] = "AlignmentError",   [REFUSE_LOOKUP] = "FailedLookup",
                [REFUSE_TRUNCATED] = "TruncatedMessage", [REFUSE_DELETE_FIRST] = "DeleteFirst",
                [REFUSE_REVOKE_FIRST] = "RevokeFirst",   [REFUSE_MEMORY] = "NotEnoughMemory",
        };

        return error < sizeof(names) / sizeof(*names) ? names[error] : NULL;
}

static const char *name_of(const struct thread *t)
{
        return t->name[0] ? t->name : "a thread without a name";
}

void refusal_tell(const struct request *r)
{
        const struct context *c = &r->caller->context;

        print_debug("refused: %s, %s 0x%lx, label %lu: %s", name_of(r->caller),
                    dump_kind_name(cap_kind(r->cap)), c->x[REG_BADGE], r->label, error_name(r->why.error));
        for (word i = 0; i < r->why.length; i++)
                print_debug(" %lu", r->why.detail[i]);
        print_debug("; %s:%lu, pc 0x%lx\n", kernel.refused_file, kernel.refused_line, c->restart);
}

void refusal_tell_lookup(const struct thread *t, word cptr, bool faults)
{
        print_debug("refused: %s, capability 0x%lx: there is none (%s), pc 0x%lx\n", name_of(t), cptr,
                    faults ? "a fault" : "nothing is sent", t->context.restart);
}
