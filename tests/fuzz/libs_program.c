/* SPDX-License-Identifier: BSD-2-Clause */
/* See libs_program.h.
 *
 * A step is a byte that says which kernel calls fail during it, and then its choices.  A choice below 256 is a byte, a
 * larger one more of them; bytes beyond the end are 0, which means the usual case.
 */
#include "tests/fuzz/libs_program.h"
#include "tests/libs/steps.h"

enum { STEPS_MAX = 60, NO_FAILURE = 96 };

_Noreturn void native_stop(void);

bool libs_program_ended;

static struct {
        const uint8_t *next, *end;
} input;

static struct libs_balance balance;

static uint64_t choose_from_input(uint64_t limit)
{
        uint64_t value = 0;

        for (uint64_t rest = limit - 1; rest; rest >>= 8)
                value = value << 8 | (input.next < input.end ? *input.next++ : 0);
        return value % limit;
}

static _Noreturn void end(void)
{
        libs_program_ended = true;
        native_stop();
}

void libs_program_begin(unsigned long bootinfo)
{
        steps_begin((const seL4_BootInfo *)bootinfo);
        balance = libs_balance();
        end();
}

void libs_program_input(const uint8_t *data, size_t size)
{
        input.next = data;
        input.end = data + size;
        libs_program_ended = false;
}

/* Calls fail in most steps: one of them, or one in a few from there on. */
static void fail_some(void)
{
        unsigned b = (unsigned)choose_from_input(256);

        if (b < NO_FAILURE)
                libs_inject_at(0, 0);
        else if (b < 224)
                libs_inject_at(1 + b % 64, 0);
        else
                libs_inject_at(1 + (unsigned)choose_from_input(256), 3 + b % 16);
}

void libs_program_play(unsigned long unused)
{
        (void)unused;
        seL4_SetIPCBuffer(bootstrap_info()->ipcBuffer);
        steps_choose_by(choose_from_input);
        for (int i = 0; i < STEPS_MAX && input.next < input.end; i++) {
                fail_some();
                steps_do();
                steps_audit();
                native_check();
        }
        steps_everything_back();
        libs_check_balance(balance);
        native_check();
        end();
}
