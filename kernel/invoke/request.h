/* SPDX-License-Identifier: BSD-2-Clause */
/* An invocation as data: what the caller asked, already looked up, read once from registers and IPC buffer.
 *
 * trap makes it, and invoke carries it out; read-only except for `why` and the answer.
 */
#pragma once

#include "cap/kind.h"
#include "ipc/message.h"
#include "thread/thread.h"

struct request {
        struct thread *caller;
        struct slot *slot; /* of the invoked cap */
        struct cap cap;
        const word *buffer; /* readable IPC buffer of the caller, or NULL */
        word label;
        word length; /* words the caller sent and the kernel can see */
        word extras;
        struct slot *extra[MESSAGE_CAPS];

        /* One word, which one store sets at the start. */
        bool blocking, call;
        uint16_t first;         /* 1 in the first phase of a two-phase call */
        uint32_t answer_length; /* result words put so far; a Call gets them */
        struct refusal why;
};

/* Argument word i; i < length. */
static inline word request_word(const struct request *r, word i)
{
        return i < MESSAGE_REGISTERS ? r->caller->context.x[REG_MESSAGE + i] : r->buffer[BUFFER_MESSAGE + i];
}

/* Put result word i, in ascending order from 0 (dropped when the caller did not Call or has no room). */
void request_answer(struct request *r, word i, word value);

/* Refusals without detail words, and with one: out of line, because there are many in the code and each is rare. */
void request_refuse(struct request *r, enum refusal_code error);
void request_refuse_about(struct request *r, enum refusal_code error, word n);

static inline enum outcome refuse_plainly(struct request *r, enum refusal_code error)
{
        request_refuse(r, error);
        return REFUSED;
}

static inline enum outcome refuse_about(struct request *r, enum refusal_code error, word n)
{
        request_refuse_about(r, error, n);
        return REFUSED;
}

static inline enum outcome refuse_illegal(struct request *r)
{
        return refuse_plainly(r, REFUSE_ILLEGAL);
}

static inline enum outcome refuse_argument(struct request *r, word n)
{
        return refuse_about(r, REFUSE_ARGUMENT, n);
}

static inline enum outcome refuse_capability(struct request *r, word n)
{
        return refuse_about(r, REFUSE_CAPABILITY, n);
}

static inline enum outcome refuse_range(struct request *r, word low, word high)
{
        refusal_fill(&r->why, REFUSE_RANGE, 2, low, high);
        return REFUSED;
}

static inline enum outcome refuse_alignment(struct request *r)
{
        return refuse_plainly(r, REFUSE_ALIGNMENT);
}

static inline enum outcome refuse_truncated(struct request *r)
{
        return refuse_plainly(r, REFUSE_TRUNCATED);
}

static inline enum outcome refuse_delete_first(struct request *r)
{
        return refuse_plainly(r, REFUSE_DELETE_FIRST);
}

static inline enum outcome refuse_revoke_first(struct request *r)
{
        return refuse_plainly(r, REFUSE_REVOKE_FIRST);
}

#if TESSERA_DEBUG
#define refuse_plainly(...)      REFUSED_HERE(refuse_plainly(__VA_ARGS__))
#define refuse_about(...)        REFUSED_HERE(refuse_about(__VA_ARGS__))
#define refuse_illegal(...)      REFUSED_HERE(refuse_illegal(__VA_ARGS__))
#define refuse_argument(...)     REFUSED_HERE(refuse_argument(__VA_ARGS__))
#define refuse_capability(...)   REFUSED_HERE(refuse_capability(__VA_ARGS__))
#define refuse_range(...)        REFUSED_HERE(refuse_range(__VA_ARGS__))
#define refuse_alignment(...)    REFUSED_HERE(refuse_alignment(__VA_ARGS__))
#define refuse_truncated(...)    REFUSED_HERE(refuse_truncated(__VA_ARGS__))
#define refuse_delete_first(...) REFUSED_HERE(refuse_delete_first(__VA_ARGS__))
#define refuse_revoke_first(...) REFUSED_HERE(refuse_revoke_first(__VA_ARGS__))
#endif
