/* SPDX-License-Identifier: BSD-2-Clause */
/* Attacks on the server from a native program:
 *
 *      strain kills N          start programs of many kinds and end them at a random moment
 *      strain fill             use up all memory
 *      strain flood            start programs until that is refused, then end them
 *      strain fuzz N           N children that send random words, for a while each
 *      strain child SEED       such a child
 */
#include "tests/posix/strain/strain.h"

#include "sos/clock.h"

enum { PRIORITY = 50, SLICE_US = 10000, MOMENT_US = 30000, FUZZ_US = 60000, FLOOD_MAX = 200, SHELL = 1 };

static uint64_t state = 88172645463325252ull;

static uint64_t random(void)
{
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return state;
}

pid_t start(const char *program, const char *arguments, size_t size)
{
        struct sos_spawn s = {.priority = PRIORITY, .budget_us = SLICE_US, .period_us = SLICE_US};

        if (!string_copy(s.name, program, sizeof(s.name)) ||
            !string_copy(s.program, program, sizeof(s.program)))
                return -1;
        memcpy(s.arguments, arguments, size);
        return (pid_t)sos_spawn(&s);
}

#define WORDS(text) text, sizeof(text)

static pid_t start_one(unsigned kind)
{
        switch (kind % 9) {
        case 0:
                return start("sh", WORDS("-c\0while :; do seq 1 200 | sort | wc > /tmp/k; done\0"));
        case 1:
                return start("sh", WORDS("-c\0while :; do (sleep 0.001; exit 3); done\0"));
        case 2:
                return start("thrash", WORDS("8\0"));
        case 3:
                return start("sostest", WORDS("long\0"));
        case 4:
                return start("dd", WORDS("if=/bin/busybox\0of=/tmp/k2\0bs=100\0"));
        case 5:
                return start("vmtest", WORDS(""));
        case 6:
                return start("worker", WORDS(""));
        case 7:
                return start("processes-musl", WORDS("processes-musl\0"));
        default:
                return start("signals-musl", WORDS(""));
        }
}

/* Children of Linux programs that were ended may go on for a while; they end with their pipes, or here. */
void end_all(void)
{
        posix_kill(-1, 9);
        while (sos_process_wait(-1) > 0) {
        }
}

static int kills(uint64_t times)
{
        uint64_t done = 0;
        int file;

        posix_invoke(24, file = (int)posix_open("/dev/null", 2), 1, 0, 0); /* dup3: they print nothing */
        sos_close(file);
        for (; done < times; done++) {
                pid_t pid = start_one((unsigned)random());

                sos_usleep((int)(random() % MOMENT_US));
                if (pid < 0 || (sos_process_delete(pid) < 0 && sos_process_wait(pid) != pid))
                        break;
                if (done % 8 == 7)
                        end_all();
        }
        end_all();
        posix_unlink("/tmp/k");
        posix_unlink("/tmp/k2");
        posix_invoke(24, 2, 1, 0, 0);
        sos_print("strain: %lu of %lu ended\n", done, times);
        return done < times;
}

static int flood(void)
{
        long pid = 0;
        int count = 0;

        while (count < FLOOD_MAX && (pid = start("sostest", WORDS("long\0"))) > 0)
                count++;
        sos_print("strain: %d processes, then error %ld\n", count, -pid);
        end_all();
        return pid != -SOS_EAGAIN;
}

/* Words that are likely to have a meaning. */
static uint64_t some_word(void)
{
        static char buffer[8192], path[4][8] = {"/tmp/f1", "/tmp/f2", "/tmp", "/bin/sh"};
        static const uint64_t fixed[] = {0,    1,          ~0ull,   0x7fffffff,         0x80000000, 4095,
                                         4096, 1ull << 63, -100ull, 0xffffff8000000000, 8,          16};

        switch (random() % 8) {
        case 0:
                return random();
        case 1:
                return random() % 40;
        case 2:
                return (uint64_t)buffer + random() % sizeof(buffer);
        case 3:
        case 4:
                return (uint64_t)path[random() % 4];
        case 5:
                return 0xc0000000 + random() % 64 * 4096;
        default:
                return fixed[random() % (sizeof(fixed) / sizeof(*fixed))];
        }
}

