/* SPDX-License-Identifier: BSD-2-Clause */
/* Bootinfo, initial capabilities and memory, as the root task finds them.
 *
 * shows: BOOT-5.1 BOOT-5.2 BOOT-5.3 BOOT-5.4 BOOT-5.5 BOOT-5.6 BOOT-5.7 BOOT-3.12
 * shows: BOOT-6.1 BOOT-6.2 BOOT-6.3 BOOT-6.4 BOOT-6.5 BOOT-6.6
 * shows: BOOT-7.1 BOOT-7.2 BOOT-7.3 BOOT-7.4 BOOT-7.5
 * shows: BOOT-9.1 BOOT-9.3
 */
#include "root.h"

/* --- bootinfo -------------------------------------------------------------------------------------------------- */

static word table_count(word start, word end)
{
        word n = 0;

        for (word span = 39; span >= 21; span -= 9)
                n += (round_up(end, span) - round_down(start, span)) >> span;
        return n;
}

static word extra_bits(const struct bootinfo *b)
{
        word bits = 12;

        while (b->extra_length > (word)1 << bits)
                bits++;
        return b->extra_length ? bits : 0;
}

static void check_header(const struct bootinfo *b)
{
        check("node", b->node, 0);
        check("one core", b->nodes, 1);
        check("no I/O page tables", b->io_levels, 0);
        check("IPC buffer is the page before the bootinfo", b->buffer, (word)b - PAGE);
        check("CNode size", b->cnode_bits, CNODE_BITS);
        check("domain", b->domain, 0);
        check("no shared frames", b->shared.start | b->shared.end, 0);
        check("no I/O spaces", b->io_spaces.start | b->io_spaces.end, 0);
        check("the rest of the bootinfo frame is 0",
              words_set((const word *)(b + 1), (PAGE - sizeof(*b)) / 8), 0);
}

static void check_regions(const struct bootinfo *b)
{
        word image = round_up((word)_end, 12) - (word)__executable_start,
             extra = round_up(b->extra_length, 12) / PAGE;
        word top = (word)b + PAGE + (b->extra_length ? (word)1 << extra_bits(b) : 0), next = 16;

        check("paging caps start", b->paging.start, next);
        check("paging caps", b->paging.end, next += table_count((word)__executable_start, top));
        check("extra pages start", b->extra.start, extra ? next : 0);
        check("extra pages", b->extra.end, extra ? next + extra : 0);
        next += extra;
        check("scheduling control start", b->sched_control.start, next);
        check("scheduling control", b->sched_control.end, ++next);
        check("image frames start", b->image.start, next);
        check("image frames", b->image.end, next += image / PAGE);
        check("untyped start", b->untyped.start, next);
        check("there are untyped caps", b->untyped.end > next && b->untyped.end <= next + 230, 1);
        check("empty slots start", b->empty.start, b->untyped.end);
        check("empty slots end", b->empty.end, (word)1 << b->cnode_bits);
        next = b->untyped.end - b->untyped.start;
        check("unused descriptions are 0", words_set((const word *)&b->list[next], 2 * (230 - next)), 0);
}

static void check_extra(const struct bootinfo *b)
{
        const word *chunk = (const word *)((word)b + PAGE);
        const uint8_t *tree = (const uint8_t *)(chunk + 2), *end = (const uint8_t *)chunk + b->extra_length;
        word after = 0;

        if (b->extra_length == 0) {
                check("a device tree was handed over", 0, 1);
                return;
        }
        check("the chunk is a device tree", chunk[0], 6);
        check("its length is all there is", chunk[1], b->extra_length);
        check("its magic number", (word)tree[0] << 24 | tree[1] << 16 | tree[2] << 8 | tree[3], 0xd00dfeed);
        check("its size field", (word)tree[4] << 24 | tree[5] << 16 | tree[6] << 8 | tree[7],
              b->extra_length - 16);
        while ((word)end % PAGE)
                after += *end++ != 0;
        check("bytes after it are 0", after, 0);
}

