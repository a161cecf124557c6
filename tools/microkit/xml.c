/* SPDX-License-Identifier: BSD-2-Clause */
/* Elements of a description.  Comments are ignored; other text and document types are mistakes. */
#include "tools/microkit/microkit.h"

#include <ctype.h>
#include <expat.h>
#include <string.h>

enum { DEPTH_MAX = 64 };

struct reader {
        struct build *b;
        XML_Parser parser;
        struct element *root, *open;
        unsigned depth;
        bool stopped;
};

static struct place place_of(struct reader *r)
{
        return (struct place){(unsigned)XML_GetCurrentLineNumber(r->parser),
                              (unsigned)XML_GetCurrentColumnNumber(r->parser) + 1};
}

/* Ends the parser, not the build: expat frees its memory first. */
static void stop(struct reader *r)
{
        r->stopped = true;
        XML_StopParser(r->parser, XML_FALSE);
}

static void begin(void *data, const XML_Char *name, const XML_Char **attributes)
{
        struct reader *r = data;
        struct element *e = build_allocate(r->b, sizeof(*e));
        struct attribute **end = &e->attributes;

        if (r->stopped)
                return;
        *e = (struct element){.parent = r->open, .name = build_text(r->b, "%s", name), .at = place_of(r)};
        for (; attributes[0] != NULL; attributes += 2) {
                struct attribute *a = build_allocate(r->b, sizeof(*a));

                *a = (struct attribute){NULL, build_text(r->b, "%s", attributes[0]),
                                        build_text(r->b, "%s", attributes[1]), false};
                *end = a;
                end = &a->next;
        }
        if (r->open == NULL)
                r->root = e;
        else if (r->open->last == NULL)
                r->open->first = r->open->last = e;
        else
                r->open->last = r->open->last->next = e;
        r->open = e;
        if (++r->depth > DEPTH_MAX) {
                fprintf(r->b->out, "%s:%u:%u: error: elements are nested more than %d deep\n", r->b->name,
                        e->at.line, e->at.column, DEPTH_MAX);
                r->b->errors++;
                stop(r);
        }
}

static void end(void *data, const XML_Char *name)
{
        struct reader *r = data;

        (void)name;
        if (r->stopped)
                return;
        r->open = r->open->parent;
        r->depth--;
}

static void wrong(struct reader *r, const char *what)
{
        struct place at = place_of(r);

        if (r->stopped)
                return;
        fprintf(r->b->out, "%s:%u:%u: error: %s\n", r->b->name, at.line, at.column, what);
        build_show(r->b, at);
        r->b->errors++;
        stop(r);
}

static void text(void *data, const XML_Char *s, int length)
{
        for (int i = 0; i < length; i++)
                if (!isspace((unsigned char)s[i])) {
                        wrong(data, "text between elements means nothing here; put it into a comment");
                        return;
                }
}

static void doctype(void *data, const XML_Char *name, const XML_Char *system, const XML_Char *public,
                    int internal)
{
        (void)name, (void)system, (void)public, (void)internal;
        wrong(data, "a system description has no document type");
}

struct element *xml_read(struct build *b, const char *bytes, uint64_t size)
{
        struct reader r = {.b = b, .parser = XML_ParserCreate("UTF-8")};
        enum XML_Status status;

        if (r.parser == NULL) {
                build_error(b, (struct place){0, 0}, "out of memory");
                build_stop(b);
        }
        XML_SetUserData(r.parser, &r);
        XML_SetElementHandler(r.parser, begin, end);
        XML_SetCharacterDataHandler(r.parser, text);
        XML_SetStartDoctypeDeclHandler(r.parser, doctype);
        status = size > 0x7fffffff ? XML_STATUS_ERROR : XML_Parse(r.parser, bytes, (int)size, 1);
        if (status != XML_STATUS_OK && !r.stopped) {
                fprintf(b->out, "%s:%u:%u: error: not well-formed XML: %s\n", b->name, place_of(&r).line,
                        place_of(&r).column, XML_ErrorString(XML_GetErrorCode(r.parser)));
                b->errors++;
                r.stopped = true;
        }
        XML_ParserFree(r.parser);
        return r.stopped ? NULL : r.root;
}
