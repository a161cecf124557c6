/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory and messages of a build. */
#include "tools/microkit/microkit.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

struct chunk {
        struct chunk *next;
        uint64_t used, size;
        max_align_t data[];
};

enum { CHUNK = 64 * 1024, SHOWN = 120 /* of a line */ };

void *build_allocate(struct build *b, uint64_t size)
{
        struct chunk *c = b->chunks;
        void *result;

        size = (size + 15) & ~(uint64_t)15;
        if (c == NULL || c->size - c->used < size) {
                uint64_t room = size > CHUNK ? size : CHUNK;

                c = calloc(1, sizeof(*c) + room);
                if (c == NULL) {
                        fprintf(b->out, "microkit: out of memory\n");
                        b->errors++;
                        longjmp(b->stop, 1);
                }
                *c = (struct chunk){b->chunks, 0, room};
                b->chunks = c;
        }
        result = (unsigned char *)c->data + c->used;
        c->used += size;
        b->allocated += size;
        return result;
}

void build_free(struct build *b)
{
        while (b->chunks != NULL) {
                struct chunk *next = b->chunks->next;

                free(b->chunks);
                b->chunks = next;
        }
}

char *build_text(struct build *b, const char *format, ...)
{
        va_list arguments;
        char *text;
        int length;

        va_start(arguments, format);
        length = vsnprintf(NULL, 0, format, arguments);
        va_end(arguments);
        text = build_allocate(b, (uint64_t)length + 1);
        va_start(arguments, format);
        vsnprintf(text, (size_t)length + 1, format, arguments);
        va_end(arguments);
        return text;
}

void build_show(struct build *b, struct place at)
{
        const char *line = b->text, *end = b->text + b->text_size;
        unsigned shown = 0;

        for (unsigned n = 1; n < at.line && line != NULL; n++) {
                line = memchr(line, '\n', (size_t)(end - line));
                line = line ? line + 1 : NULL;
        }
        if (at.line == 0 || line == NULL || at.column > SHOWN)
                return;
        fputs("    ", b->out);
        for (; line < end && *line != '\n' && shown < SHOWN; line++, shown++)
                fputc(*line == '\t' || *line < ' ' ? ' ' : *line, b->out);
        fprintf(b->out, "\n    %*s^\n", (int)at.column - 1, "");
}

static void tell(struct build *b, struct place at, const char *kind, const char *format, va_list arguments)
{
        if (at.line != 0)
                fprintf(b->out, "%s:%u:%u: %s: ", b->name, at.line, at.column, kind);
        else
                fprintf(b->out, "%s: %s: ", b->name, kind);
        vfprintf(b->out, format, arguments);
        fputc('\n', b->out);
        build_show(b, at);
}

void build_error(struct build *b, struct place at, const char *format, ...)
{
        va_list arguments;

        va_start(arguments, format);
        tell(b, at, "error", format, arguments);
        va_end(arguments);
        if (++b->errors == ERRORS_MAX) {
                fprintf(b->out, "%s: too many errors, the rest are not shown\n", b->name);
                build_stop(b);
        }
}

void build_warning(struct build *b, struct place at, const char *format, ...)
{
        va_list arguments;

        va_start(arguments, format);
        tell(b, at, "warning", format, arguments);
        va_end(arguments);
        b->warnings++;
}

_Noreturn void build_stop(struct build *b)
{
        longjmp(b->stop, 1);
}

void *table_add(struct build *b, struct table *t, uint64_t record)
{
        if (t->count == t->room) {
                uint64_t room = t->room ? 2 * t->room : 16;
                unsigned char *data = build_allocate(b, room * record);

                if (t->count > 0)
                        memcpy(data, t->data, t->count * record);
                *t = (struct table){data, t->count, room, record};
        }
        return t->data + record * t->count++;
}
