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
#include "sos/serial.h"

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

/* The test changes the digit: 1, a disk whose driver answers at boot: it is empty; 2, one that answers nothing but that it is ready; 3, one
 * that answers ANSWERED requests, so that it is used; 4, a line that works until it is to print HANG or FAIL. */
static const volatile char way[] = "a bad disk's way: 0";
enum { BLOCKS = 16384, ANSWERED = 300, HANG = 1, FAIL = 2 };
static const struct step of_timer[] = {{COUNT, 0}, {FLOOD, 0}};
static const struct step of_line[] = {{COUNT, 0}, {READ, 0x1000}, {SILENT, 0}, {FAULT, 0}};

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

/* A disk that says that all is done, as long as it answers. */
static _Noreturn void answer(unsigned requests)
{
        struct sos_block *disk = (struct sos_block *)DRIVER_SHARED;
        struct queue_block_disk what = {.blocks = BLOCKS, .region_bytes = disk->start.clients_bytes};
        static uint32_t state[SOS_BLOCK_SLOTS];
        struct queue_block queue;
        struct queue_block_request r;
        seL4_Word badge;

        if (!queue_block_open(&queue, disk->queue, SOS_BLOCK_SLOTS, state, &what))
                driver_end("no queue", false);
        disk->info.capacity = BLOCKS;
        __atomic_store_n(&disk->info.ready, 1, __ATOMIC_RELEASE);
        seL4_Signal(DRIVER_CLIENT);
        for (;;) {
                for (; requests && queue_block_next(&queue, &r); requests--)
                        queue_block_end(&queue, r.id, QUEUE_BLOCK_OK, r.count);
                if (requests && ring_must_wake(&queue.out))
                        seL4_Signal(DRIVER_CLIENT);
                if (!requests || ring_may_sleep(&queue.in))
                        seL4_Wait(DRIVER_SIGNALS, &badge);
        }
}

/* The registers of a PL011. */
static volatile uint32_t *line_register(unsigned at)
{
        return (volatile uint32_t *)(DRIVER_REGISTERS + shared->start.registers + at);
}

static void print(char c)
{
        if (c == '\n')
                *line_register(0) = '\r';
        if (c != HANG)
                *line_register(0) = (uint32_t)c;
}

/* Both ways, with a look every 10 ms. */
static _Noreturn void serve_line(void)
{
        enum { DATA = 0, FLAGS = 0x18, EMPTY = 1 << 4 };
        struct sos_serial *line = (struct sos_serial *)DRIVER_SHARED;
        struct queue_serial queue;
        seL4_Word badge;
        char c;

        if (!queue_serial_open(&queue, line->rings, SOS_SERIAL_CHARACTERS, false))
                driver_end("no rings", false);
        ring_resume(&queue.in);
        ring_resume(&queue.out);
        __atomic_store_n(&line->ready, 1, __ATOMIC_RELEASE);
        for (;;) {
                while (ring_ready(&queue.in) && ring_get_at(&queue.in, 0, &c, 1)) {
                        if (c == FAIL)
                                driver_end("it fails", false);
                        ring_move(&queue.in, 1);
                        print(c);
                        if (c == HANG)
                                act(&(struct step){SILENT, 0});
                }
                while (ring_ready(&queue.out) && !(*line_register(FLAGS) & EMPTY)) {
                        c = (char)*line_register(DATA);
                        ring_put(&queue.out, &c);
                }
                seL4_Signal(DRIVER_CLIENT);
                driver_alarm(clock_us() + SOS_SERIAL_POLL_US);
                if (ring_may_sleep(&queue.in))
                        seL4_Wait(DRIVER_SIGNALS, &badge);
        }
}

int main(int arguments, char **argument)
{
        char name = arguments > 0 ? argument[0][0] : 0, how = way[sizeof(way) - 2];
        const struct list *l = chosen(name);
        const struct step *step = l->step + (shared->start.run < l->last ? shared->start.run : l->last);

        if (name == 'b' && how >= '2')
                answer(how == '3' && !shared->start.run ? ANSWERED : 0);
        if (name == 's' && how == '4')
                serve_line();
        if (l->step == of_clock) { /* it has served, so it is always started again */
                shared->seconds = 1000000000;
                __atomic_store_n(&shared->ready, 1, __ATOMIC_RELEASE);
                seL4_Signal(DRIVER_CLIENT);
                if (step->deed <= WRITE)
                        live_long();
        }
        act(step);
}
