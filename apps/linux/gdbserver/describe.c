/* SPDX-License-Identifier: BSD-2-Clause */
/* The description of the registers that gdb asks for, target.xml; see stub.h. */
#include <stdio.h>
#include <string.h>

#include "stub.h"

static size_t describe(char *to, size_t size)
{
        size_t n = (size_t)snprintf(to, size,
                                    "<?xml version=\"1.0\"?><!DOCTYPE target SYSTEM \"gdb-target.dtd\">"
                                    "<target version=\"1.0\"><architecture>aarch64</architecture>"
                                    "<feature name=\"org.gnu.gdb.aarch64.core\">");

        for (int i = 0; i < 31; i++)
                n += (size_t)snprintf(to + n, size - n, "<reg name=\"x%d\" bitsize=\"64\"/>", i);
        n += (size_t)snprintf(to + n, size - n,
                              "<reg name=\"sp\" bitsize=\"64\" type=\"data_ptr\"/>"
                              "<reg name=\"pc\" bitsize=\"64\" type=\"code_ptr\"/>"
                              "<reg name=\"cpsr\" bitsize=\"32\"/></feature>"
                              "<feature name=\"org.gnu.gdb.aarch64.fpu\">"
                              "<vector id=\"d2\" type=\"ieee_double\" count=\"2\"/>"
                              "<vector id=\"s4\" type=\"ieee_single\" count=\"4\"/>"
                              "<vector id=\"b16\" type=\"uint8\" count=\"16\"/>"
                              "<union id=\"v\"><field name=\"d\" type=\"d2\"/><field name=\"s\" type=\"s4\"/>"
                              "<field name=\"b\" type=\"b16\"/><field name=\"q\" type=\"uint128\"/></union>");
        for (int i = 0; i < 32; i++)
                n += (size_t)snprintf(to + n, size - n, "<reg name=\"v%d\" bitsize=\"128\" type=\"v\"/>", i);
        n += (size_t)snprintf(to + n, size - n,
                              "<reg name=\"fpsr\" bitsize=\"32\"/><reg name=\"fpcr\" bitsize=\"32\"/>"
                              "</feature></target>");
        return n;
}

/* A piece of the description: `l` before the last one. */
void describe_send(struct packets *p, const char *at)
{
        static char text[2 * PACKET], piece[PACKET];
        size_t all = describe(text, sizeof(text)), from = hex_number(&at), size;

        size = *at == ',' ? (at++, hex_number(&at)) : 0;
        from = from < all ? from : all;
        size = size < PACKET / 2 ? size : PACKET / 2;
        size = size < all - from ? size : all - from;
        piece[0] = from + size < all ? 'm' : 'l';
        memcpy(piece + 1, text + from, size);
        packet_send(p, piece, size + 1);
}

void describe_threads(struct packets *p, struct target *t)
{
        int numbers[THREADS], n = target_threads(t, numbers);
        char text[PACKET], *end = text;

        for (int i = 0; i < n; i++)
                end += snprintf(end, 12, "%c%x", i ? ',' : 'm', (unsigned)numbers[i]);
        packet_send(p, n ? text : "l", n ? (size_t)(end - text) : 1);
}

void describe_thread(struct packets *p, const char *at)
{
        char path[40], name[64] = "", text[2 * sizeof(name)];
        FILE *f;

        snprintf(path, sizeof(path), "/proc/%d/comm", (int)hex_number(&at));
        f = fopen(path, "r");
        if (f) {
                if (!fgets(name, sizeof(name), f))
                        name[0] = '\0';
                fclose(f);
        }
        name[strcspn(name, "\n")] = '\0';
        packet_send(p, text, (size_t)(hex_put(text, name, strlen(name)) - text));
}