/* --- capabilities ---------------------------------------------------------------------------------------------- */

static void check_kinds(const struct bootinfo *b)
{
        static const uint8_t fixed[16] = {0, 12, 10, 9, 14, 11, 13, 0, 0, 1, 1, 20, 0, 0, 22, 0};
        word wrong = 0;

        for (word i = 0; i < 16; i++)
                check("kind of a fixed slot", debug_call(IDENTIFY, i), fixed[i]);
        for (word i = b->paging.start; i < b->paging.end; i++)
                wrong += debug_call(IDENTIFY, i) != 3;
        for (word i = b->extra.start; i < b->extra.end; i++)
                wrong += debug_call(IDENTIFY, i) != 1;
        for (word i = b->sched_control.start; i < b->sched_control.end; i++)
                wrong += debug_call(IDENTIFY, i) != 24;
        for (word i = b->image.start; i < b->image.end; i++)
                wrong += debug_call(IDENTIFY, i) != 1;
        for (word i = b->untyped.start; i < b->untyped.end; i++)
                wrong += debug_call(IDENTIFY, i) != 2;
        for (word i = b->empty.start + 1; i < b->empty.end; i++)
                wrong += debug_call(IDENTIFY, i) != 0;
        check("kinds of all other slots", wrong, 0);
}

static word frame_address(word cap)
{
        word mr[4] = {0};

        return call(cap, GET_ADDRESS, 0, 0, mr) == 0 ? mr[0] : ~(word)0;
}

/* How many interrupt lines are unused, apart from the timer's and the UART's. */
static word free_lines(const struct bootinfo *b)
{
        word n = 0;

        for (word irq = 0; irq < 160; irq++) {
                word mr[4] = {irq, b->empty.end - 10, 64, 0};

                ((word *)b->buffer)[122] = 2;
                if (irq == 27 || irq == 33 || call(4, IRQ_GET, 1, 3, mr))
                        continue;
                mr[0] = b->empty.end - 10, mr[1] = 64;
                n += call(2, CNODE_DELETE, 0, 2, mr) == 0;
        }
        return n;
}

static void check_interrupts(const struct bootinfo *b)
{
        static const struct {
                const char *name;
                word irq, label;
        } cases[] = {
                {"the timer's line is taken", 27, 9}, {"line 159 exists", 159, 0},
                {"line 160 does not", 160, 4},        {"the UART's line is free", 33, 0},
                {"and then it is taken", 33, 9},
        };

        for (word i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                word mr[4] = {cases[i].irq, b->empty.end - 1 - i, 64, 0};

                ((word *)b->buffer)[122] = 2;
                check(cases[i].name, call(4, IRQ_GET, 1, 3, mr), cases[i].label);
                if (cases[i].label == 4) {
                        check("lowest line", mr[0], 0);
                        check("highest line", mr[1], 159);
                }
        }
        check("all other lines are free", free_lines(b), 157);
}

/* --- memory ------------------------------------------------------------------------------------------------------ */

/* The kernel's own device frames on this machine. */
static const struct region own[] = {
#if GIC == 2
        {0x8000000, 0x8001000},
        {0x8010000, 0x8011000},
#else
        {0x8000000, 0x8010000},
        {0x80a0000, 0x81a0000},
#endif
        {RAM_START, RAM_END},
};

enum { OWN = sizeof(own) / sizeof(own[0]) };

/* The descriptions from `*next` on must be the pieces of [start, end). */
static word wrong_pieces(const struct bootinfo *b, word *next, word start, word end, bool device)
{
        word wrong = 0, count = b->untyped.end - b->untyped.start;

        while (start < end) {
                word bits = 63 - (word)__builtin_clzll(end - start);

                if (start && (word)__builtin_ctzll(start) < bits)
                        bits = (word)__builtin_ctzll(start);
                if (bits >= 4) {
                        const struct untyped *u = &b->list[*next];

                        wrong +=
                                *next >= count || u->paddr != start || u->bits != bits || u->device != device;
                        ++*next;
                }
                start += (word)1 << bits;
        }
        return wrong;
}

