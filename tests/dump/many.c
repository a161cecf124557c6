/* SPDX-License-Identifier: BSD-2-Clause */
/* A root task with ten thousand objects, which reads the whole state as lines and throws them away; `run` learns how long that took:
 * the kernel's calls, and the lines of lib/cap/dump.  Prints `many OBJECTS LINES CALLS TICKS` and halts. */
#include <dump/dump.h>
#include <sel4/start.h>

enum { OBJECTS = 10000, SEEN = 32768, SC_BITS = 8, AT_ONCE = 250 };

static const struct {
        seL4_Word type, bits;
} kinds[] = {
        {seL4_TCBObject, 0},           {seL4_EndpointObject, 0},      {seL4_NotificationObject, 0},
        {seL4_ReplyObject, 0},         {seL4_CapTableObject, 2},      {seL4_SchedContextObject, SC_BITS},
        {seL4_ARM_SmallPageObject, 0}, {seL4_ARM_PageTableObject, 0},
};
enum { KINDS = sizeof(kinds) / sizeof(*kinds) };

static seL4_Word now(void)
{
        seL4_Word value;

        __asm__ volatile("isb; mrs %0, cntvct_el0" : "=r"(value));
        return value;
}

/* Objects of all kinds in turn; how many could be made. */
static seL4_Word make_all(const seL4_BootInfo *info, seL4_CPtr memory)
{
        seL4_Word made = 0;

        for (; made < OBJECTS; made += AT_ONCE) {
                seL4_Word i = made / AT_ONCE % KINDS;

                if (seL4_Untyped_Retype(memory, kinds[i].type, kinds[i].bits, seL4_CapInitThreadCNode, 0, 0,
                                        info->empty.start + made, AT_ONCE))
                        break;
        }
        return made;
}

static seL4_CPtr largest(const seL4_BootInfo *info)
{
        seL4_Word bits = 0;
        seL4_CPtr found = 0;

        for (seL4_CPtr u = info->untyped.start; u < info->untyped.end; u++) {
                const seL4_UntypedDesc *one = &info->untypedList[u - info->untyped.start];

                if (!one->isDevice && one->sizeBits > bits) {
                        bits = one->sizeBits;
                        found = u;
                }
        }
        return found;
}

static seL4_Word lines_of(struct text *t)
{
        seL4_Word lines = 0;

        for (size_t i = 0; i < t->length; i++)
                lines += t->buffer[i] == '\n';
        return lines;
}

int main(void)
{
        static char bytes[DUMP_STEP];
        static seL4_Word seen[SEEN];
        static struct dump d;
        const seL4_BootInfo *info = start_bootinfo();
        struct text t = {.buffer = bytes, .size = sizeof(bytes)};
        seL4_Word made = make_all(info, largest(info)), lines = 0, since = now(), counting = 0;

        dump_begin(&d, seL4_CapIRQControl, 0, seen, SEEN);
        while (dump_step(&d, &t)) {
                seL4_Word before = now();

                lines += lines_of(&t);
                t.length = 0;
                counting += now() - before;
        }
        since = now() - since - counting;
        text_add(&t, "many %lx %lx %lx %lx\n", made, lines, d.calls, since);
        for (size_t i = 0; i < t.length; i++)
                seL4_DebugPutChar(t.buffer[i]);
        seL4_DebugHalt();
        return 0;
}
