/* SPDX-License-Identifier: BSD-2-Clause */
/* Virtual machines: start, list, console, stop. */
#include "apps/sosh/shell.h"
#include "base/text.h"
#include "sos/machine.h"

enum {
        ESCAPE = 0x1c /* Ctrl-\ */,
        PAUSE_US = 20000,
        START_PAUSE_US = 50000,
        START_PATIENCE_US = 60000000,
        OBEYS = 10,
        PIECE = 1024,
        KIB = 1024
};

static long machine_call(enum machine_call call, unsigned long a, unsigned long b, unsigned long c)
{
        return sos_call(SOS_MACHINE, call, a, b, c);
}

static bool facts_of(unsigned number, struct machine_facts *f)
{
        return machine_call(MACHINE_FACTS, number, (unsigned long)f, 0) == 0;
}

/* The number of a machine that exists; -1, and a message, when there is none. */
static int find(const char *name, struct machine_facts *f)
{
        for (unsigned i = 0; facts_of(i, f); i++) {
                if (!strcmp(f->name, name) && f->pid)
                        return (int)i;
        }
        serial_print("vm: no machine %s is running; see `vm list`\n", name);
        return -1;
}

static const char *explain(long error)
{
        switch (-error) {
        case SOS_ENODEV:
                return "this machine has no EL2, or the image was packed without it: `make run VM=1`";
        case SOS_EEXIST:
                return "it is running already; see `vm list`";
        case SOS_ENFILE:
                return "no more machines can run at once";
        case SOS_ENOMEM:
                return "out of memory";
        case SOS_ENOENT:
                return "there is no monitor, /drv/vmm";
        case SOS_EAGAIN:
                return "too many processes";
        default:
                return "the server refused";
        }
}

static bool put_words(struct machine_start *s, int count, char **word)
{
        for (int i = 0; i < count; i++) {
                size_t size = strlen(word[i]) + 1;

                if (size > sizeof(s->arguments) - s->argument_bytes)
                        return false;
                memcpy(s->arguments + s->argument_bytes, word[i], size);
                s->argument_bytes += size;
        }
        return true;
}

/* Waits until it runs, or has ended before that. */
static void await_start(unsigned number)
{
        struct machine_facts f;
        unsigned long waited = 0;

        do {
                sos_sleep(START_PAUSE_US);
                waited += START_PAUSE_US;
                if (!facts_of(number, &f))
                        return;
        } while ((f.state == MACHINE_STARTS || f.state == MACHINE_OFF) && waited < START_PATIENCE_US);
        if (f.state == MACHINE_STARTS || f.state == MACHINE_OFF)
                serial_print("vm: %s: it has not begun after a minute; `vm stop %s` ends it\n", f.name,
                             f.name);
        else if (f.state == MACHINE_ENDED)
                serial_print("vm: %s: %s\n", f.name, f.message[0] ? f.message : "its monitor has ended");
        else
                serial_print("%s runs; `vm console %s` shows it\n", f.name, f.name);
}

static void start(int count, char **word)
{
        struct machine_start s = {.argument_bytes = 0};
        long number;

        if (!string_copy(s.name, word[0], sizeof(s.name)) || !put_words(&s, count - 1, word + 1)) {
                serial_print("vm: a name has %u characters at most, all settings %u\n", MACHINE_NAME_MAX - 1,
                             SOS_ARGUMENTS_MAX);
                return;
        }
        number = machine_call(MACHINE_START, (unsigned long)&s, 0, 0);
        if (number < 0)
                serial_print("vm: %s: %s\n", s.name, explain(number));
        else
                await_start((unsigned)number);
}

static const char *state_of(const struct machine_facts *f)
{
        static const char *const states[] = {"", "starts", "runs", "paused", "ended", "starts"};

        return f->state < sizeof(states) / sizeof(*states) ? states[f->state] : "?";
}