static word check_devices(const struct bootinfo *b)
{
        word next = 0, start = 0, wrong = 0;

        for (word i = 0; i <= OWN; i++) {
                wrong += wrong_pieces(b, &next, start, i < OWN ? own[i].start : (word)1 << 40, true);
                start = i < OWN ? own[i].end : 0;
        }
        check("device untypeds", wrong, 0);
        return next;
}

/* Runs of RAM untypeds, each cut as the contract says, ascending, inside RAM; returns the end of the last one but one
 * and the start of the last one, between which the initial objects must lie. */
static struct region check_ram(const struct bootinfo *b, word next)
{
        word count = b->untyped.end - b->untyped.start, wrong = 0, end = 0, total = 0, first = next;
        struct region gap = {0, 0};

        while (next < count) {
                word start = b->list[next].paddr, n = next;

                wrong += start < end || start < RAM_START;
                gap = (struct region){end, start};
                end = start;
                for (n = next; n < count && b->list[n].paddr == end; n++)
                        end += (word)1 << b->list[n].bits;
                total += end - start;
                wrong += wrong_pieces(b, &next, start, end, false);
        }
        check("RAM untypeds", wrong, 0);
        say("info first RAM untyped ");
        say_hex(b->list[first].paddr);
        put('\n');
        check("they end with the RAM", end, RAM_END);
        say("info given away ");
        say_hex(total);
        say(" kept ");
        say_hex(RAM_END - RAM_START - total);
        put('\n');
        return gap;
}

static word max(word a, word b)
{
        return a > b ? a : b;
}

static void check_placement(const struct bootinfo *b, struct region gap)
{
        word k = extra_bits(b), cnode = b->cnode_bits + 5, align = max(max(cnode, 12), k), at;
        word tables = b->paging.end - b->paging.start, extra = k ? (word)1 << k : 0;
        word size = ((word)1 << cnode) + 4 * PAGE + 2048 + 128 + PAGE * tables + extra;
        word start = round_down(RAM_END - size, align);

        check("the initial objects lie at the end of RAM", start, gap.start);
        check("what is behind them is given away", start + size, gap.end);
        at = start + (k >= align ? extra : 0) + ((word)1 << cnode);
        if (k > 0)
                check("extra bootinfo", frame_address(b->extra.start), k >= align ? start : at);
        at += k >= align ? 0 : extra;
        check("IPC buffer frame", frame_address(10), at + 2 * PAGE);
        check("bootinfo frame", frame_address(9), at + 3 * PAGE);
}

/* Number of untyped caps that share memory with a range. */
static word covered(const struct bootinfo *b, word start, word end)
{
        word n = 0;

        for (word i = 0; i < b->untyped.end - b->untyped.start; i++)
                n += b->list[i].paddr < end && start < b->list[i].paddr + ((word)1 << b->list[i].bits);
        return n;
}

static void check_frames(const struct bootinfo *b)
{
        word wrong = 0, first = frame_address(b->image.start);

        for (word i = b->image.start; i < b->image.end; i++)
                wrong += frame_address(i) != first + (i - b->image.start) * PAGE;
        check("image frames are contiguous", wrong, 0);
        check("no untyped cap covers them", covered(b, first, first + (b->image.end - b->image.start) * PAGE),
              0);

        /* The loader puts kernel, device tree and image one after the other, each at the start of a page. */
        word tree = first - round_up(b->extra_length - 16, 12);

        check("no untyped cap covers the device tree", covered(b, tree, tree + b->extra_length - 16), 0);
        check("no untyped cap covers the kernel", covered(b, RAM_START, tree), 0);
}

void check_bootinfo(const struct bootinfo *b)
{
        check_header(b);
        check_regions(b);
        check_extra(b);
        struct region gap = check_ram(b, check_devices(b));
        check_frames(b);
        check_placement(b, gap);
        if (DEBUG)
                check_kinds(b);
        check_interrupts(b);
}
