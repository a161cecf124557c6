/* SPDX-License-Identifier: BSD-2-Clause */
/* Attributes of elements: text, numbers, yes and no. */
#include "tools/microkit/microkit.h"

#include <string.h>

const char *attribute_text(struct build *b, struct element *e, const char *name, bool required)
{
        for (struct attribute *a = e->attributes; a != NULL; a = a->next)
                if (strcmp(a->name, name) == 0) {
                        a->used = true;
                        return a->value;
                }
        if (required)
                build_error(b, e->at, "<%s> needs the attribute '%s'", e->name, name);
        return NULL;
}

/* Decimal, or hexadecimal after 0x; underscores are ignored. */
static bool read_number(const char *text, uint64_t *value)
{
        unsigned base = 10;
        bool some = false;

        if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
                base = 16;
                text += 2;
        }
        *value = 0;
        for (; *text != '\0'; text++) {
                unsigned digit;

                if (*text == '_')
                        continue;
                if (*text >= '0' && *text <= '9')
                        digit = (unsigned)(*text - '0');
                else if ((*text | 0x20) >= 'a' && (*text | 0x20) <= 'f')
                        digit = (unsigned)((*text | 0x20) - 'a') + 10;
                else
                        return false;
                if (digit >= base || __builtin_mul_overflow(*value, base, value) ||
                    __builtin_add_overflow(*value, digit, value))
                        return false;
                some = true;
        }
        return some;
}

bool attribute_number(struct build *b, struct element *e, const char *name, bool required, uint64_t *value)
{
        const char *text = attribute_text(b, e, name, required);
        uint64_t number;

        if (text == NULL)
                return false;
        if (read_number(text, &number)) {
                *value = number;
                return true;
        }
        build_error(
                b, e->at,
                "%s=\"%s\" is not a number: write decimal digits, or hexadecimal ones after 0x, below 2^64",
                name, text);
        return false;
}

bool attribute_flag(struct build *b, struct element *e, const char *name, bool otherwise)
{
        const char *text = attribute_text(b, e, name, false);

        if (text == NULL)
                return otherwise;
        if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)
                return text[0] == 't';
        build_error(b, e->at, "%s=\"%s\": write true or false", name, text);
        return otherwise;
}

void attributes_end(struct build *b, struct element *e)
{
        for (struct attribute *a = e->attributes; a != NULL; a = a->next)
                if (!a->used)
                        build_error(b, e->at, "<%s> has no attribute '%s'", e->name, a->name);
}