static void show(const struct machine_facts *f)
{
        serial_print("%-16s %-7s %5u %4u %7lu %12lu  %s\n", f->name, state_of(f), f->pid, f->processors,
                     f->bytes / KIB / KIB, f->exits, f->pid ? "" : f->message);
}

static void list(void)
{
        struct machine_facts f;

        serial_print("%-16s %-7s %5s %4s %7s %12s  %s\n", "MACHINE", "STATE", "PID", "CPUS", "MIB", "EXITS",
                     "LAST WORDS");
        for (unsigned i = 0; facts_of(i, &f); i++) {
                if (f.name[0])
                        show(&f);
        }
}

/* --- its console --- */

static void send_key(unsigned number, char key)
{
        machine_call(MACHINE_WRITE, number, (unsigned long)&key, 1);
}

/* Sends what was typed, up to the escape key and another one; true when those came.  Typed twice, that key is sent once to the guest.  Keys
 * are taken one by one, so those behind the escape are the shell's. */
static bool send_keys(unsigned number, bool *escaped)
{
        char key;
        long n;

        while ((n = serial_take(&key, 1)) > 0) {
                if (*escaped && key != ESCAPE)
                        return true;
                *escaped = key == ESCAPE && !*escaped;
                if (!*escaped)
                        send_key(number, key);
        }
        return n == 0;
}

/* Its output; a pause if there is none.  Negative: it has ended. */
static long pass_text(unsigned number)
{
        static char text[PIECE];
        long n = machine_call(MACHINE_READ, number, (unsigned long)text, sizeof(text));

        if (n > 0)
                serial_write(text, (size_t)n);
        else if (n == 0)
                sos_sleep(PAUSE_US);
        return n;
}

static void forget_reader(unsigned number)
{
        machine_call(MACHINE_READ, number, 0, 0);
}

static void console(const char *name)
{
        struct machine_facts f;
        int number = find(name, &f);
        bool escaped = false, ended;

        if (number < 0)
                return;
        serial_print("[%s: Ctrl-\\ and any other key leaves it]\n", name);
        serial_raw(true);
        do
                ended = pass_text((unsigned)number) < 0;
        while (!ended && !send_keys((unsigned)number, &escaped));
        serial_raw(false);
        forget_reader((unsigned)number);
        facts_of((unsigned)number, &f);
        serial_print("\n[%s%s%s]\n", name, ended ? ": " : " goes on", ended ? f.message : "");
}

/* --- orders --- */

static long give_order(unsigned number, const char *what)
{
        if (!strcmp(what, "stop"))
                return machine_call(MACHINE_STOP, number, 0, 0);
        return machine_call(MACHINE_ORDER, number, !strcmp(what, "pause") ? MACHINE_PAUSE : MACHINE_RUN, 0);
}

/* It has been told, and will do so soon. */
static void await_change(unsigned number, uint32_t before)
{
        struct machine_facts f;

        for (int i = 0; i < OBEYS && facts_of(number, &f) && f.state == before; i++)
                sos_sleep(PAUSE_US);
}

static void order(const char *what, const char *name)
{
        struct machine_facts f;
        int number = find(name, &f);
        long error = number < 0 ? 0 : give_order((unsigned)number, what);

        if (error)
                serial_print("vm: %s: %s\n", name, explain(error));
        else if (number >= 0)
                await_change((unsigned)number, f.state);
}

static bool is_order(const char *what)
{
        return !strcmp(what, "stop") || !strcmp(what, "pause") || !strcmp(what, "resume");
}

void run_vm(int count, char **word)
{
        const char *what = word[1];

        if (!strcmp(what, "list") && count == 2)
                list();
        else if (!strcmp(what, "start") && count > 2)
                start(count - 2, word + 2);
        else if (!strcmp(what, "console") && count == 3)
                console(word[2]);
        else if (count == 3 && is_order(what))
                order(what, word[2]);
        else
                usage("vm");
}
