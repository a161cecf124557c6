/* SPDX-License-Identifier: BSD-2-Clause */
/* See name.h; IPv6 as RFC 5952 wants it. */
#include "os/net/name.h"

enum { GROUPS = 8 };

static unsigned group(const struct socket_name *name, unsigned i)
{
        return (unsigned)name->address[2 * i] << 8 | name->address[2 * i + 1];
}

static unsigned zeros_from(const struct socket_name *name, unsigned i)
{
        unsigned n = 0;

        while (i + n < GROUPS && !group(name, i + n))
                n++;
        return n;
}

static void add_v6(struct text *t, const struct socket_name *name)
{
        unsigned from = GROUPS, length = 1; /* the longest run of zeros, the first of several */

        for (unsigned i = 0; i < GROUPS; i++) {
                if (zeros_from(name, i) > length) {
                        from = i;
                        length = zeros_from(name, i);
                }
        }
        for (unsigned i = 0; i < GROUPS; i++) {
                if (i == from) {
                        text_add(t, "::");
                        i += length - 1;
                } else {
                        text_add(t, i > 0 && i != from + length ? ":%x" : "%x", group(name, i));
                }
        }
}

void name_add(struct text *t, const struct socket_name *name)
{
        const uint8_t *a = name->address;

        if (name->family == 4)
                text_add(t, "%u.%u.%u.%u", a[0], a[1], a[2], a[3]);
        else if (name->family == 6)
                add_v6(t, name);
        else
                text_add(t, "*");
}

void name_add_port(struct text *t, const struct socket_name *name)
{
        if (name->family == 6)
                text_add(t, "[");
        name_add(t, name);
        if (name->family == 6)
                text_add(t, "]");
        if (name->port)
                text_add(t, ":%u", name->port);
        else
                text_add(t, ":*");
}
