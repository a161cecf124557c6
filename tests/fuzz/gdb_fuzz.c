/* SPDX-License-Identifier: BSD-2-Clause */
/* gdbserver with a hostile gdb: bytes of the connection go through its framing, its commands, its breakpoints and watchpoints, down to a
 * system that is played here: a process with two threads and two pages.  Each input begins a new connection.  Sanitizers judge what it
 * does with its buffers; we judge that it answers with whole frames whose sums are right, and asks the system for its process only. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "apps/linux/gdbserver/stub.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static long play(long number, ...);
#define syscall play
#include "apps/linux/gdbserver/target.c" /* its system calls come to us */
#undef syscall

enum { PID = 7, OTHER = 8, CODE = 0x400000, MEMORY_BYTES = 0x2000, ANSWERS = 1 << 20, ROUNDS = 64 };

static struct {
        unsigned char memory[MEMORY_BYTES];
        struct debug_registers registers[2];
        uint8_t *answers; /* what it has written, in a file in memory */
        int fd;
} machine;

static long refuse(int why)
{
        errno = why;
        return -1;
}

/* Reading or writing, as much as is mapped. */
static long transfer(bool reads, uint64_t address, void *here, size_t size)
{
        uint64_t offset = address - CODE;

        if (address < CODE || offset >= MEMORY_BYTES)
                return refuse(EFAULT);
        if (size > MEMORY_BYTES - offset)
                size = (size_t)(MEMORY_BYTES - offset);
        if (reads)
                memcpy(here, machine.memory + offset, size);
        else
                memcpy(machine.memory + offset, here, size);
        return (long)size;
}

static long registers(bool reads, long thread, void *here)
{
        struct debug_registers *r = &machine.registers[thread - PID];

        if (thread != PID && thread != OTHER)
                return refuse(ESRCH);
        if (reads)
                memcpy(here, r, sizeof(*r));
        else if (thread == OTHER)
                return refuse(EBUSY); /* in a system call */
        else
                memcpy(r, here, sizeof(*r));
        return 0;
}

static long threads(int *to, long room)
{
        const int all[] = {PID, OTHER};

        memcpy(to, all, sizeof(int) * (size_t)(room < 2 ? room : 2));
        return 2;
}

static long play(long number, ...)
{
        va_list list;
        long a[5];

        va_start(list, number);
        a[0] = va_arg(list, int);
        for (int i = 1; i < 5; i++)
                a[i] = va_arg(list, long);
        va_end(list);
        if (number != SOS_DEBUG || a[1] != PID)
                abort();
        switch (a[0]) {
        case DEBUG_THREADS:
                return threads((int *)a[2], a[3]);
        case DEBUG_GET:
        case DEBUG_SET:
                return registers(a[0] == DEBUG_GET, a[2], (void *)a[3]);
        case DEBUG_READ:
        case DEBUG_WRITE:
                return transfer(a[0] == DEBUG_READ, (uint64_t)a[2], (void *)a[3], (size_t)a[4]);
        case DEBUG_BREAK:
                return a[2] % 4 || (uint64_t)a[2] - CODE >= MEMORY_BYTES ? refuse(EFAULT) : 0;
        default:
                return 0;
        }
}

/* The frames that have been written since `from`. */
static void check_answers(size_t size)
{
        size_t at = 0;

        while (at < size) {
                unsigned char sum = 0, told;
                char c = (char)machine.answers[at++];

                if (c == '+' || c == '-')
                        continue;
                if (c != '$')
                        abort();
                for (; at < size && machine.answers[at] != '#'; at++) {
                        if (machine.answers[at] == '$')
                                abort();
                        sum = (unsigned char)(sum + machine.answers[at]);
                }
                if (at + 3 > size || !hex_bytes((const char *)machine.answers + at + 1, &told, 1) ||
                    told != sum)
                        abort();
                at += 3;
        }
}

/* What a running program may do: it stops, by the byte that gdb sent. */
static void stop(struct packets *p, struct target *t, uint8_t byte)
{
        struct debug_event e = {.kind = DEBUG_SIGNAL,
                                .thread = byte & 1 ? PID : OTHER,
                                .value = SIGTRAP,
                                .why = byte >> 1 & 1   ? DEBUG_STEPPED
                                       : byte >> 2 & 1 ? DEBUG_WATCHED
                                                       : DEBUG_FAULTED,
                                .address = CODE + byte};
        int end;

        for (int i = 0; i < ROUNDS; i++) {
                if (run_event(t, &e, &end)) {
                        tell_stop(p, t);
                        return;
                }
        }
        run_stop(t);
        tell_stop(p, t);
}

static void begin(struct packets *p, struct target *t)
{
        struct debug_event fresh = {.kind = DEBUG_PROGRAM, .thread = PID};
        int end;

        if (!machine.answers) {
                machine.fd = memfd_create("answers", 0);
                if (machine.fd < 0 || ftruncate(machine.fd, ANSWERS))
                        abort();
                machine.answers = mmap(NULL, ANSWERS, PROT_READ, MAP_SHARED, machine.fd, 0);
        }
        lseek(machine.fd, 0, SEEK_SET);
        memset(machine.memory, 0, sizeof(machine.memory));
        memset(machine.registers, 0, sizeof(machine.registers));
        machine.registers[0].pc = machine.registers[1].pc = CODE;
        *p = (struct packets){.fd = machine.fd};
        *t = (struct target){.pid = PID, .lives = true, .current = PID, .general = PID};
        run_event(t, &fresh, &end); /* without breakpoints and watchpoints of the connection before */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        static struct packets p;
        static struct target t;

        begin(&p, &t);
        p.no_ack = size && data[0] & 1; /* a sum that is right by chance is rare; gdb may do without */
        for (size_t i = 0; i < size && lseek(machine.fd, 0, SEEK_CUR) < ANSWERS / 2; i++) {
                enum heard heard = packet_hear(&p, data[i]);
                enum after after = heard == HEARD_PACKET ? command(&p, &t) : AFTER_GO_ON;

                if (after == AFTER_RUNS)
                        stop(&p, &t, data[i]);
                else if (after != AFTER_GO_ON)
                        break;
        }
        check_answers((size_t)lseek(machine.fd, 0, SEEK_CUR));
        return 0;
}
