/* SPDX-License-Identifier: BSD-2-Clause */
/* `top`: what each thread did since the last sample, the busiest first; made from /proc/threads. */
#include "apps/sosh/shell.h"
#include "base/text.h"
#include "sos/clock.h"
#include "sos/posix.h"

enum { BUFFER = 8192, ROWS = 96, ROUND_MS = 1000, LOOK_MS = 100, CTRL_C = 3, ROWS_MAX = 1000 };

/* With several cores there is one more, behind STATE. */
enum word { PID, NAME, PRIO, STATE, BUDGET, USED, CALLS, FAULTS, CORE = BUDGET };

struct row {
        uint64_t pid, used_us, calls, faults; /* since it began */
        uint64_t new_us, new_calls, new_faults;
        char name[SOS_NAME_MAX], state[SOS_NAME_MAX], core[SOS_NAME_MAX];
};

struct table {
        struct row row[ROWS];
        unsigned count;
        bool has_cores;
        uint64_t time_us;
};

/* "12.345" in thousandths. */
static uint64_t read_used(char *word)
{
        char *point = strchr(word, '.');
        uint64_t whole = 0, part = 0;

        if (!point)
                return 0;
        *point = '\0';
        return text_number(word, &whole) && text_number(point + 1, &part) ? whole * 1000 + part : 0;
}

static uint64_t number_of(const char *word)
{
        uint64_t value;

        return text_number(word, &value) ? value : 0;
}

/* A row that belongs to no thread is skipped. */
static void add_row(struct table *t, char **word, int count)
{
        struct row *r = &t->row[t->count];
        int more = t->has_cores; /* a word */
        uint64_t pid;

        if (count <= USED + more || !text_number(word[PID], &pid) || t->count == ROWS)
                return;
        *r = (struct row){.pid = pid, .used_us = read_used(word[USED + more])};
        if (count > FAULTS + more) {
                r->calls = number_of(word[CALLS + more]);
                r->faults = number_of(word[FAULTS + more]);
        }
        if (more)
                string_cut(r->core, word[CORE], sizeof(r->core));
        string_cut(r->name, word[NAME], sizeof(r->name));
        string_cut(r->state, word[STATE], sizeof(r->state));
        t->count++;
}

/* The words of the line over the table tell whether it shows cores. */
static void read_line(struct table *t, char *line)
{
        char *word[WORDS_MAX];
        int count = split_words(line, word);

        if (count > CORE && !strcmp(word[PID], "PID"))
                t->has_cores = !strcmp(word[CORE], "CORE");
        else
                add_row(t, word, count);
}

static bool read_table(struct table *t)
{
        static char buffer[BUFFER];
        char *line = buffer, *end;
        long file = posix_open("/proc/threads", 0), size;

        t->count = 0;
        t->time_us = clock_us();
        if (file < 0)
                return false;
        size = posix_read((int)file, buffer, sizeof(buffer) - 1);
        posix_close((int)file);
        buffer[size > 0 ? size : 0] = '\0';
        for (; (end = strchr(line, '\n')) != NULL; line = end + 1) {
                *end = '\0';
                read_line(t, line);
        }
        return size > 0;
}

static void compare(struct table *now, const struct table *before)
{
        for (unsigned i = 0; i < now->count; i++) {
                struct row *r = &now->row[i];
                struct row old = {0};

                for (unsigned j = 0; j < before->count; j++) {
                        if (before->row[j].pid == r->pid && !strcmp(before->row[j].name, r->name))
                                old = before->row[j];
                }
                r->new_us = r->used_us - old.used_us;
                r->new_calls = r->calls - old.calls;
                r->new_faults = r->faults - old.faults;
        }
}

/* The row that has used most of those that are not yet shown. */
static struct row *take_busiest(struct table *t)
{
        struct row *best = NULL;

        for (unsigned i = 0; i < t->count; i++) {
                struct row *r = &t->row[i];

                if (r->name[0] && (!best || r->new_us > best->new_us))
                        best = r;
        }
        return best;
}

static void show(struct table *t, const struct table *before)
{
        uint64_t passed = t->time_us - before->time_us, busy = 0;
        unsigned rows = serial_size() >> 16, shown = 0;
        struct row *r;

        for (unsigned i = 0; i < t->count; i++)
                busy += t->row[i].new_us;
        passed = passed ? passed : 1;
        serial_print("%s%lu threads, %lu%% busy in the last %lu ms\n", rows ? "\033[H\033[J" : "",
                     (unsigned long)t->count, busy * 100 / passed, passed / 1000);
        serial_print("%s%5s %-16s %-8s %s%6s %8s %8s %12s%s\n", colour(BOLD), "PID", "NAME", "STATE",
                     t->has_cores ? "CORE " : "", "CPU %", "CALLS", "FAULTS", "USED ms", colour(PLAIN));
        rows = rows > 3 ? rows - 3 : ROWS_MAX;
        for (; shown < rows && (r = take_busiest(t)) != NULL; shown++) {
                serial_print("%5lu %-16s %-8s ", r->pid, r->name, r->state);
                if (t->has_cores)
                        serial_print("%4s ", r->core);
                serial_print("%4lu.%lu %8lu %8lu %8lu.%03lu\n", r->new_us * 100 / passed,
                             r->new_us * 1000 / passed % 10, r->new_calls, r->new_faults, r->used_us / 1000,
                             r->used_us % 1000);
                r->name[0] = '\0';
        }
}

/* Waits a second, unless a key ends it. */
static bool wait_round(bool keys)
{
        char key;

        for (int i = 0; i < ROUND_MS / LOOK_MS; i++) {
                sos_sleep(LOOK_MS * 1000);
                if (keys && serial_take(&key, 1) > 0 && (key == 'q' || key == CTRL_C))
                        return false;
        }
        return true;
}

/* On a terminal until q, elsewhere once; or the given number of times. */
void run_top(int count, char **word)
{
        static struct table table[2], kept;
        bool keys = has_terminal();
        uint64_t rounds = keys ? ~0ull : 1;

        if (count > 1 && (!text_number(word[1], &rounds) || rounds == 0)) {
                usage("top");
                return;
        }
        if (keys)
                serial_raw(true);
        read_table(&table[0]);
        for (unsigned i = 1; rounds > 0 && wait_round(keys); i++, rounds--) {
                struct table *now = &table[i % 2], *before = &table[(i + 1) % 2];

                read_table(now);
                compare(now, before);
                kept = *now;
                show(now, before);
                *now = kept;
        }
        if (keys)
                serial_raw(false);
}
