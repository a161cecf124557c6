/* SPDX-License-Identifier: BSD-2-Clause */
/* /proc/dump: the state of the system as lines (lib/cap/dump), made while it is read, so that no read keeps the server busy for long.
 * Names come last, because what they name is known then.  One reader at a time: a new one ends the one before. */
#include "base/text.h"
#include "os/core/service.h"
#include "os/process/process.h"
#include "os/server/report.h"
#include "sos/clock.h"
#include <dump/dump.h>
#include <tessera/trace.h>

enum { OBJECTS = 32768, PART = 4096 };

static struct {
        const void *reader;
        size_t offset, given; /* of the reading; of `text` */
        struct text text;
        unsigned named;
        bool ended;
        struct dump walk;
        char bytes[DUMP_STEP];
        seL4_Word seen[OBJECTS];
} dump;

static void add_name(struct text *t, seL4_CPtr tcb, const char *name, int number)
{
        seL4_MessageInfo_t info;

        seL4_SetCap(0, tcb);
        info = seL4_Call(seL4_CapIRQControl, seL4_MessageInfo_new(TESSERA_Identify, 0, 1, 0));
        if (seL4_MessageInfo_get_label(info) == seL4_NoError)
                text_add(t, number ? "name %lx %s[%d]\n" : "name %lx %s\n", seL4_GetMR(0), name, number);
}

/* The name of thread `i` of all possible ones; false beyond the last. */
static bool name_one(struct text *t, unsigned i)
{
        unsigned services = 0;
        struct service *s;
        struct process *p;

        if (i == 0) {
                add_name(t, seL4_CapInitThreadTCB, "server", 0);
                return true;
        }
        while ((s = service_entry(services)) != NULL && services != i - 1)
                services++;
        if (s) {
                add_name(t, s->thread->tcb, s->thread->name, 0);
                return true;
        }
        if (i - 1 - services >= TASKS)
                return false;
        p = process_entry(i - 1 - services);
        if (process_lives(p))
                add_name(t, p->kernel.tcb.cap, p->name, p->pid);
        return true;
}

/* The next lines; false when there are no more. */
static bool next_lines(void)
{
        dump.text.length = dump.given = 0;
        if (dump.ended)
                return false;
        if (dump_step(&dump.walk, &dump.text) || name_one(&dump.text, dump.named++))
                return true;
        dump_end(&dump.walk, &dump.text);
        dump.ended = true;
        return true;
}

static bool begin(const void *reader)
{
        if (!dump_is_there(seL4_CapIRQControl))
                return false;
        dump_begin(&dump.walk, seL4_CapIRQControl, timestamp_get_freq(), dump.seen, OBJECTS);
        dump.text = (struct text){.buffer = dump.bytes, .size = sizeof(dump.bytes)};
        dump.reader = reader;
        dump.offset = dump.given = dump.named = 0;
        dump.ended = false;
        return true;
}

long report_dump(const void *reader, size_t offset, char *to, size_t size)
{
        size_t n = 0, part;

        if (offset == 0 && !begin(reader))
                return -SOS_ENOSYS;
        if (reader != dump.reader || offset != dump.offset)
                return -SOS_EIO;
        size = size < PART ? size : PART;
        while (n < size && (dump.given < dump.text.length || next_lines())) {
                part = dump.text.length - dump.given;
                part = part < size - n ? part : size - n;
                memcpy(to + n, dump.bytes + dump.given, part);
                dump.given += part;
                n += part;
        }
        dump.offset += n;
        return (long)n;
}
