/* SPDX-License-Identifier: BSD-2-Clause */
/* A hostile driver of the starter OS, in the place of a real one (tests/rogue/run).
 *
 * Each start does the next thing of its list; what it has found out are its last words, and the words "it can ..." mean that it
 * has got what it must not have.  A list's last thing is done again and again.
 */
#include <sel4/sel4.h>
#include <text/text.h>

#include "sos/block.h"
#include "sos/clock.h"
#include "sos/rtc.h"

enum deed { COUNT, READ, WRITE, FLOOD, SPIN, SCRIBBLE, FAULT, SILENT };

struct step {
        enum deed deed;
        uint64_t at;
};

static const struct step of_clock[] = {
        {COUNT, 0},
        {READ, 0x1000},
        {READ, DRIVER_REGISTERS + 0x1000},
        {READ, DRIVER_MEMORY},
        {READ, DRIVER_SHARED + 0x1000},
        {WRITE, DRIVER_SHARED - 0x1000},
        {READ, 0x4030000000},         /* wires of guests */
        {READ, 0xffffff8040000000ul}, /* the kernel */
        {WRITE, (uint64_t)&of_clock},
        {FLOOD, 0},
        {SPIN, 0},
        {FAULT, 0},
};
static const struct step of_others[] = {
        {COUNT, 0}, {READ, DRIVER_SHARED + 0x200000}, {SILENT, 0}, {FLOOD, 0}, {SPIN, 0}, {SCRIBBLE, 0},
};

static const struct step of_disk[] = {{COUNT, 0}, {SILENT, 0}};
static const struct step of_empty_disk[] = {{FLOOD, 0}, {SPIN, 0}, {SCRIBBLE, 0}};

/* The test makes a 1 of the digit for a disk whose driver answers at boot: it is empty. */
static const volatile char way[] = "a bad disk's way: 0";
static const struct step of_timer[] = {{COUNT, 0}, {FLOOD, 0}};
static const struct step of_line[] = {{COUNT, 0}, {READ, 0x1000}, {FAULT, 0}};

#define LIST(list)                                                                                           \
        {                                                                                                    \
                (list), sizeof(list) / sizeof(*(list)) - 1                                                   \
        }
static const struct list {
        const struct step *step;
        unsigned last;
} list_of[128] = {['r'] = LIST(of_clock),
                  ['n'] = LIST(of_others),
                  ['t'] = LIST(of_timer),
                  ['b'] = LIST(of_disk),
                  ['s'] = LIST(of_line)};

static struct sos_rtc *shared = (struct sos_rtc *)DRIVER_SHARED;

/* Long enough for what it has served to count, so that it is started again. */
static void live_long(void)
{
        uint64_t since = clock_us();

        while (clock_us() - since < 110000)
                ;
}

/* Slots that name something. */
static _Noreturn void count(void)
{
        char words[DRIVER_WORDS];
        struct text t = {.buffer = words, .size = sizeof(words)};

        text_add(&t, "slots");
        for (seL4_CPtr slot = 0; slot < 1 << 10; slot++) {
                if (seL4_DebugCapIdentify(slot))
                        text_add(&t, " %lu", slot);
        }
        driver_end(text_end(&t), false);
}

static _Noreturn void look(const struct step *s)
{
        volatile uint64_t *there = (volatile uint64_t *)s->at;
        uint64_t seen = *there;

        if (s->deed == WRITE)
                *there = seen + 1;
        driver_end("it can do that", false);
}

static _Noreturn void flood(void)
{
        for (;;)
                seL4_Signal(DRIVER_CLIENT);
}

/* Anything but the beginning, which is for words, and signals. */
static _Noreturn void scribble(void)
{
        uint64_t random = shared->start.run + 1;
        volatile uint64_t *word = (volatile uint64_t *)DRIVER_SHARED;

        for (;;) {
                for (unsigned i = sizeof(shared->start) / 8; i < 512; i++) {
                        random = random * 6364136223846793005ul + 1442695040888963407ul;
                        word[i] = random >> (random >> 58);
                }
                seL4_Signal(DRIVER_CLIENT);
        }
}

static _Noreturn void rest(bool working)
{
        seL4_Word badge;

        for (;;) {
                if (!working)
                        seL4_Wait(DRIVER_SIGNALS, &badge);
        }
}

static _Noreturn void act(const struct step *s)
{
        switch (s->deed) {
        case COUNT:
                count();
        case READ:
        case WRITE:
                look(s);
        case FLOOD:
                flood();
        case SCRIBBLE:
                scribble();
        case FAULT:
                __builtin_trap();
        default:
                rest(s->deed == SPIN);
        }
}

/* Nothing can be asked of a disk without a block, and the machine goes on. */
static void say_empty(void)
{
        struct sos_block *disk = (struct sos_block *)DRIVER_SHARED;

        __atomic_store_n(&disk->info.ready, 1, __ATOMIC_RELEASE);
        seL4_Signal(DRIVER_CLIENT);
}

static const struct list *chosen(char name)
{
        static const struct list empty_disk = LIST(of_empty_disk);

        if (name != 'b' || way[sizeof(way) - 2] != '1')
                return &list_of[name & 127];
        say_empty();
        return &empty_disk;
}

int main(int arguments, char **argument)
{
        const struct list *l = chosen(arguments > 0 ? argument[0][0] : 0);
        const struct step *step = l->step + (shared->start.run < l->last ? shared->start.run : l->last);

        if (l->step == of_clock) { /* it has served, so it is always started again */
                shared->seconds = 1000000000;
                __atomic_store_n(&shared->ready, 1, __ATOMIC_RELEASE);
                seL4_Signal(DRIVER_CLIENT);
                if (step->deed <= WRITE)
                        live_long();
        }
        act(step);
}
