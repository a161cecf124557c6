/* SPDX-License-Identifier: BSD-2-Clause */
/* A hostile monitor, in the place of the one of virtual machines (tests/rogue/run): as if its guest had taken it over.
 *
 * It does what its argument says, in its console's terms; the words "it can" mean that it has got what it must not have. */
#include <sel4/sel4.h>
#include <text/text.h>

#include "base/text.h"

#include "sos/clock.h"
#include "sos/machine.h"
#include "sos/sos_calls.h"
#include "sos/wire.h"

static volatile struct machine_page *const page = (volatile struct machine_page *)MACHINE_SHARED;
static struct wire *const wire = (struct wire *)WIRE_AT;
static uint64_t random_state = 1;

static uint64_t random_word(void)
{
        random_state = random_state * 6364136223846793005ul + 1442695040888963407ul;
        return random_state >> (random_state >> 58);
}

static _Noreturn void ends(const char *words)
{
        string_cut((char *)page->message, words, sizeof(page->message));
        page->state = MACHINE_ENDED;
        sos_exit(1);
}

/* Slots that name something: the memory it was given is not counted, since it asks for none. */
static _Noreturn void count(void)
{
        char words[MACHINE_MESSAGE];
        struct text t = {.buffer = words, .size = sizeof(words)};

        text_add(&t, "slots");
        for (seL4_CPtr slot = 0; slot < 1 << MACHINE_SLOT_BITS; slot++) {
                if (seL4_DebugCapIdentify(slot))
                        text_add(&t, " %lu", slot);
        }
        ends(text_end(&t));
}

static _Noreturn void look(uint64_t at)
{
        volatile uint64_t *there = (volatile uint64_t *)at;

        page->exits = *there;
        ends("it can do that");
}

/* Takes part in the protocol of the wire until both sides have it open. */
static void open_wire(struct wire_side *side)
{
        seL4_Word badge;

        for (uint32_t epoch = 0; __atomic_load_n(&wire->answered, __ATOMIC_ACQUIRE) != epoch || !epoch;) {
                epoch = __atomic_load_n(&wire->epoch, __ATOMIC_ACQUIRE);
                __atomic_store_n(&wire->asked, epoch, __ATOMIC_RELEASE);
                seL4_Signal(MACHINE_NETWORK);
                sos_call(SOS_MACHINE, MACHINE_ALARM, clock_us() + 1000, 0, 0);
                seL4_Wait(MACHINE_SIGNALS, &badge);
        }
        if (!wire_open(side, wire, true))
                ends("no wire");
}

static void broadcast(char *frame)
{
        for (unsigned i = 0; i < WIRE_ADDRESS; i++) {
                frame[i] = (char)0xff;
                frame[WIRE_ADDRESS + i] = (char)wire->address[i];
        }
        frame[12] = 8;
        frame[13] = (char)(random_word() & 6); /* a kind of frame that is looked into */
}

/* Frames for all without a pause. */
static _Noreturn void flood(void)
{
        struct wire_side side;
        struct queue_item item;

        open_wire(&side);
        for (uint64_t i = 0; i < WIRE_OUT; i++) {
                broadcast(wire->out + i * WIRE_BUFFER);
                queue_give(&side.out, i * WIRE_BUFFER, WIRE_FRAME_MOST, 0);
        }
        page->state = MACHINE_RUNS;
        for (;;) {
                while (queue_take(&side.out, &item)) {
                        for (unsigned i = 14; i < 64; i++)
                                wire->out[item.offset + i] = (char)random_word();
                        queue_give(&side.out, item.offset, WIRE_FRAME_LEAST + random_word() % 1500, 0);
                }
                seL4_Signal(MACHINE_NETWORK);
        }
}

/* Nonsense in all that it shares: rings, their flags, positions of its console, its state. */
static _Noreturn void scribble(void)
{
        struct wire_side side;

        open_wire(&side);
        for (;;) {
                uint64_t *word = random_word() & 1 ? (uint64_t *)wire->out_rings : (uint64_t *)wire;

                for (unsigned i = 0; i < 4 * WIRE_RING / sizeof(*word); i++)
                        word[i] = random_word();
                page->said = random_word();
                page->heard = random_word();
                page->exits = random_word();
                page->state = (uint32_t)random_word();
                for (unsigned i = 0; i < sizeof(page->message); i++)
                        page->message[i] = (char)random_word();
                seL4_Signal(MACHINE_NETWORK);
        }
}

/* The server is asked without end: to be woken now, for memory, for processors, or for facts about machines that there are not. */
static _Noreturn void call(enum machine_call what)
{
        page->state = MACHINE_RUNS;
        for (;;)
                sos_call(SOS_MACHINE, what,
                         what == MACHINE_ALARM ? clock_us() + random_word() % 2 : random_word(),
                         random_word(), 0);
}

static _Noreturn void spin(void)
{
        page->state = MACHINE_RUNS;
        for (;;)
                ;
}

int main(int count_of_words, char **word)
{
        static const uint64_t place[] = {0x1000,
                                         WIRE_AT + sizeof(struct wire),
                                         WIRE_AT - 0x1000,
                                         MACHINE_SHARED - 0x1000,
                                         MACHINE_SHARED + 0x8000,
                                         MACHINE_RAM_VIEW,
                                         0xffffff8040000000ul};
        const char *value = count_of_words > 1 ? strchr(word[1], '=') : NULL;
        char deed = value ? value[1] : 'c';

        if (deed >= '0' && deed < '0' + (char)(sizeof(place) / sizeof(*place)))
                look(place[deed - '0']);
        switch (deed) {
        case 'f':
                flood();
        case 'n':
                scribble();
        case 'a':
                call(MACHINE_ALARM);
        case 'm':
                call(MACHINE_TAKE);
        case 'p':
                call(MACHINE_ADD);
        case 'q':
                call(MACHINE_FACTS);
        case 's':
                spin();
        default:
                count();
        }
}
