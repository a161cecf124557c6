/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames of GDB's remote protocol: $data#sum, with } before escaped bytes; see stub.h. */
#include <string.h>
#include <unistd.h>

#include "stub.h"

enum { OUTSIDE, INSIDE, FIRST_DIGIT, SECOND_DIGIT };
enum { INTERRUPT = 3, ESCAPE = 0x20 };

static void send_all(int fd, const char *bytes, size_t size)
{
        while (size > 0) {
                ssize_t n = write(fd, bytes, size);

                if (n <= 0)
                        return; /* reading will report that the connection is gone */
                bytes += n;
                size -= (size_t)n;
        }
}

static enum heard outside(struct packets *p, unsigned char byte)
{
        if (byte == INTERRUPT)
                return HEARD_BREAK;
        if (byte == '$') {
                p->state = INSIDE;
                p->length = p->sum = 0;
        }
        return HEARD_NOTHING;
}

static enum heard inside(struct packets *p, unsigned char byte)
{
        if (byte == '#') {
                p->state = FIRST_DIGIT;
        } else if (byte == '$' || p->length == PACKET) { /* restarted, or too long: the frame is dropped */
                p->state = byte == '$' ? INSIDE : OUTSIDE;
                p->length = p->sum = 0;
        } else {
                p->data[p->length++] = (char)byte;
                p->sum += byte;
        }
        return HEARD_NOTHING;
}

static enum heard end(struct packets *p, unsigned char byte)
{
        bool good;

        if (p->state == FIRST_DIGIT) {
                p->told = hex_digit((char)byte) * 16;
                p->state = SECOND_DIGIT;
                return HEARD_NOTHING;
        }
        good = p->no_ack || (p->told >= 0 && p->told + hex_digit((char)byte) == (int)(p->sum & 0xff));
        p->state = OUTSIDE;
        if (!p->no_ack)
                send_all(p->fd, good ? "+" : "-", 1);
        p->data[p->length] = '\0';
        return good ? HEARD_PACKET : HEARD_NOTHING;
}

enum heard packet_hear(struct packets *p, unsigned char byte)
{
        switch (p->state) {
        case OUTSIDE:
                return outside(p, byte);
        case INSIDE:
                return inside(p, byte);
        default:
                return end(p, byte);
        }
}

void packet_send(struct packets *p, const char *text, size_t length)
{
        static char frame[2 * PACKET + 8];
        size_t at = 0;
        unsigned char sum = 0;

        frame[at++] = '$';
        for (size_t i = 0; i < length && at < sizeof(frame) - 6; i++) {
                if (strchr("$#}*", text[i]) && text[i]) {
                        frame[at++] = '}';
                        frame[at++] = text[i] ^ ESCAPE;
                } else {
                        frame[at++] = text[i];
                }
        }
        for (size_t i = 1; i < at; i++)
                sum += (unsigned char)frame[i];
        frame[at++] = '#';
        at = (size_t)(hex_put(frame + at, &sum, 1) - frame);
        send_all(p->fd, frame, at);
}

int hex_digit(char c)
{
        if (c >= '0' && c <= '9')
                return c - '0';
        if (c >= 'a' && c <= 'f')
                return c - 'a' + 10;
        return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

uint64_t hex_number(const char **at)
{
        uint64_t value = 0;

        for (int digit, n = 0; n < 16 && (digit = hex_digit(**at)) >= 0; n++, (*at)++)
                value = value << 4 | (uint64_t)digit;
        return value;
}

bool hex_bytes(const char *text, void *to, size_t size)
{
        for (size_t i = 0; i < size; i++) {
                int high = hex_digit(text[2 * i]), low = high < 0 ? -1 : hex_digit(text[2 * i + 1]);

                if (low < 0)
                        return false;
                ((unsigned char *)to)[i] = (unsigned char)(high << 4 | low);
        }
        return true;
}

char *hex_put(char *to, const void *from, size_t size)
{
        static const char digits[] = "0123456789abcdef";

        for (size_t i = 0; i < size; i++) {
                *to++ = digits[((const unsigned char *)from)[i] >> 4];
                *to++ = digits[((const unsigned char *)from)[i] & 15];
        }
        return to;
}
