/* SPDX-License-Identifier: BSD-2-Clause */
/* A native program is its user's as others are: what it starts, too; it ends, debugs and reads nobody else's, starts no machine, and does
 * not turn the power off. */
#include "sos/debug.h"
#include "sos/machine.h"
#include "sos/sos_calls.h"
#include "tests/posix/sostest/check.h"

enum { NOBODY = 65534, SETRESUID = 147, GETUID = 174, WAIT4 = 260, EXIT_SHIFT = 8, GOOD = 5 };

static char shared[4096] __attribute__((aligned(4096)));

static int exit_code(pid_t pid)
{
        int status = -1;

        if (pid <= 0 || sos_call(SOS_POSIX + WAIT4, (unsigned long)pid, (unsigned long)&status, 0, 0) != pid)
                return -1;
        return status >> EXIT_SHIFT;
}

static bool is_nobody(void)
{
        return sos_call(SOS_POSIX + GETUID, 0, 0, 0, 0) == NOBODY;
}

/* Its first failure, by number. */
static int try_all(unsigned long victim)
{
        struct machine_start s = {.name = "stranger"};

        if (sos_call(SOS_POSIX + SETRESUID, NOBODY, NOBODY, NOBODY, 0) || !is_nobody())
                return 10;
        if (sos_call(SOS_DELETE, victim, 0, 0, 0) != -SOS_EPERM)
                return 11;
        if (sos_call(SOS_MACHINE, MACHINE_START, (unsigned long)&s, 0, 0) != -SOS_EPERM)
                return 12;
        if (sos_call(SOS_POSIX + SOS_DEBUG, DEBUG_ATTACH, victim, 0, 0) != -SOS_EPERM)
                return 13;
        if (exit_code(start_again("stranger born")) != GOOD)
                return 14;
        if (sos_call(SOS_SHARE, (unsigned long)shared, sizeof(shared), 1, 0) != -SOS_EACCES)
                return 15;
        return sos_call(SOS_POWER_OFF, 0, 0, 0, 0) == -SOS_EPERM ? GOOD : 16;
}

int stranger_as_child(const char *word)
{
        const char *number = word + strlen("stranger ");
        unsigned long victim = 0;

        if (*number == 'b')
                return is_nobody() ? GOOD : 1;
        for (; *number >= '0' && *number <= '9'; number++)
                victim = victim * 10 + (unsigned long)(*number - '0');
        return try_all(victim);
}

void check_stranger(void)
{
        char word[32] = "stranger ";
        size_t at = strlen(word);
        pid_t own = sos_my_id();
        int code;

        for (int unit = 100000; unit; unit /= 10)
                word[at++] = (char)('0' + own / unit % 10);
        check("a share", sos_call(SOS_SHARE, (unsigned long)shared, sizeof(shared), 1, 0) == 0);
        code = exit_code(start_again(word));
        check("somebody else's program", code == GOOD);
        if (code != GOOD)
                sos_print("stranger: %d\n", code);
}