/* Without the calls that end other processes or the machine. */
static uint64_t some_call(void)
{
        static const uint64_t not_these[] = {SOS_POWER_OFF, SOS_DELETE, SOS_POSIX + 129, SOS_POSIX + 130,
                                             SOS_POSIX + 131};
        uint64_t call = random() % 4 == 0 ? random() % 16 : SOS_POSIX + random() % 300;

        for (unsigned i = 0; i < sizeof(not_these) / sizeof(*not_these); i++) {
                if (call == not_these[i])
                        return SOS_NOTHING;
        }
        return call;
}

static void send_something(void)
{
        static const unsigned lengths[] = {0, 1, 2, 5, 7, 120};
        seL4_Word label = random() % 16 ? 0 : random() % (1ull << 52), caps = random() % 8 ? 0 : random() % 4;
        seL4_Word length = random() % 4 ? 7 : lengths[random() % 6];
        seL4_MessageInfo_t info = seL4_MessageInfo_new(label, 0, caps, length);
        seL4_CPtr slot = SOS_SLOT_SERVER;

        seL4_SetMR(0, some_call());
        for (unsigned i = 1; i < 120; i++)
                seL4_SetMR(i, some_word());
        for (unsigned i = 0; i < caps; i++)
                seL4_SetCap(i, SOS_SLOT_SERVER + random() % 3);
        switch (random() % 8) {
        case 0:
                seL4_NBSend(slot, info);
                break;
        case 1:
                seL4_Send(slot, info);
                break;
        default:
                seL4_Call(slot, info);
        }
}

/* Without the console, so that nothing is printed. */
static void fuzz_child(uint64_t seed)
{
        uint64_t end = clock_us() + FUZZ_US;

        state ^= seed * 0x9e3779b97f4a7c15u;
        for (int i = 0; i < 3; i++)
                sos_close(i);
        while (clock_us() < end)
                send_something();
        sos_process_delete(sos_my_id());
}

static int fuzz(uint64_t times)
{
        for (uint64_t i = 0; i < times; i++) {
                char seed[24];
                struct text t = {.buffer = seed, .size = sizeof(seed) - 2};
                struct sos_spawn s = {.name = "strain",
                                      .program = "strain",
                                      .arguments = "child",
                                      .priority = PRIORITY,
                                      .budget_us = SLICE_US,
                                      .period_us = SLICE_US};
                pid_t pid;

                text_add(&t, "%lu", i + 1);
                seed[t.length] = '\0';
                memcpy(s.arguments + sizeof("child"), seed, sizeof(seed));
                pid = (pid_t)sos_spawn(&s);
                sos_usleep(2 * FUZZ_US);
                sos_process_delete(pid);
                sos_process_wait(pid);
                end_all();
        }
        posix_unlink("/tmp/f1");
        posix_unlink("/tmp/f2");
        sos_print("strain: the server answers %ld after %lu children\n", sos_call(SOS_NOTHING, 0, 0, 0, 0),
                  times);
        return 0;
}

int main(int count, char **word)
{
        uint64_t number = 0;

        if (count > 2)
                text_number(word[2], &number);
        if (count > 2 && !strcmp(word[1], "kills"))
                return kills(number);
        if (count > 2 && !strcmp(word[1], "fuzz"))
                return fuzz(number);
        if (count > 1 && !strcmp(word[1], "flood"))
                return flood();
        if (count > 1 && !strcmp(word[1], "fill"))
                return fill();
        if (count > 2 && !strcmp(word[1], "child"))
                fuzz_child(number);
        sos_print("usage: strain kills N | fuzz N | flood | fill\n");
        return 2;
}
